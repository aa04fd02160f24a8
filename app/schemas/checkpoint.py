"""The journal as a whole, as the API gives it: what was signed of it, and its lines."""

from typing import Any

from app.schemas.answer import AnswerSchema, as_kept, counted, said, several, timed

ALGORITHM = "Ed25519"


class CheckpointSchema(AnswerSchema):
    """What all of the journal was at a moment: a copy that was kept elsewhere shows when history was written anew."""

    outside = "Checkpoint"

    count = counted("aantal", "Zoveel regels had het hele verloop.")
    root = said("wortel", "De hash van al deze regels samen: de boom van RFC 9162 met SHA-256, in hexadecimalen.")
    at = timed("op", "Wanneer dit is vastgesteld.")
    origin = said("oorsprong", "Welk systeem dit vaststelde.")
    algorithm = said("algoritme", "Waarmee is ondertekend: Ed25519.")
    statement = said("ondertekend", "De tekst die is ondertekend: aantal, op, oorsprong en wortel als JSON.")
    signature = said("handtekening", "De handtekening, in base64.")
    public_key = said("sleutel", "De openbare sleutel waarmee de handtekening te controleren is, in base64.")


class JournalLineSchema(AnswerSchema):
    """A line of the journal at its place in the whole."""

    outside = "Journaalregel"

    place = counted("plaats", "De plaats in het hele verloop, vanaf 1.")
    previous_hash = said("vorigeHash", "De hash van de regel ervoor in hetzelfde proces.")
    hash = said("hash", "SHA-256 van vorigeHash, een regeleinde en de regel; de bytes ervan zijn een blad van de boom.")
    line = as_kept("regel", "Wat er staat; null van een proces dat u niet mag zien.")


class JournalStretchSchema(AnswerSchema):
    """A stretch of the whole journal."""

    outside = "Journaalregels"

    results = several("resultaten", JournalLineSchema, "De regels, op hun plaats.")
    following = counted("volgende", "De plaats waar het volgende stuk begint; null: dit is het laatste.", nullable=True)


def read_checkpoint(kept: Any) -> dict[str, Any]:
    """What a checkpoint said that was kept as JSON; raises marshmallow's `ValidationError` for what is none."""
    found: dict[str, Any] = CheckpointSchema().load(kept)
    return found
