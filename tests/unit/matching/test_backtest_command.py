"""`flask matching backtest` and `train`: files in, files out, and words for what cannot be read."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from partnerships.cli import backtest, matching

HEADER = "year,donor,donor_iso3,recipient,recipient_iso3,amount_usd,donor_list_complete"
ROWS = (
    "2010,Norway,NOR,Chad,TCD,100,yes", "2010,Japan,JPN,Chad,TCD,50,yes", "2011,Norway,NOR,Chad,TCD,100,yes",
    "2012,European Union,,Chad,TCD,100,yes", "2012,Norway,NOR,Chad,TCD,100,yes",
)  # fmt: skip


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return written(tmp_path / "sound.csv", *ROWS)


def written(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def run(history: Path, truth: Path, *more: str) -> tuple[int, str]:
    result = CliRunner().invoke(backtest.command, ["--history", str(history), "--truth", str(truth), *more])
    return result.exit_code, result.output


def test_it_prints_a_table_and_writes_every_figure(sound: Path, tmp_path: Path) -> None:
    code, output = run(sound, sound, "--json", str(tmp_path / "out.json"))
    assert code == 0
    assert "2 recipient-years, 1 with a first gift" in output
    assert "engine - " in output
    report = json.loads((tmp_path / "out.json").read_text())
    assert {"engine", "random", "popularity", "previous", "decayed"} <= report.keys()
    assert {"map", "p5", "cold_map", "cold_r5", "n", "per_recipient_year", "difference"} <= report["engine"].keys()
    assert report["settings"]["years"] == [2011, 2012]


def test_years_narrow_what_is_ranked(sound: Path) -> None:
    assert "1 recipient-years, 0 with" in run(sound, sound, "--years", "2011")[1]
    assert "2 recipient-years, 1 with" in run(sound, sound, "--years", "2010-2019")[1]


@pytest.mark.parametrize(("years", "words"), [("2013", "holds no year of 2013"), ("soon", "must look like")])
def test_unknown_years_are_refused(sound: Path, years: str, words: str) -> None:
    code, output = run(sound, sound, "--years", years)
    assert code == 1 and words in output


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2011,Norway,NOR,Chad,TCD,NaN,yes", "row 7: amount_usd must be a number of zero or more"),
        ("2011,Norway,NOR,Chad,TCD,-1,yes", "row 7: amount_usd must be a number of zero or more"),
        ("2011,Norway,NOR,Chad,TCD,inf,yes", "row 7: amount_usd must be a number of zero or more"),
        ("2011,Norway,NOR,Chad,TCD,much,yes", "row 7: amount_usd must be a number of zero or more"),
        ("soon,Norway,NOR,Chad,TCD,1,yes", "row 7: the year must be between 1990 and 2100, not soon"),
        ("1066,Norway,NOR,Chad,TCD,1,yes", "row 7: the year must be"),
        (",Norway,NOR,Chad,TCD,1,yes", "row 7: the year must be between 1990 and 2100, not empty"),
        ("2011,Norway,NO,Chad,TCD,1,yes", "row 7: donor_iso3 must be three capital letters"),
        ("2011,Norway,NOR,Chad,TCD,1,perhaps", "row 7: donor_list_complete must be yes or no, not perhaps"),
        ("2011,Norway", "row 7: donor_list_complete must be yes or no, not empty"),
    ],
)
def test_a_bad_row_is_named(sound: Path, tmp_path: Path, row: str, words: str) -> None:
    code, output = run(sound, written(tmp_path / "bad.csv", *ROWS, row))
    assert code == 1
    assert "bad.csv, " + words in output


def test_bad_files_are_refused_in_words(sound: Path, tmp_path: Path) -> None:
    lacking = written(tmp_path / "lacking.csv", "2010,Norway", header="year,donor")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00year")
    for file, words in (
        (tmp_path / "absent.csv", "absent.csv cannot be read"),
        (tmp_path, "cannot be read"),
        (tmp_path / "binary.csv", "binary.csv cannot be read"),
        (lacking, "lacking.csv has no column donor_iso3"),
        (written(tmp_path / "empty.csv"), "empty.csv holds no rows"),
        (written(tmp_path / "one.csv", ROWS[0]), "No recipient and year can be ranked"),
    ):
        code, output = run(file, file)
        assert code == 1 and words in output


def test_training_writes_both_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "seed_gifts", lambda: ())  # the seed itself is trained on in test_training
    output, card = tmp_path / "weights.json", tmp_path / "card.md"
    result = CliRunner().invoke(matching.train, ["--output", str(output), "--card", str(card)])
    assert result.exit_code == 0
    assert json.loads(output.read_text())["version"] in card.read_text()
    nowhere = str(tmp_path / "no" / "where.json")
    result = CliRunner().invoke(matching.train, ["--output", nowhere, "--card", str(card)])
    assert result.exit_code == 1 and "where.json" in result.output
