"""When people are reminded that a need or an offer goes stale, and how long one may stand."""

from __future__ import annotations

from datetime import date, timedelta

# Days before the valid-until date on which its people are written to. Two months: a ministry's answer takes weeks.
# Two weeks: time to chase it. One day: the last chance before it leaves matching.
STAGES = (60, 14, 1)
# The letter of the day after: it has left matching.
PAST = -1
# A job that stood still writes the letter of the day after for this many days, then no longer: it would be no news.
TELLABLE = timedelta(days=30)
SOON = timedelta(days=STAGES[0])
# As the forms of needs and offers have it: three years at most, so that nothing stands that nobody looks at.
LONGEST = timedelta(days=3 * 366)
# Article 7: the yearly report, by 30 April. The weeks in which it is written are those to look through the needs.
PROMPT_FROM, REPORT_BY = (3, 1), (4, 30)


def stage(valid_until: date, set_on: date, today: date) -> int | None:
    """The reminder that is due for a date: 60, 14, 1, `PAST`, or None.

    The latest whose day has come, so that a job that stood still for days sends it once and not those it missed.
    A day before the date was last set is none: whoever chose a near date knows it.
    Arguments: valid_until; set_on, when its people last said that it stands; today.
    """
    left = (valid_until - today).days
    if left < 0:
        return PAST if today - valid_until <= TELLABLE else None
    due = [days for days in STAGES if left <= days and valid_until - timedelta(days=days) > set_on]
    return min(due) if due else None


def next_date(valid_until: date | None, today: date) -> date:
    """The date on the button: the end of next year, so that the yearly report comes round before it; or a later one held."""
    return max(date(today.year + 1, 12, 31), valid_until or today)


def report_season(today: date) -> bool:
    """Whether the yearly report is being written: from 1 March to 30 April."""
    return date(today.year, *PROMPT_FROM) <= today <= date(today.year, *REPORT_BY)
