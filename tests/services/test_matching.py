"""What looks alike, and why: precedents in public words, known cases for who may see them."""

from typing import Any

import pytest
from sqlalchemy import select

from app.db.account import Account
from app.db.case import TYPE, Case, CaseLaw, Facet
from app.db.precedent import Nuance, Precedent
from app.db.publication import PublicRecord
from app.domain.access import OFFICIALS, PUBLIC, role_key
from app.domain.law import LawReference
from app.services import matching
from app.services.index import index_case, index_precedent
from app.services.lifecycle import show_to
from app.services.matching import Told, like_case, like_ruling, matches
from app.services.work import Work
from tests.make import acting, make_account, make_case, make_precedent, make_ruling

DEBTS = "Mag een verhuurder een huurschuld zonder toestemming aan de gemeente doorgeven voor schuldhulp?"
WGS, YOUTH = "BWBR0031331", "BWBR0034925"
OTHERS = (
    "Mag het waterschap bouwtekeningen van woningen opvragen bij de gemeente?",
    "Mag de school leerlingen zonder adres melden bij de leerplichtambtenaar?",
    "Mag de politie camerabeelden van het station bewaren voor onderzoek?",
    "Mag het ziekenhuis laboratoriumuitslagen delen met de huisarts?",
    "Mag de belastingdienst autogegevens vergelijken met het kentekenregister?",
)


def precedent_about(work: Work, question: str, *, law: tuple[str, str] | None = None, **fields: Any) -> Precedent:
    """A precedent that everybody reads; `law` is an identifier and an article."""
    case = make_case(work, title="Dit staat alleen in het dossier")
    ruling = make_ruling(work, case)
    laws = [LawReference("bwb", *law)] if law else []
    record = {
        "titel": question.rstrip("?"),
        "kernvraag": question,
        "kernregel": f"De regel bij: {question}",
        "samenvatting": "",
        "feiten": "",
        "beschouwing": "",
        "grondslagen": [{"label": "", "jci": str(one), "url": one.public_url()} for one in laws],
        "typen": [{"code": "juridisch", "label": "Juridisch"}],
    }
    given = {"public": True, "in_force_from": work.today, "state": "geldend", **fields}
    precedent = make_precedent(work, case, ruling, title=record["titel"], **given)
    work.session.add(
        PublicRecord(
            number=precedent.number,
            issue=1,
            title=record["titel"],
            adopted_on=work.today,
            record=record,
            published_at=work.now,
        )
    )
    work.session.flush()
    index_precedent(work, precedent, record)
    return precedent


def case_about(work: Work, question: str, *, law: tuple[str, str] | None = None, **fields: Any) -> Case:
    case = make_case(
        work,
        title=question.rstrip("?"),
        key_question=question,
        description=question,
        laws=[CaseLaw(system="bwb", identifier=law[0], article=law[1])] if law else [],
        facets=[Facet(facet=TYPE, value="juridisch")],
        **{"state": "in_intake", **fields},
    )
    index_case(work, case)
    return case


@pytest.fixture
def debts(work: Work) -> Precedent:
    """One precedent on debts among others."""
    for question in OTHERS:
        precedent_about(work, question)
    return precedent_about(work, DEBTS, law=(WGS, "3"))


@pytest.fixture
def reporter(work: Work) -> Account:
    return make_account(work.session, "melder")


def test_a_precedent_is_found_by_other_words_and_says_which_article_and_words_it_shares(
    work: Work, debts: Precedent, reporter: Account
) -> None:
    told = Told("Huurschulden melden: mag de verhuurder dat bij ons schuldhulpteam?", (LawReference("bwb", WGS, "3"),))

    best = matches(acting(work, reporter), told, cases=True)[0]

    assert best.number == debts.number
    assert best.why.startswith("Zelfde artikel: artikel 3 Wgs. Gaat ook over: ")
    assert "huurschulden" in best.why
    assert best.rule == f"De regel bij: {DEBTS}"
    assert best.notes == ()


def test_what_shares_the_article_is_found_below_others_that_share_as_many_words(
    work: Work, debts: Precedent, reporter: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "CANDIDATES", 2)
    for place in ("kade", "laan", "straat"):
        precedent_about(work, f"Wie betaalt de schuldhulp aan de {place}?")
    words = "schuldhulp vergunning boom fietspad lantaarn speelplaats bankje goot stoep"

    found = matches(acting(work, reporter), Told(words, (LawReference("bwb", WGS, "3"),)), cases=True)

    assert [one.number for one in found] == [debts.number]


def test_of_a_word_that_shares_only_a_part_the_word_is_told_that_stands_there(work: Work, reporter: Account) -> None:
    precedent_about(work, "Mag het schuldhulpteam een betalingsregeling van een bewoner inzien?")

    told = Told("Huurschulden: mag ons team de betalingsregeling van een bewoner inzien?")
    best = matches(acting(work, reporter), told, cases=True)[0]

    assert "schuldhulpteam" in best.why
    assert "huurschulden" not in best.why.lower()


def test_an_article_that_stands_in_the_words_counts_as_well(work: Work, debts: Precedent, reporter: Account) -> None:
    told = Told("Huurschulden melden: mag de verhuurder dat op grond van art. 3 Wgs bij ons schuldhulpteam?")

    best = matches(acting(work, reporter), told, cases=True)[0]

    assert best.why.startswith("Zelfde artikel: artikel 3 Wgs.")


def test_what_has_nothing_in_common_is_not_shown(work: Work, debts: Precedent, reporter: Account) -> None:
    told = Told("Hoe vaak moeten we de daken van monumenten op houtrot onderzoeken?")

    assert matches(acting(work, reporter), told, cases=True) == []


THINGS = (
    *("bouwtekeningen", "camerabeelden", "leerlingen", "vergunningen", "kentekens", "bomen", "honden", "boten"),
    *("kelders", "daken", "bruggen", "fietsen", "parken"),
)


def test_a_word_that_stands_in_most_texts_is_no_reason_and_the_rarest_come_first(work: Work, reporter: Account) -> None:
    for thing in THINGS:
        precedent_about(work, f"Mag de gemeente {thing} van inwoners tellen?")
    camera = precedent_about(work, "Mag de gemeente camerabeelden en kentekens van inwoners tellen bij het zwembad?")
    at_work = acting(work, reporter)

    assert matches(at_work, Told("Mag de gemeente olifanten van inwoners tellen?"), cases=True) == []

    best = matches(at_work, Told("Onze gemeente vraagt inwoners om camerabeelden bij het zwembad."), cases=True)[0]
    assert best.number == camera.number
    assert best.why == "Gaat ook over: zwembad, camerabeelden."


def test_a_few_words_are_not_enough(work: Work, debts: Precedent, reporter: Account) -> None:
    assert matches(acting(work, reporter), Told("huurschuld"), cases=True) == []
    assert matches(acting(work, reporter), Told(""), cases=True) == []


def test_a_shared_article_brings_one_above_another(work: Work, debts: Precedent) -> None:
    twin = precedent_about(work, DEBTS, law=(YOUTH, "7"))

    youth, wgs = (Told(DEBTS, (LawReference("bwb", law, article),)) for law, article in ((YOUTH, "7"), (WGS, "3")))

    assert matches(work, youth, cases=False)[0].number == twin.number
    assert matches(work, wgs, cases=False)[0].number == debts.number


def test_a_precedent_about_another_law_or_kind_says_so(work: Work, debts: Precedent) -> None:
    youth = precedent_about(work, DEBTS, law=(YOUTH, "7"))
    told = Told(DEBTS, (LawReference("bwb", WGS, "3"),), ("technisch",))

    notes = {one.number: one.notes for one in matches(work, told, cases=False)}

    kind = "Let op: dit is een ander soort knelpunt (juridisch)."
    assert notes[youth.number] == ("Let op: dit gaat over de Jeugdwet.", kind)
    assert notes[debts.number] == (kind,)


def test_a_precedent_that_ended_is_lower_and_says_so_and_is_still_there(work: Work, debts: Precedent) -> None:
    ended = precedent_about(work, DEBTS, state="achterhaald", in_force_until=work.today, replaced_by=debts.number)

    found = [one for one in matches(work, Told(DEBTS), cases=False) if one.number in (ended.number, debts.number)]

    assert [one.number for one in found] == [debts.number, ended.number]
    assert found[1].ended
    assert found[1].notes[0] == f"Let op: dit geldt niet meer. {debts.number} komt ervoor in de plaats."


def test_a_nuance_is_told_in_public_words(work: Work, debts: Precedent) -> None:
    nuance = Nuance(precedent_id=debts.id, text="Alleen bij drie maanden.", ruling_number="", at=work.now)
    work.session.add(nuance)
    work.session.flush()
    work.session.expire(debts)

    best = matches(work, Told(DEBTS), cases=False)[0]

    assert best.notes == ("Let op: een latere uitspraak maakt dit preciezer. Alleen bij drie maanden.",)


def test_of_a_precedent_only_public_words_are_shown(work: Work, debts: Precedent) -> None:
    best = matches(acting(work, PUBLIC), Told(DEBTS), cases=False)[0]

    assert "dossier" not in f"{best.title} {best.rule} {best.why}"


def test_a_ruling_that_was_taken_away_answers_nobody(work: Work, debts: Precedent) -> None:
    public = work.session.scalars(select(PublicRecord).filter_by(number=debts.number)).one()
    public.withdrawn_at = work.now
    work.session.flush()

    assert debts.number not in [one.number for one in matches(work, Told(DEBTS), cases=False)]
    assert like_ruling(work, public) == []


def test_a_known_case_is_shown_to_who_may_see_it_and_moves_nothing_for_others(
    work: Work, debts: Precedent, reporter: Account
) -> None:
    def seen(reader: Account) -> list[Any]:
        return [(one.number, one.share, one.why) for one in matches(acting(work, reader), Told(DEBTS), cases=True)]

    before = seen(reporter)
    hidden = case_about(work, DEBTS)
    known = case_about(acting(work, work.as_system().actor), DEBTS, audience=[OFFICIALS])

    numbers = [number for number, _, _ in seen(reporter)]
    assert known.number in numbers
    assert hidden.number not in numbers
    assert [row for row in seen(reporter) if row[0] != known.number] == before


def test_who_has_not_read_a_file_is_not_told_which_words_stand_in_it(
    work: Work, debts: Precedent, reporter: Account
) -> None:
    case = case_about(work, "Mag een kinderboerderij dieren chippen?", audience=[OFFICIALS])
    case.description = "De kinderboerderij van Voorbeeldstad telt zeventien alpacas en een struisvogel."
    work.session.flush()
    index_case(work, case)
    told = Told("Zeventien alpacas en een struisvogel: mag de kinderboerderij die dieren chippen?")

    def reason(reader: Account) -> str:
        found = matches(acting(work, reader), told, cases=True)
        return next(one.why for one in found if one.number == case.number)

    assert "alpacas" in reason(make_account(work.session, "triagist"))
    assert "alpacas" not in reason(reporter)
    assert "kinderboerderij" in reason(reporter)


def test_what_looks_like_a_case_leaves_the_case_itself_out(work: Work, debts: Precedent) -> None:
    case = case_about(work, DEBTS, law=(WGS, "3"))
    other = case_about(work, "Mag een verhuurder een huurschuld aan de gemeente doorgeven?")
    triagist = make_account(work.session, "triagist")
    for one in (case, other):
        show_to(work, one, [role_key("triagist")])

    found = [one.number for one in like_case(acting(work, triagist), case, involved=True)]

    assert found[0] == debts.number
    assert other.number in found
    assert case.number not in found


def test_what_looks_like_a_ruling_are_other_rulings(work: Work, debts: Precedent) -> None:
    twin = precedent_about(work, DEBTS, law=(WGS, "3"))
    public = work.session.scalars(select(PublicRecord).filter_by(number=debts.number)).one()

    found = like_ruling(acting(work, PUBLIC), public)

    assert [one.number for one in found] == [twin.number]
    assert "artikel 3 Wgs" in found[0].why
