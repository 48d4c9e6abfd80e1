"""Rows like a record wait for a choice: side by side, linked, merged or kept; remembered, undone, never made by accident."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from partnerships.amendments.models import Amendment
from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.exchange.models import Choice, Import, ImportRow
from partnerships.needs.models import Need
from partnerships.offers.models import Offer
from partnerships.pledges.models import Contribution
from tests.rooms.exchange.conftest import csv_of

HEAD = ["State", "Title", "Summary", "Year", "Amount", "Currency", "Source", "id"]
SOURCE = "https://documents.example/plan"
FIRST = ["Chad", "Clearance of mined areas in Borkou", "", 2027, 1_200_000, "USD", SOURCE, "A1"]
LIKE = ["Chad", "Clearing mined areas in the Borkou region", "Two teams for a year", 2027, 1_250_000, "USD", SOURCE + "-2", "B7"]
OTHER = ["Chad", "Victim assistance in N'Djamena", "", 2027, 900_000, "USD", SOURCE, "A2"]


def number(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def recorded() -> Need:
    db.session.expire_all()
    return db.session.scalars(select(Need).where(Need.title.like("Clear%Borkou%")).order_by(Need.id)).first()


def choose(here, where: str, row: int, choice: str, *fields: str):
    return here.client.post(f"{where}/rows/{row}", data={"csrf_token": here.client.csrf_token(), "choice": choice,
                                                         "fields": list(fields)})


@pytest.fixture
def waiting(importing):
    """The page of the ISU with FIRST on record and a preview of LIKE and OTHER: (page, address)."""
    here = importing(Role.ISU_OFFICER)
    here.import_(csv_of(HEAD, FIRST))
    where = here.preview(csv_of(HEAD, LIKE, OTHER))
    return here, where


def test_a_row_like_a_record_waits_and_is_left_out_until_somebody_chooses(waiting):
    here, where = waiting
    found = here.rows(where)
    assert [fate for fate, _words in found] == ["Like a record: choose", "New"] and recorded().ref in found[0][1]
    assert "or it is left out" in here.client.get(where).get_data(as_text=True)
    before = number(Need)
    answer = here.move(where, "confirmed")
    assert "1 row is left out: nobody has chosen." in here.client.get(answer.location).get_data(as_text=True)
    assert number(Need) == before + 1 and "Left out" in here.rows(where)[0][1]
    assert here.client.get(f"{where}/rows/2").status_code == 404


def test_both_stand_side_by_side_with_what_differs_marked(waiting):
    here, where = waiting
    text = here.client.get(f"{where}/rows/2").get_data(as_text=True)
    for words in (LIKE[1], FIRST[1], "2027: 1\u202f250\u202f000 USD", "2027: 1\u202f200\u202f000 USD", LIKE[2], "differs"):
        assert words in text, words
    ticked = re.findall(r'<input[^>]*checked[^>]*>', text)
    assert len(ticked) == 1 and 'value="summary"' in ticked[0]  # what the record leaves empty, and nothing else
    assert here.client.get(f"{where}/rows/3").status_code == 404 and here.client.get(f"{where}/rows/99").status_code == 404
    assert choose(here, where, 2, "").status_code == 422 and choose(here, where, 2, "merge", "nonsense").status_code == 422


def test_linked_makes_nothing_and_is_known_again(waiting):
    here, where = waiting
    assert choose(here, where, 2, "link").status_code == 303 and here.rows(where)[0][0] == "Changes nothing"
    before, version = number(Need), recorded().version
    here.move(where, "confirmed")
    assert number(Need) == before + 1 and recorded().version == version
    noted = db.session.scalars(select(Event).where(Event.tag == "need.named")).one()
    assert SOURCE + "-2" in noted.note
    again = here.rows(here.preview(csv_of(HEAD, LIKE)))
    assert again[0][0] == "Changes nothing" and "said so" in again[0][1]
    here.move(where, "undone")
    assert here.rows(here.preview(csv_of(HEAD, LIKE)))[0][0] == "Like a record: choose"


def test_merged_adds_what_is_ticked_and_undo_takes_it_back(waiting):
    here, where = waiting
    assert choose(here, where, 2, "merge", "summary", "amounts").status_code == 303
    assert here.rows(where)[0][0] == "Changes a record"
    here.move(where, "confirmed")
    found = recorded()
    assert (found.title, found.summary, found.asked) == (FIRST[1], LIKE[2], 1_250_000)
    here.move(where, "undone")
    found = recorded()
    assert (found.title, found.summary, found.asked) == (FIRST[1], "", 1_200_000)


def test_kept_makes_a_record_of_its_own_for_one_row_or_all(waiting):
    here, where = waiting
    before = number(Need)
    assert here.client.post(f"{where}/keep", data={"csrf_token": here.client.csrf_token()}).status_code == 303
    assert here.rows(where)[0][0] == "New" and "of its own" in here.rows(where)[0][1]
    here.move(where, "confirmed")
    assert number(Need) == before + 2
    assert here.rows(here.preview(csv_of(HEAD, LIKE)))[0][0] == "Changes nothing"  # known by its own number now


def test_a_row_like_an_earlier_row_of_the_file_waits_too(importing):
    here = importing(Role.ISU_OFFICER)
    where = here.preview(csv_of(HEAD, FIRST, LIKE))
    assert [fate for fate, _words in here.rows(where)] == ["New", "Like a record: choose"]
    assert FIRST[1] in here.client.get(f"{where}/rows/3").get_data(as_text=True)
    assert choose(here, where, 3, "merge").status_code == 422  # it is not on record yet
    choose(here, where, 3, "link")
    here.move(where, "confirmed")
    assert db.session.scalar(select(func.count(Need.id)).where(Need.title.like("Clear%Borkou%"))) == 1


def test_what_is_another_need_is_no_duplicate(importing):
    here = importing(Role.ISU_OFFICER)
    here.import_(csv_of(HEAD, FIRST))
    rows = [["Chad", FIRST[1], "", 2029, *FIRST[4:7], "C1"], ["Angola", *FIRST[1:7], "C2"],
            ["Chad", FIRST[1], "", 2027, 300_000, "USD", SOURCE, "C3"], [*OTHER[:7], "C4"]]
    assert [fate for fate, _words in here.rows(here.preview(csv_of(HEAD, *rows)))] == ["New"] * 4


def test_a_choice_counts_only_for_the_record_it_was_made_of(waiting):
    here, where = waiting
    choose(here, where, 2, "link")
    here.move(f"/exchange/{db.session.scalars(select(Import.ref).order_by(Import.id)).first()}", "undone")
    assert recorded() is None
    here.move(where, "confirmed")
    assert here.rows(where)[0][0] == "New"  # looked at again, and nothing is like it any more
    assert db.session.scalars(select(ImportRow).where(ImportRow.number == 2).order_by(ImportRow.id.desc())).first().choice is None


def test_a_state_merges_into_its_published_need_by_a_change(importing, make):
    published = make.need("KHM")
    here = importing(Role.FOCAL_POINT, "KHM")
    where = here.preview(csv_of(["Title", "Place", "Summary"], [published.title, "Pailin district", published.summary]))
    assert here.rows(where)[0][0] == "Like a record: choose"
    choose(here, where, 2, "merge", "place")
    here.move(where, "confirmed")
    db.session.expire_all()
    assert db.session.scalars(select(Amendment)).one().content["place"] == "Pailin district"
    assert db.session.get(Need, published.id).place != "Pailin district"


def test_the_isu_merges_nothing_into_what_a_state_posted(importing, make):
    published = make.need("KHM")
    here = importing(Role.ISU_OFFICER)
    where = here.preview(csv_of(HEAD, ["Cambodia", published.title, "", "", "", "", SOURCE, "X"]))
    text = here.client.get(f"{where}/rows/2").get_data(as_text=True)
    assert "posted this need itself" in text and 'value="merge"' not in text
    assert choose(here, where, 2, "merge").status_code == 422


def test_offers_and_contributions_wait_as_well(importing, make):
    norway = importing(Role.DONOR_OFFICER, "NOR")
    head, row = ["Title", "Summary", "Kind", "Valid until", "code"], ["Courses for deminers", "x", "training", "2027-06-30", "1"]
    norway.import_(csv_of(head, row), what="offers")
    where = norway.preview(csv_of(head, ["Course for deminers", "x", "training", "2027-06-30", "2"]), what="offers")
    assert norway.rows(where)[0][0] == "Like a record: choose"
    choose(norway, where, 2, "merge", "title")
    norway.move(where, "confirmed")
    assert db.session.scalars(select(Offer)).one().title == "Course for deminers"
    isu, before = importing(Role.ISU_OFFICER), number(Contribution)
    head = ["year", "donor", "recipient", "sector", "amount_usd", "source"]
    isu.import_(csv_of(head, [2022, "Norway", "Chad", "Clearance", 500_000, SOURCE]), what="contributions")
    where = isu.preview(csv_of(head, [2022, "Norway", "Chad", "Various", 501_000, SOURCE]), what="contributions")
    assert isu.rows(where)[0][0] == "Like a record: choose" and choose(isu, where, 2, "merge", "sector").status_code == 303
    isu.move(where, "confirmed")
    made = db.session.scalars(select(Contribution).order_by(Contribution.id.desc())).first()
    assert number(Contribution) == before + 1 and (made.sector, made.amount_usd) == ("Various", 500_000)
    isu.move(where, "undone")
    db.session.expire_all()
    assert db.session.get(Contribution, made.id).sector == "Clearance"


@pytest.mark.parametrize(("option", "code", "made"), [("keep", 0, 2), ("skip", 0, 1), ("report", 2, 1)])
def test_the_command_has_nobody_to_ask(importing, command, option, code, made):
    importing(Role.ISU_OFFICER).import_(csv_of(HEAD, FIRST))
    done, report = command(csv_of(HEAD, LIKE), "--duplicates", option)
    assert done == code and "Borkou" in report["rows"][0]["words"]
    assert report["rows"][0]["result"] == ("created" if option == "keep" else "waiting")
    assert db.session.scalar(select(func.count(Need.id)).where(Need.title.like("Clear%Borkou%"))) == made


def test_nobody_chooses_for_another_party(importing, sign_in, waiting):
    _here, where = waiting
    stranger = sign_in(Role.FOCAL_POINT, "KHM")
    data = {"csrf_token": stranger.csrf_token(), "choice": Choice.LINK.value}
    for path in ("/rows/2", "/keep", "/forget"):
        assert stranger.post(where + path, data=data).status_code == 404
    assert stranger.get(f"{where}/rows/2").status_code == 404


def test_a_need_or_offer_posted_by_hand_says_what_it_looks_like(sign_in, make):
    one, two = make.need("KHM"), make.need("KHM")
    one.title = two.title = "Clearance of two minefields near schools"
    db.session.commit()
    make.offer("NOR", title="Courses for deminers")
    second = make.offer("NOR", title="Courses for deminers and surveyors")
    shown = sign_in(Role.FOCAL_POINT, "KHM").get(f"/needs/{two.ref}/edit").get_data(as_text=True)
    assert "It looks like another need of this State" in shown and one.ref in shown
    norway = sign_in(Role.DONOR_OFFICER, "NOR").get(f"/offers/{second.ref}").get_data(as_text=True)
    assert "It looks like another offer of yours" in norway
    assert "It looks like another offer" not in sign_in(Role.FOCAL_POINT, "KHM").get(f"/offers/{second.ref}").get_data(as_text=True)
