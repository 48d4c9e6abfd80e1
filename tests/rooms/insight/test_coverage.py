"""Coverage: the rule of fit, the table whose cells lead to as many records, and donors that could coordinate."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import event

from partnerships.core import export
from partnerships.core.actor import PUBLIC, Role
from partnerships.core.db import current_engine, db
from partnerships.core.visibility import Visibility
from partnerships.insight import coverage
from partnerships.needs.states import NeedStatus
from partnerships.offers.models import Nature

YEAR = date.today().year + 1


def page(client, more=""):
    answer = client.get(f"/insight/coverage{more}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def part(text, name):
    return re.search(rf'<section class="section" id="{name}">(.*?)</section>', text, re.S).group(1)


def found(app, actor=PUBLIC):
    with app.test_request_context():
        return coverage.Coverage(actor, date.today())


def rows(client, name=""):
    raw = client.get(f"/insight/coverage?as=csv&part={name}").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(raw, newline="")))


def test_an_empty_register(visitor):
    text = page(visitor)
    assert "Neither an open need nor a standing offer" in text and "No need is open" in text and "No offer stands" in text


def test_the_rule_of_fit(app, make):
    need = make.need("KHM", kinds=("training",), theme="survey-clearance")
    fits = {
        "all of it": (True, {"kinds": ("training",), "regions": (), "countries": ("KHM",), "themes": ("survey-clearance",)}),
        "its part of the world": (True, {"kinds": ("training",), "regions": ("035",)}),
        "anything anywhere": (True, {"kinds": (), "regions": (), "themes": ()}),
        "another theme": (False, {"kinds": ("training",), "themes": ("victim-assistance",)}),
        "another kind": (False, {"kinds": ("money",)}),
        "another place": (False, {"kinds": ("training",), "regions": ("019",)}),
        "another State": (False, {"kinds": ("training",), "regions": (), "countries": ("LAO",)}),
        "past its date": (False, {"kinds": ("training",), "valid_until": date.today() - timedelta(days=1)}),
        "only an address": (False, {"kinds": (), "regions": (), "themes": (), "nature": Nature.CONTACT_POINT}),
    }
    for words, (right, values) in fits.items():
        offer = make.offer("NOR", **values)
        assert (found(app).all.unmet == 0) is right, words
        assert [one.ref for one in found(app).unmet()] == ([] if right else [need.ref]), words
        offer.valid_until = date.today() - timedelta(days=2)
        db.session.commit()
    make.offer("KHM", kinds=(), regions=(), themes=())
    assert found(app).all.unmet == 1, "a State's own offer does not help its own need"


def test_cells_lead_to_as_many_records_and_say_who_has_no_counterpart(app, make, visitor):
    make.need("KHM")
    make.need("LAO")
    alone = make.need("AGO", theme="victim-assistance", title="Prostheses", kinds=("equipment",))
    make.offer("NOR")
    make.offer("JPN", regions=("035",), countries=("AGO",), themes=("survey-clearance", "victim-assistance"))
    make.offer("CHE", regions=(), themes=())
    idle = make.offer("AUT", themes=("research-technology",), regions=("019",))
    text = page(visitor)
    table = part(text, "table")
    links = re.findall(r'<a href="([^"]+)">(\d+) (need|offer)s?</a>', table)
    assert len(links) > 15
    for href, number, kind in links:
        listed = visitor.get(href.replace("&amp;", "&")).get_data(as_text=True)
        assert len(set(re.findall(rf'<h3><a [^>]*href="/{kind}s/([^"]+)">', listed))) == int(number), href
    assert alone.ref in part(text, "needs") and idle.ref in part(text, "offers") and "1 without an offer" in table
    assert re.findall(r"<dd>(\d+)</dd>", text) == ["3", "1", "4", "1"]
    cells = {(row["Thematic area"], row["Region"]): row for row in rows(visitor)}
    assert sum(int(row["Open needs"]) for row in cells.values()) == 3
    assert sum(int(row["Open needs without an offer"]) for row in cells.values()) == 1
    assert cells["Victim assistance", "Africa"]["Open needs without an offer"] == "1"
    assert [row["Need"] for row in rows(visitor, "needs")] == [alone.ref]
    assert [row["Offer"] for row in rows(visitor, "offers")] == [idle.ref]


def test_everything_is_within_the_readers_sight(app, make, sign_in, visitor):
    hidden = make.need("KHM", visibility=Visibility.PARTIES, title="Hidden need")
    make.need("AGO", NeedStatus.DRAFT)
    secret = make.offer("JPN", visibility=Visibility.ISU, title="Hidden offer", themes=("research-technology",))
    assert "Neither an open need nor a standing offer" in page(visitor)
    for client in (visitor, sign_in(Role.DONOR_OFFICER, "NOR"), sign_in(Role.COMMITTEE_MEMBER)):
        for name in ("", "needs", "offers", "overlaps"):
            text = client.get(f"/insight/coverage?as=csv&part={name}").get_data(as_text=True) + page(client)
            assert "Hidden" not in text and hidden.ref not in text and secret.ref not in text
    assert hidden.ref in page(sign_in(Role.FOCAL_POINT, "KHM")) and secret.ref in page(sign_in(Role.ISU_OFFICER))


def test_several_donors_on_one_need_are_named_as_far_as_they_are_seen(make, sign_in, visitor):
    need, other = make.need("KHM"), make.need("AGO")
    make.pledge("JPN", need=need)
    make.match(need, "NOR")
    make.pledge("SWE", need=other)
    assert "more than one donor at work within your sight" in part(page(visitor), "overlaps")
    seen = part(page(sign_in(Role.ISU_OFFICER)), "overlaps")
    assert need.ref in seen and other.ref not in seen
    assert "Japan</a>: pledged" in seen and "Norway</a>: in contact" in seen
    assert need.ref in part(page(sign_in(Role.FOCAL_POINT, "KHM")), "overlaps")
    assert need.ref in part(page(sign_in(Role.DONOR_OFFICER, "NOR")), "overlaps")
    assert need.ref not in part(page(sign_in(Role.DONOR_OFFICER, "JPN")), "overlaps")
    make.pledge("SWE", need=need)
    make.pledge("CHE", need=need, visibility=Visibility.PARTIES)
    public = part(page(visitor), "overlaps")
    assert "Sweden</a>: pledged" in public and "Japan" in public and "Norway" not in public and "Switzerland" not in public
    assert {(row["Donor code"], row["Has pledged"]) for row in rows(visitor, "overlaps")} == {("JPN", "yes"), ("SWE", "yes")}


def test_long_lists_show_their_first_rows_and_the_way_to_the_others(make, visitor, monkeypatch):
    monkeypatch.setattr(coverage, "SHOWN", 1)
    for _number in range(2):
        make.need("KHM")
        make.offer("NOR", themes=("research-technology",))
    text = page(visitor)
    assert "1 of 2 shown." in part(text, "needs") and "every=offers" in part(text, "offers")
    assert part(page(visitor, "?every=needs"), "needs").count('<th scope="row">') == 2
    monkeypatch.setattr(export, "LIMIT", 1)
    assert "Only the first 1 of 2" in visitor.get("/insight/coverage?as=csv&part=needs").get_data(as_text=True)


def test_nonsense_in_the_address_changes_nothing(visitor):
    assert page(visitor, "?every=%00&part=x").count("<h2") == page(visitor).count("<h2")
    assert visitor.get("/insight/coverage?as=xlsx&part=../x").mimetype == export.MIME["xlsx"]


def test_as_many_queries_for_many_records_as_for_few(app, make, sign_in):
    client, asked = sign_in(Role.ISU_OFFICER), []
    for round_ in range(2):
        for party in ("KHM", "AGO", "LAO")[:1 + 2 * round_]:
            need = make.need(party, amounts=[(YEAR, YEAR, Decimal(10), Decimal(0))])
            make.pledge("JPN", need=need)
            make.match(need, "NOR")
            make.offer("SWE", themes=("research-technology",), countries=(party,))
        asked.append(0)

        def counted(*_args):
            asked[-1] += 1

        event.listen(current_engine(), "before_cursor_execute", counted)
        page(client)
        event.remove(current_engine(), "before_cursor_execute", counted)
    assert asked[0] == asked[1] <= 25, asked
