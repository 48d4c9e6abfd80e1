"""The account of a party: stages apart, currencies apart, shares conserved; what arrived, how long it took, and who spoke."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from partnerships.core.actor import PUBLIC, SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.pledges import account, payments, reminders, reports, service
from partnerships.pledges.service import Details
from partnerships.pledges.states import PledgeKind, PledgeObject

STAGES = ("announced", "confirmed", "agreed", "paid", "withdrawn", "lapsed")
HEADS = ("Announced", "Confirmed in writing", "Agreement signed, not yet paid", "Paid", "Withdrawn", "Lapsed")


def page(client, ref: str) -> str:
    answer = client.get(f"/pledges/account/{ref}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True).replace("\u202f", "")))


def rows(client, ref: str, part: str = "", kind: str = "csv") -> list[dict[str, str]]:
    answer = client.get(f"/pledges/account/{ref}?as={kind}&part={part}")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    if kind == "csv":
        return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).worksheets[0]
    head, *body = sheet.iter_rows(values_only=True)
    return [{name: "" if cell is None else str(cell) for name, cell in zip(head, row, strict=True)} for row in body]


def own(lines, *keys):
    """{key: {stage: amount}} of rows of the account, zeros left out."""
    return {(row.key, row.currency): {name: value for name, value in vars(row.stages).items() if value} for row in lines}


def sign(pledge, day: date, *paid: tuple[int, date]) -> None:
    service.move(pledge, "agreed", SYSTEM, on=day)
    for amount, on in paid:
        payments.pay(pledge, SYSTEM, amount=Decimal(amount), paid_on=on)
    db.session.commit()


@pytest.fixture
def world(make, on):
    """Pledges of Andorra, which has none on record from sources, as of 10 July 2026."""
    on("2025-01-10")
    found = {"euros": make.pledge("AND", need=make.need("KHM"), currency="EUR", amount=Decimal(1000), details=Details(
        portions=((2025, Decimal(400)), (2026, Decimal(600))))),
        "plan": make.pledge("AND", amount=Decimal(500)), "gone": make.pledge("AND", amount=Decimal(70)),
        "late": make.pledge("AND", amount=Decimal(30)),
        "things": make.pledge("AND", need=make.need("LAO"), kind=PledgeKind.IN_KIND, amount=None)}
    sign(found["euros"], date(2025, 1, 10), (250, date(2025, 1, 10)))
    on("2026-03-01")
    payments.pay(found["euros"], SYSTEM, amount=Decimal(250), paid_on=date(2026, 3, 1))
    service.move(found["gone"], "withdrawn", SYSTEM, "Not this year.")
    service.move(found["late"], "lapsed", SYSTEM, "Nothing came.")
    found["joint"] = make.pledge("NOR", need=make.need("AGO", theme="victim-assistance"), amount=Decimal(1000), details=Details(
        partners=((make.party("AND"), Decimal("333.33")),)))
    found["unknown"] = make.pledge("NOR", need=make.need("AGO"), amount=Decimal(800), details=Details(
        partners=((make.party("AND"), None),)))
    on("2026-07-10")
    db.session.commit()
    return found


def test_stages_and_currencies_stand_apart(make, world):
    lines = account.given(PUBLIC, make.party("AND"))
    assert own(account.by_currency(lines)) == {
        (None, "USD"): {"announced": Decimal("833.33"), "withdrawn": 70, "lapsed": 30},
        (None, "EUR"): {"agreed": 500, "paid": 500}}
    assert own(account.by_year(lines)) == {
        (2026, "EUR"): {"agreed": 500, "paid": 250}, (2025, "EUR"): {"paid": 250},
        (2026, "USD"): {"announced": Decimal("333.33")}, (2025, "USD"): {"announced": 500, "withdrawn": 70, "lapsed": 30}}
    assert own(account.by_theme(lines)) == {
        (("survey-clearance",), "EUR"): {"agreed": 500, "paid": 500},
        (("victim-assistance",), "USD"): {"announced": Decimal("333.33")},
        ((), "USD"): {"announced": 500, "withdrawn": 70, "lapsed": 30}}


def test_a_joint_pledge_stands_with_each_donors_share_and_together_they_are_it(make, world):
    shares = {ref: own(account.by_currency(line for line in account.given(PUBLIC, make.party(ref))
                                           if line.pledge.id == world["joint"].id)) for ref in ("AND", "NOR")}
    assert shares == {"AND": {(None, "USD"): {"announced": Decimal("333.33")}},
                      "NOR": {(None, "USD"): {"announced": Decimal("666.67")}}}
    unknown, = (line for line in account.given(PUBLIC, make.party("AND")) if line.pledge.id == world["unknown"].id)
    assert unknown.share_unknown and unknown.years == {}
    lead, = (line for line in account.given(PUBLIC, make.party("NOR")) if line.pledge.id == world["unknown"].id)
    assert lead.amount == 800


def test_the_page_of_a_donor(make, world, visitor):
    text = page(visitor, "AND")
    for words in ("Account of Andorra", "for several years: 1; joint with others: 2", "833.33", "333.33\xa0USD",
                  "joint pledge of 1000\xa0USD led by Norway: its own share", "shares not stated: all of it stands with Norway",
                  "One is in kind, political or without an amount", "Victim assistance", "The ISU work plan", "none: closed",
                  "In US dollars, to compare", "rates of 10 January 2025", "nothing heard yet", "share not stated"):
        assert words.replace("\xa0", " ") in text.replace("\xa0", " "), words
    for pledge in world.values():
        assert pledge.ref in text
    assert "Pledges for it" not in text and "What public sources record" not in text


def test_what_has_no_rate_is_left_out_of_the_dollars_visibly(make, on, visitor):
    on("2026-07-10")
    kept = make.pledge("AND", currency="CHF", amount=Decimal(1000), announced_on=date(2024, 3, 1))
    out = make.pledge("AND", currency="AFN", amount=Decimal(7000), announced_on=date(2024, 3, 1))
    found = account.in_reference(account.given(PUBLIC, make.party("AND")))
    assert [line.pledge.ref for line in found.left_out] == [out.ref] and found.pledges == 1
    assert found.days == [date(2024, 3, 1)] and 1000 < found.stages.announced < 1300
    text = page(visitor, "AND")
    assert "Left out of these dollars, because no reference rate is known for its day:" in text
    assert "no rate known for its day" in text
    assert "rates of 1 March 2024" in text and kept.ref in text


def test_the_file_has_a_row_a_pledge_and_year_and_a_column_a_stage(make, world, visitor):
    for kind in ("csv", "xlsx"):
        found = rows(visitor, "AND", kind=kind)
        euros = [row for row in found if row["Pledge"] == world["euros"].ref]
        assert [(row["Year"], row["Paid"], row["Agreement signed, not yet paid"]) for row in euros] == [
            ("2025", "250", ""), ("2026", "250", "500")]
        assert {row["Status"] for row in euros} == {"Agreement signed"} and euros[0]["Day of this rate"][:10] == "2025-01-10"
        things, = (row for row in found if row["Pledge"] == world["things"].ref)
        assert (things["Year"], things["Kind"], {things[head] for head in HEADS}) == ("", "In kind", {""})
        joint, = (row for row in found if row["Pledge"] == world["joint"].ref)
        assert (joint["Announced"], joint["Joint pledge"], joint["Shares known"]) == ("333.33", "yes", "yes")
        sums = {name: sum(Decimal(row[head] or 0) for row in found if row["Currency"] == "USD")
                for name, head in zip(STAGES, HEADS, strict=True)}
        assert sums == {"announced": Decimal("833.33"), "confirmed": 0, "agreed": 0, "paid": 0, "withdrawn": 70, "lapsed": 30}


def test_the_files_sums_are_those_of_the_command(make, world, visitor):
    """`flask insight totals` and the account tell the same of a donor, stage by stage."""
    from partnerships.insight import totals

    told = {(one["year"], one["stage"], one["currency"]): Decimal(one["amount"])
            for one in totals.of_pledges(PUBLIC, ["donor", "year", "stage"]).groups if one["donor"] == "AND"}
    found: dict = defaultdict(Decimal)
    for row in rows(visitor, "AND"):
        for name, head in zip(STAGES, HEADS, strict=True):
            if row[head]:
                found[int(row["Year"]), name, row["Currency"]] += Decimal(row[head])
    assert len(found) == 7
    assert told == found


@pytest.fixture
def helped(make, on):
    """Pledges for Cambodia as of 10 July 2026."""
    on("2025-01-10")
    need = make.need("KHM")
    found = [make.pledge("NOR", need=need, amount=Decimal(amount)) for amount in (100, 200, 300)]
    sign(found[0], date(2025, 1, 10))
    sign(found[1], date(2025, 1, 10))
    on("2026-01-10")
    payments.pay(found[0], SYSTEM, amount=Decimal(40), paid_on=date(2025, 1, 20))
    payments.pay(found[0], SYSTEM, amount=Decimal(60), paid_on=date(2025, 7, 9))
    payments.pay(found[1], SYSTEM, amount=Decimal(50), paid_on=date(2025, 2, 9))
    payments.amend(found[2], SYSTEM, amount=Decimal(250), day=date(2026, 1, 10))
    found.append(make.pledge("NOR", object=PledgeObject.PROGRAMME, recipient=make.party("KHM"), amount=Decimal(7), currency="CHF"))
    db.session.commit()
    on("2026-07-10")
    return found


def test_what_was_announced_for_a_state_what_arrived_and_how_long_it_took(make, helped):
    lines = account.received(PUBLIC, make.party("KHM"))
    dollars, francs = account.arrived(lines)
    assert (dollars.currency, dollars.pledges, dollars.announced, dollars.arrived, dollars.reported) == ("USD", 3, 600, 150, 0)
    assert (francs.currency, francs.announced, francs.arrived) == ("CHF", 7, 0)
    assert account.lag(lines, full=False) == account.Lag(20.0, 2)  # 10 and 30 days
    assert account.lag(lines, full=True) == account.Lag(180.0, 1)
    assert own(account.by_currency(lines))[None, "USD"] == {"announced": 250, "agreed": 150, "paid": 150}


def test_the_states_own_reports_stand_beside_the_record(make, helped, visitor):
    focal = make.actor(Role.FOCAL_POINT, "KHM")
    reports.report(helped[0], focal, paid_amount=Decimal(100), as_of=date(2026, 7, 1))
    reports.report(helped[1], focal, paid_amount=Decimal(20), as_of=date(2026, 7, 1))
    reports.report(helped[1], make.actor(Role.DONOR_OFFICER), paid_amount=Decimal(60), as_of=date(2026, 7, 1))
    db.session.commit()
    dollars, _francs = account.arrived(account.received(PUBLIC, make.party("KHM")))
    assert (dollars.reported, dollars.said, dollars.arrived) == (2, 120, 150)
    assert [pledge.id for pledge, _report in dollars.differing] == [helped[1].id]
    text = page(visitor, "KHM").replace("\xa0", " ")
    assert "reported on 2 of 3 pledges" in text
    assert "the State reports 20 USD received by 1 July 2026, the record shows 50 USD paid in all." in text
    assert "From the announcement to the first payment: 20 days in the median (2 pledges)." in text
    assert "until all was paid: 180 days in the median (one pledge)." in text


def test_the_share_of_pledges_heard_of(make, on, visitor):
    on("2025-01-10")
    first, second, third = (make.pledge("AND") for _number in range(3))
    on("2025-12-01")
    reminders.still_on_course(second, SYSTEM)
    on("2026-03-01")
    reminders.still_on_course(third, SYSTEM)
    make.pledge("AND")  # younger than half a year
    recorded = make.pledge("AND", announced_on=date(2020, 1, 1))
    recorded.source = "https://source.example"
    struck = make.pledge("AND", announced_on=date(2025, 1, 10), from_floor=True)
    service.move(struck, "struck", SYSTEM, "Another delegation.")
    db.session.commit()
    lines = account.given(SYSTEM, make.party("AND"))
    assert account.fresh(lines, date(2026, 7, 10)) == [account.Fresh(6, 1, 3), account.Fresh(12, 2, 3)]
    on("2026-07-10")
    text = page(visitor, "AND")
    assert "Within the last 6 months there was word of 1 of the 3 pledges that were announced longer ago than that (33 %)." in text
    assert "Within the last 12 months there was word of 2 of the 3 pledges" in text
    assert "One pledge recorded from a public source is left out of this" in text
    assert struck.ref not in text and first.ref in text


def test_what_sources_record_stands_apart_and_is_never_added(make, helped, visitor):
    from partnerships.pledges import queries

    text = visitor.get("/pledges/account/KHM").get_data(as_text=True)
    apart = text.split('id="supported"')[1].split("</section>")[0]
    found = queries.received(make.party("KHM"))
    assert found and "What public sources record as received" in apart and "never added to each other" in apart
    by_year = account.recorded(found)
    assert sum(row.contributions for row in by_year) == len(found)
    assert sum(row.stated for row in by_year) == sum(one.amount_usd or 0 for one in found)
    assert [row.year for row in by_year] == sorted({one.year for one in found}, reverse=True)
    assert {row["Donor code"] for row in rows(visitor, "KHM", "received")} == {"NOR"}


def test_an_account_shows_what_its_reader_may_see(make, sign_in, visitor):
    need = make.need("KHM", visibility=Visibility.PARTIES, theme="victim-assistance")
    hidden = make.pledge("AND", need=need, visibility=Visibility.PARTIES, amount=Decimal(123_457))
    for ref, party in (("AND", "AND"), ("KHM", "KHM")):
        assert hidden.ref not in page(visitor, ref) and hidden.ref not in page(sign_in(Role.DONOR_OFFICER, "JPN"), ref)
        assert not rows(visitor, ref) and "123457" not in page(visitor, ref)
        assert hidden.ref in page(sign_in(Role.DONOR_OFFICER if ref == "AND" else Role.FOCAL_POINT, party), ref)
        assert "123457" in page(sign_in(Role.ISU_OFFICER), ref)
    assert "No pledge by or for Andorra is within your sight." in page(visitor, "AND")


def test_both_sides_of_one_party_and_both_files(make, visitor):
    made, meant = make.pledge("KHM", amount=Decimal(5)), make.pledge("NOR", need=make.need("KHM"), amount=Decimal(9))
    text = page(visitor, "KHM")
    assert "Pledges it made" in text and "Pledges for it" in text
    assert [row["Pledge"] for row in rows(visitor, "KHM", "received")] == [meant.ref]
    for part in ("made", "", "nonsense"):
        assert [row["Pledge"] for row in rows(visitor, "KHM", part)] == [made.ref], part


def test_what_is_not_there_and_the_way_in(make, visitor, sign_in):
    assert visitor.get("/pledges/account/XXX").status_code == 404
    assert visitor.get("/pledges/account/nor").status_code == 404
    for ref in ("NOR", "KHM", "GICHD"):
        assert f'href="/pledges/account/{ref}"' in visitor.get(f"/parties/{ref}").get_data(as_text=True)
        assert page(visitor, ref)
    assert 'href="/pledges/account/NOR"' in sign_in(Role.DONOR_OFFICER, "NOR").get("/desk/").get_data(as_text=True)


def test_as_many_queries_for_many_pledges_as_for_few(app, make, visitor):
    from sqlalchemy import event

    def counted() -> int:
        asked = []
        event.listen(app.extensions["database"], "before_cursor_execute", lambda *args: asked.append(args[2]))
        visitor.get("/pledges/account/AND")
        visitor.get("/pledges/account/AND?as=csv")
        return len(asked)

    def pledge(number: int) -> None:
        made = make.pledge("AND", need=make.need("KHM"), amount=Decimal(100), details=Details(
            portions=((2026, Decimal(40)), (2027, Decimal(60))), partners=((make.party(("NOR", "SWE")[number % 2]), Decimal(10)),)))
        sign(made, date.today(), (10, date.today()))

    for number in range(2):
        pledge(number)
    few = counted()
    for number in range(6):
        pledge(number)
    assert counted() <= few
