"""The website endpoint of a bucket: the documents that it serves, and where it sends requests elsewhere."""

from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel
from securebucket.api.rule import Rule, fits, matches

Protocol = Literal["http", "https"]
ErrorCode = Annotated[
    str, Field(max_length=3), fits("[45][0-9][0-9]", 'S3 takes the codes 400 to 599, in quotes, e.g. "404"')
]
RedirectCode = Annotated[
    str, Field(max_length=3), fits("3(0[1-9]|[1-9][0-9])", 'S3 takes the codes 301 to 399, in quotes, e.g. "302"')
]
Suffix = Annotated[
    str,
    Field(min_length=1, max_length=1024),
    matches("[^/]*", "S3 takes no slash in the suffix; write the name of the document alone, e.g. index.html"),
]


class IndexDocument(ApiModel):
    """What is served where a request names a folder."""

    suffix: Suffix = Field(description="Name of the document in each folder, e.g. index.html.")


class ErrorDocument(ApiModel):
    """What is served where a request fails."""

    key: str = Field(min_length=1, max_length=1024, description="Key of the object, e.g. error.html.")


class RedirectAllRequestsTo(ApiModel):
    """Where every request to the website endpoint is sent."""

    host_name: str = Field(min_length=1, max_length=255, description="Host, e.g. www.example.com.")
    protocol: Protocol | None = Field(None, description="http or https. Default: that of the request.")


class Condition(ApiModel):
    """Which requests a routing rule is for; both must hold where both are given."""

    invariants = (
        Rule(
            "has(self.httpErrorCodeReturnedEquals) || has(self.keyPrefixEquals)",
            lambda each: (each.http_error_code_returned_equals, each.key_prefix_equals) != (None, None),
            "a condition needs httpErrorCodeReturnedEquals or keyPrefixEquals; leave condition out for all requests",
        ),
    )

    http_error_code_returned_equals: ErrorCode | None = Field(
        None, description='HTTP error that it would be answered with, e.g. "404".'
    )
    key_prefix_equals: str | None = Field(None, max_length=1024, description="What the key begins with, e.g. docs/.")


class Redirect(ApiModel):
    """Where a routing rule sends a request. Give one of the fields at least; what is left out stays as in the request."""

    invariants = (
        Rule(
            "has(self.hostName) || has(self.httpRedirectCode) || has(self.protocol) || has(self.replaceKeyPrefixWith)"
            " || has(self.replaceKeyWith)",
            lambda each: any(getattr(each, name) is not None for name in type(each).model_fields),
            "a redirect changes something; give hostName, protocol, httpRedirectCode, replaceKeyPrefixWith or"
            " replaceKeyWith",
        ),
        Rule(
            "!has(self.replaceKeyPrefixWith) || !has(self.replaceKeyWith)",
            lambda each: each.replace_key_prefix_with is None or each.replace_key_with is None,
            "replaceKeyPrefixWith and replaceKeyWith exclude each other; keep one of them",
            "replaceKeyWith",
        ),
    )

    host_name: str | None = Field(None, min_length=1, max_length=255, description="Host, e.g. www.example.com.")
    http_redirect_code: RedirectCode | None = Field(
        None, description='HTTP code of the answer, e.g. "302". Default: "301".'
    )
    protocol: Protocol | None = Field(None, description="http or https. Default: that of the request.")
    replace_key_prefix_with: str | None = Field(
        None, max_length=1024, description="What to put in the place of keyPrefixEquals; may be empty."
    )
    replace_key_with: str | None = Field(None, max_length=1024, description="The whole key, e.g. error.html.")


class RoutingRule(ApiModel):
    """One routing rule. The first that fits a request counts."""

    condition: Condition | None = Field(None, description="Which requests it is for. Default: all.")
    redirect: Redirect = Field(description="Where it sends them.")


class Website(ApiModel):
    """The website endpoint (PutBucketWebsite). Secure default: none, since it is plain HTTP and needs public objects."""

    whole = True
    invariants = (
        Rule(
            "!has(self.redirectAllRequestsTo) || (!has(self.indexDocument) && !has(self.errorDocument)"
            " && (!has(self.routingRules) || self.routingRules.size() == 0))",
            lambda site: (
                site.redirect_all_requests_to is None
                or (site.index_document is None and site.error_document is None and not site.routing_rules)
            ),
            "redirectAllRequestsTo leaves nothing to serve; keep it alone, or take it out",
            "redirectAllRequestsTo",
        ),
        Rule(
            "has(self.indexDocument) || (!has(self.errorDocument)"
            " && (!has(self.routingRules) || self.routingRules.size() == 0))",
            lambda site: site.index_document is not None or (site.error_document is None and not site.routing_rules),
            "a website needs indexDocument; give it, e.g. {suffix: index.html}",
            "indexDocument",
        ),
    )

    index_document: IndexDocument | None = Field(None, description="What folders are served as. Needed for a website.")
    error_document: ErrorDocument | None = Field(None, description="What errors are answered with. Default: S3's own.")
    redirect_all_requests_to: RedirectAllRequestsTo | None = Field(
        None, description="Where all requests are sent; excludes the other fields."
    )
    routing_rules: tuple[RoutingRule, ...] = Field(
        (), max_length=50, description="Redirects of some requests, in this order. Default: none."
    )
