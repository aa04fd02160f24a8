"""What was published before a feed could follow a law, can be followed afterwards."""

from datetime import date

from sqlalchemy import select

from app.db.engine import make_engine, open_session
from app.db.migration import downgrade, upgrade
from app.db.publication import PublicRecord, RecordSubject
from app.domain.access import SYSTEM
from tests.make import NOW

RECORD = {
    "typen": [{"code": "juridisch", "label": "Juridisch"}],
    "grondslagen": [
        {"jci": "jci1.3:c:BWBR0034925&artikel=7.3.11", "url": "https://wetten.overheid.nl/jci1.3:c:BWBR0034925"},
        {"jci": None, "url": "https://eur-lex.europa.eu/legal-content/NL/TXT/?uri=CELEX:32016R0679"},
        {"jci": None, "url": "https://lokaleregelgeving.overheid.nl/CVDR401319"},
    ],
}


def test_the_subjects_of_older_records_are_read_from_the_records(empty_database_url: str) -> None:
    engine = make_engine(empty_database_url)
    upgrade(engine)
    with open_session(engine, SYSTEM, writes=True) as session:
        given = {"issue": 1, "title": "a", "adopted_on": date(2026, 11, 1), "published_at": NOW}
        session.add(PublicRecord(number="CCG:2026:1", record=RECORD, **given))
        session.add(PublicRecord(number="CCG:2026:2", record={}, **given))
        session.flush()
        made = sorted(session.scalars(select(RecordSubject.subject)))
        session.commit()

    downgrade(engine, "0002_commission")
    upgrade(engine)

    with open_session(engine, SYSTEM, writes=False) as session:
        assert sorted(session.scalars(select(RecordSubject.subject))) == made
    assert made == ["type:juridisch", "wet:32016R0679", "wet:BWBR0034925", "wet:CVDR401319"]
    engine.dispose()
