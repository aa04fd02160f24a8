"""Asking of many things at once: as one value, because a thousand bound ones cost more than the answer.

The statement is the same however many are asked, so a database reads it once.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, BindParameter, Boolean, Integer, String, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

NUMBERS = JSON().with_variant(ARRAY(Integer), "postgresql")
WORDS = JSON().with_variant(ARRAY(String), "postgresql")


class IsAmong(FunctionElement[bool]):
    """Is the value of a column one of a list?"""

    type = Boolean()
    name = "is_among"
    inherit_cache = True
    # A condition by itself: without this SQLite is asked whether it equals 1, and then uses no index.
    _is_implicitly_boolean = True


def is_among(column: Any, ids: Sequence[int]) -> IsAmong:
    """Is the value of a column one of these numbers?"""
    return IsAmong(column, bindparam(None, list(ids), NUMBERS, unique=True))


def among_words(column: Any, name: str) -> IsAmong:
    """Is the value of a column one of the words that are given with this name?"""
    return IsAmong(column, bindparam(name, type_=WORDS))


def among_numbers(column: Any, name: str) -> IsAmong:
    """Is the value of a column one of the numbers that are given with this name?"""
    listed: BindParameter[Any] = bindparam(name, type_=NUMBERS)
    return IsAmong(column, listed)


@compiles(IsAmong)
def _on_sqlite(element: IsAmong, compiler: SQLCompiler, **told: Any) -> str:
    column, listed = (compiler.process(clause, **told) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({listed}))"  # noqa: S608 - both are what the compiler made


@compiles(IsAmong, "postgresql")
def _on_postgresql(element: IsAmong, compiler: SQLCompiler, **told: Any) -> str:
    column, listed = (compiler.process(clause, **told) for clause in element.clauses)
    return f"{column} = ANY({listed})"
