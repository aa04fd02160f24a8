"""The index on the laws of cases answers at once whether one case has a law, besides which cases have it."""

from alembic import op

revision = "0010_case_law"
down_revision = "0009_search_facets"
branch_labels = None
depends_on = None

INDEX = "ix_case_law_reference"


def upgrade() -> None:
    """Bring the tables forward."""
    op.drop_index(INDEX, table_name="case_law")
    op.create_index(INDEX, "case_law", ["identifier", "case_id", "article"])


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_index(INDEX, table_name="case_law")
    op.create_index(INDEX, "case_law", ["identifier", "article", "case_id"])
