"""A need in another language, in its State's own words."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus
from partnerships.wordings.models import NeedWording


@pytest.fixture
def state(sign_in):
    return sign_in(Role.FOCAL_POINT, "KHM")


def page(client, url: str) -> str:
    return client.get(url).get_data(as_text=True)


def word(client, need, language: str = "fr", **typed):
    url = f"/wordings/{need.ref}/{language}"
    return client.post(url, data={**client.fields(url), "title": "Déminer Pailin", "summary": "Ce qu’il faut faire.", **typed})


def test_whoever_reads_in_the_language_reads_the_states_words(make, state, visitor):
    need = make.need("KHM", title="Clear Pailin")
    assert "Say it in another language" in page(state, f"/needs/{need.ref}")
    assert word(state, need).status_code == 303
    french = page(visitor, f"/needs/{need.ref}?lang=fr")
    assert '<span lang="fr" dir="auto">Déminer Pailin</span>' in french and "Ce qu’il faut faire." in french
    assert "Clear Pailin" not in french.split('id="timeline"')[0].split("<h1>")[1].split("</h1>")[0]
    assert "Clear Pailin" in page(visitor, f"/needs/{need.ref}")
    original = page(visitor, f"/needs/{need.ref}?lang=fr&original=1")
    assert "Clear Pailin" in original.split("<h1>")[1].split("</h1>")[0]


def test_a_changed_original_is_said(make, state, visitor):
    need = make.need("KHM", title="Déminer Pailin", language="fr")
    word(state, need, "en", title="Clear Pailin")
    assert "Clear Pailin</span></h1>" in page(visitor, f"/needs/{need.ref}")
    assert "The original has changed since" not in page(visitor, f"/needs/{need.ref}")
    need.summary = "Autre chose."
    db.session.commit()
    assert "The original has changed since" in page(visitor, f"/needs/{need.ref}")


def test_the_earlier_words_stay_in_the_record(make, state):
    need = make.need("KHM")
    word(state, need)
    word(state, need, title="Autrement")
    assert state.post(f"/wordings/{need.ref}/fr/take-away").status_code == 303
    assert not db.session.scalars(select(NeedWording)).all()
    tags = ("need.worded", "need.wording-removed")
    events = db.session.scalars(select(Event).where(Event.tag.in_(tags)).order_by(Event.id)).all()
    assert [one.tag for one in events] == ["need.worded", "need.worded", "need.wording-removed"]
    assert events[1].changes["title"] == ["Déminer Pailin", "Autrement"] and events[2].changes["title"] == ["Autrement", None]


@pytest.mark.parametrize(("typed", "words"), [({"title": ""}, "Write the title"), ({"summary": " "}, "Write the summary"),
                                              ({"title": "x" * 161}, "160")])
def test_bad_input_is_said_and_kept(make, state, typed, words):
    need = make.need("KHM")
    answer = word(state, need, **typed)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text
    assert "Ce qu’il faut faire." in text or "Déminer Pailin" in text


def test_two_colleagues_see_both(make, state, sign_in):
    need, other = make.need("KHM"), sign_in(Role.FOCAL_POINT, "KHM")
    url = f"/wordings/{need.ref}/fr"
    mine, theirs = state.fields(url), other.fields(url)
    state.post(url, data={**mine, "title": "Un", "summary": "Un."})
    answer = other.post(url, data={**theirs, "title": "Deux", "summary": "Deux."})
    assert answer.status_code == 409 and "Un" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("role", "party"), [(Role.FOCAL_POINT, "AGO"), (Role.DONOR_OFFICER, "NOR"), (Role.ISU_OFFICER, "ISU")])
def test_nobody_else_puts_words_into_a_states_mouth(make, sign_in, role, party):
    need = make.need("KHM")
    client = sign_in(role, party)
    assert client.get(f"/wordings/{need.ref}/fr").status_code == 403
    assert client.post(f"/wordings/{need.ref}/fr", data={"title": "x", "summary": "x"}).status_code == 403
    assert not db.session.scalars(select(NeedWording)).all()


@pytest.mark.parametrize("language", ["en", "de", "x"])
def test_only_another_of_the_six_languages(make, state, language):
    need = make.need("KHM", language="en")
    assert state.get(f"/wordings/{need.ref}/{language}").status_code == 404


def test_a_hidden_need_is_hidden_in_every_language(make, visitor):
    need = make.need("KHM", visibility=Visibility.PARTIES)
    make.wording(need, title="Secret en français")
    draft = make.need("KHM", NeedStatus.DRAFT)
    make.wording(draft, title="Brouillon en français")
    for one in (need, draft):
        assert visitor.get(f"/needs/{one.ref}?lang=fr").status_code == 404
