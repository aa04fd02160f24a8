"""Where every key took every act, a key that was made for less ends on the way back."""

from sqlalchemy import select

from app.db.engine import make_engine, open_session
from app.db.migration import downgrade, upgrade
from app.db.token import Token
from app.domain.access import SYSTEM
from tests.make import NOW, make_account


def test_a_key_that_may_not_confirm_ends_where_no_key_is_asked_for_that(empty_database_url: str) -> None:
    engine = make_engine(empty_database_url)
    upgrade(engine)
    with open_session(engine, SYSTEM, writes=True) as session:
        given = {"account_id": make_account(session, "melder").id, "created_at": NOW}
        full = Token(token_hash="a", name="vol", confirms=True, **given)
        session.add(full)
        session.flush()
        session.add(Token(token_hash="b", name="klein", made_with_id=full.id, **given))
        session.add(Token(token_hash="c", name="weg", revoked_at=NOW, **given))
        session.commit()

    downgrade(engine, "0006_webhook")
    upgrade(engine)

    with open_session(engine, SYSTEM, writes=False) as session:
        kept = {token.name: token.revoked_at for token in session.scalars(select(Token))}
    assert kept["vol"] is None
    assert kept["klein"] is not None
    assert kept["weg"] == NOW
    engine.dispose()
