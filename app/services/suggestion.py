"""What is suggested to who handles a case: to merge it, or to settle it with a precedent; and what came of that."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, undefer

from app.db.case import Case
from app.db.interest import Withheld
from app.db.matching import MatchVerdict
from app.db.precedent import Precedent
from app.db.process import Audience, Process
from app.db.publication import PublicRecord
from app.db.search import SearchState
from app.domain.access import OFFICIALS
from app.domain.errors import NotPermitted, NotVisible
from app.domain.matching import BANDS, band, percent
from app.services.matching import Alike, Match, like_case, like_ruling, match
from app.services.overview import sight_of
from app.services.work import Work, beyond_sight

MERGES, PROPOSES = "attach_to_main", "propose_precedent"
"""The effects of the actions that a suggestion is about."""
THRESHOLD, PERCENTS = "drempel", "procent"
AT_FIRST = 40
"""Of questions to which the answer is known, what looks less alike than this was more often wrong than right."""
CANDIDATES, MOST, TRIED = 30, 2, 50
"""How many are looked at, how many of each kind are suggested, and how many rulings show what a threshold does."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What looks like a case, as its page shows it.

    `suggested` is alike enough to be suggested; `refused` would be, but somebody who handles the case said that it is
    wrong; `verdicts` is what was said of each, by number; `others` only look alike. `threshold` is the share from which
    something is suggested, in percents.
    """

    suggested: Sequence[Match]
    refused: Sequence[Match]
    others: Sequence[Match]
    verdicts: Mapping[str, bool]
    threshold: int


class Judged(NamedTuple):
    """How many suggestions within a band of ten percents were right and wrong."""

    least: int
    right: int
    wrong: int


class Reach(NamedTuple):
    """How many of the public rulings would get a suggestion, by threshold."""

    rulings: int
    capped: bool
    by_threshold: Mapping[int, int]


_VALUE = select(SearchState.value).where(SearchState.name == THRESHOLD)


def threshold(work: Work) -> int:
    """The share from which something is suggested, in percents."""
    value = work.session.scalar(_VALUE)
    return int(value[PERCENTS]) if value is not None else AT_FIRST


def set_threshold(work: Work, percents: int) -> None:
    """Suggest from this share on."""
    state = work.session.get(SearchState, THRESHOLD)
    if state is None:
        work.session.add(SearchState(name=THRESHOLD, value={PERCENTS: percents}))
    else:
        state.value = {PERCENTS: percents}
    work.session.flush()


def likeness(work: Work, case: Case, effects: Collection[str], *, involved: bool, amount: int = 5) -> Likeness:
    """What looks like a case, and what of it is suggested to who can take an action with one of these effects."""
    found, least = like_case(work, case, involved=involved, amount=CANDIDATES), threshold(work)
    fit = [one for one in found if percent(one.share) >= least and _fits(work, one, effects)] if effects else []
    verdicts = _verdicts(work, case, [one.number for one in fit])
    right = [one for one in fit if verdicts.get(one.number, True)]
    suggested = [*[one for one in right if not one.is_case][:MOST], *[one for one in right if one.is_case][:MOST]]
    refused = [one for one in fit if not verdicts.get(one.number, True)]
    told = {one.number for one in (*suggested, *refused)}
    others = [one for one in found if one.number not in told][:amount]
    return Likeness(
        [match(work, one) for one in suggested],
        [match(work, one) for one in refused],
        [match(work, one) for one in others],
        verdicts,
        least,
    )


def judge(work: Work, case: Case, number: str, *, right: bool) -> None:
    """Keep what somebody who handles a case thinks of a suggestion; a later word takes the place of an earlier one."""
    if not sight_of(work, case).handling or work.actor.account_id is None:
        raise NotPermitted("suggestions are judged by who handles the case")
    share = _share_of(work, case, number)
    known = select(MatchVerdict).filter_by(case_id=case.id, number=number, account_id=work.actor.account_id)
    verdict = work.session.scalars(known).one_or_none()
    if verdict is None:
        verdict = MatchVerdict(
            case_id=case.id, number=number, account_id=work.actor.account_id, right=right, share=share, at=work.now
        )
        work.session.add(verdict)
    verdict.right, verdict.share, verdict.at = right, share, work.now
    work.session.flush()


def judged_by_band(work: Work) -> list[Judged]:
    """What was thought of suggestions, by how alike the two looked; the same for everybody who asks.

    So it is of cases that every official finds, and that are withheld from nobody, and of suggestions of such cases
    and of public precedents: of nothing else anybody learns that it is there.
    """
    case, other = aliased(Process), aliased(Process)
    query = (
        select(MatchVerdict.share, MatchVerdict.right, func.count())
        .join(case, case.id == MatchVerdict.case_id)
        .join(other, other.number == MatchVerdict.number)
        .where(_is_known_to_all(case), _is_known_to_all(other))
        .group_by(MatchVerdict.share, MatchVerdict.right)
    )
    counted = {least: [0, 0] for least in BANDS}
    for share, right, amount in work.session.execute(beyond_sight(query)):
        counted[band(share)][0 if right else 1] += amount
    return [Judged(least, right, wrong) for least, (right, wrong) in counted.items() if right or wrong]


def reach(work: Work, thresholds: Sequence[int]) -> Reach:
    """How many of the newest public rulings would get a suggestion at each threshold, by public texts alone."""
    query = select(PublicRecord).where(PublicRecord.current, PublicRecord.withdrawn_at.is_(None))
    query = query.options(undefer(PublicRecord.record)).order_by(PublicRecord.id.desc()).limit(TRIED + 1)
    rulings = work.session.scalars(query).all()
    best = [_best(work, public) for public in rulings[:TRIED]]
    counted = {one: sum(share >= one for share in best) for one in thresholds}
    return Reach(len(best), len(rulings) > TRIED, counted)


def _is_known_to_all(process: type[Process]) -> ColumnElement[bool]:
    shown = exists(select(Audience.process_id).where(Audience.process_id == process.id, Audience.key == OFFICIALS))
    withheld = exists(select(Withheld.process_id).where(Withheld.process_id == process.id))
    return or_(process.public, and_(shown, ~withheld))


def _best(work: Work, public: PublicRecord) -> int:
    """The share of the best precedent for a ruling, in percents; nought where there is none."""
    found = like_ruling(work, public)
    return max((percent(one.share) for one in found if _fits(work, one, (PROPOSES,))), default=0)


def _share_of(work: Work, case: Case, number: str) -> int:
    # Who handles a case reads its file.
    for one in like_case(work, case, involved=True, amount=CANDIDATES):
        if one.number == number:
            return percent(one.share)
    raise NotVisible(number)


def _fits(work: Work, found: Match | Alike, effects: Collection[str]) -> bool:
    """Something can be done with it: an open case to merge into, or a precedent on which one can rely."""
    process = found.process
    if isinstance(process, Precedent):
        return PROPOSES in effects and process.in_force_from is not None and not found.ended
    return MERGES in effects and not work.workflows[process.kind, process.version].states[process.state].final


def _verdicts(work: Work, case: Case, numbers: Sequence[str]) -> dict[str, bool]:
    """What was said last of each; a case is handled by one person at a time."""
    if not numbers:
        return {}
    query = (
        select(MatchVerdict.number, MatchVerdict.right)
        .where(MatchVerdict.case_id == case.id, MatchVerdict.number.in_(numbers))
        .order_by(MatchVerdict.at, MatchVerdict.id)
    )
    return dict(work.session.execute(query).all())
