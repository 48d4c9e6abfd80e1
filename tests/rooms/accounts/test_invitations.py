"""By invitation only: who invites whom, and a link that opens one account, once."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from partnerships.accounts.models import Account, AccountInvitation
from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db, utcnow
from partnerships.core.mail import Mail

GOOD = "river lamp seven green"
WHO = {"email": "new@authority.example", "name": "New Person"}
HOW = "Note verbale 12/2026 of the Permanent Mission"


def link(app) -> str:
    """The path of the link in the newest letter of an invitation."""
    body = db.session.scalars(select(Mail.body).where(Mail.kind == "account-invitation").order_by(Mail.id.desc())).first()
    return re.search(r"https?://[^/]+(/accounts/accept/[\w-]+)", body).group(1)


def invited(client, **values) -> None:
    """Invite somebody."""
    answer = client.post("/accounts/invite", data={**WHO, "role": "donor-officer", "party": "NOR", **values})
    assert answer.status_code == 303, answer.get_data(as_text=True)


def test_an_administrator_invites_and_the_person_comes_in(app, sign_in, visitor):
    admin = sign_in(Role.ISU_ADMINISTRATOR)
    invited(admin)
    assert "New Person" in admin.get("/accounts/people").get_data(as_text=True)
    page = visitor.get(link(app))
    assert page.status_code == 200 and page.headers["Cache-Control"] == "private, no-store"
    answer = visitor.post(link(app), data={"name": "New Person", "password": GOOD})
    assert answer.status_code == 303 and visitor.get("/desk/").headers["Location"] == "/accounts/factors", "it can pledge"
    account = db.session.scalars(select(Account).where(Account.email == WHO["email"])).one()
    assert (account.role, account.party.ref) == (Role.DONOR_OFFICER, "NOR")
    tags = set(db.session.scalars(select(Event.tag)))
    assert {"invitation.made", "account.opened"} <= tags


def test_a_link_serves_once_and_not_for_ever(app, sign_in, visitor):
    admin = sign_in(Role.ISU_ADMINISTRATOR)
    invited(admin)
    first = link(app)
    with time_machine.travel(utcnow() + timedelta(days=7, minutes=1)):
        assert visitor.get(first).status_code == 404 == visitor.post(first, data={"name": "X", "password": GOOD}).status_code
    number = db.session.scalar(select(AccountInvitation.id))
    assert admin.post(f"/accounts/invitations/{number}/again").status_code == 303
    assert visitor.get(first).status_code == 404, "the earlier link ends"
    second = link(app)
    assert app.test_client().post(second, data={"name": "One", "password": GOOD}).status_code == 303
    assert app.test_client().post(second, data={"name": "Two", "password": GOOD}).status_code == 404
    assert db.session.scalars(select(Account.name).where(Account.email == WHO["email"])).all() == ["One"]


def test_a_withdrawn_invitation_opens_nothing(app, sign_in, visitor):
    admin = sign_in(Role.ISU_ADMINISTRATOR)
    invited(admin)
    number = db.session.scalar(select(AccountInvitation.id))
    admin.post(f"/accounts/invitations/{number}/withdraw")
    assert visitor.get(link(app)).status_code == 404
    assert admin.post(f"/accounts/invitations/{number}/again").status_code == 422


@pytest.mark.parametrize(("values", "words"), [
    ({"email": "no address"}, "not an e-mail address"), ({"email": "a@b\r\nBcc: c@d.example"}, "E-mail address"),
    ({"name": ""}, "the person&#39;s name"), ({"party": "XXX"}, "Choose one of the list"),
    ({"role": "public"}, "Choose one of the list"), ({"role": "isu-officer"}, "roles are for the people of the ISU"),
    ({"party": "ISU"}, "roles are for the people of the ISU"),
    ({"role": "organisation-officer"}, "belongs to an organisation"),
    ({"role": "focal-point", "party": "GICHD"}, "speak for a State"),
    ({"role": "focal-point", "party": "KHM"}, "Say how the ISU made sure"),
    ({"on": "2099-01-01"}, "yet to come"),
])
def test_bad_input_is_said_beside_its_field_and_kept(sign_in, values, words):
    client = sign_in(Role.ISU_ADMINISTRATOR)
    answer = client.post("/accounts/invite", data={**WHO, "role": "donor-officer", "party": "NOR", **values})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text
    assert values.get("name", "New Person") in text
    assert not db.session.scalars(select(AccountInvitation)).all()


def test_an_address_is_invited_once(sign_in, make):
    client = sign_in(Role.ISU_ADMINISTRATOR)
    invited(client)
    again = client.post("/accounts/invite", data={**WHO, "email": "NEW@authority.example", "role": "donor-officer", "party": "NOR"})
    assert again.status_code == 422 and "already invited" in again.get_data(as_text=True)
    taken = client.post("/accounts/invite", data={**WHO, "email": make.account().email, "role": "donor-officer", "party": "NOR"})
    assert taken.status_code == 422 and "already an account" in taken.get_data(as_text=True)


def test_it_is_on_record_how_the_isu_made_sure_of_a_focal_point(app, sign_in, visitor):
    admin = sign_in(Role.ISU_ADMINISTRATOR)
    invited(admin, role="focal-point", party="KHM", how=HOW, on="2026-03-02")
    visitor.post(link(app), data={"name": "New Person", "password": GOOD})
    account = db.session.scalars(select(Account).where(Account.email == WHO["email"])).one()
    assert account.authenticated_how == HOW and account.authenticated_at == date(2026, 3, 2)
    assert account.authenticated_by_id is not None
    page = admin.get(f"/accounts/people/{account.id}").get_data(as_text=True)
    assert HOW in page and "2 March 2026" in page


def test_a_head_of_delegation_invites_colleagues_within_limits(app, make, sign_in):
    head = sign_in(make.account(Role.DONOR_OFFICER, "NOR", is_head=True))
    invited(head, is_head="y")
    kept = db.session.scalars(select(AccountInvitation)).one()
    assert not kept.is_head, "heads are named by the ISU"
    for values in ({"party": "JPN"}, {"role": "isu-administrator"}, {"role": "focal-point"}):
        answer = head.post("/accounts/invite", data={"email": "x@y.example", "name": "X", "role": "donor-officer", "party": "NOR",
                                                     **values})
        assert answer.status_code == 422, values
    for number in range(7):
        invited(head, email=f"colleague{number}@norway.example")
    full = head.post("/accounts/invite", data={**WHO, "email": "nine@norway.example", "role": "donor-officer", "party": "NOR"})
    assert full.status_code == 422 and "Ask the ISU for more" in full.get_data(as_text=True)


def test_a_colleague_of_a_focal_point_waits_for_the_isu(app, make, sign_in, visitor):
    head = sign_in(make.account(Role.FOCAL_POINT, "KHM", is_head=True))
    invited(head, role="focal-point", party="KHM", how="we say so")
    kept = db.session.scalars(select(AccountInvitation)).one()
    assert not kept.digest and not kept.authenticated_how and not db.session.scalars(select(Mail)).all()
    assert head.post(f"/accounts/invitations/{kept.id}", data={"how": HOW, "on": "2026-01-01"}).status_code == 403
    assert head.post(f"/accounts/invitations/{kept.id}/again").status_code == 422
    assert visitor.get("/accounts/accept/").status_code == 404
    officer = sign_in(Role.ISU_OFFICER)
    url = f"/accounts/invitations/{kept.id}"
    assert officer.get(url).status_code == 200
    empty = officer.post(url, data={"how": "", "on": "2026-01-01"})
    assert empty.status_code == 422 and "for example the note verbale" in empty.get_data(as_text=True)
    assert officer.post(url, data={"how": HOW, "on": "2026-01-01"}).status_code == 303
    assert visitor.post(link(app), data={"name": "New", "password": GOOD}).status_code == 303


def test_who_is_no_head_and_not_of_the_isu_finds_nothing(sign_in):
    for role in (Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.COMMITTEE_MEMBER):
        client = sign_in(role)
        assert client.get("/accounts/people").status_code == 404 == client.get("/accounts/invite").status_code
        assert client.post("/accounts/invite", data={**WHO, "role": "donor-officer", "party": "NOR"}).status_code == 404
    officer = sign_in(Role.ISU_OFFICER)
    assert officer.get("/accounts/people").status_code == 200 and officer.get("/accounts/invite").status_code == 403


def test_a_head_sees_its_own_people_only(make, sign_in):
    other = make.account(Role.DONOR_OFFICER, "JPN", name="Of Japan")
    make.account(Role.DONOR_OFFICER, "NOR", name="Of Norway")
    head = sign_in(make.account(Role.DONOR_OFFICER, "NOR", is_head=True))
    page = head.get("/accounts/people").get_data(as_text=True)
    assert "Of Norway" in page and "Of Japan" not in page
    assert head.get(f"/accounts/people/{other.id}").status_code == 404


def test_a_weak_password_is_refused_and_the_link_still_serves(app, sign_in, visitor):
    invited(sign_in(Role.ISU_ADMINISTRATOR))
    answer = visitor.post(link(app), data={"name": "New Person", "password": "New Person 12"})
    assert answer.status_code == 422 and "easy to guess" in answer.get_data(as_text=True)
    assert "New Person" in answer.get_data(as_text=True) and "New Person 12" not in answer.get_data(as_text=True)
    assert visitor.get(link(app)).status_code == 200


def test_the_letter_forgets_its_link_once_it_was_sent(app, sign_in, tmp_path):
    from partnerships.core import delivery

    invited(sign_in(Role.ISU_ADMINISTRATOR))
    word = link(app).rpartition("/")[2]
    db.session.commit()
    assert delivery.deliver().sent == 1
    db.session.expire_all()
    assert word not in db.session.scalars(select(Mail)).one().body
    assert word not in {one.digest for one in db.session.scalars(select(AccountInvitation))}


def test_two_who_use_a_link_at_once_get_one_account(app, sign_in):
    from tests.house.test_at_once import _at_once

    invited(sign_in(Role.ISU_ADMINISTRATOR))
    path = link(app)
    clients = [app.test_client() for _number in range(3)]
    for client in clients:
        client.get(path)
    tokens = [client.csrf_token() for client in clients]
    codes = _at_once(app, *[
        lambda client=client, token=token: client.post(path, data={"name": "N", "password": GOOD, "csrf_token": token}).status_code
        for client, token in zip(clients, tokens, strict=True)])
    assert codes.count(303) == 1 and set(codes) <= {303, 404, 422}, codes
    assert len(db.session.scalars(select(Account).where(Account.email == WHO["email"])).all()) == 1
