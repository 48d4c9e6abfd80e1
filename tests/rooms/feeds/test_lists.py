"""Lists and searches as Atom: the list's own query through everybody's eyes, whoever asks."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import update

from partnerships.core import audit
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus

ATOM = "{http://www.w3.org/2005/Atom}"
PLACES = ("/needs/", "/offers/", "/parties/", "/conferences/", "/approach/", "/pledges/", "/searches/?q=Zanzibarite")


def _as_atom(address: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}as=atom"


def _read(client, address) -> list[tuple[str, str, datetime]]:
    """(identifier, title, moment) of the entries of a feed that is valid Atom."""
    answer = client.get(_as_atom(address))
    assert answer.status_code == 200 and answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.get_data())
    entries = feed.findall(f"{ATOM}entry")
    assert feed.tag == f"{ATOM}feed" and feed.findtext(f"{ATOM}author/{ATOM}name")
    for one in (feed, *entries):
        assert all((one.findtext(f"{ATOM}{name}") or "").strip() for name in ("id", "title", "updated")), address
        assert one.find(f"{ATOM}link[@rel='alternate']").get("href").startswith("http")
    (own,) = (link.get("href") for link in feed.findall(f"{ATOM}link[@rel='self']"))
    assert "as=atom" in own and client.get(f"/{own.split('/', 3)[3]}").get_data() == answer.get_data()
    ids = [node.text for node in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"tag:[^,\s]+,2026:[!-~]+", one) for one in ids)
    stamps = [node.text for node in feed.iter(f"{ATOM}updated")]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one) for one in stamps)
    assert stamps[1:] == sorted(stamps[1:], reverse=True) and stamps[0] == max(stamps)
    return [(one.findtext(f"{ATOM}id"), one.findtext(f"{ATOM}title"), datetime.fromisoformat(one.findtext(f"{ATOM}updated")))
            for one in entries]


def test_every_list_is_valid_atom_and_holds_what_is_public_only(make, visitor, sign_in):
    shown = [make.need("KHM", title="Zanzibarite <b>&amp; road"), make.offer("NOR", title="Zanzibarite tools"), make.pledge("NOR"),
             make.meeting("KHM", title="Zanzibarite talk", visibility=Visibility.PUBLIC), make.conference()]
    hidden = []
    for level in (Visibility.STATES_PARTIES, Visibility.PARTIES, Visibility.ISU):
        hidden += [make.need("KHM", title="Zanzibarite works", visibility=level), make.offer("NOR", visibility=level),
                   make.meeting("KHM", visibility=level), make.pledge("NOR", visibility=level)]
    hidden.append(make.need("KHM", NeedStatus.SUBMITTED, title="Zanzibarite draft"))
    own = sign_in(Role.ISU_ADMINISTRATOR)
    found: set[str] = set()
    for place in PLACES:
        entries = _read(visitor, place)
        found |= {identifier.rpartition(":")[2] for identifier, _title, _at in entries}
        mine = own.get(f"{_as_atom(place)}&lang=en")
        assert not [one.ref for one in hidden if one.ref in mine.get_data(as_text=True)], place
        assert mine.headers["Cache-Control"] == "private, no-cache"
        assert 'rel="alternate" type="application/atom+xml"' in visitor.get(place).get_data(as_text=True)
    assert {one.ref for one in shown} <= found and not {one.ref for one in hidden} & found
    assert "KHM" in found and "works" not in visitor.get(_as_atom("/searches/?q=Zanzibarite")).get_data(as_text=True)


def test_a_feed_follows_the_filters_of_its_list(make, visitor):
    victims, roads = make.need("KHM", theme="victim-assistance"), make.need("KHM", theme="survey-clearance")
    expired = make.need("AGO", theme="victim-assistance", valid_until=date.today() + timedelta(1))
    db.session.execute(update(Need).where(Need.id == expired.id).values(valid_until=date.today() - timedelta(1)))
    db.session.commit()
    made = {victims.ref, roads.ref, expired.ref}

    def refs(address: str) -> set[str]:
        return {one.rpartition(":")[2] for one, _title, _at in _read(visitor, address)} & made

    assert refs("/needs/?theme=victim-assistance") == {victims.ref}
    assert refs("/needs/?theme=victim-assistance&state=all&sort=amount&page=9") == {victims.ref, expired.ref}
    assert refs("/needs/") == {victims.ref, roads.ref} and refs("/needs/?theme=nonsense") == refs("/needs/")
    assert refs("/approach/?state=nonsense") == set() and not _read(visitor, "/searches/?q=nothing-holds-this")
    first, second = (ElementTree.fromstring(visitor.get(_as_atom(one)).get_data()).findtext(f"{ATOM}id")
                     for one in ("/needs/?theme=victim-assistance&q=x", "/needs/?q=x&theme=victim-assistance"))
    assert first == second != ElementTree.fromstring(visitor.get(_as_atom("/needs/")).get_data()).findtext(f"{ATOM}id")


def test_the_last_public_change_comes_first_and_others_do_not_count(make, visitor):
    first, second = make.need("KHM"), make.need("AGO")
    mine = [f"need:{one.ref}" for one in (second, first)]

    def order() -> list[str]:
        keys = [identifier.partition(",2026:")[2] for identifier, _title, _at in _read(visitor, "/needs/")]
        return [key for key in keys if key in mine]

    assert order() == mine
    audit.record("need.edited", first, SYSTEM, audience=Visibility.ISU.value)
    db.session.commit()
    assert order() == mine, "what the ISU alone may read changes nothing"
    event = audit.record("need.edited", first, SYSTEM)
    event.at += timedelta(seconds=5)
    db.session.commit()
    assert order() == mine[::-1]


def test_what_has_not_changed_is_not_sent_again(make, visitor):
    make.need("KHM")
    answer = visitor.get("/needs/?as=atom")
    assert answer.headers["Cache-Control"] == "public, max-age=900" and "Set-Cookie" not in answer.headers
    for header, value in (("If-None-Match", answer.headers["ETag"]), ("If-Modified-Since", answer.headers["Last-Modified"])):
        again = visitor.get("/needs/?as=atom", headers={header: value})
        assert again.status_code == 304 and not again.get_data()
    make.need("AGO")
    assert visitor.get("/needs/?as=atom", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_feed_speaks_the_language_of_its_address_only(make, visitor, sign_in):
    make.need("KHM")
    french = sign_in(make.account(language="fr"))
    assert french.get("/needs/?as=atom").get_data() == visitor.get("/needs/?as=atom").get_data()
    text = visitor.get("/needs/?as=atom&lang=fr").get_data(as_text=True)
    assert 'xml:lang="fr"' in text and "Cambodge" in text and "?lang=fr" in text
