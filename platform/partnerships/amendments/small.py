"""Which changes to a published need are small: a contact, or a slip of the pen. Plain rules over two contents.

A new contact is published at once when the State hands it in. A slip of the pen is still verified, in a lane of its own.
Whatever a partner decides by (an amount, a date, a number, a theme, who may see it) is never small.
"""

from __future__ import annotations

from rapidfuzz.distance import Indel

from partnerships.needs.content import CONTACT_KEYS, Content, differing

# The texts in which a slip of the pen can be: free words that nothing is computed from.
TEXTS = ("title", "summary", "place", "beneficiaries", "national_note", "risks", "gender_analysis", "sustainability",
         "plan_title")
ALIKE = 0.95  # the share of a text that stays, letter by letter


def only_contact(before: Content, after: Content) -> bool:
    """Whether something changes, and nothing but whom to write to."""
    changed = differing(before, after)
    return bool(changed) and set(changed) <= set(CONTACT_KEYS)


def only_texts(before: Content, after: Content) -> bool:
    """Whether a text changes, and nothing but texts (and perhaps the contact)."""
    changed = set(differing(before, after)) - set(CONTACT_KEYS)
    return bool(changed) and changed <= set(TEXTS)


def digits(text: str) -> list[int]:
    """The digits of a text in their order, of whatever script."""
    return [int(mark) for mark in text if mark.isdecimal()]


def same_numbers(before: str, after: str) -> bool:
    """Whether two texts name the same figures."""
    return digits(before) == digits(after)


def nearly_same(before: str, after: str) -> bool:
    """Whether at least 95 in 100 of the letters stay where they are."""
    return Indel.normalized_similarity(before, after) >= ALIKE


def is_small(before: Content, after: Content) -> bool:
    """Whether a change goes through the fast lane.

    Arguments: before, the content as published; after, the content (or the part of it) that is to replace it.
    """
    if only_contact(before, after):
        return True
    if not only_texts(before, after):
        return False
    pairs = [(before.get(key) or "", after[key] or "") for key in differing(before, after) if key in TEXTS]
    return all(same_numbers(old, new) and nearly_same(old, new) for old, new in pairs)
