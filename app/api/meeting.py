"""The commission: calling a meeting, and what a member does with an agenda item in the member's own name."""

from functools import partial

from app.api.operation import JSON, Answer, Call, operation
from app.api.process import act, action_with_effect, address_of, read_again, taken_answer
from app.api.representation import entity
from app.db.kind import COLLECTIONS, RECORDS
from app.db.meeting import AgendaItem, Meeting
from app.schemas.form import form_of_action
from app.schemas.meeting import MeetingForm
from app.schemas.process import ENTITIES, ClosedRoundSchema, VotedSchema
from app.services.meeting import call_meeting
from app.services.overview import process_numbered, sight_of
from app.services.process import process_for_action
from app.services.vote import closed_round
from app.services.work import Work

MEETINGS, ITEMS = COLLECTIONS[Meeting.kind_name()], COLLECTIONS[AgendaItem.kind_name()]
# What is added to an item, the form of it, the effect by which the definition knows the action, and the answer.
ADDED = (
    ("belangen", "Uw belang bij dit punt verklaren", "interest", "declare_interest", ENTITIES[ITEMS]),
    ("stemmen", "Uw stem uitbrengen, en het bewijs daarvan", "vote", "cast_vote", VotedSchema),
    ("notas", "Uw afzonderlijke nota toevoegen", "separate_note", "add_separate_note", ENTITIES[ITEMS]),
)


@operation(
    "POST",
    f"/{MEETINGS}",
    name="vergaderingBijeenroepen",
    summary="Een nieuwe vergadering",
    tag=MEETINGS.capitalize(),
    gives=ENTITIES[MEETINGS],
    body=MeetingForm,
    media=JSON,
    status=201,
    tagged=True,
    keyed=True,
)
def call_new(call: Call) -> Answer:
    """Begin a meeting."""
    number = call_meeting(call.work, **call.body).number
    meeting = read_again(call.work, Meeting, number)
    body = entity(call.work, meeting, sight_of(call.work, meeting))
    return Answer(body, revision=meeting.revision, headers={"Location": address_of(MEETINGS, number)})


@operation(
    "GET",
    f"/{ITEMS}/<number>/stemrondes/<int:round_number>",
    name=f"{ITEMS}Stemronde",
    summary="Een gesloten stemronde, met de lijst waarin een lid de eigen stem terugvindt",
    tag=ITEMS.capitalize(),
    gives=ClosedRoundSchema,
    takes={"409": "De stemming is nog open, of is zonder telling beëindigd."},
)
def vote_round(call: Call, number: str, round_number: int) -> Answer:
    """The count and the list, for who may see the item; before the closing there is nothing to see."""
    return Answer(closed_round(call.work, process_numbered(call.work, AgendaItem, number), round_number))


def add(effect: str, call: Call, number: str) -> Answer:
    """Add something of one's own to an agenda item, by the action that the definition has for it.

    Members do this at the same time, so a version is checked only for who sends one.
    """
    item = process_for_action(call.work, RECORDS[ITEMS], number, action_of(call.work, effect))
    call.check_version(item.revision, required=False)
    action = action_with_effect(call.work, item, effect)
    return taken_answer(call.work, ITEMS, act(call.work, item, action, call.body))


def action_of(work: Work, effect: str) -> str:
    """The action with this effect in the newest definition: what is asked before the item itself is known."""
    return next(step.action for step in work.newest(AgendaItem.kind_name()).transitions if effect in step.effects)


for _name, _summary, _form, _effect, _gives in ADDED:
    operation(
        "POST",
        f"/{ITEMS}/<number>/{_name}",
        name=f"{ITEMS}{_name.capitalize()}",
        summary=_summary,
        tag=ITEMS.capitalize(),
        gives=_gives,
        asks=form_of_action(_form),
        media=JSON,
        status=201,
        tagged=True,
        keyed=True,
        takes={"If-Match": "De ETag die u het laatst kreeg; mag weg."},
    )(partial(add, _effect))
