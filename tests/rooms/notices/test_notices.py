"""Notices: events for the people they concern, seen while the record may be seen, told by letter as each person wishes."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sqlalchemy import func, select

from partnerships.accounts.session import actor_of
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.mail import Mail
from partnerships.followups import service as followups
from partnerships.followups.states import Reason
from partnerships.matches import mediation
from partnerships.needs import service as needs
from partnerships.needs.states import NeedStatus
from partnerships.notices import queries, service
from partnerships.notices.models import Notice
from partnerships.notices.states import Cadence, Kind
from partnerships.pledges import service as pledges

STEP = {"message": "We read your need.", "next_step": "Call on Tuesday", "next_step_on": (date.today() + timedelta(9)).isoformat()}


def text(client, url: str = "/notices/") -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def count(client) -> int:
    found = re.search(r">Notices(?: \((\d+) new\))?<", text(client, "/help"))
    return int(found.group(1) or 0) if found else 0


def letters(kind: str) -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.id)))


def test_interest_reaches_the_state_at_once_and_nobody_else(make, sign_in, visitor):
    focal = make.account(Role.FOCAL_POINT, "KHM")
    need = make.need("KHM")
    client, donor, other = sign_in(focal), sign_in(Role.DONOR_OFFICER, "NOR"), sign_in(Role.DONOR_OFFICER, "JPN")
    before = count(client)
    assert donor.post(f"/matches/new/{need.ref}", data=STEP).status_code == 303
    assert count(client) == before + 1 and count(donor) == count(other) == 0, "not who did it, nor a third"
    page = text(client)
    assert "We read your need." in page and "Norway" in page
    assert text(other).count("record") < 3 and "We read" not in text(other)
    assert visitor.get("/notices/").status_code == 303
    told = [one for one in letters("notice") if one.account_id == focal.id]
    assert len(told) == 1 and "/matches/" in told[0].body and "/notices/settings" in told[0].body
    notice = db.session.scalars(queries.of(actor_of(focal))).first()
    assert notice is not None
    assert other.post(f"/notices/{notice.id}").status_code == 404
    answer = client.post(f"/notices/{notice.id}")
    assert answer.status_code == 303 and "/matches/" in answer.headers["Location"]
    assert count(client) == before
    assert client.post("/notices/read").status_code == 303 and count(client) == 0


def test_what_is_no_longer_to_be_seen_is_no_longer_told_or_counted(make, sign_in):
    person = make.account(Role.DONOR_OFFICER, "NOR")
    meeting, client = make.meeting("KHM", participants=[make.party("NOR")]), sign_in(person)
    assert meeting.ref in text(client) and count(client) == 1
    meeting.participants.clear()
    db.session.commit()
    assert meeting.ref not in text(client) and count(client) == 0
    service.gather(date.today())
    db.session.commit()
    assert all(meeting.ref not in one.body for one in letters("notices") if one.account_id == person.id)


def test_letters_come_as_a_person_wishes_and_none_twice(make, sign_in):
    person, calm = make.account(Role.FOCAL_POINT, "KHM"), make.account(Role.FOCAL_POINT, "KHM")
    need, monday = make.need("KHM"), date(2026, 11, 30)
    service.gather(monday)
    db.session.commit()
    old = {one.id for one in letters("notices")}
    client = sign_in(calm)
    form = {kind.value: Cadence.NEVER.value for kind in Kind}
    assert client.post("/notices/settings", data={**form, "needs": "hourly"}).status_code == 422
    assert client.post("/notices/settings", data=form).status_code == 303
    assert re.search(r'value="never"[^>]*checked|checked[^>]*value="never"', text(client, "/notices/settings"))
    weekly = make.account(Role.FOCAL_POINT, "KHM")
    service.wish(actor_of(weekly), {Kind.PLEDGES: Cadence.WEEKLY})
    made = make.pledge("NOR", need=need)
    pledges.move(made, "confirmed", make.actor(Role.DONOR_OFFICER, "NOR"), on=date.today())
    db.session.commit()
    service.gather(monday + timedelta(days=1))
    db.session.commit()
    fresh = {one.account_id: one for one in letters("notices") if one.id not in old}
    assert person.id in fresh and calm.id not in fresh and weekly.id not in fresh
    assert fresh[person.id].body.count(made.ref) >= 2 and "Pledges to you or by you" in fresh[person.id].body
    assert service.gather(monday + timedelta(days=1)) == 0, "told once"
    service.gather(monday + timedelta(days=7))
    db.session.commit()
    assert weekly.id in {one.account_id for one in letters("notices")}
    assert calm.id not in {one.account_id for one in letters("notices") if one.id not in old}
    assert count(client) > 0, "without letters the notices are still there"


def test_a_follow_up_is_told_to_whom_it_was_given(make):
    owner, colleague = make.account(Role.DONOR_OFFICER, "NOR"), make.account(Role.DONOR_OFFICER, "NOR")
    followups.create(SYSTEM, what="Send the figures", party=make.party("KHM"), owner_party=make.party("NOR"), owner=owner,
                     due_on=date.today(), reason=Reason.OWN)
    told = set(db.session.scalars(select(Notice.account_id)))
    assert owner.id in told and colleague.id not in told


def test_nothing_is_written_where_the_platform_does_not_know_its_address(app, make, sign_in):
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(public_url="")
    need, client = make.need("KHM", NeedStatus.SUBMITTED), sign_in(Role.ISU_OFFICER)
    assert client.post(f"/needs/{need.ref}/move/published").status_code == 303
    assert letters("notice") == [] and db.session.scalar(select(func.count()).select_from(Notice)) > 0


def test_returning_a_need_is_told_with_its_words(make):
    need = make.need("KHM", NeedStatus.SUBMITTED)
    needs.move(need, "returned", make.actor(Role.ISU_OFFICER), "Please add yearly amounts.")
    db.session.commit()
    actor = make.actor(Role.FOCAL_POINT, "KHM")
    assert queries.unread(actor) == 0, "what happened before somebody came is not theirs"
    author = db.session.scalars(select(Notice).order_by(Notice.id.desc())).first()
    assert author is not None and author.event.note == "Please add yearly amounts."


def test_a_message_is_told_to_its_readers_only(make):
    match = make.match(make.need("KHM"), "NOR")
    writer, colleague = make.account(Role.DONOR_OFFICER, "NOR"), make.account(Role.DONOR_OFFICER, "NOR")
    theirs = make.account(Role.FOCAL_POINT, "KHM")
    for side, readers in ((make.party("NOR"), {colleague.id}), (None, {colleague.id, theirs.id})):
        mediation.write(match, actor_of(writer), make.party("NOR"), body="Between us", side=side)
        db.session.commit()
        told = set(db.session.scalars(select(Notice.account_id).join(Notice.event).where(Event.tag == "message.written")))
        assert told & {writer.id, colleague.id, theirs.id} == readers
    assert all("Between us" not in one.body for one in letters("notice"))
    service.gather(date.today())
    db.session.commit()
    assert all("Between us" not in one.body for one in letters("notices"))
    assert any("/matches/" in one.body for one in letters("notices"))


def test_a_follow_up_is_done_from_its_letter_once_and_without_signing_in(app, make, visitor):
    owner = make.account(Role.DONOR_OFFICER, "NOR")
    followup = followups.create(SYSTEM, what="Send the figures", party=make.party("KHM"), owner_party=make.party("NOR"),
                                owner=owner, due_on=date.today(), reason=Reason.OWN)
    service.gather(date.today())
    db.session.commit()
    [body] = [one.body for one in letters("notices") if one.account_id == owner.id]
    address = re.search(r"http://[^/]+(/followups/\S+/finish\?token=\S+)", body).group(1)
    path, _mark, word = address.partition("?token=")
    assert "Is this done?" in text(visitor, address) and "Send the figures" in text(visitor, address)
    assert visitor.get(path).status_code == visitor.post(path, data={"note": "Sent."}).status_code == 404
    for wrong in ("x", word[:-2] + "aa", word + "a"):
        assert visitor.get(f"{path}?token={wrong}").status_code == 303
        assert visitor.post(path, data={"token": wrong, "note": "Sent."}).status_code == 303
    assert visitor.get(address.replace(f"/{followup.id}/", f"/{followup.id + 1}/")).status_code == 303
    assert visitor.post(path, data={"token": word, "note": " "}).status_code == 422
    assert visitor.post(path, data={"token": word, "note": "Sent on Monday."}).status_code == 303
    db.session.expire_all()
    assert (followup.status.value, followup.result) == ("done", "Sent on Monday.")
    assert visitor.post(path, data={"token": word, "note": "Again"}).status_code == 303
    db.session.expire_all()
    assert followup.result == "Sent on Monday."
