"""Objects that the API refuses for one of their documents."""

from tests.api.bodies import ACCOUNT, COPY, EXPIRE, KEY, ROLE, STATEMENT, Body, Refusal, wrong, wrong_copy, wrong_rule

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
        "a grant to a name",
        {"policy": {"allow": [{"principals": ["admin"], "actions": ["s3:GetObject"]}]}},
        "policy.allow[0].principals[0]",
        "not a principal; write an account id",
        "should match",
    ),
    wrong(
        "a grant without actions",
        {"policy": {"allow": [{"principals": ["*"]}]}},
        "policy.allow[0].actions",
        "is required; add it",
        "Required value",
    ),
    wrong(
        "a grant of another service's action",
        {"policy": {"allow": [{"principals": ["*"], "actions": ["ec2:RunInstances"]}]}},
        "policy.allow[0].actions[0]",
        "not an action of S3",
    ),
    wrong(
        "a grant's name with a dash",
        {"policy": {"allow": [{"sid": "a-b", "principals": ["*"], "actions": ["s3:GetObject"]}]}},
        "policy.allow[0].sid",
        "letters and digits only",
    ),
    wrong(
        "a condition without values",
        {"policy": {"allow": [{"principals": ["*"], "actions": ["s3:*"], "conditions": {"Bool": {"a": []}}}]}},
        "policy.allow[0].conditions.Bool.a",
        "has too few entries",
        "should have at least 1 items",
    ),
    wrong(
        "two statements with one name",
        {"policy": {"statements": [STATEMENT, STATEMENT]}},
        "policy.statements",
        "entries have the same Sid, One",
        "Duplicate value",
    ),
    wrong(
        "a statement with two principals",
        {"policy": {"statements": [STATEMENT | {"NotPrincipal": "*"}]}},
        "policy.statements[0]",
        "exactly one of Principal and NotPrincipal",
        "must validate one and only one schema (oneOf)",
    ),
    wrong(
        "a statement without a resource",
        {"policy": {"statements": [{key: STATEMENT[key] for key in ("Sid", "Effect", "Principal", "Action")}]}},
        "policy.statements[0]",
        "exactly one of Resource and NotResource",
        "must validate one and only one schema (oneOf)",
    ),
    wrong(
        "a statement with two actions",
        {"policy": {"statements": [STATEMENT | {"NotAction": "s3:*"}]}},
        "policy.statements[0]",
        "exactly one of Action and NotAction",
        "must validate one and only one schema (oneOf)",
    ),
)

LIFECYCLES = (
    wrong_rule("a rule that does nothing", {}, "", "needs at least one action"),
    wrong_rule("a rule with an empty list", {"transitions": []}, "", "needs at least one action"),
    wrong_rule(
        "days and a date", {"expiration": {"days": 1, "date": "2030-01-01"}}, ".expiration", "exactly one of days"
    ),
    wrong_rule(
        "a move at no time", {"transitions": [{"storageClass": "GLACIER"}]}, ".transitions[0]", "exactly one of"
    ),
    wrong_rule(
        "a date with a time",
        {"expiration": {"date": "2030-01-01T00:00:00Z"}},
        ".expiration.date",
        "must be a date",
        "date",
    ),
    wrong_rule(
        "days in quotes",
        {"expiration": {"days": "7"}},
        ".expiration.days",
        "a whole number, without quotes",
        "of type integer",
    ),
    wrong_rule(
        "no days", {"expiration": {"days": 0}}, ".expiration.days", "0 is too small; write 1 or more", "greater than"
    ),
    wrong_rule(
        "a move that is too early",
        {"transitions": [{"days": 29, "storageClass": "ONEZONE_IA"}]},
        ".transitions[0].days",
        "after 30 days at the earliest",
    ),
    wrong_rule(
        "expiry before the move",
        {"expiration": {"days": 60}, "transitions": [{"days": 60, "storageClass": "GLACIER"}]},
        ".expiration.days",
        "objects must move before they expire",
    ),
    wrong_rule(
        "uploads by tag",
        {"abortIncompleteMultipartUpload": {"daysAfterInitiation": 1}, "filter": {"tags": {"a": "b"}}},
        ".abortIncompleteMultipartUpload",
        "abortIncompleteMultipartUpload cannot be combined with a filter on tags",
    ),
    wrong_rule(
        "delete markers by tag",
        {"expiration": {"expiredObjectDeleteMarker": True}, "filter": {"tags": {"a": "b"}}},
        ".expiration.expiredObjectDeleteMarker",
        "expiredObjectDeleteMarker cannot be combined with a filter on tags",
    ),
    wrong_rule(
        "sizes the wrong way round",
        {**EXPIRE, "id": "one", "filter": {"objectSizeGreaterThan": 2, "objectSizeLessThan": 2}},
        ".filter.objectSizeGreaterThan",
        "must be smaller than objectSizeLessThan",
    ),
    wrong_rule("the operator's own name", {**EXPIRE, "id": "SecureBucketX"}, ".id", "the operator's own"),
    wrong(
        "two rules with one name",
        {"lifecycle": {"rules": [EXPIRE, EXPIRE]}},
        "lifecycle.rules",
        "entries have the same id, expire; keep one of each",
        "Duplicate value",
    ),
)

REPLICATIONS = (
    wrong("replication without a role", {"replication": {"rules": [COPY]}}, "replication.role", "rules need role"),
    wrong(
        "two copies with one priority",
        {"replication": {"role": ROLE, "rules": [COPY, {**COPY, "id": "again"}]}},
        "replication.rules",
        "no two rules with the same priority",
    ),
    wrong("a role by name", {"replication": {"role": "copier"}}, "replication.role", "not the ARN of an IAM role"),
    wrong_copy(
        "a copy by name", {"destination": {"bucket": "acme-copy"}}, ".destination.bucket", "not the ARN of a bucket"
    ),
    wrong_copy(
        "an owner without an account",
        {"destination": COPY["destination"] | {"ownerOverride": "Destination"}},
        ".destination.account",
        "ownerOverride needs account",
    ),
    wrong_copy(
        "time control without metrics",
        {"destination": COPY["destination"] | {"replicationTime": True, "metrics": False}},
        ".destination.metrics",
        "replicationTime comes with metrics",
    ),
    wrong_copy(
        "delete markers by tag",
        {"deleteMarkerReplication": "Enabled", "filter": {"tags": {"a": "b"}}},
        ".deleteMarkerReplication",
        "cannot be replicated by a rule with a filter on tags",
    ),
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
    wrong_copy(
        "KMS without a key",
        {"sseKmsEncryptedObjects": "Enabled"},
        ".sseKmsEncryptedObjects",
        "needs destination.replica",
    ),
)


def wrong_target(name: str, field: str, arn: str, path: str, says: str) -> Refusal:
    target = {"id": "one", "arn": arn, "events": ["s3:ObjectCreated:*"]}
    return wrong(name, {"notifications": {field: [target]}}, f"notifications.{field}{path}", says)


NOTIFICATIONS = (
    wrong_target("a queue among the topics", "topics", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q", "", "topics takes ARNs"),
    wrong_target("a topic among the queues", "queues", f"arn:aws:sns:eu-west-1:{ACCOUNT}:t", "", "queues takes ARNs"),
    wrong_target("a name for a function", "lambdaFunctions", "my-function", "", "lambdaFunctions takes ARNs"),
    wrong_target("a FIFO queue", "queues", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q.fifo", "[0].arn", "cannot notify FIFO"),
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
    wrong_cors("no origin", {"allowedOrigins": []}, "allowedOrigins", "give 1 or more", "should have at least 1 items"),
    wrong_cors("no method", {"allowedMethods": []}, "allowedMethods", "give 1 or more", "should have at least 1 items"),
    wrong_cors("a method of nobody", {"allowedMethods": ["OPTIONS"]}, "allowedMethods[0]", "GET, PUT", "supported"),
    wrong_cors("a method twice", {"allowedMethods": ["GET"] * 2}, "allowedMethods", "are the same", "Duplicate value"),
    wrong_cors(
        "two wildcards in an origin", {"allowedOrigins": ["https://*.*"]}, "allowedOrigins[0]", "one * at most", "match"
    ),
    wrong_cors("two wildcards in a header", {"allowedHeaders": ["*-*"]}, "allowedHeaders[0]", "one * at most", "match"),
    wrong_cors("a wildcard among headers shown", {"exposeHeaders": ["x-*"]}, "exposeHeaders[0]", "takes no *", "match"),
    wrong_cors(
        "a negative age", {"maxAgeSeconds": -1}, "maxAgeSeconds", "write 0 or more", "greater than or equal to 0"
    ),
    wrong_cors("an id that is too long", {"id": "a" * 256}, "id", "write 255", "Too long"),
    wrong(
        "two cors rules of one id",
        {"cors": {"rules": [{"id": "a", "allowedOrigins": ["*"], "allowedMethods": ["GET"]}] * 2}},
        "cors.rules",
        "two rules have the same id",
    ),
    wrong(
        "more cors rules than S3 takes",
        {"cors": {"rules": [{"allowedOrigins": ["*"], "allowedMethods": ["GET"]}] * 101}},
        "cors.rules",
        "100",
        "Too many",
    ),
)


def wrong_journal(name: str, block: Body, path: str, says: str, server: str = "") -> Refusal:
    return wrong(name, {"metadata": {"journalTable": block}}, f"metadata.journalTable.{path}", says, server)


TABLES_AND_TAGS = (
    wrong("a status of ABAC in capitals", {"abac": {"status": "ENABLED"}}, "abac.status", "Enabled", "supported"),
    wrong(
        "an inventory without a journal",
        {"metadata": {"inventoryTable": {"configurationState": "ENABLED"}}},
        "metadata.journalTable",
        "declare journalTable too",
    ),
    wrong_journal(
        "an expiry without days",
        {"recordExpiration": {"expiration": "ENABLED"}},
        "recordExpiration.days",
        "give it with expiration ENABLED",
    ),
    wrong_journal(
        "days without an expiry",
        {"recordExpiration": {"expiration": "DISABLED", "days": 7}},
        "recordExpiration.days",
        "leave it out with DISABLED",
    ),
    wrong_journal(
        "records that expire too soon",
        {"recordExpiration": {"expiration": "ENABLED", "days": 6}},
        "recordExpiration.days",
        "write 7 or more",
        "greater than or equal to 7",
    ),
    wrong_journal(
        "a table key without its algorithm",
        {"encryption": {"sseAlgorithm": "AES256", "kmsKeyArn": KEY}},
        "encryption.kmsKeyArn",
        "AES256 has none",
    ),
    wrong_journal(
        "a table algorithm without its key",
        {"encryption": {"sseAlgorithm": "aws:kms"}},
        "encryption.kmsKeyArn",
        "aws:kms needs kmsKeyArn",
    ),
)
