"""The order of confidentiality, from open to most secret (ZGW vertrouwelijkheidaanduiding)."""

LEVELS = (
    "openbaar",
    "beperkt_openbaar",
    "intern",
    "zaakvertrouwelijk",
    "vertrouwelijk",
    "confidentieel",
    "geheim",
    "zeer_geheim",
)


def at_least(level: str, other: str) -> bool:
    """Is a level as confidential as the other, or more?

    >>> at_least("geheim", "intern"), at_least("openbaar", "intern")
    (True, False)
    """
    return LEVELS.index(level) >= LEVELS.index(other)
