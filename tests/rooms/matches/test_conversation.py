"""Messages within a match: who reads them, everywhere; files; taking back; and the first contact through the ISU."""

from __future__ import annotations

import io
from datetime import timedelta

from sqlalchemy import func, select

from partnerships.accounts.session import actor_of
from partnerships.core import audit, storage
from partnerships.core.actor import PUBLIC, Role
from partnerships.core.audit import Event
from partnerships.core.db import db, utcnow
from partnerships.core.policy import can
from partnerships.documents.models import Document
from partnerships.matches import mediation
from partnerships.matches.models import Match, MatchMessage
from partnerships.needs.models import Need
from tests.support.files import PDF

CONTACT = "contact@authority.example"


def _say(client, match, body, audience="both", place=None, **more):
    url = f"/matches/{match.id}"
    fields = {"audience": audience, "body": body, **more}
    return client.post(f"{url}/write", data=fields, content_type="multipart/form-data")


def _message(body: str) -> MatchMessage:
    db.session.expire_all()
    return db.session.scalars(select(MatchMessage).where(MatchMessage.body == body)).one()


def test_a_message_is_read_by_whom_it_is_for_and_by_nobody_else_anywhere(make, sign_in):
    match = make.match()
    url = f"/matches/{match.id}"
    people = {"partner": make.account(Role.DONOR_OFFICER, "NOR"), "state": make.account(Role.FOCAL_POINT, "KHM"),
              "isu": make.account(Role.ISU_OFFICER, "ISU"), "colleague": make.account(Role.DONOR_OFFICER, "NOR")}
    clients = {name: sign_in(account) for name, account in people.items()}
    pdf = {"file": (io.BytesIO(PDF), "costs of ours.pdf")}
    assert _say(clients["partner"], match, "For both <b>sides</b>").status_code == 303
    assert _say(clients["partner"], match, "For our side", "NOR", **pdf).status_code == 303
    assert _say(clients["isu"], match, "To the State alone", "KHM").status_code == 303
    for audience in ("KHM", "JPN", "side", ""):  # only the ISU chooses a side that is not its own
        assert _say(clients["partner"], match, "Refused", audience).status_code == 422
    assert "Write something." in _say(clients["partner"], match, " ").get_data(as_text=True)
    document = db.session.scalars(select(Document)).one()
    reads = {"partner": ("For both", "For our side"), "colleague": ("For both", "For our side"),
             "state": ("For both", "To the State alone"), "isu": ("For both", "For our side", "To the State alone")}
    for who, client in clients.items():
        text, actor = client.get(url).get_data(as_text=True), actor_of(people[who])
        for body in ("For both", "For our side", "To the State alone"):
            assert (body in text) is (body in reads[who]), (who, body)
        assert "costs of ours" in text if "For our side" in reads[who] else "costs of ours" not in text
        assert text.count("Message written") == len(reads[who]), "the timeline tells no more than the page"
        found = db.session.scalars(select(Event).where(Event.tag == "message.written", audit.readable(actor))).all()
        assert len(found) == len(reads[who]) and not any("side" in f"{one.note}{one.changes}" for one in found)
        assert client.get(f"/documents/{document.ref}/file").status_code == (200 if "For our side" in reads[who] else 404)
        assert ("costs of ours" in client.get("/searches/?q=costs").get_data(as_text=True)) is ("For our side" in reads[who])
        assert "&lt;b&gt;" in text and not any(account.email in text for account in people.values())
        assert f"{people['partner'].name}</bdi>, Norway" in text
    for stranger in (make.actor(Role.DONOR_OFFICER, "JPN"), make.actor(Role.FOCAL_POINT, "AGO"),
                     make.actor(Role.COMMITTEE_MEMBER, "NOR"), PUBLIC):
        assert not any(can(stranger, "messages.view", one) for one in db.session.scalars(select(MatchMessage)))
        assert not db.session.scalars(select(Event).where(Event.tag == "message.written", audit.readable(stranger))).all()
    assert clients["state"].post(f"{url}/messages/{_message('For our side').id}/take-back").status_code == 404
    assert sign_in(Role.DONOR_OFFICER, "JPN").post(f"{url}/write", data={"body": "x"}).status_code == 404


def test_a_message_is_sent_once_stands_as_it_is_and_is_taken_back_in_time(make, sign_in):
    match = make.match()
    client, other, url = sign_in(Role.DONOR_OFFICER), sign_in(Role.FOCAL_POINT), f"/matches/{match.id}"
    for _click in range(2):
        answer = _say(client, match, "Sent once", once="k" * 20, file=(io.BytesIO(PDF), "plan.pdf"))
        assert answer.status_code == 303 and answer.location.startswith(f"{url}#message-")
    _say(client, match, "Older")
    assert db.session.scalar(select(func.count()).select_from(MatchMessage)) == 2
    refused = _say(client, match, "Kept as typed", file=(io.BytesIO(b"MZ"), "plan.exe")).get_data(as_text=True)
    assert "none of the files" in refused and "Kept as typed" in refused
    once, older = _message("Sent once").id, _message("Older")
    older.written_at = utcnow() - timedelta(minutes=16)
    db.session.commit()
    assert client.get(url).get_data(as_text=True).count("take-back") == 1
    assert "take-back" not in other.get(url).get_data(as_text=True)
    assert other.post(f"{url}/messages/{once}/take-back").status_code == 403
    assert client.post(f"{url}/messages/{older.id}/take-back").status_code == 422
    before = storage.names()
    for _click in range(2):
        assert client.post(f"{url}/messages/{once}/take-back").status_code == 303
    text = other.get(url).get_data(as_text=True)
    assert "Taken back by its author." in text and "Sent once" not in text and "plan.pdf" not in text and "Older" in text
    assert len(before - storage.names()) == 1 and not db.session.scalars(select(Document)).all()
    assert db.session.scalar(select(func.count()).where(Event.tag == "message.taken-back")) == 1


def test_a_long_conversation_opens_at_its_end(make, sign_in):
    match, actor = make.match(), make.actor(Role.DONOR_OFFICER)
    for number in range(45):
        mediation.write(match, actor, make.party("NOR"), body=f"Message no. {number}.")
    db.session.commit()
    client = sign_in(Role.FOCAL_POINT)
    newest = client.get(f"/matches/{match.id}").get_data(as_text=True)
    assert "Message no. 44." in newest and "Message no. 39." not in newest and "41 to 45 of 45 shown" in newest
    first = client.get(f"/matches/{match.id}?page=1").get_data(as_text=True)
    assert first.index("Message no. 0.") < first.index("Message no. 19.") and "Message no. 20." not in first


def test_the_state_keeps_its_contact_and_shows_it_to_one_partner(make, sign_in):
    need = make.need("KHM")
    match, other = make.match(need, "NOR"), make.match(need, "JPN")
    partner, japan, state, isu = (sign_in(*who) for who in (
        (Role.DONOR_OFFICER, "NOR"), (Role.DONOR_OFFICER, "JPN"), (Role.FOCAL_POINT, "KHM"), (Role.ISU_OFFICER, "ISU")))
    stranger = sign_in(Role.DONOR_OFFICER, "DEU")
    pages = (f"/matches/{match.id}", f"/needs/{need.ref}", f"/amendments/{need.ref}/versions/1")

    def reads(client, paths=pages) -> bool:
        found = {CONTACT in answer.get_data(as_text=True) for path in paths
                 if (answer := client.get(path)).status_code == 200}
        assert len(found) == 1, "every page says the same"
        return found.pop()

    assert reads(partner) and reads(japan, pages[1:]) and reads(stranger, pages[1:]), "as until now"
    assert partner.post(f"/needs/{need.ref}/contact/kept").status_code == 403
    assert state.post(f"/needs/{need.ref}/contact/kept").status_code == 303
    assert not reads(partner) and not reads(japan, pages[1:]) and not reads(stranger, pages[1:])
    assert reads(state) and reads(isu)
    assert "Ask the ISU to make the contact" in partner.get(pages[0]).get_data(as_text=True)
    assert partner.post(f"{pages[0]}/contact/shown").status_code == 403
    assert state.post(f"{pages[0]}/contact/shown").status_code == 303
    assert reads(partner) and not reads(stranger, pages[1:])
    assert not reads(japan, (f"/matches/{other.id}", *pages[1:])), "each partner on its own"
    assert isu.post(f"{pages[0]}/contact/hidden", data={"note": ""}).status_code == 422
    assert isu.post(f"{pages[0]}/contact/hidden", data={"note": "The authority, by telephone."}).status_code == 303
    assert not reads(partner) and "The authority, by telephone." in partner.get(pages[0]).get_data(as_text=True)
    assert state.post(f"/needs/{need.ref}/contact/shared").status_code == 303 and reads(stranger, pages[1:])


def test_a_side_asks_the_isu_to_make_the_contact(make, sign_in):
    match = make.match()
    url, partner, isu = f"/matches/{match.id}", sign_in(Role.DONOR_OFFICER), sign_in(Role.ISU_OFFICER)
    waiting = "/matches/?contact=y"
    assert isu.post(f"{url}/contact/asked").status_code == 403 and match.need.ref not in isu.get(waiting).get_data(as_text=True)
    assert partner.post(f"{url}/contact/made").status_code == 403
    for _click in range(2):
        assert partner.post(f"{url}/contact/asked").status_code == 303
    assert "Norway asked the ISU" in sign_in(Role.FOCAL_POINT).get(url).get_data(as_text=True)
    assert match.need.ref in isu.get(waiting).get_data(as_text=True)
    assert "waits for the ISU to make the contact" in isu.get("/desk/").get_data(as_text=True)
    assert isu.post(f"{url}/contact/made").status_code == 303
    assert match.need.ref not in isu.get(waiting).get_data(as_text=True)
    assert "The ISU made the contact" in partner.get(url).get_data(as_text=True)
    tags = db.session.scalars(select(Event.tag).where(Event.tag.startswith("match.contact")).order_by(Event.id))
    assert list(tags) == ["match.contact-asked", "match.contact-made"]
    assert db.session.get_one(Match, match.id).contact_made_at and db.session.get_one(Need, match.need_id).contact_shared
