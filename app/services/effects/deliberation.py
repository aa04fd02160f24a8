"""Effects of the closed deliberation: opinions, draft texts, deviating views, separate notes, and the decision."""

from sqlalchemy import func, select

from app.db.deliberation import DeviatingView, DraftText, Opinion
from app.db.meeting import AgendaItem
from app.db.ruling import SeparateNote
from app.domain.access import COMMISSION_ROLES
from app.domain.errors import Invalid
from app.services.lifecycle import Taken
from app.services.reference import account_with_role
from app.services.sitting import ItemFacts, last_round
from app.services.work import Work


def give_opinion(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Keep what the actor thinks; whoever gives an own opinion may read those of the others."""
    account_id = work.actor.account_id or 0
    answers = taken.answers
    known = work.session.get(Opinion, (item.id, account_id))
    if known is None:
        known = Opinion(item_id=item.id, account_id=account_id, leaning="", text="", at=work.now)
        work.session.add(known)
    known.leaning, known.text, known.at = answers["leaning"], answers["text"], work.now


def open_opinions(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Let every member who takes part read the opinions."""
    item.opinions_open = True


def keep_draft_text(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Keep the next version of the text; the earlier ones stay to compare with."""
    text = taken.answers["text"]
    last = work.session.scalars(
        select(DraftText).where(DraftText.item_id == item.id).order_by(DraftText.version.desc()).limit(1)
    ).first()
    if last is not None and last.text == text:
        raise Invalid({"tekst": ["Dit is dezelfde tekst als de laatste versie. Verander eerst iets."]})
    work.session.add(
        DraftText(
            item_id=item.id,
            version=(last.version if last else 0) + 1,
            text=text,
            account_id=work.actor.account_id,
            at=work.now,
        )
    )


def note_deviating_view(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Note that members argued a deviating view in the meeting; it gives them the right to a separate note."""
    voters = ItemFacts(work, item).voters
    for email in taken.answers["members"]:
        member = account_with_role(work, "leden", email, *COMMISSION_ROLES)
        if member.id not in voters:
            raise Invalid({"leden": [f"{member.name} doet niet mee aan dit punt. Kies leden die er waren."]})
        if work.session.get(DeviatingView, (item.id, member.id)) is None:
            work.session.add(DeviatingView(item_id=item.id, account_id=member.id, at=work.now))


def waive_note(work: Work, item: AgendaItem, taken: Taken) -> None:
    """The actor will add no separate note, so that the ruling need not wait for it."""
    view = work.session.get(DeviatingView, (item.id, work.actor.account_id or 0))
    if view is not None:
        view.waived_at = work.now


def add_separate_note(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Keep the deviating view of a member (Kaderwet adviescolleges art. 20 lid 6); one note a member."""
    text, longest = taken.answers["text"], ItemFacts(work, item).rules.note_length
    if len(text) > longest:
        raise Invalid({"tekst": [f"Een nota is ten hoogste {longest} tekens. Deze is {len(text)} tekens."]})
    account_id = work.actor.account_id or 0
    count = select(func.count()).where(SeparateNote.item_id == item.id, SeparateNote.account_id == account_id)
    if work.session.scalar(count):
        raise Invalid({"tekst": ["U hebt bij dit punt al een nota gegeven. Een nota kan niet meer veranderen."]})
    work.session.add(SeparateNote(item_id=item.id, account_id=account_id, text=text, at=work.now))


def record_decision(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Keep what was decided by the last vote, and whether the chair's vote was the one that counted."""
    current = last_round(work, item)
    counted = current is not None and current.votes_for is not None
    _keep(work, item, taken, consensus=not counted)
    item.chair_decided = bool(current and current.votes_for and current.votes_for == current.votes_against)


def record_consensus(work: Work, item: AgendaItem, taken: Taken) -> None:
    """Keep what was decided without a vote; a vote in an earlier meeting has no part in it."""
    _keep(work, item, taken, consensus=True)
    item.chair_decided = False


def _keep(work: Work, item: AgendaItem, taken: Taken, *, consensus: bool) -> None:
    answers = taken.answers
    item.dictum = answers.get("dictum") or answers.get("question")
    item.interventions = list(answers.get("interventions") or ())
    item.consensus = consensus
    item.decided_on = work.today


EFFECTS = {
    effect.__name__: effect
    for effect in (
        give_opinion,
        open_opinions,
        keep_draft_text,
        note_deviating_view,
        waive_note,
        add_separate_note,
        record_decision,
        record_consensus,
    )
}
