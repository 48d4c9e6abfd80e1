"""What became of needs: each counted once, within the reader's sight, and each figure leads to as many records."""

from __future__ import annotations

import re
from datetime import date, timedelta

from partnerships.core.actor import PUBLIC, SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.insight import outcomes
from partnerships.needs import service
from partnerships.needs.states import NeedStatus, Origin


def found(app, actor=PUBLIC):
    with app.test_request_context():
        return outcomes.of_needs(actor, date.today())


def closed(make, name: str, days: int = 0, supporters=(), **values):
    """A need closed some days after its publication."""
    need = make.need(**values)
    service.close(need, name, SYSTEM, outcome="What happened.", supporters=supporters)
    need.published_at = need.status_on - timedelta(days=days)
    db.session.commit()
    return need


def scene(make) -> None:
    """One open, one past its date, two met, two partly met, one withdrawn; none of them hidden."""
    make.need()
    make.need().valid_until = date.today() - timedelta(days=1)
    closed(make, "met", 10, ["NOR", "JPN"])
    closed(make, "met", 20)
    closed(make, "partly-met", 60, ["NOR"])
    closed(make, "withdrawn", 400)
    closed(make, "partly-met", 9000, origin=Origin.RECORDED, source="https://example.org/", basis="A document")
    make.need(status=NeedStatus.DRAFT)
    make.need(status=NeedStatus.SUBMITTED)
    db.session.commit()


def test_before_anything_is_closed(app):
    recorded = found(app)  # the reference data holds needs from public documents, past their dates
    assert recorded.met == 0 and recorded.median_days is None and recorded.timed == 0


def test_each_need_stands_in_one_row(app, make):
    before = {state: count for state, _words, count in found(app).rows}
    scene(make)
    after = found(app)
    gained = {state: count - before[state] for state, _words, count in after.rows}
    assert gained == {"open": 1, "expired": 1, "met": 2, "partly-met": 2, "withdrawn": 1}
    assert after.published == sum(count for *_rest, count in after.rows)
    assert (after.named, after.unnamed, after.met) == (2, 2, 4)
    assert (after.median_days, after.timed) == (40, 4)


def test_only_what_the_reader_may_see_counts(app, make):
    closed(make, "met", 5, ["NOR"], visibility=Visibility.STATES_PARTIES)
    assert found(app).met == 0 and found(app).median_days is None
    donor = found(app, make.actor(Role.DONOR_OFFICER, "NOR"))
    assert (donor.named, donor.median_days) == (1, 5)


def test_every_figure_leads_to_as_many_needs(make, visitor):
    scene(make)
    page = visitor.get("/insight/").get_data(as_text=True)
    section = re.search(r'<section class="section" id="outcomes">(.*?)</section>', page, re.S).group(1)
    assert "40 days in the median" in section and "(4 closed needs)" in section
    rows = re.findall(r'<a href="([^"]+)">[^<]+</a></th><td[^>]*>(\d+)</td>', section)
    parts = re.findall(r'<a href="([^"]+supporters)">[^<]*: (\d+)</a>', section)
    assert len(rows) == 6 and len(parts) == 2
    for href, count in (*rows, *parts):
        listed = visitor.get(href).get_data(as_text=True)
        assert len(re.findall(r"<h3><a ", listed)) == int(count), href
