"""The application for tests: the organisations, accounts and commission of the demonstration, and nothing reported."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyotp
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.cli.demonstration import accounts as demonstration_accounts
from app.cli.demonstration import prepare
from app.config import Config
from app.db.engine import make_engine, open_session
from app.domain.access import SYSTEM
from app.domain.calendar import amsterdam_day
from app.factory import Application, create_app
from app.services.work import Work
from tests.make import workflows


@dataclass
class Clock:
    """What time it is on the site; a test turns it."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    @property
    def today(self) -> date:
        """The day it is in Amsterdam, as the application counts days."""
        return amsterdam_day(self.now)

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Site:
    """The application, its database and its clock."""

    app: Application
    engine: Engine
    clock: Clock

    def visitor(self, email: str | None = None) -> "Visitor":
        """Somebody who looks at the site; with an address, who is logged in."""
        visitor = Visitor(self.app.test_client())
        if email is not None:
            visitor.log_in(email)
        return visitor

    @contextmanager
    def work(self) -> Iterator[Work]:
        """Do something behind the site, as the system."""
        with open_session(self.engine, SYSTEM, writes=True) as session:
            yield self._work(session)
            session.commit()

    def _work(self, session: Session) -> Work:
        return Work(session, SYSTEM, self.clock.now, workflows())


@contextmanager
def open_site(database_url: str, data_dir: Path) -> Iterator[Site]:
    """A site on a migrated database."""
    config = Config(database_url=database_url, data_dir=data_dir, secret_key="k" * 32, mode="demo")
    engine = make_engine(database_url)
    clock = Clock()
    site = Site(create_app(config, clock=clock, engine=engine, workflows=workflows()), engine, clock)
    with site.work() as work:
        prepare(work)
    yield site
    engine.dispose()


@cache
def accounts() -> Mapping[str, Mapping[str, Any]]:
    """The accounts of the demonstration, by address."""
    return {account["email"]: account for account in demonstration_accounts()}


def account_with(role: str) -> str:
    """The address of the first account that has a role."""
    return next(email for email, account in accounts().items() if role in account["roles"])


class Page:
    """An answer of the site, read as a browser reads it."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        is_page = response.mimetype == "text/html"
        self.text = response.get_data(as_text=True) if is_page else ""
        self.tree = html.fromstring(self.text) if self.text.strip() else html.Element("html")
        response.close()

    def form(self, action: str = "") -> "PageForm":
        """The form of the page that has fields, or the one that is sent to an address."""
        for form in self.tree.forms:
            if form.get("action") == action or (not action and form.get("novalidate") is not None):
                return PageForm(form)
        raise AssertionError(f"no form {action} on the page: {self.words[:500]}")

    @property
    def words(self) -> str:
        """All text of the page."""
        return " ".join(self.tree.text_content().split())

    def links_of_summary(self) -> list[str]:
        """Where the sentences on top lead to."""
        return [str(link) for link in self._of("error-summary", "//a/@href")]

    def sentences_on_top(self) -> list[str]:
        return [" ".join(item.text_content().split()) for item in self._of("error-summary", "//li")]

    def faults_at_fields(self) -> list[str]:
        return [" ".join(item.text_content().split()) for item in self._of("field__fault")]

    def _of(self, name: str, inside: str = "") -> list[Any]:
        found: list[Any] = self.tree.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]{inside}")
        return found


class PageForm:
    """A form as it would be sent now."""

    def __init__(self, form: Any) -> None:
        self.action = form.get("action")
        self.values: MultiDict[str, str] = MultiDict(form.form_values())
        self.kinds = {
            control.get("name"): control.get("type") or control.tag
            for control in form.xpath(".//*[self::input or self::select or self::textarea][@name]")
        }


class Visitor:
    """Who looks at the site without a browser: follows links, fills in forms."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def log_in(self, email: str) -> None:
        account = accounts()[email]
        page = self.post("/inloggen", email=email, wachtwoord=account["password"])
        if account["totpSecret"] and page.status == 200:
            page = self.post("/inloggen", page=page, code=pyotp.TOTP(account["totpSecret"]).now())
        assert page.status == 303, page.words

    def get(self, path: str, **headers: str) -> Page:
        return Page(self.client.get(path, headers=headers))

    def post(self, path: str, *, page: Page | None = None, headers: Any = None, **answers: Any) -> Page:
        """Send the form of a page, with these answers in the place of what it held."""
        form = (page or self.get(path)).form(path)
        return self.send(path, {**form.values.to_dict(flat=False), **answers}, headers=headers)

    def send(self, path: str, data: Mapping[str, Any], *, headers: Any = None) -> Page:
        """Send exactly this."""
        return Page(self.client.post(path, data=MultiDict(data), headers=headers))

    def token(self) -> str:
        """What a page of ours gives along, so that a form is known to come from it."""
        for path in ("/over", "/inloggen"):
            if found := self.get(path).tree.xpath("//input[@name='csrf_token']/@value"):
                return str(found[0])
        raise AssertionError("no page gave a token")
