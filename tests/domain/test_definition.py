import pytest

from app.domain.definition import Names, digests, newest, parse, parse_all, publication_faults
from app.domain.errors import DefinitionFaults

LETTER = """
name    = "brief"
label   = "Brief"
version = 1
initial = "concept"

[stages]
schrijven = "Schrijven"

[state]
concept   = { label = "Concept", term = "8 weeks", extend = "1 month", overdue = "herinneren", stage = "schrijven", \
turn = "schrijver", seen = ["lezer"] }
verzonden = { label = "Verzonden", final = true }

[guard]
signed = "Onderteken de brief eerst."

[[transition]]
action = "verzenden"
label  = "Verzenden"
from   = ["concept"]
to     = "verzonden"
by     = ["schrijver"]
second = ["lezer"]
asks   = "address"
if     = ["signed"]
then   = ["send_letter", "notify_reader"]
leads  = { pakket = "openen" }
offers = { pakket = "volgen" }
confirm = true
because = "docs/decisions/0007"

[[transition]]
action  = "heropenen"
label   = "Heropenen"
from    = ["verzonden"]
to      = "concept"
by      = ["schrijver"]
reopens = true

[[transition]]
action = "herinneren"
label  = "Herinneren"
from   = ["concept"]
by     = ["systeem"]

[moves]
klad = "concept"
"""
KNOWN = Names(
    guards={"signed", "stamped"},
    effects={"send_letter", "notify_reader"},
    forms={"address"},
    roles={"schrijver", "lezer", "systeem"},
    processes={"pakket": {"openen", "volgen"}},
)
SENT = 'verzonden = { label = "Verzonden", final = true }'


def changed(*replacements):
    text = LETTER
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return text


def faults_of(text, known=KNOWN):
    with pytest.raises(DefinitionFaults) as refused:
        parse(text, known)
    return refused.value.faults


def test_a_definition_is_read_as_it_stands():
    workflow = parse(LETTER, KNOWN)

    assert (workflow.name, workflow.label, workflow.version, workflow.initial) == ("brief", "Brief", 1, "concept")
    assert workflow.stages == {"schrijven": "Schrijven"}
    assert workflow.refusals == {"signed": "Onderteken de brief eerst."}
    assert workflow.moves == {"klad": "concept"}
    draft = workflow.states["concept"]
    assert (draft.slug, draft.label, draft.term, draft.extend) == ("concept", "Concept", "8 weeks", "1 month")
    assert (draft.overdue, draft.stage, draft.turn) == ("herinneren", "schrijven", "schrijver")
    assert draft.seen == {"lezer"}
    assert not draft.final
    assert workflow.states["verzonden"].final
    step = workflow.transition("verzenden", "concept")
    assert (step.label, step.sources, step.target) == ("Verzenden", ("concept",), "verzonden")
    assert (step.roles, step.second, step.asks) == ({"schrijver"}, {"lezer"}, "address")
    assert (step.guards, step.effects) == (("signed",), ("send_letter", "notify_reader"))
    assert (step.leads, step.offers) == ({"pakket": "openen"}, {"pakket": "volgen"})
    assert (step.confirm, step.reopens, step.because) == (True, False, "docs/decisions/0007")
    assert workflow.transition("heropenen", "verzonden").reopens
    assert workflow.transition("herinneren", "concept").target is None


EXTRA = """
[[transition]]
action = "extra"
label  = "Extra"
from   = ["concept"]
by     = ["schrijver"]
"""

FAULTS = {
    "no TOML": ([('label   = "Brief"', "label   = Brief")], "no TOML"),
    "typo in a top key": ([("initial =", "inital =")], "definition: unknown key 'inital'"),
    "missing top key": ([("version = 1\n", "")], "definition: 'version' is missing"),
    "version that is text": ([("version = 1", 'version = "1"')], "'version' is no whole number above zero"),
    "version that is a truth": ([("version = 1", "version = true")], "'version' is no whole number above zero"),
    "state that is no table": ([(SENT, 'verzonden = "einde"')], "state verzonden: is no table"),
    "typo in a state": ([("term = ", "trem = ")], "state concept: unknown key 'trem'"),
    "state without a label": ([(SENT, "verzonden = { final = true }")], "state verzonden: 'label' is missing"),
    "final that is text": ([("final = true", 'final = "ja"')], "state verzonden: 'final' is no true or false"),
    "typo in a transition": ([("asks   =", "ask    =")], "from ['concept']: unknown key 'ask'"),
    "transition by nobody": ([('by     = ["schrijver"]\n', "by     = []\n")], "'by' is no list of names"),
    "transition from nowhere": ([('from    = ["verzonden"]\n', "")], "transition heropenen from ?: 'from' is missing"),
    "guards that are no list": ([('["signed"]', '"signed"')], "'if' is no list of names"),
    "empty sentence": ([('"Onderteken de brief eerst."', '" "')], "'guard' is no table of texts"),
    "unknown initial state": ([('initial = "concept"', 'initial = "begin"')], "initial: unknown state 'begin'"),
    "unknown source": (
        [('from   = ["concept"]\nto', 'from   = ["klad"]\nto')],
        "verzenden from klad: unknown state 'klad'",
    ),
    "unknown target": ([('to     = "verzonden"', 'to     = "weg"')], "verzenden from concept: unknown state 'weg'"),
    "unknown move": ([('klad = "concept"', 'klad = "kladje"')], "moves: unknown state 'kladje'"),
    "unknown stage": ([('stage = "schrijven"', 'stage = "lezen"')], "state concept: unknown stage 'lezen'"),
    "unknown guard": ([('["signed"]', '["sealed"]'), ("signed =", "sealed =")], "unknown guard 'sealed'"),
    "unknown effect": ([('"send_letter"', '"burn_letter"')], "unknown effect 'burn_letter'"),
    "unknown form": ([('"address"', '"adress"')], "unknown form 'adress'"),
    "unknown role": ([('second = ["lezer"]', 'second = ["luisteraar"]')], "unknown role 'luisteraar'"),
    "unknown role that sees": ([('seen = ["lezer"]', 'seen = ["kijker"]')], "state concept: unknown role 'kijker'"),
    "unknown process": ([("leads  = { pakket", "leads  = { doos")], "leads the unknown process 'doos'"),
    "unknown led action": ([('"openen"', '"sluiten"')], "leads pakket to 'sluiten', which the system cannot do"),
    "unknown offered action": ([('"volgen"', '"gaan"')], "leads pakket to 'gaan', which the system cannot do"),
    "guard without a sentence": ([('signed = "Onderteken de brief eerst."', "")], "guard signed: has no sentence"),
    "sentence without a guard": ([('if     = ["signed"]', "")], "guard signed: has a sentence, and nothing asks"),
    "two transitions for one action": (
        [("[moves]", EXTRA.replace("extra", "verzenden") + "[moves]")],
        "state concept: has two transitions for 'verzenden'",
    ),
    "unreachable state": (
        [(SENT, SENT + '\nzoek = { label = "Zoek", final = true }')],
        "state zoek: cannot be reached from concept",
    ),
    "final state with a way out": (
        [("reopens = true\n", "")],
        "heropenen from verzonden: is a way out of a final state",
    ),
    "reopening what was not closed": (
        [("confirm = true", "reopens = true")],
        "verzenden from concept: says that it reopens and leaves no final state",
    ),
    "final state with a term": (
        [("final = true", 'final = true, term = "1 week"')],
        "state verzonden: is final and has term",
    ),
    "no way out": ([('to     = "verzonden"\n', "")], "state concept: is not final and has no way out"),
    "way out to itself alone": (
        [('to     = "verzonden"\n', 'to     = "concept"\n')],
        "state concept: is not final and has no way out",
    ),
    "no way to an end": ([(", final = true", "")], "state concept: there is no way from it to a final state"),
    "no term": ([('term = "8 weeks", extend = "1 month", ', "")], "state concept: is not final and has no term"),
    "no turn": ([('turn = "schrijver", ', "")], "state concept: is not final and nobody's turn"),
    "turn of who cannot act": (
        [('turn = "schrijver"', 'turn = "lezer"'), ('second = ["lezer"]\n', "")],
        "state concept: it is the turn of lezer, who cannot do anything there",
    ),
    "turn of the system": (
        [('turn = "schrijver"', 'turn = "systeem"')],
        "state concept: it is the turn of systeem, who cannot do anything there",
    ),
    "term that is none": ([('"8 weeks"', '"8 weken"')], "state concept: '8 weken' is no term"),
    "extension that is none": ([('"1 month"', '"a month"')], "state concept: 'a month' is no term"),
    "meeting that is extended": ([('"8 weeks"', '"meeting"')], "a term that ends with a meeting is not extended"),
    "overdue that is no action": (
        [('"herinneren", stage', '"porren", stage')],
        "the system cannot take 'porren' there",
    ),
    "overdue that the system may not": (
        [('by     = ["systeem"]', 'by     = ["lezer"]')],
        "cannot take 'herinneren' there",
    ),
    "system as a second pair of eyes": (
        [('second = ["lezer"]', 'second = ["systeem"]')],
        "is a person, not the system",
    ),
}


@pytest.mark.parametrize(("replacements", "fault"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_refused_by_name(replacements, fault):
    assert any(fault in sentence for sentence in faults_of(changed(*replacements)))


def test_all_faults_are_told_at_once():
    text = changed(
        ('"send_letter"', '"burn_letter"'),
        ('"address"', '"adress"'),
        ("term = ", "trem = "),
        ('to     = "verzonden"', 'to     = "weg"'),
        ("reopens = true\n", ""),
    )

    faults = "\n".join(faults_of(text))

    for part in ("'burn_letter'", "'adress'", "'trem'", "has no term", "'weg'", "way out of a final state"):
        assert part in faults


def test_a_term_until_the_meeting_is_a_term():
    workflow = parse(changed(('term = "8 weeks", extend = "1 month"', 'term = "meeting"')), KNOWN)

    assert workflow.states["concept"].term == "meeting"


def test_what_moves_nothing_is_no_way_out_of_a_final_state():
    text = changed(("[moves]", EXTRA.replace('["concept"]', '["verzonden"]') + "[moves]"))

    assert parse(text, KNOWN).transition("extra", "verzonden").target is None


PARCEL = """
name    = "pakket"
label   = "Pakket"
version = 1
initial = "dicht"

[state]
dicht = { label = "Dicht", term = "1 week", turn = "lezer" }
open  = { label = "Open", final = true }

[[transition]]
action = "openen"
label  = "Openen"
from   = ["dicht"]
to     = "open"
by     = ["lezer", "systeem"]

[[transition]]
action = "volgen"
label  = "Volgen"
from   = ["dicht"]
by     = ["systeem"]
"""


def test_definitions_are_read_together_because_they_lead_each_other():
    workflows = parse_all({"brief/1.toml": LETTER, "pakket/1.toml": PARCEL}, KNOWN)

    assert set(workflows) == {("brief", 1), ("pakket", 1)}


def test_a_led_action_is_one_that_the_system_may_take_in_some_version():
    second = PARCEL.replace("version = 1", "version = 2").replace('by     = ["systeem"]', 'by     = ["lezer"]')
    both = {"brief/1.toml": LETTER, "pakket/1.toml": PARCEL, "pakket/2.toml": second}

    assert newest(parse_all(both, KNOWN), "pakket").version == 2
    with pytest.raises(DefinitionFaults, match="leads pakket to 'volgen'"):
        parse_all({"brief/1.toml": LETTER, "pakket/2.toml": second}, KNOWN)


def test_the_faults_of_all_files_are_told_by_file():
    with pytest.raises(DefinitionFaults) as refused:
        parse_all({"brief/1.toml": LETTER.replace("8 weeks", "lang"), "pakket/2.toml": PARCEL, "x/1.toml": "="}, KNOWN)

    assert [fault.partition(":")[0] for fault in refused.value.faults] == ["brief/1.toml", "pakket/2.toml", "x/1.toml"]
    assert "pakket/2.toml: says that it is version 1 of pakket" in refused.value.faults


def test_a_published_file_never_changes_and_never_goes():
    files = {"brief/1.toml": b"een", "brief/2.toml": b"twee"}
    listing = digests(files)

    assert publication_faults(listing, files) == []
    assert publication_faults(listing, {"brief/1.toml": b"een", "brief/2.toml": b"drie", "brief/3.toml": b"nieuw"}) == [
        "brief/2.toml: was published and has changed; a change is a new version",
        "brief/3.toml: is not in the list of what was published",
    ]
    assert publication_faults(listing, {"brief/1.toml": b"een"}) == ["brief/2.toml: was published and is gone"]
