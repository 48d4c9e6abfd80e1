"""The sources of the reference data: what each holds, what it lacks, how it is cited. Counts come from the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Source:
    """One body of data: its title, the tables it fills with their counts, what is missing, its citation and address."""

    title: str
    rows: list[tuple[str, int]]
    missing: str
    citation: str
    href: str | None


# (title, ((count's key, what is counted), ...), what is missing, how it is cited, address)
_TABLE: tuple[tuple[Any, tuple[tuple[str, Any], ...], Any, Any, str | None], ...] = (
    (_l("States, regions and names"),
     (("states", _l("States")), ("areas", _l("Areas that sources name")), ("regions", _l("Regions and sub-regions"))),
     _l("Areas are listed only because the funding history names them; a name or code implies no position on the legal "
        "status of any territory or on frontiers."),
     _l("United Nations Statistics Division, M49; UNTERM; ISO 3166-1"), "https://unstats.un.org/unsd/methodology/m49/"),
    (_l("Organisations"), (("organisations", _l("Organisations")),),
     _l("A name is left out in a language in which the organisation itself gives none; English is then shown."),
     _l("Each organisation's own site, as its file here says"), None),
    (_l("Acts towards the Convention"), (("acts", _l("Signatures, consents to be bound and withdrawals")),),
     _l("The depositary's table is that of January 2014; later acts come from public notices. For Poland no source "
        "here confirms that the withdrawal took effect."),
     _l("United Nations Treaty Collection, chapter XXVI-5"), "https://treaties.un.org"),
    (_l("Obligations and deadlines"), (("obligations", _l("Obligations")),),
     _l("No deadline is given that no source gives, so many are without a date. Later decisions may have changed those "
        "shown: each says of which day it is."),
     _l("Landmine Monitor; programme of the Intersessional Meetings, June 2024"), "https://www.the-monitor.org"),
    (_l("Contributions on record"),
     (("contributions", _l("Contributions of a donor to a State in a year")),
      ("recipient_totals", _l("Yearly totals of recipients")), ("donor_totals", _l("Yearly totals of donors"))),
     _l("Amounts are nominal. A pair that is missing means “not funded” only where the source's list of donors is "
        "complete for that State and year. Sectors are kept as printed; those too broad stay without a thematic area."),
     _l("Landmine Monitor, International Campaign to Ban Landmines - Cluster Munition Coalition"),
     "https://www.the-monitor.org"),
    (_l("Needs recorded from public documents"), (("needs", _l("Amounts that a request or strategy put forward")),),
     _l("They state what a document asked for at the time. They are not statements made through this platform, and all "
        "are marked as recorded."),
     _l("Extension requests and national strategies, as cited by the Landmine Monitor"), "https://www.the-monitor.org"),
    (_l("Dated facts about affected States"), (("facts", _l("Facts")),),
     _l("Shown with their year, never as current."),
     _l("Landmine Monitor; news agencies and United Nations pages, as each row says"), None),
    (_l("Pledging conferences"),
     (("conferences", _l("Conferences")), ("attendance", _l("Delegations known by name")),
      ("pledges", _l("Pledges and contributions that a source records"))),
     _l("The fifth, sixth and eighth conference are not documented by the sources at hand. Amounts that a source does "
        "not state are left blank, and statements are paraphrased."),
     _l("Anti-Personnel Mine Ban Convention, pledging conferences; sites of the donors' missions"),
     "https://www.apminebanconvention.org"),
    (_l("The Convention and its action plan"),
     (("articles", _l("Articles and paragraphs, in our own words")), ("themes", _l("Thematic areas")),
      ("kinds", _l("Kinds of assistance")), ("plans", _l("Action plans")), ("actions", _l("Actions on cooperation")),
      ("indicators", _l("Indicators of these actions"))),
     _l("Only the Oslo Action Plan (2020 to 2024) is loaded, and of it the actions on cooperation and assistance. "
        "Later plans are entered as data once their text is at hand."),
     _l("The Convention; Oslo Action Plan, Fourth Review Conference, November 2019"),
     "https://www.apminebanconvention.org"),
    (_l("Reference rates of currencies"), (),
     _l("Used to show an amount in a second currency, with the day of the rate. Without a rate for the day an amount "
        "is left out of a conversion, and the page says so."),
     _l("European Central Bank, euro foreign exchange reference rates"), "https://www.ecb.europa.eu"),
    (_l("Shapes of the world map"), (),
     _l("Drawn at a small scale, with points for the smallest States. Where the source draws who holds the ground, the map follows "
        "the United Nations; it implies no position on any boundary."),
     _l("Natural Earth, 1:110 million, by way of world-atlas 2"), "https://www.naturalearthdata.com"),
)


def table(sizes: Mapping[str, int]) -> list[Source]:
    """The sources with their present counts.

    Arguments: sizes, rows by key as `queries.sizes` gives them. Raises KeyError when a table was not counted.
    """
    return [Source(str(title), [(str(words), sizes[key]) for key, words in counted], str(missing), str(citation), href)
            for title, counted, missing, citation, href in _TABLE]
