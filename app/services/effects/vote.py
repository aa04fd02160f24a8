"""Effects of voting: a round is opened, votes are cast and sealed, and the round is counted or broken off."""

from collections.abc import Mapping

from sqlalchemy import select

from app.db.account import Account
from app.db.meeting import AgendaItem
from app.db.vote import Elector, VoteRound
from app.domain import dutch
from app.domain.calendar import Term, Unit, last_day
from app.domain.errors import Invalid
from app.services.lifecycle import Taken
from app.services.notice import notify
from app.services.sitting import ItemFacts, last_round
from app.services.vote import close_round, open_round, seal_vote, throw_ballots_away
from app.services.work import Work

COUNTED = "uitslag_vastgesteld"
"""The action of the line that holds the count: the one line of the journal that no transition writes."""

MOST_DAYS = 60
CLOSED = "De stemming is gesloten."
NOT_IN_WRITING = "Het reglement kent geen schriftelijke rondes. Behandel dit punt in een vergadering."
TOO_SHORT = (
    "Het reglement geeft de leden ten minste {least} werkdagen. Vul een aantal van {least} tot en met {most} in."
)


def open_vote(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Open a round for who is there and not excused; who comes or goes afterwards does not change it."""
    facts = ItemFacts(work, item)
    electorate = {account: facts.replaced.get(account) for account in facts.attending - facts.excused}
    answers = taken.answers
    open_round(work, item, electorate, proposal=answers.get("proposal"), undelayable=bool(answers.get("undelayable")))


def open_written_round(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Open a round in writing for every member in office who is not excused, until its last day."""
    facts = ItemFacts(work, item)
    least, days = facts.rules.written_days, taken.answers["days"]
    if not least:
        raise Invalid({"werkdagen": [NOT_IN_WRITING]})
    if not least <= days <= MOST_DAYS:
        raise Invalid({"werkdagen": [TOO_SHORT.format(least=least, most=MOST_DAYS)]})
    item.due = last_day(work.today, Term(days, Unit.WORKING_DAYS))
    electorate: Mapping[int, None] = dict.fromkeys(facts.in_office - facts.excused)
    open_round(work, item, electorate, proposal=taken.answers["proposal"], written=True, closes_on=item.due)


def break_off_round(work: Work, item: AgendaItem, taken: Taken) -> None:
    """End a round in writing without a count: one member is enough to bring the item to a meeting."""
    current = _running(work, item)
    current.closed_at = work.now
    current.broken_off_by_id = work.actor.account_id
    throw_ballots_away(work, current)
    item.held_over = True


def drop_round(work: Work, item: AgendaItem, taken: Taken) -> None:
    """End a vote that is open on an item that goes off the agenda, without a count."""
    current = last_round(work, item)
    if current is not None and current.closed_at is None:
        current.closed_at = work.now
        throw_ballots_away(work, current)


def cast_vote(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Seal the actor's vote in the open round; the journal says that it was cast, not what it was."""
    current = _running(work, item)
    account_id = work.actor.account_id or 0
    elector = work.session.get(Elector, (current.id, account_id))
    if elector is None or elector.voted:
        raise Invalid({"stem": [CLOSED if elector is None else "U hebt al gestemd."]})
    elector.voted = True
    taken.receipt.update(seal_vote(work, item, current, account_id, taken.answers["vote"]).as_json())


def close_vote(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Close the round and count it, and write the count and its digest in the journal."""
    current = _running(work, item)
    counted = close_round(work, item, current)
    tally = counted.tally
    item.write_line(
        action=COUNTED,
        source=item.state,
        actor=work.actor,
        role=taken.event.role,
        at=work.now,
        reason=(
            f"Ronde {current.number}: {tally.in_favour} voor, {tally.against} tegen, {tally.abstained} onthouding. "
            f"Controlegetal {current.digest}."
        ),
        answers={
            "ronde": current.number,
            "voor": tally.in_favour,
            "tegen": tally.against,
            "onthouding": tally.abstained,
            "nietGestemd": counted.silent,
            "afwezig": counted.absent,
            "verschoond": counted.excused,
            "quorum": counted.quorum,
            "controlegetal": current.digest,
        },
    )


def notify_electors(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Tell who can vote in writing until when, or that somebody wants a meeting; nothing of what it is about."""
    current = last_round(work, item)
    if current is None or current.closes_on is None:
        return
    query = select(Account).join(Elector, Elector.account_id == Account.id).where(Elector.round_id == current.id)
    if current.closed_at is None:
        subject = "U kunt schriftelijk stemmen"
        text = f"Stem over agendapunt {item.number} uiterlijk {dutch.day(current.closes_on)}."
    else:
        subject = "De schriftelijke ronde is afgebroken"
        text = f"Een lid vroeg om agendapunt {item.number} in een vergadering te bespreken. Er is niet geteld."
    notify(work, work.session.scalars(query).all(), item, subject=subject, text=text)


def _running(work: Work, item: AgendaItem) -> VoteRound:
    current = last_round(work, item)
    if current is None or current.closed_at is not None:
        raise Invalid({"stem": [CLOSED]})
    return current


EFFECTS = {
    effect.__name__: effect
    for effect in (open_vote, open_written_round, break_off_round, drop_round, cast_vote, close_vote, notify_electors)
}
