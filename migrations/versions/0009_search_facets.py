"""What counting reads of a text lies with the text: one row is read for it, however many values it has."""

import sqlalchemy as sa
from alembic import op

revision = "0009_search_facets"
down_revision = "0008_peer"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward; the worker fills the column, because the index is of newer rules."""
    op.add_column("search_text", sa.Column("facets", sa.String(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_column("search_text", "facets")
