"""The kinds of notices, and how often letters of a kind come."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class Kind(StrEnum):
    NEEDS = "needs"
    MATCHES = "matches"
    PLEDGES = "pledges"
    MEETINGS = "meetings"
    FOLLOWUPS = "followups"


class Cadence(StrEnum):
    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


KIND_LABELS = {
    Kind.NEEDS: _p("kind of notice", "Your needs: verified, returned, published"),
    Kind.MATCHES: _p("kind of notice", "Your matches: interest, next steps, answers; needs shared with you"),
    Kind.PLEDGES: _p("kind of notice", "Pledges to you or by you"),
    Kind.MEETINGS: _p("kind of notice", "Country meetings and rounds"),
    Kind.FOLLOWUPS: _p("kind of notice", "Follow-ups given to you"),
}
CADENCE_LABELS = {
    Cadence.AT_ONCE: _p("letters", "At once"), Cadence.DAILY: _p("letters", "Once a day, together"),
    Cadence.WEEKLY: _p("letters", "On Mondays, together"), Cadence.NEVER: _p("letters", "No letters, only here"),
}
# What waits for somebody comes at once; what only happened, together.
USUAL = {Kind.NEEDS: Cadence.AT_ONCE, Kind.MATCHES: Cadence.AT_ONCE, Kind.FOLLOWUPS: Cadence.AT_ONCE,
         Kind.PLEDGES: Cadence.DAILY, Kind.MEETINGS: Cadence.DAILY}
# Which events become notices, and of what kind.
TAGS = {
    **dict.fromkeys(("need.returned", "need.published", "amendment.returned", "amendment.published"), Kind.NEEDS),
    **dict.fromkeys(("need_share.given", "need_share.changed", "need_share.ended"), Kind.MATCHES),
    **dict.fromkeys(("match.shared", "match.requested", "match.interest", "match.carried", "match.started-talks", "match.agreed",
                     "match.declined", "match.lapsed", "message.written"), Kind.MATCHES),
    **dict.fromkeys(("pledge.announced", "pledge.confirmed", "pledge.agreed", "pledge.payment", "pledge.withdrawn", "pledge.lapsed",
                     "pledge.reduced", "pledge.increased", "pledge.settled"), Kind.PLEDGES),
    **dict.fromkeys(("meeting.planned", "meeting.changed", "meeting.held", "meeting.closed", "case.asked", "case.accepted",
                     "case.answered", "case.summarised", "case.shared", "case.withdrawn", "case.closed"), Kind.MEETINGS),
    **dict.fromkeys(("followup.created", "followup.changed", "followup.delegated"), Kind.FOLLOWUPS),
}
