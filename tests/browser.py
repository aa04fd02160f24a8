"""A real browser, a web server for it on loopback, and the checks on accessibility and on HTML."""

import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
HTML_VALIDATE = (
    ROOT / "scripts" / "with_node.sh",
    "node",
    ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs",
    f"--config={ROOT / 'tests' / 'htmlvalidate.json'}",
    "--formatter=json",
)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=nl-NL",
)
"""A browser that root may start in a container, and that calls nobody by itself."""


class NoChromium(Exception):
    """This machine has no Chromium."""


@contextmanager
def chromium() -> Iterator[Any]:
    """Open Debian's browser; CHROMIUM names another one."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - most tests open no browser

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise NoChromium("Chromium is not installed here: install the Debian package chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        yield browser
        browser.close()


@contextmanager
def served(application: Any) -> Iterator[str]:
    """Serve a WSGI application on a free port of loopback, and say where."""
    from waitress import wasyncore  # noqa: PLC0415 - most tests serve nothing
    from waitress.server import create_server  # noqa: PLC0415

    sockets: dict[int, Any] = {}
    # A story has twenty people, and the browser of each keeps a handful of connections open.
    server = create_server(
        application, map=sockets, host="127.0.0.1", port=0, threads=4, connection_limit=1000, ident=None
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # A browser keeps its connections open: the server stops when the last socket is closed for it.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join()
        server.task_dispatcher.shutdown()


def axe_faults(page: Any) -> list[str]:
    """What axe finds wrong on a page, each fault with the place and the reason."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("tags => axe.run({runOnly: tags})", AXE_TAGS)
    return [
        f"{violation['id']}: {node['html']} – {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def html_faults(pages: dict[str, str], folder: Path) -> list[str]:
    """What html-validate finds wrong in pages, given by name; one run checks them all."""
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, "utf-8")
    # Node ends without waiting for a pipe that is full, so what it says goes to a file.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run([*HTML_VALIDATE, folder], cwd=ROOT, stdout=said, stderr=subprocess.PIPE, check=False)
        said.seek(0)
        told = said.read()
    assert told, done.stderr
    return [
        f"{Path(page['filePath']).stem}:{fault['line']}: {fault['ruleId']}: {fault['message']}"
        for page in json.loads(told)
        for fault in page["messages"]
    ]
