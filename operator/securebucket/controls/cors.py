"""Cross-origin resource sharing: which pages of other origins a browser lets use the bucket.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from securebucket.api.base import aws_document
from securebucket.api.cors import Cors, CorsRule
from securebucket.controls.document_size import refuse_size
from securebucket.controls.entries import in_order, in_place, taken
from securebucket.controls.undeclared import risk_of_taking_away
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control
from securebucket.model.document import jsonable
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.plain_text import printable
from securebucket.model.risk import Risk
from securebucket.model.understanding import NOT_UNDERSTOOD, aside, laid_over
from securebucket.model.verdict import Check, Remedy, Severity, Subject, Verdict, failed, passed

SETS = ("AllowedHeaders", "AllowedMethods", "AllowedOrigins", "ExposeHeaders")
"""Members of a rule whose order means nothing, unlike that of the rules: the first that fits a request counts."""

MOST_BYTES = 64 * 1024
"""https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html"""

WRITES = ("DELETE", "POST", "PUT")

Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CorsState:
    """The rules.

    Args:
        cors_rules: canonical rules in AWS's names, by place and ID (`1 app`), or by place, methods and first origin
            where they have none (`1 GET *`); none means that there is no configuration.
    """

    cors_rules: Mapping[str, Rule] = field(default_factory=dict)


SHARED = frozenset(
    (
        *("co.uk", "org.uk", "ac.uk", "com.au", "com.br", "com.cn", "co.in", "co.jp", "co.kr", "co.nz", "co.za"),
        *("amazonaws.com", "s3.amazonaws.com", "awsapprunner.com", "cloudfront.net", "amplifyapp.com"),
        *("azurewebsites.net", "azurestaticapps.net", "blob.core.windows.net", "cloudapp.net", "windows.net"),
        *("appspot.com", "firebaseapp.com", "web.app", "run.app", "googleusercontent.com", "blogspot.com"),
        *("github.io", "gitlab.io", "netlify.app", "vercel.app", "pages.dev", "workers.dev", "herokuapp.com"),
        *("fly.dev", "onrender.com", "surge.sh", "glitch.me", "repl.co", "ngrok.io", "ngrok-free.app"),
    )
)
"""Domains under which anybody gets a name: the best known of https://publicsuffix.org/list/."""


def judge_writes(_: Subject, state: CorsState) -> Verdict:
    """Pass when no rule lets pages of any origin write; that they read is what a public bucket is for."""
    open_to_all = [
        (rule, origin)
        for rule in state.cors_rules.values()
        for origin in rule.get("AllowedOrigins", ())
        if _any(origin)
    ]
    for rule, origin in open_to_all:
        writes = [method for method in rule.get("AllowedMethods", ()) if method in WRITES]
        if writes:
            return failed(f"pages of {printable(origin)} may send {', '.join(writes)}")
    if open_to_all:
        return passed("pages of any origin may read, and none of them may write")
    return passed("CORS rules name their origins" if state.cors_rules else "there are no CORS rules")


class CorsControl(Control[CorsState]):
    """Keeps the declared rules and no others."""

    name = "cors"
    permissions = Permissions(read=("s3:GetBucketCORS",), write=("s3:PutBucketCORS",))
    written_by = ("PutBucketCors", "DeleteBucketCors")
    keeps_found = True
    checks = (
        Check(
            id="cors-writes-restricted",
            title="No page of just any origin may write by CORS",
            severity=Severity.MEDIUM,
            rationale="A page of an attacker writes with the rights of whoever looks at it.",
            remediation="Name the origins that write in spec.cors.rules, without a * that others can fill.",
            remedy=Remedy.BUCKET,
            references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html",),
            judge=judge_writes,
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[CorsState]:
        """Read the rules in their order."""
        answer = yield Read(
            "get_bucket_cors",
            absent=frozenset({"NoSuchCORSConfiguration"}),
            required="CORSRules",
            entries=("CORSRules",),
        )
        return CorsState(in_place((aside(_canonical, rule) for rule in (answer or {}).get("CORSRules", ())), _name))

    def desired(self, context: Context, observed: CorsState) -> CorsState:
        """Give the declared rules; whatever else is there goes."""
        return CorsState(laid_over(observed.cors_rules, in_place(map(_declared, context.spec.cors.rules), _name)))

    def refuse(self, context: Context, observed: CorsState, desired: CorsState) -> Failure | None:
        """Refuse more bytes than S3 takes, which a hundred rules of a hundred origins come to."""
        return refuse_size("cors", _document(desired), MOST_BYTES)

    def calls(self, context: Context, observed: CorsState, desired: CorsState) -> tuple[Call, ...]:
        """Put all rules at once, or delete a configuration of which nothing is left: S3 takes none without rules."""
        if not desired.cors_rules:
            return (Call("delete_bucket_cors"),)
        return (Call("put_bucket_cors", {"CORSConfiguration": _document(desired)}),)

    def risk(self, context: Context, observed: CorsState, desired: CorsState) -> Risk:
        """Tell of a lock-out when undeclared rules go from an adopted bucket: pages may live by them."""
        return risk_of_taking_away(context, "cors") if observed.cors_rules else Risk.NONE

    def declaration(self, state: CorsState) -> dict[str, Any] | None:
        """Declare the rules as they are, where the API takes them: a server may have accepted others."""
        rules = in_order(state.cors_rules)
        if any(NOT_UNDERSTOOD in rule for rule in rules):
            return None
        return taken({"rules": [{_api_name(name): value for name, value in rule.items()} for rule in rules]}, Cors)


def _any(origin: str) -> bool:
    """Tell whether anybody can have an origin that fits: `*`, `https://*`, and `https://*example.com` as well.

    A `*` leaves the domain fixed where a dot and two names follow it, or where it stands for the port; not where
    everybody gets a name of his own under them. `null` is every page without an origin, such as one in a sandbox.
    """
    if origin == "null":
        return True
    before, star, after = origin.partition("*")
    if not star or ":" in before.rpartition("://")[2]:
        return False
    domain = after.partition(":")[0].rstrip(".").lower()
    return not domain.startswith(".") or domain.count(".") < 2 or domain.removeprefix(".") in SHARED


def _document(state: CorsState) -> dict[str, Any]:
    return {"CORSRules": list(map(dict, in_order(state.cors_rules)))}


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
