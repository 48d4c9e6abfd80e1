"""Flows for the Financial Tracking Service: its columns, one status a row, sums that are those of the records, nothing hidden."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from partnerships.core import hxl
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.pledges import figures, payments, service
from partnerships.pledges.models import Contribution, Pledge, PledgePartner
from partnerships.pledges.states import PledgeKind
from partnerships.returns import fts

# The order and names of the columns of the flow files that FTS publishes. Source: OCHA, Financial Tracking Service, flow files.
HEAD = """date,budgetYear,description,amountUSD,srcOrganization,srcOrganizationTypes,srcLocations,srcUsageYearStart,srcUsageYearEnd,
destPlan,destPlanCode,destPlanId,destOrganization,destOrganizationTypes,destGlobalClusters,destLocations,destProject,
destProjectCode,destEmergency,destUsageYearStart,destUsageYearEnd,contributionType,flowType,method,boundary,onBoundary,status,
firstReportedDate,decisionDate,keywords,originalAmount,originalCurrency,exchangeRate,id,refCode,createdAt,updatedAt"""
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def rows(client, query: str = "") -> list[dict[str, str]]:
    text = client.get(f"/returns/fts?as=csv{query}").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def paid_in_part(make, **values) -> Pledge:
    """A pledge of 300 000 EUR under a signed agreement, of which two payments were made."""
    pledge = make.pledge("NOR", currency="EUR", announced_on=date(2024, 3, 1), **values)
    service.move(pledge, "agreed", SYSTEM, on=date(2024, 4, 2))
    for day, amount in ((date(2024, 5, 6), 100_000), (date(2024, 6, 3), 50_000)):
        payments.pay(pledge, SYSTEM, amount=Decimal(amount), paid_on=day)
    db.session.commit()
    return pledge


def test_the_columns_are_those_of_fts_in_their_order(visitor):
    text = visitor.get("/returns/fts?as=csv").get_data().decode("utf-8-sig")
    assert text.splitlines()[0].startswith(HEAD.replace("\n", "") + ",")
    assert set(hxl.FTS) <= {*fts.THEIRS, *fts.OURS}
    tagged = visitor.get("/returns/fts?as=csv&hxl=1&year=2019&lang=fr").get_data().decode("utf-8-sig").splitlines()
    assert tagged[0] == text.splitlines()[0] and tagged[1].startswith("#date,#date+year+budget,#description+notes,#value")


def test_sums_of_each_stage_are_those_of_the_records(make, app):
    whole = paid_in_part(make)
    joint = make.pledge("JPN", currency="USD", amount=Decimal("100.01"))
    joint.partners.append(PledgePartner(party_id=make.party("SWE").id, amount=Decimal("33.34")))
    make.pledge("NOR", currency="NOK", amount=Decimal(7))
    db.session.commit()
    summed = {(stage, currency): amount for stage, currency, _count, amount in fts.flows().totals}
    expected: Counter[tuple[str, str]] = Counter()
    for pledge in db.session.scalars(select(Pledge)):
        for stage, amount in vars(figures.stages(pledge)).items():
            if amount and stage in fts.STATUSES:
                expected[stage, pledge.currency] += amount
    for row in db.session.scalars(select(Contribution)):
        if row.amount_national is not None or row.amount_usd is not None:
            own = row.amount_national if row.currency else row.amount_usd
            expected[fts.RECORDED, row.currency or "USD"] += own or 0
    assert summed == dict(expected) and summed["paid", "EUR"] >= 150_000
    own = [row for row in fts.flows(with_demo=True).rows if row["refCode"] == whole.ref]
    assert [(row["status"], row["stage"], row["originalAmount"], row["date"]) for row in own] == [
        ("commitment", "agreed", Decimal(150_000), date(2024, 4, 2)), ("paid", "paid", Decimal(100_000), date(2024, 5, 6)),
        ("paid", "paid", Decimal(50_000), date(2024, 6, 3))]
    for party, share in (("JPN", "66.67"), ("SWE", "33.34")):
        assert [row["originalAmount"] for row in fts.flows(party).rows if row["refCode"] == joint.ref] == [Decimal(share)]


def test_an_amount_comes_with_the_rate_and_its_day(make, visitor):
    paid_in_part(make)
    row = next(row for row in rows(visitor, "&year=2024&donor=NOR") if row["status"] == "commitment")
    assert row["originalCurrency"] == "EUR" and row["originalAmount"] == "150000" and row["exchangeRateDate"] <= "2024-04-02"
    assert abs(Decimal(row["amountUSD"]) - 150_000 / Decimal(row["exchangeRate"])) < 1
    assert row["srcOrganization"] == "Norway, Government of" and row["srcOrganizationTypes"] == "Government"
    assert not any(row[key] for key in ("method", "boundary", "onBoundary", "newMoney", "flowType", "id", "budgetYear"))


def test_a_public_record_says_where_it_comes_from_and_nothing_that_it_does_not(visitor):
    found = [row for row in rows(visitor, "&year=2019&donor=NOR") if row["stage"] == fts.RECORDED]
    assert found and all(row["source"].startswith("http") and row["status"] == "paid" for row in found)
    assert all(row["destUsageYearStart"] == "2019" and row["exchangeRate"] == "" for row in found)
    assert rows(visitor, "&year=1950") == rows(visitor) and rows(visitor, "&donor=XXX") == rows(visitor), "nonsense is no filter"


def test_what_a_pledge_is_for_reads_as_english_in_every_language(make, visitor):
    make.pledge("NOR", amount=Decimal(7))
    said = {row["description"] for row in rows(visitor, "&lang=fr") if row["stage"] == "announced"}
    assert "Mine action: The ISU work plan" in said


def test_nothing_hidden_is_in_the_file_whoever_asks(make, visitor, sign_in):
    need = make.need("KHM", title="Hidden away")
    hidden = make.pledge("NOR", visibility=Visibility.PARTIES)
    told = make.pledge("NOR", need=need)
    need.visibility = Visibility.PARTIES
    db.session.commit()
    for client in (visitor, sign_in(Role.DONOR_OFFICER, "NOR"), sign_in(Role.ISU_OFFICER)):
        text = client.get("/returns/fts?as=csv&donor=NOR").get_data(as_text=True)
        assert hidden.ref not in text and "Hidden away" not in text and told.ref in text


def test_what_is_left_out_is_counted_and_bad_text_breaks_nothing(make, visitor):
    gone = make.pledge("NOR")
    service.move(gone, "withdrawn", SYSTEM, "No longer possible")
    make.pledge("NOR", kind=PledgeKind.IN_KIND, amount=None, currency="")
    bad = make.pledge("NOR", need=make.need("KHM", title="=HYPERLINK(\"x\") \u202e\u0639\u0631\u0628\u064a " + "x" * 80))
    invented = make.pledge("NOR")
    invented.is_demo = True
    db.session.commit()
    said = json.loads(visitor.get("/returns/fts?as=json&donor=NOR").get_data())
    notes = " ".join(said["notes"])
    assert "1 pledge is left out: it was withdrawn" in notes and "1 invented pledge" in notes and "in kind, political" in notes
    own = [row for row in said["rows"] if row["refCode"] in (gone.ref, bad.ref, invented.ref)]
    assert [row["refCode"] for row in own] == [bad.ref] and own[0]["description"].startswith("=HYPERLINK")
    assert own[0]["originalAmount"] == "300000" and own[0]["amountUSD"] == "300000"
    told = next(row for row in rows(visitor, "&donor=NOR") if row["refCode"] == bad.ref)
    assert told["description"].startswith("'=HYPERLINK")
    marked = json.loads(visitor.get("/returns/fts?as=json&donor=NOR&demo=y").get_data())["rows"]
    assert [row["demonstration"] for row in marked if row["refCode"] == invented.ref] == [True]


def test_the_page_shows_totals_and_every_kind_of_file_holds_the_same_rows(visitor):
    page = visitor.get("/returns/fts?year=2019").get_data(as_text=True)
    assert "Given, as public sources record it" in page and "as=json" in page and "hxl=1" in page
    plain, exact = rows(visitor, "&year=2019"), json.loads(visitor.get("/returns/fts?as=json&year=2019").get_data())
    assert [row["refCode"] for row in plain] == [row["refCode"] for row in exact["rows"]] and exact["total"] == len(plain)
    empty = visitor.get("/returns/fts?year=2001").get_data(as_text=True)
    assert "Nothing that everybody may see" in empty and "All flows" in empty


def test_the_command_writes_the_same_file(app, make, visitor, tmp_path):
    paid_in_part(make)
    run, out = app.test_cli_runner(), tmp_path / "fts.csv"
    done = run.invoke(args=["exchange", "export", "fts", "--output", str(out), "--donor", "nor", "--year", "2024", "--hxl"])
    assert done.exit_code == 0 and "agreed: 1 rows, 150000 EUR" in done.output, done.output
    assert out.read_bytes() == visitor.get("/returns/fts?as=csv&donor=NOR&year=2024&hxl=1").get_data()
    bad = run.invoke(args=["exchange", "export", "fts", "--output", str(out), "--donor", "XX9"])
    assert bad.exit_code == 2 and "is no State or organisation" in bad.output
    lost = run.invoke(args=["exchange", "export", "fts", "--output", str(tmp_path / "no" / "fts.csv")])
    assert lost.exit_code == 1 and "cannot be written" in lost.output


def test_words_for_the_cluster_are_those_that_fts_uses(visitor):
    path = SHARED / "contribution_descriptions_2000_2003.csv"
    if not path.exists():
        pytest.skip("../shared/data is not here: real flows of FTS to compare with")
    with path.open(newline="", encoding="utf-8") as file:
        theirs = list(csv.DictReader(file))
    assert fts.CLUSTER in {row["global_cluster"] for row in theirs}
    assert any(row["donor_org"].endswith(", Government of") for row in theirs)
