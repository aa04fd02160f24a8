"""Effects about interests: the question, the answer, what came of it, and a challenge by a party."""

from sqlalchemy import select

from app.db.case import Case
from app.db.interest import Challenge, Interest
from app.db.meeting import AgendaItem
from app.domain.access import COMMISSION_ROLES, SEATED_ROLES
from app.domain.errors import Invalid
from app.services.fact import latest_item
from app.services.interest import prompts
from app.services.lifecycle import Taken
from app.services.reference import account_with_role
from app.services.sitting import EXCUSED, NO_INTEREST, ItemFacts
from app.services.withholding import interest_of, release, withhold
from app.services.work import Work


def declare_interest(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Keep the actor's answer to the question of interests; it can be changed until it was judged.

    What the system knew at that moment is kept beside it: the chair sees both, and may still excuse a member who saw
    no interest in it.
    """
    account_id = work.actor.account_id or 0
    declared, explanation = taken.answers["interest"], taken.answers.get("explanation") or ""
    known = prompts(work, item, account_id)
    interest = interest_of(work, item, account_id)
    if interest is None:
        interest = Interest(item_id=item.id, account_id=account_id, declared="", explanation="", at=work.now)
        work.session.add(interest)
    elif interest.judgement is not None:
        raise Invalid({"belang": ["Over uw belang is al beslist. Vraag de voorzitter om het opnieuw te bekijken."]})
    interest.declared, interest.explanation, interest.at = declared, explanation, work.now
    interest.prompts = known
    if declared == NO_INTEREST:
        release(work, item, account_id)
    else:
        withhold(work, item, [account_id])


def judge_interest(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Excuse a member for this item, or admit the member with a reason; nobody judges an interest of their own."""
    member = account_with_role(work, "lid", taken.answers["member"], *SEATED_ROLES)
    if member.id == work.actor.account_id:
        raise Invalid({"lid": ["Over uw eigen belang beslist de plaatsvervangend voorzitter."]})
    interest = interest_of(work, item, member.id)
    if interest is None:
        raise Invalid({"lid": ["Dit lid heeft nog geen belang opgegeven."]})
    _settle(work, item, interest, taken.answers["judgement"], taken.answers.get("motivation"))


def challenge_member(work: Work, case: Case, taken: Taken) -> None:
    """A party asks that a member does not take part, once (by analogy with Awb 8:15 and 8:18 lid 4)."""
    item = latest_item(work, case)
    if item is None:
        raise Invalid({"": ["Dit knelpunt staat niet op een agenda."]})
    member = account_with_role(work, "lid", taken.answers["member"], *COMMISSION_ROLES)
    facts = ItemFacts(work, item)
    if member.id not in {seat.account_id for seat in facts.seats}:
        raise Invalid({"lid": ["Dit lid zit niet in de vergadering waarin dit knelpunt wordt behandeld."]})
    waiting = select(Challenge.id).where(
        Challenge.item_id == item.id, Challenge.account_id == member.id, Challenge.granted.is_(None)
    )
    if work.session.scalar(waiting):
        raise Invalid({"lid": ["Over dit lid ligt er al een wraking. De andere leden beslissen daarover."]})
    decided = select(Challenge.id).where(
        Challenge.item_id == item.id,
        Challenge.account_id == member.id,
        Challenge.organisation_id == work.actor.organisation_id,
    )
    if work.session.scalar(decided):
        raise Invalid({"lid": ["Over uw wraking van dit lid is al beslist. U kunt dit lid niet nog eens wraken."]})
    work.session.add(
        Challenge(
            item_id=item.id,
            account_id=member.id,
            organisation_id=work.actor.organisation_id,
            reason=taken.answers["reason"],
            at=work.now,
        )
    )


def decide_challenge(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Keep what the other members decided on a challenge, with how many were for and against."""
    answers = taken.answers
    member = account_with_role(work, "lid", answers["member"], *COMMISSION_ROLES)
    if member.id == work.actor.account_id:
        raise Invalid({"lid": ["Over uw eigen wraking beslissen de andere leden. De plaatsvervanger legt dat vast."]})
    query = select(Challenge).where(
        Challenge.item_id == item.id, Challenge.account_id == member.id, Challenge.granted.is_(None)
    )
    challenge = work.session.scalars(query).first()
    if challenge is None:
        raise Invalid({"lid": ["Over dit lid ligt er geen wraking die op een besluit wacht."]})
    in_favour, against = int(answers["votes_for"]), int(answers["votes_against"])
    others = ItemFacts(work, item).in_office - {member.id}
    if in_favour + against > len(others):
        raise Invalid({"voor": [f"Er zijn {len(others)} andere leden. Voor en tegen samen kunnen niet meer zijn."]})
    if in_favour + against == 0:
        raise Invalid({"voor": ["Vul in hoeveel andere leden voor en hoeveel tegen waren."]})
    challenge.granted = in_favour > against
    challenge.votes_for, challenge.votes_against = in_favour, against
    challenge.motivation, challenge.decided_at = answers["motivation"], work.now
    if challenge.granted:
        interest = interest_of(work, item, member.id)
        if interest is None:
            interest = Interest(item_id=item.id, account_id=member.id, declared=CHALLENGED, explanation="", at=work.now)
            work.session.add(interest)
        _settle(work, item, interest, EXCUSED, answers["motivation"])


CHALLENGED = "gewraakt"
"""What stands as the declaration of a member who was excused before they answered the question."""


def _settle(work: Work, item: AgendaItem, interest: Interest, judgement: str, motivation: str | None) -> None:
    interest.judgement, interest.judged_because = judgement, motivation
    if judgement == EXCUSED:
        withhold(work, item, [interest.account_id])
    else:
        release(work, item, interest.account_id, admitted=True)


EFFECTS = {effect.__name__: effect for effect in (declare_interest, judge_interest, challenge_member, decide_challenge)}
