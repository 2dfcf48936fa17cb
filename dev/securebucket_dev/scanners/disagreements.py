"""Every disagreement between a scanner and us that was looked into, with its reason: docs show it, a test holds it."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from securebucket_dev.scanners.custodian import CUSTODIAN
from securebucket_dev.scanners.prowler import PROWLER


class Whose(StrEnum):
    """Where a disagreement comes from. There is no "ours": a defect of ours is fixed, not listed."""

    JUDGEMENT = "the scanner's judgement"
    QUESTION = "another question"
    SERVER = "the server"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What one scanner judges otherwise than we, for one reason.

    Args:
        scanner: who.
        checks: its checks.
        configurations: the names of the buckets, each of which every one of the checks judges otherwise.
        whose: where it comes from.
        reason: one sentence: what the scanner looks at or does not, and why our verdict stands.
    """

    scanner: str
    checks: tuple[str, ...]
    configurations: tuple[str, ...]
    whose: Whose
    reason: str

    @property
    def cases(self) -> list[tuple[str, str, str]]:
        """Every scanner, check and configuration that it is about."""
        return list(product((self.scanner,), self.checks, self.configurations))


WITHOUT_OWN_BLOCK = (
    "unblocked-account-blocks",
    "public-policy-account-blocks",
    "public-acl-account-blocks",
    "unblocked-account-ignores",
    "public-policy-account-ignores",
    "public-acl-account-ignores",
)
WILD_CONDITIONS = ("condition-any-vpc", "condition-any-organization", "condition-role-of-any")
PUBLIC_ACCESS = "s3_bucket_public_access"
PUBLIC_WRITE = "s3_bucket_policy_public_write_access"
CROSS_ACCOUNT = "s3_bucket_cross_account_access"
TLS = "s3_bucket_secure_transport_policy"

DISAGREEMENTS: tuple[Disagreement, ...] = (
    Disagreement(
        PROWLER,
        ("s3_bucket_level_public_access_block",),
        (
            "block-ignore-acls-restrict",
            "block-block-acls-ignore-acls-restrict",
            "block-ignore-acls-block-policy-restrict",
            "public-read-ineffective",
            "acl-public-ineffective",
        ),
        Whose.JUDGEMENT,
        "Prowler asks for two of the four settings, IgnorePublicAcls and RestrictPublicBuckets; Security Hub's S3.8 and"
        " CIS 2.1.4 ask for all four.",
    ),
    Disagreement(
        PROWLER,
        ("s3_bucket_level_public_access_block",),
        WITHOUT_OWN_BLOCK,
        Whose.QUESTION,
        "Prowler passes a bucket without a block of its own where the account has one; S3.8 asks for the bucket's own,"
        " which stays when the account's is lifted.",
    ),
    Disagreement(
        PROWLER,
        (PUBLIC_ACCESS, PUBLIC_WRITE),
        WILD_CONDITIONS,
        Whose.JUDGEMENT,
        "Prowler takes any value of a known condition key for a restriction; S3 calls a policy public whose values are"
        " wildcards that nobody owns.",
    ),
    Disagreement(
        PROWLER,
        (PUBLIC_ACCESS, PUBLIC_WRITE),
        ("condition-resource-account",),
        Whose.JUDGEMENT,
        "Prowler takes aws:ResourceAccount for a restriction; it names the bucket's owner, not who asks.",
    ),
    Disagreement(
        PROWLER,
        (PUBLIC_ACCESS, CROSS_ACCOUNT),
        ("public-not-principal",),
        Whose.JUDGEMENT,
        "Prowler does not read NotPrincipal; an Allow with it is for everybody but the ones it names.",
    ),
    Disagreement(
        PROWLER,
        (PUBLIC_ACCESS,),
        ("public-read-restricted", "public-write-restricted", "acl-public-ignored"),
        Whose.JUDGEMENT,
        "Prowler asks for two settings together; RestrictPublicBuckets alone stops a public policy, and"
        " IgnorePublicAcls alone a public ACL.",
    ),
    Disagreement(
        PROWLER,
        ("s3_bucket_public_list_acl", "s3_bucket_public_write_acl"),
        ("public-acl-account-blocks", "public-acl-account-ignores", "acl-public-ineffective"),
        Whose.QUESTION,
        "Prowler asks whether the public gets in, and a block stops it; our check asks about the ACL alone.",
    ),
    Disagreement(
        PROWLER,
        (PUBLIC_WRITE,),
        (
            "acl-public-read-write",
            "acl-all-write",
            "acl-all-write-acp",
            "acl-all-full-control",
            "acl-signed-in-write",
            "acl-signed-in-write-acp",
            "acl-signed-in-full-control",
            "acl-public-restricted",
            "acl-public-no-more",
        ),
        Whose.QUESTION,
        "Prowler asks about the policy alone; our check asks whether the public can write, by policy or by ACL.",
    ),
    Disagreement(
        PROWLER,
        (CROSS_ACCOUNT,),
        ("condition-any-vpc",),
        Whose.JUDGEMENT,
        "Prowler takes any aws:SourceVpc for a restriction; a wildcard that nobody owns restricts nobody.",
    ),
    Disagreement(
        PROWLER,
        (CROSS_ACCOUNT,),
        ("condition-resource-account",),
        Whose.JUDGEMENT,
        "Prowler takes aws:ResourceAccount for a restriction; it names the bucket's owner, not who asks.",
    ),
    Disagreement(
        PROWLER,
        (CROSS_ACCOUNT,),
        ("grant-other-with-own-number",),
        Whose.JUDGEMENT,
        "Prowler looks for the account's number anywhere in the principal; others may have it in a role's name.",
    ),
    Disagreement(
        PROWLER,
        (PUBLIC_WRITE,),
        ("public-put-lower-case", "public-put-acl", "public-put-policy", "public-not-action"),
        Whose.JUDGEMENT,
        "Prowler looks for five spellings of writing; names of actions have no case, NotAction allows what it does not"
        " name, and who may change ACLs or the policy may soon write.",
    ),
    Disagreement(
        PROWLER,
        (TLS,),
        ("tls-only-objects", "tls-only-bucket", "tls-only-prefix"),
        Whose.JUDGEMENT,
        "Prowler does not look at the resource; what the statement does not name stays open to plain HTTP.",
    ),
    Disagreement(
        PROWLER,
        (TLS,),
        ("tls-one-account", "tls-all-but-one"),
        Whose.JUDGEMENT,
        "Prowler does not look at the principal; whom the statement does not name may use plain HTTP.",
    ),
    Disagreement(
        PROWLER,
        (TLS,),
        ("tls-extra-condition", "tls-with-version"),
        Whose.JUDGEMENT,
        "Prowler does not look at further conditions; where one of them does not hold, plain HTTP is let in.",
    ),
    Disagreement(
        PROWLER,
        (TLS,),
        ("tls-only-uploads",),
        Whose.JUDGEMENT,
        "Prowler is content when uploads are refused; S3.5 asks for s3:*, and downloads carry the data too.",
    ),
    Disagreement(
        PROWLER,
        (TLS,),
        ("tls-boolean", "tls-value-list", "tls-lower-key", "tls-if-exists"),
        Whose.JUDGEMENT,
        "Prowler knows one spelling; IAM takes a JSON false, a list, a key in any case and BoolIfExists for the same.",
    ),
    Disagreement(
        PROWLER,
        ("s3_bucket_no_mfa_delete",),
        (
            "versioning-enabled-and-lifecycle",
            "lifecycle-expiry",
            "lifecycle-disabled",
            "lifecycle-one-of-two",
            "lifecycle-uploads",
            "lifecycle-uploads-disabled",
            "lifecycle-uploads-of-prefix",
            "lifecycle-versions",
            "lifecycle-versions-disabled",
            "copy-nearby",
        ),
        Whose.JUDGEMENT,
        "S3 takes no MFA delete where there are lifecycle rules; Security Hub's S3.20 gives no finding there either.",
    ),
    Disagreement(
        PROWLER,
        ("s3_bucket_kms_encryption", "s3_bucket_default_encryption"),
        ("encryption-deleted",),
        Whose.SERVER,
        "LocalStack leaves no rule behind where S3 goes back to SSE-S3; we do not judge an answer that S3 cannot give.",
    ),
    Disagreement(
        CUSTODIAN,
        ("not-encrypted", "not-encrypted-with-kms"),
        ("encryption-deleted",),
        Whose.SERVER,
        "LocalStack leaves no rule behind where S3 goes back to SSE-S3; we do not judge an answer that S3 cannot give.",
    ),
    Disagreement(
        CUSTODIAN,
        ("not-encrypted", "not-encrypted-with-kms"),
        ("encryption-dsse",),
        Whose.JUDGEMENT,
        "Custodian's filter knows AES256 and aws:kms; aws:kms:dsse encrypts twice, and satisfies S3.17.",
    ),
    Disagreement(
        CUSTODIAN,
        ("policy-lets-public-in", "policy-lets-others-in"),
        ("condition-any-network", "condition-half-the-networks", "condition-not-a-network"),
        Whose.JUDGEMENT,
        "Custodian takes any condition on aws:SourceIp for a restriction, NotIpAddress too; S3 calls ranges wider than"
        " /8 public, and a negated condition names nobody.",
    ),
    Disagreement(
        CUSTODIAN,
        ("policy-lets-public-in", "policy-lets-others-in"),
        ("condition-any-vpc",),
        Whose.JUDGEMENT,
        "Custodian takes any aws:SourceVpc for a restriction; S3 calls a policy public whose values are wildcards.",
    ),
    Disagreement(
        CUSTODIAN,
        ("policy-lets-public-in",),
        ("condition-organization", "condition-other-account"),
        Whose.QUESTION,
        "Custodian asks whether somebody outside a given list gets in; an organization is not the public.",
    ),
    Disagreement(
        CUSTODIAN,
        ("policy-lets-others-in",),
        ("condition-organization", "grant-other-of-organization", "grant-other-policy-of-organization"),
        Whose.QUESTION,
        "Custodian wants a list of trusted organizations; for us a condition that names one organization restricts.",
    ),
    Disagreement(
        CUSTODIAN,
        ("policy-lets-others-administer",),
        ("public-not-action", "grant-other-not-action"),
        Whose.JUDGEMENT,
        "Custodian's filter fails on NotAction, so policies with it are kept from it.",
    ),
    Disagreement(
        CUSTODIAN,
        ("policy-lets-others-administer",),
        ("grant-other-policy-lower-case",),
        Whose.JUDGEMENT,
        "Custodian compares action names case by case; IAM does not.",
    ),
    Disagreement(
        CUSTODIAN,
        ("policy-lets-plain-http-in",),
        ("tls-only-objects", "tls-only-bucket", "tls-only-prefix"),
        Whose.JUDGEMENT,
        "The statement to look for names no resource, since Custodian compares texts and a resource can be written in"
        " many ways; what the statement does not name stays open to plain HTTP.",
    ),
    Disagreement(
        CUSTODIAN,
        ("policy-lets-plain-http-in",),
        ("tls-aws-star", "tls-any-action", "tls-action-list", "tls-boolean", "tls-if-exists", "tls-services-exempt"),
        Whose.JUDGEMENT,
        'Custodian compares texts; {"AWS": "*"}, the action "*", a JSON false, BoolIfExists and the exemption of AWS'
        " services refuse plain HTTP too.",
    ),
    Disagreement(
        CUSTODIAN,
        ("no-notification",),
        ("notifications-event-bridge",),
        Whose.JUDGEMENT,
        "Custodian's filter knows queues, topics and functions; EventBridge gets every event too.",
    ),
)
