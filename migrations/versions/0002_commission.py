"""Bodies with rules of their own, interests that keep an item from a member, sealed ballots, papers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002_commission"
down_revision = "0001_first_tables"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
REFUSAL = "the journal is only added to"
# What a row that is there already gets in a new column that cannot be empty.
GIVEN = {
    "body_kind": "'commissie'",
    "central": "true",
    "deputy": "false",
    "written": "false",
    "opinions_open": "false",
    "excused_count_for_quorum": "true",
    "names_in_result": "false",
}


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "other_position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("position_title", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_other_position_account_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_other_position_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_position")),
    )
    with op.batch_alter_table("other_position", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_other_position_account_id"), ["account_id"], unique=False)

    op.create_table(
        "rules_of_procedure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("quorum", sa.String(), nullable=False),
        sa.Column("excused_count", sa.Boolean(), nullable=False),
        sa.Column("tie", sa.String(), nullable=False),
        sa.Column("papers_days", sa.Integer(), nullable=False),
        sa.Column("note_days", sa.Integer(), nullable=False),
        sa.Column("note_length", sa.Integer(), nullable=False),
        sa.Column("written_days", sa.Integer(), nullable=False),
        sa.Column("names_in_result", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_rules_of_procedure_version_positive")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_rules_of_procedure_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_rules_of_procedure_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_of_procedure")),
        sa.UniqueConstraint("body_id", "version", name=op.f("uq_rules_of_procedure_body_id_version")),
    )
    op.create_table(
        "substitution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("absent_id", sa.Integer(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("absent_id <> substitute_id", name=op.f("ck_substitution_two_persons")),
        sa.ForeignKeyConstraint(["absent_id"], ["account.id"], name=op.f("fk_substitution_absent_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_substitution_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_substitution_body_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["account.id"], name=op.f("fk_substitution_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
    )
    with op.batch_alter_table("substitution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_substitution_body_id"), ["body_id"], unique=False)

    op.create_table(
        "bundle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("selection", sa.String(), nullable=False),
        sa.Column("papers", JSON, nullable=False),
        sa.Column("pdf_digest", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_bundle_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle")),
        sa.UniqueConstraint("meeting_id", "selection", name=op.f("uq_bundle_meeting_id_selection")),
    )
    op.create_table(
        "action_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("doer", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_action_point_item_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_action_point_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_point")),
    )
    with op.batch_alter_table("action_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_point_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "challenge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_against", sa.Integer(), nullable=True),
        sa.Column("motivation", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_challenge_account_id")),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_challenge_item_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_challenge_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
    )
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_item_id"), ["item_id"], unique=False)

    op.create_table(
        "deviating_view",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_deviating_view_account_id")),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_deviating_view_item_id")),
        sa.PrimaryKeyConstraint("item_id", "account_id", name=op.f("pk_deviating_view")),
    )
    op.create_table(
        "draft_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_text_account_id")),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_draft_text_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_text")),
        sa.UniqueConstraint("item_id", "version", name=op.f("uq_draft_text_item_id_version")),
    )
    op.create_table(
        "opinion",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("leaning", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_opinion_account_id")),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_opinion_item_id")),
        sa.PrimaryKeyConstraint("item_id", "account_id", name=op.f("pk_opinion")),
    )
    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("pdf_digest", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_paper_digest_is_sha256")),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_paper_item_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_paper_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("item_id", "version", name=op.f("uq_paper_item_id_version")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "handling",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("held_over_because", sa.String(), nullable=True),
        sa.Column("minutes", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_handling_item_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_handling_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "item_id", name=op.f("pk_handling")),
    )
    op.create_table(
        "withheld",
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_withheld_account_id")),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_withheld_item_id")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_withheld_process_id")),
        sa.PrimaryKeyConstraint("process_id", "account_id", "item_id", name=op.f("pk_withheld")),
    )
    with op.batch_alter_table("withheld", schema=None) as batch_op:
        batch_op.create_index("ix_withheld_account", ["account_id", "process_id"], unique=False)

    op.create_table(
        "ballot",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.CheckConstraint("length(key) = 64", name=op.f("ck_ballot_key_is_random")),
        sa.ForeignKeyConstraint(["round_id"], ["vote_round.id"], name=op.f("fk_ballot_round_id")),
        sa.PrimaryKeyConstraint("round_id", "key", name=op.f("pk_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "elector",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("voted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_elector_account_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["account.id"], name=op.f("fk_elector_replaces_id")),
        sa.ForeignKeyConstraint(["round_id"], ["vote_round.id"], name=op.f("fk_elector_round_id")),
        sa.PrimaryKeyConstraint("round_id", "account_id", name=op.f("pk_elector")),
    )
    op.drop_table("vote")
    with op.batch_alter_table("account_grant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("body_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_account_grant_body_id"), "body", ["body_id"], ["id"])

    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("starts_at", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("duration", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("opinions_open", sa.Boolean(), nullable=False, server_default=sa.text(GIVEN["opinions_open"]))
        )

    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_attendance_replaces_id"), "account", ["replaces_id"], ["id"])

    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("body_kind", sa.String(), nullable=False, server_default=sa.text(GIVEN["body_kind"]))
        )
        batch_op.add_column(
            sa.Column("central", sa.Boolean(), nullable=False, server_default=sa.text(GIVEN["central"]))
        )
        batch_op.drop_column("names_in_result")
        batch_op.drop_column("excused_count_for_quorum")

    # A table that is made anew loses its triggers, so this column comes by itself.
    op.execute(
        "ALTER TABLE event ADD COLUMN for_account_id INTEGER CONSTRAINT fk_event_for_account_id REFERENCES account (id)"
    )

    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.add_column(sa.Column("prompts", JSON, nullable=True))

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rules_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("presided_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_meeting_presided_by_id"), "account", ["presided_by_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_meeting_rules_id"), "rules_of_procedure", ["rules_id"], ["id"])

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("deputy", sa.Boolean(), nullable=False, server_default=sa.text(GIVEN["deputy"])))

    with op.batch_alter_table("vote_round", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("written", sa.Boolean(), nullable=False, server_default=sa.text(GIVEN["written"]))
        )
        batch_op.add_column(sa.Column("closes_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("broken_off_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("meeting_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_vote_round_meeting_id"), "meeting", ["meeting_id"], ["id"])
        batch_op.add_column(sa.Column("absent", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("excused", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("silent", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("openings", JSON, nullable=True))
        batch_op.add_column(sa.Column("digest", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("by_name", JSON, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_vote_round_broken_off_by_id"), "account", ["broken_off_by_id"], ["id"]
        )

    # Before, there was one body: the central commission.
    op.execute("UPDATE body SET central = (id = (SELECT min(id) FROM body))")
    _drop_defaults()


def _drop_defaults() -> None:
    """The records give these themselves from now on."""
    for table, names in NEW.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.alter_column(name, server_default=None)


NEW = {
    "body": ("body_kind", "central"),
    "membership": ("deputy",),
    "vote_round": ("written",),
    "agenda_item": ("opinions_open",),
}


def _release_journal() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER event_no_update")
        op.execute("DROP TRIGGER event_no_delete")


def _protect_journal() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER event_no_{verb.lower()} BEFORE {verb} ON event "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )


def downgrade() -> None:
    """Take the step back; a line of who stood in for somebody no longer fits its hash then."""
    with op.batch_alter_table("vote_round", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_vote_round_broken_off_by_id"), type_="foreignkey")
        batch_op.drop_column("by_name")
        batch_op.drop_column("digest")
        batch_op.drop_column("openings")
        batch_op.drop_column("silent")
        batch_op.drop_column("excused")
        batch_op.drop_column("absent")
        batch_op.drop_column("broken_off_by_id")
        batch_op.drop_constraint(batch_op.f("fk_vote_round_meeting_id"), type_="foreignkey")
        batch_op.drop_column("meeting_id")
        batch_op.drop_column("closes_on")
        batch_op.drop_column("written")

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_column("deputy")

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_meeting_rules_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_meeting_presided_by_id"), type_="foreignkey")
        batch_op.drop_column("presided_by_id")
        batch_op.drop_column("rules_id")

    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.drop_column("prompts")

    _release_journal()
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_column("for_account_id")
    _protect_journal()

    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "excused_count_for_quorum",
                sa.Boolean(),
                nullable=False,
                server_default=sa.text(GIVEN["excused_count_for_quorum"]),
            )
        )
        batch_op.add_column(
            sa.Column("names_in_result", sa.Boolean(), nullable=False, server_default=sa.text(GIVEN["names_in_result"]))
        )
        batch_op.drop_column("central")
        batch_op.drop_column("body_kind")

    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_attendance_replaces_id"), type_="foreignkey")
        batch_op.drop_column("replaces_id")

    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.drop_column("opinions_open")
        batch_op.drop_column("duration")
        batch_op.drop_column("starts_at")

    with op.batch_alter_table("account_grant", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_account_grant_body_id"), type_="foreignkey")
        batch_op.drop_column("body_id")

    op.create_table(
        "vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(choice) > 0", name=op.f("ck_vote_choice_not_empty")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_vote_account_id")),
        sa.ForeignKeyConstraint(["round_id"], ["vote_round.id"], name=op.f("fk_vote_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("round_id", "account_id", name=op.f("uq_vote_round_id_account_id")),
    )
    op.drop_table("elector")
    op.drop_table("ballot")
    with op.batch_alter_table("withheld", schema=None) as batch_op:
        batch_op.drop_index("ix_withheld_account")

    op.drop_table("withheld")
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_meeting_id"))

    op.drop_table("paper")
    op.drop_table("handling")
    op.drop_table("opinion")
    op.drop_table("draft_text")
    op.drop_table("deviating_view")
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenge_item_id"))

    op.drop_table("challenge")
    with op.batch_alter_table("action_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_point_meeting_id"))

    op.drop_table("action_point")
    op.drop_table("bundle")
    with op.batch_alter_table("substitution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_substitution_body_id"))

    op.drop_table("substitution")
    op.drop_table("rules_of_procedure")
    with op.batch_alter_table("other_position", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_other_position_account_id"))

    op.drop_table("other_position")
