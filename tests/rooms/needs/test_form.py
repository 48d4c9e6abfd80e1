"""Posting a need: the short form, drafts, bad input."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus

YEAR = date.today().year + 1
GOOD = {
    "title": "Clear 1.2 square kilometres in Bavel", "summary": "Clearance of confirmed hazardous areas.",
    "theme": "survey-clearance", "kinds": ["money", "training"], "place": "Bavel district", "serves": "a:5",
    "currency": "USD", "years-0-year": str(YEAR), "years-0-amount": "1 200 000", "years-0-national_share": "200,000",
    "years-1-year": "", "years-1-amount": "", "years-1-national_share": "", "beneficiaries": "4 200 people",
    "language": "en", "contact_name": "Authority", "contact_email": "contact@authority.example",
    "valid_until": f"{YEAR}-12-31", "visibility": "public",
}


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Need).where(Need.origin == "posted")) or 0


def only() -> Need:
    return db.session.scalars(select(Need).where(Need.origin == "posted")).one()


def test_submits_a_need_with_all_its_parts(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    answer = client.post("/needs/new", data={**GOOD, "submit": "1"})
    assert answer.status_code == 303
    need = only()
    assert need.status is NeedStatus.SUBMITTED and need.ref == "KHM-DRAFT-01"
    assert need.kinds == ("money", "training") and need.article == "5"
    assert (need.asked, need.national_share) == (Decimal(1_200_000), Decimal(200_000))
    assert need.valid_until == date(YEAR, 12, 31)
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Waiting for verification" in page and "submitted for verification" in page


def test_keeps_a_draft_with_almost_nothing(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    answer = client.post("/needs/new", data={"title": "Half a thought", "save": "1", "visibility": "public"})
    assert answer.status_code == 303
    assert only().status is NeedStatus.DRAFT
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Draft saved at" in page and "Half a thought" in page


def test_a_need_that_asks_for_no_money_needs_no_amount(sign_in, make):
    need = make.need(status=NeedStatus.DRAFT, kinds=("expertise",), amounts=[])
    assert sign_in(Role.FOCAL_POINT).post(f"/needs/{need.ref}/move/submitted").status_code == 303
    assert only().status is NeedStatus.SUBMITTED


def test_submitting_a_draft_later_says_what_it_lacks(sign_in, make):
    need = make.need(status=NeedStatus.DRAFT, place="", kinds=(), amounts=[])
    client = sign_in(Role.FOCAL_POINT)
    answer = client.post(f"/needs/{need.ref}/move/submitted")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "a kind of assistance" in text and "a place" in text and "an amount for at least one year" in text


@pytest.mark.parametrize(("field", "value", "words"), [
    ("years-0-amount", "-5", "cannot be negative"),
    ("years-0-amount", "9" * 15, "number of zeros"),
    ("years-0-amount", "a lot", "in figures"),
    ("years-0-amount", "12.345", "fewer decimals"),
    ("years-0-national_share", "2000000", "cannot be more"),
    ("years-0-year", "1850", "between 2000 and 2060"),
    ("years-0-year", "next", "valid integer"),
    ("currency", "XXX", "Choose one of the list"),
    ("theme", "everything", "Choose one of the list"),
    ("kinds", ["gold"], "Choose from the list"),
    ("serves", "a:99", "Choose one of the list"),
    ("valid_until", "2020-01-01", "has passed"),
    ("valid_until", "31/12/2030", "year-month-day"),
    ("valid_until", "9999-12-31", "between 1997 and 2100"),
    ("deadline", "2019-01-01", "has passed"),
    ("contact_email", "not an address", "does not look like"),
    ("title", "x" * 161, "at most 160 characters"),
    ("summary", "x" * 100_000, "at most 3000 characters"),
    ("title", "Clear \u202earea", "direction-override"),
    ("title", "Clear\x00 area", "control"),
    ("visibility", "everyone", "Not a valid choice"),
])
def test_bad_input_gets_words_keeps_what_was_typed_and_changes_nothing(sign_in, field, value, words):
    client = sign_in(Role.FOCAL_POINT)
    answer = client.post("/needs/new", data={**GOOD, "submit": "1", field: value})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in text
    assert GOOD["contact_name"] in text
    if isinstance(value, str) and len(value) < 30 and field not in ("theme", "serves", "currency", "visibility", "title"):
        assert value in text, "what was typed is kept"
    assert count() == 0


def test_the_same_year_twice_is_refused(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    answer = client.post("/needs/new", data={**GOOD, "submit": "1", "years-1-year": str(YEAR), "years-1-amount": "5"})
    assert answer.status_code == 422 and "already given above" in answer.get_data(as_text=True)
    assert '<a href="#years-1-year">Year: This year is already given above.</a>' in answer.get_data(as_text=True)


def test_the_list_of_errors_names_each_row_in_words(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    text = client.post("/needs/new", data={**GOOD, "submit": "1", "years-0-amount": "a lot"}).get_data(as_text=True)
    listed = text[text.index('id="error-summary"'):text.index("data-warn-unsaved")]
    assert '<a href="#years-0-amount">Amount needed: Write the amount in figures' in listed
    assert "{" not in listed and "Years:" not in listed


def test_markup_is_shown_as_text(sign_in, make):
    client = sign_in(Role.FOCAL_POINT)
    where = client.post("/needs/new", data={**GOOD, "title": "<script>alert(1)</script>", "submit": "1"}).headers["Location"]
    page = client.get(where).get_data(as_text=True)
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_amounts_may_use_the_digits_of_any_script(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    client.post("/needs/new", data={**GOOD, "years-0-amount": "١٢٣٤٥٦", "years-0-national_share": "", "submit": "1"})
    assert only().asked == Decimal(123456)


def test_a_double_click_makes_one_need(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    first = client.post("/needs/new", data={**GOOD, "once": "the-same-key", "submit": "1"})
    second = client.post("/needs/new", data={**GOOD, "once": "the-same-key", "submit": "1"})
    assert count() == 1
    assert first.headers["Location"] == second.headers["Location"]


def test_one_more_year_without_javascript(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    answer = client.post("/needs/new", data={**GOOD, "years-2-year": str(YEAR + 2), "add_year": "1"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200 and 'name="years-3-year"' in text and count() == 0


def test_the_form_is_filled_with_what_the_register_knows(sign_in, make):
    account = make.account(Role.FOCAL_POINT, "AGO")
    text = sign_in(account).get("/needs/new").get_data(as_text=True)
    assert account.email in text and '<option selected value="pt">' in text


def test_editing_a_draft_records_what_changed(sign_in, make):
    account = make.account(Role.FOCAL_POINT)
    client = sign_in(account)
    where = client.post("/needs/new", data={**GOOD, "save": "1"}).headers["Location"]
    fields = client.fields(where)
    assert fields["title"] == GOOD["title"] and fields["years-0-amount"] in ("1200000", "1200000.000")
    fields.update(title="A better title")
    assert client.post(where, data={**fields, "save": "1"}).status_code == 303
    page = client.get(f"/needs/{only().ref}").get_data(as_text=True)
    assert "A better title" in page and "changed by the State" in page


def test_two_people_editing_never_lose_each_others_work(sign_in, make):
    need = make.need(status=NeedStatus.DRAFT)
    one, two = sign_in(Role.FOCAL_POINT), sign_in(Role.FOCAL_POINT)
    opened = one.fields(f"/needs/{need.ref}/edit")
    theirs = two.fields(f"/needs/{need.ref}/edit")
    assert two.post(f"/needs/{need.ref}/edit", data={**theirs, "title": "Theirs", "save": "1"}).status_code == 303
    answer = one.post(f"/needs/{need.ref}/edit", data={**opened, "title": "Mine", "save": "1"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Mine" in text and "Theirs" in text
    assert db.session.get_one(Need, need.id).title == "Theirs"


def test_a_stale_form_is_refused_with_words(sign_in, make):
    client = sign_in(Role.FOCAL_POINT)
    answer = client.post("/needs/new", data={**GOOD, "submit": "1", "csrf_token": "old"}, csrf=False)
    assert answer.status_code == 422 and "open too long" in answer.get_data(as_text=True) and count() == 0


def test_the_deadline_comes_from_the_obligation(sign_in, make):
    from partnerships.parties.models import Obligation

    day = date.today() + timedelta(days=300)
    party = make.party("KHM")
    row = Obligation(party_id=party.id, article="5", line=9, kind="clearance-deadline", title="Clear all areas",
                     deadline=day, status="open", source="a test")
    db.session.add(row)
    db.session.commit()
    number = row.id
    client = sign_in(Role.FOCAL_POINT)
    client.post("/needs/new", data={**GOOD, "serves": f"o:{number}:5", "submit": "1"})
    assert only().deadline == day and only().obligation_id == number


def test_too_large_a_body_gets_its_page(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    answer = client.post("/needs/new", data={**GOOD, "summary": "x" * 3_000_000, "submit": "1"})
    assert answer.status_code == 413


def test_enter_in_a_field_keeps_the_draft(sign_in):
    text = sign_in(Role.FOCAL_POINT).get("/needs/new").get_data(as_text=True)
    form = text[text.index("data-warn-unsaved"):]
    assert form.index('name="save"') < form.index('name="add_year"')
