"""The laws that the installation knows by name; the list is data in `workflows/lists/laws.toml`."""

from functools import cache

from app.config import resource
from app.domain.law import Laws


@cache
def known_laws() -> Laws:
    """Read the list once; it does not change while the application runs."""
    return Laws.read((resource("workflows") / "lists" / "laws.toml").read_text(encoding="utf-8"))
