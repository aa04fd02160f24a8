"""What the benchmark does: each operation as a request to a server and as bare SQL."""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from scripts.bench import paper
from scripts.bench.bare import Bare
from scripts.bench.data import ACTIONS, ALL, LAW_OF_TABLE, ROWS_OF_TABLE, SEEN_BY_REPORTER, SOME, Data
from scripts.bench.server import Request, Server

API = "/api/v1"
NARROWED = {"status": "in_behandeling", "type": "juridisch"}
ORDERED = {**NARROWED, "sorteer": "termijn"}
LONGEST = 100
"""So many rows a page has at most."""
WORDS = slice(40, 400)
"""Words of a search come from here in the vocabulary: not the commonest, and all in use."""

HALFWAY, FARTHEST = 20_000, 100_000
"""Most is measured up to so many cases; what reads the table of all cases, or searches them, goes on to the last."""
FIRST, DEEP = "page 1, HTML", "deep page, HTML"

Requests = Callable[["Script", str, Server, int], Sequence[Request]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that people do: the requests that do it so many times, and the SQL that does it once."""

    name: str
    requests: Requests
    bare: Callable[["Script", Bare], None]
    readers: Sequence[str] = (ALL, SOME)
    status: int = 200
    goal: float | None = 2.5
    """At most so many times the processor time of the floor."""
    least: int = 0
    most: int = HALFWAY
    """It is measured from this many cases up to this many."""

    def fits(self, size: int) -> bool:
        """Is it measured with so many cases?"""
        return self.least <= size <= self.most


class Far(NamedTuple):
    """A place in a list: the cursor to it, the last case before it, and how many cases that are."""

    cursor: str
    number: str
    passed: int


class Script:
    """Makes up what is asked, the same each time."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.random = random.Random(7)
        self._far: dict[str, Far] = {}

    def number(self, reader: str = ALL) -> str:
        """A case that this reader sees."""
        return self.random.choice(self.data.numbers[reader])

    def words(self, amount: int) -> list[str]:
        """Words that cases hold."""
        return self.random.choices(self.data.words[WORDS], k=amount)

    def report(self) -> dict[str, Any]:
        """The body of a report."""
        first, second = self.random.sample(self.data.organisations[1:], 2)
        law = {"stelsel": "bwb", "id": "BWBR0031331", "artikel": str(self.random.randrange(1, 80))}
        return {
            "titel": " ".join(self.words(6)),
            "kernvraag": f"{' '.join(self.words(14))}?",
            "omschrijving": " ".join(self.words(70)),
            "typen": ["juridisch"],
            "uitwisseling": {
                "verstrekkers": [{"tooiUri": first}],
                "ontvangers": [{"tooiUri": second}],
                "gegevenscategorieen": ["inkomen"],
                "doel": "proef",
            },
            "grondslagen": [{**law, "lid": None, "onderdeel": None, "geldigOp": "2026-01-01"}],
            "grondslagOnbekend": False,
            "alGeprobeerd": "niets",
            "maatschappelijkEffect": "wachten",
            "urgentie": "normaal",
            "vertrouwelijkheid": "intern",
            "persoonsgegevensReden": None,
            "sluitAanBij": None,
        }

    def far(self, reader: str, server: Server) -> "Far":
        """Nine tenths down the list of all cases that a reader sees, reached as another system would."""
        if reader not in self._far:
            pages = len(self.data.numbers[reader]) * 9 // 10 // LONGEST
            path = f"{API}/knelpunten?aantal={LONGEST}"
            for _ in range(pages):
                _, headers, body = server.ask(Request("GET", path, self.token(reader)))
                path = headers["Link"].partition(">")[0].removeprefix("<")
            self._far[reader] = Far(
                parse_qs(urlsplit(path).query)["na"][0], json.loads(body)["resultaten"][-1]["nummer"], pages * LONGEST
            )
        return self._far[reader]

    @property
    def farthest(self) -> str:
        """The case at the end of the farthest page that was reached."""
        return max(self._far.values(), key=lambda far: far.passed).number

    def page(self, reader: str) -> dict[str, str]:
        """What a browser sends along."""
        return {"Cookie": f"sessie={self.data.readers[reader].cookie}"}

    def token(self, reader: str) -> dict[str, str]:
        """What another system sends along."""
        return {"Authorization": f"Bearer {self.data.readers[reader].token}"}

    def post(self, path: str, body: Mapping[str, Any], reader: str, **headers: str) -> Request:
        """A request that brings JSON."""
        sent = {**self.token(reader), "Content-Type": "application/json", **headers}
        return Request("POST", f"{API}{path}", sent, json.dumps(body).encode())


def _cases(script: Script, reader: str, _: Server, amount: int) -> list[Request]:
    return [Request("GET", f"/knelpunten/{script.number(reader)}", script.page(reader)) for _ in range(amount)]


def _cases_as_json(script: Script, reader: str, _: Server, amount: int) -> list[Request]:
    return [Request("GET", f"{API}/knelpunten/{script.number(reader)}", script.token(reader)) for _ in range(amount)]


def _list(script: Script, reader: str, _: Server, amount: int) -> list[Request]:
    return [Request("GET", f"/knelpunten?{urlencode(ORDERED)}", script.page(reader))] * amount


def _list_as_json(script: Script, reader: str, _: Server, amount: int) -> list[Request]:
    return [Request("GET", f"{API}/knelpunten?{urlencode(ORDERED)}", script.token(reader))] * amount


def _first(script: Script, reader: str, _: Server, amount: int) -> list[Request]:
    return [Request("GET", "/knelpunten", script.page(reader))] * amount


def _deep(script: Script, reader: str, server: Server, amount: int) -> list[Request]:
    """Who knows no cursors skips the cases before it."""
    far = script.far(reader, server)
    path = f"/knelpunten?{urlencode({'na': far.cursor, 'overslaan': far.passed})}"
    return [Request("GET", path, script.page(reader))] * amount


def _table(script: Script, reader: str, _: Server, amount: int) -> list[Request]:
    return [Request("GET", f"/knelpunten.csv?{urlencode({'grondslag': LAW_OF_TABLE})}", script.page(reader))] * amount


def _document(_: Script, reader: str, __: Server, amount: int) -> list[Request]:
    """Everybody may read it, so nobody says who asks."""
    return [Request("GET", f"/uitspraken/{paper.NUMBER}.pdf", {})] * amount


def _find(script: Script, reader: str, _: Server, amount: int) -> list[Request]:
    def asked() -> dict[str, Any]:
        return {"tekst": " ".join(script.words(3)), "grondslagen": [], "aantal": 10}

    return [script.post("/precedenten/gelijkende", asked(), reader) for _ in range(amount)]


def _report(script: Script, reader: str, _: Server, amount: int) -> list[Request]:
    return [script.post("/meldingen", script.report(), reader) for _ in range(amount)]


def _act(script: Script, reader: str, server: Server, amount: int) -> list[Request]:
    """Actions on cases that nobody acts on twice, each with the version that was seen just before."""

    def each() -> Iterator[Request]:
        numbers = script.data.actions[reader]
        for number in (numbers.pop() for _ in range(amount)):
            seen = server.ask(Request("GET", f"{API}/knelpunten/{number}", script.token(reader)))[1]
            body = {"tekst": " ".join(script.words(10)), "reden": " ".join(script.words(6))}
            match = {"If-Match": seen.get("ETag") or "*"}
            yield script.post(f"/knelpunten/{number}/acties/{ACTIONS[reader]}", body, reader, **match)

    return list(each())


OPERATIONS = (
    Operation("case, HTML", _cases, lambda script, bare: bare.read_with_history(script.number())),
    Operation("case, JSON", _cases_as_json, lambda script, bare: bare.read(script.number())),
    Operation("list of 25, HTML", _list, lambda script, bare: bare.stretch(NARROWED), most=FARTHEST),
    Operation("list of 25, JSON", _list_as_json, lambda script, bare: bare.stretch(NARROWED), most=FARTHEST),
    Operation(FIRST, _first, lambda script, bare: bare.stretch_of_all(), most=FARTHEST),
    # The floor skips what comes before; what counts here is the page itself against page 1.
    Operation(DEEP, _deep, lambda script, bare: bare.stretch_after(script.farthest), goal=None, most=FARTHEST),
    Operation("full text, JSON", _find, lambda script, bare: bare.find(script.words(3)), most=FARTHEST),
    Operation(
        "CSV of 1,000",
        _table,
        lambda script, bare: bare.table(LAW_OF_TABLE),
        goal=2.0,
        # Who sees a tenth sees a thousand.
        least=ROWS_OF_TABLE * SEEN_BY_REPORTER,
    ),
    Operation("PDF, kept", _document, lambda script, bare: bare.document(), readers=(ALL,), goal=None),
    Operation(
        "report, JSON",
        _report,
        lambda script, bare: bare.file(" ".join(script.words(6)), " ".join(script.words(70))),
        readers=(SOME,),
        status=201,
    ),
    Operation("action, JSON", _act, lambda script, bare: bare.act(script.number(), " ".join(script.words(10)))),
)
