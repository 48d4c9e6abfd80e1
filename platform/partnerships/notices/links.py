"""Where a notice leads: the page of the record that its event is about."""

from __future__ import annotations

from typing import Any

from partnerships.core.audit import Event

# By the kind of subject: the endpoint, and whether it goes by the record's number or by its reference.
PAGES = {"need": ("needs.detail", False), "pledge": ("pledges.detail", False), "meeting": ("approach.detail", False),
         "approach_case": ("cases.detail", False), "match": ("matches.detail", True), "followup": ("followups.detail", True)}


def endpoint(event: Event) -> tuple[str, dict[str, Any]]:
    """The endpoint and its arguments. An amendment is read on its need's page, a message in its match, a share that is over
    in the list of shares."""
    if event.tag == "need_share.ended":
        return "shares.index", {}
    if event.subject_kind in ("amendment", "need_share"):
        return "needs.detail", {"ref": event.subject_label}
    if event.subject_kind == "match_message":
        return "matches.detail", {"number": next(link.record_id for link in event.links if link.kind == "match")}
    page, by_number = PAGES[event.subject_kind]
    return page, {"number": event.subject_id} if by_number else {"ref": event.subject_label}
