"""Reporting: a draft is free, a report has a number, and who may see what it opened."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.db.case import Case
from app.db.notice import Outbox
from app.db.process import Event
from app.db.report import Draft
from app.domain.errors import Invalid, NotPermitted, NotVisible, Stale
from app.services import report as reports
from tests.make import acting, make_account, make_organisation

ANSWERS = {
    "title": "Schulden en wijkteam",
    "key_question": "Mag het wijkteam schuldgegevens gebruiken?",
    "description": "Het wijkteam ziet te laat dat een gezin schulden heeft.",
    "types": ["juridisch", "ethisch"],
    "exchange": {
        "providers": [{"name": "Stichting Wonen", "kvk_number": "12345678"}],
        "receivers": [{"name": "Gemeente Modelstad"}],
        "data_categories": ["betalingsachterstand"],
        "purpose": "Eerder hulp bieden.",
    },
    "laws": [{"system": "bwb", "identifier": "BWBR0031331", "article": "3"}],
    "basis_unknown": False,
    "tried": "Overleg met de FG.",
    "societal_effect": "Schulden lopen op.",
    "urgency": "normaal",
    "confidentiality": "intern",
}


@pytest.fixture
def home(session):
    return make_organisation(session, "Gemeente Modelstad")


@pytest.fixture
def reporter(session, home):
    return make_account(session, "melder", organisation=home)


def test_a_report_gets_a_number_opens_a_case_and_confirms_at_once(work, session, reporter):
    report = reports.file_report(acting(work, reporter), ANSWERS)

    case = session.get_one(Case, report.case_id)
    first = session.scalars(select(Event).where(Event.process_id == case.id)).one()
    letters = [job.payload["template"] for job in session.scalars(select(Outbox))]
    assert report.number == "MLD-2026-00001"
    assert case.number == "KNP-2026-00001"
    assert (first.action, first.source) == ("indienen", None)
    assert "ontvangst" in letters


def test_a_private_party_is_added_with_its_trade_number_once(work, session, reporter):
    one = acting(work, reporter)

    reports.file_report(one, ANSWERS)
    reports.file_report(one, ANSWERS)

    names = [party.organisation_id for party in _case(session, 1).parties]
    assert names == [party.organisation_id for party in _case(session, 2).parties]


def _case(session, place):
    query = select(Case).where(Case.number == f"KNP-2026-{place:05}").options(selectinload(Case.parties))
    return session.scalars(query).one()


def test_an_unknown_organisation_is_refused_at_its_field(work, reporter):
    exchange = {**ANSWERS["exchange"], "receivers": [{"name": "Nergenshuizen"}]}

    with pytest.raises(Invalid) as refused:
        reports.file_report(acting(work, reporter), {**ANSWERS, "exchange": exchange})

    assert list(refused.value.faults) == ["uitwisseling.ontvangers.0"]


def test_only_the_own_organisation_sees_an_internal_case(work, session, reporter, home):
    number = _number(session, reports.file_report(acting(work, reporter), ANSWERS))

    assert _seen(acting(work, make_account(session, "melder", organisation=home)), number)
    assert not _seen(acting(work, make_account(session, "melder")), number)
    assert not _seen(acting(work, make_account(session, "beheerder")), number)


def test_a_confidential_case_stays_with_the_reporter_and_the_coordinator(work, session, reporter, home):
    report = reports.file_report(acting(work, reporter), {**ANSWERS, "confidentiality": "vertrouwelijk"})
    number = _number(session, report)

    assert _seen(acting(work, reporter), number)
    assert _seen(acting(work, make_account(session, "orgcoordinator", organisation=home)), number)
    assert not _seen(acting(work, make_account(session, "melder", organisation=home)), number)


def test_every_official_knows_of_a_case_that_may_be_known(work, session, reporter):
    report = reports.file_report(acting(work, reporter), {**ANSWERS, "confidentiality": "beperkt_openbaar"})

    assert _seen(acting(work, make_account(session, "melder")), _number(session, report))


def _number(session, report):
    return session.get_one(Case, report.case_id).number


def _seen(work, number):
    return work.session.scalars(select(Case.id).where(Case.number == number)).first() is not None


def test_also_suffering_attaches_to_the_known_case_and_shows_it(work, session, reporter):
    first = reports.file_report(acting(work, reporter), {**ANSWERS, "confidentiality": "beperkt_openbaar"})
    number = _number(session, first)
    neighbour = make_account(session, "melder")

    second = reports.file_report(acting(work, neighbour), {**ANSWERS, "joins": number})

    assert second.case_id == first.case_id
    assert second.joins


def test_nobody_joins_a_case_that_may_not_be_seen(work, session, reporter):
    number = _number(session, reports.file_report(acting(work, reporter), ANSWERS))
    stranger = make_account(session, "melder")

    with pytest.raises(Invalid) as refused:
        reports.file_report(acting(work, stranger), {**ANSWERS, "joins": number})

    assert list(refused.value.faults) == ["sluitAanBij"]


def test_who_has_no_reporting_role_cannot_report(work, session):
    with pytest.raises(NotPermitted):
        reports.file_report(acting(work, make_account(session, "triagist")), ANSWERS)


def test_an_organisation_that_has_not_joined_cannot_report(work, session):
    outside = make_organisation(session, joined=False)

    with pytest.raises(NotPermitted):
        reports.file_report(acting(work, make_account(session, "melder", organisation=outside)), ANSWERS)


def test_a_draft_keeps_what_was_typed_right_or_wrong(work, session, reporter):
    mine = acting(work, reporter)
    draft = reports.start_draft(mine)

    reports.keep_draft(mine, draft, {"kernvraag": "geen vraag"})

    assert reports.draft_of(mine, draft.key).answers == {"kernvraag": "geen vraag"}


def test_the_second_of_two_tabs_is_told_that_it_was_overtaken(work, reporter):
    mine = acting(work, reporter)
    draft = reports.start_draft(mine)
    first_seen = draft.revision
    reports.keep_draft(mine, draft, {"titel": "van het ene tabblad"}, revision=first_seen)

    with pytest.raises(Stale):
        reports.keep_draft(mine, draft, {"titel": "van het andere"}, revision=first_seen)


def test_nobody_reads_the_draft_of_another(work, session, reporter, home):
    draft = reports.start_draft(acting(work, reporter))

    with pytest.raises(NotVisible):
        reports.draft_of(acting(work, make_account(session, "melder", organisation=home)), draft.key)


def test_a_coordinator_reads_a_draft_that_waits_for_approval(work, session, reporter, home):
    mine = acting(work, reporter)
    draft = reports.start_draft(mine)
    reports.ask_approval(mine, draft)
    session.flush()

    coordinator = make_account(session, "orgcoordinator", organisation=home)

    assert reports.draft_of(acting(work, coordinator), draft.key) is draft


def test_a_draft_that_is_thrown_away_leaves_no_number_and_no_line(work, session, reporter):
    mine = acting(work, reporter)
    reports.delete_draft(mine, reports.start_draft(mine))
    session.flush()

    assert session.scalars(select(Draft)).all() == []
    assert session.scalars(select(Event)).all() == []
    assert reports.file_report(mine, ANSWERS).number == "MLD-2026-00001"
