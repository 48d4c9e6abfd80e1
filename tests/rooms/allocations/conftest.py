"""A small world to plan in: two States, two donors that fit them, and plans saved through the service."""

from __future__ import annotations

from functools import partial

import pytest

from tests.support.plans import saved


@pytest.fixture
def world(make):
    """Needs of Cambodia and Angola (each 800 000 USD short), which Norway and Japan may fund."""
    needs = {state: make.need(state) for state in ("KHM", "AGO")}
    for donor in ("NOR", "JPN"):
        make.offer(donor, regions=("142", "002"))
    return needs


@pytest.fixture
def plan(make):
    """Save a plan: `plan({"NOR": 500_000}, floor=20, party="NOR", scope={"states": ["KHM"]}, run=False)`."""
    return partial(saved, make)
