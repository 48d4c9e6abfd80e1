"""Treaty status from dates: counts that documents give, one State's standing, and the command that counts."""

from __future__ import annotations

from datetime import date

import pytest

from partnerships.parties import queries
from partnerships.parties.models import Act, TreatyAct
from partnerships.parties.standing import standing


@pytest.mark.parametrize(("day", "accepted", "count"), [
    (date(2019, 11, 29), False, 164), (date(2025, 12, 1), False, 166), (date(2026, 2, 21), False, 161),
    (date(2003, 12, 8), True, 141), (date(1997, 1, 1), False, 0), (date(1999, 2, 28), False, 0),
])
def test_counts_that_documents_give(app, day, accepted, count):
    assert queries.count_parties(day, accepted=accepted) == count


@pytest.mark.parametrize(("arguments", "printed"), [
    (["--on", "2019-11-29"], "164\n"), (["--on", "2025-12-01"], "166\n"), (["--on", "2026-02-21"], "161\n"),
    (["--on", "2003-12-08", "--accepted"], "141\n"),
])
def test_the_command_counts_the_same(app, arguments, printed):
    answer = app.test_cli_runner().invoke(args=["parties", "count", *arguments])
    assert answer.exit_code == 0 and answer.output == printed


def test_the_command_refuses_a_day_it_cannot_read(app):
    assert app.test_cli_runner().invoke(args=["parties", "count", "--on", "yesterday"]).exit_code == 2


def act(kind: Act, effective: str | None = None, on: str | None = None) -> TreatyAct:
    return TreatyAct(act=kind, effective=date.fromisoformat(effective) if effective else None,
                     date=date.fromisoformat(on) if on else None)


RATIFIED = act(Act.RATIFICATION, "2000-01-01", "1999-07-28")


@pytest.mark.parametrize(("acts", "day", "code"), [
    ([], date(2026, 1, 1), "not"), ([act(Act.SIGNATURE, on="1997-12-03")], date(2026, 1, 1), "signed"),
    ([RATIFIED], date(1999, 12, 31), "coming"), ([RATIFIED], date(2000, 1, 1), "party"),
    ([RATIFIED, act(Act.WITHDRAWAL, "2025-12-27")], date(2025, 12, 26), "leaving"),
    ([RATIFIED, act(Act.WITHDRAWAL, "2025-12-27")], date(2025, 12, 27), "withdrew"),
])
def test_standing_on_a_day(app, acts, day, code):
    found = standing(acts, day)
    assert found.code == code and found.is_party == (code in ("party", "leaving"))
    with app.test_request_context():
        assert found.short and found.words
        assert "None" not in found.words


def test_standing_agrees_with_the_count(app):
    day = date(2025, 12, 30)
    parties = queries.all_parties(queries.PartyKind.STATE)
    mine = {party.id for party in parties if standing(party.treaty_acts, day).is_party}
    assert mine == queries.states_parties(day)
