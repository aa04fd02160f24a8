"""Every table, loaded: for migrations, and for whoever needs the whole."""

from app.db import (
    Base,
    account,
    advice,
    case,
    meeting,
    notice,
    organisation,
    precedent,
    process,
    publication,
    recommendation,
    report,
    ruling,
    search,
)

METADATA = Base.metadata
MODULES = (
    account,
    advice,
    case,
    meeting,
    notice,
    organisation,
    precedent,
    process,
    publication,
    recommendation,
    report,
    ruling,
    search,
)
