"""Who may do what with needs."""

from flask_babel import lazy_pgettext as _p

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Empty, Holds, Lasts, Own, Predicate, Rule, Through, always, grant
from partnerships.core.visibility import visible
from partnerships.needs.states import ON_RECORD, WITH_THE_STATE, NeedStatus, Origin

on_record = Holds("status", *ON_RECORD).called(_p("rule", "it is published or was (met, partly met, withdrawn)"))
seen = on_record & visible()
own = Own("party_id")
partner = on_record & Through("matches", Own("party_id")).called(
    _p("rule", "the reader's party is the partner in one of its matches"))
# A partner with whom its State shares the need until a day (room shares), whatever its status: all of it but the contact.
lent = Through("shares", Own("party_id") & Empty("ended_at") & Lasts("until")).called(
    _p("rule", "its State shares it with the reader's party until a day that has not passed"))
# Whom to write to: every signed-in reader, unless the State keeps it for the partners of matches in which it shows it.
contact = Holds("contact_shared", True)
shown_to = on_record & Through("matches", Own("party_id") & ~Empty("contact_shown_at"))


def _viewing(open_: Predicate) -> Rule:
    """Who sees a need, or the part of one that its column opens to the same people or to fewer."""
    shown = seen & open_
    return {
        **grant(shown, Role.PUBLIC, Role.COMMITTEE_MEMBER),
        **grant(shown | partner | lent, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER),
        **grant(shown | partner | lent | own, Role.FOCAL_POINT),
        **grant(~Holds("status", NeedStatus.DRAFT), *ISU),
    }


PERMISSIONS: dict[str, Rule] = {
    "needs.view": _viewing(always),
    # The parts that a State may keep for fewer people: its amounts, and the second part of the form.
    "needs.view-amounts": _viewing(visible("amounts_visibility")),
    "needs.view-details": _viewing(visible("details_visibility")),
    "needs.view-contact": {
        **grant(seen & contact, Role.COMMITTEE_MEMBER),
        **grant(((seen | partner) & contact) | shown_to, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER),
        **grant(((seen | partner) & contact) | shown_to | own, Role.FOCAL_POINT),
        **grant(~Holds("status", NeedStatus.DRAFT), *ISU),
    },
    "needs.share-contact": grant(own, Role.FOCAL_POINT),
    "needs.create": grant(always, Role.FOCAL_POINT),
    # A published need is changed through an amendment (room amendments); one recorded from a document is not the State's words.
    "needs.edit": grant(own & Holds("origin", Origin.POSTED) & Holds("status", *WITH_THE_STATE, NeedStatus.PUBLISHED),
                        Role.FOCAL_POINT),
    "needs.submit": grant(own, Role.FOCAL_POINT),
    "needs.take-back": grant(own, Role.FOCAL_POINT),
    "needs.verify": grant(~Holds("status", NeedStatus.DRAFT), *ISU),
    "needs.close": {**grant(own, Role.FOCAL_POINT), **grant(on_record, *ISU)},
}
