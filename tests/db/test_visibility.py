"""The filter on what may be seen, against the plain rule: whatever the query, whoever reads."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, exists, func, select, union
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app.db.case import Case
from app.db.meeting import AgendaItem
from app.db.process import Attachment, Audience, Event, Follower, Message, Process
from app.db.visibility import AS_SYSTEM
from app.domain.access import PUBLIC, SYSTEM, Actor, Grant, account_key, may_see
from tests.make import (
    acting,
    make_account,
    make_case,
    make_item,
    make_meeting,
    make_organisation,
    make_party,
    make_report,
    work_of,
)

ORGANISATIONS = (1, 2, 3)
KEYS = (
    "official",
    "role:triagist",
    "role:ccg_lid",
    "role:auditor",
    *(f"org:{one}" for one in ORGANISATIONS),
    *(f"coordinator:{one}" for one in ORGANISATIONS),
    "account:1",
    "account:2",
)
grants = st.frozensets(
    st.one_of(
        st.builds(Grant, st.sampled_from(["triagist", "ccg_lid", "auditor", "behandelaar"])),
        st.builds(Grant, st.sampled_from(["melder", "orgcoordinator", "respondent"]), st.sampled_from(ORGANISATIONS)),
        st.builds(Grant, st.just("melder")),
    ),
    max_size=3,
)
readers = st.one_of(
    st.just(PUBLIC),
    st.just(SYSTEM),
    st.builds(Actor, st.sampled_from([None, 1, 2]), st.sampled_from(ORGANISATIONS), grants),
)
audiences = st.lists(st.tuples(st.frozensets(st.sampled_from(KEYS), max_size=3), st.booleans()), min_size=1, max_size=4)


def ids(rows: Iterable[Any]) -> list[int]:
    return sorted(row.id if isinstance(row, Process) else int(row) for row in rows)


other = aliased(Process)
joined = aliased(Process)
flat = aliased(Case, flat=True)
# Every way to ask that the filter promises to reach; each gives the ids of the processes that it finds.
WAYS: dict[str, Callable[[Session], list[int]]] = {
    "records": lambda session: ids(session.scalars(select(Process))),
    "records of one kind": lambda session: ids(session.scalars(select(Case))),
    "one column": lambda session: ids(session.scalars(select(Process.id))),
    "one column of the joined table": lambda session: ids(session.scalars(select(Case.id))),
    "an alias": lambda session: ids(session.scalars(select(other.id))),
    "get": lambda session: ids(
        process
        for identity in all_ids(session)
        if (process := session.get(Process, identity, populate_existing=True)) is not None
    ),
    "in": lambda session: ids(
        session.scalars(select(Process.id).where(Process.id.in_(select(Process.id).scalar_subquery())))
    ),
    "a join": lambda session: ids(session.scalars(select(Process.id).join(joined, joined.id == Process.id))),
    "the far side of a join": lambda session: ids(
        session.scalars(
            select(joined.id).select_from(Audience).join(joined, joined.id == Audience.process_id).distinct()
        )
    ),
    "the far side of a join of one kind": lambda session: ids(
        session.scalars(select(flat.id).select_from(Audience).join(flat, flat.id == Audience.process_id).distinct())
    ),
    "a subquery": lambda session: ids(session.scalars(select(select(Process.id).subquery().c.id))),
    "a union": lambda session: ids(session.scalars(union(select(Process.id), select(Process.id)))),
    "exists": lambda session: ids(
        identity
        for identity in all_ids(session)
        if session.scalar(select(exists(select(Process.id).where(Process.id == identity))))
    ),
    "a scalar subquery": lambda session: ids(
        identity
        for identity in all_ids(session)
        if session.scalar(select(select(Process.id).where(Process.id == identity).scalar_subquery())) is not None
    ),
    "journal": lambda session: ids(set(session.scalars(select(Event.process_id)))),
    "messages": lambda session: ids(set(session.scalars(select(Message.process_id)))),
    "attachments": lambda session: ids(set(session.scalars(select(Attachment.process_id)))),
    "followers": lambda session: ids(set(session.scalars(select(Follower.process_id)))),
    "messages by alias": lambda session: ids(set(session.scalars(select(aliased(Message).process_id)))),
}


def all_ids(session: Session) -> list[int]:
    return list(session.scalars(select(Process.id).execution_options(**AS_SYSTEM)))


def stage(session: Session, rows: list[tuple[frozenset[str], bool]]) -> dict[int, tuple[frozenset[str], bool]]:
    """Cases with these audiences, each with a line in everything that hangs from it."""
    work = work_of(session)
    account = make_account(session)
    made = {}
    for keys, public in rows:
        case = make_case(work, state="ingetrokken", public=public, audience=keys)
        session.add_all(
            [
                Message(
                    process_id=case.id,
                    account_id=None,
                    organisation_id=None,
                    role="systeem",
                    internal=True,
                    text="Notitie",
                    at=work.now,
                ),
                Attachment(
                    process_id=case.id,
                    name="brief.pdf",
                    digest="0" * 64,
                    size=1,
                    media_type="application/pdf",
                    account_id=None,
                    at=work.now,
                ),
                Follower(process_id=case.id, account_id=account.id),
            ]
        )
        session.execute(delete(Audience).where(Audience.process_id == case.id, Audience.key.not_in(keys)))
        made[case.id] = (keys, public)
    session.flush()
    return made


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=audiences, reader=readers)
def test_each_way_to_ask_gives_what_the_plain_rule_allows(
    session: Session, rows: list[tuple[frozenset[str], bool]], reader: Actor
) -> None:
    attempt = session.begin_nested()
    # An audience that nobody is in makes a case findable by its audience, for who may.
    made = stage(session, [(keys | {"role:nobody"}, public) for keys, public in rows])
    session.expunge_all()
    allowed = sorted(one for one, (keys, public) in made.items() if may_see(reader, keys, public=public))

    session.info["reader"] = reader
    found = {way: ask(session) for way, ask in WAYS.items()}
    counted = session.scalar(select(func.count()).select_from(Process))
    counted_column = session.scalar(select(func.count(Process.id)))
    session.info["reader"] = SYSTEM
    attempt.rollback()

    assert found == dict.fromkeys(WAYS, allowed)
    assert counted == counted_column == len(allowed)


@pytest.fixture
def hidden(work: Any) -> Any:
    """A case that a reporter sees, with an agenda item that the reporter does not see."""
    organisation = make_organisation(work.session)
    reporter = make_account(work.session, "melder", organisation=organisation)
    case = make_case(work, organisation=organisation, audience=[account_key(reporter.id)])
    make_party(work, case, organisation)
    make_report(work, case, organisation=organisation)
    make_item(work, case, make_meeting(work))
    work.session.flush()
    work.session.expunge_all()
    return acting(work, reporter)


item = aliased(AgendaItem, flat=True)


def test_a_join_to_what_may_not_be_seen_finds_nothing(hidden: Any) -> None:
    rows = hidden.session.execute(select(Case.number, item.number).join(item, item.case_id == Case.id))

    assert rows.all() == []


def test_an_outer_join_shows_what_may_be_seen_alone(hidden: Any) -> None:
    query = select(Case.number, item.number).outerjoin(item, item.case_id == Case.id)

    assert [(bool(case), found) for case, found in hidden.session.execute(query)] == [(True, None)]


def test_a_count_of_a_group_leaves_out_what_may_not_be_seen(hidden: Any) -> None:
    rows = hidden.session.execute(select(Process.kind, func.count(Process.id)).group_by(Process.kind)).all()

    assert [tuple(row) for row in rows] == [("knelpunt", 1)]


def test_relationships_of_what_is_seen_are_loaded_through_the_filter_too(hidden: Any) -> None:
    query = select(Case).options(selectinload(Case.parties), joinedload(Case.organisation))
    (case,) = hidden.session.scalars(query).unique()

    assert len(case.parties) == 1
    assert case.organisation is not None


def test_who_asks_as_the_system_says_so_in_the_query(hidden: Any) -> None:
    query = select(func.count(Process.id))

    assert hidden.session.scalar(query) == 1
    assert hidden.session.scalar(query.execution_options(**AS_SYSTEM)) == 3


def test_what_is_shown_later_is_seen_from_then_on(hidden: Any) -> None:
    items = select(AgendaItem.id)
    assert hidden.session.scalars(items).all() == []
    found = hidden.session.scalars(items.execution_options(**AS_SYSTEM)).one()

    hidden.session.add(Audience(process_id=found, key=account_key(hidden.actor.account_id)))
    hidden.session.flush()

    assert hidden.session.scalars(items).all() == [found]
