"""One mechanism asks AWS: whoever wants to know something describes a read or a call, and does not make it."""

import ast

import pytest
from tests.aws.called_operations import SESSION, called, methods, trees

Trees = dict[str, ast.Module]


@pytest.fixture(scope="module")
def code() -> Trees:
    return trees()


def test_an_operation_of_a_client_is_called_in_one_place_and_for_lists_of_an_account_in_a_second(code: Trees) -> None:
    callers = {
        place
        for place, tree in code.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "getattr"
        and "operation" in ast.unparse(node.args[1])
    }
    assert callers == {"aws/asking.py", "aws/account_documents.py"}


def test_no_operation_is_called_by_its_name(code: Trees) -> None:
    nodes = [(place, node) for place, tree in code.items() for node in ast.walk(tree)]
    ours = {node.name for _, node in nodes if isinstance(node, ast.FunctionDef)}
    calls = [(place, node.func) for place, node in nodes if isinstance(node, ast.Call)]
    services = {service for service, _ in called()} & set(SESSION.get_available_services())
    operations = {name for service in services for name in methods(service)} - ours
    assert {"get_bucket_policy", "get_caller_identity", "describe_key"} <= operations
    assert [
        (place, call.attr) for place, call in calls if isinstance(call, ast.Attribute) and call.attr in operations
    ] == []
