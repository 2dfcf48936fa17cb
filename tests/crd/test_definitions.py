"""The definitions as data: what the API server asks of them, and what people do."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from tests.api.samples import ACCEPTED

from securebucket.compliance.catalogue import BY_ID
from securebucket.crd.definitions import definitions
from securebucket.crd.text import render
from securebucket_dev.generate.definition_files import FOLDERS, definition_files

Schema = dict[str, Any]

DEFINITIONS = {definition["spec"]["names"]["kind"]: definition for definition in definitions()}
LIMIT = 120_000
"""Bytes. Client-side apply keeps the definition in an annotation, and 256 KiB is all that annotations may have."""
IMPLICIT = {"apiVersion", "kind", "metadata"}


def version_of(definition: Schema) -> Schema:
    (version,) = definition["spec"]["versions"]
    assert isinstance(version, dict)
    return version


def schema_of(definition: Schema) -> Schema:
    schema = version_of(definition)["schema"]["openAPIV3Schema"]
    assert isinstance(schema, dict)
    return schema


def fields(schema: Schema, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Walk the schema: each named field with its path, lists and maps passed through."""
    for name, each in schema.get("properties", {}).items():
        if path or name not in IMPLICIT:
            yield f"{path}.{name}", each
            yield from fields(each, f"{path}.{name}")
    for inner in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(inner, dict):
            yield from fields(inner, path)


def every_field(kind: str) -> dict[str, Schema]:
    return dict(fields(schema_of(DEFINITIONS[kind])))


def nodes(value: Any) -> Iterator[Schema]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


@pytest.mark.parametrize(
    ("kind", "name", "scope", "short"),
    [
        ("SecureBucket", "securebuckets.securebucket.io", "Namespaced", "sb"),
        ("BucketProfile", "bucketprofiles.securebucket.io", "Cluster", "bprof"),
        ("BucketException", "bucketexceptions.securebucket.io", "Namespaced", "bexc"),
    ],
)
def test_has_the_public_names(kind: str, name: str, scope: str, short: str) -> None:
    definition = DEFINITIONS[kind]
    assert definition["metadata"]["name"] == name
    assert definition["spec"]["scope"] == scope
    assert definition["spec"]["names"]["shortNames"] == [short]
    assert definition["spec"]["names"]["categories"] == ["aws", "security"]
    assert version_of(definition)["name"] == "v1alpha1"


def test_prints_the_columns_of_the_contract() -> None:
    columns = version_of(DEFINITIONS["SecureBucket"])["additionalPrinterColumns"]
    usual = [column["name"] for column in columns if not column.get("priority")]
    wide = [column["name"] for column in columns if column.get("priority")]
    assert usual == ["Bucket", "Mode", "Ready", "InSync", "Compliant", "Score", "Age"]
    assert wide == ["Account", "Region", "Profile", "LastDrift"]


def test_prints_what_an_exception_is_about() -> None:
    columns = version_of(DEFINITIONS["BucketException"])["additionalPrinterColumns"]
    usual = [column["name"] for column in columns if not column.get("priority")]
    wide = [column["name"] for column in columns if column.get("priority")]
    assert usual == ["Check", "Bucket", "Expires", "Active", "Approver", "Age"]
    assert wide == ["Buckets", "Reason"]


def test_an_exception_names_a_check_that_there_is() -> None:
    assert every_field("BucketException")[".spec.check"]["enum"] == sorted(BY_ID)


def test_only_a_profile_has_no_status() -> None:
    assert version_of(DEFINITIONS["SecureBucket"])["subresources"] == {"status": {}}
    assert version_of(DEFINITIONS["BucketException"])["subresources"] == {"status": {}}
    assert "subresources" not in version_of(DEFINITIONS["BucketProfile"])


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_teaches_with_an_example_that_works(kind: str) -> None:
    """The top-level description holds a whole object, which is one of what the API takes."""
    description = schema_of(DEFINITIONS[kind])["description"]
    indented = [line.removeprefix("    ") for line in description.splitlines() if line.startswith("    ")]
    example = yaml.safe_load("\n".join(indented))
    assert example["kind"] == kind
    assert example["apiVersion"] == "securebucket.io/v1alpha1"
    assert example["spec"]


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_describes_every_field_in_a_sentence(kind: str) -> None:
    described = {path: schema.get("description", "").strip() for path, schema in every_field(kind).items()}
    assert len(described) >= {"BucketException": 12}.get(kind, 50)
    assert [path for path, text in described.items() if len(text) < 9 or not text.endswith(".")] == []


def unbounded(schema: Schema) -> bool:
    match schema:
        case {"type": "string", **rest}:
            return not {"maxLength", "enum", "format"} & rest.keys()
        case {"type": "array", **rest}:
            return "maxItems" not in rest
        case {"type": "object", "additionalProperties": dict(), **rest}:
            return "maxProperties" not in rest
    return False


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_bounds_every_text_list_and_map_of_the_spec(kind: str) -> None:
    """Without bounds the API server takes a rule on the field for too expensive, and anybody can fill etcd."""
    spec = {path: schema for path, schema in every_field(kind).items() if path.startswith(".spec")}
    assert [path for path, schema in spec.items() if any(unbounded(node) for node in nodes(schema))] == []


FORBIDDEN = {"default", "title", "$ref", "$defs", "anyOf", "const", "uniqueItems", "nullable", "prefixItems"}


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_has_no_keyword_that_does_not_belong(kind: str) -> None:
    """No defaults above all: a stored one freezes. The status of an object that nobody has seen is no setting."""
    schemas = {"": schema_of(DEFINITIONS[kind])} | every_field(kind)
    found = [path for path, schema in schemas.items() if FORBIDDEN & schema.keys()]
    assert found == ([] if kind == "BucketProfile" else [".status"])


@pytest.mark.parametrize(
    ("path", "key"),
    [
        (".status.conditions", "type"),
        (".status.controls", "name"),
        (".status.compliance.failing", "check"),
        (".spec.lifecycle.rules", "id"),
        (".spec.replication.rules", "id"),
        (".spec.policy.statements", "Sid"),
        (".spec.notifications.topics", "id"),
        (".spec.notifications.queues", "id"),
        (".spec.notifications.lambdaFunctions", "id"),
        (".spec.inventory.configurations", "id"),
        (".spec.metrics.configurations", "id"),
        (".spec.analytics.configurations", "id"),
        (".spec.intelligentTiering.configurations", "id"),
    ],
)
def test_merges_lists_by_key(path: str, key: str) -> None:
    schema = every_field("SecureBucket")[path]
    assert schema["x-kubernetes-list-type"] == "map"
    assert schema["x-kubernetes-list-map-keys"] == [key]
    assert key in schema["items"]["required"]


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_the_text_is_small_enough(kind: str) -> None:
    assert len(render(DEFINITIONS[kind]).encode()) < LIMIT


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_the_text_says_what_the_definition_says(kind: str) -> None:
    assert yaml.safe_load(render(DEFINITIONS[kind])) == DEFINITIONS[kind]


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_a_template_engine_finds_nothing_in_the_text(kind: str) -> None:
    assert "{{" not in render(DEFINITIONS[kind])


def test_the_same_models_give_the_same_text() -> None:
    assert definition_files() == definition_files()


def test_the_chart_has_the_same_definitions() -> None:
    plain, chart = FOLDERS
    texts = definition_files()
    assert {path.removeprefix(f"{chart}/"): text for path, text in texts.items() if path.startswith(chart)} == {
        path.removeprefix(f"{plain}/"): text
        for path, text in texts.items()
        if path.startswith(f"{plain}/") and "kustomization" not in path
    }


def paths(value: Any, schema: Schema, path: str) -> Iterator[str]:
    """Walk an object along its schema: the path of each field that it has."""
    if isinstance(value, list):
        for item in value:
            yield from paths(item, schema.get("items", {}), path)
    elif isinstance(value, dict) and "properties" in schema:
        for name, item in value.items():
            yield f"{path}.{name}"
            yield from paths(item, schema["properties"].get(name, {}), f"{path}.{name}")


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_the_samples_have_every_field_of_the_spec(kind: str) -> None:
    bodies = [body for body in ACCEPTED.values() if body["kind"] == kind]
    used = {path for body in bodies for path in paths(body, schema_of(DEFINITIONS[kind]), "")}
    shared = ".spec.defaults."  # the same as a bucket's own
    wanted = {path for path in every_field(kind) if path.startswith(".spec") and not path.startswith(shared)}
    assert wanted - used == set(), "add the field to a sample of tests/api/accepted.py"
