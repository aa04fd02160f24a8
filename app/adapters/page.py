"""A template and its data become text: pages for the PDF, letters for the mail."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain import dutch

FILTERS = {
    "day": dutch.day,
    "moment": dutch.moment,
    "number": dutch.number,
    "listing": dutch.listing,
    "paragraphs": dutch.paragraphs,
}


class Templates:
    """The templates of one folder.

    A value that was not given is a fault, never an empty place. What is put in a page is escaped;
    a letter (`.txt`) is plain text, where `&amp;` would be wrong.
    """

    def __init__(self, folder: Path) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=_is_markup,  # noqa: S701  on, but for letters
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.filters.update(FILTERS)

    def render(self, name: str, /, **context: object) -> str:
        """The text of the template with this name, as `pdf/ruling.html`."""
        return self._environment.get_template(name).render(context)


def _is_markup(name: str | None) -> bool:
    return name is None or not name.endswith(".txt")
