"""The status of a precedent is what follows from the rulings that cite it and from what people did, at every moment."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine, select

from app.db.engine import make_engine, open_session
from app.db.precedent import Precedent
from app.db.ruling import Citation, Ruling
from app.domain.access import SYSTEM
from app.domain.errors import Invalid
from app.domain.precedent import closes_a_circle
from app.services.record import citations_of_draft
from app.services.standing import differences, standing_faults
from tests.databases import SqliteFiles
from tests.make import work_of
from tests.services.precedents import Shelf, cite


@pytest.fixture
def shelf(work: Any) -> Shelf:
    return Shelf(work)


def test_what_was_changed_behind_the_back_of_the_journal_is_found(shelf: Shelf) -> None:
    old = shelf.ruling()
    assert standing_faults(shelf.work) == []

    new = shelf.adopt(cite(old, "verfijnt"))
    assert standing_faults(shelf.work) == []
    shelf.work.session.get_one(Ruling, new.ruling_id)
    citation = shelf.work.session.scalars(select(Citation)).one()
    citation.relation = "noemt"
    shelf.work.session.flush()

    assert standing_faults(shelf.work) == [
        f"{old.number} staat op Genuanceerd, maar uit de verwijzingen en het verloop volgt Geldend."
    ]


RELATIONS = st.sampled_from(["volgt", "onderscheidt", "verfijnt", "herziet", "noemt"])
PARTS = st.sampled_from(["geheel", "onderdeel 2"])
CITED = st.tuples(st.integers(0, 50), RELATIONS, PARTS, st.booleans())


class Register(RuleBasedStateMachine):
    """Any sequence of rulings, publications, endings and nuances, each on a day of its own."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.opened = open_session(self.engine, SYSTEM, writes=True)
        self.shelf = Shelf(work_of(self.opened.__enter__()))
        self.precedents: list[Precedent] = []

    def teardown(self) -> None:
        self.shelf.work.session.rollback()
        self.opened.__exit__(None, None, None)

    def one(self, place: int) -> Precedent:
        return self.precedents[place % len(self.precedents)]

    def in_force(self) -> list[Precedent]:
        return [one for one in self.precedents if one.in_force_from and not one.in_force_until]

    @rule(cited=st.lists(CITED, max_size=3), published=st.booleans())
    def adopt(self, cited: list[tuple[int, str, str, bool]], published: bool) -> None:
        self.shelf.a_day_later()
        rows = {
            (target.id, relation): cite(target, relation, part=part, general=general)
            for place, relation, part, general in (cited if self.precedents else ())
            for target in [self.one(place)]
        }
        try:
            with self.shelf.work.session.begin_nested():
                made = self.shelf.adopt(*rows.values())
        except Invalid:
            # It follows what has ended.
            return
        self.precedents.append(made)
        if published:
            self.shelf.publish(made)

    @precondition(lambda self: any(one.in_force_from is None for one in self.precedents))
    @rule(place=st.integers(0, 50))
    def publish(self, place: int) -> None:
        self.shelf.a_day_later()
        waiting = [one for one in self.precedents if one.in_force_from is None]
        self.shelf.publish(waiting[place % len(waiting)])

    @precondition(lambda self: self.in_force())
    @rule(place=st.integers(0, 50), how=st.sampled_from(["withdraw", "declare_outdated"]))
    def end(self, place: int, how: str) -> None:
        self.shelf.a_day_later()
        getattr(self.shelf, how)(self.in_force()[place % len(self.in_force())])

    @precondition(lambda self: self.in_force())
    @rule(place=st.integers(0, 50), by=st.integers(0, 50))
    def qualify_by_hand(self, place: int, by: int) -> None:
        self.shelf.a_day_later()
        precedent = self.in_force()[place % len(self.in_force())]
        answers = {"nuance": "Alleen bij nacht.", "ruling": self.one(by).number}
        self.shelf.does(self.shelf.secretary, precedent, "nuanceren", **answers)

    @precondition(lambda self: any(one.is_nuanced for one in self.in_force()))
    @rule(place=st.integers(0, 50), every=st.booleans())
    def lift_by_hand(self, place: int, every: bool) -> None:
        self.shelf.a_day_later()
        nuanced = [one for one in self.in_force() if one.is_nuanced]
        precedent = nuanced[place % len(nuanced)]
        numbers = sorted({nuance.ruling_number for nuance in precedent.nuances})
        if every or len(numbers) == 1:
            self.shelf.does(self.shelf.secretary, precedent, "nuance_opheffen", motivation="Het is niet meer zo.")
        else:
            answers = {"ruling": numbers[place % len(numbers)], "motivation": "Het is niet meer zo."}
            self.shelf.does(self.shelf.secretary, precedent, "nuance_vervallen", **answers)

    @precondition(lambda self: len(self.precedents) > 1)
    @rule(place=st.integers(0, 50), relation=RELATIONS)
    def cite_what_builds_on_it(self, place: int, relation: str) -> None:
        session = self.shelf.work.session
        pairs = self.citations()
        cited = self.one(place)
        for citing in self.precedents:
            if closes_a_circle(pairs, citing.number, cited.number):
                ruling = session.get_one(Ruling, citing.ruling_id)
                with pytest.raises(Invalid), session.begin_nested():
                    citations_of_draft(self.shelf.work, ruling, [cite(cited, relation, part="geheel")])

    def citations(self) -> list[tuple[str, str]]:
        query = (
            select(Ruling.number, Precedent.number)
            .join(Citation, Citation.ruling_id == Ruling.id)
            .join(Precedent, Precedent.id == Citation.precedent_id)
        )
        return [(str(citing), str(cited)) for citing, cited in self.shelf.work.session.execute(query)]

    @invariant()
    def what_is_kept_is_what_follows(self) -> None:
        self.shelf.work.session.flush()

        assert differences(self.shelf.work) == []

    @invariant()
    def nothing_leads_back_to_itself(self) -> None:
        pairs = self.citations()

        assert not any(closes_a_circle([pair for pair in pairs if pair != one], *one) for one in pairs)


@pytest.fixture(scope="module")
def one_engine(sqlite_files: SqliteFiles) -> Iterator[Engine]:
    url = sqlite_files.migrated()
    engine = make_engine(url)
    yield engine
    engine.dispose()
    sqlite_files.drop(url)


def test_the_status_follows_from_what_happened_whatever_happens(one_engine: Engine) -> None:
    class Here(Register):
        engine = one_engine

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
            # Making the example smaller takes longer than finding it.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )
