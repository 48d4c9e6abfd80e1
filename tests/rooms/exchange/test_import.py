"""An import from the file to the undo, for the ISU and for a State: what is kept, who may, what stays when others touched it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text, update

from partnerships.amendments.models import Amendment
from partnerships.core import jobs
from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db, utcnow
from partnerships.exchange import keeping
from partnerships.exchange.models import Import, ImportStatus
from partnerships.needs.models import Need, NeedVersion
from partnerships.needs.states import NeedStatus, Origin
from partnerships.offers.models import Offer
from tests.rooms.exchange.conftest import csv_of

HEAD = ["State", "Title", "Year", "Amount", "Currency", "Source", "id"]
SOURCE = "https://documents.example/plan"
ROW = ["Chad", "Clearance in the north", 2027, "1.200.000,50", "EUR", SOURCE, "A1"]


def need(ident: str = "A1") -> Need:
    return db.session.scalars(select(Need).where(Need.import_key.is_not(None), Need.title.like("Clearance%"))).one()


def number(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_the_isu_records_what_a_document_states(importing, visitor):
    one = importing(Role.ISU_OFFICER).import_(csv_of(HEAD, ROW))
    found = need()
    assert (found.origin, found.status, found.source) == (Origin.RECORDED, NeedStatus.PUBLISHED, SOURCE)
    assert found.asked == Decimal("1200000.50") and found.currency == "EUR" and str(found.valid_until) == "2027-12-31"
    assert found.ref.startswith("TCD-REC-2027-") and number(NeedVersion) == 1
    assert one.status is ImportStatus.CONFIRMED
    shown = visitor.get(f"/needs/{found.ref}").get_data(as_text=True)
    assert "recorded from a public document" in shown
    assert {event.tag for event in db.session.scalars(select(Event))} >= {"need.recorded", "import.confirmed"}


def test_a_second_import_changes_nothing_and_a_corrected_one_updates(importing):
    here = importing(Role.ISU_OFFICER)
    here.import_(csv_of(HEAD, ROW))
    events = number(Event)
    assert here.rows(here.preview(csv_of(HEAD, ROW)))[0][0] == "Changes nothing"
    other = csv_of([*reversed(HEAD)], [*reversed([*ROW[:3], "1300000", *ROW[4:]])], mark=";")
    where = here.preview(other)
    assert here.rows(where)[0][0] == "Changes a record" and need().asked == Decimal("1200000.50")
    here.move(where, "confirmed")
    assert need().asked == 1_300_000 and number(NeedVersion) == 2
    here.move(where, "undone")
    found = need()
    assert found.asked == Decimal("1200000.50") and [row.amount for row in found.amounts] == [Decimal("1200000.50")]
    assert number(NeedVersion) == 3 and number(Event) > events


def test_undo_leaves_the_register_as_it_was(importing):
    before = (number(Need), number(NeedVersion))
    here = importing(Role.ISU_OFFICER)
    one = here.import_(csv_of(HEAD, ROW, ["Angola", "Clearance II", 2027, 5000, "USD", SOURCE, "A2"]))
    assert number(Need) == before[0] + 2
    assert here.move(f"/exchange/{one.ref}", "undone").status_code == 303
    assert (number(Need), number(NeedVersion)) == before
    again = here.move(f"/exchange/{one.ref}", "undone")
    assert again.status_code == 303 and "already done" in here.client.get(again.location).get_data(as_text=True)


def test_undo_leaves_what_others_touched_or_refer_to(importing, make):
    here = importing(Role.ISU_OFFICER)
    one = here.import_(csv_of(HEAD, ROW, ["Angola", "Clearance II", 2099, 5000, "USD", SOURCE, "A2"],
                              ["Iraq", "Clearance III", 2099, 5000, "USD", SOURCE, "A3"]))
    touched, referred = (db.session.scalars(select(Need).where(Need.title == title)).one()
                         for title in ("Clearance in the north", "Clearance II"))
    make.match(referred)
    touched.place = "Somewhere"
    db.session.commit()
    here.move(f"/exchange/{one.ref}", "undone")
    left = set(db.session.scalars(select(Need.title).where(Need.import_key.is_not(None))))
    assert left == {"Clearance in the north", "Clearance II"}
    words = [words for _fate, words in here.rows(f"/exchange/{one.ref}")]
    assert "somebody changed it" in words[0] and "other records refer" in words[1] and words[2].endswith("Undone.")


def test_a_focal_point_imports_drafts_of_its_own_state_only(importing, make):
    here = importing(Role.FOCAL_POINT, "KHM")
    rows = csv_of(["Titre", "Année", "Montant USD", "Pays"], ["Déminage à Pailin", 2027, "2 000 000", "Cambodge"],
                  ["Ailleurs", 2027, 5, "Tchad"], ["Sans pays", 2028, "7", ""])
    where = here.preview(rows)
    found = here.rows(where)
    assert [fate for fate, _words in found] == ["New", "Not taken", "New"] and "your own State only" in found[1][1]
    here.move(where, "confirmed")
    drafts = list(db.session.scalars(select(Need).where(Need.status == NeedStatus.DRAFT).order_by(Need.id)))
    assert [draft.title for draft in drafts] == ["Déminage à Pailin", "Sans pays"]
    assert {draft.origin for draft in drafts} == {Origin.POSTED} and drafts[0].asked == 2_000_000
    assert [fate for fate, _words in here.rows(here.preview(rows))] == ["Changes nothing", "Not taken", "Changes nothing"]
    here.move(where, "undone")
    assert not list(db.session.scalars(select(Need).where(Need.status == NeedStatus.DRAFT)))


def test_a_published_need_of_the_state_is_changed_by_an_amendment(importing, make):
    published = make.need("KHM")
    old = published.title
    here = importing(Role.FOCAL_POINT, "KHM")
    where = here.preview(csv_of(["Reference", "Title"], [published.ref, "A better title"]))
    assert "waits as a change" in here.rows(where)[0][1]
    here.move(where, "confirmed")
    db.session.expire_all()
    amendment = db.session.scalars(select(Amendment)).one()
    assert amendment.content["title"] == "A better title" and db.session.get(Need, published.id).title == old
    here.move(where, "undone")
    assert db.session.scalars(select(Amendment)).one().status.value == "dropped"


def test_nobody_changes_what_is_not_theirs(importing, make):
    posted, foreign = make.need("KHM"), make.need("AGO", NeedStatus.DRAFT)
    isu = importing(Role.ISU_OFFICER)
    where = isu.preview(csv_of(["Reference", "State", "Title", "Source"], [posted.ref, "KHM", "x", SOURCE]))
    assert isu.rows(where)[0][0] == "Not taken" and "posted this need itself" in isu.rows(where)[0][1]
    isu.import_(csv_of(HEAD, ["Cambodia", "Clearance", 2027, 5, "USD", SOURCE, "K"]))
    recorded = db.session.scalars(select(Need.ref).where(Need.import_key.is_not(None))).one()
    focal = importing(Role.FOCAL_POINT, "KHM")
    found = focal.rows(focal.preview(csv_of(["Reference", "Title"], [recorded, "x"], [foreign.ref, "y"])))
    assert "only the ISU changes it" in found[0][1] and "no need of Cambodia that you can see" in found[1][1]


def test_what_a_state_posts_and_what_the_isu_records_never_meet_under_one_key(importing):
    importing(Role.ISU_OFFICER).import_(csv_of(HEAD, ["Cambodia", *ROW[1:]]))
    focal = importing(Role.FOCAL_POINT, "KHM")
    where = focal.preview(csv_of(HEAD, ["Cambodia", *ROW[1:]]))  # it reads like what is recorded, and is kept as its own
    assert focal.client.post(f"{where}/keep", data={"csrf_token": focal.client.csrf_token()}).status_code == 303
    focal.move(where, "confirmed")
    assert {one.origin for one in db.session.scalars(select(Need).where(Need.import_key.is_not(None)))} == set(Origin)


def test_offers_of_the_own_party(importing):
    here = importing(Role.DONOR_OFFICER, "NOR")
    head = ["Title", "Summary", "Kind of assistance", "Valid until", "Largest amount", "Currency", "States", "code"]
    row = ["Courses", "For deminers", "training, expertise", "2027-06-30", "50 000", "NOK", "Chad; Angola", "C-1"]
    one = here.import_(csv_of(head, row), what="offers")
    offer = db.session.scalars(select(Offer)).one()
    assert offer.amount_max == 50_000 and offer.countries == ("AGO", "TCD") and offer.kinds == ("expertise", "training")
    assert here.rows(here.preview(csv_of(head, row), what="offers"))[0][0] == "Changes nothing"
    second = here.import_(csv_of(head, [*row[:4], "60 000", *row[5:]]), what="offers")
    assert db.session.scalars(select(Offer)).one().amount_max == 60_000
    here.move(f"/exchange/{second.ref}", "undone")
    assert db.session.scalars(select(Offer)).one().amount_max == 50_000
    here.move(f"/exchange/{one.ref}", "undone")
    assert "somebody changed it" in here.rows(f"/exchange/{one.ref}")[0][1] and number(Offer) == 1


@pytest.mark.parametrize(("role", "what"), [(Role.DONOR_OFFICER, "needs"), (Role.ISU_OFFICER, "offers")])
def test_each_role_imports_only_what_it_may_post(importing, role, what):
    answer = importing(role).send(csv_of(HEAD, ROW), what=what)
    assert answer.status_code == 422 and number(Import) == 0
    assert importing(role).client.get(f"/exchange/template/{what}.csv").status_code == 404


def test_committee_members_and_the_public_import_nothing(sign_in, visitor):
    assert sign_in(Role.COMMITTEE_MEMBER).get("/exchange/").status_code == 403
    assert "/accounts/sign-in" in visitor.get("/exchange/").headers["Location"]


def test_a_stranger_sees_no_import_of_another_party(importing, sign_in):
    one = importing(Role.FOCAL_POINT, "KHM").import_(csv_of(["Title"], ["Clearance"]))
    for role, party in ((Role.FOCAL_POINT, "AGO"), (Role.ISU_OFFICER, None), (Role.DONOR_OFFICER, "NOR")):
        client = sign_in(role, party)
        assert client.get(f"/exchange/{one.ref}").status_code == 404
        assert client.post(f"/exchange/{one.ref}/move/undone", data={"csrf_token": client.csrf_token()}).status_code == 404


def test_a_form_sent_twice_makes_one_import(importing):
    here = importing(Role.ISU_OFFICER)
    data = {"what": "needs", "once": "k" * 20, "csrf_token": here.client.csrf_token()}
    places = {here.post(data, csv_of(HEAD, ROW), "a.csv").headers["Location"] for _time in range(2)}
    assert len(places) == 1 and number(Import) == 1
    where = places.pop()
    assert [here.move(where, "confirmed").status_code for _time in range(2)] == [303, 303] and need()


def test_when_the_register_changed_meanwhile_it_says_so_and_asks_again(importing):
    here = importing(Role.ISU_OFFICER)
    first, second = here.preview(csv_of(HEAD, ROW)), here.preview(csv_of(HEAD, ROW))
    here.move(first, "confirmed")
    answer = here.move(second, "confirmed")
    assert "The register changed since this preview" in here.client.get(answer.location).get_data(as_text=True)
    assert here.rows(second)[0][0] == "Changes nothing"
    assert db.session.scalars(select(Import.status).order_by(Import.id.desc())).first() is ImportStatus.PREVIEWED


def test_the_columns_can_be_put_right_without_sending_the_file_again(importing):
    here = importing(Role.ISU_OFFICER)
    where = here.preview(csv_of(["Land", "Titel", "Jahr", "Summe EUR"], ["Chad", "Clearance", 2027, 500]))
    assert here.rows(where)[0][0] == "Not taken"
    form = {"csrf_token": here.client.csrf_token(), "version": "1", "column_0": "country", "column_1": "title",
            "column_2": "year", "column_3": "amount", "source": SOURCE}
    assert here.client.post(f"{where}/columns", data={**form, "column_3": "colour"}).status_code == 422
    assert here.client.post(f"{where}/columns", data=form).status_code == 303
    assert here.rows(where)[0][0] == "New"
    assert here.client.post(f"{where}/columns", data=form).status_code == 409  # opened before the rows were read again
    here.move(where, "confirmed")
    assert need().asked == 500 and need().source == SOURCE


def test_previews_left_alone_are_dropped_after_thirty_days(app, importing):
    here = importing(Role.FOCAL_POINT, "KHM")
    old, fresh = here.preview(csv_of(["Title"], ["Clearance"])), here.preview(csv_of(["Title"], ["Clearance"]))
    db.session.execute(update(Import).where(Import.ref == old.rsplit("/", 1)[1]).values(created_at=utcnow() - timedelta(days=31)))
    db.session.commit()
    outcome = jobs.run(date.today(), ["drop-previews"])[0]
    assert (outcome.done, outcome.error) == (1, "")
    assert here.client.get(old).status_code == 404 and here.client.get(fresh).status_code == 200
    assert here.move(fresh, "dropped").status_code == 303 and here.client.get(fresh).status_code == 404


def test_nothing_is_half_imported_when_the_database_refuses_a_row(importing, monkeypatch):
    here = importing(Role.ISU_OFFICER)
    where = here.preview(csv_of(HEAD, ROW, ["Angola", "Clearance II", 2027, 5000, "USD", SOURCE, "A2"]))
    real = keeping._record

    def broken(verdict, actor):
        record = real(verdict, actor)
        if verdict.entry.number == 3:
            db.session.execute(text("UPDATE need SET status = 'nonsense' WHERE id = :id"), {"id": record.id})
        return record
    before = number(Need)
    monkeypatch.setattr(keeping, "_record", broken)
    answer = here.move(where, "confirmed")
    assert answer.status_code == 422 and "Nothing was imported" in answer.get_data(as_text=True)
    assert number(Need) == before and here.rows(where)[0][0] == "New"
