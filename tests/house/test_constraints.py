"""Every named rule of the database is broken once, on both engines, and has words for a person."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Integer, String, Table, UniqueConstraint, insert, null, select, update
from sqlalchemy.exc import IntegrityError

from partnerships.accounts import factors, invitations
from partnerships.accounts.models import Passkey
from partnerships.assessments.models import Assessment
from partnerships.conferences.models import ConferenceTarget, Outcome
from partnerships.conferences.states import PledgeObject
from partnerships.core import jobs, mail
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.constraints import WORDS, words_for
from partnerships.core.db import Base, current_engine, db, utcnow
from partnerships.followups.models import FollowupRule
from partnerships.followups.states import Reason
from partnerships.notices import service as wishing
from partnerships.notices.states import Cadence, Kind
from partnerships.pledges.models import PledgeReport
from partnerships.pledges.service import Details
from partnerships.pledges.states import Side
from partnerships.registry import load_models
from partnerships.seeding import demo
from partnerships.tokens.models import TokenReceipt
from partnerships.webhooks import service as webhooks
from tests.support.engine import answered, version_of_weights, vocabulary
from tests.support.feeds import feed
from tests.support.plans import saved

load_models()
# The change that breaks each rule which is more than a list of known values.
BREAKS: dict[str, dict[str, Any]] = {
    "ck_account_authenticated_has_how": {"authenticated_at": "2026-02-02", "authenticated_how": ""},
    "ck_account_invitation_authenticated_has_how": {"authenticated_at": "2026-02-02", "authenticated_how": ""},
    "ck_allocation_done_has_result": {"status": "done", "result": null()},
    "ck_allocation_floor_in_range": {"floor": 51},
    "ck_allocation_minimum_not_negative": {"minimum": -1},
    "ck_answer_not_relevant_has_reason": {"verdict": "not-relevant", "reason": ""},
    "ck_conference_days_in_order": {"first_day": "2026-02-02", "last_day": "2026-02-01"},
    "ck_meeting_closed_has_outcome": {"status": "closed", "outcome": "", "source": ""},
    "ck_priorities_amount_min_not_negative": {"amount_min": -1},
    "ck_offer_amount_min_not_negative": {"amount_min": -1},
    "ck_priorities_amount_typical_not_negative": {"amount_typical": -1},
    "ck_priorities_budget_month": {"budget_month": 13},
    "ck_priorities_amounts_in_order": {"amount_min": 2, "amount_max": 1},
    "ck_offer_amounts_in_order": {"amount_min": 2, "amount_max": 1},
    "ck_need_published_has_date": {"status": "published", "published_at": None},
    "ck_match_declined_has_reason": {"status": "declined", "reason": ""},
    "ck_match_message_one_side": {"audience": "side", "side_id": None},
    "ck_match_message_words_until_taken_back": {"body": ""},
    "ck_match_open_has_owner": {"status": "interest", "next_step": ""},
    "ck_need_amount_amount_not_negative": {"amount": -2, "national_share": -3},
    "ck_need_amount_share_not_negative": {"national_share": -1},
    "ck_need_amount_share_within_amount": {"amount": 1, "national_share": 2},
    "ck_need_amount_years_in_order": {"first_year": 2030, "last_year": 2029},
    "ck_pledge_agreed_has_date": {"status": "agreed", "agreed_on": None, "source": "", "paid_amount": 0},
    "ck_pledge_confirmed_has_date": {"status": "confirmed", "confirmed_on": None, "source": "", "paid_amount": 0},
    "ck_pledge_amount_positive_with_currency": {"currency": ""},
    "ck_pledge_object_need_has_need": {"object": "need", "need_id": None},
    "ck_pledge_object_programme_has_recipient": {"object": "programme", "recipient_id": None},
    "ck_pledge_paid_after_agreement": {"status": "announced", "agreed_on": None, "source": "", "paid_amount": 1},
    "ck_pledge_paid_means_all": {"status": "paid", "paid_amount": 0},
    "ck_pledge_paid_not_negative": {"paid_amount": -1, "status": "announced"},
    "ck_pledge_paid_within_amount": {
        "status": "agreed",
        "agreed_on": "2026-01-01",
        "amount": 1,
        "paid_amount": 2,
        "currency": "USD",
    },
    "ck_pledge_years_in_order": {"first_year": 2030, "last_year": 2029},
    "ck_followup_done_has_result": {"status": "done", "result": ""},
    "ck_followup_only_open_snoozed": {"status": "dropped", "snoozed_until": "2030-01-01"},
    "ck_followup_dismissed_is_dropped": {"status": "open", "dismissal": "not-now"},
    "ck_followup_rule_number_from_one": {"number": 0},
    "ck_pledge_step_amount_positive": {"amount": 0},
    "ck_pledge_step_payment_has_amount": {"kind": "payment", "amount": None},
    "ck_pledge_step_only_payments_voided": {"kind": "announced", "voided_at": "2026-01-01"},
    "ck_pledge_only_money_has_amount": {"kind": "political", "amount": 5, "currency": "USD", "paid_amount": 0,
                                        "status": "announced"},
    "ck_pledge_valuation_of_in_kind": {"kind": "financial", "valuation": 5, "valuation_currency": "USD"},
    "ck_pledge_delivered_is_not_money": {"kind": "financial", "status": "delivered"},
    "ck_pledge_portion_amount_positive": {"amount": 0},
    "ck_pledge_partner_amount_positive": {"amount": 0},
    "ck_pledge_need_amount_positive": {"amount": 0},
    "ck_pledge_report_paid_not_negative": {"paid_amount": -1},
    "ck_pledge_report_outcome": {"settled_on": "2026-01-01", "outcome": "nonsense"},
    "ck_pledge_report_settled_has_outcome": {"settled_on": "2026-01-01", "outcome": None},
    "ck_conference_target_amount_positive": {"amount": 0},
    "ck_conference_outcome_number_from_one": {"number": 0},
    "ck_attendance_speaking_from_one": {"speaking": 0},
    "ck_assessment_amount_positive": {"amount": 0},
    "ck_indicator_value_value_not_negative": {"value": -1},
    "ck_assessment_paid_has_date": {"paid_amount": 1, "paid_on": None},
    "ck_assessment_paid_within_amount": {"amount": 1, "paid_amount": 2, "paid_on": "2026-01-01"},
    "ck_mail_attempts_not_negative": {"attempts": -1},
    "ck_subscription_failures_not_negative": {"failures": -1},
    "ck_need_received_not_negative": {"received": -1},
    "ck_need_cost_amount_positive": {"amount": 0},
    "ck_need_cover_amount_positive": {"amount": 0},
    "ck_need_people_number_positive": {"number": 0},
    "ck_need_work_areas_not_negative": {"cleared_m2": -1},
    "ck_need_programme_part": {"part": "x"},
    "ck_need_version_number_from_one": {"number": 0},
    "ck_approach_case_shared_with_consent": {"shared_on": "2026-01-01", "consent_on": None},
    "ck_approach_case_consent_to_something": {"consent_on": "2026-01-01", "shared": "", "shared_on": None},
    "ck_approach_case_met_has_meeting": {"status": "met", "meeting_id": None},
    "ck_invitation_answer_has_day": {"status": "sent", "answered_on": "2026-01-01"},
    "ck_statement_has_words": {"words": ""},
    "ck_case_support_months": {"months": 9},
    "ck_case_support_answer": {"answer": "nonsense", "answered_on": "2026-01-01"},
    "ck_case_support_answer_has_day": {"answer": None, "answered_on": "2026-01-01"},
    "ck_webhook_failures_not_negative": {"failures": -1},
    "ck_webhook_delivery_attempts_not_negative": {"attempts": -1},
    "ck_document_one_record": {"need_id": None},
    "ck_document_size_positive": {"size": 0},
    "ck_release_size_positive": {"size": 0},
    "ck_release_number_from_one": {"number": 0},
    "ck_release_file_until_withdrawn": {"stored_as": None},
    "ck_release_withdrawn_has_reason": {"withdrawn_at": "2026-01-01", "stored_as": None, "reason": ""},
}
RULES = [
    (table, rule)
    for table in Base.metadata.sorted_tables
    for rule in sorted(table.constraints, key=lambda one: str(one.name))
    if isinstance(rule, CheckConstraint | UniqueConstraint)
]
FILLED = {
    "uq_followup_suggestion": {"suggestion": "a-key"}, "uq_need_party_id_import_key": {"import_key": "a-key"},
    "uq_offer_party_id_import_key": {"import_key": "a-key"}, "uq_contribution_import_key": {"import_key": "a-key"},
    "uq_account_issuer_issuer_subject": {"issuer": "https://ministry.example", "issuer_subject": "one"},
}


def _plain(table: Table) -> Table:
    """The table without our column types, so that a wrong value reaches the database itself."""
    from sqlalchemy import MetaData

    return Table(table.name, MetaData(), autoload_with=current_engine(), resolve_fks=False)


def _breaking(rule: CheckConstraint) -> dict[str, Any]:
    name = str(rule.name)
    if name in BREAKS:
        from datetime import date

        return {
            key: date.fromisoformat(value)
            if isinstance(value, str) and value[:2] == "20" and value.count("-") == 2
            else value
            for key, value in BREAKS[name].items()
        }
    assert " IN (" in str(rule.sqltext), f"say in BREAKS how {name} is broken"
    return {str(rule.sqltext).split(" IN ")[0].split(" OR ")[-1].strip(): "nonsense"}


def _parts_of_pledges(make):
    """A row in each table that the demonstration leaves empty."""
    first, second, conference = make.need("KHM"), make.need("KHM"), make.conference()
    pledge = make.pledge("NOR", need=first, amount=Decimal(500), details=Details(
        portions=((2027, Decimal(200)), (2028, Decimal(300))), partners=((make.party("SWE"), Decimal(50)),),
        parts=((first, Decimal(100)), (second, None))))
    make.terms(pledge)
    reporter = make.party("KHM")
    conference.targets.append(ConferenceTarget(object=PledgeObject.FUND, amount=Decimal(5), currency="USD"))
    webhooks.test(make.webhook(status="allowed"), make.actor(Role.DONOR_OFFICER, "NOR"))
    db.session.add_all([
        PledgeReport(pledge=pledge, party=reporter, side=Side.RECIPIENT, paid_amount=Decimal(1), as_of=date.today()),
        Outcome(conference=conference, number=1, content={}, sha256=""), FollowupRule(rule=Reason.NO_CONTACT, number=30),
        Assessment(party=reporter, year=2026, purpose="Meeting", amount=Decimal(5), currency="USD")])
    db.session.commit()


@pytest.fixture
def full(app, make):
    demo.add()
    db.session.commit()
    saved(make, {"NOR": 1000})
    answered(make, make.need())
    version_of_weights()
    _parts_of_pledges(make)
    make.indicator_value()
    make.observation()
    make.release()
    make.wording(make.need("KHM"))
    vocabulary()
    wishing.wish(make.actor(), {Kind.NEEDS: Cadence.WEEKLY})
    db.session.add(jobs.JobRun(name="notices", slot="2026-01-01", host="here", started_at=utcnow()))
    feed(make, "NOR")
    make.subscription()
    db.session.add(TokenReceipt(token_id=make.token(Role.DONOR_OFFICER, "NOR").id, key="a-key", asked="x"))
    person = make.account()
    mail.write(person, key="a-letter", kind="test", subject="Words", body="Words.")
    invitations.invite(SYSTEM, make.party("NOR"), email="new@norway.example", name="New", role=Role.DONOR_OFFICER)
    db.session.add(Passkey(account_id=person.id, credential="x", public_key=b"x", name="x"))
    factors.fresh_recovery_codes(person)
    db.session.commit()


def test_every_check_refuses(full):
    for table, rule in RULES:
        if isinstance(rule, CheckConstraint):
            plain = _plain(table)
            with pytest.raises(IntegrityError) as caught, current_engine().begin() as connection:
                connection.execute(update(plain).values(**_breaking(rule)))
                pytest.fail(f"{rule.name}: nothing refused it, or the table is empty")
            assert str(rule.name) in str(caught.value.orig), rule.name
            assert words_for(caught.value)


def test_every_unique_rule_refuses(full):
    for table, rule in RULES:
        if isinstance(rule, UniqueConstraint):
            plain, name = _plain(table), str(rule.name)
            others = {
                column.name
                for _table, other in RULES
                if _table is table and other is not rule and isinstance(other, UniqueConstraint)
                for column in other.columns
            } - {one.name for one in rule.columns}
            with pytest.raises(IntegrityError) as caught, current_engine().begin() as connection:
                columns = [plain.c[column.name] for column in rule.columns]
                if name in FILLED:
                    first = connection.execute(select(plain.c.id).limit(1)).scalar()
                    connection.execute(update(plain).where(plain.c.id == first).values(**FILLED[name]))
                row = (
                    connection.execute(select(plain).where(*(column.is_not(None) for column in columns)).limit(1))
                    .mappings()
                    .one()
                )
                twin = {key: value for key, value in row.items() if key != "id"} | {
                    key: None if plain.c[key].nullable else "x"
                    for key in others
                    if plain.c[key].nullable or isinstance(plain.c[key].type, String)
                }
                twin |= {key: 10**8 for key in others if isinstance(plain.c[key].type, Integer)
                         and not plain.c[key].nullable and not plain.c[key].foreign_keys}
                for key in {"id", "number"} & {one.name for one in table.primary_key.columns}:
                    twin[key] = 10**8
                connection.execute(insert(plain).values(**twin))
            assert words_for(caught.value) == str(WORDS.get(name, words_for(caught.value)))
            assert name in str(caught.value.orig) or "UNIQUE constraint failed" in str(caught.value.orig), name


def test_every_rule_a_person_can_meet_has_words():
    named = {str(rule.name) for _table, rule in RULES}
    assert set(WORDS) <= named, "words for rules that no longer exist"
    assert set(BREAKS) <= named
    assert set(BREAKS) <= set(WORDS)
