"""From the adopted text to what everybody reads: what stays out, is proposed, looked for and corrected."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from app.adapters.store import Store
from app.db.account import Account
from app.db.case import Case
from app.db.collection import Annotation
from app.db.meeting import Meeting
from app.db.notice import Outbox
from app.db.precedent import Nuance, Precedent
from app.db.process import Attachment
from app.db.publication import LeakCheck, Publication, PublicRecord, Redaction
from app.db.ruling import Citation, Ruling
from app.db.search import Posting
from app.domain.access import SYSTEM, role_key
from app.domain.errors import GuardFailed, Invalid
from app.schemas.form import load_action
from app.services.body import RulesOfProcedure
from app.services.effects.ruling import adopt_ruling
from app.services.facts import PublicationFacts
from app.services.lifecycle import Taken
from app.services.move import Move, move
from app.services.process import advance
from app.services.publication import publication_overview
from app.services.redaction import propose_passages
from app.services.subscription import subscribe
from app.services.work import Work
from tests.make import (
    acting,
    later,
    make_account,
    make_body,
    make_case,
    make_item,
    make_meeting,
    make_organisation,
    make_party,
    make_precedent,
    make_publication,
    make_recommendation,
    make_ruling,
    make_seat,
)

CONTENT = {
    "titel": "De gemeente mag leveren",
    "samenvatting": "Het mag.",
    "kernvraag": "Mag de gemeente leveren?",
    "kernregel": "De gemeente mag leveren.",
    "feiten": "Bewoner Bakker belt de gemeente. Later belt BAKKER nog eens.",
    "beschouwing": "De wet laat ruimte.",
    "conclusie": "mag",
}
ROW = {"passage": "Bakker", "grond": "5.1.2e", "motivering": "Privé."}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass
class Office:
    """A ruling that was adopted, and who makes it public."""

    work: Work
    case: Case
    ruling: Ruling
    publication: Publication
    editor: Account
    secretary: Account

    def take(self, who: Account, action: str, **answers: Any) -> Any:
        """Somebody takes an action with what a form would send."""
        workflow = self.work.workflows[Publication.kind_name(), self.publication.version]
        step = workflow.transition(action, self.publication.state)
        assert step is not None, (action, self.publication.state)
        is_second = self.publication.pending_action == action
        given, reason = load_action(None if is_second else step.asks, answers)
        try:
            return advance(
                acting(self.work, who), self.publication, action=action, answers=given, reason=reason or "Een reden."
            )
        finally:
            acting(self.work, SYSTEM)

    def edits(self, action: str, **answers: Any) -> Any:
        return self.take(self.editor, action, **answers)

    def publish(self) -> dict[str, Any]:
        self.edits("ter_vrijgave_leggen")
        self.take(self.secretary, "vrijgeven")
        self.edits("publiceren")
        self.take(self.secretary, "publiceren")
        return self.records()[-1]

    def records(self) -> list[dict[str, Any]]:
        query = select(PublicRecord).where(PublicRecord.number == self.ruling.number).order_by(PublicRecord.issue)
        return [row.record for row in self.work.session.scalars(query)]

    def rows(self) -> list[tuple[str, str, bool]]:
        query = select(Redaction).where(Redaction.publication_id == self.publication.id).order_by(Redaction.id)
        return [(row.passage, row.ground, row.restored_because is None) for row in self.work.session.scalars(query)]

    def row_id(self, passage: str) -> str:
        query = select(Redaction.id).where(Redaction.passage == passage)
        return str(self.work.session.scalars(query.where(Redaction.publication_id == self.publication.id)).one())


def make_office(work: Work, **content: Any) -> Office:
    readers = [role_key("publicatieredacteur"), role_key("ccg_secretaris")]
    case = make_case(work, state="uitspraak_vastgesteld", audience=readers)
    ruling = make_ruling(work, case, content={**CONTENT, **content})
    make_precedent(work, case, ruling, title=ruling.content["titel"])
    publication = make_publication(work, case, ruling, audience=readers)
    propose_passages(work, publication, ruling)
    session = work.session
    return Office(
        work,
        case,
        ruling,
        publication,
        make_account(session, "publicatieredacteur"),
        make_account(session, "ccg_secretaris"),
    )


@pytest.fixture
def office(work: Work) -> Office:
    return make_office(work)


# --- passages


def test_a_passage_stays_out_in_each_spelling_and_its_motivation_does_not_tell_it(office: Office) -> None:
    office.edits("lakken", passages=[{**ROW, "motivering": "De heer Bakker is een burger.", "plaats": "feiten"}])

    record = office.publish()

    assert record["feiten"] == "Bewoner [5.1.2e] belt de gemeente. Later belt [5.1.2e] nog eens."
    assert record["weglatingen"] == [{"grond": "5.1.2e", "motivering": "De heer [5.1.2e] is een burger."}]


def test_a_passage_that_stands_nowhere_is_refused(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        office.edits("lakken", passages=[{**ROW, "passage": "Slager"}])

    assert refused.value.faults.keys() == {"passages.0.passage"}


def test_a_passage_is_put_back_with_a_reason_and_can_be_taken_out_again(office: Office) -> None:
    office.edits("lakken", passages=[ROW])
    office.edits("lakken_terugnemen", passage=office.row_id("Bakker"), reden="Treedt in het openbaar op.")
    assert office.rows() == [("Bakker", "5.1.2e", False)]
    with pytest.raises(Invalid):
        office.edits("lakken_terugnemen", passage=office.row_id("Bakker"), reden="Nog eens.")

    office.edits("lakken", passages=[ROW])

    assert office.rows() == [("Bakker", "5.1.2e", True)]


# --- proposals


def test_names_of_officials_and_data_of_people_are_off_by_default(work: Work) -> None:
    make_account(work.session, "analist", name="Pieter van der Berg")
    make_account(work.session, "analist", name="Melder gemeente Utrecht")

    office = make_office(
        work,
        feiten="PIETER VAN DER BERG en mw. De Wit mailen naar p.berg@svb.example over BSN 123456782. "
        "De Melder gemeente Utrecht belt 06-12345678.",
    )
    record = office.publish()

    assert {(words.casefold(), ground) for words, ground, _ in office.rows()} == {
        ("pieter van der berg", "5.1.2e"),
        ("de wit", "5.1.2e"),
        ("p.berg@svb.example", "5.1.2e"),
        ("123456782", "5.1.1e"),
        ("06-12345678", "5.1.2e"),
    }
    assert record["feiten"] == (
        "[5.1.2e] en mw. [5.1.2e] mailen naar [5.1.2e] over BSN [5.1.1e]. De Melder gemeente Utrecht belt [5.1.2e]."
    )
    assert all(row["motivering"] for row in record["weglatingen"])


def test_what_was_proposed_and_put_back_is_public_and_not_proposed_again(work: Work) -> None:
    office = make_office(work, feiten="Mevrouw Jansen belt.")
    office.edits("lakken_terugnemen", passage=office.row_id("Jansen"), reden="Zij is de minister.")
    office.edits("op_lekken_controleren")

    assert office.publish()["feiten"] == "Mevrouw Jansen belt."
    assert office.rows() == [("Jansen", "5.1.2e", False)]


def test_members_may_be_named_where_the_rules_say_who_voted_how(work: Work) -> None:
    member = make_account(work.session, "ccg_lid", name="Anna de Groot")
    found = {}
    for named in (True, False):
        body = make_body(work, central=False)
        make_seat(work, body, member)
        rules = RulesOfProcedure(
            body_id=body.id,
            version=1,
            since=work.today,
            names_in_result=named,
            quorum="helft",
            excused_count=True,
            tie="voorzitter",
            papers_days=7,
            note_days=7,
            note_length=6000,
            written_days=5,
            source="a",
            at=work.now,
        )
        work.session.add(rules)
        work.session.flush()
        office = make_office(work, feiten="Anna de Groot en mevrouw De Groot en dhr. Bos stemden.")
        meeting: Meeting = make_meeting(work, body, rules_id=rules.id)
        make_item(work, office.case, meeting)
        for row in work.session.scalars(select(Redaction).filter_by(publication_id=office.publication.id)):
            work.session.delete(row)
        work.session.flush()
        propose_passages(work, office.publication, office.ruling)
        found[named] = [words for words, _, _ in office.rows()]

    assert found == {True: ["Bos"], False: ["De Groot", "Bos", "Anna de Groot"]}


def test_the_publication_begins_with_its_proposals(work: Work) -> None:
    case = make_case(work, state="uitspraak_concept")
    weighing = {part: {"oordeel": "ja", "tekst": "Ja."} for part in ("kan", "mag", "wenselijk")}
    ruling = make_ruling(
        work, case, adopted=False, content={**CONTENT, "weging": weighing, "feiten": "Dhr. Jansen belt."}
    )
    event = case.write_line(action="vaststellen", source=case.state, actor=SYSTEM, role="systeem", at=work.now)
    work.session.flush()

    adopt_ruling(work, case, Taken(event, {}, None, None))  # type: ignore[arg-type]

    (row,) = work.session.scalars(select(Redaction)).all()
    assert (row.passage, row.proposed) == ("Jansen", True)
    assert ruling.number is not None


# --- attachments


def attach(office: Office, tmp_path: Any, content: bytes, media_type: str = "text/plain") -> str:
    store = Store(tmp_path)
    office.work.session.info["store"] = store
    attachment = Attachment(
        process_id=office.case.id,
        name="geheime naam.txt",
        digest=store.put(content),
        size=len(content),
        media_type=media_type,
        account_id=None,
        at=office.work.now,
    )
    office.work.session.add(attachment)
    office.work.session.flush()
    return str(attachment.id)


def test_of_an_attachment_the_words_go_out_without_what_stays_out(office: Office, tmp_path: Any) -> None:
    document = attach(office, tmp_path, b"Bakker en mw. Smit zijn gehoord.")
    office.edits("bijlagen_kiezen", bijlagen=[{"document": document, "titel": "Verslag van het gesprek"}])
    office.edits("lakken", passages=[{**ROW, "plaats": "bijlagen"}])

    record = office.publish()

    assert record["bijlagen"] == [
        {"titel": "Verslag van het gesprek", "tekst": "[5.1.2e] en mw. [5.1.2e] zijn gehoord."}
    ]
    assert "geheime naam" not in str(record)


def test_attachments_are_chosen_anew_as_a_whole(office: Office, tmp_path: Any) -> None:
    first, second = (attach(office, tmp_path, content) for content in (b"Een nota.", b"Een brief."))
    office.edits("bijlagen_kiezen", bijlagen=[{"document": first, "titel": "Nota"}])
    office.edits("bijlagen_kiezen", bijlagen=[{"document": second, "titel": "Brief"}])
    assert [row["titel"] for row in _shown(office)["bijlagen"]] == ["Brief"]

    office.edits("bijlagen_kiezen")

    assert office.publish()["bijlagen"] == []


def test_a_file_without_text_and_one_of_another_case_are_refused(office: Office, tmp_path: Any) -> None:
    picture = attach(office, tmp_path, b"\x89PNG", "image/png")
    for document in (picture, "999999", "geen"):
        with pytest.raises(Invalid) as refused:
            office.edits("bijlagen_kiezen", bijlagen=[{"document": document, "titel": "Beeld"}])
        assert refused.value.faults.keys() == {"bijlagen.0.document"}


def _shown(office: Office) -> Any:
    return publication_overview(office.work, office.publication, handling=True).record


# --- the check on leaks


def test_nothing_goes_on_while_something_leaks_and_each_check_is_kept(office: Office) -> None:
    office.ruling.content = {**office.ruling.content, "beschouwing": "Zie ook jan@prive.example."}
    office.work.session.flush()
    with pytest.raises(GuardFailed, match="staat nog iets dat weg moet"):
        office.edits("ter_vrijgave_leggen")

    office.edits("op_lekken_controleren")
    record = office.publish()

    assert record["beschouwing"] == "Zie ook [5.1.2e]."
    checks = office.work.session.scalars(select(LeakCheck).order_by(LeakCheck.id)).all()
    assert [check.found for check in checks] == [[], [], []]
    assert all(check.looked_in for check in checks)


def test_a_spelling_that_the_replacement_does_not_know_is_found_by_the_check(work: Work) -> None:
    office = make_office(work, feiten="Kees Zeeman belt.", beschouwing="Kees-Zeeman heeft gelijk.")
    office.edits("lakken", passages=[{**ROW, "passage": "Kees Zeeman"}])
    with pytest.raises(GuardFailed):
        office.edits("ter_vrijgave_leggen")

    office.edits("lakken", passages=[{**ROW, "passage": "Kees-Zeeman"}])

    assert office.publish()["beschouwing"] == "[5.1.2e] heeft gelijk."


def test_a_party_learns_nothing_of_the_check(office: Office) -> None:
    office.edits("lakken", passages=[ROW])

    shown = publication_overview(office.work, office.publication, handling=False)

    assert (shown.leaks, list(shown.checks), list(shown.passages), list(shown.asked)) == (None, [], [], [])
    assert "Bakker" not in str(shown.record)


# --- views


def test_a_party_gets_time_for_its_view_and_an_answer_to_it(office: Office) -> None:
    work = office.work
    home = make_organisation(work.session, "gemeente Almere")
    silent = make_organisation(work.session, "gemeente Zeist")
    party = make_account(work.session, "melder", organisation=home)
    for organisation in (home, silent):
        make_party(work, office.case, organisation)
    office.edits("zienswijze_vragen")
    with pytest.raises(GuardFailed, match="Nog geen enkele partij heeft geantwoord"):
        office.edits("ter_vrijgave_leggen")

    office.take(party, "zienswijze_geven", tekst="Laat Bakker weg.")
    shown = publication_overview(work, office.publication, handling=True)
    assert [(one.organisation, one.answered_at is not None) for one in shown.asked] == [
        ("gemeente Almere", True),
        ("gemeente Zeist", False),
    ]
    (row,) = shown.views
    office.edits("zienswijze_beantwoorden", zienswijzeVan=str(row.view.id), antwoord="Dat doen we.")
    office.edits("lakken", passages=[ROW])
    office.edits("ter_vrijgave_leggen")

    (seen,) = publication_overview(acting(work, party), office.publication, handling=False).views
    assert seen.view.answer == "Dat doen we."
    acting(work, SYSTEM)


def test_organisations_are_counted_and_not_their_parts_or_views(office: Office) -> None:
    home = make_organisation(office.work.session)
    party = make_account(office.work.session, "melder", organisation=home)
    for role in ("verstrekker", "ontvanger"):
        make_party(office.work, office.case, home, role=role)
    office.edits("zienswijze_vragen")
    for text in ("Het is goed.", "Toch niet."):
        office.take(party, "zienswijze_geven", tekst=text)

    facts = PublicationFacts(office.work, office.publication)
    assert (facts.asked_parties, facts.answered_parties) == (1, 1)


def test_after_the_term_nobody_has_to_be_waited_for(office: Office) -> None:
    make_party(office.work, office.case, make_organisation(office.work.session))
    office.edits("zienswijze_vragen")

    office.work = later(office.work, office.work.now.replace(month=12, day=21))

    office.edits("ter_vrijgave_leggen")


def test_where_no_party_was_invited_nobody_is_waited_for(office: Office) -> None:
    office.edits("zienswijze_vragen")

    office.edits("ter_vrijgave_leggen")


# --- rectified and taken away


def test_a_rectification_corrects_the_public_words_and_the_old_version_stays(office: Office) -> None:
    office.edits("lakken", passages=[ROW])
    office.publish()

    office.edits(
        "rectificeren",
        correctie="Er stond laat, er staat liet.",
        reden="Een schrijffout.",
        verbeteringen=[{"stond": "laat ruimte", "wordt": "liet ruimte"}],
    )

    old, new = office.records()
    assert (old["beschouwing"], new["beschouwing"]) == ("De wet laat ruimte.", "De wet liet ruimte.")
    assert old["feiten"] == new["feiten"] == "Bewoner [5.1.2e] belt de gemeente. Later belt [5.1.2e] nog eens."
    assert (old["versie"], new["versie"], new["correctie"]) == (1, 2, "Er stond laat, er staat liet.")


def test_only_words_that_are_public_can_be_corrected(office: Office) -> None:
    office.edits("lakken", passages=[ROW])
    office.publish()

    with pytest.raises(Invalid) as refused:
        office.edits(
            "rectificeren",
            correctie="x",
            reden="x",
            verbeteringen=[{"stond": "Bewoner Bakker", "wordt": "Een bewoner"}],
        )

    assert refused.value.faults.keys() == {"verbeteringen.0.stond"}
    assert len(office.records()) == 1


def test_what_stays_out_cannot_come_in_by_the_correction(office: Office) -> None:
    office.edits("lakken", passages=[ROW])
    office.publish()

    office.edits(
        "rectificeren",
        correctie="Er stond dat bakker belde.",
        reden="Een schrijffout.",
        verbeteringen=[{"stond": "De wet", "wordt": "De wet van Bakker"}],
    )

    new = office.records()[-1]
    assert new["correctie"] == "Er stond dat [5.1.2e] belde."
    assert new["beschouwing"] == "De wet van [5.1.2e] laat ruimte."
    with pytest.raises(Invalid) as refused:
        office.edits("rectificeren", correctie="Mail naar jan@prive.example.", reden="x")
    assert refused.value.faults.keys() == {"correctie"}


def test_what_leaked_goes_out_of_every_version_and_of_what_tells_it(work: Work) -> None:
    office = make_office(work, titel="De gemeente en Bakker", feiten="Feit.")
    office.publish()
    citing = make_office(work, titel="Een latere uitspraak", feiten="Feit.")
    precedent = work.session.scalars(select(Precedent).filter_by(ruling_id=office.ruling.id)).one()
    work.session.add(Citation(ruling_id=citing.ruling.id, precedent_id=precedent.id, relation="volgt", at=work.now))
    work.session.flush()
    assert citing.publish()["citaties"][0]["titel"] == "De gemeente en Bakker"
    office.edits("rectificeren", correctie="Een punt.", reden="Een schrijffout.")
    for row in work.session.scalars(select(PublicRecord)):
        row.pdf_digest = "0" * 64

    office.edits("rectificeren", correctie="Een naam is weg.", reden="Er stond een naam.", passages=[ROW])

    assert len(office.records()) == 3
    assert "Bakker" not in str(office.records() + citing.records())
    rows = work.session.scalars(select(PublicRecord).order_by(PublicRecord.id)).all()
    assert {row.title for row in rows} == {"De gemeente en [5.1.2e]", "Een latere uitspraak"}
    assert [row.pdf_digest for row in rows] == [None] * 4
    assert (precedent.title, office.publication.title) == ("De gemeente en [5.1.2e]",) * 2
    assert work.session.scalars(select(Posting).where(Posting.term.like("bakker%"))).all() == []
    assert len(work.session.scalars(select(Outbox).where(Outbox.topic == "pdf")).all()) == 7


def test_what_leaked_goes_out_of_recommendations_nuances_notes_and_subscriptions(work: Work) -> None:
    office = make_office(work, titel="De gemeente en Bakker", feiten="Feit.")
    record = office.publish()
    home = make_organisation(work.session)
    said = {name: f"Dit zei Bakker over {name}." for name in ("text", "indicator", "responsible", "motivation")}
    recommendation = make_recommendation(work, office.case, office.ruling, home, title="Aan Bakker", **said)
    precedent = work.session.scalars(select(Precedent).filter_by(ruling_id=office.ruling.id)).one()
    number = record["nummer"]
    nuance = Nuance(precedent_id=precedent.id, text="Bakker niet.", ruling_number="CCG:2026:99", at=work.now)
    note = {"account_id": office.editor.id, "organisation_id": home.id, "number": number, "at": work.now}
    annotation = Annotation(**note, passage="gemeente en Bakker", text="Bakker is mijn eigen woord.")
    work.session.add_all([nuance, annotation])
    subscription = subscribe(acting(work, office.editor), "uitspraak", {"nummer": number})
    acting(work, SYSTEM)
    assert subscription.label == f"{number} De gemeente en Bakker"

    office.edits("rectificeren", correctie="Een naam is weg.", reden="Er stond een naam.", passages=[ROW])
    work.session.expire_all()

    told = [recommendation.title, *(getattr(recommendation, name) for name in said), nuance.text, annotation.passage]
    assert not [text for text in told if "Bakker" in text or "[5.1.2e]" not in text]
    assert subscription.label == f"{number} De gemeente en [5.1.2e]"
    assert annotation.text == "Bakker is mijn eigen woord."


def test_what_was_released_under_the_first_version_and_leaks_can_go_back_after_the_move(work: Work) -> None:
    office = make_office(work, feiten="Feit.")
    office.publication.version, office.publication.state = 1, "vrijgegeven"
    work.session.flush()
    office.edits("publiceren")
    office.ruling.content = {**office.ruling.content, "feiten": "Mail naar jan@prive.example."}
    work.session.flush()
    with work.session.begin_nested() as attempt:
        with pytest.raises(Invalid) as refused:
            office.take(office.secretary, "publiceren")
        attempt.rollback()
    assert "knelpunt workflow move publicatie 1 2" in str(refused.value.faults)
    assert work.workflows["publicatie", 1].transition("terugsturen", "vrijgegeven") is None

    assert move(work, "publicatie", 1, 2) == [Move(office.publication.number, "vrijgegeven", "vrijgegeven")]
    office.take(office.secretary, "terugsturen", reden="Er staat een adres in.")

    assert (office.publication.version, office.publication.state) == (2, "in_voorbereiding")
    assert office.publication.pending_action is None
    office.edits("lakken", passages=[{"passage": "jan@prive.example", "grond": "5.1.2e", "motivering": "Privé."}])
    assert "jan@prive" not in str(office.publish())


def test_of_what_was_taken_away_the_title_and_the_reason_tell_nothing_either(work: Work) -> None:
    office = make_office(work, titel="De gemeente en Bakker", feiten="Feit.")
    office.publish()

    why = {"grond": "persoonsgegevens", "reden": "De naam van Bakker stond erin.", "passages": [ROW]}
    office.edits("depubliceren", **why)
    office.take(office.secretary, "depubliceren")

    (row,) = work.session.scalars(select(PublicRecord)).all()
    assert (row.title, row.withdrawn_because) == ("De gemeente en [5.1.2e]", "De naam van [5.1.2e] stond erin.")
    assert (row.record, row.pdf_digest) == ({}, None)
    assert office.publication.title == "De gemeente en [5.1.2e]"
    assert not work.session.scalars(select(Posting).where(Posting.term.like("bakker%"))).all()
