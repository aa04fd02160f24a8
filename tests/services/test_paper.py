"""The papers of a meeting: frozen when they go out, and for each reader exactly what that reader may see."""

import hashlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import page as validator
import pikepdf
import pytest
from sqlalchemy import Engine, select

from app.adapters.page import Templates
from app.adapters.store import Store
from app.db.advice import Advice
from app.db.case import Case, CaseLaw
from app.db.deliberation import DraftText
from app.db.engine import make_engine, open_session
from app.db.meeting import AgendaItem, Bundle, Meeting, Paper
from app.db.notice import Outbox
from app.db.process import Attachment
from app.domain.access import SYSTEM
from app.domain.errors import GuardFailed, Invalid
from app.services.paper import ask_for_bundle, ask_for_paper, content_of, lines_of, was_sent_later
from app.services.worker import Doors, Worker
from tests.adapters.test_pdf import words
from tests.databases import Databases
from tests.make import NOW, acting, make_account, make_advice, make_organisation, make_party, work_of
from tests.services.board import Board, make_board

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "app" / "web" / "static" / "build" / "fonts"
LETTER = b"Geachte commissie,"


@pytest.fixture
def board(work: Any) -> Board:
    return make_board(work)


@pytest.fixture
def meeting(board: Board) -> Meeting:
    return board.meeting(state="gepland", place="Zaal 3", starts_at="10.00 uur")


@pytest.fixture
def items(board: Board, meeting: Meeting) -> list[AgendaItem]:
    return [board.item(meeting, title, position=place) for place, title in enumerate(["Een", "Twee"], start=1)]


def papers(work: Any) -> list[Paper]:
    return list(work.session.scalars(select(Paper).order_by(Paper.id)))


def jobs(work: Any, topic: str) -> list[Any]:
    query = select(Outbox).where(Outbox.topic == topic).order_by(Outbox.id)
    return [job.payload for job in work.session.scalars(query)]


def with_file(work: Any, case_id: int, *, size: int = 100, internal: bool = False, name: str = "brief.txt") -> None:
    work.session.add(
        Attachment(
            process_id=case_id,
            name=name,
            title="Brief van de gemeente",
            digest=hashlib.sha256(LETTER).hexdigest(),
            size=size,
            media_type="text/plain",
            account_id=None,
            internal=internal,
            at=NOW,
        )
    )
    work.session.flush()


# --- Freezing


def test_the_papers_of_an_item_hold_what_a_member_has_to_read(board: Board, items: list[AgendaItem]) -> None:
    work, item = board.work, items[0]
    case = work.session.get_one(Case, item.case_id)
    case.nomination = {"vraagstelling": "Mag de gemeente zoeken?", "escalatiegronden": [], "spoedMotivering": None}
    case.solution = {"tekst": "Leveren per geval.", "weging": {}}
    make_party(work, case, make_organisation(work.session, "SVB"), agreed=True)
    adviser = make_account(work.session, "deskundige")
    advice: Advice = make_advice(work, case, adviser, delivered_at=work.now)
    advice.result = {"conclusie": "mag_mits", "motivering": "De wet laat ruimte.", "voorwaarden": "Alleen per geval."}
    work.session.add(DraftText(item_id=item.id, version=1, text="De commissie besluit.", account_id=None, at=NOW))
    with_file(work, case.id)
    with_file(work, case.id, internal=True, name="werkbestand.txt")

    content = content_of(acting(work, board.secretary), item)

    assert (content["titel"], content["kernvraag"], content["preadvies"]) == (
        "Een",
        "Mag dit: Een?",
        "Leveren mag, mits.",
    )
    assert content["voordracht"]["vraagstelling"] == "Mag de gemeente zoeken?"
    assert content["oplossing"] == "Leveren per geval."
    assert content["partijen"] == [{"naam": "SVB", "rol": "Verstrekker", "akkoord": True}]
    assert [(one["motivering"], one["voorwaarden"]) for one in content["adviezen"]] == [
        ("De wet laat ruimte.", "Alleen per geval.")
    ]
    assert content["besluittekst"] == {"versie": 1, "tekst": "De commissie besluit."}
    assert [(file["naam"], file["meegestuurd"]) for file in content["bijlagen"]] == [("brief.txt", True)]


def test_sending_freezes_every_item_and_tells_the_members_nothing_of_it(
    board: Board, meeting: Meeting, items: list[AgendaItem]
) -> None:
    board.does(board.secretary, meeting, "stukken_verzenden")

    assert [(paper.item_id, paper.version) for paper in papers(board.work)] == [(item.id, 1) for item in items]
    assert meeting.papers_sent_at == board.work.now
    letters = jobs(board.work, "mail")
    assert {board.members[0].email, board.chair.email} <= {letter["to"] for letter in letters}
    assert all("Twee" not in str(letter) for letter in letters)


def test_only_what_changed_gets_a_next_version(board: Board, meeting: Meeting, items: list[AgendaItem]) -> None:
    board.does(board.secretary, meeting, "stukken_verzenden")
    board.work.session.add(DraftText(item_id=items[1].id, version=1, text="Besluit", account_id=None, at=NOW))
    board.work.session.flush()

    board.does(board.secretary, meeting, "stukken_nazenden")

    assert [(paper.item_id, paper.version) for paper in papers(board.work)] == [
        (items[0].id, 1),
        (items[1].id, 1),
        (items[1].id, 2),
    ]


def test_nothing_is_sent_after_when_nothing_changed(board: Board, meeting: Meeting, items: list[AgendaItem]) -> None:
    board.does(board.secretary, meeting, "stukken_verzenden")

    with pytest.raises(Invalid, match="niets veranderd"):
        board.does(board.secretary, meeting, "stukken_nazenden")


def test_papers_go_out_in_time(board: Board) -> None:
    hasty = board.meeting(state="gepland", day=board.work.today)
    board.item(hasty)

    with pytest.raises(GuardFailed):
        board.does(board.secretary, hasty, "stukken_verzenden")


# --- Who sees what


def shown(board: Board, who: Any, meeting: Meeting) -> list[str | None]:
    return [line["titel"] for line in lines_of(acting(board.work, who), meeting)]


def test_a_reader_s_document_holds_exactly_what_that_reader_may_see(
    board: Board, meeting: Meeting, items: list[AgendaItem]
) -> None:
    first, second, *_ = board.members
    board.does(board.secretary, meeting, "stukken_verzenden")
    board.declares(items[0], first)
    board.declares(items[0], second)
    board.declares(items[1], second)

    assert shown(board, board.secretary, meeting) == ["Een", "Twee"]
    assert shown(board, first, meeting) == ["Een", None]
    assert shown(board, second, meeting) == ["Een", "Twee"]
    assert shown(board, board.members[2], meeting) == [None, None]


def test_of_what_is_withheld_there_is_only_its_place(board: Board, meeting: Meeting, items: list[AgendaItem]) -> None:
    board.does(board.secretary, meeting, "agenda_indelen", items=[{"item": items[1].number, "duration": 30}])
    board.does(board.secretary, meeting, "stukken_verzenden")

    lines = lines_of(acting(board.work, board.members[0]), meeting)

    assert lines == [{"positie": place, "stuk": None, "titel": None} for place in (1, 2)]


def test_who_reads_the_same_reads_one_document_and_who_reads_other_things_another(
    board: Board, meeting: Meeting, items: list[AgendaItem]
) -> None:
    first, second, third, _ = board.members
    board.does(board.secretary, meeting, "stukken_verzenden")
    for item in items:
        board.declares(item, first, second)
    board.declares(items[0], third)

    bundles = [ask_for_bundle(acting(board.work, who), meeting).id for who in (board.secretary, first, second, third)]

    assert bundles[0] == bundles[1] == bundles[2] != bundles[3]


def test_who_is_excused_after_the_papers_went_out_gets_another_document(
    board: Board, meeting: Meeting, items: list[AgendaItem]
) -> None:
    member = board.members[0]
    board.does(board.secretary, meeting, "stukken_verzenden")
    for item in items:
        board.declares(item, member)
    before = ask_for_bundle(acting(board.work, member), meeting)

    board.does(member, items[1], "belang_verklaren", interest="belang_gemeld", explanation="Mijn zus werkt daar.")
    after = ask_for_bundle(acting(board.work, member), meeting)

    assert shown(board, member, meeting) == ["Een", None]
    assert after.id != before.id
    assert [line["stuk"] is not None for line in after.papers] == [True, False]


def test_documents_are_asked_for_once_and_again_when_drawing_was_given_up(
    board: Board, meeting: Meeting, items: list[AgendaItem]
) -> None:
    board.does(board.secretary, meeting, "stukken_verzenden")
    reader = acting(board.work, board.secretary)
    ask_for_bundle(reader, meeting)
    ask_for_paper(reader, items[0])
    waiting = len(jobs(board.work, "stukken")), len(jobs(board.work, "stuk"))
    for job in board.work.session.scalars(select(Outbox)):
        job.failed_at = board.work.now

    ask_for_bundle(reader, meeting)
    ask_for_paper(reader, items[0])

    assert waiting == (1, 2)
    assert (len(jobs(board.work, "stukken")), len(jobs(board.work, "stuk"))) == (2, 3)


def test_what_was_sent_after_is_marked_for_who_may_see_it(
    board: Board, meeting: Meeting, items: list[AgendaItem]
) -> None:
    board.does(board.secretary, meeting, "stukken_verzenden")
    board.declares(items[0], board.members[0])
    later = Board(work_of(board.work.session, now=datetime(2026, 11, 24, 9, tzinfo=UTC)), *_people(board))
    later.work.session.add(DraftText(item_id=items[1].id, version=1, text="Besluit", account_id=None, at=NOW))
    later.work.session.flush()
    later.does(board.secretary, meeting, "stukken_nazenden")

    assert was_sent_later(acting(later.work, board.secretary), meeting)
    assert not was_sent_later(acting(later.work, board.members[0]), meeting)


def _people(board: Board) -> tuple[Any, ...]:
    return board.body, board.chair, board.secretary, board.members, board.deputy


# --- Drawing


Documents = tuple[bytes, bytes, bytes]


@pytest.fixture(scope="module")
def documents(sqlite_files: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documents]:
    """Drawn once: the papers as the secretary gets them, as a member who may see one of two, and those of one item."""
    url = sqlite_files.migrated()
    engine = make_engine(url)
    doors = Doors(
        templates=Templates(ROOT / "templates"),
        store=Store(tmp_path_factory.mktemp("files")),
        assets=(ROOT / "templates" / "pdf", FONTS),
        public_url="https://knelpunten.example",
    )
    yield drawn(engine, doors)
    engine.dispose()
    sqlite_files.drop(url)


def drawn(engine: Engine, doors: Doors) -> Documents:
    doors.store.put(LETTER)
    with open_session(engine, SYSTEM, writes=True) as session:
        work = work_of(session)
        board = make_board(work)
        meeting = board.meeting(state="gepland", place="Zaal 3", starts_at="10.00 uur", title="Vergadering CCG")
        items = [
            board.item(meeting, "Adresgegevens voor schuldhulp", position=1),
            board.item(meeting, "Geheim onderwerp", position=2),
        ]
        for item in items:
            with_file(work, item.case_id or 0)
        with_file(work, items[0].case_id or 0, size=6 * 2**20, name="groot.txt")
        case = session.get_one(Case, items[0].case_id)
        _filled(work, case, items[0])
        board.does(board.secretary, meeting, "agenda_indelen", items=[{"item": items[0].number, "duration": 30}])
        board.does(board.secretary, meeting, "stukken_verzenden")
        board.declares(items[0], board.members[0])
        whole = ask_for_bundle(acting(work, board.secretary), meeting).id
        part = ask_for_bundle(acting(work, board.members[0]), meeting).id
        one = ask_for_paper(acting(work, board.members[0]), items[0])
        assert one is not None
        one_id = one.id
        session.commit()
    Worker(engine, doors, lambda: NOW).empty()
    with open_session(engine, SYSTEM, writes=False) as session:
        digests = [session.get_one(Bundle, whole), session.get_one(Bundle, part), session.get_one(Paper, one_id)]
        found = [doors.store.read(row.pdf_digest or "") for row in digests]
    return found[0], found[1], found[2]


def _filled(work: Any, case: Case, item: AgendaItem) -> None:
    case.nomination = {
        "vraagstelling": "Mag de gemeente adresgegevens krijgen om inwoners met schulden te helpen?",
        "escalatiegronden": ["rechtsvraag"],
        "spoedMotivering": "Elke maand wachten kost mensen hun huis.",
    }
    case.solution = {"tekst": "De SVB levert per geval.\n\nDe gemeente legt vast waarom.", "weging": {}}
    make_party(work, case, make_organisation(work.session, "Sociale Verzekeringsbank"), agreed=False)
    make_party(work, case, make_organisation(work.session, "Gemeente Voorbeeldstad"), role="ontvanger", agreed=True)
    law = CaseLaw(system="bwb", identifier="BWBR0031331", article="3", paragraph="2")
    law.case_id = case.id
    work.session.add(law)
    advice: Advice = make_advice(work, case, make_account(work.session, "deskundige"), delivered_at=work.now)
    advice.result = {
        "conclusie": "mag_mits",
        "motivering": "De wet laat ruimte, als de gemeente per geval vraagt.",
        "voorwaarden": "Alleen per geval.",
    }
    text = "De commissie besluit dat levering mag, mits per geval."
    work.session.add(DraftText(item_id=item.id, version=1, text=text, account_id=None, at=NOW))
    work.session.flush()


def test_the_documents_are_for_everybody_and_for_the_archive(documents: Documents) -> None:
    for content in documents:
        for profile in ("ua1", "3a"):
            report = validator.validate_pdf_bytes(content, profile=profile)
            assert [failure.message for failure in report.failures] == []


def test_nothing_of_a_withheld_item_is_in_the_document_of_who_may_not_see_it(documents: Documents) -> None:
    whole, part, one = documents

    assert "Geheim onderwerp" in " ".join(words(whole))
    for content in (part, one):
        assert "Geheim" not in " ".join(words(content))
        # Nor in the bookmarks, the metadata and the files inside.
        assert b"Geheim" not in content
        assert _names(content) == ["punt 1 bijlage 1 brief.txt"]
    assert _names(whole) == ["punt 1 bijlage 1 brief.txt", "punt 2 bijlage 1 brief.txt"]
    assert words(part)[-1].count("Agendapunt 2") == 1
    assert "Te groot voor dit document" in " ".join(words(one))


def test_the_bookmarks_lead_to_the_cover_to_each_item_and_to_its_parts(documents: Documents) -> None:
    _, part, one = documents

    cover, item, withheld = _bookmarks(part)

    assert cover == ("Vergadering CCG", [])
    assert withheld == ("Agendapunt 2", [])
    assert item[0] == "Agendapunt 1 Adresgegevens voor schuldhulp"
    assert item[1] == [
        *("Kernvraag", "Preadvies", "Vraag aan de commissie", "Voorgestelde oplossing", "Concepttekst van het besluit"),
        *("Adviezen", "Partijen", "Wetten", "Bijlagen"),
    ]
    assert _bookmarks(one)[1] == item


def _names(content: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return sorted(pdf.attachments)


def _bookmarks(content: bytes) -> list[tuple[str, list[str]]]:
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        return [(str(one.title), [str(part.title) for part in one.children]) for one in outline.root]
