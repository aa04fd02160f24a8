"""Files that people send: checked by content, scanned where that is configured, and kept by digest."""

from typing import Any

from sqlalchemy import select

from app.adapters.store import Store
from app.adapters.upload import Scanner, accept
from app.db.process import Attachment, Process
from app.domain.errors import NotVisible
from app.services.work import Work


def receive(store: Store, scanner: Scanner | None, name: str, content: bytes) -> dict[str, Any]:
    """Check and keep a file; what comes back is what the form of a document asks. Raises `Invalid`."""
    upload = accept(name, content, scan=scanner)
    store.put(upload.content)
    return {
        "name": upload.name,
        "media_type": upload.media_type,
        "digest": upload.digest,
        "size": len(upload.content),
    }


def attachment_of(work: Work, process: Process, attachment_id: int) -> Attachment:
    """A file with a process that the actor may see; `NotVisible` otherwise."""
    query = select(Attachment).where(Attachment.id == attachment_id, Attachment.process_id == process.id)
    attachment = work.session.scalars(query).one_or_none()
    if attachment is None:
        raise NotVisible(str(attachment_id))
    return attachment
