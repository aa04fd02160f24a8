"""Ask a key as a system: sign a statement with one's own key, and show it.

    API=https://…/api/v1 SYSTEEM=systeem-… python system_key.py private.pem

The private key is made once, and never leaves the system; the administrator gets the public part as a JWK:

    openssl ecparam -name prime256v1 -genkey -noout -out private.pem
    python system_key.py private.pem --public

It needs one package beside Python itself: `pip install joserfc`.
"""

import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def statement(key: ECKey, client_id: str, address: str) -> str:
    """Who we are, for this address alone, good for a minute and for one time."""
    now = int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": address,
        "iat": now,
        "exp": now + 60,
        "jti": secrets.token_urlsafe(16),
    }
    return jwt.encode({"alg": "ES256", "kid": key.thumbprint()}, claims, key)


def request_of(key: ECKey, client_id: str, address: str, scope: str = "") -> dict[str, str]:
    """What is sent, as a form."""
    asked = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": statement(key, client_id, address),
    }
    return {**asked, "scope": scope} if scope else asked


def main() -> None:
    key = ECKey.import_key(Path(sys.argv[1]).read_bytes())
    if "--public" in sys.argv:
        print(json.dumps({**key.as_dict(private=False), "kid": key.thumbprint()}))
        return
    address = f"{os.environ['API']}/oauth/token"
    sent = urllib.parse.urlencode(request_of(key, os.environ["SYSTEEM"], address)).encode()
    try:
        with urllib.request.urlopen(address, sent, timeout=10) as answer:  # noqa: S310 - the address is one's own
            print(json.load(answer)["access_token"])
    except urllib.error.HTTPError as refused:
        sys.exit(why(refused))
    except urllib.error.URLError as failed:
        sys.exit(f"{address}: {failed.reason}")


def why(refused: urllib.error.HTTPError) -> str:
    """What the answer says of a refusal, by RFC 6749 or as a problem document; else its status."""
    with refused:
        try:
            told = json.loads(refused.read())
        except ValueError:
            told = {}
    said = told.get("error_description") or told.get("detail") if isinstance(told, dict) else None
    return f"{refused.code}: {said or refused.reason}"


if __name__ == "__main__":
    main()
