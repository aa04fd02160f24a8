"""The story of the demonstration: read from its files, and played through the services, day after day."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.advice import Advice
from app.db.kind import COLLECTIONS, RECORDS
from app.db.meeting import AgendaItem
from app.db.organisation import Organisation
from app.db.precedent import Precedent
from app.db.process import Process
from app.db.publication import Publication
from app.db.recommendation import Recommendation
from app.domain.access import SYSTEM, SYSTEM_ROLE, Actor
from app.domain.calendar import AMSTERDAM, amsterdam_day
from app.domain.errors import DomainError
from app.schemas.form import load, load_action
from app.schemas.report import ReportSchema
from app.services import demo
from app.services.clock import remind
from app.services.form import initial_answers
from app.services.meeting import call_meeting
from app.services.process import Outcome, advance, process_for_action
from app.services.report import file_report
from app.services.turn import OUTSIDE
from app.services.work import Work, Workflows

FILES = Path(__file__).parent / "demo"
MINUTES = "minutes"
"""The form of which the story tells the general text alone."""
CASE, MEETING, RULING = "knelpunt", "vergadering", "uitspraak"
CLOCK_WAKES = time(7)
# What a step can make, and the name by which later steps of the same case find it.
NAMES: Mapping[type[Process], str] = {
    AgendaItem: "agendapunt",
    Publication: "publicatie",
    Precedent: "precedent",
}

_processes = Process.__table__
log = structlog.get_logger()
Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Script:
    """One file of the story, or one part of it: its key, its long answers, and what it made so far, by name."""

    key: str
    forms: Mapping[str, Any] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody does something on a day; `day` counts from today, and before it is negative."""

    day: int
    at: str
    script: Script
    by: str
    told: Mapping[str, Any]


def tell(session: Session, workflows: Workflows, now: datetime) -> list[str]:
    """Play the whole story, in the order of its days; what could not be done is skipped, and told as sentences."""
    return Story(session, workflows, now).play(steps())


def steps() -> list[Step]:
    """Every step of every file, in the order in which they happen."""
    files = [read(path.relative_to(FILES)) for path in sorted((FILES / "cases").glob("*.toml"))]
    cases = [*files, *read("invented.toml")["knelpunt"]]
    found = [
        *(step for row in read("vergaderingen.toml")["vergadering"] for step in _meeting(row)),
        *(step for row in cases for step in _case(row)),
        *(step for row in read("reactions.toml")["aanbeveling"] for step in _recommendation(row)),
    ]
    return sorted(found, key=attrgetter("day", "at"))


class Story:
    """The story while it is told: who acts, on which moment, and what was made by which name."""

    def __init__(self, session: Session, workflows: Workflows, now: datetime) -> None:
        self.session, self.workflows, self.now = session, workflows, now
        self.today = amsterdam_day(now)
        self.people: dict[str, Actor] = {SYSTEM_ROLE: SYSTEM}
        self.made: dict[str, str] = {}

    def play(self, story: Iterable[Step]) -> list[str]:
        """Take every step; one that is refused leaves nothing behind, and the story goes on."""
        skipped = []
        for step in story:
            try:
                with self.session.begin_nested():
                    self._take(step)
            except DomainError as error:
                skipped.append(f"{step.script.key}, dag {step.day}, {step.told.get('actie', 'begin')}: {error}")
                log.warning("demonstration", skipped=skipped[-1])
            # Every step begins as a request does, with nothing in memory.
            self.session.expunge_all()
        demo.put_away_letters(self._work(SYSTEM, self.now))
        return skipped

    def _take(self, step: Step) -> None:
        work = self._work(self._person(step.by), self._moment(step.day, step.at))
        begin = {CASE: self._report, MEETING: self._call}.get(step.told.get("begin", ""))
        if begin is not None:
            begin(work, step)
        else:
            self._act(work, step)
        self.session.flush()

    def _report(self, work: Work, step: Step) -> None:
        told = step.told
        answers = dict(told["melding"])
        if joins := told.get("sluitAan"):
            answers["sluitAanBij"] = self.made[f"{CASE}:{joins}"]
        report = file_report(work, load(ReportSchema, answers), demonstration=True, sources=told["sources"])
        case = self.session.get_one(Process, report.case_id)
        if not joins:
            self.made[f"{CASE}:{told['sleutel']}"] = case.number

    def _call(self, work: Work, step: Step) -> None:
        told = step.told
        held_on = self.today + timedelta(days=told["datum"])
        meeting = call_meeting(work, held_on=held_on, place=told["plaats"], body=told["orgaan"], demonstration=True)
        self.made[f"{MEETING}:{step.script.key}"] = meeting.number

    def _act(self, work: Work, step: Step) -> None:
        number = self._subject(step)
        record, waiting = self._standing(number)
        if waiting:
            self._remind_until(record, number, work)
        process = process_for_action(work, record, number, step.told["actie"])
        transition = work.workflows[process.kind, process.version].transition(step.told["actie"], process.state)
        answers: Mapping[str, Any] = {}
        reason = step.told.get("reden", "")
        if transition is not None and not work.actor.is_system:
            given = self._answers(step)
            if transition.asks == MINUTES:
                # What was recorded stands in the form already, and the secretary leaves it there.
                given = {**initial_answers(work, process, MINUTES), **given}
            answers, reason = load_action(transition.asks, {"reden": reason, **given})
        outcome = advance(work, process, action=step.told["actie"], answers=answers, reason=reason)
        self._remember(step, outcome)

    def _answers(self, step: Step) -> Mapping[str, Any]:
        fields = step.told.get("velden", {})
        found = step.script.forms[fields] if isinstance(fields, str) else fields
        return {name: self._resolved(value) for name, value in found.items()}

    def _resolved(self, value: Any) -> Any:
        """A value with what it refers to: a number that was given by now, or a day."""
        if isinstance(value, Mapping):
            return {name: self._resolved(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self._resolved(part) for part in value]
        if not isinstance(value, str) or not value.startswith("@"):
            return value
        kind, _, key = value[1:].partition(":")
        if kind == "dag":
            return (self.today + timedelta(days=int(key))).isoformat()
        # What was not made, because its own step was skipped, is no number.
        return self.made.get(f"{kind}:{key}", value)

    def _subject(self, step: Step) -> str:
        """The number of what the step is taken on."""
        on, script = step.told.get("op"), step.script
        if on is None:
            return self._known(step.told.get("subject", f"{CASE}:{script.key}"))
        if on in script.made:
            return script.made[on]
        kind, _, key = on.partition(":")
        if kind == "precedent" and key:
            return self._known(f"{RULING}:{key}")
        return self._known(f"{CASE}:{on}")

    def _known(self, name: str) -> str:
        if name not in self.made:
            raise DomainError(f"{name} is niet gemaakt")
        return self.made[name]

    def _remember(self, step: Step, outcome: Outcome) -> None:
        for process in outcome.made:
            if isinstance(process, Advice):
                step.script.made[step.told["als"]] = process.number
            elif isinstance(process, Recommendation):
                addressee = self.session.get_one(Organisation, process.organisation_id).name
                self.made[_recommended(step.script.key, process.position, addressee)] = process.number
            elif type(process) in NAMES:
                step.script.made[NAMES[type(process)]] = process.number
                if isinstance(process, Precedent):
                    self.made[f"{RULING}:{step.script.key}"] = process.number

    def _standing(self, number: str) -> tuple[type[Process], bool]:
        """What has this number, and whether it waits for somebody whom the clock reminds."""
        query = select(_processes.c.kind, _processes.c.turn.in_(OUTSIDE)).where(_processes.c.number == number)
        kind, waiting = self.session.execute(query).one()
        return RECORDS[COLLECTIONS[kind]], bool(waiting)

    def _remind_until(self, record: type[Process], number: str, work: Work) -> None:
        """Let the clock send the reminders that it would have sent by this day."""
        process = process_for_action(self._work(SYSTEM, work.now), record, number)
        for ago in range((work.today - process.entered_on).days, -1, -1):
            moment = datetime.combine(work.today - timedelta(days=ago), CLOCK_WAKES, tzinfo=AMSTERDAM)
            remind(self._work(SYSTEM, moment.astimezone(UTC)), process)
        self._work(work.actor, work.now)

    def _person(self, email: str) -> Actor:
        if email not in self.people:
            self.people[email] = demo.actor_of(self._work(SYSTEM, self.now), email)
        return self.people[email]

    def _moment(self, day: int, at: str) -> datetime:
        """The moment of a step; nothing happens later than now."""
        moment = datetime.combine(self.today + timedelta(days=day), time.fromisoformat(at), tzinfo=AMSTERDAM)
        return min(moment.astimezone(UTC), self.now)

    def _work(self, actor: Actor, now: datetime) -> Work:
        self.session.info["reader"] = actor
        return Work(self.session, actor, now, self.workflows)


def _case(row: Mapping[str, Any]) -> Iterator[Step]:
    forms = {**row.get("formulier", {}), RULING: row.get(RULING, {})}
    script = Script(row["sleutel"], forms)
    sources = [
        *({"label": fact, "url": ""} for fact in row.get("feiten", ())),
        *({"label": source["label"], "url": source.get("url", "")} for source in row.get("bronnen", ())),
    ]
    for reporter in row["melders"]:
        told = {
            "begin": CASE,
            "melding": _report(row["melding"], reporter),
            "sleutel": reporter.get("sleutel", script.key),
            "sluitAan": script.key if reporter.get("sluitAan") else None,
            "sources": sources,
        }
        yield Step(reporter["dag"], reporter.get("tijd", "08:00"), script, reporter["door"], told)
    yield from _way(row, script)


def _report(report: Mapping[str, Any], reporter: Mapping[str, Any]) -> dict[str, Any]:
    """The report as this reporter sent it."""
    own = {key: reporter[key] for key in ("titel", "omschrijving") if key in reporter}
    exchange = {**report["uitwisseling"], **reporter.get("uitwisseling", {})}
    return {**report, **own, "uitwisseling": exchange}


def _meeting(row: Mapping[str, Any]) -> Iterator[Step]:
    script = Script(row["sleutel"])
    yield Step(row["gemaakt"], "08:00", script, row["door"], {**row, "begin": MEETING})
    for step in _way(row, script):
        yield replace(step, told={"subject": f"{MEETING}:{script.key}", **step.told})


def _recommendation(row: Mapping[str, Any]) -> Iterator[Step]:
    subject = _recommended(row["uitspraak"], row["nummer"], row["organisatie"])
    for step in _way({"weg": row}, Script(subject)):
        yield replace(step, told={"subject": subject, **step.told})


def _recommended(ruling: str, place: int, addressee: str) -> str:
    return f"aanbeveling:{ruling}/{place}/{addressee}"


def _way(row: Mapping[str, Any], script: Script) -> Iterator[Step]:
    for told in row["weg"]["stappen"]:
        people = told["door"] if isinstance(told["door"], list) else [told["door"]]
        for person in people:
            yield Step(told["dag"], told.get("tijd", "09:00"), script, person, told)


def read(name: str | Path) -> dict[str, Any]:
    """One of the files."""
    return tomllib.loads((FILES / name).read_text("utf-8"))
