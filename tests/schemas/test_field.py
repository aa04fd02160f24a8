import doctest
import importlib
from datetime import date
from pathlib import Path

import pytest
from marshmallow import ValidationError

import app.schemas
from app.schemas.field import Form, clean, is_blank, kinds
from app.schemas.form import FORMS
from app.schemas.kind import Choice, Day, Email, LongText, Number, Secret, Text, Tick, YesNo

MODULES = [f"app.schemas.{path.stem}" for path in Path(app.schemas.__file__).parent.glob("[a-z]*.py")]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_in_the_docstrings_hold(module):
    assert doctest.testmod(importlib.import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  twee  woorden ", "twee  woorden"),
        ("een\r\ntwee\rdrie\u2028vier\x0bvijf", "een\ntwee\ndrie\nvier\nvijf"),
        ("nul\x00 bel\x07 los\ud800 om\u202e zacht\u00ad bom\ufeff", "nul bel los om zacht bom"),
        ("e\u0301e\u0301n", "één"),
        ("\ttab\tblijft", "tab\tblijft"),
        ("emoji 👩‍👩‍👧", "emoji 👩‍👩‍👧"),
        ("\u200b\u200b", ""),
    ],
)
def test_text_is_kept_without_what_cannot_be_seen_or_stored(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize("value", [0, False, " x ", ["x"], {"a": 1}])
def test_no_and_nought_are_answers(value):
    assert not is_blank(value)


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        (Text("k", "K"), "een\n twee", "een twee"),
        (LongText("k", "K"), "een\r\n\r\ntwee ", "een\n\ntwee"),
        (Email("k", "K"), " Melder@Gemeente.Example ", "melder@gemeente.example"),
        (Secret("k", "K"), "  met spaties ", "  met spaties "),
        (Choice("k", "K", list="stem"), " voor ", "voor"),
        (YesNo("k", "K"), True, True),
        (YesNo("k", "K"), "nee", False),
        (YesNo("k", "K"), "true", True),
        (Tick("k", "K"), False, False),
        (Number("k", "K"), 0, 0),
        (Number("k", "K"), "1.250", 1250),
        (Day("k", "K"), "2026-11-21", date(2026, 11, 21)),
        (Day("k", "K"), "1/2/2026", date(2026, 2, 1)),
    ],
)
def test_a_value_of_each_kind_gets_its_type(kind, given, expected):
    assert kind.deserialize(given) == expected


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Text("k", "K"), 3),
        (Text("k", "K"), "\x00"),
        (Email("k", "K"), "melder@gemeente"),
        (Email("k", "K"), "a b@gemeente.example"),
        (Email("k", "K"), "melder@gemeente."),
        (Secret("k", "K"), 3),
        (YesNo("k", "K"), 0),
        (YesNo("k", "K"), "yes"),
        (Number("k", "K"), "12,50"),
        (Number("k", "K"), "1.25"),
        (Number("k", "K"), "٣"),
        (Number("k", "K"), 10**13),
        (Day("k", "K"), "2026-02-29"),
        (Day("k", "K"), "2026-W47-6"),
        (Day("k", "K"), "0001-01-01"),
        (Day("k", "K"), 20261121),
    ],
)
def test_what_is_of_another_kind_is_refused_in_dutch(kind, given):
    with pytest.raises(ValidationError) as refused:
        kind.deserialize(given)

    ((sentence,),) = [refused.value.messages]
    assert sentence.split()[0] in {"Vul", "Kies"}


def test_braces_in_a_label_are_only_braces():
    class Odd(Form):
        text = Text("tekst", "Tekst {x}", missing="Vul {alles} in.")

    assert Odd().validate({}) == {"tekst": ["Vul {alles} in."]}
    assert Odd().validate({"tekst": 3}) == {"tekst": ["Vul bij “Tekst {x}” tekst in."]}


def test_the_same_name_may_not_be_asked_twice_in_one_form():
    for form in FORMS.values():
        keys = [kind.key for kind in kinds(form)]
        assert len(keys) == len(set(keys))
