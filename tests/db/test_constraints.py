"""What the database itself refuses, on both kinds: each named constraint has a row here that it stops."""

from typing import Any

import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.tables import METADATA
from tests.db.world import make_world
from tests.make import NOW

NOBODY = 987_654_321
ADDED_TO = {"checkpoint", "event"}
"""These refuse every change, whatever the value."""

# Values that the check refuses, for any row of its table.
BROKEN: dict[str, dict[str, Any]] = {
    "ck_account_email_lower": {"email": "Functie@knelpunt.example"},
    "ck_attachment_digest_is_sha256": {"digest": "kort"},
    "ck_ballot_key_is_random": {"key": "kort"},
    "ck_case_not_its_own_main": {"main_id": METADATA.tables["case"].c.id},
    "ck_citation_one_citing": {"ruling_id": None, "case_id": None},
    "ck_delivery_done_has_an_outcome": {"outcome": "aangekomen"},
    "ck_delivery_done_or_failed": {"done_at": NOW, "outcome": "aangekomen", "failed_at": NOW},
    "ck_feed_line_place_positive": {"place": 0},
    "ck_feed_line_public_is_told": {"told": False, "public": True},
    "ck_feed_line_sequence_is_public": {"sequence": 7},
    "ck_match_verdict_share_in_percents": {"share": 101},
    "ck_organisation_one_identifier": {"tooi_uri": "https://identifier.example", "kvk_number": "90001354"},
    "ck_paper_digest_is_sha256": {"digest": "kort"},
    "ck_process_half_has_a_person": {"pending_action": "toelaten"},
    "ck_process_number_not_empty": {"number": ""},
    "ck_process_version_positive": {"version": 0},
    "ck_report_key_question_not_empty": {"key_question": ""},
    "ck_rules_of_procedure_version_positive": {"version": 0},
    "ck_ruling_adopted_has_number": {"adopted_at": None},
    "ck_ruling_adopted_is_frozen": {"frozen": None, "digest": None},
    "ck_ruling_frozen_has_digest": {"digest": None},
    "ck_search_text_one_thing": {"process_id": None, "external_id": None},
    "ck_system_client_id_not_empty": {"client_id": ""},
    "ck_substitution_two_persons": {"substitute_id": METADATA.tables["substitution"].c.absent_id},
    "ck_webhook_pause_has_a_reason": {"pause": "zelf"},
    "ck_webhook_url_not_empty": {"url": ""},
}
# What has to differ in the copy of a row, so that only this constraint stands in the way.
TWICE: dict[str, dict[str, Any]] = {
    "uq_account_email": {},
    "uq_body_code": {},
    "uq_bundle_meeting_id_selection": {},
    "uq_citation_case_id_precedent_id_relation": {},
    "uq_citation_ruling_id_precedent_id_relation": {},
    "uq_collection_item_collection_id_number": {},
    "uq_delivery_webhook_id_identity": {"place": 2},
    "uq_draft_key": {},
    "uq_draft_text_item_id_version": {},
    "uq_event_process_id_sequence": {},
    "uq_copied_citation_external_id_cited_relation": {},
    "uq_external_citation_ruling_id_external_id_relation": {},
    "uq_external_decision_number": {"source_id": "b"},
    "uq_external_decision_source_source_id": {"number": "EXT:a:b"},
    "uq_feed_line_identity": {"event_id": NOBODY, "place": None, "sequence": None},
    "uq_feed_line_place": {"event_id": NOBODY, "identity": "a", "sequence": None},
    "uq_feed_line_sequence": {"event_id": NOBODY, "identity": "a", "place": 2},
    "uq_interest_item_id_account_id": {},
    "uq_login_session_token_hash": {},
    "uq_match_verdict_case_id_number_account_id": {},
    "uq_membership_body_id_account_id_role_since": {},
    "uq_organisation_kvk_number": {},
    "uq_organisation_tooi_uri": {},
    "uq_outcome_case_id_organisation_id": {},
    "uq_paper_item_id_version": {},
    "uq_party_case_id_organisation_id_role": {},
    "uq_peer_event_peer_id_event_id": {},
    "uq_peer_source": {"url": "https://b.example"},
    "uq_peer_url": {"source": "b"},
    "uq_precedent_ruling_id": {"id": select(func.min(METADATA.tables["meeting"].c.id)).scalar_subquery()},
    "uq_process_number": {},
    "uq_public_record_number_issue": {},
    "uq_published_attachment_publication_id_attachment_id": {},
    "uq_report_number": {},
    "uq_ruling_number": {"sequence": 99},
    "uq_ruling_year_sequence": {"number": "CCG:2026:99"},
    "uq_rules_of_procedure_body_id_version": {},
    "uq_search_text_external_id": {},
    "uq_search_text_process_id": {},
    "uq_subscription_account_id_key": {},
    "uq_system_client_id": {},
    "uq_token_token_hash": {},
    "uq_vote_round_item_id_number": {},
}
CONSTRAINTS = {
    str(constraint.name): constraint
    for table in METADATA.sorted_tables
    for constraint in table.constraints
    if isinstance(constraint, CheckConstraint | UniqueConstraint)
}


def test_every_check_and_every_unique_constraint_is_tried_here() -> None:
    unique_indexes = {index.name for table in METADATA.sorted_tables for index in table.indexes if index.unique}

    assert CONSTRAINTS.keys() | unique_indexes == BROKEN.keys() | TWICE.keys()


@pytest.mark.parametrize("name", BROKEN)
def test_a_row_that_cannot_be_is_refused(work: Any, name: str) -> None:
    make_world(work)

    with pytest.raises(IntegrityError, match=name), work.session.begin_nested():
        work.session.execute(update(CONSTRAINTS[name].table).values(**BROKEN[name]))


@pytest.mark.parametrize("name", TWICE)
def test_what_there_is_once_is_refused_twice(work: Any, name: str) -> None:
    make_world(work)
    constraint = CONSTRAINTS[name]
    row = copied(work.session, constraint.table, [column.name for column in constraint.columns])

    with pytest.raises(IntegrityError) as refusal, work.session.begin_nested():
        work.session.execute(insert(constraint.table).values(**{**row, **TWICE[name]}))

    columns = ", ".join(f"{constraint.table.name}.{column.name}" for column in constraint.columns)
    assert name in str(refusal.value.orig) or str(refusal.value.orig).endswith(f": {columns}")


def test_every_reference_is_to_something_that_is_there(work: Any) -> None:
    make_world(work)
    references = [
        (table, constraint.columns[0])
        for table in METADATA.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, ForeignKeyConstraint)
    ]

    for table, column in references:
        attempt = to_nobody(work.session, table, column)
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"), work.session.begin_nested():
            work.session.execute(attempt)
    assert len(references) > 70


def test_what_must_be_there_cannot_be_emptied(work: Any) -> None:
    make_world(work)

    for table in METADATA.sorted_tables:
        for column in table.columns:
            if not column.nullable and not column.primary_key and table.name not in ADDED_TO:
                with pytest.raises(IntegrityError, match=r"(?i)not.null"), work.session.begin_nested():
                    work.session.execute(update(table).values({column.name: None}))


def copied(session: Session, table: Table, columns: list[str]) -> dict[str, Any]:
    """The values of a row in which these columns are filled, with an id of its own where it has one."""
    filled = [table.c[column].is_not(None) for column in columns]
    row = dict(session.execute(select(table).where(*filled).limit(1)).mappings().one())
    if "id" in row:
        row["id"] = (session.scalar(select(func.max(table.c.id))) or 0) + 1
    return row


def to_nobody(session: Session, table: Table, column: Column[Any]) -> Any:
    """What would let a row refer to something that is not there."""
    if table.name == "event":  # the journal is not updated, whatever the value
        return insert(table).values(**{**copied(session, table, ["sequence"]), "sequence": 99, column.name: NOBODY})
    key = next(iter(table.primary_key))
    filled = select(key).order_by(column.is_(None)).limit(1).scalar_subquery()
    return update(table).where(key == filled).values({column.name: NOBODY})
