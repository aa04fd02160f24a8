"""What it says that two bottlenecks look alike: shared articles of law and words, why in one line, and what differs."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from app.domain.dutch import listing
from app.domain.law import LawReference, Laws

MINIMUM, OF_THE_BEST = 0.15, 0.25
"""The share below which nothing is shown, and the part of the best share: what is below either is there by chance."""
WHOLE = 0.2
"""The least share where a whole text is compared, and not what somebody typed so far."""
FEWEST_SHARED = 2
"""One word in common is chance too, unless there is an article beside it."""
COMMON, FEW_TEXTS = 0.25, 10
"""A word that stands in more than this part of the texts says nothing; in so few texts every word does."""
FEWEST_WORDS = 3
"""Of fewer words each text that has them looks alike."""
SHARED_ARTICLE, MOST_FOR_ARTICLES = 0.1, 0.2
"""What a shared article adds to the share, and what all of them together add at most."""
ENDED = 0.5
"""How far a precedent that no longer stands comes down: it is marked and lower, and never left out for it."""
MOST_WORDS, MOST_ARTICLES, MOST_LAWS = 4, 3, 2
GENERAL_LAWS = frozenset({"32016R0679", "BWBR0040940", "BWBR0005537"})
"""AVG, UAVG and Awb: nearly every case is about them too, so that sharing them alone says nothing."""
SHORTEST_WORD = 3
NOT_TELLING = frozenset(
    re.findall(
        "[a-z]+",
        "komt keer nieuw nieuwe zonder laten weten vragen komen gaan staan maken brengen elkaar nodig zien lang oude "
        "twee duidelijk terug niemand gebruiken helpen dezelfde hetzelfde beter betere werkelijk krijgen krijgt geven "
        "geeft willen zeggen doen vinden gegevens aantal achteraf af afgelopen allebei allemaal alleen alsnog alvast "
        "anderen beetje begin beginnen begint beide bekend belangrijk bepaald bepaalde bestaat bestaan betekent bijna "
        "bijvoorbeeld blijft blijven blijkt collega collegas daarna dag dagen dergelijke dichtbij ding dingen direct "
        "drie durft durven duurt eerder eerst eerste eigenlijk einde enkele enorm extra feit gaat gauw gebeurt "
        "gebeuren gebruik gebruikt gedaan gegeven gelijk gemakkelijk genoeg geregeld geval gevallen gewoon goed goede "
        "graag groot grote haalt haast halen handig hangt heet helaas helemaal helft hoeft hoeveel hoewel houden "
        "houdt iedereen inmiddels jaar jaren juist keuze kijken kijkt klein kleine klopt komende kort krijg laat "
        "laatste langer lastig later leidt leggen liever ligt liggen lukt maakt maal maand maanden "
        "makkelijk manier manieren meerdere meestal mens mensen merken merkt midden mijne mis moeilijk moeite "
        "mogelijk moment momenteel morgen naast namelijk neemt nemen net noemen noemt nogal noodzakelijk ongeveer "
        "onlangs onszelf onvoldoende overal overigens paar past plaats plek pas pakken precies probeert proberen rest "
        "rond samen simpel snel snelle soms soort sommige spreken staat stap stappen stellen stelt sterk "
        "straks stuk sturen stuurt telkens terecht tijd toevallig uiteindelijk uur vaak vaker vandaag vanwege verder "
        "verschillende vervolgens vindt vlot voldoende volgende volledig voorbeeld vooraf vorig vorige vraag "
        "vraagt vrij vroeg waarschijnlijk week weken weinig werkt wijze wil wilt zegt zeker zelden zet zetten zie "
        "ziet zodra zoekt zoeken zomaar zulk denken denkt gemaakt gekeken lage lijst uitkiezen vanzelf gezien genomen "
        "gegaan gekregen gevonden gezegd gewerkt hoge",
    )
)
"""Words that are found and say nothing to a reader who asks why."""
BANDS = tuple(range(0, 100, 10))

SHORTEST_SENTENCE = 40

_SENTENCE = re.compile(r"(?<!\bart)(?<!\bnr)[.!?](?= [A-Z“‘(])")
_HET = re.compile(r"\b\w*(?:besluit|wetboek|verdrag|handvest|reglement)\b", re.IGNORECASE)


class Words(NamedTuple):
    """The words that two texts share: those that say something, the rarest first, and how many there are in all."""

    saying: Sequence[str]
    amount: int


class Place(NamedTuple):
    """An article of a law."""

    identifier: str
    article: str


def places(laws: Iterable[LawReference]) -> dict[Place, None]:
    """The articles that are named, in that order.

    >>> list(places([LawReference("bwb", "BWBR0031331", "3", "2"), LawReference("bwb", "BWBR0031331")]))
    [Place(identifier='BWBR0031331', article='3')]
    """
    return {Place(law.identifier, law.article): None for law in laws if law.article is not None}


def shared_places(own: Sequence[LawReference], other: Iterable[LawReference]) -> tuple[Place, ...]:
    """The articles that both name; those of a law that says more than the general ones come first."""
    theirs = places(other)
    found = [place for place in places(own) if place in theirs]
    return tuple(sorted(found, key=lambda place: place.identifier in GENERAL_LAWS))


def share_with(share: float, shared: Collection[Place]) -> float:
    """How much two texts have in common, with their articles: a part of one.

    >>> share_with(0.4, [Place("BWBR0031331", "3")]), share_with(0.4, [Place("32016R0679", "6")])
    (0.5, 0.4)
    """
    return round(min(1.0, share + for_articles(shared)), 4)


def for_articles(shared: Collection[Place]) -> float:
    """What the articles that both name add to a share."""
    return min(MOST_FOR_ARTICLES, SHARED_ARTICLE * len(founding(shared)))


def founding(shared: Iterable[Place]) -> list[Place]:
    """The articles that say something: those of laws that not every case is about.

    >>> founding([Place("BWBR0031331", "3"), Place("32016R0679", "6")])
    [Place(identifier='BWBR0031331', article='3')]
    """
    return [place for place in shared if place.identifier not in GENERAL_LAWS]


def is_alike(share: float, shared: Collection[Place], words: Words, *, best: float) -> bool:
    """Two texts have more in common than any two; `best` is the share of what looks most alike.

    >>> is_alike(0.3, (), Words(["adres"], 1), best=0.3), is_alike(0.3, (), Words(["adres"], 2), best=0.3)
    (False, True)
    >>> is_alike(0.3, (), Words([], 5), best=0.3), is_alike(0.2, (), Words(["adres"], 2), best=1.0)
    (False, False)
    """
    says = bool(words.saying) and words.amount >= FEWEST_SHARED
    return share >= enough(best) and bool(founding(shared) or says)


def enough(best: float) -> float:
    """The share below which something is not alike, whatever is shared; `best` as in `is_alike`.

    >>> enough(0.3), enough(0.8)
    (0.15, 0.2)
    """
    return max(MINIMUM, OF_THE_BEST * best)


def is_common(amount: int, texts: int) -> bool:
    """A word that stands in so many of all texts is no reason why two of them look alike.

    >>> is_common(300, 1000), is_common(200, 1000), is_common(4, 5)
    (True, False, False)
    """
    return amount > FEW_TEXTS and amount > COMMON * texts


def telling(words: Iterable[str]) -> list[str]:
    """The words that say something to a reader, each once; an abbreviation keeps its capitals.

    >>> telling(["Schulden", "zonder", "de", "schulden", "112", "SVB"])
    ['schulden', 'SVB']
    """
    known = {word.casefold(): word if word.isupper() else word.casefold() for word in words if word.isalpha()}
    return [shown for word, shown in known.items() if len(word) >= SHORTEST_WORD and word not in NOT_TELLING]


def one_sentence(text: str) -> str:
    """The first sentence of a text; one that is too short to say something comes with the next.

    >>> one_sentence("Ja, mits. De gemeente mag het adres volgens art. 3 gebruiken. En niets meer.")
    'Ja, mits. De gemeente mag het adres volgens art. 3 gebruiken.'
    """
    told = " ".join(text.split())
    ends = (found.end() for found in _SENTENCE.finditer(told) if found.end() >= SHORTEST_SENTENCE)
    return told[: next(ends, len(told))]


def order_of(share: float, *, ended: bool) -> float:
    """By what one comes before another: an ended precedent is lower.

    >>> order_of(0.6, ended=True) < order_of(0.4, ended=False)
    True
    """
    return share * ENDED if ended else share


def why(shared: Sequence[Place], words: Sequence[str], laws: Laws) -> str:
    """In one line why something was found: the articles first, then the words.

    >>> why([Place("BWBR0005537", "3:50")], ["schulden", "adres"], Laws())
    'Zelfde artikel: artikel 3:50 BWBR0005537. Gaat ook over: schulden, adres.'
    """
    articles = [f"artikel {place.article} {short_name(place.identifier, laws)}" for place in shared[:MOST_ARTICLES]]
    told = (
        [f"{'Zelfde artikel' if len(articles) == 1 else 'Zelfde artikelen'}: {listing(articles)}."] if articles else []
    )
    told += [f"Gaat ook over: {', '.join(words[:MOST_WORDS])}."] if words else []
    return " ".join(told)


def differences(
    own: Sequence[LawReference],
    other: Sequence[LawReference],
    laws: Laws,
    *,
    asks: Collection[str],
    types: Sequence[str],
) -> tuple[str, ...]:
    """What to look out for, in sentences: another law, or another kind of bottleneck; `types` are labels.

    >>> wmo, youth = LawReference("bwb", "BWBR0035362", "5"), LawReference("bwb", "BWBR0034925", "7")
    >>> differences([wmo], [youth], Laws(), asks=["Juridisch"], types=["Juridisch", "Ethisch"])
    ('Let op: dit gaat over de BWBR0034925.',)
    >>> differences([wmo], [wmo], Laws(), asks=["Juridisch"], types=["Technisch"])
    ('Let op: dit is een ander soort knelpunt (technisch).',)
    """
    told = []
    mine, theirs = telling_laws(own), telling_laws(other)
    if mine and theirs and mine.keys().isdisjoint(theirs):
        names = [with_article(short_title(identifier, laws)) for identifier in list(theirs)[:MOST_LAWS]]
        told.append(f"Let op: dit gaat over {listing(names)}.")
    if asks and types and set(asks).isdisjoint(types):
        told.append(f"Let op: dit is een ander soort knelpunt ({listing(label.lower() for label in types)}).")
    return tuple(told)


def telling_laws(laws: Iterable[LawReference]) -> dict[str, None]:
    """The laws that are named, without the general ones."""
    return {law.identifier: None for law in laws if law.identifier not in GENERAL_LAWS}


def short_name(identifier: str, laws: Laws) -> str:
    """The abbreviation of a law; else its title, or its number."""
    law = laws.get(identifier)
    return identifier if law is None else law.abbreviation or law.title


def short_title(identifier: str, laws: Laws) -> str:
    """The title of a law, or its number."""
    law = laws.get(identifier)
    return identifier if law is None else law.title


def with_article(title: str) -> str:
    """A law as one names it in a sentence.

    >>> with_article("Jeugdwet"), with_article("Besluit SUWI"), with_article("Burgerlijk Wetboek")
    ('de Jeugdwet', 'het Besluit SUWI', 'het Burgerlijk Wetboek')
    """
    return f"{'het' if _HET.match(title) or title.startswith('Burgerlijk') else 'de'} {title}"


def percent(share: float) -> int:
    """A share in whole percents, as the threshold is set.

    >>> percent(0.456)
    46
    """
    return round(100 * share)


def band(percents: int) -> int:
    """The tens of percents in which a share falls: where it begins.

    >>> band(46), band(100)
    (40, 90)
    """
    return min(percents // 10 * 10, BANDS[-1])
