"""What a release holds: all that everybody may see, nothing else, in a form that a program can check."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
import time_machine
from sqlalchemy import select

from partnerships.conferences import service as conferences
from partnerships.conferences.states import Presence
from partnerships.core import jobs, storage
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.models import CostLine, PeopleLine, WorkLine
from partnerships.needs.states import Age, CostKind, Disability, NeedStatus, Reached, Sex
from partnerships.pledges import service as pledges
from partnerships.pledges.service import Details
from partnerships.releases import service
from partnerships.releases.models import Release
from tests.support.releases import opened, rows, valid

SECRET = "Quagga"  # in every text that a release must not hold, and in no other
HIDDEN = Decimal("7654321")
LEVELS = (Visibility.STATES_PARTIES, Visibility.PARTIES, Visibility.ISU)


def _files(release):
    data = service.content(release)
    assert data is not None and len(data) == release.size
    return opened(data)


def _full(need, title, money=Decimal(40)):
    """Lines of every kind on a need; `title` stands in their words."""
    year = date.today().year + 1
    need.work = [WorkLine(year=year, area=title, contamination=("ap-mines",), cleared_m2=765_432)]
    need.people = [PeopleLine(reached=Reached.SURVIVORS, sex=Sex.FEMALE, age=Age.CHILDREN, disability=Disability.ALL, number=9)]
    need.costs = [CostLine(year=year, kind=CostKind.STAFF, amount=money, note=title)]
    return need


@pytest.fixture
def world(make):
    """Public records, and beside each the same for fewer people, part by part."""
    year = date.today().year + 1
    texts = {"title": f"{SECRET} title", "summary": f"{SECRET} summary of what is needed, for some readers only.", "place": SECRET}
    money = [(year, year, HIDDEN, Decimal(1))]
    shown = _full(make.need("KHM", title="=1+1 clear the fields", contact_name=f"{SECRET} person",
                            contact_email="quagga@authority.example", supporters=()), "North")
    kept = [make.need("KHM", amounts=money, **texts) for _level in LEVELS]  # restricted below, once they have pledges
    kept += [make.need("KHM", status, amounts=money, **texts) for status in (
        NeedStatus.DRAFT, NeedStatus.SUBMITTED, NeedStatus.RETURNED)]
    for level in LEVELS:
        _full(make.need("AGO", amounts_visibility=level, amounts=money), "", HIDDEN).costs[0].note = SECRET
        _full(make.need("AGO", details_visibility=level), SECRET).costs[0].note = "For all"
    for level in LEVELS:
        make.offer("JPN", visibility=level, title=SECRET, amount_max=HIDDEN)
        make.pledge("JPN", visibility=level, amount=HIDDEN, condition=SECRET, statement=SECRET)
        make.meeting("KHM", visibility=level, title=SECRET, outcome=SECRET)
    make.offer("NOR", contact_name=SECRET, contact_email="quagga@norway.example", how_to_ask=f"Call {SECRET}")
    make.meeting("KHM", visibility=Visibility.PUBLIC, title="A public meeting", needs=[shown, kept[0]],
                 participants=[make.party("NOR")], link=f"https://{SECRET}.example/")
    several = make.pledge("NOR", need=shown, amount=Decimal(900), details=Details(
        portions=((year, Decimal(400)), (year + 1, Decimal(500))), partners=((make.party("SWE"), Decimal(50)),),
        parts=((shown, Decimal(800)), (kept[1], Decimal("99.125")))))
    make.pledge("SWE", need=kept[1], amount=Decimal(10))
    for need, level in zip(kept, LEVELS, strict=False):
        need.visibility = level
    struck = make.pledge("SWE", amount=HIDDEN, condition=SECRET, statement=SECRET)
    pledges.move(struck, "struck", SYSTEM, note="A mistake.")
    conference = make.conference()
    conferences.attend(conference, make.party("NOR"), SYSTEM, head=SECRET, note=SECRET)
    conferences.attend(conference, make.party("SWE"), SYSTEM, presence=Presence.EXPECTED)
    make.indicator_value()
    db.session.commit()
    return shown, kept, several


def test_a_release_holds_nothing_that_is_not_for_everybody(make, world):
    shown, kept, several = world
    files = _files(make.release())
    for name, content in files.items():
        text = content.decode()
        for secret in (SECRET, SECRET.lower(), "7654321", "99.125", ".example", *(one.ref for one in kept)):
            assert secret not in text, (name, secret)
    needs = {row["ref"]: row for row in rows(files, "needs")}
    assert needs[shown.ref]["asked"] == "1000000" and needs[shown.ref]["amounts"] == "stated"
    withheld = [row for row in needs.values() if row["amounts"] == "withheld"]
    assert len(withheld) == 3 and not any(row["asked"] or row["currency"] or row["national_share"] for row in withheld)
    assert {row["need"] for row in rows(files, "need_amounts")} & {row["ref"] for row in withheld} == set()
    assert [row["cleared_m2"] for row in rows(files, "need_work")] == ["765432"] * 4, "details only of whom they are shown"
    assert len(rows(files, "need_people")) == 4 and len(rows(files, "need_costs")) == 4
    here = [row["party"] for row in rows(files, "conference_attendance") if not row["source"]]
    assert here == ["NOR"], "who was there, not who was expected"
    assert [row["need"] for row in rows(files, "country_meeting_needs")] == [shown.ref]
    assert [(row["need"], row["amount"]) for row in rows(files, "pledge_needs")] == [(shown.ref, "800")]
    made = {row["ref"]: row for row in rows(files, "pledges")}
    assert made[several.ref]["stage_announced"] == "900" and made[several.ref]["stage_paid"] == "0"
    kept_one = [row["need"] for row in made.values() if row["donor"] == "SWE" and row["amount"] == "10"]
    assert kept_one == [""], "a kept need is not named by its pledge"


def test_a_release_is_what_it_says_of_itself(make, world):
    files = _files(make.release())
    assert valid(files) > 1500
    assert "needs (1)" in files["README.md"].decode(), "the title that a spreadsheet would take for a formula is told"
    assert any(row["title"] == "=1+1 clear the fields" for row in rows(files, "needs")), "values are exact"
    assert b"CC-BY-4.0" in files["LICENCE.txt"] and b"there were none" in files["README.md"]


def test_the_same_records_give_the_same_bytes_and_changes_a_second_release(app, make):
    first = make.need("KHM")
    one, _new = service.make(SYSTEM, date(2026, 11, 27))
    db.session.commit()
    assert one.ref == "REL-2026-11-27" and one.sha256 == hashlib.sha256(service.content(one)).hexdigest()
    assert service.make(make.actor(Role.ISU_OFFICER), date(2026, 11, 27)) == (one, False), "a second one replaces nothing"
    other, _new = service.make(SYSTEM, date(2026, 11, 28))
    assert other.fingerprint == one.fingerprint and other.sha256 != one.sha256, "the day is another, the records are not"
    first.visibility = Visibility.PARTIES
    db.session.commit()
    again, new = service.make(SYSTEM, date(2026, 11, 28))
    assert new and again.ref == "REL-2026-11-28-2" and again.counts["needs"] == one.counts["needs"] - 1
    assert first.ref in service.content(one).decode("latin-1") or first.ref in _files(one)["data/needs.csv"].decode()
    service.withdraw(one, SYSTEM, "Wrong.")
    db.session.commit()
    first.visibility = Visibility.PUBLIC
    db.session.commit()
    rebuilt, new = service.make(SYSTEM, date(2026, 11, 27))
    assert new and rebuilt.ref == "REL-2026-11-27-2" and rebuilt.fingerprint == one.fingerprint


def test_invented_records_are_left_out_and_counted(app, make):
    need, pledge = make.need("KHM"), make.pledge("NOR")
    real = make.pledge("SWE", need=need, amount=Decimal(77))
    need.is_demo = pledge.is_demo = True
    hidden = make.need("KHM", visibility=Visibility.PARTIES)
    hidden.is_demo = True
    db.session.commit()
    release = make.release()
    files = _files(release)
    assert release.left_out == {"needs": 1, "pledges": 1}, "one that is not for everybody is not even counted"
    assert need.ref not in files["data/needs.csv"].decode() and "needs: 1; pledges: 1" in files["README.md"].decode()
    assert next(row for row in rows(files, "pledges") if row["ref"] == real.ref)["need"] == ""
    valid(files)


def test_the_monthly_job_makes_one_a_month_where_it_is_asked(app):
    def run(day):
        with time_machine.travel(day, tick=False):
            outcome = jobs.run(date.today(), ["monthly-release"])[0]
            assert not outcome.error
            return outcome.done

    assert run(date(2026, 11, 3)) == 0, "off unless it is asked for"
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(monthly_release=True)
    assert [run(date(2026, 11, 3)), run(date(2026, 11, 28)), run(date(2026, 12, 1))] == [1, 0, 1]
    assert db.session.scalars(select(Release.ref).order_by(Release.id)).all() == ["REL-2026-11-03", "REL-2026-12-01"]


def test_the_command_makes_keeps_and_writes(app, make, tmp_path):
    run = app.test_cli_runner(catch_exceptions=False)
    out = tmp_path / "release.zip"
    said = run.invoke(args=["exchange", "release", "--output", str(out)])
    ref = f"REL-{date.today().isoformat()}"
    assert said.exit_code == 0 and f"{ref} is made" in said.output
    assert valid(opened(out.read_bytes())) > 1000
    assert "Set PARTNERSHIPS_PUBLIC_URL" in said.output, "an address that only this machine opens is told"
    again = run.invoke(args=["exchange", "release"])
    assert again.exit_code == 0 and "exists already" in again.output
    nowhere = run.invoke(args=["exchange", "release", "--output", str(tmp_path / "no" / "release.zip")])
    assert nowhere.exit_code == 1 and "Nothing is kept" in nowhere.output
    release = db.session.scalars(select(Release)).one()
    assert release.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
    storage.path_of(release.stored_as).write_bytes(b"changed")
    assert run.invoke(args=["documents", "check"]).exit_code == 1, "the check of files looks at releases too"
    assert run.invoke(args=["exchange", "release"]).exit_code == 1


def test_a_need_past_its_day_stays_on_record(app, make):
    need = make.need("KHM")
    need.valid_until = date.today() - timedelta(1)
    db.session.commit()
    assert need.ref in _files(make.release())["data/needs.csv"].decode()


def test_every_cell_of_every_visibility(app, make):
    """For each level of the need and of its amounts: in the file exactly when a visitor's page would open."""
    made = {}
    for level, amounts in product(Visibility, Visibility):
        made[level, amounts] = make.need("KHM", visibility=level, amounts_visibility=amounts).ref
    found = {row["ref"]: row["amounts"] for row in rows(_files(make.release()), "needs")}
    for (level, amounts), ref in made.items():
        assert found.get(ref) == (None if level is not Visibility.PUBLIC else
                                  "stated" if amounts is Visibility.PUBLIC else "withheld"), (level, amounts)
