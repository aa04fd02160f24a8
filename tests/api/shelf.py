"""Many cases at once, for lists: rows as they are after intake, without the journal that they would have."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select

from app.db.case import TYPE, Case, CaseLaw, Facet, Party
from app.db.meeting import AgendaItem, Meeting
from app.db.process import Audience, Process
from app.db.report import Report
from app.domain.access import organisation_key
from app.services.work import Work
from tests.api.stage import Stage
from tests.make import make_meeting

STATES = ("ingediend", "in_intake", "in_behandeling", "tactisch_overleg", "geagendeerd")


def fill_shelf(stage: Stage, amount: int) -> None:
    """Cases with a report, a party, a law, two types and an agenda item, which most roles see."""
    with stage.work() as work:
        session = work.session
        first = (session.scalar(select(func.max(Process.id))) or 0) + 1
        meeting = session.scalars(select(Meeting)).first() or make_meeting(work)
        first = max(first, meeting.id + 1)
        numbers = range(first, first + 2 * amount, 2)
        session.execute(
            insert(Process.__table__), [row for number in numbers for row in _processes(stage, work, number)]
        )
        tables: dict[Any, list[dict[str, Any]]] = {}
        for number in numbers:
            for table, row in _rows(stage, work, number, meeting.id):
                tables.setdefault(table, []).append(row)
        for table, rows in tables.items():
            session.execute(insert(table), rows)
        if session.get_bind().dialect.name == "postgresql":
            session.execute(select(func.setval("process_id_seq", numbers[-1] + 1)))


def _processes(stage: Stage, work: Work, number: int) -> list[dict[str, Any]]:
    shared = {
        "version": 1,
        "title": "Gegevens voor de bijzondere bijstand",
        "confidentiality": "intern",
        "public": False,
        "demonstration": False,
        "opened_at": work.now,
        "changed_at": work.now - timedelta(minutes=number % 7),
        "entered_on": work.today,
        "due": work.today + timedelta(days=number % 5),
        "extended": False,
        "reminders": 0,
        "revision": 1,
        "last_sequence": 0,
        "last_hash": "0" * 64,
        "organisation_id": stage.organisations["utrecht"],
        "owner_id": stage.accounts["triagist"],
    }
    case = {"id": number, "kind": "knelpunt", "number": f"KNP-2026-{number:05}", "state": STATES[number // 2 % 5]}
    item = {"id": number + 1, "kind": "agendapunt", "number": f"AGP-2026-{number:05}", "state": "geagendeerd"}
    return [{**shared, **case, "case_id": None}, {**shared, **item, "case_id": number}]


def _rows(stage: Stage, work: Work, number: int, meeting_id: int) -> list[tuple[Any, dict[str, Any]]]:
    utrecht, svb = stage.organisations["utrecht"], stage.organisations["svb"]
    keys = (organisation_key(utrecht), organisation_key(svb), *map("role:{}".format, ("auditor", "triagist")))
    keys = (*keys, *map("role:{}".format, ("behandelaar", "regielid", "ccg_secretaris", "ccg_voorzitter")))
    text = {"description": "De gemeente krijgt de gegevens niet.", "tried": "", "societal_effect": ""}
    question = "Mag de gemeente deze gegevens krijgen?"
    return [
        (
            Case.__table__,
            {
                "id": number,
                "key_question": question,
                "exchange": {},
                "urgency": "normaal",
                "reopened_count": 0,
                "sources": [],
                **text,
            },
        ),
        *((Facet.__table__, {"case_id": number, "facet": TYPE, "value": value}) for value in ("ethisch", "juridisch")),
        (Party.__table__, {"case_id": number, "organisation_id": svb, "role": "verstrekker", "invited_at": work.now}),
        (CaseLaw.__table__, {"case_id": number, "system": "bwb", "identifier": "BWBR0015703", "article": "64"}),
        *((Audience.__table__, {"process_id": number, "key": key}) for key in keys),
        *((Audience.__table__, {"process_id": number + 1, "key": key}) for key in keys if key.startswith("role:ccg")),
        (
            AgendaItem.__table__,
            {
                "id": number + 1,
                "meeting_id": meeting_id,
                "position": number,
                "preliminary_advice": "Leveren mag, mits.",
                "urgent": False,
                "held_over": False,
                "chair_decided": False,
            },
        ),
        (
            Report.__table__,
            {
                "number": f"MLD-2026-{number:05}",
                "case_id": number,
                "organisation_id": utrecht,
                "account_id": stage.accounts["utrecht"],
                "joins": False,
                "title": "Gegevens voor de bijzondere bijstand",
                "key_question": question,
                "types": ["juridisch"],
                "exchange": {},
                "laws": [],
                "basis_unknown": True,
                "urgency": "normaal",
                "confidentiality": "intern",
                "similar_shown": [],
                "filed_at": work.now,
                **text,
            },
        ),
    ]
