"""Objects that the API refuses for how the bucket's data goes out: its website, who pays, and by which endpoint."""

from tests.api.bodies import Body, Refusal, wrong

INDEX: Body = {"indexDocument": {"suffix": "index.html"}}


def wrong_website(name: str, block: Body, path: str, says: str, server: str = "") -> Refusal:
    return wrong(name, {"website": block}, f"website.{path}", says, server)


def wrong_routing(name: str, rule: Body, path: str, says: str, server: str = "") -> Refusal:
    return wrong_website(name, {**INDEX, "routingRules": [rule]}, f"routingRules[0]{path}", says, server)


WEBSITES = (
    wrong_website(
        "routes only",
        {"routingRules": [{"redirect": {"hostName": "a"}}]},
        "indexDocument",
        "a website needs indexDocument",
    ),
    wrong_website(
        "all elsewhere by nothing",
        {"redirectAllRequestsTo": {}},
        "redirectAllRequestsTo.hostName",
        "is required",
        "Required",
    ),
)

TRANSFERS = (
    wrong(
        "a log target where requesters pay",
        {"role": "LogTarget", "requestPayment": {"payer": "Requester"}},
        "requestPayment.payer",
        "cannot have Requester Pays",
    ),
)
