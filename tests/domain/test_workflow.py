from types import SimpleNamespace

import pytest

from app.domain.access import SYSTEM, Actor
from app.domain.errors import GuardFailed, NotPermitted, UnknownAction
from app.domain.workflow import SYSTEM_ID, State, Transition, Workflow, decide, permit

WORKFLOW = Workflow(
    name="brief",
    label="Brief",
    version=1,
    initial="concept",
    states={
        "concept": State("concept", "Concept", term="2 weeks", turn="schrijver"),
        "verzonden": State("verzonden", "Verzonden", final=True),
    },
    transitions=(
        Transition("verzenden", "Verzenden", ("concept",), frozenset({"schrijver"}), "verzonden", guards=("signed",)),
        Transition(
            "weggooien",
            "Weggooien",
            ("concept",),
            frozenset({"schrijver", "systeem"}),
            "verzonden",
            second=frozenset({"lezer", "schrijver"}),
        ),
        Transition("notitie", "Notitie", ("concept", "verzonden"), frozenset({"lezer"})),
    ),
    refusals={"signed": "Onderteken de brief eerst."},
)
WRITER = Actor(account_id=1)
OTHER = Actor(account_id=2)


def letter(state="concept", pending_action=None, pending_by=None, signed=True):
    return SimpleNamespace(state=state, pending_action=pending_action, pending_by=pending_by, signed=signed)


def signed(subject, _actor):
    return subject.signed


def take(subject, action, actor=WRITER, roles=("schrijver",)):
    return decide(WORKFLOW, subject, action, actor, frozenset(roles), {"signed": signed})


def test_the_steps_of_a_state_stand_in_the_order_of_the_file():
    assert [step.action for step in WORKFLOW.actions_from("concept")] == ["verzenden", "weggooien", "notitie"]
    assert [step.action for step in WORKFLOW.actions_from("verzonden")] == ["notitie"]
    assert WORKFLOW.actions_from("elders") == ()


def test_a_step_that_may_be_taken_is_given_whole():
    step = take(letter(), "verzenden")

    assert step.transition.target == "verzonden"
    assert not step.half


def test_an_action_from_another_state_is_unknown():
    with pytest.raises(UnknownAction, match="no verzenden from verzonden"):
        take(letter(state="verzonden"), "verzenden")


def test_permission_comes_before_the_conditions_so_that_an_outsider_learns_nothing():
    def tells(_subject, _actor):
        raise AssertionError("a guard was asked before permission")

    with pytest.raises(NotPermitted, match="is for schrijver"):
        decide(WORKFLOW, letter(), "verzenden", OTHER, frozenset({"lezer"}), {"signed": tells})


def test_every_broken_condition_gives_its_sentence():
    with pytest.raises(GuardFailed) as refused:
        take(letter(signed=False), "verzenden")

    assert refused.value.sentences == ("Onderteken de brief eerst.",)


def test_the_first_of_four_eyes_takes_a_half():
    assert take(letter(), "weggooien").half


def test_another_person_with_the_second_role_completes_it():
    waiting = letter(pending_action="weggooien", pending_by=1)

    assert not take(waiting, "weggooien", OTHER, ["lezer"]).half


def test_nobody_is_both_halves():
    waiting = letter(pending_action="weggooien", pending_by=1)

    with pytest.raises(NotPermitted, match="somebody else"):
        take(waiting, "weggooien", WRITER, ["schrijver", "lezer"])


def test_while_a_half_waits_only_the_second_role_takes_the_same_step():
    waiting = letter(pending_action="weggooien", pending_by=SYSTEM_ID)

    with pytest.raises(NotPermitted, match="is for lezer, schrijver"):
        take(waiting, "weggooien", SYSTEM, ["systeem"])


def test_another_action_can_be_taken_while_a_half_waits():
    waiting = letter(pending_action="weggooien", pending_by=1)

    assert not take(waiting, "verzenden").half
    assert permit(WORKFLOW, waiting, "notitie", ["lezer"]).target is None


def test_the_system_takes_a_half_that_a_person_completes():
    assert take(letter(), "weggooien", SYSTEM, ["systeem"]).half
    assert not take(letter(pending_action="weggooien", pending_by=SYSTEM_ID), "weggooien", OTHER, ["lezer"]).half


def test_a_half_of_a_step_that_asks_no_second_means_nothing():
    assert not take(letter(pending_action="verzenden", pending_by=1), "verzenden").half
