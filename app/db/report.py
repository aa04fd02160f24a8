"""The report of one organisation, and the draft it grows from."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.db.case import Case
from app.db.organisation import Organisation


class Draft(Base, kw_only=True):
    """What someone typed so far; it stands in no journal and can be thrown away."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    key: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    answers: Mapped[dict[str, Any]]
    shown: Mapped[list[str]] = mapped_column(default_factory=list)
    awaits_approval: Mapped[bool] = mapped_column(default=False)
    warned_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class Report(Base, kw_only=True):
    """One report by one organisation, as it was sent; it never changes afterwards."""

    __tablename__ = "report"
    __table_args__ = (CheckConstraint("length(key_question) > 0", name="key_question_not_empty"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    number: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    joins: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str]
    key_question: Mapped[str]
    description: Mapped[str]
    types: Mapped[list[str]]
    exchange: Mapped[dict[str, Any]]
    laws: Mapped[list[Any]]
    basis_unknown: Mapped[bool] = mapped_column(default=False)
    tried: Mapped[str]
    societal_effect: Mapped[str]
    urgency: Mapped[str]
    confidentiality: Mapped[str]
    personal_data_reason: Mapped[str | None] = mapped_column(default=None)
    similar_shown: Mapped[list[str]] = mapped_column(default_factory=list)
    filed_at: Mapped[datetime]

    case: Mapped[Case] = relationship(init=False, lazy="raise", repr=False)
    organisation: Mapped[Organisation] = relationship(init=False, lazy="raise", repr=False)
