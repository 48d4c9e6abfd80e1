"""The tables of a release that sources give: States and organisations, what the Convention asks, support, action plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from partnerships.core.actor import PUBLIC
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.indicators.models import IndicatorValue
from partnerships.parties.models import Fact, Obligation, Party, Region, TreatyAct
from partnerships.parties.reference import Action, ActionPlan, Article, AssistanceKind, Indicator, Theme
from partnerships.parties.words import ACT_LABELS, FACT_LABELS, KIND_LABELS, OBLIGATION_LABELS, ORGANISATION_LABELS
from partnerships.pledges.models import Contribution, DonorTotal, RecipientTotal
from partnerships.releases.frame import USD, Column, Table, codes

MEMBERSHIP = {"member": "Member of the United Nations", "observer": "Observer State", "other": "Neither"}
ASKED = {"clearance-deadline": "A deadline of Article 5 for clearance",
         "extension-request": "A request for a longer deadline that was made or may be made; it states no deadline",
         "stockpile-deadline": "A deadline of Article 4 for the destruction of stockpiles",
         "updated-work-plan": "A work plan that a decision on an extension asks for; it states no deadline"}
LANGUAGES = {"en": "English", "fr": "French", "es": "Spanish", "ar": "Arabic", "ru": "Russian", "zh": "Chinese"}


def _its(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def plain(name: str, meaning: str, type: str = "string", **more: Any) -> Column:
    """A column that has the name of the record's own."""
    return Column(name, meaning, _its(name), type, **more)


def party_of(name: str, meaning: str, needed: bool = True) -> Column:
    """A column that names a party by its code; the record's relationship has the column's name."""
    def read(row: Any) -> Any:
        party = getattr(row, name)
        return party.ref if party is not None else None

    return Column(name, f"{meaning}: its code in the table parties.", read, needed=needed, refers=("parties", "ref"))


SOURCE = plain("source", "The public document, by its address or its title, that states this.")


def tables(parties: set[int]) -> list[Table]:
    """These tables. Arguments: parties, the identifiers of those that are no invention."""
    return [_parties(), _regions(), *_terms(), _acts(parties), _obligations(parties), _facts(parties), *_support(parties),
    *_plans()]


def _all(model: Any, *options: Any) -> list[Any]:
    return list(db.session.scalars(select(model).options(*options)))


def _of(model: Any, parties: set[int], *columns: str) -> list[Any]:
    """The rows of a model whose parties are all in the release."""
    rows = _all(model, *(joinedload(getattr(model, one)) for one in columns if hasattr(model, one)))
    return [row for row in rows if all(getattr(row, f"{one}_id") in parties for one in columns)]


def _parties() -> Table:
    rows = [party for party in _all(Party) if not party.is_demo]
    return Table("parties", "States, organisations, and areas that sources name",
        "ISO 3166-1, UN M49, the depositary; see each row", (
        "ref",), [
        plain("ref", "The code: ISO 3166-1 alpha-3 for States, else one of this register.", needed=True),
        plain("kind", "State, organisation, or an area that a source names.", codes=codes(KIND_LABELS), needed=True),
        *(plain(f"name_{code}", f"The name in {language}.") for code, language in LANGUAGES.items()),
        plain("organisation_type", "What kind of organisation it is.", codes=codes(ORGANISATION_LABELS), open=True),
        plain("iso2", "ISO 3166-1 alpha-2 code of a State."),
        plain("m49", "Code of the State in the United Nations standard M49."),
        plain("region", "Region by M49: a code of the table regions.", refers=("regions", "m49")),
        plain("subregion", "Part of the region by M49: a code of the table regions.", refers=("regions", "m49")),
        plain("membership", "Whether it is a member of the United Nations. Whether a State is party to the Convention is in "
              "treaty_acts: it has an act other than a signature with effect, and no withdrawal with effect.",
              codes=MEMBERSHIP, open=True), SOURCE], rows)


def _regions() -> Table:
    return Table("regions", "Regions and their parts", "United Nations, standard country or area codes (M49)", ("m49",), [
        plain("m49", "The code of the region.", needed=True),
        plain("parent", "The region that it is a part of.", refers=("regions", "m49")),
        *(plain(f"name_{code}", f"The name in {language}.") for code, language in LANGUAGES.items()), SOURCE], _all(Region))


def _terms() -> list[Table]:
    position = plain("position", "Its place in the list.", "integer", needed=True)
    title, summary = plain("title", "Its name in English."), plain("summary", "What it means, in this register's own words.")
    code = plain("code", "The code that other tables use.", needed=True)
    return [
        Table("themes", "Thematic areas of needs and offers", "the Convention and its action plans; see each row", ("code",),
              [code, position, title, summary,
               plain("articles", "The articles of the Convention that it serves.", many=True, refers=("articles", "ref")), SOURCE],
              _all(Theme)),
        Table("assistance_kinds", "Kinds of assistance", "the Convention, Article 6; see each row", ("code",),
              [code, position, title, summary, SOURCE], _all(AssistanceKind)),
        Table("articles", "Articles of the Convention", "the Convention; see each row", ("ref",),
              [plain("ref", "The article or paragraph.", needed=True), title, summary, SOURCE], _all(Article))]


def _acts(parties: set[int]) -> Table:
    return Table("treaty_acts", "Acts of States towards the Convention", "the depositary; see each row", ("party", "act"), [
        party_of("party", "The State"), plain("act", "What the State did.", codes=codes(ACT_LABELS), needed=True),
        plain("date", "The day of the act.", "date"), plain("effective", "The day from which it has effect.", "date"),
        plain("effective_basis", "The article of the Convention from which that day follows."),
        plain("note", "What is to be known of it."), SOURCE], _of(TreatyAct, parties, "party"))


def _obligations(parties: set[int]) -> Table:
    return Table("obligations", "What the Convention asks of a State, with deadlines", "see each row", ("party", "article",
        "line"), [
        party_of("party", "The State"), plain("article", "The article.", needed=True, refers=("articles", "ref")),
        plain("line", "Tells several obligations under one article apart.", "integer", needed=True),
        plain("kind", "What kind of obligation it is.", codes=ASKED, open=True), plain("title", "The obligation in words."),
        plain("deadline", "The day by which it is to be met. Empty: the source gives none; it never means that there is none.",
              "date"),
        plain("status", "Where it stood on the day as_of.", codes=codes(OBLIGATION_LABELS), open=True),
        plain("as_of", "The day for which the source says so; what was decided later is not in the row.", "date"),
        SOURCE], _of(Obligation, parties, "party"))


def _facts(parties: set[int]) -> Table:
    here = {party.id: party.ref for party in _all(Party)}
    return Table("facts", "Dated figures about States", "see each row", ("party", "year", "indicator", "value"), [
        Column("party", "The State: its code in the table parties.", lambda row: here[row.party_id], needed=True,
               refers=("parties", "ref")),
        plain("year", "The year that the figure is of.", "year", needed=True),
        plain("indicator", "What is counted.", codes=codes(FACT_LABELS), open=True, needed=True),
        plain("value", "The figure, as the source prints it; a day where the unit is date. Of its year, never the newest.",
              needed=True),
        plain("unit", "The unit of the figure, with “more than” where the source says so.", open=True, codes={
            "persons": "Persons", "km2": "Square kilometres", "km2 (more than)": "Square kilometres, more than this",
            "date": "A day (ISO 8601)"}), SOURCE],
        _of(Fact, parties, "party"))


def _support(parties: set[int]) -> list[Table]:
    here = {party.id: party.ref for party in _all(Party)}
    party = Column("party", "The State or organisation: its code in the table parties.", lambda row: here[row.party_id],
        needed=True,
                   refers=("parties", "ref"))
    year = plain("year", "The year of the support, as the source states it.", "year", needed=True)
    line = plain("line", "Tells several rows apart that have the rest of the key in common.", "integer", needed=True)
    usd = plain("amount_usd", "The amount. Empty: the source states none; it never means zero.", "number", unit=USD)
    own = plain("amount_national", "The same in the donor's currency, where the source states it.", "number",
                unit="units of the column currency")
    currency = plain("currency", "ISO 4217 code of the donor's currency.")
    return [
        Table("contributions", "Support on record: who gave to whom in a year", "Landmine Monitor; see each row",
              ("year", "donor", "recipient", "line"), [
                  year, party_of("donor", "Who gave"), party_of("recipient", "Who received"), line,
                  plain("sector", "The sector, as the source prints it."),
                  plain("themes", "Thematic areas that the sector belongs to: codes of the table themes.", many=True,
                        refers=("themes", "code")), usd, own,
                  currency,
                  plain("list_complete", "Whether the source lists every donor to this recipient in this year. false: others may "
                        "have given too, and the rows may come to less than what came.", "boolean", needed=True), SOURCE],
              _of(Contribution, parties, "donor", "recipient")),
        Table("recipient_totals", "What a State received in a year in all", "Landmine Monitor; see each row", ("party", "year"), [
            party, year, plain("international_usd", "International support. Not the sum of the contributions.", "number", unit=USD),
            plain("national_usd", "What the State itself contributed.", "number", unit=USD),
            plain("note", "What is to be known of it: rounding, and what another edition of the source says."), SOURCE],
            _of(RecipientTotal, parties, "party")),
        Table("donor_totals", "What a donor gave in a year in all", "Landmine Monitor; see each row", ("party", "year", "line"),
              [party, year, line, usd, own, currency, SOURCE], _of(DonorTotal, parties, "party"))]


def _plans() -> list[Table]:
    code = Column("plan", "The action plan: a code of the table action_plans.", _its("plan"), needed=True,
                  refers=("action_plans", "code"))
    every = db.session.scalars(scope(PUBLIC, "indicators.view", IndicatorValue).options(joinedload(IndicatorValue.indicator))).all()
    values = [row for row in every if not row.is_demo]
    return [
        Table("action_plans", "Action plans of the Convention", "Review Conferences; see each row", ("code",), [
            plain("code", "The code of the plan.", needed=True), plain("title", "Its title."),
            plain("adopted", "The day of its adoption.", "date"), plain("first_year", "Its first year.", "year", needed=True),
            plain("last_year", "Its last year.", "year", needed=True), SOURCE], _all(ActionPlan)),
        Table("actions", "Actions of a plan", "the action plan; see each row", ("plan", "number"), [
            code, plain("number", "The number of the action.", "integer", needed=True), plain("title", "The action, in short."),
            plain("summary", "The action in this register's own words."), SOURCE], _all(Action)),
        Table("indicators", "Indicators of an action", "the action plan; see each row", ("plan", "ref"), [
            code, plain("ref", "The reference of the indicator.", needed=True),
            plain("action", "The number of its action.", "integer", needed=True), plain("title", "What it counts."),
            plain("formula", "The rule by which this register computes it; empty where its value is entered."), SOURCE],
            _all(Indicator), links=[(("plan", "action"), "actions", ("plan", "number"))]),
        Table("indicator_values", "Values of indicators that were entered", "see each row", ("plan", "indicator", "year"), [
            Column("plan", "The action plan.", lambda row: row.indicator.plan, needed=True, refers=("action_plans", "code")),
            Column("indicator", "The reference of the indicator.", lambda row: row.indicator.ref, needed=True),
            plain("year", "The year.", "year", needed=True),
            plain("value", "The value.", "number", unit="States, or per cent where the indicator is a share", needed=True),
            plain("note", "What is to be known of it."), SOURCE], values, len(every) - len(values),
            links=[(("plan", "indicator"), "indicators", ("plan", "ref"))])]
