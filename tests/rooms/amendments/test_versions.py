"""Published versions: listed, read and compared, each only by those it was published for and as far as the need is open now."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from partnerships.amendments import queries
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus, Origin
from tests.support.factories import Make

YEAR = date.today().year + 1
MORE = [{"first_year": YEAR, "last_year": YEAR, "amount": Decimal(1_750_000), "national_share": Decimal(200_000)}]


def text(client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.get_data(as_text=True)


def two_versions(make: Make, before: dict[str, object] | None = None, **changes: object) -> Need:
    need = make.need("KHM", place="Battambang", risks="The rains may come early.", **(before or {}))
    make.amendment(need, "published", note="Pailin was surveyed.", place="Pailin", **changes)
    return db.session.get_one(Need, need.id)


def test_versions_are_listed_and_each_is_read_as_it_was(make, visitor, sign_in):
    need = two_versions(make)
    page = text(visitor, f"/needs/{need.ref}")
    assert "Published versions (2)" in page and "Content changed last" in page
    listed = text(visitor, f"/amendments/{need.ref}/versions")
    assert listed.index("Version 2") < listed.index("Version 1") and "Pailin was surveyed." in listed
    assert "Handed in by" not in listed
    assert "Handed in by" in text(sign_in(Role.ISU_OFFICER), f"/amendments/{need.ref}/versions")
    first = text(visitor, f"/amendments/{need.ref}/versions/1")
    assert "Battambang" in first and "Pailin" not in first
    assert "Pailin" in text(visitor, f"/amendments/{need.ref}/versions/2")
    text(visitor, f"/amendments/{need.ref}/versions/3", 404)


def test_two_versions_are_compared_the_older_first_whatever_the_order(make, visitor):
    need = two_versions(make, amounts=MORE, kinds=("training", "money"))
    for url in (f"/amendments/{need.ref}/versions/2?with=1", f"/amendments/{need.ref}/versions/1?with=2"):
        page = text(visitor, url)
        assert page.index("<del>") < page.index("<ins>")
        assert "1\u202f000\u202f000" in page and "1\u202f750\u202f000" in page
        assert "stay as they are" in page
    assert "Version 1 of" in text(visitor, f"/amendments/{need.ref}/versions/1?with=1")
    assert "Version 1 of" in text(visitor, f"/amendments/{need.ref}/versions/1?with=x%00")
    text(visitor, f"/amendments/{need.ref}/versions/1?with=9", 404)


def test_a_version_published_for_fewer_stays_theirs(make, sign_in, visitor):
    need = two_versions(make, {"visibility": Visibility.STATES_PARTIES}, visibility=Visibility.PUBLIC)
    donor, public = sign_in(Role.DONOR_OFFICER, "NOR"), visitor
    assert "Battambang" in text(donor, f"/amendments/{need.ref}/versions/1")
    text(public, f"/amendments/{need.ref}/versions/1", 404)
    text(public, f"/amendments/{need.ref}/versions/2?with=1", 404)
    assert "Version 1" not in text(public, f"/amendments/{need.ref}/versions")
    assert "One published version" in text(public, f"/needs/{need.ref}")
    assert "Published versions (2)" in text(donor, f"/needs/{need.ref}")


def test_a_need_that_became_narrower_takes_its_versions_with_it(make, sign_in, visitor):
    need = two_versions(make, visibility=Visibility.STATES_PARTIES)
    for url in ("versions", "versions/1", "versions/2"):
        text(visitor, f"/amendments/{need.ref}/{url}", 404)
        text(sign_in(Role.DONOR_OFFICER, "NOR"), f"/amendments/{need.ref}/{url}")


@pytest.mark.parametrize(("first", "second"), [(Visibility.PUBLIC, Visibility.PARTIES), (Visibility.PARTIES, Visibility.PUBLIC)])
def test_parts_are_kept_from_those_who_may_not_see_them_in_either(make, sign_in, visitor, first, second):
    need = two_versions(make, {"amounts_visibility": first, "details_visibility": first}, amounts=MORE,
                        amounts_visibility=second, details_visibility=second, risks="Bridges may be washed away.")
    narrow = 1 if first is Visibility.PARTIES else 2
    for number in {narrow, 2 if second is Visibility.PARTIES else narrow, 1 if second is Visibility.PARTIES else narrow}:
        page = text(visitor, f"/amendments/{need.ref}/versions/{number}")
        assert "000\u202f000" not in page and "rains" not in page and "Bridges" not in page
        assert "not shown to you" in page and "Pailin was surveyed." not in page
    compared = text(visitor, f"/amendments/{need.ref}/versions/2?with=1")
    assert "750" not in compared and "rains" not in compared and "Bridges" not in compared and "Pailin" in compared
    own = text(sign_in(Role.FOCAL_POINT, "KHM"), f"/amendments/{need.ref}/versions/2?with=1")
    assert "1\u202f750\u202f000" in own and "Bridges" in own and "rains" in own


def test_the_contact_is_for_people_who_sign_in(make, sign_in, visitor):
    need = two_versions(make, contact_name="New office", contact_email="new@authority.example")
    for url in (f"/amendments/{need.ref}/versions/2", f"/amendments/{need.ref}/versions/2?with=1"):
        assert "New office" not in text(visitor, url)
        assert "New office" in text(sign_in(Role.DONOR_OFFICER, "NOR"), url)


def test_a_recorded_need_shows_its_content_as_recorded(make, visitor):
    need = make.need("KHM", place="Kampot", amounts_visibility=Visibility.PARTIES)
    need.origin = Origin.RECORDED
    for version in queries.versions(make.actor(Role.ISU_OFFICER), need):
        db.session.delete(version.version)
    db.session.commit()
    page = text(visitor, f"/amendments/{need.ref}/versions")
    assert "content as recorded" in page and "Kampot" in page and "000\u202f000" not in page


def test_a_draft_has_no_versions_for_strangers(make, visitor, sign_in):
    need = make.need("KHM", NeedStatus.DRAFT)
    text(visitor, f"/amendments/{need.ref}/versions", 404)
    text(sign_in(Role.DONOR_OFFICER, "NOR"), f"/amendments/{need.ref}/versions/1", 404)


def test_every_part_of_a_need_has_words(make, sign_in):
    need = two_versions(
        make, deadline=date(YEAR, 6, 30), channels=("un", "bilateral"), excluded_partners=("USA",), article="6.7",
        plan_title="National strategy", plan_year=2024, plan_url="https://plan.example/", language="fr",
        work=[{"year": YEAR, "area": "Bavel", "contamination": ("improvised-mines",), "suspected_m2": 12_000, "confirmed_m2": 3,
               "cancelled_m2": 0, "reduced_m2": 0, "cleared_m2": 0}],
        people=[{"reached": "survivors", "sex": "female", "age": "adults", "disability": "with", "number": 120}],
        costs=[{"year": YEAR, "kind": "staff", "amount": Decimal(1000), "note": "Two teams"}],
        covered=[{"by_whom": "Another donor", "year": None, "amount": Decimal(5000), "note": ""}],
        programme=[{"part": "a", "text": "How far the problem reaches."}])
    page = text(sign_in(Role.FOCAL_POINT, "KHM"), f"/amendments/{need.ref}/versions/2?with=1")
    for words in ("Improvised mines", "12\u202f000", "Survivors", "Women and girls", "With a disability", "Staff", "Two teams",
                  "Another donor", "How far the problem reaches.", "United Nations system", "United States",
                  "National strategy", "French", "Added", "Article 6.7", "30 June"):
        assert words in page, words
    for code in ("improvised-mines", "survivors<", "gender_analysis", "plan_title"):
        assert code not in page, code


MARKUP = '"><script>alert(1)</script>{{ 7*191 }}'


def test_markup_is_shown_as_the_text_it_is(make, sign_in):
    need = make.need("KHM", title=f"First {MARKUP}", summary=MARKUP)
    make.amendment(need, "published", note=MARKUP, title=f"Second {MARKUP}", summary=f"{MARKUP} more", risks=MARKUP,
                   covered=[{"by_whom": MARKUP, "year": YEAR, "amount": Decimal(5), "note": MARKUP}])
    make.amendment(need, "submitted", note=MARKUP, title=f"Third {MARKUP}")
    isu = sign_in(Role.ISU_OFFICER)
    for url in ("versions", "versions/2", "versions/2?with=1", "verify"):
        page = text(isu, f"/amendments/{need.ref}/{url}")
        assert "&lt;script&gt;" in page and "<script>alert" not in page and "1337" not in page, url
