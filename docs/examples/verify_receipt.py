"""Gaat na of een stem is meegeteld: python3 verify_receipt.py stembewijs.json stemronde.json

Het stembewijs kreeg u toen u stemde; de stemronde staat na het sluiten bij het agendapunt. Wat klopt, klopt zonder
dat u iemand hoeft te vertrouwen: dit script gebruikt alleen Python zelf.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path

VERSION = "knelpuntenstelsel stembewijs 1"
CHOICES = ("voor", "tegen", "onthouding")


def commitment(item, number, choice, salt):
    """The SHA-256 of five lines: version, item, round, choice, salt."""
    return sha256("\n".join((VERSION, item, str(number), choice, salt)).encode()).hexdigest()


def digest(item, number, votes):
    """The SHA-256 of the list as JSON with sorted names, without spaces."""
    listed = {"agendapunt": item, "ronde": number, "stemmen": votes}
    return sha256(json.dumps(listed, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def fault(receipt, found):
    """The first thing that does not hold, as a sentence; None when all holds."""
    item, number, votes = found["agendapunt"], found["ronde"], found["stemmen"]
    own = {name: receipt[name] for name in ("bewijs", "zout", "keuze")}
    if (receipt["versie"], receipt["agendapunt"], receipt["ronde"]) != (VERSION, item, number):
        return "Dit stembewijs hoort niet bij deze stemronde."
    if commitment(item, number, own["keuze"], own["zout"]) != own["bewijs"]:
        return "Dit stembewijs klopt niet in zichzelf: het is veranderd."
    if own not in votes:
        return "Uw stem staat niet in de lijst van deze stemronde."
    if any(commitment(item, number, one["keuze"], one["zout"]) != one["bewijs"] for one in votes):
        return "In de lijst staat een stem waarvan het bewijs niet klopt."
    if len({one["bewijs"] for one in votes}) != len(votes):
        return "In de lijst staat een stem twee keer."
    if [sum(one["keuze"] == choice for one in votes) for choice in CHOICES] != [found[choice] for choice in CHOICES]:
        return "De lijst en de uitslag verschillen."
    if digest(item, number, votes) != found["controlegetal"]:
        return "Het controlegetal hoort niet bij de lijst."
    return None


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Gebruik: python3 verify_receipt.py stembewijs.json stemronde.json")
    try:
        receipt, found = (json.loads(Path(path).read_text("utf-8")) for path in sys.argv[1:])
        wrong = fault(receipt, found)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        wrong = "Een van de bestanden is geen stembewijs of geen stemronde."
    if wrong:
        sys.exit(wrong)
    print(f"Klopt: uw stem ({receipt['keuze']}) is meegeteld. Controlegetal: {found['controlegetal']}")
