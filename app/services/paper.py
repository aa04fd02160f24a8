"""The papers of a meeting: frozen when they go out, and put together in one document for each reader.

Who may read an item is asked of the one filter, each time that somebody opens a document; what is drawn is kept by what
is in it, so that who may read the same items reads the same file, and who may read others never gets it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select

from app.config import value_list
from app.db.advice import Advice
from app.db.body import Body
from app.db.case import Case, CaseLaw, Party
from app.db.deliberation import DraftText
from app.db.meeting import AgendaItem, Bundle, Meeting, Paper
from app.db.notice import Outbox
from app.db.organisation import Organisation
from app.db.process import Attachment
from app.db.visibility import AS_SYSTEM
from app.domain.access import Actor
from app.domain.journal import canonical
from app.domain.law import LawReference
from app.services.account import account_with_grants
from app.services.law import known_laws
from app.services.notice import put_in_outbox
from app.services.number import INSERT
from app.services.work import Work, beyond_sight

BUNDLE, PAPER, MINUTES = "stukken", "stuk", "verslag"
"""The jobs of the worker that draw the papers of a meeting, of one item, and the minutes."""
LARGEST_INSIDE, LARGEST_TOGETHER = 5 * 2**20, 40 * 2**20
"""Up to this size an attachment goes along inside the document, and so much of them together."""

Content = dict[str, Any]


def freeze(work: Work, meeting: Meeting) -> list[Paper]:
    """Keep the papers of each item as they are now; only what is new or changed gets a next version."""
    made = []
    # What the secretary may not see is frozen like the rest, and shown to nobody here.
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position, AgendaItem.id)
    everything = [item for item in work.session.scalars(beyond_sight(query)).all() if not _is_off(work, item)]
    for item in everything:
        content = content_of(work, item)
        digest = _digest(content)
        known = _latest(work, [item.id], meeting).get(item.id)
        if known is not None and known.digest == digest:
            continue
        last = work.session.scalar(select(func.max(Paper.version)).where(Paper.item_id == item.id)) or 0
        paper = Paper(
            meeting_id=meeting.id, item_id=item.id, version=last + 1, content=content, digest=digest, at=work.now
        )
        work.session.add(paper)
        made.append(paper)
    work.session.flush()
    for paper in made:
        put_in_outbox(work, PAPER, {"paper": paper.id}, process=meeting)
    return made


def content_of(work: Work, item: AgendaItem) -> Content:
    """What a member has to read about an item, as plain JSON with every label made."""
    work.session.refresh(item, ["preliminary_advice"])
    case = work.session.get(Case, item.case_id, execution_options=AS_SYSTEM) if item.case_id else None
    draft = work.session.scalars(
        select(DraftText).where(DraftText.item_id == item.id).order_by(DraftText.version.desc()).limit(1)
    ).first()
    return {
        "nummer": item.number,
        "titel": item.title,
        "preadvies": item.preliminary_advice,
        "spoed": item.urgent,
        "besluittekst": {"versie": draft.version, "tekst": draft.text} if draft else None,
        "voorbeeld": item.demonstration,
        **(_case(work, case) if case else NO_CASE),
    }


def lines_of(work: Work, meeting: Meeting) -> list[Content]:
    """The agenda as the reader may see it, each item with its paper; of what is withheld only the place."""
    seen = {item.id: item for item in _on_agenda(work, meeting)}
    papers = _latest(work, seen, meeting)
    everything = beyond_sight(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position, AgendaItem.id)
    )
    lines: list[Content] = []
    for item in work.session.scalars(everything).all():
        if _is_off(work, item):
            continue
        if item.id not in seen:
            lines.append({"positie": item.position, "stuk": None, "titel": None})
            continue
        paper = papers.get(item.id)
        lines.append(
            {
                "positie": item.position,
                "stuk": paper.id if paper else None,
                "titel": item.title,
                "aanvang": item.starts_at,
                "minuten": item.duration,
            }
        )
    return lines


def bundle_of(work: Work, meeting: Meeting) -> Bundle | None:
    """The document with exactly what the reader may see, if it was asked for before."""
    return document_kept(work, meeting, _selection(meeting, lines_of(work, meeting)))


def document_kept(work: Work, meeting: Meeting, selection: str) -> Bundle | None:
    """A document of a meeting by what is in it."""
    query = select(Bundle).where(Bundle.meeting_id == meeting.id, Bundle.selection == selection)
    return work.session.scalars(query).one_or_none()


def selection_of(topic: str, content: list[Content]) -> str:
    """What tells a document with this content from others."""
    return _digest({"topic": topic, "content": content})


def ask_for_bundle(work: Work, meeting: Meeting) -> Bundle:
    """The document with exactly what the reader may see; where it is not drawn yet, the worker is asked to."""
    lines = lines_of(work, meeting)
    return ask_for_document(work, meeting, BUNDLE, lines, selection=_selection(meeting, lines))


def ask_for_document(
    work: Work, meeting: Meeting, topic: str, content: list[Content], *, selection: str | None = None
) -> Bundle:
    """A document of a meeting with this content; the same content is one document, and is drawn once."""
    selection = selection or selection_of(topic, content)
    insert = INSERT[work.session.get_bind().dialect.name](Bundle)
    row = {"meeting_id": meeting.id, "selection": selection, "papers": content, "at": work.now}
    work.session.execute(insert.values(**row).on_conflict_do_nothing())
    bundle = document_kept(work, meeting, selection)
    assert bundle is not None
    if bundle.pdf_digest is None:
        _ask_once(work, topic, {"bundle": bundle.id}, meeting)
    return bundle


def ask_for_bundles(work: Work, meeting: Meeting, account_ids: Sequence[int]) -> None:
    """Let the documents be drawn for these people, each with what that person may see."""
    ask_for_bundle(work, meeting)
    for account_id in account_ids:
        account = account_with_grants(work.session, account_id)
        if account is None:
            continue
        with _read_as(work, account.actor()):
            if any(line["stuk"] for line in lines_of(work, meeting)):
                ask_for_bundle(work, meeting)


def paper_of(work: Work, item: AgendaItem) -> Paper | None:
    """The papers of an item that the reader may see, as they went out last."""
    query = select(Paper).where(Paper.item_id == item.id).order_by(Paper.version.desc()).limit(1)
    return work.session.scalars(query).first()


def ask_for_paper(work: Work, item: AgendaItem) -> Paper | None:
    """The same; where it is not drawn yet, the worker is asked to."""
    paper = paper_of(work, item)
    if paper is not None and paper.pdf_digest is None:
        _ask_once(work, PAPER, {"paper": paper.id}, work.session.get_one(Meeting, paper.meeting_id))
    return paper


def was_sent_later(work: Work, meeting: Meeting) -> bool:
    """Something that the reader may see went after the papers that went out first."""
    seen = [item.id for item in _on_agenda(work, meeting)]
    query = select(func.count(func.distinct(Paper.at))).where(Paper.meeting_id == meeting.id, Paper.item_id.in_(seen))
    return (work.session.scalar(query) or 0) > 1


def document(work: Work, meeting_id: int, lines: Sequence[Mapping[str, Any]]) -> Content:
    """What is drawn: the meeting, its agenda for this reader, and the frozen papers in their order."""
    meeting = work.session.get_one(Meeting, meeting_id)
    wanted = [line["stuk"] for line in lines if line["stuk"]]
    papers = {paper.id: paper for paper in work.session.scalars(select(Paper).where(Paper.id.in_(wanted))).all()}
    for paper in papers.values():
        work.session.refresh(paper, ["content"])
    shown = [
        {**line, "versie": papers[line["stuk"]].version, "inhoud": papers[line["stuk"]].content}
        if line["stuk"]
        else {**line, "versie": None, "inhoud": None}
        for line in lines
    ]
    inside = {name for name, _ in files_inside(shown)}
    return {
        "orgaan": work.session.get_one(Body, meeting.body_id).name,
        "nummer": meeting.number,
        "titel": meeting.title,
        "dag": meeting.day.isoformat(),
        "aanvang": meeting.starts_at,
        "plaats": meeting.place,
        "voorbeeld": meeting.demonstration,
        "punten": [{**line, "bijlagen": _listed(line, inside)} for line in shown],
    }


def lines_of_paper(work: Work, paper: Paper) -> list[Content]:
    """The one line of a document with the papers of one item."""
    item = work.session.get_one(AgendaItem, paper.item_id)
    work.session.refresh(paper, ["content"])
    return [
        {
            "positie": item.position,
            "stuk": paper.id,
            "titel": paper.content["titel"],
            "aanvang": item.starts_at,
            "minuten": item.duration,
        }
    ]


def files_inside(lines: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Content]]:
    """The attachments that go along inside a document, each by a name of its own, until there is no more room."""
    room = LARGEST_TOGETHER
    for line in lines:
        for place, file in enumerate((line["inhoud"] or {}).get("bijlagen") or (), start=1):
            if file["meegestuurd"] and file["grootte"] <= room:
                room -= file["grootte"]
                yield file_name(line["positie"], place, file["naam"]), file


def _listed(line: Mapping[str, Any], inside: Collection[str]) -> list[Content]:
    """Every attachment of an item, with its name inside the document where it is in there."""
    files = (line["inhoud"] or {}).get("bijlagen") or ()
    names = [file_name(line["positie"], place, file["naam"]) for place, file in enumerate(files, start=1)]
    return [{**file, "bestand": name if name in inside else None} for name, file in zip(names, files, strict=True)]


def file_name(position: int, place: int, name: str) -> str:
    """What an attachment is called inside a document, where two items may have files of the same name.

    >>> file_name(2, 1, "brief.pdf")
    'punt 2 bijlage 1 brief.pdf'
    """
    return f"punt {position} bijlage {place} {name}"


NO_CASE: Content = {
    "knelpunt": None,
    "kernvraag": None,
    "voordracht": None,
    "partijen": [],
    "grondslagen": [],
    "adviezen": [],
    "oplossing": None,
    "bijlagen": [],
}


def _case(work: Work, case: Case) -> Content:
    work.session.refresh(case, ["nomination", "solution"])
    return {
        "knelpunt": case.number,
        "kernvraag": case.key_question,
        "voordracht": _nomination(case),
        "partijen": _parties(work, case),
        "grondslagen": _laws(work, case),
        "adviezen": _advices(work, case),
        "oplossing": (case.solution or {}).get("tekst"),
        "bijlagen": _attachments(work, case),
    }


def _nomination(case: Case) -> Content | None:
    if case.nomination is None:
        return None
    grounds = value_list("escalatiegrond")
    return {
        "vraagstelling": case.nomination["vraagstelling"],
        "gronden": [grounds.get(code, code) for code in case.nomination["escalatiegronden"]],
        "spoed": case.nomination.get("spoedMotivering"),
    }


def _parties(work: Work, case: Case) -> list[Content]:
    query = (
        select(Organisation.name, Party.role, Party.agreed)
        .join(Party, Party.organisation_id == Organisation.id)
        .where(Party.case_id == case.id)
        .order_by(Party.id)
    )
    roles = value_list("partijrol")
    return [
        {"naam": name, "rol": roles.get(role, role), "akkoord": agreed}
        for name, role, agreed in work.session.execute(query)
    ]


def _laws(work: Work, case: Case) -> list[Content]:
    laws = work.session.scalars(select(CaseLaw).where(CaseLaw.case_id == case.id).order_by(CaseLaw.id)).all()
    references = [
        LawReference(law.system, law.identifier, law.article, law.paragraph, law.part, law.valid_on) for law in laws
    ]
    return [{"label": one.label(known_laws()), "url": one.public_url()} for one in references]


def _advices(work: Work, case: Case) -> list[Content]:
    query = select(Advice).where(Advice.case_id == case.id, Advice.delivered_at.is_not(None)).order_by(Advice.id)
    kinds, conclusions = value_list("adviessoort"), value_list("conclusie")
    return [
        {
            "nummer": advice.number,
            "soort": kinds.get(advice.advice_type, advice.advice_type),
            "vraag": advice.question,
            "conclusie": conclusions.get(advice.result["conclusie"], advice.result["conclusie"]),
            "motivering": advice.result["motivering"],
            "voorwaarden": advice.result.get("voorwaarden"),
        }
        for advice in work.session.scalars(beyond_sight(query))
        if advice.result
    ]


def _attachments(work: Work, case: Case) -> list[Content]:
    """The files of the case; what handlers keep among themselves does not go to the members."""
    query = select(Attachment).where(Attachment.process_id == case.id, ~Attachment.internal).order_by(Attachment.id)
    return [
        {
            "naam": file.name,
            "titel": file.title or file.name,
            "digest": file.digest,
            "grootte": file.size,
            "soort": file.media_type,
            "meegestuurd": file.size <= LARGEST_INSIDE,
        }
        for file in work.session.scalars(beyond_sight(query))
    ]


def _on_agenda(work: Work, meeting: Meeting) -> list[AgendaItem]:
    """The items that the reader may see, in their order, but for what was taken off the agenda."""
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position, AgendaItem.id)
    return [item for item in work.session.scalars(query) if not _is_off(work, item)]


def _is_off(work: Work, item: AgendaItem) -> bool:
    """The item ended without a decision."""
    return work.workflows[item.kind, item.version].states[item.state].final and item.decided_on is None


def _latest(work: Work, item_ids: Sequence[int] | Mapping[int, Any], meeting: Meeting) -> dict[int, Paper]:
    query = (
        select(Paper)
        .where(Paper.item_id.in_(list(item_ids)), Paper.meeting_id == meeting.id)
        .order_by(Paper.item_id, Paper.version)
    )
    return {paper.item_id: paper for paper in work.session.scalars(query)}


def _selection(meeting: Meeting, lines: Sequence[Mapping[str, Any]]) -> str:
    """The digest of what a document holds: the papers, and what stands on its cover."""
    cover = [meeting.title, meeting.starts_at, meeting.place]
    return _digest({"cover": cover, "lines": [dict(line) for line in lines]})


def _digest(content: Content) -> str:
    return sha256(canonical(content).encode()).hexdigest()


def _ask_once(work: Work, topic: str, payload: dict[str, Any], meeting: Meeting) -> None:
    """Leave a job for the worker, unless the same one waits."""
    waiting = select(Outbox.payload).where(
        Outbox.process_id == meeting.id, Outbox.topic == topic, Outbox.done_at.is_(None), Outbox.failed_at.is_(None)
    )
    if payload not in work.session.scalars(waiting).all():
        put_in_outbox(work, topic, payload, process=meeting)


@contextmanager
def _read_as(work: Work, reader: Actor) -> Iterator[None]:
    """Look with the eyes of somebody else for a moment, through the filter as it is for that person."""
    before = work.session.info["reader"]
    work.session.flush()
    work.session.info["reader"] = reader
    try:
        yield
    finally:
        work.session.info["reader"] = before
