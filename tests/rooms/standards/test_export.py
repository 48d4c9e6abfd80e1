"""The register as IATI: every kind of pledge gives a valid activity, money stands in its own kind, and what is hidden stays out."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.parties.models import Party, PartyKind
from partnerships.pledges import payments, service
from partnerships.pledges.models import Pledge
from partnerships.pledges.service import Details
from partnerships.pledges.states import Earmarking, InKind, Oda, PledgeKind, PledgeObject, PledgeStatus
from partnerships.standards.iati import codes, pledged, writing
from tests.support.iati import codes as listed
from tests.support.iati import sound, there

TODAY = date.today()
BEFORE = TODAY - timedelta(100)
YEAR = TODAY.year
STAGES = ("announced", "confirmed", "agreed", "part-paid", "paid", "withdrawn", "lapsed", "withdrawn-after-part")
SHAPES = ("plain", "portions", "joint", "joint-open", "parts", "in-kind", "work-plan", "increased")
# Every second pair of the board: each shape meets four stages, each stage four shapes.
CHOSEN = [(shape, stage) for place, (shape, stage) in enumerate(product(SHAPES, STAGES)) if (place + place // len(STAGES)) % 2 == 0]


def _pledge(make, shape: str, stage: str, needs=None) -> Pledge:
    """A pledge of a shape at a stage, through the services; for the first of two needs, or both."""
    need, other = needs or (make.need("KHM"), make.need("KHM"))
    amount, more = Decimal("90000.50"), {}
    if shape == "portions":
        more = {"portions": ((YEAR, Decimal("40000.25")), (YEAR + 1, Decimal("50000.25")))}
    elif shape.startswith("joint"):
        more = {"partners": ((make.party("SWE"), Decimal(30000) if shape == "joint" else None),)}
    elif shape == "parts":
        more = {"parts": ((need, Decimal(50000)), (other, None)),
                "themes": ("risk-education", "survey-clearance", "victim-assistance")}
    elif shape == "in-kind":
        more = {"in_kind": InKind.EQUIPMENT, "valuation": Decimal(7000), "valuation_currency": "EUR"}
    bare = shape == "work-plan"
    one = service.announce(
        SYSTEM, make.party("NOR"), object=PledgeObject.ISU_WORK_PLAN if bare else PledgeObject.NEED, need=None if bare else need,
        kind=PledgeKind.IN_KIND if shape == "in-kind" else PledgeKind.FINANCIAL, currency="USD", amount=amount,
        announced_on=BEFORE, first_year=None if shape in ("plain", "work-plan") else YEAR, visibility=Visibility.PUBLIC,
        details=Details(earmarking=Earmarking.SOFT, oda=Oda.YES, channel="ngos", **more))
    _advance(one, shape, stage)
    db.session.commit()
    return one


def _advance(one: Pledge, shape: str, stage: str) -> None:
    kind = shape == "in-kind"
    if stage in ("confirmed", "agreed", "part-paid", "paid", "withdrawn-after-part"):
        service.move(one, "confirmed", SYSTEM, on=BEFORE + timedelta(1))
    if shape == "increased":
        payments.amend(one, SYSTEM, amount=Decimal(95000), day=BEFORE + timedelta(2))
    if stage in ("agreed", "part-paid", "paid", "withdrawn-after-part"):
        service.move(one, "agreed", SYSTEM, on=BEFORE + timedelta(3))
    if stage in ("part-paid", "withdrawn-after-part") and not kind:
        payments.pay(one, SYSTEM, amount=Decimal(10000), paid_on=BEFORE + timedelta(4))
    if stage == "paid":
        if kind:
            service.move(one, "delivered", SYSTEM, "It arrived.", on=BEFORE + timedelta(5))
        else:
            payments.pay(one, SYSTEM, amount=one.amount, paid_on=BEFORE + timedelta(5))
    if stage in ("withdrawn", "withdrawn-after-part", "lapsed"):
        service.move(one, stage.split("-")[0], SYSTEM, "The budget was cut.")


@there
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_every_kind_of_pledge_at_every_stage_is_valid_and_its_money_adds_up(app, make, written, money):
    needs = make.need("KHM"), make.need("KHM")
    made = {_pledge(make, shape, stage, needs).ref: (shape, stage) for shape, stage in CHOSEN}
    found, left = written()
    assert set(made) <= set(found) and left.restricted_pledges == left.undated == 0
    for ref, (shape, stage) in made.items():
        one, pledge = found[ref], db.session.query(Pledge).filter_by(ref=ref).one()
        sums = {kind: sum(Decimal(amount) for code, _day, amount, _who in money(one) if code == kind) for kind in ("12", "2", "3")}
        if shape == "in-kind":
            assert money(one) == [] and "this is no money" in one.findtext("description/narrative")
            continue
        ended = stage.startswith("withdrawn") or stage == "lapsed"
        stands = pledge.paid_amount if ended else pledge.amount
        signed = pledge.agreed_on is not None
        assert sums == {"12": stands, "2": stands if signed else 0, "3": pledge.paid_amount}, (shape, stage)
        planned = sum(Decimal(part.findtext("value")) for part in one.iter("planned-disbursement"))
        assert planned in ((pledge.amount - pledge.paid_amount, 0) if stage in ("agreed", "part-paid") else (0,))
        assert (one.find("budget") is not None) == (stage in ("announced", "confirmed") and pledge.first_year is not None)
        assert one.find("activity-status").get("code") == codes.PLEDGE_STATUS[pledge.status]
    _codes_are_listed(found.values())


def _codes_are_listed(activities) -> None:
    where = {"activity-status/@code": "ActivityStatus", "transaction/transaction-type/@code": "TransactionType",
             "recipient-country/@code": "Country", "recipient-region/@code": "Region", "sector[@vocabulary='1']/@code": "Sector",
             "participating-org/@role": "OrganisationRole", "participating-org/@type": "OrganisationType",
             "default-aid-type[@vocabulary='2']/@code": "EarmarkingCategory", "default-aid-type[@vocabulary='1']/@code": "AidType",
             "default-flow-type/@code": "FlowType", "default-finance-type/@code": "FinanceType", "budget/@status": "BudgetStatus",
             "default-tied-status/@code": "TiedStatus", "policy-marker/@code": "PolicyMarker",
             "activity-date/@type": "ActivityDateType",
             "sector/@vocabulary": "SectorVocabulary", ".//value/@currency": "Currency", "budget/@type": "BudgetType"}
    for one in activities:
        for path, name in where.items():
            assert set(one.xpath(path)) <= listed(name), (path, one.xpath(path))


def test_a_pledge_tells_its_steps_in_their_own_kinds_of_transaction(app, make, written, money):
    one = _pledge(make, "increased", "part-paid")
    day = [(BEFORE + timedelta(number)).isoformat() for number in range(5)]
    [activity] = [found for ref, found in written(donor="NOR")[0].items() if ref == one.ref]
    assert money(activity) == [("12", day[0], "90000.5", "Norway"), ("12", day[2], "4999.5", "Norway"),
                               ("2", day[3], "95000", "Norway"), ("3", day[4], "10000", "Norway")]
    assert activity.findtext("transaction/receiver-org/narrative") == "Cambodia"
    assert activity.find("reporting-org").get("secondary-reporter") == "1"
    [planned] = activity.iter("planned-disbursement")
    assert planned.findtext("value") == "85000" and planned.find("period-end").get("iso-date") == f"{YEAR}-12-31"


def test_shares_of_a_joint_pledge_where_they_are_known_and_nobody_where_not(app, make, written, money):
    known, unknown = _pledge(make, "joint", "part-paid"), _pledge(make, "joint-open", "announced")
    found, _left = written(donor="SWE")
    assert [(code, amount, who) for code, _day, amount, who in money(found[known.ref])] == [
        ("12", "60000.5", "Norway"), ("12", "30000", "Sweden"), ("2", "60000.5", "Norway"), ("2", "30000", "Sweden"),
        ("3", "10000", "")]
    assert [who for *_rest, who in money(found[unknown.ref])] == [""]
    assert [one.findtext("narrative") for one in found[unknown.ref].iter("participating-org")] == ["Norway", "Sweden"]


def test_a_need_with_agreed_support_stands_above_its_pledges_without_money(app, make, written):
    one = _pledge(make, "parts", "agreed")
    _pledge(make, "plain", "announced")
    found, _left = written()
    need, other = (part.need for part in one.parts)
    assert [ref for ref in found if ref.startswith("KHM")] == sorted([need.ref, other.ref])
    assert found[need.ref].find("transaction") is None and found[need.ref].find("budget") is not None
    assert [part.get("ref") for part in found[need.ref].iter("related-activity")] == [f"APMBC-ISU-{one.ref}"]
    assert [part.get("ref") for part in found[one.ref].iter("related-activity")] == [
        f"APMBC-ISU-{ref}" for ref in (need.ref, other.ref)]
    assert [part.get("percentage") for part in found[one.ref].findall("sector")[1:]] == ["33.33", "33.33", "33.34"]


def test_terms_are_told_as_they_are_recorded_and_nothing_is_inferred(app, make, written):
    bare = make.pledge("NOR")
    told = _pledge(make, "plain", "announced")
    make.terms(told, aid_type="C01", finance_type="110", tied_status="5", gender="1", disability="2")
    partly = make.pledge("NOR", details=Details(oda=Oda.PARTLY))
    found, _left = written()
    parts = ("policy-marker", "default-flow-type", "default-finance-type", "default-aid-type", "default-tied-status", "tag")
    assert all(found[bare.ref].find(name) is None for name in parts)
    one = found[told.ref]
    assert [(part.get("vocabulary"), part.get("code")) for part in one.iter("default-aid-type")] == [("1", "C01"), ("2", "2")]
    assert [(part.get("code"), part.get("significance")) for part in one.iter("policy-marker")] == [("1", "1"), ("11", "2")]
    assert [found[told.ref].find(name).get("code") for name in parts[1:3]] == ["10", "110"]
    assert found[partly.ref].find("default-flow-type") is None and found[partly.ref].find("tag").get("code") == "oda-partly"


def test_what_not_everybody_may_see_is_left_out_and_counted(app, make, written):
    hidden = make.need("KHM", visibility=Visibility.STATES_PARTIES, title="A hidden place")
    quiet = make.need("KHM", amounts_visibility=Visibility.ISU)
    restricted = make.pledge("NOR", need=hidden, visibility=Visibility.STATES_PARTIES)
    seen = make.pledge("NOR", need=quiet)
    struck, political = make.pledge("NOR"), make.pledge("NOR", kind=PledgeKind.POLITICAL, amount=None)
    for one in (restricted, seen):
        service.move(one, "agreed", SYSTEM, on=TODAY)
    struck.from_floor = True
    service.move(struck, "struck", SYSTEM, "Logged twice.")
    db.session.commit()
    for wanted in ({}, {"donor": "NOR"}, {"donor": "JPN"}):
        found, left = written(**wanted)
        assert not {restricted.ref, struck.ref, political.ref, hidden.ref} & set(found)
        assert (left.restricted_pledges, left.restricted_needs) == (1, 1), "never by donor: the number itself would tell"
    found, left = written(donor="NOR")
    assert left.no_support == 1 and {seen.ref, quiet.ref} <= set(found)
    assert found[quiet.ref].find("budget") is None
    assert "A hidden place" not in "".join("".join(one.itertext()) for one in found.values())


def test_a_need_that_only_hidden_support_reaches_does_not_tell_of_it(app, make, written):
    need = make.need("KHM")
    service.move(make.pledge("NOR", need=need, visibility=Visibility.PARTIES), "agreed", SYSTEM, on=TODAY)
    db.session.commit()
    found, left = written()
    assert need.ref not in found and left.restricted_needs == 1


def test_the_demonstration_is_no_statement_of_a_state(app, make, written):
    one = make.pledge("NOR", is_demo=True)
    found, left = written()
    assert one.ref not in found and left.demonstration == 1
    found, left = written(with_demo=True)
    assert "Demonstration, invented." in found[one.ref].findtext("description/narrative") and left.demonstration == 0


def test_contributions_are_disbursements_of_their_year(app, written, money):
    found, _left = written(donor="AUS")
    one = found["C-2009-AUS-KHM-1"]
    assert money(one) == [("3", "2009-01-01", "6198227", "Australia")]
    assert one.get("last-updated-datetime") is None and one.find("recipient-country").get("code") == "KH"
    assert all(found[ref].find("participating-org/narrative").text == "Australia" for ref in found)


def test_only_what_changed_since_a_day(app, make, written):
    old, new = make.pledge("NOR"), make.pledge("NOR")
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    old.steps[0].at = long_ago
    db.session.flush()
    db.session.query(Pledge).filter_by(id=old.id).update({"updated_at": long_ago, "created_at": long_ago})
    db.session.commit()
    found, _left = written(since=TODAY - timedelta(1), donor="NOR")
    assert new.ref in found and old.ref not in found and not any(ref.startswith("C-") for ref in found)
    assert written(since=TODAY + timedelta(2))[0] == {}


amounts = st.decimals(min_value="0.01", max_value="99999999", places=2)
days = st.dates(date(2012, 1, 1), TODAY)


@st.composite
def pledges(draw):
    """A pledge as the database would hold it, recorded from a source or not."""
    amount = draw(amounts)
    status = draw(st.sampled_from([one for one in PledgeStatus if one not in (PledgeStatus.STRUCK, PledgeStatus.DELIVERED)]))
    first = draw(st.none() | st.integers(2012, YEAR + 5))
    signed = draw(st.booleans()) or status is PledgeStatus.PAID
    paid = amount if status is PledgeStatus.PAID else draw(st.sampled_from([Decimal(0), amount / 2])) if signed else Decimal(0)
    values = {"ref": "PL-1", "status": status, "kind": draw(st.sampled_from([PledgeKind.FINANCIAL, PledgeKind.UNSTATED])),
              "object": PledgeObject.FUND, "currency": draw(st.sampled_from(["USD", "NOK", "JPY"])), "amount": amount,
              "announced_amount": draw(st.none() | amounts), "first_year": first,
              "last_year": None if first is None else first + draw(st.integers(0, 4)),
              "paid_amount": paid.quantize(Decimal("0.001")),
              "announced_on": draw(st.none() | days), "agreed_on": draw(st.none() | days) if signed else None,
              "expected_on": draw(st.none() | st.dates(TODAY, TODAY + timedelta(900))),
              "themes": tuple(draw(st.sets(st.sampled_from(["a", "b", "c", "d", "e", "f", "g"])))),
              "earmarking": draw(st.none() | st.sampled_from(list(Earmarking))), "oda": draw(st.sampled_from(list(Oda))),
              "condition": draw(st.text(max_size=30)), "source": "A source", "approximate": draw(st.booleans()), "channel": ""}
    return values


@there
@settings(max_examples=40, deadline=None)
@given(values=pledges())
def test_whatever_a_record_holds_the_activity_is_valid(values):
    now = datetime.now(UTC)
    donor = Party(ref="NOR", kind=PartyKind.STATE, iso2="NO", name_en="Norway")
    one = Pledge(**values, donor=donor, updated_at=now, created_at=now, is_demo=False)
    found = pledged.activity(one, pledged.Ground(TODAY, {code: code.upper() for code in "abcdefg"}, {}))
    if found is None:
        assert not one.announced_on and not one.agreed_on and not (one.first_year and one.first_year <= YEAR)
        return
    out = io.BytesIO()
    writing.write(out, [found], writing.Publisher("X-1", "X", "40", "https://x.example/a"), now)
    sound(out.getvalue())


def test_a_classification_is_kept_by_the_donor_and_by_nobody_else(app, make, sign_in, visitor):
    one = make.pledge("NOR", announced_on=BEFORE)
    page = f"/standards/iati/pledges/{one.ref}"
    client = sign_in(Role.DONOR_OFFICER, "NOR")
    assert client.post(page, data={**client.fields(page), "aid_type": "C01", "gender": "2"}).status_code == 303
    shown = visitor.get(page).get_data(as_text=True)
    assert "Project" in shown and "Principal objective" in shown and 'name="aid_type"' not in shown
    assert "Terms of the pledge changed" in client.get(f"/pledges/{one.ref}").get_data(as_text=True)
    late = client.fields(page)
    assert client.post(page, data={**late, "aid_type": "B01"}).status_code == 303
    assert client.post(page, data={**late, "aid_type": "D01"}).status_code == 409
    bad = client.post(page, data={**client.fields(page), "aid_type": "Z99"})
    assert bad.status_code == 422 and "Choose one of the list." in bad.get_data(as_text=True)
    other = sign_in(Role.DONOR_OFFICER, "JPN")
    assert other.post(page, data={**late, "aid_type": "C01", "csrf_token": other.csrf_token()}).status_code == 403

