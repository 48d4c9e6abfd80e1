"""Every route and method with generated input: no failure, no trace of the inside, nothing of others.

Hundreds of requests; thousands with the variable FUZZ_EXAMPLES (each example is a few requests of one person).
"""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from tests.house.test_hostile import NAMES, UNASKED
from tests.support.client import Raw

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
PEOPLE = ((Role.ISU_ADMINISTRATOR, "ISU"), (Role.FOCAL_POINT, "KHM"), (Role.DONOR_OFFICER, "NOR"), (Role.PUBLIC, None))
SECRET = "Nobody of another State may read this 7531"
# What would end the session of the person who asks, or wait for another machine.
LEFT_OUT = ("accounts.sign_out", "accounts.erase", "accounts.end_session", "accounts.ministry", "static")
NASTY = st.one_of(
    st.text(max_size=40), st.sampled_from(["", "\x00", "-1", "0", "9" * 40, "1e999", "NaN", "2026-13-45", "0001-01-01", "../../etc",
                                           "' OR 1=1 --", "<script>", "{{7*7}}", "KHM", "NOR", "\u202e", "\ud800".encode(
                                               "utf-8", "surrogatepass").decode("utf-8", "replace"), "true", "[]", "{}"]))
FIELDS = st.dictionaries(st.sampled_from([*NAMES, *UNASKED, "title", "summary", "amount", "currency", "note", "version", "once",
                                          "message", "role", "email", "password", "code", "visibility", "years-0-amount",
                                          "outcome", "valid_until", "file", "line", "confirm_with", "word", "until"]),
                         st.one_of(NASTY, st.lists(NASTY, max_size=3)), max_size=8)
HEADERS = st.dictionaries(st.sampled_from(["Accept-Language", "HX-Request", "X-Forwarded-Host", "X-Forwarded-For", "Referer",
                                           "Range", "If-Modified-Since", "If-None-Match", "Accept", "Content-Type",
                                           "User-Agent", "Origin"]),
                          st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=30), max_size=3)


@pytest.fixture
def world(app, make, sign_in, monkeypatch):
    """People who ask, values for the parts of addresses, and a restricted record of somebody else."""
    need = make.need("KHM")
    hidden = make.need("AGO", visibility=Visibility.ISU, title=SECRET, summary=SECRET)
    meeting = make.meeting("KHM", needs=[need])
    values = [need.ref, hidden.ref, make.offer("NOR").ref, make.pledge("NOR", need=need).ref, meeting.ref, make.conference().ref,
              str(make.match(need, "NOR").id), "KHM", "NOR", "1", "2", "999999", "published", "x"]
    monkeypatch.setattr(app, "test_client_class", Raw)
    clients = {role: sign_in(role, party) if party else app.test_client() for role, party in PEOPLE}
    rules = sorted((rule for rule in app.url_map.iter_rules() if rule.endpoint not in LEFT_OUT),
                   key=lambda one: (one.rule, one.endpoint))
    for client in clients.values():
        client.csrf_token()
    return clients, rules, values


def test_nothing_breaks_and_nothing_leaks(app, world, engine_name):
    clients, rules, values = world
    asked: dict[int, int] = {}

    @settings(max_examples=EXAMPLES or (60 if engine_name == "sqlite" else 40), derandomize=not EXAMPLES, deadline=None,
              database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.data())
    def attack(data):
        role = data.draw(st.sampled_from(sorted(clients)))
        for _turn in range(5):
            rule = data.draw(st.sampled_from(rules))
            url = re.sub(r"<[^>]+>", lambda _part: _quoted(data.draw(st.one_of(st.sampled_from(values), NASTY))), rule.rule)
            method = data.draw(st.sampled_from(sorted((rule.methods or {"GET"}) - {"OPTIONS"}) * 4 + ["PUT", "DELETE", "PATCH"]))
            sent = {"query_string": data.draw(FIELDS), "headers": data.draw(HEADERS)}
            if method not in ("GET", "HEAD"):
                body = data.draw(FIELDS)
                sent |= {"json": body} if data.draw(st.booleans()) and data.draw(st.booleans()) else {"data": {
                    "csrf_token": clients[role].token, **body}}
                if "json" in sent:
                    sent["headers"] = {**sent["headers"], "X-CSRFToken": clients[role].token}
                    sent["headers"].pop("Content-Type", None)
            answer = clients[role].open(url, method=method, **sent)
            asked[answer.status_code] = asked.get(answer.status_code, 0) + 1
            assert answer.status_code < 500, (role, method, url, sent)
            told = answer.get_data()
            assert b"Traceback" not in told and b"sqlalchemy" not in told.lower(), (method, url)
            assert role is Role.ISU_ADMINISTRATOR or SECRET.encode() not in told, (role, method, url)

    attack()
    db.session.rollback()
    print(f"{engine_name}: {sum(asked.values())} requests, {dict(sorted(asked.items()))}")
    assert sum(asked.values()) >= 5 * (EXAMPLES or 40) and len(asked) >= 5


def _quoted(text):
    from urllib.parse import quote

    return quote(str(text), safe="") or "x"
