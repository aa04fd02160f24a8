"""Expressions that mean the same: of the product and of analysts, for as long as they stand."""

import pytest
from sqlalchemy import Engine

from app.adapters.search.analysis import stems
from app.db.subscription import Subscription
from app.domain.errors import Invalid, NotPermitted, NotVisible
from app.services.asked import search_of
from app.services.external import keep_decisions
from app.services.finding import found
from app.services.subscription import SEARCH
from app.services.synonym import (
    add_synonym,
    end_synonym,
    own_groups,
    product_groups,
    synonyms,
    synonyms_with,
    synonyms_without,
)
from app.services.synonym_effect import effect_of
from app.services.work import Work
from tests.make import acting, make_account
from tests.queries import counted


@pytest.fixture
def analyst(work: Work) -> Work:
    return acting(work, make_account(work.session, "analist"))


def meant(work: Work, expression: str) -> set[str]:
    return set(synonyms(work).get(tuple(stems(expression)), ()))


def test_an_abbreviation_means_what_it_stands_for_and_the_other_way_round(work: Work) -> None:
    assert meant(work, "AVG") >= {"GDPR", "Algemene verordening gegevensbescherming"}
    assert "AVG" in meant(work, "algemene verordening gegevensbescherming")
    assert "delen van gegevens" in meant(work, "gegevensdeling")
    assert meant(work, "fiets") == set()


def test_what_is_added_counts_until_it_is_ended_and_stays_to_be_seen(analyst: Work) -> None:
    group = add_synonym(analyst, expressions=["  veerpont ", "pendelboot", ""])

    assert meant(analyst, "veerponten") == {"pendelboot"}
    end_synonym(analyst, group.id)
    assert meant(analyst, "veerponten") == set()
    assert [(row.expressions, row.ended_at is None) for row in own_groups(analyst)] == [
        (["veerpont", "pendelboot"], False)
    ]
    with pytest.raises(NotVisible):
        end_synonym(analyst, group.id)


def test_what_is_added_joins_what_the_product_knows(analyst: Work) -> None:
    add_synonym(analyst, expressions=["bsn", "persoonsnummer"])

    assert meant(analyst, "bsn") >= {"burgerservicenummer", "persoonsnummer"}
    assert meant(analyst, "persoonsnummer") == {"bsn"}


def test_a_change_can_be_looked_at_before_it_is_made(analyst: Work) -> None:
    group = add_synonym(analyst, expressions=["veerpont", "pendelboot"])
    key = tuple(stems("veerpont"))

    assert synonyms_with(analyst, ["veerpont", "overzetboot"])[key] == ("overzetboot", "pendelboot")
    assert key not in synonyms_without(analyst, group.id)
    assert effect_of(analyst, synonyms_without(analyst, group.id)).changed == []


def test_what_a_change_shows_is_what_the_search_finds_when_an_article_was_asked_as_well(analyst: Work) -> None:
    told = ("Op grond van artikel 18g Zvw vaart de veerpont.", "De veerpont vaart.")
    keep_decisions(analyst, [{"source": "AP", "source_id": text[:4], "text": text} for text in told])
    analyst.session.add(
        Subscription(
            account_id=analyst.actor.account_id,
            kind=SEARCH,
            key="zoekvraag:pendelboot",
            query={"q": "pendelboot art. 18g Zvw"},
            label="Zoeken: pendelboot",
            created_at=analyst.now,
            seen_at=analyst.now,
        )
    )
    analyst.session.flush()

    shown = effect_of(analyst, synonyms_with(analyst, ["veerpont", "pendelboot"]))

    add_synonym(analyst, expressions=["veerpont", "pendelboot"])
    assert [row.number for row in found(analyst, search_of({"q": "pendelboot art. 18g Zvw"})).rows] == ["EXT:AP:Op g"]
    # It stood there before, by its article; what has the words alone does not come beside it.
    assert shown.changed == []


def test_a_search_asks_once_for_what_was_added(analyst: Work, engine: Engine) -> None:
    with counted(engine) as queries:
        synonyms(analyst)

    assert len(queries) == 1


def test_only_an_analyst_extends_the_list(work: Work) -> None:
    handler = acting(work, make_account(work.session, "behandelaar"))

    with pytest.raises(NotPermitted):
        add_synonym(handler, expressions=["veerpont", "pendelboot"])
    with pytest.raises(NotPermitted):
        end_synonym(handler, 1)


@pytest.mark.parametrize(
    "expressions",
    [
        [],
        ["veerpont"],
        ["veerpont", "Veerpont"],
        ["veerpont", "veerponten"],
        ["veerpont", "de van het"],
        ["veerpont", "x" * 61],
        ["veerpont", "een twee drie vier vijf zes zeven acht negen tien"],
        ["AVG", "GDPR"],
        [f"woord{number}" for number in range(11)],
    ],
)
def test_what_can_be_no_group_is_refused(analyst: Work, expressions: list[str]) -> None:
    with pytest.raises(Invalid):
        add_synonym(analyst, expressions=expressions)


def test_what_the_product_brings_could_have_been_added() -> None:
    short = [group for group in product_groups() if all(len(one) <= 60 for one in group)]

    assert [group for group in short if len({tuple(stems(one)) for one in group}) < 2] == []
    assert [group for group in product_groups() if not all(stems(one) for one in group)] == []
