"""Lists: what they show to whom, in which order, a stretch at a time, and for how many queries."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from app.config import value_list
from app.db.case import Case, CaseLaw, Facet
from app.db.process import Follower
from app.domain.access import OFFICIALS, PUBLIC, SYSTEM
from app.domain.errors import Invalid
from app.services.listing import COUNTED, EXAMINED, LONGEST, ORDERS, Filters, Stretch, part_of_table, processes
from app.services.process import advance
from app.services.work import Work
from tests.make import (
    acting,
    copy_case,
    later,
    make_account,
    make_case,
    make_organisation,
    make_party,
    make_report,
)
from tests.queries import counted

GIVEN_TO_PEOPLE = [role for role in value_list("rol") if role not in {"systeem", "publiek", "partij", "eigenaar"}]
KIND = Case.kind_name()
EVERY_FILTER = Filters(
    kind=KIND,
    states=("ingediend",),
    types=("juridisch",),
    organisation="gemeente Modelstad",
    law="BWBR0015703:64",
    late=True,
    words="bijstand",
    waiting=True,
    following=True,
    organisation_ids=(1,),
)
WAYS = [Filters(), Filters(kind=KIND), Filters(waiting=True), Filters(late=True), Filters(following=True), EVERY_FILTER]


def numbers(stretch: Stretch) -> list[str]:
    return [row.number for row in stretch.rows]


def stretches(work: Work, filters: Filters, **how: Any) -> Iterator[Stretch]:
    """All stretches of a list, each from the cursor of the one before."""
    after = None
    while True:
        stretch = processes(work, filters, after=after, **how)
        yield stretch
        after = stretch.following
        if after is None:
            return


# --- What it costs


def test_a_list_costs_the_same_number_of_queries_for_every_role_with_ten_cases_and_with_a_thousand(
    work: Any, engine: Any
) -> None:
    home = make_organisation(work.session)
    readers = [make_account(work.session, role, organisation=home) for role in GIVEN_TO_PEOPLE]
    audience = [OFFICIALS, f"org:{home.id}"]
    for _ in range(10):
        make_case(work, organisation=home, audience=audience)
    costs: dict[str, list[int]] = {}
    attempt = work.session.begin_nested()
    for amount in (0, 1000):
        if amount:
            copy_case(work, amount)
        for role, reader in zip(GIVEN_TO_PEOPLE, readers, strict=True):
            reading = acting(work, reader)
            with counted(engine) as sent:
                shown = [processes(reading, filters, order=order) for filters in WAYS for order in ORDERS]
            costs.setdefault(role, []).append(len(sent))
            assert bool(shown[0].rows), role
            assert shown[0].capped == bool(amount)
        work.session.info["reader"] = SYSTEM
    attempt.rollback()

    # One query for the rows and one for the count, whoever asks and however much there is.
    assert costs == {role: [2 * len(WAYS) * len(ORDERS)] * 2 for role in GIVEN_TO_PEOPLE}


def test_a_part_of_a_table_costs_one_query(work: Any, engine: Any) -> None:
    make_case(work)

    with counted(engine) as sent:
        part_of_table(work, Filters(), order="nummer", after=None, amount=2 * LONGEST)

    assert len(sent) == 1


def test_counting_stops_at_a_thousand(work: Any) -> None:
    make_case(work)
    attempt = work.session.begin_nested()
    copy_case(work, COUNTED - 1)
    exactly = processes(work, Filters())
    copy_case(work, 1, first=500_000)
    more = processes(work, Filters())
    attempt.rollback()

    assert (exactly.total, exactly.capped) == (1000, False)
    assert (more.total, more.capped) == (1000, True)


def test_of_an_organisation_with_very_many_cases_some_are_counted_and_the_list_says_at_least(work: Any) -> None:
    home = make_organisation(work.session)
    reporter = make_account(work.session, "melder", organisation=home)
    keys = [f"org:{home.id}", f"account:{reporter.id}"]
    make_case(work, organisation=home, audience=keys, title="Van ons")
    make_case(work, organisation=home, audience=keys, title="Zeldzaam")
    few = processes(acting(work, reporter), Filters(kind=Case.kind_name(), words="zeldzaam"))
    attempt = work.session.begin_nested()
    copy_case(work, EXAMINED // len(keys))
    one = processes(acting(work, reporter), Filters(kind=Case.kind_name(), words="zeldzaam"))
    every = processes(acting(work, reporter), Filters(kind=Case.kind_name()))
    attempt.rollback()

    assert (few.total, few.capped, few.least) == (1, False, 1)
    assert (one.total, one.capped, one.least) == (1, True, 1)
    assert (every.total, every.capped, every.least) == (1000, True, 1001)


# --- Who sees what


def test_a_list_and_its_count_hold_what_the_reader_may_see(work: Any) -> None:
    home = make_organisation(work.session)
    reporter = make_account(work.session, "melder", organisation=home)
    make_case(work, organisation=home, audience=[f"org:{home.id}"], title="Van ons")
    make_case(work, title="Van anderen")
    make_case(work, title="Van iedereen", public=True)

    own = processes(acting(work, reporter), Filters())
    everybody = processes(acting(work, PUBLIC), Filters())

    assert ([row.title for row in own.rows], own.total) == (["Van iedereen", "Van ons"], 2)
    assert ([row.title for row in everybody.rows], everybody.total) == (["Van iedereen"], 1)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(kind="vergadering"), 0),
        (Filters(states=("ingediend", "in_intake")), 2),
        (Filters(states=("in_intake",)), 1),
        (Filters(types=("juridisch",)), 1),
        (Filters(types=("juridisch", "ethisch")), 1),
        (Filters(types=("juridisch", "technisch")), 0),
        (Filters(organisation="GEMEENTE modelstad"), 1),
        (Filters(organisation="https://identifier.example/holder"), 1),
        (Filters(organisation="gemeente"), 0),
        (Filters(law="BWBR0015703"), 1),
        (Filters(law="BWBR0015703:64"), 1),
        (Filters(law="BWBR0015703:6"), 0),
        (Filters(words="BIJSTAND"), 1),
        (Filters(words="50%"), 1),
        (Filters(words="%"), 1),
        (Filters(words="_"), 0),
        (Filters(late=True), 1),
    ],
)
def test_a_list_is_narrowed(work: Any, filters: Filters, found: int) -> None:
    home = make_organisation(work.session, "gemeente Modelstad")
    holder = make_organisation(work.session, tooi_uri="https://identifier.example/holder")
    first = make_case(
        work,
        organisation=home,
        title="Gegevens voor de bijstand",
        facets=[Facet(facet="type", value="juridisch"), Facet(facet="type", value="ethisch")],
        laws=[CaseLaw(system="bwb", identifier="BWBR0015703", article="64")],
    )
    make_party(work, first, holder)
    make_case(work, state="in_intake", title="Voor 50% klaar", due=date(2026, 11, 20))

    stretch = processes(work, filters)

    assert (len(stretch.rows), stretch.total) == (found, found)


def test_what_is_followed_is_ones_own_choice(work: Any) -> None:
    follower, other = (make_account(work.session, "triagist") for _ in range(2))
    case = make_case(work)
    make_case(work)
    work.session.add(Follower(process_id=case.id, account_id=follower.id))
    work.session.flush()

    assert numbers(processes(acting(work, follower), Filters(following=True))) == [case.number]
    assert numbers(processes(acting(work, other), Filters(following=True))) == []


# --- What waits for whom


def test_what_nobody_holds_waits_for_everybody_with_the_role_and_then_for_who_took_it(work: Any) -> None:
    taker, other = (make_account(work.session, "triagist") for _ in range(2))
    case = make_case(work)
    waiting = Filters(waiting=True)
    assert [numbers(processes(acting(work, one), waiting)) for one in (taker, other)] == [[case.number]] * 2

    advance(acting(work, taker), case, action="oppakken")

    assert numbers(processes(acting(work, taker), waiting)) == [case.number]
    assert numbers(processes(acting(work, other), waiting)) == []


def test_a_question_waits_for_the_organisation_that_reported(work: Any) -> None:
    home = make_organisation(work.session)
    reporter = make_account(work.session, "melder", organisation=home)
    coordinator = make_account(work.session, "orgcoordinator", organisation=home)
    stranger = make_account(work.session, "melder")
    triagist = make_account(work.session, "triagist")
    case = make_case(work, state="in_intake", organisation=home, audience=[f"org:{home.id}", OFFICIALS])
    make_report(work, case, account_id=reporter.id)
    advance(acting(work, triagist), case, action="aanvulling_vragen", answers={"points": ["Sinds wanneer?"]})

    waiting = {
        who: numbers(processes(acting(work, account), Filters(waiting=True)))
        for who, account in (("own", reporter), ("lead", coordinator), ("other", stranger), ("asker", triagist))
    }

    assert waiting == {"own": [case.number], "lead": [case.number], "other": [], "asker": []}


def test_a_solution_waits_for_the_parties_that_have_not_answered(work: Any) -> None:
    case = make_case(work, state="oplossing_voorgesteld", audience=[OFFICIALS])
    holder, user = (make_organisation(work.session) for _ in range(2))
    silent, done = (make_account(work.session, "orgcoordinator", organisation=one) for one in (holder, user))
    make_party(work, case, holder)
    make_party(work, case, user, agreed=True)

    assert numbers(processes(acting(work, silent), Filters(waiting=True))) == [case.number]
    assert numbers(processes(acting(work, done), Filters(waiting=True))) == []


def test_a_second_half_waits_for_who_can_take_it(work: Any) -> None:
    secretary, chair = make_account(work.session, "ccg_secretaris"), make_account(work.session, "ccg_voorzitter")
    case = make_case(work, state="voorgedragen_ccg")
    case.pending_action, case.pending_by, case.turn = "toelaten", secretary.id, "ccg_voorzitter"
    work.session.flush()

    assert numbers(processes(acting(work, chair), Filters(waiting=True))) == [case.number]
    assert numbers(processes(acting(work, secretary), Filters(waiting=True))) == []


def test_a_transfer_waits_for_the_person_who_was_named_and_for_nobody_else(work: Any) -> None:
    owner, successor, other = (make_account(work.session, "triagist") for _ in range(3))
    case = make_case(work, state="in_intake", owner_id=owner.id)
    answers = {"new_owner": successor.email, "motivation": "Verlof."}
    advance(acting(work, owner), case, action="overdragen", answers=answers)

    waiting = [numbers(processes(acting(work, one), Filters(waiting=True))) for one in (owner, successor, other)]

    assert waiting == [[], [case.number], []]


# --- In which order, and a stretch at a time


def test_by_term_the_first_to_end_comes_first_and_what_has_none_stays_away(work: Any) -> None:
    later_one = make_case(work, due=date(2026, 12, 20))
    sooner = make_case(work, due=date(2026, 11, 20))
    same_day = make_case(work, due=date(2026, 12, 20))
    make_case(work, state="gesloten")

    stretch = processes(work, Filters(), order="termijn")

    assert numbers(stretch) == [sooner.number, later_one.number, same_day.number]
    assert stretch.total == 3


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("amount", [1, 3, 7, 20])
def test_the_stretches_are_complete_and_without_doubles(work: Any, order: str, amount: int) -> None:
    # Rows that are equal in what is ordered by are told apart by their id.
    made = [
        make_case(later(work, work.now + timedelta(minutes=place % 3)), due=date(2026, 12, 1 + place % 4)).number
        for place in range(20)
    ]

    found = [
        number for stretch in stretches(work, Filters(), order=order, amount=amount) for number in numbers(stretch)
    ]

    assert sorted(found) == sorted(made)
    assert found == numbers(processes(work, Filters(), order=order))


def test_rows_that_come_and_change_while_one_pages_push_nothing_out_and_repeat_nothing(work: Any) -> None:
    made = [make_case(later(work, work.now + timedelta(minutes=place))) for place in range(12)]
    pages = stretches(work, Filters(), amount=4)
    seen = numbers(next(pages))

    # A new case comes on top, one that was shown is changed, and one that was not yet shown is changed too.
    moment = later(work, work.now + timedelta(hours=1))
    make_case(moment)
    for case in (made[11], made[2]):
        case.write_line(action="notitie", source=case.state, actor=moment.actor, role="systeem", at=moment.now)
    work.session.flush()
    for stretch in pages:
        seen += numbers(stretch)

    assert len(seen) == len(set(seen))
    assert set(seen) == {case.number for case in made} - {made[2].number}


def test_by_number_nothing_that_was_there_is_missed_whatever_changes(work: Any) -> None:
    made = [make_case(work) for _ in range(9)]
    pages = stretches(work, Filters(), order="nummer", amount=2)
    seen = numbers(next(pages))

    for case in made:
        case.write_line(action="notitie", source=case.state, actor=work.actor, role="systeem", at=work.now)
    work.session.flush()
    for stretch in pages:
        seen += numbers(stretch)

    assert seen == [case.number for case in made]


@pytest.mark.parametrize(
    "after", ["onzin", "", "bnVsbA", "WzEsMiwzXQ", "WyJudW1tZXIiLCAiS05QIiwgIngiXQ", "WyJnZXdpamlnZCIsICJ4IiwgMV0"]
)
def test_a_cursor_that_is_not_ours_is_refused_in_words(work: Any, after: str) -> None:
    with pytest.raises(Invalid, match="Begin bij de eerste bladzijde"):
        processes(work, Filters(), order="gewijzigd", after=after)


def test_a_cursor_of_another_order_is_refused(work: Any) -> None:
    for _ in range(2):
        make_case(work)
    cursor = processes(work, Filters(), order="nummer", amount=1).following

    with pytest.raises(Invalid):
        processes(work, Filters(), order="termijn", after=cursor)


@pytest.mark.parametrize(
    ("how", "field"), [({"order": "titel"}, "sorteer"), ({"amount": 0}, "aantal"), ({"amount": LONGEST + 1}, "aantal")]
)
def test_an_order_or_an_amount_that_is_not_there_is_refused(work: Any, how: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        processes(work, Filters(), **how)

    assert list(refusal.value.faults) == [field]


def test_a_row_says_what_a_list_shows(work: Any) -> None:
    home = make_organisation(work.session, "gemeente Modelstad")
    owner = make_account(work.session, "triagist")
    make_case(work, state="in_intake", organisation=home, owner_id=owner.id, title="Gegevens", demonstration=True)

    (row,) = processes(work, Filters()).rows

    assert (row.title, row.organisation, row.state, row.turn) == (
        "Gegevens",
        "gemeente Modelstad",
        "in_intake",
        "triagist",
    )
    assert (row.owner_id, row.demonstration, row.held, row.extended) == (owner.id, True, False, False)
    assert row.changed_at == work.now
