"""The tables of pledges in a release: each with its stages, steps, years, partners and needs, as far as everybody may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from partnerships.conferences.states import OBJECT_LABELS
from partnerships.needs.states import CHANNELS
from partnerships.pledges import figures, states
from partnerships.pledges.models import Pledge, PledgePartner
from partnerships.releases.frame import AMOUNT, Column, Table, codes
from partnerships.releases.reference import party_of, plain

STAGES = (("announced", "only announced"), ("confirmed", "confirmed in writing"), ("agreed",
    "under a signed agreement, not yet paid"),
          ("paid", "paid"), ("withdrawn", "withdrawn by the donor"), ("lapsed", "marked as lapsed"))
SAID = "the donor, or what was announced in public"


def tables(parties: set[int], needs: dict[int, str], conferences: dict[int, str], visible: Callable[..., Any]) -> list[Table]:
    """These tables.

    Arguments: parties, the identifiers of those in the release; needs and conferences, the references of those in it, by
    identifier; visible(model, permission, *options) gives the records within everybody's sight.
    """
    found = visible(Pledge, "pledges.view", joinedload(Pledge.donor), joinedload(Pledge.recipient),
                    *(selectinload(getattr(Pledge, one)) for one in ("steps", "portions", "parts")),
                    selectinload(Pledge.partners).joinedload(PledgePartner.party))
    rows = [row for row in found.rows if row.donor_id in parties and (row.recipient_id is None or row.recipient_id in parties)]
    return [_main(rows, found.invented, needs, conferences), *_parts(rows, parties, needs)]


def _main(rows: list[Pledge], invented: int, needs: dict[int, str], conferences: dict[int, str]) -> Table:
    def stage(name: str) -> Callable[[Pledge], Any]:
        return lambda pledge: getattr(figures.stages(pledge), name) if figures.counts(pledge) else None

    return Table("pledges", "Pledges", SAID, ("ref",), [
        plain("ref", "The reference of the pledge; its page is at /pledges/ and this reference.", needed=True),
        party_of("donor", "Who pledges (the lead of a joint pledge)"), party_of("recipient", "For which State", needed=False),
        Column("need", "For which need: its reference in the table needs.", lambda row: needs.get(row.need_id), refers=("needs",
        "ref")),
        Column("conference", "Where it was announced.", lambda row: conferences.get(row.conference_id), refers=("conferences",
        "ref")),
        plain("object", "What it is for.", codes=codes(OBJECT_LABELS), needed=True),
        plain("kind", "Money, in kind, or political support.", codes=codes(states.KIND_LABELS), needed=True),
        plain("status", "The stage that is known. Of one with a source: as the source says, and nobody has followed it up here.",
              codes=codes(states.LABELS, states.PledgeStatus.STRUCK), needed=True),
        plain("currency", "ISO 4217 code of its amounts."),
        plain("amount", "The amount as it stands now. Empty: not stated.", "number", unit=AMOUNT),
        plain("announced_amount", "The amount that was first announced.", "number", unit=AMOUNT),
        plain("approximate", "Whether the donor gave the amount as approximate.", "boolean", needed=True),
        *(Column(f"stage_{name}", f"The part that is {words}. The stages exclude each other; never add them to the amount.",
                 stage(name), "number", AMOUNT) for name, words in STAGES),
        plain("in_kind", "What it brings in kind.", codes=codes(states.IN_KIND_LABELS)),
        plain("valuation", "What the donor says that is worth; no money, in no stage.", "number",
        unit="units of valuation_currency"),
        plain("valuation_currency", "ISO 4217 code of the valuation."),
        plain("first_year", "The first year that it is for.", "year"), plain("last_year", "The last year that it is for.", "year"),
        plain("earmarking", "How closely it is tied.", codes=codes(states.EARMARKING_LABELS)),
        plain("themes", "Thematic areas: codes of the table themes.", many=True, refers=("themes", "code")),
        plain("place", "Where, in words."),
        plain("channel", "Through whom.", codes=codes(CHANNELS)),
        plain("oda", "Whether it counts as official development assistance.", codes=codes(states.ODA_LABELS), needed=True),
        plain("condition", "On what condition."), plain("from_floor", "Recorded by the ISU from the floor.", "boolean",
        needed=True),
        plain("announced_on", "The day of the announcement; empty: the source gives none.", "date"),
        plain("confirmed_on", "The day of the letter.", "date"),
        plain("agreed_on", "The day of the agreement.", "date"),
        plain("note", "What is to be known of it: what the source leaves open, and whether another row may tell of the same."),
        plain("source", "The public document that it was recorded from. Empty: its donor or the ISU entered it here.")],
              rows, invented)


def _parts(rows: list[Pledge], parties: set[int], needs: dict[int, str]) -> list[Table]:
    pledge = Column("pledge", "The pledge: its reference in the table pledges.", lambda row: row[0].ref, needed=True,
                    refers=("pledges", "ref"))
    currency = Column("currency", "ISO 4217 code.", lambda row: row[0].currency)
    steps = [(one, number, step) for one in rows
             for number, step in enumerate((step for step in one.steps if step.kind not in states.WITHIN), start=1)]

    def amount(meaning: str) -> Column:
        return Column("amount", meaning, lambda row: row[2].amount, "number", AMOUNT)

    return [
        Table("pledge_steps", "What happened to pledges, step by step", SAID, ("pledge", "line"), [
            pledge, Column("line", "The number of the step.", lambda row: row[1], "integer", needed=True),
            Column("kind", "What happened.", lambda row: row[2].kind, codes=codes(states.STEP_LABELS, *states.WITHIN), needed=True),
            Column("day", "The day.", lambda row: row[2].day, "date", needed=True), currency,
            Column("amount", "Of a payment: what was paid; else what the pledge is worth from then on.", _amount_of, "number",
            AMOUNT),
            Column("taken_back", "Whether this payment was taken back later.", lambda row: row[2].voided_at is not None, "boolean",
                   needed=True)], steps),
        Table("pledge_years", "What pledges of several years plan for each", SAID, ("pledge", "year"), [
            pledge, Column("year", "The year.", lambda row: row[2].year, "year", needed=True), currency,
            amount("The part of the pledge's amount for this year.")], [(one, 0, line) for one in rows for line in one.portions]),
        Table("pledge_partners", "Partners of joint pledges", SAID, ("pledge", "party"), [
            pledge, Column("party", "The partner: its code in the table parties.", lambda row: row[2].party.ref, needed=True,
                           refers=("parties", "ref")), currency,
            amount("Its part of the pledge's amount, where it is known.")],
            [(one, 0, line) for one in rows for line in one.partners if line.party_id in parties]),
        Table("pledge_needs", "Needs of pledges that are for several", SAID, ("pledge", "need"), [
            pledge, Column("need", "The need: its reference in the table needs.", lambda row: needs[row[2].need_id], needed=True,
                           refers=("needs", "ref")), currency,
            amount("The part of the pledge's amount for this need, where the donor said it.")],
            [(one, 0, line) for one in rows for line in one.parts if line.need_id in needs])]


def _amount_of(row: Any) -> Any:
    """As the pledge's page has it: a slip of the pen that was put right never reads as what the donor announced."""
    pledge, _number, step = row
    return pledge.announced_amount if step.kind is states.StepKind.ANNOUNCED else step.amount
