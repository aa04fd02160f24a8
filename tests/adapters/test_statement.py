"""Whatever is sent as a statement or as a key, it is taken or refused; nothing breaks on it."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from joserfc.jwk import ECKey, RSAKey

from app.adapters.statement import KeyRefused, StatementRefused, claims_of, issuer_of, public_keys

ELLIPTIC, ROUND = ECKey.generate_key("P-256"), RSAKey.generate_key(2048)
KNOWN = public_keys(json.dumps({"keys": [key.as_dict(private=False) for key in (ELLIPTIC, ROUND)]}))
NAMES = ("alg", "typ", "kid", "crit", "b64", "jwk", "iss", "kty", "crv", "x", "y", "n", "e", "use", "keys")
VALUES = ("ES256", "PS256", "HS256", "none", "EC", "RSA", "oct", "P-256", KNOWN[0]["kid"], KNOWN[0]["x"], KNOWN[1]["n"])

json_values = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text(max_size=20)
    | some.sampled_from(VALUES),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(some.sampled_from(NAMES) | some.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=8,
)
json_objects = some.dictionaries(some.sampled_from(NAMES), json_values, max_size=6)


def segment(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode("utf-8", "surrogatepass")).rstrip(b"=").decode()


segments = json_values.map(segment) | json_objects.map(segment) | some.text(max_size=30)
statements = some.lists(segments, max_size=5).map(".".join) | some.text(max_size=60)


@given(statements)
def test_what_nobody_signed_is_refused(statement: str) -> None:
    assert issuer_of(statement) is None or isinstance(issuer_of(statement), str)
    try:
        claims_of(statement, KNOWN)
    except StatementRefused:
        return
    raise AssertionError("nobody signed this")


@pytest.mark.parametrize("header", [{"crit": 5}, {"crit": [5]}, {"crit": {}}, {"b64": 5}, {"crit": ["b64"], "b64": []}])
def test_a_header_that_makes_no_sense_is_refused(header: dict[str, Any]) -> None:
    headed = segment({"alg": "ES256", "kid": KNOWN[0]["kid"], **header})
    with pytest.raises(StatementRefused):
        claims_of(f"{headed}.{segment({'iss': 'zaken'})}.{'A' * 86}", KNOWN)


@given(json_objects | some.fixed_dictionaries({"keys": some.lists(json_objects, max_size=3)}) | json_values)
def test_keys_are_refused_or_taken_with_nothing_but_their_public_parts(value: Any) -> None:
    try:
        found = public_keys(json.dumps(value))
    except KeyRefused:
        return
    assert all(key.keys() <= {"kty", "crv", "x", "y", "n", "e", "kid"} for key in found)


def test_a_key_keeps_its_name_and_gets_one_where_it_has_none() -> None:
    assert [key["kid"] for key in KNOWN] == [ELLIPTIC.thumbprint(), ROUND.thumbprint()]
    named = public_keys(json.dumps({**ELLIPTIC.as_dict(private=False), "kid": "2026-11"}))
    assert [key["kid"] for key in named] == ["2026-11"]
