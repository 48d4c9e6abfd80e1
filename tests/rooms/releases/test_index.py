"""The pages of releases: the list, one release, its file, making and withdrawing, as every role."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import select

from partnerships.core import storage
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.releases import service
from partnerships.releases.models import Release
from tests.support.releases import opened, valid

ROLES = [(Role.FOCAL_POINT, None), (Role.DONOR_OFFICER, None), (Role.ORGANISATION_OFFICER, None), (Role.COMMITTEE_MEMBER, None)]


def test_a_visitor_finds_the_next_thing_to_do_where_there_is_none(visitor):
    page = visitor.get("/releases/").get_data(as_text=True)
    assert "No release is made yet" in page and 'href="/open-data"' in page and "Make today" not in page
    hub = visitor.get("/open-data").get_data(as_text=True)
    assert "Lists as files" in hub and "/feeds/public.ics" in hub and "deadlines.ics" not in hub


def test_the_isu_makes_one_and_everybody_downloads_it(make, visitor, sign_in):
    make.need("KHM")
    isu = sign_in(Role.ISU_OFFICER)
    fields = isu.fields("/releases/")
    made = isu.post("/releases/make", data=fields)
    ref = f"REL-{date.today().isoformat()}"
    assert made.status_code == 303 and made.headers["Location"] == f"/releases/{ref}"
    assert isu.post("/releases/make", data=fields).headers["Location"] == f"/releases/{ref}", "a second click"
    isu.post("/releases/make", data=isu.fields("/releases/"))
    assert "exists already" in isu.get(f"/releases/{ref}").get_data(as_text=True)
    release = db.session.scalars(select(Release)).one()
    assert release.actor_label and "is made and kept" not in visitor.get("/releases/").get_data(as_text=True)
    for client in (visitor, isu, *(sign_in(role) for role, _party in ROLES)):
        for page in (client.get("/releases/"), client.get(f"/releases/{ref}")):
            assert release.sha256 in page.get_data(as_text=True) and ref in page.get_data(as_text=True)
        answer = client.get(f"/releases/{ref}/file")
        assert valid(opened(answer.get_data())) and answer.mimetype == "application/zip"
        assert answer.headers["ETag"] == f'"{release.sha256}"' and "sandbox" in answer.headers["Content-Security-Policy"]
        assert client.get(f"/releases/{ref}/file", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert visitor.get(f"/releases/{ref}/file").headers["Cache-Control"] == "public, no-cache"
    assert isu.get(f"/releases/{ref}/file").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(("role", "party"), ROLES)
def test_nobody_else_makes_or_withdraws(make, sign_in, role, party):
    release = make.release()
    client = sign_in(role, party)
    page = client.get(f"/releases/{release.ref}").get_data(as_text=True)
    assert "Withdraw" not in page and "Make today" not in client.get("/releases/").get_data(as_text=True)
    assert client.post("/releases/make").status_code == 403
    assert client.post(f"/releases/{release.ref}/withdraw", data={"reason": "No."}).status_code == 403
    assert db.session.scalars(select(Release)).one().stored_as


def test_what_changed_is_said_in_counts(make, visitor):
    make.release()
    make.need("KHM"), make.need("KHM")
    second = make.release()
    assert second.ref.endswith("-2")
    page = visitor.get("/releases/").get_data(as_text=True)
    assert "the first release" in page and "<code>needs</code> <span class=\"ltr\">+2</span>" in page
    assert "+2" in visitor.get(f"/releases/{second.ref}").get_data(as_text=True)


def test_withdrawing_takes_the_file_and_leaves_the_reason(make, visitor, sign_in):
    release = make.release()
    path, isu = storage.path_of(release.stored_as), sign_in(Role.ISU_ADMINISTRATOR)
    address = f"/releases/{release.ref}"
    refused = isu.post(f"{address}/withdraw", data={"reason": "  "})
    assert refused.status_code == 422 and "Say why: everybody reads it" in refused.get_data(as_text=True) and path.exists()
    long = isu.post(f"{address}/withdraw", data={"reason": "x" * 1001})
    assert long.status_code == 422 and "x" * 1001 in long.get_data(as_text=True), "what was typed is kept"
    assert isu.post(f"{address}/withdraw", data={"reason": "A need was public by mistake. <b>"}).status_code == 303
    assert not path.exists()
    for page in (visitor.get(address), visitor.get(f"{address}/file")):
        assert "A need was public by mistake. &lt;b&gt;" in page.get_data(as_text=True)
        assert "contentUrl" not in page.get_data(as_text=True)
    assert visitor.get(f"{address}/file").status_code == 410
    assert "Withdrawn" in visitor.get("/releases/").get_data(as_text=True)
    assert isu.post(f"{address}/withdraw", data={"reason": "Again."}).status_code == 303
    db.session.expire_all()
    assert db.session.scalars(select(Release)).one().reason == "A need was public by mistake. <b>"
    assert "No release is made yet" in visitor.get("/open-data").get_data(as_text=True)


@pytest.mark.parametrize("ref", ["REL-2026-13-45", "REL-2026-11-27-0", "rel-1", "REL-", "%00", "9" * 400])
def test_an_unknown_release_is_not_found(visitor, ref):
    assert visitor.get(f"/releases/{ref}").status_code == 404 and visitor.get(f"/releases/{ref}/file").status_code == 404


def test_a_file_that_went_missing_is_not_found(make, visitor):
    release = make.release()
    storage.path_of(release.stored_as).unlink()
    assert visitor.get(f"/releases/{release.ref}/file").status_code == 404


def test_made_twice_at_once_there_is_one(app, make):
    make.need("KHM")
    db.session.close()
    found, ready = [], threading.Barrier(2)

    def go():
        with app.app_context():
            ready.wait()
            release, new = service.make(SYSTEM, date.today())
            db.session.commit()
            found.append((release.ref, new))

    both = [threading.Thread(target=go) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(new for _ref, new in found) == [False, True] and len({ref for ref, _new in found}) == 1
    assert db.session.scalars(select(Release.ref)).all() == [found[0][0]]
