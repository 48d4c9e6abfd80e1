"""Figures: within the reader's sight, stages apart, currencies apart, cells that lead to the same number of records."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from sqlalchemy import event

from partnerships.core.actor import PUBLIC, Role
from partnerships.core.db import current_engine, db
from partnerships.core.visibility import Visibility
from partnerships.insight import figures
from partnerships.needs.states import NeedStatus
from partnerships.pledges.models import Contribution

YEAR = date.today().year + 1


def page(client) -> str:
    answer = client.get("/insight/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def found(app, actor=PUBLIC):
    with app.test_request_context():
        return figures.page(actor, date.today())


def test_an_empty_register(visitor):
    text = page(visitor)
    assert "No open need states an amount" in text and "No need is open at the moment." in text
    assert "Landmine Monitor" in text and "2013" in text


def test_asked_stands_by_currency(app, make, visitor):
    make.need("KHM", amounts=[(YEAR, YEAR, Decimal(700), Decimal(100)),
                              (YEAR + 1, YEAR + 1, Decimal(300), Decimal(50))])
    make.need("AGO", amounts=[(YEAR, YEAR, Decimal(1000), Decimal(0))])
    make.need("COL", currency="EUR")
    make.need("COL", NeedStatus.WITHDRAWN)
    make.need("KHM", visibility=Visibility.PARTIES)
    rows = [(row.currency, row.needs, row.asked, row.national) for row in found(app)["asked"]]
    assert rows == [("USD", 2, Decimal(2000), Decimal(150)), ("EUR", 1, Decimal(1_000_000), Decimal(200_000))]
    text = page(visitor)
    assert "2\u202f000\xa0USD" in text and "nothing is converted or added across currencies" in text
    assert found(app)["open_needs"] == 3 and found(app)["asking"] == 3


def test_stages_are_apart_and_within_sight(app, make):
    before = found(app)["stages"].get("AUD")
    assert before is None
    make.pledge("AUS", currency="AUD", amount=Decimal(100))
    make.pledge("AUS", currency="AUD", amount=Decimal(40))
    make.pledge("AUS", currency="AUD", amount=Decimal(7), visibility=Visibility.PARTIES)
    stages = found(app)["stages"]["AUD"]
    assert (stages.announced, stages.confirmed, stages.agreed, stages.paid) == (140, 0, 0, 0)
    own = found(app, make.actor(Role.DONOR_OFFICER, "AUS"))["stages"]["AUD"]
    assert own.announced == 147


def test_themes_count_needs_without_a_pledge(app, make):
    helped = make.need("KHM")
    make.need("AGO")
    make.need("COL", theme="risk-education")
    make.pledge("NOR", need=helped)
    rows = {row.code: (row.needs, row.unpledged) for row in found(app)["themes"]}
    assert rows["survey-clearance"] == (2, 1) and rows["risk-education"] == (1, 1)
    assert rows["victim-assistance"] == (0, 0)
    assert found(app)["unpledged"] == 2


def test_a_withdrawn_pledge_helps_nobody(app, make):
    from partnerships.core.actor import SYSTEM
    from partnerships.pledges import service

    pledge = make.pledge("NOR", need=make.need("KHM"))
    assert found(app)["unpledged"] == 0 and not found(app)["unsupported"]
    service.move(pledge, "withdrawn", SYSTEM, "The donor's budget was cut.", on=date.today())
    db.session.commit()
    assert found(app)["unpledged"] == 1
    assert [row.party.ref for row in found(app)["unsupported"]] == ["KHM"]


def test_the_page_sums_coverage_up_and_leads_to_it(make, visitor):
    make.need("KHM")
    make.need("AGO", theme="victim-assistance")
    make.offer("NOR")
    make.offer("JPN", regions=("019",))
    coverage = re.search(r'<section class="section" id="coverage">(.*?)</section>', page(visitor), re.S).group(1)
    assert re.findall(r"<dd>(\d+)</dd>", coverage) == ["1", "1"] and 'href="/insight/coverage"' in coverage


def test_states_that_nobody_pledged_to(app, make, visitor):
    make.need("KHM")
    make.need("AND", title="A State without any record")
    rows = [(row.party.ref, row.needs, row.last_year) for row in found(app)["unsupported"]]
    assert rows == [("AND", 1, None), ("KHM", 1, 2019)]
    assert "no donor at all on record" in page(visitor)


def test_one_donor_alone_is_judged_by_the_last_complete_year(app, make):
    before = {party.ref for party, _year in found(app)["single"]}
    andorra = make.party("AND")
    for year, donors in ((2016, ("NOR",)), (2017, ("NOR", "SWE"))):
        for ref in donors:
            db.session.add(Contribution(year=year, donor=make.party(ref), recipient=andorra, sector="Clearance",
                                        amount_usd=Decimal(5), list_complete=True, source="https://example.org/"))
    db.session.add(Contribution(year=2018, donor=make.party("NOR"), recipient=andorra, sector="Clearance",
                                amount_usd=Decimal(5), list_complete=False, source="https://example.org/"))
    db.session.commit()
    assert "AND" not in before and {party.ref for party, _year in found(app)["single"]} == before
    db.session.add(Contribution(year=2019, donor=make.party("NOR"), recipient=andorra, sector="Clearance",
                                amount_usd=Decimal(5), list_complete=True, source="https://example.org/"))
    db.session.commit()
    assert ("AND", 2019) in [(party.ref, year) for party, year in found(app)["single"]]


def test_history_adds_up_to_the_record(app):
    page = found(app)
    top = {party.ref: amount for party, amount in page["most"]}
    rows = db.session.query(Contribution.amount_usd).filter(Contribution.recipient.has(ref="AFG")).all()
    assert top["AFG"] == sum(amount for (amount,) in rows if amount is not None)
    assert page["chart"].drawing.years[0] == "2009" and page["chart"].drawing.years[-1] == "2019"
    assert all(values[4] == 0 for _label, _index, values in page["chart"].drawing.series)  # 2013


def test_as_many_queries_for_many_records_as_for_few(visitor, make):
    counted: list[str] = []
    make.need("KHM")
    event.listen(current_engine(), "before_cursor_execute", lambda *args: counted.append(args[2]))
    page(visitor)
    few = len(counted)
    for ref in ("AGO", "COL", "TCD"):
        make.pledge("NOR", need=make.need(ref))
        make.offer("JPN", title=f"For {ref}")
    counted.clear()
    page(visitor)
    assert len(counted) == few <= 20
