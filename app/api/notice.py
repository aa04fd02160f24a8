"""Letters, documents and messages that failed after all attempts, and trying one again; content is not shown."""

from app.api.operation import Answer, Call, operation
from app.api.representation import Values
from app.db.notice import Outbox
from app.domain.access import ADMINISTRATOR_ROLE
from app.domain.errors import NotVisible
from app.schemas.notice import FailedJobSchema, FailedJobsSchema
from app.services.notice import failed_jobs, retry_job
from app.services.webhook import DeadLetter, dead_letters

COLLECTION, TAG = "mislukte-berichten", "Beheer"
ONE = f"/{COLLECTION}/<int:job_id>"


@operation(
    "GET",
    f"/{COLLECTION}",
    name="mislukteBerichten",
    summary="Berichten, documenten en bezorgingen van webhooks die na alle pogingen niet lukten",
    tag=TAG,
    gives=FailedJobsSchema,
)
def index(call: Call) -> Answer:
    """The last ones first."""
    call.check_role(ADMINISTRATOR_ROLE)
    letters = [_delivery(letter) for letter in dead_letters(call.work)]
    return Answer({"results": [_row(job) for job in failed_jobs(call.work)], "deliveries": letters})


@operation(
    "GET", ONE, name="misluktBericht", summary="Eén mislukt bericht", tag=TAG, gives=FailedJobSchema, tagged=True
)
def show(call: Call, job_id: int) -> Answer:
    """One that failed."""
    return Answer(_row(_failed(call, job_id)))


@operation(
    "POST",
    f"{ONE}/opnieuw",
    name="berichtOpnieuw",
    summary="Een mislukt bericht opnieuw proberen",
    tag=TAG,
    gives=FailedJobSchema,
    tagged=True,
    changes=True,
)
def retry(call: Call, job_id: int) -> Answer:
    """Give it a new row of attempts."""
    job = _failed(call, job_id)
    call.check_seen(_row(job), FailedJobSchema)
    retry_job(call.work, job_id)
    return Answer(_row(job))


def _failed(call: Call, job_id: int) -> Outbox:
    call.check_role(ADMINISTRATOR_ROLE)
    job = call.work.session.get(Outbox, job_id)
    if job is None or job.failed_at is None:
        raise NotVisible(str(job_id))
    return job


def _row(job: Outbox) -> Values:
    return {name: getattr(job, name) for name in ("id", "topic", "attempts", "error", "failed_at")}


def _delivery(letter: DeadLetter) -> Values:
    told = {name: getattr(letter.delivery, name) for name in ("identity", "type", "attempts", "error", "failed_at")}
    return {
        **told,
        "webhook": letter.webhook.id,
        "name": letter.webhook.name,
        "account": letter.account,
        "host": letter.host,
    }
