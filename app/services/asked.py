"""A search as somebody asks it, by the parameters of an address: the page, the API and what is kept of it alike."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.errors import Invalid
from app.domain.query import read
from app.services.facet import FACETS, OF_COMMISSION, OF_FOLLOWED, OF_OTHERS, SOURCE, WHOSE, YEAR, Wanted

RELEVANCE, DATE = "relevantie", "datum"
ORDERS = {RELEVANCE: "Wat het beste past", DATE: "Nieuwste eerst"}
WORDS, ORDER, BODY = "q", "sorteer", "orgaan"
YEAR_WRITTEN = re.compile(r"\d{4}", re.ASCII)
LONGEST_VALUE, MOST_VALUES = 200, 10
"""Of all facets together so many values can be wanted: each facet that narrows costs a ranking of its own."""
NO_VALUE = "Op deze waarde kunt u niet zoeken. Kies er een uit de lijst."
NO_YEAR = "Geef een jaar in vier cijfers, zoals 2026."
NOT_WHOSE = f"Kies {OF_COMMISSION}, {OF_FOLLOWED} of {OF_OTHERS}."
NO_ORDER = f"Kies een volgorde: {RELEVANCE} of {DATE}."
TOO_LONG = f"Geef hoogstens {LONGEST_VALUE} tekens."
TOO_MANY = f"Kies hoogstens {MOST_VALUES} filters tegelijk. Haal er een paar weg."


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for; what is empty narrows nothing. `cut`: more was written than is read."""

    words: str = ""
    wanted: Wanted = field(default_factory=dict)
    order: str = RELEVANCE
    cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing is asked."""
        return not (self.words or self.wanted)

    def parameters(self) -> dict[str, Any]:
        """The search as the parameters of an address; the same search always has the same."""
        values = {facet: list(values) if len(values) > 1 else values[0] for facet, values in self.wanted.items()}
        words = {WORDS: self.words} if self.words else {}
        order = {ORDER: self.order} if self.order != RELEVANCE else {}
        return {**words, **values, **order}

    def toggled(self, facet: str, value: str) -> "Search":
        """The same search with this value, or without it where it was asked."""
        values = self.wanted.get(facet, ())
        changed = [one for one in values if one != value] if value in values else [*values, value]
        wanted = {**self.wanted, facet: tuple(changed)}
        return replace(self, wanted={one: wanted[one] for one in FACETS if wanted.get(one)})

    def widened(self, facet: str) -> "Search":
        """The same search without a facet."""
        return replace(self, wanted={one: values for one, values in self.wanted.items() if one != facet})


def search_of(asked: Mapping[str, str | Sequence[str]]) -> Search:
    """A search from the parameters of an address; raises `Invalid` for each value that no text could have."""
    search = written(asked)
    if faults := _faults(asked, search):
        raise Invalid(faults)
    return search


def written(asked: Mapping[str, str | Sequence[str]]) -> Search:
    """The same as it was written, also where nothing can be found by it: to show it again, or because it was kept."""
    given = {name: _values(asked[name]) if name in asked else [] for name in (*FACETS, BODY)}
    given[SOURCE] += given.pop(BODY)
    query, order = read(_first(asked.get(WORDS, ""))), _first(asked.get(ORDER, ""))
    return Search(
        words=query.asked,
        wanted={facet: tuple(dict.fromkeys(given[facet])) for facet in FACETS if given[facet]},
        order=order if order in ORDERS else RELEVANCE,
        cut=query.cut,
    )


def _faults(asked: Mapping[str, str | Sequence[str]], search: Search) -> dict[str, list[str]]:
    """What cannot be asked, by the parameter, in sentences; `search` is what was read of it."""
    faults = {name: found for name in (*FACETS, BODY) if name in asked and (found := _faults_of(name, asked[name]))}
    order = _first(asked.get(ORDER, ""))
    if order and order not in ORDERS:
        faults[ORDER] = [NO_ORDER]
    wanted = search.wanted
    if sum(map(len, wanted.values())) > MOST_VALUES:
        most = max(wanted, key=lambda facet: len(wanted[facet]))
        faults[most] = [*faults.get(most, ()), TOO_MANY]
    return faults


def _faults_of(name: str, given: str | Sequence[str]) -> list[str]:
    whole = [given] if isinstance(given, str) else list(given)
    values = _values(given)
    refused = {
        NO_VALUE: any(not value.isprintable() for value in whole),
        TOO_LONG: any(len(value) > LONGEST_VALUE for value in values),
        NO_YEAR: name == YEAR and any(YEAR_WRITTEN.fullmatch(value) is None for value in values),
        NOT_WHOSE: name == WHOSE and not {OF_COMMISSION, OF_FOLLOWED, OF_OTHERS}.issuperset(values),
    }
    return [sentence for sentence, is_refused in refused.items() if is_refused][:1]


def _values(given: str | Sequence[str]) -> list[str]:
    """What was written, without what cannot be shown again."""
    values = [given] if isinstance(given, str) else given
    shown = ("".join(sign if sign.isprintable() else " " for sign in value) for value in values)
    return [kept for value in shown if (kept := " ".join(value.split()))]


def _first(given: str | Sequence[str]) -> str:
    return given if isinstance(given, str) else next(iter(given), "")
