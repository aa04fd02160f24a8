"""The conditions that a definition can ask for, by name.

A guard looks at facts of the subject and at who acts, and says whether the step may go on; why not is a Dutch sentence
in the definition. What a guard reads stands in the Protocol of its subject, and nothing else is read: no clock, no
record, no state by its name. Where a fact depends on a state, an effect of the step wrote it down.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol

from app.domain.access import Actor
from app.domain.calendar import Term, Unit, last_day
from app.domain.meeting import Outcome, Rules, Tally, Tie, is_quorate, needed, settled
from app.domain.workflow import Guard

URGENT = "spoed"
LEGAL_AND_ETHICAL = frozenset({"juridisch", "ethisch"})
DECLINED = frozenset({"niet_overgenomen", "niet_van_toepassing"})

REMINDED_BEFORE = timedelta(days=7)
REMINDERS_BEFORE_SILENCE = 2
REOPENED_WITHIN = Term(2, Unit.YEARS)


class Due(Protocol):
    """The term of the state in which a process stands, in days of Amsterdam."""

    today: date
    due: date | None


class Watched(Due, Protocol):
    """What the clock remembers of this stay in the state."""

    extended: bool
    signalled: bool
    reminded_on: date | None
    reminders: int


class Halved(Protocol):
    """Who took the first half of four eyes; None when no half waits."""

    pending_by: int | None


class Reported(Protocol):
    """The organisations that reported the case or are a party to it, and who cannot be told apart."""

    organisations: frozenset[int]
    unidentified_parties: int
    other_reporters: int


class Handled(Protocol):
    """Who handles the case, how urgent it is, and what it waits for."""

    handler_id: int | None
    priority: str | None
    open_mandatory_advices: int
    advice_kinds: frozenset[str]


class Applied(Protocol):
    """The precedent that was proposed for the case."""

    proposer_id: int | None
    precedent_conditions: int


class Consulted(Watched, Protocol):
    """What the parties said of the proposed solution."""

    disagreeing_parties: int
    silent_parties: int


class Ruled(Due, Protocol):
    """The draft of the ruling; `ruling_gaps` are the labels of the required parts that are still empty."""

    ruling_gaps: Sequence[str]
    fact_check_closed: bool


class Followed(Protocol):
    """What is left to do after the ruling, and since when there is one."""

    open_recommendations: int
    ruled_on: date | None


class Rooted(Protocol):
    """Whether the cause of the case was found to be structural, and still stands."""

    structural: bool


class Closed(Protocol):
    """When the case was closed, and whether a law it rests on changed since."""

    today: date
    closed_on: date | None
    law_changed: bool


class Qualified(Protocol):
    """A precedent: by how many later rulings it is qualified, and whether the commission looks at it again."""

    nuancing_rulings: int
    reconsidered: bool


class Asked(Protocol):
    """The account that asked for the advice."""

    asked_by: int


class Sitting(Protocol):
    """A meeting: the votes that were opened in it and not closed, its day and its minutes.

    `papers_days` is how many days ahead the papers go out; `hurried_items` says that the chair let every item be late.
    """

    today: date
    day: date
    running_votes: int
    papers_days: int
    hurried_items: bool
    has_minutes: bool


class Item(Protocol):
    """An agenda item: who is there for it. `members_present` leaves out who is excused from it."""

    rules: Rules
    meeting_is_open: bool
    members_in_office: int
    members_present: int
    members_excused: int
    members_able: int
    undeclared_members: int
    silent_members: int
    unjudged_interests: int
    open_challenges: int
    opinions_open: bool
    voters: frozenset[int]
    voted: frozenset[int]


class Noted(Protocol):
    """Until when the members of an item may add a separate note; None before there is a decision."""

    today: date
    voters: frozenset[int]
    deviating: frozenset[int]
    views_noted: bool
    note_until: date | None


class Awaited(Protocol):
    """Members whose separate note may still come."""

    waiting_notes: int


class Round(Protocol):
    """The last round of an item: in writing or not, until when, and how many votes it waits for."""

    today: date
    meeting_is_open: bool
    written: bool
    closes_on: date | None
    waiting_votes: int


class Voted(Protocol):
    """The last closed round of an item. A single vote is None for who abstained, is excused or is absent."""

    rules: Rules
    written: bool
    votes_for: int
    votes_against: int
    votes_abstained: int
    quorum_at_close: bool
    held_over: bool
    undelayable: bool
    members_complete: bool
    chair_vote: bool | None
    deputy_vote: bool | None


class Redacted(Protocol):
    """Passages that were marked without a ground, or without the motivation that the ground asks.

    `leaks` is how much of what stays out, or of people's data, would still go out.
    """

    unresolved_passages: int
    leaks: int


class Viewed(Due, Protocol):
    """How many organisations were asked what they think of a publication, and how many answered."""

    asked_parties: int
    answered_parties: int


class Addressed(Protocol):
    """A recommendation: to which organisation, and what it answered."""

    addressee_id: int
    reaction: str | None


# --- The clock and four eyes


def term_passed(subject: Due, _actor: Actor) -> bool:
    """The last day of the term lies behind us."""
    return subject.due is not None and subject.today > subject.due


def before_expiry(subject: Due, actor: Actor) -> bool:
    """The term still runs, or there is none."""
    return not term_passed(subject, actor)


def not_extended(subject: Watched, _actor: Actor) -> bool:
    """A term is extended once in a stay."""
    return not subject.extended


def not_signalled(subject: Watched, _actor: Actor) -> bool:
    """That a term passed is told once."""
    return not subject.signalled


def reminded(subject: Watched, _actor: Actor) -> bool:
    """Who must answer was reminded, a week ago or longer."""
    return subject.reminded_on is not None and subject.today >= subject.reminded_on + REMINDED_BEFORE


def reminded_twice(subject: Watched, _actor: Actor) -> bool:
    """Silence is established after the second reminder."""
    return subject.reminders >= REMINDERS_BEFORE_SILENCE


def half_is_own(subject: Halved, actor: Actor) -> bool:
    """Only who took a half can take it back."""
    return actor.account_id is not None and subject.pending_by == actor.account_id


# --- The case


def case_of_another_organisation(subject: Reported, actor: Actor) -> bool:
    """Nobody takes in a case in which only the own organisation has a part."""
    return subject.organisations != {actor.organisation_id}


def parties_identified(subject: Reported, _actor: Actor) -> bool:
    """Of each party it is known which organisation it is."""
    return subject.unidentified_parties == 0


def no_other_reporters(subject: Reported, _actor: Actor) -> bool:
    """A case that others reported too is not one reporter's to withdraw."""
    return subject.other_reporters == 0


def handler_missing(subject: Handled, _actor: Actor) -> bool:
    """Nobody was appointed to handle the case."""
    return subject.handler_id is None


def urgent(subject: Handled, _actor: Actor) -> bool:
    """The case may pass the tactical level by."""
    return subject.priority == URGENT


def mandatory_advice_in(subject: Handled, _actor: Actor) -> bool:
    """Every advice that the case must wait for was given, or will not come."""
    return subject.open_mandatory_advices == 0


def legal_and_ethical_advice_given(subject: Handled, _actor: Actor) -> bool:
    """The commission hears a lawyer and an ethicist before it takes a case in."""
    return subject.advice_kinds >= LEGAL_AND_ETHICAL


def not_the_proposer(subject: Applied, actor: Actor) -> bool:
    """Who proposed the precedent does not also confirm that it applies."""
    return actor.account_id is None or actor.account_id != subject.proposer_id


def precedent_has_conditions(subject: Applied, _actor: Actor) -> bool:
    """The precedent asks something of the organisation that reported."""
    return subject.precedent_conditions > 0


def precedent_has_no_conditions(subject: Applied, actor: Actor) -> bool:
    """The precedent asks nothing of the organisation that reported."""
    return not precedent_has_conditions(subject, actor)


def parties_agreed_or_silent(subject: Consulted, actor: Actor) -> bool:
    """Nobody disagrees; and who is silent was reminded and let the term pass."""
    if subject.disagreeing_parties:
        return False
    return subject.silent_parties == 0 or (subject.reminded_on is not None and term_passed(subject, actor))


def ruling_complete(subject: Ruled, _actor: Actor) -> bool:
    """Every required part of the ruling has been written."""
    return not subject.ruling_gaps


def fact_check_done(subject: Ruled, actor: Actor) -> bool:
    """The parties checked the facts, or had the time to."""
    return subject.fact_check_closed or term_passed(subject, actor)


def all_recommendations_final(subject: Followed, _actor: Actor) -> bool:
    """Of every recommendation it is known what came of it."""
    return subject.open_recommendations == 0


def may_reconsider(subject: Followed, _actor: Actor) -> bool:
    """There is a published ruling, or an applied precedent, to look at again."""
    return subject.ruled_on is not None


def structural(subject: Rooted, _actor: Actor) -> bool:
    """The cause has an owner who takes it away."""
    return subject.structural


def not_structural(subject: Rooted, actor: Actor) -> bool:
    """Nobody found the cause structural, or it was taken away since."""
    return not structural(subject, actor)


def closed_within_two_years(subject: Closed, _actor: Actor) -> bool:
    """An old case is reported anew, unless a law it rests on changed."""
    if subject.closed_on is None or subject.law_changed:
        return True
    return subject.today <= last_day(subject.closed_on, REOPENED_WITHIN)


# --- Precedents


def other_nuances(subject: Qualified, _actor: Actor) -> bool:
    """Of several nuances one can go and leave the precedent qualified."""
    return subject.nuancing_rulings > 1


def under_reconsideration(subject: Qualified, _actor: Actor) -> bool:
    """Only what was begun can be closed."""
    return subject.reconsidered


# --- Advice


def asked_by_actor(subject: Asked, actor: Actor) -> bool:
    """A question is its asker's; the system may act for a case that goes."""
    return actor.is_system or actor.account_id == subject.asked_by


# --- Meeting and agenda item


def no_vote_running(subject: Sitting, _actor: Actor) -> bool:
    """A meeting does not end in the middle of a vote."""
    return subject.running_votes == 0


def papers_in_time(subject: Sitting, _actor: Actor) -> bool:
    """The papers go out so many days ahead as the rules say; or the chair agreed to the urgency of every item.

    A term that is counted back does not move for a weekend (Algemene termijnenwet art. 1 lid 2).
    """
    return subject.today + timedelta(days=subject.papers_days) <= subject.day or subject.hurried_items


def minutes_whole(subject: Sitting, _actor: Actor) -> bool:
    """Nothing is adopted that was not written."""
    return subject.has_minutes


def meeting_is_open(subject: Item, _actor: Actor) -> bool:
    """The commission decides in meeting."""
    return subject.meeting_is_open


def quorum_present(subject: Item, _actor: Actor) -> bool:
    """As many members are there for this item as the rules ask: by the Kaderwet at least half."""
    return is_quorate(
        subject.rules,
        present=subject.members_present,
        in_office=subject.members_in_office,
        excused=subject.members_excused,
    )


def quorum_possible(subject: Item, _actor: Actor) -> bool:
    """Not so many members are excused that the quorum cannot be reached at all."""
    return subject.members_able >= needed(
        subject.rules, in_office=subject.members_in_office, excused=subject.members_excused
    )


def interests_declared(subject: Item, _actor: Actor) -> bool:
    """Every member present said whether they have an interest in this item."""
    return subject.undeclared_members == 0


def all_declared(subject: Item, _actor: Actor) -> bool:
    """Outside a meeting nobody is absent, so every member in office answers first."""
    return subject.silent_members == 0


def challenges_decided(subject: Item, _actor: Actor) -> bool:
    """On every challenge the other members have decided."""
    return subject.open_challenges == 0


def challenge_waits(subject: Item, _actor: Actor) -> bool:
    """There is a challenge to decide on."""
    return subject.open_challenges > 0


def opinions_closed(subject: Item, _actor: Actor) -> bool:
    """The opinions are still sealed for who has not given one."""
    return not subject.opinions_open


def interests_judged(subject: Item, _actor: Actor) -> bool:
    """Of every interest that was reported it was decided what it means."""
    return subject.unjudged_interests == 0


def may_vote(subject: Item, actor: Actor) -> bool:
    """A vote is a member's who is present and not excused."""
    return actor.account_id in subject.voters


def not_yet_voted(subject: Item, actor: Actor) -> bool:
    """One vote each in a round (Kaderwet adviescolleges art. 20 lid 3); it cannot be changed."""
    return actor.account_id not in subject.voted


def argued_deviation(subject: Noted, actor: Actor) -> bool:
    """A separate note is only of who argued the view in the meeting (Kaderwet adviescolleges art. 20 lid 6).

    Where nobody noted who did, a member who took part knows it best.
    """
    return actor.account_id in subject.deviating or not subject.views_noted


def notes_in(subject: Awaited, _actor: Actor) -> bool:
    """Every separate note that can come is there, was waived, or is too late."""
    return subject.waiting_notes == 0


def round_runs(subject: Round, _actor: Actor) -> bool:
    """The last day of a written round is not over; a round in a meeting ends when it is closed."""
    return subject.closes_on is None or subject.today <= subject.closes_on


def round_ended(subject: Round, actor: Actor) -> bool:
    """Everybody voted in writing, or the last day is over."""
    return subject.waiting_votes == 0 or not round_runs(subject, actor)


def may_decide_now(subject: Round, _actor: Actor) -> bool:
    """What was voted in writing is decided without a meeting."""
    return subject.meeting_is_open or subject.written


def may_add_note(subject: Noted, actor: Actor) -> bool:
    """A separate note is a member's who took part, until a week after the decision."""
    return actor.account_id in subject.voters and (subject.note_until is None or subject.today <= subject.note_until)


def vote_adopted(subject: Voted, _actor: Actor) -> bool:
    """The proposal was adopted, with a quorum, if need be by the chair's vote; in writing only with nobody against."""
    tally = Tally(subject.votes_for, subject.votes_against, subject.votes_abstained)
    tie = Tie(
        held_over=subject.held_over,
        undelayable=subject.undelayable,
        members_complete=subject.members_complete,
        chair=subject.chair_vote,
        deputy=subject.deputy_vote,
    )
    outcome = settled(tally, tie, subject.rules, quorum=subject.quorum_at_close, written=subject.written)
    return outcome is Outcome.ADOPTED


# --- Publication and follow-up


def no_unresolved_passages(subject: Redacted, _actor: Actor) -> bool:
    """What is left out of the public text has a ground, and a motivation where the law asks one."""
    return subject.unresolved_passages == 0


def nothing_leaks(subject: Redacted, _actor: Actor) -> bool:
    """Nothing that stays out can be read in what would go out, and no data of people that nobody looked at."""
    return subject.leaks == 0


def views_in(subject: Viewed, actor: Actor) -> bool:
    """At least one party answered, the time of all is over, or there is none to ask; the rest is not waited for."""
    return subject.answered_parties > 0 or subject.asked_parties == 0 or term_passed(subject, actor)


def addressee_is_another_organisation(subject: Addressed, actor: Actor) -> bool:
    """Nobody judges what the own organisation did."""
    return actor.organisation_id != subject.addressee_id


def reaction_declined(subject: Addressed, _actor: Actor) -> bool:
    """The organisation said, with reasons, that it will not follow the recommendation."""
    return subject.reaction in DECLINED


GUARDS: Mapping[str, Guard] = {
    "term_passed": term_passed,
    "before_expiry": before_expiry,
    "not_extended": not_extended,
    "not_signalled": not_signalled,
    "reminded": reminded,
    "reminded_twice": reminded_twice,
    "half_is_own": half_is_own,
    "case_of_another_organisation": case_of_another_organisation,
    "parties_identified": parties_identified,
    "no_other_reporters": no_other_reporters,
    "handler_missing": handler_missing,
    "urgent": urgent,
    "mandatory_advice_in": mandatory_advice_in,
    "legal_and_ethical_advice_given": legal_and_ethical_advice_given,
    "not_the_proposer": not_the_proposer,
    "precedent_has_conditions": precedent_has_conditions,
    "precedent_has_no_conditions": precedent_has_no_conditions,
    "parties_agreed_or_silent": parties_agreed_or_silent,
    "ruling_complete": ruling_complete,
    "fact_check_done": fact_check_done,
    "all_recommendations_final": all_recommendations_final,
    "may_reconsider": may_reconsider,
    "structural": structural,
    "not_structural": not_structural,
    "closed_within_two_years": closed_within_two_years,
    "other_nuances": other_nuances,
    "under_reconsideration": under_reconsideration,
    "asked_by_actor": asked_by_actor,
    "no_vote_running": no_vote_running,
    "papers_in_time": papers_in_time,
    "minutes_whole": minutes_whole,
    "meeting_is_open": meeting_is_open,
    "may_decide_now": may_decide_now,
    "quorum_possible": quorum_possible,
    "all_declared": all_declared,
    "challenges_decided": challenges_decided,
    "challenge_waits": challenge_waits,
    "opinions_closed": opinions_closed,
    "argued_deviation": argued_deviation,
    "notes_in": notes_in,
    "round_runs": round_runs,
    "round_ended": round_ended,
    "quorum_present": quorum_present,
    "interests_declared": interests_declared,
    "interests_judged": interests_judged,
    "may_vote": may_vote,
    "not_yet_voted": not_yet_voted,
    "may_add_note": may_add_note,
    "vote_adopted": vote_adopted,
    "no_unresolved_passages": no_unresolved_passages,
    "nothing_leaks": nothing_leaks,
    "views_in": views_in,
    "addressee_is_another_organisation": addressee_is_another_organisation,
    "reaction_declined": reaction_declined,
}
