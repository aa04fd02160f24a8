"""A template and its data become text: pages for the PDF, letters for the mail. What Python made of a page is kept."""

from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

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


class ReadTemplates(FileSystemBytecodeCache):
    """Templates as Python made of them, so that the next process need not read them again.

    A template that changed is read anew: each is kept with a digest of its text. Where nothing can be written, nothing
    is kept.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder / f"templates-{version('jinja2')}"))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was kept, where it is there and still fits."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was just read."""
        with suppress(OSError):
            Path(self.directory).mkdir(mode=0o700, parents=True, exist_ok=True)
            super().dump_bytecode(bucket)


def _is_markup(name: str | None) -> bool:
    return name is None or not name.endswith(".txt")
