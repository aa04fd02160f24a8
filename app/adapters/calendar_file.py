"""An appointment becomes an iCalendar file (RFC 5545); the only door to `icalendar`.

A calendar recognises an appointment by its `uid`, and takes a change only when its `sequence` is higher than the one it
has. What stands in the file is read on telephones and by other people's servers, so it says when, where and no more.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event, vCalAddress

PRODUCT = "-//Knelpuntenstelsel//Vergaderingen//NL"
REQUEST, CANCEL = "REQUEST", "CANCEL"
MEDIA_TYPE = "text/calendar"


@dataclass(frozen=True, slots=True)
class Appointment:
    """When and where people meet; `stamp` is when it was last changed, `attendee` is whom this copy is for."""

    uid: str
    sequence: int
    title: str
    begins_at: datetime
    ends_at: datetime
    place: str
    url: str
    organiser: str
    organiser_name: str
    stamp: datetime
    attendee: str | None = None
    cancelled: bool = False

    @property
    def method(self) -> str:
        """What the file asks of a calendar: to note the appointment, or to take it away (RFC 5546)."""
        return CANCEL if self.cancelled else REQUEST


def calendar_file(appointment: Appointment) -> bytes:
    """The file of one appointment; times are in UTC, so that no calendar has to know our zone."""
    # Few requests ask for a file, and every server would load the library first.
    from icalendar import Calendar  # noqa: PLC0415

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", appointment.method)
    calendar.add_component(_event(appointment))
    return bytes(calendar.to_ical())


def _event(appointment: Appointment) -> "Event":
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.stamp.astimezone(UTC))
    event.add("dtstart", appointment.begins_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", appointment.title)
    if appointment.place:
        event.add("location", appointment.place)
    event.add("url", appointment.url)
    event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    event.add("organizer", _person(appointment.organiser, CN=appointment.organiser_name))
    if appointment.attendee:
        # Nobody reads an answer: who is there is noted in the meeting.
        event.add("attendee", _person(appointment.attendee, ROLE="REQ-PARTICIPANT", RSVP="FALSE"), encode=False)
    return event


def _person(address: str, **parameters: str) -> "vCalAddress":
    from icalendar import vCalAddress, vText  # noqa: PLC0415

    person = vCalAddress(f"mailto:{address}")
    for name, value in parameters.items():
        person.params[name] = vText(value)
    return person
