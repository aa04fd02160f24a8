"""Webhooks: who is told of what happened, and what was delivered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006_webhook"
down_revision = "0005_feed"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=True),
        sa.Column("client", sa.String(), nullable=True),
        sa.Column("roles", JSON, nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("kinds", JSON, nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("previous_salt", sa.String(), nullable=True),
        sa.Column("salted_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("served_at", MOMENT, nullable=True),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("pause", sa.String(), nullable=True),
        sa.CheckConstraint("length(url) > 0", name=op.f("ck_webhook_url_not_empty")),
        sa.CheckConstraint("(paused_at IS NULL) = (pause IS NULL)", name=op.f("ck_webhook_pause_has_a_reason")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_webhook_account_id")),
        sa.ForeignKeyConstraint(["token_id"], ["token.id"], name=op.f("fk_webhook_token_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index(op.f("ix_webhook_account_id"), "webhook", ["account_id"])
    op.create_index(op.f("ix_webhook_token_id"), "webhook", ["token_id"])
    op.create_index("ix_webhook_due", "webhook", ["paused_at", "due_at"])
    op.create_table(
        "delivery",
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("lane_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("failed_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name=op.f("ck_delivery_done_has_an_outcome")),
        sa.CheckConstraint("done_at IS NULL OR failed_at IS NULL", name=op.f("ck_delivery_done_or_failed")),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name=op.f("fk_delivery_webhook_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["lane_id"], ["process.id"], name=op.f("fk_delivery_lane_id")),
        sa.PrimaryKeyConstraint("webhook_id", "place", name=op.f("pk_delivery")),
        sa.UniqueConstraint("webhook_id", "identity", name=op.f("uq_delivery_webhook_id_identity")),
    )
    still = sa.text("done_at IS NULL")
    columns = ["webhook_id", "lane_id", "place"]
    op.create_index("ix_delivery_open", "delivery", columns, sqlite_where=still, postgresql_where=still)
    op.create_index(op.f("ix_delivery_lane_id"), "delivery", ["lane_id"])
    op.create_index("ix_delivery_failed_at", "delivery", ["failed_at"])
    op.create_index("ix_delivery_done_at", "delivery", ["done_at"])


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_table("delivery")
    op.drop_table("webhook")
