"""The figures of pledges: whatever happens to a pledge, its stages exclude each other and sum to its amount."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from partnerships.needs.models import Need
from partnerships.pledges import figures
from partnerships.pledges.models import Pledge
from partnerships.pledges.service import FLOW, MOVES
from partnerships.pledges.states import PledgeKind, PledgeStatus

amounts = st.decimals(min_value="0.01", max_value=10**9, places=2)
CURRENCIES = ("USD", "EUR", "CHF", "NOK")
ENDED = ("withdrawn", "lapsed")
MONEY = [name for name in MOVES if name not in ("delivered", "struck", "restored")]  # money is never delivered


def _pledge(amount: Decimal, currency: str = "USD") -> Pledge:
    return Pledge(kind=PledgeKind.FINANCIAL, status=PledgeStatus.ANNOUNCED, amount=amount, currency=currency,
                  paid_amount=Decimal(0), announced_on=date(2025, 3, 3))


def _walk(pledge: Pledge, data: st.DataObject) -> list[PledgeStatus]:
    """Take any number of legal steps; returns the statuses passed."""
    passed = [pledge.status]
    for _ in range(data.draw(st.integers(0, 6))):
        choices = [name for name in MONEY if pledge.status in FLOW.by_name[name].sources]
        choices += ["pay"] if pledge.status is PledgeStatus.AGREED else []
        if not choices:
            break
        step = data.draw(st.sampled_from(choices))
        if step != "pay":
            pledge.status = FLOW.by_name[step].target  # type: ignore[assignment]
        else:
            assert pledge.amount is not None
            left = pledge.amount - pledge.paid_amount
            part = data.draw(st.one_of(st.just(left), st.decimals("0.01", left, places=2)))
            pledge.paid_amount += part
            if pledge.paid_amount == pledge.amount:
                pledge.status = PledgeStatus.PAID
        passed.append(pledge.status)
    return passed


def _sum(stages: figures.Stages) -> Decimal:
    return sum(vars(stages).values(), Decimal(0))


@given(amounts, st.data())
def test_the_stages_of_a_pledge_sum_to_its_amount_after_any_legal_steps(amount, data):
    pledge = _pledge(amount)
    _walk(pledge, data)
    stages = figures.stages(pledge)
    assert _sum(stages) == amount
    assert all(value >= 0 for value in vars(stages).values())
    standing = {name for name, value in vars(stages).items() if value}
    assert standing <= {pledge.status.value, "paid"}  # in one stage, and what was paid under paid


@given(st.lists(st.tuples(amounts, st.sampled_from(CURRENCIES)), max_size=8), st.data())
def test_currencies_are_never_mixed(rows, data):
    pledges = [_pledge(amount, currency) for amount, currency in rows]
    for pledge in pledges:
        _walk(pledge, data)
    found = figures.by_currency(pledges)
    assert {currency: _sum(stages) for currency, stages in found.items()} == {
        currency: sum((amount for amount, other in rows if other == currency), Decimal(0))
        for currency in {currency for _amount, currency in rows}}
    counts = Counter(currency for _amount, currency in rows)
    assert list(found) == sorted(counts, key=lambda one: (-counts[one], one))


@given(st.lists(amounts, max_size=6), amounts, st.data())
def test_the_parts_of_a_need_exclude_each_other(sizes, asked, data):
    pledges = [_pledge(amount) for amount in sizes]
    for pledge in pledges:
        _walk(pledge, data)
    need = Need(asked=asked, national_share=asked / 4, currency="USD")
    found = figures.worth(need, pledges)
    assert found is not None
    gone = sum((one.amount - one.paid_amount for one in pledges if one.status.value in ENDED), Decimal(0))
    assert found.pledged + found.committed + found.paid == sum(sizes, Decimal(0)) - gone
    assert found.paid == sum((one.paid_amount for one in pledges), Decimal(0))
    assert found.committed == sum((one.amount - one.paid_amount for one in pledges
                                   if one.status is PledgeStatus.AGREED), Decimal(0))
    assert found.gap == max(0, asked - asked / 4 - found.committed - found.paid)
    assert found.open == max(0, found.gap - found.pledged) and found.open >= 0


def test_only_money_stands_in_a_stage():
    political = Pledge(kind=PledgeKind.POLITICAL, status=PledgeStatus.ANNOUNCED, paid_amount=Decimal(0), currency="")
    in_kind = Pledge(kind=PledgeKind.IN_KIND, status=PledgeStatus.ANNOUNCED, paid_amount=Decimal(0), currency="USD",
                     amount=Decimal(500))
    assert figures.stages(political) == figures.stages(in_kind) == figures.Stages()
    assert figures.by_currency([political, in_kind]) == {}


def test_another_currency_is_converted_at_the_rate_of_the_announcement_and_says_so():
    need = Need(asked=Decimal(1_000_000), national_share=Decimal(0), currency="USD")
    euro = _pledge(Decimal(100_000), "EUR")
    found = figures.worth(need, [euro])
    assert found is not None and found.left_out == []
    [(pledge, rate)] = found.converted
    assert pledge is euro and rate.on == date(2025, 3, 3) and found.pledged == rate.amount != euro.amount


def test_a_pledge_without_a_rate_is_left_out_and_named():
    need = Need(asked=Decimal(1_000_000), national_share=Decimal(0), currency="USD")
    riel = _pledge(Decimal(4_000_000), "KHR")
    found = figures.worth(need, [riel])
    assert found is not None and found.left_out == [riel] and found.pledged == 0 and found.open == 1_000_000


def test_a_need_without_an_amount_has_no_figures():
    assert figures.worth(Need(asked=None, currency="USD"), []) is None
