"""A donor's profile: typical amount, channels and budget calendar, and what a State is told of them beside a suggestion."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from partnerships.core.actor import PUBLIC, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.parties import service
from partnerships.parties.calendar import next_decision, next_words
from partnerships.parties.models import Priorities
from partnerships.suggestions import engine

WHERE = "/parties/NOR/priorities"
GOOD = {"currency": "NOK", "visibility": "public", "amount_typical": "15 000 000", "channels": ["un", "ngos"],
        "budget_month": "4", "decision_months": ["09", "03"], "budget_note": "Two months before a decision."}


def stated() -> Priorities | None:
    db.session.expire_all()
    return db.session.scalars(select(Priorities)).one_or_none()


def state(make, party="NOR", **values):
    service.state_priorities(make.actor(Role.DONOR_OFFICER, party), make.party(party), values)
    db.session.commit()


def in_months(count: int) -> str:
    return f"{(date.today().month - 1 + count) % 12 + 1:02}"


@pytest.mark.parametrize(("today", "months", "first"), [
    (date(2026, 11, 22), ("03", "09"), date(2027, 3, 1)), (date(2026, 3, 1), ("03", "09"), date(2026, 3, 1)),
    (date(2026, 3, 31), ("03",), date(2026, 3, 1)), (date(2026, 4, 1), ("03",), date(2027, 3, 1)),
    (date(2026, 4, 1), ("09", "12"), date(2026, 9, 1)), (date(2026, 12, 31), ("12", "01"), date(2026, 12, 1)),
    (date(2026, 4, 1), (), None),
])
def test_the_next_month_of_decision(today, months, first):
    assert next_decision(months, today) == first


def test_the_next_month_in_words(app):
    with app.test_request_context():
        assert next_words(("03",), date(2026, 11, 22)) == "March 2027" and next_words((), date(2026, 11, 22)) == ""


def test_one_page_states_it_all_and_shows_it(sign_in, visitor):
    client = sign_in(Role.DONOR_OFFICER)
    assert client.post(WHERE, data=GOOD).status_code == 303
    kept = stated()
    assert (kept.amount_typical, kept.channels) == (Decimal(15_000_000), ("ngos", "un"))
    assert (kept.budget_month, kept.decision_months) == (4, ("03", "09"))
    page = visitor.get("/parties/NOR").get_data(as_text=True)
    assert "typically" in page and "15\u202f000\u202f000" in page and "Non-governmental organisations" in page
    assert "Two months before a decision." in page and page.count(">decides<") == 2 and page.count("year begins") == 1
    calendar = page[page.index('class="months"'):page.index("Two months before")]
    assert calendar.index("April") < calendar.index("September") < calendar.index("March")
    sent = client.fields(WHERE)
    assert (sent["budget_month"], sent["decision_months"], sent["channels"]) == ("4", ["03", "09"], ["un", "ngos"])
    client.post(WHERE, data={**sent, "budget_month": "1", "decision_months": ["06"]})
    told = client.get("/parties/NOR").get_data(as_text=True)
    assert "Budget year begins in" in told and "Months of decision" in told and "March, September" in told


def test_what_was_kept_stays_when_the_page_is_sent_unchanged(sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    client.post(WHERE, data={**GOOD, "excluded_countries": ["KHM"]})
    before = stated().version
    client.post(WHERE, data=client.fields(WHERE))
    assert stated().version == before and stated().excluded_countries == ("KHM",)


@pytest.mark.parametrize(("bad", "words"), [
    ({"amount_typical": "1.234"}, "fewer decimals"), ({"amount_typical": "-1"}, "cannot be negative"),
    ({"amount_typical": "5", "amount_min": "10"}, "between the smallest and the largest"),
    ({"amount_typical": "50", "amount_max": "10"}, "between the smallest and the largest"),
    ({"amount_typical": "9" * 40}, "more than any mine action budget"),
    ({"channels": ["pigeon"]}, "Choose from the list"), ({"budget_month": "13"}, "Choose one of the list"),
    ({"budget_month": "\u0664"}, "Choose one of the list"), ({"decision_months": ["3"]}, "Choose from the list"),
    ({"budget_note": "x" * 1001}, "at most 1000"),
])
def test_bad_input_is_said_in_words(sign_in, bad, words):
    answer = sign_in(Role.DONOR_OFFICER).post(WHERE, data={**GOOD, "statement": "Stays here", **bad})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text and "Stays here" in text and stated() is None


def test_two_people_read_months_and_channels_in_words(sign_in):
    one, two = sign_in(Role.DONOR_OFFICER), sign_in(Role.DONOR_OFFICER)
    one.post(WHERE, data=GOOD)
    first, second = one.fields(WHERE), two.fields(WHERE)
    one.post(WHERE, data={**first, "decision_months": ["06"], "channels": ["bilateral"], "budget_month": "7"})
    text = two.post(WHERE, data={**second, "decision_months": ["10"]}).get_data(as_text=True)
    assert "October" in text and "June" in text and "Directly, State to State" in text and "July" in text


def test_the_next_decisions_stand_beside_the_suggestion_and_give_no_points(make, visitor):
    need = make.need("KHM")
    state(make, themes=("survey-clearance",), visibility=Visibility.PUBLIC)
    before = engine.answer(PUBLIC, need, make.party("NOR"))
    state(make, decision_months=(in_months(3),))
    first = next_decision((in_months(3),), date.today())
    words = f"Next decisions: {first.strftime('%B')} {first.year}."
    assert engine.answer(PUBLIC, need, make.party("NOR")) == before
    why = visitor.get(f"/needs/{need.ref}/why/NOR").get_data(as_text=True)
    assert words in why and "It gives no points" in why
    assert words in visitor.get(f"/needs/{need.ref}").get_data(as_text=True)


def test_channels_that_do_not_meet_are_said(make, visitor):
    need = make.need("KHM", channels=("bilateral",))
    state(make, themes=("survey-clearance",), channels=("un",))
    where, words = f"/needs/{need.ref}/why/NOR", "Channels differ: it gives through United Nations system; this need asks for"
    assert f"{words} Directly, State to State." in visitor.get(where).get_data(as_text=True)
    state(make, channels=("un", "bilateral"))
    assert "Channels differ" not in visitor.get(where).get_data(as_text=True)
    state(make, channels=())
    assert "Channels differ" not in visitor.get(where).get_data(as_text=True)


@pytest.mark.parametrize(("level", "seen_by"), [
    (Visibility.STATES_PARTIES, {"khm", "isu", "own"}), (Visibility.ISU, {"isu", "own"})])
def test_hints_and_profile_are_for_those_they_are_meant_for(make, sign_in, visitor, level, seen_by):
    need = make.need("KHM", channels=("bilateral",))
    make.offer("NOR")
    state(make, visibility=level, channels=("un",), decision_months=(in_months(2),), budget_note="Between us",
          amount_typical=Decimal(1_000_000))
    clients = {"visitor": visitor, "khm": sign_in(Role.FOCAL_POINT, "KHM"), "eu": sign_in(Role.DONOR_OFFICER, "EU"),
               "isu": sign_in(Role.ISU_OFFICER), "own": sign_in(Role.DONOR_OFFICER)}
    for url, words in ((f"/needs/{need.ref}/why/NOR", ("Next decisions", "Channels differ")),
                       ("/parties/NOR", ("Between us", "Next decisions", "typically"))):
        pages = {who: client.get(url).get_data(as_text=True) for who, client in clients.items()}
        for one in words:
            assert {who for who, page in pages.items() if one in page} == seen_by, (url, one)


def sizes(need, party) -> dict[str, float]:
    return {term.key: term.value for term in engine.answer(PUBLIC, need, party).terms if term.key.startswith("size-")}


def test_a_typical_amount_is_the_reference_of_size_where_no_range_is_stated(make):
    party = make.party("AUT")
    needs = {size: make.need("KHM", currency="USD", amounts=[(date.today().year + 1, date.today().year + 1, Decimal(size),
                                                            Decimal(0))]) for size in (10_000, 1_000_000)}
    make.offer("AUT")
    state(make, "AUT", currency="USD", amount_typical=Decimal(1_000_000), visibility=Visibility.PUBLIC)
    assert sizes(needs[1_000_000], party)["size-fits"] == pytest.approx(1.0)
    small = sizes(needs[10_000], party)
    assert small.get("size-fits", 0) < 0.5 and "size-differs" not in small  # typical is no least amount: no brake
    state(make, "AUT", amount_min=Decimal(5_000))
    assert sizes(needs[10_000], party)["size-fits"] == pytest.approx(1.0)  # the stated range goes first
