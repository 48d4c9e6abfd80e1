"""The ISU's match desk: what nobody carries, and where the register has nobody to suggest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event

from partnerships.core.actor import Role
from partnerships.core.db import utcnow
from partnerships.suggestions import view


def sections(client, query: str = "") -> dict[str, str]:
    """The page's sections by their anchors, and its head as ""."""
    answer = client.get(f"/suggestions/desk{query}")
    assert answer.status_code == 200
    head, *rest = answer.get_data(as_text=True).split('<section class="section" id="')
    return {"": " ".join(head.split()), **{one.partition('"')[0]: " ".join(one.split()) for one in rest}}


@pytest.fixture
def strong(monkeypatch):
    """Only a standing offer that fits makes a strong partner."""
    monkeypatch.setattr(view, "STRONG", 45.0)


def test_a_strong_pair_waits_until_somebody_writes(make, sign_in, strong):
    make.offer("NOR")
    need = make.need("KHM")
    isu = sign_in(Role.ISU_OFFICER)
    before = sections(isu)
    assert need.title in before["unowned"] and "Norway" in before["unowned"]
    assert "that nobody has written to: 1" in before["unowned"]
    assert f'href="/matches/share/{need.ref}/NOR"' in before["unowned"] and "points. " in before["unowned"]
    assert "Cambodia" in before["silent"] and "no conversation: 1" in before["silent"]
    make.match(need, "NOR")
    after = sections(isu)
    assert need.title not in after["unowned"] and "Every need with a strong partner has a conversation" in after["unowned"]
    assert "no conversation: 0" in after["silent"]


def test_a_conversation_with_somebody_else_leaves_the_strong_pair_alone(make, sign_in, strong):
    make.offer("NOR")
    need = make.need("KHM")
    make.match(need, "GICHD")
    found = sections(sign_in(Role.ISU_OFFICER))
    assert need.title in found["unowned"] and "Cambodia" not in found["silent"]


def test_a_need_without_a_strong_partner_shows_what_keeps_partners_out(make, sign_in, monkeypatch):
    monkeypatch.setattr(view, "STRONG", 99.0)
    need = make.need("KHM")
    weak = sections(sign_in(Role.ISU_OFFICER))["weak"]
    assert need.title in weak and "without a strong partner: 1" in weak
    assert "partners: The register holds nothing about what it gives" in weak and "points" in weak


def test_states_that_ask_for_nothing(make, sign_in):
    isu = sign_in(Role.ISU_OFFICER)
    assert "Serbia" in sections(isu)["without"]
    make.need("SRB")
    found = sections(isu)
    assert "Serbia" not in found["without"] and "Serbia" in found["silent"]


def test_filters_and_order(make, sign_in, monkeypatch):
    monkeypatch.setattr(view, "STRONG", 1.0)
    with time_machine.travel(utcnow() - timedelta(days=40), tick=True):
        old = make.need("KHM")
    near = make.need("AGO", theme="risk-education", deadline=(utcnow() + timedelta(days=9)).date())
    isu = sign_in(Role.ISU_OFFICER)
    everything = sections(isu)
    assert "All 2 open needs are looked at." in everything[""]
    assert everything["unowned"].index(near.ref) < everything["unowned"].index(old.ref)
    for query, left, gone in (("?age=30", old, near), ("?region=002", near, old), ("?theme=risk-education", near, old)):
        found = sections(isu, query)
        assert left.ref in found["unowned"] and gone.ref not in found["unowned"], query
        assert "Looking at 1 of 2 open needs; one is left out by your filters." in found[""]
    none = sections(isu, "?age=180")
    assert "No open need passes these filters." in none["unowned"] and "Looking at 0 of 2 open needs; 2 are left out" in none[""]
    assert "Serbia" not in sections(isu, "?region=002")["without"]
    assert "Choose one of the list." in sections(isu, "?age=tomorrow&theme=%00")[""]


def test_a_cut_list_says_so(make, sign_in, monkeypatch):
    monkeypatch.setattr(view, "SHOWN", 1)
    monkeypatch.setattr(view, "STRONG", 1.0)
    make.need("KHM")
    make.need("AGO")
    assert "The first 1 of 2 are shown." in sections(sign_in(Role.ISU_OFFICER))["unowned"]


def test_an_empty_desk(sign_in):
    found = sections(sign_in(Role.ISU_ADMINISTRATOR))
    assert "No need is open at the moment." in found["unowned"] and "No open need is looked at." in found["weak"]


def test_more_needs_ask_no_more_queries(app, make, sign_in, monkeypatch):
    client = sign_in(Role.ISU_OFFICER)
    make.offer("NOR")
    asked: list[str] = []
    event.listen(app.extensions["database"], "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = []
    for _ in range(2):
        for _ in range(3):
            make.need("KHM")
            make.need("YEM", theme="victim-assistance")
        monkeypatch.setattr(view, "STRONG", 30.0)
        client.get("/suggestions/desk")  # fits the engine anew, since something was recorded
        asked.clear()
        client.get("/suggestions/desk")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 30


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER, Role.COMMITTEE_MEMBER])
def test_it_is_the_isus(sign_in, role):
    assert sign_in(role).get("/suggestions/desk").status_code == 403


def test_a_visitor_signs_in_first(visitor):
    assert "/accounts/sign-in" in visitor.get("/suggestions/desk").location


def test_a_need_published_long_ago_is_old(make, sign_in):
    with time_machine.travel(datetime(2026, 1, 5, tzinfo=UTC), tick=True):
        need = make.need("KHM")
        isu = make.account(Role.ISU_OFFICER)
    with time_machine.travel(datetime(2026, 7, 10, tzinfo=UTC), tick=True):
        text = "".join(sections(sign_in(isu), "?age=180").values())
        assert need.ref in text and "5 January 2026" in text
