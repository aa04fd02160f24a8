"""The forms that actions ask, by name; and what a page or a machine does with a form."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from marshmallow import ValidationError, missing

from app.domain.errors import Invalid
from app.schemas import (
    advice,
    board,
    case,
    dialogue,
    meeting,
    outcome,
    precedent,
    publication,
    recommendation,
    ruling,
    structural,
)
from app.schemas.field import (
    WRONG,
    Fault,
    FieldDescription,
    Form,
    FormPart,
    Kind,
    Options,
    Posted,
    input_name,
    kinds,
    read,
    shown,
)
from app.schemas.kind import LongText, Received
from app.schemas.several import Rows, laid_out

__all__ = [
    "FORMS",
    "Fault",
    "FieldDescription",
    "Form",
    "Options",
    "api_field",
    "beginning",
    "describe",
    "form_of_action",
    "from_html",
    "laid_out",
    "load",
    "load_action",
    "page_faults",
    "part_of",
    "reason_required",
    "to_html",
    "with_one_more",
]

REASON = "reden"
ROW_INPUT = re.compile(r"(\w+)-[0-9]{1,3}-(\w+)")

FORMS: Mapping[str, type[Form]] = {
    "motivation": case.MotivationForm,
    "rapporteur": meeting.RapporteurForm,
    "new_treatment": meeting.NewTreatmentForm,
    "completion_request": case.CompletionRequestForm,
    "completion": case.CompletionForm,
    "inadmissibility": case.InadmissibilityForm,
    "referral": case.ReferralForm,
    "merge": case.MergeForm,
    "separation": case.SeparationForm,
    "precedent_application": precedent.PrecedentApplicationForm,
    "objection": precedent.ObjectionForm,
    "take_on": case.TakeOnForm,
    "advice_request": advice.AdviceRequestForm,
    "solution": case.SolutionForm,
    "agreement": case.AgreementForm,
    "escalation": case.EscalationForm,
    "assignment": case.AssignmentForm,
    "nomination": meeting.NominationForm,
    "urgent_nomination": meeting.UrgentNominationForm,
    "admission": meeting.AdmissionForm,
    "remand": meeting.RemandForm,
    "scheduling": meeting.SchedulingForm,
    "research": meeting.ResearchForm,
    "ruling_text": ruling.RulingTextForm,
    "escalation_note": board.EscalationNoteForm,
    "board_question": board.BoardQuestionForm,
    "commission_board_question": board.CommissionBoardQuestionForm,
    "board_decision": board.BoardDecisionForm,
    "assignment_with_owner": case.AssignmentWithOwnerForm,
    "political_submission": board.PoliticalSubmissionForm,
    "position": board.PositionForm,
    "reconsideration": case.ReconsiderationForm,
    "reopening": case.ReopeningForm,
    "extension": case.ExtensionForm,
    "transfer": case.TransferForm,
    "note": dialogue.NoteForm,
    "reply": dialogue.ReplyForm,
    "party": dialogue.AddPartyForm,
    "document": dialogue.DocumentForm,
    "refusal": advice.RefusalForm,
    "advice": advice.AdviceForm,
    "clarification": advice.ClarificationForm,
    "advice_use": advice.AdviceUseForm,
    "meeting_plan": meeting.MeetingPlanForm,
    "attendance": meeting.AttendanceForm,
    "minutes": meeting.MinutesForm,
    "interest": meeting.InterestForm,
    "interest_judgement": meeting.InterestJudgementForm,
    "vote_proposal": meeting.VoteProposalForm,
    "vote": meeting.VoteForm,
    "decision": meeting.DecisionForm,
    "hold_over": meeting.HoldOverForm,
    "rescheduling": meeting.ReschedulingForm,
    "written_round": meeting.WrittenRoundForm,
    "challenge": meeting.ChallengeForm,
    "challenge_decision": meeting.ChallengeDecisionForm,
    "opinion": meeting.OpinionForm,
    "draft_text": meeting.DraftTextForm,
    "deviating_view": meeting.DeviatingViewForm,
    "fact_check": meeting.FactCheckForm,
    "agenda_order": meeting.AgendaOrderForm,
    "other_item": meeting.OtherItemForm,
    "action_point": meeting.ActionPointForm,
    "action_point_done": meeting.ActionPointDoneForm,
    "separate_note": meeting.SeparateNoteForm,
    "redaction": publication.RedactionForm,
    "restoration": publication.RestorationForm,
    "attachment_choice": publication.AttachmentsForm,
    "view_answer": publication.ViewAnswerForm,
    "view": publication.ViewForm,
    "rectification": publication.RectificationForm,
    "depublication": publication.DepublicationForm,
    "reaction": recommendation.ReactionForm,
    "progress": recommendation.ProgressForm,
    "evidence": recommendation.EvidenceForm,
    "confirmation": recommendation.ConfirmationForm,
    "outcome": outcome.OutcomeForm,
    "structural": structural.StructuralForm,
    "structural_progress": structural.StructuralProgressForm,
    "structural_end": structural.StructuralEndForm,
    "nuance": precedent.NuanceForm,
    "nuance_lifting": precedent.NuanceLiftingForm,
    "obsolescence": precedent.ObsolescenceForm,
    "precedent_withdrawal": precedent.PrecedentWithdrawalForm,
    "marking": precedent.MarkingForm,
    "review": precedent.ReviewForm,
}


class ReasonForm(Form):
    """What every action may carry: why it was taken, for the journal."""

    reason = LongText(REASON, "Reden")


def load(form: type[Form], data: object, files: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """The typed answers by their English names; raises `Invalid` with every fault, by paths such as `punten.0`.

    `files` holds, by the key of its field, what is known of each file that came along and was kept.
    """
    if files and isinstance(data, Mapping):
        data = {**data, **{key: Received(file) for key, file in files.items()}}
    try:
        return cast(dict[str, Any], form().load(data))  # type: ignore[arg-type]
    except ValidationError as error:
        # A schema always tells by field.
        raise Invalid(_paths(form, cast(dict[str, Any], error.messages))) from None


def load_action(
    name: str | None, data: object, files: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[dict[str, Any], str]:
    """The answers to the form that an action asks, if it asks one, and the reason for the journal."""
    if name is None:
        return {}, load(ReasonForm, data).get("reason") or ""
    form = form_of_action(name)
    answers = load(form, data, files)
    own = form is FORMS[name]
    return answers, (answers.get("reason") if own else answers.pop("reason", None)) or ""


def form_of_action(name: str) -> type[Form]:
    """What an action takes that asks this form: its fields, and the reason for the journal."""
    form = FORMS[name]
    return form if any(kind.key == REASON for kind in kinds(form)) else _with_reason(form)


def reason_required(form: type[Form]) -> bool:
    """The journal's reason is a field of this form that must be filled in."""
    return any(kind.required for kind in kinds(form) if kind.key == REASON)


def describe(form: type[Form], options: Options, sources: Mapping[str, str] | None = None) -> list[FieldDescription]:
    """What the form macro shows; `sources` gives for a source the address that answers while somebody types."""
    return [one for kind in kinds(form) for one in kind.description(options, sources or {})]


def api_field(field: FieldDescription) -> dict[str, Any]:
    """One of the `velden` of an action; a list of objects also says what stands in one."""
    # Of points that were asked, the words are what matters.
    known = [label if field.kind == "punten" else value for value, label in field.choices]
    told = {
        "naam": field.name,
        "label": field.label,
        "soort": field.shape,
        "verplicht": field.required,
        "waarden": known or None,
    }
    return {**told, "onderdelen": [api_field(part) for part in field.parts]} if field.parts else told


def part_of(form: type[Form], slug: str | None) -> FormPart | None:
    """The part of a long form with this name; without it the page shows the form as a whole."""
    return next((part for part in form.parts if part.slug == slug), None)


def from_html(form: type[Form], posted: Posted) -> dict[str, Any]:
    """What a page posted, as a machine would send it; names that the form does not know are left alone."""
    return read(form, posted)


def to_html(form: type[Form], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the inputs for what a machine would send, right or wrong."""
    return shown(form, values)


def beginning(form: type[Form]) -> dict[str, Any]:
    """The values with which an empty page begins."""
    return {kind.key: kind.load_default for kind in kinds(form) if kind.load_default is not missing}


def page_faults(form: type[Form], faults: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Faults by the names of the inputs, for the form macro: `uitwisseling.doel` becomes `doel`."""
    page: dict[str, list[str]] = {}
    for path, sentences in faults.items():
        page.setdefault(input_name(form, path.split(".")) if path else "", []).extend(sentences)
    return page


def with_one_more(form: type[Form], values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The values of a page with one more empty line for the field whose button was pressed."""
    kind = _kind_of_input(form, name)
    if kind is None:
        return dict(values)
    empty: Any = {} if kind.kind == "grondslagen" else ""
    return {**values, name: [*(values.get(name) or [empty]), empty]}


def _kind_of_input(form: type[Form], name: str) -> Kind | None:
    """The field that an input belongs to; `aanbevelingen-0-geadresseerden` is one in a row."""
    in_row = ROW_INPUT.fullmatch(name)
    if in_row is None:
        return next((kind for kind in _all_kinds(form) if kind.key == name), None)
    rows = next((kind for kind in _all_kinds(form) if isinstance(kind, Rows) and kind.key == in_row[1]), None)
    return _kind_of_input(rows.form, in_row[2]) if rows is not None else None


def _all_kinds(form: type[Form]) -> list[Kind]:
    inside = [kind for field in kinds(form) if field.is_object for kind in kinds(cast(Any, field).form)]
    return [*kinds(form), *inside]


@cache
def _with_reason(form: type[Form]) -> type[Form]:
    named = {"__doc__": form.__doc__, "outside": f"{form.__name__}MetReden"}
    return cast(type[Form], type(form.__name__, (form, ReasonForm), named))


def _paths(form: type[Form], messages: Mapping[Any, Any]) -> dict[str, list[str]]:
    """The faults by path, those of known fields first and in the order in which these are asked."""
    asked = {kind.key: place for place, kind in enumerate(kinds(form))}
    found: dict[str, list[str]] = {}
    for key in sorted(messages, key=lambda key: (asked.get(key, len(asked)), str(key))):
        _collect(found, (str(key),), messages[key])
    return found


def _collect(found: dict[str, list[str]], path: tuple[str, ...], messages: Any) -> None:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            _collect(found, (*path, str(key)), inner)
        return
    name = ".".join(step for step in path if step != "_schema")
    found.setdefault(name, []).extend(_fault(text) for text in messages)


def _fault(text: str) -> Fault:
    return text if isinstance(text, Fault) else Fault(text, WRONG)
