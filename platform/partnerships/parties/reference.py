"""Reference tables of the Convention: thematic areas, kinds of assistance, articles, action plans with their indicators."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnerships.core.db import Base


class Theme(Base):
    """A thematic area of needs and offers."""

    __tablename__ = "theme"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text)
    articles: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(400))


class AssistanceKind(Base):
    """A kind of assistance (Article 6)."""

    __tablename__ = "assistance_kind"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(400))


class Article(Base):
    """An article or paragraph of the Convention, in our own words."""

    __tablename__ = "article"

    ref: Mapped[str] = mapped_column(String(8), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(400))


class ActionPlan(Base):
    """An action plan adopted by a Review Conference. Plans are data: the next one is entered, not programmed."""

    __tablename__ = "action_plan"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    adopted: Mapped[date | None]
    first_year: Mapped[int]
    last_year: Mapped[int]
    source: Mapped[str] = mapped_column(String(400))


class Action(Base):
    """An action of a plan."""

    __tablename__ = "action"
    __table_args__ = (UniqueConstraint("plan", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str] = mapped_column(ForeignKey("action_plan.code"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(400))


class Indicator(Base):
    """An indicator of an action."""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("plan", "ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str] = mapped_column(ForeignKey("action_plan.code"))
    ref: Mapped[str] = mapped_column(String(12))
    action: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    formula: Mapped[str] = mapped_column(String(60), default="")
    """The rule by which the register computes it (`indicators.formulas`); empty where the ISU enters it."""
    source: Mapped[str] = mapped_column(String(400))

    @property
    def is_share(self) -> bool:
        """Whether its values are per cent: the title begins with what is counted."""
        return self.title.startswith("Share")
