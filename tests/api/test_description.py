"""The description of the API is complete, and follows the NLGov REST API Design Rules 2.1."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.api.example import EXAMPLES
from app.api.openapi import description, outside_path
from app.api.operation import OPERATIONS
from app.db.kind import RECORDS
from app.schemas.form import FORMS
from tests.api.shape import faults, resolved
from tests.api.stage import Stage
from tests.make import workflows

KEBAB = re.compile(r"/(([a-z0-9\-]+|{[^}]+})(/([a-z0-9\-.]+|{[^}]+}))*)")
CAMEL = re.compile(r"[a-z][a-zA-Z0-9]*")
# RFC 6749 and RFC 7523 name these, so their clients know them.
OF_OAUTH = frozenset(
    {
        *("grant_type", "client_assertion_type", "client_assertion", "client_id"),
        *("access_token", "token_type", "expires_in", "error_description"),
    }
)


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


def test_paths_are_kebab_case_without_a_slash_at_the_end() -> None:
    paths = description()["paths"]

    assert [path for path in paths if path != "/openapi.json" and not KEBAB.fullmatch(path)] == []
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

    ours = {*properties(schemas), *queries} - OF_OAUTH
    assert [name for name in ours if not CAMEL.fullmatch(name)] == []
    assert [name for name in schemas if not re.fullmatch("[A-Z][A-Za-z]+", name)] == []


def test_every_success_says_the_version_and_every_refusal_is_a_problem() -> None:
    for path, method, told in operations():
        for status, response in told["responses"].items():
            found = resolved(description(), response["$ref"]) if "$ref" in response else response
            if status.startswith("2"):
                assert "API-Version" in found["headers"], path
            elif status == "304":
                assert found.keys() == {"description", "headers"}, path
            else:
                told_as = {"application/problem+json", *(["application/json"] if path == "/oauth/token" else [])}
                assert found["content"].keys() <= told_as, (path, status)
                assert "application/problem+json" in found["content"], (path, status)
        asks = method == "post" or [one for one in told["parameters"] if one["in"] in {"path", "query"}]
        assert not asks or "400" in told["responses"], path


def test_a_problem_has_its_members() -> None:
    problem = resolved(description(), "#/components/responses/Probleem404")["content"]["application/problem+json"]
    schema = resolved(description(), problem["schema"]["$ref"])

    assert schema["properties"].keys() >= {"type", "title", "status", "detail", "instance", "requestId", "errors"}


def test_every_form_is_described() -> None:
    names = description()["components"]["schemas"]

    assert [form.__name__ for form in FORMS.values() if form.__name__ not in names] == []


def test_every_call_has_an_example_of_what_it_takes_and_gives() -> None:
    for path, method, told in operations():
        contents = [*told.get("requestBody", {}).get("content", {}).values()]
        contents += [
            content
            for status, one in told["responses"].items()
            if status.startswith("2")
            for content in one.get("content", {}).values()
        ]
        named = [one for one in told["parameters"] if one["in"] == "path"]
        assert all("example" in one for one in (*contents, *named)), (method, path)


def test_an_example_says_what_there_is() -> None:
    for collection, record in RECORDS.items():
        told = EXAMPLES["collection"][collection]
        assert re.fullmatch(r"[A-Z]+[-:]2026[-:][0-9]+", told["nummer"])
        known = [one for (name, _), one in workflows().items() if name == record.kind_name()]
        assert any(told["status"] in one.states for one in known), collection
        assert any(told["actie"] == step.action for one in known for step in one.transitions), collection


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
