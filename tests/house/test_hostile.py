"""Hostile and clumsy visitors: whatever an address or a form holds, words answer it, and nothing that is not theirs."""

from __future__ import annotations

import io
import re
import secrets
import time
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from sqlalchemy import select

from partnerships.accounts.models import Account
from partnerships.approach import service as approach
from partnerships.core import audit
from partnerships.core.actor import Actor, Role
from partnerships.core.db import db
from partnerships.core.policy import may_ever
from partnerships.core.visibility import Visibility
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from tests.support.client import _NS, Raw, form_data, parsed, posting
from tests.support.engine import answered, version_of_weights
from tests.support.factories import PASSWORD
from tests.support.plans import saved

PEOPLE = [(Role.ISU_ADMINISTRATOR, "ISU"), (Role.FOCAL_POINT, "KHM"), (Role.DONOR_OFFICER, "NOR"),
          (Role.ORGANISATION_OFFICER, "GICHD"), (Role.COMMITTEE_MEMBER, "CHE"), (Role.PUBLIC, None)]
NINES = "9" * 5000
PATHS = ["%00", "%ED%A0%80", "9" * 25, NINES]
QUERIES = ["a%00b", "%FF", NINES, "%C2%B2", "-1", "%25%27_%22"]
# Names that mean something to the library that builds addresses, beside those that our own views read.
RESERVED = ["endpoint", "_external", "_scheme", "_anchor", "_method", "values", "self", "ref", "number", "name"]
NAMES = ["q", "theme", "region", "kind", "least", "most", "until", "state", "sort", "page", "lang", "next", "need", "age",
         "match", "conference", "party", "invite", "status", "overdue", "whose", "donor", "recipient", "standing", "off",
         "as", "part", "token", "every", "offer", "meeting", "fate", "contact", "since"]
ALONE = ("need", "offer", "meeting", "match", "conference", "state", "party")  # those that lead to a record
TYPED = ["x" * 9000, NINES, "\x00", "", "-1", "1e400", "\u00b2", "9999-12-31", "<script>alert(1)</script>"]
UNASKED = {"id": "1", "ref": "KHM-1", "status": "published", "party_id": "1", "state_id": "1", "is_demo": "1",
           "paid_amount": "1", "author_id": "1", "published_at": "2020-01-01", "origin": "recorded", "owner_id": "1",
           "donor_id": "1", "years-\u00b2-year": "2", f"years-{NINES}-year": "3", "participants-\u00b2-party": "x"}


# Thousands of requests: on the engine that takes less. What PostgreSQL keeps, SQLite keeps as well.
STRICTER = pytest.mark.parametrize("engine_name", ["postgres"])


@pytest.fixture
def clients(app, raw) -> dict[Role, Raw]:
    """One person of each role, and a visitor."""
    return {role: raw(role, party) if party else app.test_client() for role, party in PEOPLE}


@pytest.fixture
def samples(make) -> dict[str, list[str]]:
    """Records of every room: the values of the routes' arguments."""
    need, other = make.need("KHM"), make.need("AGO", visibility=Visibility.PARTIES)
    held = make.meeting("KHM", participants=[make.party("NOR")], needs=[need], visibility=Visibility.PUBLIC)
    pledge = make.pledge("NOR", need=need)
    return {
        "needs": [need.ref, make.need("KHM", NeedStatus.DRAFT).ref, make.need("KHM", NeedStatus.SUBMITTED).ref],
        "amendments": [make.amendment(make.need("KHM"), status, place="Pailin").need.ref for status in ("draft", "submitted")],
        "plans": [make.need("KHM", NeedStatus.DRAFT).ref], "offers": [make.offer("NOR").ref],
        "pledges": [pledge.ref], "standards": [make.terms(pledge).pledge.ref], "parties": ["NOR", "KHM"], "renewals": [need.ref],
        "matches": [str(make.match(need, "NOR").id), str(make.match(other, "GICHD").id)], "approach": [held.ref],
        "cases": [make.case(meeting=held).ref], "feeds": ["KHM"],
        "followups": [str(make.followup("KHM", "NOR", meeting=held, need=other).id)],
        "conferences": [make.conference().ref], "assessments": [str(make.assessment().id)],
        "indicators": [make.indicator_value().indicator.ref], "observations": [make.observation().party.ref],
        "returns": ["KHM"],
        "wordings": [make.wording(make.need("KHM")).need.ref],
        "allocations": [saved(make, {"NOR": 1000}).ref], "exchange": [make.import_(Role.FOCAL_POINT, "KHM").ref],
        "releases": [make.release().ref],
        "shares": [str(make.share(make.need("KHM", NeedStatus.DRAFT)).id)], "suggestions": [answered(make, need).need.ref],
        "webhooks": [str(make.webhook(Role.ISU_ADMINISTRATOR).id)],
        "weights": [str(version_of_weights().id)], "accounts": [str(make.account(Role.FOCAL_POINT, "KHM").id)],
        "tokens": [str(make.token(Role.FOCAL_POINT, "KHM").id)]}


def _addresses(app: Any, samples: dict[str, list[str]]) -> Iterator[tuple[Any, str, list[str]]]:
    """Every route with a good address of it, and the same with one argument at a time that is nasty."""
    moves = {"needs": "submitted", "amendments": "submitted", "offers": "withdrawn", "matches": "agreed", "pledges": "confirmed",
             "approach": "held", "cases": "withdrawn", "followups": "done", "conferences": "opened", "exchange": "dropped",
             "insight": "needs", "webhooks": "allowed"}
    for rule in app.url_map.iter_rules():
        room = rule.endpoint.partition(".")[0]
        if rule.endpoint in ("static", "accounts.sign_out", "accounts.erase") or room == "v1":  # v1: tests/security/test_schema.py
            continue
        good = {"name": moves.get(room, "x"), "partner": "NOR", "pledge": samples["pledges"][0], "step": "costs", "kind": "need",
                "months": "6", "plan": "OSLO-2019", "language": "fr", "year": "2021", "code": "survey-clearance",
                "donor": "NOR", "recipient": "KHM", "message": "1", "token": "x", "rule": "no-contact", "word": "x", "key": "x"}
        for own in samples.get(room, ["x"]):
            good["ref"] = good["number"] = own
            if room == "matches":
                good["ref"] = samples["offers" if rule.endpoint == "matches.request" else "needs"][0]
            elif rule.endpoint in ("shares.new", "shares.create"):
                good["ref"] = samples["needs"][0]
            elif "attendance" in rule.rule:
                good["number"] = "1"

            def filled(values: dict[str, str], rule: Any = rule) -> str:
                return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found.group(1)], rule.rule)

            # What is no number never comes past the router where a number is asked for: that is its 404, whatever the route.
            bad = [filled({**good, argument: nasty}) for argument in sorted(rule.arguments) for nasty in PATHS
                   if nasty.isdigit() or f"<int:{argument}>" not in rule.rule]
            yield rule, filled(good), bad if own == samples.get(room, ["x"])[0] else []


def _role(app: Any, rule: Any) -> Role:
    """A role that gets past the guard of a route."""
    permission = app.view_functions[rule.endpoint].permission
    return next(role for role, _party in PEOPLE if permission is None or may_ever(Actor(role), permission))


@pytest.mark.slow
@STRICTER
def test_no_address_breaks_the_platform(app, clients, samples):
    broken, asked = [], 0
    for rule, good, bad in _addresses(app, samples):
        client = clients[_role(app, rule)]
        urls = [good, *bad]
        if "GET" in rule.methods:
            urls.append(f"{good}?{'&'.join(f'{name}=x' for name in RESERVED)}")
            urls += [f"{good}?" + "&".join(f"{name}={value}" for name in NAMES)
                     for value in QUERIES[:1 if rule.arguments else None]]
            urls += [f"{good}?{name}=%00" for name in ALONE] if rule.endpoint.endswith(".new") else []
        for url in urls:
            answer = client.get(url) if "GET" in rule.methods else client.post(url, data={})
            asked += 1
            if answer.status_code >= 500 or b"cannot keep this value" in answer.data:
                broken.append((answer.status_code, rule.endpoint, url[:120]))
    assert asked > 400
    assert not broken, broken


def _forms(app: Any, client: Raw, pages: list[str]) -> Iterator[tuple[str, Any]]:
    """The posting forms of the pages, one of each shape: (address, element)."""
    seen = set()
    for page in pages:
        answer = client.get(page)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        for form in posting(answer.get_data(as_text=True)):
            told = re.match(r'<form\b[^>]*\saction="([^"]+)"', form)
            action = unescape(told[1]) if told else page
            if re.fullmatch(r"/accounts/(sign-out|me/erase|sessions/\d+/end)", action):  # the person would be gone
                continue
            shape = (re.sub(r"[A-Z]{2,}[-\w]*|\d+", "*", urlsplit(action).path), *sorted(re.findall(r'\sname="([^"]+)"', form)))
            if shape not in seen:
                seen.add(shape)
                yield action, parsed(form)


def _chosen(form: Any) -> dict[str, bool]:
    """The controls of a form: whether each is chosen (a list, a box, a button) rather than typed."""
    return {node.get("name"): str(node.tag).removeprefix(_NS) in ("select", "button")
            or node.get("type") in ("radio", "checkbox", "submit")
            for node in form.iter() if node.get("name") not in (None, "csrf_token")}


def _attacks(form: Any, singly: bool, met: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The form nasty in all that is typed, and (`singly`) in each control that no form had before: (what, data)."""
    data = {name: value for name, value in form_data(form).items() if name != "csrf_token"}
    controls = _chosen(form)
    typed = [name for name, chosen in controls.items() if not chosen and name != "once"]

    def fresh(changes: dict[str, Any]) -> dict[str, Any]:
        return {**data, **({"once": secrets.token_urlsafe(9)} if "once" in data else {}), **changes}

    alike = {re.sub(r"\d+", "*", name): name for name in controls}  # of rows of the same fields, one
    for name, chosen in ((one, controls[one]) for told, one in alike.items() if told not in met) if singly else ():
        value = "no-such-choice" if chosen else "a\x00b"
        yield f"{name}={value!r}", fresh({name: value})
    met |= alike.keys()
    for gone in ([*controls][::2], [*controls][1::2]) if singly else ():
        yield f"{gone} missing", {key: kept for key, kept in fresh({}).items() if key not in gone}
    for value in TYPED if singly else TYPED[:1]:
        yield f"all typed={value[:12]!r}", fresh(dict.fromkeys(typed, value))
    yield "all twice", fresh({name: ["1", "\x00"] for name in controls})
    yield "all files", fresh({name: (io.BytesIO(b"\x00\xff"), "a.png") for name in controls})
    yield "unasked", fresh(UNASKED)
    yield "everything", dict.fromkeys(controls, "\x00")


@pytest.mark.slow
@STRICTER
def test_no_form_breaks_the_platform(app, clients, samples):
    broken, asked = [], 0
    pages = [good for rule, good, _bad in _addresses(app, samples) if "GET" in rule.methods]
    pages += ["/approach/new?state=KHM", f"/pledges/new?need={samples['needs'][0]}", "/parties/NOR/priorities"]
    done, met = set(), set[str]()
    for client in clients.values():
        for action, form in list(_forms(app, client, pages)):
            shape = (re.sub(r"[A-Z]{2,}[-\w]*|\d+", "*", action), *sorted(_chosen(form)))
            if shape in done:
                continue
            alike = (action.split("/")[1], *sorted(_chosen(form)))  # creating and changing share their controls
            for what, data in _attacks(form, alike not in done, met):
                answer = client.post(action, data=data)
                asked += 1
                assert b"did not come from this site" not in answer.data, "refused before it was read"
                # The database's own refusal is the last resort: our code should have found words before.
                if answer.status_code >= 500 or b"cannot keep this value" in answer.data:
                    broken.append((answer.status_code, action, what))
            done |= {shape, alike}
    assert len(done) > 30 and asked > 500, (len(done), asked)
    assert not broken, broken


def test_the_pager_gives_no_name_of_the_query_a_meaning(visitor):
    page = visitor.get("/parties/?endpoint=x&_scheme=javascript&_external=1&_anchor=a&values=1&ref=KHM")
    assert page.status_code == 200
    hrefs = re.findall(r'href="([^"]*page=2[^"]*)"', page.get_data(as_text=True))
    assert hrefs and all(one.startswith("/parties/?") for one in hrefs), hrefs


def test_a_file_that_is_missing_now_is_not_kept_as_missing(visitor):
    answer = visitor.get("/static/css/none.css?v=1")
    assert answer.status_code == 404 and "immutable" not in answer.headers["Cache-Control"]


def test_somebody_signed_in_who_mistypes_a_password_gets_words(sign_in):
    client = sign_in(Role.FOCAL_POINT, "KHM")
    started = time.monotonic()
    answer = client.post("/accounts/sign-in", data={"email": "person1@khm.example", "password": "wrong"})
    assert answer.status_code == 422 and "do not belong together" in answer.get_data(as_text=True)
    assert time.monotonic() - started < 8, "it waited for its own lock"


def test_a_piece_of_json_is_not_a_form(sign_in):
    client = sign_in(Role.FOCAL_POINT, "KHM")
    for body in ({"title": 5, "once": ["x"], "version": {}}, [1, 2]):
        answer = client.open("/needs/new", method="POST", json=body, headers={"X-CSRFToken": client.csrf_token()})
        assert answer.status_code in (303, 422)
    assert not db.session.scalars(select(Need).where(Need.title != "", Need.origin == "posted")).all()


def test_nobody_sets_what_the_form_does_not_ask(sign_in):
    client = sign_in(Role.FOCAL_POINT, "KHM")
    answer = client.post("/needs/new", data={**client.fields("/needs/new"), **UNASKED, "title": "Ours", "save": "1"})
    assert answer.status_code == 303
    need = db.session.scalars(select(Need).where(Need.title == "Ours")).one()
    assert (need.party.ref, need.status, need.ref[:4], need.published_at) == ("KHM", NeedStatus.DRAFT, "KHM-", None)
    assert need.origin == "posted" and not need.is_demo


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\tevil",
                                    "javascript:alert(1)", "\\\\evil.example", " //evil.example", "http:evil.example"])
def test_signing_in_leads_nowhere_else(app, make, target):
    account = make.account(Role.DONOR_OFFICER, "NOR")
    answer = app.test_client().post("/accounts/sign-in", data={
        "email": account.email, "password": PASSWORD, "next": target})
    assert answer.status_code == 303 and answer.headers["Location"] == "/desk/"


def test_the_host_that_is_claimed_is_never_repeated(sign_in):
    client = sign_in(Role.ISU_OFFICER, "ISU")
    for url in ("/", "/parties/?_external=1", "/needs/", "/desk/", "/no-such-page", "/accounts/sign-in"):
        answer = client.get(url, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in answer.get_data(as_text=True) + answer.headers.get("Location", "")


def test_a_changed_role_and_an_ended_account_hold_from_the_next_request(sign_in, make):
    account = make.account(Role.ISU_OFFICER, "ISU")
    client = sign_in(account)
    assert client.get("/desk/verification").status_code == 200
    account = db.session.get_one(Account, account.id)
    account.role = Role.COMMITTEE_MEMBER
    db.session.commit()
    assert client.get("/desk/verification").status_code == 403
    account = db.session.get_one(Account, account.id)
    account.active = False
    db.session.commit()
    assert client.get("/desk/").status_code == 303
    assert client.get("/desk/").headers["Location"].startswith("/accounts/sign-in")


MARKUP = '"><script>alert(1)</script>{{ 7*191 }}'


def test_markup_is_shown_as_the_text_it_is(app, make, sign_in):
    need = make.need("KHM", title=MARKUP, summary=MARKUP, place=MARKUP, contact_name=MARKUP, beneficiaries=MARKUP)
    offer = make.offer("NOR", title=MARKUP, summary=MARKUP, conditions=MARKUP, how_to_ask=MARKUP, contact_name=MARKUP)
    match = make.match(need, "NOR", message=MARKUP, next_step=MARKUP)
    conference = make.conference(title=MARKUP, chair=MARKUP, place=MARKUP, note=MARKUP)
    pledge = make.pledge("NOR", need=need, condition=MARKUP, statement=MARKUP, conference=conference)
    meeting = make.meeting("KHM", needs=[need], participants=[(make.party("NOR"), MARKUP)], title=MARKUP,
                           summary=MARKUP, interest=MARKUP, chair=MARKUP, place=MARKUP)
    followup = make.followup("KHM", "ISU", what=MARKUP, meeting=meeting, need=need, pledge=pledge)
    client, shown = sign_in(make.account(Role.ISU_OFFICER, "ISU")), 0
    urls = ["/", "/desk/", "/insight/", "/parties/KHM", "/parties/NOR", f"/needs/{need.ref}/why/NOR",
            f"/needs/?q={quote(MARKUP)}", f"/pledges/new?match={match.id}", f"/conferences/{conference.ref}/desk",
            f"/conferences/{conference.ref}/edit", f"/approach/{meeting.ref}/edit"]
    for room, ref in (("needs", need.ref), ("offers", offer.ref), ("matches", match.id), ("pledges", pledge.ref),
                      ("conferences", conference.ref), ("approach", meeting.ref), ("followups", followup.id)):
        urls += [f"/{room}/", f"/{room}/{ref}"]
    for url in urls:
        text = client.get(url).get_data(as_text=True)
        assert "<script>alert" not in text and "1337" not in text, url
        shown += text.count("&lt;script&gt;alert")
    assert shown > 30


def test_a_meetings_timeline_names_no_need_that_its_readers_may_not_see(make, visitor):
    open_, hidden = make.need("KHM"), make.need("KHM", visibility=Visibility.PARTIES)
    meeting = make.meeting("KHM", visibility=Visibility.PUBLIC)
    isu = make.actor(Role.ISU_OFFICER)
    approach.change(meeting, isu, {}, [open_, hidden], [])
    db.session.commit()
    text = visitor.get(f"/approach/{meeting.ref}").get_data(as_text=True)
    assert open_.ref in text and hidden.ref not in text
    assert {need.ref for need in meeting.needs} == {open_.ref, hidden.ref}


def test_opening_a_meeting_does_not_open_its_earlier_wording(make, visitor, sign_in):
    meeting = make.meeting("KHM", summary="Between ourselves only")
    changes = {"summary": "For all", "visibility": Visibility.PUBLIC}
    approach.change(meeting, make.actor(Role.ISU_OFFICER), changes, [], [])
    db.session.commit()
    text = visitor.get(f"/approach/{meeting.ref}").get_data(as_text=True)
    assert "For all" in text and "Between ourselves" not in text
    own = sign_in(Role.FOCAL_POINT, "KHM")
    assert "Between ourselves" in own.get(f"/approach/{meeting.ref}").get_data(as_text=True)


def test_what_is_derived_is_made_anew_when_the_earlier_number_is_committed_last(make):
    make.need("KHM")
    for number in (900_002, 900_001):
        before = audit.watermark()
        db.session.add(audit.Event(id=number, tag="need.changed", subject_kind="need", subject_id=1))
        db.session.commit()
        assert audit.watermark() > before
