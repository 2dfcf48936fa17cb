"""Objects that the API refuses for one of their documents."""

from tests.api.bodies import ACCOUNT, EXPIRE, Body, Refusal, wrong, wrong_copy, wrong_rule

POLICIES = (
    wrong(
        "a TLS version as a number", {"policy": {"minTlsVersion": 1.2}}, "policy.minTlsVersion", "1.2 is not", "string"
    ),
    wrong("a KMS alias", {"policy": {"requireKmsKey": "alias/a"}}, "policy.requireKmsKey", "not the ARN of a KMS key"),
    wrong("an endpoint", {"policy": {"allowedVpcEndpoints": ["vpc-1"]}}, "policy.allowedVpcEndpoints[0]", "e.g. vpce-"),
    wrong("a VPC", {"policy": {"allowedVpcs": ["vpce-1"]}}, "policy.allowedVpcs[0]", "not the id of a VPC;"),
    wrong(
        "an organization", {"policy": {"allowedOrganizations": ["o-1"]}}, "policy.allowedOrganizations[0]", "o-exampl"
    ),
    wrong("an account", {"policy": {"allowedAccounts": ["1"]}}, "policy.allowedAccounts[0]", "has twelve digits"),
    wrong(
        "an account without quotes",
        {"policy": {"allowedAccounts": [111122223333]}},
        "policy.allowedAccounts[0]",
        "must be text; put it in quotes",
        "must be of type string",
    ),
    wrong(
        "an address for a range", {"policy": {"allowedCidrs": ["203.0.113.1"]}}, "policy.allowedCidrs[0]", "not an addr"
    ),
    wrong(
        "an exemption by name", {"policy": {"exemptPrincipals": ["admin"]}}, "policy.exemptPrincipals[0]", "not an ARN"
    ),
    wrong(
        "a grant to nobody",
        {"policy": {"allow": [{"principals": [], "actions": ["s3:GetObject"]}]}},
        "policy.allow[0].principals",
        "has too few entries; give 1 or more",
        "should have at least 1 items",
    ),
    wrong(
        "a grant without actions",
        {"policy": {"allow": [{"principals": ["*"]}]}},
        "policy.allow[0].actions",
        "is required; add it",
        "Required value",
    ),
)

LIFECYCLES = (
    wrong_rule("a rule with an empty list", {"transitions": []}, "", "needs at least one action"),
    wrong_rule(
        "days in quotes",
        {"expiration": {"days": "7"}},
        ".expiration.days",
        "a whole number, without quotes",
        "of type integer",
    ),
    wrong_rule("the operator's own name", {**EXPIRE, "id": "SecureBucketX"}, ".id", "the operator's own"),
)

REPLICATIONS = (
    wrong("a role by name", {"replication": {"role": "copier"}}, "replication.role", "not the ARN of an IAM role"),
    wrong_copy(
        "delete markers but by tag",
        {"deleteMarkerReplication": "Enabled", "filter": {"not": {"tags": [{"key": "a", "value": "b"}]}}},
        ".deleteMarkerReplication",
        "cannot be replicated by a rule with a filter on tags",
    ),
    wrong_copy("all but nothing", {"filter": {"not": {}}}, ".filter.not", "name at least one prefix or tag"),
    wrong_copy(
        "all but a prefix, twice",
        {"filter": {"not": {"prefixes": ["a/", "a/"]}}},
        ".filter.not.prefixes",
        "are the same",
        "Duplicate value",
    ),
)


def wrong_target(name: str, field: str, arn: str, path: str, says: str) -> Refusal:
    target = {"id": "one", "arn": arn, "events": ["s3:ObjectCreated:*"]}
    return wrong(name, {"notifications": {field: [target]}}, f"notifications.{field}{path}", says)


NOTIFICATIONS = (
    wrong_target("a topic among the queues", "queues", f"arn:aws:sns:eu-west-1:{ACCOUNT}:t", "", "queues takes ARNs"),
    wrong(
        "an event of nobody",
        {"notifications": {"queues": [{"id": "a", "arn": f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q", "events": ["Put!"]}]}},
        "notifications.queues[0].events[0]",
        "not an event of S3",
    ),
)


def wrong_cors(name: str, rule: Body, path: str, says: str, server: str = "") -> Refusal:
    whole = {"allowedOrigins": ["*"], "allowedMethods": ["GET"], **rule}
    return wrong(name, {"cors": {"rules": [whole]}}, f"cors.rules[0].{path}", says, server)


CROSS_ORIGIN = (
    wrong_cors("a method twice", {"allowedMethods": ["GET"] * 2}, "allowedMethods", "are the same", "Duplicate value"),
    wrong_cors(
        "a negative age", {"maxAgeSeconds": -1}, "maxAgeSeconds", "write 0 or more", "greater than or equal to 0"
    ),
    wrong_cors("an id that is too long", {"id": "a" * 256}, "id", "write 255", "Too long"),
)


def wrong_journal(name: str, block: Body, path: str, says: str, server: str = "") -> Refusal:
    return wrong(name, {"metadata": {"journalTable": block}}, f"metadata.journalTable.{path}", says, server)


TABLES_AND_TAGS = (
    wrong("a status of ABAC in capitals", {"abac": {"status": "ENABLED"}}, "abac.status", "Enabled", "supported"),
    wrong_journal(
        "days without an expiry",
        {"recordExpiration": {"expiration": "DISABLED", "days": 7}},
        "recordExpiration.days",
        "leave it out with DISABLED",
    ),
    wrong_journal(
        "a table algorithm without its key",
        {"encryption": {"sseAlgorithm": "aws:kms"}},
        "encryption.kmsKeyArn",
        "aws:kms needs kmsKeyArn",
    ),
)
