"""Search over blocks of postings, places in the law, and what became of what looked alike.

The index is made of what is there: its old rows go, and the worker makes it anew.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004_search"
down_revision = "0003_register"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
ONE_THING = "(process_id IS NULL) <> (external_id IS NULL)"


def upgrade() -> None:
    """Bring the tables forward."""
    op.drop_table("posting")
    op.drop_table("search_text")
    op.create_table(
        "search_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("length", sa.Double(), nullable=False),
        sa.Column("title_length", sa.Double(), nullable=False),
        sa.Column("excerpt", sa.String(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("new_words", sa.String(), nullable=True),
        sa.CheckConstraint(ONE_THING, name=op.f("ck_search_text_one_thing")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_search_text_process_id")),
        sa.ForeignKeyConstraint(["external_id"], ["external_decision.id"], name=op.f("fk_search_text_external_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_text")),
        sa.UniqueConstraint("process_id", name=op.f("uq_search_text_process_id")),
        sa.UniqueConstraint("external_id", name=op.f("uq_search_text_external_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_search_text_kind_id", "search_text", ["kind", "id"])
    fresh = {"sqlite_where": sa.text("settled = 0"), "postgresql_where": sa.text("NOT settled")}
    op.create_index("ix_search_text_fresh", "search_text", ["id"], **fresh)
    new = sa.text("new_words IS NOT NULL")
    op.create_index("ix_search_text_new", "search_text", ["id"], sqlite_where=new, postgresql_where=new)
    op.create_table(
        "posting",
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Integer(), nullable=False),
        sa.Column("body", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["text_id"], ["search_text.id"], name=op.f("fk_posting_text_id")),
        sa.PrimaryKeyConstraint("term", "text_id", name=op.f("pk_posting")),
    )
    op.create_index("ix_posting_text_id", "posting", ["text_id"])
    op.create_table(
        "search_block",
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("field", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("texts", sa.LargeBinary(), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("public", "term", "field", "first", name=op.f("pk_search_block")),
    )
    op.create_table(
        "search_facet",
        sa.Column("facet", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["text_id"], ["search_text.id"], name=op.f("fk_search_facet_text_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("facet", "value", "text_id", name=op.f("pk_search_facet")),
    )
    op.create_index(op.f("ix_search_facet_text_id"), "search_facet", ["text_id"])
    op.create_table(
        "search_gone",
        sa.Column("text_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("length", sa.Double(), nullable=False),
        sa.Column("title_length", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("text_id", name=op.f("pk_search_gone")),
    )
    op.create_table(
        "search_state",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_search_state")),
    )
    op.create_table(
        "search_word",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("initial", sa.String(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("stem", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    with op.batch_alter_table("search_word", schema=None) as batch_op:
        batch_op.create_index("ix_search_word_initial_length", ["initial", "length"], unique=False)
        batch_op.create_index(batch_op.f("ix_search_word_stem"), ["stem"], unique=False)

    op.create_table(
        "match_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("use", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_match_use_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_use")),
    )
    with op.batch_alter_table("match_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_use_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_use_number"), ["number"], unique=False)

    op.create_table(
        "synonym",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expressions", JSON, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_synonym_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym")),
    )
    op.create_table(
        "law_mention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=True),
        sa.Column("paragraph", sa.String(), nullable=True),
        sa.Column("part", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["text_id"], ["search_text.id"], name=op.f("fk_law_mention_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_mention")),
    )
    with op.batch_alter_table("law_mention", schema=None) as batch_op:
        batch_op.create_index("ix_law_mention_place", ["identifier", "article", "text_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_law_mention_text_id"), ["text_id"], unique=False)

    op.create_table(
        "match_verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("share BETWEEN 0 AND 100", name=op.f("ck_match_verdict_share_in_percents")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_match_verdict_account_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_match_verdict_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_verdict")),
        sa.UniqueConstraint("case_id", "number", "account_id", name=op.f("uq_match_verdict_case_id_number_account_id")),
    )
    with op.batch_alter_table("match_verdict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_verdict_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_verdict_number"), ["number"], unique=False)

    op.create_table(
        "search_vector",
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["text_id"], ["search_text.id"], name=op.f("fk_search_vector_text_id")),
        sa.PrimaryKeyConstraint("text_id", name=op.f("pk_search_vector")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for column in ("texts", "weights"):
            op.execute(f"ALTER TABLE search_block ALTER COLUMN {column} SET STORAGE EXTERNAL")
    with op.batch_alter_table("subscription") as batch_op:
        batch_op.add_column(sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("subscription") as batch_op:
        batch_op.alter_column("told", server_default=None)


def downgrade() -> None:
    """Take the step back; who only kept a search never asked for mail about it."""
    op.execute(sa.text("DELETE FROM subscription WHERE NOT told"))
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_column("told")

    op.drop_table("search_vector")
    with op.batch_alter_table("match_verdict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_verdict_number"))
        batch_op.drop_index(batch_op.f("ix_match_verdict_case_id"))

    op.drop_table("match_verdict")
    with op.batch_alter_table("law_mention", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_law_mention_text_id"))
        batch_op.drop_index("ix_law_mention_place")

    op.drop_table("law_mention")
    op.drop_table("synonym")
    with op.batch_alter_table("match_use", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_use_number"))
        batch_op.drop_index(batch_op.f("ix_match_use_at"))

    op.drop_table("match_use")
    with op.batch_alter_table("search_word", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_word_stem"))
        batch_op.drop_index("ix_search_word_initial_length")

    op.drop_table("search_word")
    op.drop_table("search_state")
    op.drop_table("search_gone")
    op.drop_index(op.f("ix_search_facet_text_id"), table_name="search_facet")
    op.drop_table("search_facet")
    op.drop_table("search_block")
    op.drop_table("posting")
    op.drop_table("search_text")
    op.create_table(
        "search_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("excerpt", sa.String(), nullable=False),
        sa.CheckConstraint("length > 0", name=op.f("ck_search_text_length_positive")),
        sa.CheckConstraint(ONE_THING, name=op.f("ck_search_text_one_thing")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_search_text_process_id")),
        sa.ForeignKeyConstraint(["external_id"], ["external_decision.id"], name=op.f("fk_search_text_external_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_text")),
        sa.UniqueConstraint("process_id", name=op.f("uq_search_text_process_id")),
        sa.UniqueConstraint("external_id", name=op.f("uq_search_text_external_id")),
    )
    op.create_index(op.f("ix_search_text_kind"), "search_text", ["kind"])
    op.create_table(
        "posting",
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["text_id"], ["search_text.id"], name=op.f("fk_posting_text_id")),
        sa.PrimaryKeyConstraint("term", "text_id", name=op.f("pk_posting")),
    )
    op.create_index("ix_posting_text", "posting", ["text_id"])
