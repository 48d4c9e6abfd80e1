"""What programs read of public pages: addresses, previews, data, the map; and nothing of what is not for everybody."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

import html5lib
import pytest
from sqlalchemy import select

from partnerships.citations import sitemap
from partnerships.core.actor import PUBLIC, Role
from partnerships.core.db import db
from partnerships.core.languages import KNOWN
from partnerships.core.policy import can
from partnerships.core.visibility import Visibility
from partnerships.insight.charts import by_key
from partnerships.needs.states import NeedStatus
from partnerships.offers import service as offers

H = "{http://www.w3.org/1999/xhtml}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HOME = "http://127.0.0.1:8000"


def _head(page):
    """(canonical, {language: address}, {property or name: content}, data) of a page."""
    head = html5lib.parse(page).find(f"{H}head")
    links = [(one.get("rel"), one.get("hreflang"), one.get("href")) for one in head.iter(f"{H}link")]
    metas = {one.get("property") or one.get("name"): one.get("content") for one in head.iter(f"{H}meta")}
    data = [json.loads(one.text) for one in head.iter(f"{H}script") if one.get("type") == "application/ld+json"]
    canonical = [href for rel, _language, href in links if rel == "canonical"]
    assert len(canonical) <= 1 and len(data) <= 1
    languages = {code: href for rel, code, href in links if rel == "alternate" and code}
    return (canonical or [None])[0], languages, metas, (data or [None])[0]


def _public(make):
    need = make.need("KHM", title='</script><script>alert("1")</script> & fields')
    return {"needs": need.ref, "offers": make.offer("NOR").ref, "pledges": make.pledge("NOR", need=need).ref,
            "conferences": make.conference(place="Geneva").ref,
            "approach": make.meeting("KHM", visibility=Visibility.PUBLIC, place="Phnom Penh").ref, "parties": "KHM",
            "releases": make.release().ref}


TYPES = {"needs": "Demand", "offers": "Offer", "pledges": None, "conferences": "Event", "approach": "Event", "parties": "Country",
         "releases": "Dataset"}


def test_each_public_record_has_an_address_a_preview_and_a_citation(make, visitor, sign_in):
    isu = sign_in(Role.ISU_OFFICER)
    for room, ref in _public(make).items():
        address = f"{HOME}/{room}/{ref}"
        for client, path in ((visitor, f"/{room}/{ref}"), (visitor, f"/{room}/{ref}?lang=fr&x=1"), (isu, f"/{room}/{ref}")):
            page = client.get(path).get_data(as_text=True)
            canonical, languages, metas, data = _head(page)
            assert canonical == address and metas["og:url"] == address and metas["og:title"], (room, path)
            assert languages == {"x-default": address, **{code: f"{address}?lang={code}" for code in KNOWN}}
            assert (data or {}).get("@type") == TYPES[room] and "alert(\"1\")</script> &" not in page
            assert data is None or data["url"] == address
            cite = re.search(r'<details[^>]*id="cite".*?</details>', page, re.S).group()
            assert address in cite and ref in cite, room
    assert visitor.get("/parties/KHM?lang=fr").get_data(as_text=True).count("Cambodge") > 1


def test_what_is_not_for_everybody_gives_no_preview_to_anybody(make, sign_in):
    isu = sign_in(Role.ISU_OFFICER)
    for level in (Visibility.STATES_PARTIES, Visibility.PARTIES, Visibility.ISU):
        need = make.need("KHM", visibility=level)
        for path in (f"/needs/{need.ref}", f"/offers/{make.offer('NOR', visibility=level).ref}",
                     f"/pledges/{make.pledge('NOR', visibility=level).ref}",
                     f"/approach/{make.meeting('KHM', visibility=level).ref}"):
            page = isu.get(path).get_data(as_text=True)
            canonical, languages, metas, data = _head(page)
            assert canonical is None and not languages and data is None, path
            assert not [key for key in metas if key and key.startswith(("og:", "twitter:", "description"))], path
            assert 'id="cite"' in page
    draft = make.need("KHM", NeedStatus.SUBMITTED)
    page = isu.get(f"/needs/{draft.ref}").get_data(as_text=True)
    assert _head(page)[0] is None and 'id="cite"' not in page


def test_what_a_card_says_is_what_everybody_sees(make, visitor):
    need = make.need("KHM", amounts_visibility=Visibility.ISU, contact_email="someone@authority.example",
                     amounts=[(2027, 2027, 7654321, 0)], details_visibility=Visibility.PARTIES, risks="Quagga")
    page = visitor.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert "7654321" not in page and "someone@" not in page and "Quagga" not in page
    *_rest, metas, data = _head(page)
    assert data["areaServed"]["name"] == "Cambodia" and data["description"] in need.summary + "…"
    conference = make.conference(outcome="Not published yet", first_day=None, last_day=None)
    *_rest, metas, data = _head(visitor.get(f"/conferences/{conference.ref}").get_data(as_text=True))
    assert data is None and "Not published" not in str(metas)


def test_charts_and_releases_are_data_sets_with_files(make, visitor):
    release = make.release()
    for path in ("/insight/charts/support", f"/releases/{release.ref}"):
        *_rest, data = _head(visitor.get(path).get_data(as_text=True))
        assert data["@type"] == "Dataset" and data["license"] == "https://creativecommons.org/licenses/by/4.0/"
        assert len(data["description"]) >= 50
        for one in data["distribution"]:
            got = visitor.get(one["contentUrl"].removeprefix(HOME))
            assert got.status_code == 200 and got.mimetype == one["encodingFormat"]
    assert by_key(PUBLIC, "support", {}) is not None


def test_standing_pages_lose_their_filters(visitor):
    canonical, *_rest = _head(visitor.get("/needs/?theme=victim-assistance&page=2&lang=es").get_data(as_text=True))
    assert canonical == f"{HOME}/needs/"
    assert _head(visitor.get("/no-such-page").get_data(as_text=True))[0] is None
    assert _head(visitor.get("/accounts/sign-in").get_data(as_text=True))[0] is None


def _map(visitor):
    """{address: part} of the whole map."""
    index = ElementTree.fromstring(visitor.get("/sitemap.xml").get_data())
    found = {}
    for part in index.iter(f"{MAP}loc"):
        answer = visitor.get(part.text.removeprefix(HOME))
        assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/xml; charset=utf-8"
        for one in ElementTree.fromstring(answer.get_data()).iter(f"{MAP}url"):
            found[one.find(f"{MAP}loc").text] = part.text
            assert len(list(one)) >= 7, "each in six languages"
    return found


@pytest.mark.parametrize("size", [5000, 7])
def test_the_map_holds_exactly_what_everybody_may_open(make, visitor, monkeypatch, size):
    monkeypatch.setattr(sitemap, "PART", size)
    public = _public(make)
    hidden = [make.need("KHM", visibility=Visibility.PARTIES).ref, make.need("KHM", NeedStatus.DRAFT).ref,
              make.offer("NOR", visibility=Visibility.STATES_PARTIES).ref, make.pledge("NOR", visibility=Visibility.ISU).ref,
              make.meeting("KHM").ref]
    gone = make.offer("NOR")
    offers.move(gone, "withdrawn", make.actor(Role.DONOR_OFFICER, "NOR"))
    db.session.commit()
    found = _map(visitor)
    for room, ref in public.items():
        assert f"{HOME}/{room}/{ref}" in found
    text = " ".join(found)
    assert not [ref for ref in [*hidden, gone.ref] if ref in text]
    for kind, (model, permission, _endpoint) in sitemap.RECORDS.items():
        listed = [address for address, part in found.items() if f"/sitemaps/{kind}-" in part]
        every = db.session.scalars(select(model)).unique().all()
        assert len(listed) == sum(not permission or can(PUBLIC, permission, one) for one in every), kind
    if size == 5000:
        return
    assert sum(f"/sitemaps/parties-{number}." in part for part in set(found.values()) for number in range(1, 50)) > 30
    seen = set()
    for address in found:  # a few of each kind, and every standing page
        kind = found[address].rpartition("/")[2].rpartition("-")[0]
        many = sum(one == kind for one, _address in seen)
        if kind in ("pages", "charts") or many < 2 or urlsplit(address).path.rpartition("/")[2] in public.values():
            assert visitor.get(address.removeprefix(HOME)).status_code == 200, address
            seen.add((kind, address))


def test_robots_are_shown_the_map(visitor, sign_in):
    answer = visitor.get("/robots.txt")
    assert answer.mimetype == "text/plain" and f"Sitemap: {HOME}/sitemap.xml" in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert sign_in(Role.DONOR_OFFICER).get("/sitemap.xml").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("part", ["needs-0", "needs-99", "accounts-1", "pages-2", "charts-2", "needs-x", "-1", "needs-999999999"])
def test_a_part_that_there_is_not(visitor, part):
    assert visitor.get(f"/sitemaps/{part}.xml").status_code == 404
