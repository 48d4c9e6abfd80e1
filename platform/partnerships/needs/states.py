"""A need's status and the moves between them."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class NeedStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    MET = "met"
    PARTLY_MET = "partly-met"
    WITHDRAWN = "withdrawn"


class Origin(StrEnum):
    """Where a need comes from: posted here by the State, or recorded by the ISU from a public document."""

    POSTED = "posted"
    RECORDED = "recorded"


LABELS = {
    NeedStatus.DRAFT: _p("need status", "Draft"),
    NeedStatus.SUBMITTED: _p("need status", "Waiting for verification"),
    NeedStatus.RETURNED: _p("need status", "Returned with comments"),
    NeedStatus.PUBLISHED: _p("need status", "Published"),
    NeedStatus.MET: _p("need status", "Met"),
    NeedStatus.PARTLY_MET: _p("need status", "Partly met"),
    NeedStatus.WITHDRAWN: _p("need status", "Withdrawn"),
}
WITH_THE_STATE = (NeedStatus.DRAFT, NeedStatus.RETURNED)
HELPED = (NeedStatus.MET, NeedStatus.PARTLY_MET)
CLOSED = (NeedStatus.MET, NeedStatus.PARTLY_MET, NeedStatus.WITHDRAWN)
ON_RECORD = (NeedStatus.PUBLISHED, *CLOSED)


class CostKind(StrEnum):
    STAFF = "staff"
    EQUIPMENT = "equipment"
    TRAINING = "training"
    SERVICES = "services"
    COORDINATION = "coordination"


class Reached(StrEnum):
    """In what way people are reached: as survivors, as families and communities affected, or as people at risk."""

    SURVIVORS = "survivors"
    AFFECTED = "affected"
    AT_RISK = "at-risk"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    ALL = "all"


class Age(StrEnum):
    CHILDREN = "children"
    ADULTS = "adults"
    OLDER = "older"
    ALL = "all"


class Disability(StrEnum):
    WITH = "with"
    WITHOUT = "without"
    ALL = "all"


COST_LABELS = {
    CostKind.STAFF: _p("cost", "Staff"), CostKind.EQUIPMENT: _p("cost", "Equipment"),
    CostKind.TRAINING: _p("cost", "Training"), CostKind.SERVICES: _p("cost", "Services"),
    CostKind.COORDINATION: _p("cost", "Coordination"),
}
REACHED_LABELS = {
    Reached.SURVIVORS: _p("people", "Survivors"), Reached.AFFECTED: _p("people", "Families and communities affected"),
    Reached.AT_RISK: _p("people", "People at risk"),
}
SEX_LABELS = {Sex.FEMALE: _p("people", "Women and girls"), Sex.MALE: _p("people", "Men and boys"),
              Sex.ALL: _p("people", "All, or not known")}
AGE_LABELS = {Age.CHILDREN: _p("people", "Children, under 18"), Age.ADULTS: _p("people", "Adults, 18 to 59"),
              Age.OLDER: _p("people", "Older people, 60 and over"), Age.ALL: _p("people", "All, or not known")}
DISABILITY_LABELS = {
    Disability.WITH: _p("people", "With a disability"), Disability.WITHOUT: _p("people", "Without a disability"),
    Disability.ALL: _p("people", "All, or not known"),
}
# What lies in the ground. Improvised mines count: they are anti-personnel mines by Article 2 where a person sets them off.
CONTAMINATION = {
    "ap-mines": _p("contamination", "Anti-personnel mines"),
    "improvised-mines": _p("contamination", "Improvised mines"),
    "av-mines": _p("contamination", "Anti-vehicle mines"),
    "cluster-munitions": _p("contamination", "Cluster munition remnants"),
    "other-remnants": _p("contamination", "Other explosive remnants of war"),
}
# Through whom help may come: Article 6.3 and 6.4.
CHANNELS = {
    "un": _p("channel", "United Nations system"),
    "organisations": _p("channel", "International or regional organisations"),
    "ngos": _p("channel", "Non-governmental organisations"),
    "red-cross": _p("channel", "Red Cross and Red Crescent"),
    "bilateral": _p("channel", "Directly, State to State"),
    "un-trust-fund": _p("channel", "United Nations Voluntary Trust Fund"),
    "regional-funds": _p("channel", "Other regional funds"),
    "national": _p("channel", "National institutions of the affected State"),
}


def asks_for_money(kinds: Collection[str]) -> bool:
    """Whether a need must say how much: one that asks for advice, training or exchange alone need not be priced."""
    return not kinds or "money" in kinds
