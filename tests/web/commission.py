"""The commission at work, for the tests of its pages: a meeting that sits, with one case on its agenda."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db.account import Account
from app.db.body import Body
from app.db.meeting import Attendance
from app.domain.access import role_key
from tests.make import make_case, make_item, make_meeting
from tests.site import Page, Site, Visitor

CHAIR, SECRETARY = "voorzitter@ccg.example", "secretaris@ccg.example"
MEMBERS = tuple(f"lid{number}@ccg.example" for number in range(1, 9))
READERS = [role_key(role) for role in ("ccg_voorzitter", "ccg_secretaris", "ccg_lid", "ccg_plv")]


@dataclass(frozen=True, slots=True)
class Sitting:
    """The numbers of a meeting, its one item, and the case behind it."""

    meeting: str
    item: str
    case: str

    @property
    def page(self) -> str:
        """The address of the item."""
        return f"/agendapunten/{self.item}"


def sitting(site: Site, *, title: str, present: int = 8, state: str = "open") -> Sitting:
    """A meeting that was opened just now, with the chair and the first so many members."""
    with site.work() as work:
        body = work.session.scalars(select(Body).filter_by(central=True)).one()
        case = make_case(
            work, title=title, key_question=f"Mag dit: {title}?", state="in_beraadslaging", audience=READERS
        )
        meeting = make_meeting(
            work, body, day=work.today, state="geopend", sitting=True, began_at=work.now, audience=READERS
        )
        item = make_item(work, case, meeting, state=state, audience=READERS)
        for email in (CHAIR, *MEMBERS[:present]):
            account = work.session.scalars(select(Account.id).filter_by(email=email)).one()
            work.session.add(Attendance(meeting_id=meeting.id, account_id=account, present=True))
        return Sitting(meeting.number, item.number, case.number)


_INSIDE: dict[tuple[int, str], Visitor] = {}


def inside(site: Site, email: str) -> Visitor:
    """Somebody who is logged in, once for a site: a password is slow to check on purpose."""
    known = (id(site.app), email)
    if known not in _INSIDE:
        _INSIDE[known] = site.visitor(email)
    return _INSIDE[known]


def does(site: Site, email: str, address: str, action: str, **answers: Any) -> Page:
    """Somebody takes an action on the page that asks it, and it succeeds."""
    page = inside(site, email).post(f"{address}/acties/{action}", **answers)
    # Who votes gets a page with the receipt; every other step goes on to another page.
    assert page.status == (200 if action == "stemmen" else 303), page.words
    return page


def declared(site: Site, found: Sitting, *, interested: str = "") -> None:
    """Everybody who is there has answered the question of interests; one of them has one."""
    for email in (CHAIR, *MEMBERS):
        has_one = email == interested
        does(
            site,
            email,
            found.page,
            "belang_verklaren",
            belang="belang_gemeld" if has_one else "geen_belang",
            toelichting="Mijn vorige werkgever is partij." if has_one else "",
        )
