"""One at a time changes what stands at an address: what was compared is still so when it is written."""

from zlib import crc32

from sqlalchemy import func, select

from app.services.work import Work

ADDRESSES = 1
"""The class of these locks among the advisory locks of PostgreSQL."""


def hold_address(work: Work, address: str) -> None:
    """Let nobody else change what stands at an address until this transaction ends.

    On SQLite who writes is alone already. Two addresses may share a lock, which costs a moment and nothing else.
    """
    if work.session.get_bind().dialect.name == "postgresql":
        # The lock takes a number with a sign.
        key = crc32(address.encode()) - 2**31
        work.session.execute(select(func.pg_advisory_xact_lock(ADDRESSES, key)))
