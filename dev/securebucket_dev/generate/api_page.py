"""The reference page of the API, made from the CustomResourceDefinitions: every field, its type, its description."""

from collections.abc import Iterator, Mapping
from typing import Any

from securebucket.crd.definitions import definitions
from securebucket_dev.generate.markdown import NOTICE, code, table

Schema = Mapping[str, Any]
Row = tuple[str, str, str]

SAME = {"spec.defaults": "the blocks of `SecureBucket.spec`, from `publicAccessBlock` to `tags`"}
"""Blocks of a BucketProfile that are described with the SecureBucket."""

INTRODUCTION = """\
`kubectl explain sb.spec` shows the same in a terminal. An absent field means the profile's value, else the default
that the description names; defaults are not stored in the object, `status.effective` shows what is in force.

"""


def api_page() -> str:
    """Write the page: one chapter a kind, one table a block."""
    chapters = [_chapter(each) for each in definitions()]
    return f"# API\n\n{NOTICE}{INTRODUCTION}{''.join(chapters)}".rstrip("\n") + "\n"


def _chapter(definition: Schema) -> str:
    names, version = definition["spec"]["names"], definition["spec"]["versions"][0]
    schema = version["schema"]["openAPIV3Schema"]
    scope = definition["spec"]["scope"].lower()
    summary = schema["description"].split("\n", maxsplit=1)[0]
    text = (
        f"## {names['kind']}\n\n{summary} Short name `{names['shortNames'][0]}`, {scope},"
        f" `{definition['spec']['group']}/{version['name']}`.\n\n"
    )
    for part in ("spec", "status"):
        if part in schema["properties"]:
            text += "".join(_tables(part, schema["properties"][part]))
    return text


def _tables(path: str, schema: Schema) -> Iterator[str]:
    """Write a table of the plain fields, then one for each block."""
    fields = schema.get("properties", {})
    blocks = {name: each for name, each in fields.items() if each.get("properties")}
    needed = schema.get("required", ())
    plain = [
        row
        for name, each in fields.items()
        if name not in blocks
        for row in _rows(f"{path}.{name}", each, name, required=name in needed and path == "spec")
    ]
    yield f"### {path}\n\n{' '.join(schema.get('description', '').split())}\n\n"
    if plain:
        yield table(("Field", "Type", "Description"), plain) + "\n"
    yield from _rules(schema)
    for name, each in blocks.items():
        place = f"{path}.{name}"
        if place in SAME:
            yield f"### {place}\n\n{each.get('description', '')} It has {SAME[place]}.\n\n"
        else:
            needed = each.get("required", ()) if path == "spec" else ()
            rows = [
                row
                for key, value in each["properties"].items()
                for row in _rows(f"{place}.{key}", value, key, required=key in needed)
            ]
            yield f"### {place}\n\n{each.get('description', '')}\n\n"
            yield table(("Field", "Type", "Description"), rows) + "\n"
            yield from _rules(each)


def _rows(path: str, schema: Schema, name: str, *, required: bool) -> Iterator[Row]:
    """Give a field and everything below it; `[]` stands for an entry of a list."""
    told = schema.get("description", "").replace("<", "&lt;")
    yield code(name), _type(schema), f"{told} Required.".lstrip() if required else told
    entry = schema.get("items", schema)
    suffix = "[]" if "items" in schema else ""
    needed = entry.get("required", ()) if path.startswith("spec") else ()
    for key, value in entry.get("properties", {}).items():
        yield from _rows(f"{path}{suffix}.{key}", value, f"{name}{suffix}.{key}", required=key in needed)


def _type(schema: Schema) -> str:
    if "enum" in schema:
        return ", ".join(code(str(each)) for each in schema["enum"])
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"map to {_type(schema['additionalProperties'])}"
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{kind}, {low} to {high}"
    return kind if low is None else f"{kind}, {low} or more"


def _rules(schema: Schema) -> Iterator[str]:
    messages = [each["message"] for each in schema.get("x-kubernetes-validations", ())]
    if messages:
        yield "The API server refuses what breaks a rule, in these words:\n\n"
        yield "".join(f"- {each}\n" for each in messages) + "\n"
