"""Citizens' data is found however it is written, and what government writes all day is left alone."""

import time
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.personal_data import Kind, findings, is_bsn, is_iban, masked

HARMLESS = (Path(__file__).parent / "harmless.txt").read_text("utf-8").splitlines()

# The groups in which nine digits are written, and what stands between them.
SPELLINGS = [
    ((9,), ""),
    *(((3, 3, 3), joint) for joint in " .-\u00a0"),
    *(((4, 2, 3), joint) for joint in " ."),
    ((2, 2, 2, 3), "."),
    ((1,) * 9, " "),
]
SURROUNDINGS = [
    "{}",
    "Het gaat om {}.",
    "De inwoner ({}) woont hier niet meer",
    "BSN {}",
    "bsn: {}, geboren in Utrecht",
    "burgerservicenummer={}",
    "Jansen/{}",
    "klant:{};",
    'naam,"{}",adres',
    "een regel\n{}\nnog een regel",
    "KNP-2026-00001 gaat over {} en over artikel 3:50",
    "In 2026 is {} twee keer gemeld, zie Stcrt 2022, 24731",
]


@st.composite
def bsns(draw, least=1_000_000, most=99_999_999) -> str:
    """A number that passes the eleven-proof, with the last digit worked out here."""
    head = f"{draw(st.integers(least, most)):08}"
    rest = sum((9 - place) * int(digit) for place, digit in enumerate(head)) % 11
    assume(rest < 10)
    return f"{head}{rest}"


def grouped(digits: str, sizes: tuple[int, ...], joint: str) -> str:
    ends = [sum(sizes[: place + 1]) for place in range(len(sizes))]
    return joint.join(digits[end - size : end] for size, end in zip(sizes, ends, strict=True))


def found_in(text: str) -> list[tuple[str, str]]:
    return [(found.kind.value, text[found.start : found.end]) for found in findings(text)]


@given(bsns(), st.sampled_from(SPELLINGS), st.sampled_from(SURROUNDINGS))
@settings(max_examples=200)
def test_every_citizen_service_number_is_found_in_every_spelling(digits, spelling, surroundings):
    written = grouped(digits, *spelling)

    assert found_in(surroundings.format(written)) == [("bsn", written)]


@given(bsns(1_000_000, 9_999_999))
@settings(max_examples=100)
def test_a_citizen_service_number_that_lost_its_zero_is_found_when_it_is_named(digits):
    assert found_in(f"Het BSN is {digits[1:]}.") == [("bsn", digits[1:])]


@given(bsns(4_000_000, 9_999_999))
@settings(max_examples=100)
def test_a_citizen_service_number_that_lost_its_zero_is_found_without_its_name_too(digits):
    assert found_in(f"Het gaat om {digits[1:]}.") == [("bsn", digits[1:])]


@given(st.integers(0, 999_999_999))
@settings(max_examples=100)
def test_a_number_that_fails_the_eleven_proof_is_no_citizen_service_number(number):
    digits = f"{number:09}"
    assume(not is_bsn(digits))

    assert Kind.BSN not in {found.kind for found in findings(f"Het gaat om {digits} hier.")}


def test_about_one_in_eleven_numbers_passes_the_eleven_proof():
    passed = sum(is_bsn(str(number)) for number in range(123_450_000, 123_461_000))

    assert 900 <= passed <= 1100


@pytest.mark.parametrize("line", HARMLESS)
def test_what_government_writes_all_day_is_left_alone(line):
    assert found_in(line) == []


def test_the_harmless_lines_are_many_and_stay_harmless_together():
    assert len(set(HARMLESS)) >= 200
    assert found_in("\n".join(HARMLESS)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NL91ABNA0417164300", [("iban", "NL91ABNA0417164300")]),
        ("rekening NL91 ABNA 0417 1643 00 van Jansen", [("iban", "NL91 ABNA 0417 1643 00")]),
        ("nl91abna0417164300.", [("iban", "nl91abna0417164300")]),
        ("NL91.ABNA.0417.1643.00", [("iban", "NL91.ABNA.0417.1643.00")]),
        (
            "BE68 5390 0754 7034 en DE89370400440532013000",
            [("iban", "BE68 5390 0754 7034"), ("iban", "DE89370400440532013000")],
        ),
        ("NL92 INGB 0001 2345 67", []),
        ("NL91ABNA04171643001", []),
        ("XNL91ABNA0417164300", []),
    ],
)
def test_a_bank_account_is_found_when_its_check_digits_hold(text, expected):
    assert found_in(text) == expected


@given(st.integers(0, 9_999_999_999), st.sampled_from(["ABNA", "RABO", "INGB", "TRIO"]), st.sampled_from(["", " "]))
@settings(max_examples=100)
def test_every_dutch_bank_account_is_found(number, bank, joint):
    plain = f"{bank}{number:010}"
    check = 98 - int("".join(str(int(letter, 36)) for letter in f"{plain}NL00")) % 97
    account = f"NL{check:02}{plain}"
    written = joint.join(account[place : place + 4] for place in range(0, 18, 4))

    assert is_iban(account)
    assert found_in(f"Stort op {written} voor vrijdag") == [("iban", written)]


@pytest.mark.parametrize(
    "written",
    [
        "jan.jansen@example.nl",
        "J.deVries+werk@mail.voorbeeldstad.example",
        "m_bakker@utrecht.example",
        "info.jansen@example.nl",
        "o'neill@example.org",
    ],
)
def test_the_address_of_a_person_is_found_and_that_of_a_desk_is_not(written):
    assert found_in(f"Mail naar {written}, of naar info@utrecht.example.") == [("email", written)]


@pytest.mark.parametrize("url", ["mailto:jan.jansen@example.nl", "https://example.nl/?mail=jan.jansen@example.nl"])
def test_an_address_inside_a_link_is_found(url):
    assert found_in(url) == [("email", "jan.jansen@example.nl")]


def test_a_citizen_service_number_inside_a_link_is_found_when_it_is_named():
    assert found_in("https://intranet.example/persoon?bsn=123456782&x=1") == [("bsn", "123456782")]


@pytest.mark.parametrize(
    "written",
    [
        "0612345678",
        "06-12345678",
        "06 12 34 56 78",
        "06 - 1234 5678",
        "06.12.34.56.78",
        "+31612345678",
        "+31 6 1234 5678",
        "+31 (0)6 12345678",
        "+31-(0)30-234 56 78",
        "0031 6 12345678",
        "0302345678",
        "030-2345678",
        "030 234 56 78",
        "(030) 234 56 78",
        "(0111) 23 45 67",
        "0111-234567",
        "085 1234567",
        "088-123 45 67",
    ],
)
def test_a_phone_number_is_found(written):
    assert found_in(f"Bel {written} na 17.00 uur op 06-12-2026.") == [("phone", written)]
    assert found_in(f"tel:{written}") == [("phone", written)]


@pytest.mark.parametrize("text", ["111 222.333", "111-222 333", "12 3456 782", "1112 22333"])
def test_digits_that_are_not_grouped_as_one_number_are_not_one(text):
    assert found_in(text) == []


@pytest.mark.parametrize("account", ["", "NL91ABNA041716430", "XX91ABNA0417164300", "BE91ABNA0417164300"])
def test_an_account_without_the_length_of_its_country_is_none(account):
    assert not is_iban(account)


def test_two_phone_numbers_with_a_slash_between_them_are_two():
    assert found_in("06-12345678/06-87654321") == [("phone", "06-12345678"), ("phone", "06-87654321")]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("V-nummer 2801234567", "2801234567"),
        ("v-nummer: 280.123.4567", "280.123.4567"),
        ("vreemdelingennummer is 280 123 4567", "280 123 4567"),
        ("V-nr. 2801234567 van de aanvrager", "2801234567"),
        ("het dossier van V2801234567", "V2801234567"),
    ],
)
def test_an_aliens_number_is_found_by_its_name(text, written):
    assert found_in(text) == [("v_number", written)]


def test_an_aliens_number_without_its_name_is_only_a_number():
    assert found_in("Het gaat om 2801234567.") == []


def test_all_kinds_are_found_together_in_the_order_of_the_text():
    text = "Mevrouw (123456782) heeft NL91ABNA0417164300, jan@example.nl, 06-12345678 en V-nummer 2801234567."

    assert [kind for kind, _ in found_in(text)] == ["bsn", "iban", "email", "phone", "v_number"]


def test_two_numbers_in_one_line_are_both_found():
    assert found_in("123456782, 111222333 en 999990019") == [
        ("bsn", "123456782"),
        ("bsn", "111222333"),
        ("bsn", "999990019"),
    ]


@given(bsns(), st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
@settings(max_examples=100)
def test_an_excerpt_hides_all_but_the_last_two_signs(digits, noise):
    for found in findings(f"BSN {digits}\n{noise}"):
        assert len(found.excerpt) == found.end - found.start
        assert sum(letter.isalnum() for letter in found.excerpt) <= 2


def test_what_is_masked_keeps_its_shape():
    assert masked("jan.jansen@example.nl") == "•••.••••••@•••••••.nl"
    assert masked("x") == "x"


@pytest.mark.parametrize(
    "piece", ["1 ", "12345678 ", "a", "0", "06 ", "€ 1.234", "NL91", "a.b@", "2026-", "1.1", "+31 "]
)
def test_a_long_text_takes_no_long_time(piece):
    began = time.process_time()

    findings(piece * (20_000 // len(piece)))

    assert time.process_time() - began < 2
