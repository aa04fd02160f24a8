"""Who sees what of a case: its reporter's side by confidentiality, the handlers by state, and an onlooker the least."""

from typing import Any

import pytest
from sqlalchemy import select

from app.db.account import Account
from app.db.process import Attachment, Message, Process
from app.db.publication import PublicRecord
from app.domain.access import OFFICIALS, PUBLIC, account_key
from app.domain.errors import NotVisible
from app.services.index import index_precedent
from app.services.listing import Filters, processes
from app.services.overview import (
    Sight,
    attachments_of,
    journal_of,
    messages_of,
    overview,
    process_numbered,
    sight_of,
)
from app.services.process import advance, process_for_action
from app.services.report import file_report
from app.services.search import hits
from app.services.work import Work
from tests.make import (
    acting,
    make_account,
    make_case,
    make_organisation,
    make_precedent,
    make_publication,
    make_report,
    make_ruling,
)

LEVELS = (
    "openbaar",
    "beperkt_openbaar",
    "intern",
    "zaakvertrouwelijk",
    "vertrouwelijk",
    "confidentieel",
    "geheim",
    "zeer_geheim",
)


def sees(work: Work, account: Account, process: Process) -> bool:
    query = select(Process.id).where(Process.id == process.id)
    return acting(work, account).session.scalar(query) is not None


@pytest.mark.parametrize(("place", "level"), list(enumerate(LEVELS)))
def test_how_far_a_report_reaches_is_what_its_reporter_said(work: Any, place: int, level: str) -> None:
    home = make_organisation(work.session)
    reporter, colleague = (make_account(work.session, "melder", organisation=home) for _ in range(2))
    coordinator = make_account(work.session, "orgcoordinator", organisation=home)
    official, auditor = make_account(work.session, "behandelaar"), make_account(work.session, "auditor")
    answers = {
        "title": "Schulden en wijkteam",
        "key_question": "Mag het wijkteam schuldgegevens gebruiken?",
        "description": "Het wijkteam ziet te laat dat een gezin schulden heeft.",
        "types": ["juridisch"],
        "exchange": {},
        "tried": "",
        "societal_effect": "",
        "urgency": "normaal",
        "confidentiality": level,
    }

    report = file_report(acting(work, reporter), answers)
    case = work.session.scalars(select(Process).where(Process.id == report.case_id)).one()

    assert sees(work, reporter, case)
    assert sees(work, coordinator, case)
    assert sees(work, auditor, case)
    assert sees(work, make_account(work.session, "triagist"), case)
    # Colleagues up to "zaakvertrouwelijk"; every official only for what may be known.
    assert sees(work, colleague, case) == (place <= 3)
    assert sees(work, official, case) == (place <= 1)
    assert acting(work, PUBLIC).session.scalars(select(Process.id)).all() == []


def test_who_handles_sees_a_case_from_the_level_at_which_it_is_handled(work: Any) -> None:
    member, handler = make_account(work.session, "regielid"), make_account(work.session, "behandelaar")
    triagist = make_account(work.session, "triagist")
    case = make_case(work, state="in_behandeling", handler_id=handler.id, owner_id=handler.id)
    assert [sees(work, one, case) for one in (triagist, handler, member)] == [True, True, False]

    answers = {"reason": "De partijen zijn het oneens.", "options": "Brief.", "preferred": "Brief."}
    advance(acting(work, handler), case, action="opschalen_tactisch", answers=answers)

    assert [sees(work, one, case) for one in (triagist, handler, member)] == [True, True, True]


def test_what_may_not_be_seen_is_not_there_by_any_way_in(work: Any) -> None:
    case = make_case(work, title="Zevenentwintig geheime brieven")
    stranger = acting(work, make_account(work.session, "melder"))

    for look in (
        lambda: process_numbered(stranger, Process, case.number),
        lambda: process_for_action(stranger, Process, case.number),
    ):
        with pytest.raises(NotVisible):
            look()
    assert processes(stranger, Filters()).rows == []
    assert processes(stranger, Filters()).total == 0
    assert processes(stranger, Filters(words="geheime")).rows == []
    assert hits(stranger, "zevenentwintig geheime brieven", cases=True) == []


# --- What is seen of a case: handlers all, its own people what concerns them, an onlooker that it exists


@pytest.fixture
def written(work: Any) -> Any:
    """A case known to all officials, with a note, a reply, a paper and a step."""
    home = make_organisation(work.session)
    reporter = make_account(work.session, "melder", organisation=home)
    triagist = make_account(work.session, "triagist")
    case = make_case(work, organisation=home, audience=[OFFICIALS, f"org:{home.id}", account_key(reporter.id)])
    make_report(work, case, account_id=reporter.id)
    doing = acting(work, triagist)
    advance(doing, case, action="oppakken", reason="Dit lijkt op een eerder knelpunt.")
    advance(doing, case, action="notitie", answers={"text": "Nog bellen."}, reason="Onder ons.")
    advance(doing, case, action="antwoorden", answers={"text": "Wij bellen u."})
    work.session.add(
        Attachment(
            process_id=case.id,
            name="brief.pdf",
            digest="0" * 64,
            size=1,
            media_type="application/pdf",
            account_id=reporter.id,
            at=work.now,
        )
    )
    work.session.flush()
    return work, case, triagist, reporter


def test_a_handler_sees_everything(written: Any) -> None:
    work, case, triagist, _ = written

    shown = overview(acting(work, triagist), case)

    assert (shown.involved, shown.handling) == (True, True)
    assert [line.action for line in shown.journal] == ["beginnen", "oppakken", "notitie", "antwoorden"]
    assert [message.internal for message in shown.messages] == [True, False]
    assert len(shown.attachments) == 1


def test_a_reporter_sees_the_file_but_not_what_handlers_write_among_themselves(written: Any) -> None:
    work, case, _, reporter = written

    shown = overview(acting(work, reporter), case)

    assert (shown.involved, shown.handling) == (True, False)
    assert "notitie" not in [line.action for line in shown.journal]
    assert [message.text for message in shown.messages] == ["Wij bellen u."]
    assert len(shown.attachments) == 1


def test_an_onlooker_sees_where_a_case_stands_and_nothing_of_its_file(written: Any) -> None:
    work, case, _, _ = written

    shown = overview(acting(work, make_account(work.session, "behandelaar")), case)

    assert (shown.involved, shown.handling) == (False, False)
    assert [line.action for line in shown.journal] == ["beginnen", "oppakken"]
    assert (list(shown.possibilities), list(shown.messages), list(shown.attachments)) == ([], [], [])


def test_an_onlooker_cannot_act_whatever_the_role(written: Any) -> None:
    work, case, _, _ = written
    onlooker = acting(work, make_account(work.session, "melder"))

    assert overview(onlooker, case).possibilities == []


def test_internal_is_internal_in_each_part_by_itself(written: Any) -> None:
    work, case, triagist, reporter = written
    own = acting(work, reporter)

    assert sight_of(own, case) == Sight(involved=True, handling=False)
    assert [message.internal for message in messages_of(own, case, handling=False)] == [False]
    assert [line.action for line in journal_of(own, case, handling=False, involved=False)] == ["beginnen", "oppakken"]
    assert len(attachments_of(acting(work, triagist), case)) == 1


def test_a_table_that_hangs_from_a_case_gives_a_stranger_nothing(written: Any) -> None:
    work, case, _, _ = written
    hidden = make_case(work)
    for process in (case, hidden):
        work.session.add(
            Message(
                process_id=process.id,
                account_id=None,
                organisation_id=None,
                role="systeem",
                internal=True,
                text=process.number,
                at=work.now,
            )
        )
    work.session.flush()
    stranger = acting(work, make_account(work.session, "melder"))

    assert hidden.number not in stranger.session.scalars(select(Message.text)).all()


def test_a_text_that_was_taken_away_is_no_longer_found_by_its_words(work: Any) -> None:
    case = make_case(work, state="in_navolging")
    ruling = make_ruling(work, case)
    precedent = make_precedent(work, case, ruling, state="geldend", public=True, title="Gegevens voor de bijstand")
    publication = make_publication(work, case, ruling, state="gepubliceerd", public=True)
    text = {"titel": precedent.title, "kernvraag": "Mag dit?", "kernregel": "Zevenentwintig geheime brieven mogen."}
    public = {"issue": 1, "title": precedent.title, "adopted_on": work.today, "published_at": work.now}
    work.session.add(PublicRecord(number=ruling.number or "", record=text, **public))
    index_precedent(work, precedent, text)
    assert [hit.process.number for hit in hits(acting(work, PUBLIC), "geheime brieven", cases=False)] == [ruling.number]

    editor, secretary = make_account(work.session, "publicatieredacteur"), make_account(work.session, "ccg_secretaris")
    answers = {"ground": "privacy", "reason": "Een naam bleef staan."}
    for account in (editor, secretary):
        advance(acting(work, account), publication, action="depubliceren", answers=answers)

    everybody = acting(work, PUBLIC)
    assert hits(everybody, "geheime brieven", cases=False) == []
    assert [hit.excerpt for hit in hits(everybody, "bijstand", cases=False)] == [""]
