"""The two files that exist: sums come out as in the file, a second import changes nothing. Their rows are not kept here."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.needs.models import Need
from tests.rooms.exchange.conftest import SHARED

STATED, REQUIRED = SHARED / "needs_stated.csv", SHARED / "mine_action_requirements_2000_2022.csv"
pytestmark = pytest.mark.skipif(not REQUIRED.exists(), reason="the shared files are not here")


def sums(groups) -> dict:
    return {(one["country"], one["year"], one["currency"]): (Decimal(one["amount"]), one["count"]) for one in groups}


def test_the_yearly_requirements_come_out_as_in_the_file(command, totals):
    before = sums(totals("country,year"))
    code, report = command(REQUIRED)
    assert code == 0 and [row["row"] for row in report["rows"]] == list(range(2, 218))
    assert {row["result"] for row in report["rows"]} == {"created"}
    expected: dict = defaultdict(lambda: [Decimal(0), 0])
    by_country: dict = defaultdict(int)
    with REQUIRED.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            by_country[row["country_iso3"]] += 1
            if row["requirements_usd"]:
                group = expected[row["country_iso3"], int(row["year"]), "USD"]
                group[0], group[1] = group[0] + Decimal(row["requirements_usd"]), group[1] + 1
    after = sums(totals("country,year"))
    added = {key: (after[key][0] - before.get(key, (0, 0))[0], after[key][1] - before.get(key, (0, 0))[1]) for key in after}
    assert {key: value for key, value in added.items() if value != (0, 0)} == {key: tuple(value) for key, value in expected.items()}
    counted = {one["country"]: one["count"] for one in totals("country")}
    assert {country: counted[country] for country in by_country if country not in ("COD", "LBN", "SDN", "LBY", "ZWE", "KHM")} == {
        country: number for country, number in by_country.items() if country not in ("COD", "LBN", "SDN", "LBY", "ZWE", "KHM")}
    number = db.session.scalar(select(func.count(Need.id)))
    code, again = command(REQUIRED)
    assert {row["result"] for row in again["rows"]} == {"unchanged"} and again["counts"]["unchanged"] == 216
    assert db.session.scalar(select(func.count(Need.id))) == number and sums(totals("country,year")) == after


def test_the_stated_needs_are_found_where_the_seed_holds_them_and_made_where_it_does_not(importing, command):
    here = importing(Role.ISU_OFFICER)
    where = here.preview(STATED.read_bytes())
    assert [fate for fate, _words in here.rows(where)] == ["Changes nothing"] * 11
    for need in db.session.scalars(select(Need)):
        db.session.delete(need)
    db.session.commit()
    code, report = command(STATED)
    assert code == 0 and {row["result"] for row in report["rows"]} == {"created"}
    found = db.session.scalars(select(Need).where(Need.ref.like("COD-REC-2021-%"))).one()
    assert found.asked == 3_900_000 and found.national_share == 564_000 and str(found.valid_until) == "2022-12-31"
    assert found.source.startswith("https://") and found.basis and found.title.startswith("$2.4m demining")
    assert {row["result"] for row in command(STATED)[1]["rows"]} == {"unchanged"}
    assert [fate for fate, _words in here.rows(here.preview(STATED.read_bytes()))] == ["Changes nothing"] * 11


def test_the_page_takes_the_larger_file_too_and_undoes_it(importing, totals):
    here = importing(Role.ISU_OFFICER)
    before = totals("country,year")
    where = here.preview(REQUIRED.read_bytes(), name="requirements.csv")
    assert totals("country,year") == before  # nothing is saved by looking
    shown = here.client.get(where).get_data(as_text=True)
    assert "Not read: funding_usd, percent_funded." in shown and "1 to 100 of 216 shown" in shown
    assert here.move(where, "confirmed").status_code == 303
    assert totals("country,year") != before
    assert here.move(where, "undone").status_code == 303
    assert totals("country,year") == before
