"""The page of the weights: what serves, each term and why, what was measured, every version."""

from __future__ import annotations

from partnerships.core.actor import PUBLIC, Role
from partnerships.core.filters import number
from partnerships.matching.weights import BRAKES, PRIORS
from partnerships.suggestions import engine
from partnerships.suggestions.words import TERMS
from partnerships.weights import service


def test_the_shipped_weights_with_every_term_and_where_it_comes_from(sign_in):
    text = sign_in(Role.ISU_OFFICER).get("/weights/").get_data(as_text=True)
    trained = service.shipped()
    assert trained.version in text and trained.data["digest"] in text and number(trained.data["gifts"]) in text
    for prior in (*PRIORS, *BRAKES):
        row = text.split(f'<th scope="row">{TERMS[prior.key]}</th>')[1].split("</tr>")[0]
        sign = "−" if prior in BRAKES else ""
        assert f"{sign}{trained.weights[prior.key]:.1f}" in row and f"{sign}{prior.points:.1f}" in row
        assert ("learned from contributions" in row) is prior.taught
    assert f"{trained.metrics['rankings']['engine']['map']:.2f}" in text and "Random order" in text
    assert "Nobody has adjusted them yet" in text and "Go back to the shipped weights" not in text


def test_what_the_page_says_serves_is_what_suggestions_are_ranked_by(sign_in, make):
    assert dict(engine.world(PUBLIC).matcher.weights) == service.serving_points()
    need = make.need("KHM")
    isu = sign_in(Role.ISU_OFFICER).get(f"/needs/{need.ref}/why/JPN").get_data(as_text=True)
    assert f"Weights version {service.shipped().version}/" in isu and 'href="/weights/"' in isu


def test_an_adjusted_version_says_who_why_and_that_it_is_not_measured(sign_in, propose):
    client = sign_in(Role.ISU_OFFICER)
    version = propose(client, {"few-donors": "8"})
    text = client.get("/weights/").get_data(as_text=True)
    assert "Never served" in text and version.note.replace("'", "&#39;") in text
    assert client.post(f"/weights/{version.id}/activate", data={"serving": 0}).status_code == 303
    text = client.get("/weights/").get_data(as_text=True)
    assert "Serves now" in text and "Weights adjusted by hand are not measured" in text
    assert "adjusted by the ISU" in text.split("Few or no donors</th>")[1].split("</tr>")[0]
    assert "Go back to the shipped weights" in text and f"Weights {version.ref} serve from here on" in text
    assert client.fields("/weights/new")["points-few-donors"] == str(version.points["few-donors"])
