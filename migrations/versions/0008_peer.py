"""Other installations that are followed, and what was taken over from them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008_peer"
down_revision = "0007_system"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "peer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("heard_at", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer")),
        sa.UniqueConstraint("url", name=op.f("uq_peer_url")),
        sa.UniqueConstraint("source", name=op.f("uq_peer_source")),
    )
    op.create_index(op.f("ix_peer_due_at"), "peer", ["due_at"])
    op.create_table(
        "copied_decision",
        sa.Column("external_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("state_label", sa.String(), nullable=True),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("treatment", JSON, nullable=False),
        sa.Column("record", JSON, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["external_id"], ["external_decision.id"], name=op.f("fk_copied_decision_external_id")),
        sa.ForeignKeyConstraint(["peer_id"], ["peer.id"], name=op.f("fk_copied_decision_peer_id")),
        sa.PrimaryKeyConstraint("external_id", name=op.f("pk_copied_decision")),
    )
    op.create_index(op.f("ix_copied_decision_peer_id"), "copied_decision", ["peer_id"])
    op.create_index(op.f("ix_copied_decision_state"), "copied_decision", ["state"])
    op.create_table(
        "copied_citation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Integer(), nullable=False),
        sa.Column("cited", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["external_id"], ["external_decision.id"], name=op.f("fk_copied_citation_external_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copied_citation")),
        sa.UniqueConstraint(
            "external_id", "cited", "relation", name=op.f("uq_copied_citation_external_id_cited_relation")
        ),
    )
    op.create_index("ix_copied_citation_cited", "copied_citation", ["cited"])
    op.create_table(
        "peer_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("fault", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["peer_id"], ["peer.id"], name=op.f("fk_peer_event_peer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_event")),
        sa.UniqueConstraint("peer_id", "event_id", name=op.f("uq_peer_event_peer_id_event_id")),
    )
    op.create_index("ix_peer_event_subject", "peer_event", ["peer_id", "subject"])


def downgrade() -> None:
    """Take the step back; the copies stay, as decisions of another body without a status."""
    op.drop_index("ix_peer_event_subject", table_name="peer_event")
    op.drop_table("peer_event")
    op.drop_index("ix_copied_citation_cited", table_name="copied_citation")
    op.drop_table("copied_citation")
    op.drop_index(op.f("ix_copied_decision_state"), table_name="copied_decision")
    op.drop_index(op.f("ix_copied_decision_peer_id"), table_name="copied_decision")
    op.drop_table("copied_decision")
    op.drop_index(op.f("ix_peer_due_at"), table_name="peer")
    op.drop_table("peer")
