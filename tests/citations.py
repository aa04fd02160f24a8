"""Four hundred places in the law, and five ways to write each: what every search for a citation is measured by."""

from collections.abc import Callable, Sequence
from itertools import cycle, islice, product
from pathlib import Path

from app.domain.law import Law, LawReference, Laws, system_of
from app.domain.place import ORDINALS

LAWS = Laws.read((Path(__file__).parents[1] / "workflows" / "lists" / "laws.toml").read_text("utf-8"))
AMOUNT = 400

WITH_COLON = ("3:50", "4:15", "8:29a")
# By how many numbers the law has in an article; where nobody knows that, it may be any.
ARTICLES = {
    0: ("6", "37a", "5.1.1", "12", "148"),
    1: ("6", "37a", "12", "148"),
    2: ("5.1", "2.7", "3.24a", "16.55"),
    3: ("5.1.1", "2.3.6a", "9.1.12"),
}
DEPTHS = ((None, None), ("1", None), ("2", "e"), ("3", "aa"), (None, "b"))
NOISE = (
    "De gemeente vraagt of zij deze gegevens mag delen met de 12 andere organisaties in de regio, zoals in 2024.",
    "Het gaat om 1.200 dossiers van inwoners die in 3 jaar tijd verhuisden; de termijn is 6 weken.",
    "Volgens de functionaris voor gegevensbescherming is hoofdstuk 2 van het convenant onduidelijk.",
    "De afspraak staat in bijlage 4, onder punt 7, en geldt tot 31 december 2026.",
)


def places(amount: int = AMOUNT) -> Sequence[LawReference]:
    """So many places in the known laws, none twice; always the same ones."""
    found = [
        LawReference(system_of(law.identifier) or "", law.identifier, article, paragraph, part)
        for (paragraph, part), at, law in product(DEPTHS, range(3), LAWS.values())
        for articles in [WITH_COLON if law.colon else ARTICLES[law.levels]]
        for article in [articles[(at + len(law.title)) % len(articles)]]
    ]
    return found[:: len(found) // amount][:amount]


def in_full(place: LawReference, law: Law) -> str:
    """As a law or a judgment has it."""
    paragraph = f", {ORDINALS[int(place.paragraph) - 1]} lid" if place.paragraph else ""
    part = f", aanhef en onder {place.part}" if place.part else ""
    return f"artikel {place.article}{paragraph}{part}, van de {law.title}"


def in_short(place: LawReference, law: Law) -> str:
    """As a lawyer has it."""
    paragraph = f" lid {place.paragraph}" if place.paragraph else ""
    part = f" sub {place.part}" if place.part else ""
    return f"art. {place.article}{paragraph}{part} {law.abbreviation or law.title}"


def with_colons(place: LawReference, law: Law) -> str:
    """As somebody types it in a hurry."""
    if place.part and (place.paragraph is None or len(place.part) > 1):
        return (
            f"{place.article} {f'lid {place.paragraph} ' if place.paragraph else ''}{place.part.join(('onder ', ' '))}"
            + (law.abbreviation or law.title).upper()
        )
    labels = [label for label in (place.article, place.paragraph, place.part) if label]
    return f"{':'.join(labels)} {law.abbreviation or law.title}".lower()


def with_brackets(place: LawReference, law: Law) -> str:
    """As in European law, the law first."""
    paragraph = f"({place.paragraph})" if place.paragraph else ""
    part = f"({place.part})" if place.part else ""
    return f"{law.abbreviation or law.title}, artikel {place.article}{paragraph}{part}"


def by_number(place: LawReference, _: Law) -> str:
    """As one copies it."""
    if place.jci():
        return str(place)
    paragraph = f", lid {place.paragraph}" if place.paragraph else ""
    part = f", onder {place.part}" if place.part else ""
    return f"artikel {place.article}{paragraph}{part} {place.identifier}"


SPELLINGS: Sequence[Callable[[LawReference, Law], str]] = (in_full, in_short, with_colons, with_brackets, by_number)


def spelled(place: LawReference, way: int) -> str:
    """A place in one of the five ways."""
    return SPELLINGS[way % len(SPELLINGS)](place, LAWS[place.identifier])


def told(place: LawReference, way: int) -> str:
    """A text that names a place in one of the five ways, between sentences that name none."""
    before, after = islice(cycle(NOISE), way, way + 2)
    return f"{before} De commissie wijst op {spelled(place, way)}. {after}"
