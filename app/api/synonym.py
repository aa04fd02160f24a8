"""Words that mean the same in searching: what the product brings, and what analysts add after seeing what it does."""

from collections.abc import Sequence

from app.api.operation import BLUEPRINT, JSON, Answer, Call, operation
from app.api.representation import Values
from app.db.search import Synonym
from app.domain.access import ANALYST_ROLE
from app.schemas.synonym import EffectSchema, SynonymForm, SynonymSchema, SynonymsSchema
from app.services import synonym as service
from app.services.synonym import OwnGroup
from app.services.synonym_effect import Effect, effect_of

COLLECTION, TAG = "zoekwoorden", "Zoekwoorden"
ONE = f"/{COLLECTION}/<int:identity>"


@operation(
    "GET",
    f"/{COLLECTION}",
    name="zoekwoordenLijst",
    summary="Woorden die elkaar vinden: van het product, en door analisten toegevoegd",
    tag=TAG,
    gives=SynonymsSchema,
)
def index(call: Call) -> Answer:
    """Every group; those that ended stay to be seen."""
    call.check_role(ANALYST_ROLE)
    own = [_row(group) for group in service.own_groups(call.work)]
    return Answer({"results": own, "product": [{"expressions": list(one)} for one in service.product_groups()]})


@operation(
    "POST",
    f"/{COLLECTION}",
    name="zoekwoordenToevoegen",
    summary="Woorden toevoegen die hetzelfde betekenen",
    tag=TAG,
    gives=SynonymSchema,
    body=SynonymForm,
    media=JSON,
    status=201,
    tagged=True,
    keyed=True,
    example={"body": {"uitdrukkingen": ["bijstandsuitkering", "uitkering voor levensonderhoud"]}},
)
def add(call: Call) -> Answer:
    """Keep a group."""
    call.check_role(ANALYST_ROLE)
    made = service.add_synonym(call.work, expressions=call.body["expressions"])
    return Answer(_row(made), headers={"Location": f"{BLUEPRINT.url_prefix}/{COLLECTION}/{made.id}"})


@operation(
    "POST",
    f"/{COLLECTION}/voorproef",
    name="zoekwoordenVoorproef",
    summary="Wat het toevoegen van woorden aan zoekvragen zou veranderen; er wordt niets bewaard",
    tag=TAG,
    gives=EffectSchema,
    body=SynonymForm,
    media=JSON,
    example={"body": {"uitdrukkingen": ["bijstandsuitkering", "uitkering voor levensonderhoud"]}},
)
def check(call: Call) -> Answer:
    """Show what it would change, before anything is kept."""
    call.check_role(ANALYST_ROLE)
    expressions = service.checked(call.work, call.body["expressions"])
    return Answer(_effect(expressions, effect_of(call.work, service.synonyms_with(call.work, expressions))))


@operation(
    "GET",
    ONE,
    name="zoekwoordenEen",
    summary="Eén toegevoegde groep die nog geldt",
    tag=TAG,
    gives=SynonymSchema,
    tagged=True,
)
def show(call: Call, identity: int) -> Answer:
    """A group that has not ended."""
    call.check_role(ANALYST_ROLE)
    return Answer(_row(service.own_group(call.work, identity)))


@operation(
    "POST",
    f"{ONE}/beeindigen",
    name="zoekwoordenBeeindigen",
    summary="Een groep beëindigen; hij blijft te zien",
    tag=TAG,
    gives=EffectSchema,
    changes=True,
)
def end(call: Call, identity: int) -> Answer:
    """End a group, and tell what that changes."""
    call.check_role(ANALYST_ROLE)
    found = service.own_group(call.work, identity)
    call.check_seen(_row(found), SynonymSchema)
    effect = effect_of(call.work, service.synonyms_without(call.work, identity))
    return Answer(_effect(service.end_synonym(call.work, identity).expressions, effect))


def _row(group: Synonym | OwnGroup) -> Values:
    return {
        "id": group.id,
        "expressions": list(group.expressions),
        "created_at": group.created_at,
        "ended_at": group.ended_at,
    }


def _effect(expressions: Sequence[str], effect: Effect) -> Values:
    changed = [
        {"words": one.words, "kept": one.kept, "shifts": [shift._asdict() for shift in one.shifts]}
        for one in effect.changed
    ]
    return {"expressions": list(expressions), "changed": changed, "kept": effect.kept, "examples": effect.examples}
