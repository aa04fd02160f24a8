"""Who may open a page: every view says so, and a test refuses a view that does not."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from flask import abort, g, redirect, request, url_for
from flask_login import UserMixin
from werkzeug.wrappers import Response

from app.db.account import Account
from app.domain.access import Actor
from app.domain.errors import NotVisible

View = TypeVar("View", bound=Callable[..., Any])
EVERYBODY = "iedereen"
LOGGED_IN = "ingelogd"
WHEN_PUBLIC = "openbaar"
ZERO = "\0"


class User(UserMixin):  # type: ignore[misc]
    """The account of a request, as Flask-Login wants it."""

    def __init__(self, actor: Actor, account: Account) -> None:
        self.actor = actor
        self.account = account

    def get_id(self) -> str:
        """The identity that the session keeps."""
        return str(self.account.id)


def access(*roles: str) -> Callable[[View], View]:
    """Say who may open a page: `EVERYBODY`, `LOGGED_IN`, or one of these roles.

    Who is not logged in goes to the login page and comes back; who may not know of a page gets a 404. With
    `WHEN_PUBLIC` everybody reads what is public, and who is not logged in is asked to log in for the rest.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            _refuse_zero(kwargs)
            actor: Actor = g.work.actor
            if WHEN_PUBLIC in roles and actor.account_id is None:
                return _public_or_login(view, *args, **kwargs)
            if EVERYBODY not in roles and actor.account_id is None:
                return _to_login()
            if not {EVERYBODY, LOGGED_IN, WHEN_PUBLIC} & set(roles) and actor.roles.isdisjoint(roles):
                raise NotVisible(request.path)
            return view(*args, **kwargs)

        guarded.access = roles  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def _refuse_zero(path: Mapping[str, Any]) -> None:
    """A text with a zero sign is nothing that anybody typed, and no database keeps one."""
    if any(isinstance(value, str) and ZERO in value for value in path.values()):
        raise NotVisible(request.path)
    if any(ZERO in part for pair in request.args.items(multi=True) for part in pair):
        abort(400)


def _public_or_login(view: View, *args: Any, **kwargs: Any) -> Any:
    try:
        return view(*args, **kwargs)
    except NotVisible:
        return _to_login()


def _to_login() -> Response:
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("account.login", terug=back))
