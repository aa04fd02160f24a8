"""What looks alike on the pages: beside a report, on rulings and cases, as suggestions and as figures."""

from typing import Any

import pytest
from sqlalchemy import select

from app.db.matching import MatchUse, MatchVerdict
from app.db.report import Draft
from app.domain.access import OFFICIALS, role_key
from app.services.lifecycle import show_to
from app.services.suggestion import AT_FIRST, set_threshold
from tests.queries import counted
from tests.services.test_matching import case_about
from tests.site import Page, Site, Visitor, account_with
from tests.web.commission import inside
from tests.web.published import Public, change, publish
from tests.web.told import publish_told

UTRECHT, AMSTERDAM = "melder@utrecht.example", "melder@amsterdam.example"
TRIAGIST, ANALYST = "triagist1@ccg.example", account_with("analist")
WGS = "BWBR0031331"
OWN_WORDS = {
    "titel": "Huurders met een huurschuld",
    "kernvraag": "Mag de woningcorporatie onze gemeente laten weten wie de huur niet betaalt, zonder het te vragen?",
}
LAW = {"grondslagen-0-wet": WGS, "grondslagen-0-artikel": "3"}
TOLD = "Onze gemeente wil eerder helpen bij schulden. De schuldeiser ziet een betalingsachterstand het eerst."
SAME = "Mag een dierenarts de chip van een verdwaalde kat opzoeken in het register van huisdieren?"


@pytest.fixture(scope="module")
def rulings(site: Site) -> dict[str, Public]:
    return publish_told(site)


@pytest.fixture
def reporter(site: Site) -> Visitor:
    return inside(site, UTRECHT)


def begun(visitor: Visitor, **answers: Any) -> str:
    """The address of a draft in which this was typed in the first step."""
    page = visitor.send("/meldingen/nieuw", {"csrf_token": visitor.token()})
    first = str(page.response.headers["Location"])
    visitor.post(first, **{"typen": ["juridisch"], **(answers or OWN_WORDS)})
    return first.rpartition("/")[0]


def pressed(visitor: Visitor, page: str, action: str, number: str, **typed: Any) -> Page:
    """A button beside a step is pressed: it sends the form of the step to an address of its own."""
    form = visitor.get(page).form(page)
    return visitor.send(action, {**form.values.to_dict(flat=False), **typed, "nummer": number})


def uses(site: Site, number: str) -> list[str]:
    with site.work() as work:
        return list(work.session.scalars(select(MatchUse.use).filter_by(number=number)))


def kept(site: Site, draft: str) -> dict[str, Any] | None:
    with site.work() as work:
        found = work.session.scalars(select(Draft).filter_by(key=draft.rpartition("/")[2])).one_or_none()
        return found.answers if found else None


def test_a_step_shows_what_looks_alike_with_the_reason_without_script(
    site: Site, rulings: dict[str, Public], reporter: Visitor
) -> None:
    draft = begun(reporter)

    page = reporter.get(f"{draft}/wet")

    number = rulings["c01"].number
    assert page.tree.xpath("//aside//span[@class='number']/text()")[0] == number
    assert "Gaat ook over:" in page.words
    assert page.tree.xpath("//aside//button[@form='melding'][@value=$number]", number=number)
    assert page.tree.xpath("//form[@id='melding']//p[@role='status']//a[@href='#gelijkend']")


def test_a_law_that_both_name_is_the_first_reason(site: Site, rulings: dict[str, Public], reporter: Visitor) -> None:
    draft = begun(reporter)
    reporter.post(f"{draft}/wet", **LAW)

    page = reporter.get(f"{draft}/gelijkend?stap=wet")

    assert "Zelfde artikel: artikel 3 Wgs. Gaat ook over:" in page.words


def test_what_looks_alike_only_a_little_says_so(site: Site, rulings: dict[str, Public], reporter: Visitor) -> None:
    draft = begun(reporter)
    words = []
    for least in (10, 100):
        with site.work() as work:
            set_threshold(work, least)
        words.append(reporter.get(f"{draft}/vraag").words)
    with site.work() as work:
        set_threshold(work, AT_FIRST)

    assert "Lijkt er een beetje op" not in words[0]
    assert "Lijkt er een beetje op" in words[1]


def test_the_part_beside_a_step_is_no_page_and_of_nobody_else(
    site: Site, rulings: dict[str, Public], reporter: Visitor
) -> None:
    draft = begun(reporter)

    part = reporter.get(f"{draft}/gelijkend?stap=vraag")

    assert "<html" not in part.text
    assert rulings["c01"].number in part.words
    assert inside(site, AMSTERDAM).get(f"{draft}/gelijkend").status == 404
    assert site.visitor().get(f"{draft}/gelijkend").status == 302


def test_without_words_nothing_is_shown_and_the_page_says_so(site: Site, reporter: Visitor) -> None:
    page = reporter.send("/meldingen/nieuw", {"csrf_token": reporter.token()})

    words = reporter.get(str(page.response.headers["Location"])).words

    assert "Er is nog geen uitspraak of bekend knelpunt dat op uw tekst lijkt." in words


def test_an_answer_is_one_press_is_counted_and_loses_nothing(
    site: Site, rulings: dict[str, Public], reporter: Visitor
) -> None:
    number, draft = rulings["c03"].number, begun(reporter)

    done = pressed(
        reporter, f"{draft}/situatie", f"{draft}/beantwoord?stap=situatie", number, omschrijving="Net getypt."
    )

    assert done.response.headers["Location"] == f"{draft}/beantwoord"
    page = reporter.get(f"{draft}/beantwoord")
    assert "U hoeft niets te melden" in page.words
    assert uses(site, number) == ["beantwoord"]
    answers = kept(site, draft)
    assert answers is not None
    assert (answers["omschrijving"], answers["titel"]) == ("Net getypt.", OWN_WORDS["titel"])
    assert f"{number} gaf u antwoord" in reporter.get("/meldingen/nieuw").words
    assert "Gaf een melder antwoord 1 keer" in site.visitor().get(f"/precedenten/{number}").words


def test_who_reports_after_all_goes_on_where_one_was(site: Site, rulings: dict[str, Public], reporter: Visitor) -> None:
    number, draft = rulings["c07"].number, begun(reporter)
    pressed(reporter, f"{draft}/vraag", f"{draft}/beantwoord?stap=vraag", number)

    back = reporter.post(f"{draft}/verder", page=reporter.get(f"{draft}/beantwoord"))

    assert back.response.headers["Location"] == f"{draft}/vraag"
    assert uses(site, number) == []
    assert OWN_WORDS["titel"] in reporter.get(f"{draft}/vraag").text
    assert "Gaf een melder antwoord" not in site.visitor().get(f"/precedenten/{number}").words


def test_an_answered_draft_goes_away_when_one_says_so_and_the_count_stays(
    site: Site, rulings: dict[str, Public], reporter: Visitor
) -> None:
    number, draft = rulings["c09"].number, begun(reporter)
    pressed(reporter, f"{draft}/vraag", f"{draft}/beantwoord?stap=vraag", number)

    reporter.post(f"{draft}/weggooien")

    assert kept(site, draft) is None
    assert uses(site, number) == ["beantwoord"]
    again = begun(reporter)
    pressed(reporter, f"{again}/vraag", f"{again}/beantwoord?stap=vraag", number)
    assert uses(site, number) == ["beantwoord"]


def test_a_step_has_a_tick_when_nothing_is_missing_in_it_and_every_step_is_counted(
    site: Site, reporter: Visitor
) -> None:
    draft = begun(reporter)
    reporter.post(f"{draft}/uitwisseling", doel="Eerder helpen.")

    page = reporter.get(f"{draft}/situatie")

    steps = page.tree.xpath("//nav[@class='progress']//li")
    told = [" ".join(step.text_content().split()) for step in steps]
    assert [one for one in told if "ingevuld" in one] == ["De vraag, ingevuld"]
    assert [one for one in told if "nog niet compleet" in one] == [
        "2 De uitwisseling, nog niet compleet",
        "3 De wet, nog niet compleet",
    ]
    words = reporter.get("/meldingen/nieuw").words
    assert f"U doorloopt {len(steps)} korte stappen." in words


def test_a_draft_is_thrown_away_only_by_who_says_so_twice(site: Site, reporter: Visitor) -> None:
    draft = begun(reporter)

    (link,) = {
        link for link in reporter.get("/meldingen/nieuw").tree.xpath("//a/@href") if draft in link and "weg" in link
    }
    asked = reporter.get(link)

    assert "Weet u het zeker?" in asked.words
    assert OWN_WORDS["titel"] in asked.words
    assert kept(site, draft) is not None
    assert reporter.post(link, page=asked).response.headers["Location"] == "/meldingen/nieuw"
    assert kept(site, draft) is None


def test_two_windows_that_overtake_each_other_are_told_also_by_this_button(
    site: Site, rulings: dict[str, Public], reporter: Visitor
) -> None:
    draft = begun(reporter)
    path = f"{draft}/vraag"
    old = reporter.get(path).form(path).values.to_dict(flat=False)
    reporter.post(path, titel="In het andere venster")

    late = reporter.send(f"{draft}/beantwoord?stap=vraag", {**old, "titel": "Hier", "nummer": rulings["c10"].number})

    assert late.status == 409
    assert "in een ander venster veranderd" in late.words
    assert uses(site, rulings["c10"].number) == []


def test_a_precedent_that_no_longer_stands_is_marked_and_has_no_button(
    site: Site, rulings: dict[str, Public], reporter: Visitor
) -> None:
    question = "Mag de vogelwacht de nestkasten op daken van scholen tellen met een warmtecamera?"
    old = publish(site, titel="Nestkasten tellen", kernvraag=question, kernregel="Nee.", grondslagen=[])
    with site.work() as work:
        today = work.today
    change(site, old, state="achterhaald", in_force_until=today)
    draft = begun(reporter, titel="Nestkasten", kernvraag=question)

    page = reporter.get(f"{draft}/vraag")

    assert old.number in page.words
    assert "Let op: dit geldt niet meer." in page.words
    assert not page.tree.xpath("//button[@value=$number]", number=old.number)
    refused = pressed(reporter, f"{draft}/vraag", f"{draft}/beantwoord?stap=vraag", old.number)
    assert refused.status == 400
    assert uses(site, old.number) == []


def test_a_known_case_is_joined_with_what_was_typed(site: Site, reporter: Visitor) -> None:
    with site.work() as work:
        case = case_about(work, SAME, audience=[OFFICIALS]).number
        hidden = case_about(work, SAME, audience=[role_key("auditor")]).number
    draft = begun(reporter, titel="Chips van katten", kernvraag=SAME)
    page = reporter.get(f"{draft}/vraag")
    assert case in page.words
    assert hidden not in page.text

    done = pressed(
        reporter, f"{draft}/situatie", f"{draft}/aansluiten?stap=situatie", case, omschrijving="Ook bij ons."
    )
    form = reporter.get(str(done.response.headers["Location"]))
    assert "Ook bij ons." in form.text
    assert uses(site, case) == []
    path = f"/knelpunten/{case}/ook-last-van"
    own = {"verstrekkers": "gemeente Utrecht", "ontvangers": "gemeente Utrecht", "gegevenscategorieen": "chip"}
    sent = reporter.send(path, {**form.form(path).values.to_dict(flat=False), **own, "doel": "De kat thuisbrengen."})

    assert sent.status == 303, sent.words
    receipt = reporter.get(str(sent.response.headers["Location"]))
    assert "Chips van katten" in receipt.words
    assert f"Zij hoort nu bij {case}" in receipt.words
    assert kept(site, draft) is None
    assert uses(site, case) == ["sluit_aan"]
    assert uses(site, hidden) == []
    assert pressed(reporter, f"{begun(reporter)}/vraag", f"{begun(reporter)}/aansluiten", hidden).status == 404


def test_the_check_page_shows_the_same_and_says_why(site: Site, rulings: dict[str, Public], reporter: Visitor) -> None:
    draft = begun(reporter)

    page = reporter.get(f"{draft}/controle")

    number = rulings["c01"].number
    assert number in page.words
    assert "Gaat ook over:" in page.words
    done = pressed(reporter, f"{draft}/controle", f"{draft}/beantwoord?stap=controle", number)
    assert done.response.headers["Location"] == f"{draft}/beantwoord"
    reporter.post(f"{draft}/verder", page=reporter.get(f"{draft}/beantwoord"))


def test_rulings_and_precedents_show_what_is_like_them(site: Site, rulings: dict[str, Public]) -> None:
    first = publish(site, titel="Honden op het strand", kernvraag="Mag de strandwacht honden op het strand tellen?")
    other = publish(site, titel="Strandhonden", kernvraag="Mag de strandwacht de honden van het strand tellen?")

    for page in (first.page, f"/precedenten/{first.number}"):
        section = site.visitor().get(page).tree.xpath("//section[@aria-labelledby='lijkt-op']")[0]
        numbers = section.xpath(".//span[@class='number']/text()")
        assert numbers[0] == other.number
        assert first.number not in numbers
        assert len(numbers) <= 5


def test_a_suggestion_opens_the_form_with_its_field_filled_in_and_can_be_judged(
    site: Site, rulings: dict[str, Public]
) -> None:
    story_question = "Mag een schuldeiser een betalingsachterstand zonder toestemming aan de gemeente doorgeven?"
    with site.work() as work:
        set_threshold(work, 20)
        case = case_about(work, story_question, law=(WGS, "3"), audience=[role_key("triagist")])
        twin = case_about(work, story_question, audience=[role_key("triagist")]).number
        number, path = case.number, f"/knelpunten/{case.number}"
    triagist, precedent = inside(site, TRIAGIST), rulings["c01"].number

    page = triagist.get(path)

    links = page.tree.xpath("//section[@aria-labelledby='suggesties']//a/@href")
    assert f"{path}/acties/precedent_voorstellen?precedent={precedent}" in links
    assert f"{path}/acties/samenvoegen?hoofdknelpunt={twin}" in links
    merge = triagist.get(f"{path}/acties/samenvoegen?hoofdknelpunt={twin}")
    assert merge.tree.xpath("//input[@name='hoofdknelpunt']/@value") == [twin]

    for answer in ("ja", "nee"):
        triagist.send(f"{path}/suggesties", {"csrf_token": triagist.token(), "nummer": precedent, "klopt": answer})

    with site.work() as work:
        verdicts = work.session.execute(select(MatchVerdict.number, MatchVerdict.right)).all()
        assert (precedent, False) in verdicts
        assert (precedent, True) not in verdicts
    links = triagist.get(path).tree.xpath("//section[@aria-labelledby='suggesties']//a/@href")
    assert f"{path}/acties/precedent_voorstellen?precedent={precedent}" not in links
    assert "1 suggestie die niet klopt" in triagist.get(path).words
    assert number in triagist.get(path).words


def test_who_only_knows_that_a_case_exists_gets_no_suggestions(site: Site, rulings: dict[str, Public]) -> None:
    with site.work() as work:
        set_threshold(work, 10)
        case = case_about(work, "Mag een schuldeiser een achterstand aan de gemeente doorgeven?", audience=[OFFICIALS])
        path = f"/knelpunten/{case.number}"

    page = inside(site, AMSTERDAM).get(path)

    assert page.status == 200
    assert not page.tree.xpath("//section[@aria-labelledby='suggesties']")
    sent = inside(site, AMSTERDAM).send(
        f"{path}/suggesties",
        {"csrf_token": inside(site, AMSTERDAM).token(), "nummer": rulings["c01"].number, "klopt": "ja"},
    )
    assert sent.status == 403


def test_the_analyst_reads_what_precedents_prevent(site: Site, rulings: dict[str, Public], reporter: Visitor) -> None:
    number, draft = rulings["c13"].number, begun(reporter)
    pressed(reporter, f"{draft}/vraag", f"{draft}/beantwoord?stap=vraag", number)
    analyst = inside(site, ANALYST)

    page = analyst.get("/precedenten/gebruik")
    file = analyst.client.get("/precedenten/gebruik.csv")

    assert page.status == 200
    assert number in page.words
    assert f'"{number}";' in file.get_data(as_text=True)
    assert "Dit geeft mij antwoord" in file.get_data(as_text=True)
    assert analyst.get("/precedenten/gebruik?jaar=1999").status == 200
    assert reporter.get("/precedenten/gebruik").status == 404
    assert site.visitor().get("/precedenten/gebruik").status == 302


def test_the_threshold_is_set_by_the_analyst_and_shows_what_it_does(site: Site, rulings: dict[str, Public]) -> None:
    analyst, triagist = inside(site, ANALYST), inside(site, TRIAGIST)
    path = "/precedenten/drempel"

    assert analyst.post(path, procent="9").status == 400
    assert analyst.post(path, procent="veel").status == 400
    assert analyst.post(path, procent="45").status == 303

    assert analyst.get(path).tree.xpath("//input[@name='procent']/@value") == ["45"]
    assert "45% (nu)" in triagist.get(path).words
    assert not triagist.get(path).tree.xpath("//input[@name='procent']")
    assert triagist.send(path, {"csrf_token": triagist.token(), "procent": "50"}).status == 404
    of_both = [one.get(path).tree.xpath("//table") for one in (analyst, triagist)]
    first, second = (["".join(table.itertext()).split() for table in tables] for tables in of_both)
    assert first == second != []


def test_pages_cost_the_same_with_more_that_looks_alike(site: Site, rulings: dict[str, Public]) -> None:
    anonymous, page = site.visitor(), rulings["c01"].page
    costs = []
    for _ in range(2):
        with counted(site.engine) as sent:
            anonymous.get(page)
        costs.append(len(sent))
        for _ in range(3):
            publish_told(site)

    assert costs[0] == costs[1]


def test_a_case_shows_what_is_like_it_to_who_may_see_that(site: Site, rulings: dict[str, Public]) -> None:
    question = "Mag de brandweer de plattegronden van kerken bewaren voor noodgevallen?"
    with site.work() as work:
        known, case = (case_about(work, question, audience=[OFFICIALS]) for _ in range(2))
        hidden = case_about(work, question, audience=[role_key("auditor")])
        show_to(work, case, [role_key("triagist")])
        path, numbers = f"/knelpunten/{case.number}", (known.number, hidden.number)

    words = inside(site, AMSTERDAM).get(path).words

    assert numbers[0] in words
    assert numbers[1] not in words
