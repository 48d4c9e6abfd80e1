"""Who is asking: a frozen record of the person's role and party, made once a request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles of the platform. PUBLIC is everybody without a sign-in."""

    FOCAL_POINT = "focal-point"
    DONOR_OFFICER = "donor-officer"
    ORGANISATION_OFFICER = "organisation-officer"
    ISU_OFFICER = "isu-officer"
    ISU_ADMINISTRATOR = "isu-administrator"
    COMMITTEE_MEMBER = "committee-member"
    PUBLIC = "public"


ISU = (Role.ISU_OFFICER, Role.ISU_ADMINISTRATOR)
# Those who act for a State or an organisation.
FOR_A_PARTY = (Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER)
SIGNED_IN = tuple(role for role in Role if role is not Role.PUBLIC)


@dataclass(frozen=True)
class Actor:
    """The person behind a request, or a command (role ISU_ADMINISTRATOR, no account)."""

    role: Role
    account_id: int | None = None
    party_id: int | None = None
    name: str = ""
    party_name: str = ""
    party_ref: str = ""
    of_state_party: bool = False
    is_head: bool = False  # of a delegation: may invite colleagues
    is_demo: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.role is not Role.PUBLIC

    @property
    def is_isu(self) -> bool:
        return self.role in ISU

    @property
    def party_short(self) -> str:
        """The party's name where there is little room: its reference when the name is long."""
        return self.party_name if len(self.party_name) <= 32 else self.party_ref

    @property
    def label(self) -> str:
        """How the record names who acted: the party, for whom the person acts; the person by the number of the account alone."""
        return self.party_name or self.name


PUBLIC = Actor(Role.PUBLIC)
SYSTEM = Actor(Role.ISU_ADMINISTRATOR, name="Platform")
