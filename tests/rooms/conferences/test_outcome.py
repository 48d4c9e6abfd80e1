"""The outcome: published as it was on a day, never changed, with what became of it beside it; targets, deletion, comparison."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import select

from partnerships.conferences import logbook, outcome, service
from partnerships.conferences.models import Conference, ConferenceTarget
from partnerships.conferences.states import PledgeObject
from partnerships.core import audit
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.pledges import payments
from partnerships.pledges import service as pledging
from partnerships.pledges.states import PledgeKind


@pytest.fixture
def conference(make) -> Conference:
    """A conference with a target, that is open."""
    found = make.conference(outcome="Support was announced.", first_day=date.today() - timedelta(days=3))
    service.aim(found, SYSTEM, object=PledgeObject.ISU_WORK_PLAN, year=2027, amount=Decimal(900_000), currency="CHF",
                note="", source="")
    service.attend(found, make.party("NOR"), SYSTEM)
    service.move(found, "opened", SYSTEM)
    db.session.commit()
    return found


@pytest.fixture
def pledge(make, conference):
    """A public pledge announced there."""
    return make.pledge("CHE", conference=conference, currency="CHF", amount=Decimal(80_000),
                       announced_on=date.today() - timedelta(days=3))


def publish(conference):
    service.move(conference, "closed", SYSTEM)
    service.move(conference, "published", SYSTEM)
    db.session.commit()


def test_what_was_published_stays_whatever_happens_to_the_pledges(make, conference, pledge, visitor):
    other = make.pledge("SWE", conference=conference, currency="SEK", amount=Decimal(500_000))
    publish(conference)
    [kept] = outcome.published(conference)
    before, digest = dict(kept.content), kept.sha256
    payments.amend(pledge, SYSTEM, amount=Decimal(60_000), day=date.today())
    pledging.move(pledge, "agreed", SYSTEM, on=date.today())
    payments.pay(pledge, SYSTEM, amount=Decimal(60_000), paid_on=date.today())
    pledging.move(other, "withdrawn", SYSTEM, "Budget cut")
    db.session.commit()
    db.session.expire_all()
    [kept] = outcome.published(conference)
    assert kept.content == before and kept.sha256 == digest == outcome.fingerprint(kept.content)
    page = visitor.get(f"/conferences/{conference.ref}/outcome").get_data(as_text=True)
    assert "80\u202f000 CHF" in page and digest in page
    assert "paid so far" in page and "Withdrawn" in page  # what became of it, beside it
    assert visitor.get(f"/conferences/{conference.ref}/outcome/1").status_code == 200
    assert visitor.get(f"/conferences/{conference.ref}/outcome/2").status_code == 404
    service.move(conference, "reopened", SYSTEM, "One was missed")
    publish(conference)
    first, second = outcome.published(conference)
    assert first.sha256 == digest and second.content["stages"]["CHF"] == {"paid": "60000"} and "SEK" not in second.content["stages"]


def test_it_holds_what_everybody_may_see_and_counts_the_rest(make, conference, pledge, visitor, sign_in):
    hidden = make.pledge("SWE", conference=conference, currency="SEK", amount=Decimal(777_000), visibility=Visibility.PARTIES)
    struck = make.pledge("FRA", conference=conference)
    pledging.move(struck, "struck", SYSTEM, "Logged in error")
    publish(conference)
    [kept] = outcome.published(conference)
    assert [one["ref"] for one in kept.content["pledges"]] == [pledge.ref] and kept.content["hidden"] == 1
    for reader in (visitor, sign_in(Role.ISU_OFFICER)):
        page = reader.get(f"/conferences/{conference.ref}/outcome").get_data(as_text=True)
        assert "1 pledge is left out" in page and hidden.ref not in page and struck.ref not in page


def test_stages_and_currencies_stand_apart_with_their_rates(make, conference, pledge):
    make.pledge("UKR", conference=conference, currency="UAH", amount=Decimal(5))  # the bank gives no rate
    signed = make.pledge("NOR", conference=conference, currency="CHF", amount=Decimal(1000))
    pledging.move(signed, "agreed", SYSTEM, on=date.today())
    payments.pay(signed, SYSTEM, amount=Decimal(400), paid_on=date.today())
    make.pledge("ITA", conference=conference, kind=PledgeKind.IN_KIND, details=pledging.Details(
        valuation=Decimal(50), valuation_currency="EUR"))
    content = outcome.build(conference, date.today())
    assert content["stages"]["CHF"] == {"announced": "80000", "agreed": "600", "paid": "400"}
    assert content["reference"]["left_out"] == {"UAH": {"announced": "5"}}
    assert [one["currency"] for one in content["reference"]["rates"]] == ["CHF"]
    assert "EUR" not in content["stages"]
    assert content["targets"] == [{"object": "isu-work-plan", "year": 2027, "amount": "900000", "currency": "CHF", "note": ""}]


def test_the_workbook_holds_the_same(conference, pledge, visitor):
    publish(conference)
    answer = visitor.get(f"/conferences/{conference.ref}/outcome?as=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Facts", "Attendance", "Pledges", "Totals", "Targets"]
    [head, row] = list(book["Pledges"].iter_rows(values_only=True))
    found = dict(zip(head, row, strict=True))
    assert (found["Pledge"], found["Currency"], found["Announced"], found["Paid in full"]) == (pledge.ref, "CHF", 80_000, None)


def test_before_publication_only_the_isu_has_a_preview(conference, pledge, visitor, sign_in):
    url = f"/conferences/{conference.ref}/outcome"
    assert visitor.get(url).status_code == visitor.get(f"{url}?preview=1").status_code == 404
    isu = sign_in(Role.ISU_OFFICER)
    assert "Only the ISU sees it" in isu.get(f"{url}?preview=1").get_data(as_text=True)
    assert not outcome.published(conference)


def test_a_conference_of_the_seed_says_that_it_was_never_published_here(visitor):
    page = visitor.get("/conferences/PC-09/outcome").get_data(as_text=True)
    assert "from public documents" in page and "Afghanistan" in page and "43 delegations" in page


def test_targets_are_set_replaced_and_taken_away(conference, sign_in, visitor):
    isu, url = sign_in(Role.ISU_OFFICER), f"/conferences/{conference.ref}/targets"
    assert isu.post(url, data={"object": "isu-work-plan", "year": "2027", "amount": "1.2m", "currency": "CHF"}).status_code == 303
    [target] = db.session.scalars(select(ConferenceTarget).where(ConferenceTarget.conference_id == conference.id))
    assert target.amount == Decimal(1_200_000)
    number = target.id
    for bad in ({"amount": "0"}, {"amount": "-5"}, {"amount": "90.000"}, {"amount": ""}, {"year": "1800"}, {"source": "nowhere"}):
        answer = isu.post(url, data={"object": "fund", "amount": "5", "currency": "CHF", **bad})
        assert answer.status_code == 422, bad
    assert isu.post(f"{url}/{number}/drop").status_code == 303
    assert isu.post(f"{url}/{number}/drop").status_code == 404
    assert visitor.get(url).status_code == 303 and sign_in(Role.DONOR_OFFICER, "NOR").get(url).status_code == 403


def test_only_a_conference_without_anything_is_deleted(make, sign_in, visitor, conference, pledge):
    isu = sign_in(Role.ISU_OFFICER)
    planned, used = make.conference(), make.conference()
    service.attend(planned, make.party("NOR"), SYSTEM)
    make.pledge("NOR", conference=used)
    answer = isu.post(f"/conferences/{used.ref}/delete")
    assert answer.status_code == 422 and "1 record refers to this conference" in answer.get_data(as_text=True)
    answer = isu.post(f"/conferences/{conference.ref}/delete")
    assert answer.status_code == 422 and "Only a planned conference" in answer.get_data(as_text=True)
    ref, number = planned.ref, planned.id
    assert isu.post(f"/conferences/{ref}/delete").status_code == 303
    assert isu.get(f"/conferences/{ref}").status_code == 404
    # What happened there is kept for the ISU, and never becomes another conference's, whose number SQLite gives again.
    assert f"{ref}, which was only planned, deleted" in isu.get("/").get_data(as_text=True)
    assert "was only planned, deleted" not in visitor.get("/").get_data(as_text=True)
    again = make.conference()
    tags = {event.tag for event in audit.timeline(make.actor(Role.ISU_OFFICER), again)}
    assert "conference.deleted" not in tags and "conference.attended" not in tags
    kept = select(audit.Event).where(audit.Event.subject_id == number, audit.Event.subject_kind == "conference")
    assert {one.tag for one in db.session.scalars(kept)} >= {"conference.deleted", "conference.attended"}


def test_an_outcome_stays_to_be_read_while_the_conference_is_open_again(make, conference, pledge, visitor):
    gone = make.pledge("SWE", conference=conference, currency="SEK", amount=Decimal(500_000))
    pledging.move(gone, "withdrawn", SYSTEM, "Budget cut")
    publish(conference)
    service.move(conference, "reopened", SYSTEM, "A statement was missing")
    db.session.commit()
    url = f"/conferences/{conference.ref}/outcome"
    page = visitor.get(url).get_data(as_text=True)
    assert "opened again since" in page and "Switzerland" in page and "1 pledge was withdrawn or lapsed before" in page
    assert url in visitor.get(f"/conferences/{conference.ref}").get_data(as_text=True)


def test_what_is_changed_of_a_target_is_told_once(conference):
    def told() -> list[list[str]]:
        changed = select(audit.Event).where(audit.Event.tag == "conference.changed").order_by(audit.Event.id)
        return [event.changes["target"] for event in db.session.scalars(changed) if "target" in event.changes]

    said = {"object": PledgeObject.ISU_WORK_PLAN, "year": 2027, "amount": Decimal(900_000), "currency": "CHF"}
    before = logbook.mark(SYSTEM, conference)
    service.aim(conference, SYSTEM, **said, note="", source="")
    assert len(told()) == 1 and logbook.mark(SYSTEM, conference) == before
    service.aim(conference, SYSTEM, **said, note="Half of it by June", source="")
    assert told()[1][1] == told()[1][0] + "; Half of it by June"
    service.aim(conference, SYSTEM, **{**said, "amount": Decimal(950_000)}, note="Half of it by June", source="")
    assert logbook.mark(SYSTEM, conference) != before, "the board shows the target: it is fetched again"


def test_conferences_side_by_side(make, conference, pledge, visitor):
    make.pledge("SWE", conference=conference, amount=Decimal(777_777), visibility=Visibility.PARTIES)
    publish(conference)
    page = visitor.get("/conferences/compare").get_data(as_text=True)
    assert conference.title in page and "Ninth Pledging Conference" in page and "777" not in page
    rows = visitor.get("/conferences/compare?as=csv").get_data(as_text=True)
    assert conference.ref in rows and "PC-01,First Pledging Conference,2016-03-02,69" in rows
