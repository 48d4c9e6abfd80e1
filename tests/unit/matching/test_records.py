from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from partnerships.matching import Gift, Need, Offer, Partner


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), -1.0])
def test_an_amount_that_is_no_number_of_dollars_is_refused_in_words(amount: float) -> None:
    with pytest.raises(ValueError, match="Gift G1: amount_usd must be zero or more dollars"):
        Gift("G1", "NOR", "KHM", 2019, amount, (), True)
    with pytest.raises(ValueError, match="Need N1: gap_usd"):
        Need("N1", "KHM", "", "", "survey-clearance", gap_usd=amount)
    with pytest.raises(ValueError, match="Partner P1: amount_max"):
        Partner("P1", "P", False, amount_max=amount)
    with pytest.raises(ValueError, match="Offer O1: amount_min"):
        Offer("O1", "P1", "", "", amount_min=amount)


def test_a_decimal_is_refused_before_it_meets_a_logarithm() -> None:
    with pytest.raises(TypeError, match="plain number of dollars, not Decimal"):
        Gift("G1", "NOR", "KHM", 2019, Decimal(5), (), True)  # type: ignore[arg-type]


@pytest.mark.parametrize("themes", ["survey-clearance", ["survey-clearance"]])
def test_text_or_a_list_in_place_of_a_tuple_is_refused(themes: object) -> None:
    with pytest.raises(TypeError, match="themes must be a tuple"):
        Partner("P1", "P", False, themes=themes)  # type: ignore[arg-type]


def test_a_need_lasts_a_year_at_least() -> None:
    with pytest.raises(ValueError, match="years must be one or more"):
        Need("N1", "KHM", "", "", "survey-clearance", years=0)


def test_records_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Partner("P1", "P", False).ref = "P2"  # type: ignore[misc]
