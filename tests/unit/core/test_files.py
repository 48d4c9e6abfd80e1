"""What a file is, by its content: types that are kept, what is taken out of pictures, and what is refused."""

from __future__ import annotations

import contextlib
import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.core.files import LARGEST, Unfit, checked, plain_name
from tests.support.files import GOOD, PDF, PLACE, chunk, jpeg, office, outside, png, segment

MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
BAD = {
    "empty": b"", "html": b"<!doctype html><script>1</script>", "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "exe": b"MZ" + bytes(300), "zip": b"PK\x05\x06" + bytes(18), "gif": b"GIF89a" + bytes(20), "text": b"plan",
    "html before a pdf": b"<html>" + PDF, "pdf without an end": PDF[:-20], "pdf head only": b"%PDF-1.7\n%%EOF",
    "too large": b"%PDF-" + bytes(LARGEST), "png cut off": png()[:-6], "png alone": b"\x89PNG\r\n\x1a\n",
    "png with a false sum": png().replace(b"IDAT", b"IDAt"), "jpeg cut off": jpeg()[:-2], "jpeg head": b"\xff\xd8\xff",
    "jpeg of one segment": b"\xff\xd8\xff\xd9", "jpeg with a false length": b"\xff\xd8" + b"\xff\xe0\0\0" + bytes(9),
    "docx cut off": office()[:-30], "docx with macros": office(more={"word/vbaProject.bin": "x"}),
    "docm named docx": office(main=MACRO), "xlsm sheets": office("xlsx", more={"xl/macrosheets/sheet1.xml": "<x/>"}),
    "activex": office(more={"word/activeX/activeX1.xml": "<x/>"}),
    "ole": office(more={"word/embeddings/oleObject1.bin": "x"}),
    "template from elsewhere": office(rels=outside("attachedTemplate")),
    "picture from elsewhere": office(more={"word/_rels/document.xml.rels": f"<R>{outside('image')}</R>"}),
    "dde": office("xlsx", more={"xl/externalLinks/externalLink1.xml": "<externalLink><ddeLink/></externalLink>"}),
    "entities": office(more={"a.rels": "<!DOCTYPE x [<!ENTITY a 'a'>]><x>&a;</x>"}),
    "way out": office(more={"../../etc/passwd": "x"}), "two of a name": office(more={"WORD/document.xml": "<x/>"}),
}


@pytest.mark.parametrize("name", GOOD)
def test_five_types_are_kept(name):
    found = checked(GOOD[name])
    assert found.media == {"jpg": "jpeg"}.get(name.split(".")[-1], name.split(".")[-1]) and found.data == GOOD[name]


@pytest.mark.parametrize("name", BAD)
def test_everything_else_is_refused_in_words(name):
    with pytest.raises(Unfit) as refused:
        checked(BAD[name])
    assert str(refused.value).endswith(".")


def test_links_that_a_person_clicks_and_names_of_workbooks_may_stay():
    assert checked(office(rels=outside("hyperlink"))).media == "docx"
    assert checked(office("xlsx", rels=outside("externalLinkPath", "costs.xlsx"))).media == "xlsx"


def test_a_bomb_is_not_unpacked():
    kept = io.BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as folder:
        folder.writestr("[Content_Types].xml", "<x/>")
        with folder.open("word/document.xml", "w") as part:
            for _number in range(101):
                part.write(bytes(1024 * 1024))
    assert len(kept.getvalue()) < 200_000
    with pytest.raises(Unfit, match="far larger"):
        checked(kept.getvalue())
    many = office(more={f"x/{number}": "" for number in range(3001)})
    with pytest.raises(Unfit, match="far larger"):
        checked(many)


def test_a_list_of_relationships_as_large_as_a_book_is_not_read():
    with pytest.raises(Unfit, match="far larger"):
        checked(office(more={"word/_rels/document.xml.rels": "<x>" + " " * (5 * 1024 * 1024) + "</x>"}))


def test_a_picture_loses_the_place_where_it_was_taken():
    photo = jpeg(segment(0xE1, b"Exif\0\0" + PLACE), segment(0xED, b"Photoshop" + PLACE), segment(0xFE, PLACE),
                 segment(0xE2, b"MPF\0" + PLACE), segment(0xE2, b"ICC_PROFILE\0\x01\x01kept"), segment(0xEE, b"Adobe\0"))
    kept = checked(photo + b"<script>" + PLACE).data
    assert PLACE not in kept and b"ICC_PROFILE" in kept and b"Adobe" in kept and kept.endswith(b"\xff\xd9")
    drawn = png(chunk(b"eXIf", PLACE), chunk(b"tEXt", b"Comment\0" + PLACE), chunk(b"iTXt", PLACE), chunk(b"pHYs", bytes(9)))
    kept = checked(drawn + PLACE).data
    assert PLACE not in kept and b"pHYs" in kept and kept.endswith(chunk(b"IEND", b""))


def test_metadata_between_two_scans_of_a_picture_is_found_too():
    whole = jpeg()
    at = whole.index(b"\x12\xff\x00")
    twice = whole[:-2] + segment(0xE1, PLACE) + whole[whole.rindex(b"\xff\xda"):at] + b"\x01" + b"\xff\xff\xd9"
    assert PLACE in twice and PLACE not in checked(twice).data


@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04"]))
def test_no_bytes_break_the_reader(data, head):
    with contextlib.suppress(Unfit):
        checked(head + data)


@given(st.data())
def test_no_change_to_a_good_file_breaks_the_reader(data):
    kept = bytearray(GOOD[data.draw(st.sampled_from(sorted(GOOD)))])
    kept[data.draw(st.integers(0, len(kept) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Unfit):
        checked(bytes(kept))


@pytest.mark.parametrize(("typed", "media", "name"), [
    ("plan.pdf", "pdf", "plan.pdf"), ("PLAN.PDF", "pdf", "PLAN.pdf"), ("../../etc/passwd", "pdf", "passwd.pdf"),
    ("C:\\Users\\me\\plan.docx", "docx", "plan.docx"), ("plan.exe", "pdf", "plan.exe.pdf"), ("", "png", "document.png"),
    ("...", "png", "document.png"), ("a\u202egpj.exe", "jpeg", "agpj.exe.jpg"), ("photo.jpeg", "jpeg", "photo.jpg"),
    ("خطة العمل.pdf", "pdf", "خطة العمل.pdf"), ("a\0b\r\nc\".pdf", "pdf", "abc.pdf"),
    ("x" * 400 + ".pdf", "pdf", "x" * 115 + ".pdf")])
def test_a_name_is_only_a_name(typed, media, name):
    assert plain_name(typed, media) == name
