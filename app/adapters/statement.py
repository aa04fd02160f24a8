"""Signed statements of systems (RFC 7523): which public keys are good enough, and what a statement says."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    # Loaded with the first statement or key: most installations know no systems.
    from joserfc.jwk import ECKey, RSAKey
    from joserfc.jws import CompactSignature

ALGORITHMS = {"RSA": "PS256", "EC": "ES256"}
"""The one algorithm for each kind of key; a statement does not choose another."""
PARTS = {"RSA": ("n", "e"), "EC": ("crv", "x", "y")}
SECRET_PARTS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
TYPES = frozenset({"jwt", "client-authentication+jwt"})
CURVE, LEAST_BITS, MOST_BITS = "P-256", 2048, 8192
MOST_KEYS, LONGEST_NAME, LONGEST = 4, 200, 8192

NO_JWKS = "Dit is geen JWKS. Plak een object met “keys”, of één sleutel als JWK."
PRIVATE_PART = (
    "Hierin staat het geheime deel van een sleutel. Maak een nieuwe sleutel, en geef alleen het openbare deel."
)
NOT_GOOD = f"Kies sleutels van het soort RSA met {LEAST_BITS} tot en met {MOST_BITS} bits (PS256), of EC P-256 (ES256)."
NOT_ALIKE = "Geef elke sleutel een eigen “kid” van hoogstens 200 tekens."
WRONG_AMOUNT = f"Geef één tot en met {MOST_KEYS} sleutels."


class KeyRefused(Exception):
    """These keys are not taken; the message is a Dutch sentence that says what to do."""


class StatementRefused(Exception):
    """This is no statement that was signed with one of the keys."""


def public_keys(text: str) -> list[dict[str, Any]]:
    """The public keys in a JWKS or a single JWK, each with a name and nothing more than it needs."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise KeyRefused(NO_JWKS) from None
    keys = given.get("keys", [given]) if isinstance(given, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise KeyRefused(NO_JWKS)
    if not 1 <= len(keys) <= MOST_KEYS:
        raise KeyRefused(WRONG_AMOUNT)
    if any(SECRET_PARTS & key.keys() for key in keys):
        raise KeyRefused(PRIVATE_PART)
    found = [_public_key(key) for key in keys]
    if len({key["kid"] for key in found}) != len(found):
        raise KeyRefused(NOT_ALIKE)
    return found


def issuer_of(statement: str) -> str | None:
    """Who says to have signed this; nothing of it is checked, so it serves to find the keys alone."""
    try:
        claims = json.loads(_parsed(statement).payload)
    except (StatementRefused, ValueError, RecursionError):
        return None
    issuer = claims.get("iss") if isinstance(claims, dict) else None
    return issuer if isinstance(issuer, str) else None


def claims_of(statement: str, keys: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What a statement says, after its signature was found good with the one key that it names."""
    from joserfc import jws  # noqa: PLC0415 - see above
    from joserfc.errors import JoseError  # noqa: PLC0415

    parsed = _parsed(statement)
    headers = parsed.headers()
    key = _chosen(keys, headers.get("kid"))
    kind = str(key["kty"])
    # The key decides on the algorithm; a type that is no such statement was signed for something else.
    if headers.get("alg") != ALGORITHMS[kind] or str(headers.get("typ", "JWT")).lower() not in TYPES:
        raise StatementRefused("algorithm or type")
    try:
        if not jws.validate_compact(parsed, _opened(key), algorithms=[ALGORITHMS[kind]]):
            raise StatementRefused("signature")
        claims = json.loads(parsed.payload, parse_constant=_no_number)
    except (JoseError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise StatementRefused(type(error).__name__) from None
    if not isinstance(claims, dict):
        raise StatementRefused("no object")
    return claims


def _parsed(statement: str) -> "CompactSignature":
    from joserfc import jws  # noqa: PLC0415 - see above
    from joserfc.errors import JoseError  # noqa: PLC0415

    if len(statement) > LONGEST or not statement.isascii():
        raise StatementRefused("too long, or not a compact statement")
    try:
        return jws.extract_compact(statement.encode())
    except (JoseError, ValueError, RecursionError, TypeError, AttributeError) as error:
        raise StatementRefused(type(error).__name__) from None


def _chosen(keys: Sequence[Mapping[str, Any]], name: object) -> Mapping[str, Any]:
    """The key that the statement names; where there is one key it need not be named."""
    fitting = [key for key in keys if key["kid"] == name] if name is not None else keys
    if len(fitting) != 1:
        raise StatementRefused("which key")
    return fitting[0]


def _public_key(given: Mapping[str, Any]) -> dict[str, Any]:
    from joserfc.errors import JoseError  # noqa: PLC0415 - see above

    kind, name = given.get("kty"), given.get("kid")
    if (
        not isinstance(kind, str)
        or kind not in PARTS
        or given.get("use", "sig") != "sig"
        or given.get("alg", ALGORITHMS[kind]) != ALGORITHMS[kind]
    ):
        raise KeyRefused(NOT_GOOD)
    if name is not None and (not isinstance(name, str) or not 1 <= len(name) <= LONGEST_NAME or not name.isprintable()):
        raise KeyRefused(NOT_ALIKE)
    kept = {"kty": kind, **{part: given.get(part) for part in PARTS[kind]}}
    if not all(isinstance(value, str) and len(value) <= MOST_BITS for value in kept.values()):
        raise KeyRefused(NOT_GOOD)
    try:
        opened = _opened(kept)
    except (JoseError, ValueError, TypeError):
        raise KeyRefused(NOT_GOOD) from None
    return {**kept, "kid": name or opened.thumbprint()}


def _opened(key: Mapping[str, Any]) -> "RSAKey | ECKey":
    from joserfc.jwk import ECKey, RSAKey  # noqa: PLC0415 - see above

    parts: Any = {name: value for name, value in key.items() if name in {"kty", *PARTS[key["kty"]]}}
    if key["kty"] == "EC":
        if key["crv"] != CURVE:
            raise ValueError("another curve")
        point = ECKey.import_key(parts)
        # Only now the library looks whether this is a point of the curve.
        _ = point.public_key
        return point
    if not LEAST_BITS <= _bits(key["n"]) <= MOST_BITS:
        raise ValueError("too short or too long")
    return RSAKey.import_key(parts)


def _bits(number: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(number + "=" * (-len(number) % 4))).bit_length()


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)
