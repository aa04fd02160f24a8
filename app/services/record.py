"""The record of a ruling: what the register keeps of it, in the shape that page, PDF and JSON share."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from app.config import value_list
from app.db.body import Body
from app.db.case import TYPE, Case, CaseLaw, Facet, Party
from app.db.interest import Interest
from app.db.meeting import AgendaItem, Meeting
from app.db.organisation import Organisation
from app.db.precedent import Precedent
from app.db.ruling import Citation, Ruling, SeparateNote
from app.db.visibility import AS_SYSTEM
from app.domain import journal
from app.domain.calendar import amsterdam_day
from app.domain.errors import Invalid
from app.domain.law import LawReference
from app.domain.precedent import Cited, Relation, check_citation, closes_a_circle
from app.domain.ruling import TESTS, WEIGHED
from app.services.law import known_laws
from app.services.sitting import EXCUSED, last_round
from app.services.treatment import nuance_of
from app.services.work import Work

BODY_WITHOUT_MEETING = "Centrale Commissie Gegevensgebruik"


def working_content(work: Work, case: Case) -> dict[str, Any]:
    """What the draft of a ruling begins with: what the case already says."""
    laws = work.session.scalars(select(CaseLaw).where(CaseLaw.case_id == case.id)).all()
    types = work.session.scalars(select(Facet.value).where(Facet.case_id == case.id, Facet.facet == TYPE)).all()
    return {
        "titel": case.title,
        "kernvraag": case.key_question,
        "typen": sorted(types),
        "doel": case.exchange.get("doel") or "",
        "gegevenscategorieen": case.exchange.get("gegevenscategorieen") or [],
        "grondslagen": [
            {
                "system": law.system,
                "id": law.identifier,
                "article": law.article,
                "paragraph": law.paragraph,
                "part": law.part,
                "valid_on": (law.valid_on or work.today).isoformat(),
                "role": "draagt",
            }
            for law in laws
        ],
    }


def record_of(work: Work, ruling: Ruling, case: Case) -> dict[str, Any]:
    """The whole record of a ruling, with labels made; every key is there, and unknown is null or empty."""
    content = ruling.content
    item = _item(work, ruling)
    return {
        "nummer": ruling.number or "",
        "uri": f"/id/uitspraak/{ruling.number.replace(':', '/')}" if ruling.number else None,
        "titel": content.get("titel") or "",
        "samenvatting": content.get("samenvatting") or "",
        "typeUitspraak": coded("uitspraaktype", content.get("typeUitspraak") or "inhoudelijk"),
        "datumVastgesteld": amsterdam_day(ruling.adopted_at or work.now).isoformat(),
        "datumGepubliceerd": None,
        "geldigVanaf": content.get("geldigVanaf"),
        "geldigTot": content.get("geldigTot"),
        "datumHerbeoordeling": content.get("datumHerbeoordeling"),
        "orgaan": _body(work, item),
        "kernvraag": content.get("kernvraag") or "",
        "kernregel": content.get("kernregel") or "",
        "conclusie": coded("conclusie", content.get("conclusie")),
        "feiten": content.get("feiten") or "",
        "juridischKader": content.get("juridischKader") or "",
        "beschouwing": content.get("beschouwing") or "",
        "weging": weighed(content.get("weging")),
        "toets": _tests(content.get("toets")),
        "voorwaarden": content.get("voorwaarden") or [],
        "grondslagen": [_basis(row) for row in content.get("grondslagen") or []],
        "doel": content.get("doel") or "",
        "gegevenscategorieen": content.get("gegevenscategorieen") or [],
        "typen": [coded("knelpunttype", value) for value in content.get("typen") or []],
        "partijen": _parties(work, case),
        "stemuitslag": _votes(work, item),
        "beslissendeStemVoorzitter": bool(item and item.chair_decided),
        "verschoond": _excused(work, item),
        "afzonderlijkeNotas": _notes(work, item),
        "aanbevelingen": [_recommendation(work, row) for row in content.get("aanbevelingen") or []],
        "citaties": citations_of(work, ruling),
        "bronnen": [{**row, "relatie": coded("bronrelatie", row["relatie"])} for row in content.get("bronnen") or []],
        "statusPrecedent": None,
        "weglatingen": [],
        "versie": 1,
        "correctie": None,
        "voorbeeld": ruling.demonstration,
    }


def frozen_text(record: Mapping[str, Any]) -> tuple[str, str]:
    """The canonical text of a record, and its SHA-256."""
    text = journal.canonical(record)
    return text, sha256(text.encode()).hexdigest()


def citations_of_draft(work: Work, ruling: Ruling, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replace what the draft cites; each citation has to be allowed (domain/workflow.md 6.8)."""
    with work.session.no_autoflush:
        given = [_citation(work, ruling, place, row) for place, row in enumerate(rows)]
    for old in work.session.scalars(select(Citation).where(Citation.ruling_id == ruling.id)).all():
        work.session.delete(old)
    work.session.flush()
    work.session.add_all(given)
    work.session.flush()


def citations_of(work: Work, ruling: Ruling) -> list[dict[str, Any]]:
    """What a ruling cites, with how it treats it."""
    query = (
        select(Citation, Precedent.number, Precedent.title, Precedent.public)
        .join(Precedent, Precedent.id == Citation.precedent_id)
        .where(Citation.ruling_id == ruling.id)
        .order_by(Citation.id)
        .execution_options(**AS_SYSTEM)
    )
    return [
        {
            "relatie": coded("citatierelatie", citation.relation),
            "nummer": number,
            # What nobody can read yet is not told by who cites it.
            "titel": title if public else None,
            "reden": nuance_of(citation) or None,
        }
        for citation, number, title, public in work.session.execute(query)
    ]


def coded(list_name: str, code: str | None) -> dict[str, str] | None:
    """A code with its label; codes that the list no longer has keep themselves as label."""
    if not code:
        return None
    return {"code": code, "label": value_list(list_name).get(code, code)}


def _citation(work: Work, ruling: Ruling, place: int, row: Mapping[str, Any]) -> Citation:
    field = f"citaties.{place}.doel"
    number = row["target"]
    precedent = work.session.scalars(
        select(Precedent).where(Precedent.number == number).execution_options(**AS_SYSTEM)
    ).one_or_none()
    if precedent is None or precedent.ruling_id == ruling.id:
        raise Invalid({field: [f"{number} bestaat niet. Kies een eerdere uitspraak."]})
    if closes_a_circle(_citations_beyond(work, precedent.ruling_id), str(ruling.id), str(precedent.ruling_id)):
        raise Invalid({field: [f"{number} steunt zelf op deze uitspraak. Kies een andere."]})
    cited = work.session.get_one(Ruling, precedent.ruling_id)
    adopted = amsterdam_day(cited.adopted_at) if cited.adopted_at else work.today
    try:
        check_citation(
            Relation(row["relation"]),
            Cited(adopted, stands=precedent.in_force_until is None),
            on=work.today,
            reason=row.get("reason") or "",
            part=row.get("part") or "",
        )
    except Invalid as error:
        raise Invalid({f"citaties.{place}.{name}": found for name, found in error.faults.items()}) from error
    return Citation(
        ruling_id=ruling.id,
        precedent_id=precedent.id,
        relation=row["relation"],
        reason=row.get("reason") or "",
        part=row.get("part"),
        general=row.get("general") or False,
        at=work.now,
    )


def _citations_beyond(work: Work, ruling_id: int) -> list[tuple[str, str]]:
    """Every citation that can be reached from a ruling, as pairs of ids: citing, cited."""
    precedents = Precedent.__table__
    step = select(Citation.ruling_id.label("citing"), precedents.c.ruling_id.label("cited")).join(
        precedents, precedents.c.id == Citation.precedent_id
    )
    reached = step.where(Citation.ruling_id == ruling_id).cte("reached", recursive=True)
    reached = reached.union(step.join(reached, Citation.ruling_id == reached.c.cited))
    return [(str(citing), str(cited)) for citing, cited in work.session.execute(select(reached))]


def _item(work: Work, ruling: Ruling) -> AgendaItem | None:
    if ruling.item_id is None:
        return None
    return work.session.get(AgendaItem, ruling.item_id, execution_options=AS_SYSTEM)


def _body(work: Work, item: AgendaItem | None) -> str:
    if item is None:
        return BODY_WITHOUT_MEETING
    meeting = work.session.get_one(Meeting, item.meeting_id, execution_options=AS_SYSTEM)
    return work.session.get_one(Body, meeting.body_id).name


def weighed(weighing: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The weighing of a ruling or an advice, with the label of each judgement."""
    if not weighing:
        return None
    return {
        part: {
            "oordeel": coded("oordeel", (weighing.get(part) or {}).get("oordeel")),
            "tekst": (weighing.get(part) or {}).get("tekst") or "",
        }
        for part in WEIGHED
    }


def _tests(tests: Mapping[str, str] | None) -> dict[str, str] | None:
    return {part: tests.get(part) or "" for part in TESTS} if tests else None


def _basis(row: Mapping[str, Any]) -> dict[str, Any]:
    reference = LawReference(
        row["system"],
        row["id"],
        row.get("article"),
        row.get("paragraph"),
        row.get("part"),
        date.fromisoformat(row["valid_on"]) if row.get("valid_on") else None,
    )
    return {
        "label": reference.label(known_laws()),
        "jci": reference.jci(),
        "url": reference.public_url(),
        "rol": coded("grondslagrol", row.get("role") or "draagt"),
        "geldigOp": row.get("valid_on"),
    }


def _parties(work: Work, case: Case) -> list[dict[str, str]]:
    query = (
        select(Party.role, Organisation.name)
        .join(Organisation, Organisation.id == Party.organisation_id)
        .where(Party.case_id == case.id)
        .order_by(Party.role, Organisation.name)
    )
    labels = value_list("partijrol")
    return [{"rol": labels.get(role, role), "naam": name} for role, name in work.session.execute(query)]


def _votes(work: Work, item: AgendaItem | None) -> dict[str, int] | None:
    current = last_round(work, item) if item and not item.consensus else None
    if current is None or current.votes_for is None:
        return None
    return {
        "voor": current.votes_for or 0,
        "tegen": current.votes_against or 0,
        "onthouding": current.abstained or 0,
    }


def _excused(work: Work, item: AgendaItem | None) -> int:
    if item is None:
        return 0
    query = select(Interest.id).where(Interest.item_id == item.id, Interest.judgement == EXCUSED)
    return len(work.session.scalars(query).all())


def _notes(work: Work, item: AgendaItem | None) -> list[dict[str, Any]]:
    if item is None:
        return []
    query = select(SeparateNote.text).where(SeparateNote.item_id == item.id).order_by(SeparateNote.id)
    return [{"tekst": text, "naam": None} for text in work.session.scalars(query)]


def _recommendation(work: Work, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "nummer": None,
        "tekst": row.get("tekst") or "",
        "geadresseerden": [_name(work, address) for address in row.get("geadresseerden") or []],
        "eigenaar": row.get("eigenaar"),
        "termijn": row.get("termijn"),
        "indicator": row.get("indicator"),
    }


def _name(work: Work, address: str) -> str:
    if not address.startswith("https://"):
        return address
    name = work.session.scalar(select(Organisation.name).where(Organisation.tooi_uri == address))
    return name or address
