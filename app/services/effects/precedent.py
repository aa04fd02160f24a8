"""Effects on precedents: proposed, applied, contested; in force, qualified, outdated."""

from datetime import timedelta

from sqlalchemy import select

from app.db.case import Application, Case
from app.db.precedent import Precedent
from app.db.process import Process
from app.db.report import Report
from app.db.ruling import Citation
from app.domain import calendar
from app.domain import precedent as rules
from app.domain.access import organisation_key
from app.domain.errors import Invalid
from app.services.facts import latest_ruling, reporting_cases, running_application
from app.services.lifecycle import Taken, due_in, show_to
from app.services.notice import notify, people_of
from app.services.reference import process_named
from app.services.work import Work, beyond_sight

APPLIES = "past_toe"
TO_REASSESS = "te_herbeoordelen"
WITHIN_TERM = "binnen_termijn"
RELIED_ON = timedelta(days=730)
REQUEST_TERM = calendar.Term.parse("6 weeks")
REVIEW_ANSWER = calendar.Term.parse("8 weeks")


def propose_precedent(work: Work, case: Case, taken: Taken) -> None:
    """Keep the proposal with its test; a precedent that does not stand, or does not fit, is refused."""
    answers = taken.answers
    precedent = process_named(work, "precedent", Precedent, answers["precedent"])
    if precedent.in_force_from is None or precedent.in_force_until is not None:
        raise Invalid({"precedent": [f"{precedent.number} geldt niet of niet meer. Kies een geldend precedent."]})
    outcome = rules.outcome(
        {row["question"]: rules.Answer(rules.Reply(row["answer"]), row.get("reason") or "") for row in answers["test"]}
    )
    if outcome.verdict is rules.Verdict.NOT_APPLICABLE:
        raise Invalid({"toepassingstoets": ["Het precedent past niet.", *outcome.reasons]})
    work.session.add(
        Application(
            case_id=case.id,
            precedent_id=precedent.id,
            test=[dict(row) for row in answers["test"]],
            proposed_by=work.actor.account_id,
            proposed_at=work.now,
        )
    )
    organisations = work.session.scalars(select(Report.organisation_id).where(reporting_cases(case.id)))
    show_to(work, case, (organisation_key(organisation) for organisation in organisations.all()))


def apply_precedent(work: Work, case: Case, taken: Taken) -> None:
    """The case is settled with the precedent: it cites it, and the precedent counts one more."""
    application = running_application(work, case.id)
    if application is None:
        raise Invalid({"": ["Er is geen precedent voorgesteld."]})
    application.applied_at = work.now
    case.ruled_on = work.today
    precedent = work.session.get_one(Precedent, application.precedent_id)
    precedent.used_count += 1
    known = select(Citation.id).filter_by(case_id=case.id, precedent_id=precedent.id, relation=APPLIES)
    if work.session.scalars(known).first() is None:
        work.session.add(Citation(case_id=case.id, precedent_id=precedent.id, relation=APPLIES, at=work.now))


def record_distinction(work: Work, case: Case, taken: Taken) -> None:
    """Keep in what the case differs; the precedent may have to say so one day."""
    application = running_application(work, case.id)
    if application is None:
        return
    application.contested_at = work.now
    application.difference = taken.answers["difference"]
    work.session.get_one(Precedent, application.precedent_id).distinction_candidate = True


def open_reconsideration(work: Work, case: Case, taken: Taken) -> None:
    """A request within six weeks needs no new facts; a later one does (Awb 6:7 by analogy)."""
    within_term = taken.answers["ground"] == WITHIN_TERM
    if within_term and case.ruled_on and work.today > calendar.last_day(case.ruled_on, REQUEST_TERM):
        raise Invalid({"grond": ["De zes weken zijn voorbij. Kies nieuwe feiten of een andere grond."]})
    _flag(work, case, under=True)


def flag_precedent(work: Work, case: Case, taken: Taken) -> None:
    """Mark that the precedent of this case is being reconsidered."""
    _flag(work, case, under=True)


def note_on_precedent(work: Work, case: Case, taken: Taken) -> None:
    """The ruling stands; the mark goes."""
    _flag(work, case, under=False)


def put_in_force(work: Work, precedent: Precedent, taken: Taken) -> None:
    """From its publication everybody may read the precedent and rely on it."""
    precedent.in_force_from = work.today
    precedent.public = True
    precedent.review_on = precedent.review_on or precedent.due
    precedent.due = min(filter(None, (precedent.due, precedent.review_on)), default=None)


def end_force(work: Work, precedent: Precedent, taken: Taken) -> None:
    """From this day nobody may rely on the precedent; it stays to be read."""
    precedent.in_force_until = taken.answers.get("since") or work.today
    precedent.ended_because = taken.answers.get("reference") or taken.answers.get("reason")


def add_nuance(work: Work, precedent: Precedent, taken: Taken) -> None:
    """Keep what a later ruling adds or takes away."""
    # The day on which somebody looks again stays what it was.
    precedent.due = taken.due_before or precedent.due
    precedent.nuance = taken.answers.get("nuance") or precedent.nuance
    precedent.nuance_from = taken.answers.get("ruling") or precedent.nuance_from


def lift_nuance(work: Work, precedent: Precedent, taken: Taken) -> None:
    """The ruling that qualified it no longer stands."""
    precedent.due = taken.due_before or precedent.due
    precedent.nuance = precedent.nuance_from = None


def mark_precedent(work: Work, precedent: Precedent, taken: Taken) -> None:
    """Mark it; the clock marks it for review, and an analyst answers within eight weeks."""
    if taken.answers.get("mark") in (None, TO_REASSESS):
        precedent.to_reassess = True
    else:
        precedent.under_reconsideration = True
    precedent.due = calendar.last_day(work.today, REVIEW_ANSWER)


def record_review(work: Work, precedent: Precedent, taken: Taken) -> None:
    """The review was done; the next is on the given day, or when the term of the state has passed."""
    precedent.to_reassess = False
    precedent.due = taken.answers.get("review_on") or due_in(work, precedent)
    precedent.review_on = precedent.due


def notify_appliers(work: Work, precedent: Precedent, taken: Taken) -> None:
    """Tell the organisations whose cases relied on it in the last 24 months."""
    cases = work.session.scalars(
        beyond_sight(
            select(Citation.case_id).where(
                Citation.precedent_id == precedent.id,
                Citation.relation == APPLIES,
                Citation.at >= work.now - RELIED_ON,
            )
        )
    ).all()
    organisations = work.session.scalars(
        select(Report.organisation_id).where(Report.case_id.in_(list(filter(None, cases)))).distinct()
    ).all()
    state = work.workflows[precedent.kind, precedent.version].states[precedent.state].label
    notify(
        work,
        people_of(work, organisations),
        precedent,
        subject=f"{precedent.number} is nu: {state}",
        text=f"{precedent.title}\n\nUw organisatie heeft op dit precedent gesteund.",
    )


def _flag(work: Work, case: Case, *, under: bool) -> None:
    ruling = latest_ruling(work, case.id)
    if ruling is None:
        return
    found: Process | None = work.session.scalars(
        beyond_sight(select(Precedent).where(Precedent.ruling_id == ruling.id))
    ).first()
    if isinstance(found, Precedent):
        found.under_reconsideration = under


EFFECTS = {
    effect.__name__: effect
    for effect in (
        propose_precedent,
        apply_precedent,
        record_distinction,
        open_reconsideration,
        flag_precedent,
        note_on_precedent,
        put_in_force,
        end_force,
        add_nuance,
        lift_nuance,
        mark_precedent,
        record_review,
        notify_appliers,
    )
}
