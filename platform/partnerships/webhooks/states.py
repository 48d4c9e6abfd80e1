"""What a webhook tells of, how it stands, and what became of a delivery."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class What(StrEnum):
    """What a delivery tells of. A test is sent on demand, and tells of nothing."""

    NEED_PUBLISHED = "need.published"
    PLEDGE_CONFIRMED = "pledge.confirmed"
    FOLLOWUP_DUE = "followup.due"
    TEST = "test"


class WebhookStatus(StrEnum):
    """How a webhook stands. It works only when it is allowed."""

    WAITING = "waiting"
    ALLOWED = "allowed"
    PAUSED = "paused"
    REFUSED = "refused"


class DeliveryStatus(StrEnum):
    """What became of a delivery. Withheld: its record was no longer within the party's sight, so nothing was sent."""

    WAITING = "to-send"
    DELIVERED = "answered"
    GIVEN_UP = "given-up"
    WITHHELD = "withheld"


class Reason(StrEnum):
    """Why an attempt failed."""

    STATUS = "status"
    REDIRECT = "redirect"
    SLOW = "slow"
    CLOSED = "closed"
    UNKNOWN_HOST = "unknown-host"
    PRIVATE = "private"
    CERTIFICATE = "certificate"
    UNFIT = "unfit"
    LOCKED = "locked"
    HIDDEN = "hidden"


TOLD = (What.NEED_PUBLISHED, What.PLEDGE_CONFIRMED, What.FOLLOWUP_DUE)
WHAT_LABELS = {
    What.NEED_PUBLISHED: _p("webhook", "A need was published"),
    What.PLEDGE_CONFIRMED: _p("webhook", "A pledge was confirmed in writing"),
    What.FOLLOWUP_DUE: _p("webhook", "A follow-up of ours is due"),
    What.TEST: _p("webhook", "Test"),
}
LABELS = {
    WebhookStatus.WAITING: _p("webhook", "Waiting for an administrator"),
    WebhookStatus.ALLOWED: _p("webhook", "Working"),
    WebhookStatus.PAUSED: _p("webhook", "Paused"),
    WebhookStatus.REFUSED: _p("webhook", "Refused"),
}
DELIVERY_LABELS = {
    DeliveryStatus.WAITING: _p("webhook", "To be sent"),
    DeliveryStatus.DELIVERED: _p("webhook", "Delivered"),
    DeliveryStatus.GIVEN_UP: _p("webhook", "Given up"),
    DeliveryStatus.WITHHELD: _p("webhook", "Not sent"),
}
REASON_LABELS = {
    Reason.STATUS: _p("webhook", "It answered with an error."),
    Reason.REDIRECT: _p("webhook", "It leads to another address, which is not followed: give that one."),
    Reason.SLOW: _p("webhook", "No whole answer within ten seconds."),
    Reason.CLOSED: _p("webhook", "It took no connection, or closed it without an answer."),
    Reason.UNKNOWN_HOST: _p("webhook", "The name of the host leads nowhere."),
    Reason.PRIVATE: _p("webhook", "The name of the host leads into a private or reserved network."),
    Reason.CERTIFICATE: _p("webhook", "Its certificate is not valid for this host."),
    Reason.UNFIT: _p("webhook", "The address is no longer one that may be used."),
    Reason.LOCKED: _p("webhook", "The secret can no longer be read here: renew it."),
    Reason.HIDDEN: _p("webhook", "No longer within your sight."),
}
