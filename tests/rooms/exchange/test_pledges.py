"""A prepared sheet of pledges: put on the record of a conference, known again, refused in words row by row, struck again."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
import xlsxwriter
from sqlalchemy import func, select

from partnerships.conferences import service as conferences
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.exchange.models import Import
from partnerships.needs.states import NeedStatus
from partnerships.pledges import payments
from partnerships.pledges import service as pledging
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import Earmarking, Oda, PledgeKind, PledgeObject, PledgeStatus
from tests.rooms.exchange.conftest import csv_of

HEAD = ["Donor", "Amount", "Currency", "For", "State or need", "Kind", "First year", "Last year", "Theme", "Condition",
        "Statement", "Approximate", "Earmarking", "Channel", "ODA"]
LAST_WEEK = date.today() - timedelta(days=7)


def row(**changes):
    values = {"Donor": "Norway", "Amount": "3.5 million", "Currency": "NOK", "For": "programme", "State or need": "Cambodia",
              "Kind": "financial", "First year": 2027, "Last year": 2029, "Theme": "Survey and clearance",
              "Condition": "Subject to parliament", "Statement": "We will go on.", "Approximate": "yes", "Earmarking": "soft",
              "Channel": "ngos", "ODA": "yes", **changes}
    return [values[name] for name in HEAD]


@pytest.fixture
def held(make):
    """A conference that is open and began last week."""
    conference = make.conference(first_day=LAST_WEEK, last_day=LAST_WEEK + timedelta(days=1))
    conferences.move(conference, "opened", SYSTEM)
    db.session.commit()
    return conference


def made(conference) -> list[Pledge]:
    db.session.expire_all()
    return list(db.session.scalars(select(Pledge).where(Pledge.conference_id == conference.id).order_by(Pledge.id)))


def sheet(importing, conference, *rows, **more):
    """The page, and the address of the preview of some rows."""
    here = importing(Role.ISU_OFFICER)
    return here, here.preview(csv_of(HEAD, *rows), what="pledges", conference=conference.ref, **more)


def test_a_pledge_is_announced_as_the_row_says_it(importing, held):
    here, where = sheet(importing, held, row())
    fate, words = here.rows(where)[0]
    words = words.replace("\u202f", " ")
    assert fate == "New" and "Norway, A State&#39;s programme, Cambodia, about 3 500 000 NOK, 2027–2029." in words
    assert made(held) == [] and f"/conferences/{held.ref}" in here.client.get(where).get_data(as_text=True)
    here.move(where, "confirmed")
    one = made(held)[0]
    assert (one.donor.ref, one.recipient.ref, one.object, one.kind, one.status) == (
        "NOR", "KHM", PledgeObject.PROGRAMME, PledgeKind.FINANCIAL, PledgeStatus.ANNOUNCED)
    assert (one.amount, one.announced_amount, one.currency, one.approximate) == (3500000, 3500000, "NOK", True)
    assert (one.first_year, one.last_year, one.announced_on, one.from_floor) == (2027, 2029, LAST_WEEK, False)
    assert (one.condition, one.statement, one.themes) == ("Subject to parliament", "We will go on.", ("survey-clearance",))
    assert (one.earmarking, one.channel, one.oda, one.visibility) == (Earmarking.SOFT, "ngos", Oda.YES, Visibility.PUBLIC)
    assert [step.kind.value for step in one.steps] == ["announced"]
    assert f"/pledges/{one.ref}" in here.client.get(where).get_data(as_text=True)


def test_the_same_sheet_imported_twice_changes_nothing_and_says_why(importing, held):
    rows = [row(), row(Donor="JPN", **{"State or need": "", "For": "isu-work-plan", "Amount": "about 79 700", "Currency": "CHF"}),
            row(Kind="political", Amount="", Donor="Chile")]
    here, where = sheet(importing, held, *rows)
    here.move(where, "confirmed")
    first = made(held)
    assert [one.approximate for one in first] == [True, True, False] and first[1].amount == 79700 and len(first) == 3
    again = sheet(importing, held, *rows)[1]
    for (fate, words), pledge in zip(here.rows(again), first, strict=True):
        assert fate == "Changes nothing" and f"{pledge.ref} is on record for this conference" in words
    assert here.move(again, "confirmed").status_code == 303 and len(made(held)) == 3
    other = sheet(importing, held, row(Amount="3.6 million"), row(Kind="in-kind"), row(**{"Last year": 2030}))[1]
    assert [fate for fate, _words in here.rows(other)] == ["New", "New", "New"]


def test_a_pledge_whose_amount_changed_since_is_still_known(importing, held):
    here, where = sheet(importing, held, row())
    here.move(where, "confirmed")
    payments.amend(made(held)[0], SYSTEM, amount=Decimal(1000000), day=date.today())
    db.session.commit()
    assert here.rows(sheet(importing, held, row())[1])[0][0] == "Changes nothing"


def test_undo_strikes_what_nobody_touched(importing, held):
    here, where = sheet(importing, held, row(), row(Donor="Sweden"), row(Donor="Italy"))
    here.move(where, "confirmed")
    pledging.move(made(held)[1], "confirmed", SYSTEM, on=date.today())
    pledging.move(made(held)[2], "struck", SYSTEM, "Logged twice.")
    db.session.commit()
    assert here.move(where, "undone").status_code == 303
    assert [one.status for one in made(held)] == [PledgeStatus.STRUCK, PledgeStatus.CONFIRMED, PledgeStatus.STRUCK]
    assert made(held)[0].steps[-1].note == "The import was undone."
    words = [words for _fate, words in here.rows(where)]
    assert words[0].endswith("Undone.") and "something happened to the pledge" in words[1] and "struck already" in words[2]
    assert [fate for fate, _words in here.rows(sheet(importing, held, row(), row(Donor="Sweden"))[1])] == ["New", "Changes nothing"]


ROWS = [
    (row(**{"State or need": "Ruritania"}), "is no State of the list"),
    (row(**{"State or need": "Kosovo"}), "is no State of the list"),
    (row(**{"State or need": ""}), "name the State whose programme"),
    (row(**{"State or need": "Norway"}), "cannot pledge to itself"),
    (row(**{"State or need": "KHM-2026-999"}), "is no published need"),
    (row(For="need"), "give the reference of a published need"),
    (row(For="sponsorship"), "names no State and no need"),
    (row(For="", **{"State or need": ""}), "say what the pledge is for"),
    (row(For="dinner"), "“dinner” is not known here. Use one of: need"),
    (row(Donor="Ruritania"), "is no State or organisation of the list"),
    (row(Donor=""), "nobody is named"),
    (row(Donor="Western Sahara"), "is no State or organisation of the list"),
    (row(Amount="-5"), "cannot be negative"),
    (row(Amount="0"), "more than zero"),
    (row(Amount="a lot"), "is no amount"),
    (row(Amount=""), "needs its amount"),
    (row(Amount="5.55"), "New"),
    (row(Amount="5.555"), "NOK has fewer decimals"),
    (row(Amount="5.5", Currency="JPY"), "JPY has fewer decimals"),
    (row(Currency="XXX"), "is no currency"),
    (row(Currency=""), "in which currency"),
    (row(Amount="EUR 5"), "but the row's currency is NOK"),
    (row(Kind="political"), "a political pledge has no amount"),
    (row(Kind="perhaps"), "is not known here"),
    (row(Kind="financial-or-political"), "say whether it is financial"),
    (row(Kind="", Amount=""), "say whether it is financial"),
    (row(**{"First year": 2030}), "wrong order"),
    (row(**{"First year": "soon"}), "is no year"),
    (row(**{"Last year": 2090}), "between 1999 and 2060"),
    (row(Approximate="perhaps"), "write yes or no"),
    (row(Earmarking="loosely"), "is not known here"),
    (row(Channel="pigeon"), "Use one of: un"),
    (row(ODA="maybe"), "is not known here"),
    (row(Condition="x" * 401), "at most 400"),
]


def test_each_wrong_row_is_refused_in_words_and_the_others_are_taken(importing, held):
    here, where = sheet(importing, held, *[values for values, _words in ROWS])
    for (fate, told), (values, words) in zip(here.rows(where), ROWS, strict=True):
        assert fate == ("New" if words == "New" else "Not taken"), (values, fate, told)
        assert words == "New" or words in told.replace("&#39;", "'"), (values, told)
        assert told.count("column Amount:") <= 1, told  # one fault, said once
    here.move(where, "confirmed")
    assert len(made(held)) == 1


def test_a_pledge_to_a_need_is_seen_by_nobody_else_than_the_need(importing, held, make):
    need, draft = make.need("KHM", visibility=Visibility.STATES_PARTIES), make.need("AGO", NeedStatus.WITHDRAWN)
    here, where = sheet(importing, held, row(For="", **{"State or need": need.ref.lower()}), row(**{"State or need": draft.ref}),
                        row(Donor="Cambodia", **{"State or need": need.ref}))
    fates = here.rows(where)
    assert [fate for fate, _words in fates] == ["New", "Not taken", "Not taken"]
    assert "not closed" in fates[1][1] and "pledge to itself" in fates[2][1]
    here.move(where, "confirmed")
    one = made(held)[0]
    assert (one.need_id, one.object, one.recipient.ref, one.visibility) == (
        need.id, PledgeObject.NEED, "KHM", Visibility.STATES_PARTIES)


def test_in_kind_is_valued_apart_and_columns_of_years_are_portions(importing, held):
    here, where = sheet(importing, held, row(Kind="in kind", Amount="120 000", Currency="EUR"))
    assert "valuation of what is given in kind" in here.rows(where)[0][1]
    here.move(where, "confirmed")
    one = made(held)[0]
    assert (one.amount, one.currency, one.valuation, one.valuation_currency) == (None, "", 120000, "EUR")
    assert here.rows(sheet(importing, held, row(Kind="in kind", Amount="120 000", Currency="EUR"))[1])[0][0] == "Changes nothing"
    by_year = csv_of(["Donor", "For", "Amount 2027 (CHF)", "Amount 2028 (CHF)"], ["Canada", "sponsorship", "10 000", "12 000"])
    where = here.preview(by_year, what="pledges", conference=held.ref)
    here.move(where, "confirmed")
    one = made(held)[1]
    assert one.amount == 22000 and [(part.year, part.amount) for part in one.portions] == [(2027, 10000), (2028, 12000)]
    assert (one.first_year, one.last_year, one.currency) == (2027, 2028, "CHF")
    assert here.rows(here.preview(by_year, what="pledges", conference=held.ref))[0][0] == "Changes nothing"


def test_doubled_rows_and_formulas(importing, held):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        rows = [row(), row(), row(Donor="Italy"), row(Donor="Italy", Condition="None"), row(Donor="Peru")]
        for number, values in enumerate([HEAD, *rows]):
            page.write_row(number, 0, values)
        page.write_formula(5, 1, "=1+1", None, 2)
    here = importing(Role.ISU_OFFICER)
    found = here.rows(here.preview(out.getvalue(), name="x.xlsx", what="pledges", conference=held.ref))
    assert [fate for fate, _words in found] == ["New", "Changes nothing", "Not taken", "Not taken", "Not taken"]
    assert "The same as row 2" in found[1][1] and "Rows 4 and 5" in found[2][1] and "holds a formula" in found[4][1]


def test_the_conference_is_chosen_on_the_form_or_in_the_address(importing, held, make):
    here = importing(Role.ISU_OFFICER)
    shown = here.client.get(f"/exchange/?conference={held.ref}").get_data(as_text=True)
    assert f'<option selected value="{held.ref}">' in shown and '<option selected value="pledges">' in shown
    for strange in ("PC-09", "PC-999", "%00", "x" * 500):  # published, or none at all
        assert '<option selected value="pledges">' not in here.client.get(f"/exchange/?conference={strange}").get_data(as_text=True)
    for wrong in ("", "PC-09", "PC-999"):
        answer = here.send(csv_of(HEAD, row()), what="pledges", conference=wrong)
        assert answer.status_code == 422 and ("Choose the conference" in answer.get_data(as_text=True)
                                              or "Choose one of the list" in answer.get_data(as_text=True))
    assert db.session.scalar(select(func.count(Import.id))) == 0
    for role, party in ((Role.DONOR_OFFICER, "NOR"), (Role.FOCAL_POINT, "KHM")):
        other = importing(role, party)
        assert "Conference" not in other.client.get(f"/exchange/?conference={held.ref}").get_data(as_text=True).split("<main")[1]
        assert other.send(csv_of(HEAD, row()), what="pledges", conference=held.ref).status_code == 422


def test_a_planned_conference_takes_a_sheet_and_one_with_a_published_outcome_does_not(importing, make):
    planned = make.conference(first_day=date.today() + timedelta(days=9), last_day=date.today() + timedelta(days=9))
    here, where = sheet(importing, planned, row())
    assert "The conference has not begun" in here.client.get(where).get_data(as_text=True)
    here.move(where, "confirmed")
    assert made(planned)[0].announced_on == date.today()
    late = sheet(importing, planned, row(Donor="Sweden"))[1]
    conferences.move(planned, "opened", SYSTEM)
    conferences.move(planned, "closed", SYSTEM)
    planned.outcome = "What was said."
    conferences.move(planned, "published", SYSTEM)
    db.session.commit()
    answer = here.move(late, "confirmed")
    assert answer.status_code == 422 and "The outcome of this conference is published" in answer.get_data(as_text=True)
    assert len(made(planned)) == 1


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_our_own_template_comes_back(importing, held, kind):
    here = importing(Role.ISU_OFFICER)
    for language in ("en", "ru"):
        answer = here.client.get(f"/exchange/template/pledges.{kind}?lang={language}")
        where = here.preview(answer.data, name=f"t.{kind}", what="pledges", conference=held.ref)
        shown = here.client.get(where).get_data(as_text=True)
        assert "The example of the template: not read." in shown and "Not read:" not in shown


def test_the_columns_of_a_sheet_of_pledges_can_be_put_right(importing, held):
    here = importing(Role.ISU_OFFICER)
    where = here.preview(csv_of(["Geber", "Summe CHF", "Zweck"], ["Austria", "5 000", "ISU"]), what="pledges", conference=held.ref)
    assert here.rows(where)[0][0] == "Not taken"
    form = {"csrf_token": here.client.csrf_token(), "version": "1", "column_0": "donor", "column_1": "amount", "column_2": "object"}
    assert here.client.post(f"{where}/columns", data=form).status_code == 303
    assert here.rows(where)[0][0] == "New"
    here.move(where, "confirmed")
    assert (made(held)[0].amount, made(held)[0].currency, made(held)[0].object) == (5000, "CHF", PledgeObject.ISU_WORK_PLAN)


def test_a_preview_that_was_dropped_keeps_no_conference(importing, make):
    planned = make.conference()
    here, where = sheet(importing, planned, ["Norway", "The ISU work plan", "", "70000", "CHF"])
    delete = f"/conferences/{planned.ref}/delete"
    assert here.client.post(delete, data={"csrf_token": here.client.csrf_token()}).status_code == 422
    assert here.move(where, "dropped").status_code == 303
    assert here.client.post(delete, data={"csrf_token": here.client.csrf_token()}).status_code == 303
