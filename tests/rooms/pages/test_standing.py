"""Help, accessibility, privacy, about the data."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.pages import queries, sources
from partnerships.pledges.models import Contribution


@pytest.mark.parametrize(("url", "words"), [
    ("/help", ["Individualised approach", "Article 5.3 to 5.6", "Survey and clearance", "States Parties"]),
    ("/accessibility", ["level AA", "without JavaScript"]),
    ("/privacy", ["No personal data of victims", "“partnerships”", "2 hours without use", "12 hours in all", "15 minutes"]),
    ("/about-the-data", ["Landmine Monitor", "XXVI-5", "770", "2013", "implies no position"]),
])
def test_everybody_may_read(visitor, sign_in, url, words):
    for client in (visitor, sign_in(Role.FOCAL_POINT)):
        text = client.get(url).get_data(as_text=True)
        for one in words:
            assert one in text, one


def test_the_cookie_is_the_one_that_is_named(visitor, make, sign_in):
    from tests.support.factories import PASSWORD

    account = make.account()
    answer = visitor.post("/accounts/sign-in", data={"email": account.email, "password": PASSWORD})
    names = {cookie.split("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}
    text = visitor.get("/privacy").get_data(as_text=True)
    assert names == {"partnerships", "device"} and all(f"“{name}”" in text for name in names)


def test_counts_are_read_now(app, visitor, make):
    with app.test_request_context():
        before = queries.sizes()
        assert before["contributions"] == db.session.scalar(select(func.count()).select_from(Contribution)) == 770
        make.conference()
        make.pledge("NOR")
        assert queries.sizes() == before, "records of people are not counted as source data"
        db.session.delete(db.session.scalars(select(Contribution).limit(1)).one())
        db.session.commit()
        assert len(sources.table(queries.sizes())) == 11
    assert "769" in visitor.get("/about-the-data").get_data(as_text=True)


def test_a_table_that_was_not_counted_is_an_error(app):
    with app.test_request_context(), pytest.raises(KeyError):
        sources.table({})
