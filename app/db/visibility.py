"""The one filter on what may be seen: the session adds it to every SELECT."""

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Executable, and_, bindparam, event, exists, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from app.db.interest import Withheld
from app.db.process import Attachment, Audience, Event, Follower, Message, Process
from app.domain.access import Actor, reader_keys

DEPENDENT = (Attachment, Event, Follower, Message)
"""Tables that hang from a process by `process_id` and are read by themselves."""

AS_SYSTEM = {"as_system": True}


@event.listens_for(Session, "do_orm_execute")
def only_what_may_be_seen(execution: ORMExecuteState) -> None:
    """Add to each SELECT what its reader may see; no list, count or export can forget it.

    What follows from a step may reach further than who took it sees: such a query says
    `.execution_options(**AS_SYSTEM)`, and its rows never leave the services. A statement about plain tables has
    nothing that a criterion could be added to (tests/project/test_shape.py knows where those are).
    """
    if not execution.is_select or not execution.is_orm_statement:
        return
    reader: Actor = execution.session.info["reader"]
    if reader.is_system:
        return
    # Also for what is loaded along with a record, since the criteria go with it.
    given: Any = execution.parameters or {}
    execution.parameters = {**given, KEYS: sorted(reader_keys(reader)), ACCOUNT: reader.account_id or NOBODY}
    if execution.is_column_load or execution.is_relationship_load or execution.execution_options.get("as_system"):
        return
    execution.statement = _filtered(execution.statement)


NOBODY = 0
KEYS, ACCOUNT = "keys_of_reader", "account_of_reader"
_keys: BindParameter[Any] = bindparam(KEYS, expanding=True)
_account: BindParameter[Any] = bindparam(ACCOUNT)
_seen = Process.__table__.alias("seen")
_seen_by = Audience.__table__.alias("seen_by")
_kept = Withheld.__table__.alias("kept")

# The rule of `access.may_see` for the holder of the keys that are given when it is asked.
# A lambda is given the alias under which a query names the table: a plain condition would be about the table
# itself, and let the far side of a join escape. Each row is asked by itself: a list of all that may be seen, which
# PostgreSQL makes of it but for the offset, would grow with the register.
_CRITERIA = (
    with_loader_criteria(
        Process,
        lambda process: or_(
            process.public,
            and_(
                exists(
                    select(_seen_by.c.process_id)
                    .where(_seen_by.c.process_id == process.id, _seen_by.c.key.in_(_keys))
                    .offset(0)
                ),
                ~exists(
                    select(_kept.c.process_id)
                    .where(_kept.c.process_id == process.id, _kept.c.account_id == _account)
                    .offset(0)
                ),
            ),
        ),
        include_aliases=True,
    ),
    *(
        with_loader_criteria(
            record,
            lambda hanging: exists(
                select(_seen.c.id).where(
                    _seen.c.id == hanging.process_id,
                    or_(
                        _seen.c.public,
                        and_(
                            exists(
                                select(_seen_by.c.process_id)
                                .where(_seen_by.c.process_id == _seen.c.id, _seen_by.c.key.in_(_keys))
                                .offset(0)
                            ),
                            ~exists(
                                select(_kept.c.process_id)
                                .where(_kept.c.process_id == _seen.c.id, _kept.c.account_id == _account)
                                .offset(0)
                            ),
                        ),
                    ),
                )
            ),
            include_aliases=True,
        )
        for record in DEPENDENT
    ),
)
_with_criteria: WeakKeyDictionary[Executable, Executable] = WeakKeyDictionary()


def _filtered(statement: Executable) -> Executable:
    """The statement with the criteria, the same for every reader; kept for as long as the statement itself is.

    A statement that is made once then also remembers by what key its SQL is found, which costs more than asking it.
    """
    found = _with_criteria.get(statement)
    if found is None:
        found = _with_criteria[statement] = statement.options(*_CRITERIA)
    return found
