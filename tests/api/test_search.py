"""Searching in the API: the shape of a hit, the facets, and an answer to whatever is asked."""

from typing import Any

import pytest

from app.domain.access import role_key
from app.services.external import keep_decisions
from app.services.index import index_case
from tests.api.stage import Stage
from tests.make import make_case
from tests.queries import counted
from tests.services.test_finding import publish
from tests.web.test_search import STRANGE

DECISIONS = (
    ("w0", "De sluiswachter laat de schepen door volgens artikel 3 van de Wet gemeentelijke schuldhulpverlening."),
    ("w1", "De brugwachter en de sluiswachter werken samen."),
    ("w2", "Gegevensuitwisseling tussen de haven en de stad."),
)


@pytest.fixture
def searched(stage: Stage) -> Stage:
    """A stage with a ruling and some decisions of another body."""
    with stage.work() as work:
        publish(work, "Leerlingen op een schip")
        keep_decisions(work, [{"source": "AP", "source_id": name, "text": text} for name, text in DECISIONS])
    return stage


def search(stage: Stage, who: str | None = None, **asked: Any) -> dict[str, Any]:
    answer = stage.app.test_client().get(
        "/api/v1/precedenten",
        query_string=asked,
        headers={"Authorization": f"Bearer token-{who}"} if who else {},
    )
    stage.checked(answer)
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.json  # type: ignore[assignment]
    return found


def numbers(found: dict[str, Any]) -> list[str]:
    return [hit["nummer"] for hit in found["resultaten"]]


def test_a_hit_says_what_it_is_and_why(searched: Stage) -> None:
    found = search(searched, q="sluiswachter art 3 Wgs")

    hit = found["resultaten"][0]
    assert {"nummer", "soort", "titel", "status", "score", "fragment", "waarom"} <= hit.keys()
    assert (hit["nummer"], hit["soort"], hit["status"]) == ("EXT:AP:w0", "extern", None)
    assert "<em>sluiswachter</em>" in hit["fragment"]
    assert hit["waarom"] == [
        "woorden: sluiswachter",
        "artikel: artikel 3, Wet gemeentelijke schuldhulpverlening (Wgs)",
    ]
    assert (found["alleWoorden"], found["nietsMet"], found["bedoelde"]) == (True, [], [])


def test_a_part_of_a_word_is_a_reason(searched: Stage) -> None:
    (hit,) = search(searched, q="gegevenspakhuis")["resultaten"]

    assert hit["nummer"] == "EXT:AP:w2"
    assert hit["waarom"] == ["woorddeel: gegevensuitwisseling"]
    assert "<em>Gegevensuitwisseling</em>" in hit["fragment"]


def test_what_is_missing_is_told(searched: Stage) -> None:
    found = search(searched, q="sluiswachter zeppelin")

    assert (found["alleWoorden"], found["nietsMet"]) == (False, ["zeppelin"])
    assert set(numbers(found)) == {"EXT:AP:w0", "EXT:AP:w1"}


def test_every_facet_of_the_contract_counts_what_choosing_it_gives(searched: Stage) -> None:
    for asked in ({"q": "sluiswachter schip"}, {}, {"q": "haven", "van": "anderen"}):
        facets = search(searched, **asked)["facetten"]
        assert {"type", "wet", "status", "conclusie", "jaar", "bron"} <= facets.keys()
        for name, values in facets.items():
            for value in values:
                if name not in asked:
                    total = search(searched, **asked, **{name: value["waarde"]})["totaal"]
                    assert total == value["aantal"], (asked, name, value)


def test_syntax_is_that_of_the_page(searched: Stage) -> None:
    assert numbers(search(searched, q='"sluiswachter werken"')) == ["EXT:AP:w1"]
    assert numbers(search(searched, q="sluiswachter -schepen")) == ["EXT:AP:w1"]
    assert numbers(search(searched, q="titel:leerlingen")) == ["CCG:2026:1"]
    assert search(searched, q="sluiswachter bron:iemand")["totaal"] == 0


def test_the_order_is_checked_and_the_amount_too(searched: Stage) -> None:
    assert len(numbers(search(searched, q="sluiswachter", aantal=1))) == 1
    assert search(searched, q="sluiswachter", aantal=1)["totaal"] == 2
    assert search(searched, q="sluiswachter", sorteer="datum")["totaal"] == 2
    assert searched.get("/precedenten?q=sluiswachter&aantal=101").status_code == 400
    assert searched.get("/precedenten?status=verzonnen").status_code == 400


@pytest.mark.parametrize("name", STRANGE)
def test_whatever_is_asked_there_is_an_answer(searched: Stage, name: str) -> None:
    with counted(searched.engine) as sent:
        search(searched, q=STRANGE[name])
        alike = searched.post("/precedenten/gelijkende", None, {"tekst": STRANGE[name]})

    assert alike.status_code in (200, 400)
    assert alike.status_code == 200 or alike.json["errors"][0]["melding"]
    assert len(sent) < 80


def test_known_cases_are_among_what_looks_alike_for_who_may_see_them(searched: Stage) -> None:
    with searched.work() as work:
        case = make_case(work, title="De sluiswachter en de brug", audience=[role_key("triagist")])
        index_case(work, case)
        number = case.number
    asked = {"tekst": "Mag de sluiswachter dat?"}

    seen = searched.post("/precedenten/gelijkende", "triagist", asked).json["resultaten"]
    anonymous = searched.post("/precedenten/gelijkende", None, asked).json["resultaten"]

    assert [(hit["nummer"], hit["soort"]) for hit in seen if hit["soort"] == "knelpunt"] == [(number, "knelpunt")]
    assert [hit for hit in seen if hit["soort"] != "knelpunt"] == anonymous
    assert number not in numbers(search(searched, "triagist", q="sluiswachter"))
