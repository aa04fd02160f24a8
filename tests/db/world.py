"""One row in every table, so that each constraint has something to refuse."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.db.account import LoginBrake, LoginSession, OneTimeLink
from app.db.body import OtherPosition, RulesOfProcedure, Substitution
from app.db.case import Application, CaseLaw, CompletionPoint, Facet
from app.db.checkpoint import Checkpoint
from app.db.collection import Annotation, Collection, CollectionItem
from app.db.deliberation import DeviatingView, DraftText, Opinion
from app.db.escalation import Escalation
from app.db.external import ExternalCitation, ExternalDecision
from app.db.feed import FeedLine
from app.db.interest import Challenge, Interest, Withheld
from app.db.law import LawChange
from app.db.matching import MatchUse, MatchVerdict
from app.db.meeting import ActionPoint, Attendance, Bundle, Handling, Paper
from app.db.notice import Idempotency, Notice, Outbox
from app.db.outcome import Outcome
from app.db.peer import CopiedCitation, CopiedDecision, Peer, PeerEvent
from app.db.precedent import Nuance, PrecedentLaw
from app.db.process import Attachment, Follower, Message
from app.db.publication import LeakCheck, PublicRecord, PublishedAttachment, Redaction, View
from app.db.report import Draft
from app.db.ruling import Citation, SeparateNote
from app.db.search import (
    LawMention,
    Posting,
    SearchBlock,
    SearchFacet,
    SearchGone,
    SearchState,
    SearchText,
    SearchVector,
    SearchWord,
    Synonym,
)
from app.db.structural import Structural, StructuralProgress
from app.db.subscription import Subscription
from app.db.system import Statement, System
from app.db.token import Token
from app.db.vote import Ballot, Elector, VoteRound
from app.db.webhook import Delivery, Webhook
from app.domain.access import account_key
from app.domain.calendar import amsterdam_day
from app.domain.meeting import KADERWET
from app.services.work import Work
from tests.make import (
    actor_of,
    make_account,
    make_advice,
    make_body,
    make_case,
    make_item,
    make_meeting,
    make_organisation,
    make_party,
    make_precedent,
    make_publication,
    make_recommendation,
    make_report,
    make_ruling,
    make_seat,
)


def make_world(work: Work) -> None:
    session, at = work.session, work.now
    home = make_organisation(session)
    private = make_organisation(session, tooi_uri=None, kvk_number="90001354", successor_id=home.id)
    account = make_account(session, "melder", organisation=home)
    other = make_account(session, organisation=home)
    who: dict[str, Any] = {"account_id": account.id}
    main = make_case(work, organisation=home)
    case = make_case(
        work,
        organisation=home,
        audience=[account_key(account.id)],
        main_id=main.id,
        case_id=main.id,
        owner_id=account.id,
        handler_id=account.id,
        rapporteur_id=account.id,
    )
    report = make_report(work, case, **who)
    make_party(work, case, private)
    make_advice(work, case, account, asker_id=account.id)
    body = make_body(work)
    make_seat(work, body, account)
    meeting = make_meeting(work, body)
    item = make_item(work, case, meeting)
    ruling = make_ruling(work, case, item_id=item.id)
    precedent = make_precedent(work, case, ruling)
    publication = make_publication(work, case, ruling)
    make_recommendation(work, case, ruling, home)
    vote_round = VoteRound(item_id=item.id, number=1, opened_at=at)
    published = Attachment(process_id=case.id, name="a", digest="0" * 64, size=1, media_type="a", at=at, **who)
    session.add(published)
    session.flush()
    text = SearchText(process_id=case.id, kind=case.kind, public=False, length=1, title_length=1, excerpt="")
    external = ExternalDecision(
        number="EXT:a:a", source="a", source_id="a", title="a", text="a", digest="a", imported_at=at
    )
    collection = Collection(organisation_id=home.id, title="a", created_at=at, **who)
    system = System(client_id="a", name="a", public_keys=[], created_at=at, registered_by_id=account.id, **who)
    peer = Peer(url="https://a.example", source="a", added_at=at, due_at=at)
    webhook = Webhook(
        name="a", url="https://a.example", kinds=[], salt="a", salted_at=at, created_at=at, cursor=0, due_at=at, **who
    )
    session.add_all([peer, vote_round, text, external, collection, system, webhook])
    session.flush()
    citing: dict[str, Any] = {"precedent_id": precedent.id, "relation": "volgt", "at": at}
    facet = Facet(facet="type", value="juridisch")
    law = CaseLaw(system="bwb", identifier="BWBR0015703")
    point = CompletionPoint(round=1, question="Sinds wanneer?")
    facet.case_id = law.case_id = point.case_id = case.id
    session.add_all(
        [
            facet,
            law,
            point,
            LoginSession(token_hash="a", data={}, created_at=at, used_at=at, expires_at=at, **who),
            LoginBrake(key="a", failures=1, last_at=at),
            OneTimeLink(token_hash="a", purpose="invite", expires_at=at, **who),
            Token(token_hash="a", name="a", system_id=system.id, created_at=at, **who),
            Statement(system_id=system.id, digest="a", expires_at=at),
            Application(case_id=case.id, precedent_id=precedent.id, test=[], proposed_by=account.id, proposed_at=at),
            Attendance(meeting_id=meeting.id, present=True, **who),
            Handling(meeting_id=meeting.id, item_id=item.id, position=1),
            Interest(item_id=item.id, declared="geen_belang", explanation="", at=at, **who),
            Elector(round_id=vote_round.id, replaces_id=account.id, **who),
            Ballot(round_id=vote_round.id, key="0" * 64, sealed="a"),
            Challenge(item_id=item.id, organisation_id=home.id, reason="a", at=at, **who),
            Withheld(process_id=item.id, item_id=item.id, **who),
            Opinion(item_id=item.id, leaning="voor", text="a", at=at, **who),
            DraftText(item_id=item.id, version=1, text="a", at=at, **who),
            DeviatingView(item_id=item.id, at=at, **who),
            RulesOfProcedure(
                **KADERWET._asdict(), body_id=body.id, version=1, since=amsterdam_day(at), source="a", at=at, **who
            ),
            Substitution(
                body_id=body.id,
                absent_id=account.id,
                substitute_id=other.id,
                since=amsterdam_day(at),
                until=amsterdam_day(at),
                reason="a",
                at=at,
                **who,
            ),
            OtherPosition(organisation_id=home.id, position_title="a", since=amsterdam_day(at), **who),
            Paper(meeting_id=meeting.id, item_id=item.id, version=1, content={}, digest="0" * 64, at=at),
            Bundle(meeting_id=meeting.id, selection="a", papers=[], at=at),
            ActionPoint(meeting_id=meeting.id, item_id=item.id, text="a", doer="a"),
            Notice(process_id=case.id, subject="a", text="a", at=at, **who),
            Outbox(topic="mail", payload={}, process_id=case.id, made_at=at, due_at=at),
            Idempotency(key="a", request_digest="a", status=200, body={}, headers={}, at=at, **who),
            Attachment(process_id=case.id, name="a", digest="0" * 64, size=1, media_type="a", at=at, **who),
            Follower(process_id=case.id, **who),
            Message(process_id=case.id, organisation_id=home.id, role="a", internal=True, text="a", at=at, **who),
            PublicRecord(
                number="CCG:2026:1",
                issue=1,
                title="a",
                adopted_on=date(2026, 11, 23),
                record={"typen": [{"code": "juridisch"}]},
                published_at=at,
            ),
            Redaction(publication_id=publication.id, field="feiten", passage="a", ground="5.1.2e"),
            PublishedAttachment(publication_id=publication.id, attachment_id=published.id, title="a", text="a"),
            LeakCheck(publication_id=publication.id, at=at, looked_for=1, looked_in=["a"], found=[]),
            View(publication_id=publication.id, organisation_id=home.id, text="a", at=at),
            Draft(key="a", organisation_id=home.id, answers={}, created_at=at, changed_at=at, **who),
            SeparateNote(item_id=item.id, text="a", at=at, **who),
            Citation(ruling_id=ruling.id, **citing),
            Citation(case_id=report.case_id, **citing),
            Posting(term="a", text_id=text.id, public=False, title=0, body=1),
            SearchBlock(public=True, term="a", field=0, first=1, amount=1, texts=b"1234", weights=b"12"),
            SearchGone(text_id=9, public=True, length=1, title_length=1),
            SearchState(name="a", value={}),
            SearchWord(word="a", initial="a", length=1, stem="a"),
            SearchVector(text_id=text.id, model="a", vector=b"1"),
            SearchFacet(text_id=text.id, facet="a", value="a"),
            LawMention(text_id=text.id, public=False, system="bwb", identifier="BWBR0015703"),
            Synonym(expressions=["a", "b"], created_at=at, **who),
            SearchText(external_id=external.id, kind="extern", public=True, length=1, title_length=1, excerpt=""),
            CopiedDecision(external_id=external.id, peer_id=peer.id),
            CopiedCitation(external_id=external.id, cited="EXT:a:b", relation="volgt"),
            PeerEvent(peer_id=peer.id, event_id="a", type="a", subject="CCG:2026:1", at=at, taken_at=at),
            ExternalCitation(ruling_id=ruling.id, external_id=external.id, relation="steunt_op"),
            CollectionItem(collection_id=collection.id, number="EXT:a:a", added_at=at),
            Annotation(organisation_id=home.id, number="CCG:2026:1", text="a", at=at, **who),
            Delivery(webhook_id=webhook.id, place=1, identity="a", lane_id=case.id, type="a", made_at=at, due_at=at),
            Subscription(kind="wet", key="a", query={}, label="a", created_at=at, seen_at=at, **who),
            Nuance(precedent_id=precedent.id, text="a", ruling_number="CCG:2026:2", at=at),
            PrecedentLaw(precedent_id=precedent.id, system="bwb", identifier="BWBR0015703", valid_on=amsterdam_day(at)),
            LawChange(system="bwb", identifier="BWBR0015703", in_force_on=amsterdam_day(at), source="a", at=at, **who),
            MatchUse(number="CCG:2026:1", use="beantwoord", organisation_id=home.id, at=at),
            MatchVerdict(case_id=case.id, number="CCG:2026:1", right=True, share=50, at=at, **who),
            Escalation(case_id=case.id, level="bestuur", question="a", asked_at=at),
            Outcome(case_id=case.id, organisation_id=home.id, gone="ja", at=at, **who),
            Structural(case_id=case.id, owner_id=home.id, cause="a", phase="onderzoek", since=at),
            StructuralProgress(case_id=case.id, phase="plan", text="a", at=at, **who),
        ]
    )
    main.write_line(
        action="notitie", source=main.state, actor=actor_of(account), role="triagist", at=at + timedelta(hours=1)
    )
    session.flush()
    # The last line, since a place that was given is not changed any more.
    last = session.scalars(select(FeedLine).order_by(FeedLine.event_id.desc()).limit(1)).one()
    last.public, last.place, last.sequence = True, 1, 1
    session.add(Checkpoint(count=1, root="a", edge=["a"], at=at, origin="a", public_key="a", signature="a"))
    session.flush()
