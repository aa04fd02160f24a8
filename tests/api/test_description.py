"""The description of the API is complete, and follows the NLGov REST API Design Rules 2.1."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.api.openapi import description, outside_path
from app.api.operation import OPERATIONS
from app.schemas.form import FORMS
from tests.api.shape import faults, resolved
from tests.api.stage import Stage

KEBAB = re.compile(r"/(([a-z0-9\-]+|{[^}]+})(/([a-z0-9\-.]+|{[^}]+}))*)")
CAMEL = re.compile(r"[a-z][a-zA-Z0-9]*")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in description()["paths"].items():
        for method, told in item.items():
            yield path, method, told


def properties(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from properties(part)


def test_every_route_is_described(stage: Stage) -> None:
    routes = {
        (rule.rule.removeprefix("/api/v1"), method)
        for rule in stage.app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert routes == {(made.path, made.method) for made in OPERATIONS}
    assert {(outside_path(path), method.lower()) for path, method in routes} == {
        (path, method) for path, method, _ in operations()
    }


def test_the_description_stands_at_the_root_for_everybody(stage: Stage) -> None:
    answer = stage.get("/openapi.json")

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json == description()
    assert stage.get("/openapi.json", if_none_match=answer.headers["ETag"]).status_code == 304


def test_names_are_unique_and_everything_has_a_summary() -> None:
    names = [told["operationId"] for _, _, told in operations()]

    assert len(names) == len(set(names))
    assert all(told["summary"] and told["tags"] for _, _, told in operations())


def resource(path: str) -> str:
    """A path without the beginning of the numbers of other bodies, which is no name of a resource."""
    return path.replace("EXT:{extern}", "{extern}")


def test_paths_are_kebab_case_without_a_slash_at_the_end() -> None:
    paths = description()["paths"]

    assert [path for path in paths if path != "/openapi.json" and not KEBAB.fullmatch(resource(path))] == []
    assert description()["servers"] == [{"url": "/api/v1"}]
    assert re.fullmatch(r"3(\.\d+){1,2}", description()["openapi"])
    assert description()["info"]["contact"].keys() == {"name", "email", "url"}


def test_every_variable_of_a_path_is_a_parameter() -> None:
    for path, _, told in operations():
        named = {parameter["name"] for parameter in told["parameters"] if parameter["in"] == "path"}
        assert named == set(re.findall("{([^}]+)}", path)), path


def test_keys_are_camel_case() -> None:
    schemas = description()["components"]["schemas"]
    queries = [one["name"] for _, _, told in operations() for one in told["parameters"] if one["in"] == "query"]

    assert [name for name in {*properties(schemas), *queries} if not CAMEL.fullmatch(name)] == []
    assert [name for name in schemas if not re.fullmatch("[A-Z][A-Za-z]+", name)] == []


def test_every_success_says_the_version_and_every_refusal_is_a_problem() -> None:
    for path, method, told in operations():
        for status, response in told["responses"].items():
            found = resolved(description(), response["$ref"]) if "$ref" in response else response
            if status.startswith("2"):
                assert "API-Version" in found["headers"], path
            else:
                (media,) = found["content"]
                assert media == "application/problem+json", (path, status)
        asks = method == "post" or [one for one in told["parameters"] if one["in"] in {"path", "query"}]
        assert not asks or "400" in told["responses"], path


def test_a_problem_has_its_members() -> None:
    problem = resolved(description(), "#/components/responses/Probleem404")["content"]["application/problem+json"]
    schema = resolved(description(), problem["schema"]["$ref"])

    assert schema["properties"].keys() >= {"type", "title", "status", "detail", "instance", "requestId", "errors"}


def test_every_form_is_described() -> None:
    names = description()["components"]["schemas"]

    assert [form.__name__ for form in FORMS.values() if form.__name__ not in names] == []


def test_examples_are_as_their_schemas_say() -> None:
    for path, _, told in operations():
        contents = [*told.get("requestBody", {}).get("content", {}).values()]
        contents += [content for one in told["responses"].values() for content in one.get("content", {}).values()]
        for content in contents:
            if "example" in content:
                assert list(faults(description(), content["schema"], content["example"])) == [], path


@pytest.mark.parametrize("path", ["/workflows/", "/knelpunten/", "/openapi.json/"])
def test_a_slash_at_the_end_is_another_address(stage: Stage, path: str) -> None:
    assert stage.get(path, "triagist").status_code == 404
