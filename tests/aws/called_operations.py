"""Every operation of AWS that the product calls, collected from its code: no list of them is kept by hand."""

import ast
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.loaders import create_loader

PRODUCT = Path(__file__).parents[2] / "operator" / "securebucket"
BY_BOTOCORE = {("sts", "assume_role")}
"""What the product does not call itself: botocore gets credentials with it."""
SESSION = botocore.session.get_session()
SESSION.register_component("data_loader", create_loader())


def trees() -> dict[str, ast.Module]:
    """Give the product's code by its place; it is large, and nobody keeps it."""
    return {str(path.relative_to(PRODUCT)): ast.parse(path.read_text()) for path in sorted(PRODUCT.rglob("*.py"))}


@cache
def called() -> tuple[tuple[str, str], ...]:
    """Give service and method of each: a text in the code that is a method of a service that the product asks."""
    nodes = [node for tree in trees().values() for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.Call)]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    # A read or a write of another service than S3 names it; what is asked elsewhere and S3 has too, is S3's.
    pairs = set(filter(None, map(named, nodes)))
    known = {name for _, name in pairs}
    others = texts.intersection(SESSION.get_available_services()) - {"s3"}
    pairs |= {("s3", name) for name in texts if name in methods("s3")}
    pairs |= {(each, name) for each in others for name in texts & methods(each).keys() - methods("s3").keys() - known}
    return tuple(sorted(pairs | BY_BOTOCORE))


def named(node: ast.AST) -> tuple[str, str] | None:
    """Give service and method of a `Read` or a `Call` that names both."""
    if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in {"Read", "Call"}:
        return None
    texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    services = [
        each.value.value for each in node.keywords if each.arg == "service" and isinstance(each.value, ast.Constant)
    ]
    return (str(services[0]), texts[0]) if services and texts else None


@cache
def methods(service: str) -> dict[str, str]:
    """Give the methods of a service, with the API's name of each."""
    return {xform_name(name): name for name in SESSION.get_service_model(service).operation_names}


def operation(service: str, method: str) -> Any:
    """Give botocore's model of an operation."""
    return SESSION.get_service_model(service).operation_model(methods(service)[method])


def parameters(service: str, method: str, endpoint: str) -> dict[str, Any]:
    """Give arguments that botocore sends."""
    known = {
        "Bucket": "acme-invoices",
        "AccountId": "111122223333",
        "ExpectedBucketOwner": "111122223333",
        "QueueUrl": f"{endpoint}/111122223333/changes",
    }
    shape = operation(service, method).input_shape
    if shape is None:
        return {}
    wanted = {*shape.required_members, *(known.keys() & shape.members.keys())}
    return {name: known.get(name, _least(shape.members[name])) for name in sorted(wanted)}


def _least(shape: Any) -> Any:
    if shape.type_name == "structure":
        return {name: _least(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        return [_least(shape.member)]
    if shape.type_name == "string":
        return shape.enum[0] if shape.enum else "x" * max(20, shape.metadata.get("min", 1))
    return {"boolean": True, "integer": 1, "long": 1, "map": {}, "blob": b"x"}.get(shape.type_name, 1)
