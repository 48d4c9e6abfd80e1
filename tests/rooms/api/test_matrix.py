"""Who may ask what: every operation against every role, with keys that open everything."""

from __future__ import annotations

import pytest

from partnerships import create_app
from partnerships.core.actor import Role
from partnerships.core.policy import PERMISSIONS
from partnerships.extensions import limiter
from partnerships.tokens.states import Scope
from tests.conftest import settings_for

PARTY = {Role.FOCAL_POINT: "KHM", Role.DONOR_OFFICER: "NOR", Role.ORGANISATION_OFFICER: "GICHD", Role.ISU_OFFICER: "ISU",
         Role.ISU_ADMINISTRATOR: "ISU", Role.COMMITTEE_MEMBER: "CHE"}


@pytest.mark.parametrize("role", list(Role))
def test_the_door_of_every_operation(app, program, role):
    one = program() if role is Role.PUBLIC else program(role, PARTY[role], *Scope)
    asked = 0
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("v1."):
            continue
        permission = app.view_functions[rule.endpoint].permission
        path = rule.rule.removeprefix("/api/v1").replace("<ref>", "NO-SUCH").replace("<int:number>", "999999")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = one.ask(method, path, **({} if method == "GET" or path.endswith("/submission") else {"json": {}}))
            asked += 1
            if role is Role.PUBLIC and permission is not None:
                assert answer.status_code == 401, (method, path)
            elif permission is not None and role not in PERMISSIONS[permission]:
                assert answer.status_code == 403, (method, path)
            else:
                assert answer.status_code in (200, 201, 404, 422), (method, path, answer.status_code)
    assert asked > 22


def test_the_description_names_every_operation(app, visitor):
    spec = visitor.get("/api/v1/openapi.json").json
    assert spec["openapi"].startswith("3.1")
    told = {(method, path) for path, methods in spec["paths"].items() for method in methods if method in ("get", "post", "patch")}
    served = {(method.lower(), rule.rule.replace("<int:number>", "{number}").replace("<ref>", "{ref}"))
              for rule in app.url_map.iter_rules() if rule.endpoint.startswith("v1.")
              for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert told == served
    for path, methods in spec["paths"].items():
        for method in ("get", "post", "patch"):
            assert method not in methods or methods[method]["summary"], path


def test_each_answer_tells_what_is_left_and_a_refusal_when_to_come_back(tmp_path, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", limiter.enabled)  # given back afterwards: all applications share it
    client = create_app(settings_for("sqlite://", tmp_path, environment="development")).test_client()
    limiter.reset()
    answers = [client.get("/api/v1/organisations", headers={"Authorization": "Bearer wrong"}) for _turn in range(602)]
    limiter.reset()
    first, refused = answers[0], answers[-1]
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("600", "599")
    assert [one.status_code for one in answers] == [401] * 600 + [429] * 2
    assert refused.json["status"] == 429 and 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit-Remaining"] == "0"


def test_the_guide_is_a_page_for_people(visitor):
    page = visitor.get("/api/")
    text = page.get_data(as_text=True)
    assert page.status_code == 200 and "/api/v1/needs/{ref}/suggestions" in text and "Idempotency-Key" in text
