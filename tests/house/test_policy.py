"""One predicate, two questions: `can` and `scope` agree on every record for every actor."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from partnerships.accounts.session import actor_of
from partnerships.cases import inviting as cases_inviting
from partnerships.cases import service as cases
from partnerships.cases.models import CaseSupport, Invitation
from partnerships.core.actor import PUBLIC, Role
from partnerships.core.audit import KINDS
from partnerships.core.db import db
from partnerships.core.policy import PERMISSIONS, can, scope
from partnerships.core.visibility import Visibility
from partnerships.documents.models import Document
from partnerships.followups.models import FollowupRule
from partnerships.followups.states import Reason
from partnerships.needs.states import NeedStatus
from partnerships.parties.models import Party
from partnerships.suggestions.models import Answer, Verdict
from partnerships.wordings.models import NeedWording
from tests.support.engine import answered, version_of_weights
from tests.support.plans import saved

# Which model a permission is about, where its name's room has several or another one's records.
MODELS = {
    "indicators": "indicator_value",
    "observations": "observation",
    "needs": "need",
    "amendments": "amendment",
    "offers": "offer",
    "matches": "match",
    "pledges": "pledge",
    "approach": "meeting",
    "cases": "approach_case",
    "followups": "followup",
    "conferences": "conference",
    "priorities": "priorities",
    "allocations": "allocation",
    "answers": "answer",
    "weights": "engine_weights",
    "documents": "document",
    "exchange": "import",
    "messages": "match_message",
    "feeds": "feed",
    "tokens": "token",
    "shares": "need_share",
    "releases": "release",
    "webhooks": "webhook",
}
OTHERS = {
    "needs.word": "need",
    "wordings.view": "need_wording",
    "wordings.write": "need_wording",
    "matches.register": "need",
    "matches.share": "need",
    "matches.request": "offer",
    "suggestions.answer": "need",
    "cases.request": None,
    "cases.propose": None,
    "cases.report": "case_support",
    "cases.invited": "invitation",
    "cases.answer": "invitation",
    "accounts.own": None,
    "renewals.view": None,
    "returns.view": None,
    "returns.draft": "party",
    "desk.view": None,
    "desk.verify": None,
    "desk.all": None,
    "followups.tune": "followup_rule",
    "policy.view": None,
    "subscriptions.count": None,
    "needs.share": "need",
}


@pytest.fixture
def world(make):
    """Records of every kind, status and visibility."""
    make.release()
    for state, status in product(
        ("KHM", "AGO"), (NeedStatus.DRAFT, NeedStatus.RETURNED, NeedStatus.SUBMITTED, NeedStatus.MET)
    ):
        make.need(state, status)
    for number, status in enumerate((NeedStatus.DRAFT, NeedStatus.SUBMITTED, NeedStatus.PUBLISHED)):
        kept = make.need("KHM", status, visibility=Visibility.ISU)
        make.share(kept, "NOR")
        make.share(kept, "JPN", until=date.today() - timedelta(number))
        make.share(kept, "GICHD", ended=number == 1)
    for level in Visibility:
        need = make.need("KHM", visibility=level)
        make.document(need)
        make.match(need, "JPN")
        make.pledge("NOR", need=make.need("AGO", visibility=level), visibility=level)
        make.document(make.offer("NOR", visibility=level), "offer")
        meeting = make.meeting("KHM", visibility=level, held_on=date.today(), participants=[make.party("NOR"), make.party("CHE")])
        make.document(meeting, "meeting")
        make.followup("KHM", "NOR", meeting=meeting)
    case = make.case("KHM", meeting)
    cases_inviting.invite(case, make.actor(Role.ISU_OFFICER), make.party("NOR"), "")
    cases.move(case, "met", make.actor(Role.ISU_OFFICER))
    make.case("AGO")
    cases_inviting.invite(make.case("SEN", make.meeting("SEN")), make.actor(Role.ISU_OFFICER), make.party("NOR"), "")
    cases.begin(make.actor(Role.COMMITTEE_MEMBER), make.party("LAO"), "To find partners.")
    make.followup("AGO", "ISU")
    make.conference()
    for role, party in ((Role.FOCAL_POINT, "KHM"), (Role.DONOR_OFFICER, "NOR"), (Role.ISU_OFFICER, "ISU")):
        make.import_(role, party, confirmed=party == "NOR")
    for status in ("draft", "submitted", "returned", "published"):
        make.amendment(make.need("KHM"), status, place="Elsewhere")
    for party in ("NOR", "CHE", "ISU"):
        saved(make, {"NOR": 1000, "JPN": 1000}, party=party, scope={"states": ["KHM"]}, run=party == "CHE")
    from partnerships.matches import service as matches
    from partnerships.offers import service as offers

    isu = make.actor(Role.ISU_OFFICER)
    for party, verdict in product(("NOR", "JPN"), Verdict):
        answered(make, need, party, verdict)
    version_of_weights()
    for role, status in ((Role.FOCAL_POINT, "waiting"), (Role.DONOR_OFFICER, "allowed"), (Role.ISU_OFFICER, "paused")):
        make.webhook(role, status=status)
    db.session.add(FollowupRule(rule=Reason.NO_CONTACT, number=30))
    matches.share(
        make.need("AGO"),
        make.party("GICHD"),
        isu,
        message="",
        next_step="Answer",
        next_step_on=date.today() + timedelta(9),
    )
    offers.move(make.offer("AUT"), "withdrawn", isu, "No longer possible")
    db.session.commit()


def test_a_record_is_in_the_list_exactly_when_its_page_opens(world, make):
    actors = [
        PUBLIC,
        *(
            actor_of(make.account(role, party))
            for role, party in [
                (Role.FOCAL_POINT, "KHM"),
                (Role.FOCAL_POINT, "AGO"),
                (Role.FOCAL_POINT, "LAO"),
                (Role.DONOR_OFFICER, "NOR"),
                (Role.DONOR_OFFICER, "JPN"),
                (Role.DONOR_OFFICER, "USA"),
                (Role.ORGANISATION_OFFICER, "GICHD"),
                (Role.COMMITTEE_MEMBER, "CHE"),
                (Role.ISU_OFFICER, "ISU"),
                (Role.ISU_ADMINISTRATOR, "ISU"),
            ]
        ),
    ]
    asked = 0
    for permission in PERMISSIONS:
        kind = OTHERS.get(permission, MODELS.get(permission.partition(".")[0]))
        if kind is None:
            continue
        # The events of an answer and of a document have its need, or another record, as their subject.
        others = {"answer": Answer, "need_wording": NeedWording,
                  "document": Document, "case_support": CaseSupport, "invitation": Invitation, "party": Party}
        model = others.get(kind) or KINDS[kind][0]
        records = db.session.scalars(select(model)).unique().all()
        for actor in actors:
            listed = {one.id for one in db.session.scalars(scope(actor, permission, model)).unique()}
            opened = {one.id for one in records if can(actor, permission, one)}
            assert listed == opened, (permission, actor)
            asked += len(records)
    assert asked > 5000
    _events_are_read_by_those_who_may_see_their_subjects(make)


def _events_are_read_by_those_who_may_see_their_subjects(make):
    from partnerships.core import audit

    for actor in (PUBLIC, make.actor(Role.DONOR_OFFICER, "USA"), make.actor(Role.FOCAL_POINT, "LAO")):
        for event in audit.latest(actor, limit=1000):
            model, permission = KINDS[event.subject_kind]
            assert can(actor, permission, db.session.get_one(model, event.subject_id)), event.tag
            assert event.audience != Visibility.ISU
