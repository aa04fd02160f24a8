"""What is not public is nowhere: not in a page, a file, a feed or a search, nor in what other organisations see."""

import json
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.api.operation import OPERATIONS
from app.db.notice import Notice, Outbox
from app.db.process import Process
from app.db.publication import PublicRecord
from tests.api.canaries import PASSWORD, UNUSED, Canaries, drawn, sing
from tests.api.conftest import shared_stage
from tests.api.stage import ROOT, Stage
from tests.api.walk import FAULT, addresses, endpoint_of, is_public, read
from tests.databases import Databases
from tests.site import Visitor

OTHER = "zwolle"
"""Somebody of an organisation that is no party; a recommendation was sent to it."""
SEARCHED = ("/precedenten", "/uitspraken", "/knelpunten", "/navolging", "/werkvoorraad")
# What is new in every answer, and says nothing of what is in it.
FRESH = re.compile(r'name="csrf_token"[^>]*>|"requestid":"[^"]*"|<code[^>]*>[0-9a-f]{16}</code>|[0-9a-f]{16}')


class Cage:
    """A stage on which a ruling was published, with canaries in everything around it."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.canary = stage, Canaries()
        self.paths = sing(stage, self.canary)
        drawn(stage)
        self.other = Visitor(stage.app.test_client())
        page = self.other.post("/inloggen", email=f"{OTHER}@knelpunt.example", wachtwoord=PASSWORD)
        assert page.status == 303, page.words

    def heard(self, visitor: Visitor | None = None, token: str | None = None) -> tuple[dict[str, list[str]], set[str]]:
        """Which canaries sing at which addresses, and the names of the addresses that answered."""
        songs, reached = {}, set()
        for path in addresses(self.stage):
            status, told = read(self.stage, path, visitor, token)
            assert status != FAULT, path
            if status < 300:
                reached.add(endpoint_of(self.stage, path))
            if found := self.canary.found_in(told):
                songs[path] = found
        return songs, reached


@pytest.fixture(scope="module")
def cage(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cage]:
    with shared_stage(databases, tmp_path_factory.mktemp("cage")) as stage:
        yield Cage(stage)


def test_there_are_enough_canaries_and_all_were_hidden(cage: Cage) -> None:
    with cage.stage.work() as work:
        dump = " ".join(
            json.dumps(dict(row), default=str, ensure_ascii=False)
            for table in sorted(Process.metadata.tables)
            for row in work.session.execute(select(Process.metadata.tables[table])).mappings()
        )

    heard = set(cage.canary.found_in(dump)) | {cage.canary.hidden[word] for word in cage.canary if word in dump.lower()}
    in_files = {place for place in cage.canary.hidden.values() if place.endswith((" docx", " pdf", "niet meegaat"))}

    assert len(cage.canary.hidden) >= 50
    assert set(cage.canary.hidden.values()) - heard - in_files == set()


def test_the_public_reads_of_none(cage: Cage) -> None:
    public = {one.endpoint for one in cage.stage.app.url_map.iter_rules() if is_public(cage.stage, one.endpoint)}

    songs, reached = cage.heard()

    assert songs == {}
    assert len(public) > 20
    assert {"ruling.show", "ruling.data", "ruling.document", "precedent.show", "recommendation.overview"} <= reached
    assert {f"api.{one.name}" for one in OPERATIONS if one.public and one.method == "GET"} & reached


def test_another_organisation_reads_of_none(cage: Cage) -> None:
    songs, reached = cage.heard(cage.other, OTHER)

    assert songs == {}
    assert {"case.index", "worklist.show", "recommendation.show", "api.publicatiesEen"} <= reached


def test_another_organisation_is_told_of_none(cage: Cage) -> None:
    """Neither in a notice nor in a letter; that a recommendation came, it hears."""
    with cage.stage.work() as work:
        notices = select(Notice.subject, Notice.text).where(Notice.account_id == cage.stage.accounts[OTHER])
        told = [str(tuple(row)) for row in work.session.execute(notices)]
        told += [
            str(job.payload) for job in work.session.scalars(select(Outbox)) if OTHER in str(job.payload.get("to"))
        ]

    assert cage.canary.found_in(" ".join(told)) == []


def test_the_document_was_drawn_and_says_what_may_be_said(cage: Cage) -> None:
    status, told = read(cage.stage, f"/uitspraken/{cage.paths['ruling']}.pdf")

    assert status == 200
    assert "[5.1.2e]" in told
    assert "De SVB mag leveren" in told


def test_no_search_knows_a_canary(cage: Cage) -> None:
    """An answer to a canary is the answer to a word that is nowhere, byte for byte."""
    differ = []
    for visitor, token in ((None, None), (cage.other, OTHER)):
        for path in (*SEARCHED, *(f"{ROOT}{one}" for one in ("/precedenten", "/knelpunten", "/uitspraken"))):
            nothing = answer_to(cage, path, UNUSED, visitor, token)
            differ += [
                (path, cage.canary.hidden[word])
                for word in cage.canary
                if answer_to(cage, path, word, visitor, token) != nothing
            ]
    assert differ == []


def answer_to(cage: Cage, path: str, word: str, visitor: Visitor | None, token: str | None) -> tuple[int, str]:
    heads = {"Authorization": f"Bearer token-{token}"} if token and path.startswith(ROOT) else {}
    client = visitor.client if visitor and not path.startswith(ROOT) else cage.stage.app.test_client()
    answer = client.get(path, query_string={"q": word}, headers=heads)
    text = answer.get_data(as_text=True)
    answer.close()
    return answer.status_code, FRESH.sub("", text.lower().replace(word.lower(), "?"))


def test_similar_texts_know_no_canary(cage: Cage) -> None:
    for who in (None, OTHER):
        for word in cage.canary:
            answer = cage.stage.post("/precedenten/gelijkende", who, {"tekst": f"Iets over {word}"})
            assert cage.canary.found_in(answer.text) == []
            assert answer.json["resultaten"] == []


def test_what_is_public_is_there_all_the_same(cage: Cage) -> None:
    with cage.stage.work() as work:
        record = work.session.scalars(select(PublicRecord.record)).one()

    assert record["titel"] == "De SVB mag leveren, zegt [5.1.2e]"
    assert record["bijlagen"] == [{"titel": "Nota [5.1.2e]", "tekst": "Deze nota gaat over [5.1.2e] en over gegevens."}]
    assert record["juridischKader"] == "De wet [5.1.2e] en [5.1.2e] gelden. [5.1.2e]"
    assert record["feiten"] == "[5.1.2e] belt. Mevrouw [5.1.2e] schrijft naar [5.1.2e], en [5.1.2e] ook."
    assert cage.stage.get("/precedenten?q=SVB").json["totaal"] == 1
