"""Effects above the commission: what the board and a minister are asked, and what they answer."""

from app.db.case import Case
from app.db.escalation import BOARD, MINISTER, Escalation
from app.services.escalation import open_escalation
from app.services.fact import latest_item
from app.services.lifecycle import Taken
from app.services.work import Work


def put_to_board(work: Work, case: Case, taken: Taken) -> None:
    """Keep what the board is asked: by the regietafel, by who follows up, or by the commission in a meeting."""
    question = taken.answers.get("question") or taken.answers.get("note")
    if question is None:
        item = latest_item(work, case)
        question = item.dictum if item is not None else None
    _ask(work, case, BOARD, question or "")


def record_board_decision(work: Work, case: Case, taken: Taken) -> None:
    """Keep what the board decided, when, and who carries it out by which day."""
    found, answers = _waiting(work, case, BOARD), taken.answers
    found.organ, found.answered_on, found.answer = answers["body"], answers["decided_on"], answers["decision"]
    found.owner, found.due = answers["owner"], answers["due"]


def record_return(work: Work, case: Case, taken: Taken) -> None:
    """Keep that the board sent the case back to the work level, with what has to be done there."""
    found, answers = _waiting(work, case, BOARD), taken.answers
    found.answered_on, found.answer, found.due = work.today, answers["assignment"], answers["due"]


def put_to_minister(work: Work, case: Case, taken: Taken) -> None:
    """Keep what a minister is asked; the question to the board waits on that answer no longer."""
    board = open_escalation(work, case, BOARD)
    if board is not None:
        board.answered_on, board.answer = work.today, "Voorgelegd aan de bewindspersoon."
    _ask(work, case, MINISTER, taken.answers["question"])


def record_position(work: Work, case: Case, taken: Taken) -> None:
    """Keep what the minister answered, with the paper of parliament or the letter in which it can be read."""
    found, answers = _waiting(work, case, MINISTER), taken.answers
    found.answered_on, found.answer, found.consequences = work.today, answers["position"], answers["consequences"]
    found.parliamentary_paper = answers.get("parliamentary_paper") or answers.get("letter")


def _ask(work: Work, case: Case, level: str, question: str) -> None:
    work.session.add(Escalation(case_id=case.id, level=level, question=question, asked_at=work.now))


def _waiting(work: Work, case: Case, level: str) -> Escalation:
    """The question that waits for an answer; a case that came here by an earlier version has none on record."""
    found = open_escalation(work, case, level)
    if found is None:
        found = Escalation(case_id=case.id, level=level, question="", asked_at=work.now)
        work.session.add(found)
    return found


EFFECTS = {
    effect.__name__: effect
    for effect in (
        put_to_board,
        record_board_decision,
        record_return,
        put_to_minister,
        record_position,
    )
}
