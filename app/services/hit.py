"""What is shown of what was found: in public words, with what matched marked, and why it was found."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import undefer

from app.adapters.search.among import among_numbers
from app.adapters.search.analysis import stems
from app.adapters.search.question import Question
from app.adapters.search.ranking import Found
from app.config import value_list
from app.db.case import Case
from app.db.external import ExternalDecision
from app.db.peer import CopiedDecision
from app.db.precedent import Precedent
from app.db.publication import PublicRecord
from app.db.search import LawMention, SearchText
from app.domain.citation import Reference, places_of
from app.domain.law import IDENTIFIERS, LawReference
from app.domain.source import EXTERNAL
from app.services.copied import NOT_PUBLIC_THERE
from app.services.fragment import Fragment, Stretches, fragment
from app.services.law import known_laws
from app.services.onlooker import Readable, readable_cases
from app.services.precedent import flags_of
from app.services.work import Work

RULING, OUTSIDE, CASE = "uitspraak", EXTERNAL, Case.kind_name()
OF_COMMISSION = Precedent.kind_name()
FIELDS = {
    "samenvatting": "de samenvatting",
    "kernvraag": "de vraag",
    "feiten": "de feiten",
    "juridischKader": "het juridisch kader",
    "beschouwing": "de beschouwing",
}
"""What else of a record is read than its rule, and what people call it."""
MOST_WORDS, MOST_PLACES = 8, 3
WHOLE = 10_000
"""Of a title everything is shown."""
BY_MEANING = "naar betekenis"


class Why(NamedTuple):
    """What something was found by: words of the question, parts of words, what means the same, places in the law.

    `lifted`: its meaning brought it higher than these would.
    """

    words: Sequence[str] = ()
    parts: Sequence[str] = ()
    meant: Sequence[str] = ()
    articles: Sequence[str] = ()
    lifted: bool = False

    def lines(self) -> list[str]:
        """The reasons, a sentence without a verb each.

        >>> Why(words=["schuld", "huur"], articles=["artikel 3, Wgs"]).lines()
        ['woorden: schuld, huur', 'artikel: artikel 3, Wgs']
        """
        labels = ("woorden", "woorddeel", "zelfde betekenis", "artikel")
        lists = (self.words, self.parts, self.meant, self.articles)
        lines = [f"{label}: {', '.join(some)}" for label, some in zip(labels, lists, strict=True) if some]
        return [*lines, BY_MEANING] if self.lifted else lines


NO_REASON = Why()


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRow:
    """What a list shows of a precedent, of a known case, or of a decision of another body, which has a `source`.

    Of another body only a copy from a followed installation has a state, with the label that its source gives it.

    `text` is the rule, or the stretch of a decision that matches best; `passage` is a stretch from elsewhere in the
    record that says more of what was asked, and `place` where it stands.
    """

    text_id: int
    number: str
    kind: str
    name: str
    title: Stretches
    text: Stretches
    passage: Stretches = ()
    place: str = ""
    score: float = 0.0
    why: Why = NO_REASON
    source: str | None = None
    day: date | None = None
    version: int = 0
    state: str = ""
    state_label: str = ""
    ended: bool = False
    conclusion: str = ""
    in_force_from: date | None = None
    in_force_until: date | None = None
    is_nuanced: bool = False
    used_count: int = 0
    demonstration: bool = False
    flags: tuple[str, ...] = ()

    @property
    def plain_text(self) -> str:
        """What is shown of the text, without marks."""
        return "".join(piece for piece, _ in self.text)

    @property
    def best(self) -> Stretches:
        """The stretch that matches best."""
        return self.passage or self.text


def hit_rows(
    work: Work, found: Sequence[Found], question: Question, articles: Mapping[int, Sequence[str]] | None = None
) -> list[HitRow]:
    """What was found as it is shown, in the same order; `articles` are the asked places in the law, by text."""
    own = _precedents(
        work, [one.process_id for one in found if one.kind == OF_COMMISSION and one.process_id is not None]
    )
    others = _decisions(work, [one.external_id for one in found if one.external_id is not None])
    case_ids = [one.process_id for one in found if one.kind == CASE and one.process_id is not None]
    cases, readable = _cases(work, case_ids), readable_cases(work, case_ids)
    rows = []
    for one in found:
        named = (articles or {}).get(one.text_id, ())
        if one.process_id in own:
            rows.append(_of_precedent(one, question, named, *own[one.process_id]))
        elif one.external_id in others:
            rows.append(_of_decision(one, question, named, *others[one.external_id]))
        elif one.process_id in cases:
            rows.append(_of_case(_as_read(one, readable[one.process_id]), question, named, cases[one.process_id]))
    return rows


def public_texts(work: Work, ids: Sequence[int]) -> dict[int, str]:
    """All that everybody may read of these texts of the index, by their ids."""
    of_rulings = (
        select(SearchText.id, PublicRecord.title, PublicRecord.withdrawn_at, PublicRecord.record)
        .join(Precedent, Precedent.id == SearchText.process_id)
        .join(PublicRecord, and_(PublicRecord.number == Precedent.number, PublicRecord.current))
        .where(SearchText.id.in_(ids))
    )
    of_others = (
        select(SearchText.id, ExternalDecision.title, ExternalDecision.summary, ExternalDecision.text)
        .join(ExternalDecision, ExternalDecision.id == SearchText.external_id)
        .where(SearchText.id.in_(ids))
    )
    told = ("kernregel", *FIELDS)
    texts = {
        text_id: "\n".join([title, *((record.get(name) or "") for name in told if not withdrawn_at)])
        for text_id, title, withdrawn_at, record in work.session.execute(of_rulings)
    }
    others = ((text_id, "\n".join(rest)) for text_id, *rest in work.session.execute(of_others))
    return {**texts, **dict(others)}


def named_places(
    work: Work,
    texts: Sequence[int],
    asked: Sequence[Reference],
    instead: Mapping[int, Sequence[Reference]] | None = None,
) -> dict[int, list[str]]:
    """The places in the law that were asked, in words, by the text that names them.

    Where a whole law was asked, the articles of it that the text names; where it names another article, that law.
    `instead` is what a text names as far as its reader may know, by its id.
    """
    wanted: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    for place in (place for reference in asked for place in places_of(reference)):
        wanted[place.system, place.identifier].add(place.article)
    if not (wanted and texts):
        return {}
    named: dict[int, dict[str, None]] = defaultdict(dict)
    whole: dict[int, dict[str, None]] = defaultdict(dict)
    for text_id, system, identifier, article in _mentioned(work, texts, [law for _, law in wanted], instead or {}):
        articles = wanted.get((system, identifier), set())
        if system in IDENTIFIERS and article is not None and (article in articles or None in articles):
            named[text_id][LawReference(system, identifier, article).label(known_laws())] = None
        elif system in IDENTIFIERS and articles:
            whole[text_id][LawReference(system, identifier).label(known_laws())] = None
    return {text_id: list(named[text_id] or whole[text_id])[:MOST_PLACES] for text_id in [*named, *whole]}


def _mentioned(
    work: Work, texts: Sequence[int], laws: Sequence[str], instead: Mapping[int, Sequence[Reference]]
) -> Iterator[tuple[int, str, str, str | None]]:
    columns = (LawMention.text_id, LawMention.system, LawMention.identifier, LawMention.article)
    query = select(*columns).distinct().order_by(*columns).where(LawMention.identifier.in_(laws))
    rows = work.session.execute(query.where(LawMention.text_id.in_([one for one in texts if one not in instead])))
    for text_id, system, identifier, article in rows:
        yield text_id, system, identifier, article
    for text_id in texts:
        for place in (place for reference in instead.get(text_id, ()) for place in places_of(reference)):
            yield text_id, place.system, place.identifier, place.article


def _precedents(work: Work, ids: Sequence[int]) -> dict[int, tuple[Precedent, PublicRecord | None]]:
    if not ids:
        return {}
    query = (
        select(Precedent, PublicRecord)
        .outerjoin(PublicRecord, and_(PublicRecord.number == Precedent.number, PublicRecord.current))
        .where(Precedent.id.in_(ids))
        .options(undefer(PublicRecord.record))
    )
    return {precedent.id: (precedent, public) for precedent, public in work.session.execute(query)}


class Decision(NamedTuple):
    """What is shown of the decision of another body."""

    number: str
    source: str
    title: str
    summary: str
    text: str
    decided_on: date | None


DECISIONS = (
    select(ExternalDecision.id, CopiedDecision, *(getattr(ExternalDecision, name) for name in Decision._fields))
    .outerjoin(CopiedDecision, CopiedDecision.external_id == ExternalDecision.id)
    .where(among_numbers(ExternalDecision.id, "ids"))
)


def _decisions(work: Work, ids: Sequence[int]) -> dict[int, tuple[Decision, CopiedDecision | None]]:
    rows = work.session.execute(DECISIONS, {"ids": list(ids)}).all() if ids else []
    return {identity: (Decision(*told), copied) for identity, copied, *told in rows}


def _cases(work: Work, ids: Sequence[int]) -> dict[int, Case]:
    return {case.id: case for case in work.session.scalars(select(Case).where(Case.id.in_(ids)))} if ids else {}


def _of_precedent(
    found: Found, question: Question, articles: Sequence[str], precedent: Precedent, public: PublicRecord | None
) -> HitRow:
    gone = public is None or public.withdrawn_at is not None
    record: Mapping[str, Any] = {} if gone or public is None else public.record
    name = public.title if public is not None else precedent.title
    terms = _terms(found, question)
    rule = fragment(record.get("kernregel") or "", terms)
    told = fragment(name, terms, longest=WHOLE)
    elsewhere, place = _elsewhere(record, terms, {*rule.said, *told.said})
    return HitRow(
        text_id=found.text_id,
        number=precedent.number,
        kind=RULING,
        name=name,
        title=told.stretches,
        text=rule.stretches,
        passage=elsewhere.stretches if elsewhere else (),
        place=place,
        score=found.score,
        why=_why(found, question, articles, [rule, told, *([elsewhere] if elsewhere else [])]),
        day=public.adopted_on if public is not None else None,
        version=precedent.version,
        state=precedent.state,
        conclusion="" if gone else value_list("conclusie").get(precedent.conclusion, precedent.conclusion),
        in_force_from=precedent.in_force_from,
        in_force_until=precedent.in_force_until,
        is_nuanced=precedent.is_nuanced,
        used_count=precedent.used_count,
        demonstration=precedent.demonstration,
        flags=flags_of(precedent),
    )


def _elsewhere(record: Mapping[str, Any], terms: Sequence[str], told: set[str]) -> tuple[Fragment | None, str]:
    """The stretch of the record with most of what title and rule do not say."""
    left = [term for term in terms if term not in told]
    if not left:
        return None, ""
    texts = ((record.get(field) or "", label) for field, label in FIELDS.items())
    read = [(fragment(text, terms), label) for text, label in texts if text]
    fresh = [(sum(term in one.said for term in left), one, label) for one, label in read]
    amount, best, label = max(fresh, key=lambda one: (one[0], one[1].amount), default=(0, None, ""))
    return (best, label) if amount else (None, "")


def _of_decision(
    found: Found,
    question: Question,
    articles: Sequence[str],
    decision: Decision,
    copied: CopiedDecision | None,
) -> HitRow:
    terms = _terms(found, question)
    read = fragment(decision.text, terms)
    if not read.amount and decision.summary:
        read = fragment(decision.summary, terms)
    told = fragment(decision.title, terms, longest=WHOLE)
    return HitRow(
        text_id=found.text_id,
        number=decision.number,
        kind=OUTSIDE,
        name=decision.title,
        title=told.stretches,
        text=read.stretches,
        score=found.score,
        why=_why(found, question, articles, [read, told]),
        source=decision.source,
        day=decision.decided_on,
        **(standing_of_copy(copied) if copied is not None else {}),
    )


def standing_of_copy(copied: CopiedDecision) -> dict[str, Any]:
    """Where a copy stands, by what its source says of it."""
    treatment, gone = copied.treatment, copied.withdrawn_at is not None
    flags = {
        NOT_PUBLIC_THERE: gone,
        "wordt heroverwogen": bool(treatment.get("inHeroverweging")),
        "wordt opnieuw bekeken": bool(treatment.get("teHerbeoordelen")),
    }
    conclusion = treatment.get("conclusie") or ""
    return {
        "state": copied.state or "",
        "state_label": copied.state_label or "",
        "ended": copied.ended or gone,
        "is_nuanced": bool(treatment.get("nuances")),
        "demonstration": bool(treatment.get("voorbeeld")),
        "conclusion": "" if gone else value_list("conclusie").get(conclusion, conclusion),
        "flags": tuple(words for words, holds in flags.items() if holds),
    }


def _as_read(found: Found, case: Readable) -> Found:
    """A case as it was found by what its reader may read of it."""
    return found._replace(terms=case.of(found.terms), meant=tuple(one for one in found.meant if case.says(one)))


def _of_case(found: Found, question: Question, articles: Sequence[str], case: Case) -> HitRow:
    terms = _terms(found, question)
    read, told = fragment(case.key_question, terms), fragment(case.title, terms, longest=WHOLE)
    return HitRow(
        text_id=found.text_id,
        number=case.number,
        kind=CASE,
        name=case.title,
        title=told.stretches,
        text=read.stretches,
        score=found.score,
        why=_why(found, question, articles, [read, told]),
        version=case.version,
        state=case.state,
    )


def _terms(found: Found, question: Question) -> list[str]:
    """What is looked for in a text that is shown: of a word that stands there whole its parts say nothing."""
    having = set(found.terms)
    whole = {word.stem for word in question.words if word.stem in having}
    parts = {part for word in question.words if word.stem not in having for part in word.parts} & having
    meant = (stem for expression in found.meant for stem in stems(expression))
    return list(dict.fromkeys([*(term for term in found.terms if term in whole | parts), *meant]))


def _why(found: Found, question: Question, articles: Sequence[str], read: Sequence[Fragment]) -> Why:
    having = set(found.terms)
    words = [word for word in question.words if word.stem in having]
    whole = {word.stem for word in words}
    of_parts = {part for word in question.words if word.stem not in having for part in word.parts} & having - whole
    said = {term: word for one in reversed(read) for term, word in one.said.items()}
    return Why(
        list(dict.fromkeys(word.typed for word in words))[:MOST_WORDS],
        list(dict.fromkeys(said.get(part, part).lower() for part in sorted(of_parts)))[:MOST_WORDS],
        list(found.meant)[:MOST_WORDS],
        articles,
        found.lifted,
    )
