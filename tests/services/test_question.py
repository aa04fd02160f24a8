"""What a search reads, counts and ranks: words that stand together, what is excluded, and how much one search costs."""

import pytest

from app.domain.access import PUBLIC, role_key
from app.domain.errors import Invalid
from app.services import question
from app.services.asked import Search, search_of
from app.services.external import keep_decisions
from app.services.finding import Finding, facets, found, known_cases, ways_out
from app.services.index import index_case
from app.services.work import Work
from tests.make import acting, make_account, make_case, make_precedent
from tests.queries import counted
from tests.services.test_finding import publish


def keep(work: Work, text: str, amount: int, *, source: str = "AP") -> None:
    """Decisions of another body that all say this."""
    keep_decisions(
        work, [{"source": source, "source_id": f"{hash(text)}-{one}", "text": text} for one in range(amount)]
    )
    work.session.flush()


def look(work: Work, **asked: str) -> Finding:
    return found(acting(work, PUBLIC), search_of(asked))


def test_words_that_stand_together_are_found_however_many_texts_have_them(work: Work) -> None:
    keep(work, "De gele kanarie zingt.", 310)
    keep(work, "Een gele kanarie, en nog veel meer woorden over dieren in kooien.", 1, source="CBP")

    asked = look(work, q='"gele kanarie"')

    assert (asked.total, asked.notes) == (311, [])
    assert look(work, q='"gele kanarie"', bron="CBP").total == 1
    assert look(work, q='kanarie -"gele kanarie"').total == 0


def test_a_question_that_names_an_article_finds_who_names_it_before_who_only_has_its_words(work: Work) -> None:
    keep(work, "Op grond van de polis is er geen vergoeding.", 3)
    keep(work, "Het college steunt op artikel 18g van de Zorgverzekeringswet.", 1, source="CBP")

    asked = look(work, q="Mag dit op grond van art. 18g Zvw?")

    assert asked.rows[0].source == "CBP"
    assert (asked.every, asked.total) == (False, 4)


def test_who_names_the_article_and_has_all_the_words_has_all_that_was_asked(work: Work) -> None:
    keep(work, "Op grond van de polis is er geen vergoeding.", 3)
    keep(work, "De grond is artikel 18g van de Zorgverzekeringswet.", 1, source="CBP")

    asked = look(work, q="Mag dit op grond van art. 18g Zvw?")

    assert (asked.every, [row.source for row in asked.rows]) == (True, ["CBP"])


def test_of_too_many_texts_those_within_the_filters_are_read_first_and_it_is_said(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question, "MOST_READ", 4)
    keep(work, "Een gele kanarie, en veel meer woorden.", 2, source="CBP")
    keep(work, "De kanarie is niet gele.", 1)
    keep(work, "De gele kanarie zingt.", 5)

    asked = look(work, q='"gele kanarie"')

    assert (asked.total, asked.notes) == (4, [question.READ_IN_PART])
    assert look(work, q='"gele kanarie"', bron="CBP").total == 2
    # What was not read may have the words, so it is not shown as if it had not.
    assert look(work, q='kanarie -"gele kanarie"').total == 0
    assert look(work, q='kanarie -"gele kanarie"').notes


def test_an_excluded_word_is_nowhere_in_what_is_found(work: Work) -> None:
    keep(work, "De kanarie zingt.", 1_010)
    keep(work, "De merel zingt.", 2)
    rulings = {title: publish(work, title).number for title in ("De kanarie", "De merel")}

    assert look(work, q="-kanarie bron:AP").total == 2
    assert [row.number for row in look(work, q="-kanarie").rows] == [rulings["De merel"]]


def test_a_chosen_value_is_never_counted_as_nothing_beside_what_it_gives(work: Work) -> None:
    keep(work, "De gele kanarie zingt.", 3)
    keep(work, "Een kanarie.", 1, source="CBP")
    search = search_of({"q": "gele kanarie", "bron": "CBP"})

    asked = found(work, search)

    amounts = {one.value: one.amount for one in facets(work, search, asked)["bron"]}
    assert (asked.total, amounts["CBP"]) == (1, 1)


def test_what_is_not_public_is_no_place_in_a_list(work: Work) -> None:
    public, half = publish(work, "Leerlingen"), make_precedent(work, make_case(work), public=False)
    reader = acting(work, PUBLIC)

    for number in (half.number, "CCG:2026:999", "EXT:AP:niets"):
        for asked in ({}, {"q": "leerlingen"}):
            with pytest.raises(Invalid):
                found(reader, search_of(asked), after=number)
    assert found(reader, search_of({}), after=public.number).rows == []


def test_known_cases_stand_beside_words_alone(work: Work) -> None:
    case = make_case(work, title="De gele kanarie", audience=[role_key("triagist")])
    index_case(work, case)
    work.session.flush()
    inside = acting(work, make_account(work.session, "triagist"))

    def cases(**asked: str) -> list[str]:
        search = search_of(asked)
        return [one.case.number for one in known_cases(inside, search, found(inside, search))]

    assert cases(q="kanarie") == [case.number]
    for asked in ("kanarie -merel", '"kanarie gele"', "kanarie jaar:1999", "titel:kanarie"):
        assert cases(q=asked) == [], asked
    assert cases(q="kanarie", jaar="1999") == []


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"jaar": "abc"}, {"jaar"}),
        ({"jaar": "12345", "van": "zomaar", "sorteer": "anders"}, {"jaar", "van", "sorteer"}),
        ({"partij": "x" * 201}, {"partij"}),
        ({"partij": [str(one) for one in range(11)]}, {"partij"}),
        ({"partij": [str(one) for one in range(6)], "wet": [str(one) for one in range(5)]}, {"partij"}),
    ],
)
def test_what_cannot_be_asked_is_refused_and_never_dropped(asked: dict[str, str | list[str]], names: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        search_of(asked)

    assert refused.value.faults.keys() == names


def test_the_dearest_search_costs_a_small_number_of_rankings(work: Work) -> None:
    keep(work, "De gele kanarie zingt.", 3)
    asked = {"q": "gele kanarie", "partij": ["een", "twee"], "jaar": ["1998", "1999"]}
    names = ("type", "conclusie", "kan", "mag", "wenselijk", "status")
    search: Search = search_of({**asked, **dict.fromkeys(names, "niets")})

    with counted(work.session.get_bind()) as sent:
        finding = found(work, search)
        facets(work, search, finding)
        ways = ways_out(work, search, finding)

    rankings = [statement for statement in sent if "search_block" in statement and "UNION" in statement]
    assert finding.total == 0
    assert len(rankings) <= 1 + 8 + 6
    assert [way.label for way in ways] == ["alle filters"]


def test_what_is_found_by_the_law_alone_says_which_law(work: Work) -> None:
    for text in ("De AVG staat dit toe.", "Artikel 5 van de AVG.", "Artikel 6, eerste lid, onder e, van de AVG."):
        keep(work, text, 1)

    rows = look(work, q="art. 6 lid 1 onder e AVG").rows

    law = "Algemene verordening gegevensbescherming (AVG)"
    assert [list(row.why.articles) for row in rows] == [[f"artikel 6, {law}"], [law], [law]]


def test_a_body_is_found_by_what_people_call_it(work: Work) -> None:
    keep(work, "De kanarie zingt.", 2, source="Raad van State")
    keep(work, "De kanarie zwijgt.", 1, source="Autoriteit Persoonsgegevens")

    assert look(work, q="kanarie bron:RvS").total == 2
    assert look(work, q='kanarie bron:"raad van state"').total == 2
    assert look(work, q="kanarie bron:AP").total == 1


def test_a_field_without_such_a_value_says_which_there_are(work: Work) -> None:
    (told,) = look(work, q="sector:zorg").notes

    assert told.startswith("Bij sector kennen wij “zorg” niet. U kunt kiezen uit: gemeente, provincie, ")


def test_what_may_not_be_in_it_can_be_said_in_several_ways(work: Work) -> None:
    keep(work, "De kanarie zingt.", 2)
    keep(work, "De kanarie zwijgt.", 1)

    for written in (
        "kanarie -zwijgt",
        "kanarie NIET zwijgt",
        "kanarie NOT zwijgt",
        "kanarie –zwijgt",
        "kanarie !zwijgt",
    ):
        assert look(work, q=written).total == 2
    # Written small it is a word like any other.
    assert look(work, q="kanarie niet zwijgt").total == 1
