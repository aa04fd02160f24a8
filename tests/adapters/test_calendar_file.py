"""The calendar file: what a calendar needs to note, move and take away an appointment, and no more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from icalendar import Calendar

from app.adapters.calendar_file import Appointment, calendar_file

AMSTERDAM_IN_WINTER = timezone(timedelta(hours=1))
MEETING = Appointment(
    uid="VERG-2026-01@knelpunten.example",
    sequence=0,
    title="Vergadering CCG 14 december 2026",
    begins_at=datetime(2026, 12, 14, 10, tzinfo=AMSTERDAM_IN_WINTER),
    ends_at=datetime(2026, 12, 14, 12, tzinfo=AMSTERDAM_IN_WINTER),
    place="Zaal 3; Rijkskantoor, Den Haag",
    url="https://knelpunten.example/vergaderingen/VERG-2026-01",
    organiser="secretaris@ccg.example",
    organiser_name="Secretaris CCG",
    stamp=datetime(2026, 11, 23, 9, tzinfo=UTC),
    attendee="lid1@ccg.example",
)


def event(file: bytes):
    (found,) = Calendar.from_ical(file.decode()).walk("VEVENT")
    return found


def test_an_appointment_says_when_where_and_who_asks():
    file = calendar_file(MEETING)
    found = event(file)

    assert Calendar.from_ical(file.decode())["METHOD"] == "REQUEST"
    assert (found["UID"], found["SEQUENCE"], found["STATUS"]) == ("VERG-2026-01@knelpunten.example", 0, "CONFIRMED")
    assert found["SUMMARY"] == "Vergadering CCG 14 december 2026"
    assert found["LOCATION"] == "Zaal 3; Rijkskantoor, Den Haag"
    assert found["URL"] == "https://knelpunten.example/vergaderingen/VERG-2026-01"
    assert found["ORGANIZER"] == "mailto:secretaris@ccg.example"
    assert found["ATTENDEE"] == "mailto:lid1@ccg.example"


def test_the_times_are_in_a_zone_that_every_calendar_knows():
    file = calendar_file(MEETING)

    assert b"DTSTART:20261214T090000Z\r\n" in file
    assert b"DTEND:20261214T110000Z\r\n" in file
    assert b"DTSTAMP:20261123T090000Z\r\n" in file


def test_a_meeting_that_is_called_off_is_taken_away():
    file = calendar_file(replace(MEETING, cancelled=True, sequence=3))

    assert Calendar.from_ical(file.decode())["METHOD"] == "CANCEL"
    assert (event(file)["STATUS"], event(file)["SEQUENCE"]) == ("CANCELLED", 3)


def test_nothing_is_folded_wrongly_and_no_text_becomes_a_line_of_its_own():
    file = calendar_file(replace(MEETING, title="Lang " * 40 + "\nATTENDEE:mailto:iemand@anders.example"))

    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    assert file.count(b"\r\nATTENDEE") == 1
    assert "iemand@anders.example" in event(file)["SUMMARY"]


def test_the_same_appointment_gives_the_same_bytes():
    assert calendar_file(MEETING) == calendar_file(MEETING)


def test_a_copy_for_nobody_in_particular_names_no_attendee_and_no_place_it_does_not_know():
    found = event(calendar_file(replace(MEETING, attendee=None, place="")))

    assert "ATTENDEE" not in found
    assert "LOCATION" not in found
