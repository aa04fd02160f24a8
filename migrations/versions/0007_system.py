"""Systems that ask a token with a signed statement, and the statements that were used.

Tokens that were made before keep what they could do, and so may take every act of their account.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007_system"
down_revision = "0006_webhook"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "system",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("public_keys", JSON, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("confirms", sa.Boolean(), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("client_id <> ''", name=op.f("ck_system_client_id_not_empty")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_system_account_id")),
        sa.ForeignKeyConstraint(["registered_by_id"], ["account.id"], name=op.f("fk_system_registered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system")),
        sa.UniqueConstraint("client_id", name=op.f("uq_system_client_id")),
    )
    op.create_index(op.f("ix_system_account_id"), "system", ["account_id"])
    op.create_table(
        "statement",
        sa.Column("system_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_statement_system_id")),
        sa.PrimaryKeyConstraint("system_id", "digest", name=op.f("pk_statement")),
    )
    op.create_index("ix_statement_expires_at", "statement", ["expires_at"])
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("system_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("made_with_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("confirms", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.create_foreign_key(batch_op.f("fk_token_system_id"), "system", ["system_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_token_made_with_id"), "token", ["made_with_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_index(batch_op.f("ix_token_system_id"), ["system_id"])
        batch_op.create_index(batch_op.f("ix_token_made_with_id"), ["made_with_id"])
        batch_op.create_index("ix_token_expires_at", ["expires_at"])
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.alter_column("confirms", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    op.create_index("ix_idempotency_at", "idempotency", ["at"])


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_index("ix_idempotency_at", table_name="idempotency")
    # What a system was given is worth nothing where there are no systems.
    op.execute(sa.text("DELETE FROM token WHERE system_id IS NOT NULL"))
    # Before this version every key takes every act, so one that may not ends.
    op.execute(sa.text("UPDATE token SET revoked_at = CURRENT_TIMESTAMP WHERE NOT confirms AND revoked_at IS NULL"))
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_index("ix_token_expires_at")
        batch_op.drop_index(batch_op.f("ix_token_made_with_id"))
        batch_op.drop_index(batch_op.f("ix_token_system_id"))
        batch_op.drop_constraint(batch_op.f("fk_token_made_with_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_token_system_id"), type_="foreignkey")
        batch_op.drop_column("confirms")
        batch_op.drop_column("made_with_id")
        batch_op.drop_column("system_id")
    op.drop_index("ix_statement_expires_at", table_name="statement")
    op.drop_table("statement")
    op.drop_index(op.f("ix_system_account_id"), table_name="system")
    op.drop_table("system")
