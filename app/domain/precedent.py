"""Precedents: whether one applies to a case, how a later ruling may cite one, and whether it still stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.domain.calendar import Term, Unit, last_day
from app.domain.errors import Invalid

WHOLE = "geheel"
"""The part that is replaced when all of a ruling is."""

REVIEW_AFTER_DISTINCTIONS = 3
REVIEW_PERIOD = Term(12, Unit.MONTHS)


class Question(NamedTuple):
    """A question of the test whether a precedent applies, which "ja" speaks for; "nee" makes `against` true.

    Its words are in the list `toepassingsvraag`.
    """

    slug: str
    against: str


QUESTIONS = (
    Question("zelfde_grondslag", "De grondslag is anders."),
    Question("zelfde_doel", "Het doel van het delen is anders."),
    Question("zelfde_of_minder_gegevens", "Het gaat om meer of andere gegevens."),
    Question("zelfde_soort_partijen", "De verstrekker of de ontvanger is van een andere soort."),
    Question("zelfde_betrokkenen", "Het gaat om een andere groep mensen, of om andere gevolgen voor hen."),
    Question("voorwaarden_haalbaar", "Een voorwaarde is niet haalbaar."),
    Question("wet_ongewijzigd", "De wet is gewijzigd sinds de uitspraak."),
    Question("geen_nuance", "Er is een nuance die hier geldt."),
)


class Reply(StrEnum):
    """What can be answered to a question."""

    YES = "ja"
    YES_PROVIDED = "ja_mits"
    NO_BUT_IMMATERIAL = "nee_niet_wezenlijk"
    NO = "nee"


REASON_NEEDED = {Reply.YES_PROVIDED, Reply.NO_BUT_IMMATERIAL}


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply, and why."""

    reply: Reply
    reason: str = ""


class Verdict(StrEnum):
    """Whether a precedent applies."""

    APPLICABLE = "applicable"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict; with its reasons against it, or with what was remarked although it applies."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()


def outcome(answers: Mapping[str, Answer]) -> Outcome:
    """Whether the precedent applies, given an answer to every question by its slug.

    One "nee" is enough against it. Refuses questions without an answer and answers that miss their reason.

    >>> yes = {question.slug: Answer(Reply.YES) for question in QUESTIONS}
    >>> outcome(yes).verdict.value
    'applicable'
    >>> outcome(yes | {"zelfde_doel": Answer(Reply.NO)}).reasons
    ('Het doel van het delen is anders.',)
    """
    faults = {question.slug: [fault] for question in QUESTIONS if (fault := _fault(answers.get(question.slug)))}
    if faults:
        raise Invalid(faults)
    against = tuple(
        f"{question.against} {answers[question.slug].reason}".strip()
        for question in QUESTIONS
        if answers[question.slug].reply is Reply.NO
    )
    if against:
        return Outcome(Verdict.NOT_APPLICABLE, against)
    remarks = (answers[question.slug] for question in QUESTIONS)
    return Outcome(Verdict.APPLICABLE, tuple(answer.reason for answer in remarks if answer.reply in REASON_NEEDED))


class Relation(StrEnum):
    """How a later ruling or case treats an earlier ruling, or rests on something outside."""

    FOLLOWS = "volgt"
    APPLIES = "past_toe"
    DISTINGUISHES = "onderscheidt"
    REFINES = "verfijnt"
    REPLACES = "herziet"
    MENTIONS = "noemt"
    RELIES_ON = "steunt_op"
    LIMITED_BY = "beperkt_door"
    REPLIES_TO = "beantwoordt"


OUTSIDE = {Relation.RELIES_ON, Relation.LIMITED_BY, Relation.REPLIES_TO}
"""These point to a law, a judgment or an advice, and never to a ruling of the commission."""

RELIES_ON_ITS_FORCE = {Relation.FOLLOWS, Relation.APPLIES}
REASONS_OF_RELATION = {
    Relation.DISTINGUISHES: "Schrijf waarom de eerdere uitspraak hier niet past.",
    Relation.REFINES: "Schrijf welke nuance u aanbrengt.",
}


@dataclass(frozen=True, slots=True)
class Cited:
    """An earlier ruling, as far as it matters to who cites it; `stands` while its precedent has not ended."""

    adopted_on: date
    stands: bool = True


def check_citation(relation: Relation, cited: Cited, *, on: date, reason: str = "", part: str = "") -> None:
    """Refuse, with all faults together, a citation that may not be made on this day."""
    faults: dict[str, list[str]] = {}
    if on < cited.adopted_on:
        faults["nummer"] = ["Verwijs alleen naar een uitspraak die er eerder was."]
    if relation in OUTSIDE:
        faults["relatie"] = ["Deze relatie past niet bij een uitspraak van de commissie."]
    if relation in RELIES_ON_ITS_FORCE and not cited.stands:
        faults["relatie"] = ["Deze uitspraak geldt niet meer. U kunt haar niet volgen of toepassen."]
    if relation in REASONS_OF_RELATION and not reason.strip():
        faults["reden"] = [REASONS_OF_RELATION[relation]]
    if relation is Relation.REPLACES and not part.strip():
        faults["deel"] = [f"Schrijf welk deel u herziet, of '{WHOLE}'."]
    if faults:
        raise Invalid(faults)


def closes_a_circle(citations: Iterable[tuple[str, str]], citing: str, cited: str) -> bool:
    """Whether a citation from `citing` to `cited` would lead, over the given ones, back to where it began.

    >>> closes_a_circle([("CCG:2026:2", "CCG:2026:1")], "CCG:2026:1", "CCG:2026:2")
    True
    """
    cites: dict[str, set[str]] = {}
    for source, target in citations:
        cites.setdefault(source, set()).add(target)
    seen: set[str] = set()
    to_see = {cited}
    while to_see:
        seen |= to_see
        to_see = set().union(*(cites.get(number, set()) for number in to_see)) - seen
    return citing in seen


class Standing(StrEnum):
    """What a precedent is worth; the definition of the process has the same five as its states."""

    PENDING = "pending"
    IN_FORCE = "in_force"
    QUALIFIED = "qualified"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Happening(StrEnum):
    """What can happen to a precedent."""

    PUBLISHED = "published"
    NUANCED = "nuanced"
    NUANCE_LIFTED = "nuance_lifted"
    OVERTAKEN = "overtaken"
    WITHDRAWN = "withdrawn"


class Review(StrEnum):
    """What looking at a precedent again can lead to."""

    KEEP = "handhaven"
    RECONSIDER = "heroverwegen"


class Step(NamedTuple):
    """Something that happened, and the number of the ruling that did it, where one did."""

    happening: Happening
    by: str = ""


ENDS = {Happening.OVERTAKEN: Standing.SUPERSEDED, Happening.WITHDRAWN: Standing.WITHDRAWN}


def follows_from(relation: Relation, *, part: str = "", general: bool = False) -> Happening | None:
    """What a citation by an adopted ruling does to the precedent that it cites.

    Replacing a part leaves the rest standing and is a nuance; a distinction is one when it has general scope.
    """
    if relation is Relation.REPLACES:
        return Happening.OVERTAKEN if part.strip() == WHOLE else Happening.NUANCED
    if relation is Relation.REFINES or (relation is Relation.DISTINGUISHES and general):
        return Happening.NUANCED
    return None


def standing(steps: Iterable[Step]) -> Standing:
    """What a precedent is worth after all that happened, in order; what ended is never revived.

    What a later ruling does before the publication counts from the publication on: who replaces a ruling that nobody
    could read yet, leaves one that is superseded on the day it can be read.

    >>> standing([Step(Happening.PUBLISHED), Step(Happening.NUANCED, "CCG:2026:9")]).value
    'qualified'
    """
    published = False
    ended: Standing | None = None
    nuances: set[str] = set()
    for step in steps:
        if step.happening is Happening.PUBLISHED:
            published = True
        elif step.happening is Happening.NUANCED:
            nuances.add(step.by)
        elif step.happening is Happening.NUANCE_LIFTED:
            nuances.discard(step.by)
        else:
            ended = ended or ENDS[step.happening]
    if not published:
        return Standing.PENDING
    return ended or (Standing.QUALIFIED if nuances else Standing.IN_FORCE)


def reasons_to_review(
    today: date, *, review_on: date | None, law_changed: bool, distinguished_on: Iterable[date]
) -> tuple[str, ...]:
    """Why someone should look at a precedent again; each a Dutch sentence, none when nothing asks for it."""
    recent = [day for day in distinguished_on if last_day(day, REVIEW_PERIOD) >= today]
    reasons = {
        "De datum voor herbeoordeling is bereikt.": review_on is not None and review_on <= today,
        "Een aangehaald artikel heeft een nieuwere versie.": law_changed,
        f"{len(recent)} zaken in 12 maanden zijn van deze uitspraak onderscheiden.": (
            len(recent) >= REVIEW_AFTER_DISTINCTIONS
        ),
    }
    return tuple(sentence for sentence, holds in reasons.items() if holds)


def _fault(answer: Answer | None) -> str | None:
    if answer is None:
        return "Beantwoord deze vraag."
    if answer.reply in REASON_NEEDED and not answer.reason.strip():
        return "Geef een reden bij dit antwoord."
    return None
