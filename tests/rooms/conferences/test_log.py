"""Lines of the live log over HTTP: shown before they are kept, kept once, corrected by two at once, followed by others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from partnerships.conferences import logbook, service, tally
from partnerships.conferences.models import Attendance, Conference, ConferenceTarget
from partnerships.conferences.states import PledgeObject
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.pledges import figures
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import PledgeKind, PledgeStatus

DATA = {"Accept": "application/json"}
DAY = date(2026, 3, 3)


@pytest.fixture
def conference(make) -> Conference:
    """An open conference."""
    found = make.conference()
    service.move(found, "opened", SYSTEM)
    db.session.commit()
    return found


@pytest.fixture
def isu(sign_in):
    return sign_in(Role.ISU_OFFICER)


def send(client, conference, line, key="a-key", **more):
    return client.post(f"/conferences/{conference.ref}/desk", data={"line": line, "once": key, **more}, headers=DATA)


def kept() -> list[Pledge]:
    db.session.expire_all()
    return list(db.session.scalars(select(Pledge).where(Pledge.from_floor).order_by(Pledge.id)))


def test_a_line_is_a_pledge_with_all_that_it_says(isu, conference, visitor):
    answer = send(isu, conference, "nor + swe about 3m nok per year 2027-2028 clearance khm unearmarked, "
                                   "subject to parliament; Said so")
    assert answer.status_code == 200 and answer.json["ok"]
    [pledge] = kept()
    assert answer.json["ref"] == pledge.ref and "Norway" in answer.json["words"]
    assert (pledge.donor.ref, [one.party.ref for one in pledge.partners], pledge.recipient.ref) == ("NOR", ["SWE"], "KHM")
    assert (pledge.amount, pledge.currency, pledge.approximate) == (Decimal(6_000_000), "NOK", True)
    assert [(one.year, one.amount) for one in pledge.portions] == [(2027, Decimal(3_000_000)), (2028, Decimal(3_000_000))]
    assert (pledge.themes, pledge.condition, pledge.statement) == (("survey-clearance",), "subject to parliament", "Said so")
    assert pledge.as_typed.startswith("nor + swe") and pledge.from_floor and pledge.conference_id == conference.id
    assert logbook.line_of(pledge).startswith("NOR + SWE about 3000000 NOK per year 2027-2028")
    assert pledge.ref in visitor.get(f"/conferences/{conference.ref}").get_data(as_text=True)


def test_one_key_is_one_entry_however_often_it_is_sent(isu, conference):
    first, again = (send(isu, conference, "che 80k chf isu") for _ in range(2))
    assert first.json["ref"] == again.json["ref"] and again.json["ok"]
    assert len(kept()) == 1
    assert send(isu, conference, "che 80k chf isu", key="another").json["ref"] != first.json["ref"]
    assert len(kept()) == 2


def test_what_is_assumed_is_shown_before_it_is_kept(isu, conference):
    answer = send(isu, conference, "nor 1m")
    assert answer.status_code == 422 and "donor's own" in " ".join(answer.json["words"])
    assert not kept()
    page = isu.post(f"/conferences/{conference.ref}/desk", data={"line": "nor 1m", "once": "k"})
    assert page.status_code == 422 and "own." in page.get_data(as_text=True) and 'value="nor 1m"' in page.get_data(as_text=True)
    assert send(isu, conference, "nor 1m", seen="nor 1m").status_code == 200
    assert [one.currency for one in kept()] == ["NOK"]


@pytest.mark.parametrize(("line", "words"), [
    ("nor 90.000 nok isu", "may mean"), ("atlantis 3m nok isu", "not understood"), ("nor 3m nok atlantis", "not understood"),
    ("nor -3m nok isu", "negative"), ("nor 3m nok KHM-1999-001", "No published need"), ("", "Type who pledges"),
    ("x" * 401, "at most 400"), ("nor 3m nok \x00 isu", ""),
])
def test_a_line_with_questions_is_not_logged(isu, conference, line, words):
    answer = send(isu, conference, line)
    assert answer.status_code in (422, 200)
    assert answer.status_code == 200 or (words in " ".join(answer.json["words"]) and not kept())


def test_a_need_that_is_named_is_pledged_to_as_far_as_it_may_be_seen(isu, conference, make, visitor):
    need = make.need("KHM", visibility=Visibility.PARTIES)
    assert send(isu, conference, f"nor 3m nok {need.ref.lower()}").status_code == 200
    [pledge] = kept()
    assert (pledge.need_id, pledge.visibility) == (need.id, Visibility.PARTIES)
    assert pledge.ref not in visitor.get(f"/conferences/{conference.ref}/tally").get_data(as_text=True)
    assert send(isu, conference, f"khm 3m usd {need.ref}", key="own").status_code == 422


def test_a_pledge_in_kind_has_its_worth_apart(isu, conference):
    assert send(isu, conference, "ita in kind training 50k eur khm").status_code == 200
    [pledge] = kept()
    assert (pledge.kind, pledge.amount, pledge.valuation, pledge.valuation_currency) == (
        PledgeKind.IN_KIND, None, Decimal(50_000), "EUR")
    assert figures.by_currency([pledge]) == {}


def test_the_reading_is_shown_and_never_kept(isu, conference, visitor):
    page = isu.get(f"/conferences/{conference.ref}/read?line=nor+90.000+nok+isu").get_data(as_text=True)
    assert 'data-certain="no"' in page and 'data-line="nor 90000 nok isu"' in page
    assert 'data-certain="yes"' in isu.get(f"/conferences/{conference.ref}/read?line=nor+9+nok+isu").get_data(as_text=True)
    assert not kept()
    assert visitor.get(f"/conferences/{conference.ref}/read?line=x").status_code == 303


def test_others_follow_what_is_logged(isu, sign_in, conference):
    other = sign_in(Role.ISU_ADMINISTRATOR)
    url = f"/conferences/{conference.ref}/entries"
    mark = logbook.mark(SYSTEM, conference)
    assert other.get(f"{url}?seen={mark}").status_code == 204
    send(isu, conference, "che 80k chf isu")
    page = other.get(f"{url}?seen={mark}").get_data(as_text=True)
    assert kept()[0].ref in page and mark not in page


def test_a_correction_changes_the_entry_in_the_open_as_the_isus_own_slip(isu, conference, visitor):
    send(isu, conference, "che 80k chf isu")
    [pledge] = kept()
    url = f"/conferences/{conference.ref}/correct/{pledge.ref}"
    assert 'value="CHE 80000 CHF isu"' in isu.get(url).get_data(as_text=True)
    assert isu.post(url, data={"line": "che 90.000 chf isu", "version": pledge.version}).status_code == 422
    assert isu.post(url, data={"line": "swe 90k chf sponsorship", "version": pledge.version}).status_code == 303
    [pledge] = kept()
    assert (pledge.donor.ref, pledge.amount, pledge.announced_amount, pledge.object) == (
        "SWE", Decimal(90_000), Decimal(90_000), PledgeObject.SPONSORSHIP)
    assert pledge.status is PledgeStatus.ANNOUNCED and pledge.heard_on is None
    page = visitor.get(f"/pledges/{pledge.ref}").get_data(as_text=True)
    assert "Entry corrected by the ISU" in page and "withdrawn" not in page


def test_two_officers_at_one_entry_see_both_wordings(isu, sign_in, conference):
    other = sign_in(Role.ISU_ADMINISTRATOR)
    send(isu, conference, "che 80k chf isu")
    [pledge] = kept()
    url, version = f"/conferences/{conference.ref}/correct/{pledge.ref}", pledge.version
    assert other.post(url, data={"line": "che 81k chf isu", "version": version}, headers=DATA).json["ok"]
    crossed = isu.post(url, data={"line": "che 82k chf isu", "version": version}, headers=DATA)
    assert crossed.status_code == 409
    assert (crossed.json["mine"], crossed.json["theirs"]) == ("che 82k chf isu", "CHE 81000 CHF isu")
    page = isu.post(url, data={"line": "che 82k chf isu", "version": version})
    assert page.status_code == 409 and "CHE 81000 CHF isu" in page.get_data(as_text=True)
    assert kept()[0].amount == Decimal(81_000)
    again = isu.post(url, data={"line": "che 82k chf isu", "version": crossed.json["version"]}, headers=DATA)
    assert again.json["ok"] and kept()[0].amount == Decimal(82_000)


def test_a_confirmed_pledge_is_no_entry_to_correct_any_more(isu, conference):
    from partnerships.pledges import service as pledging

    send(isu, conference, "che 80k chf isu")
    [pledge] = kept()
    pledging.move(pledge, "confirmed", SYSTEM)
    db.session.commit()
    url = f"/conferences/{conference.ref}/correct/{pledge.ref}"
    answer = isu.post(url, data={"line": "che 90k chf isu", "version": pledge.version})
    assert answer.status_code == 422 and "moved on" in answer.get_data(as_text=True)
    assert isu.post(f"/conferences/{conference.ref}/undo/{pledge.ref}", headers=DATA).status_code == 422


def test_nothing_is_logged_when_it_is_closed(isu, conference):
    service.move(conference, "closed", SYSTEM)
    db.session.commit()
    assert send(isu, conference, "che 80k chf isu").status_code == 422
    assert not kept()


def test_speakers_and_expected_delegations(isu, conference):
    base = f"/conferences/{conference.ref}"
    assert isu.post(f"{base}/attendance", data={"delegation": "Norway", "expected": "y"}).status_code == 303
    assert isu.post(f"{base}/speakers", data={"speakers": "Sweden\nNOR\n\nJapan"}).status_code == 303
    rows = {row.party.ref: row for row in db.session.scalars(select(Attendance).where(
        Attendance.conference_id == conference.id).order_by(Attendance.speaking))}
    assert [(ref, row.speaking, row.presence.value) for ref, row in rows.items()] == [
        ("SWE", 1, "expected"), ("NOR", 2, "expected"), ("JPN", 3, "expected")]
    assert isu.post(f"{base}/attendance/{rows['SWE'].id}/speak").status_code == 303
    assert isu.post(f"{base}/attendance/{rows['NOR'].id}/arrive").status_code == 303
    db.session.expire_all()
    assert [rows[ref].presence.value for ref in ("SWE", "NOR", "JPN")] == ["present", "present", "expected"]
    assert rows["SWE"].spoke_at is not None
    page = isu.get(f"{base}/attendance").get_data(as_text=True)
    assert "has spoken" in page and "JPN is here" in page
    for typed, words in (("Norway\nNOR", "stands on the list twice"), ("Atlantis", "Line 1: No State")):
        answer = isu.post(f"{base}/speakers", data={"speakers": typed})
        assert answer.status_code == 422 and words in answer.get_data(as_text=True) and typed in answer.get_data(as_text=True)


def test_the_screen_shows_what_everybody_may_see_against_the_target(isu, conference, visitor, make):
    conference.targets.append(ConferenceTarget(object=PledgeObject.ISU_WORK_PLAN, year=2027, amount=Decimal(1_000_000),
                                               currency="CHF"))
    conference.reference_currency = "CHF"
    db.session.commit()
    send(isu, conference, "che 250k chf isu", key="1")
    send(isu, conference, f"nor 777k chf {make.need('KHM', visibility=Visibility.PARTIES).ref}", key="2")
    send(isu, conference, "ukr 1m uah isu", key="3")  # the bank gives no rate for it
    for reader in (visitor, isu):
        page = reader.get(f"/conferences/{conference.ref}/tally").get_data(as_text=True)
        assert "250\u202f000" in page and "1 million" in page and "777" not in page
        assert "UAH has no rate for these days and is left out" in page
    mark = page.split('data-mark="')[1].split('"')[0]
    assert visitor.get(f"/conferences/{conference.ref}/now?seen={mark}").status_code == 204
    send(isu, conference, "swe 1m sek isu", key="4")
    assert visitor.get(f"/conferences/{conference.ref}/now?seen={mark}").status_code == 200


SAID = st.tuples(st.sampled_from(["NOR", "SWE", "CHE"]), st.integers(1, 10**7), st.sampled_from(["NOK", "CHF", "USD", "UAH"]),
                 st.sampled_from([one for one in PledgeStatus if one is not PledgeStatus.DELIVERED]),
                 st.sampled_from([PledgeObject.ISU_WORK_PLAN, PledgeObject.FUND]))


def entry(ref, amount, currency, status, object):
    """A pledge as it stands in the log."""
    paid = Decimal(amount if status is PledgeStatus.PAID else 0)
    return Pledge(donor_id=int(ref, 36), amount=Decimal(amount), currency=currency, status=status, object=object,
                  paid_amount=paid, kind=PledgeKind.FINANCIAL, announced_on=DAY)


@given(rows=st.lists(SAID, max_size=12))
def test_the_tally_is_the_sum_of_its_entries(rows):
    board = tally.board(Conference(reference_currency="USD"), [entry(*row) for row in rows], DAY)
    standing = [row for row in rows if row[3].value in tally.SHOWN]
    assert board.whole.pledges == len(standing) and board.donors == len({row[0] for row in standing})
    for stage in tally.SHOWN:
        for currency in {row[2] for row in standing}:
            found = getattr(board.whole.by_currency[currency], stage)
            assert found == sum(row[1] for row in standing if row[2] == currency and row[3].value == stage)
            assert found == sum(getattr(row.by_currency[currency], stage) for row in board.rows if currency in row.by_currency)
    assert set(board.whole.reference.left_out) == {row[2] for row in standing} & {"UAH"}
