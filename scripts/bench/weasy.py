"""A document by nothing but WeasyPrint: the same page, fonts, attachment and kind of PDF."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.urls import URLFetcher, URLFetcherResponse


def draw(page: str, folders: Sequence[str], attachment: Mapping[str, str]) -> bytes:
    """The page as a PDF."""
    embedded = weasyprint.Attachment(string=attachment["content"], name=attachment["name"], relationship="Data")
    drawn: bytes = weasyprint.HTML(string=page, url_fetcher=_fetcher(folders)).write_pdf(
        pdf_variant="pdf/a-3a", attachments=[embedded]
    )
    return drawn


def _fetcher(folders: Sequence[str]) -> URLFetcher:
    """What the page names, from the folder that has it."""

    class Packaged(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            name = url.removeprefix("asset:")
            path = next(path for path in (Path(folder, name) for folder in folders) if path.is_file())
            kind = "text/css" if path.suffix == ".css" else "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return Packaged()


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(**json.load(sys.stdin.buffer)))
