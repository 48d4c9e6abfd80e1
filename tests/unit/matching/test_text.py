import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.matching.text import MAX_CHARACTERS, MAX_LETTERS, MAX_WORDS, cleaned, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The survey of the mined AREAS in 2024", ["survey", "mined", "areas"]),
        ("L’enquête technique dans les rizières d'Angkor", ["enquête", "technique", "rizières", "angkor"]),
        ("El desminado de las áreas sospechosas", ["desminado", "áreas", "sospechosas"]),
        ("إزالة الألغام في المناطق", ["إزالة", "الألغام", "المناطق"]),
        ("Очистка территорий от мин и помощь", ["очистка", "территорий", "мин", "помощь"]),
        ("地雷的清除", ["地雷", "清除"]),
        ("", []),
        ("12 345 - !", []),
        ("<p class='x'>Survey</p><br/>of 3 < 5 fields", ["survey", "fields"]),
        ("mine\x00field \ud800 survey\udfff", ["mine", "field", "survey"]),
        ("💣 survey 👩‍🌾 fields", ["survey", "fields"]),
        ("survey обследование 调查 مسح", ["survey", "обследование", "调查", "مسح"]),
        ("ﬁeld \u2460 sur\u00advey", ["field", "survey"]),
    ],
)
def test_words_leave_out_what_carries_no_meaning_in_six_languages(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_decomposed_and_vowelled_spellings_are_one_word() -> None:
    assert words("enque\u0302te") == words("enquête")
    assert words("\u0623\u064e\u0644\u0652\u063a\u0627\u0645") == words("\u0623\u0644\u063a\u0627\u0645")


def test_a_long_text_is_read_up_to_a_limit() -> None:
    assert len(words("survey field " * 25_000)) == MAX_WORDS
    assert words("a" * (MAX_LETTERS + 1)) == []
    assert words("a" * MAX_LETTERS) == ["a" * MAX_LETTERS]
    assert words("-" * MAX_CHARACTERS + " survey") == []


def test_a_run_of_combining_marks_costs_no_quadratic_time() -> None:
    marks = "\u0301\u0323" * (MAX_CHARACTERS // 2)
    assert words("a" + marks) == words("a") == []
    assert len(cleaned(marks)) >= MAX_CHARACTERS / 2


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_string_gives_words_that_are_words_again(text: str) -> None:
    for word in words(text):
        assert word == word.lower().strip()
        assert 0 < len(word) <= MAX_LETTERS
        assert "\0" not in word and "\n" not in word
        word.encode()
