"""Objects that the API refuses for how the bucket's data goes out: its website, who pays, and by which endpoint."""

from tests.api.bodies import Body, Refusal, wrong

INDEX: Body = {"indexDocument": {"suffix": "index.html"}}


def wrong_website(name: str, block: Body, path: str, says: str, server: str = "") -> Refusal:
    return wrong(name, {"website": block}, f"website.{path}", says, server)


def wrong_routing(name: str, rule: Body, path: str, says: str, server: str = "") -> Refusal:
    return wrong_website(name, {**INDEX, "routingRules": [rule]}, f"routingRules[0]{path}", says, server)


WEBSITES = (
    wrong_website(
        "a slash in the suffix",
        {"indexDocument": {"suffix": "a/index.html"}},
        "indexDocument.suffix",
        "S3 takes no slash in the suffix",
    ),
    wrong_website(
        "an empty suffix", {"indexDocument": {"suffix": ""}}, "indexDocument.suffix", "too short", "at least 1 chars"
    ),
    wrong_website("errors only", {"errorDocument": {"key": "e"}}, "indexDocument", "a website needs indexDocument"),
    wrong_website(
        "routes only",
        {"routingRules": [{"redirect": {"hostName": "a"}}]},
        "indexDocument",
        "a website needs indexDocument",
    ),
    wrong_website(
        "all elsewhere, and an index",
        {**INDEX, "redirectAllRequestsTo": {"hostName": "a"}},
        "redirectAllRequestsTo",
        "leaves nothing to serve",
    ),
    wrong_website(
        "all elsewhere by nothing",
        {"redirectAllRequestsTo": {}},
        "redirectAllRequestsTo.hostName",
        "is required",
        "Required",
    ),
    wrong_website(
        "all elsewhere by FTP",
        {"redirectAllRequestsTo": {"hostName": "a", "protocol": "ftp"}},
        "redirectAllRequestsTo.protocol",
        "http",
        "supported",
    ),
    wrong_website(
        "more routing rules than S3 takes",
        {**INDEX, "routingRules": [{"redirect": {"hostName": "a"}}] * 51},
        "routingRules",
        "50",
        "Too many",
    ),
    wrong_routing("a route to nowhere", {"redirect": {}}, ".redirect", "a redirect changes something"),
    wrong_routing(
        "a route for nothing", {"condition": {}, "redirect": {"hostName": "a"}}, ".condition", "a condition needs"
    ),
    wrong_routing(
        "a route with two keys",
        {"redirect": {"replaceKeyWith": "a", "replaceKeyPrefixWith": "b"}},
        ".redirect.replaceKeyWith",
        "exclude each other",
    ),
    wrong_routing(
        "a route with the code of no redirect",
        {"redirect": {"httpRedirectCode": "300"}},
        ".redirect.httpRedirectCode",
        "301 to 399",
        "match",
    ),
    wrong_routing(
        "a route for the code of no error",
        {"condition": {"httpErrorCodeReturnedEquals": "200"}, "redirect": {"hostName": "a"}},
        ".condition.httpErrorCodeReturnedEquals",
        "400 to 599",
        "match",
    ),
)

TRANSFERS = (
    wrong(
        "a payer of nobody", {"requestPayment": {"payer": "Nobody"}}, "requestPayment.payer", "BucketOwner", "supported"
    ),
    wrong(
        "a log target where requesters pay",
        {"role": "LogTarget", "requestPayment": {"payer": "Requester"}},
        "requestPayment.payer",
        "cannot have Requester Pays",
    ),
    wrong("half an acceleration", {"acceleration": {"status": "On"}}, "acceleration.status", "Enabled", "supported"),
    wrong(
        "acceleration of a name with dots",
        {"bucketName": "logs.acme.example", "acceleration": {"status": "Enabled"}},
        "acceleration.status",
        "no bucket with a dot in its name",
    ),
)
