"""Effects at the work level and the regietafel: who handles, what it is, and how it is solved."""

from collections.abc import Iterable

from sqlalchemy import delete, select, update

from app.db.case import GDI, INTERVENTION, LAYER, ROOT_CAUSE, SUBFACET, TYPE, Case, Facet, Party
from app.db.report import Report
from app.domain.access import HANDLER_ROLE, account_key, organisation_key
from app.domain.errors import Invalid
from app.services.facts import reporting_cases
from app.services.index import index_case
from app.services.lifecycle import Taken, show_to
from app.services.notice import notify, people_of
from app.services.reference import account_with_role
from app.services.work import Work


def assign_handler(work: Work, case: Case, taken: Taken) -> None:
    """Give the case to a handler, who holds it from now on."""
    field = "behandelaar" if "domain" in taken.answers else "eigenaar"
    handler = account_with_role(work, field, taken.answers["handler"], HANDLER_ROLE)
    case.handler_id = case.owner_id = handler.id
    show_to(work, case, [account_key(handler.id)])
    notify(
        work,
        [handler],
        case,
        subject=f"{case.number} staat op uw naam",
        text=f"{case.title}\n\nU behandelt dit knelpunt.",
    )


def record_interpretation(work: Work, case: Case, taken: Taken) -> None:
    """Keep how the case was interpreted (duiden): its types, root causes, layers, and whether it is real."""
    answers = taken.answers
    case.domain, case.priority, case.apparent = answers["domain"], answers["priority"], answers["apparent"]
    for facet, name in (
        (TYPE, "types"),
        (SUBFACET, "subfacets"),
        (ROOT_CAUSE, "root_causes"),
        (LAYER, "layers"),
        (GDI, "gdi"),
    ):
        set_facet(work, case, facet, answers.get(name) or ())


def set_facet(work: Work, case: Case, facet: str, values: Iterable[str]) -> None:
    """Replace the values of one classification."""
    work.session.execute(delete(Facet).where(Facet.case_id == case.id, Facet.facet == facet))
    for value in dict.fromkeys(values):
        row = Facet(facet=facet, value=value)
        row.case_id = case.id
        work.session.add(row)


def invite_parties(work: Work, case: Case, taken: Taken) -> None:
    """Show the case to every party and tell its people; from now on they may answer."""
    parties = work.session.scalars(select(Party).where(Party.case_id == case.id, Party.invited_at.is_(None))).all()
    for party in parties:
        party.invited_at = work.now
    show_to(work, case, (organisation_key(party.organisation_id) for party in parties))
    notify(
        work,
        people_of(work, [party.organisation_id for party in parties]),
        case,
        subject=f"{case.number}: uw organisatie is partij",
        text=f"{case.title}\n\nUw organisatie is partij bij dit knelpunt. U kunt meelezen en reageren.",
    )


def count_reopening(work: Work, case: Case, taken: Taken) -> None:
    """Count that the case was opened again; it waits for a triagist, unless one did it."""
    case.reopened_count += 1
    case.outcome_asked_on = None
    case.handler_id = None
    case.owner_id = None
    if work.actor.organisation_id not in _organisations(work, case):
        case.owner_id = work.actor.account_id


def propose_solution(work: Work, case: Case, taken: Taken) -> None:
    """Keep the proposed solution; what parties said of an earlier one no longer counts."""
    answers = taken.answers
    case.solution = {
        "tekst": answers["text"],
        "weging": {
            "kan": {"oordeel": answers["can_judgement"], "tekst": answers["can_text"]},
            "mag": {"oordeel": answers["may_judgement"], "tekst": answers["may_text"]},
            "wenselijk": {"oordeel": answers["desirable_judgement"], "tekst": answers["desirable_text"]},
        },
        "vastgesteldOp": None,
    }
    set_facet(work, case, INTERVENTION, answers.get("interventions") or ())
    work.session.execute(update(Party).where(Party.case_id == case.id).values(agreed=None))


def record_agreement(work: Work, case: Case, taken: Taken) -> None:
    """Keep whether the actor's organisation agrees; its last word counts."""
    work.session.execute(
        update(Party)
        .where(Party.case_id == case.id, Party.organisation_id == work.actor.organisation_id)
        .values(agreed=taken.answers["agreed"])
    )


def record_working_solution(work: Work, case: Case, taken: Taken) -> None:
    """The solution stands; it is knowledge for the next, and no precedent."""
    if case.solution is None:
        raise Invalid({"oplossing": ["Er is nog geen oplossing voorgesteld."]})
    case.solution = {**case.solution, "vastgesteldOp": work.today.isoformat()}
    index_case(work, case)


def record_nomination(work: Work, case: Case, taken: Taken) -> None:
    """Keep what the commission is asked, and on which grounds."""
    answers = taken.answers
    case.nomination = {
        "vraagstelling": answers["question"],
        "escalatiegronden": list(answers["grounds"]),
        "dossier": list(answers.get("dossier") or ()),
        "spoedMotivering": answers.get("urgency"),
    }


def _organisations(work: Work, case: Case) -> set[int]:
    parties = set(work.session.scalars(select(Party.organisation_id).where(Party.case_id == case.id)))
    reporters = set(work.session.scalars(select(Report.organisation_id).where(reporting_cases(case.id))))
    return parties | reporters


EFFECTS = {
    effect.__name__: effect
    for effect in (
        assign_handler,
        record_interpretation,
        invite_parties,
        count_reopening,
        propose_solution,
        record_agreement,
        record_working_solution,
        record_nomination,
    )
}
