"""The minutes of a meeting: a draft made of what was recorded, and what each reader may read of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.config import value_list
from app.db.account import Account
from app.db.body import Body
from app.db.deliberation import DeviatingView
from app.db.interest import Challenge, Interest
from app.db.meeting import ActionPoint, AgendaItem, Attendance, Bundle, Handling, Meeting
from app.db.publication import PublicRecord
from app.db.ruling import Ruling
from app.db.vote import VoteRound
from app.domain.dutch import day, listing, moment
from app.domain.meeting import needed
from app.services.effects.interest import CHALLENGED
from app.services.meeting import Seat, handled_in, seats
from app.services.paper import MINUTES, ask_for_document, document_kept, selection_of
from app.services.sitting import EXCUSED, NO_INTEREST, ItemFacts
from app.services.withholding import cards
from app.services.work import Work, beyond_sight

CHAIR_DECIDED = (
    "De stemmen staakten. De stem van de voorzitter heeft de doorslag gegeven "
    "(Kaderwet adviescolleges, artikel 20, vijfde lid)."
)


class ItemMinutes(NamedTuple):
    """The minutes of one item; without a title it is withheld from the reader."""

    position: int
    number: str
    title: str | None
    excused: bool
    text: str | None


class PublicDecision(NamedTuple):
    """A decision of a meeting that everybody may read, by its published ruling."""

    number: str
    title: str
    rule: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """What one reader may read of the minutes."""

    general: str
    items: Sequence[ItemMinutes]
    decisions: Sequence[PublicDecision]


def minutes_of(work: Work, meeting: Meeting, *, involved: bool) -> Minutes | None:
    """The minutes as the reader may see them: of an item that is withheld only its place.

    Who has no part in the meeting reads the general text and the decisions that were published, and nothing of what was
    said about an item; a decision whose ruling is not public stays out.
    """
    work.session.refresh(meeting, ["minutes"])
    if not meeting.minutes:
        return None
    if not involved:
        return Minutes(meeting.minutes, (), _published(work, meeting))
    items = [
        ItemMinutes(handling.position, item.number, item.title, False, handling.minutes)
        for item, handling in handled_in(work, meeting)
    ]
    hidden = [ItemMinutes(card.position, card.number, None, card.excused, None) for card in cards(work, meeting)]
    return Minutes(meeting.minutes, sorted([*items, *hidden], key=lambda one: one.position), ())


def ask_for_minutes(work: Work, meeting: Meeting, *, involved: bool) -> None:
    """Let the worker draw the minutes as a document with exactly what the reader may read."""
    content = document_of_minutes(work, meeting, involved=involved)
    if content is not None:
        ask_for_document(work, meeting, MINUTES, [content])


def minutes_kept(work: Work, meeting: Meeting, *, involved: bool) -> Bundle | None:
    """That document, if it was asked for before."""
    content = document_of_minutes(work, meeting, involved=involved)
    return document_kept(work, meeting, selection_of(MINUTES, [content])) if content is not None else None


def document_of_minutes(work: Work, meeting: Meeting, *, involved: bool) -> dict[str, Any] | None:
    """What the document of the minutes holds for this reader; nothing before there are minutes."""
    found = minutes_of(work, meeting, involved=involved)
    if found is None:
        return None
    return {
        "orgaan": work.session.get_one(Body, meeting.body_id).name,
        "nummer": meeting.number,
        "titel": meeting.title,
        "dag": meeting.day.isoformat(),
        "plaats": meeting.place,
        "voorbeeld": meeting.demonstration,
        "stand": work.workflows[meeting.kind, meeting.version].states[meeting.state].label,
        "verslag": found.general,
        "punten": [one._asdict() for one in found.items if one.text or one.title is None],
        "besluiten": [one._asdict() for one in found.decisions],
    }


def draft_general(work: Work, meeting: Meeting) -> str:
    """Who was there and how the meeting went, in sentences made of what was recorded."""
    return "\n\n".join(_general(work, meeting))


def draft_items(work: Work, meeting: Meeting) -> list[tuple[AgendaItem, Handling, str]]:
    """For each item that the actor may see what was recorded about it, in sentences."""
    return [
        (item, handling, "\n\n".join(_about(work, meeting, item, handling)))
        for item, handling in handled_in(work, meeting)
    ]


def _published(work: Work, meeting: Meeting) -> list[PublicDecision]:
    query = (
        select(PublicRecord)
        .join(Ruling, Ruling.number == PublicRecord.number)
        .join(AgendaItem, AgendaItem.id == Ruling.item_id)
        .where(AgendaItem.meeting_id == meeting.id, PublicRecord.current, PublicRecord.withdrawn_at.is_(None))
        .order_by(AgendaItem.position)
    )
    # The item itself stays internal; its ruling is what was published.
    found = work.session.scalars(beyond_sight(query)).all()
    for public in found:
        work.session.refresh(public, ["record"])
    return [PublicDecision(public.number, public.title, public.record.get("kernregel") or "") for public in found]


def _general(work: Work, meeting: Meeting) -> Iterator[str]:
    names = _names(work, meeting)
    members = [seat for seat in seats(work, meeting) if seat.votes]
    noted = {row.account_id: row for row in _attendance(work, meeting)}
    there = [_present(seat) for seat in members if seat.present]
    there += [
        f"{names[row.account_id]} (plaatsvervanger van {names[row.replaces_id]})"
        for row in noted.values()
        if row.present and row.replaces_id
    ]
    if there:
        yield f"Aanwezig: {listing(there)}."
    if away := [seat.name for seat in members if seat.apologised and not seat.present]:
        yield f"Afwezig met bericht: {listing(away)}."
    if noted and (missing := [seat.name for seat in members if not seat.present and not seat.apologised]):
        yield f"Afwezig: {listing(missing)}."
    if meeting.presided_by_id:
        yield f"{names[meeting.presided_by_id]} zat de vergadering voor."
    if meeting.began_at:
        yield f"De vergadering werd geopend op {moment(meeting.began_at)}."


def _present(seat: Seat) -> str:
    label = value_list("rol").get(seat.role, seat.role)
    return f"{seat.name} ({label[:1].lower()}{label[1:]})"


def _about(work: Work, meeting: Meeting, item: AgendaItem, handling: Handling) -> Iterator[str]:
    yield from _interests(work, item)
    yield from _challenges(work, item)
    stayed = item.meeting_id == meeting.id
    if stayed:
        yield _quorum(ItemFacts(work, item))
    for one in _rounds(work, meeting, item):
        yield _round(one)
    if stayed:
        yield from _decision(work, item)
    if handling.held_over_because or (stayed and item.held_over):
        ground = value_list("aanhoudgrond").get(handling.held_over_because or "", handling.held_over_because or "")
        yield f"Het punt is aangehouden{': ' + ground[:1].lower() + ground[1:] if ground else ''}."
    views = work.session.scalar(select(func.count()).where(DeviatingView.item_id == item.id)) or 0
    if views:
        yield f"{_people(views)} verdedigde{'' if views == 1 else 'n'} een afwijkend standpunt. Dat is aangetekend."
    for point in work.session.scalars(select(ActionPoint).where(ActionPoint.item_id == item.id)):
        until = f", uiterlijk {day(point.due)}" if point.due else ""
        yield f"Actiepunt: {point.text} ({point.doer or 'nog niet verdeeld'}{until})."


def _quorum(facts: ItemFacts) -> str:
    least = needed(facts.rules, in_office=facts.members_in_office, excused=facts.members_excused)
    return (
        f"Voor dit punt waren {facts.members_present} leden aanwezig. Er waren er {least} nodig"
        f"{': het quorum was er' if facts.members_present >= least else ': het quorum was er niet'}."
    )


def _decision(work: Work, item: AgendaItem) -> Iterator[str]:
    work.session.refresh(item, ["dictum"])
    if item.chair_decided:
        yield CHAIR_DECIDED
    if item.dictum:
        yield f"Besluit: {item.dictum}" + (" Dit besluit is genomen zonder stemming." if item.consensus else "")


def _interests(work: Work, item: AgendaItem) -> Iterator[str]:
    """How many have an interest and who is excused; never which interest it is, or why."""
    query = (
        select(Interest, Account.name)
        .join(Account, Account.id == Interest.account_id)
        .where(Interest.item_id == item.id)
        .order_by(Account.name)
    )
    rows = work.session.execute(query).all()
    declared = sum(interest.declared not in (NO_INTEREST, CHALLENGED) for interest, _ in rows)
    if declared:
        yield f"Een belang gemeld: {'één lid' if declared == 1 else f'{declared} leden'}."
    if excused := [name for interest, name in rows if interest.judgement == EXCUSED]:
        yield f"Verschoond: {listing(excused)}."


def _challenges(work: Work, item: AgendaItem) -> Iterator[str]:
    query = (
        select(Challenge, Account.name)
        .join(Account, Account.id == Challenge.account_id)
        .where(Challenge.item_id == item.id)
        .order_by(Challenge.id)
    )
    for challenge, name in work.session.execute(query):
        if challenge.granted is None:
            yield f"Een partij wraakte {name}. Daarover is niet beslist."
            continue
        outcome = "toe" if challenge.granted else "af"
        counted = f"{challenge.votes_for} voor en {challenge.votes_against} tegen"
        yield f"Een partij wraakte {name}. De andere leden wezen dat {outcome}, met {counted}."


def _round(one: VoteRound) -> str:
    writing = " in een schriftelijke ronde" if one.written else ""
    told = (
        f"Stemming {one.number}{writing}: {one.votes_for or 0} voor, {one.votes_against or 0} tegen, "
        f"{one.abstained or 0} onthouding. Bij het sluiten was het quorum er{'' if one.quorum_at_close else ' niet'}."
    )
    tied = one.votes_for and one.votes_for == one.votes_against
    return f"{told} De stemmen staakten." if tied else told


def _rounds(work: Work, meeting: Meeting, item: AgendaItem) -> Sequence[VoteRound]:
    query = (
        select(VoteRound)
        .where(
            VoteRound.item_id == item.id,
            VoteRound.closed_at.is_not(None),
            VoteRound.meeting_id.is_(None) | (VoteRound.meeting_id == meeting.id),
        )
        .order_by(VoteRound.number)
    )
    return work.session.scalars(query).all()


def _attendance(work: Work, meeting: Meeting) -> Sequence[Attendance]:
    query = select(Attendance).where(Attendance.meeting_id == meeting.id).order_by(Attendance.account_id)
    return work.session.scalars(beyond_sight(query)).all()


def _names(work: Work, meeting: Meeting) -> dict[int, str]:
    ids = {row.account_id for row in _attendance(work, meeting)}
    ids |= {row.replaces_id for row in _attendance(work, meeting) if row.replaces_id} | {meeting.presided_by_id or 0}
    query = select(Account.id, Account.name).where(Account.id.in_(ids))
    return dict(work.session.execute(query).all())


def _people(amount: int) -> str:
    return "Eén lid" if amount == 1 else f"{amount} leden"
