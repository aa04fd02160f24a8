"""The weighing of kan, mag and wenselijk: a judgement with its reasons for each, as flat fields."""

from app.schemas.kind import Choice, LongText

# The key of the weighing: the question as people read it, and what a good answer says.
QUESTIONS = {
    "kan": ("Kan het?", "Is het technisch en praktisch mogelijk? Schrijf wat er al is en wat nog ontbreekt."),
    "mag": ("Mag het?", "Staat de wet het toe? Noem de artikelen en leg uit hoe u ze leest."),
    "wenselijk": (
        "Is het wenselijk?",
        "Is het goed voor de burger en voor de samenleving? Noem de waarden die botsen en wat voor u zwaarder weegt.",
    ),
}


def weighed(key: str, *, required: bool = True) -> tuple[Choice, LongText]:
    """The two fields of one question."""
    question, hint = QUESTIONS[key]
    judgement = Choice(
        f"{key}Oordeel",
        "Oordeel",
        list="oordeel",
        group=question,
        missing=f"Kies een oordeel bij “{question}”." if required else None,
    )
    text = LongText(
        f"{key}Tekst",
        "Toelichting",
        hint=hint,
        group=question,
        missing=f"Leg uw oordeel uit bij “{question}”." if required else None,
        shown={"rows": 5},
    )
    return judgement, text
