"""A line of the live log: what it says, what is assumed, and what is asked. Read with the names of the real register."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import example, given
from hypothesis import strategies as st

from partnerships.conferences import line, logbook
from partnerships.conferences.reading import Lexicon, Reading
from partnerships.core import amounts
from partnerships.parties.models import Party, PartyKind
from partnerships.pledges.models import Pledge, PledgePartner, PledgePortion
from partnerships.pledges.states import Earmarking, InKind, Oda, PledgeKind, PledgeObject

SEED = Path(__file__).resolve().parents[3] / "seed" / "parties.csv"
NAMES = ("ref", "iso2", "name_en", "name_fr", "name_es", "name_ar", "name_ru", "name_zh")
APP = Flask(__name__)
Babel(APP)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with APP.test_request_context():
        yield


def _known() -> Lexicon:
    with APP.test_request_context(), SEED.open(encoding="utf-8") as file:
        return logbook._lexicon(Party(kind=PartyKind(row["kind"]), **{name: row[name] for name in NAMES})
                                for row in csv.DictReader(file) if row["kind"] != "area")


LEXICON = _known()
PROGRAMME, WORK_PLAN = PledgeObject.PROGRAMME, PledgeObject.ISU_WORK_PLAN


def read(text: str) -> Reading:
    with APP.test_request_context():
        return line.read(text, LEXICON)


def asked(text: str) -> str:
    found = read(text)
    assert not found.certain
    return " ".join(one.words for one in found.questions)


def test_the_line_of_the_issue():
    found = read("nor 3.5m nok 2027-2029 clearance khm")
    assert found.certain and not found.guesses
    assert (found.donor, found.amount, found.currency, found.recipient) == ("NOR", Decimal(3_500_000), "NOK", "KHM")
    assert (found.first_year, found.last_year, found.themes, found.object) == (2027, 2029, ["survey-clearance"], PROGRAMME)


@pytest.mark.parametrize(("text", "donor", "amount", "currency", "object", "recipient"), [
    ("Norway pledges 3.5 million kroner for clearance in Cambodia", "NOR", 3_500_000, "NOK", PROGRAMME, "KHM"),
    ("che 80k chf isu", "CHE", 80_000, "CHF", WORK_PLAN, ""),
    ("NOK 3.5m nor khm", "NOR", 3_500_000, "NOK", PROGRAMME, "KHM"),
    ("nor 3.5mnok khm", "NOR", 3_500_000, "NOK", PROGRAMME, "KHM"),
    ("germ 1,5m eur sponsorship", "DEU", 1_500_000, "EUR", PledgeObject.SPONSORSHIP, ""),
    ("eu 2m clearance angola", "EU", 2_000_000, "EUR", PROGRAMME, "AGO"),
    ("usa $5m clearance Viet Nam", "USA", 5_000_000, "USD", PROGRAMME, "VNM"),
    ("new zealand 100000 nzd trust fund", "NZL", 100_000, "NZD", PledgeObject.FUND, ""),
    ("aus 2 lakh aud isu", "AUS", 200_000, "AUD", WORK_PLAN, ""),
    ("nor half a million nok costs of meetings", "NOR", 500_000, "NOK", PledgeObject.MEETING_COSTS, ""),
    ("jpn two million dollars victim assistance laos", "JPN", 2_000_000, "USD", PROGRAMME, "LAO"),
    ("nor 2027 nok isu", "NOR", 2027, "NOK", WORK_PLAN, ""),
    ("النرويج ٣٫٥ مليون nok كمبوديا", "NOR", 3_500_000, "NOK", PROGRAMME, "KHM"),
    ("Норвегия 3,5 млн nok Камбоджа", "NOR", 3_500_000, "NOK", PROGRAMME, "KHM"),
])
def test_what_is_said_in_many_ways(text, donor, amount, currency, object, recipient):
    found = read(text)
    assert found.certain, [one.words for one in found.questions]
    assert (found.donor, found.total, found.currency, found.object, found.recipient) == (
        donor, Decimal(amount), currency, object, recipient)


@pytest.mark.parametrize(("text", "words"), [
    ("nor 90.000 nok isu", "may mean 90"), ("nor 1,500m nok khm", "1\u202f500\u202f000\u202f000 or 1"),
    ("united 5m usd isu", "may be United Arab Emirates"), ("nor 3m nok congo", "may be Congo"),
    ("nor 3m nok korea", "Republic of Korea"), ("atlantis 3m usd isu", "“atlantis” is not understood"),
    ("nor 3m nok atlantis", "“atlantis” is not understood"), ("nor -3m nok isu", "cannot be negative"),
    ("nor 0 nok isu", "more than zero"), ("nor 3m nok 2m eur khm", "Two amounts"), ("kor 5m kr isu", "several currencies"),
    ("nor 3m nok isu khm", "log one line for each"), ("nor 3m nok nor", "cannot pledge to itself"),
    ("nor 3m nok undp", "is no State"), ("nor 3m nok khm ago", "Three parties"), ("nor", "Give the amount"), ("", "Who pledges"),
    ("3m nok isu", "Who pledges"), ("nor political 3m nok", "has no amount"), ("nld 1.2345 eur isu", "fewer decimals"),
    ("nor 999999999999 nok isu", "number of zeros"), ("nor 3m nok khm 2029-2027", "wrong order"),
    ("gichd 5m isu", "which currency"),
    ("nor 3m nok a year khm", "For which years"), ("nor 1.2.3 nok isu", "grouped in thousands"),
])
def test_what_is_unclear_is_asked_and_not_guessed(text, words):
    assert words in asked(text)


def test_a_choice_settles_its_question():
    found = read("nor 90.000 nok isu")
    [question] = found.questions
    assert [read(choice).amount for _words, choice in question.choices] == [Decimal(90_000), Decimal(90)]
    [question] = read("nor 3m nok congo").questions
    assert {read(choice).recipient for _words, choice in question.choices} == {"COD", "COG"}


def test_what_is_assumed_is_said():
    found = read("nor 1000000")
    assert found.certain and (found.currency, found.object) == ("NOK", WORK_PLAN)
    assert len(found.guesses) == 2 and "donor's own" in found.guesses[-1]
    assert line.read("nor 1m nok", LEXICON, PledgeObject.SPONSORSHIP).object is PledgeObject.SPONSORSHIP


def test_together_each_year_under_a_condition_in_its_own_words():
    found = read("nor + swe + dnk about 3m eur per year 2027-2029 khm unearmarked non-oda via undp, subject to parliament; "
                 "We will see")
    assert found.certain and found.partners == ["SWE", "DNK"] and found.approximate
    assert found.total == Decimal(9_000_000) and found.portions == tuple((year, Decimal(3_000_000)) for year in (2027, 2028, 2029))
    assert (found.condition, found.statement) == ("subject to parliament", "We will see")
    assert (found.earmarking, found.oda, found.channel) == (Earmarking.NONE, Oda.NO, "un")


def test_what_is_no_money():
    found = read("ita in kind training khm")
    assert found.certain and (found.kind, found.in_kind, found.amount) == (PledgeKind.IN_KIND, InKind.TRAINING, None)
    assert read("nor political; supports the ISU").certain
    assert "Read as money" in " ".join(read("ita 200k eur training khm").guesses)


@given(st.text(max_size=120))
@example("90.000.")
@example("+")
@example("nor 3m nok KHM-2026-014 KHM-2026-015")
def test_no_line_breaks_the_reader(text):
    found = read(text)
    assert found.certain == (not found.questions)
    if found.certain:
        assert found.donor and (found.amount is not None or found.kind is not PledgeKind.FINANCIAL)


REFS = sorted(LEXICON.states)


@given(st.data())
def test_an_entry_written_as_a_line_says_the_same_again(data):
    draw = data.draw
    donor, other, state = draw(st.permutations(REFS))[:3]
    currency = draw(st.sampled_from(["NOK", "EUR", "USD", "JPY", "CHF"]))
    amount = Decimal(draw(st.integers(1, 10**9)))
    years = draw(st.one_of(st.none(), st.tuples(st.integers(2026, 2030), st.integers(0, 4))))
    yearly = years is not None and draw(st.booleans())
    span = range(years[0], years[0] + years[1] + 1) if years else range(0)
    pledge = Pledge(
        donor=Party(ref=donor), kind=PledgeKind.FINANCIAL, amount=amount * (len(span) if yearly else 1), currency=currency,
        approximate=draw(st.booleans()), first_year=span[0] if span else None, last_year=span[-1] if span else None,
        object=PROGRAMME, recipient=Party(ref=state),
        themes=draw(st.sampled_from([(), ("risk-education",), ("gender-diversity",)])),
        earmarking=draw(st.sampled_from([None, *Earmarking])), oda=draw(st.sampled_from(list(Oda))),
        channel=draw(st.sampled_from(["", "un", "ngos", "bilateral"])),
        condition=draw(st.sampled_from(["", "approval of the budget"])),
        statement=draw(st.sampled_from(["", "Said, at length: 5 million reasons"])))
    if draw(st.booleans()):
        pledge.partners = [PledgePartner(party=Party(ref=other))]
    if yearly:
        pledge.portions = [PledgePortion(year=year, amount=amount) for year in span]
    written = logbook.line_of(pledge)
    found = read(written)
    assert found.certain, (written, [one.words for one in found.questions])
    assert (found.donor, found.partners, found.recipient) == (donor, [one.party.ref for one in pledge.partners], state)
    assert (found.total, found.currency, found.approximate) == (pledge.amount, currency, pledge.approximate)
    assert (found.first_year, found.last_year, tuple(found.themes)) == (pledge.first_year, pledge.last_year, pledge.themes)
    assert (found.earmarking, found.oda, found.channel, found.statement) == (
        pledge.earmarking, pledge.oda, pledge.channel, pledge.statement)
    assert found.condition == (f"subject to {pledge.condition}" if pledge.condition else "")
    assert [tuple(one) for one in found.portions] == [(one.year, one.amount) for one in pledge.portions]


@pytest.mark.parametrize(("typed", "value"), [
    ("3.5m", "3500000"), ("3,5m", "3500000"), ("90 000", "90000"), ("90,000", "90000"), ("1,234.56", "1234.56"),
    ("1.234,56", "1234.56"), ("1'000'000", "1000000"), ("1,50,000", "150000"), ("2 crore", "20000000"), ("1.2bn", "1200000000"),
    ("5 lakh", "500000"), ("two hundred thousand", "200000"), ("one and a half million", "1500000"), ("٣٫٥ مليون", "3500000"),
    ("0.500", "0.5"), ("12,34", "12.34"), ("-5", "-5"), ("1.234.567", "1234567"),
])
def test_amounts_as_people_write_them(typed, value):
    assert amounts.read(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["90.000", "1,500m", "lots", "", "1.2.3", "1,2,3", "5 apples", "3mm", "--5"])
def test_amounts_that_are_not_guessed(typed):
    with pytest.raises(ValueError):
        amounts.read(typed)


@given(st.decimals("0.01", 10**11, places=2))
def test_an_amount_in_figures_is_read_exactly(value):
    assert amounts.read(f"{value:,f}") == value
    assert amounts.read(f"{value:f}".replace(".", ",") if value != value.to_integral_value() else f"{value:.0f}") == value
