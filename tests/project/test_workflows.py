"""A definition that was published never changes: a change is a new number."""

from pathlib import Path

from app.domain.definition import publication_faults

FOLDER = Path(__file__).parents[2] / "workflows"
DEFINITIONS = sorted(FOLDER.glob("*/[0-9]*.toml"))


def test_every_definition_is_published_and_is_still_what_it_was() -> None:
    published = (FOLDER / "published.sha256").read_text("utf-8")
    files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in DEFINITIONS}

    assert publication_faults(published, files) == []


def test_the_list_of_what_was_published_can_be_checked_by_sha256sum() -> None:
    lines = (FOLDER / "published.sha256").read_text("utf-8").splitlines()

    assert [len(line.partition("  ")[0]) for line in lines] == [64] * len(DEFINITIONS)


def test_versions_count_from_one_without_a_gap() -> None:
    for folder in {path.parent for path in DEFINITIONS}:
        numbers = sorted(int(path.stem) for path in folder.glob("*.toml"))
        assert numbers == list(range(1, len(numbers) + 1)), folder.name
