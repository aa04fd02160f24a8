"""A system shows who it is with a signed statement, and gets a key for a quarter of an hour."""

import base64
import hashlib
import hmac
import importlib.util
import io
import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import Message
from pathlib import Path
from threading import Barrier
from typing import Any, NamedTuple
from urllib.error import HTTPError

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db.account import Account
from app.db.notice import Outbox
from app.db.system import Statement, System
from app.db.token import Token
from app.services.account import ask_reset, disable
from tests.api.stage import ROOT, UTRECHT, Stage, report

HERE = "http://127.0.0.1:8000/api/v1/oauth/token"
FORM = "application/x-www-form-urlencoded"
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "system_key.py"


def encoded_number(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(128)).rstrip(b"=").decode()


ELLIPTIC, OTHER, ROUND = ECKey.generate_key("P-256"), ECKey.generate_key("P-256"), RSAKey.generate_key(2048)


class Known(NamedTuple):
    """A system that was registered, and the stage on which it plays."""

    stage: Stage
    client_id: str

    def claims(self, **other: Any) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": HERE,
            "iat": now,
            "exp": now + 60,
            "jti": f"{time.time_ns()}",
            **other,
        }

    def statement(self, key: Any = ELLIPTIC, header: Mapping[str, Any] | None = None, **other: Any) -> str:
        claims = {name: value for name, value in self.claims(**other).items() if value is not None}
        made = {"alg": "PS256" if key is ROUND else "ES256", **(header or {})}
        return jws.serialize_compact(made, json.dumps(claims), key, algorithms=["ES256", "PS256", "RS256"])

    def asks(self, statement: str, **other: str) -> TestResponse:
        return ask(self.stage, client_assertion=statement, **other)


@pytest.fixture
def known(stage: Stage) -> Known:
    return register(stage, ELLIPTIC)


def register(stage: Stage, *keys: Any, roles: tuple[str, ...] = ("melder",), confirms: bool = False) -> Known:
    answer = stage.post("/systemen", "beheerder", form(*keys, roles=roles, confirms=confirms))
    assert answer.status_code == 201, answer.json
    return Known(stage, answer.json["clientId"])


def form(*keys: Any, roles: tuple[str, ...] = ("melder",), confirms: bool = False) -> dict[str, Any]:
    return {
        "naam": "Zaaksysteem gemeente Utrecht",
        "organisatie": UTRECHT,
        "rollen": list(roles),
        "bevestigt": confirms,
        "openbareSleutels": jwks(*keys),
    }


def jwks(*keys: Any) -> str:
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]})


def ask(stage: Stage, **sent: str) -> TestResponse:
    data = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        **sent,
    }
    answer = stage.app.test_client().post(f"{ROOT}/oauth/token", data=data)
    # A refusal is no problem document here.
    return answer if answer.status_code in (400, 401, 429) else stage.checked(answer)


def with_key(stage: Stage, method: str, path: str, key: str, **sent: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {key}", **sent.pop("headers", {})}
    return stage.checked(stage.app.test_client().open(ROOT + path, method=method, headers=headers, **sent))


def refused(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["error_description"].isascii()
    return answer.status_code, answer.json["error"]


def test_a_system_gets_a_key_for_a_quarter_of_an_hour_and_acts_in_its_own_name(known: Known) -> None:
    answer = known.asks(known.statement())

    assert answer.status_code == 200, answer.json
    assert answer.headers["Cache-Control"] == "no-store"
    given = answer.json
    assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 900, "melder")
    sent = with_key(known.stage, "POST", "/meldingen", given["access_token"], json=report())
    assert sent.status_code == 201
    path = f"/knelpunten/{sent.json['knelpunt']}"
    assert known.stage.get(path, "utrecht").status_code == 200
    lines = known.stage.get(f"{path}/verloop", "triagist").json["resultaten"]
    assert lines[0]["rol"] == "melder"


def test_each_kind_of_key_is_good_and_a_list_of_one_audience_too(stage: Stage) -> None:
    both = register(stage, ELLIPTIC, ROUND)
    name = ROUND.thumbprint()

    assert both.asks(both.statement(ROUND, {"kid": name}, aud=[HERE])).status_code == 200
    assert both.asks(both.statement(ELLIPTIC, {"kid": ELLIPTIC.thumbprint()})).status_code == 200
    # With two keys a statement has to say which one it was.
    assert refused(both.asks(both.statement(ELLIPTIC))) == (401, "invalid_client")
    assert refused(both.asks(both.statement(ELLIPTIC, {"kid": name}))) == (401, "invalid_client")


def test_a_statement_that_says_something_else_gives_no_key(known: Known) -> None:
    now = int(time.time())
    wrong: list[dict[str, Any]] = [
        {"aud": "https://elders.example/api/v1/oauth/token"},
        {"aud": [HERE, "https://elders.example"]},
        {"aud": []},
        {"aud": None},
        {"sub": "systeem-anders"},
        {"sub": None},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 256},
        {"jti": 7},
        {"exp": None},
        {"iat": None},
        {"exp": now - 60},
        {"exp": now + 3600},
        {"exp": "morgen"},
        {"exp": True},
        {"exp": 10**400},
        {"iat": -(10**400)},
        {"iat": now + 300, "exp": now + 360},
        {"iat": now - 3600},
        {"nbf": now + 300},
        {"nbf": "straks"},
    ]

    for other in wrong:
        assert refused(known.asks(known.statement(**other))) == (401, "invalid_client"), other


def test_who_did_not_sign_with_the_key_of_the_system_gets_none(known: Known) -> None:
    public = json.dumps(ELLIPTIC.as_dict(private=False)).encode()
    pem = ELLIPTIC.as_pem(private=False)
    good = known.statement()
    head, body, signature = good.split(".")
    forged = [
        known.statement(OTHER),
        known.statement(OTHER, {"jwk": OTHER.as_dict(private=False)}),
        known.statement(OTHER, {"kid": ELLIPTIC.thumbprint()}),
        known.statement(ELLIPTIC, {"kid": "../../etc/passwd"}),
        known.statement(ROUND, {"alg": "RS256"}),
        known.statement(ELLIPTIC, {"typ": "at+jwt"}),
        f"{encoded({'alg': 'none'})}.{body}.",
        f"{encoded({'alg': 'none'})}.{body}.{signature}",
        f"{encoded({'alg': 'NONE'})}.{body}.",
        with_secret(body, public),
        with_secret(body, pem),
        f"{head}.{encoded({**known.claims(), 'aud': [HERE]})}.{signature}",
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"{head}.{body}.",
        f"{head}.{body}",
        f"{encoded([])}.{body}.{signature}",
        f"{encoded({'alg': 'ES256', 'crit': ['b64'], 'b64': False})}.{body}.{signature}",
        f"{head}.{base64.urlsafe_b64encode(b'[[[' * 900).decode()}.{signature}",
        "....",
        "x" * 8000,
        "é.é.é",
        known.statement(iss="systeem-onbekend"),
        known.statement(iss="a\x00b"),
        known.statement(iss="\ud800"),
        known.statement(iss=7),
        known.statement(iss=None),
    ]

    for statement in forged:
        assert refused(known.asks(statement)) == (401, "invalid_client"), statement
    assert known.asks(good).status_code == 200


def test_a_statement_counts_once_also_when_it_comes_eight_times_at_the_same_moment(known: Known) -> None:
    statement, together = known.statement(), Barrier(8)

    def send(_: int) -> int:
        together.wait()
        return known.asks(statement).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(send, range(8)))

    assert answers == [200, *[401] * 7]
    with known.stage.work() as work:
        assert len(work.session.scalars(select(Statement)).all()) == 1
        assert len(work.session.scalars(select(Token).where(Token.system_id.is_not(None))).all()) == 1


def test_the_scope_is_what_was_asked_and_never_more_than_the_system_has(stage: Stage) -> None:
    known = register(stage, ELLIPTIC, roles=("melder", "fg"), confirms=True)

    assert known.asks(known.statement()).json["scope"] == "fg melder bevestigen"
    assert known.asks(known.statement(), scope="melder").json["scope"] == "melder"
    assert refused(known.asks(known.statement(), scope="melder triagist")) == (400, "invalid_scope")
    assert refused(known.asks(known.statement(), scope="a  b")) == (400, "invalid_scope")


def test_a_request_that_does_not_fit_is_told_as_the_standard_has_it(known: Known) -> None:
    statement = known.statement()

    assert refused(known.asks("")) == (400, "invalid_request")
    assert refused(known.asks(statement, grant_type="password")) == (400, "unsupported_grant_type")
    assert refused(known.asks(statement, grant_type="")) == (400, "invalid_request")
    assert refused(known.asks(statement, client_assertion_type="x")) == (400, "invalid_request")
    assert refused(known.asks(statement, client_id="systeem-anders")) == (401, "invalid_client")
    assert refused(known.asks("x" * 9000)) == (400, "invalid_request")
    twice = known.stage.app.test_client().post(f"{ROOT}/oauth/token", data="scope=a&scope=b", content_type=FORM)
    assert refused(twice) == (400, "invalid_request")
    plain = known.stage.post("/oauth/token", None, {"grant_type": "client_credentials"})
    assert (plain.status_code, plain.mimetype) == (415, "application/problem+json")
    # Nothing of this used the statement up, and what the standard does not name is left alone.
    assert known.asks(statement, client_id=known.client_id, resource="x").status_code == 200


def test_a_key_that_was_replaced_is_worth_nothing_and_what_was_given_with_it_neither(known: Known) -> None:
    key = known.asks(known.statement()).json["access_token"]
    path = f"/systemen/{known.client_id}"
    seen = known.stage.get(path, "beheerder").headers["ETag"]

    changed = put(known.stage, f"{path}/openbare-sleutels", {"openbareSleutels": jwks(OTHER)}, if_match=seen)

    assert changed.status_code == 200, changed.json
    assert with_key(known.stage, "GET", "/meldingen", key).status_code == 401
    assert refused(known.asks(known.statement())) == (401, "invalid_client")
    assert known.asks(known.statement(OTHER)).status_code == 200
    stale = put(known.stage, f"{path}/openbare-sleutels", {"openbareSleutels": jwks(ELLIPTIC)}, if_match=seen)
    assert stale.status_code == 412


def test_webhooks_wait_when_the_keys_of_their_system_are_replaced(known: Known) -> None:
    stage, path = known.stage, f"/systemen/{known.client_id}"
    key = known.asks(known.statement()).json["access_token"]
    hook = {"naam": "Haak", "adres": "https://zaken.example/haak"}
    made = with_key(stage, "POST", "/webhooks", key, json=hook)
    other = stage.post("/webhooks", "utrecht", hook).json["id"]
    where = f"/webhooks/{made.json['id']}"

    put(stage, f"{path}/openbare-sleutels", {"openbareSleutels": jwks(OTHER)}, if_match="*")

    key = known.asks(known.statement(OTHER)).json["access_token"]
    seen = with_key(stage, "GET", where, key)
    assert (seen.json["actief"], seen.json["pauze"]) == (False, "geen_recht")
    assert seen.headers["ETag"] != made.headers["ETag"]
    assert stage.get(f"/webhooks/{other}", "utrecht").json["actief"] is True
    on = with_key(stage, "POST", f"{where}/hervatten", key, headers={"If-Match": seen.headers["ETag"]})
    assert on.json["actief"] is True


def test_what_was_made_with_a_key_of_a_system_ends_when_its_keys_are_replaced(stage: Stage) -> None:
    known = register(stage, ELLIPTIC, confirms=True)
    key = known.asks(known.statement()).json["access_token"]
    child = with_key(stage, "POST", "/sleutels", key, json={"naam": "kind", "bevestigt": True}).json["sleutel"]
    grandchild = with_key(stage, "POST", "/sleutels", child, json={"naam": "kleinkind"}).json["sleutel"]
    assert with_key(stage, "GET", "/sleutels", grandchild).status_code == 200

    put(stage, f"/systemen/{known.client_id}/openbare-sleutels", {"openbareSleutels": jwks(OTHER)}, if_match="*")

    for value in (key, child, grandchild):
        assert with_key(stage, "GET", "/sleutels", value).status_code == 401


def test_a_system_gets_no_seat_and_is_no_administrator(stage: Stage) -> None:
    for role in ("beheerder", "ccg_lid", "ccg_voorzitter", "ccg_plv", "ccg_secretaris"):
        answer = stage.post("/systemen", "beheerder", form(ELLIPTIC, roles=("melder", role)))
        assert answer.status_code == 400, role
        (fault,) = answer.json["errors"]
        assert fault["veld"].startswith("rollen")
        assert fault["melding"].startswith("Deze rollen zijn alleen voor mensen")
    known = register(stage, ELLIPTIC)

    with stage.work() as work:
        account = work.session.scalars(select(System)).one().account_id
    path = f"/accounts/{account}/rollen"
    assert stage.post(path, "beheerder", {"rol": "ccg_lid"}, if_match="*").status_code == 400
    assert stage.post(path, "beheerder", {"rol": "beheerder"}, if_match="*").status_code == 400
    seat = {"email": f"{known.client_id}@systeem.invalid", "functie": "lid", "van": stage.today.isoformat()}
    refused = stage.post("/organen/ccg/leden", "beheerder", seat, if_match="*")
    assert (refused.status_code, refused.json["errors"][0]["veld"]) == (400, "email")
    assert stage.post(path, "beheerder", {"rol": "fg"}, if_match="*").status_code == 200


def test_a_system_that_is_shut_gets_no_key_and_those_that_it_has_are_worth_nothing(known: Known) -> None:
    key = known.asks(known.statement()).json["access_token"]
    path = f"/systemen/{known.client_id}"
    seen = known.stage.get(path, "beheerder").headers["ETag"]

    headers = {"Authorization": "Bearer token-beheerder", "If-Match": seen}
    ended = known.stage.checked(known.stage.app.test_client().delete(ROOT + path, headers=headers))

    assert (ended.status_code, ended.data) == (204, b"")
    assert with_key(known.stage, "GET", "/meldingen", key).status_code == 401
    assert refused(known.asks(known.statement())) == (401, "invalid_client")
    assert known.stage.get(path, "beheerder").json["beeindigdOp"] is not None


def test_keys_that_are_not_good_enough_are_refused_with_what_to_do(stage: Stage) -> None:
    good = ELLIPTIC.as_dict(private=False)
    too_short = {"kty": "RSA", "e": "AQAB", "n": encoded_number(2**1023 + 1)}
    wrong = [
        ("geen json", "geen JWKS"),
        ("[]", "geen JWKS"),
        ('{"keys": []}', "één tot en met 4"),
        ('{"keys": [1]}', "geen JWKS"),
        (json.dumps(ELLIPTIC.as_dict(private=True)), "geheime deel"),
        ('{"kty": "oct", "k": "AAAA"}', "geheime deel"),
        ('{"kty": "oct"}', "Kies sleutels"),
        (json.dumps(too_short), "Kies sleutels"),
        (json.dumps({**too_short, "n": "$$$"}), "Kies sleutels"),
        (json.dumps(ECKey.generate_key("P-384").as_dict(private=False)), "Kies sleutels"),
        (json.dumps({**good, "y": "AAAA"}), "Kies sleutels"),
        (json.dumps({**good, "use": "enc"}), "Kies sleutels"),
        (json.dumps({**good, "alg": "HS256"}), "Kies sleutels"),
        (json.dumps({**good, "x": ["A"]}), "Kies sleutels"),
        (json.dumps({**good, "kty": ["EC"]}), "Kies sleutels"),
        (json.dumps({**good, "kid": ""}), "kid"),
        (jwks(ELLIPTIC, ELLIPTIC), "kid"),
    ]

    for keys, says in wrong:
        answer = stage.post("/systemen", "beheerder", {**form(ELLIPTIC), "openbareSleutels": keys})
        assert answer.status_code == 400, keys
        (fault,) = answer.json["errors"]
        assert fault["veld"] == "openbareSleutels"
        assert says in fault["melding"]


def test_systems_are_for_the_administrator(known: Known) -> None:
    assert known.stage.get("/systemen", "triagist").status_code == 403
    assert known.stage.post("/systemen", "zwolle", form(ELLIPTIC)).status_code == 403
    assert known.stage.get(f"/systemen/{known.client_id}", "zwolle").status_code == 403
    shown = known.stage.get("/systemen", "beheerder").json["resultaten"]
    assert [row["clientId"] for row in shown] == [known.client_id]
    assert "d" not in shown[0]["openbareSleutels"][0]


def test_a_system_is_shut_with_its_account(known: Known) -> None:
    key = known.asks(known.statement()).json["access_token"]
    with known.stage.work() as work:
        system = work.session.scalars(select(System)).one()
        disable(work, work.session.get_one(Account, system.account_id))

    assert with_key(known.stage, "GET", "/meldingen", key).status_code == 401
    assert refused(known.asks(known.statement())) == (401, "invalid_client")
    assert known.stage.get(f"/systemen/{known.client_id}", "beheerder").json["beeindigdOp"] is not None


def test_nobody_gets_a_link_to_log_in_as_a_system(known: Known) -> None:
    with known.stage.work() as work:
        ask_reset(work, f"{known.client_id}@systeem.invalid")
        ask_reset(work, "utrecht@knelpunt.example")
        letters = [job.payload["to"] for job in work.session.scalars(select(Outbox)) if "to" in job.payload]

    assert letters == ["utrecht@knelpunt.example"]


def test_the_example_of_the_guide_asks_a_key_where_the_installation_says(stage: Stage) -> None:
    spec = importlib.util.spec_from_file_location("system_key", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    told = stage.app.test_client().get("/.well-known/oauth-authorization-server").json
    known = register(stage, ELLIPTIC)

    sent = example.request_of(ELLIPTIC, known.client_id, told["token_endpoint"], "melder")
    answer = stage.checked(stage.app.test_client().post(f"{ROOT}/oauth/token", data=sent))

    assert answer.status_code == 200
    again = stage.app.test_client().post(f"{ROOT}/oauth/token", data=sent)
    refused = HTTPError(told["token_endpoint"], again.status_code, "Unauthorized", Message(), io.BytesIO(again.data))
    assert example.why(refused) == f"{again.status_code}: {again.json['error_description']}"
    assert told["issuer"] + "/api/v1/oauth/token" == told["token_endpoint"]
    assert told["token_endpoint_auth_signing_alg_values_supported"] == ["PS256", "ES256"]


def put(stage: Stage, path: str, sent: Any, **headers: str) -> TestResponse:
    heads = {"Authorization": "Bearer token-beheerder", **{name.replace("_", "-"): v for name, v in headers.items()}}
    return stage.checked(stage.app.test_client().put(ROOT + path, headers=heads, json=sent))


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def with_secret(body: str, secret: bytes) -> str:
    """Signed as if the public key were a shared secret."""
    told = f"{encoded({'alg': 'HS256'})}.{body}"
    digest = hmac.new(secret, told.encode(), hashlib.sha256).digest()
    return f"{told}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def test_who_goes_on_with_a_wrong_statement_waits_longer_each_time_and_holds_up_nobody_else(stage: Stage) -> None:
    known, neighbour = register(stage, ELLIPTIC), register(stage, OTHER)
    for _ in range(30):
        assert refused(known.asks(known.statement(OTHER))) == (401, "invalid_client")

    held = known.asks(known.statement())

    assert held.status_code == 429
    assert refused(held) == (429, "temporarily_unavailable")
    assert held.headers["Retry-After"] == "2"
    assert neighbour.asks(neighbour.statement(OTHER)).status_code == 200
    stage.set_clock(stage.now + timedelta(seconds=2))
    assert refused(known.asks(known.statement(OTHER))) == (401, "invalid_client")
    assert known.asks(known.statement()).headers["Retry-After"] == "3"
    stage.set_clock(stage.now + timedelta(seconds=3))
    assert known.asks(known.statement()).status_code == 200
    assert refused(known.asks(known.statement(OTHER))) == (401, "invalid_client")


def test_a_system_without_a_role_gets_a_key_with_which_it_reads_what_is_public(stage: Stage) -> None:
    known = register(stage, ELLIPTIC, roles=())

    given = known.asks(known.statement())

    assert (given.status_code, given.json["scope"]) == (200, "")
    key = given.json["access_token"]
    assert with_key(stage, "GET", "/precedenten", key).status_code == 200
    assert with_key(stage, "POST", "/meldingen", key, json=report()).status_code == 403
