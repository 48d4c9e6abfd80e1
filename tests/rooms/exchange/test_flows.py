"""Flows of a financial tracking service as contributions: its columns known, only what is paid taken, each flow one line."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.pledges.models import Contribution
from tests.rooms.exchange.conftest import SHARED, csv_of

DESCRIPTIONS = SHARED / "contribution_descriptions_2000_2003.csv"
HEAD = ["id", "sourceOrganization", "destinationLocation", "destinationOrganization", "amountUSD", "usageYear", "status",
        "description", "originalAmount", "originalCurrency"]
TAGS = ["#activity+id", "#org+funder", "#loc", "#org+impl", "#value+usd", "#date+year", "#status", "#description", "#value",
        "#currency"]
FLOW = ["901", "Norway, Government of", "Chad", "MAG", "500000", "2022", "paid", "Survey in Borkou", "4800000", "NOK"]
SOURCE = "https://fts.example/flows"


def flows() -> list[Contribution]:
    db.session.expire_all()
    return list(db.session.scalars(select(Contribution).where(Contribution.import_key.is_not(None)).order_by(Contribution.line)))


def test_paid_flows_are_lines_of_their_pair_and_known_again_by_number(command):
    rows = [TAGS, FLOW, ["902", *FLOW[1:4], "90000", *FLOW[5:7], "Risk education", "", ""],
            ["903", *FLOW[1:6], "commitment", *FLOW[7:]], ["904", *FLOW[1:6], "pledge", *FLOW[7:]],
            ["905", *FLOW[1:6], "", *FLOW[7:]]]
    code, report = command(csv_of(HEAD, *rows), "--source", SOURCE, what="contributions")
    assert code == 0 and [row["row"] for row in report["rows"]] == [3, 4, 5, 6, 7]
    assert [row["result"] for row in report["rows"]] == ["created", "created", "rejected", "rejected", "rejected"]
    told = [row["words"] for row in report["rows"][2:]]
    assert "a commitment is not a payment" in told[0] and "a pledge is not a payment" in told[1] and "“paid”" in told[2]
    made = flows()
    assert [(one.line, one.amount_usd, one.amount_national, one.currency, one.description, one.implementer) for one in made] == [
        (1, 500000, 4800000, "NOK", "Survey in Borkou", "MAG"), (2, 90000, None, "", "Risk education", "MAG")]
    again = [[*FLOW[:4], "510000", *FLOW[5:]], rows[2]]
    assert [row["result"] for row in command(csv_of(HEAD, *again), "--source", SOURCE, what="contributions")[1]["rows"]] == [
        "updated", "unchanged"]
    assert [one.amount_usd for one in flows()] == [510000, 90000]
    moved = command(csv_of(HEAD, ["901", *FLOW[1:5], "2021", *FLOW[6:]]), "--source", SOURCE, what="contributions")[1]["rows"][0]
    assert moved["result"] == "rejected" and "another donor, State or year" in moved["words"]


def test_the_undo_takes_flows_out(importing):
    here = importing(Role.ISU_OFFICER)
    one = here.import_(csv_of(HEAD, FLOW), what="contributions", source=SOURCE)
    assert len(flows()) == 1
    here.move(f"/exchange/{one.ref}", "undone")
    assert flows() == []


@pytest.mark.skipif(not DESCRIPTIONS.exists(), reason="the shared files are not here")
def test_the_real_descriptions_have_a_fate_each_and_change_nothing_the_second_time(command):
    code, report = command(DESCRIPTIONS, what="contributions")
    assert code == 0 and report["counts"] == {"created": 126, "updated": 0, "unchanged": 0, "rejected": 6}
    assert all(row["words"] for row in report["rows"]) and len(flows()) == 126
    assert {one.currency for one in flows()} == {""} and all(one.amount_usd and one.description for one in flows())
    assert command(DESCRIPTIONS, what="contributions")[1]["counts"] == {
        "created": 0, "updated": 0, "unchanged": 126, "rejected": 6}


def test_needs_from_json_by_the_command(command):
    rows = [{"state": "Chad", "title": "Clearance", "year": 2027, "amount": 1200000.5, "currency": "USD", "source": SOURCE},
            {"state": "Chad", "title": "Survey", "source": SOURCE, "kinds": {"money": 1}}]
    code, report = command(json.dumps({"rows": rows}).encode(), name="file.json")
    assert code == 0 and [(row["row"], row["result"]) for row in report["rows"]] == [(1, "created"), (2, "rejected")]
    assert "a list or an object" in report["rows"][1]["words"]
    code, report = command(b'[{"state": NaN}]', name="file.json")
    assert code == 2 and "“NaN”" in report["words"]
