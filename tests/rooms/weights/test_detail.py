"""A version of the weights: its effect, letting it serve, going back, two people at once."""

from __future__ import annotations

import re
import threading

from sqlalchemy import select

from partnerships.core.actor import PUBLIC, Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.core.visibility import Visibility
from partnerships.suggestions import engine, queries
from partnerships.suggestions.models import EngineWeights, Origin
from partnerships.weights import service

PAST = {f"{key}": "0" for key in ("gave-to-state", "gave-regularly", "gave-to-neighbours", "active-in-region",
                                  "donor-breadth", "donor-budget")}
OFFERS = {**PAST, "offer-fits": "22", "priority-place": "18", "priority-theme": "16", "size-fits": "8", "few-donors": "8"}


def score(client, need) -> str:
    text = client.get(f"/needs/{need.ref}/why/JPN").get_data(as_text=True)
    return re.search(r"<tfoot>.*?class=\"num\">([\d.]+)</td>", text, re.S).group(1)  # type: ignore[union-attr]


def activate(client, version, serving: int | None = None):
    data = {"serving": client.fields(f"/weights/{version.id}")["serving"] if serving is None else serving}
    return client.post(f"/weights/{version.id}/activate", data=data)


def serving() -> int:
    active = queries.active_weights()
    return active.id if active else 0


def test_the_preview_names_the_needs_whose_first_partners_change(sign_in, make, propose):
    need, hidden = make.need("KHM"), make.need("KHM", visibility=Visibility.STATES_PARTIES)
    make.offer("AUT", regions=("035",))
    client = sign_in(Role.ISU_OFFICER)
    version = propose(client, OFFERS)
    now = {one.partner for one in engine.partners_for(PUBLIC, need, 5)}
    then = {one.partner for one in engine.with_weights(PUBLIC, version.points).partners_for(engine.seen(PUBLIC, need), limit=5)}
    text = client.get(f"/weights/{version.id}").get_data(as_text=True)
    assert "Of 1 open public needs, one gets other partners" in text and need.ref in text and hidden.ref not in text
    row = text.split(need.ref)[-1].split("</tr>")[0]
    assert "AUT" in then - now and "Austria" in row and now - then
    enters, leaves = (re.search(rf'data-label="{head}">(.*?)</td>', row, re.S).group(1)  # type: ignore[union-attr]
                      for head in ("Comes in", "Drops out"))
    assert len(enters.split(", ")) == len(then - now) and len(leaves.split(", ")) == len(now - then)
    assert "Share of first-five places" in text and "100\xa0%" in text
    assert engine.world(PUBLIC).matcher.weights == service.shipped().weights, "a preview changes nothing"


def test_a_preview_without_needs_or_without_effect_says_so(sign_in, make, propose):
    client = sign_in(Role.ISU_OFFICER)
    version = propose(client, {"size-differs": "3"})
    assert "No public need is open" in client.get(f"/weights/{version.id}").get_data(as_text=True)
    make.need("KHM")
    text = client.get(f"/weights/{version.id}").get_data(as_text=True)
    assert "keeps its first five partners" in text and "+1.000" in text


def test_letting_it_serve_and_going_back_change_the_score_on_a_need_page(sign_in, visitor, make, propose):
    need = make.need("KHM")
    client = sign_in(Role.ISU_OFFICER)
    first, second = propose(client, {"gave-regularly": "1"}), propose(client, {"few-donors": "0"})
    shipped = score(visitor, need)
    assert activate(client, first).status_code == 303
    once = score(visitor, need)
    assert activate(client, second).status_code == 303
    twice = score(visitor, need)
    assert len({shipped, once, twice}) == 3
    page = client.get(f"/weights/{first.id}").get_data(as_text=True)
    assert "Go back to these weights" in page and "Served before" in page
    assert activate(client, first).status_code == 303 and score(visitor, need) == once
    assert "Let it serve" not in client.get(f"/weights/{first.id}").get_data(as_text=True)
    answer = client.post("/weights/restore", data={"serving": first.id}, follow_redirects=True)
    assert "come with the platform serve from now on" in answer.get_data(as_text=True)
    assert score(visitor, need) == shipped
    row = queries.active_weights()
    assert row.origin is Origin.TRAINED and row.training["metrics"]["rankings"]["engine"]["map"] > 0.5
    assert list(db.session.scalars(select(Event.tag).where(Event.subject_kind == "engine_weights").order_by(Event.id))) == [
        "weights.adjusted"] * 2 + ["weights.activated"] * 4


def test_the_shipped_weights_come_back_as_one_version_however_often(sign_in, propose):
    client = sign_in(Role.ISU_ADMINISTRATOR)
    version = propose(client, {"few-donors": "0"})
    already = client.post("/weights/restore", data={"serving": 0}, follow_redirects=True).get_data(as_text=True)
    assert "serve already" in already and serving() == 0
    for _time in range(2):
        assert activate(client, version).status_code == 303
        assert client.post("/weights/restore", data={"serving": version.id}).status_code == 303
    kept = list(db.session.scalars(select(EngineWeights).where(EngineWeights.origin == Origin.TRAINED)))
    assert [one.id for one in kept] == [serving()]
    assert "serve already" in client.post("/weights/restore", data={"serving": serving()}, follow_redirects=True
                                          ).get_data(as_text=True)


def test_a_second_click_is_harmless(sign_in, propose):
    client = sign_in(Role.ISU_OFFICER)
    version = propose(client, {"few-donors": "0"})
    assert activate(client, version, 0).status_code == 303
    answer = client.post(f"/weights/{version.id}/activate", data={"serving": 0}, follow_redirects=True)
    assert "serves already" in answer.get_data(as_text=True)


def test_what_another_officer_let_serve_meanwhile_is_not_overruled_unseen(sign_in, propose):
    one, two = sign_in(Role.ISU_OFFICER), sign_in(Role.ISU_ADMINISTRATOR)
    first, second = propose(one, {"few-donors": "0"}), propose(two, {"gave-regularly": "1"})
    opened = two.fields(f"/weights/{second.id}")
    assert activate(one, first).status_code == 303
    answer = two.post(f"/weights/{second.id}/activate", data=opened)
    assert answer.status_code == 422 and f"{first.ref} serves now" in answer.get_data(as_text=True)
    assert two.post("/weights/restore", data={"serving": 0}).status_code == 422
    for forged in ("", "-1", "x", "9" * 12, "١"):
        assert two.post(f"/weights/{second.id}/activate", data={"serving": forged}).status_code == 422
    assert serving() == first.id
    assert activate(two, second).status_code == 303 and serving() == second.id


def test_two_officers_in_the_same_moment_one_is_refused(app, sign_in, make, propose):
    client = sign_in(Role.ISU_OFFICER)
    numbers = [propose(client, {"few-donors": value}).id for value in ("0", "1")]
    actors = [make.actor(Role.ISU_OFFICER), make.actor(Role.ISU_ADMINISTRATOR)]
    db.session.close()
    answers: list[str] = []
    together = threading.Barrier(2)

    def let(number, actor):
        with app.app_context():
            together.wait()
            try:
                service.activate(db.session.get_one(EngineWeights, number), actor, 0)
                db.session.commit()
                answers.append("done")
            except Refused:
                answers.append("refused")

    threads = [threading.Thread(target=let, args=pair) for pair in zip(numbers, actors, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["done", "refused"]


def test_the_last_one_serves_whatever_the_clock_says(make, sign_in, propose, monkeypatch):
    client = sign_in(Role.ISU_OFFICER)
    first, second = propose(client, {"few-donors": "0"}), propose(client, {"few-donors": "1"})
    assert activate(client, second).status_code == 303
    past = db.session.get_one(EngineWeights, second.id).activated_at
    monkeypatch.setattr(service, "utcnow", lambda: past)
    assert activate(client, first).status_code == 303 and serving() == first.id


def test_an_unknown_version(sign_in):
    client = sign_in(Role.ISU_OFFICER)
    for number in (0, 999):
        assert client.get(f"/weights/{number}").status_code == 404
        assert client.post(f"/weights/{number}/activate", data={"serving": 0}).status_code == 404


def test_events_about_weights_are_for_the_isu(sign_in, make, propose):
    from partnerships.core import audit

    version = propose(sign_in(Role.ISU_OFFICER), {"few-donors": "0"})
    assert audit.timeline(make.actor(Role.ISU_OFFICER), version)
    for actor in (PUBLIC, make.actor(Role.DONOR_OFFICER), make.actor(Role.FOCAL_POINT), make.actor(Role.COMMITTEE_MEMBER)):
        assert audit.timeline(actor, version) == []
