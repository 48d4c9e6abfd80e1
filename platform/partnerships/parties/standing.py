"""A State's standing towards the Convention on a day, from the dates of its acts (Articles 17 and 20)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from partnerships.core.filters import day as in_full
from partnerships.parties.models import CONSENT, Act, TreatyAct


@dataclass(frozen=True)
class Standing:
    """code: party, leaving, coming, withdrew, signed or not; since and until: the dates that the words give."""

    code: str
    since: date | None = None
    until: date | None = None

    @property
    def is_party(self) -> bool:
        return self.code in ("party", "leaving")

    @property
    def short(self) -> str:
        """The words of a table's cell."""
        words: dict[str, str] = {
            "party": _("State Party"), "leaving": _("State Party, withdrawing"),
            "coming": _("Accepted, not yet in force"),
            "withdrew": _("Withdrew"), "signed": _("Signed, not party"), "not": _("Not party")}
        return words[self.code]

    @property
    def words(self) -> str:
        """The words of a State's own page, with dates."""
        since, until = in_full(self.since), in_full(self.until)
        words: dict[str, str] = {
            "party": _("State Party since %(since)s", since=since),
            "leaving": _("State Party since %(since)s, withdrawing with effect from %(until)s", since=since,
                         until=until),
            "coming": _("Has accepted the Convention: State Party from %(since)s", since=since),
            "withdrew": _("Withdrew with effect from %(until)s", until=until),
            "signed": _("Signed the Convention, not a State Party"),
            "not": _("Not a State Party")}
        return words[self.code]


def standing(acts: Iterable[TreatyAct], on: date) -> Standing:
    """A State's standing on a day. Membership is dates, never a flag: the same acts answer for any day."""
    acts = list(acts)
    since = min((act.effective for act in acts if act.act in CONSENT and act.effective), default=None)
    until = min((act.effective for act in acts if act.act is Act.WITHDRAWAL and act.effective), default=None)
    if until is not None and until <= on:
        return Standing("withdrew", since, until)
    if since is not None:
        return Standing("coming" if since > on else "leaving" if until else "party", since, until)
    return Standing("signed" if any(act.act is Act.SIGNATURE for act in acts) else "not")
