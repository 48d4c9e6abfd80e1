"""The list of partners: filters, counts, and a fixed number of queries."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event, select

from partnerships.core.actor import Role
from partnerships.core.db import current_engine, db
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus
from partnerships.pledges.models import Contribution


def names(text: str) -> set[str]:
    return set(re.findall(r'<a href="/parties/([A-Z-]+)"', text))


@pytest.mark.parametrize(("query", "among", "not_among"), [
    ("kind=organisation", {"EU", "GICHD", "UNDP"}, {"KHM", "XKX"}), ("kind=area", {"XKX", "ESH"}, {"KHM", "EU"}),
    ("region=035", {"KHM", "LAO", "THA"}, {"AGO", "EU"}), ("region=002&kind=state", {"AGO", "DZA"}, {"KHM", "ESH"}),
    ("standing=not&region=019", {"USA", "CUB"}, {"COL"}), ("standing=party&q=cambodia", {"KHM"}, {"EU"}),
    ("standing=not&region=154", {"EST", "FIN", "LVA", "LTU"}, {"NOR"}),
    ("q=khm", {"KHM"}, {"EU"}), ("q=%25", set(), {"KHM"}), ("q=mine", {"UNMAS", "MAG"}, {"KHM"}),
    ("kind=planet&region=moon&standing=maybe&q=norway", {"NOR"}, {"KHM"}),
])
def test_filters(visitor, query, among, not_among):
    answer = visitor.get(f"/parties/?{query}")
    found = names(answer.get_data(as_text=True))
    assert answer.status_code == 200 and among <= found and not not_among & found


def test_says_how_much_is_shown_and_turns_pages(visitor):
    first, last = (visitor.get(f"/parties/?page={page}").get_data(as_text=True) for page in (1, 999))
    assert "1 to 50 of 225 shown" in first and "201 to 225 of 225 shown" in last
    assert not names(first) & names(last)


def test_nothing_found_says_what_next(visitor):
    text = visitor.get("/parties/?q=atlantis").get_data(as_text=True)
    assert "No State or organisation matches" in text and "Clear filters" in text


def cell(text: str, label: str) -> str:
    return re.search(rf'data-label="{label}">(.*?)</td>', text, re.S).group(1).strip()  # type: ignore[union-attr]


def test_counts_are_within_the_readers_sight(visitor, sign_in, make):
    make.need("KHM")
    make.need("KHM", visibility=Visibility.STATES_PARTIES)
    make.need("KHM", NeedStatus.DRAFT)
    make.need("KHM", NeedStatus.WITHDRAWN)
    seen = visitor.get("/parties/?q=KHM").get_data(as_text=True)
    assert cell(seen, "Open needs") == "1" and cell(seen, "Donors") == "19" and cell(seen, "Recipients") == ""
    within = sign_in(Role.DONOR_OFFICER).get("/parties/?q=KHM").get_data(as_text=True)
    assert cell(within, "Open needs") == "2"
    given = db.session.scalars(select(Contribution.recipient_id).where(Contribution.donor_id == make.party("NOR").id))
    recipients = len(set(given))
    shown = visitor.get("/parties/?kind=state&q=norway").get_data(as_text=True)
    assert recipients > 20 and cell(shown, "Recipients") == str(recipients)


def test_as_many_queries_for_one_as_for_fifty(visitor):
    counted: list[str] = []
    event.listen(current_engine(), "before_cursor_execute", lambda *args: counted.append(args[2]))
    visitor.get("/parties/?q=cambodia")
    one = len(counted)
    counted.clear()
    visitor.get("/parties/")
    assert len(counted) <= one <= 16
