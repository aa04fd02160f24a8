"""The feed of what happened, in an order that does not change, and the checkpoints of the journal.

What happened before is told too: each line gets its place by the order in which it was written.
"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005_feed"
down_revision = "0004_search"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
REFUSAL = "the journal is only added to"
STRETCH = 1000
FORGET = "DELETE FROM counter WHERE kind = 'verloop'"
COUNT_ON = "INSERT INTO counter (kind, year, last) VALUES ('verloop', 0, :last)"

# Of the definitions as they were: that somebody took one of these steps tells nobody anything.
SEALED = {
    "agendapunt": {
        *("belang_verklaren", "belang_beoordelen", "wraking_ontvangen", "wraking_beslissen", "standpunt_geven"),
        *("besluittekst_bijwerken", "afwijkend_standpunt_aantekenen", "stemmen", "notitie", "nota_toevoegen"),
    },
    "knelpunt": {"wraken"},
}
# What everybody may hear of, once it is public.
PUBLIC = {
    "publicatie": {"publiceren", "rectificeren", "depubliceren"},
    "precedent": {
        *("geldend_worden", "nuanceren", "nuance_opheffen", "nuance_vervallen", "vervangen_worden", "intrekken"),
        *("achterhaald_verklaren", "markeren", "herbeoordelen", "heroverweging_beeindigen"),
    },
    "aanbeveling": {"voortgang_melden"},
}
# What moves nothing and is no matter of handlers alone.
OPEN = {
    *("termijn_signaleren", "antwoorden", "behandeling_openen", "feiten_nakijken", "uitkomst_melden", "wraken"),
    *("wraking_ontvangen", "voortgang_melden", "zienswijze_geven", "heroverweging_beeindigen", "markeren"),
    *("nuance_vervallen", "nuanceren"),
}


def upgrade() -> None:
    """Bring the tables forward."""
    lines = op.create_table(
        "feed_line",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.CheckConstraint("told OR NOT public", name=op.f("ck_feed_line_public_is_told")),
        sa.CheckConstraint(
            "sequence IS NULL OR (public AND place IS NOT NULL)", name=op.f("ck_feed_line_sequence_is_public")
        ),
        sa.CheckConstraint("place > 0", name=op.f("ck_feed_line_place_positive")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_feed_line_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_feed_line")),
        sa.UniqueConstraint("identity", name=op.f("uq_feed_line_identity")),
        sa.UniqueConstraint("place", name=op.f("uq_feed_line_place")),
        sa.UniqueConstraint("sequence", name=op.f("uq_feed_line_sequence")),
    )
    new, public = sa.text("place IS NULL"), sa.text("public = 1")
    op.create_index("ix_feed_line_new", "feed_line", ["event_id"], sqlite_where=new, postgresql_where=new)
    op.create_index(
        "ix_feed_line_public", "feed_line", ["place"], sqlite_where=public, postgresql_where=sa.text("public")
    )
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("edge", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint")),
    )
    assert lines is not None
    _number(lines)
    _protect()


def _number(lines: sa.Table) -> None:
    connection = op.get_bind()
    told = sa.text(
        "SELECT e.id, e.action, e.source, e.target, e.half, p.kind, p.public, r.withdrawn_at, r.id AS record "
        "FROM event e JOIN process p ON p.id = e.process_id "
        "LEFT JOIN recommendation a ON a.id = p.id "
        "LEFT JOIN ruling u ON u.id = a.ruling_id AND u.case_id = p.case_id "
        "LEFT JOIN public_record r ON r.number = u.number AND r.current "
        "WHERE e.id > :after ORDER BY e.id LIMIT :amount"
    )
    after = place = sequence = 0
    while found := connection.execute(told, {"after": after, "amount": STRETCH}).all():
        rows = []
        for row in found:
            place += 1
            public = _is_public(row)
            sequence += public
            rows.append(
                {
                    "event_id": row.id,
                    "identity": str(uuid4()),
                    "told": _is_told(row),
                    "public": public,
                    "internal": row.source == row.target and row.action not in OPEN,
                    "place": place,
                    "sequence": sequence if public else None,
                }
            )
        connection.execute(sa.insert(lines), rows)
        after = found[-1].id
    # The counter goes on after the last place; one that was left behind by a feed that is gone counts for nothing.
    connection.execute(sa.text(FORGET))
    if place:
        connection.execute(sa.text(COUNT_ON), {"last": place})


def _is_told(row: sa.Row[tuple[object, ...]]) -> bool:
    return not row.half and row.action not in SEALED.get(row.kind, ())


def _is_public(row: sa.Row[tuple[object, ...]]) -> bool:
    if not _is_told(row) or row.kind not in PUBLIC:
        return False
    if row.kind == "aanbeveling":
        is_shown = row.record is not None and row.withdrawn_at is None
        return is_shown and (row.source != row.target or row.action in PUBLIC[row.kind])
    return row.action in PUBLIC[row.kind] and (row.kind == "publicatie" or bool(row.public))


def _protect() -> None:
    """A place that was given stays, and so does a checkpoint."""
    if op.get_bind().dialect.name == "sqlite":
        for table, verb, condition in (
            ("feed_line", "UPDATE", "WHEN OLD.place IS NOT NULL "),
            ("feed_line", "DELETE", ""),
            ("checkpoint", "UPDATE", ""),
            ("checkpoint", "DELETE", ""),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {condition}"
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER feed_line_no_update BEFORE UPDATE ON feed_line FOR EACH ROW WHEN (OLD.place IS NOT NULL) "
        "EXECUTE FUNCTION refuse_journal_change()"
    )
    for table, verbs in (("feed_line", "DELETE OR TRUNCATE"), ("checkpoint", "UPDATE OR DELETE OR TRUNCATE")):
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE {verbs} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change()"
        )


def downgrade() -> None:
    """Bring the tables back; the triggers go with them."""
    op.drop_table("checkpoint")
    op.drop_table("feed_line")
    op.execute(FORGET)
