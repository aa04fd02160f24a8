"""What an error of a database or a disk means, whichever database it is."""

import errno

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

DISK_FULL, UNIQUE_VIOLATION, READ_ONLY = "53100", "23505", "readonly database"


def is_full(error: BaseException) -> bool:
    """There is no room left to write."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    if not isinstance(error, DBAPIError):
        return False
    return _state(error) == DISK_FULL or "disk is full" in str(error.orig)


def is_lost(error: BaseException) -> bool:
    """The database cannot be reached or does not answer in time; later it may."""
    if isinstance(error, NoConnection):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, OperationalError) and READ_ONLY not in str(error.orig)


def is_duplicate(error: BaseException) -> bool:
    """Somebody else just wrote what may be there only once."""
    if not isinstance(error, IntegrityError):
        return False
    return _state(error) == UNIQUE_VIOLATION or "UNIQUE constraint failed" in str(error.orig)


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
