import pytest

from partnerships.matching.text import Texts, words


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
    ],
)
def test_words_leave_out_what_carries_no_meaning_in_six_languages(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_decomposed_and_vowelled_spellings_are_one_word() -> None:
    assert words("enque\u0302te") == words("enquête")
    assert words("\u0623\u064e\u0644\u0652\u063a\u0627\u0645") == words("\u0623\u0644\u063a\u0627\u0645")


def test_empty_texts_are_like_nothing() -> None:
    for texts in (Texts({}), Texts({"a": "", "b": "the of"})):
        assert texts.similarities("survey") == {}
        assert texts.shared_words("survey", "a") == ()
    assert Texts({"a": "survey", "b": ""}).similarities("") == {}


def test_a_text_is_wholly_like_itself_and_a_rare_word_tells_more() -> None:
    texts = Texts({"a": "survey rice", "b": "survey school", "c": "survey prosthesis"})
    assert texts.similarities("survey rice")["a"] == 1.0
    assert [word for word, _ in texts.shared_words("survey rice", "a")] == ["rice", "survey"]
    assert texts.shared_words("survey", "b") == (("survey", 1.0),)
    likeness = texts.similarities("rice fields")
    assert set(likeness) == {"a"} and 0 < likeness["a"] < 1


def test_a_known_text_and_the_same_text_read_anew_agree() -> None:
    documents = {"a": "survey of rice fields", "b": "rice"}
    texts = Texts(documents)
    assert texts.similarities("survey of rice fields") == texts.similarities("survey of rice fields ")
