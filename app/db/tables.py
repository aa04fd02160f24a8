"""Every table, loaded: for migrations, and for whoever needs the whole."""

from app.db import (
    Base,
    account,
    advice,
    body,
    case,
    deliberation,
    interest,
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
    vote,
)

METADATA = Base.metadata
MODULES = (
    account,
    advice,
    body,
    case,
    deliberation,
    interest,
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
    vote,
)
