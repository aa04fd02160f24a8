"""A database full of invented cases, put in by the thousand and still whole: journals, audiences, words to find."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Table, func, insert, select, text
from sqlalchemy.orm import Session

from app.adapters.search.postings import Entry, put_many
from app.adapters.search.settling import compact
from app.db.account import Account
from app.db.case import TYPE, Case, CaseLaw, Facet, Party
from app.db.engine import open_session
from app.db.feed import FeedLine
from app.db.organisation import Organisation
from app.db.process import Audience, Event, Follower, Message, Process
from app.db.process import Counter as LastNumber
from app.db.report import Report
from app.domain import journal, number
from app.domain.access import SYSTEM, reporting_audience, role_key
from app.domain.calendar import Term, amsterdam_day, last_day
from app.domain.workflow import Workflow
from app.schemas.form import FORMS
from app.services import account as accounts
from app.services.definition import load_workflows
from app.services.feed import COUNTER
from app.services.report import FILE
from app.services.session import start_session
from app.services.token import create_token
from app.services.work import Work

ORGANISATIONS = 40
SEEN_BY_REPORTER = 10
"""One in so many cases is of the organisation of the reporter that the benchmark reads as."""

# What happened to a case so far, in turns; the definition says from where to where, and who did it.
WAYS: Sequence[tuple[str, ...]] = (
    (),
    ("oppakken",),
    ("oppakken", "notitie", "in_behandeling_nemen", "antwoorden", "notitie"),
    ("oppakken", "aanvulling_vragen"),
    ("oppakken", "aanvulling_vragen", "antwoorden", "aanvullen", "in_behandeling_nemen", "notitie"),
    ("oppakken", "in_behandeling_nemen", "notitie", "antwoorden", "opschalen_tactisch"),
    ("oppakken", "antwoorden", "in_behandeling_nemen", "oplossing_voorstellen"),
    ("oppakken", "niet_in_behandeling_nemen"),
)
LAW_OF_TABLE, ROWS_OF_TABLE = "BWBR0009999", 1_000
"""So many cases name this law, all of them seen by everybody who reads here; it narrows a list to as many rows."""
LAWS = ("BWBR0031331", "BWBR0015703", "BWBR0033715", "BWBR0005537", "BWBR0040940")
TYPES = ("juridisch", "technisch", "maatschappelijk", "ethisch")
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody in whose name the benchmark asks: by a cookie on the pages, by a token in the API."""

    name: str
    cookie: str
    token: str


@dataclass(slots=True)
class Data:
    """What was put in: who reads, and the numbers that they see."""

    readers: dict[str, Reader]
    organisations: list[str]
    words: list[str]
    numbers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    actions: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The cases on which a reader can take the action of the benchmark."""


def fill(engine: Engine, size: int) -> Data:
    """Put in so many cases; the same ones each time."""
    with open_session(engine, SYSTEM, writes=True) as session:
        made = _people(session)
        maker = Maker(made, load_workflows(FORMS)["knelpunt", 1], size)
        connection = session.connection()
        for batch in maker.batches(size):
            for table, rows in batch.items():
                connection.execute(insert(table), rows)
            put_many(session, maker.entries)
        _bring_to_rest(session)
        _count_on(connection, maker.today.year, size)
        session.commit()
    return maker.data


def _bring_to_rest(session: Session) -> None:
    after: str | None = ""
    while after is not None:
        after = compact(session, after=after, most=1)


@dataclass(frozen=True, slots=True)
class People:
    """Who there is: the account of each role, and the organisations, that of the reporter first."""

    accounts: Mapping[str, int]
    homes: Mapping[str, int]
    organisations: Sequence[tuple[int, str]]
    readers: dict[str, Reader]


ALL, SOME = "triagist", "melder"
"""The roles of the reader who sees every case, and of the one who sees one in ten."""
ROLES = (ALL, SOME, "behandelaar")
ACTIONS = {ALL: "notitie", SOME: "antwoorden"}
"""The action with a reason that each reader takes."""


def _people(session: Session) -> People:
    now = datetime.now(UTC)
    work = Work(session, SYSTEM, now, {})
    organisations = [
        Organisation(
            name=f"Gemeente Proefdorp {place}",
            kind="gemeente",
            tooi_uri=f"https://identifier.overheid.nl/tooi/id/gemeente/gm{9000 + place}",
            joined=True,
        )
        for place in range(ORGANISATIONS)
    ]
    session.add_all(organisations)
    session.flush()
    made: dict[str, Account] = {}
    readers = {}
    for role in ROLES:
        home = organisations[0] if role == SOME else organisations[-1]
        email = f"{role}@knelpunt.example"
        account = made[role] = accounts.create_account(work, email=email, name=role.capitalize(), organisation=home)
        accounts.grant_as_operator(work, account, role)
        token = create_token(work, account, name="benchmark")
        content = {"_user_id": str(account.id), "_fresh": True}
        cookie = start_session(session, account_id=account.id, data=content, now=now, browser="benchmark")
        readers[role] = Reader(role, cookie, token)
    session.flush()
    return People(
        {role: account.id for role, account in made.items()},
        {role: account.organisation_id for role, account in made.items()},
        [(organisation.id, organisation.tooi_uri or "") for organisation in organisations],
        readers,
    )


def _count_on(connection: Connection, year: int, size: int) -> None:
    """Let the application count on from the numbers and ids that were given out here."""
    counters = [{"kind": kind, "year": year, "last": size} for kind in ("knelpunt", "melding")]
    counted = connection.scalar(select(func.max(FeedLine.place))) or 0
    counters.append({"kind": COUNTER, "year": 0, "last": counted})
    connection.execute(insert(LastNumber.__table__), counters)
    if connection.dialect.name == "postgresql":
        for table in ("process", "event"):
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            )


class Maker:
    """Makes the rows of one case after the other."""

    def __init__(self, people: People, workflow: Workflow, size: int) -> None:
        self.people = people
        self.each = max(size // ROWS_OF_TABLE, SEEN_BY_REPORTER)
        self.workflow = workflow
        self.random = random.Random(20261121)
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.today = amsterdam_day(self.now)
        self.words = _vocabulary(self.random)
        self.weights = list(accumulate(1 / (place + 10) for place in range(len(self.words))))
        self.data = Data(people.readers, [uri for _, uri in people.organisations], self.words)
        self.rows: dict[Table, list[dict[str, Any]]] = {}
        self.events = 0
        self.entries: list[Entry] = []

    def batches(self, size: int) -> Iterator[Mapping[Table, list[dict[str, Any]]]]:
        """The rows in the order in which the tables refer to each other."""
        tables = (Process, Case, Audience, Event, FeedLine, Message, Facet, CaseLaw, Party, Report, Follower)
        for first in range(1, size + 1, BATCH):
            self.rows = {table.__table__: [] for table in tables}
            self.entries = []
            for identity in range(first, min(first + BATCH, size + 1)):
                self._case(identity, self.now - timedelta(minutes=20) * (size - identity + 1))
            yield {table: rows for table, rows in self.rows.items() if rows}

    def _case(self, identity: int, opened_at: datetime) -> None:
        mine = identity % SEEN_BY_REPORTER == 0
        place = 0 if mine else self.random.randrange(1, ORGANISATIONS)
        organisation_id = self.people.organisations[place][0]
        reporter = self.people.accounts[SOME] if mine else None
        title, question, story = self._text(6), f"{self._text(14)}?", self._text(70)
        life = _Life(self, number.make("knelpunt", self.today.year, identity), organisation_id, opened_at, reporter)
        life.live(self.random.choice(WAYS))
        self._add(Process, id=identity, kind="knelpunt", title=title, **life.process())
        self._add(
            Case,
            id=identity,
            key_question=question,
            description=story,
            exchange={"verstrekkers": [], "ontvangers": [], "gegevenscategorieen": ["inkomen"], "doel": title},
            tried=self._text(12),
            societal_effect=self._text(12),
            urgency="normaal",
            handler_id=life.handler_id,
            sources=[],
        )
        self._add_all(Audience, ({"process_id": identity, "key": key} for key in sorted(life.audience)))
        self._journal(identity, life)
        self._add_all(Message, ({"process_id": identity, **message} for message in life.messages))
        self._belongings(identity, organisation_id)
        self._report(identity, life, reporter, title, question, story)
        self._index(identity, title, question, story)
        self._tell(life, mine=mine)

    def _journal(self, identity: int, life: "_Life") -> None:
        for line in life.lines:
            self.events += 1
            self._add(Event, id=self.events, process_id=identity, **line)
            flags = {"told": True, "public": False, "internal": line["source"] == line["target"]}
            self._add(FeedLine, event_id=self.events, identity=str(UUID(int=self.events)), place=self.events, **flags)

    def _belongings(self, identity: int, organisation_id: int) -> None:
        types = self.random.sample(TYPES, self.random.choice((1, 2)))
        self._add_all(Facet, ({"case_id": identity, "facet": TYPE, "value": value} for value in types))
        self._add_all(
            CaseLaw,
            (
                {"case_id": identity, "system": "bwb", "identifier": law, "article": str(self.random.randrange(1, 80))}
                for law in self.random.sample(LAWS, 2)
            ),
        )
        if identity % self.each == 0:
            self._add(CaseLaw, case_id=identity, system="bwb", identifier=LAW_OF_TABLE, article=None)
        others = self.random.sample([one for one, _ in self.people.organisations[1:] if one != organisation_id], 2)
        self._add_all(
            Party,
            (
                {"case_id": identity, "organisation_id": other, "role": role, "invited_at": None}
                for other, role in zip(others, ("verstrekker", "ontvanger"), strict=True)
            ),
        )

    def _report(
        self, identity: int, life: "_Life", reporter: int | None, title: str, question: str, story: str
    ) -> None:
        self._add(
            Report,
            number=number.make("melding", self.today.year, identity),
            case_id=identity,
            organisation_id=life.organisation_id,
            account_id=reporter,
            title=title,
            key_question=question,
            description=story,
            types=["juridisch"],
            exchange={},
            laws=[],
            similar_shown=[],
            tried="",
            societal_effect="",
            urgency="normaal",
            confidentiality="intern",
            filed_at=life.opened_at,
        )
        if reporter is not None:
            self._add(Follower, process_id=identity, account_id=reporter)

    def _index(self, identity: int, title: str, question: str, story: str) -> None:
        entry = Entry(
            process_id=identity,
            external_id=None,
            kind="knelpunt",
            public=False,
            title=f"{title} {question}",
            body=story,
            excerpt=question,
        )
        self.entries.append(entry)

    def _tell(self, life: "_Life", *, mine: bool) -> None:
        """Remember who can ask for this case, and who can act on it."""
        for name, sees in ((ALL, True), (SOME, mine)):
            if sees:
                self.data.numbers[name].append(life.number)
                step = self.workflow.transition(ACTIONS[name], life.state)
                # Where a reply is about a solution, it asks something else.
                if step is not None and name in step.roles and len(step.effects) == 1:
                    self.data.actions[name].append(life.number)

    def _text(self, amount: int) -> str:
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=amount)).capitalize()

    def _add(self, record: type[Any], **row: Any) -> None:
        self.rows[record.__table__].append(row)

    def _add_all(self, record: type[Any], rows: Iterator[dict[str, Any]]) -> None:
        self.rows[record.__table__].extend(rows)


class _Life:
    """What happens to one case: each step as the definition has it, with its line in the journal."""

    def __init__(
        self, maker: Maker, own_number: str, organisation_id: int, opened_at: datetime, reporter: int | None
    ) -> None:
        self.maker = maker
        self.number = own_number
        self.organisation_id = organisation_id
        self.opened_at = self.at = opened_at
        self.state = maker.workflow.initial
        self.owner_id: int | None = None
        self.handler_id: int | None = None
        self.audience = set(reporting_audience("intern", organisation_id=organisation_id, account_id=reporter))
        self.lines: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.last_hash = journal.GENESIS
        self._write(FILE, None, SOME, "")
        self._enter()

    def live(self, way: Sequence[str]) -> None:
        """Take these steps."""
        for action in way:
            self._step(action)

    def process(self) -> dict[str, Any]:
        """The columns of the process as it stands at the end."""
        state = self.maker.workflow.states[self.state]
        return {
            "version": self.maker.workflow.version,
            "state": self.state,
            "number": self.number,
            "organisation_id": self.organisation_id,
            "owner_id": None if state.final else self.owner_id,
            "turn": state.turn,
            "opened_at": self.opened_at,
            "changed_at": self.at,
            "entered_on": self.entered_on,
            "due": _last_day(self.entered_on, state.term) if state.term else None,
            "revision": 1,
            "last_sequence": len(self.lines),
            "last_hash": self.last_hash,
        }

    def _step(self, action: str) -> None:
        transition = self.maker.workflow.transition(action, self.state)
        assert transition is not None, f"{action} from {self.state}"
        self.at += timedelta(minutes=self.maker.random.randrange(1, 600))
        source, reason = self.state, self.maker._text(10)
        role = next(role for role in ROLES if role in transition.roles)
        self.state = transition.target or source
        self._write(action, source, role, reason)
        if transition.target:
            self._enter()
        if "assign_handler" in transition.effects:
            self.handler_id = self.owner_id = self.maker.people.accounts["behandelaar"]
        if {"add_note", "add_reply"} & set(transition.effects):
            self._say(role, reason, internal="add_note" in transition.effects)

    def _enter(self) -> None:
        self.entered_on = amsterdam_day(self.at)
        self.audience |= {role_key(role) for role in self.maker.workflow.states[self.state].seen}

    def _write(self, action: str, source: str | None, role: str, reason: str) -> None:
        line = {
            "sequence": len(self.lines) + 1,
            "version": self.maker.workflow.version,
            "action": action,
            "source": source,
            "target": self.state,
            "half": False,
            "at": self.at,
            "account_id": self.maker.people.accounts[role] if self.lines else None,
            "for_account_id": None,
            "role": role,
            "organisation_id": self.maker.people.homes[role] if self.lines else self.organisation_id,
            "reason": reason,
            "answers": {},
        }
        hashed = journal.line_hash(self.last_hash, Event.line(SimpleNamespace(**line), self.number))
        self.lines.append({**line, "previous_hash": self.last_hash, "hash": hashed})
        self.last_hash = hashed

    def _say(self, role: str, words: str, *, internal: bool) -> None:
        self.messages.append(
            {
                "account_id": self.maker.people.accounts[role],
                "organisation_id": self.maker.people.homes[role],
                "role": role,
                "internal": internal,
                "text": words,
                "at": self.at,
            }
        )


def _vocabulary(source: random.Random) -> list[str]:
    """Words that nobody says, of Dutch syllables."""
    syllables = [
        first + middle + last for first in "bdgklmprstvw" for middle in "aeiou" for last in ("", "n", "r", "l")
    ]
    return sorted({"".join(source.choices(syllables, k=source.choice((2, 3, 3)))) for _ in range(4000)})


@cache
def _last_day(day: date, term: str) -> date:
    return last_day(day, Term.parse(term))
