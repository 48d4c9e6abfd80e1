"""A letter's text as a plain HTML page: paragraphs, lists and links, nothing that a mail program would have to fetch."""

from __future__ import annotations

import re

from babel import Locale
from babel.core import UnknownLocaleError
from markupsafe import Markup, escape

ADDRESS = re.compile(r"https?://[^\s<>\"]+")
# Mail programs read no style sheets: the little there is stands in the elements.
BODY = "font-family:sans-serif;font-size:16px;line-height:1.5;color:#14202b;max-width:40em;overflow-wrap:anywhere"


def page(title: str, text: str, language: str) -> str:
    """The text as HTML.

    Arguments: text as letters are written: paragraphs parted by empty lines, "* " before the items of a list, "--" before
    what stands at the foot; language, as the letter has it. Returns: a whole document; everything in it is escaped.
    """
    main, _line, foot = text.partition("\n--\n")
    parts = [_block(block) for block in re.split(r"\n{2,}", main.strip())]
    if foot.strip():
        parts.append(Markup('<hr><p style="font-size:13px;color:#4a5763">{}</p>').format(_lines(foot.strip())))
    return str(Markup('<!doctype html><html lang="{}" dir="{}"><head><meta charset="utf-8"><title>{}</title></head>'
                      '<body style="{}">{}</body></html>').format(
        language, _direction(language), title, BODY, Markup("").join(parts)))


def _direction(language: str) -> str:
    try:
        return str(Locale.parse(language.replace("-", "_")).text_direction)
    except (UnknownLocaleError, ValueError):
        return "ltr"


def _block(block: str) -> Markup:
    items = re.split(r"(?m)^\* ", block)
    before, listed = items[0].strip(), [one.strip() for one in items[1:]]
    found = Markup("<p>{}</p>").format(_lines(before)) if before else Markup("")
    if listed:
        found += Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(_lines(one)) for one in listed))
    return found


def _lines(text: str) -> Markup:
    return Markup("<br>").join(_linked(line.strip()) for line in text.splitlines() if line.strip())


def _linked(line: str) -> Markup:
    found, at = Markup(""), 0
    for match in ADDRESS.finditer(line):
        address = match.group(0).rstrip(".,;:)")
        found += escape(line[at:match.start()]) + Markup('<a href="{}">{}</a>').format(address, address)
        at = match.start() + len(address)
    return found + escape(line[at:])
