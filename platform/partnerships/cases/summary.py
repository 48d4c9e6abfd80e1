"""The summary of a meeting that may be shared: roles for names, and a first draft from what the register knows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Named:
    """Somebody whose names are to be replaced, and the role to put there ("a donor State")."""

    names: tuple[str, ...]
    role: str


def veil(text: str, named: Iterable[Named], patterns: Mapping[str, str]) -> str:
    """A text with roles for names.

    Arguments: named, whose names are replaced, the longest name first, whatever its case, as whole words; of two with one
    role the second becomes "a donor State (2)". patterns, further {regular expression: words}, such as references of records.
    Returns: the text; a person reads it before it goes anywhere, since no list of names is complete.
    """
    roles: dict[str, int] = {}
    pairs: list[tuple[str, str]] = []
    for one in named:
        roles[one.role] = roles.get(one.role, 0) + 1
        role = one.role if roles[one.role] == 1 else f"{one.role} ({roles[one.role]})"
        pairs += [(name, role) for name in one.names if len(name) > 2]
    for pattern, words in patterns.items():
        text = re.sub(pattern, words, text)
    for name, role in sorted(pairs, key=lambda pair: -len(pair[0])):
        text = re.sub(rf"(?<!\w)(?:the\s+)?{re.escape(name)}(?!\w)", role, text, flags=re.IGNORECASE)
    return text


def left_over(text: str, names: Sequence[str]) -> list[str]:
    """Names of States and organisations that a text still says, each once, in the order of the list."""
    return [name for name in names if len(name) > 3 and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)]
