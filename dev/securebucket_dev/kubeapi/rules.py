"""The CEL rules of a structural schema (`x-kubernetes-validations`), transition rules with `oldSelf` among them.

https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from securebucket_dev.kubeapi.cel.checks import find_undeclared, root_schema, uses
from securebucket_dev.kubeapi.cel.program import Program, compile_tree
from securebucket_dev.kubeapi.cel.reading import Reader, reader_of
from securebucket_dev.kubeapi.cel.syntax import CelSyntaxError, Node, parse_expression
from securebucket_dev.kubeapi.cel.values import NOTHING, CelError, Optional
from securebucket_dev.kubeapi.failure import Cause
from securebucket_dev.kubeapi.kind import Body, Schema
from securebucket_dev.kubeapi.structure import LIST_TYPE, item_key, item_schema
from securebucket_dev.kubeapi.validation import ABSENT, former_items, quote


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, ready to be run."""

    text: str
    program: Program
    transition: bool
    optional_old: bool
    message: str
    message_program: Program | None
    reason: str
    field_path: str


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class RuleTree:
    """The rules at one place of a schema and below it; places without any are not in it."""

    rules: tuple[Rule, ...] = ()
    properties: dict[str, "RuleTree"] = field(default_factory=dict)
    additional: "RuleTree | None" = None
    items: "RuleTree | None" = None
    schema: Schema = field(default_factory=dict)
    read: Reader = field(default=_as_it_is)


@dataclass(slots=True)
class RuleFault:
    """A rule that cannot be run, and where it stands."""

    path: str
    message: str


def compile_rules(schema: Schema) -> tuple[RuleTree | None, list[RuleFault]]:
    """All rules of an object's schema, and those that are wrong."""
    faults: list[RuleFault] = []
    tree = _compile_node(root_schema(schema), "openAPIV3Schema", True, faults)
    return tree, faults


def check_rules(tree: RuleTree | None, body: Body, before: Body | None) -> list[Cause]:
    """The rules that an object breaks."""
    if tree is None:
        return []
    return list(_check(tree, body, ABSENT if before is None else before, ""))


def _compile_node(schema: Schema, place: str, correlated: bool, faults: list[RuleFault]) -> RuleTree | None:
    rules = []
    for index, rule in enumerate(schema.get("x-kubernetes-validations") or ()):
        compiled = _compile_rule(rule, schema, f"{place}.x-kubernetes-validations[{index}]", correlated, faults)
        if compiled:
            rules.append(compiled)
    properties = {}
    for name, child in (schema.get("properties") or {}).items():
        below = _compile_node(child, f"{place}.properties[{name}]", correlated, faults)
        if below:
            properties[name] = below
    extra, items = schema.get("additionalProperties"), item_schema(schema)
    additional = None
    if isinstance(extra, dict):
        additional = _compile_node(extra, f"{place}.additionalProperties", correlated, faults)
    keyed = schema.get(LIST_TYPE) == "map"
    listed = _compile_node(items, f"{place}.items", correlated and keyed, faults) if items else None
    if not (rules or properties or additional or listed):
        return None
    return RuleTree(tuple(rules), properties, additional, listed, schema, reader_of(schema) if rules else _as_it_is)


def _compile_rule(
    rule: dict[str, Any], schema: Schema, place: str, correlated: bool, faults: list[RuleFault]
) -> Rule | None:
    variables = {"self": schema, "oldSelf": {} if rule.get("optionalOldSelf") else schema}
    try:
        tree, program = _compile(rule["rule"])
        undeclared = find_undeclared(tree, variables)
        shown = rule.get("messageExpression")
        message = _compile(shown)[1] if shown else None
    except (CelSyntaxError, CelError) as error:
        faults.append(RuleFault(f"{place}.rule", f"compilation failed: ERROR: {error}"))
        return None
    transition = uses(tree, "oldSelf")
    if undeclared:
        faults.append(RuleFault(f"{place}.rule", f"compilation failed: ERROR: {'; '.join(undeclared)}"))
        return None
    if transition and not correlated:
        faults.append(RuleFault(f"{place}.rule", "oldSelf cannot be used on the uncorrelatable portion of the schema"))
        return None
    return Rule(
        text=rule["rule"],
        program=program,
        transition=transition,
        optional_old=bool(rule.get("optionalOldSelf")),
        message=rule.get("message", "").strip(),
        message_program=message,
        reason=rule.get("reason") or "FieldValueInvalid",
        field_path=rule.get("fieldPath", ""),
    )


@lru_cache(1024)
def _compile(text: str) -> tuple[Node, Program]:
    """The tree and the function of an expression; a definition is compiled when it is checked and when it is served."""
    tree = parse_expression(text)
    return tree, compile_tree(tree)


def _check(tree: RuleTree, value: Any, before: Any, path: str) -> Iterator[Cause]:
    if value is None:
        return
    unchanged = before is not ABSENT and before == value
    for rule in tree.rules:
        # A rule without oldSelf that held, or was let pass, for an equal value is not asked again.
        if rule.transition or not unchanged:
            cause = _run(rule, tree.read, value, before, path)
            if cause:
                yield cause
    if isinstance(value, dict):
        former = before if isinstance(before, dict) else {}
        for name, child in value.items():
            below = tree.properties.get(name) or tree.additional
            if below:
                yield from _check(below, child, former.get(name, ABSENT), f"{path}.{name}" if path else name)
    elif isinstance(value, list) and tree.items:
        known = former_items(tree.schema, before)
        for index, item in enumerate(value):
            match = known.get(item_key(tree.schema, item) or "", ABSENT)
            yield from _check(tree.items, item, match, f"{path}[{index}]")


def _run(rule: Rule, read: Reader, value: Any, before: Any, path: str) -> Cause | None:
    variables = {"self": read(value)}
    if rule.transition:
        if rule.optional_old:
            known = before is not ABSENT
            variables["oldSelf"] = Optional(present=True, content=read(before)) if known else NOTHING
        elif before is ABSENT:
            return None
        else:
            variables["oldSelf"] = read(before)
    place = path + rule.field_path if path else rule.field_path.removeprefix(".")
    # Only what is short is shown.
    shown = f"{quote(value)}: " if isinstance(value, str | int | float) else ""
    try:
        outcome = rule.program(variables)
    except CelError as error:
        words = rule.message or rule.text
        return Cause(place, rule.reason, f"Invalid value: {shown}{error} evaluating rule: {words}")
    if outcome is True:
        return None
    return Cause(place, rule.reason, f"Invalid value: {shown}{_message(rule, variables)}")


def _message(rule: Rule, variables: dict[str, Any]) -> str:
    if rule.message_program:
        try:
            text = rule.message_program(variables)
        except CelError:
            text = None
        if isinstance(text, str) and text.strip():
            return text
    return rule.message or f"failed rule: {rule.text}"
