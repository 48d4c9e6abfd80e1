"""Text that people type: cleaned of what cannot be shown or stored, never cut in silence."""

from __future__ import annotations

import re
import unicodedata

# Marks that change the direction of the text around them: a right-to-left name needs none inside our isolated fields,
# and they can disguise what a line says.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean(value: str | None) -> str | None:
    """One line or a paragraph as it will be kept: normalised (NFC), without control and direction-override marks."""
    if value is None:
        return None
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return _DIRECTION.sub("", _CONTROL.sub("", text)).strip()


def one_line(value: str | None) -> str | None:
    """The same, for a single line: white space folded."""
    text = clean(value)
    return None if text is None else " ".join(text.split())
