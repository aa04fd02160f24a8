"""Effects on precedents: proposed, applied, contested; in force, qualified, outdated."""

from datetime import date

from sqlalchemy import ColumnElement, select, update

from app.db.case import Application, Case
from app.db.precedent import Nuance, Precedent
from app.db.report import Report
from app.db.ruling import Citation
from app.db.visibility import AS_SYSTEM
from app.domain import calendar
from app.domain import precedent as rules
from app.domain.access import CHAIR_ROLE, organisation_key
from app.domain.dutch import listing
from app.domain.errors import Invalid
from app.services.facts import reporting_cases, running_application
from app.services.lifecycle import FollowUp, Taken, due_in, show_to
from app.services.notice import notify, people_of, people_with_role
from app.services.reference import process_named
from app.services.reliance import APPLIES, RELIED_ON, cases_by_organisation, proposed_for
from app.services.treatment import (
    CLOSE_RECONSIDERATION,
    MARK,
    RECONSIDERED,
    REPLACE,
    TO_REASSESS,
    lines,
    reasons_for_review,
    released_by,
    review,
    treated_before,
)
from app.services.work import Work, beyond_sight

WITHIN_TERM = "binnen_termijn"
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
    precedent = work.session.get_one(Precedent, application.precedent_id, execution_options=AS_SYSTEM)
    precedent.distinction_candidate = True
    work.session.flush()
    taken.follow_ups.extend(review(work, precedent))


def open_reconsideration(work: Work, case: Case, taken: Taken) -> None:
    """A request within six weeks needs no new facts; a later one does (Awb 6:7 by analogy)."""
    within_term = taken.answers["ground"] == WITHIN_TERM
    if within_term and case.ruled_on and work.today > calendar.last_day(case.ruled_on, REQUEST_TERM):
        raise Invalid({"grond": ["De zes weken zijn voorbij. Kies nieuwe feiten of een andere grond."]})
    case.reconsideration = {
        "grond": taken.answers["ground"],
        "toelichting": taken.answers.get("explanation") or "",
        "op": work.today.isoformat(),
    }
    flag_precedent(work, case, taken)


def flag_precedent(work: Work, case: Case, taken: Taken) -> None:
    """Mark that the precedent of this case is being reconsidered."""
    precedent = _precedent_of(work, case)
    if precedent is not None and not precedent.under_reconsideration:
        taken.follow_ups.append(FollowUp(precedent, MARK, {"mark": RECONSIDERED}, f"Zie {case.number}."))


def note_on_precedent(work: Work, case: Case, taken: Taken) -> None:
    """The ruling stands; the mark goes."""
    precedent = _precedent_of(work, case)
    if precedent is not None and precedent.under_reconsideration:
        taken.follow_ups.append(
            FollowUp(
                precedent, CLOSE_RECONSIDERATION, reason=f"De commissie heeft de uitspraak gehandhaafd: {case.number}."
            )
        )


def put_in_force(work: Work, precedent: Precedent, taken: Taken) -> None:
    """From its publication everybody may read the precedent and rely on it, as later rulings left it."""
    precedent.in_force_from = work.today
    precedent.public = True
    precedent.review_on = precedent.review_on or precedent.due
    precedent.due = min(filter(None, (precedent.due, precedent.review_on)), default=None)
    taken.follow_ups.extend(treated_before(work, precedent))
    if not any(step.action == REPLACE for step in taken.follow_ups):
        taken.follow_ups.extend(review(work, precedent))


def end_force(work: Work, precedent: Precedent, taken: Taken) -> None:
    """From this day nobody may rely on the precedent; it stays to be read, and what it qualified is released."""
    precedent.ended_because = taken.answers.get("reference") or taken.answers.get("reason")
    _end(work, precedent, taken, taken.answers.get("since") or work.today)


def replace_precedent(work: Work, precedent: Precedent, taken: Taken) -> None:
    """A later ruling revises all of it; which one is told when everybody may read that one."""
    precedent.replaced_by = taken.answers["ruling"]
    _end(work, precedent, taken, work.today)


def add_nuance(work: Work, precedent: Precedent, taken: Taken) -> None:
    """Keep what a later ruling adds or takes away."""
    # The day on which somebody looks again stays what it was.
    precedent.due = taken.due_before or precedent.due
    work.session.add(
        Nuance(
            precedent_id=precedent.id,
            text=taken.answers.get("nuance") or "",
            ruling_number=taken.answers.get("ruling") or "",
            citation_id=taken.answers.get("citation"),
            at=work.now,
        )
    )
    work.session.flush()
    work.session.expire(precedent, ["nuances"])


def lift_nuance(work: Work, precedent: Precedent, taken: Taken) -> None:
    """No ruling qualifies it any more."""
    precedent.due = taken.due_before or precedent.due
    _lift(work, precedent)


def lift_one_nuance(work: Work, precedent: Precedent, taken: Taken) -> None:
    """One ruling that qualified it no longer stands; refuses a ruling that does not qualify it."""
    number = taken.answers["ruling"]
    if number not in {nuance.ruling_number for nuance in precedent.nuances}:
        raise Invalid({"uitspraak": [f"{number} nuanceert dit precedent niet. Kies een uitspraak die dat doet."]})
    _lift(work, precedent, Nuance.ruling_number == number)


def mark_precedent(work: Work, precedent: Precedent, taken: Taken) -> None:
    """Mark it; the clock marks it for review, and an analyst answers within eight weeks."""
    if taken.answers.get("mark") not in (None, TO_REASSESS):
        _reconsider(work, precedent, taken)
        return
    waits = precedent.to_reassess and taken.due_before is not None and taken.due_before >= work.today
    known = lines(precedent.review_because)
    # The clock marks on the day that was agreed, or reminds of an answer that did not come; who marks by hand has a
    # reason that the journal keeps.
    agreed = None if "mark" in taken.answers or precedent.to_reassess else taken.due_before
    found = reasons_for_review(work, precedent, due=agreed)
    precedent.review_because = "\n".join(found if len(found) >= len(known) else known) or None
    precedent.to_reassess = True
    precedent.due = taken.due_before if waits else calendar.last_day(work.today, REVIEW_ANSWER)


def record_review(work: Work, precedent: Precedent, taken: Taken) -> None:
    """The review was done; the next is on the given day, or when the term of the state has passed."""
    precedent.to_reassess = False
    precedent.review_because = None
    precedent.reviewed_at = work.now
    precedent.due = taken.answers.get("review_on") or due_in(work, precedent)
    precedent.review_on = precedent.due
    if taken.answers.get("outcome") != rules.Review.RECONSIDER:
        return
    _reconsider(work, precedent, taken)
    notify(
        work,
        people_with_role(work, CHAIR_ROLE),
        precedent,
        subject=f"{precedent.number}: de analist vraagt om heroverweging",
        text=f"{precedent.title}\n\nBeslis of de commissie de zaak opnieuw behandelt. Kies bij het knelpunt "
        "“Heroverweging vragen”, of sluit de heroverweging bij het precedent af met een reden.",
    )


def close_reconsideration(work: Work, precedent: Precedent, taken: Taken) -> None:
    """The commission looked again, and the precedent stands as it is."""
    precedent.under_reconsideration = False


def notify_appliers(work: Work, precedent: Precedent, taken: Taken) -> None:
    """Tell the organisations whose cases relied on it in the last 24 months which cases those are.

    Who holds an open case for which it was proposed is told too. What a later ruling says is not told here: that can be
    read when it is public.
    """
    state = work.workflows[precedent.kind, precedent.version].states[precedent.state].label
    change = "wordt heroverwogen" if precedent.under_reconsideration else f"is nu: {state}"
    subject = f"{precedent.number} {change}"
    for organisation, cases in cases_by_organisation(work, precedent, since=work.now - RELIED_ON).items():
        text = f"{precedent.title}\n\nUw organisatie heeft op dit precedent gesteund bij {listing(cases)}."
        notify(work, people_of(work, [organisation]), precedent, subject=subject, text=text)
    for case, owner in proposed_for(work, precedent):
        text = f"{precedent.title}\n\nDit precedent is voorgesteld voor {case}. Kijk of het daar nog past."
        notify(work, [owner], precedent, subject=subject, text=text)


def _reconsider(work: Work, precedent: Precedent, taken: Taken) -> None:
    precedent.under_reconsideration = True
    precedent.due = precedent.due if "outcome" in taken.answers else taken.due_before
    notify_appliers(work, precedent, taken)


def _end(work: Work, precedent: Precedent, taken: Taken, day: date) -> None:
    precedent.in_force_until = day
    precedent.to_reassess = precedent.under_reconsideration = False
    precedent.review_because = None
    taken.follow_ups.extend(released_by(work, precedent))


def _lift(work: Work, precedent: Precedent, *which: ColumnElement[bool]) -> None:
    standing = (Nuance.precedent_id == precedent.id, Nuance.lifted_at.is_(None))
    work.session.execute(update(Nuance).where(*standing, *which).values(lifted_at=work.now))
    work.session.expire(precedent, ["nuances"])


def _precedent_of(work: Work, case: Case) -> Precedent | None:
    """The precedent in force that the last ruling of a case left behind."""
    query = (
        select(Precedent)
        .where(Precedent.case_id == case.id, Precedent.in_force_from.is_not(None), Precedent.in_force_until.is_(None))
        .order_by(Precedent.id.desc())
        .limit(1)
        .with_for_update(of=Precedent.__table__)
    )
    return work.session.scalars(beyond_sight(query)).first()


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
        replace_precedent,
        add_nuance,
        lift_nuance,
        lift_one_nuance,
        mark_precedent,
        record_review,
        close_reconsideration,
        notify_appliers,
    )
}
