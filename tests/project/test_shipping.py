"""What is listed by hand in setup.cfg is what there is."""

from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def settings() -> ConfigParser:
    parser = ConfigParser()
    parser.read(ROOT / "setup.cfg", "utf-8")
    return parser


def test_every_package_is_listed():
    listed = settings()["options"]["packages"].split()
    found = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "app").rglob("*.py")}

    assert sorted(found) == sorted(name for name in listed if not name.startswith("app.resources."))


def test_what_stands_beside_the_application_is_shipped_as_its_resources():
    folders = {line.partition(" = ")[::2] for line in settings()["options"]["package_dir"].strip().splitlines()}

    assert folders == {
        ("app", "app"),
        ("app.resources.migrations", "migrations"),
        ("app.resources.templates", "templates"),
        ("app.resources.workflows", "workflows"),
    }


def test_the_lock_files_name_no_index_and_no_folder():
    locks = [*(ROOT / "requirements").glob("*.lock"), ROOT / "package-lock.json"]

    assert len(locks) == 5
    for path in locks:
        text = path.read_text("utf-8")
        assert "index-url" not in text
        assert '"resolved"' not in text
        assert "file:" not in text
