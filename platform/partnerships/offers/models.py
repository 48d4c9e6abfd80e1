"""Offers: what a partner can give, standing until a date."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from flask_babel import lazy_pgettext as _p
from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.core.db import Amount, Base, Chosen, Codes, Record, one_of
from partnerships.core.visibility import Visibility
from partnerships.parties.models import Party


class OfferStatus(StrEnum):
    OPEN = "open"
    WITHDRAWN = "withdrawn"


class Nature(StrEnum):
    """What an offer is: help of whatever kind, equipment left after completion (Oslo Action Plan, action 47), or an entry
    of the lists of Article 6.6: experts, expert agencies, national points of contact."""

    HELP = "help"
    EQUIPMENT = "equipment-after-completion"
    EXPERTS = "experts"
    AGENCY = "expert-agency"
    CONTACT_POINT = "contact-point"


NATURE_LABELS = {
    Nature.HELP: _p("offer", "Help"), Nature.EQUIPMENT: _p("offer", "Equipment left after completion"),
    Nature.EXPERTS: _p("offer", "Experts"), Nature.AGENCY: _p("offer", "Expert agency"),
    Nature.CONTACT_POINT: _p("offer", "National point of contact"),
}
# The lists of Article 6.6, each under its name.
LISTS = {
    Nature.EXPERTS: _p("list of offers", "Experts"), Nature.AGENCY: _p("list of offers", "Expert agencies"),
    Nature.CONTACT_POINT: _p("list of offers", "National points of contact"),
}
# What an offer of this nature is in any case, whatever else it names: the engine and the filters read the kinds.
ALWAYS = {Nature.EQUIPMENT: "equipment", Nature.EXPERTS: "expertise", Nature.AGENCY: "expertise",
          Nature.CONTACT_POINT: "exchange"}
LABELS = {
    OfferStatus.OPEN: _p("offer status", "Open"),
    OfferStatus.WITHDRAWN: _p("offer status", "Withdrawn"),
}


class Offer(Record, Base):
    """A standing offer, with a reference such as NOR-OFFER-2026-001."""

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint(one_of("status", OfferStatus), name="status"),
        CheckConstraint(one_of("visibility", Visibility), name="visibility"),
        CheckConstraint(one_of("nature", Nature), name="nature"),
        UniqueConstraint("party_id", "import_key"),
        CheckConstraint("amount_min IS NULL OR amount_min >= 0", name="amount_min_not_negative"),
        CheckConstraint("amount_min IS NULL OR amount_max IS NULL OR amount_min <= amount_max", name="amounts_in_order"),
    )

    ref: Mapped[str] = mapped_column(String(32), unique=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    status: Mapped[OfferStatus] = mapped_column(Chosen(OfferStatus), default=OfferStatus.OPEN)
    nature: Mapped[Nature] = mapped_column(Chosen(Nature), default=Nature.HELP, server_default=Nature.HELP.value)
    title: Mapped[str] = mapped_column(String(160))
    summary: Mapped[str] = mapped_column(Text)
    themes: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    kinds: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    regions: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    countries: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    languages: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    amount_min: Mapped[Decimal | None] = mapped_column(Amount)
    amount_max: Mapped[Decimal | None] = mapped_column(Amount)
    quantities: Mapped[str] = mapped_column(String(400), default="", server_default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    how_to_ask: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(String(160), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    valid_until: Mapped[date] = mapped_column(index=True)
    visibility: Mapped[Visibility] = mapped_column(Chosen(Visibility), default=Visibility.PUBLIC)
    confirmed_at: Mapped[datetime | None]
    import_key: Mapped[str | None] = mapped_column(String(160))
    version: Mapped[int] = mapped_column(default=1)
    party: Mapped[Party] = relationship()
    __mapper_args__ = {"version_id_col": version}
