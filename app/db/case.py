"""The knelpunt that reports attach to: the case that is handled, with its parties and laws."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.db.organisation import Organisation
from app.db.process import Process


class Case(Process, kw_only=True):
    """A known bottleneck in data sharing, from its first report until it is closed."""

    __tablename__ = "case"
    __mapper_args__ = {"polymorphic_identity": "knelpunt"}  # noqa: RUF012
    __table_args__ = (  # type: ignore[assignment]
        CheckConstraint("main_id IS NULL OR main_id <> id", name="not_its_own_main"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("process.id"), primary_key=True, init=False)
    key_question: Mapped[str]
    description: Mapped[str] = mapped_column(deferred=True)
    exchange: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    tried: Mapped[str] = mapped_column(default="", deferred=True)
    societal_effect: Mapped[str] = mapped_column(default="", deferred=True)
    urgency: Mapped[str] = mapped_column(default="normaal")
    priority: Mapped[str | None] = mapped_column(default=None)
    domain: Mapped[str | None] = mapped_column(default=None)
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), default=None)
    rapporteur_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), default=None)
    apparent: Mapped[bool | None] = mapped_column(default=None)
    solution: Mapped[dict[str, Any] | None] = mapped_column(default=None, deferred=True)
    nomination: Mapped[dict[str, Any] | None] = mapped_column(default=None, deferred=True)
    main_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True, default=None)
    reopened_count: Mapped[int] = mapped_column(default=0)
    ruled_on: Mapped[date | None] = mapped_column(default=None)
    reconsideration: Mapped[dict[str, Any] | None] = mapped_column(default=None, deferred=True)
    outcome_asked_on: Mapped[date | None] = mapped_column(default=None)
    sources: Mapped[list[Any]] = mapped_column(default_factory=list, deferred=True)

    facets: Mapped[list["Facet"]] = relationship(lazy="raise", repr=False, default_factory=list)
    parties: Mapped[list["Party"]] = relationship(lazy="raise", repr=False, default_factory=list)
    laws: Mapped[list["CaseLaw"]] = relationship(lazy="raise", repr=False, default_factory=list)
    completion_points: Mapped[list["CompletionPoint"]] = relationship(
        lazy="raise", repr=False, default_factory=list, order_by="CompletionPoint.id"
    )


class Facet(Base, kw_only=True):
    """One classification of a case: its type, root cause, layer or intervention, each from a value list."""

    __tablename__ = "facet"
    __table_args__ = (Index("ix_facet_value", "facet", "value", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True, init=False)
    facet: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)


TYPE, SUBFACET, ROOT_CAUSE, LAYER, GDI, INTERVENTION = (
    "type",
    "subfacet",
    "root_cause",
    "layer",
    "gdi",
    "intervention",
)


class Party(Base, kw_only=True):
    """An organisation in the exchange of a case, with the part it plays and whether it agrees."""

    __tablename__ = "party"
    __table_args__ = (UniqueConstraint("case_id", "organisation_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), init=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str]
    invited_at: Mapped[datetime | None] = mapped_column(default=None)
    agreed: Mapped[bool | None] = mapped_column(default=None)

    organisation: Mapped[Organisation] = relationship(init=False, lazy="raise", repr=False)


class CaseLaw(Base, kw_only=True):
    """A law, article and part that the exchange of a case rests on or runs into."""

    __tablename__ = "case_law"
    # The case before the article: a list asks of each of its cases whether it has a law.
    __table_args__ = (Index("ix_case_law_reference", "identifier", "case_id", "article"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True, init=False)
    system: Mapped[str]
    identifier: Mapped[str]
    article: Mapped[str | None] = mapped_column(default=None)
    paragraph: Mapped[str | None] = mapped_column(default=None)
    part: Mapped[str | None] = mapped_column(default=None)
    valid_on: Mapped[date | None] = mapped_column(default=None)


class CompletionPoint(Base, kw_only=True):
    """A point on which the reporter was asked to complete the report, with the answer."""

    __tablename__ = "completion_point"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True, init=False)
    round: Mapped[int]
    question: Mapped[str]
    answer: Mapped[str | None] = mapped_column(default=None)


class Application(Base, kw_only=True):
    """The proposal to settle a case with a precedent: its test, and what came of it."""

    __tablename__ = "application"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    precedent_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    test: Mapped[list[Any]]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]
    applied_at: Mapped[datetime | None] = mapped_column(default=None)
    contested_at: Mapped[datetime | None] = mapped_column(default=None)
    difference: Mapped[str | None] = mapped_column(default=None)
