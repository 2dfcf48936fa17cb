"""The website endpoint, as the laws try it."""

from typing import Any

from tests.laws.subject import GONE, Document, Subject, Tampering

SITE = "WebsiteConfiguration"
RULES = f"{SITE}.RoutingRules"
EVERYBODY = f"{SITE}.RedirectAllRequestsTo"
THEIRS = {"Redirect": {"HostName": "theirs.example.com"}}


def redirected(name: str, member: str, value: Any) -> Tampering:
    """Change where the first rule of the sample sends requests."""
    return Tampering(name, ("routingRules[1 404 docs/]",), {f"{RULES}[0].Redirect.{member}": value}, 0)


SUBJECT = Subject(
    specs=(
        {
            "website": {
                "indexDocument": {"suffix": "index.html"},
                "errorDocument": {"key": "error.html"},
                "routingRules": [
                    {
                        "condition": {"httpErrorCodeReturnedEquals": "404", "keyPrefixEquals": "docs/"},
                        "redirect": {
                            "hostName": "docs.example.com",
                            "httpRedirectCode": "302",
                            "protocol": "https",
                            "replaceKeyPrefixWith": "pages/",
                        },
                    },
                    {"condition": {"keyPrefixEquals": "old/"}, "redirect": {"replaceKeyWith": "gone.html"}},
                ],
            }
        },
        {"website": {"redirectAllRequestsTo": {"hostName": "www.example.com", "protocol": "https"}}},
        {"website": {"indexDocument": {"suffix": "index.html"}}},
    ),
    readings=(
        ({"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}}, None),
        ({"RedirectAllRequestsTo": {"HostName": "theirs.example.com"}}, None),
        (
            {
                "IndexDocument": {"Suffix": "index.html"},
                "RoutingRules": [
                    {
                        "Condition": {"HttpErrorCodeReturnedEquals": "404", "KeyPrefixEquals": "docs/"},
                        "Redirect": {"HostName": "theirs.example.com", "Protocol": "http", "HttpRedirectCode": "307"},
                    },
                    THEIRS,
                ],
            },
            None,
        ),
    ),
    document=Document(
        get="get_bucket_website",
        put="put_bucket_website",
        member=SITE,
        delete="delete_bucket_website",
        absent="NoSuchWebsiteConfiguration",
    ),
    rights={
        "get_bucket_website": "s3:GetBucketWebsite",
        "put_bucket_website": "s3:PutBucketWebsite",
        "delete_bucket_website": "s3:DeleteBucketWebsite",
    },
    listed=True,
    tamperings=(
        Tampering("another index", ("indexDocument",), {f"{SITE}.IndexDocument.Suffix": "theirs.html"}, 0),
        Tampering("another error page", ("errorDocument",), {f"{SITE}.ErrorDocument.Key": "theirs.html"}, 0),
        Tampering("no error page", ("errorDocument",), {f"{SITE}.ErrorDocument": GONE}, 0),
        Tampering(
            "for another error",
            ("routingRules[1 404 docs/]", "routingRules[1 403 docs/]"),
            {f"{RULES}[0].Condition.HttpErrorCodeReturnedEquals": "403"},
            0,
        ),
        Tampering(
            "for other keys",
            ("routingRules[1 404 docs/]", "routingRules[1 404 d]"),
            {f"{RULES}[0].Condition.KeyPrefixEquals": "d"},
            0,
        ),
        redirected("to another host", "HostName", "theirs.example.com"),
        redirected("by another code", "HttpRedirectCode", "307"),
        redirected("by plain HTTP", "Protocol", "http"),
        redirected("to another folder", "ReplaceKeyPrefixWith", "theirs/"),
        Tampering(
            "to another object",
            ("routingRules[2 old/]",),
            {f"{RULES}[1].Redirect.ReplaceKeyWith": "theirs.html"},
            0,
        ),
        Tampering("a rule less", ("routingRules[2 old/]",), {f"{RULES}[1]": GONE}, 0),
        Tampering("a rule more", ("routingRules[3 any]",), {f"{RULES}[+]": THEIRS}, 0),
        Tampering(
            "all to another host", ("redirectAllRequestsTo",), {f"{EVERYBODY}.HostName": "theirs.example.com"}, 1
        ),
        Tampering("all by plain HTTP", ("redirectAllRequestsTo",), {f"{EVERYBODY}.Protocol": "http"}, 1),
        Tampering("served", ("indexDocument",), {SITE: {"IndexDocument": {"Suffix": "index.html"}}}),
        Tampering(
            "sent elsewhere",
            ("redirectAllRequestsTo",),
            {SITE: {"RedirectAllRequestsTo": {"HostName": "theirs.example.com"}}},
        ),
        Tampering("deleted", ("indexDocument",), sample=2, deletes=True),
    ),
)
