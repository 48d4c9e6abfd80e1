"""A letter's text as HTML: paragraphs, lists, links; everything escaped, nothing fetched."""

from __future__ import annotations

import html5lib

from partnerships.core import html

TEXT = """To Sophea <Chan>

What waits:
* KHM-2026-001: “Clear” & mark
  https://mines.example/needs/KHM-2026-001?a=1&b=2.
* Second

--
Choose here: https://mines.example/notices/settings
"""


def test_text_becomes_a_page_that_mail_programs_read():
    page = html.page("A & B", TEXT, "en")
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    document = parser.parse(page)
    assert [one.get("href") for one in document.iter("a")] == [
        "https://mines.example/needs/KHM-2026-001?a=1&b=2", "https://mines.example/notices/settings"]
    assert len(list(document.iter("li"))) == 2 and "Sophea &lt;Chan&gt;" in page and "<title>A &amp; B</title>" in page
    assert "</a>." in page and "<hr>" in page and "src=" not in page


def test_the_direction_is_the_languages():
    assert 'dir="rtl"' in html.page("", "x", "ar") and 'dir="ltr"' in html.page("", "x", "zz") and html.page("", "", "en")


def test_markup_in_a_letter_is_text():
    assert "<script" not in html.page("<script>", "<script>alert(1)</script> https://x.example/<b>", "en")
