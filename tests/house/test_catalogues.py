"""The catalogues are whole: every message of code, templates and seed has its words in each of the five other languages."""

from __future__ import annotations

import re
from gettext import c2py

import pytest
from babel.messages.catalog import Message

from partnerships.core import catalogues


@pytest.fixture(scope="module")
def messages():
    return catalogues.template()


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_nothing_is_missing(messages, language):
    lacking = catalogues.missing(language, messages)
    assert not lacking, (len(lacking), [str(one.id)[:80] for one in lacking[:5]], f"flask languages pending {language}")


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_nothing_is_left_over(messages, language):
    known = {(one.context, one.id if isinstance(one.id, str) else one.id[0]) for one in messages if one.id}
    kept = {(one.context, one.id if isinstance(one.id, str) else one.id[0]) for one in catalogues.read(language) if one.id}
    assert not kept - known, f"{len(kept - known)} messages that nobody says: flask languages fill {language} writes it anew"


def test_every_template_is_read(messages):
    """What a page says in a template is among the messages: a template that the extraction cannot read would stay in English."""
    said = {words.encode().decode("unicode_escape").encode("latin-1").decode() if "\\" in words else words
            for path in (catalogues.ROOT / "templates").rglob("*.*")
            for words in re.findall(r'(?<![\w.])_\("((?:[^"\\]|\\.)+)"', path.read_text(encoding="utf-8"))}
    known = {words for one in messages if one.id for words in ((one.id,) if isinstance(one.id, str) else one.id)}
    assert len(said) > 1000
    assert not said - known


def test_words_that_cannot_stand_are_refused():
    catalogue = catalogues.read("ru")
    message = Message(("%(num)s need of %(state)s", "%(num)s needs of %(state)s"))
    three = ["%(num)s потребность %(state)s"] * 3
    assert not catalogues.faults(catalogue, message, three)
    assert "3" in catalogues.faults(catalogue, message, three[:2])[0]
    assert catalogues.faults(catalogue, message, ["потребность", *three[1:]])
    assert catalogues.faults(catalogue, message, ["%(num)s потребность %(stat)s", *three[1:]])
    assert catalogues.faults(catalogue, message, ["", *three[1:]])
    assert catalogues.faults(catalogue, message, ["50 % %(state)s", *three[1:]])


def test_arabic_counts_as_arabic_does():
    """Eleven is counted as many are, a hundred as none of the small numbers: the order of the forms in Arabic."""
    source = (catalogues.FOLDER / "ar" / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    rule = c2py(re.search(r'plural=(.*?);', re.sub(r'"\n"', "", source)).group(1))
    assert [rule(number) for number in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111)] == [0, 1, 2, 3, 3, 4, 4, 5, 5, 3, 4]
