"""What looks like a text in the API: known cases once and in words that their reader may read, and what ended lower."""

from typing import Any

import pytest

from app.db.case import CaseLaw
from app.domain.access import OFFICIALS, role_key
from app.services.index import index_case
from tests.api.stage import Stage
from tests.make import make_case
from tests.services.test_finding import publish

HANDLER, ONLOOKER = "triagist", "zwolle"
YOUTH = {"stelsel": "bwb", "id": "BWBR0034925", "artikel": "7"}
TITLE = "Mag de school adressen delen?"
FILE = "De zwartkijker geeft het burgerservicenummer door, volgens artikel 7 van de Jeugdwet."


def known_case(stage: Stage, *, law: bool = False) -> str:
    """The number of a case that everybody with an account knows of, and of which only a triagist reads the file."""
    with stage.work() as work:
        case = make_case(
            work,
            title=TITLE,
            key_question=TITLE,
            description=FILE,
            audience=[OFFICIALS, role_key(HANDLER)],
        )
        if law:
            row = CaseLaw(system="bwb", identifier=YOUTH["id"], article=YOUTH["artikel"])
            row.case_id = case.id
            work.session.add(row)
            work.session.flush()
        index_case(work, case)
        return case.number


def alike(stage: Stage, who: str | None, text: str, **asked: Any) -> list[dict[str, Any]]:
    answer = stage.post("/precedenten/gelijkende", who, {"tekst": text, **asked})
    assert answer.status_code == 200, answer.json
    found: list[dict[str, Any]] = answer.json["resultaten"]
    return found


def test_who_reads_no_file_is_not_told_which_words_and_articles_stand_in_it(stage: Stage) -> None:
    asked = "Adressen van de zwartkijker met bsn volgens artikel 7 van de Jeugdwet"
    known_case(stage)

    (handled,) = alike(stage, HANDLER, asked)
    (known,) = alike(stage, ONLOOKER, asked)

    assert "zwartkijker" in handled["waarom"][0]
    assert any(line.startswith("zelfde betekenis: ") for line in handled["waarom"])
    assert "artikel: artikel 7, Jeugdwet" in handled["waarom"]
    assert known["waarom"] == ["woorden: adressen"]


@pytest.mark.parametrize("law", [False, True])
def test_an_article_lifts_a_case_for_who_reads_no_file_only_where_its_page_shows_it(stage: Stage, *, law: bool) -> None:
    def score(who: str, **asked: Any) -> float:
        (case,) = alike(stage, who, "Adressen delen met de zwartkijker", **asked)
        return float(case["score"])

    known_case(stage, law=law)
    reasons = alike(stage, ONLOOKER, "Adressen delen met de zwartkijker", grondslagen=[YOUTH])[0]["waarom"]

    assert score(HANDLER, grondslagen=[YOUTH]) > score(HANDLER)
    assert (score(ONLOOKER, grondslagen=[YOUTH]) > score(ONLOOKER)) == law
    assert ("artikel: artikel 7, Jeugdwet" in reasons) == law


def test_a_case_that_names_the_article_comes_once(stage: Stage) -> None:
    number = known_case(stage)

    found = alike(stage, HANDLER, "Adressen volgens artikel 7 van de Jeugdwet")

    assert [hit["nummer"] for hit in found] == [number]


def test_a_precedent_that_ended_is_as_low_as_in_a_search(stage: Stage) -> None:
    with stage.work() as work:
        ended = publish(work, "Meeuwen op de kade", state="achterhaald", in_force_until=work.today).number
        standing = publish(work, "Meeuwen op de kade").number

    searched = stage.get("/precedenten?q=meeuwen+kade").json["resultaten"]
    found = alike(stage, None, "Meeuwen kade")

    assert [hit["nummer"] for hit in found] == [standing, ended]
    assert found[1]["score"] == pytest.approx(found[0]["score"] / 2, abs=0.001)
    assert [(hit["nummer"], hit["score"]) for hit in searched] == [(hit["nummer"], hit["score"]) for hit in found]
