"""Decisions of other bodies among what is found, and as a source of a ruling."""

from typing import Any

import pytest

from app.domain.access import PUBLIC
from app.domain.errors import Invalid
from app.services.asked import search_of
from app.services.external import (
    citing_rulings,
    external_decision,
    keep_decisions,
    laws_of,
    sources_of_draft,
)
from app.services.finding import alike, found
from app.services.hit import OUTSIDE
from app.services.index import index_case
from app.services.search import hits
from app.services.work import Work
from tests.make import acting, make_case, make_ruling

LAW = {
    "system": "bwb",
    "identifier": "BWBR0031331",
    "article": "3",
    "paragraph": None,
    "part": None,
    "valid_on": None,
}


def keep(work: Work, source_id: str, text: str = "De school mag leerlingen tellen.", **fields: Any) -> str:
    keep_decisions(work, [{"source": "AP", "source_id": source_id, "text": text, **fields}])
    return f"EXT:AP:{source_id}"


def test_they_are_found_between_the_others_and_a_hidden_case_moves_no_score(work: Work) -> None:
    number = keep(work, "z1", "De zwemschool deelt roosters met de gemeente.")
    reader = acting(work, PUBLIC)
    before = alike(reader, "zwemschool roosters", [], amount=10)
    index_case(work, make_case(work, title="Zwemschool en roosters", description="zwemschool " * 50))

    after = alike(reader, "zwemschool roosters", [], amount=10)

    assert [hit.number for hit in after] == [number]
    assert after[0].kind == OUTSIDE
    assert after[0].score == before[0].score
    assert hits(reader, "zwemschool roosters", cases=True) == []


def test_equal_scores_stand_in_the_order_in_which_they_came(work: Work) -> None:
    numbers = [keep(work, name, "Vuurtorens langs de kust.") for name in ("b", "a", "c")]

    assert [hit.number for hit in alike(work, "vuurtorens", [], amount=10)] == numbers


def test_a_list_of_them_goes_on_where_it_stopped(work: Work) -> None:
    numbers = [keep(work, f"lijst{place}", types=["ethisch"]) for place in range(3)]

    first = found(work, search_of({"type": "ethisch", "van": "anderen"}), amount=2)
    rest = found(work, search_of({"type": "ethisch", "van": "anderen"}), after=first.following, amount=2)

    assert [row.number for row in (*first.rows, *rest.rows)] == numbers[::-1]
    assert rest.following is None
    with pytest.raises(Invalid):
        found(work, search_of({}), after="EXT:AP:niets")


def test_what_is_narrowed_to_a_status_or_conclusion_leaves_them_out(work: Work) -> None:
    number = keep(work, "kwal", "Kwallen aan het strand.", laws=[LAW])

    def numbers(**asked: str) -> list[str]:
        return [row.number for row in found(work, search_of({"q": "kwallen", **asked})).rows]

    assert numbers() == numbers(van="anderen") == numbers(wet="BWBR0031331") == [number]
    assert numbers(status="geldend") == numbers(conclusie="mag") == numbers(van="commissie") == []
    assert numbers(jaar="1999") == numbers(type="ethisch") == numbers(wet="BWBR0005537") == []
    assert found(work, search_of({"van": "anderen"})).rows[0].source == "AP"


def test_the_law_of_one_is_kept(work: Work) -> None:
    decision = external_decision(work, keep(work, "wet", laws=[LAW]))

    assert [law.label({}) for law in laws_of(decision)] == ["artikel 3, BWBR0031331"]  # type: ignore[arg-type]


def test_a_draft_rests_on_what_is_there(work: Work) -> None:
    number = keep(work, "bron", title="Advies over scholen", url="https://ap.example/bron")
    ruling = make_ruling(work, make_case(work), adopted=False)

    kept = sources_of_draft(
        work,
        ruling,
        [
            {"relation": "steunt_op", "reference": number, "reason": "Zelfde vraag."},
            {"relation": "beperkt_door", "reference": "ecli:nl:hr:2020:1"},
        ],
    )

    assert [(row["soort"], row["verwijzing"], row["titel"], row["url"]) for row in kept] == [
        ("extern", number, "Advies over scholen", "https://ap.example/bron"),
        ("ecli", "ECLI:NL:HR:2020:1", None, "https://deeplink.rechtspraak.nl/uitspraak?id=ECLI:NL:HR:2020:1"),
    ]
    # A draft is nobody's business yet.
    assert citing_rulings(work, external_decision(work, number)) == []
    assert sources_of_draft(work, ruling, []) == []


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ("EXT:AP:bestaat-niet", "staat niet in het register"),
        ("CCG:2026:1", "nummer van dit stelsel"),
        ("KNP-2026-00001", "nummer van dit stelsel"),
        ("ECLI:NL:HR", "herkennen deze bron niet"),
        ("javascript:alert(1)", "herkennen deze bron niet"),
    ],
)
def test_what_is_no_source_outside_is_refused_at_its_row(work: Work, reference: str, sentence: str) -> None:
    ruling = make_ruling(work, make_case(work), adopted=False)

    with pytest.raises(Invalid) as refused:
        sources_of_draft(work, ruling, [{"relation": "steunt_op", "reference": reference}])

    assert sentence in refused.value.faults["bronnen.0.verwijzing"][0]
