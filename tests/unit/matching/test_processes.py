"""What only a fresh interpreter can show: what an import loads, and that every process answers alike."""

import os
import subprocess
import sys
from pathlib import Path

import partnerships.matching

ROOT = Path(partnerships.matching.__file__).resolve().parents[3]

IMPORT = """
import sys
import partnerships.matching
print(*sorted({"sklearn", "scipy", "numpy"} & set(sys.modules)))
"""
ANSWER = """
from partnerships.matching import Matcher
from tests.unit.matching.world import GIFTS, NEED, NEEDS, OFFERS, PARTNERS, TODAY
fitted = Matcher.fit(GIFTS, PARTNERS, OFFERS, NEEDS, today=TODAY)
print(fitted.version, fitted.partners_for(NEED), fitted.needs_for("JPN"), fitted.similar_needs(NEED))
"""


def output(code: str, seed: str = "0") -> str:
    path = os.pathsep.join((str(ROOT / "platform"), str(ROOT)))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.strip()


def test_the_import_is_cheap() -> None:
    assert output(IMPORT) == ""


def test_two_processes_answer_alike_whatever_their_hash_seed() -> None:
    first = output(ANSWER, seed="1")
    assert "NOR" in first
    assert first == output(ANSWER, seed="2")
