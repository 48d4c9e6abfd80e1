import pytest

from partnerships.matching import Matcher

from .world import GIFTS, NEEDS, OFFERS, PARTNERS, TODAY


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher.fit(GIFTS, PARTNERS, OFFERS, NEEDS, today=TODAY)
