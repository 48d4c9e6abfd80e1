"""The coach beside the form and on the need's page: what is typed counts, similar needs teach, others see nothing of it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from sqlalchemy import event

from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import current_engine, db
from partnerships.core.visibility import Visibility
from partnerships.needs import content, service
from partnerships.needs.coach import review
from partnerships.needs.models import CostLine
from partnerships.needs.states import CostKind, NeedStatus

YEAR = date.today().year + 1


def text_of(answer) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def points(text: str) -> int:
    return int(re.search(r"<strong>(\d+) of 100\.</strong>", text).group(1))


def test_a_fresh_form_is_coached_and_says_what_each_is_worth(sign_in):
    text = text_of(sign_in(Role.FOCAL_POINT).get("/needs/new"))
    assert 0 < points(text) < 20
    assert "Without yearly amounts, donors that give several years cannot plan." in text and "8 points" in text
    worth = [int(one) for one in re.findall(r'<span class="muted">(\d+) points?</span>', text)]
    assert sum(worth) == 100


def test_a_kept_draft_is_coached_by_what_is_kept(sign_in, make):
    need = make.need(status=NeedStatus.DRAFT)
    state = sign_in(Role.FOCAL_POINT)
    expected = review(content.snapshot(need)).points
    assert points(text_of(state.get(f"/needs/{need.ref}/edit"))) == points(text_of(state.get(f"/needs/{need.ref}"))) == expected


def test_after_a_refusal_the_coach_reads_what_was_typed(sign_in):
    state = sign_in(Role.FOCAL_POINT)
    bare = points(text_of(state.post("/needs/new", data={"submit": "1"})))
    answer = state.post("/needs/new", data={
        "submit": "1", "title": "Clear 3 areas", "place": "Bavel", "theme": "survey-clearance", "kinds": "money",
        "years-0-year": str(YEAR), "years-0-amount": "1000", "years-1-year": str(YEAR + 1), "years-1-amount": "900"})
    assert answer.status_code == 422
    assert points(text_of(answer)) == bare + sum((5, 4, 2, 8, 5))  # title, place, theme, amounts, years


def test_a_hostile_form_is_coached_too(sign_in):
    state = sign_in(Role.FOCAL_POINT)
    answer = state.post("/needs/new", data={
        "submit": "1", "title": "\x00\u202e" * 9, "serves": "o:x:5", "theme": "forged", "visibility": "everybody",
        "currency": "ZZZ", "language": "xx", "deadline": "0000-99-99", "valid_until": "9999-12-31", "kinds": "' OR 1",
        "years-0-year": "9" * 30, "years-0-amount": "1e400", "years-0-national_share": "-5"})
    assert answer.status_code == 422 and 0 <= points(text_of(answer)) < 20


def test_it_stands_on_the_page_for_its_state_and_the_isu_only(sign_in, make, visitor):
    need = make.need()
    for client in (sign_in(Role.FOCAL_POINT), sign_in(Role.ISU_OFFICER)):
        assert "How complete it is" in text_of(client.get(f"/needs/{need.ref}"))
    for client in (visitor, sign_in(Role.DONOR_OFFICER), sign_in(Role.COMMITTEE_MEMBER), sign_in(Role.FOCAL_POINT, "AGO")):
        assert "How complete it is" not in text_of(client.get(f"/needs/{need.ref}"))
    service.close(need, "met", SYSTEM, outcome="Done.")
    db.session.commit()
    assert "How complete it is" not in text_of(sign_in(Role.ISU_OFFICER).get(f"/needs/{need.ref}"))


def supported(make, party: str, **values):
    """A need that was met, with a cost per year and a plan."""
    need = make.need(party, plan_title="Work plan 2026", **values)
    need.costs = [CostLine(year=YEAR, kind=CostKind.STAFF, amount=Decimal(1_000_000))]
    service.close(need, "met", SYSTEM, outcome="Cleared.", supporters=["NOR"])
    db.session.commit()
    return need


def test_similar_needs_that_found_support_teach(sign_in, make):
    own = make.need(status=NeedStatus.DRAFT)
    make.need("LAO")
    state = sign_in(Role.FOCAL_POINT)
    make.need("ZWE", theme="risk-education", title="Clear confirmed hazardous areas")  # alike in words, of another area
    assert "One similar need is on record. None has found support on record yet." in text_of(state.get(f"/needs/{own.ref}/edit"))
    met = [supported(make, "AGO"), supported(make, "COL")]
    text = text_of(state.get(f"/needs/{own.ref}/edit"))
    assert ("3 similar needs are on record. The 2 that found support gave a cost per year and kind and the plan it comes from; "
            "this need does not yet.") in text
    for one in met:
        assert f'href="/needs/{one.ref}">{one.title}</a>' in text
    assert text.count(", found support)") == 2


def test_what_a_similar_need_hides_teaches_nobody(sign_in, make):
    own = make.need(status=NeedStatus.DRAFT)
    supported(make, "AGO", amounts_visibility=Visibility.PARTIES)
    hidden = supported(make, "COL", visibility=Visibility.PARTIES)
    text = text_of(sign_in(Role.FOCAL_POINT).get(f"/needs/{own.ref}/edit"))
    assert "One similar need is on record. The one that found support gave the plan it comes from; this need does not yet." in text
    assert hidden.title not in text


def test_as_many_queries_with_many_similar_needs_as_with_few(sign_in, make):
    own, state = make.need(status=NeedStatus.DRAFT), sign_in(Role.FOCAL_POINT)
    for ref in ("AGO", "COL", "LAO"):
        supported(make, ref)
    counted: list[str] = []
    event.listen(current_engine(), "before_cursor_execute", lambda *args: counted.append(args[2]))

    def count() -> int:
        state.get(f"/needs/{own.ref}/edit")  # what the engine keeps is made first
        counted.clear()
        assert "3 similar needs" in text_of(state.get(f"/needs/{own.ref}/edit"))
        return len(counted)

    few = count()
    for ref in ("TCD", "ZWE", "LKA", "BIH"):
        supported(make, ref)
    assert count() == few
