"""What a reporter recognised in what was shown: counted once it is true, and of whom it was nothing is kept."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, extract, func, select

from app.db.case import Case
from app.db.matching import MatchUse
from app.db.precedent import Precedent
from app.db.process import Process
from app.db.publication import PublicRecord
from app.db.report import Draft
from app.domain.errors import Invalid, NotVisible
from app.services.report import drafts_of, keep_draft
from app.services.work import Work

ANSWERED, SAME = "beantwoord", "sluit_aan"
"""The values of the list `herkenning`: a precedent gave the answer, or a known case is the own one."""
RECOGNISED = "_herkend"
"""The key of a draft under which stands what was said for it; it is no answer and is never sent.

Its `row` is what was counted for that, if anything was.
"""
MOST_SHOWN = 25
ENDED = "Dit precedent geldt niet meer. Lees eerst wat ervoor in de plaats is gekomen."


class Recognised(NamedTuple):
    """What was said of something that was shown beside a draft."""

    number: str
    use: str


class UseRow(NamedTuple):
    """How often one precedent or case was recognised."""

    number: str
    title: str
    amount: int


class UseOfYear(NamedTuple):
    """The same of one year, for a table."""

    number: str
    title: str
    use: str
    year: int
    amount: int


def answered_by(work: Work, draft: Draft, number: str, *, counted: Collection[str] = ()) -> Precedent:
    """Note that a precedent answers the question of a draft; raises `Invalid` for one that no longer stands.

    It is counted once for a reporter: not again for another of the drafts of the same person, and not where the number
    is among `counted`.
    """
    query = select(Precedent).where(Precedent.number == number, Precedent.public)
    precedent = work.session.scalars(query).one_or_none()
    if precedent is None:
        raise NotVisible(number)
    if precedent.in_force_until is not None:
        raise Invalid({"": [ENDED]})
    said = Recognised(number, ANSWERED)
    if recognised_in(draft) == said:
        return precedent
    take_back(work, draft)
    known = number in counted or _other_draft(work, draft, said) is not None
    row = None if known else _count(work, said, draft.organisation_id)
    _mark(work, draft, said, row)
    return precedent


def is_same_as(work: Work, draft: Draft, case: Case) -> None:
    """Note that a known case is the bottleneck of a draft; it is counted when that is reported."""
    if recognised_in(draft) != (case.number, SAME):
        take_back(work, draft)
        _mark(work, draft, Recognised(case.number, SAME), None)


def count_joining(work: Work, draft: Draft, case: Case) -> None:
    """Count that a draft was sent, and joined the case that was recognised for it."""
    take_back(work, draft)
    _count(work, Recognised(case.number, SAME), draft.organisation_id)


def recognised_in(draft: Draft) -> Recognised | None:
    """What was recognised for a draft, if anything was."""
    known = draft.answers.get(RECOGNISED)
    return Recognised(known["number"], known["use"]) if known else None


def take_back(work: Work, draft: Draft) -> None:
    """Who reports after all was not answered: the count goes down again, unless another draft says the same."""
    known, said = draft.answers.get(RECOGNISED), recognised_in(draft)
    if known is None or said is None:
        return
    row = work.session.get(MatchUse, known["row"]) if known["row"] is not None else None
    other = _other_draft(work, draft, said)
    if row is not None and other is not None:
        _mark(work, other, said, row.id)
    elif row is not None:
        work.session.delete(row)
    keep_draft(work, draft, {RECOGNISED: None})


def times_answered(work: Work, number: str) -> int:
    """How often a public precedent answered somebody who was about to report."""
    query = select(func.count()).select_from(MatchUse).where(MatchUse.number == number, MatchUse.use == ANSWERED)
    return work.session.scalar(query) or 0


def answering_precedents(work: Work, *, year: int | None = None) -> Sequence[UseRow]:
    """The precedents that answered most reporters."""
    query = (
        select(MatchUse.number, PublicRecord.title, _amount())
        .join(Precedent, Precedent.number == MatchUse.number)
        .join(PublicRecord, (PublicRecord.number == MatchUse.number) & PublicRecord.current)
        .where(MatchUse.use == ANSWERED, *_of_year(year))
        .group_by(MatchUse.number, PublicRecord.title)
    )
    return _most(work, query)


def joined_cases(work: Work, *, year: int | None = None) -> Sequence[UseRow]:
    """The cases that most reporters recognised as their own, of those that the actor may see."""
    query = (
        select(MatchUse.number, Case.title, _amount())
        .join(Case, Case.number == MatchUse.number)
        .where(MatchUse.use == SAME, *_of_year(year))
        .group_by(MatchUse.number, Case.title)
    )
    return _most(work, query)


def uses_by_year(work: Work) -> Sequence[tuple[int, str, int]]:
    """By year and use how often something was recognised that the actor may see, the last year first."""
    year = _year()
    query = (
        select(year, MatchUse.use, _amount())
        .join(Process, Process.number == MatchUse.number)
        .group_by(year, MatchUse.use)
        .order_by(year.desc(), MatchUse.use)
    )
    return [(int(one), use, amount) for one, use, amount in work.session.execute(query)]


def uses_for_table(work: Work, amount: int) -> Sequence[UseOfYear]:
    """Each number, use and year that the actor may see, with how often."""
    year = _year()
    title = func.coalesce(PublicRecord.title, Process.title)
    query = (
        select(MatchUse.number, title, MatchUse.use, year, _amount())
        .join(Process, Process.number == MatchUse.number)
        .outerjoin(PublicRecord, (PublicRecord.number == MatchUse.number) & PublicRecord.current)
        .group_by(MatchUse.number, title, MatchUse.use, year)
        .order_by(year.desc(), _amount().desc(), MatchUse.number)
        .limit(amount)
    )
    return [UseOfYear(number, name, use, int(of), many) for number, name, use, of, many in work.session.execute(query)]


def _count(work: Work, said: Recognised, organisation_id: int) -> int:
    row = MatchUse(number=said.number, use=said.use, organisation_id=organisation_id, at=work.now)
    work.session.add(row)
    work.session.flush()
    return row.id


def _mark(work: Work, draft: Draft, said: Recognised, row: int | None) -> None:
    keep_draft(work, draft, {RECOGNISED: {"number": said.number, "use": said.use, "row": row}})


def _other_draft(work: Work, draft: Draft, said: Recognised) -> Draft | None:
    """Another draft of the same person for which the same was said."""
    return next((one for one in drafts_of(work) if one.key != draft.key and recognised_in(one) == said), None)


def _most(work: Work, query: Select[*tuple[Any, ...]]) -> list[UseRow]:
    ordered = query.order_by(_amount().desc(), MatchUse.number).limit(MOST_SHOWN)
    return [UseRow(*row) for row in work.session.execute(ordered)]


def _amount() -> ColumnElement[int]:
    return func.count(MatchUse.id)


def _year() -> ColumnElement[int]:
    return extract("year", MatchUse.at)


def _of_year(year: int | None) -> list[ColumnElement[bool]]:
    return [] if year is None else [_year() == year]
