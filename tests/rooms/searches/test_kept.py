"""Searches that people keep: their own, at most twenty, and the letters about what is new in them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from partnerships.core import jobs
from partnerships.core.actor import Role
from partnerships.core.db import db, utcnow
from partnerships.core.mail import Mail
from partnerships.core.visibility import Visibility
from partnerships.searches import addresses, service
from partnerships.searches.models import Cadence, SavedSearch

MONDAY = date(2027, 1, 4)
TUESDAY = MONDAY + timedelta(days=1)


def keep(account, query: str = "needs?theme=victim-assistance", cadence: Cadence = Cadence.DAILY, **values) -> SavedSearch:
    """A search kept an hour ago."""
    search = SavedSearch(account_id=account.id, query=query, cadence=cadence, **{
        "name": "Victims", "looked_at": utcnow() - timedelta(hours=1), **values})
    db.session.add(search)
    db.session.commit()
    return search


def letters(account=None) -> list[Mail]:
    """The digests in the outbox."""
    query = select(Mail).where(Mail.kind == "digest").order_by(Mail.id)
    return list(db.session.scalars(query if account is None else query.where(Mail.account_id == account.id)))


def run(day: date = TUESDAY) -> int:
    """Run the job; how many letters it says it wrote."""
    (outcome,) = jobs.run(day, ["digests"])
    assert not outcome.error
    return outcome.done


@pytest.mark.parametrize(("place", "query", "kept"), [
    ("needs", "page=3&theme=x&q=&per=50&as=csv", "needs?theme=x"),
    ("search", "region=002&q=mine&lang=fr", "search?q=mine&region=002"), ("needs", "page=3", None), ("nowhere", "q=mine", None),
    ("search", "q=" + "x" * 700, None), ("search", "q=a%00b", "search?q=a%EF%BF%BDb"),
    ("search", "&".join(["q=1"] * 60), None), ("needs", "endpoint=x&_external=1", None),
])
def test_only_the_filters_of_a_list_are_kept(place, query, kept):
    assert addresses.kept(place, query) == kept


def test_a_search_is_kept_changed_and_deleted_in_the_browser(make, sign_in):
    account = make.account(Role.DONOR_OFFICER)
    client = sign_in(account)
    page = client.get("/searches/?q=clearance&region=035").get_data(as_text=True)
    assert "Keep this search" in page
    form = client.get("/searches/kept/new?place=search&query=q%3Dclearance%26region%3D035")
    assert "clearance" in form.get_data(as_text=True)
    sent = {"csrf_token": client.csrf_token(), "place": "search", "query": "q=clearance&region=035", "name": "",
            "cadence": "weekly"}
    assert client.post("/searches/kept/new", data=sent).status_code == 422
    assert client.post("/searches/kept/new", data={**sent, "name": "x" * 121}).status_code == 422
    assert client.post("/searches/kept/new", data={**sent, "name": "A", "cadence": "hourly"}).status_code == 422
    answer = client.post("/searches/kept/new", data={**sent, "name": "Clearance in Asia <b>"})
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/searches/kept")
    text = client.get("/searches/kept").get_data(as_text=True)
    assert "Clearance in Asia &lt;b&gt;" in text and "/searches/?q=clearance&amp;region=035" in text and "On Mondays" in text
    search = db.session.scalars(select(SavedSearch)).one()
    change = {"csrf_token": client.csrf_token(), "name": "Asia", "cadence": "never", "version": str(search.version)}
    assert client.post(f"/searches/kept/{search.id}/edit", data=change).status_code == 303
    assert client.post(f"/searches/kept/{search.id}/edit", data=change).status_code == 409, "the version has moved on"
    assert client.post(f"/searches/kept/{search.id}/delete", data={"csrf_token": client.csrf_token()}).status_code == 303
    db.session.expire_all()
    assert db.session.scalar(select(func.count()).select_from(SavedSearch)) == 0


def test_a_form_sent_twice_keeps_one_search(make, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    sent = {"csrf_token": client.csrf_token(), "once": "samekey", "place": "needs", "query": "theme=x", "name": "A",
            "cadence": "never"}
    assert [client.post("/searches/kept/new", data=sent).status_code for _ in range(2)] == [303, 303]
    assert db.session.scalar(select(func.count()).select_from(SavedSearch)) == 1


def test_a_list_without_filters_cannot_be_kept(sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.get("/searches/kept/new?place=needs&query=page%3D2")
    assert answer.status_code == 422 and "nothing to keep" in answer.get_data(as_text=True)


def test_nobody_sees_or_touches_another_persons_searches(make, sign_in, visitor):
    search = keep(make.account(Role.DONOR_OFFICER), name="Secret quagga")
    for role in (Role.DONOR_OFFICER, Role.ISU_ADMINISTRATOR):
        client = sign_in(role)
        token = {"csrf_token": client.csrf_token()}
        assert "quagga" not in client.get("/searches/kept").get_data(as_text=True)
        assert client.get(f"/searches/kept/{search.id}/edit").status_code == 404
        assert client.post(f"/searches/kept/{search.id}/edit", data={**token, "name": "Mine"}).status_code == 404
        assert client.post(f"/searches/kept/{search.id}/delete", data=token).status_code == 404
    assert visitor.get("/searches/kept").status_code == 303, "to sign-in"
    assert "Keep this search" not in visitor.get("/searches/?q=mine").get_data(as_text=True)


def test_twenty_are_kept_at_most(make):
    actor = make.actor(Role.DONOR_OFFICER)
    for number in range(service.MOST):
        service.keep(actor, f"Search {number}", "search?q=mine", Cadence.NEVER)
    with pytest.raises(Exception, match="20 searches already"):
        service.keep(actor, "One more", "search?q=mine", Cadence.NEVER)


def test_a_letter_names_what_is_new_and_is_written_once(make):
    account = make.account(Role.DONOR_OFFICER)
    keep(account)
    assert run() == 0 and not letters(), "nothing new, no letter"
    old = make.need("AGO", theme="victim-assistance", title="Known before")
    search = db.session.scalars(select(SavedSearch)).one()
    search.looked_at = utcnow()
    db.session.commit()
    new = make.need("KHM", theme="victim-assistance", title="Prostheses")
    make.need("KHM", theme="risk-education", title="Something else")
    assert run() == 1
    (letter,) = letters(account)
    assert new.ref in letter.body and f"/needs/{new.ref}" in letter.body and old.ref not in letter.body
    assert "Something else" not in letter.body and "theme=victim-assistance" in letter.body
    assert run() == 0 and len(letters()) == 1
    late = make.need("AGO", theme="victim-assistance", title="In the afternoon")
    assert run() == 0, "one letter a day"
    assert run(TUESDAY + timedelta(days=1)) == 1 and late.ref in letters()[-1].body


def test_several_searches_make_one_letter_a_person(make):
    first, second = make.account(Role.DONOR_OFFICER), make.account(Role.ORGANISATION_OFFICER)
    keep(first), keep(first, "search?q=prostheses", name="Words"), keep(second)
    make.need("KHM", theme="victim-assistance", title="Prostheses")
    assert run() == 2
    (letter,) = letters(first)
    assert "Victims: one new record" in letter.body and "Words: one new record" in letter.body
    assert "2 new records" in letter.subject


def test_weekly_letters_go_out_on_mondays_and_a_missed_monday_is_made_up(make):
    account = make.account(Role.DONOR_OFFICER)
    search = keep(account, cadence=Cadence.WEEKLY)
    make.need("KHM", theme="victim-assistance")
    today = date.today()
    monday = today + timedelta(days=-today.weekday() % 7)
    assert run(monday + timedelta(days=1)) == 0
    assert run(monday) == 1
    search.looked_at = utcnow() - timedelta(days=20)
    db.session.commit()
    assert run(monday + timedelta(days=2)) == 1


def test_letters_keep_to_what_the_person_may_see(make):
    donor, isu = make.account(Role.DONOR_OFFICER), make.account(Role.ISU_OFFICER)
    for account in (donor, isu):
        keep(account), keep(account, "search?q=zeppelin")
    hidden = make.need("KHM", theme="victim-assistance", title="Zeppelin", visibility=Visibility.ISU)
    assert run() == 1
    assert not letters(donor) and hidden.ref in letters(isu)[0].body


def test_closed_accounts_and_silent_searches_get_no_letter(make):
    keep(make.account(Role.DONOR_OFFICER, active=False))
    keep(make.account(Role.DONOR_OFFICER), cadence=Cadence.NEVER)
    make.need("KHM", theme="victim-assistance")
    assert run(MONDAY) == 0 and not letters()
