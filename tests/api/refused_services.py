"""Objects that the API refuses for what their policy asks of networks, factors and AWS services."""

from tests.api.bodies import ACCOUNT, Body, Refusal, wrong


def wrong_service(name: str, service: str, grant: Body, path: str, says: str, server: str = "") -> Refusal:
    return wrong(
        name,
        {"policy": {"allowServices": [{service: grant}]}},
        f"policy.allowServices[0].{service}.{path}",
        says,
        server,
    )


NETWORK = {"allowedVpcSourceCidrs": ["10.0.0.0/8"]}
SERVICES = (
    wrong(
        "addresses of anybody's VPC", {"policy": NETWORK}, "policy.allowedVpcSourceCidrs", "name yours in allowedVpcs"
    ),
    wrong(
        "addresses of anybody's VPC beside public ones",
        {"policy": NETWORK | {"allowedCidrs": ["203.0.113.0/24"], "allowedVpcs": [], "allowedVpcEndpoints": []}},
        "policy.allowedVpcSourceCidrs",
        "name yours in allowedVpcs",
    ),
    wrong(
        "a private address for a range",
        {"policy": {"allowedVpcs": ["vpc-0a"], "allowedVpcSourceCidrs": ["10.0.0.1"]}},
        "policy.allowedVpcSourceCidrs[0]",
        "not an address range",
    ),
    wrong(
        "a header of nobody",
        {"policy": {"requireConditionalWrites": "Always"}},
        "policy.requireConditionalWrites",
        "IfNoneMatch",
        "supported",
    ),
    wrong(
        "a second factor of any age",
        {"policy": {"requireRecentMfa": {}}},
        "policy.requireRecentMfa.maxAge",
        "is required",
        "Required value",
    ),
    wrong(
        "a second factor of seconds",
        {"policy": {"requireRecentMfa": {"maxAge": "3600"}}},
        "policy.requireRecentMfa.maxAge",
        "not an interval",
    ),
    wrong(
        "the bucket's organization by name",
        {"policy": {"requireResourceOrganization": "acme"}},
        "policy.requireResourceOrganization",
        "o-exampl",
    ),
    wrong(
        "a source by name",
        {"policy": {"allowedSourceOrganizations": ["acme"]}},
        "policy.allowedSourceOrganizations[0]",
        "o-exampl",
    ),
    wrong(
        "a source account by name",
        {"policy": {"allowedSourceAccounts": ["audit"]}},
        "policy.allowedSourceAccounts[0]",
        "twelve digits",
    ),
    wrong("no service", {"policy": {"allowServices": [{}]}}, "policy.allowServices[0]", "exactly one of", "oneOf"),
    wrong(
        "two services in one",
        {"policy": {"allowServices": [{"config": {}, "vpcFlowLogs": {}}]}},
        "policy.allowServices[0]",
        "exactly one of",
        "oneOf",
    ),
    wrong_service(
        "a trail by name", "cloudTrail", {"trails": ["audit"]}, "trails[0]", "not the ARN of a trail", "match"
    ),
    wrong_service(
        "all trails of an account",
        "cloudTrail",
        {"trails": [f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/*"]},
        "trails[0]",
        "not the ARN of a trail",
        "match",
    ),
    wrong_service("no trail", "cloudTrail", {"trails": []}, "trails", "give 1 or more", "should have at least 1 items"),
    wrong_service(
        "a trail's organization by name",
        "cloudTrail",
        {"trails": [f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/audit"], "organization": "acme"},
        "organization",
        "o-exampl",
        "match",
    ),
    wrong_service("a folder with its slash", "config", {"prefix": "config/"}, "prefix", "leave the slash", "match"),
    wrong_service(
        "load balancers of everybody", "elasticLoadBalancing", {"accounts": ["*"]}, "accounts[0]", "twelve digits"
    ),
    wrong_service("flow logs of a zone", "vpcFlowLogs", {"regions": ["eu-west-1a"]}, "regions[0]", "not a region"),
    wrong_service(
        "a distribution by id",
        "cloudFront",
        {"distributions": ["EDFDVBD6EXAMPLE"]},
        "distributions[0]",
        "not the ARN of a distribution",
        "match",
    ),
    wrong_service("all buckets", "inventory", {"sources": ["*"]}, "sources[0]", "not the name of a bucket", "match"),
    wrong_service(
        "a detector by id",
        "guardDuty",
        {"detectors": ["12abc34d567e8fa901bc2d34e56789f0"]},
        "detectors[0]",
        "not the ARN of a detector",
        "match",
    ),
)
