"""Rulings that cite each other, for the tests of what becomes of a precedent: adopted and published by the services."""

from datetime import timedelta
from typing import Any

from app.db.account import Account
from app.db.case import Case
from app.db.precedent import Precedent
from app.db.process import Process
from app.db.ruling import Ruling
from app.services.process import advance, follow
from app.services.record import citations_of_draft
from app.services.work import Work
from tests.make import acting, later, make_account, make_case, make_ruling

LAW = {"system": "bwb", "id": "BWBR0015703", "article": "64", "valid_on": "2026-01-01"}
CONTENT = {
    "titel": "Delen mag",
    "samenvatting": "Het mag.",
    "kernvraag": "Mag dit?",
    "kernregel": "Het mag.",
    "feiten": "De gemeente vraagt gegevens.",
    "beschouwing": "Het is nodig.",
    "conclusie": "mag",
    "weging": {part: {"oordeel": "ja", "tekst": "Ja."} for part in ("kan", "mag", "wenselijk")},
}


class Shelf:
    """The rulings of one commission, with the people who look after them; each step is on a later day."""

    def __init__(self, work: Work) -> None:
        self.work = work
        session = work.session
        self.chair: Account = make_account(session, "ccg_voorzitter", name="Voorzitter")
        self.secretary: Account = make_account(session, "ccg_secretaris", name="Secretaris")
        self.analyst: Account = make_account(session, "analist", name="Analist")

    def a_day_later(self, days: int = 1) -> None:
        self.work = later(self.work, self.work.now + timedelta(days=days))

    def draft(self, *cites: dict[str, Any], **content: Any) -> Ruling:
        """A draft that cites others."""
        case = make_case(self.work, state="uitspraak_concept")
        ruling = make_ruling(self.work, case, adopted=False, content={**CONTENT, **content})
        ruling.fact_check_done_on = self.work.today
        citations_of_draft(self.work, ruling, cites)
        return ruling

    def adopt(self, *cites: dict[str, Any], **content: Any) -> Precedent:
        """A ruling, adopted by two people; its precedent, which is not public yet."""
        ruling = self.draft(*cites, **content)
        return self.adopt_draft(ruling)

    def adopt_draft(self, ruling: Ruling) -> Precedent:
        case = self.work.session.get_one(Case, ruling.case_id)
        for person in (self.chair, self.secretary):
            outcome = advance(acting(self.work, person), case, action="vaststellen")
        self.work = acting(self.work, self.work.as_system().actor)
        return next(one for one in outcome.made if isinstance(one, Precedent))

    def publish(self, precedent: Precedent) -> Precedent:
        follow(self.work, precedent, "geldend_worden")
        return precedent

    def ruling(self, *cites: dict[str, Any], **content: Any) -> Precedent:
        """A ruling that everybody may rely on."""
        return self.publish(self.adopt(*cites, **content))

    def does(self, who: Account, process: Process, action: str, **answers: Any) -> Any:
        found = advance(acting(self.work, who), process, action=action, answers=answers)
        self.work = acting(self.work, self.work.as_system().actor)
        return found

    def withdraw(self, precedent: Precedent) -> None:
        for person in (self.secretary, self.chair):
            self.does(person, precedent, "intrekken", reason="Er stond een fout in.")

    def declare_outdated(self, precedent: Precedent) -> None:
        answers = {"cause": "wetswijziging", "reference": "Stb. 2026, 1", "since": self.work.today}
        for person in (self.secretary, self.chair):
            self.does(person, precedent, "achterhaald_verklaren", **answers)


def cite(precedent: Precedent, relation: str, reason: str = "Omdat het zo is.", **more: Any) -> dict[str, Any]:
    """A citation as the form of the draft gives it."""
    return {"target": precedent.number, "relation": relation, "reason": reason, **more}
