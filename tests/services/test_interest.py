"""What the system knows of a member's interest: each prompt, and when it is silent."""

from datetime import date
from typing import Any

import pytest

from app.db.account import Account
from app.db.body import OtherPosition
from app.db.meeting import AgendaItem
from app.db.organisation import Organisation
from app.services.interest import organisations_in, prompts, sentences
from tests.make import (
    NOW,
    acting,
    make_account,
    make_advice,
    make_case,
    make_item,
    make_meeting,
    make_organisation,
    make_party,
    make_report,
)

TODAY = date(2026, 11, 23)


@pytest.fixture
def party(work: Any) -> Organisation:
    return make_organisation(work.session, "gemeente Partij")


@pytest.fixture
def item(work: Any, party: Organisation) -> AgendaItem:
    """An item about a case of one organisation, to which another is a party."""
    case = make_case(work, organisation=make_organisation(work.session, "gemeente Melder"))
    make_report(work, case)
    make_party(work, case, party)
    return make_item(work, case, make_meeting(work))


def known(work: Any, item: AgendaItem, account: Account) -> list[str]:
    """What the member is asked about; a member sees nothing of the item yet."""
    return prompts(acting(work, account), item, account.id)


def worked_at(work: Any, account: Account, organisation: Organisation, since: date, until: date | None = None) -> None:
    work.session.add(
        OtherPosition(
            account_id=account.id,
            organisation_id=organisation.id,
            position_title="Adviseur",
            since=since,
            until=until,
        )
    )
    work.session.flush()


def test_who_has_nothing_to_do_with_it_is_asked_about_nothing(work: Any, item: AgendaItem) -> None:
    member = make_account(work.session, "ccg_lid")
    worked_at(work, member, make_organisation(work.session), date(2020, 1, 1))

    assert known(work, item, member) == []


def test_the_organisation_of_the_member_is_a_party(work: Any, item: AgendaItem, party: Organisation) -> None:
    assert known(work, item, make_account(work.session, "ccg_lid", organisation=party)) == ["organisatie_is_partij"]


def test_the_organisation_of_the_member_reported_it(work: Any, item: AgendaItem) -> None:
    (reporter,) = [key for key, name in organisations_in(work, item).items() if name == "gemeente Melder"]
    home = work.session.get_one(Organisation, reporter)

    assert known(work, item, make_account(work.session, "ccg_lid", organisation=home)) == ["organisatie_is_partij"]


def test_the_organisation_of_the_member_reported_a_case_that_was_merged_into_it(work: Any, item: AgendaItem) -> None:
    home = make_organisation(work.session)
    merged = make_case(work, organisation=home, main_id=item.case_id, state="samengevoegd")
    make_report(work, merged, organisation=home)

    assert known(work, item, make_account(work.session, "ccg_lid", organisation=home)) == ["organisatie_is_partij"]


@pytest.mark.parametrize(
    ("since", "until", "prompt"),
    [
        (date(2020, 1, 1), None, ["andere_functie"]),
        (TODAY, TODAY, ["andere_functie"]),
        (date(2026, 11, 24), None, []),
        (date(2020, 1, 1), date(2026, 11, 22), ["eerder_gewerkt"]),
        # Two years ago to the day, and two years and a day.
        (date(2020, 1, 1), date(2024, 11, 23), ["eerder_gewerkt"]),
        (date(2020, 1, 1), date(2024, 11, 22), []),
    ],
)
def test_a_position_with_a_party_counts_for_two_years_after_it_ended(
    work: Any, item: AgendaItem, party: Organisation, since: date, until: date | None, prompt: list[str]
) -> None:
    member = make_account(work.session, "ccg_lid")
    worked_at(work, member, party, since, until)

    assert known(work, item, member) == prompt


def test_who_advised_in_the_case_is_asked_about_it(work: Any, item: AgendaItem) -> None:
    member, refused = make_account(work.session, "ccg_lid"), make_account(work.session, "ccg_lid")
    case = make_case(work)
    for one, adviser, at in ((item.case_id, member, NOW), (item.case_id, refused, None), (case.id, refused, NOW)):
        advice = make_advice(work, case, adviser, delivered_at=at)
        advice.case_id = one
    work.session.flush()

    assert known(work, item, member) == ["eerder_adviseur"]
    assert known(work, item, refused) == []


def test_the_rapporteur_of_the_case_is_asked_about_it(work: Any) -> None:
    member = make_account(work.session, "ccg_lid")
    item = make_item(work, make_case(work, rapporteur_id=member.id), make_meeting(work))

    assert known(work, item, member) == ["rapporteur"]


def test_more_than_one_thing_may_be_known_and_each_is_a_sentence(
    work: Any, item: AgendaItem, party: Organisation
) -> None:
    member = make_account(work.session, "ccg_lid", organisation=party)
    worked_at(work, member, party, date(2020, 1, 1), date(2026, 1, 1))

    found = known(work, item, member)

    assert sentences(found) == [
        "De organisatie van dit lid is partij",
        "Dit lid werkte in de afgelopen twee jaar bij een partij",
    ]


def test_an_item_without_a_case_gives_no_prompt(work: Any) -> None:
    item = make_item(work, make_case(work), make_meeting(work))
    item.case_id = None
    work.session.flush()

    assert known(work, item, make_account(work.session, "ccg_lid")) == []
