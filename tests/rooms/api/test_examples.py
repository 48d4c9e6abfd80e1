"""The examples of docs/examples do what they say, against a running platform."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading

import pytest
from sqlalchemy import func, select
from werkzeug.serving import make_server

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.pledges.models import Pledge
from partnerships.settings import ROOT
from partnerships.tokens.states import Scope

EXAMPLES = ROOT / "docs" / "examples"


@pytest.fixture
def address(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_python_client_reads_every_page(address, make):
    refs = {make.need("KHM", theme="survey-clearance").ref for _number in range(3)}
    other = make.need("KHM", theme="victim-assistance").ref
    db.session.commit()
    run = subprocess.run([sys.executable, EXAMPLES / "needs.py", address, "survey-clearance"], capture_output=True, text=True,
                         timeout=120, check=True)
    told = {line.partition(",")[0] for line in run.stdout.splitlines()}
    assert refs < told and "need" in told and other not in told


@pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl")
def test_the_shell_client_announces_once(address, make, program):
    need = make.need("KHM")
    secret = program(Role.DONOR_OFFICER, "NOR", Scope.PLEDGES).secret
    before = db.session.scalar(select(func.count()).select_from(Pledge))
    db.session.commit()
    told = [json.loads(subprocess.run(["sh", EXAMPLES / "pledge.sh", address, need.ref, "3500000", "NOK"], capture_output=True,
                                      text=True, timeout=120, check=True, env={**os.environ, "PARTNERSHIPS_KEY": secret}).stdout)
            for _turn in range(2)]
    assert told[0]["ref"] == told[1]["ref"] and told[0]["stages"]["announced"] == "3500000"
    assert db.session.scalar(select(func.count()).select_from(Pledge)) == before + 1
