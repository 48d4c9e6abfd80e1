"""The plot and its sizes: what stands where, how long it may be, and what is banned everywhere."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "platform" / "partnerships"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMES = {"__init__", "models", "states", "policy", "queries", "service", "forms", "routes", "mails"}
# Own names beside the vocabulary, each for one idea that the vocabulary has no word for.
EXTRA = {"timeline", "words", "view", "fields", "columns"}
NOUNS = ("needs", "offers", "suggestions", "weights", "matches", "pledges", "conferences", "approach", "followups",
         "plans", "amendments", "renewals", "documents", "searches", "exchange", "assessments", "feeds", "tokens",
         "api", "subscriptions")


def test_platform_is_pythons_own():
    import platform

    assert "partnerships" not in (platform.__file__ or "")
    assert platform.python_version()
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert [one.name for one in (ROOT / "platform").iterdir() if one.name != "__pycache__"] == ["partnerships"]


def test_platform_is_pythons_own_from_the_root_folder():
    code = "import platform; print(platform.system())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip()


def test_the_top_level_holds_nothing_but_the_plot():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    tops = {name.split("/")[0] for name in listed if name}
    assert tops <= {
        "platform",
        "migrations",
        "templates",
        "seed",
        "tests",
        "docs",
        "requirements",
        ".ci",
        "setup.cfg",
        "ruff.toml",
        "wsgi.py",
        "README.md",
        "CHANGELOG.md",
        ".gitignore",
        ".gitattributes",
    }


@pytest.mark.parametrize(
    "path", SOURCES + sorted((ROOT / "tests").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_files_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_functions_stay_short():
    long = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > 40:
                    long.append(f"{path.relative_to(ROOT)}:{node.name} ({length})")
    assert not long


def test_public_functions_say_what_they_do():
    silent = []
    for path in SOURCES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if (
                isinstance(node, ast.FunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                silent.append(f"{path.relative_to(ROOT)}:{node.name}")
    # Members of a table of readers and writers, and small predicates and enums whose names say it.
    allowed = re.compile(
        r"seeding/records\.py|core/policy\.py|states\.py|parties/models\.py:PartyKind|offers/models\.py:OfferStatus"
    )
    assert [one for one in silent if not allowed.search(one)] == []


def test_ruff_has_nothing_to_say():
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_rooms_keep_their_walls():
    code = "import sys; sys.path.insert(0, 'platform'); from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_no_raw_markup_and_no_inline_code(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b", text)
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|hx-on", text)
    assert "autoescape false" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_words_in_templates_go_through_gettext(path):
    text = re.sub(
        r"{#.*?#}|{%.*?%}|{{.*?}}|<script.*?</script>|<svg.*?</svg>|<style.*?</style>",
        " ",
        path.read_text(encoding="utf-8"),
        flags=re.S,
    )
    words = re.findall(r">[^<>]*(?<![-\w])[A-Za-z]{3,}[^<>]*<", text)
    assert words == []


def test_every_template_compiles(unbound_app):
    for path in TEMPLATES:
        unbound_app.jinja_env.get_template(str(path.relative_to(ROOT / "templates")))


def test_a_noun_room_holds_only_the_vocabulary():
    for noun in NOUNS:
        names = {path.stem for path in (PACKAGE / noun).glob("*.py")}
        own = {"matches": {"mediation"}, "feeds": {"entries", "calendar", "news", "answers", "atom"},
               "suggestions": {"engine", "gifts", "store", "kept", "upkeep", "alike", "likeness"}, "allocations": {"jobs"},
               "pledges": {"figures", "rules", "payments", "reports", "reminders", "account", "tokens"},
               "conferences": {"line", "reading", "sums", "speech", "logbook", "tally", "outcome", "outcome_file"},
               "followups": {"suggestions", "tokens"}, "needs": {"content", "coach", "advice", "prefill", "twins"},
               "offers": {"twins"},
               "amendments": {"small", "diff"},
               "renewals": {"tokens"}, "searches": {"addresses", "digests", "index", "kinds", "lists", "near"},
               "tokens": {"bearer"}, "api": {"frame", "paging", "filtering", "writing"},
               "exchange": {"reading", "workbook", "values", "headings", "columns", "places", "entries", "needed", "offered",
                            "fates", "keeping", "sample", "given", "funding", "pledged", "prepared", "sources", "kinds", "objects",
                            "texts", "beside", "choosing", "remembering", "activities"}}.get(noun, set())
        assert names <= NAMES | EXTRA | own, noun


def test_vendored_files_are_what_the_manifest_says():
    folder = PACKAGE / "static" / "vendor"
    manifest = json.loads((folder / "manifest.json").read_text())
    entries = manifest["packages"] if isinstance(manifest, dict) else manifest
    listed = set()
    for entry in entries:
        assert entry["licence"]
        for name, checksum in entry["files"].items():
            path = folder / f"{entry['name']}@{entry['version']}" / name
            assert hashlib.sha256(path.read_bytes()).hexdigest() == checksum, path
            listed.add(path)
    assert {path for path in folder.rglob("*") if path.is_file()} - listed == {folder / "manifest.json"}


def test_no_page_asks_the_network_for_anything():
    for path in [*TEMPLATES, *(PACKAGE / "static").glob("*.js"), *(PACKAGE / "static" / "css").glob("*.css")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(src|href)=\"https?://|url\(['\"]?https?:|import .*https?:", text), path


def test_starting_the_platform_does_not_load_scikit_learn():
    code = (
        "import sys; sys.path.insert(0, 'platform'); from partnerships import create_app; "
        "from partnerships.settings import Settings; from pathlib import Path; "
        "create_app(Settings('testing', 'x' * 40, 'sqlite://', Path('.'), False, False)); "
        "assert 'sklearn' not in sys.modules and 'scipy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
