"""When a precedent applies, who may cite it and how, and what is left of it afterwards."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.precedent import (
    OUTSIDE,
    QUESTIONS,
    Answer,
    Cited,
    Happening,
    Outcome,
    Relation,
    Reply,
    Standing,
    Step,
    Verdict,
    check_citation,
    closes_a_circle,
    follows_from,
    outcome,
    reasons_to_review,
    standing,
)

LISTS = Path(__file__).parents[2] / "workflows" / "lists"
ALL_YES = {question.slug: Answer(Reply.YES) for question in QUESTIONS}
PUBLISHED = Step(Happening.PUBLISHED)


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("toepassingsvraag", [question.slug for question in QUESTIONS]),
        ("toetsantwoord", list(Reply)),
        ("citatierelatie", [relation for relation in Relation if relation not in OUTSIDE]),
        ("bronrelatie", [relation for relation in Relation if relation in OUTSIDE]),
    ],
)
def test_the_rules_and_the_lists_have_the_same_words(name, slugs):
    values = tomllib.loads((LISTS / f"{name}.toml").read_text("utf-8"))["values"]

    assert list(values) == slugs


def test_the_test_asks_eight_questions():
    assert len(QUESTIONS) == 8


def test_a_precedent_applies_when_every_answer_is_yes():
    assert outcome(ALL_YES) == Outcome(Verdict.APPLICABLE)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.slug)
def test_one_no_is_enough_against_it(question):
    answers = ALL_YES | {question.slug: Answer(Reply.NO, "Het zijn jongeren.")}

    assert outcome(answers) == Outcome(Verdict.NOT_APPLICABLE, (f"{question.against} Het zijn jongeren.",))


@pytest.mark.parametrize("reply", [Reply.YES_PROVIDED, Reply.NO_BUT_IMMATERIAL])
def test_a_yes_provided_and_an_immaterial_no_apply_with_their_reason(reply):
    answers = ALL_YES | {"voorwaarden_haalbaar": Answer(reply, "De gemeente legt het vast.")}

    assert outcome(answers) == Outcome(Verdict.APPLICABLE, ("De gemeente legt het vast.",))


def test_what_is_not_answered_or_has_no_reason_is_refused_all_together():
    answers = {slug: answer for slug, answer in ALL_YES.items() if slug != "zelfde_doel"}

    with pytest.raises(Invalid) as refusal:
        outcome(answers | {"zelfde_betrokkenen": Answer(Reply.YES_PROVIDED, " ")})

    assert refusal.value.faults == {
        "zelfde_doel": ["Beantwoord deze vraag."],
        "zelfde_betrokkenen": ["Geef een reden bij dit antwoord."],
    }


@given(st.fixed_dictionaries({slug: st.builds(Answer, st.sampled_from(Reply), st.just("omdat")) for slug in ALL_YES}))
@settings(max_examples=50)
def test_the_verdict_depends_on_the_noes_alone(answers):
    noes = [answer for answer in answers.values() if answer.reply is Reply.NO]

    found = outcome(answers)

    assert (found.verdict is Verdict.NOT_APPLICABLE) == bool(noes)
    assert len(found.reasons) == len(noes) or not noes


ON = date(2026, 11, 21)
STANDING = Cited(adopted_on=date(2026, 1, 15))
ENDED = Cited(adopted_on=date(2026, 1, 15), stands=False)


@pytest.mark.parametrize("relation", [Relation.FOLLOWS, Relation.APPLIES, Relation.MENTIONS])
def test_what_stands_may_be_followed_applied_and_mentioned(relation):
    check_citation(relation, STANDING, on=ON)


@pytest.mark.parametrize("relation", [Relation.FOLLOWS, Relation.APPLIES])
def test_what_has_ended_may_not_be_followed_or_applied(relation):
    with pytest.raises(Invalid, match="geldt niet meer"):
        check_citation(relation, ENDED, on=ON)


@pytest.mark.parametrize(
    ("relation", "reason", "part"),
    [(Relation.MENTIONS, "", ""), (Relation.DISTINGUISHES, "Andere groep.", ""), (Relation.REPLACES, "", "geheel")],
)
def test_what_has_ended_may_still_be_mentioned_distinguished_and_replaced(relation, reason, part):
    check_citation(relation, ENDED, on=ON, reason=reason, part=part)


def test_a_ruling_cites_only_what_was_adopted_before_it():
    check_citation(Relation.FOLLOWS, STANDING, on=STANDING.adopted_on)

    with pytest.raises(Invalid) as refusal:
        check_citation(Relation.FOLLOWS, STANDING, on=date(2026, 1, 14))

    assert list(refusal.value.faults) == ["nummer"]


@pytest.mark.parametrize(
    ("relation", "field"),
    [(Relation.DISTINGUISHES, "reden"), (Relation.REFINES, "reden"), (Relation.REPLACES, "deel")],
)
def test_a_citation_that_changes_something_says_what(relation, field):
    with pytest.raises(Invalid) as refusal:
        check_citation(relation, STANDING, on=ON, reason=" ", part=" ")

    assert list(refusal.value.faults) == [field]


@pytest.mark.parametrize("relation", [Relation.RELIES_ON, Relation.LIMITED_BY, Relation.REPLIES_TO])
def test_a_relation_to_something_outside_does_not_point_to_a_ruling(relation):
    with pytest.raises(Invalid) as refusal:
        check_citation(relation, STANDING, on=ON)

    assert list(refusal.value.faults) == ["relatie"]


def test_a_ruling_may_not_cite_itself_or_what_cites_it():
    citations = [("CCG:2026:3", "CCG:2026:2"), ("CCG:2026:2", "CCG:2026:1")]

    assert closes_a_circle(citations, "CCG:2026:4", "CCG:2026:4")
    assert closes_a_circle(citations, "CCG:2026:1", "CCG:2026:3")
    assert not closes_a_circle(citations, "CCG:2026:3", "CCG:2026:1")


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=20))
@settings(max_examples=100)
def test_citations_that_close_no_circle_can_always_be_put_in_order(pairs):
    accepted: list[tuple[str, str]] = []
    for citing, cited in pairs:
        if not closes_a_circle(accepted, str(citing), str(cited)):
            accepted.append((str(citing), str(cited)))

    left = list(accepted)
    while left:
        loose = [pair for pair in left if pair[1] not in {citing for citing, _ in left}]
        assert loose, "each of the citations left leads to another one of them: a circle"
        left = [pair for pair in left if pair not in loose]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], Standing.PENDING),
        ([PUBLISHED], Standing.IN_FORCE),
        ([PUBLISHED, Step(Happening.NUANCED, "a")], Standing.QUALIFIED),
        ([PUBLISHED, Step(Happening.NUANCED, "a"), Step(Happening.NUANCE_LIFTED, "a")], Standing.IN_FORCE),
        (
            [PUBLISHED, Step(Happening.NUANCED, "a"), Step(Happening.NUANCED, "b"), Step(Happening.NUANCE_LIFTED, "a")],
            Standing.QUALIFIED,
        ),
        ([PUBLISHED, Step(Happening.OVERTAKEN, "a")], Standing.SUPERSEDED),
        ([PUBLISHED, Step(Happening.WITHDRAWN)], Standing.WITHDRAWN),
        ([Step(Happening.OVERTAKEN, "a")], Standing.PENDING),
        ([Step(Happening.OVERTAKEN, "a"), PUBLISHED], Standing.SUPERSEDED),
        ([PUBLISHED, Step(Happening.NUANCED, "a"), Step(Happening.WITHDRAWN)], Standing.WITHDRAWN),
    ],
)
def test_the_standing_of_a_precedent_follows_from_what_happened_to_it(steps, expected):
    assert standing(steps) is expected


@given(st.lists(st.builds(Step, st.sampled_from(Happening), st.sampled_from("ab")), max_size=6))
@settings(max_examples=100)
def test_a_precedent_that_ended_is_never_revived(more):
    assert standing([PUBLISHED, Step(Happening.OVERTAKEN, "a"), *more]) is Standing.SUPERSEDED
    assert standing([PUBLISHED, Step(Happening.WITHDRAWN), *more]) is Standing.WITHDRAWN


@pytest.mark.parametrize(
    ("relation", "part", "general", "expected"),
    [
        (Relation.REPLACES, "geheel", False, Happening.OVERTAKEN),
        (Relation.REPLACES, "onderdeel 3 van de kernregel", False, Happening.NUANCED),
        (Relation.REFINES, "", False, Happening.NUANCED),
        (Relation.DISTINGUISHES, "", True, Happening.NUANCED),
        (Relation.DISTINGUISHES, "", False, None),
        (Relation.FOLLOWS, "", False, None),
        (Relation.MENTIONS, "", False, None),
    ],
)
def test_what_a_citation_does_to_what_it_cites(relation, part, general, expected):
    assert follows_from(relation, part=part, general=general) is expected


def test_nothing_asks_for_a_review_before_its_date():
    assert reasons_to_review(ON, review_on=date(2026, 11, 22), law_changed=False, distinguished_on=[]) == ()
    assert reasons_to_review(ON, review_on=None, law_changed=False, distinguished_on=[ON, ON]) == ()


def test_a_precedent_is_reviewed_on_its_date_when_the_law_changes_and_when_it_is_often_distinguished():
    distinguished = [date(2025, 11, 20), date(2025, 11, 21), date(2026, 3, 1), date(2026, 11, 1)]

    assert reasons_to_review(ON, review_on=ON, law_changed=True, distinguished_on=distinguished) == (
        "De datum voor herbeoordeling is bereikt.",
        "Een aangehaald artikel heeft een nieuwere versie.",
        "3 zaken in 12 maanden zijn van deze uitspraak onderscheiden.",
    )
