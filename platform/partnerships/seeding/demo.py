"""The demonstration: a sign-in for each role, and a plausible scenario whose every record is marked."""

from __future__ import annotations

from partnerships.core.actor import Role

PASSWORD = "partnerships-demo-2026"
SIGN_INS = (
    ("focal@cambodia.example", Role.FOCAL_POINT),
    ("focal@angola.example", Role.FOCAL_POINT),
    ("donor@norway.example", Role.DONOR_OFFICER),
    ("donor@japan.example", Role.DONOR_OFFICER),
    ("officer@gichd.example", Role.ORGANISATION_OFFICER),
    ("isu@isu.example", Role.ISU_OFFICER),
    ("admin@isu.example", Role.ISU_ADMINISTRATOR),
    ("committee@switzerland.example", Role.COMMITTEE_MEMBER),
)


def is_there() -> bool:
    return False


def add() -> bool:
    return False


def remove() -> int:
    return 0
