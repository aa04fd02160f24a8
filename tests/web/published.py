"""Rulings that everybody reads, for the tests of the public pages: their records as the publication makes them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.db.case import TYPE, Facet
from app.db.organisation import Organisation
from app.db.precedent import Nuance, Precedent
from app.db.process import Process
from app.db.publication import PublicRecord
from app.db.ruling import Citation, Ruling
from app.domain.access import SYSTEM
from app.services.index import index_precedent
from tests.make import make_case, make_precedent, make_recommendation, make_ruling
from tests.site import Site

SAMPLE = Path(__file__).parent.parent / "adapters" / "ruling.json"
MEANT_FOR_NOBODY = "Dit staat alleen in het dossier."
"""Stands in what was adopted and not in what was published."""


@dataclass(frozen=True, slots=True)
class Public:
    """A published ruling: its number, and the ids behind it."""

    number: str
    ruling_id: int
    precedent_id: int
    case_id: int

    @property
    def page(self) -> str:
        """Where everybody reads it."""
        return f"/uitspraken/{self.number}"


def publish(site: Site, **record: Any) -> Public:
    """A ruling that was adopted and published, with its precedent; what is not said is as in the sample."""
    with site.work() as work:
        case = make_case(work, title=MEANT_FOR_NOBODY)
        facet = Facet(facet=TYPE, value="juridisch")
        facet.case_id = case.id
        work.session.add(facet)
        ruling = make_ruling(work, case)
        fields = {"public": True, "in_force_from": work.today, "rule": MEANT_FOR_NOBODY, "state": "geldend"}
        precedent = make_precedent(work, case, ruling, conclusion="mag_mits", **fields)
        public = _record(work, ruling, record)
        index_precedent(work, precedent, public.record)
        return Public(public.number, ruling.id, precedent.id, case.id)


def publish_again(site: Site, public: Public, **record: Any) -> None:
    """A next version, after which the one before it is not the current one."""
    with site.work() as work:
        for old in work.session.scalars(select(PublicRecord).filter_by(number=public.number)):
            old.current = False
        ruling = work.session.get_one(Ruling, public.ruling_id)
        _record(work, ruling, {"versie": 2, **record}, issue=2)


def change(site: Site, public: Public, **fields: Any) -> None:
    """Change what is known of the precedent."""
    with site.work() as work:
        precedent = work.session.get_one(Precedent, public.precedent_id)
        if text := fields.pop("nuance", None):
            nuance = Nuance(precedent_id=precedent.id, text=text, ruling_number="", at=work.now)
            work.session.add(nuance)
        before = precedent.state
        for name, value in fields.items():
            setattr(precedent, name, value)
        if "state" in fields:
            # As the journal tells it: the test changes the record, and not how it came there.
            _tell(precedent, before)


def change_record(site: Site, public: Public, **fields: Any) -> None:
    """Change the public record of a ruling."""
    with site.work() as work:
        for record in work.session.scalars(select(PublicRecord).filter_by(number=public.number)):
            for name, value in fields.items():
                setattr(record, name, value)


def cite(site: Site, citing: Public, cited: Public, *, relation: str) -> None:
    with site.work() as work:
        work.session.add(
            Citation(ruling_id=citing.ruling_id, precedent_id=cited.precedent_id, relation=relation, at=work.now)
        )


def recommend(site: Site, public: Public, organisation: str, **fields: Any) -> str:
    """A recommendation of a ruling to an organisation; its number."""
    with site.work() as work:
        ruling = work.session.get_one(Ruling, public.ruling_id)
        case = work.session.get_one(Process, public.case_id)
        addressee = work.session.scalars(select(Organisation).filter_by(name=organisation)).one()
        text = {"text": MEANT_FOR_NOBODY, **fields}
        return str(make_recommendation(work, case, ruling, addressee, **text).number)  # type: ignore[arg-type]


def _record(work: Any, ruling: Ruling, given: dict[str, Any], *, issue: int = 1) -> PublicRecord:
    sample = json.loads(SAMPLE.read_text("utf-8"))
    record = {**sample, "nummer": ruling.number, "citaties": [], "correctie": None, **given}
    public = PublicRecord(
        number=ruling.number or "",
        issue=issue,
        title=record["titel"],
        adopted_on=work.today,
        record=record,
        published_at=work.now,
    )
    work.session.add(public)
    work.session.flush()
    return public


def _tell(precedent: Precedent, before: str) -> None:
    precedent.write_line(
        action="veranderen",
        source=before,
        actor=SYSTEM,
        role="systeem",
        at=precedent.changed_at,
    )
