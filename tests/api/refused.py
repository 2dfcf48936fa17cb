"""Objects that the API refuses, but for the long documents."""

from tests.api.bodies import (
    ACCEPTANCE,
    COPY,
    EXPIRE,
    KEY,
    LOGS,
    ROLE,
    TEAM,
    Refusal,
    bucket_exception,
    bucket_profile,
    secure_bucket,
    wrong,
    wrong_exception,
    wrong_profile,
    wrong_selector,
)

NAMES = (
    wrong("a namespace of nobody", {"bucketNamespace": "account-regional"}, "bucketNamespace", "Global", "supported"),
    Refusal("no bucketName and a short name", secure_bucket({}, name="ab"), "metadata.name", "set spec.bucketName"),
    Refusal("no spec and a long name", secure_bucket(None, name="a" * 64), "metadata.name", "set spec.bucketName"),
    wrong("a region that is none", {"region": "Ireland"}, "region", "write e.g. eu-west-1"),
)

SELF = (
    wrong(
        "role unknown", {"role": "Logs"}, "role", "choose one of: Data, LogTarget, ReplicaTarget", "supported values"
    ),
    wrong("mode unknown", {"mode": "enforce"}, "mode", "choose one of: Enforce, Plan, Observe", "supported values"),
    wrong("adoption unknown", {"adoption": True}, "adoption", "is not valid", "must be of type string"),
    wrong("interval too short", {"interval": "59s"}, "interval", "1m at least"),
    wrong("interval in days", {"interval": "1d"}, "interval", "not an interval"),
    wrong("interval with a space", {"interval": "1h 30m"}, "interval", "not an interval"),
    wrong("interval as a number", {"interval": 60}, "interval", "must be text", "must be of type string"),
    wrong("unmanaged unknown", {"unmanaged": ["tag"]}, "unmanaged[0]", "'tag' is not valid", "supported values"),
    wrong("unmanaged twice", {"unmanaged": ["tags", "tags"]}, "unmanaged", "are the same, tags", "Duplicate value"),
    wrong("a field misspelt", {"encyption": {}}, "encyption", "did you mean encryption?", "unknown field"),
    wrong(
        "a field misspelt deep below",
        {"lifecycle": {"rules": [{**EXPIRE, "filters": {}}]}},
        "lifecycle.rules[0].filters",
        "did you mean filter?",
        "unknown field",
    ),
    wrong("a list for a mapping", {"encryption": []}, "encryption", "must be a mapping", "must be of type object"),
    wrong("a mapping for a list", {"unmanaged": {}}, "unmanaged", "must be a list", "must be of type array"),
)

CONTROLS = (
    wrong(
        "a yes for a true",
        {"publicAccessBlock": {"blockPublicAcls": "yes"}},
        "publicAccessBlock.blockPublicAcls",
        "must be true or false, without quotes",
        "must be of type boolean",
    ),
    wrong(
        "a KMS key without KMS",
        {"encryption": {"kmsMasterKeyId": KEY}},
        "encryption.kmsMasterKeyId",
        "kmsMasterKeyId goes with sseAlgorithm aws:kms",
    ),
    wrong(
        "retention without Object Lock",
        {"objectLock": {"defaultRetention": {"mode": "GOVERNANCE", "days": 1}}},
        "objectLock.defaultRetention",
        "defaultRetention needs enabled: true",
    ),
    wrong(
        "a log target with KMS",
        {"role": "LogTarget", "encryption": {"sseAlgorithm": "aws:kms"}},
        "encryption.sseAlgorithm",
        "LogTarget takes AES256 only",
    ),
    wrong(
        "a log target with Object Lock",
        {"role": "LogTarget", "objectLock": {"enabled": True}},
        "objectLock.enabled",
        "LogTarget cannot have Object Lock",
    ),
    wrong(
        "a log target that logs",
        {"role": "LogTarget", "logging": LOGS},
        "logging.targetBucket",
        "LogTarget cannot log itself or elsewhere",
    ),
    wrong(
        "a replica target that replicates",
        {"role": "ReplicaTarget", "replication": {"role": ROLE, "rules": [COPY]}},
        "replication.rules",
        "ReplicaTarget has no replication of its own",
    ),
    wrong("logging without a target", {"logging": {"enabled": True}}, "logging.targetBucket", "needs targetBucket"),
    wrong(
        "a log target that logs to an object",
        {"role": "LogTarget", "logging": {"targetBucketRef": {"name": "logs"}}},
        "logging.targetBucket",
        "LogTarget cannot log itself or elsewhere",
    ),
    wrong(
        "logging off to an object",
        {"logging": {"enabled": False, "targetBucketRef": {"name": "logs"}}},
        "logging.targetBucketRef",
        "leave targetBucketRef out",
    ),
    wrong(
        "a target named twice",
        {"logging": {**LOGS, "targetBucketRef": {"name": "logs"}}},
        "logging.targetBucketRef",
        "the target is named twice",
    ),
    wrong(
        "logging off with a target",
        {"logging": {"enabled": False, **LOGS}},
        "logging.targetBucket",
        "enabled: false turns logging off",
    ),
    wrong(
        "logging to itself, by the object's name",
        {"logging": {"targetBucket": "invoices"}},
        "logging.targetBucket",
        "a bucket cannot log to itself",
    ),
    wrong(
        "logging to itself, by bucketName",
        {"bucketName": "acme-x", "logging": {"targetBucket": "acme-x"}},
        "logging.targetBucket",
        "a bucket cannot log to itself",
    ),
    wrong(
        "a canonical user without an id",
        {"logging": LOGS | {"targetGrants": [{"grantee": {"type": "CanonicalUser"}, "permission": "READ"}]}},
        "logging.targetGrants[0].grantee.id",
        "type CanonicalUser goes with id",
    ),
    wrong(
        "a group without a URI",
        {"logging": LOGS | {"targetGrants": [{"grantee": {"type": "Group"}, "permission": "READ"}]}},
        "logging.targetGrants[0].grantee.uri",
        "type Group goes with uri",
    ),
    wrong("the operator's own tag", {"tags": {"tagSet": {"securebucket.io/owner": "a"}}}, "tags.tagSet", "reserved"),
)

PROFILES = (
    Refusal("a profile for nobody", bucket_profile({}), "spec.namespaces", "is required", "Required value"),
    wrong_profile("a namespace in capitals", {"namespaces": ["Team"]}, "namespaces[0]", "* stands for any part"),
    wrong_profile("an account id that is short", {"accountId": "1"}, "accountId", "has twelve digits"),
    wrong_profile("a role by name", {"assumeRole": {"arn": "admin"}}, "assumeRole.arn", "not the ARN of an IAM role"),
    wrong_profile(
        "a role of another account",
        {"accountId": "444455556666", "assumeRole": {"arn": ROLE}},
        "assumeRole.arn",
        "a role of another account than accountId",
    ),
    wrong_profile(
        "an external id with a space",
        {"assumeRole": {"arn": ROLE, "externalId": "a b"}},
        "assumeRole.externalId",
        "an external id has letters",
    ),
    wrong_profile("an endpoint without a scheme", {"endpoint": {"url": "s3.acme"}}, "endpoint.url", "not a URL"),
    wrong_profile("an interval too short", {"interval": "30s"}, "interval", "1m at least"),
    wrong_profile("a risk unknown", {"permit": ["all"]}, "permit[0]", "'all' is not valid", "supported values"),
    wrong_profile(
        "defaults that contradict each other",
        {"defaults": {"objectLock": {"enabled": True}, "versioning": {"status": "Suspended"}}},
        "defaults.versioning.status",
        "Object Lock needs versioning",
    ),
    wrong_profile(
        "defaults that name a bucket",
        {"defaults": {"bucketName": "acme"}},
        "defaults.bucketName",
        "there is no such field",
        "unknown field",
    ),
)

A_TIME = "must be a time with a zone such as 2030-01-31T00:00:00Z"

EXCEPTIONS = (
    wrong_exception("an unknown check", {"check": "tls"}, "check", "'tls' is not valid", "Unsupported value"),
    Refusal(
        "an exception without an end",
        bucket_exception({key: value for key, value in ACCEPTANCE.items() if key != "expiresAt"}),
        "spec.expiresAt",
        "is required",
        "Required value",
    ),
    wrong_exception("a day for an end", {"expiresAt": "2030-03-31"}, "expiresAt", A_TIME, "must be of type date-time"),
    wrong_exception(
        "an end without a zone", {"expiresAt": "2030-03-31T00:00:00"}, "expiresAt", A_TIME, "must be of type date-time"
    ),
    wrong_exception(
        "an end as a number", {"expiresAt": 7}, "expiresAt", A_TIME, "spec.expiresAt in body must be of type"
    ),
    wrong_exception("no reason", {"reason": ""}, "reason", "say in 10 characters or more"),
    wrong_exception("a short reason among spaces", {"reason": "   why not     "}, "reason", "say in 10 characters"),
    wrong_exception("nobody who approves", {"approver": " "}, "approver", "say who accepts it"),
    wrong_exception("a bucket and a selector", {"selector": TEAM}, "", "give exactly one of bucketName and selector"),
    Refusal(
        "neither bucket nor selector",
        bucket_exception({key: value for key, value in ACCEPTANCE.items() if key != "bucketName"}),
        "spec",
        "give exactly one of bucketName and selector",
    ),
    wrong_exception("no name of a bucket", {"bucketName": "Acme"}, "bucketName", "3 to 63 lowercase letters"),
    wrong_selector("an empty selector", {}, "", "an empty selector would mean every bucket"),
    wrong_selector(
        "a selector of empty lists", {"matchExpressions": []}, "", "an empty selector would mean every bucket"
    ),
    wrong_selector(
        "In without values",
        {"matchExpressions": [{"key": "team", "operator": "In"}]},
        ".matchExpressions[0].values",
        "In and NotIn need values",
    ),
    wrong_selector(
        "Exists with values",
        {"matchExpressions": [{"key": "team", "operator": "Exists", "values": ["a"]}]},
        ".matchExpressions[0].values",
        "Exists and DoesNotExist have none",
    ),
    wrong_selector(
        "an unknown operator",
        {"matchExpressions": [{"key": "team", "operator": "Equals", "values": ["a"]}]},
        ".matchExpressions[0].operator",
        "choose one of: In, NotIn, Exists, DoesNotExist",
        "Unsupported value",
    ),
)
