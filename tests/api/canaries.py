"""Words that occur nowhere else, hidden wherever a case and its ruling can hold a word, up to the publication."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pikepdf

from app.adapters.page import Templates
from app.adapters.store import Store
from app.config import resource
from app.db.account import Account
from app.services.account import hash_password
from app.services.worker import Doors, Worker
from tests.api.stage import MEMBERS, SVB, ZWOLLE, Stage
from tests.api.street import TAKE_ON, adopted, written
from tests.filled_in import DOSSIER, WEIGHED

SONG = re.compile(r"zyxkanarie[a-z]{2}", re.IGNORECASE)
UNUSED = "Zyxkanariezz"
PASSWORD = "een lang wachtwoord"
HASH = hash_password(PASSWORD)
WORDS = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Canaries:
    """Where each was hidden, by its word."""

    def __init__(self) -> None:
        self.hidden: dict[str, str] = {}

    def __call__(self, place: str) -> str:
        """A new one, for a place."""
        number = len(self.hidden)
        word = f"Zyxkanarie{chr(97 + number // 25)}{chr(97 + number % 25)}"
        self.hidden[word.lower()] = place
        return word

    def found_in(self, text: str) -> list[str]:
        """The places of those that can be heard in a text."""
        return sorted({self.hidden.get(song.lower(), song) for song in SONG.findall(text)} - {UNUSED.lower(), UNUSED})

    def __iter__(self) -> Iterator[str]:
        return iter(self.hidden)


def sing(stage: Stage, canary: Canaries) -> dict[str, str]:
    """A case from report to publication, with a canary in everything that somebody fills in."""
    with stage.work() as work:
        for name in ("zwolle", "svb"):
            work.session.get_one(Account, stage.accounts[name]).password_hash = HASH
        official = work.session.get_one(Account, stage.accounts["analist"])
        official.name = f"Pieter {canary('naam van een account')}"
    case = reported(stage, canary)
    worked_on(stage, case, canary)
    meeting, item = decided(stage, case, canary)
    left_out = draft(stage, case, canary, official.name)
    ruling, publication = adopted(stage, case)
    published(stage, case, publication, left_out, canary)
    return {"case": case, "meeting": meeting, "item": item, "ruling": ruling, "publication": publication}


def reported(stage: Stage, canary: Canaries) -> str:
    case = stage.case(
        titel=f"Titel {canary('titel van de zaak')}",
        kernvraag=f"Mag {canary('kernvraag van de zaak')} dit?",
        omschrijving=f"Omschrijving {canary('omschrijving')}.",
        alGeprobeerd=f"Overleg {canary('al geprobeerd')}.",
        maatschappelijkEffect=f"Effect {canary('maatschappelijk effect')}.",
        uitwisseling={
            "verstrekkers": [{"tooiUri": SVB}],
            "ontvangers": [{"naam": canary("partij die niet openbaar is"), "kvkNummer": "27312152"}],
            "gegevenscategorieen": [canary("gegevens van de zaak")],
            "doel": canary("doel van de zaak"),
        },
    )
    stage.send_file(
        f"{case}/documenten",
        "utrecht",
        f"{canary('bestandsnaam')}.docx",
        document(canary),
        {"titel": canary("titel van het document")},
    )
    pdf = portable(f"Een nota van {canary('tekst van een pdf die niet meegaat')}", canary)
    stage.send_file(f"{case}/documenten", "utrecht", f"{canary('naam van de pdf')}.pdf", pdf, {"titel": "Nota"})
    return case


def worked_on(stage: Stage, case: str, canary: Canaries) -> None:
    stage.does("triagist", case, "oppakken", reden=canary("reden bij oppakken"))
    stage.does("triagist", case, "notitie", tekst=canary("notitie aan behandelaars"))
    stage.does("triagist", case, "in_behandeling_nemen", **{**TAKE_ON, "domein": canary("domein")})
    for kind, expert in (("juridisch", "jurist"), ("ethisch", "ethicus")):
        asked = stage.does(
            "behandelaar",
            case,
            "advies_vragen",
            soort=kind,
            vraag=canary(f"vraag om {kind} advies"),
            deskundige=f"{expert}@knelpunt.example",
            grondslag=canary(f"grondslag van {kind} advies"),
            openbaarheid="intern",
        )
        request = f"/adviesaanvragen/{asked['gemaakt'][0]['nummer']}"
        stage.does(expert, request, "accepteren")
        stage.does(
            expert,
            request,
            "uitbrengen",
            conclusie="mag_mits",
            motivering=canary(f"motivering van {kind} advies"),
            onzekerheid=canary(f"onzekerheid van {kind} advies"),
            bronnen=canary(f"bronnen van {kind} advies"),
            belang="geen_belang",
            **{**WEIGHED, "kanTekst": canary(f"weging van {kind} advies")},
        )
    stage.does(
        "behandelaar",
        case,
        "oplossing_voorstellen",
        oplossing=canary("voorgestelde oplossing"),
        interventies=["verbinden"],
        persoonsgegevens=True,
        akkoordFg=True,
        **{**WEIGHED, "magTekst": canary("weging van de oplossing")},
    )
    stage.does("svb", case, "niet_akkoord", reden=canary("reden van een partij"))
    stage.does(
        "behandelaar",
        case,
        "opschalen_tactisch",
        waaromNietOpWerkniveau=canary("waarom niet op werkniveau"),
        opties=canary("opties"),
        voorkeursoptie=canary("voorkeursoptie"),
    )
    stage.does(
        "regielid",
        case,
        "voordragen",
        vraagstelling=canary("vraagstelling"),
        escalatiegronden=["botsende_wetsuitleg"],
        dossier=DOSSIER,
    )
    stage.does("ccg_secretaris", case, "toelaten", rapporteur="lid1@knelpunt.example", dossier=DOSSIER)
    stage.does("ccg_voorzitter", case, "toelaten")


def decided(stage: Stage, case: str, canary: Canaries) -> tuple[str, str]:
    day = (stage.today + timedelta(days=14)).isoformat()
    made = stage.post("/vergaderingen", "ccg_secretaris", {"datum": day, "plaats": canary("plaats")}).json
    meeting = f"/vergaderingen/{made['nummer']}"
    stage.does("ccg_secretaris", meeting, "plannen", aanvang="10.00 uur", toelichting=canary("uitnodiging"))
    scheduled = stage.does(
        "ccg_secretaris",
        case,
        "agenderen",
        vergadering=meeting.rpartition("/")[2],
        preadvies=canary("preadvies"),
    )
    item = f"/agendapunten/{scheduled['gemaakt'][0]['nummer']}"
    stage.does("ccg_secretaris", meeting, "stukken_verzenden")
    stage.set_clock(stage.now + timedelta(days=14))
    people = ("ccg_voorzitter", *MEMBERS)
    stage.does("ccg_voorzitter", meeting, "openen", aanwezig=[f"{name}@knelpunt.example" for name in people])
    for name in people:
        told = {"belang": "geen_belang", "toelichting": canary(f"toelichting bij belang van {name}")}
        assert stage.post(f"{item}/belangen", name, told).status_code == 201
    stage.does("lid1", item, "notitie", tekst=canary("notitie van een lid"))
    stage.does("lid1", item, "standpunt_geven", neiging="voor", standpunt=canary("standpunt van een lid"))
    stage.does("ccg_secretaris", item, "besluittekst_bijwerken", tekst=canary("concept van het besluit"))
    stage.does("ccg_voorzitter", item, "openen")
    stage.does("ccg_voorzitter", item, "stemming_openen", voorstel=canary("voorstel"))
    for name, vote in zip(people, ("voor", "voor", "voor", "tegen", "onthouding"), strict=True):
        assert stage.post(f"{item}/stemmen", name, {"stem": vote}).status_code == 201
    stage.does("ccg_voorzitter", item, "stemming_sluiten")
    stage.does(
        "ccg_voorzitter",
        item,
        "besluit_vastleggen",
        dictum=canary("dictum van het besluit"),
        interventies=["juridische_duidelijkheid"],
    )
    note = {"tekst": f"Ik zie geen grondslag, zei {canary('passage in een nota')}."}
    assert stage.post(f"{item}/notas", "lid3", note).status_code == 201
    return meeting, item


def draft(stage: Stage, case: str, canary: Canaries, official: str) -> list[str]:
    """Two drafts: the first is thrown away, and in each field of the second is a word that stays out."""
    written(stage, case, **{name: canary(f"weggegooid concept: {name}") for name in ("titel", "feiten", "beschouwing")})
    left_out: list[str] = []

    def passage(place: str) -> str:
        left_out.append(canary(f"passage in {place}"))
        return left_out[-1]

    tests = ("Finaliteit", "Proportionaliteit", "Subsidiariteit", "Transparantie", "Beveiliging")
    mail = f"{canary('naam in een mailadres')}@{canary('domein van een mailadres').lower()}.example"
    facts = f"{passage('feiten')} belt. Mevrouw {canary('naam na mevrouw')} schrijft naar {mail}"
    facts = f"{facts}, en {official.upper()} ook."
    written(
        stage,
        case,
        titel=f"De SVB mag leveren, zegt {passage('titel')}",
        samenvattingB1=f"Kort: {passage('samenvatting')}.",
        kernvraag=f"Mag {passage('kernvraag')} dit?",
        kernregel=f"Ja, {passage('kernregel')} mag dit.",
        feiten=facts,
        juridischKader=f"De wet {passage('juridisch kader')} geldt.",
        beschouwing=f"Gezien {passage('beschouwing')} mag het.",
        doel=f"Voor {passage('doel')}.",
        gegevenscategorieen=[f"Soort {passage('gegevenscategorieën')}"],
        voorwaarden=[
            {
                "wie": f"De {passage('voorwaarde, wie')}",
                "wat": f"Wis {passage('voorwaarde, wat')}.",
                "toetsbaar": f"Het {passage('voorwaarde, toetsbaar')}.",
            }
        ],
        aanbevelingen=[
            {
                "tekst": f"Laat {passage('aanbeveling')} dit doen.",
                "geadresseerden": [SVB, ZWOLLE],
                "eigenaar": f"Afdeling {passage('eigenaar van een aanbeveling')}",
                "indicator": f"Als {passage('indicator')} het doet.",
            }
        ],
        bijzondereCategorieen=[canary("bijzondere categorieën: niet op de lijst")],
        betrokkenengroepen=[canary("betrokkenengroepen: niet op de lijst")],
        afwijkingAdvies=canary("afwijking van het advies: niet op de lijst"),
        **{f"{part}Tekst": f"Omdat {passage(f'weging, {part}')}." for part in ("kan", "mag", "wenselijk")},
        **{f"toets{part}": f"Getoetst aan {passage(f'toets, {part}')}." for part in tests},
    )
    # Once more in another field, in capitals and with a sign in it that nobody sees.
    hidden = left_out[0]
    written_so = f"De wet {hidden.upper()} en {hidden[:5]}\u00ad{hidden[5:]} gelden."
    stage.does("ccg_secretaris", case, "tekst_bijwerken", juridischKader=f"{written_so} {left_out[5]}")
    return left_out


def published(stage: Stage, case: str, publication: str, left_out: list[str], canary: Canaries) -> None:
    editor, (word, portable_file) = "publicatieredacteur", stage.get(case, "triagist").json["documenten"]
    assert word["mediaType"] == WORDS
    assert portable_file["mediaType"] == "application/pdf"
    title = canary("passage in de titel van een bijlage")
    stage.does(
        editor, publication, "bijlagen_kiezen", bijlagen=[{"document": str(word["id"]), "titel": f"Nota {title}"}]
    )
    others = {place: word for word, place in canary.hidden.items()}
    more = ["passage in een nota", "passage in de tekst van een bijlage", "partij die niet openbaar is"]
    words = [*left_out, title, *(others[place] for place in more)]
    rows = [{"passage": one, "grond": "5.1.2e", "motivering": f"Privé, zoals {left_out[0]}."} for one in words]
    stage.does(editor, publication, "lakken", passages=rows, reden=canary("reden bij lakken"))
    stage.does(editor, publication, "zienswijze_vragen")
    stage.does("svb", publication, "zienswijze_geven", tekst=canary("zienswijze"))
    view = _choice(stage, publication, "zienswijze_beantwoorden", "zienswijzeVan")
    answer = canary("antwoord op een zienswijze")
    stage.does(editor, publication, "zienswijze_beantwoorden", zienswijzeVan=view, antwoord=answer)
    stage.does(editor, publication, "ter_vrijgave_leggen", reden=canary("reden bij ter vrijgave leggen"))
    stage.does("ccg_secretaris", publication, "vrijgeven", reden=canary("reden bij vrijgeven"))
    stage.does(editor, publication, "publiceren", reden=canary("reden bij publiceren"))
    stage.does("ccg_secretaris", publication, "publiceren")


def _choice(stage: Stage, publication: str, action: str, field: str) -> str:
    actions = stage.get(f"{publication}/acties", "publicatieredacteur").json["acties"]
    (asked,) = (one for one in actions if one["actie"] == action)
    (found,) = (one for one in asked["velden"] if one["naam"] == field)
    value: str = found["waarden"][0]
    return value


def document(canary: Canaries) -> bytes:
    """A document of Word with words in its text, and in everything around it."""
    text = f"Deze nota gaat over {canary('passage in de tekst van een bijlage')} en over gegevens."
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    struck = f"<w:del><w:r><w:delText>{canary('geschrapte tekst in een docx')}</w:delText></w:r></w:del>"
    hidden = f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{canary('verborgen tekst in een docx')}</w:t></w:r>"
    body = f"<w:document {w}><w:body><w:p><w:r><w:t>{text}</w:t></w:r>{struck}{hidden}</w:p></w:body></w:document>"
    core = (
        '<cp:coreProperties xmlns:cp="a" xmlns:dc="b">'
        f"<dc:creator>{canary('auteur van een docx')}</dc:creator><dc:title>{canary('titel van een docx')}</dc:title>"
        "</cp:coreProperties>"
    )
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{WORDS}.main+xml"/></Types>'
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": "<Relationships/>",
        "word/document.xml": body,
        "word/comments.xml": f"<w:comments {w}><w:t>{canary('opmerking in een docx')}</w:t></w:comments>",
        "word/header1.xml": f"<w:hdr {w}><w:t>{canary('kopregel van een docx')}</w:t></w:hdr>",
        "docProps/core.xml": core,
        "docProps/custom.xml": f"<Properties>{canary('eigen eigenschap van een docx')}</Properties>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def portable(text: str, canary: Canaries) -> bytes:
    """A PDF of one page, with an author and a title."""
    made = pikepdf.new()
    made.add_blank_page()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page: Any = made.pages[0].obj
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = made.make_stream(f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode())
    made.docinfo["/Author"] = canary("auteur van een pdf")
    made.docinfo["/Title"] = canary("titel van een pdf")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def drawn(stage: Stage) -> None:
    """Let the worker draw what waits; its fonts are in the folder of the look."""
    folder = resource("templates")
    fonts = folder.parent / "app" / "web" / "static" / "build" / "fonts"
    doors = Doors(
        templates=Templates(folder),
        store=Store(stage.app.extensions["store"].folder),
        assets=(folder / "pdf", fonts),
        public_url="https://knelpunten.example",
    )
    Worker(stage.engine, doors, lambda: stage.now).empty()
