"""The public calendar and the public news: what everybody may see, and nothing of what fewer people may."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import icalendar
from sqlalchemy import select

from partnerships.conferences import service as conferences
from partnerships.core import audit
from partnerships.core.actor import SYSTEM
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.models import Need
from partnerships.pages.queries import next_report
from partnerships.parties.models import Obligation

ATOM = "{http://www.w3.org/2005/Atom}"
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_everybodys_dates(make, visitor, sign_in):
    shown, states, hidden = (make.meeting("KHM", title=f"Meeting {level}", visibility=level)
                             for level in (Visibility.PUBLIC, Visibility.STATES_PARTIES, Visibility.PARTIES))
    conference, need = make.conference(last_day=date.today() + timedelta(1)), make.need("KHM")
    db.session.add(Obligation(party_id=make.party("AGO").id, article="5", line=9, kind="deadline", title="Clearance",
                              deadline=date.today() + timedelta(300), status="open", source="A document"))
    db.session.commit()
    answer = visitor.get("/feeds/public.ics")
    assert answer.mimetype == "text/calendar" and answer.headers["Cache-Control"] == "public, max-age=3600"
    uids = {str(event["UID"]) for event in icalendar.Calendar.from_ical(answer.get_data()).walk("VEVENT")}
    found = {uid.partition("@")[0] for uid in uids}
    assert {f"meeting-{shown.id}", f"conference-{conference.id}"} <= found and "obligation-AGO-5-9" in found
    assert f"article-7-{next_report(date.today()).year}" in found
    assert not found & {f"meeting-{states.id}", f"meeting-{hidden.id}", f"need-deadline-{need.id}"}
    kept = sign_in(make.account(language="fr")).get("/feeds/public.ics")
    assert kept.get_data() == answer.get_data(), "who asks changes nothing"
    assert kept.headers["Cache-Control"] == "private, no-cache", "but a session's cookie is kept between nobody"
    assert "Cambodge" in visitor.get("/feeds/public.ics?lang=fr").get_data(as_text=True)
    assert visitor.get("/feeds/public.ics", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_news_are_valid_atom_and_hold_what_is_public_only(make, visitor):
    hostile = make.need("KHM", title="Roads <script>alert(1)</script> & bridges")
    for level in (Visibility.STATES_PARTIES, Visibility.PARTIES):
        make.need("KHM", title=f"Kept {level}", visibility=level)
        meeting = make.meeting("KHM", title=f"Kept meeting {level}", visibility=level)
        audit.record("meeting.closed", meeting, SYSTEM, audience=level.value)
    audit.record("meeting.closed", make.meeting("AGO", title="Shown meeting", visibility=Visibility.PUBLIC), SYSTEM)
    gone = make.need("KHM", title="Kept from now on")
    conference = make.conference(title="Thirteenth Pledging Conference")
    conferences.move(conference, "opened", SYSTEM)
    db.session.get_one(Need, gone.id).visibility = Visibility.PARTIES
    db.session.commit()
    answer = visitor.get("/feeds/news.atom")
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "application/atom+xml" and "Kept" not in text and "<script" not in text
    feed = ElementTree.fromstring(answer.get_data())
    assert feed.tag == f"{ATOM}feed" and feed.find(f"{ATOM}author/{ATOM}name") is not None
    entries = feed.findall(f"{ATOM}entry")
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert f"Need published: Cambodia: {hostile.title}" in titles
    assert "Pledging conference opened: Thirteenth Pledging Conference" in titles
    assert "Outcome of a country meeting published: Angola: Shown meeting" in titles
    ids = [node.text for node in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids)) == len(entries) + 1 and all(one.startswith("tag:") for one in ids)
    stamps = [node.text for node in feed.iter(f"{ATOM}updated")]
    assert all(STAMP.fullmatch(one) for one in stamps) and stamps[0] == max(stamps)
    assert stamps[1:] == sorted(stamps[1:], reverse=True)
    assert all(entry.find(f"{ATOM}link").get("href").startswith("http") for entry in entries)
    assert visitor.get("/feeds/news.atom").get_data() == answer.get_data()
    home = visitor.get("/").get_data(as_text=True)
    assert 'rel="alternate" type="application/atom+xml"' in home and 'href="/feeds/public.ics"' in home


def test_the_newest_fifty(make, visitor):
    need = make.need("KHM")
    for _time in range(60):
        audit.record("need.published", db.session.scalars(select(Need).where(Need.id == need.id)).one(), SYSTEM)
    db.session.commit()
    assert visitor.get("/feeds/news.atom").get_data(as_text=True).count("<entry>") == 50
