"""The API as its description says it is: generated requests for every operation, as every role, on both engines.

Nothing breaks, no status, type or shape is answered that is not described, and nothing of others is told.
More requests with the variable FUZZ_EXAMPLES (requests an operation and role).
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.tokens import service
from partnerships.tokens.states import Scope, TokenKind

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0")) or 3
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
          response_headers_conformance]
SECRET = "Nobody of another State may read this 7531"
ROLES = [(Role.PUBLIC, ""), (Role.FOCAL_POINT, "KHM"), (Role.DONOR_OFFICER, "NOR"), (Role.ISU_ADMINISTRATOR, "ISU"),
         (Role.COMMITTEE_MEMBER, "CHE"), (Role.ORGANISATION_OFFICER, "GICHD")]


@pytest.fixture
def keys(make) -> dict[str, str]:
    """A key of each role that opens everything, what nobody else may read, and a need that everybody may."""
    hidden = make.need("AGO", visibility=Visibility.PARTIES, title=SECRET, summary=SECRET)
    make.pledge("SWE", need=hidden, visibility=Visibility.PARTIES, statement=SECRET, condition=SECRET)
    make.match(hidden, "SWE", next_step=SECRET)
    make.offer("NOR")
    made = {role: service.make(make.actor(role, party), "Fuzz", TokenKind.PERSONAL, [*Scope], 30)[1]
            for role, party in ROLES if role is not Role.PUBLIC}
    ref = make.need("KHM").ref
    db.session.commit()
    return {"ref": ref, **made}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_every_operation_answers_as_it_is_described(app, keys):
    def served(environ: Any, begin: Any) -> list[bytes]:
        with app.app_context():  # a context of its own for each request, as in a server
            return list(app(environ, begin))

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served)
    sample = {"ref": keys["ref"], "number": "1"}
    asked: dict[int, int] = {}
    broken: list[str] = []
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in operations:
        for role, _party in ROLES:
            headers = {"Authorization": f"Bearer {keys[role]}"} if role in keys else {}
            try:
                _attack(operation, headers, sample, role, asked)
            except (schemathesis.errors.SchemathesisError, BaseExceptionGroup) as error:
                broken.append(f"{role} {operation.label}: {error}: {getattr(error, 'exceptions', '')}")
    assert not broken, "\n\n".join(broken)
    assert len(operations) > 20 and sum(asked.values()) >= EXAMPLES * len(operations) * len(ROLES) * 0.5
    assert {200, 401, 403, 404, 422} <= asked.keys(), asked


def _attack(operation: Any, headers: dict[str, str], sample: dict[str, str], role: Role, asked: dict[int, int]) -> None:
    turn = iter(range(10_000))

    @settings(max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        if next(turn) % 2:  # every second one asks for a record that there is
            case.path_parameters = {key: sample[key] for key in case.path_parameters}
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)
        asked[answer.status_code] = asked.get(answer.status_code, 0) + 1
        if role not in (Role.ISU_ADMINISTRATOR,):
            assert SECRET not in answer.text, (role, case.as_curl_command())

    ask()
