"""The definitions of the processes: read at the start, and refused with all faults at once."""

from collections.abc import Collection
from pathlib import Path

from app.config import resource, value_list
from app.domain.definition import Names, parse_all
from app.domain.guards import GUARDS
from app.services.effects import EFFECTS
from app.services.work import Workflows


def definition_files(folder: Path | None = None) -> dict[str, Path]:
    """The files of all versions of all definitions, by their name below the folder."""
    folder = folder or resource("workflows")
    return {f"{file.parent.name}/{file.name}": file for file in sorted(folder.glob("*/[0-9]*.toml"))}


def load_workflows(forms: Collection[str], folder: Path | None = None) -> Workflows:
    """Every version of every definition; raises `DefinitionFaults` with the faults of all files together."""
    texts = {name: file.read_text(encoding="utf-8") for name, file in definition_files(folder).items()}
    names = Names(
        guards=frozenset(GUARDS),
        effects=frozenset(EFFECTS),
        forms=frozenset(forms),
        roles=frozenset(value_list("rol")),
    )
    return parse_all(texts, names)
