"""Cross-origin resource sharing: which pages of other origins a browser lets use the bucket.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from securebucket.api.base import aws_document
from securebucket.api.cors import Cors, CorsRule
from securebucket.model.bucket import Bucket, Origin
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control
from securebucket.model.document import jsonable
from securebucket.model.flow import Flow, Read
from securebucket.model.risk import Risk
from securebucket.model.understanding import NOT_UNDERSTOOD, aside, laid_over

SETS = ("AllowedHeaders", "AllowedMethods", "AllowedOrigins", "ExposeHeaders")
"""Members of a rule whose order means nothing, unlike that of the rules: the first that fits a request counts."""

Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CorsState:
    """The rules.

    Args:
        cors_rules: canonical rules in AWS's names, by place and ID (`1 app`), or by place, methods and first origin
            where they have none (`1 GET *`); none means that there is no configuration.
    """

    cors_rules: Mapping[str, Rule] = field(default_factory=dict)


class CorsControl(Control[CorsState]):
    """Keeps the declared rules and no others. It has no checks: without a declaration there is nothing to judge."""

    name = "cors"
    permissions = Permissions(read=("s3:GetBucketCORS",), write=("s3:PutBucketCORS",))
    written_by = ("PutBucketCors", "DeleteBucketCors")
    keeps_found = True

    def observe(self, bucket: Bucket) -> Flow[CorsState]:
        """Read the rules in their order."""
        answer = yield Read(
            "get_bucket_cors",
            absent=frozenset({"NoSuchCORSConfiguration"}),
            required="CORSRules",
            entries=("CORSRules",),
        )
        return CorsState(_in_place(aside(_canonical, rule) for rule in (answer or {}).get("CORSRules", ())))

    def desired(self, context: Context, observed: CorsState) -> CorsState:
        """Give the declared rules; whatever else is there goes."""
        return CorsState(laid_over(observed.cors_rules, _in_place(map(_declared, context.spec.cors.rules))))

    def calls(self, context: Context, observed: CorsState, desired: CorsState) -> tuple[Call, ...]:
        """Put all rules at once, or delete a configuration of which nothing is left: S3 takes none without rules."""
        if not desired.cors_rules:
            return (Call("delete_bucket_cors"),)
        rules = [dict(desired.cors_rules[key]) for key in sorted(desired.cors_rules, key=_place)]
        return (Call("put_bucket_cors", {"CORSConfiguration": {"CORSRules": rules}}),)

    def risk(self, context: Context, observed: CorsState, desired: CorsState) -> Risk:
        """Tell of a lock-out when undeclared rules go from an adopted bucket: pages may live by them."""
        undeclared = "cors" not in context.spec.model_fields_set
        takes_away = bool(observed.cors_rules) and context.bucket.origin is Origin.ADOPTED
        return Risk.LOCKOUT if undeclared and takes_away else Risk.NONE

    def declaration(self, state: CorsState) -> dict[str, Any] | None:
        """Declare the rules as they are, where the API takes them: a server may have accepted others."""
        rules = [state.cors_rules[key] for key in sorted(state.cors_rules, key=_place)]
        if any(NOT_UNDERSTOOD in rule for rule in rules):
            return None
        block = {"rules": [{_api_name(name): value for name, value in rule.items()} for rule in rules]}
        try:
            Cors.model_validate(block)
        except ValidationError:
            return None
        return block


def _in_place(rules: Iterable[Rule]) -> dict[str, Rule]:
    return {f"{place} {_name(rule)}": rule for place, rule in enumerate(rules, 1)}


def _place(key: str) -> int:
    return int(key.partition(" ")[0])


def _name(rule: Rule) -> str:
    """Give what a person knows a rule by."""
    return rule.get("ID") or " ".join([*rule.get("AllowedMethods", ()), *rule.get("AllowedOrigins", ())[:1]])


def _canonical(rule: Rule) -> dict[str, Any]:
    """Give a rule in one form; members not known here are carried along."""
    sets = {name: sorted(set(rule[name])) for name in SETS if rule.get(name)}
    others = {name: jsonable(value) for name, value in rule.items() if name not in SETS and value not in ("", None)}
    return others | sets


def _declared(rule: CorsRule) -> dict[str, Any]:
    return _canonical(aws_document(rule))


def _api_name(name: str) -> str:
    return "id" if name == "ID" else name[0].lower() + name[1:]
