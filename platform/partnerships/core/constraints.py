"""Names of database constraints, in words: the database knows each rule too, and a person reads why it said no."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

WORDS: dict[str, object] = {}


def explain(**words: object) -> None:
    """A room registers the words of its constraints, by their full names."""
    WORDS.update(words)


ORDER = _l("The first must not come after the last.")
NOT_NEGATIVE = _l("An amount cannot be negative.")
MORE_THAN_NOTHING = _l("An amount is more than nothing.")
explain(
    uq_account_email=_l("There is already an account with this address."),
    uq_account_issuer_issuer_subject=_l("This sign-in of a ministry is already bound to an account."),
    ck_account_authenticated_has_how=_l("Say how the ISU made sure that this is the focal point."),
    ck_account_invitation_authenticated_has_how=_l("Say how the ISU made sure that this is the focal point."),
    uq_passkey_credential=_l("This passkey is already kept."),
    uq_mail_key=_l("This letter was already written."), ck_mail_attempts_not_negative=_l("Attempts are counted from zero."),
    uq_match_need_id_party_id=_l("This partner already has a match with this need."),
    uq_attendance_conference_id_party_id=_l("This delegation is already on the attendance list."),
    uq_conference_number=_l("There is already a pledging conference with this number."),
    uq_followup_suggestion=_l("This suggestion was already answered."),
    uq_need_amount_need_id_first_year=_l("This year is already given."),
    uq_priorities_party_id=_l("Priorities are already on record: open them and change them."),
    uq_need_version_need_id_number=_l("A new version of this need was published at the same moment: open it again."),
    ck_need_version_number_from_one=_l("Versions are counted from one."),
    uq_answer_need_id_party_id_account_id=_l("You answered this suggestion at the same moment on another page: open it "
                                             "again to see what is kept."),
    uq_engine_language_digest=_l("This vocabulary is already kept."),
    ck_answer_not_relevant_has_reason=_l("Choose why it is not relevant."),
    ck_conference_days_in_order=ORDER, ck_need_amount_years_in_order=ORDER, ck_pledge_years_in_order=ORDER,
    ck_offer_amounts_in_order=ORDER, ck_priorities_amounts_in_order=ORDER,
    ck_offer_amount_min_not_negative=NOT_NEGATIVE, ck_priorities_amount_min_not_negative=NOT_NEGATIVE,
    ck_need_amount_amount_not_negative=NOT_NEGATIVE, ck_need_amount_share_not_negative=NOT_NEGATIVE,
    ck_pledge_paid_not_negative=NOT_NEGATIVE,
    ck_need_received_not_negative=NOT_NEGATIVE,
    ck_need_cost_amount_positive=MORE_THAN_NOTHING, ck_need_cover_amount_positive=MORE_THAN_NOTHING,
    ck_need_people_number_positive=_l("A group of people is more than nobody."),
    ck_need_work_areas_not_negative=_l("An area cannot be negative."),
    uq_need_cost_need_id_year_kind=_l("This kind of cost is already given for this year."),
    ck_need_programme_part=_l("A request under Article 6.7 has parts a to f."),
    uq_need_programme_need_id_part=_l("This part is already given."),
    uq_need_party_id_import_key=_l("A need with this reference of its own is already on record."),
    uq_contribution_import_key=_l("This flow is already on record."),
    uq_offer_party_id_import_key=_l("An offer with this reference of its own is already on record."),
    ck_need_amount_share_within_amount=_l("The national share may not exceed the amount."),
    ck_need_published_has_date=_l("A published need has a date of publication."),
    ck_match_open_has_owner=_l("An open match has an owner, a next step and a date."),
    ck_match_declined_has_reason=_l("A match is declined with a reason."),
    ck_meeting_closed_has_outcome=_l("A country meeting is closed with its outcome."),
    uq_followup_rule_rule=_l("This rule was set at the same moment by somebody else: open it again."),
    ck_followup_rule_number_from_one=_l("The number of a rule is at least one."),
    ck_followup_only_open_snoozed=_l("Only an open follow-up can be put off."),
    ck_followup_dismissed_is_dropped=_l("A suggestion that is not needed is kept as dropped."),
    ck_followup_done_has_result=_l("A follow-up is done with its result."),
    ck_pledge_amount_positive_with_currency=_l("The amount of a pledge is more than nothing and has a currency."),
    ck_pledge_paid_within_amount=_l("Payments may not exceed the amount of the pledge."),
    ck_pledge_paid_after_agreement=_l("Payments are recorded once the agreement is signed."),
    ck_pledge_paid_means_all=_l("A pledge is paid once its whole amount has been paid."),
    ck_pledge_confirmed_has_date=_l("A confirmation has a date."),
    ck_pledge_agreed_has_date=_l("A signature has a date."),
    ck_pledge_object_need_has_need=_l("Name the need that the pledge is for."),
    ck_pledge_object_programme_has_recipient=_l("Name the State whose programme the pledge is for."),
    ck_conference_target_amount_positive=MORE_THAN_NOTHING, ck_assessment_amount_positive=MORE_THAN_NOTHING,
    uq_conference_target_conference_id_object_year_currency=_l("This target is already given."),
    uq_conference_outcome_conference_id_number=_l("The outcome was published at the same moment by somebody else: open it again."),
    ck_conference_outcome_number_from_one=_l("Outcomes are counted from one."),
    ck_attendance_speaking_from_one=_l("Places on the list of speakers are counted from one."),
    uq_assessment_party_id_year_purpose=_l("This assessment is already on record: open it and change it."),
    uq_need_wording_need_id_language=_l("There is a wording in this language already: open it and change it."),
    uq_indicator_value_indicator_id_year=_l("This year's value is already on record: open it and change it."),
    ck_indicator_value_value_not_negative=_l("The value cannot be negative."),
    uq_observation_party_id=_l("There is a text about this State already: open it and change it."),
    ck_assessment_paid_within_amount=_l("No more can be paid than was assessed."),
    ck_assessment_paid_has_date=_l("A payment has a date."),
)


def words_for(error: IntegrityError) -> str:
    """The words of the violated constraint, or honest general ones."""
    text = str(error.orig)
    for name, words in WORDS.items():
        if name in text or _columns(name, text):
            return str(words)
    if "ck_" in text:
        return _("The register does not know this value. Nothing was changed.")
    return _("The register refused this because it contradicts another record. Nothing was changed.")


def _columns(name: str, text: str) -> bool:
    """SQLite names the columns of a broken UNIQUE rule, not the rule."""
    found = re.search(r"UNIQUE constraint failed: (.+)", text)
    if not found or not name.startswith("uq_"):
        return False
    parts = [column.strip().split(".") for column in found.group(1).split(",")]
    return name == "_".join(["uq", parts[0][0], *(part[1] for part in parts)])
