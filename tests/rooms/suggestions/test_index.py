"""The page of suggestions: needs that fit a partner, partners for the needs of a State."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event

from partnerships.core.actor import Role
from partnerships.core.db import db, utcnow
from partnerships.parties import service as parties
from partnerships.suggestions import view


def page(client, query: str = "") -> str:
    answer = client.get(f"/suggestions/{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def listed(text: str) -> list[str]:
    """The references of the ranked rows, in order."""
    return re.findall(r'<li class="record record-split" id="([^"]+)"', text)


def test_a_partner_sees_what_fits_it_and_why(make, sign_in):
    fits, other = make.need("KHM"), make.need("AGO", title="A second need")
    make.offer("NOR")
    text = page(sign_in(Role.DONOR_OFFICER))
    assert set(listed(text)) == {fits.ref, other.ref}
    assert "Needs that fit Norway" in text and "All 2 that fit, best first." in text
    assert "Names survey" in text or "standing offer NOR-OFFER" in text
    assert f'href="/needs/{fits.ref}/why/NOR"' in text and "open of" in text and "Deadline:" in text
    assert "New since your last visit" not in text and "last visit" not in text  # the first visit: nothing to compare with


def test_an_organisation_has_the_same_page(make, sign_in):
    make.offer("GICHD", kinds=("training",))
    need = make.need("KHM", kinds=("training",))
    assert listed(page(sign_in(Role.ORGANISATION_OFFICER))) == [need.ref]


@pytest.mark.parametrize("role", [Role.ISU_OFFICER, Role.COMMITTEE_MEMBER])
def test_who_has_no_such_page(sign_in, role):
    assert sign_in(role).get("/suggestions/").status_code == 403


def test_a_visitor_signs_in_first(visitor):
    assert "/accounts/sign-in" in visitor.get("/suggestions/").location


def test_filters_say_what_they_leave_out(make, sign_in):
    make.offer("NOR", themes=(), kinds=(), regions=())
    asia, africa = make.need("KHM"), make.need("AGO")
    victims = make.need("KHM", theme="victim-assistance", kinds=("training",))
    client = sign_in(Role.DONOR_OFFICER)
    for query, left in (("?theme=victim-assistance", {victims.ref}), ("?region=142", {asia.ref, victims.ref}),
                        ("?region=017", {africa.ref}), ("?kind=training", {victims.ref})):
        text = page(client, query)
        assert set(listed(text)) == left, query
        assert f"Showing {len(left)} of 3; {'one is' if len(left) == 2 else '2 are'} left out by your filters." in text
        assert "Clear filters" in text
    none = page(client, "?theme=risk-education")
    assert not listed(none) and "Showing 0 of 3; 3 are left out" in none and "None of the needs that fit you" in none


def test_a_filter_that_cannot_be_read_is_left_out_and_said(make, sign_in):
    make.offer("NOR")
    make.need("KHM")
    text = page(sign_in(Role.DONOR_OFFICER), "?theme=no-such&off=nonsense&new=x")
    assert len(listed(text)) in (0, 1) and "Choose one of the list." in text


def test_filters_look_beyond_the_first_page(make, sign_in, monkeypatch):
    monkeypatch.setattr(view, "SHOWN", 2)
    make.offer("NOR")
    for party in ("KHM", "LAO", "THA"):
        make.need(party)
    far = make.need("AGO", theme="risk-education")
    client = sign_in(Role.DONOR_OFFICER)
    first = page(client)
    assert far.ref not in listed(first) and "The first 2 of 4 that fit, best first." in first
    assert listed(page(client, "?theme=risk-education")) == [far.ref]
    more = page(client, "?theme=survey-clearance")
    assert "Showing 2 of 4; one is left out by your filters. One more passes them and ranks lower." in " ".join(more.split())


def test_variety_holds_back_and_says_so(make, sign_in, monkeypatch):
    monkeypatch.setattr(view, "SHOWN", 4)
    make.offer("NOR")
    for _number in range(4):
        make.need("KHM")
    for party in ("LAO", "THA", "VNM"):
        make.need(party)
    text = page(sign_in(Role.DONOR_OFFICER))
    assert len([ref for ref in listed(text) if ref.startswith("KHM")]) == 2 and len(listed(text)) == 4
    assert "2 more needs of Cambodia score as high." in text and 'href="/parties/KHM#needs"' in text


def test_variety_never_leaves_a_list_short(make, sign_in, monkeypatch):
    monkeypatch.setattr(view, "SHOWN", 4)
    make.offer("NOR")
    for _number in range(4):
        make.need("KHM")
    make.need("AGO", theme="risk-education")
    refs = listed(page(sign_in(Role.DONOR_OFFICER)))
    assert len(refs) == 4 and sum(ref.startswith("KHM") for ref in refs) == 3


def test_urgency_and_few_donors_can_be_left_out(make, sign_in):
    make.offer("NOR")
    need = make.need("KHM", deadline=(utcnow() + timedelta(days=30)).date())
    client = sign_in(Role.DONOR_OFFICER)

    def score(text: str) -> float:
        return float(re.search(r"Fit ([\d.]+) points", text)[1])  # type: ignore[index]

    with_it, without = page(client), page(client, "?off=1")
    assert listed(with_it) == listed(without) == [need.ref]
    assert score(with_it) > score(without)
    assert "They can be left out above." in with_it and "The points leave out how near a deadline is" in without
    assert "are left out by your filters" not in without


def test_new_since_the_last_visit(make, sign_in):
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=True):
        make.offer("NOR")
        old, person = make.need("KHM"), make.account(Role.DONOR_OFFICER, "NOR")
        assert "New since" not in page(sign_in(person))
    with time_machine.travel(datetime(2026, 3, 9, 9, tzinfo=UTC), tick=True):
        new = make.need("KHM")
    with time_machine.travel(datetime(2026, 3, 10, 9, tzinfo=UTC), tick=True):
        client = sign_in(person)
        text = page(client)
        assert set(listed(text)) == {old.ref, new.ref}
        assert text.count("New since your last visit on 2 March 2026") == 1
        only = page(client, "?new=y")
        assert listed(only) == [new.ref] and "Showing 1 of 2; one is left out by your filters." in only


def test_an_empty_page_says_what_to_do(make, sign_in):
    text = page(sign_in(Role.DONOR_OFFICER, "AND"))
    assert "No open need fits what the register knows of you" in text
    assert 'href="/parties/AND/priorities"' in text and 'href="/offers/new"' in text


def test_a_state_that_is_excluded_is_not_suggested_to_the_partner(make, sign_in):
    make.offer("NOR")
    make.need("KHM")
    kept = make.need("LAO")
    parties.state_priorities(make.actor(Role.DONOR_OFFICER), make.party("NOR"), {"excluded_countries": ("KHM",)})
    db.session.commit()
    assert listed(page(sign_in(Role.DONOR_OFFICER))) == [kept.ref]


def test_a_partner_that_is_excluded_does_not_get_the_need(make, sign_in):
    make.offer("NOR")
    make.offer("JPN")
    need = make.need("KHM", excluded_partners=("NOR",))
    assert listed(page(sign_in(Role.DONOR_OFFICER))) == []
    assert listed(page(sign_in(Role.DONOR_OFFICER, "JPN"))) == [need.ref]


def test_a_focal_point_sees_partners_for_its_own_open_needs(make, sign_in):
    make.offer("NOR")
    own, other = make.need("KHM"), make.need("AGO")
    text = page(sign_in(Role.FOCAL_POINT))
    assert "Partners for your needs" in text and f'id="{own.ref}"' in text and other.ref not in text
    assert "Norway" in text and f'href="/matches/share/{own.ref}/NOR"' in text and f'href="/needs/{own.ref}/why/NOR"' in text
    assert text.count('<li class="record">') == 3


def test_a_focal_point_without_an_open_need_is_told_what_to_do(sign_in):
    assert "Your State has no open need on the register." in page(sign_in(Role.FOCAL_POINT))


def test_a_state_cut_to_the_nearest_deadlines(make, sign_in, monkeypatch):
    monkeypatch.setattr(view, "SHOWN", 1)
    make.need("KHM")
    near = make.need("KHM", deadline=(utcnow() + timedelta(days=20)).date())
    text = page(sign_in(Role.FOCAL_POINT))
    assert "The 1 of 2 open needs with the nearest deadlines." in text and f'id="{near.ref}"' in text


@pytest.mark.parametrize("role", [Role.DONOR_OFFICER, Role.FOCAL_POINT])
def test_more_needs_ask_no_more_queries(app, make, sign_in, role):
    make.offer("NOR")
    client = sign_in(role)
    asked: list[str] = []
    event.listen(app.extensions["database"], "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = []
    for _ in range(2):
        for _ in range(3):
            make.need("KHM")
            make.need("AGO")
        page(client)  # fits the engine anew, since something was recorded
        asked.clear()
        page(client)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 20


def test_the_desk_and_the_list_of_needs_lead_here(make, sign_in):
    make.offer("NOR")
    make.need("KHM")
    for role, where in ((Role.DONOR_OFFICER, "/desk/"), (Role.DONOR_OFFICER, "/needs/"), (Role.FOCAL_POINT, "/desk/")):
        assert 'href="/suggestions/"' in sign_in(role).get(where).get_data(as_text=True), (role, where)
    assert 'href="/suggestions/desk"' in sign_in(Role.ISU_OFFICER).get("/desk/").get_data(as_text=True)
