"""The list of needs: filters, order, what it leaves out, suggestions with reasons."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event

from partnerships.core.actor import Role
from partnerships.core.db import current_engine

YEAR = date.today().year + 1


@pytest.fixture
def three(make):
    return {
        "khm": make.need("KHM", title="Clearance in Battambang", deadline=date.today() + timedelta(days=90)),
        "ago": make.need("AGO", title="Prostheses in Moxico", theme="victim-assistance", kinds=("equipment",), deadline=None,
                         amounts=[(YEAR, YEAR, Decimal(50_000), Decimal(0))]),
        "col": make.need("COL", title="Educación en el Cauca", theme="risk-education", currency="EUR",
                         deadline=date.today() + timedelta(days=900)),
    }


@pytest.mark.parametrize(("query", "found"), [
    ("", {"khm", "ago", "col"}), ("theme=victim-assistance", {"ago"}), ("region=035", {"khm"}), ("region=019", {"col"}),
    ("kind=equipment", {"ago"}), ("least=60000", {"khm", "col"}), ("most=60000", {"ago"}), ("q=cauca", {"col"}),
    ("q=angola+moxico", {"ago"}), (f"until={date.today() + timedelta(days=100)}", {"khm"}), ("state=closed", set()),
    ("theme=nothing-such", {"khm", "ago", "col"}), ("least=-1", {"khm", "ago", "col"}), ("until=soon", {"khm", "ago", "col"}),
    ("q=100%25", set()), ("page=99999999999", {"khm", "ago", "col"}), ("sort=amount", {"khm", "ago", "col"}),
])
def test_filters(three, visitor, query, found):
    answer = visitor.get(f"/needs/?{query}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert {key for key, need in three.items() if need.ref in text} == found


def test_an_unreadable_filter_says_so(visitor, three):
    assert "cannot be negative" in visitor.get("/needs/?least=-1").get_data(as_text=True)
    assert "less than the least" in visitor.get("/needs/?least=9&most=3").get_data(as_text=True)


def test_orders_by_deadline_and_amount(three, visitor):
    def order(query: str) -> list[str]:
        text = visitor.get(f"/needs/?{query}").get_data(as_text=True)
        return sorted(three, key=lambda key: text.index(three[key].ref))

    assert order("sort=deadline") == ["khm", "col", "ago"]
    assert order("sort=amount")[-1] == "ago"


def test_a_long_list_is_paged_and_says_so(make, visitor):
    for _ in range(22):
        make.need()
    text = visitor.get("/needs/").get_data(as_text=True)
    assert "1 to 20 of 22" in text
    assert "21 to 22 of 22" in visitor.get("/needs/?page=2").get_data(as_text=True)


def test_the_number_of_queries_does_not_grow_with_the_list(make, visitor):
    counted: list[str] = []
    make.need()
    visitor.get("/needs/")
    event.listen(current_engine(), "before_cursor_execute", lambda *args: counted.append(args[2]))
    visitor.get("/needs/")
    few = len(counted)
    for _ in range(6):
        make.need()
    counted.clear()
    visitor.get("/needs/")
    assert len(counted) == few <= 12


def test_a_donor_sees_the_fitting_needs_first_with_reasons(make, sign_in):
    make.need("KHM")
    make.need("COL", theme="risk-education")
    make.offer("NOR", regions=("035",))
    text = sign_in(Role.DONOR_OFFICER, "NOR").get("/needs/").get_data(as_text=True)
    assert "Fits your priorities" in text
    assert text.index("Fits your priorities") < text.index("Gave to Cambodia") < text.index("All needs")


def test_a_need_shows_its_likely_partners_with_reasons_that_add_up(make, visitor):
    need = make.need("KHM")
    page = visitor.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert "Who can help with this need?" in page and "Gave to Cambodia in" in page
    why = visitor.get(f"/needs/{need.ref}/why/JPN")
    assert why.status_code == 200 and "Every reason, with its points" in why.get_data(as_text=True)


def test_why_not_is_answered_too(make, visitor):
    need = make.need("KHM")
    assert "It is the affected State itself" in visitor.get(f"/needs/{need.ref}/why/KHM").get_data(as_text=True)
    assert visitor.get(f"/needs/{need.ref}/why/NOWHERE").status_code == 404


def test_a_restricted_offer_does_not_influence_what_a_visitor_sees(make, visitor, sign_in):
    from partnerships.core.visibility import Visibility

    need = make.need("KHM", theme="gender-diversity")
    make.offer("AUT", themes=("gender-diversity",), regions=("035",), visibility=Visibility.ISU)
    assert "AUT-OFFER" not in visitor.get(f"/needs/{need.ref}/why/AUT").get_data(as_text=True)
    assert "AUT-OFFER" in sign_in(Role.ISU_OFFICER).get(f"/needs/{need.ref}/why/AUT").get_data(as_text=True)


def test_a_pledge_is_no_money_yet(make, visitor):
    need = make.need("KHM")
    make.pledge("NOR", need=need, amount=Decimal(300_000))
    text = visitor.get(f"/needs/{need.ref}").get_data(as_text=True)
    head = text[text.index('class="gap-head"'):text.index('class="gap-legend"')]
    assert re.search(r"Gap: <span[^>]*>800\u202f000\xa0USD", head), "asked 1 000 000, of which the State covers 200 000"
    assert re.search(r"300\u202f000\xa0USD</span> of the gap is pledged and not yet committed", head)
