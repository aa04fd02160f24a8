"""What a list page asks of the database: a fixed number of queries, whoever looks and however much there is."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from sqlalchemy import delete, select

from app.db.case import Case
from app.db.process import Audience, Process
from app.domain.access import OFFICIALS, TRIAGE_ROLE, role_key
from tests.make import copy_case, make_case
from tests.queries import counted
from tests.site import Site, Visitor, accounts

FIRST = 100_000
PAGES = (
    "/knelpunten?status=ingediend&type=juridisch&grondslag=BWBR0015703&organisatie=x&teLaat=true&sorteer=termijn",
    "/werkvoorraad",
    "/werkvoorraad?lijst=alles",
)


@pytest.fixture(scope="module")
def ten(site: Site) -> None:
    with site.work() as work:
        for _ in range(10):
            make_case(work, audience=[OFFICIALS, role_key(TRIAGE_ROLE)])


@pytest.fixture
def thousand_more(site: Site, ten: None) -> Iterator[None]:
    """Copies without a journal, which go again before the journals are read."""
    with site.work() as work:
        copy_case(work, 1000, first=FIRST)
    yield
    with site.work() as work:
        for column in (Audience.__table__.c.process_id, Case.__table__.c.id, Process.__table__.c.id):
            work.session.execute(delete(column.table).where(column >= FIRST))


def one_of_each_role() -> dict[str, str]:
    """The first account of every role, by role."""
    return {role: email for email, account in reversed(accounts().items()) for role in account["roles"]}


def costs(site: Site, visitors: Mapping[str, Visitor], paths: Sequence[str] = PAGES) -> dict[tuple[str, str], int]:
    found = {}
    for role, visitor in visitors.items():
        for path in paths:
            with counted(site.engine) as sent:
                page = visitor.get(path)
            assert page.status == 200, (role, path)
            # That a session was used is written once a minute, and is no part of the page.
            found[role, path] = sum("login_session" not in statement for statement in sent)
    return found


def test_a_list_page_costs_as_much_with_ten_cases_as_with_a_thousand(
    site: Site, ten: None, request: pytest.FixtureRequest
) -> None:
    visitors = {role: site.visitor(email) for role, email in one_of_each_role().items()}
    few = costs(site, visitors)
    request.getfixturevalue("thousand_more")
    many = costs(site, visitors)

    assert many == few
    # Who asks, and what: the session, the account, its grants and organisation; the rows and their count.
    assert max(few.values()) <= 7
    for path in PAGES:
        assert len({amount for (_, asked), amount in few.items() if asked == path}) == 1, path


def test_the_page_of_a_case_costs_as_much_with_ten_others_as_with_a_thousand(
    site: Site, ten: None, request: pytest.FixtureRequest
) -> None:
    visitors = {role: site.visitor(email) for role, email in one_of_each_role().items()}
    with site.work() as work:
        number = work.session.scalars(select(Case.number).order_by(Case.id).limit(1)).one()
    few = costs(site, visitors, [f"/knelpunten/{number}"])
    request.getfixturevalue("thousand_more")
    many = costs(site, visitors, [f"/knelpunten/{number}"])

    assert many == few
    assert max(few.values()) <= 32
