"""What a later ruling, a law or an objection does to a precedent, and who is told."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.db.case import Application, Case
from app.db.notice import Notice
from app.db.precedent import Precedent
from app.db.process import Event
from app.db.publication import PublicRecord
from app.db.ruling import Citation
from app.domain.access import PUBLIC, role_key
from app.domain.errors import Invalid, NotPermitted
from app.domain.precedent import QUESTIONS
from app.services.clock import act_on_term
from app.services.facts import running_application
from app.services.law_change import cited_laws, law_changes, note_law_change
from app.services.lifecycle import show_to
from app.services.precedent import later_rulings
from app.services.reliance import proposed_for, warnings
from tests.make import acting, make_account, make_case, make_organisation, make_report
from tests.services.precedents import LAW, Shelf, cite


@pytest.fixture
def shelf(work: Any) -> Shelf:
    return Shelf(work)


def journal(shelf: Shelf, precedent: Precedent) -> list[str]:
    query = select(Event.action).where(Event.process_id == precedent.id).order_by(Event.sequence)
    return list(shelf.work.session.scalars(query))


@pytest.mark.parametrize(
    ("relation", "more", "state"),
    [
        ("herziet", {"part": "geheel"}, "achterhaald"),
        ("herziet", {"part": "onderdeel 2"}, "genuanceerd"),
        ("verfijnt", {}, "genuanceerd"),
        ("onderscheidt", {"general": True}, "genuanceerd"),
        ("onderscheidt", {}, "geldend"),
        ("volgt", {}, "geldend"),
        ("noemt", {}, "geldend"),
    ],
)
def test_a_later_ruling_treats_what_it_cites_on_its_adoption(
    shelf: Shelf, relation: str, more: dict[str, Any], state: str
) -> None:
    old = shelf.ruling()

    shelf.adopt(cite(old, relation, **more))

    assert old.state == state


def test_only_the_second_person_makes_it_so(shelf: Shelf) -> None:
    old = shelf.ruling()
    ruling = shelf.draft(cite(old, "verfijnt"))
    case = shelf.work.session.get_one(Case, ruling.case_id)

    shelf.does(shelf.chair, case, "vaststellen")

    assert old.state == "geldend"


def test_a_nuance_keeps_its_words_and_a_replacement_its_number(shelf: Shelf) -> None:
    nuanced, replaced = shelf.ruling(), shelf.ruling()

    new = shelf.adopt(cite(nuanced, "verfijnt", "Niet bij nacht."), cite(replaced, "herziet", part="geheel"))

    assert [(one.text, one.ruling_number) for one in nuanced.nuances] == [("Niet bij nacht.", new.number)]
    assert (replaced.replaced_by, replaced.in_force_until) == (new.number, shelf.work.today)
    assert journal(shelf, replaced)[-1] == "vervangen_worden"


def test_what_was_replaced_before_its_publication_ends_on_that_day(shelf: Shelf) -> None:
    old = shelf.adopt()
    new = shelf.adopt(cite(old, "herziet", part="geheel"))
    assert (old.state, new.state) == ("aanstaand", "aanstaand")

    shelf.a_day_later()
    shelf.publish(old)

    assert journal(shelf, old)[-2:] == ["geldend_worden", "vervangen_worden"]
    assert old.state == "achterhaald"


def test_what_was_refined_before_its_publication_is_refined_from_that_day(shelf: Shelf) -> None:
    old = shelf.adopt()
    shelf.adopt(cite(old, "verfijnt", "Niet bij nacht."))

    shelf.publish(old)

    assert old.state == "genuanceerd"


def test_what_ended_stays_as_it_ended(shelf: Shelf) -> None:
    old = shelf.ruling()
    shelf.withdraw(old)

    shelf.adopt(cite(old, "herziet", part="geheel"), cite(old, "verfijnt"))

    assert old.state == "ingetrokken"
    assert old.replaced_by is None


def test_a_precedent_on_the_first_definition_is_brought_to_the_newest_when_that_is_needed(shelf: Shelf) -> None:
    old = shelf.ruling()
    old.version = 1
    shelf.work.session.flush()

    shelf.adopt(cite(old, "herziet", part="geheel"))

    assert (old.state, old.version) == ("achterhaald", 2)
    assert journal(shelf, old)[-2:] == ["verplaatsen", "vervangen_worden"]


def test_what_ended_after_it_was_cited_can_not_be_followed(shelf: Shelf) -> None:
    old = shelf.ruling()
    ruling = shelf.draft(cite(old, "volgt"))
    shelf.withdraw(old)

    with pytest.raises(Invalid, match="geldt niet meer"):
        shelf.adopt_draft(ruling)


def test_a_nuance_goes_with_the_ruling_that_made_it_and_another_stays(shelf: Shelf) -> None:
    old = shelf.ruling()
    first, second = shelf.ruling(cite(old, "verfijnt", "Eerst.")), shelf.ruling(cite(old, "verfijnt", "Daarna."))

    shelf.withdraw(first)
    assert old.state == "genuanceerd"
    assert [one.text for one in old.nuances] == ["Daarna."]

    shelf.adopt(cite(second, "herziet", part="geheel"))
    assert old.state == "geldend"
    assert journal(shelf, old)[-2:] == ["nuance_vervallen", "nuance_opheffen"]


def test_before_its_publication_nobody_outside_reads_what_the_later_ruling_says(shelf: Shelf) -> None:
    nuanced, replaced = shelf.ruling(), shelf.ruling()
    new = shelf.adopt(cite(nuanced, "verfijnt", "Niet bij nacht."), cite(replaced, "herziet", part="geheel"))
    public = acting(shelf.work, PUBLIC)

    before = later_rulings(public, nuanced), later_rulings(public, replaced)
    inside = later_rulings(acting(shelf.work, shelf.secretary), nuanced)
    acting(shelf.work, shelf.work.as_system().actor)

    assert before[0].nuances == [(None, None)]
    assert before[1].replaced_by is None
    assert inside.nuances == [("Niet bij nacht.", new.number)]
    assert all("nacht" not in str(event.reason) for event in shelf.work.session.scalars(select(Event)))


def test_after_its_publication_everybody_reads_the_words_of_the_public_record(shelf: Shelf) -> None:
    old = shelf.ruling()
    new = shelf.ruling(cite(old, "verfijnt", "Niet bij nacht, zegt Jan."))
    rows = [
        {"nummer": old.number, "titel": "", "relatie": {"code": "verfijnt"}, "reden": "Niet bij nacht, zegt [5.1.2e]."}
    ]
    shelf.work.session.add(
        PublicRecord(
            number=new.number,
            issue=1,
            title="a",
            adopted_on=shelf.work.today,
            record={"citaties": rows},
            published_at=shelf.work.now,
        )
    )
    shelf.work.session.flush()

    shown = later_rulings(acting(shelf.work, PUBLIC), old)

    assert shown.nuances == [("Niet bij nacht, zegt [5.1.2e].", new.number)]


# --- looking again


def distinguish(shelf: Shelf, old: Precedent, times: int) -> None:
    for _ in range(times):
        shelf.a_day_later()
        shelf.adopt(cite(old, "onderscheidt", "Het is een andere groep."))


def test_three_distinctions_in_a_year_ask_for_a_review(shelf: Shelf) -> None:
    old = shelf.ruling()

    distinguish(shelf, old, 2)
    assert not old.to_reassess
    distinguish(shelf, old, 1)

    assert old.to_reassess
    assert old.review_because == "3 zaken in 12 maanden zijn van deze uitspraak onderscheiden."
    assert old.due == date(2027, 1, 21)


def test_the_clock_marks_on_the_day_that_was_agreed_and_reminds_after_eight_weeks(shelf: Shelf) -> None:
    old = shelf.ruling(datumHerbeoordeling="2027-03-01")
    assert old.due == date(2027, 3, 1)

    shelf.a_day_later(100)
    assert act_on_term(shelf.work, old)
    assert old.review_because == "De datum voor herbeoordeling is bereikt."
    assert old.due == date(2027, 4, 28)
    assert not act_on_term(shelf.work, old)

    shelf.a_day_later(60)
    assert act_on_term(shelf.work, old)
    assert old.review_because == "De datum voor herbeoordeling is bereikt."
    assert journal(shelf, old).count("markeren") == 2


def test_a_mark_comes_once_and_after_the_review_the_count_begins_again(shelf: Shelf) -> None:
    old = shelf.ruling()
    distinguish(shelf, old, 4)
    assert journal(shelf, old).count("markeren") == 1

    shelf.a_day_later()
    shelf.does(shelf.analyst, old, "herbeoordelen", outcome="handhaven", motivation="Zij past nog.")
    assert (old.to_reassess, old.review_because, old.under_reconsideration) == (False, None, False)
    distinguish(shelf, old, 2)

    assert not old.to_reassess


def test_an_objection_counts_as_a_distinction(shelf: Shelf) -> None:
    old = shelf.ruling()
    distinguish(shelf, old, 2)
    home = make_organisation(shelf.work.session)
    reporter = make_account(shelf.work.session, "melder", organisation=home)
    case = proposed(shelf, old, home)

    shelf.does(reporter, case, "toepassing_betwisten", difference="Het gaat om kinderen.")

    assert old.to_reassess
    assert old.distinction_candidate


def test_reconsidering_flags_the_precedent_and_tells_the_chair_and_who_relied_on_it(shelf: Shelf) -> None:
    old = shelf.ruling()
    home = make_organisation(shelf.work.session)
    reporter = make_account(shelf.work.session, "melder", organisation=home)
    case = applied(shelf, old, home)
    shelf.a_day_later()

    shelf.does(shelf.analyst, old, "herbeoordelen", outcome="heroverwegen", motivation="De praktijk is anders.")

    assert old.under_reconsideration
    assert subjects(shelf, shelf.chair) == [f"{old.number}: de analist vraagt om heroverweging"]
    assert subjects(shelf, reporter) == [f"{old.number} wordt heroverwogen"]
    assert sentences(shelf, case) == [f"Dit knelpunt steunt op {old.number}, dat de commissie nu heroverweegt."]

    shelf.a_day_later()
    shelf.does(shelf.chair, old, "heroverweging_beeindigen", motivation="De uitspraak blijft.")
    assert not old.under_reconsideration
    assert sentences(shelf, case) == []


def test_a_newer_version_of_a_cited_article_marks_what_read_the_older_one(shelf: Shelf) -> None:
    older = shelf.ruling(grondslagen=[LAW])
    other_article = shelf.ruling(grondslagen=[{**LAW, "article": "65"}])
    whole_law = shelf.ruling(grondslagen=[{**LAW, "article": None}])
    newer = shelf.ruling(grondslagen=[{**LAW, "valid_on": "2026-11-01"}])
    ended = shelf.ruling(grondslagen=[LAW])
    shelf.withdraw(ended)
    shelf.a_day_later()
    analyst = acting(shelf.work, shelf.analyst)
    asked: dict[str, Any] = {"law": "BWBR0015703", "article": "64", "in_force_on": date(2026, 11, 1), "source": "Stb."}

    _, marked = note_law_change(analyst, **asked)
    change, again = note_law_change(analyst, **asked)

    assert (marked, again) == (2, 0)
    assert [one.to_reassess for one in (older, other_article, whole_law, newer, ended)] == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert list(law_changes(analyst)) == [change]
    acting(shelf.work, shelf.work.as_system().actor)
    assert journal(shelf, older).count("markeren") == 1


def make_public(shelf: Shelf, precedent: Precedent) -> PublicRecord:
    made = PublicRecord(
        number=precedent.number,
        issue=1,
        title=precedent.title,
        adopted_on=shelf.work.today,
        record={"titel": precedent.title},
        published_at=shelf.work.now,
    )
    shelf.work.session.add(made)
    shelf.work.session.flush()
    return made


def test_the_laws_under_the_precedents_that_everybody_can_read_are_counted(shelf: Shelf) -> None:
    for laws in ([LAW, {**LAW, "article": "65"}], [LAW]):
        make_public(shelf, shelf.ruling(grondslagen=laws))
    gone = make_public(shelf, shelf.ruling(grondslagen=[LAW]))
    gone.withdrawn_at, gone.record = shelf.work.now, {}
    note_law_change(
        acting(shelf.work, shelf.analyst), law="BWBR0015703", article="65", in_force_on=date(2026, 6, 1), source="Stb."
    )

    (law,) = cited_laws(acting(shelf.work, PUBLIC))

    assert (law.identifier, law.standing, law.outdated) == ("BWBR0015703", 2, 1)


def test_only_who_keeps_up_with_the_law_notes_a_change(shelf: Shelf) -> None:
    with pytest.raises(NotPermitted):
        note_law_change(acting(shelf.work, shelf.chair), law="BWBR0015703", in_force_on=date(2026, 6, 1), source="Stb.")


# --- who relied on it


def applied(shelf: Shelf, precedent: Precedent, home: Any) -> Case:
    """A case of an organisation that was settled with the precedent."""
    case = make_case(shelf.work, state="afgedaan_met_precedent", organisation=home, audience=[f"org:{home.id}"])
    make_report(shelf.work, case)
    shelf.work.session.add(Citation(case_id=case.id, precedent_id=precedent.id, relation="past_toe", at=shelf.work.now))
    shelf.work.session.flush()
    return case


def proposed(shelf: Shelf, precedent: Precedent, home: Any, *, state: str = "precedent_voorgesteld") -> Case:
    """A case of an organisation for which the precedent is proposed."""
    case = make_case(shelf.work, state=state, organisation=home, audience=[f"org:{home.id}"])
    make_report(shelf.work, case)
    shelf.work.session.add(
        Application(
            case_id=case.id,
            precedent_id=precedent.id,
            test=[{"question": question.slug, "answer": "ja"} for question in QUESTIONS],
            proposed_by=None,
            proposed_at=shelf.work.now,
        )
    )
    shelf.work.session.flush()
    return case


def subjects(shelf: Shelf, account: Any) -> list[str]:
    query = select(Notice.subject).where(Notice.account_id == account.id).order_by(Notice.id)
    return list(shelf.work.session.scalars(query))


def sentences(shelf: Shelf, case: Case) -> list[str]:
    return [one.sentence for one in warnings(shelf.work, [case.id]).get(case.id, ())]


def test_each_organisation_is_told_of_its_own_cases_at_every_change(shelf: Shelf) -> None:
    old = shelf.ruling()
    one, other = make_organisation(shelf.work.session), make_organisation(shelf.work.session)
    reporter = make_account(shelf.work.session, "melder", organisation=one)
    stranger = make_account(shelf.work.session, "melder", organisation=other)
    first, second = applied(shelf, old, one), applied(shelf, old, one)
    shelf.a_day_later()

    new = shelf.ruling(cite(old, "verfijnt", "Niet bij nacht."))
    shelf.a_day_later()
    shelf.withdraw(new)
    shelf.a_day_later()
    shelf.declare_outdated(old)

    assert subjects(shelf, reporter) == [
        f"{old.number} is nu: Genuanceerd",
        f"{old.number} is nu: Geldend",
        f"{old.number} is nu: Achterhaald",
    ]
    texts = shelf.work.session.scalars(select(Notice.text).where(Notice.account_id == reporter.id)).all()
    assert all(f"{first.number} en {second.number}" in text and "nacht" not in text for text in texts)
    assert subjects(shelf, stranger) == []


def test_who_relied_on_it_long_ago_is_not_told(shelf: Shelf) -> None:
    old = shelf.ruling()
    home = make_organisation(shelf.work.session)
    reporter = make_account(shelf.work.session, "melder", organisation=home)
    case = applied(shelf, old, home)
    shelf.a_day_later(800)

    shelf.withdraw(old)

    assert subjects(shelf, reporter) == []
    assert sentences(shelf, case) == []


def test_a_case_says_what_changed_of_what_it_rests_on(shelf: Shelf) -> None:
    nuanced, replaced, same = shelf.ruling(), shelf.ruling(), shelf.ruling()
    home = make_organisation(shelf.work.session)
    settled, waiting, quiet = applied(shelf, nuanced, home), proposed(shelf, replaced, home), applied(shelf, same, home)
    drafting = shelf.draft(cite(replaced, "volgt"))
    shelf.a_day_later()

    new = shelf.ruling(cite(nuanced, "verfijnt"), cite(replaced, "herziet", part="geheel"))

    changed = f"dat nu achterhaald is door {new.number}."
    assert sentences(shelf, settled) == [
        f"Dit knelpunt steunt op {nuanced.number}, dat nu genuanceerd is door {new.number}."
    ]
    assert sentences(shelf, waiting) == [f"Dit knelpunt steunt op {replaced.number}, {changed}"]
    draft = shelf.work.session.get_one(Case, drafting.case_id)
    assert sentences(shelf, draft) == [f"Dit knelpunt steunt op {replaced.number}, {changed}"]
    assert sentences(shelf, quiet) == []


def test_a_proposal_that_nobody_answered_ends_with_the_case(shelf: Shelf) -> None:
    old = shelf.ruling()
    home = make_organisation(shelf.work.session)
    states = ("precedent_voorgesteld", "ingetrokken", "in_behandeling")
    waiting, gone, elsewhere = (proposed(shelf, old, home, state=state) for state in states)

    assert [number for number, _ in proposed_for(shelf.work, old)] == []
    for case in (waiting, gone, elsewhere):
        case.owner_id = shelf.analyst.id
    shelf.work.session.flush()
    assert [number for number, _ in proposed_for(shelf.work, old)] == [waiting.number]
    shelf.a_day_later()
    shelf.withdraw(old)
    assert [bool(sentences(shelf, case)) for case in (waiting, gone, elsewhere)] == [True, False, False]


def test_only_the_precedent_that_was_proposed_last_waits_for_an_answer(shelf: Shelf) -> None:
    first, second = shelf.ruling(), shelf.ruling()
    case = proposed(shelf, first, make_organisation(shelf.work.session))
    case.owner_id = shelf.analyst.id
    again = Application(case_id=case.id, precedent_id=second.id, test=[], proposed_by=None, proposed_at=shelf.work.now)
    shelf.work.session.add(again)
    shelf.work.session.flush()

    assert list(proposed_for(shelf.work, first)) == []
    assert [number for number, _ in proposed_for(shelf.work, second)] == [case.number]
    again.contested_at = shelf.work.now
    shelf.work.session.flush()
    assert running_application(shelf.work, case.id) is None
    assert list(proposed_for(shelf.work, first)) == []


def test_what_the_draft_rests_on_is_told_to_who_reads_the_draft(shelf: Shelf) -> None:
    old = shelf.ruling()
    drafting = shelf.draft(cite(old, "volgt"))
    home = make_organisation(shelf.work.session)
    reporter = make_account(shelf.work.session, "melder", organisation=home)
    case = shelf.work.session.get_one(Case, drafting.case_id)
    show_to(shelf.work, case, [f"org:{home.id}", role_key("ccg_secretaris")])
    shelf.withdraw(old)

    assert warnings(acting(shelf.work, reporter), [case.id]) == {}
    assert list(warnings(acting(shelf.work, shelf.secretary), [case.id])) == [case.id]


def test_a_nuance_from_before_the_case_is_no_change(shelf: Shelf) -> None:
    old = shelf.ruling()
    shelf.ruling(cite(old, "verfijnt"))
    shelf.a_day_later()
    case = applied(shelf, old, make_organisation(shelf.work.session))

    assert sentences(shelf, case) == []


def test_asking_for_reconsideration_and_upholding_move_the_flag(shelf: Shelf) -> None:
    old = shelf.ruling()
    case = shelf.work.session.get_one(Case, old.case_id)
    case.state = "gesloten"
    case.ruled_on = shelf.work.today
    case.write_line(action="beginnen", source=None, actor=shelf.work.actor, role="systeem", at=shelf.work.now)
    shelf.work.session.flush()

    shelf.does(shelf.chair, case, "heroverweging_vragen", ground="binnen_termijn", motivation="Nieuw.")
    assert old.under_reconsideration
    assert journal(shelf, old)[-1] == "markeren"
    shelf.does(shelf.chair, case, "handhaven", motivation="De uitspraak blijft.")

    assert not old.under_reconsideration
    assert journal(shelf, old)[-1] == "heroverweging_beeindigen"
