"""The pages that show the register as a picture: what they draw is what the records hold, and nothing that a reader may not see."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from sqlalchemy import event, func, select

from partnerships.conferences import tally
from partnerships.core import money
from partnerships.core.actor import PUBLIC, SYSTEM, Role
from partnerships.core.db import current_engine, db
from partnerships.core.filters import day
from partnerships.core.visibility import Visibility
from partnerships.insight import charts, flows, gaps, stages, world
from partnerships.parties import queries as parties
from partnerships.parties.models import PartyKind
from partnerships.pledges import payments
from partnerships.pledges import queries as recorded
from partnerships.pledges import service as pledges
from partnerships.pledges.models import Contribution
from partnerships.pledges.states import PledgeKind

TODAY = date.today()


def page(client, url: str) -> str:
    """A page's text."""
    return client.get(url).get_data(as_text=True)


def rows(client, url: str) -> list[dict[str, str]]:
    """A file's rows by heading."""
    return list(csv.DictReader(io.StringIO(client.get(url).get_data(as_text=True).removeprefix("\ufeff"))))


def signed(make, donor: str, need, amount: int, currency: str = "USD"):
    """A pledge whose agreement is signed."""
    pledge = make.pledge(donor, need=need, currency=currency, amount=Decimal(amount), announced_on=TODAY - timedelta(days=9))
    for step in ("confirmed", "agreed"):
        pledges.move(pledge, step, SYSTEM, "By letter.", on=TODAY)
    db.session.commit()
    return pledge


def of(found: list[gaps.Gap], ref: str) -> gaps.Gap:
    return next(gap for gap in found if gap.party.ref == ref)


def test_the_unmet_share_is_what_nobody_committed(make):
    first, second = make.need("KHM"), make.need("KHM")
    whole = of(gaps.by_state(PUBLIC, TODAY), "KHM")
    assert whole.needs == 2 and whole.asked == first.asked + second.asked
    assert whole.open == whole.asked - first.national_share - second.national_share
    make.pledge("NOR", need=first, currency="USD", amount=Decimal(100_000))  # announced: no commitment yet
    assert of(gaps.by_state(PUBLIC, TODAY), "KHM").open == whole.open
    signed(make, "JPN", first, 200_000)
    assert of(gaps.by_state(PUBLIC, TODAY), "KHM").open == whole.open - 200_000
    signed(make, "CHE", first, 900_000_000)  # more than one need asks covers no other
    assert of(gaps.by_state(PUBLIC, TODAY), "KHM").open == second.asked - second.national_share


def test_hidden_amounts_and_needs_are_in_no_share(make):
    make.need("AGO", visibility=Visibility.STATES_PARTIES)
    make.need("COD", amounts_visibility=Visibility.ISU)
    found = gaps.by_state(PUBLIC, TODAY)
    assert [gap.party.ref for gap in found] == ["COD"] and found[0].share is None and found[0].step == 0
    assert {gap.party.ref for gap in gaps.by_state(make.actor(Role.ISU_OFFICER), TODAY)} == {"AGO", "COD"}


def test_the_shares_take_as_many_queries_for_many_needs(make):
    def asked() -> int:
        seen: list[str] = []
        note = lambda *told: seen.append(told[2])  # noqa: E731
        event.listen(current_engine(), "before_cursor_execute", note)
        gaps.by_state(PUBLIC, TODAY)
        event.remove(current_engine(), "before_cursor_execute", note)
        return len(seen)

    signed(make, "NOR", make.need("KHM"), 1000)
    few = asked()
    for state in ("AGO", "COD", "TCD", "KHM"):
        signed(make, "NOR", make.need(state), 1000)
    assert asked() == few <= 10


def test_every_state_has_a_place_on_the_map(app):
    states = {party.ref for party in parties.all_parties(PartyKind.STATE)}
    assert states == set(world.places())
    for place in world.places().values():
        assert 0 < place.x < world.WIDTH and 0 < place.y < world.HEIGHT
        assert place.path or place.small


def test_every_chart_has_its_page_its_numbers_and_its_drawing(make, visitor):
    make.need("KHM")
    conference = make.conference()
    make.pledge(conference=conference)
    for key in charts.CHARTS:
        party = "KHM" if key in ("received", "national") else "NOR"
        url = f"/insight/charts/{key}?party={party}&theme=survey-clearance&conference={conference.ref}"
        text, own = page(visitor, url), rows(visitor, f"{url}&as=csv")
        body = text.split('id="table"')[1].split("<tbody>")[1].split("</tbody>")[0]
        assert body.count("<tr>") == len(own) > 0, key
        drawn = visitor.get(f"{url}&as=svg")
        assert drawn.mimetype == "image/svg+xml" and "attachment" in drawn.headers["Content-Disposition"]
        root = ElementTree.fromstring(drawn.data)
        title = root.find("{http://www.w3.org/2000/svg}title")
        assert title is not None and title.text and f">{title.text}<" in text.replace("&#39;", "'")
        assert "'unsafe-inline'" not in visitor.get(url).headers["Content-Security-Policy"]


def test_a_chart_that_there_is_not_is_not_found(visitor):
    for rest in ("x", "given", "given?party=XXX", "national?party=NOR", "theme?theme=x",
                 "conference", "conference?conference=PC-99"):
        assert visitor.get(f"/insight/charts/{rest}").status_code == 404, rest


def pledged_at(make):
    """A conference with pledges in every stage and some that are no money, none, or not public."""
    one = make.conference(reference_currency="USD")
    need = make.need("KHM")
    of_it = {"conference": one}
    make.pledge("NOR", currency="USD", amount=Decimal(300_000), **of_it)
    make.pledge("NOR", currency="EUR", amount=Decimal(100_000), announced_on=date(2025, 3, 3), **of_it)
    agreed = make.pledge("JPN", need=need, currency="USD", amount=Decimal(70_000), announced_on=TODAY - timedelta(days=9), **of_it)
    for step in ("confirmed", "agreed"):
        pledges.move(agreed, step, SYSTEM, "By letter.", on=TODAY)
    payments.pay(agreed, SYSTEM, amount=Decimal(20_000), paid_on=TODAY)
    make.pledge("CHE", kind=PledgeKind.POLITICAL, amount=None, currency="", **of_it)
    make.pledge("SWE", currency="SEK", amount=Decimal(1_000_000), visibility=Visibility.PARTIES, **of_it)
    gone = make.pledge("DEU", currency="USD", amount=Decimal(5000), **of_it)
    pledges.move(gone, "withdrawn", SYSTEM, "Budget cut.")
    db.session.commit()
    return one


def test_the_picture_of_a_conference_is_its_tally_by_donor(make, visitor, sign_in):
    one = pledged_at(make)
    url = f"/insight/charts/conference?conference={one.ref}"
    board = tally.board(one, recorded.of_conference(PUBLIC, one.id), TODAY)
    own = rows(visitor, f"{url}&as=csv")
    assert [row["Donor code"] for row in own] == ["NOR", "JPN", "CHE"]
    heads = {"announced": "Announced", "confirmed": "Confirmed in writing", "agreed": "Agreement signed", "paid": "Paid"}
    for stage, head in heads.items():
        assert sum(Decimal(row[f"{head}, USD"]) for row in own) == getattr(board.whole.reference.stages, stage), stage
    assert sum(int(row["Pledges"]) for row in own) == board.whole.pledges == 4
    japan, = (row for row in own if row["Donor code"] == "JPN")
    assert (Decimal(japan["Agreement signed, USD"]), Decimal(japan["Paid, USD"])) == (50_000, 20_000)
    text = page(visitor, f"/conferences/{one.ref}")
    assert 'aria-label="Japan: Agreement signed 50\u202f000 USD; Paid 20\u202f000 USD"' in text
    assert 'aria-label="Switzerland: in kind, political or without an amount"' in text
    assert f"What was pledged at {one.title}, by donor and stage" in text and day(TODAY) in text and "1\xa0EUR\xa0=\xa01." in text
    picture = text.split('<figure class="chart stages">')[1].split("</figure>")[0]
    assert "Sweden" not in picture
    assert "Sweden" not in page(sign_in(Role.ISU_OFFICER), f"/conferences/{one.ref}").split(
        '<figure class="chart stages">')[1].split("</figure>")[0]


def test_the_bars_of_a_stage_share_a_scale_and_mirror(make, app):
    one = pledged_at(make)
    with app.test_request_context():
        drawing = charts.of_conference(one, TODAY).drawing
        lines, mirrored = drawing.lines(), drawing.lines(rtl=True)
    longest = max(amount for _label, _href, amounts in drawing.rows for amount in amounts.values())
    for (_label, _href, amounts), line, other in zip(drawing.rows, lines, mirrored, strict=True):
        assert {bar.stage for bar in line.bars} == {stage for stage, amount in amounts.items() if amount}
        for bar, back in zip(line.bars, other.bars, strict=True):
            assert bar.width == pytest.approx(max(float(amounts[bar.stage] / longest) * stages.BAR, 2), abs=0.01)
            assert back.x == pytest.approx(drawing.width - bar.x - bar.width, abs=0.02)
            assert bar.x >= 0 and bar.text_at < drawing.width and bar.y + 13 <= drawing.height


def test_a_conference_without_pledges_says_what_to_do_next(make, visitor, sign_in):
    one = make.conference()
    own = f"/insight/charts/conference?conference={one.ref}"
    for url in (f"/conferences/{one.ref}", own):
        text = page(visitor, url)
        assert "Look at the needs" in text and "<svg viewBox" not in text.split("<main")[1], url
    assert "Nothing is pledged yet." in page(visitor, own) and rows(visitor, f"{own}&as=csv") == []
    assert "Nothing is pledged yet." in page(visitor, f"{own}&as=svg")
    assert "/pledges/new?conference=" in page(sign_in(Role.DONOR_OFFICER, "NOR"), f"/conferences/{one.ref}")
    assert "Go to the live log" in page(sign_in(Role.ISU_OFFICER), f"/conferences/{one.ref}").split('id="tally"')[1]


def test_the_map_carries_the_notice_and_each_value_in_words(make, visitor):
    need = make.need("KHM")
    text = page(visitor, "/")
    assert "do not imply official endorsement or acceptance by the United Nations" in text
    words = text.split('<a href="/parties/KHM#needs" aria-label="')[1].split('"')[0]
    assert re.fullmatch(r"Cambodia: one open need, \d+ % of .+ without a commitment", words)
    own, = rows(visitor, "/insight/charts/needs?as=csv")
    assert (own["State code"], own["Open needs"]) == ("KHM", "1")
    assert Decimal(own["Asked, US dollars"]) == round(need.asked)


def test_a_conversion_says_the_day_of_its_rate_not_of_its_reading(make, visitor):
    make.need("KHM", currency="EUR")
    make.need("AGO")
    assert money.convert(Decimal(1), "EUR", "USD", TODAY).on == money.rate_day(TODAY)
    said = day(money.rate_day(TODAY))
    for url in ("/", "/insight/charts/needs", "/insight/compare?who=KHM"):
        assert f"rate of {said}" in page(visitor, url).replace("&#39;", "'"), url


def test_flows_are_the_sums_of_the_contributions(visitor):
    found = flows.matrix(PUBLIC, "record", None, "")
    total = db.session.scalar(select(func.sum(Contribution.amount_usd)))
    assert found.total.amount == total == sum(cell.amount for _party, cell in found.donors)
    assert total == sum(cell.amount for _party, cell in found.recipients)
    assert found.total.count == db.session.scalar(select(func.count()).select_from(Contribution))
    text = page(visitor, "/insight/flows?year=2019")
    links = re.findall(r'href="(/insight/flows/[^"]+)"', text)
    assert links and all("year=2019" in link for link in links)
    one = page(visitor, links[0].replace("&amp;", "&"))
    assert "2019</th>" in one.split('id="record"')[1] and "2018</th>" not in one.split('id="record"')[1].split('id="pledges"')[0]


def test_flows_of_pledges_keep_stages_apart_and_hide_what_is_restricted(make, visitor):
    need = make.need("KHM")
    make.pledge("NOR", need=need, currency="USD", amount=Decimal(50_000))
    make.pledge("JPN", need=need, currency="USD", amount=Decimal(70_000), visibility=Visibility.PARTIES)
    agreed = signed(make, "CHE", need, 90_000)

    def sums(measure: str, actor=PUBLIC) -> dict[str, Decimal]:
        return {party.ref: cell.amount for party, cell in flows.matrix(actor, measure, None, "").donors
                if party.ref in ("NOR", "JPN", "CHE")}

    assert sums("announced").get("NOR") == 50_000 and "JPN" not in sums("announced") and "CHE" not in sums("announced")
    assert sums("agreed")["CHE"] == agreed.amount
    assert sums("announced", make.actor(Role.ISU_OFFICER))["JPN"] == 70_000
    assert "JPN" not in page(visitor, "/insight/flows?measure=announced&as=csv")


@pytest.mark.parametrize("query", ["year=x", "year=99999", "theme=none", "measure=all", "measure=paid&year=1066"])
def test_filters_that_mean_nothing_are_answered_in_words(visitor, query):
    answer = visitor.get(f"/insight/flows?{query}")
    assert answer.status_code == 200 and "Who supports whom" in answer.get_data(as_text=True)


def test_two_to_five_side_by_side(make, visitor):
    make.need("KHM")
    text = page(visitor, "/insight/compare?who=KHM&who=NOR&who=KHM&who=XXX")
    assert text.count("Take out") == 2 and "1 million" in text
    many = page(visitor, "/insight/compare?who=KHM&who=NOR&who=AGO&who=JPN&who=CHE&who=SWE")
    assert many.count("Take out") == 5 and "Sweden</a>" not in many
    assert "Choose the first State or donor" in page(visitor, "/insight/compare")
    own = rows(visitor, "/insight/compare?who=KHM&who=NOR&as=csv")
    assert next(row for row in own if row["Measure"] == "Open needs")["Cambodia"] == "1"


def test_side_by_side_shows_no_pledge_that_is_hidden(make, visitor, sign_in):
    make.pledge("JPN", need=make.need("KHM"), currency="SEK", visibility=Visibility.PARTIES)
    assert "SEK" not in page(visitor, "/insight/compare?who=KHM&who=JPN")
    assert "SEK" in page(sign_in(Role.DONOR_OFFICER, "JPN"), "/insight/compare?who=KHM&who=JPN")


def test_what_changed_since_a_day(make, visitor):
    need = make.need("KHM", title="Newly asked")
    hidden = make.need("AGO", title="Kept apart", visibility=Visibility.PARTIES)
    text = page(visitor, f"/insight/changes?since={TODAY}")
    assert need.ref in text and hidden.ref not in text
    assert "needs published" in text
    assert need.ref not in page(visitor, f"/insight/changes?since={TODAY}&party=AGO")
    assert "has changed since then" in page(visitor, f"/insight/changes?since={TODAY + timedelta(days=1)}")
    odd = page(visitor, "/insight/changes?since=last+week")
    assert "That is not a day" in odd and need.ref in odd


def test_a_thematic_area_on_one_page(make, visitor):
    need, other = make.need("KHM", theme="victim-assistance"), make.need("AGO", theme="survey-clearance")
    offer = make.offer("NOR", themes=("victim-assistance",))
    text = page(visitor, "/insight/themes/victim-assistance")
    assert need.ref in text and other.ref not in text and offer.ref in text
    assert "Support on record for Victim assistance, by donor" in text
    assert visitor.get("/insight/themes/none").status_code == 404


@pytest.mark.parametrize("ref", ["KHM", "NOR", "ISU"])
def test_a_brief_shows_what_its_reader_may_see(make, visitor, sign_in, ref):
    need = make.need("KHM", title="Asked by Cambodia")
    make.pledge("NOR", need=need, currency="SEK", visibility=Visibility.PARTIES)
    assert "SEK" not in page(visitor, f"/parties/{ref}/brief")
    own = page(sign_in(Role.DONOR_OFFICER, "NOR"), f"/parties/{ref}/brief")
    assert ("SEK" in own) is (ref in ("KHM", "NOR"))
