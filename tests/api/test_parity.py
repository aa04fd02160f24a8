"""What a person does or reads on a page, a system does or reads by a call; where not, it is said here why."""

from app.api.operation import OPERATIONS
from tests.api.stage import ROOT, Stage

ASKS = "De vragen van een formulier; de beschrijving zegt wat een aanroep vraagt."
LOGIN = "Een systeem komt binnen met een sleutel: er is geen sessie, geen wachtwoord en geen code."
DESCRIBED = "De beschrijving van de API zelf, voor mensen."
DRAFT = "Een melding gaat via de API in één keer weg; het concept helpt wie op een pagina typt."
OFFER = "Hier kiest de melder op een pagina; via de API kiest die door POST /meldingen te doen of te laten."
SAME_FILE = "Dezelfde gegevens als het antwoord van de API, in een ander bestandsformaat; openbaar zonder sleutel."
MACHINE = "Dit adres is zelf al voor machines, en openbaar."

DONE: dict[str, str | tuple[str, ...]] = {
    "process.take": (
        *("knelpuntenActie", "adviesaanvragenActie", "vergaderingenActie", "agendapuntenActie"),
        *("publicatiesActie", "aanbevelingenActie", "precedentenActie"),
    ),
    "process.follow": (
        *("knelpuntenVolgen", "adviesaanvragenVolgen", "vergaderingenVolgen", "agendapuntenVolgen"),
        *("publicatiesVolgen", "aanbevelingenVolgen", "precedentenVolgen"),
    ),
    "annotation.make": "aantekeningMaken",
    "annotation.change": "aantekeningWijzigen",
    "annotation.drop": "aantekeningVerwijderen",
    "subscription.begin": "abonneren",
    "subscription.tell": "abonnementWijzigen",
    "subscription.end": "abonnementStoppen",
    "account.choose_notices": "berichtenkeuzeWijzigen",
    "account.invite": "accountUitnodigen",
    "account.change_role": ("rolGeven", "rolIntrekken"),
    "account.close": "accountSluiten",
    "paper.draw_bundle": "vergaderstukkenAanvragen",
    "paper.draw_item": "puntstukkenAanvragen",
    "paper.draw_minutes": "verslagAanvragen",
    "organisation.retry": "berichtOpnieuw",
    "organisation.change": "organisatieInstellen",
    "joining.send": "melden",
    "matching.verdict": "suggestieBeoordelen",
    "matching.keep_threshold": "drempelWijzigen",
    "body.create": "orgaanMaken",
    "body.appoint_member": "lidBenoemen",
    "body.end_membership": "termijnEindigen",
    "body.change_rules": "reglementWijzigen",
    "body.substitute": "vervangingVastleggen",
    "body.stop_substitution": "vervangingEindigen",
    "body.add_position": "nevenfunctieToevoegen",
    "body.change_position": "nevenfunctieWijzigen",
    "meeting.call": "vergaderingBijeenroepen",
    "collection.make": "verzamelingMaken",
    "collection.change": "verzamelingWijzigen",
    "collection.drop": "verzamelingVerwijderen",
    "collection.keep": ("verzamelingMaken", "verzamelingAanvullen"),
    "collection.take_out": "verzamelingUitnemen",
    "law.note": "wetswijzigingVastleggen",
    "synonym.check": "zoekwoordenVoorproef",
    "synonym.add": "zoekwoordenToevoegen",
    "synonym.end": "zoekwoordenBeeindigen",
    "report.keep": "melden",
    "token.create": "sleutelMaken",
    "token.revoke": "sleutelIntrekken",
    "token.revoke_of": "sleutelVanAccountIntrekken",
    "webhook.begin": "webhookMaken",
    "webhook.change": "webhookWijzigen",
    "webhook.end": "webhookVerwijderen",
    "webhook.pause": "webhookPauzeren",
    "webhook.resume": "webhookHervatten",
    "webhook.renew": "webhookNieuwGeheim",
    "webhook.settle": ("bezorgingOpnieuw", "bezorgingOverslaan"),
    "system.register": "systeemAanmelden",
    "system.change_keys": "systeemSleutels",
    "system.end": "systeemSluiten",
    "peer.follow": "instantieVolgen",
    "peer.ask": "instantieOphalen",
    "peer.end": "instantieNietVolgen",
}
NOT_DONE = {
    "account.log_in": LOGIN,
    "account.log_out": LOGIN,
    "account.log_out_elsewhere": LOGIN,
    "account.mail_link": LOGIN,
    "account.keep_password": LOGIN,
    "report.start": DRAFT,
    "report.go_on": DRAFT,
    "report.discard": DRAFT,
    "report.join": "Wie zich bij een bekend knelpunt aansluit, noemt dat in sluitAanBij van POST /meldingen.",
    "report.answered": OFFER,
    "webhook.reveal": "Het geheim staat in het antwoord dat het maakt, en daarna nergens; vraag een nieuw geheim.",
    "webhook.retry": "Wie de webhook heeft, doet dit zelf met bezorgingOpnieuw; een ander ziet alleen dat het misging.",
}
READ: dict[str, str | tuple[str, ...]] = {
    "account.manage": "accountsLijst",
    "account.manage_one": "accountEen",
    "account.show": "berichtenkeuze",
    "advice.show": "adviesaanvragenEen",
    "agenda.compare": "beraad",
    "agenda.show": ("agendapuntenEen", "beraad"),
    "body.index": "organenLijst",
    "body.positions": "eigenNevenfuncties",
    "body.show": "orgaan",
    "case.download": "documentLezen",
    "case.index": "knelpuntenLijst",
    "case.show": ("knelpuntenEen", "knelpuntenActies", "knelpuntenVerloop", "suggesties"),
    "case.table": "knelpuntenLijst",
    "case.zgw": "knelpuntenZgw",
    "collection.index": ("verzamelingenLijst", "aantekeningenLijst"),
    "collection.show": "verzamelingEen",
    "collection.table": "verzamelingEen",
    "comparison.show": "uitsprakenVergelijken",
    "law.index": "wettenLijst",
    "matching.ask_threshold": "drempel",
    "matching.table": "gebruik",
    "matching.usage": "gebruik",
    "meeting.index": "vergaderingenLijst",
    "meeting.show": "vergaderingenEen",
    "organisation.failed_jobs": "mislukteBerichten",
    "organisation.manage": "organisatiesLijst",
    "organisation.manage_one": "organisatieInstellingen",
    "organisation.names": "organisatiesLijst",
    "paper.bundle": "vergaderstukkenOphalen",
    "paper.item": "puntstukkenOphalen",
    "paper.minutes": "verslagOphalen",
    "peer.manage": "instantiesLijst",
    "precedent.index": "precedentenZoeken",
    "precedent.show": "precedentenEen",
    "precedent.show_external": "precedentenEen",
    "precedent.table": "precedentenZoeken",
    "process.ask": "knelpuntenActies",
    "publication.show": "publicatiesEen",
    "recommendation.data": "navolging",
    "recommendation.in_year": "navolging",
    "recommendation.overview": "navolging",
    "recommendation.reaction": "navolging",
    "recommendation.show": "aanbevelingenEen",
    "recommendation.table": "navolging",
    "report.index": "meldingenLijst",
    "report.show": "meldingenEen",
    "report.similar": "gelijkende",
    "ruling.data": "uitsprakenEen",
    "ruling.draft": "uitspraakInWording",
    "ruling.index": "uitsprakenLijst",
    "ruling.show": "uitsprakenEen",
    "ruling.table": "uitsprakenLijst",
    "structural.index": "structureleOorzaken",
    "subscription.index": "abonnementenLijst",
    "synonym.index": "zoekwoordenLijst",
    "system.index": "systemenLijst",
    "system.show": "systeemEen",
    "token.index": "sleutelsLijst",
    "vote.data": "agendapuntenStemronde",
    "vote.show": "agendapuntenStemronde",
    "webhook.index": "webhooksLijst",
    "webhook.show": ("webhookEen", "webhookBezorgingen"),
    "worklist.show": "werkvoorraad",
}
NOT_READ = {
    **dict.fromkeys(
        ("home.show", "home.about", "home.accessibility", "home.privacy", "home.source"),
        "Uitleg voor mensen, met wat andere aanroepen al geven.",
    ),
    **dict.fromkeys(
        (
            *("home.healthz", "home.readyz", "register.robots", "register.sitemap", "register.sitemap_index", "static"),
            "system.metadata",
        ),
        MACHINE,
    ),
    **dict.fromkeys(
        (
            *("register.archive", "register.archived_file", "register.catalogue", "register.catalogue_page"),
            *("register.catalogue_part", "register.download", "register.feed_of_all", "register.feed_of_law"),
            *("register.feed_of_type", "register.identity", "register.jsonld_version", "register.linked_data"),
            *("register.open_data", "register.xml", "register.xml_version", "ruling.document", "ruling.identity"),
            *("ruling.show_version", "meeting.calendar"),
        ),
        SAME_FILE,
    ),
    **dict.fromkeys(
        (
            *("account.ask_invitation", "annotation.edit", "annotation.new", "body.ask_appointment", "body.ask_end"),
            *("body.ask_position", "body.ask_rules", "body.ask_substitution", "body.begin", "collection.add"),
            *("collection.edit", "collection.new", "joining.ask", "law.ask", "meeting.begin", "synonym.ask"),
            *("synonym.ask_end", "system.ask_end", "system.ask_keys", "system.begin", "token.ask_revoke"),
            *("token.ask_revoke_of", "webhook.ask", "webhook.ask_change", "webhook.ask_end"),
        ),
        ASKS,
    ),
    **dict.fromkeys(("account.choose", "account.forgotten", "account.login"), LOGIN),
    **dict.fromkeys(("report.answer", "report.ask_discard", "report.begin", "report.step"), DRAFT),
    "token.made": "De sleutel staat in het antwoord dat hem maakt (POST /sleutels), en daarna nergens.",
    **dict.fromkeys(
        ("description.guess", "description.index", "description.show"), "De beschrijving zelf, voor mensen."
    ),
    "account.management": "Brengt naar de lijst van accounts.",
    "register.dossier": "Een zip van wat knelpuntenEen, knelpuntenVerloop en documentLezen geven.",
}


def test_what_a_page_does_a_call_does_or_it_is_said_why_not(stage: Stage) -> None:
    done = {
        rule.endpoint
        for rule in stage.app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith(ROOT)
    }

    assert done - DONE.keys() - NOT_DONE.keys() == set(), "make a call for it, and name it here"
    assert (DONE.keys() | NOT_DONE.keys()) - done == set(), "no page does this any more"
    assert DONE.keys().isdisjoint(NOT_DONE)


def test_what_a_page_shows_a_call_gives_or_it_is_said_why_not(stage: Stage) -> None:
    shown = {
        rule.endpoint
        for rule in stage.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(ROOT)
    }

    assert shown - READ.keys() - NOT_READ.keys() == set(), "make a call for it, and name it here"
    assert (READ.keys() | NOT_READ.keys()) - shown == set(), "no page shows this any more"
    assert READ.keys().isdisjoint(NOT_READ)


def test_each_call_that_is_named_is_there() -> None:
    names = {made.name for made in OPERATIONS}
    named = {
        name for value in (*DONE.values(), *READ.values()) for name in ((value,) if isinstance(value, str) else value)
    }

    assert named - names == set()
