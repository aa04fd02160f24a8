"""Effects of the intake: completing, merging, and who is told."""

from datetime import timedelta

from sqlalchemy import delete, select

from app.db.account import Account
from app.db.case import Case, CompletionPoint, Party
from app.db.process import Audience, Follower
from app.db.report import Report
from app.domain.access import CLOSED_WITHIN, account_key, organisation_key
from app.domain.confidentiality import at_least
from app.domain.errors import Invalid
from app.services.facts import reporting_cases
from app.services.lifecycle import Taken, show_to
from app.services.notice import followers_of, notify, people_of
from app.services.reference import process_named
from app.services.work import Work

LONGEST_COMPLETION = timedelta(weeks=4)


def start_completion_round(work: Work, case: Case, taken: Taken) -> None:
    """Ask the reporter these points; at most four weeks to answer (Awb 4:5 by analogy)."""
    due = taken.answers.get("due")
    if due is not None and due > work.today + LONGEST_COMPLETION:
        raise Invalid({"termijn": ["Geef de melder ten hoogste vier weken."]})
    points = completion_points(work, case)
    last = max((point.round for point in points), default=0)
    for question in taken.answers["points"]:
        point = CompletionPoint(round=last + 1, question=question)
        point.case_id = case.id
        work.session.add(point)


def finish_completion_round(work: Work, case: Case, taken: Taken) -> None:
    """Keep the answer to each point of the last round; none may stay open."""
    asked = open_points(work, case)
    answers = taken.answers["answers"]
    if len(answers) != len(asked) or not all(answers):
        raise Invalid({"antwoorden": [f"Beantwoord elk punt. Er zijn {len(asked)} punten gevraagd."]})
    for point, answer in zip(asked, answers, strict=True):
        point.answer = answer


def completion_points(work: Work, case: Case) -> list[CompletionPoint]:
    """All points that were ever asked on a case, oldest first."""
    query = select(CompletionPoint).where(CompletionPoint.case_id == case.id).order_by(CompletionPoint.id)
    return list(work.session.scalars(query))


def open_points(work: Work, case: Case) -> list[CompletionPoint]:
    """The points of the last round."""
    points = completion_points(work, case)
    last = max((point.round for point in points), default=0)
    return [point for point in points if point.round == last]


def attach_to_main(work: Work, case: Case, taken: Taken) -> None:
    """Hang this case under a main one; its people follow the main case and its parties join it.

    Merged cases form a forest of depth one, and the main case is at least as confidential.
    """
    main = process_named(work, "hoofdknelpunt", Case, taken.answers["main"])
    _refuse_bad_main(work, case, main)
    case.main_id = main.id
    organisations = work.session.scalars(
        select(Report.organisation_id).where(Report.case_id == case.id).distinct()
    ).all()
    if case.confidentiality in CLOSED_WITHIN or main.confidentiality in CLOSED_WITHIN:
        reporters = work.session.scalars(select(Report.account_id).where(Report.case_id == case.id)).all()
        show_to(work, main, (account_key(account) for account in reporters if account))
    else:
        show_to(work, main, (organisation_key(organisation) for organisation in organisations))
    for account in _reporters(work, case):
        if work.session.get(Follower, (main.id, account.id)) is None:
            work.session.add(Follower(process_id=main.id, account_id=account.id))
    _join_parties(work, case, main)


def detach_from_main(work: Work, case: Case, taken: Taken) -> None:
    """Take a case apart from its main case again; who came along with it leaves with it."""
    main_id, case.main_id = case.main_id, None
    work.session.flush()
    if main_id is None:
        return
    leaving = work.session.scalars(select(Report).where(Report.case_id == case.id)).all()
    staying = set(work.session.scalars(select(Report.organisation_id).where(reporting_cases(main_id))).all())
    keys = {organisation_key(report.organisation_id) for report in leaving if report.organisation_id not in staying}
    keys |= {account_key(report.account_id) for report in leaving if report.account_id}
    work.session.execute(delete(Audience).where(Audience.process_id == main_id, Audience.key.in_(keys)))
    accounts = [account.id for account in _reporters(work, case)]
    work.session.execute(delete(Follower).where(Follower.process_id == main_id, Follower.account_id.in_(accounts)))


def notify_reporters(work: Work, case: Case, taken: Taken) -> None:
    """Tell the reporters, and whoever follows the case, where it stands now."""
    state = work.workflows[case.kind, case.version].states[case.state].label
    notify(
        work,
        [*_reporters(work, case), *followers_of(work, case)],
        case,
        subject=f"{case.number}: {state}",
        text=f"{case.title}\n\nStatus: {state}." + _explained(taken),
    )


def notify_parties(work: Work, case: Case, taken: Taken) -> None:
    """Tell the people of each party that was invited."""
    invited = work.session.scalars(
        select(Party.organisation_id).where(Party.case_id == case.id, Party.invited_at.is_not(None))
    ).all()
    state = work.workflows[case.kind, case.version].states[case.state].label
    notify(
        work,
        people_of(work, invited),
        case,
        subject=f"{case.number}: {state}",
        text=f"{case.title}\n\nStatus: {state}." + _explained(taken),
    )


def _explained(taken: Taken) -> str:
    """What the step itself says to the reader, where it says anything."""
    answers = taken.answers
    points = "".join(f"\n- {point}" for point in answers.get("points", ()))
    explanation = answers.get("explanation") or ""
    return (f"\n\nGevraagd:{points}" if points else "") + (f"\n\n{explanation}" if explanation else "")


def _refuse_bad_main(work: Work, case: Case, main: Case) -> None:
    if main.id == case.id:
        raise Invalid({"hoofdknelpunt": ["Kies een ander knelpunt dan dit."]})
    if main.main_id is not None:
        raise Invalid({"hoofdknelpunt": [f"{main.number} is zelf samengevoegd. Kies het hoofdknelpunt daarvan."]})
    if work.session.scalars(select(Case.id).where(Case.main_id == case.id)).first() is not None:
        raise Invalid({"hoofdknelpunt": ["Onder dit knelpunt hangen al andere. Voeg die eerst elders samen."]})
    if not at_least(main.confidentiality, case.confidentiality):
        raise Invalid({"hoofdknelpunt": [f"{main.number} is minder vertrouwelijk dan dit knelpunt."]})


def _join_parties(work: Work, case: Case, main: Case) -> None:
    known = {
        (party.organisation_id, party.role)
        for party in work.session.scalars(select(Party).where(Party.case_id == main.id))
    }
    for party in work.session.scalars(select(Party).where(Party.case_id == case.id)).all():
        if (party.organisation_id, party.role) not in known:
            joined = Party(organisation_id=party.organisation_id, role=party.role)
            joined.case_id = main.id
            work.session.add(joined)


def _reporters(work: Work, case: Case) -> list[Account]:
    query = select(Account).join(Report, Report.account_id == Account.id).where(Report.case_id == case.id).distinct()
    return list(work.session.scalars(query))


EFFECTS = {
    effect.__name__: effect
    for effect in (
        start_completion_round,
        finish_completion_round,
        attach_to_main,
        detach_from_main,
        notify_reporters,
        notify_parties,
    )
}
