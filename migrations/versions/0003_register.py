"""Publication that leaks nothing, precedents with their nuances, and what became of it all."""

import re
from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003_register"
down_revision = "0002_commission"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
# Columns that cannot be empty: what a row that is there already gets.
GIVEN = {"citation": "general", "redaction": "proposed"}
LAW = re.compile(r"BWB[RVW]\d{7}|CVDR\d{1,9}|(?<!\d)3\d{4}[A-Z]{1,2}\d{4}")
ONE_THING = "(process_id IS NULL) <> (external_id IS NULL)"


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "external_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("laws", JSON, nullable=False),
        sa.Column("types", JSON, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_decision")),
        sa.UniqueConstraint("number", name=op.f("uq_external_decision_number")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_external_decision_source_source_id")),
    )
    with op.batch_alter_table("external_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_external_decision_decided_on"), ["decided_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_external_decision_imported_at"), ["imported_at"], unique=False)

    op.create_table(
        "annotation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("passage", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_annotation_account_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_annotation_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation")),
    )
    with op.batch_alter_table("annotation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_annotation_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_annotation_number"), ["number"], unique=False)

    op.create_table(
        "collection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_collection_account_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_collection_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection")),
    )
    with op.batch_alter_table("collection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collection_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_collection_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "law_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=True),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_law_change_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_change")),
    )
    with op.batch_alter_table("law_change", schema=None) as batch_op:
        batch_op.create_index("ix_law_change_identifier", ["identifier", "article"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("query", JSON, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_subscription_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_subscription_account_id_key")),
    )
    op.create_table(
        "collection_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name=op.f("fk_collection_item_collection_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_item")),
        sa.UniqueConstraint("collection_id", "number", name=op.f("uq_collection_item_collection_id_number")),
    )
    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organ", sa.String(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("parliamentary_paper", sa.String(), nullable=True),
        sa.Column("consequences", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_escalation_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_case_id"), ["case_id"], unique=False)

    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("gone", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_outcome_account_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_outcome_case_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_outcome_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("case_id", "organisation_id", name=op.f("uq_outcome_case_id_organisation_id")),
    )
    op.create_table(
        "structural",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=True),
        sa.Column("identifier", sa.String(), nullable=True),
        sa.Column("article", sa.String(), nullable=True),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_structural_case_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_structural_owner_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_structural")),
    )
    with op.batch_alter_table("structural", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_structural_identifier"), ["identifier"], unique=False)
        batch_op.create_index(batch_op.f("ix_structural_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "structural_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_structural_progress_account_id")),
        sa.ForeignKeyConstraint(["case_id"], ["structural.case_id"], name=op.f("fk_structural_progress_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structural_progress")),
    )
    with op.batch_alter_table("structural_progress", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_structural_progress_case_id"), ["case_id"], unique=False)

    op.create_table(
        "leak_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_for", sa.Integer(), nullable=False),
        sa.Column("looked_in", JSON, nullable=False),
        sa.Column("found", JSON, nullable=False),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"], name=op.f("fk_leak_check_publication_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leak_check")),
    )
    with op.batch_alter_table("leak_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leak_check_publication_id"), ["publication_id"], unique=False)

    op.create_table(
        "nuance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("precedent_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("ruling_number", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("citation_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["citation_id"], ["citation.id"], name=op.f("fk_nuance_citation_id")),
        sa.ForeignKeyConstraint(["precedent_id"], ["precedent.id"], name=op.f("fk_nuance_precedent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nuance")),
    )
    with op.batch_alter_table("nuance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nuance_precedent_id"), ["precedent_id"], unique=False)

    op.create_table(
        "precedent_law",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("precedent_id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=True),
        sa.Column("valid_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["precedent_id"], ["precedent.id"], name=op.f("fk_precedent_law_precedent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_precedent_law")),
    )
    with op.batch_alter_table("precedent_law", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_precedent_law_precedent_id"), ["precedent_id"], unique=False)
        batch_op.create_index("ix_precedent_law_reference", ["identifier", "article", "precedent_id"], unique=False)
    _keep_laws()

    op.create_table(
        "record_subject",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["public_record.id"], name=op.f("fk_record_subject_record_id_public_record")
        ),
        sa.PrimaryKeyConstraint("record_id", "subject", name=op.f("pk_record_subject")),
    )
    with op.batch_alter_table("record_subject", schema=None) as batch_op:
        batch_op.create_index("ix_record_subject_subject", ["subject", "record_id"], unique=False)
    _keep_subjects()

    op.create_table(
        "published_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_published_attachment_attachment_id")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_published_attachment_publication_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_attachment")),
        sa.UniqueConstraint(
            "publication_id", "attachment_id", name=op.f("uq_published_attachment_publication_id_attachment_id")
        ),
    )
    with op.batch_alter_table("published_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_published_attachment_publication_id"), ["publication_id"], unique=False)

    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outcome_asked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reconsideration", JSON, nullable=True))

    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("general", sa.Boolean(), nullable=False, server_default=sa.false()))

    op.execute(
        "INSERT INTO nuance (precedent_id, text, ruling_number, at) "
        "SELECT precedent.id, nuance, coalesce(nuance_from, ''), process.changed_at "
        "FROM precedent JOIN process ON process.id = precedent.id WHERE nuance IS NOT NULL"
    )
    with op.batch_alter_table("precedent", schema=None) as batch_op:
        batch_op.drop_column("nuance_from")
        batch_op.drop_column("nuance")
        batch_op.add_column(sa.Column("replaced_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("review_because", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_on", sa.Date(), nullable=True))

    with op.batch_alter_table("redaction", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proposed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("restored_because", sa.String(), nullable=True))

    with op.batch_alter_table("view", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("search_text", schema=None) as batch_op:
        batch_op.add_column(sa.Column("external_id", sa.Integer(), nullable=True))
        batch_op.alter_column("process_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_unique_constraint(batch_op.f("uq_search_text_external_id"), ["external_id"])
        batch_op.create_check_constraint(batch_op.f("ck_search_text_one_thing"), ONE_THING)
        batch_op.create_foreign_key(
            batch_op.f("fk_search_text_external_id"), "external_decision", ["external_id"], ["id"]
        )

    for table, column in GIVEN.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)
    op.create_table(
        "external_citation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ruling_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["external_id"], ["external_decision.id"], name=op.f("fk_external_citation_external_id")
        ),
        sa.ForeignKeyConstraint(["ruling_id"], ["ruling.id"], name=op.f("fk_external_citation_ruling_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_citation")),
        sa.UniqueConstraint(
            "ruling_id", "external_id", "relation", name=op.f("uq_external_citation_ruling_id_external_id_relation")
        ),
    )
    with op.batch_alter_table("external_citation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_external_citation_external_id"), ["external_id"], unique=False)


def downgrade() -> None:
    """Take the step back; what was imported is no longer found, and of several nuances the last is left."""
    with op.batch_alter_table("external_citation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_external_citation_external_id"))

    op.drop_table("external_citation")
    op.execute("DELETE FROM posting WHERE text_id IN (SELECT id FROM search_text WHERE process_id IS NULL)")
    op.execute("DELETE FROM search_text WHERE process_id IS NULL")
    with op.batch_alter_table("search_text", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_search_text_one_thing"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_search_text_external_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_search_text_external_id"), type_="unique")
        batch_op.alter_column("process_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("external_id")

    with op.batch_alter_table("view", schema=None) as batch_op:
        batch_op.drop_column("answered_at")
        batch_op.drop_column("answer")

    with op.batch_alter_table("redaction", schema=None) as batch_op:
        batch_op.drop_column("restored_because")
        batch_op.drop_column("proposed")

    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.drop_column("confirmed_on")

    with op.batch_alter_table("precedent", schema=None) as batch_op:
        batch_op.drop_column("reviewed_at")
        batch_op.drop_column("review_because")
        batch_op.drop_column("replaced_by")
        batch_op.add_column(sa.Column("nuance", sa.VARCHAR(), nullable=True))
        batch_op.add_column(sa.Column("nuance_from", sa.VARCHAR(), nullable=True))

    op.execute(
        "UPDATE precedent SET nuance = (SELECT text FROM nuance WHERE nuance.precedent_id = precedent.id "
        "AND lifted_at IS NULL ORDER BY nuance.id DESC LIMIT 1)"
    )
    op.execute(
        "UPDATE precedent SET nuance_from = (SELECT ruling_number FROM nuance "
        "WHERE nuance.precedent_id = precedent.id AND lifted_at IS NULL ORDER BY nuance.id DESC LIMIT 1)"
    )

    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.drop_column("general")

    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_column("reconsideration")
        batch_op.drop_column("outcome_asked_on")

    with op.batch_alter_table("published_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_published_attachment_publication_id"))

    op.drop_table("published_attachment")
    with op.batch_alter_table("record_subject", schema=None) as batch_op:
        batch_op.drop_index("ix_record_subject_subject")

    op.drop_table("record_subject")
    with op.batch_alter_table("precedent_law", schema=None) as batch_op:
        batch_op.drop_index("ix_precedent_law_reference")
        batch_op.drop_index(batch_op.f("ix_precedent_law_precedent_id"))

    op.drop_table("precedent_law")
    with op.batch_alter_table("nuance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nuance_precedent_id"))

    op.drop_table("nuance")
    with op.batch_alter_table("leak_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leak_check_publication_id"))

    op.drop_table("leak_check")
    with op.batch_alter_table("structural_progress", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_structural_progress_case_id"))

    op.drop_table("structural_progress")
    with op.batch_alter_table("structural", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_structural_owner_id"))
        batch_op.drop_index(batch_op.f("ix_structural_identifier"))

    op.drop_table("structural")
    op.drop_table("outcome")
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_case_id"))

    op.drop_table("escalation")
    op.drop_table("collection_item")
    op.drop_table("subscription")
    with op.batch_alter_table("law_change", schema=None) as batch_op:
        batch_op.drop_index("ix_law_change_identifier")

    op.drop_table("law_change")
    with op.batch_alter_table("collection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collection_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_collection_account_id"))

    op.drop_table("collection")
    with op.batch_alter_table("annotation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_annotation_number"))
        batch_op.drop_index(batch_op.f("ix_annotation_account_id"))

    op.drop_table("annotation")
    with op.batch_alter_table("external_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_external_decision_imported_at"))
        batch_op.drop_index(batch_op.f("ix_external_decision_decided_on"))

    op.drop_table("external_decision")


def _keep_subjects() -> None:
    """What the records that were published already are about, from the records themselves."""
    record = sa.table("public_record", sa.column("id"), sa.column("record", JSON))
    subject = sa.table("record_subject", sa.column("record_id"), sa.column("subject"))
    found = {
        (identity, name)
        for identity, content in op.get_bind().execute(sa.select(record.c.id, record.c.record))
        for name in (
            *(f"type:{row['code']}" for row in content.get("typen") or ()),
            *(
                f"wet:{law}"
                for row in content.get("grondslagen") or ()
                for law in LAW.findall(row.get("jci") or row.get("url") or "")[:1]
            ),
        )
    }
    if found:
        op.bulk_insert(subject, [{"record_id": identity, "subject": name} for identity, name in sorted(found)])


def _keep_laws() -> None:
    """The laws of the rulings that are there already, from the text as it was adopted."""
    ruling = sa.table("ruling", sa.column("id"), sa.column("content", JSON), sa.column("adopted_at"))
    precedent = sa.table("precedent", sa.column("id"), sa.column("ruling_id"))
    precedent_law = sa.table(
        "precedent_law",
        *(sa.column(name) for name in ("precedent_id", "system", "identifier", "article")),
        sa.column("valid_on", sa.Date),
    )
    query = sa.select(precedent.c.id, ruling.c.content).join(ruling, ruling.c.id == precedent.c.ruling_id)
    rows = [
        {
            "precedent_id": identity,
            "system": law["system"],
            "identifier": law["id"],
            "article": law.get("article"),
            "valid_on": date.fromisoformat(law["valid_on"]),
        }
        for identity, content in op.get_bind().execute(query)
        for law in content.get("grondslagen") or ()
        if law.get("valid_on")
    ]
    if rows:
        op.bulk_insert(precedent_law, rows)
