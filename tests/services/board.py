"""A commission for the tests of its meetings: a chair, members, a deputy and a secretary, each with a seat."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.db.account import Account
from app.db.body import Body
from app.db.case import Case
from app.db.meeting import AgendaItem, Meeting
from app.domain.access import role_key
from app.services.process import advance
from app.services.withholding import ask_for_interests
from tests.make import acting, make_account, make_body, make_case, make_item, make_meeting, make_seat

READERS = [role_key(role) for role in ("ccg_voorzitter", "ccg_secretaris", "ccg_lid", "ccg_plv")]
DAY = date(2026, 12, 14)


@dataclass
class Board:
    """The people of a body and what they do, each with the own eyes."""

    work: Any
    body: Body
    chair: Account
    secretary: Account
    members: list[Account]
    deputy: Account

    def meeting(self, **fields: Any) -> Meeting:
        return make_meeting(self.work, self.body, **{"day": DAY, "audience": READERS, **fields})

    def item(self, meeting: Meeting, title: str = "Zoeken op adres", *, position: int = 1, **fields: Any) -> AgendaItem:
        """An item about a case, kept from every member until the question of interests."""
        case = self.case(title)
        item = make_item(self.work, case, meeting, position=position, audience=READERS, **fields)
        ask_for_interests(self.work, item, meeting)
        return item

    def case(self, title: str) -> Case:
        return make_case(
            self.work, title=title, key_question=f"Mag dit: {title}?", state="geagendeerd", audience=READERS
        )

    def does(self, who: Account, process: Any, action: str, **answers: Any) -> Any:
        """Somebody takes an action, by the English names of the answers."""
        return advance(acting(self.work, who), process, action=action, answers=answers)

    def declares(self, item: AgendaItem, *who: Account) -> None:
        for account in who:
            self.does(account, item, "belang_verklaren", interest="geen_belang", explanation="")


def make_board(work: Any, *, members: int = 4) -> Board:
    body = make_body(work, code="ccg", name="Centrale Commissie Gegevensgebruik")
    session = work.session
    chair = make_account(session, "ccg_voorzitter", name="Voorzitter")
    secretary = make_account(session, "ccg_secretaris", name="Secretaris")
    seated = [make_account(session, "ccg_lid", name=f"Lid {number}") for number in range(1, members + 1)]
    deputy = make_account(session, "ccg_plv", name="Plaatsvervanger")
    make_seat(work, body, chair, role="ccg_voorzitter")
    make_seat(work, body, secretary, role="ccg_secretaris", votes=False)
    make_seat(work, body, deputy, role="ccg_plv", votes=False)
    for member in seated:
        make_seat(work, body, member)
    return Board(work, body, chair, secretary, seated, deputy)
