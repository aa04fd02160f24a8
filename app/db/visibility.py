"""The one filter on what may be seen: the session adds it to every SELECT."""

from functools import lru_cache

from sqlalchemy import and_, event, exists, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

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
    `.execution_options(**AS_SYSTEM)`, and its rows never leave the services.
    """
    if not execution.is_select or execution.is_column_load or execution.is_relationship_load:
        return
    reader: Actor = execution.session.info["reader"]
    if reader.is_system or execution.execution_options.get("as_system"):
        return
    keys = tuple(sorted(reader_keys(reader)))
    execution.statement = execution.statement.options(*_criteria(keys, reader.account_id or NOBODY))


NOBODY = 0
_seen = Process.__table__.alias("seen")
_seen_by = Audience.__table__.alias("seen_by")
_kept = Withheld.__table__.alias("kept")


@lru_cache(maxsize=1024)
def _criteria(keys: tuple[str, ...], account_id: int) -> tuple[ExecutableOption, ...]:
    """The rule of `access.may_see` for the holder of these keys; made once, since every SELECT asks it.

    A lambda is given the alias under which a query names the table: a plain condition would be about the table
    itself, and let the far side of a join escape. Each row is asked by itself: a list of all that may be seen, which
    PostgreSQL makes of it but for the offset, would grow with the register.
    """
    return (
        with_loader_criteria(
            Process,
            lambda process: or_(
                process.public,
                and_(
                    exists(
                        select(_seen_by.c.process_id)
                        .where(_seen_by.c.process_id == process.id, _seen_by.c.key.in_(keys))
                        .offset(0)
                    ),
                    ~exists(
                        select(_kept.c.process_id)
                        .where(_kept.c.process_id == process.id, _kept.c.account_id == account_id)
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
                                    .where(_seen_by.c.process_id == _seen.c.id, _seen_by.c.key.in_(keys))
                                    .offset(0)
                                ),
                                ~exists(
                                    select(_kept.c.process_id)
                                    .where(_kept.c.process_id == _seen.c.id, _kept.c.account_id == account_id)
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
