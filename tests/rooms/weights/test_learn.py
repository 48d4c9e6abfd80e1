"""Learning on this register: from contributions and answers, never serving by itself, never from what is hidden."""

from __future__ import annotations

import pytest

from partnerships.core.actor import PUBLIC, SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.matches import service as matches
from partnerships.suggestions import engine, queries
from partnerships.weights import service


def test_a_learned_version_waits_until_it_is_let_serve(app, make):
    need = make.need("KHM")
    before = engine.answer(PUBLIC, need, make.party("NOR")).score
    result = app.test_cli_runner().invoke(args=["matching", "learn"])
    assert result.exit_code == 0, result.output
    assert "too few answers to count" in result.output
    (version,) = queries.versions()
    assert version.activated_at is None and version.training["data"]["answers"] == 0
    assert engine.answer(PUBLIC, need, make.party("NOR")).score == pytest.approx(before)
    service.activate(version, SYSTEM, 0)
    db.session.commit()
    assert engine.world(PUBLIC).matcher.weights == version.points
    again = app.test_cli_runner().invoke(args=["matching", "learn"])
    assert "Nothing was learned" in again.output and len(queries.versions()) == 1


def test_answers_teach_with_the_values_that_everybody_may_see(make):
    need = make.need("KHM")
    hidden = make.need("LAO", visibility=Visibility.STATES_PARTIES)
    matches.move(make.match(need, "NOR"), "declined", make.actor(Role.DONOR_OFFICER, "NOR"), "Not this year.")
    make.match(hidden, "JPN")
    db.session.commit()
    _gifts, _places, (answer,) = engine.lessons()
    assert (answer.party, answer.verdict) == ("NOR", "declined")
    assert answer.values["gave-regularly"] > 0  # told although the pair is kept apart now


def test_gifts_of_organisations_do_not_teach(make):
    gifts, places, _answers = engine.lessons()
    assert {"NOR", "EU"} <= {gift.donor for gift in gifts}
    assert all(gift.donor in places or gift.donor == "EU" for gift in gifts)
