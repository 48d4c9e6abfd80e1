"""Texts in every usual encoding: read rightly, by proof or by which reads like words, or refused in words."""

from __future__ import annotations

import pytest

from partnerships.exchange import reading, texts
from partnerships.exchange.reading import Unreadable

FRENCH = "État,Titre,Année\nTchad,Déminage à Pailin et sensibilisation,2027\nCôte d'Ivoire,Dépollution,2028\n"
RUSSIAN = "Государство,Название,Год\nТаджикистан,Разминирование в горах,2027\n"
ENGLISH = "State,Title\nChad,“Clearance” – north\n"


WIDE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
PAGES = ["cp1252", "latin-1", "cp1251", "mac_roman"]
WRITES = {FRENCH: {"cp1252", "latin-1", "mac_roman"}, RUSSIAN: {"cp1251"}, ENGLISH: {"cp1252", "cp1251", "mac_roman"}}


@pytest.mark.parametrize(("text", "code"), [(text, code) for text in WRITES for code in [*WIDE, *PAGES]
                                            if code in WIDE or code in WRITES[text]])
def test_every_usual_encoding_is_read_rightly(text, code):
    data = text.encode(code)
    found = texts.decoded(data)
    assert found.text.lstrip("\ufeff") == text
    assert found.guessed is (code in PAGES)


def test_a_guess_is_said_and_proof_needs_no_words():
    assert "read as Windows-1251" in reading.read(RUSSIAN.encode("cp1251")).notes[0]
    assert "read as Mac Roman" in reading.read(FRENCH.encode("mac_roman")).notes[0]
    assert reading.read(FRENCH.encode("utf-16-le")).notes == []


def refused(data: bytes) -> str:
    with pytest.raises(Unreadable) as error:
        texts.decoded(data)
    return str(error.value)


def test_broken_utf_8_is_refused_with_its_line_and_never_read_as_a_code_page():
    whole = FRENCH.encode()
    assert "line 2 " in refused(whole.replace(b"sensib", b"s\xc3nsib"))
    assert "line 3 " in refused(whole[:-20] + b"\xe2\x82" + whole[-20:])
    assert "UTF-16" in refused(FRENCH.encode("utf-16")[:-1])


def test_what_is_no_text_is_refused_whatever_its_zeros():
    for data in (b"\x89PNG\r\n\0\0", b"%PDF-1.7", b"a\0b", b"\x01\0\x02\0\x03\0\x04\0" * 50, b"\0" * 400):
        assert "neither" in refused(data)
