"""New weights: limits, the sum of 100, what is refused and what is kept of it."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.matching.weights import BRAKES, PRIORS
from partnerships.suggestions.models import EngineWeights, Origin
from partnerships.weights import service

REASON = "The donors' group asked for more weight on urgency."


def rows() -> list[EngineWeights]:
    return list(db.session.scalars(select(EngineWeights)))


def sent(client, **points):
    return {**client.fields("/weights/new"), "note": REASON,
            **{f"points-{key.replace('_', '-')}": value for key, value in points.items()}}


def test_a_version_is_saved_with_its_reason_and_does_not_serve_yet(sign_in, propose):
    client = sign_in(Role.ISU_OFFICER)
    assert client.fields("/weights/new")["points-few-donors"] == "4.0"
    version = propose(client, {"few-donors": "8", "gave-regularly": "14.003"})
    assert version.origin is Origin.ADJUSTED and version.note == REASON and version.activated_at is None
    assert version.points["few-donors"] == 8 and version.points["gave-regularly"] == 14.003
    assert version.author.party.ref == "ISU" and version.training["from"] == service.shipped().version
    event = db.session.scalars(select(Event).where(Event.subject_kind == "engine_weights")).one()
    assert (event.tag, event.note, event.audience) == ("weights.adjusted", REASON, "isu")


def test_points_are_brought_to_a_sum_of_100_and_the_page_says_so(sign_in):
    client = sign_in(Role.ISU_ADMINISTRATOR)
    assert "brought to a sum of 100" in client.get("/weights/new").get_data(as_text=True)
    answer = client.post("/weights/new", data=sent(client, offer_fits="22", outside_places="1"), follow_redirects=True)
    assert "Your points summed to 111.0 and were brought to 100" in answer.get_data(as_text=True)
    (version,) = rows()
    assert math.isclose(sum(version.points[prior.key] for prior in PRIORS), 100, abs_tol=0.01)
    assert version.points["outside-places"] == 1, "a brake is kept as it was given"
    assert math.isclose(version.points["offer-fits"], 22 * 100 / 111.001, abs_tol=0.001)


REFUSED = [
    ("few-donors", "8.001", "from 0 to 8"), ("few-donors", "-1", "from 0 to 8"), ("gave-to-state", "21", "from 0 to 20"),
    ("few-donors", "nan", "in figures"), ("few-donors", "inf", "in figures"), ("few-donors", "a lot", "in figures"),
    ("few-donors", "1e1", "in figures"), ("few-donors", "", "0 switches the term off"),
    ("few-donors", "  ", "0 switches the term off"), ("outside-themes", "12.5", "from 0 to 12"),
]


def test_what_cannot_be_is_refused_beside_its_field_and_stays_typed(sign_in):
    client = sign_in(Role.ISU_OFFICER)
    good = {**sent(client), "points-offer-fits": "12.345"}
    for key, value, words in REFUSED:
        answer = client.post("/weights/new", data={**good, f"points-{key}": value})
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422 and rows() == [], (key, value)
        assert words in text.split(f'id="points-{key}-error"')[1].split("</div>")[0], (key, value)
        assert f'value="{value.strip()}"' in text and 'value="12.345"' in text and REASON.replace("'", "&#39;") in text


def test_a_reason_is_needed(sign_in):
    client = sign_in(Role.ISU_OFFICER)
    answer = client.post("/weights/new", data={**sent(client, few_donors="8"), "note": " "})
    assert answer.status_code == 422 and "the reason is kept" in answer.get_data(as_text=True) and rows() == []


def test_all_zero_too_little_or_nothing_changed_is_refused(sign_in):
    client = sign_in(Role.ISU_OFFICER)
    zero = {f"points-{prior.key}": "0" for prior in PRIORS}
    for changes, words in (({}, "change some of them"), (zero, "Every reason has zero points"),
                           ({**zero, "points-offer-fits": "22"}, "cannot reach a sum of 100")):
        answer = client.post("/weights/new", data={**sent(client), **changes})
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422 and words in text.split('id="points-gave-to-state-error"')[1]
    assert rows() == []


def test_a_second_click_saves_nothing_new(sign_in):
    client = sign_in(Role.ISU_OFFICER)
    data = sent(client, few_donors="8")
    first, second = client.post("/weights/new", data=data), client.post("/weights/new", data=data)
    assert first.location == second.location and len(rows()) == 1


def test_only_the_isu_comes_near(sign_in):
    for role in (Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER, Role.COMMITTEE_MEMBER):
        client = sign_in(role)
        for url in ("/weights/", "/weights/new", "/weights/1"):
            assert client.get(url).status_code == 403
        for url in ("/weights/new", "/weights/1/activate", "/weights/restore"):
            assert client.post(url).status_code == 403
    assert rows() == []


def test_a_visitor_is_asked_to_sign_in(visitor):
    assert "/accounts/sign-in" in visitor.get("/weights/").location


POINTS = st.fixed_dictionaries({prior.key: st.floats(0, 2 * prior.points) for prior in (*PRIORS, *BRAKES)})


@given(POINTS)
def test_balancing_keeps_the_limits_the_order_and_the_sum(points):
    try:
        found = service.balanced(points)
    except ValueError:
        assert sum(service.LIMITS[prior.key] for prior in PRIORS if points[prior.key] > 0) < 100
        return
    assert math.isclose(sum(found[prior.key] for prior in PRIORS), 100, abs_tol=0.02)
    assert all(0 <= found[key] <= service.LIMITS[key] + 0.0006 for key in found)
    assert all(found[prior.key] == round(points[prior.key], 3) for prior in BRAKES)
    assert all(found[key] == 0 for key in points if points[key] == 0)
