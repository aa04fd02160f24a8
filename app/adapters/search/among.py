"""Asking of many texts at once by their ids: as one value, because a thousand bound ones cost more than the answer."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session


def is_among(session: Session, column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """Is the value of a column one of these?"""
    if session.get_bind().dialect.name == "postgresql":
        array = bindparam("ids", list(ids), ARRAY(Integer), unique=True)
        return column == any_(array)  # type: ignore[no-any-return]
    listed = func.json_each(json.dumps(list(ids))).table_valued("value")
    return column.in_(select(listed.c.value))  # type: ignore[no-any-return]
