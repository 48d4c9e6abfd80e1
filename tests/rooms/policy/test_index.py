"""The policy on one screen: complete, in words, filtered, and for the ISU alone."""

from __future__ import annotations

import pytest

from partnerships.core.actor import Role
from partnerships.core.policy import PERMISSIONS, Predicate
from partnerships.policy import queries
from partnerships.policy.deeds import DEEDS, ROOMS
from partnerships.policy.words import say


def test_every_permission_has_its_words(app):
    with app.test_request_context():
        rows = list(queries.rows())
        assert set(DEEDS) == set(PERMISSIONS), "words for what is no permission, or a permission without words"
        assert set(ROOMS) == {name for name, _words in queries.rooms()}
        held = {(row.permission, role): row.rule for row in rows for role in row.roles}
        for permission, rule in PERMISSIONS.items():
            for role in Role:
                assert ((permission, role) in held) == (role in rule)
                assert role not in rule or all(way.strip() for way in held[permission, role])
        seen, matched, shared = held["needs.view", Role.DONOR_OFFICER]
        assert "it is published" in seen and "it is public (or for States Parties" in seen and "all of them" not in seen
        assert "the partner in one of its matches" in matched
        assert "shares it with the reader's party until a day" in shared


def test_a_predicate_without_words_is_found_out(app):
    class Odd(Predicate):
        def test(self, actor, obj):
            return True

        def where(self, actor, model):
            raise NotImplementedError

    with app.test_request_context(), pytest.raises(TypeError, match="has no words"):
        say(Odd() & Odd())


def test_the_page_shows_permissions_and_routes_and_filters_them(app, sign_in):
    isu = sign_in(Role.ISU_OFFICER)
    page = isu.get("/policy/").get_data(as_text=True)
    for permission in PERMISSIONS:
        assert f">{permission}</code>" in page, permission
    for rule in app.url_map.iter_rules():
        assert rule.endpoint == "static" or rule.rule.replace("<", "&lt;").replace(">", "&gt;") in page, rule.rule
    few = isu.get("/policy/?role=committee-member&room=cases").get_data(as_text=True)
    assert "cases.propose" in few and "cases.request" not in few and "needs.view" not in few
    assert isu.get("/policy/?role=nobody&room=nowhere").status_code == 200
    assert "no permission of this kind" in isu.get("/policy/?role=public&room=cases").get_data(as_text=True)


def test_nobody_else_opens_it(sign_in, visitor):
    for role in (Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.COMMITTEE_MEMBER):
        assert sign_in(role).get("/policy/").status_code == 403
    assert visitor.get("/policy/").status_code == 303
