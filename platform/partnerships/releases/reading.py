"""What a reader of a release must know before adding up or concluding: counted from its own tables. No Flask, no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from partnerships.releases.frame import Table


def cautions(tables: Sequence[Table]) -> list[str]:
    """These sentences, for the tables of a release."""
    named = {table.name: table for table in tables}
    return [*_support(named["contributions"], named["recipient_totals"]), *_deadlines(named["obligations"]),
            *_pledges(named["pledges"], named["pledge_steps"]), *_needs(named["needs"]), _AREAS]


_AREAS = ("`parties.csv`: names of States and areas imply no position on the legal status of any territory. An area is there only "
          "because a source names it.")


def rows(table: Table) -> list[dict[str, str]]:
    """The rows of a table by column."""
    names = [column.name for column in table.columns]
    return [dict(zip(names, cells, strict=True)) for cells in table.cells]


def _support(table: Table, totals: Table) -> Iterable[str]:
    given = rows(table)
    if not given:
        return
    years = sorted({int(row["year"]) for row in given})
    gaps = [str(year) for year in range(years[0], years[-1]) if year not in years]
    missing = f"no row is of {', '.join(gaps)}, which does not mean that nothing was given" if gaps else "every year has rows"
    yield f"`contributions.csv` covers {years[0]} to {years[-1]}; {missing}. It holds only what the public sources here name."
    sums, partial = _sums(given)
    yield (f"A sum of `contributions.csv` is what one recipient got in a year only where `list_complete` is true: it is false for "
           f"{len(partial)} of {len(sums)} pairs of recipient and year. A rank of donors over years leaves out whoever is not "
           "named. What came in all is in `recipient_totals.csv` (`recipient` = `party`, and `year`); compare the two.")
    stated = {(row["party"], row["year"]): Decimal(row["international_usd"]) for row in rows(totals) if row["international_usd"]}
    apart = [f"{party} {year}" for (party, year), found in sorted(sums.items())
             if (party, year) in stated and ((party, year) not in partial or found > stated[party, year])
             and abs(found - stated[party, year]) > stated[party, year] / 100]
    if apart:
        yield (f"Here the two differ by over one per cent though the list is complete, or the rows come to more than the total: "
               f"{', '.join(apart)}. Editions of a source differ: read `note` and `source` of both.")
    yield ("`amount_usd` is the source's own figure and `amount_national` the same money: use one of them, never both. "
           "`donor_totals.csv` is of all that a donor gave, wherever it went: never add it to the others.")


def _sums(given: Sequence[dict[str, str]]) -> tuple[dict[tuple[str, str], Decimal], set[tuple[str, str]]]:
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    partial = set()
    for row in given:
        pair = row["recipient"], row["year"]
        sums[pair] += Decimal(row["amount_usd"] or 0)
        if row["list_complete"] == "false":
            partial.add(pair)
    return sums, partial


def _deadlines(table: Table) -> Iterable[str]:
    found = [row for row in rows(table) if row["article"].split(".")[0] == "5"]
    standing = [row for row in found if row["status"] == "open"]
    dated = [row for row in standing if row["deadline"]]
    days = sorted({row["as_of"] for row in found} - {""})
    if found:
        yield (f"`obligations.csv` is no list of all deadlines of Article 5: of {len(standing)} open rows {len(dated)} state a "
               f"day. The newest row is as of {days[-1] if days else 'a day not stated'}; a superseded deadline is history, and so "
               "is every `article5-deadline` of `facts.csv`. A State that is not in the table may have a deadline.")


def _pledges(table: Table, steps: Table) -> Iterable[str]:
    found = rows(table)
    if not found:
        return
    recorded, followed = [row for row in found if row["source"]], set(steps.column("pledge"))
    still = [row for row in recorded if row["ref"] not in followed]
    yield (f"`pledges.csv`: {len(recorded)} of {len(found)} were recorded from public documents; of {len(still)} of these no "
           "later step is on record. Such a status is what the document says: “announced” does not mean that it was never paid.")
    unstated = [row for row in found if row["kind"] == "financial" and not row["amount"]]
    open_kind = sum(row["kind"] == "financial-or-political" for row in found)
    yield (f"{len(unstated)} financial pledges state no amount and {open_kind} may "
           "be political: a sum of amounts is no sum of what was pledged. Stages are empty, not zero, where no amount is stated. A "
           "pledge and a row of `contributions.csv`, or two pledges, may tell of the same money: read `note`.")


def _needs(table: Table) -> Iterable[str]:
    recorded = [row for row in rows(table) if row["origin"] == "recorded"]
    if recorded:
        yield (f"`needs.csv`: {len(recorded)} needs are recorded from public plans. Those of one State may overlap in years "
               "and in what they ask for: do not add them up. Where their summary says “more than”, the amount is the least.")
