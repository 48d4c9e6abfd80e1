"""Names of database constraints, in words: the database knows each rule too, and a person reads why it said no."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

WORDS: dict[str, object] = {}


def explain(**words: object) -> None:
    """A room registers the words of its constraints, by their full names."""
    WORDS.update(words)


explain(
    uq_account_email=_l("There is already an account with this address."),
    uq_match_need_id_party_id=_l("This partner already has a match with this need."),
    ck_pledge_paid_within_amount=_l("Payments may not exceed the amount of the pledge."),
    ck_pledge_paid_after_agreement=_l("Payments are recorded once the agreement is signed."),
    ck_need_amount_share_within_amount=_l("The national share may not exceed the amount."),
    uq_attendance_conference_id_party_id=_l("This delegation is already on the attendance list."),
)


def words_for(error: IntegrityError) -> str:
    """The words of the violated constraint, or honest general ones."""
    text = str(error.orig)
    for name, words in WORDS.items():
        if name in text or _columns(name, text):
            return str(words)
    return _("The register refused this because it contradicts another record. Nothing was changed.")


def _columns(name: str, text: str) -> bool:
    """SQLite names the columns of a broken UNIQUE rule, not the rule."""
    found = re.search(r"UNIQUE constraint failed: (.+)", text)
    if not found or not name.startswith("uq_"):
        return False
    parts = [column.strip().split(".") for column in found.group(1).split(",")]
    return name == "_".join(["uq", parts[0][0], *(part[1] for part in parts)])
