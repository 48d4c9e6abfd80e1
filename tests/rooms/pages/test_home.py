"""The first page: live figures within the reader's sight, a way in for everybody, the same number of queries always."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event

from partnerships.core.actor import SIGNED_IN, SYSTEM, Role
from partnerships.core.db import current_engine, db
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus
from partnerships.pledges import service as pledges

TODAY = date.today()


def home(client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def figures(text: str) -> str:
    return " ".join(text.split('class="stats"')[1].split("</dl>")[0].split())


@pytest.mark.parametrize("role", [None, *SIGNED_IN])
def test_every_role_has_a_way_in_and_one_primary_action(visitor, sign_in, role):
    text = home(visitor if role is None else sign_in(role))
    for words in ("For an affected State", "For a donor", "For an organisation", "For everybody"):
        assert words in text
    assert text.count("button-primary") == 1
    assert ("Go to my desk" in text) is (role is not None)


@pytest.mark.parametrize("role", [None, *SIGNED_IN])
def test_no_way_in_leads_to_a_closed_door(visitor, sign_in, role):
    client = visitor if role is None else sign_in(role)
    ways = re.findall(r'href="([^"]+)"', home(client).split('id="ways"')[1].split("</section>")[0])
    assert len(ways) == 4
    for url in ways:
        answer = client.get(url)
        assert answer.status_code == 200 or (role is None and "/accounts/sign-in" in answer.headers["Location"])


def test_an_empty_register_says_so(visitor):
    text = home(visitor)
    assert ">0</a></dd>" in figures(text)
    assert "No need is open at the moment" in text
    assert "state=all" in text
    assert "Nothing has been recorded within your sight yet" in text
    assert "yearly transparency report (Article 7)" in text
    assert "Ninth Pledging Conference" in text


def test_figures_stay_apart_by_currency(make, visitor):
    make.need("KHM")
    make.need("KHM")
    make.need("AGO", currency="EUR")
    make.need("AGO", NeedStatus.DRAFT)
    make.need("COD", NeedStatus.MET)
    page = home(visitor)
    assert '<dt>open needs of 2 States</dt><dd><a href="/needs/">3</a></dd>' in figures(page)
    own = page.split("Asked in their own currencies:")[1].split("</p>")[0]
    assert "2 million\u00a0USD" in own and "(2 needs)" in own and "1 million\u00a0EUR" in own and "(one need)" in own
    assert "Central Bank&#39;s rate" in page


def test_restricted_needs_and_pledges_count_for_those_who_see_them(make, visitor, sign_in):
    make.need("KHM", title="For States Parties only", visibility=Visibility.STATES_PARTIES)
    make.pledge("NOR", currency="SEK", visibility=Visibility.PARTIES)
    text = home(visitor)
    assert ">0</a></dd>" in figures(text)
    assert "For States Parties only" not in text
    assert "SEK" not in text
    assert "KHM-" not in text.split('id="latest"')[1]
    party = home(sign_in(Role.DONOR_OFFICER, "NOR"))
    assert "For States Parties only" in party
    assert '<th scope="row">SEK</th>' in party
    assert '<th scope="row">SEK</th>' not in home(sign_in(Role.DONOR_OFFICER, "JPN"))


def test_a_pledge_stands_in_one_stage(make, visitor):
    pledge = make.pledge("NOR", currency="AUD", amount=Decimal(300_000), announced_on=TODAY - timedelta(days=9))

    def row() -> list[str]:
        text = home(visitor).split('<th scope="row">AUD</th>')[1].split("</tr>")[0]
        return ["300" in cell for cell in text.split("<td")[1:]]

    assert row() == [True, False, False, False]
    pledges.move(pledge, "confirmed", SYSTEM, "By letter.", on=TODAY)
    db.session.commit()
    assert row() == [False, True, False, False]


def test_deadlines_of_the_next_eighteen_months(make, visitor):
    near = make.need("KHM", deadline=TODAY + timedelta(days=100))
    same = make.need("KHM", deadline=TODAY + timedelta(days=100))
    far = make.need("AGO", deadline=TODAY + timedelta(days=700))
    section = home(visitor).split('id="deadlines"')[1].split("</section>")[0]
    assert near.ref in section and same.ref in section
    assert far.ref not in section
    assert section.count("Cambodia") == 1


def test_many_deadlines_are_cut_and_it_says_so(make, visitor):
    for number in range(10):
        make.need("KHM", deadline=TODAY + timedelta(days=50 + number))
    assert "8 of 10 shown" in home(visitor)


def test_published_needs_show_newest_first_and_in_the_latest(make, visitor):
    needs = [make.need("KHM", title=f"Posted as number {number}") for number in range(6)]
    text = home(visitor)
    assert text.index("Posted as number 5") < text.index("Posted as number 4")
    assert "Posted as number 0" not in text
    assert "5 of 6 open needs shown" in text
    latest = text.split('id="latest"')[1]
    assert needs[-1].ref in latest
    assert "Draft started" not in latest


def test_the_number_of_queries_does_not_grow(make, visitor):
    def queries() -> int:
        seen: list[str] = []

        def note(*arguments) -> None:
            seen.append(arguments[2])

        event.listen(current_engine(), "before_cursor_execute", note)
        home(visitor)
        event.remove(current_engine(), "before_cursor_execute", note)
        return len(seen)

    make.pledge("NOR", need=make.need("KHM", deadline=TODAY + timedelta(days=100)))
    first = queries()
    for state in ("KHM", "AGO", "COD", "LAO"):
        make.pledge("NOR", need=make.need(state, deadline=TODAY + timedelta(days=100)))
        make.offer("NOR")
    assert queries() == first < 20
