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


WEB = """
import sys, tempfile, pathlib
from partnerships import create_app
from partnerships.settings import Settings
folder = pathlib.Path(tempfile.mkdtemp())
create_app(Settings(environment="testing", secret_key="x" * 40, database_url=f"sqlite:///{folder / 'x.sqlite3'}",
                    data_dir=folder, demo=False, secure_cookies=False))
print(*sorted({"sklearn", "scipy", "numpy"} & set(sys.modules)))
"""


def test_a_web_process_starts_without_loading_the_engine() -> None:
    assert output(WEB) == ""


def test_ranking_with_the_shipped_vocabulary_needs_no_scikit_learn() -> None:
    code = ANSWER.replace("from tests.unit", "import sys\nfrom partnerships.matching import vocabulary\nfrom tests.unit")
    code = code.replace("today=TODAY)", "today=TODAY, language=Language(vocabulary.shipped(), None))")
    code = "from partnerships.matching.likeness import Language\n" + code + "\nprint('sklearn' in sys.modules)"
    assert output(code).splitlines()[-1] == "False"
