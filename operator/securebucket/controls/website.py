"""The website endpoint: what the bucket serves over plain HTTP, and where it sends those who ask.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from securebucket.api.base import aws_document
from securebucket.api.website import Website
from securebucket.controls.document_size import refuse_size
from securebucket.controls.entries import in_order, in_place, taken
from securebucket.controls.undeclared import risk_of_taking_away
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.plain_text import printable
from securebucket.model.risk import Risk
from securebucket.model.understanding import NOT_UNDERSTOOD, aside, laid_over
from securebucket.model.verdict import Check, Remedy, Severity, Subject, Verdict, failed, passed

MAY_BE_EMPTY = frozenset({"KeyPrefixEquals", "ReplaceKeyPrefixWith", "ReplaceKeyWith"})
"""Members that mean something when they are empty: a prefix that is replaced by nothing is cut off."""

MOST_BYTES = 128 * 1024
"""https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html"""

RoutingRule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RedirectOfAll:
    """Where every request is sent; empty where it is not.

    Args:
        host_name: the host.
        protocol: `http` or `https`; empty for that of the request.
    """

    host_name: str = ""
    protocol: str = ""


@dataclass(frozen=True, slots=True)
class WebsiteState:
    """The website configuration; all empty where there is none.

    Args:
        index_document: its suffix, what folders are served as.
        error_document: key of the object that errors are answered with.
        redirect_all_requests_to: where every request is sent.
        routing_rules: canonical rules in AWS's names, by place and condition (`1 docs/`, `2 404`, `3 any`): the first
            that fits a request counts.
    """

    index_document: str = ""
    error_document: str = ""
    redirect_all_requests_to: RedirectOfAll = RedirectOfAll()
    routing_rules: Mapping[str, RoutingRule] = field(default_factory=dict)


OFF = WebsiteState()


def judge_off(_: Subject, state: WebsiteState) -> Verdict:
    """Pass when there is no website, be it a declared one: its endpoint knows no HTTPS, and no signed requests."""
    if state == OFF:
        return passed("no website is served")
    everybody_to = state.redirect_all_requests_to.host_name
    if everybody_to:
        return failed(f"the website endpoint sends all requests to {printable(everybody_to)}")
    rules = in_order(state.routing_rules)
    hosts = dict.fromkeys(printable(host) for rule in rules if (host := rule.get("Redirect", {}).get("HostName")))
    sent = f", and some requests are sent to {', '.join(hosts)}" if hosts else ""
    return failed(f"a website is served over plain HTTP{sent}")


class WebsiteControl(Control[WebsiteState]):
    """Keeps the declared website, or none."""

    name = "website"
    permissions = Permissions(
        read=("s3:GetBucketWebsite",),
        write=("s3:PutBucketWebsite", "s3:DeleteBucketWebsite"),
    )
    written_by = ("PutBucketWebsite", "DeleteBucketWebsite")
    keeps_found = True
    checks = (
        Check(
            id="website-off",
            title="No website is served from the bucket",
            severity=Severity.MEDIUM,
            rationale="A website endpoint speaks plain HTTP, and serves public objects or sends readers elsewhere.",
            remediation="Leave spec.website out, and serve the site by CloudFront from the private bucket.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html",
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html",
            ),
            judge=judge_off,
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[WebsiteState]:
        """Read the documents, the redirects, and the rules in their order."""
        answer = yield Read(
            "get_bucket_website",
            absent=frozenset({"NoSuchWebsiteConfiguration"}),
            required="IndexDocument.Suffix or RedirectAllRequestsTo.HostName",
            entries=("RoutingRules",),
        )
        return _state(answer or {})

    def desired(self, context: Context, observed: WebsiteState) -> WebsiteState:
        """Give the declared website; whatever else is there goes."""
        wanted = _state(aws_document(context.spec.website))
        return WebsiteState(
            wanted.index_document,
            wanted.error_document,
            wanted.redirect_all_requests_to,
            laid_over(observed.routing_rules, wanted.routing_rules),
        )

    def refuse(self, context: Context, observed: WebsiteState, desired: WebsiteState) -> Failure | None:
        """Refuse more bytes than S3 takes, which routing rules with long keys come to."""
        return refuse_size("website", _document(desired), MOST_BYTES)

    def calls(self, context: Context, observed: WebsiteState, desired: WebsiteState) -> tuple[Call, ...]:
        """Put the whole website, or delete it: S3 takes none without anything."""
        if desired == OFF:
            return (Call("delete_bucket_website"),)
        return (Call("put_bucket_website", {"WebsiteConfiguration": _document(desired)}),)

    def risk(self, context: Context, observed: WebsiteState, desired: WebsiteState) -> Risk:
        """Tell of a lock-out when an undeclared website goes from an adopted bucket: people may read it."""
        return Risk.NONE if observed == OFF else risk_of_taking_away(context, "website")

    def declaration(self, state: WebsiteState) -> dict[str, Any] | None:
        """Declare the website as it is, where the API takes it."""
        if any(NOT_UNDERSTOOD in rule for rule in state.routing_rules.values()):
            return None
        return taken(_in_api_names(_document(state)), Website)


def _state(document: Mapping[str, Any]) -> WebsiteState:
    everybody = document.get("RedirectAllRequestsTo") or {}
    rules = (aside(_canonical, rule) for rule in document.get("RoutingRules") or ())
    return WebsiteState(
        index_document=(document.get("IndexDocument") or {}).get("Suffix") or "",
        error_document=(document.get("ErrorDocument") or {}).get("Key") or "",
        redirect_all_requests_to=RedirectOfAll(everybody.get("HostName") or "", everybody.get("Protocol") or ""),
        routing_rules=in_place(rules, _name),
    )


def _document(state: WebsiteState) -> dict[str, Any]:
    """Write a state as S3 takes it."""
    everybody = state.redirect_all_requests_to
    document = {
        "IndexDocument": {"Suffix": state.index_document} if state.index_document else {},
        "ErrorDocument": {"Key": state.error_document} if state.error_document else {},
        "RedirectAllRequestsTo": _canonical({"HostName": everybody.host_name, "Protocol": everybody.protocol}),
        "RoutingRules": list(map(dict, in_order(state.routing_rules))),
    }
    return {name: value for name, value in document.items() if value}


def _canonical(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Give a structure without what is empty and means nothing; members not known here are carried along."""
    found: dict[str, Any] = {}
    for name, value in rule.items():
        item = _canonical(value) if isinstance(value, Mapping) else value
        if item or (item == "" and name in MAY_BE_EMPTY):
            found[name] = item
    return found


def _name(rule: RoutingRule) -> str:
    condition = rule.get("Condition") or {}
    return " ".join(filter(None, (condition.get(each) for each in sorted(condition)))) or "any"


def _in_api_names(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name[0].lower() + name[1:]: _in_api_names(item) for name, item in value.items()}
    return [_in_api_names(item) for item in value] if isinstance(value, list) else value
