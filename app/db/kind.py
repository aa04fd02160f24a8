"""The kinds of process: their records, and the collection in which outsiders find them."""

from collections.abc import Mapping

from app.db.advice import Advice
from app.db.case import Case
from app.db.meeting import AgendaItem, Meeting
from app.db.precedent import Precedent
from app.db.process import Process
from app.db.publication import Publication
from app.db.recommendation import Recommendation

RECORDS: Mapping[str, type[Process]] = {
    "knelpunten": Case,
    "adviesaanvragen": Advice,
    "vergaderingen": Meeting,
    "agendapunten": AgendaItem,
    "publicaties": Publication,
    "aanbevelingen": Recommendation,
    "precedenten": Precedent,
}
"""The record of each collection, by the word in the address."""

COLLECTIONS: Mapping[str, str] = {record.kind_name(): collection for collection, record in RECORDS.items()}
"""The collection of each kind."""


def path_of(process: Process) -> str:
    """The address of a process, without a host."""
    return f"/{COLLECTIONS[process.kind]}/{process.number}"
