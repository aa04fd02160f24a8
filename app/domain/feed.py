"""What a happening is called outside: by the NL GOV profile for CloudEvents, so without the name of an organisation."""

PREFIX, VERSION = "nl.overheid.knelpunten", "v1"


def type_of(noun: str, action: str) -> str:
    """The type of an event: what it happened to and what happened, as the definitions call these.

    >>> type_of("precedent", "achterhaald_verklaren")
    'nl.overheid.knelpunten.precedent.achterhaald-verklaren.v1'
    """
    return ".".join((PREFIX, noun, action.replace("_", "-"), VERSION))
