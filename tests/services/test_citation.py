"""What a text names in the law finds it: however it is spelled, and for who may see it alone."""

from collections.abc import Sequence
from dataclasses import asdict

import pytest
from sqlalchemy import select

from app.adapters.search.ranking import rank
from app.db.case import CaseLaw
from app.db.external import ExternalDecision
from app.db.search import LawMention, SearchText
from app.domain.access import PUBLIC
from app.domain.citation import Place
from app.domain.law import LawReference
from app.services.asked import search_of
from app.services.citation import (
    EXACT,
    MOST_OF_A_TEXT,
    SAME_ARTICLE,
    SAME_LAW,
    Indexed,
    counts_by_article,
    counts_by_law,
    keep_mentions_of_many,
    references_of,
    references_of_case,
    references_of_record,
    texts_about,
)
from app.services.external import keep_decisions
from app.services.finding import found
from app.services.index import index_case
from app.services.question import understood
from app.services.work import Work
from tests.citations import AMOUNT, SPELLINGS, places, spelled, told
from tests.make import acting, make_case
from tests.queries import counted

AVG = LawReference("celex", "32016R0679", "6", "1", "e")
JEUGDWET = LawReference("bwb", "BWBR0034925", "7.3.11")


def keep(work: Work, texts: Sequence[str], **fields: object) -> list[str]:
    """Decisions of another body with these texts; their numbers."""
    rows = [{"source": "AP", "source_id": f"c{place}", "text": text, **fields} for place, text in enumerate(texts)]
    keep_decisions(work, rows)
    return [f"EXT:AP:c{place}" for place in range(len(texts))]


of_decisions = select(SearchText.id, ExternalDecision.number).join(
    ExternalDecision, ExternalDecision.id == SearchText.external_id
)


def best(work: Work, question: str) -> str | None:
    rows = found(work, search_of({"q": question}), amount=1).rows
    return rows[0].number if rows else None


def test_four_hundred_citations_in_five_spellings_are_right_at_rank_one(work: Work) -> None:
    asked = places()
    numbers = keep(work, [told(place, way) for way, place in enumerate(asked)])
    texts = dict(work.session.execute(of_decisions).all())

    wrong = []
    for at, (place, number) in enumerate(zip(asked, numbers, strict=True)):
        for way in range(len(SPELLINGS)):
            meant = understood(work, spelled(place, at + way))
            ranking = rank(work.session, meant.question, public=True, limit=1, bonus=meant.bonus)
            if [texts[one] for one in ranking.ids[:1]] != [number]:
                wrong.append(spelled(place, at + way))

    assert len(wrong) <= 0.01 * AMOUNT * len(SPELLINGS), wrong[:20]
    # The page orders what was ranked, and says more about it.
    assert [best(work, spelled(place, 1)) for place in asked[::20]] == numbers[::20]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("De school wijst op artikel 8 van de Voorbeeldwet.", "art 8 voorbeeldwet"),
        ("De school wijst op art. 8 van de Wet werk en bijstand, en op meer.", "artikel 8 Wet werk en bijstand"),
        ("De rechter zegt in ECLI:NL:RBDHA:2020:865 iets anders.", "ecli:nl:rbdha:2020:865"),
        ("Zie https://wetten.overheid.nl/BWBR0034925/2026-01-01/0#Artikel7.3.11.", "artikel 7.3.11 jeugdwet"),
        ("Zie https://wetten.overheid.nl/BWBR0034925/2026-01-01, artikel 7.3.11.", "artikel 7.3.11 jeugdwet"),
        ("De school wijst op artikel 162, lid 2, van Boek 6 van het Burgerlijk Wetboek.", "6.162.2 bw"),
    ],
)
def test_what_has_no_number_here_is_found_as_well(work: Work, text: str, question: str) -> None:
    others = ["Artikel 8 van de Voorbeelden is artikel 8.", "Artikel 9 van de Voorbeeldwet.", "Artikel 8 EVRM."]
    numbers = keep(work, [*others, text, "De Jeugdwet, artikel 7.3.12; de Wet werk en bijstand, artikel 9."])

    assert best(work, question) == numbers[3]


def test_the_nearest_place_comes_first(work: Work) -> None:
    keep(
        work,
        [
            "Over de AVG.",
            "Over artikel 6, tweede lid, AVG.",
            "Over artikel 6 AVG.",
            "Over artikel 6, eerste lid, onder e, AVG.",
            "Over artikel 6, eerste lid, AVG.",
            "Over de Awb.",
        ],
    )

    about = texts_about(work.session, [AVG], worth=100)
    ids = dict(work.session.execute(select(SearchText.id, SearchText.excerpt)).all())

    assert [ids[text_id] for text_id in sorted(about, key=lambda text_id: -about[text_id])] == [
        "Over artikel 6, eerste lid, onder e, AVG.",
        "Over artikel 6, eerste lid, AVG.",
        "Over artikel 6 AVG.",
        "Over artikel 6, tweede lid, AVG.",
        "Over de AVG.",
    ]
    assert max(about.values()) == 100 * EXACT
    assert 100 * SAME_ARTICLE in about.values()
    assert min(about.values()) == 100 * SAME_LAW


def test_a_case_that_may_not_be_seen_brings_nothing_to_anybody(work: Work) -> None:
    case = make_case(work, title="Jeugdhulp", description="Volgens artikel 7.3.11 Jeugdwet mag het niet.")
    index_case(work, case)
    assert texts_about(work.session, [JEUGDWET], public=False)
    assert not texts_about(work.session, [JEUGDWET])

    reader = acting(work, PUBLIC)

    assert not texts_about(reader.session, [JEUGDWET])
    assert not texts_about(reader.session, [JEUGDWET], public=False)
    assert [row for row in counts_by_law(reader) if row.reference.identifier == JEUGDWET.identifier] == []


def test_what_a_text_names_replaces_what_it_named_before_and_is_bounded(work: Work) -> None:
    keep(work, ["Over niets."])
    text_id = work.session.scalars(select(SearchText.id)).one()
    many = [LawReference("bwb", "BWBR0034925", str(number)) for number in range(1, 400)]

    keep_mentions_of_many(work.session, [Indexed(text_id, True, [JEUGDWET, JEUGDWET])])
    assert [row.article for row in rows(work)] == ["7.3.11"]
    keep_mentions_of_many(work.session, [Indexed(text_id, True, many)])

    assert len(rows(work)) == MOST_OF_A_TEXT


def rows(work: Work) -> Sequence[LawMention]:
    return work.session.scalars(select(LawMention).order_by(LawMention.id)).all()


def test_an_import_costs_as_many_queries_for_few_places_as_for_many(work: Work) -> None:
    keep(work, ["Over niets.", "Over iets."])
    ids = work.session.scalars(select(SearchText.id)).all()

    with counted(work.session.get_bind()) as one:
        keep_mentions_of_many(work.session, [Indexed(ids[0], True, [AVG])])
    with counted(work.session.get_bind()) as more:
        keep_mentions_of_many(work.session, [Indexed(text_id, True, [AVG, JEUGDWET]) for text_id in ids])

    assert len(one) == len(more) == 2


def test_what_was_given_counts_beside_what_the_words_name(work: Work) -> None:
    case = make_case(work, key_question="Mag dit van art. 6 AVG?", description="")
    law = CaseLaw(system="bwb", identifier="BWBR0034925", article="7.3.11")
    law.case_id = case.id
    work.session.add(law)
    work.session.flush()
    record = {
        "titel": "Delen",
        "beschouwing": "Volgens artikel 8 EVRM.",
        "grondslagen": [{"jci": "jci1.3:c:BWBR0034925&artikel=7.3.11", "url": None, "label": ""}],
    }

    assert references_of_case(work, case) == [JEUGDWET, LawReference("celex", "32016R0679", "6")]
    assert references_of_record(record) == [JEUGDWET, LawReference("bwb", "BWBV0001000", "8")]
    assert references_of("niets") == []


def test_laws_and_articles_are_counted_by_public_texts(work: Work) -> None:
    keep(work, ["Artikel 6 AVG en nog eens artikel 6, eerste lid, AVG.", "De AVG.", "Artikel 6 AVG, artikel 8 EVRM."])

    laws = [(row.reference.identifier, row.precedents, row.decisions) for row in counts_by_law(work)]
    articles = [(row.reference.identifier, row.reference.article, row.decisions) for row in counts_by_article(work)]

    assert laws == [("32016R0679", 0, 3), ("BWBV0001000", 0, 1)]
    assert articles == [("32016R0679", "6", 2), ("BWBV0001000", "8", 1)]


def test_the_laws_that_a_decision_was_brought_in_with_find_it(work: Work) -> None:
    (number,) = keep(work, ["Over jeugdhulp."], laws=[asdict(JEUGDWET)])

    assert best(work, "jci1.3:c:BWBR0034925&artikel=7.3.11") == number
    assert Place("bwb", "BWBR0034925", "7.3.11", None, None) in {
        Place(row.system, row.identifier, row.article, row.paragraph, row.part) for row in rows(work)
    }
