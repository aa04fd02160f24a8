"""Every record, every column and every name in a form or an answer stands in the glossary."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from marshmallow import Schema

import app.schemas
from app.db import Base, tables

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
WORDS = set(re.findall(r"`([^`]+)`", GLOSSARY.read_text("utf-8")))


def schemas(parent: type[Schema] = Schema) -> Iterator[type[Schema]]:
    for schema in parent.__subclasses__():
        yield schema
        yield from schemas(schema)


def test_every_record_is_explained() -> None:
    assert tables.METADATA.tables
    assert {mapper.class_.__name__ for mapper in Base.registry.mappers} - WORDS == set()


def test_every_column_is_explained() -> None:
    columns = {
        mapper.get_property_by_column(column).key for mapper in Base.registry.mappers for column in mapper.columns
    }

    assert columns - WORDS == set()


def test_every_name_that_outsiders_know_is_explained() -> None:
    for module in pkgutil.iter_modules(app.schemas.__path__):
        importlib.import_module(f"app.schemas.{module.name}")
    names = {
        field.data_key or name
        for schema in schemas()
        if schema.__module__.startswith("app.")
        for name, field in schema._declared_fields.items()
    }

    assert len(names) > 200
    assert names - WORDS == set()


def test_a_row_of_the_glossary_is_whole() -> None:
    """A table with a row that has a cell too few is not drawn as one."""
    lines = GLOSSARY.read_text("utf-8").splitlines()
    columns = 0
    for line in lines:
        if not line.startswith("|"):
            columns = 0
            continue
        columns = columns or line.count("|")
        assert line.count("|") == columns, line
