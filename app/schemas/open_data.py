"""The tables that anybody may download whole: a row in columns for a spreadsheet, and the same with all it has."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.config import value_list
from app.db.recommendation import Recommendation
from app.domain.register import laws_of
from app.domain.spreadsheet import Cell, csv_lines
from app.services.follow_up import FollowUp, FollowUpFilters, follow_up
from app.services.register import Entry, register
from app.services.work import Work

Row = Mapping[str, Any]
LONGEST = 100
BETWEEN = "; "


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its name: what it holds, which of that is a column, and how its rows are read."""

    name: str
    title: str
    purpose: str
    columns: Sequence[str]
    rows: Callable[[Work, str], Iterator[Row]]
    stands_with_register: bool = True
    """Whether it changes with the register alone, and not with what organisations answer."""


def data_of(entry: Entry, site: str) -> dict[str, Any]:
    """A public record as data, with its whole address and where its precedent stands today."""
    standing = entry.standing
    status = {"code": standing.code, "label": standing.label} if standing else None
    return {**entry.record, "uri": site + entry.identity, "statusPrecedent": status}


def as_csv(table: Table, rows: Iterable[Row]) -> Iterator[str]:
    """The table as RFC 4180, line by line; a cell with more values has them one after another."""
    return csv_lines(table.columns, ([_cell(row.get(column)) for column in table.columns] for row in rows))


def as_json_lines(rows: Iterable[Row]) -> Iterator[str]:
    """The table as JSON, an object on each line."""
    return (json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=str) + "\n" for row in rows)


def _rulings(work: Work, site: str) -> Iterator[Row]:
    for entry in register(work):
        yield data_of(entry, site) | {"wetten": laws_of(entry.record), "adres": f"{site}/uitspraken/{entry.number}"}


def _precedents(work: Work, site: str) -> Iterator[Row]:
    for entry in register(work):
        standing, record = entry.standing, entry.record
        if standing is None:
            continue
        yield {
            "nummer": entry.number,
            "titel": entry.title,
            "kernregel": record.get("kernregel"),
            "conclusie": record.get("conclusie"),
            "status": standing.code,
            "statusLabel": standing.label,
            "geldigVanaf": standing.in_force_from,
            "geldigTot": standing.in_force_until,
            "datumHerbeoordeling": standing.review_on,
            "teHerbeoordelen": standing.to_reassess,
            "inHeroverweging": standing.under_reconsideration,
            "aantalKeerGebruikt": standing.used_count,
            "verwijstNaar": [
                {"relatie": row["relatie"]["code"], "nummer": row["nummer"], "reden": row.get("reden")}
                for row in record.get("citaties") or ()
            ],
            "adres": f"{site}/precedenten/{entry.number}",
            "voorbeeld": record.get("voorbeeld"),
        }


def _bottlenecks(work: Work, site: str) -> Iterator[Row]:
    for entry in register(work):
        record = entry.record
        names = ("kernvraag", "typen", "doel", "gegevenscategorieen", "partijen", "voorbeeld")
        yield {
            "uitspraak": entry.number,
            "titel": entry.title,
            **{name: record.get(name) for name in names},
            "wetten": laws_of(record),
            "adres": f"{site}/uitspraken/{entry.number}",
        }


def _follow_up(work: Work, site: str) -> Iterator[Row]:
    after: str | None = None
    while True:
        stretch = follow_up(work, FollowUpFilters(), after=after, amount=LONGEST)
        yield from (_followed(work, row, site) for row in stretch.rows)
        after = stretch.following
        if after is None:
            return


def _followed(work: Work, row: FollowUp, site: str) -> Row:
    state = work.workflows[Recommendation.kind_name(), row.version].states[row.state]
    reactions = value_list("reactie")
    return {
        "nummer": row.number,
        "uitspraak": row.ruling,
        "titel": row.title,
        "aanbeveling": row.text,
        "organisatie": row.organisation,
        "tooiUri": row.tooi_uri,
        "status": row.state,
        "statusLabel": state.label,
        "reactie": row.reaction,
        "reactieLabel": reactions.get(row.reaction, row.reaction) if row.reaction else None,
        "motivering": row.motivation,
        "planning": row.planned_on,
        "termijn": row.due,
        "adres": f"{site}/uitspraken/{row.ruling}",
        "voorbeeld": row.demonstration,
    }


TABLES = {
    table.name: table
    for table in (
        Table(
            "uitspraken",
            "Uitspraken",
            "Alle openbare uitspraken. Gebruik dit als u zelf wilt zoeken, tellen of vergelijken.",
            (
                *("nummer", "uri", "titel", "samenvatting", "datumVastgesteld", "datumGepubliceerd", "versie"),
                *("orgaan", "typeUitspraak", "conclusie", "kernvraag", "kernregel", "typen", "wetten"),
                *("statusPrecedent", "adres", "voorbeeld"),
            ),
            _rulings,
        ),
        Table(
            "precedenten",
            "Precedenten",
            "Welke regels nog gelden en welke niet meer, en naar welke uitspraken ze verwijzen.",
            (
                *("nummer", "titel", "kernregel", "conclusie", "status", "statusLabel", "geldigVanaf", "geldigTot"),
                *("datumHerbeoordeling", "teHerbeoordelen", "inHeroverweging", "aantalKeerGebruikt", "verwijstNaar"),
                *("adres", "voorbeeld"),
            ),
            _precedents,
        ),
        Table(
            "navolging",
            "Navolging",
            "Wat is geadviseerd en aan wie, wat is opgevolgd, wat niet, en waarom niet.",
            (
                *("nummer", "uitspraak", "titel", "aanbeveling", "organisatie", "tooiUri", "status", "statusLabel"),
                *("reactie", "reactieLabel", "motivering", "planning", "termijn", "adres", "voorbeeld"),
            ),
            _follow_up,
            stands_with_register=False,
        ),
        Table(
            "knelpunten",
            "Knelpunten (openbaar)",
            "Wat de openbare uitspraken zeggen over het knelpunt: de vraag, de soort en de wetten.",
            (
                *("uitspraak", "titel", "kernvraag", "typen", "wetten", "doel", "gegevenscategorieen", "partijen"),
                *("adres", "voorbeeld"),
            ),
            _bottlenecks,
        ),
    )
}


def _cell(value: Any) -> Cell:
    """A value as one cell: of something coded its label, of several all of them."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, Mapping):
        return str(value.get("label") or " ".join(str(part) for part in value.values() if part))
    if isinstance(value, (list, tuple)):
        return BETWEEN.join(str(_cell(part)) for part in value)
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
