"""What the platform keeps about a person: shown, taken along, and erased without harm to the record."""

from __future__ import annotations

import json

from sqlalchemy import select

from partnerships.accounts import queries
from partnerships.accounts.models import Account
from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import Base, db
from partnerships.core.mail import Mail
from partnerships.needs.models import Need
from tests.rooms.accounts.test_second_factor import first_step, set_up


def test_the_copy_holds_what_names_the_person_and_no_secret(app, make):
    account = make.account(Role.FOCAL_POINT, "KHM")
    client = first_step(app, account)[0]
    set_up(client)
    client.post("/needs/new", data={**client.fields("/needs/new"), "title": "Ours", "save": "1"})
    answer = client.get("/accounts/me/export")
    kept = json.loads(answer.get_data(as_text=True))
    assert answer.headers["Content-Disposition"].startswith("attachment") and "sandbox" in answer.headers["Content-Security-Policy"]
    assert kept["account"][0]["email"] == account.email and kept["account_session"] and kept["mail"] and kept["event"]
    assert any(row["title"] == "Ours" for row in kept["need"])
    text = answer.get_data(as_text=True)
    for word in ("password_hash", "totp_secret", "digest", account.password_hash):
        assert word not in text


def test_the_copy_holds_nothing_of_others(app, make, sign_in):
    make.need("AGO")
    other = make.account(Role.DONOR_OFFICER, "NOR", name="Somebody Else")
    text = sign_in(Role.FOCAL_POINT, "KHM").get("/accounts/me/export").get_data(as_text=True)
    assert other.email not in text and "Somebody Else" not in text


def test_a_name_is_changed_and_a_bad_one_is_said(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    assert client.post("/accounts/me/edit", data={"name": "Sophéa  Chan", "language": "en"}).status_code == 303
    assert "Sophéa Chan" in client.get("/accounts/me").get_data(as_text=True)
    answer = client.post("/accounts/me/edit", data={"name": "x" * 201, "language": "en"})
    assert answer.status_code == 422 and "at most 200" in answer.get_data(as_text=True)


def test_erasing_takes_the_person_and_leaves_the_record(app, make, visitor):
    account = make.account(Role.FOCAL_POINT, "KHM", name="Sophea To Be Erased")
    number, email = account.id, account.email
    db.session.add(Mail(key="invited", kind="invitation", address=email, subject="You are invited", body="Come in"))
    db.session.commit()
    client = first_step(app, account)[0]
    set_up(client)
    client.post("/needs/new", data={**client.fields("/needs/new"), "title": "Ours", "save": "1",
                                    "contact_name": "Authority", "contact_email": "contact@authority.example"})
    assert client.get("/accounts/me/erase").status_code == 200
    assert client.post("/accounts/me/erase").status_code == 303
    assert client.get("/accounts/me").status_code == 303
    need = db.session.scalars(select(Need).where(Need.title == "Ours")).one()
    assert need.party.ref == "KHM" and db.session.scalars(select(Event).where(Event.tag == "account.erased")).one()
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)).mappings():
            text = " ".join(str(value) for value in row.values())
            assert email not in text, table.name
            assert table.name == "event" or "Sophea To Be Erased" not in text, table.name
    kept = db.session.get_one(Account, number)
    assert not kept.active and kept.erased_at and not kept.password_hash and not kept.totp_secret
    assert queries.names([number]) == {}
    assert not db.session.scalars(select(Mail).where(Mail.account_id == number)).all()
    again = visitor.post("/accounts/sign-in", data={"email": email, "password": "a long enough password"})
    assert again.status_code == 422


def test_an_administrator_erases_somebody_who_asks_and_cannot_open_it_again(make, sign_in):
    account, admin = make.account(), sign_in(Role.ISU_ADMINISTRATOR)
    url = f"/accounts/people/{account.id}"
    assert admin.post(f"{url}/erase", data={"note": "Asked by letter of 3 March."}).status_code == 303
    assert admin.get(url).status_code == 404 == admin.post(f"{url}/reopen").status_code
    assert db.session.get_one(Account, account.id).erased_at


def test_a_person_reads_about_their_own_ways_in(app, make):
    client = first_step(app, make.account(Role.COMMITTEE_MEMBER))[0]
    assert "With a password only" in client.get("/accounts/me").get_data(as_text=True)
    set_up(client)
    page = client.get("/accounts/factors").get_data(as_text=True)
    assert "10 codes are left" in page
    assert client.post("/accounts/password", data={"current": "wrong", "password": "river lamp seven green"}).status_code == 422
    done = client.post("/accounts/password", data={"current": "a long enough password", "password": "river lamp seven green"})
    assert done.status_code == 303 and client.get("/accounts/me").status_code == 200
