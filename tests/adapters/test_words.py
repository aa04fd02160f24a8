"""Words that must find each other, and words that must not: lists as people would write them, through the engine.

The lists are honest, not tuned: what fails is told, and a share of it may.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from app.adapters.search.analysis import parts, stem, stems
from app.adapters.search.lexicon import fold, with_capitals
from app.adapters.search.postings import Entry, put_many
from app.adapters.search.question import question
from app.adapters.search.ranking import rank
from app.db.external import ExternalDecision
from app.db.search import SearchText
from app.services.synonym import product_groups, synonyms
from app.services.work import Work
from tests.make import NOW

HERE = Path(__file__).parent
AMOUNT = {"words_that_meet.csv": 300, "words_that_do_not.csv": 100}


class Pair(NamedTuple):
    one: str
    other: str
    kind: str


def pairs(name: str) -> list[Pair]:
    with open(HERE / name, encoding="utf-8", newline="") as file:
        return [Pair(**row) for row in csv.DictReader(file)]


def found_both_ways(work: Work, name: str) -> Iterator[tuple[Pair, bool, bool]]:
    """Each pair, with whether a question of the other finds a text of the one, and the reverse."""
    listed = pairs(name)
    texts = {word: index for index, word in enumerate(dict.fromkeys(word for pair in listed for word in pair[:2]))}
    ids = put_many(work.session, [entry(decision(work, number), word) for word, number in texts.items()])
    for pair in listed:
        yield (
            pair,
            finds(work, text=ids[texts[pair.one]], asked=pair.other),
            finds(work, text=ids[texts[pair.other]], asked=pair.one),
        )


def decision(work: Work, number: int) -> int:
    made = ExternalDecision(
        number=f"EXT:Woorden:{number}",
        source="Woorden",
        source_id=str(number),
        title="",
        text="",
        summary="",
        url=None,
        decided_on=None,
        laws=[],
        types=[],
        digest=str(number),
        imported_at=NOW,
    )
    work.session.add(made)
    work.session.flush()
    return made.id


def entry(external_id: int, text: str) -> Entry:
    return Entry(
        process_id=None, external_id=external_id, kind="extern", public=True, title="", body=text, excerpt=text
    )


def finds(work: Work, *, text: int, asked: str) -> bool:
    found = rank(
        work.session,
        question(asked, synonyms=synonyms(work)),
        public=True,
        limit=1,
        among=select(SearchText.id).where(SearchText.id == text),
    )
    return bool(found.found)


def told(failures: list[Any]) -> str:
    return "\n" + "\n".join(f"{pair.one} – {pair.other} ({pair.kind})" for pair in failures)


@pytest.mark.parametrize("name", AMOUNT)
def test_the_lists_are_whole(name: str) -> None:
    listed = pairs(name)

    assert len(listed) == AMOUNT[name]
    assert len({frozenset(pair[:2]) for pair in listed}) == AMOUNT[name]


def test_words_that_mean_the_same_find_each_other(work: Work) -> None:
    failures = [pair for pair, one, other in found_both_ways(work, "words_that_meet.csv") if not (one and other)]

    assert len(failures) <= 0.05 * AMOUNT["words_that_meet.csv"], told(failures)


def test_words_that_only_look_alike_do_not(work: Work) -> None:
    failures = [pair for pair, one, other in found_both_ways(work, "words_that_do_not.csv") if one or other]

    assert len(failures) <= 0.02 * AMOUNT["words_that_do_not.csv"], told(failures)


def test_the_list_of_the_product_has_each_expression_in_one_group() -> None:
    listed = [fold(with_capitals(expression)) for group in product_groups() for expression in group]

    assert len(product_groups()) >= 120
    assert len(listed) == len(set(listed))
    assert all(len(group) > 1 for group in product_groups())


FORMS = (
    "toetsen toetst toetste getoetst getoetste toetsing",
    "lid leden",
    "naam namen",
    "verslag verslagen",
    "veld velden",
    "verbod verboden verbieden",
    "betrokkene betrokkenen",
    "verdachte verdachten",
    "veroordeelde veroordeelden",
    "oudere ouderen",
    "gedetineerde gedetineerden",
    "onderzoeker onderzoekers",
    "vertegenwoordiger vertegenwoordigers",
    "zaak zaakje zaakjes",
    "controleren gecontroleerd gecontroleerde controle",
    "informeren geinformeerd geinformeerde informatie",
    "terugkeer terugkeren terugkeert",
    "binden bindend bindende",
    "ontvangen ontvangst",
    "overdragen overdracht overdrachten",
    "doorgeven doorgifte",
    "nederland nederlandse",
)


@pytest.mark.parametrize("forms", FORMS)
def test_all_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("derde", "drie"), ("bericht", "berichtigen"), ("brief", "briefing"), ("ouder", "oudere"), ("bekend", "beek")],
)
def test_words_that_are_no_form_of_each_other_have_two(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_a_fixed_word_has_no_parts() -> None:
    assert parts("grondslag") == parts("grondslagen") == ()


def test_an_abbreviation_that_is_another_word_is_known_by_its_capitals() -> None:
    assert stems("het OM vraagt om de Wgs en de WGS") == [*stems("OM vraagt Wgs WGS")]
    assert stems("om") == []
    assert stems("Wgs") != stems("WGS")
    assert set(stems("ap")) < set(stems("AP"))
