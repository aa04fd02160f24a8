"""Whether a precedent fits a case: what each of the two says, question by question."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select

from app.config import value_list
from app.db.case import Application, Case, CaseLaw, Party
from app.db.organisation import Organisation
from app.db.precedent import Precedent
from app.db.process import Audience, Process
from app.domain.access import OFFICIALS, PRECEDENT_KEEPERS, reader_keys, role_key
from app.domain.dutch import day, listing
from app.domain.law import LawReference
from app.services.law import known_laws
from app.services.precedent import later_rulings, public_text
from app.services.search import hits
from app.services.treatment import law_changes_for
from app.services.withholding import not_withheld
from app.services.work import Work

LONGEST = 400
NOT_SAID = "niet genoemd"
KEEPER_KEYS = frozenset(role_key(role) for role in PRECEDENT_KEEPERS)


class Beside(NamedTuple):
    """What the precedent says to a question, and what the case says; empty where it says nothing to compare."""

    precedent: str
    case: str = ""

    @property
    def sentence(self) -> str:
        """Both, as one text beside the question."""
        said = f"Het precedent: {_whole(self.precedent or NOT_SAID)}"
        return f"{said} Deze zaak: {_whole(self.case)}" if self.case else said


def _whole(told: str) -> str:
    """What was told as a sentence that ends."""
    return told if told.endswith((".", "?", "!", "…")) else f"{told}."


class Objection(NamedTuple):
    """That the application of a precedent was contested; in what the case differs is for who reads its file.

    `case` is the number, for who may know of the case.
    """

    at: Any
    case: str | None
    difference: str | None


def compared(work: Work, process: Process, number: str) -> Mapping[str, Beside]:
    """By question of the test what the public record of a precedent says, and what the case says.

    Nothing for a precedent that the actor may not see or that is not public.
    """
    precedent = work.session.scalars(select(Precedent).where(Precedent.number == number.strip())).one_or_none()
    public = public_text(work, precedent) if precedent is not None else None
    if not isinstance(process, Case) or precedent is None or public is None or public.withdrawn_at is not None:
        return {}
    work.session.refresh(process, ["exchange", "description"])
    record, exchange = public.record, process.exchange
    nuances = [one.text or "de tekst van een latere uitspraak volgt" for one in later_rulings(work, precedent).nuances]
    return {
        "zelfde_grondslag": Beside(_row(row["label"] for row in record.get("grondslagen") or ()), _laws(work, process)),
        "zelfde_doel": Beside(record.get("doel") or "", exchange.get("doel") or NOT_SAID),
        "zelfde_of_minder_gegevens": Beside(
            _row(record.get("gegevenscategorieen") or ()), _row(exchange.get("gegevenscategorieen") or ()) or NOT_SAID
        ),
        "zelfde_soort_partijen": Beside(
            _row(f"{row['naam']} ({row['rol'].lower()})" for row in record.get("partijen") or ()),
            _parties(work, process),
        ),
        "zelfde_betrokkenen": Beside(_short(record.get("feiten")), _short(process.description)),
        "voorwaarden_haalbaar": Beside(
            _row((f"{row['wie']}: {row['wat']}" for row in record.get("voorwaarden") or ()), "; ") or "geen voorwaarden"
        ),
        "wet_ongewijzigd": Beside(_law_since(work, precedent, record)),
        "geen_nuance": Beside(_row(nuances, " ") or "er is geen nuance"),
    }


def fitting(work: Work, process: Process) -> list[tuple[str, str]]:
    """The precedents in force that look most like a case: number and title."""
    if not isinstance(process, Case):
        return []
    found = hits(work, f"{process.title} {process.key_question}", cases=False)
    return [
        (hit.process.number, hit.process.title)
        for hit in found
        if isinstance(hit.process, Precedent) and hit.process.in_force_from and not hit.process.in_force_until
    ][:5]


def objections(work: Work, precedent: Precedent) -> list[Objection]:
    """Why people said that it does not fit their case, the last first; for who looks after precedents.

    Of a case that is withheld from the actor not even that it was contested.
    """
    if KEEPER_KEYS.isdisjoint(keys := reader_keys(work.actor)):
        return []
    query = (
        select(Application.case_id, Application.contested_at, Application.difference)
        .where(
            Application.precedent_id == precedent.id,
            Application.contested_at.is_not(None),
            not_withheld(work, Application.case_id.expression),
        )
        .order_by(Application.contested_at.desc(), Application.id.desc())
        .limit(20)
    )
    rows = work.session.execute(query).all()
    cases = {case for case, _, _ in rows}
    known = select(Process.id, Process.number).where(Process.id.in_(cases))
    numbers = dict(work.session.execute(known).all())
    read = select(Audience.process_id).where(Audience.process_id.in_(cases), Audience.key.in_(keys - {OFFICIALS}))
    files = set(work.session.scalars(read))
    return [
        Objection(at, numbers.get(case), text if case in numbers and case in files else None) for case, at, text in rows
    ]


def _laws(work: Work, case: Case) -> str:
    laws = work.session.scalars(select(CaseLaw).where(CaseLaw.case_id == case.id).order_by(CaseLaw.id)).all()
    references = (LawReference(law.system, law.identifier, law.article, law.paragraph, law.part) for law in laws)
    return _row(reference.label(known_laws()) for reference in references) or NOT_SAID


def _parties(work: Work, case: Case) -> str:
    query = (
        select(Organisation.name, Party.role)
        .join(Party, Party.organisation_id == Organisation.id)
        .where(Party.case_id == case.id)
        .order_by(Party.id)
    )
    labels = value_list("partijrol")
    named = [f"{name} ({labels.get(role, role).lower()})" for name, role in work.session.execute(query)]
    return _row(named) or NOT_SAID


def _law_since(work: Work, precedent: Precedent, record: Mapping[str, Any]) -> str:
    changes = law_changes_for(work, precedent)
    if changes:
        return "nieuwere versie van " + listing(
            f"{LawReference(one.system, one.identifier, one.article).label(known_laws())} vanaf {day(one.in_force_on)}"
            for one in changes
        )
    days = [row["geldigOp"] for row in record.get("grondslagen") or () if row.get("geldigOp")]
    read = f", de wet is gelezen op {day(min(days))}" if days else ""
    return f"geen nieuwere versie genoteerd{read}"


def _row(words: Iterable[str], between: str = ", ") -> str:
    return _short(between.join(word.rstrip(".") for word in words))


def _short(text: str | None) -> str:
    told = " ".join((text or "").split()).rstrip(".")
    return told if len(told) <= LONGEST else f"{told[:LONGEST].rsplit(' ', 1)[0]}…"
