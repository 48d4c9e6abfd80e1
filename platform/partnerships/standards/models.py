"""How a donor classifies a pledge by the lists of the DAC and of IATI: what it says, never inferred."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.core.db import Base, Chosen, Record, one_of
from partnerships.pledges.models import Pledge
from partnerships.standards.states import AidType, FinanceType, Significance, TiedStatus


class PledgeTerms(Record, Base):
    """The classification of one pledge. Each part is empty as long as nobody said it."""

    __tablename__ = "pledge_terms"
    __table_args__ = (
        CheckConstraint(f"aid_type IS NULL OR {one_of('aid_type', AidType)}", name="aid_type"),
        CheckConstraint(f"finance_type IS NULL OR {one_of('finance_type', FinanceType)}", name="finance_type"),
        CheckConstraint(f"tied_status IS NULL OR {one_of('tied_status', TiedStatus)}", name="tied_status"),
        CheckConstraint(f"gender IS NULL OR {one_of('gender', Significance)}", name="gender"),
        CheckConstraint(f"disability IS NULL OR {one_of('disability', Significance)}", name="disability"),
    )

    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id", ondelete="CASCADE"), unique=True)
    aid_type: Mapped[AidType | None] = mapped_column(Chosen(AidType))
    finance_type: Mapped[FinanceType | None] = mapped_column(Chosen(FinanceType))
    tied_status: Mapped[TiedStatus | None] = mapped_column(Chosen(TiedStatus))
    gender: Mapped[Significance | None] = mapped_column(Chosen(Significance))
    disability: Mapped[Significance | None] = mapped_column(Chosen(Significance))
    version: Mapped[int] = mapped_column(default=1)
    pledge: Mapped[Pledge] = relationship()
    __mapper_args__ = {"version_id_col": version}
