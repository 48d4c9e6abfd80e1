"""docs/security.md: every requirement of ASVS 5.0.0 at levels 1 and 2 has its row, and every row its test or its reason."""

from __future__ import annotations

import re
from pathlib import Path

from tests.security.removals import REMOVALS, ROOT

# Requirements of levels 1 and 2 in each section of ASVS 5.0.0, by their last numbers.
ASKED = {
    "1.1": "1 2", "1.2": "1 2 3 4 5 6 7 8 9", "1.3": "1 2 3 4 5 6 7 8 9 10 11", "1.4": "1 2 3", "1.5": "1 2",
    "2.1": "1 2 3", "2.2": "1 2 3", "2.3": "1 2 3 4", "2.4": "1", "3.2": "1 2", "3.3": "1 2 3 4", "3.4": "1 2 3 4 5 6",
    "3.5": "1 2 3 4 5", "3.7": "1 2", "4.1": "1 2 3", "4.2": "1", "4.3": "1 2", "4.4": "1 2 3 4", "5.1": "1", "5.2": "1 2 3",
    "5.3": "1 2", "5.4": "1 2 3", "6.1": "1 2 3", "6.2": "1 2 3 4 5 6 7 8 9 10 11 12", "6.3": "1 2 3 4", "6.4": "1 2 3 4",
    "6.5": "1 2 3 4 5", "6.6": "1 2 3", "6.8": "1 2 3 4", "7.1": "1 2 3", "7.2": "1 2 3 4", "7.3": "1 2", "7.4": "1 2 3 4 5",
    "7.5": "1 2", "7.6": "1 2", "8.1": "1 2", "8.2": "1 2 3", "8.3": "1", "8.4": "1", "9.1": "1 2 3", "9.2": "1 2 3 4",
    "10.1": "1 2", "10.2": "1 2", "10.3": "1 2 3 4", "10.4": "1 2 3 4 5 6 7 8 9 10 11", "10.5": "1 2 3 4 5", "10.6": "1 2",
    "10.7": "1 2 3", "11.1": "1 2", "11.2": "1 2 3", "11.3": "1 2 3", "11.4": "1 2 3 4", "11.5": "1", "11.6": "1",
    "12.1": "1 2 3", "12.2": "1 2", "12.3": "1 2 3 4", "13.1": "1", "13.2": "1 2 3 4 5", "13.3": "1 2", "13.4": "1 2 3 4 5",
    "14.1": "1 2", "14.2": "1 2 3 4", "14.3": "1 2 3", "15.1": "1 2 3", "15.2": "1 2 3", "15.3": "1 2 3 4 5 6 7", "16.1": "1",
    "16.2": "1 2 3 4 5", "16.3": "1 2 3 4", "16.4": "1 2 3", "16.5": "1 2 3", "17.1": "1", "17.2": "1 2 3 4", "17.3": "1 2"}
ROW = re.compile(r"^\| ([\d., ]+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def rows():
    """The rows of the table: (numbers, what is asked, where, test or reason)."""
    return [(found[1].split(", "), found[2], found[3], found[4])
            for found in ROW.finditer((ROOT / "docs" / "security.md").read_text(encoding="utf-8"))]


def _tests():
    return {text.strip("`") for _numbers, _asked, _where, text in rows() if text.startswith("`")}


def test_every_requirement_has_one_row():
    wanted = sorted(f"{section}.{last}" for section, lasts in ASKED.items() for last in lasts.split())
    assert sorted(number for numbers, *_rest in rows() for number in numbers) == wanted


def test_every_row_names_a_test_that_is_there_or_says_why_not():
    for numbers, _asked, where, text in rows():
        if text.startswith("`"):
            path, _colons, name = text.strip("`").partition("::")
            assert f"def {name}(" in (ROOT / "tests" / path).read_text(encoding="utf-8"), numbers
            assert where != "–", numbers
        else:
            assert len(text) >= 8, numbers


def test_every_named_file_is_there():
    package = ROOT / "platform" / "partnerships"
    for numbers, _asked, where, _text in rows():
        for name in re.findall(r"\b[\w/]+\.py\b", where):
            assert list(package.glob(name)) or list(package.glob(f"*/{Path(name).name}")) or (ROOT / "docs" / name).exists(), (
                numbers, name)


def test_each_defence_can_still_be_taken_away():
    """What removals.py takes away is still there, once, and each test of the table has a removal."""
    for one in REMOVALS:
        text = (ROOT / one.file).read_text(encoding="utf-8")
        assert text.count(one.defence) == 1, (one.name, text.count(one.defence))
    assert _tests() <= {one.test for one in REMOVALS}, _tests() - {one.test for one in REMOVALS}
