"""Following up through the services: who hears what when, and numbers that add up whatever happens."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from app.config import value_list
from app.db.account import Account
from app.db.engine import make_engine, open_session
from app.db.notice import Notice
from app.db.process import Process
from app.db.publication import PublicRecord
from app.db.recommendation import Recommendation
from app.domain.access import SYSTEM, organisation_key, role_key
from app.domain.calendar import amsterdam_day
from app.domain.errors import GuardFailed, Invalid
from app.domain.outcome import Gone
from app.domain.recommendation import Carried, FollowUpClass, Reaction, Totals, lapsed_states
from app.services.clock import let_time_pass
from app.services.follow_up import (
    FollowUpFilters,
    follow_up_by_organisation,
    follow_up_by_ruling,
    follow_up_carried,
    follow_up_lapsed,
    follow_up_totals,
    whole_follow_up,
)
from app.services.process import advance, offer
from app.services.work import Work
from tests.make import (
    NOW,
    acting,
    make_account,
    make_case,
    make_organisation,
    make_precedent,
    make_recommendation,
    make_ruling,
    work_of,
    workflows,
)

DUE = date(2027, 2, 23)
TAKEN_OVER = {"reaction": "overgenomen", "owner": "Directeur", "indicator": "Het formulier is er."}


@pytest.fixture
def engine(own_database_url: str) -> Iterator[Engine]:
    engine = make_engine(own_database_url)
    yield engine
    engine.dispose()


def write(engine: Engine, make: Any) -> Any:
    with open_session(engine, SYSTEM, writes=True) as session:
        made = make(work_of(session))
        session.commit()
        return made


def subjects(engine: Engine, account_id: int) -> list[str]:
    """What somebody was told, in order."""
    with open_session(engine, SYSTEM, writes=False) as session:
        return list(session.scalars(select(Notice.subject).filter_by(account_id=account_id).order_by(Notice.id)))


def state(engine: Engine, number: str) -> str:
    with open_session(engine, SYSTEM, writes=False) as session:
        return session.scalars(select(Process.state).filter_by(number=number)).one()


def test_the_codes_of_the_rules_are_those_of_the_lists() -> None:
    assert list(FollowUpClass) == list(value_list("navolgingsklasse"))
    assert list(Carried) == list(value_list("uitvoering"))
    assert list(Gone) == list(value_list("knelpunt_weg"))
    assert list(Reaction) == list(value_list("reactie"))


def test_silence_is_reminded_before_on_and_after_the_term_and_then_goes_to_the_coordinators(engine: Engine) -> None:
    def make(work: Work) -> tuple[str, int, int, int]:
        home = make_organisation(work.session)
        respondent = make_account(work.session, "respondent", organisation=home)
        own = make_account(work.session, "orgcoordinator", organisation=home)
        coordinator = make_account(work.session, "navolgingscoordinator")
        case = make_case(work, state="in_navolging", due=None)
        number = make_recommendation(work, case, make_ruling(work, case), home, due=DUE).number
        return number, respondent.id, own.id, coordinator.id

    number, respondent, own, coordinator = write(engine, make)
    reminded, told = [], []
    for day in range(-20, 40):
        before = len(subjects(engine, respondent)), len(subjects(engine, coordinator))
        let_time_pass(engine, workflows(), NOW + (DUE - amsterdam_day(NOW)) + timedelta(days=day))
        heard = subjects(engine, respondent)[before[0] :]
        reminded += [day] * sum(subject.startswith("Herinnering") for subject in heard)
        told += [(day, subject) for subject in subjects(engine, coordinator)[before[1] :]]

    assert reminded == [-14, 0, 14, 28]
    assert state(engine, number) == "geen_reactie"
    assert told == [(1, f"{number}: Geen reactie"), (29, f"{number}: de organisatie laat niets horen")]
    assert subjects(engine, own) == [f"{number}: de organisatie laat niets horen"]


class Follow:
    """One recommendation, with somebody of the addressee and a coordinator of another organisation."""

    def __init__(self, work: Work) -> None:
        self.work = work
        home = make_organisation(work.session)
        self.respondent = make_account(work.session, "respondent", organisation=home)
        self.coordinator = make_account(work.session, "navolgingscoordinator")
        self.own_coordinator = make_account(work.session, "navolgingscoordinator", organisation=home)
        case = make_case(work, state="in_navolging")
        self.recommendation = make_recommendation(
            work,
            case,
            make_ruling(work, case),
            home,
            audience=[organisation_key(home.id), role_key("navolgingscoordinator")],
        )

    def does(self, who: Account, action: str, **answers: Any) -> None:
        advance(acting(self.work, who), self.recommendation, action=action, answers=answers)


def test_what_was_done_is_seen_by_somebody_of_another_organisation_on_a_day_with_a_note(work: Any) -> None:
    follow = Follow(work)
    follow.does(follow.respondent, "reageren", **TAKEN_OVER, planned_on=DUE)
    follow.does(follow.respondent, "uitvoering_melden", evidence="https://voorbeeld.example/besluit")
    with pytest.raises(GuardFailed, match="U hoort bij de organisatie"):
        follow.does(follow.own_coordinator, "uitvoering_bevestigen")

    follow.does(follow.coordinator, "uitvoering_bevestigen", note="Gezien op de pagina.")

    assert follow.recommendation.confirmed_on == work.today
    assert follow.recommendation.state == "uitgevoerd"


def test_evidence_that_does_not_show_it_goes_back_with_a_reason(work: Any) -> None:
    follow = Follow(work)
    follow.does(follow.respondent, "reageren", **TAKEN_OVER, planned_on=DUE)
    follow.does(follow.respondent, "uitvoering_melden", evidence="https://voorbeeld.example/besluit")

    follow.does(follow.coordinator, "terugsturen", reason="De pagina bestaat niet.")

    assert (follow.recommendation.state, follow.recommendation.reported_on) == ("gereageerd", None)
    assert follow.recommendation.turn == "respondent"


def test_what_was_declined_waits_for_the_coordinator_and_not_for_progress(work: Any) -> None:
    follow = Follow(work)

    follow.does(follow.respondent, "reageren", reaction="niet_overgenomen", motivation="Wij hebben al iets.")

    assert follow.recommendation.turn == "navolgingscoordinator"
    follow.does(follow.coordinator, "afsluiten")
    assert follow.recommendation.state == "gemotiveerd_niet"


def test_with_the_rule_goes_what_was_asked_of_whoever_relied_on_it(work: Any) -> None:
    case, relying = make_case(work, state="in_navolging"), make_case(work, state="in_navolging")
    ruling = make_ruling(work, case)
    precedent = make_precedent(work, case, ruling, state="geldend", audience=[role_key("ccg_voorzitter")])
    home = make_organisation(work.session)
    own, condition = (make_recommendation(work, one, ruling, home) for one in (case, relying))
    done = make_recommendation(work, case, ruling, home, state="uitgevoerd")
    other = make_recommendation(work, relying, make_ruling(work, relying), home)
    answers = {"reason": "De feiten bleken anders."}

    for role in ("ccg_secretaris", "ccg_voorzitter"):
        advance(acting(work, make_account(work.session, role)), precedent, action="intrekken", answers=answers)

    assert [one.state for one in (own, condition, done, other)] == ["vervallen", "vervallen", "uitgevoerd", "verzonden"]


STEPS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(
            [
                ("respondent", "ontvangst_bevestigen", {}),
                ("respondent", "reageren", {**TAKEN_OVER, "planned_on": DUE}),
                ("respondent", "reageren", {**TAKEN_OVER, "reaction": "deels_overgenomen", "motivation": "Half."}),
                ("respondent", "reageren", {"reaction": "niet_overgenomen", "motivation": "Nee."}),
                ("respondent", "reageren", {"reaction": "niet_van_toepassing", "motivation": "Niet bij ons."}),
                ("respondent", "voortgang_melden", {"progress": "Het gaat goed."}),
                ("respondent", "uitvoering_melden", {"evidence": "https://voorbeeld.example/"}),
                ("coordinator", "uitvoering_bevestigen", {}),
                ("coordinator", "terugsturen", {"reason": "Niet te zien."}),
                ("coordinator", "afsluiten", {}),
                ("silence", "geen_reactie_vaststellen", {}),
                ("system", "laten_vervallen", {}),
            ]
        ),
    ),
    max_size=25,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_the_reactions_add_up_to_the_organisations_that_were_addressed(work: Any, steps: list[Any]) -> None:
    with work.session.begin_nested() as savepoint:
        sent, people = _published(work)
        for place, (who, action, answers) in steps:
            _take(work, sent[place], people, who, action, answers)
            _assert_all_adds_up(work, sent)
        savepoint.rollback()
    work.session.expunge_all()


def _published(work: Work) -> tuple[list[Recommendation], dict[str, Account]]:
    """A public ruling with two recommendations to each of three organisations."""
    case = make_case(work, state="in_navolging")
    ruling = make_ruling(work, case)
    rows = [{"tekst": "Maak een formulier."}, {"tekst": "Spreek het af."}]
    public = PublicRecord(
        number=ruling.number or "",
        issue=1,
        title="Wijkteam",
        adopted_on=work.today,
        record={"aanbevelingen": rows},
        published_at=work.now,
    )
    work.session.add(public)
    people = {"coordinator": make_account(work.session, "navolgingscoordinator")}
    sent = []
    for _ in range(3):
        home = make_organisation(work.session)
        people[str(home.id)] = make_account(work.session, "respondent", organisation=home)
        sent += [make_recommendation(work, case, ruling, home, position=place) for place in (1, 2)]
    return sent, people


def _take(
    work: Work, recommendation: Recommendation, people: dict[str, Account], who: str, action: str, answers: Any
) -> None:
    """Take a step if it can be taken here; what is refused changes nothing."""
    workflow = workflows()[recommendation.kind, recommendation.version]
    if workflow.transition(action, recommendation.state) is None:
        return
    if who == "silence":
        recommendation.reminders, recommendation.due = 2, work.today - timedelta(days=1)
    if who in ("silence", "system"):
        offer(work, recommendation, action)
        return
    account = people["coordinator"] if who == "coordinator" else people[str(recommendation.organisation_id)]
    try:
        advance(acting(work, account), recommendation, action=action, answers=answers)
    except (GuardFailed, Invalid):
        pass
    finally:
        acting(work, SYSTEM)


def _assert_all_adds_up(work: Work, sent: list[Recommendation]) -> None:
    work.session.flush()
    workflow = workflows()["aanbeveling", sent[0].version]
    # An answer goes on counting when the ruling stops standing; who had not answered yet is asked nothing more.
    lapsed = [one for one in sent if one.state in lapsed_states(workflow) and one.reaction is None]
    states = work.session.execute(select(Recommendation.state, func.count()).group_by(Recommendation.state)).all()
    totals = follow_up_totals(work, FollowUpFilters())
    carried = follow_up_carried(work, FollowUpFilters())

    # By state every addressed organisation counts once; by reaction everyone of whom something is asked.
    assert sum(count for _, count in states) == len(sent)
    assert totals.advised == len(sent) - len(lapsed)
    assert follow_up_lapsed(work, FollowUpFilters()) == len(lapsed)
    assert sum(carried.values()) == totals.followed + totals.partly
    for groups in (follow_up_by_ruling(work, FollowUpFilters()), follow_up_by_organisation(work, FollowUpFilters())):
        assert sum((group.totals for group in groups), start=Totals()) == totals
    counts = (totals.followed, totals.partly, totals.not_followed, totals.no_reaction)
    for outcome, count in zip(FollowUpClass, counts, strict=True):
        rows = list(whole_follow_up(work, FollowUpFilters(outcome=outcome)))
        assert [row.outcome for row in rows] == [outcome] * count
    for one, count in carried.items():
        assert [row.carried for row in whole_follow_up(work, FollowUpFilters(carried=one))] == [one] * count
