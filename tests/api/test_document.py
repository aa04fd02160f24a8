"""A file with a case, sent and fetched through the API."""

from tests.api.stage import Stage

TEXT = b"Een nota over de uitwisseling.\n"


def test_a_file_is_kept_with_the_case_and_can_be_fetched(stage: Stage) -> None:
    case = stage.case()

    answer = stage.send_file(f"{case}/documenten", "utrecht", "nota.txt", TEXT, {"titel": "Nota"})

    assert answer.status_code == 201, answer.json
    address = answer.headers["Location"].removeprefix("/api/v1")
    (kept,) = stage.get(case, "triagist").json["documenten"]
    assert kept == answer.json
    file = stage.get(address, "triagist")
    assert (file.data, file.headers["Content-Disposition"].partition(";")[0]) == (TEXT, "attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert stage.get(f"{case}/verloop", "triagist").json["resultaten"][-1]["actie"] == "document_toevoegen"


def test_the_same_file_with_the_same_key_is_kept_once(stage: Stage) -> None:
    case = stage.case()

    first = stage.send_file(f"{case}/documenten", "utrecht", "nota.txt", TEXT, idempotency_key="f")
    again = stage.send_file(f"{case}/documenten", "utrecht", "nota.txt", TEXT, idempotency_key="f")
    other = stage.send_file(f"{case}/documenten", "utrecht", "nota.txt", TEXT + b"x", idempotency_key="f")

    assert (first.json, again.status_code, other.status_code) == (again.json, 201, 400)
    assert len(stage.get(case, "utrecht").json["documenten"]) == 1


def test_who_may_not_see_the_case_neither_sends_nor_fetches(stage: Stage) -> None:
    case = stage.case(vertrouwelijkheid="beperkt_openbaar")
    hidden = stage.case()
    stage.send_file(f"{case}/documenten", "utrecht", "nota.txt", TEXT)

    assert stage.get(f"{case}/documenten/1", "zwolle").status_code == 404
    assert stage.send_file(f"{case}/documenten", "zwolle", "nota.txt", TEXT).status_code == 403
    assert stage.send_file(f"{hidden}/documenten", "zwolle", "nota.txt", TEXT).status_code == 404
    assert stage.get(f"{case}/documenten/99", "utrecht").status_code == 404
    assert stage.get(f"{hidden}/documenten/1", "utrecht").status_code == 404
    assert stage.get(f"{case}/documenten/99999999999999999999", "utrecht").status_code == 404


def test_what_is_not_a_file_of_a_known_kind_is_refused(stage: Stage) -> None:
    case = stage.case()

    for name, content in (("virus.exe", b"MZ\x90"), ("nota.pdf", b"geen pdf"), ("leeg.txt", b"")):
        answer = stage.send_file(f"{case}/documenten", "utrecht", name, content)
        assert answer.status_code == 400, name
        assert answer.json["errors"][0]["veld"] == "bestand"
    pretended = {"titel": "x", "bestand": {"digest": "0" * 64, "name": "x", "size": 1, "media_type": "text/plain"}}
    assert stage.act("utrecht", case, "document_toevoegen", **pretended).status_code == 400
    assert stage.post(f"{case}/documenten", "utrecht", {"titel": "x"}).status_code == 415
