"""The file of a closed case, as an archive takes it over: what was reported, what was done, decided and published."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.db.case import Case
from app.db.process import Attachment
from app.db.publication import PublicRecord
from app.domain.calendar import amsterdam_day
from app.domain.errors import NotVisible
from app.services.overview import attachments_of, journal_of, messages_of, sight_of
from app.services.ruling import reads_ruling, ruling_in_progress
from app.services.work import Work

JSON, PDF = "application/json", "application/pdf"
OPEN = "openbaar"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the file: its bytes, or the digest under which the store has them."""

    slug: str
    title: str
    name: str
    media_type: str
    at: datetime
    confidentiality: str
    content: bytes | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A closed case with its pieces; `omitted` are the grounds on which its publication leaves words out."""

    number: str
    title: str
    question: str
    confidentiality: str
    opened_on: date
    closed_on: date
    ruling: str | None
    omitted: Mapping[str, str | None]
    pieces: tuple[Piece, ...]


def dossier_of(work: Work, case: Case) -> Dossier:
    """The file of a case that is at its end, for who handles it; `NotVisible` for others and before that."""
    if not is_complete(work, case):
        raise NotVisible(case.number)
    public = _published(work, case)
    omitted = public.record.get("weglatingen") or () if public is not None else ()
    return Dossier(
        number=case.number,
        title=case.title,
        question=case.key_question,
        confidentiality=case.confidentiality,
        opened_on=amsterdam_day(case.opened_at),
        closed_on=case.entered_on,
        ruling=ruling_in_progress(work, case).ruling.number if reads_ruling(work, case) else None,
        omitted={row["grond"]: row.get("motivering") for row in omitted},
        pieces=tuple(_pieces(work, case, public)),
    )


def is_complete(work: Work, case: Case) -> bool:
    """Is the case at its end, and does the actor handle it?"""
    ended = work.workflows[case.kind, case.version].states[case.state].final
    return ended and sight_of(work, case).handling


def _pieces(work: Work, case: Case, public: PublicRecord | None) -> Iterator[Piece]:
    def written(slug: str, title: str, value: Any) -> Piece:
        return Piece(slug, title, f"{slug}.json", JSON, case.changed_at, case.confidentiality, content=_json(value))

    yield written("knelpunt", f"Knelpunt {case.number}", _reported(case))
    yield written("verloop", f"Verloop van {case.number}", _journal(work, case))
    yield written("berichten", f"Berichten bij {case.number}", _messages(work, case))
    if reads_ruling(work, case):
        ruling = ruling_in_progress(work, case)
        yield written("uitspraak", f"Uitspraak bij {case.number}", ruling.record)
    if public is not None and public.withdrawn_at is None:
        name = public.number.replace(":", "-")
        yield Piece(
            "openbaar",
            f"Openbare uitspraak {public.number}",
            f"{name}.json",
            JSON,
            public.published_at,
            OPEN,
            content=_json(public.record),
        )
        if public.pdf_digest is not None:
            title = f"Openbare uitspraak {public.number} als document"
            moment = public.published_at
            yield Piece("document", title, f"{name}.pdf", PDF, moment, OPEN, digest=public.pdf_digest)
    for place, attachment in enumerate(attachments_of(work, case), start=1):
        yield _attached(case, place, attachment)


def _attached(case: Case, place: int, attachment: Attachment) -> Piece:
    return Piece(
        slug=f"bijlage-{place}",
        title=attachment.title or attachment.name,
        name=attachment.name,
        media_type=attachment.media_type,
        at=attachment.at,
        confidentiality=case.confidentiality,
        digest=attachment.digest,
    )


def _published(work: Work, case: Case) -> PublicRecord | None:
    if not reads_ruling(work, case):
        return None
    number = ruling_in_progress(work, case).ruling.number
    query = select(PublicRecord).where(PublicRecord.number == number, PublicRecord.current)
    return work.session.scalars(query.options(undefer(PublicRecord.record))).one_or_none()


def _reported(case: Case) -> dict[str, Any]:
    return {
        "nummer": case.number,
        "titel": case.title,
        "kernvraag": case.key_question,
        "omschrijving": case.description,
        "uitwisseling": case.exchange,
        "geprobeerd": case.tried,
        "maatschappelijkEffect": case.societal_effect,
        "kenmerken": [{"soort": row.facet, "waarde": row.value} for row in case.facets],
        "partijen": [{"rol": row.role, "naam": row.organisation.name} for row in case.parties],
        "grondslagen": [
            {
                "stelsel": row.system,
                "id": row.identifier,
                "artikel": row.article,
                "lid": row.paragraph,
                "onderdeel": row.part,
                "geldigOp": row.valid_on,
            }
            for row in case.laws
        ],
        "oplossing": case.solution,
        "voordracht": case.nomination,
        "status": case.state,
        "geopendOp": case.opened_at,
    }


def _journal(work: Work, case: Case) -> list[dict[str, Any]]:
    """Each line with its hashes, as the export of the whole journal has them: they can be checked by themselves."""
    return [
        {"vorigeHash": event.previous_hash, "hash": event.hash, "regel": event.line(case.number)}
        for event in journal_of(work, case, handling=True, involved=True)
    ]


def _messages(work: Work, case: Case) -> list[dict[str, Any]]:
    return [
        {
            "op": message.at,
            "van": message.organisation.name if message.organisation else None,
            "intern": message.internal,
            "tekst": message.text,
        }
        for message in messages_of(work, case, handling=True)
    ]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str).encode() + b"\n"
