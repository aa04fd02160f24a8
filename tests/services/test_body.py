"""Bodies as data: who has a seat, by which rules they meet, and who sits for whom."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.config import value_list
from app.db.account import Account, Grant
from app.db.body import Body, Membership, RulesOfProcedure, Substitution
from app.db.interest import Interest, Withheld
from app.domain.access import Grant as GrantValue
from app.domain.errors import Invalid, NotPermitted, NotVisible
from app.services.body import PLACES, body_overview, body_with_code, create_body
from app.services.membership import appoint, end_term, seat_with, settle_terms, warning_about
from app.services.position import check_seat, keep_position, own_position, own_positions
from app.services.procedure import adopt_rules, may_adopt_rules
from app.services.substitution import end_substitution, people_in, register_substitution
from tests.make import (
    NOW,
    acting,
    later,
    make_account,
    make_body,
    make_case,
    make_item,
    make_meeting,
    make_organisation,
    make_seat,
)

TODAY = date(2026, 11, 23)
TERM = {"since": TODAY, "until": date(2030, 11, 22)}


@pytest.fixture
def body(work: Any) -> Body:
    return make_body(work, code="ethiek-utrecht", name="Ethische commissie", central=False)


@pytest.fixture
def administrator(work: Any) -> Any:
    return acting(work, make_account(work.session, "beheerder"))


def roles_of(work: Any, account: Account) -> list[tuple[str, int | None]]:
    query = select(Grant.role, Grant.body_id).where(Grant.account_id == account.id, Grant.ended_at.is_(None))
    return sorted((role, scope) for role, scope in work.session.execute(query))


def seated(work: Any, body: Body, place: str, **fields: Any) -> Account:
    """Somebody with a seat, and with its role."""
    kind = PLACES[place]
    account = make_account(work.session, name=fields.pop("name", ""))
    scope = None if body.central else body.id
    account.__dict__["made_with"] = frozenset({GrantValue(kind.role, None, scope)})
    work.session.add(Grant(account_id=account.id, role=kind.role, body_id=scope, granted_at=NOW))
    make_seat(work, body, account, role=kind.role, deputy=kind.deputy, votes=kind.votes, **fields)
    return account


def faults(error: Any) -> dict[str, list[str]]:
    return dict(error.value.faults)


# --- a body --------------------------------------------------------------------------------------------------


def test_the_administrator_makes_a_body_that_meets_by_the_kaderwet(administrator: Any) -> None:
    body = create_body(administrator, code="regietafel", name="Regietafel", body_kind="regietafel")

    shown = body_overview(administrator, body_with_code(administrator, "regietafel"))

    assert (shown.body.id, shown.body.central, shown.version, shown.in_office) == (body.id, False, None, [])
    assert shown.rules[0].origin == "Kaderwet adviescolleges, artikel 20 lid 2"


@pytest.mark.parametrize("code", ["ethiek-utrecht", "nieuw"])
def test_a_short_name_is_used_once(administrator: Any, body: Body, code: str) -> None:
    with pytest.raises(Invalid) as error:
        create_body(administrator, code=code, name="Nog een", body_kind="commissie")

    assert faults(error).keys() == {"code"}


def test_nobody_else_makes_a_body_and_one_that_is_not_there_is_not_found(work: Any) -> None:
    secretary = acting(work, make_account(work.session, "ccg_secretaris"))

    with pytest.raises(NotPermitted):
        create_body(secretary, code="eigen", name="Eigen", body_kind="commissie")
    with pytest.raises(NotVisible):
        body_with_code(secretary, "eigen")


def test_every_place_of_the_value_list_is_known() -> None:
    assert list(PLACES) == list(value_list("zetel"))


# --- appointing and ending -----------------------------------------------------------------------------------


def test_who_is_appointed_has_the_role_in_that_body_alone(administrator: Any, body: Body) -> None:
    account = make_account(administrator.session)

    seat = appoint(administrator, body, email=account.email, place="lid", **TERM)

    assert (seat.role, seat.votes, seat.deputy) == ("ccg_lid", True, False)
    assert roles_of(administrator, account) == [("ccg_lid", body.id)]
    assert warning_about(seat) is None


def test_in_the_central_body_a_role_has_no_scope(administrator: Any) -> None:
    account = make_account(administrator.session)

    appoint(administrator, make_body(administrator), email=account.email, place="secretaris", **TERM)

    assert roles_of(administrator, account) == [("ccg_secretaris", None)]


@pytest.mark.parametrize(
    ("place", "votes"),
    [
        ("voorzitter", True),
        ("lid", True),
        ("plv_lid", False),
        ("secretaris", False),
        ("plv_secretaris", False),
    ],
)
def test_chair_and_members_vote_and_nobody_else(administrator: Any, body: Body, place: str, *, votes: bool) -> None:
    account = make_account(administrator.session)

    assert appoint(administrator, body, email=account.email, place=place, **TERM).votes is votes


@pytest.mark.parametrize("place", ["secretaris", "plv_secretaris", "plv_lid", "plv_voorzitter"])
def test_a_vote_for_who_has_none_is_refused(administrator: Any, body: Body, place: str) -> None:
    account = make_account(administrator.session)

    with pytest.raises(Invalid) as error:
        appoint(administrator, body, email=account.email, place=place, votes=True, **TERM)

    assert faults(error).keys() == {"stemt"}


def test_a_member_may_be_without_a_vote(administrator: Any, body: Body) -> None:
    account = make_account(administrator.session)

    assert appoint(administrator, body, email=account.email, place="lid", votes=False, **TERM).votes is False


def test_nobody_appoints_themselves_and_nobody_but_the_administrator_appoints(work: Any, body: Body) -> None:
    administrator = make_account(work.session, "beheerder")
    secretary = seated(work, body, "secretaris")
    somebody = make_account(work.session)

    with pytest.raises(NotPermitted):
        appoint(acting(work, administrator), body, email=administrator.email, place="lid", **TERM)
    with pytest.raises(NotPermitted):
        appoint(acting(work, secretary), body, email=somebody.email, place="lid", **TERM)


def test_a_second_chair_at_the_same_time_is_refused(administrator: Any, body: Body) -> None:
    seated(administrator, body, "voorzitter", since=date(2024, 1, 1), until=date(2026, 12, 31))
    account = make_account(administrator.session)

    with pytest.raises(Invalid) as error:
        appoint(administrator, body, email=account.email, place="voorzitter", since=date(2026, 12, 31))
    assert faults(error).keys() == {"functie"}

    appoint(administrator, body, email=account.email, place="voorzitter", since=date(2027, 1, 1))


def test_the_same_seat_twice_at_the_same_time_is_refused(administrator: Any, body: Body) -> None:
    account = seated(administrator, body, "lid", since=date(2024, 1, 1), until=date(2026, 12, 31))

    with pytest.raises(Invalid) as error:
        appoint(administrator, body, email=account.email, place="lid", **TERM)
    assert faults(error).keys() == {"email"}

    # A new term may follow the old one.
    appoint(administrator, body, email=account.email, place="lid", since=date(2027, 1, 1))


@pytest.mark.parametrize(("has", "gets"), [("lid", "voorzitter"), ("secretaris", "lid"), ("plv_lid", "lid")])
def test_one_person_has_one_seat(administrator: Any, body: Body, has: str, gets: str) -> None:
    account = seated(administrator, body, has)

    with pytest.raises(Invalid) as error:
        appoint(administrator, body, email=account.email, place=gets, **TERM)

    assert faults(error).keys() == {"email"}


def test_a_deputy_chair_is_a_member_and_gets_no_role_of_the_chair(administrator: Any, body: Body) -> None:
    stranger, member = make_account(administrator.session), seated(administrator, body, "lid")
    with pytest.raises(Invalid) as error:
        appoint(administrator, body, email=stranger.email, place="plv_voorzitter", **TERM)
    assert faults(error).keys() == {"functie"}

    seat = appoint(administrator, body, email=member.email, place="plv_voorzitter", **TERM)

    assert (seat.role, seat.deputy, seat.votes) == ("ccg_voorzitter", True, False)
    assert roles_of(administrator, member) == [("ccg_lid", body.id)]


@pytest.mark.parametrize(
    ("answers", "field"),
    [({"email": "niemand@knelpunt.example"}, "email"), ({"until": date(2026, 11, 22)}, "tot")],
)
def test_an_appointment_that_cannot_be_is_refused(
    administrator: Any, body: Body, answers: dict[str, Any], field: str
) -> None:
    account = make_account(administrator.session)

    with pytest.raises(Invalid) as error:
        appoint(administrator, body, **{"email": account.email, "place": "lid", "since": TODAY, **answers})

    assert faults(error).keys() == {field}


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (TODAY, None, "geen einde"),
        (TODAY, date(2030, 11, 23), "langer dan 4 jaar"),
        (date(2028, 2, 29), date(2032, 2, 28), "langer dan 4 jaar"),
    ],
)
def test_a_long_term_is_warned_about_and_not_refused(
    administrator: Any, body: Body, since: date, until: date | None, words: str
) -> None:
    account = make_account(administrator.session)

    seat = appoint(administrator, body, email=account.email, place="lid", since=since, until=until)

    assert words in (warning_about(seat) or "")


def test_who_leaves_becomes_an_alumnus_and_loses_the_role(administrator: Any, body: Body) -> None:
    account = seated(administrator, body, "lid", name="Lid ethiek")
    (seat,) = administrator.session.scalars(select(Membership).filter_by(account_id=account.id))

    end_term(administrator, seat_with(administrator, body, seat.id), until=date(2026, 11, 22))

    shown = body_overview(administrator, body)
    assert shown.in_office == []
    assert [(one.name, one.place) for one in shown.alumni] == [("Lid ethiek", "lid")]
    assert roles_of(administrator, account) == []
    with pytest.raises(Invalid):
        end_term(administrator, seat, until=TODAY)


def test_a_deputy_chair_who_is_no_member_any_more_is_no_deputy(administrator: Any, body: Body) -> None:
    account = seated(administrator, body, "lid")
    deputy = appoint(administrator, body, email=account.email, place="plv_voorzitter", **TERM)
    seat = administrator.session.scalars(select(Membership).filter_by(account_id=account.id, role="ccg_lid")).one()

    end_term(administrator, seat, until=TODAY + timedelta(days=7))

    assert deputy.until == TODAY + timedelta(days=7)


def test_a_term_is_ended_by_the_administrator_of_others_and_not_before_it_began(work: Any, body: Body) -> None:
    secretary, member = seated(work, body, "secretaris"), seated(work, body, "lid")
    seat = work.session.scalars(select(Membership).filter_by(account_id=member.id)).one()

    with pytest.raises(NotPermitted):
        end_term(acting(work, secretary), seat, until=TODAY)
    with pytest.raises(Invalid) as error:
        end_term(acting(work, make_account(work.session, "beheerder")), seat, until=seat.since - timedelta(days=1))
    assert faults(error).keys() == {"tot"}
    with pytest.raises(NotVisible):
        seat_with(work, make_body(work), seat.id)


def test_roles_follow_the_terms_as_days_pass(administrator: Any, body: Body) -> None:
    account = make_account(administrator.session)
    appoint(administrator, body, email=account.email, place="lid", since=date(2026, 12, 1), until=date(2026, 12, 31))
    assert roles_of(administrator, account) == []

    def on(day: int, month: int, year: int = 2026) -> list[tuple[str, int | None]]:
        at = later(administrator, NOW.replace(day=day, month=month, year=year))
        settle_terms(at)
        assert settle_terms(at) == 0
        return roles_of(administrator, account)

    assert on(30, 11) == []
    assert on(1, 12) == [("ccg_lid", body.id)]
    assert on(31, 12) == [("ccg_lid", body.id)]
    assert on(1, 1, 2027) == []


def test_a_role_stays_while_another_term_gives_it(administrator: Any, body: Body) -> None:
    account = seated(administrator, body, "lid", since=date(2022, 1, 1), until=date(2026, 11, 22))
    make_seat(administrator, body, account, since=TODAY)

    assert settle_terms(administrator) == 0
    assert roles_of(administrator, account) == [("ccg_lid", body.id)]


def test_a_role_without_a_seat_and_a_role_that_was_taken_by_hand_are_left_alone(administrator: Any, body: Body) -> None:
    free = make_account(administrator.session, "ccg_lid")
    taken = seated(administrator, body, "lid", since=TODAY)
    grant = administrator.session.scalars(select(Grant).filter_by(account_id=taken.id)).one()
    grant.ended_at = NOW

    assert settle_terms(administrator) == 0
    assert roles_of(administrator, free) == [("ccg_lid", None)]
    assert roles_of(administrator, taken) == []


def test_whoever_comes_in_is_asked_about_the_items_that_wait(administrator: Any, body: Body) -> None:
    member = seated(administrator, body, "lid")
    coming = make_meeting(administrator, body, day=TODAY + timedelta(days=14))
    past = make_meeting(administrator, body, day=TODAY - timedelta(days=14))
    waits = make_item(administrator, make_case(administrator), coming)
    settled = make_item(administrator, make_case(administrator), coming, state="besloten")
    # What was held over stands in a meeting of the past until it is put in a later one.
    held = make_item(administrator, make_case(administrator), past, state="aangehouden")
    for item in (waits, settled, held):
        administrator.session.add(
            Interest(item_id=item.id, account_id=member.id, declared="geen_belang", explanation="", at=NOW)
        )
    account = make_account(administrator.session)

    appoint(administrator, body, email=account.email, place="lid", **TERM)

    rows = administrator.session.execute(select(Withheld.account_id, Withheld.item_id).distinct()).all()
    assert sorted(tuple(row) for row in rows) == [(account.id, waits.id), (account.id, held.id)]


# --- the rules of procedure ----------------------------------------------------------------------------------

NEW_RULES = {"tie": "verworpen", "excused_count": False, "source": "Verordening", "reason": "Wij zijn met weinigen."}


def test_the_secretary_of_the_body_adds_a_version_and_the_old_one_stays(work: Any, body: Body) -> None:
    secretary = acting(work, seated(work, body, "secretaris"))

    first = adopt_rules(secretary, body, since=TODAY, **NEW_RULES)
    second = adopt_rules(
        secretary, body, since=TODAY, quorum="twee_derde", source="Verordening", reason="Meer draagvlak."
    )

    assert (first.version, second.version) == (1, 2)
    # What was not changed is as it was in the version before.
    assert (second.tie, second.excused_count, second.papers_days) == ("verworpen", False, 7)
    assert second.account_id == secretary.actor.account_id
    shown = body_overview(work, body)
    assert shown.version is second
    assert [one.row.version for one in shown.versions] == [2, 1]
    ((old, new),) = shown.versions[0].changes
    assert "de helft van de leden" in old.text
    assert "twee derde" in new.text
    assert [rule.origin for rule in shown.rules if rule.about == "Staken van stemmen"] == ["Eigen keuze van het orgaan"]


def test_the_rules_are_kept_by_the_secretary_of_that_body(work: Any, body: Body) -> None:
    others = [
        seated(work, body, "voorzitter"),
        seated(work, make_body(work), "secretaris"),
        make_account(work.session, "beheerder"),
    ]

    for account in others:
        assert not may_adopt_rules(acting(work, account), body)
        with pytest.raises(NotPermitted):
            adopt_rules(acting(work, account), body, since=TODAY, **NEW_RULES)


def test_rules_hold_from_today_or_later_and_change_something(work: Any, body: Body) -> None:
    secretary = acting(work, seated(work, body, "secretaris"))
    with pytest.raises(Invalid) as error:
        adopt_rules(secretary, body, since=TODAY - timedelta(days=1), **NEW_RULES)
    assert faults(error).keys() == {"ingangsdatum"}
    adopt_rules(secretary, body, since=TODAY, **NEW_RULES)

    with pytest.raises(Invalid) as error:
        adopt_rules(secretary, body, since=TODAY, **NEW_RULES)

    assert faults(error).keys() == {""}
    assert len(work.session.scalars(select(RulesOfProcedure)).all()) == 1


# --- substitution --------------------------------------------------------------------------------------------

WEEK = {"since": TODAY, "until": TODAY + timedelta(days=6), "reason": "verlof"}


@pytest.mark.parametrize(
    ("absent", "substitute", "fits"),
    [
        ("lid", "plv_lid", True),
        ("lid", "lid", False),
        ("lid", "secretaris", False),
        ("voorzitter", "lid", True),
        ("voorzitter", "plv_lid", False),
        ("secretaris", "plv_secretaris", True),
        ("secretaris", "lid", False),
        ("plv_lid", "lid", False),
        ("plv_secretaris", "secretaris", False),
    ],
)
def test_nobody_votes_twice_and_nobody_sits_where_they_do_not_fit(
    work: Any, body: Body, absent: str, substitute: str, *, fits: bool
) -> None:
    secretary = seated(work, body, "secretaris", name="Wie het vastlegt")
    gone, comes = seated(work, body, absent), seated(work, body, substitute)

    def register() -> Substitution:
        return register_substitution(acting(work, secretary), body, absent=gone.email, substitute=comes.email, **WEEK)

    if fits:
        assert register().account_id == secretary.id
    else:
        with pytest.raises(Invalid):
            register()


def test_a_deputy_chair_sits_for_the_chair(work: Any, body: Body) -> None:
    chair, deputy = (
        seated(work, body, "voorzitter", name="Voorzitter"),
        seated(work, body, "lid", name="Plaatsvervanger"),
    )
    make_seat(work, body, deputy, role="ccg_voorzitter", deputy=True, votes=False)

    register_substitution(acting(work, chair), body, absent=chair.email, substitute=deputy.email, **WEEK)

    (one,) = body_overview(work, body).substitutions
    assert (one.absent, one.substitute, one.row.reason) == ("Voorzitter", "Plaatsvervanger", "verlof")
    assert {email for email, _ in people_in(work, body)} == {chair.email, deputy.email}


def test_who_is_absent_registers_it_and_another_member_does_not(work: Any, body: Body) -> None:
    gone, other, reserve = seated(work, body, "lid"), seated(work, body, "lid"), seated(work, body, "plv_lid")
    pair = {"absent": gone.email, "substitute": reserve.email}

    for account in (
        other,
        reserve,
        make_account(work.session, "beheerder"),
        seated(work, make_body(work), "secretaris"),
    ):
        with pytest.raises(NotPermitted):
            register_substitution(acting(work, account), body, **pair, **WEEK)

    assert register_substitution(acting(work, gone), body, **pair, **WEEK).absent_id == gone.id


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"since": TODAY - timedelta(days=1)}, "van"),
        ({"until": TODAY - timedelta(days=1)}, "tot"),
        ({"absent": "niemand@knelpunt.example"}, "afwezige"),
        ({"substitute": "niemand@knelpunt.example"}, "vervanger"),
        # The term of the deputy member ends within the period.
        ({"until": date(2027, 6, 1)}, "vervanger"),
    ],
)
def test_a_substitution_that_cannot_be_is_refused(work: Any, body: Body, answers: dict[str, Any], field: str) -> None:
    gone, reserve = seated(work, body, "lid"), seated(work, body, "plv_lid", until=date(2027, 1, 1))
    given = {"absent": gone.email, "substitute": reserve.email, **WEEK, **answers}

    with pytest.raises(Invalid) as error:
        register_substitution(acting(work, seated(work, body, "secretaris")), body, **given)

    assert faults(error).keys() == {field}


def test_one_sits_for_one_other_at_a_time(work: Any, body: Body) -> None:
    secretary = acting(work, seated(work, body, "secretaris"))
    chair, first, second = (seated(work, body, place) for place in ("voorzitter", "lid", "lid"))
    reserve, spare = seated(work, body, "plv_lid"), seated(work, body, "plv_lid")
    pairs = [(first, spare, "afwezige"), (second, reserve, "vervanger"), (chair, first, "vervanger")]
    register_substitution(secretary, body, absent=first.email, substitute=reserve.email, **WEEK)

    for gone, comes, field in pairs:
        with pytest.raises(Invalid) as error:
            register_substitution(secretary, body, absent=gone.email, substitute=comes.email, **WEEK)
        assert faults(error).keys() == {field}

    after = {"since": WEEK["until"] + timedelta(days=1), "until": WEEK["until"] + timedelta(days=1), "reason": "verlof"}
    register_substitution(secretary, body, absent=second.email, substitute=reserve.email, **after)


def test_a_substitution_ends_early_and_one_that_never_began_is_gone(work: Any, body: Body) -> None:
    secretary, gone, reserve = (seated(work, body, place) for place in ("secretaris", "lid", "plv_lid"))
    pair = {"absent": gone.email, "substitute": reserve.email}
    runs = register_substitution(acting(work, secretary), body, **pair, **WEEK)
    soon = {"since": TODAY + timedelta(days=30), "until": TODAY + timedelta(days=31), "reason": "verlof"}
    coming = register_substitution(acting(work, secretary), body, **pair, **soon)

    with pytest.raises(NotPermitted):
        end_substitution(acting(work, reserve), body, runs.id)
    with pytest.raises(NotVisible):
        end_substitution(acting(work, secretary), make_body(work), runs.id)
    end_substitution(acting(work, gone), body, runs.id)
    end_substitution(acting(work, secretary), body, coming.id)
    work.session.flush()

    assert [(one.id, one.until) for one in work.session.scalars(select(Substitution))] == [(runs.id, TODAY)]


# --- other positions -----------------------------------------------------------------------------------------


def test_a_member_keeps_own_positions_and_everybody_reads_them(work: Any, body: Body) -> None:
    home = make_organisation(work.session, "gemeente Modelveen")
    member = seated(work, body, "lid")
    mine = acting(work, member)
    check_seat(mine, body)

    position = keep_position(
        mine, organisation={"name": "gemeente Modelveen"}, title="Raadslid", since=date(2020, 1, 1)
    )
    keep_position(
        mine,
        organisation={"tooi_uri": home.tooi_uri},
        title="Wethouder",
        since=date(2020, 1, 1),
        until=date(2024, 1, 1),
        position=position,
    )

    ((kept, organisation),) = own_positions(mine)
    assert (kept.position_title, kept.until, organisation.id) == ("Wethouder", date(2024, 1, 1), home.id)
    (shown,) = body_overview(work, body).in_office
    assert [(one.organisation, one.title) for one in shown.positions] == [("gemeente Modelveen", "Wethouder")]


def test_positions_of_another_and_of_who_has_no_seat_are_not_there(work: Any, body: Body) -> None:
    make_organisation(work.session, "gemeente Modelveen")
    member, other = acting(work, seated(work, body, "lid")), acting(work, seated(work, body, "lid"))
    position = keep_position(member, organisation={"name": "gemeente Modelveen"}, title="Raadslid", since=TODAY)

    with pytest.raises(NotVisible):
        own_position(other, position.id)
    with pytest.raises(NotVisible):
        check_seat(acting(work, make_account(work.session, "melder")), body)


@pytest.mark.parametrize(
    ("answers", "field"),
    [({"until": TODAY - timedelta(days=1)}, "tot"), ({"organisation": {"name": "gemeente Nergens"}}, "organisatie")],
)
def test_a_position_that_cannot_be_is_refused(work: Any, body: Body, answers: dict[str, Any], field: str) -> None:
    make_organisation(work.session, "gemeente Modelveen")
    given = {"organisation": {"name": "gemeente Modelveen"}, "title": "Raadslid", "since": TODAY, **answers}

    with pytest.raises(Invalid) as error:
        keep_position(acting(work, seated(work, body, "lid")), **given)

    assert faults(error).keys() == {field}
