"""State and State: who could help whom, and why."""

from __future__ import annotations

import math
from dataclasses import replace

from partnerships.matching.peers import TERMS, State, peers_for, score

KHM = State("KHM", "142", "035", ("LAO", "THA", "VNM"), ("km",), asks=("survey-clearance", "victim-assistance"))
LAO = State("LAO", "142", "035", ("KHM",), ("lo",), asks=("survey-clearance",))
MOZ = State("MOZ", "002", "014", (), ("pt",), completed=2015)
AGO = State("AGO", "002", "017", (), ("pt",), asks=("survey-clearance",), supported={"survey-clearance": "AGO-2020-001"})
COL = State("COL", "019", "005", (), ("es",), offers=(("COL-OFFER-1", ("victim-assistance",)),))
THA = State("THA", "142", "035", ("KHM",), ("th",))
ALL = (KHM, LAO, MOZ, AGO, COL, THA)


def test_each_kind_of_help_has_its_reason() -> None:
    reasons = {one.peer: [term.key for term in one.terms] for one in peers_for(KHM, ALL, limit=9)}
    assert reasons["COL"] == ["peer-offers"]
    assert reasons["MOZ"] == ["peer-completed"]
    assert reasons["AGO"] == ["peer-found-support", "peer-same-needs"]
    assert reasons["LAO"] == ["peer-near", "peer-same-needs"]
    assert "THA" not in reasons  # a border alone is no reason to write a letter
    assert "KHM" not in reasons


def test_the_score_is_the_sum_and_at_most_a_hundred() -> None:
    assert sum(weight.points for weight in TERMS.values()) == 100
    for one in ALL:
        for found in peers_for(one, ALL, limit=9):
            assert found.score == math.fsum(term.points for term in found.terms) <= 100
            assert all(term.points == term.weight * term.value for term in found.terms)


def test_order_is_by_score_then_reference_whatever_the_input() -> None:
    twins = [replace(MOZ, ref=ref) for ref in ("ZZZ", "AAA")]
    assert [one.peer for one in peers_for(KHM, [*twins, *ALL])] == [one.peer for one in peers_for(KHM, [*ALL, *twins[::-1]])]
    assert [one.peer for one in peers_for(KHM, twins)] == ["AAA", "ZZZ"]


def test_what_either_side_excludes_never_appears() -> None:
    assert score(replace(KHM, excluded=("COL",)), COL) is None
    assert score(KHM, replace(COL, excluded=("KHM",))) is None


def test_a_state_without_needs_is_offered_experience_only() -> None:
    content = replace(KHM, asks=())
    assert [one.peer for one in peers_for(content, ALL)] == ["MOZ"]
    assert peers_for(replace(content, completed=2010), ALL) == []
