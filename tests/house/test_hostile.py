"""Hostile and clumsy visitors: whatever an address or a form holds, an answer with words, and nothing that is not theirs."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import html5lib
import pytest

from partnerships.core.actor import PUBLIC, Actor, Role
from partnerships.core.policy import may_ever
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus
from tests.support.client import _NS, Client, form_data

PEOPLE = [(Role.ISU_ADMINISTRATOR, "ISU"), (Role.FOCAL_POINT, "KHM"), (Role.DONOR_OFFICER, "NOR"),
          (Role.ORGANISATION_OFFICER, "GICHD"), (Role.COMMITTEE_MEMBER, "CHE"), (Role.PUBLIC, None)]
NINES = "9" * 5000
PATHS = ["%00", "%ED%A0%80", "%FF%FE", "9" * 12, "9" * 25, NINES, "%D9%A3", "%C2%B2", "x" * 3000, "%3Cscript%3Ealert(1)%3C/script%3E"]
QUERIES = ["%00", "a%00b", "%FF", NINES, "%C2%B2", "-1", "%3Cscript%3Ealert(1)%3C/script%3E", "x" * 3000, "%25%27_%22", "1e9999"]
# Names that mean something to the library that builds addresses, beside those that our own views read.
RESERVED = ["endpoint", "_external", "_scheme", "_anchor", "_method", "values", "self", "ref", "number", "name"]
NAMES = ["q", "theme", "region", "kind", "least", "most", "until", "state", "sort", "page", "lang", "next", "need", "match",
         "conference", "party", "invite", "status", "overdue", "whose", "donor", "recipient", "standing"]
TYPED = ["\x00", "a\x00b", "", "x" * 9000, NINES, "-1", "1e400", "\u00b2", "0000-00-00", "9999-12-31", "NaN",
         "<script>alert(1)</script>", "\u202egnp.exe", "9" * 19]
CHOSEN = ["\x00", "", "no-such-choice", NINES]
UNASKED = {"id": "1", "ref": "KHM-1", "status": "published", "party_id": "1", "state_id": "1", "is_demo": "1", "donor_id": "1",
           "paid_amount": "1", "author_id": "1", "published_at": "2020-01-01", "origin": "recorded", "owner_id": "1",
           "years-\u00b2-year": "2", f"years-{NINES}-year": "3", "participants-\u00b2-party": "x"}


class Raw(Client):
    """The client without its lint and its own look for the token: here only the answer counts."""

    token = ""

    def _checked(self, answer: Any, args: Any) -> Any:
        return answer

    def csrf_token(self) -> str:
        self.token = self.token or super().csrf_token()
        return self.token


@pytest.fixture
def clients(app, make, sign_in) -> dict[Role, Raw]:
    """One person of each role, and a visitor."""
    app.test_client_class = Raw
    return {role: sign_in(role, party) if party else app.test_client() for role, party in PEOPLE}


@pytest.fixture
def samples(make) -> dict[str, list[str]]:
    """Records of every room: the values of the routes' arguments."""
    need, other = make.need("KHM"), make.need("AGO", visibility=Visibility.PARTIES)
    held = make.meeting("KHM", participants=[make.party("NOR")], needs=[need], visibility=Visibility.PUBLIC)
    pledge = make.pledge("NOR", need=need)
    return {
        "needs": [need.ref, make.need("KHM", NeedStatus.DRAFT).ref, make.need("KHM", NeedStatus.SUBMITTED).ref],
        "offers": [make.offer("NOR").ref], "pledges": [pledge.ref], "parties": ["NOR", "KHM"],
        "matches": [str(make.match(need, "NOR").id), str(make.match(other, "GICHD").id)], "approach": [held.ref],
        "followups": [str(make.followup("KHM", "NOR", meeting=held, need=other).id)],
        "conferences": [make.conference().ref]}


def _addresses(app: Any, samples: dict[str, list[str]]) -> Iterator[tuple[Any, str, list[str]]]:
    """Every route with a good address of it, and the same with one argument at a time that is nasty."""
    moves = {"needs": "submitted", "offers": "withdrawn", "matches": "agreed", "pledges": "confirmed",
             "approach": "held", "followups": "done", "conferences": "opened"}
    for rule in app.url_map.iter_rules():
        room = rule.endpoint.partition(".")[0]
        if rule.endpoint in ("static", "accounts.sign_out"):
            continue
        good = {"name": moves.get(room, "x"), "partner": "NOR", "pledge": samples["pledges"][0]}
        for own in samples.get(room, ["x"]):
            good["ref"] = good["number"] = own
            if room == "matches":
                good["ref"] = samples["needs"][0]
            elif "attendance" in rule.rule:
                good["number"] = "1"

            def filled(values: dict[str, str], rule: Any = rule) -> str:
                return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found.group(1)], rule.rule)

            bad = [filled({**good, argument: nasty}) for argument in sorted(rule.arguments) for nasty in PATHS]
            yield rule, filled(good), bad if own == samples.get(room, ["x"])[0] else []


def _role(app: Any, rule: Any) -> Role:
    """A role that gets past the guard of a route."""
    permission = app.view_functions[rule.endpoint].permission
    return next(role for role, _party in PEOPLE if permission is None or may_ever(Actor(role), permission))


def test_no_address_breaks_the_platform(app, clients, samples):
    broken, asked = [], 0
    for rule, good, bad in _addresses(app, samples):
        client = clients[_role(app, rule)]
        urls = [good, *bad]
        if "GET" in rule.methods:
            urls += [f"{good}?{name}={value}" for name, value in zip(RESERVED * 2, QUERIES * 2, strict=False)]
            urls += [f"{good}?" + "&".join(f"{name}={value}" for name in NAMES) for value in QUERIES]
            urls += [f"{good}?{name}={value}" for name in NAMES for value in ("%00", "9" * 25)] if not rule.arguments else []
        for url in urls:
            if "GET" in rule.methods:
                answer = client.get(url)
            else:
                answer = client.post(url, data={})
            asked += 1
            if answer.status_code >= 500:
                broken.append((answer.status_code, rule.endpoint, url[:120]))
    assert asked > 500
    assert not broken, broken


def _forms(app: Any, client: Raw, pages: list[str]) -> Iterator[tuple[str, Any]]:
    """The posting forms of the pages, one of each shape: (address, element)."""
    seen = set()
    for page in pages:
        answer = client.get(page)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        for form in html5lib.parse(answer.get_data(as_text=True)).iter(f"{_NS}form"):
            if (form.get("method") or "").lower() != "post":
                continue
            action = form.get("action") or page
            shape = (re.sub(r"[A-Z]{2,}[-\w]*|\d+", "*", urlsplit(action).path), *sorted(
                str(node.get("name")) for node in form.iter() if node.get("name")))
            if shape not in seen:
                seen.add(shape)
                yield action, form


def _kinds(form: Any) -> dict[str, list[str]]:
    """The nasty values for each control of a form."""
    found: dict[str, list[str]] = {"unasked": []}
    for node in form.iter():
        name, tag = node.get("name"), str(node.tag).removeprefix(_NS)
        if name and name != "csrf_token":
            chosen = tag in ("select", "button") or node.get("type") in ("radio", "checkbox", "submit")
            found[name] = CHOSEN if chosen else TYPED
    return found


def _attacks(form: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The form as it stands, and with one control at a time that is nasty: (what, data)."""
    data = {name: value for name, value in form_data(form).items() if name != "csrf_token"}

    def fresh(changes: dict[str, Any]) -> dict[str, Any]:
        return {**data, **({"once": secrets.token_urlsafe(9)} if "once" in data else {}), **changes}

    for name, nasty in _kinds(form).items():
        if name == "unasked":
            continue
        for value in nasty:
            yield f"{name}={value[:12]!r}", fresh({name: value})
        yield f"{name} twice", fresh({name: ["1", "\x00"]})
        yield f"{name} missing", {key: value for key, value in fresh({}).items() if key != name}
        yield f"{name} as a file", fresh({name: (io.BytesIO(b"\x00\xff"), "a.png")})
    yield "unasked", fresh(UNASKED)
    yield "everything", dict.fromkeys(data, "\x00")


def test_no_form_breaks_the_platform(app, clients, samples):
    broken, asked = [], 0
    pages = [good for rule, good, _bad in _addresses(app, samples) if "GET" in rule.methods]
    pages += ["/approach/new?state=KHM", f"/pledges/new?need={samples['needs'][0]}", "/parties/NOR/priorities"]
    done = set()
    for client in clients.values():
        for action, form in list(_forms(app, client, pages)):
            shape = (re.sub(r"[A-Z]{2,}[-\w]*|\d+", "*", action), *sorted(_kinds(form)))
            if shape in done:
                continue
            done.add(shape)
            for what, data in _attacks(form):
                answer = client.post(action, data=data)
                asked += 1
                if answer.status_code >= 500:
                    broken.append((answer.status_code, action, what))
    print("ASKED", asked, len(done))
    assert asked > 500
    assert not broken, broken
