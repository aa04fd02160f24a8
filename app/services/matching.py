"""What looks like a report, a case or a ruling, and why: precedents in public words, cases for who may see them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from app.adapters.search import analysis
from app.adapters.search.analysis import stem
from app.adapters.search.lexicon import fold
from app.config import value_list
from app.db.case import TYPE, Case
from app.db.precedent import Precedent
from app.db.process import Process
from app.db.publication import PublicRecord
from app.domain.errors import Invalid
from app.domain.law import LawReference, parse
from app.domain.matching import (
    FEWEST_WORDS,
    MINIMUM,
    WHOLE,
    Place,
    Words,
    differences,
    enough,
    for_articles,
    founding,
    is_alike,
    one_sentence,
    order_of,
    places,
    share_with,
    shared_places,
    telling,
    why,
)
from app.services.citation import references_of, texts_naming
from app.services.fragment import fragment
from app.services.law import known_laws
from app.services.onlooker import Readable, readable_cases
from app.services.particulars import types_of
from app.services.precedent import later_rulings
from app.services.search import Hit, Least, hits
from app.services.work import Work

CANDIDATES = 60
MOST = 5
READ_FOR_LAWS = 4000
TYPES = "knelpunttype"


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody tells of a bottleneck: in words, in laws, and of which types it is."""

    text: str
    laws: tuple[LawReference, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """A precedent or a known case that was found, and how much it is alike."""

    process: Process
    share: float

    @property
    def number(self) -> str:
        """The number of what looks alike."""
        return self.process.number

    @property
    def is_case(self) -> bool:
        """It is a known case, and no precedent."""
        return isinstance(self.process, Case)

    @property
    def ended(self) -> bool:
        """It is a precedent on which nobody can rely any more."""
        return isinstance(self.process, Precedent) and self.process.has_ended


@dataclass(frozen=True, slots=True)
class Match(_Found):
    """A precedent or a known case that looks alike, in words that this reader may read.

    `rule` is the rule of a precedent, or the key question of a case; `notes` is what differs or changed.
    """

    title: str
    rule: str
    why: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What may be read of something that was found; `case` where that may be less than it was found by."""

    title: str
    rule: str
    laws: tuple[LawReference, ...]
    types: tuple[str, ...]
    case: Readable | None = None


@dataclass(frozen=True, slots=True)
class _Likely(_Found):
    """Something that may look alike, with the words by which it was found and the articles that it shares."""

    hit: Hit
    known: _Known
    shared: tuple[Place, ...]

    def in_order(self) -> tuple[float, float, str]:
        """By what one comes before another: of two that are as alike as can be the one with the same articles."""
        return -order_of(self.share, ended=self.ended), -for_articles(self.shared), self.number


@dataclass(frozen=True, slots=True)
class Alike(_Found):
    """Something that looks like what was told, before it is said why."""

    told: Told
    known: _Known
    shared: tuple[Place, ...]
    words: Words


def matches(
    work: Work,
    told: Told,
    *,
    cases: bool,
    but: Collection[int] = (),
    least: float = MINIMUM,
    amount: int = MOST,
) -> list[Match]:
    """The precedents and, with `cases`, the known cases that look like what was told, the best first.

    `but` are the ids of what is left out, and `least` the share that is needed. What has too little in common is not
    shown at all.
    """
    return [match(work, one) for one in _alike(work, told, cases=cases, but=but, least=least, amount=amount)]


def match(work: Work, one: Alike) -> Match:
    """What looks alike as it is shown: why, what differs, and what became of it."""
    told, labels = one.told, value_list(TYPES)
    differs = differences(
        told.laws,
        one.known.laws,
        known_laws(),
        asks=[labels.get(code, code) for code in told.types],
        types=[labels.get(code, code) for code in one.known.types],
    )
    return Match(
        process=one.process,
        title=one.known.title,
        rule=one_sentence(one.known.rule),
        share=one.share,
        why=why(one.shared, one.words.saying, known_laws()),
        notes=(*_changes(work, one.process), *differs),
    )


def told_in_case(case: Case, *, involved: bool) -> Told:
    """What a case, read with what hangs from it, tells; who only knows that it exists has not read its file."""
    described = case.description if involved else ""
    laws = tuple(
        LawReference(row.system, row.identifier, row.article, row.paragraph, row.part)
        for row in sorted(case.laws, key=lambda row: row.id)
    )
    types = tuple(sorted(row.value for row in case.facets if row.facet == TYPE))
    return Told(f"{case.title} {case.key_question} {described}", laws, types)


def told_in_record(record: Mapping[str, Any]) -> Told:
    """What the public record of a ruling tells."""
    text = " ".join(str(record.get(name) or "") for name in ("titel", "kernvraag", "kernregel"))
    return Told(text, _laws_of_record(record), _types_of_record(record))


def like_ruling(work: Work, public: PublicRecord | None) -> list[Match]:
    """The other precedents that look like a ruling, by its public record; nothing of one that was taken away."""
    if public is None or public.withdrawn_at is not None:
        return []
    own = select(Precedent.id).where(Precedent.number == public.number)
    return matches(work, told_in_record(public.record), cases=False, but=work.session.scalars(own).all(), least=WHOLE)


def like_case(work: Work, case: Case, *, involved: bool, amount: int = MOST) -> list[Alike]:
    """What looks like a case, as far as the actor may see it, without what the case is merged into.

    `involved`: the actor may read the file. Of these only what is shown is made into a `match`.
    """
    itself = [case.id, *([case.main_id] if case.main_id else [])]
    told = told_in_case(case, involved=involved)
    return _alike(work, told, cases=True, but=itself, least=WHOLE, amount=amount)


def _alike(work: Work, told: Told, *, cases: bool, but: Collection[int], least: float, amount: int) -> list[Alike]:
    told = _with_laws_in_words(told)
    found = [hit for hit in _found(work, told, cases=cases, least=least) if hit.process.id not in but]
    known = _known(work, found)
    likely = [_likely(told, hit, known[hit.process.id]) for hit in found if hit.process.id in known]
    best = max((one.share for one in likely), default=0.0)
    near = [one for one in likely if one.share >= max(least, enough(best))]
    return list(islice(_enough_alike(told, sorted(near, key=_Likely.in_order), best), amount))


def _enough_alike(told: Told, likely: Iterable[_Likely], best: float) -> Iterator[Alike]:
    """Those that share enough to say so; the words of the others are not looked at."""
    typed = _typed(told.text)
    for one in likely:
        words = _shared_words(one, typed)
        if is_alike(one.share, one.shared, words, best=best):
            yield Alike(one.process, one.share, told, one.known, one.shared, words)


def _with_laws_in_words(told: Told) -> Told:
    """The same with the places in the law that its words name, after those that were given."""
    named = [one for one in references_of(told.text[:READ_FOR_LAWS]) if isinstance(one, LawReference)]
    return replace(told, laws=tuple(dict.fromkeys((*told.laws, *named))))


def _found(work: Work, told: Told, *, cases: bool, least: float) -> Sequence[Hit]:
    """What shares enough words, and what shares fewer but an article of law as well."""
    if len(told.text.split()) < FEWEST_WORDS:
        return ()
    naming = texts_naming(work.session, founding(places(told.laws)))
    of_all, of_some = ([text_id for text_id, public in naming if public is which] for which in (True, False))
    return hits(work, told.text, cases=cases, limit=CANDIDATES, least=Least(least, of_all, of_some))


def _likely(told: Told, hit: Hit, known: _Known) -> _Likely:
    shared = shared_places(told.laws, known.laws)
    return _Likely(hit.process, share_with(hit.share, shared), hit, known, shared)


def _shared_words(one: _Likely, typed: "_Typed") -> Words:
    """The words that somebody may be told of those by which something was found.

    Of a word that has only a part in common, what is told is the word that stands there.
    """
    hit, case = one.hit, one.known.case
    terms = [term for term in (hit.words if case is None else case.of(hit.words)) if term in typed.words]
    partly = [term for term in terms if term not in typed.whole and stem(fold(typed.words[term])) not in terms]
    there = fragment(f"{one.known.title}\n{one.known.rule}", partly).said if partly else {}
    both = {term: there.get(term) if term in partly else typed.words[term] for term in terms if term not in hit.common}
    saying = telling(word for word in both.values() if word) or telling(typed.words[term] for term in both)
    return Words(saying, len(telling(typed.words[term] for term in terms)))


class _Typed(NamedTuple):
    """By stem or part the word with it, as it was typed; and the stems of whole words."""

    words: Mapping[str, str]
    whole: Collection[str]


def _typed(text: str) -> _Typed:
    whole: dict[str, str] = {}
    partly: dict[str, str] = {}
    for word in analysis.WORD.findall(text):
        folded = fold(word)
        if folded in analysis.STOP_WORDS:
            continue
        spelled = analysis.spelled(folded)
        whole.setdefault(spelled.stem, word)
        for part in spelled.parts:
            partly.setdefault(part, word)
    return _Typed({**partly, **whole}, whole.keys())


def _changes(work: Work, process: Process) -> list[str]:
    """What became of a precedent, in the words that this reader may read."""
    if not isinstance(process, Precedent):
        return []
    later = later_rulings(work, process)
    told = []
    if process.has_ended:
        instead = f" {later.replaced_by} komt ervoor in de plaats." if later.replaced_by else ""
        told.append(f"Let op: dit geldt niet meer.{instead}")
    nuances = [one_sentence(one.text or "") for one in later.nuances]
    told += [f"Let op: een latere uitspraak maakt dit preciezer. {text}".strip() for text in nuances]
    if process.under_reconsideration:
        told.append("Let op: de commissie kijkt opnieuw naar deze uitspraak.")
    return told


def _known(work: Work, found: Sequence[Hit]) -> dict[int, _Known]:
    """By id what may be read of what was found; a ruling that was taken away answers nobody any more."""
    cases = [hit.process.id for hit in found if not isinstance(hit.process, Precedent)]
    precedents = {hit.number: hit.process.id for hit in found if isinstance(hit.process, Precedent)}
    return {**_known_precedents(work, precedents), **_known_cases(work, cases)}


# Each page of a case asks it, so it is made once.
_RECORDS = select(PublicRecord.number, PublicRecord.title, PublicRecord.record).where(
    PublicRecord.number.in_(bindparam("numbers", expanding=True)),
    PublicRecord.current,
    PublicRecord.withdrawn_at.is_(None),
)


def _known_precedents(work: Work, ids: Mapping[str, int]) -> dict[int, _Known]:
    rows = work.session.execute(_RECORDS, {"numbers": list(ids)}) if ids else ()
    return {
        ids[number]: _Known(title, record.get("kernregel") or "", _laws_of_record(record), _types_of_record(record))
        for number, title, record in rows
    }


def _known_cases(work: Work, ids: Sequence[int]) -> dict[int, _Known]:
    types = types_of(work, ids) if ids else {}
    return {
        one: _Known(case.title, case.key_question, tuple(case.laws), tuple(types.get(one, ())), case)
        for one, case in readable_cases(work, ids).items()
    }


def _laws_of_record(record: Mapping[str, Any]) -> tuple[LawReference, ...]:
    return tuple(_references(row.get("jci") or row.get("url") for row in record.get("grondslagen") or ()))


def _types_of_record(record: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row["code"] for row in record.get("typen") or () if row)


def _references(texts: Iterable[str | None]) -> Iterable[LawReference]:
    """The references of a record, which keeps them as the texts that people follow."""
    for text in texts:
        try:
            yield parse(text or "", known_laws())
        except Invalid:
            continue
