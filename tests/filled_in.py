"""What people fill in along the street, for every test that goes it: the bodies of the actions, and of a report.

It is data alone, and knows nothing of the application: who takes these from here can be an outsider.
"""

from typing import Any

QUESTIONS = (
    *("zelfde_grondslag", "zelfde_doel", "zelfde_of_minder_gegevens", "zelfde_soort_partijen"),
    *("zelfde_betrokkenen", "voorwaarden_haalbaar", "wet_ongewijzigd", "geen_nuance"),
)
APPLICABLE = [{"vraag": question, "antwoord": "ja"} for question in QUESTIONS]
DOSSIER = [
    *("feiten", "juridisch_kader", "standpunten_partijen", "fg_oordeel", "juridisch_advies", "ethisch_advies"),
    "precedenten_gezocht",
]
WEIGHED = {
    "kanOordeel": "ja",
    "kanTekst": "De koppeling bestaat al.",
    "magOordeel": "ja_mits",
    "magTekst": "Alleen voor dit doel.",
    "wenselijkOordeel": "ja",
    "wenselijkTekst": "Mensen krijgen waar zij recht op hebben.",
}
ADVICE = {
    "conclusie": "mag_mits",
    "motivering": "De wet laat ruimte.",
    "onzekerheid": "Er is geen rechtspraak.",
    "bronnen": "Participatiewet",
    "belang": "geen_belang",
    **WEIGHED,
}
USE_OF_ADVICE = {"gevolgd": True, "vergewis": "De feiten kloppen."}
SOLUTION = {
    "oplossing": "De SVB stuurt een brief.",
    "interventies": ["verbinden"],
    "persoonsgegevens": True,
    "akkoordFg": True,
    **WEIGHED,
}
ESCALATION = {
    "waaromNietOpWerkniveau": "De SVB ziet geen grondslag.",
    "opties": "Brief of levering.",
    "voorkeursoptie": "Levering.",
}
NOMINATION = {
    "vraagstelling": "Mag de SVB leveren?",
    "escalatiegronden": ["botsende_wetsuitleg", "precedentwaarde"],
    "dossier": DOSSIER,
}
PROPOSAL = "De SVB mag leveren, mits."
DECISION = {
    "dictum": "De SVB mag deze gegevens aan de gemeente geven, mits alleen voor dit doel.",
    "interventies": ["juridische_duidelijkheid"],
}
CONDITION = {"wie": "gemeente", "wat": "Wis de gegevens na een jaar.", "toetsbaar": "Het verwijderverslag."}
REACTION = {
    "reactie": "overgenomen",
    "eigenaar": "Directeur",
    "planning": "2027-03-01",
    "indicator": "De afspraak is getekend.",
}
EVIDENCE = {"bewijs": "https://www.svb.example/afspraak"}


def law(valid_on: str) -> dict[str, str]:
    """The article that it is all about, as it read on a day."""
    return {"stelsel": "bwb", "id": "BWBR0015703", "artikel": "64", "geldigOp": valid_on}


def report(*, provider: str, receiver: str, valid_on: str, **other: Any) -> dict[str, Any]:
    """What a reporter sends; who provides and who receives is given by its address."""
    return {
        "titel": "AIO-aanvulling: pensioengegevens van inwoners",
        "kernvraag": "Mag de SVB de gemeente zeggen wie recht heeft op een AIO-aanvulling?",
        "omschrijving": "Veel mensen met een klein pensioen vragen de aanvulling niet aan.",
        "typen": ["juridisch", "ethisch"],
        "uitwisseling": {
            "verstrekkers": [{"tooiUri": provider}],
            "ontvangers": [{"tooiUri": receiver}],
            "gegevenscategorieen": ["AOW-uitkering"],
            "doel": "Inwoners wijzen op hun recht",
        },
        "grondslagen": [law(valid_on)],
        "alGeprobeerd": "Overleg met de SVB.",
        "maatschappelijkEffect": "Ouderen leven onder het bestaansminimum.",
        "urgentie": "normaal",
        "vertrouwelijkheid": "intern",
        **other,
    }


def taken_on(handler: str) -> dict[str, Any]:
    """A handler is named, and it is said what kind of bottleneck this is."""
    return {
        "behandelaar": handler,
        "domein": "Werk en inkomen",
        "knelpunttypen": ["juridisch", "ethisch"],
        "prioriteit": "normaal",
        "grondoorzaken": ["grondslag_onduidelijk"],
        "interoperabiliteitslagen": ["juridisch"],
        "schijnbaar": False,
    }


def advice_request(kind: str, expert: str) -> dict[str, Any]:
    """An expert is asked for advice of a kind."""
    return {
        "soort": kind,
        "vraag": "Mag dit?",
        "deskundige": expert,
        "grondslag": "Reglement, artikel 9",
        "openbaarheid": "intern",
    }


def ruling_text(*, addressee: str, valid_on: str, **other: Any) -> dict[str, Any]:
    """The text of a ruling with a recommendation to an organisation."""
    return {
        "titel": "De SVB mag gemeenten zeggen wie AIO kan krijgen",
        "samenvattingB1": "De SVB mag dit, onder voorwaarden.",
        "typeUitspraak": "inhoudelijk",
        "kernregel": "De SVB mag deze gegevens aan een gemeente geven om inwoners op hun recht te wijzen.",
        "feiten": "Ouderen vragen de aanvulling niet aan.",
        "beschouwing": "De wet laat ruimte.",
        "conclusie": "mag_mits",
        "voorwaarden": [CONDITION],
        "grondslagen": [{**law(valid_on), "rol": "draagt"}],
        "aanbevelingen": [
            {"tekst": "Maak een werkafspraak.", "geadresseerden": [addressee], "indicator": "De afspraak."}
        ],
        "feitencontroleAfgerond": True,
        **WEIGHED,
        **other,
    }
