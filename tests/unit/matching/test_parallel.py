"""The bench's command, and what it measures on the parallel texts in six languages."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from partnerships.cli import bench
from partnerships.cli.bench import LANGUAGES, across_languages, command
from partnerships.matching import meaning
from partnerships.matching.synthetic import STATES, parallel_texts, register
from partnerships.matching.text import words


def test_the_parallel_texts_are_whole() -> None:
    texts = parallel_texts()
    assert len({text["id"] for text in texts}) == len(texts) == 24
    assert len({text["theme"] for text in texts}) == 11
    for text in texts:
        assert set(text) == {"id", "theme", "kind", *LANGUAGES}
        assert all(len(words(text[code])) >= 12 for code in LANGUAGES)


def test_meaning_crosses_languages_and_keeps_to_none() -> None:
    report = across_languages()
    assert report["fused"]["p_at_1"] >= 0.93 > 0.5 > report["words"]["p_at_1"]
    assert report["fused"]["own_language_share"] <= report["pool_share"] + 0.05
    assert report["words"]["own_language_share"] > 0.5


def test_a_made_up_register_is_plausible_and_always_the_same() -> None:
    made = register(400)
    assert made == register(400) and made.needs != register(400, seed=1).needs
    assert len(made.needs) == 400 and len(made.partners) == 300
    assert len({need.state for need in made.needs}) > STATES / 2
    assert {need.language for need in made.needs} == set(LANGUAGES)
    lengths = sorted(len(need.text.split()) for need in made.needs if need.language != "zh")
    assert lengths[len(lengths) // 20] >= 50 and lengths[-len(lengths) // 20] <= 150
    assert {1, 2, 3} <= {sum(offer.partner == one.ref for offer in made.offers) for one in made.partners}


@pytest.fixture
def without_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "load", lambda: None)


def test_the_bench_reports_every_way(tmp_path: Path, without_encoder: None) -> None:
    out = tmp_path / "bench.json"
    result = CliRunner().invoke(command, ["--needs", "300", "--queries", "20", "--json", str(out)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    report = json.loads(out.read_text())
    ways = {"engine", "text", "scipy_inverted", "nearest_neighbors", "bm25s", "fts5"}
    for part in ("p50_ms", "p99_ms"):
        assert ways <= set(report[part]) and all(report[part][way] > 0 for way in ways)
    for way in ("text", "scipy_inverted", "nearest_neighbors"):
        assert report["agreement"][way] == 1
    assert 0.3 < report["agreement"]["bm25s"] <= 1 and 0.3 < report["agreement"]["fts5"] <= 1
    assert report["build_s"] > 0 and report["rss_mb"] > 50
    assert "nearest_neighbors" in result.output


def measured(needs: int, *_options: object) -> dict:
    times = {"text": needs / 1000, "engine": 2.0}
    return {"needs": needs, "p50_ms": times, "p99_ms": times, "asked": {"text": 20, "engine": 20}, "agreement": {"text": 1.0},
            "parts_s": {"engine": 3.0}, "build_s": 3.0, "rss_mb": needs // 100}


def test_growth_is_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "speed", measured)
    result = CliRunner().invoke(command, ["--growth"], catch_exceptions=False)
    assert "growth of text p50: 10 x needs = 10.0 x, 10 x needs = 10.0 x\n" in result.output
    assert "growth of engine p50: 10 x needs = 1.0 x, 10 x needs = 1.0 x\n" in result.output


def test_an_unknown_peer_is_named() -> None:
    result = CliRunner().invoke(command, ["--peers", "fts5,elastic"])
    assert result.exit_code == 1 and "no peer elastic" in result.output
