"""The list of matches."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import event

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.matches import service


def test_each_party_sees_its_own_and_the_isu_all(make, sign_in, visitor):
    ours, theirs = make.match(make.need()), make.match(make.need("AGO"), "JPN")
    assert "/accounts/sign-in" in visitor.get("/matches/").location
    assert sign_in(Role.COMMITTEE_MEMBER).get("/matches/").status_code == 403
    links = {match.id: f'href="/matches/{match.id}"' for match in (ours, theirs)}
    for role, party, seen in ((Role.DONOR_OFFICER, "NOR", {ours.id}), (Role.FOCAL_POINT, "AGO", {theirs.id}),
                              (Role.ISU_OFFICER, "ISU", {ours.id, theirs.id})):
        text = sign_in(role, party).get("/matches/").get_data(as_text=True)
        assert {number for number, link in links.items() if link in text} == seen


def test_the_overdue_come_first_and_are_marked(make, sign_in):
    later, overdue = make.match(), make.match()
    overdue.next_step_on = date.today() - timedelta(days=3)
    db.session.commit()
    client = sign_in(Role.DONOR_OFFICER)
    text = client.get("/matches/").get_data(as_text=True)
    assert text.index(f"/matches/{overdue.id}\"") < text.index(f"/matches/{later.id}\"") and text.count("Overdue") == 1
    only = client.get("/matches/?overdue=y").get_data(as_text=True)
    assert f"/matches/{overdue.id}\"" in only and f"/matches/{later.id}\"" not in only


def test_ended_ones_are_listed_by_their_status(make, sign_in):
    match = make.match()
    service.move(match, "declined", make.actor(Role.DONOR_OFFICER), "No.")
    db.session.commit()
    client = sign_in(Role.DONOR_OFFICER)
    link = f'href="/matches/{match.id}"'
    assert link not in client.get("/matches/").get_data(as_text=True)
    assert link in client.get("/matches/?status=declined").get_data(as_text=True)
    assert link in client.get("/matches/?status=all").get_data(as_text=True)


def test_an_empty_list_says_what_to_do(sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    assert "No conversation is open" in client.get("/matches/").get_data(as_text=True)
    assert "None of your matches fits" in client.get("/matches/?status=agreed").get_data(as_text=True)
    assert client.get("/matches/?status=%00&overdue=x&page=zzz").status_code == 200


def test_a_longer_list_asks_no_more_queries(app, make, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    asked: list[str] = []
    event.listen(app.extensions["database"], "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = []
    for _ in range(2):
        for _ in range(3):
            make.match()
        asked.clear()
        client.get("/matches/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
