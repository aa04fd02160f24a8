"""How the description says that something may be null: in OpenAPI 3.0 only a schema with a type can say so."""

from typing import Any

NOTHING = {"type": "object", "nullable": True, "enum": [None]}


def say_null(told: Any) -> None:
    """Change the description in its place: null beside a reference is a second possibility; what has no type takes all.

    >>> schema = {"nullable": True, "allOf": [{"$ref": "#/components/schemas/Zaak"}]}
    >>> say_null(schema)
    >>> schema["anyOf"][0], schema.keys()
    ({'$ref': '#/components/schemas/Zaak'}, dict_keys(['anyOf']))
    """
    for part in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        say_null(part)
    if isinstance(told, dict) and told.get("nullable") is True and "type" not in told:
        del told["nullable"]
        if "allOf" in told:
            told["anyOf"] = [*told.pop("allOf"), dict(NOTHING)]
