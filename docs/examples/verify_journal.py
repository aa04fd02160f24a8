"""Controleert een kopie van het verloop: python3 verify_journal.py verloop.jsonl checkpoint.json [sleutel]

De kopie maakte u met `knelpunt journal export`, het checkpoint is een bewaard antwoord van /api/v1/journaal/checkpoint.
Dit script gebruikt niets van het systeem. Alleen voor de handtekening is `pip install cryptography` nodig.
"""

import base64
import json
import sys
from hashlib import sha256
from pathlib import Path

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None


def written(line):
    """A line as its hash covers it: JSON with sorted names, without spaces."""
    return json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def root(leaves):
    """The root of the tree of RFC 9162; the left side is the largest power of two that is less than all."""
    if len(leaves) == 1:
        return leaves[0]
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + root(leaves[:left]) + root(leaves[left:])).digest()


def fault(rows, checkpoint):
    """The first thing that does not hold, as a sentence; None when all holds."""
    heads, leaves = {}, []
    for place, row in enumerate(rows, start=1):
        name = row["regel"]["process"]
        own = sha256(f"{row['vorigeHash']}\n{written(row['regel'])}".encode()).hexdigest()
        if (row["plaats"], row["vorigeHash"], row["hash"]) != (place, heads.get(name, "0" * 64), own):
            return f"Regel {place} ({name}) past niet."
        heads[name] = own
        leaves.append(sha256(b"\x00" + bytes.fromhex(own)).digest())
    if len(leaves) < checkpoint["aantal"]:
        return f"Er zijn {len(leaves)} regels. Het checkpoint telde er {checkpoint['aantal']}."
    if root(leaves[: checkpoint["aantal"]]).hex() != checkpoint["wortel"]:
        return f"De eerste {checkpoint['aantal']} regels zijn niet die van het checkpoint."
    if any(json.loads(checkpoint["ondertekend"])[name] != checkpoint[name] for name in ("aantal", "wortel")):
        return "De ondertekende tekst zegt iets anders dan het checkpoint."
    return None


def is_signed(checkpoint, key):
    """Was the text signed by who has the other half of this key?"""
    try:
        known = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))
        known.verify(base64.b64decode(checkpoint["handtekening"]), checkpoint["ondertekend"].encode())
    except (ValueError, InvalidSignature):
        return False
    return True


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("Gebruik: python3 verify_journal.py verloop.jsonl checkpoint.json [sleutel]")
    try:
        rows = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
        checkpoint = json.loads(Path(sys.argv[2]).read_text("utf-8"))
        wrong = fault(rows, checkpoint)
        key = sys.argv[3] if len(sys.argv) == 4 else checkpoint["sleutel"]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        sys.exit("Een van de bestanden is geen kopie van het verloop of geen checkpoint.")
    if Ed25519PublicKey is None:
        signed = "De handtekening is niet bekeken: installeer cryptography."
    else:
        signed = f"Ondertekend met {key}"
        wrong = wrong or (None if is_signed(checkpoint, key) else "De handtekening is niet van deze sleutel.")
    if wrong:
        sys.exit(wrong)
    print(f"Klopt: {len(rows)} regels, waarvan {checkpoint['aantal']} in het checkpoint. {signed}")
