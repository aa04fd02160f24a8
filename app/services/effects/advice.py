"""Effects of advice: asking, giving, and saying what was done with it."""

from app.db.account import Account
from app.db.advice import Advice
from app.db.case import Case
from app.db.process import Process
from app.domain.access import ADVISERS, AUDITOR_ROLE, SECRETARY_ROLE, account_key, role_key
from app.services.lifecycle import Taken, beginning, opened, show_to
from app.services.notice import notify
from app.services.number import next_number
from app.services.reference import account_with_role
from app.services.work import Work


def open_advice(work: Work, case: Case, taken: Taken) -> list[Process]:
    """Ask one expert; the expert sees the case from now on."""
    answers = taken.answers
    adviser = account_with_role(work, "deskundige", answers["adviser"], *ADVISERS)
    kind = Advice.kind_name()
    advice = Advice(
        **beginning(work, kind, next_number(work, kind)),
        title=case.title,
        case_id=case.id,
        advice_type=answers["kind"],
        adviser_id=adviser.id,
        asker_id=work.actor.account_id,
        owner_id=adviser.id,
        question=answers["question"],
        basis=answers.get("basis"),
        papers=answers.get("papers"),
        mandatory=answers.get("mandatory") is not False,
        disclosure=answers.get("disclosure") or case.confidentiality,
        confidentiality=case.confidentiality,
        demonstration=case.demonstration,
    )
    keys = {account_key(adviser.id), role_key(AUDITOR_ROLE), role_key(SECRETARY_ROLE)}
    if work.actor.account_id is not None:
        keys.add(account_key(work.actor.account_id))
    if case.handler_id is not None:
        keys.add(account_key(case.handler_id))
    opened(work, advice, action=taken.event.action, role=taken.event.role, audience=keys)
    if answers.get("due"):
        advice.due = answers["due"]
    show_to(work, case, [account_key(adviser.id)])
    _tell(work, advice, adviser.id, f"Adviesaanvraag {advice.number}", advice.question)
    return [advice]


def deliver_advice(work: Work, advice: Advice, taken: Taken) -> None:
    """Keep the advice; a second one on the same request is a new edition."""
    answers = taken.answers
    advice.edition += 1
    advice.delivered_at = work.now
    # Now it waits for who asked, to say what was done with it.
    advice.owner_id = advice.asker_id
    advice.result = {
        "conclusie": answers["conclusion"],
        "weging": {
            "kan": {"oordeel": answers["can_judgement"], "tekst": answers["can_text"]},
            "mag": {"oordeel": answers["may_judgement"], "tekst": answers["may_text"]},
            "wenselijk": {"oordeel": answers["desirable_judgement"], "tekst": answers["desirable_text"]},
        },
        "motivering": answers["motivation"],
        "voorwaarden": answers.get("conditions"),
        "onzekerheid": answers["uncertainty"],
        "bronnen": answers["sources"],
        "belang": answers["interest"],
    }


def reopen_advice(work: Work, advice: Advice, taken: Taken) -> None:
    """Ask the expert to clarify; until then the advice has not been given."""
    advice.delivered_at = None
    advice.owner_id = advice.adviser_id
    _tell(work, advice, advice.adviser_id, f"Verduidelijking gevraagd: {advice.number}", taken.answers["question"])


def record_advice_use(work: Work, advice: Advice, taken: Taken) -> None:
    """Keep whether the advice was followed, and if not why (Awb 3:9 and 3:50 by analogy)."""
    advice.use = {
        "gevolgd": taken.answers["followed"],
        "afwijking": taken.answers.get("deviation"),
        "vergewis": taken.answers["verification"],
    }


def notify_asker(work: Work, advice: Advice, taken: Taken) -> None:
    """Tell who asked what came of the request."""
    state = work.workflows[advice.kind, advice.version].states[advice.state].label
    _tell(work, advice, advice.asker_id, f"{advice.number}: {state}", f"{advice.title}\n\nStatus: {state}.")


def notify_adviser(work: Work, advice: Advice, taken: Taken) -> None:
    """Tell the expert what became of the request."""
    state = work.workflows[advice.kind, advice.version].states[advice.state].label
    _tell(work, advice, advice.adviser_id, f"{advice.number}: {state}", f"{advice.title}\n\nStatus: {state}.")


def _tell(work: Work, advice: Advice, account_id: int | None, subject: str, text: str) -> None:
    if account_id is not None:
        notify(work, [work.session.get_one(Account, account_id)], advice, subject=subject, text=text)


EFFECTS = {
    effect.__name__: effect
    for effect in (
        open_advice,
        deliver_advice,
        reopen_advice,
        record_advice_use,
        notify_asker,
        notify_adviser,
    )
}
