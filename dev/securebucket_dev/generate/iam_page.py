"""The reference of the IAM policies, made from what `securebucket iam-policy` writes and why each action is there."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from securebucket.cli.iam_policy import ACCOUNT, CREATING, FINDING, OTHER_SIDS, ROLES, Purpose, policy_document
from securebucket.compliance.account import ACCOUNT_DOCUMENTS
from securebucket.controls import CONTROLS
from securebucket.model.kms_keys import RIGHTS as KEYS
from securebucket_dev.generate.markdown import NOTICE, code, table

BUCKETS = "acme-*"
"""With the names narrowed down, the page shows what is needed on other buckets too."""
PREFIX = "SecureBucket"
LONGEST_MANAGED = 6144
LONGEST_INLINE = 10240
"""Characters without white space (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""

INTRODUCTION = f"""\
`securebucket iam-policy` prints the policy for the role that the operator has, or that a BucketProfile assumes: what
the code calls, and nothing else. No object is ever read or written, so there is no `s3:GetObject` in it. The options
are in the [command line](cli.md#securebucket-iam-policy). `deploy/iam` has two of them as files, and a CloudFormation
template of a role with the first for [other accounts](../how-to/cross-account.md).

This page shows it with `--bucket '{BUCKETS}'`. Without that option every `{BUCKETS}` is `*`, and what is needed on
other buckets is not said twice.

"""
MEANINGS: Mapping[str, str] = {
    "Observe": "Finds the bucket and reads its documents. Every control is read, whatever is managed.",
    "LookAtAccount": "What checks of a bucket ask about its account. Nothing fails without it: they are unknown then.",
    "CheckAccount": "Reads what is asked of the [account](account.md). `--no-account-checks` leaves it out; then run"
    " the operator without account checks, too.",
    "List": "Lists the buckets of the account, for `securebucket scan`.",
    "Create": "Makes a bucket that is not there.",
    "Correct": "Corrects what differs. `--control` names those controls that may; the others are only read.",
    "Delete": "Only with `--delete`, for `deletionPolicy: Delete`: the operator then removes a bucket that is empty.",
    "LookAtTargets": "Looks at buckets that a spec names, outside of the names above, before they are used.",
    "LookAtKeys": "Looks at KMS keys that a spec or a bucket names, and never uses one. The key's own policy must"
    " let it: as KMS makes keys by default, the policies of the account's roles count there.",
    "LookAtRoles": "Looks at the role that a bucket's replication names: S3 takes any, and then copies nothing.",
    "PassRoles": "Gives S3 the role that a spec names for replication or for a metadata table of annotations, and gives"
    " it to no other service. Narrow the resource down to the roles that you have for that.",
    "MakeMetadataTables": "Lets S3 make the tables of `spec.metadata` in the table bucket that AWS manages.",
}
"""What each statement is for, by the end of its Sid, in the order of the page."""


def iam_page() -> str:
    """Write the page: which statement is in which policy, and one chapter a statement with a row an action."""
    policies = {purpose: _statements(purpose) for purpose in Purpose}
    found = {sid: statement for each in policies.values() for sid, statement in each.items()}
    presence = [
        (f"[`{PREFIX}{sid}`](#{(PREFIX + sid).lower()})", *(_presence(sid, policies[each]) for each in Purpose))
        for sid in MEANINGS
    ]
    chapters = "\n".join(_chapter(sid, found[sid]) for sid in MEANINGS)
    return (
        f"# IAM policies\n\n{NOTICE}{INTRODUCTION}## Which statement is in which policy\n\n"
        + table(("Statement", *(code(f"--purpose {each}") for each in Purpose)), presence)
        + f"\n{_sizes()}\n{chapters}"
    )


def _presence(sid: str, policy: Mapping[str, Any]) -> str:
    if sid not in policy:
        return ""
    return "with `--delete`" if sid == "Delete" else "yes"


def _statements(purpose: Purpose) -> dict[str, dict[str, Any]]:
    document = policy_document(purpose=purpose, bucket=BUCKETS, delete=True)
    return {each["Sid"].removeprefix(PREFIX): each for each in document["Statement"]}


def _sizes() -> str:
    lengths = ", ".join(
        f"{len(json.dumps(policy_document(purpose=each), separators=(',', ':'))):,} for `{each}`" for each in Purpose
    )
    return (
        f"Characters without white space: {lengths}. IAM takes {LONGEST_MANAGED:,} of them in a managed policy, and"
        f" {LONGEST_INLINE:,} in the inline policies of a role together.\n"
    )


def _chapter(sid: str, statement: Mapping[str, Any]) -> str:
    rows = [(code(action), _reason(sid, action)) for action in statement["Action"]]
    condition = f" Condition: {code(json.dumps(statement['Condition']))}." if "Condition" in statement else ""
    return f"## {PREFIX}{sid}\n\n{MEANINGS[sid]}\n\nResource: {code(statement['Resource'])}.{condition}\n\n" + table(
        ("Action", "Needed for"), rows
    )


def _reason(sid: str, action: str) -> str:
    """Say what needs an action within a statement.

    Raises:
        ValueError: nothing does; the action must not be in the policy then.
    """
    reasons = list(_reasons(sid, action))
    if not reasons:
        raise ValueError(f"nothing needs {action} in {PREFIX}{sid}; take it out of the policy, or say here what does")
    return "; ".join(dict.fromkeys(reasons))


def _reasons(sid: str, action: str) -> Iterable[str]:
    if sid == "Observe":
        yield from ("HeadBucket: is the bucket there, whose is it, and where" for each in FINDING if each == action)
        yield from (f"`{each.name}`" for each in CONTROLS if action in each.permissions.read)
    elif sid == "Correct":
        yield from (f"`{each.name}`" for each in CONTROLS if action in each.permissions.write)
    elif sid == "Create":
        yield CREATING[action]
    elif sid == "Delete":
        yield "`deletionPolicy: Delete`"
    elif sid == "List":
        yield "which buckets there are"
    elif sid == "LookAtAccount":
        yield ACCOUNT[action]
    elif sid == "LookAtKeys":
        yield KEYS[action]
        yield from _of_controls(action)
    elif sid == "LookAtRoles":
        yield ROLES[action]
    elif sid == "CheckAccount":
        yield from (f"`{each.name}`: {each.title}" for each in ACCOUNT_DOCUMENTS if action in each.actions)
    elif OTHER_SIDS[action.partition(":")[0]] == sid:
        yield from _of_controls(action)


def _of_controls(action: str) -> Iterable[str]:
    return (
        f"`{control.name}`: {why}"
        for control in CONTROLS
        for other, _, why in control.permissions.other
        if other == action
    )
