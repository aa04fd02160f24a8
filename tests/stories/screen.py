"""People at a screen: what they do in the browser, in the words of the manual."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyotp
from playwright.sync_api import Locator, Page

from app.db.kind import COLLECTIONS
from app.domain.number import parse
from tests.site import accounts

SUBMIT = "main form[novalidate] .form__actions button[type=submit]"


class Screens:
    """The screens of a story: everybody has a browser of their own, and stays logged in."""

    def __init__(self, browser: Any, url: str) -> None:
        self.browser = browser
        self.url = url
        self.open: dict[str, Screen] = {}
        self.faults: list[str] = []

    def of(self, email: str) -> "Screen":
        """The screen of somebody who is logged in."""
        if email not in self.open:
            screen = self.fresh()
            screen.log_in(email)
            self.open[email] = screen
        return self.open[email]

    def fresh(self) -> "Screen":
        """The screen of somebody who was never here."""
        context = self.browser.new_context(
            locale="nl-NL", timezone_id="Europe/Amsterdam", viewport={"width": 1280, "height": 900}
        )
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._listen)
        page.on("dialog", lambda dialog: dialog.accept())
        return Screen(page, self.url)

    def _listen(self, line: Any) -> None:
        if "Content Security Policy" in line.text:
            self.faults.append(line.text)

    def close(self) -> None:
        for context in list(self.browser.contexts):
            context.close()


class Screen:
    """One person's browser."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.email = ""

    def go(self, path: str) -> None:
        """Type an address."""
        self.page.goto(self.url + path)

    def open(self, number: str) -> None:
        """Open the page of whatever has this number."""
        self.go(address(number))

    def log_in(self, email: str) -> None:
        self.email, account = email, accounts()[email]
        self.go("/inloggen")
        self.fill(email=email, wachtwoord=account["password"])
        self.submit()
        if account["totpSecret"]:
            self.fill(code=pyotp.TOTP(account["totpSecret"]).now())
            self.submit()
        assert "/inloggen" not in self.page.url, self.complaints()

    def follow(self, link: str) -> None:
        self._leave_by(self.page.get_by_role("link", name=link))

    def press(self, button: str) -> None:
        self._leave_by(self.page.get_by_role("button", name=button))

    def submit(self) -> None:
        """Press the main button of the form."""
        self._leave_by(self.page.locator(SUBMIT))

    def _leave_by(self, control: Locator) -> None:
        # A click does not wait for the page that it opens.
        with self.page.expect_navigation():
            control.first.click()

    def fill(self, answers: Mapping[str, Any] | None = None, **more: Any) -> None:
        """Answer the fields of the form, each by its name."""
        for name, value in {**(answers or {}), **more}.items():
            self._answer(name, value)

    def take(self, action: str, number: str, answers: Mapping[str, Any] | None = None, **more: Any) -> None:
        """Take an action: from the page of the process to its form, and back."""
        self.open(number)
        link = self.page.locator(f"main a[href$='/acties/{action}']")
        assert link.count(), f"{action} cannot be taken on {number}: {self.words()}"
        self._leave_by(link)
        self.fill(answers, **more)
        self.submit()
        # A vote is answered with a receipt that no other page can show.
        received = self.page.locator("#stembewijs").count()
        assert received or "/acties/" not in self.page.url, f"{action} on {number}: {self.complaints()}"
        assert self.page.locator("main [role=status]").count(), f"{action} on {number} says nothing"

    def votes(self, number: str, choice: str) -> None:
        """Cast a vote; what comes back is the receipt, which is shown once."""
        self.open(number)
        self._leave_by(self.page.locator("main a[href$='/acties/stemmen']"))
        self.fill(stem=choice)
        if self.page.locator("main form[novalidate] [name=wachtwoord]").count():
            self.fill(wachtwoord=accounts()[self.email]["password"])
        self.submit()
        self.sees("stembewijs")

    def can(self, action: str) -> bool:
        """The page that is open offers this action."""
        return bool(self.page.locator(f"main a[href$='/acties/{action}']").count())

    def words(self) -> str:
        """What can be read on the page, without the frame."""
        return " ".join(self.page.locator("main").inner_text().split())

    def sees(self, text: str) -> None:
        """This stands on the page, perhaps in a moment."""
        wanted = " ".join(text.split()).lower()
        for _ in range(20):
            if wanted in self.words().lower():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"“{text}” is not on {self.page.url}: {self.words()}")

    def complaints(self) -> list[str]:
        """What the page says is wrong."""
        return [*self.page.locator(".error-summary li").all_inner_texts()] or [self.words()[:400]]

    def number(self, kind: str) -> str:
        """The newest number of a kind that stands on the page."""
        found: list[str] = re.findall(rf"{kind}[-:]\d{{4}}[-:]\d+", self.page.locator("main").inner_text())
        assert found, f"no {kind} on {self.page.url}"
        return max(found, key=lambda number: (len(number), number))

    @contextmanager
    def narrow(self) -> Iterator[None]:
        """Look through a small window for a while."""
        self.page.set_viewport_size({"width": 320, "height": 800})
        yield
        self.page.set_viewport_size({"width": 1280, "height": 900})

    def _answer(self, name: str, value: Any) -> None:
        controls = self.page.locator(f"main form[novalidate] [name='{name}']:not([type=hidden])")
        if not controls.count():
            self._one_more(name.partition("-")[0])
        kind = controls.first.evaluate("one => one.type")
        if kind in ("radio", "checkbox"):
            wanted = [str(one).lower() if isinstance(one, bool) else one for one in _listed(value)]
            for one in controls.all() if kind == "checkbox" else ():
                # A box can be ticked beforehand.
                one.set_checked(one.get_attribute("value") in wanted)
            for one in wanted:
                self.page.locator(f"main form[novalidate] [name='{name}'][value='{one}']").check()
        elif kind == "select-one":
            controls.first.select_option(value)
        else:
            for place, text in enumerate(_listed(value)):
                if place >= controls.count():
                    self._one_more(name)
                controls.nth(place).fill(text)

    def _one_more(self, field: str) -> None:
        self.page.locator(f"[data-more='veld-{field}']").click()


def address(number: str) -> str:
    """The path of the page of whatever has this number."""
    return f"/{COLLECTIONS[parse(number).kind]}/{number}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
