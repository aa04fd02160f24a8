"""What a test needs to be there, made with as little as the test says: plain functions with keyword defaults."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.adapters.ballot_box import BallotBox
from app.db.account import Account, Grant
from app.db.advice import Advice
from app.db.body import Body, Membership
from app.db.case import Case, Party
from app.db.meeting import AgendaItem, Meeting
from app.db.organisation import Organisation
from app.db.precedent import Precedent
from app.db.process import Audience, Process
from app.db.publication import Publication
from app.db.recommendation import Recommendation
from app.db.report import Report
from app.db.ruling import Ruling
from app.domain.access import ORGANISATION_ROLES, SYSTEM, Actor, role_key
from app.domain.access import Grant as GrantValue
from app.schemas.form import FORMS
from app.services.definition import load_workflows
from app.services.lifecycle import beginning, opened
from app.services.number import next_number, next_sequence
from app.services.work import Work, Workflows

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""A Monday morning on which a test happens."""

BALLOTS = BallotBox(b"the ballot key of all the tests.")
"""What seals votes where no application brought its own."""

_numbers = count(1)


@cache
def workflows() -> Workflows:
    """The definitions that are shipped, read once."""
    return load_workflows(FORMS)


def work_of(
    session: Session, actor: Actor = SYSTEM, *, now: datetime = NOW, definitions: Workflows | None = None
) -> Work:
    """Work for an actor, who is also the reader of the session."""
    session.info["reader"] = actor
    session.info["ballots"] = session.info.get("ballots") or BALLOTS
    return Work(session, actor, now, definitions or workflows())


def acting(work: Work, actor: Actor | Account) -> Work:
    """The same work done by somebody else, who sees only what that person may see."""
    found = actor_of(actor) if isinstance(actor, Account) else actor
    work.session.info["reader"] = found
    return replace(work, actor=found)


def later(work: Work, now: datetime) -> Work:
    """The same work at another moment."""
    return replace(work, now=now)


def actor_of(account: Account) -> Actor:
    """Who an account is to the rules, with the grants that `make_account` gave it."""
    return Actor(account.id, account.organisation_id, account.__dict__["made_with"], account.name)


def make_organisation(session: Session, name: str = "", **fields: Any) -> Organisation:
    number = next(_numbers)
    organisation = Organisation(
        **{
            "name": name or f"gemeente {number}",
            "kind": "gemeente",
            "tooi_uri": f"https://identifier.overheid.nl/tooi/id/gemeente/gm{number:04}",
            "joined": True,
            **fields,
        }
    )
    session.add(organisation)
    session.flush()
    return organisation


def make_account(
    session: Session, *roles: str, organisation: Organisation | None = None, name: str = "", **fields: Any
) -> Account:
    """Somebody with these roles; those that hold for an organisation are for the own one."""
    home = organisation or make_organisation(session)
    number = next(_numbers)
    account = Account(
        **{
            "name": name or f"Functie {number}",
            "email": f"functie{number}@knelpunt.example",
            "organisation_id": home.id,
            "created_at": NOW,
            **fields,
        }
    )
    session.add(account)
    session.flush()
    held = {GrantValue(role, home.id if role in ORGANISATION_ROLES else None) for role in roles}
    session.add_all(
        Grant(account_id=account.id, role=role, organisation_id=scope, granted_at=NOW) for role, scope, _ in held
    )
    session.flush()
    account.__dict__["made_with"] = frozenset(held)
    return account


def make_case(
    work: Work,
    *,
    state: str | None = None,
    organisation: Organisation | None = None,
    audience: Iterable[str] = (),
    **fields: Any,
) -> Case:
    """A case in some state, as if it had begun there: with its term, its turn and who may see it by then."""
    return _process(
        work,
        Case,
        audience,
        state,
        organisation_id=organisation.id if organisation else None,
        **{
            "title": "Gegevens voor de bijzondere bijstand",
            "key_question": "Mag de gemeente deze gegevens krijgen?",
            "description": "De gemeente krijgt de gegevens niet.",
            "exchange": {"verstrekkers": [], "ontvangers": [], "gegevenscategorieen": [], "doel": ""},
            **fields,
        },
    )


def copy_case(work: Work, amount: int, *, first: int = 100_000) -> None:
    """Many rows like one that there is, for what could cost more with more rows; a test takes them away itself."""
    session = work.session
    model = session.scalars(select(Case).order_by(Case.id).limit(1)).one()
    keys = session.scalars(select(Audience.key).where(Audience.process_id == model.id)).all()
    columns = Process.__table__.c
    row = dict(session.execute(select(Process.__table__).where(columns.id == model.id)).mappings().one())
    case = dict(session.execute(select(Case.__table__).where(Case.__table__.c.id == model.id)).mappings().one())
    ids = range(first, first + amount)
    session.execute(insert(Process.__table__), [{**row, "id": one, "number": f"KNP-2099-{one}"} for one in ids])
    session.execute(insert(Case.__table__), [{**case, "id": one} for one in ids])
    session.execute(insert(Audience.__table__), [{"process_id": one, "key": key} for one in ids for key in keys])


def make_report(work: Work, case: Case, *, organisation: Organisation | None = None, **fields: Any) -> Report:
    report = Report(
        **{
            "number": next_number(work, "melding"),
            "case_id": case.id,
            "organisation_id": organisation.id if organisation else case.organisation_id,
            "account_id": work.actor.account_id,
            "title": case.title,
            "key_question": case.key_question,
            "description": "De gemeente krijgt de gegevens niet.",
            "types": ["juridisch"],
            "exchange": {},
            "laws": [],
            "tried": "",
            "societal_effect": "",
            "urgency": "normaal",
            "confidentiality": "intern",
            "filed_at": work.now,
            **fields,
        }
    )
    work.session.add(report)
    work.session.flush()
    return report


def make_party(
    work: Work, case: Case, organisation: Organisation, *, role: str = "verstrekker", **fields: Any
) -> Party:
    party = Party(**{"organisation_id": organisation.id, "role": role, "invited_at": work.now, **fields})
    party.case_id = case.id
    work.session.add(party)
    work.session.flush()
    return party


def make_advice(work: Work, case: Case, adviser: Account, **fields: Any) -> Advice:
    return _process(
        work,
        Advice,
        fields.pop("audience", ()),
        fields.pop("state", None),
        **{
            "title": case.title,
            "case_id": case.id,
            "advice_type": "juridisch",
            "adviser_id": adviser.id,
            "asker_id": None,
            "question": "Mag dit?",
            **fields,
        },
    )


def make_body(work: Work, **fields: Any) -> Body:
    body = Body(
        **{"code": f"ccg{next(_numbers)}", "name": "Centrale Commissie Gegevensgebruik", "central": True, **fields}
    )
    work.session.add(body)
    work.session.flush()
    return body


def make_seat(work: Work, body: Body, account: Account, *, role: str = "ccg_lid", **fields: Any) -> Membership:
    seat = Membership(
        **{
            "body_id": body.id,
            "account_id": account.id,
            "role": role,
            "votes": True,
            "since": date(2026, 1, 1),
            **fields,
        }
    )
    work.session.add(seat)
    work.session.flush()
    return seat


def make_meeting(work: Work, body: Body | None = None, **fields: Any) -> Meeting:
    return _process(
        work,
        Meeting,
        fields.pop("audience", ()),
        fields.pop("state", None),
        **{
            "title": "Vergadering",
            "body_id": (body or make_body(work)).id,
            "day": date(2026, 12, 14),
            "place": "Den Haag",
            **fields,
        },
    )


def make_item(work: Work, case: Case, meeting: Meeting, **fields: Any) -> AgendaItem:
    return _process(
        work,
        AgendaItem,
        fields.pop("audience", ()),
        fields.pop("state", None),
        **{
            "title": case.title,
            "case_id": case.id,
            "meeting_id": meeting.id,
            "position": 1,
            "preliminary_advice": "Leveren mag, mits.",
            **fields,
        },
    )


def make_ruling(work: Work, case: Case, *, adopted: bool = True, **fields: Any) -> Ruling:
    """A ruling with a number and a frozen text, or with `adopted=False` a draft."""
    given: dict[str, Any] = {}
    if adopted:
        sequence = next_sequence(work, "precedent", work.today.year)
        given = {
            "number": f"CCG:{work.today.year}:{sequence}",
            "year": work.today.year,
            "sequence": sequence,
            "adopted_at": work.now,
            "frozen": "{}",
            "digest": "0" * 64,
        }
    ruling = Ruling(**{"case_id": case.id, "item_id": None, "content": {}, "opened_at": work.now, **given, **fields})
    work.session.add(ruling)
    work.session.flush()
    return ruling


def make_precedent(work: Work, case: Case, ruling: Ruling | None = None, **fields: Any) -> Precedent:
    ruling = ruling or make_ruling(work, case)
    return _process(
        work,
        Precedent,
        fields.pop("audience", ()),
        fields.pop("state", None),
        **{
            "number": ruling.number,
            "title": case.title,
            "case_id": case.id,
            "ruling_id": ruling.id,
            "rule": "De gemeente mag de gegevens krijgen.",
            "conclusion": "mag",
            **fields,
        },
    )


def make_publication(work: Work, case: Case, ruling: Ruling, **fields: Any) -> Publication:
    return _process(
        work,
        Publication,
        fields.pop("audience", ()),
        fields.pop("state", None),
        **{"title": case.title, "case_id": case.id, "ruling_id": ruling.id, **fields},
    )


def make_recommendation(
    work: Work, case: Case, ruling: Ruling, organisation: Organisation, **fields: Any
) -> Recommendation:
    return _process(
        work,
        Recommendation,
        fields.pop("audience", ()),
        fields.pop("state", None),
        **{
            "title": case.title,
            "case_id": case.id,
            "organisation_id": organisation.id,
            "ruling_id": ruling.id,
            "position": 1,
            "text": "Maak een werkafspraak.",
            **fields,
        },
    )


def _process(work: Work, record: type[Any], audience: Iterable[str], state: str | None, **fields: Any) -> Any:
    kind = record.kind_name()
    number = fields.pop("number", None) or next_number(work, kind)
    begun = beginning(work, kind, number)
    first = work.newest(kind).states[begun["state"]]
    process: Process = record(**{**begun, "state": state or begun["state"], **fields})
    kept = {name: fields[name] for name in ("due", "turn", "owner_id") if name in fields}
    opened(work, process, action="beginnen", role="systeem", audience={*audience, *map(role_key, first.seen)})
    for name, value in kept.items():
        setattr(process, name, value)
    work.session.flush()
    return process
