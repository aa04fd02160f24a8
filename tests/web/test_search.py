"""The search page: what it finds, how it says so, and that no text is too strange to ask."""

import random
import re
import string
from collections.abc import Iterable
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from app.domain.access import role_key
from app.services.external import keep_decisions
from app.services.index import Keeper, index_case
from tests.make import make_case
from tests.queries import counted
from tests.site import Page, Site, account_with
from tests.web.commission import SECRETARY, inside
from tests.web.published import Public, change, publish

LEGAL, ETHICAL = {"code": "juridisch", "label": "Juridisch"}, {"code": "ethisch", "label": "Ethisch"}
UTRECHT = "melder@utrecht.example"


@pytest.fixture(scope="module")
def harbour(site: Site) -> dict[str, Public]:
    """A few rulings about boats, and decisions of another body."""
    rulings = {
        "houses": {
            "titel": "Woonboten en ligplaatsen",
            "kernregel": "De gemeente mag weten wie op een woonboot woont.",
            "beschouwing": "Een ligplaats is schaars. De havenmeester telt de schepen in het voorjaar.",
            "typen": [LEGAL],
        },
        "owners": {
            "titel": "Eigenaren van schepen",
            "kernregel": "De havenmeester mag de naam van de eigenaar niet delen met de sluiswachter.",
            "beschouwing": "De sluiswachter heeft die naam niet nodig; een kleur volstaat.",
            "conclusie": {"code": "mag_niet", "label": "Mag niet"},
            "typen": [LEGAL, ETHICAL],
        },
        "old": {
            "titel": "Havenmeester en havenmeesters",
            "kernregel": "De havenmeester telt.",
            "beschouwing": "Dat is alles wat de havenmeester doet.",
            "typen": [ETHICAL],
        },
    }
    made = {name: publish(site, samenvatting="", kernvraag="Mag dat?", **record) for name, record in rulings.items()}
    change(site, made["old"], state="ingetrokken")
    with site.work() as work:
        decisions = [
            {"source": "Waterraad", "source_id": f"w{number}", "text": text, "decided_on": date(2024 + number, 3, 1)}
            for number, text in enumerate(
                (
                    "De sluiswachter laat de schepen door. Zie artikel 3 van de Wet gemeentelijke schuldhulpverlening.",
                    "De brugwachter en de sluiswachter werken samen aan een vaarplan.",
                )
            )
        ]
        keep_decisions(work, decisions)
    Keeper(site.engine, site.clock).look_after()
    return made


def look(site: Site, query: str | Iterable[tuple[str, str]], who: str | None = None) -> Page:
    path = query if isinstance(query, str) else urlencode(list(query))
    page = (inside(site, who) if who else site.visitor()).get(f"/precedenten?{path}")
    assert page.status == 200, page.words[:300]
    return page


def numbers(page: Page) -> list[str]:
    return [str(one) for one in page.tree.xpath("//span[contains(@class, 'number')]/text()")]


def total(page: Page) -> int:
    """How many the page says that there are."""
    found = re.search(r"([\d.]+) (?:precedent|resultaat|resultaten)", page.words)
    assert found, page.words[:500]
    return int(found[1].replace(".", ""))


def link(page: Page, label: str) -> str:
    """The query of the first link that has a label."""
    href = page.tree.xpath("//main//a[normalize-space()=$label]/@href", label=label)[0]
    return urlsplit(str(href)).query


def test_all_words_come_first_and_else_the_page_says_that_it_is_a_part(site: Site, harbour: dict[str, Public]) -> None:
    both = look(site, "q=havenmeester+sluiswachter")
    some = look(site, "q=vaarplan+woonboot")

    assert numbers(both) == [harbour["owners"].number]
    assert "Er is niets met alle woorden" not in both.words
    assert set(numbers(some)) == {harbour["houses"].number, "EXT:Waterraad:w1"}
    assert "Er is niets met alle woorden. Dit is met een deel ervan: 2 resultaten passen" in some.words


def test_a_word_that_stands_nowhere_is_named_with_what_was_meant(site: Site, harbour: dict[str, Public]) -> None:
    page = look(site, "q=havenmeester+slijswachter")

    assert "Het woord “slijswachter” staat in geen enkele tekst." in page.words
    assert numbers(look(site, link(page, "sluiswachter"))) == [harbour["owners"].number]
    assert link(page, "zoek zonder “slijswachter”") == "q=havenmeester"


def test_a_phrase_stands_together_and_what_is_excluded_stands_nowhere(site: Site, harbour: dict[str, Public]) -> None:
    houses, owners = harbour["houses"].number, harbour["owners"].number

    assert houses in numbers(look(site, [("q", '"havenmeester telt de schepen"')]))
    assert owners not in numbers(look(site, [("q", '"havenmeester telt de schepen"')]))
    assert numbers(look(site, [("q", '"schepen telt de havenmeester"')])) == []
    assert "EXT:Waterraad:w0" not in numbers(look(site, [("q", "sluiswachter -schepen")]))
    assert "EXT:Waterraad:w1" in numbers(look(site, [("q", "sluiswachter -schepen")]))
    without = look(site, [("q", 'havenmeester -"telt de schepen"')])
    assert owners in numbers(without)
    assert houses not in numbers(without)
    assert "U zoekt met havenmeester en zonder “telt de schepen”." in without.words


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("titel:eigenaren", {"owners"}),
        ("havenmeester type:Ethisch", {"owners", "old"}),
        ("havenmeester status:geldend", {"houses", "owners"}),
        ("havenmeester -status:ingetrokken", {"houses", "owners"}),
        ("sluiswachter bron:waterraad", {"w0", "w1"}),
        ("sluiswachter jaar:2024", {"w0"}),
        ("sluiswachter wet:jeugdwet", {"owners"}),
        ('sluiswachter artikel:"3 Wet gemeentelijke schuldhulpverlening"', {"w0"}),
    ],
)
def test_a_field_narrows(site: Site, harbour: dict[str, Public], asked: str, names: set[str]) -> None:
    wanted = {harbour[name].number if name in harbour else f"EXT:Waterraad:{name}" for name in names}

    assert wanted == set(numbers(look(site, [("q", asked)])))


def test_a_citation_finds_what_names_it_and_an_unclear_name_is_asked_back(
    site: Site, harbour: dict[str, Public]
) -> None:
    page = look(site, [("q", "art. 3 Wgs")])

    assert numbers(page)[0] == "EXT:Waterraad:w0"
    assert "Herkend als plaats in de wet: artikel 3, Wet gemeentelijke schuldhulpverlening (Wgs)" in page.words
    assert "Gevonden door: artikel 3, Wet gemeentelijke schuldhulpverlening (Wgs)." in page.words
    unclear = look(site, [("q", "wgs sluiswachter")])
    assert "Bedoelt u met “wgs”:" in unclear.words
    (name, words) = parse_qsl(link(unclear, "Wet gemeentelijke schuldhulpverlening (Wgs)"))[0]
    assert (name, words) == ("q", "Wet gemeentelijke schuldhulpverlening sluiswachter")


def test_an_abbreviation_of_two_laws_is_asked_about_whatever_its_capitals(
    site: Site, harbour: dict[str, Public]
) -> None:
    for name in ("Wgs", "WGS"):
        page = look(site, [("q", f"art. 3 {name}")])
        assert f"Bedoelt u met “{name}”:" in page.words
        for law in (
            "Wet gemeentelijke schuldhulpverlening (Wgs)",
            "Wet gegevensverwerking door samenwerkingsverbanden",
        ):
            assert law in page.words


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("status:onbekend", "Bij status kennen wij “onbekend” niet. U kunt kiezen uit: aanstaand, geldend,"),
        ("sluiswachter type:vreemd", "Bij type kennen wij “vreemd” niet. U kunt kiezen uit: juridisch, technisch,"),
        ("bron:Niemand", "Bij bron kennen wij “Niemand” niet. U kunt kiezen uit:"),
        ("jaar:1723", "Bij jaar kennen wij “1723” niet. U kunt kiezen uit:"),
    ],
)
def test_a_field_with_a_value_that_is_not_there_says_which_are(
    site: Site, harbour: dict[str, Public], asked: str, says: str
) -> None:
    assert says in look(site, [("q", asked)]).words


@pytest.mark.parametrize("asked", ["status:geldend", "status:Ingetrokken", "type:Juridisch", "bron:waterraad"])
def test_a_field_with_a_value_that_is_there_says_nothing_of_others(
    site: Site, harbour: dict[str, Public], asked: str
) -> None:
    assert "kennen wij" not in look(site, [("q", asked)]).words


def test_what_no_longer_stands_is_lower_marked_and_there(site: Site) -> None:
    record = {"titel": "Loodsen in de haven", "kernregel": "De loods mag aan boord.", "beschouwing": "Dat mag."}
    old, new = (publish(site, **record) for _ in range(2))
    assert numbers(look(site, "q=loodsen+haven")) == [old.number, new.number]

    change(site, old, state="ingetrokken", in_force_until=date(2026, 2, 1))

    page = look(site, "q=loodsen+haven")
    assert numbers(page) == [new.number, old.number]
    assert "Ingetrokken" in page.words


def test_the_stretch_that_matches_is_shown_and_escaped(site: Site) -> None:
    publish(
        site,
        titel="Vuurtorens <b>",
        kernregel="Over iets anders.",
        beschouwing=f"{'Niets. ' * 300} De vuurtorenwachter <script>alert(1)</script> steekt de lamp aan.",
    )

    page = look(site, "q=vuurtorenwachter+lamp")

    assert "Uit de beschouwing: … " in page.words
    assert page.tree.xpath("//li//mark/text()") == ["vuurtorenwachter", "lamp"]
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


def test_each_count_beside_a_value_is_what_choosing_it_gives(site: Site, harbour: dict[str, Public]) -> None:
    for start in ("q=havenmeester", "q=sluiswachter+schepen", "", "q=havenmeester&type=ethisch", "type=juridisch"):
        page = look(site, start)
        values = page.tree.xpath("//ul[@class='facets__values']/li[not(a/@aria-current)]")
        chosen = {name for name, _ in parse_qsl(start)}
        assert values
        for value in values:
            query = urlsplit(str(value.xpath("a/@href")[0])).query
            if {name for name, _ in parse_qsl(query)} == chosen:
                continue  # One more value of the same facet: the number is of that value alone.
            amount = int(value.xpath("span[@class='facets__count']/text()")[0])
            assert total(look(site, query)) == amount, (start, query)


def test_a_value_is_added_and_taken_away_by_a_link_and_the_address_is_all_there_is(
    site: Site, harbour: dict[str, Public]
) -> None:
    added = link(look(site, "q=havenmeester"), "Ethisch")
    page = look(site, added)

    assert parse_qsl(added) == [("q", "havenmeester"), ("type", "ethisch")]
    assert numbers(page) == numbers(look(site, "type=ethisch&q=havenmeester"))
    assert numbers(page) == numbers(look(site, "q=%20havenmeester&type=ethisch&type=ethisch&sorteer=relevantie"))
    (taken,) = page.tree.xpath("//ul[@class='chosen']//a/@href")
    assert urlsplit(str(taken)).query == "q=havenmeester"
    form = page.tree.xpath("//form[@role='search']")[0]
    assert dict(form.form_values()) == {"q": "havenmeester", "type": "ethisch"}


def test_several_values_of_one_facet_are_any_of_them(site: Site, harbour: dict[str, Public]) -> None:
    one, other = (set(numbers(look(site, f"q=havenmeester&conclusie={code}"))) for code in ("mag_mits", "mag_niet"))

    assert one | other == set(numbers(look(site, "q=havenmeester&conclusie=mag_mits&conclusie=mag_niet")))


def test_nothing_found_offers_a_way_out(site: Site, harbour: dict[str, Public]) -> None:
    page = look(site, "q=havenmeester&jaar=1999&type=ethisch")

    assert "Zonder Jaar: 1999: 2 resultaten" in page.words
    assert total(look(site, link(page, "Zonder Jaar: 1999"))) == 2
    assert page.tree.xpath("//main//a[@href='/meldingen/nieuw']")


def test_the_newest_first_is_one_click_away(site: Site, harbour: dict[str, Public]) -> None:
    page = look(site, link(look(site, "q=sluiswachter"), "Nieuwste eerst"))

    found = [one for one in numbers(page) if one.startswith("EXT")]
    assert found == ["EXT:Waterraad:w1", "EXT:Waterraad:w0"]
    assert "Het nieuwste staat bovenaan." in page.words


def test_the_list_goes_on_and_the_file_is_that_list(
    site: Site, harbour: dict[str, Public], monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.work() as work:
        keep_decisions(
            work, [{"source": "Kustraad", "source_id": f"k{one}", "text": "Meeuwen op de kade."} for one in range(20)]
        )
    for query in ("q=meeuwen", "bron=Kustraad", "q=meeuwen&sorteer=datum"):
        first = look(site, query)
        (following,) = first.tree.xpath("//a[@rel='next']/@href")
        rest = look(site, urlsplit(str(following)).query)
        both = [*numbers(first), *numbers(rest)]
        assert (len(numbers(first)), len(set(both))) == (10, 20)
        (table,) = first.tree.xpath("//a[contains(@href, '.csv')]/@href")
        rows = site.visitor().client.get(str(table)).get_data(as_text=True).splitlines()[1:]
        assert [row.split(";")[0].strip('"') for row in rows] == both
    assert site.visitor().get("/precedenten?q=meeuwen&na=CCG:1999:1").status == 400


def test_known_cases_stand_beside_the_list_for_who_may_see_them_and_count_for_nobody(
    site: Site, harbour: dict[str, Public]
) -> None:
    before = look(site, "q=havenmeester")
    with site.work() as work:
        case = make_case(work, title="De havenmeester en de haring", audience=[role_key("ccg_secretaris")])
        index_case(work, case)
        number = case.number

    anonymous, seen = look(site, "q=havenmeester"), look(site, "q=havenmeester", SECRETARY)

    assert anonymous.words == before.words
    assert number in seen.words
    assert "Bekende knelpunten" in seen.words
    assert numbers(seen) == numbers(anonymous)
    counts = "//span[@class='facets__count']/text()"
    assert seen.tree.xpath(counts) == anonymous.tree.xpath(counts)


def test_a_search_is_kept_with_or_without_messages(site: Site, harbour: dict[str, Public]) -> None:
    visitor = inside(site, account_with("analist"))
    page = visitor.get("/precedenten?q=havenmeester&type=ethisch&type=juridisch")
    asked = {"soort": "zoekvraag", "q": "havenmeester", "type": ["ethisch", "juridisch"], "csrf_token": visitor.token()}
    assert "Bewaar deze zoekvraag" in page.words

    visitor.send("/abonnementen", {**asked, "bewaren": "true"})
    kept = visitor.get("/abonnementen")
    assert "Alleen bewaard: u krijgt geen berichten." in kept.words
    assert kept.tree.xpath("//a[@href='/precedenten?q=havenmeester&type=ethisch&type=juridisch']")
    (turn,) = kept.tree.xpath("//form[contains(@action, '/berichten')]/@action")
    visitor.send(str(turn), {"csrf_token": visitor.token(), "aan": "true"})
    assert "U krijgt berichten." in visitor.get("/abonnementen").words
    visitor.send(str(turn), {"csrf_token": visitor.token()})
    assert "Alleen bewaard" in visitor.get("/abonnementen").words


STRANGE = {
    "random": "".join(random.Random(5).choices(string.printable, k=10_000)),
    "one_word": "x" * 10_000,
    "stop_words": "de het een van en op mag kan niet",
    "page": " ".join(f"woord{number} havenmeester" for number in range(10_000)),
    "operators": ' - : "" -"" ( ) AND OR * ? ~ ^ \\ titel: -wet: " \' ; -- /*',
    "quotes": '"' * 2_000,
    "minuses": " -a" * 1_000,
    "fields": " ".join(f"titel:a{number} jaar:{number}" for number in range(500)),
    "phrases": " ".join(f'"a{number} b"' for number in range(500)),
    "scripts": "日本語 привет مرحبا ไทย ελληνικά",
    "emoji": "😀 👩‍👩‍👧 🏳️‍🌈",
    "signs": "\u202e\u200b\ufeff\u0301\u00ad",
    "sql": "'; DROP TABLE process; --",
    "percent": "100% _ % %s {} {{7*7}}",
    "empty_field": 'status:"" wet:"   " artikel:::: bron:😀 jaar:abc type:x',
}


@pytest.mark.parametrize("name", STRANGE)
def test_whatever_is_asked_there_is_an_answer(site: Site, harbour: dict[str, Public], name: str) -> None:
    visitor = site.visitor()
    with counted(site.engine) as sent:
        page = visitor.client.get("/precedenten", query_string={"q": STRANGE[name]})

    assert page.status_code == 200
    assert len(page.get_data()) < 400_000
    assert len(sent) < 60
    assert visitor.client.get("/precedenten.csv", query_string={"q": STRANGE[name]}).status_code == 200


def test_a_question_without_a_word_says_so(site: Site, harbour: dict[str, Public]) -> None:
    for name in ("stop_words", "operators", "emoji"):
        page = look(site, [("q", STRANGE[name])])
        if name != "operators":
            assert "In uw zoekvraag staat geen woord waarop wij kunnen zoeken." in page.words, name
    assert "Wij zochten alleen met het begin ervan." in look(site, [("q", STRANGE["page"])]).words


@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "type=%00", "partij=%00", "na=%00&q=haven", "sorteer=%00"])
def test_a_sign_that_cannot_be_kept_is_an_answer_or_a_refusal(site: Site, query: str) -> None:
    assert site.visitor().client.get(f"/precedenten?{query}").status_code in (200, 400)


def test_a_page_costs_the_same_with_more_to_find(site: Site, harbour: dict[str, Public]) -> None:
    costs = []
    for round_ in range(2):
        visitor = site.visitor()
        with counted(site.engine) as sent:
            for query in ("q=kapiteins", "", "q=kapiteins&type=juridisch&jaar=2026", "q=kapiteins&sorteer=datum"):
                visitor.get(f"/precedenten?{query}")
        costs.append(len(sent))
        for number in range(6):
            publish(site, titel=f"Kapiteins {round_} {number}", typen=[LEGAL])
        # What a text has is read once, the first time that it is counted.
        visitor.get("/precedenten?q=kapiteins")
    with counted(site.engine) as sent:
        for query in ("q=kapiteins", "", "q=kapiteins&type=juridisch&jaar=2026", "q=kapiteins&sorteer=datum"):
            site.visitor().get(f"/precedenten?{query}")

    assert len(sent) <= costs[1]
    assert costs[1] < 120
