"""Why a policy must not be sent: what S3 would refuse without a hint, and what would do harm.

Each refusal names the statement, and what to change where.
"""

import ipaddress
from collections import Counter

from securebucket.api.statement_texts import untold_texts
from securebucket.model.control import Context
from securebucket.model.failure import Failure
from securebucket.model.public_access_block import PublicAccessBlock
from securebucket.policy.canonical import UNREADABLE, Statement, canonical_statement
from securebucket.policy.document import CURRENT_VERSION, PolicyState, digest, is_own, policy_text
from securebucket.policy.exposure import public_statements
from securebucket.policy.lockout import find_lockouts
from securebucket.policy.principals import dead_principals, operator_arns
from securebucket.policy.statement_faults import faults
from securebucket.policy.statements import own_statements

MAX_BYTES = 20 * 1024
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html"""

PRIVATE_RANGES = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))


def refuse_policy(context: Context, observed: PolicyState, desired: PolicyState) -> Failure | None:
    """Return the first reason not to send a policy; None when there is none.

    What the spec itself gets wrong comes first, so that its author is told before anything about the bucket.
    """
    return (
        refuse_untold_text(context)
        or refuse_unreadable(desired)
        or refuse_taken_sid(context)
        or refuse_malformed(context, observed, desired)
        or refuse_address_range(context)
        or refuse_version(desired)
        or refuse_dead_principal(desired)
        or refuse_size(desired)
        or refuse_public(context, desired)
        or refuse_lockout(context, observed, desired)
        or refuse_rewritten_principal(observed, desired)
    )


def refuse_untold_text(context: Context) -> Failure | None:
    """Refuse a number where a text belongs: what it would be put as is not what was written."""
    found = next(untold_texts(context.spec.policy, "spec", "policy"), None)
    return Failure("InvalidSpec", f"{found}.") if found else None


def refuse_unreadable(desired: PolicyState) -> Failure | None:
    """Refuse to put something back that is not a policy statement."""
    keys = [key for key, statement in desired.statements.items() if UNREADABLE in statement]
    if not keys:
        return None
    own = [key for key in keys if is_own(key)]
    remedy = (
        "correct it in spec.policy.statements"
        if own
        else "remove it from the bucket policy, or set spec.policy.foreign to Remove"
    )
    return Failure("PolicyUnreadable", f"{', '.join(own or keys)} is not a policy statement in IAM's form; {remedy}.")


def refuse_taken_sid(context: Context) -> Failure | None:
    """Refuse two different statements of ours with one Sid: S3 takes a Sid once only."""
    written = own_statements(context.bucket, context.spec, context.demands)
    sids = {digest(canonical_statement(each)): each["Sid"] for each in written}
    taken = [sid for sid, count in Counter(sids.values()).items() if count > 1]
    if not taken:
        return None
    return Failure(
        "PolicySidTaken",
        f"two statements would be named {', '.join(taken)}; give the one in spec.policy.allow or spec.policy.statements"
        " another sid.",
    )


def refuse_malformed(context: Context, observed: PolicyState, desired: PolicyState) -> Failure | None:
    """Refuse statements of ours that S3 answers `MalformedPolicy` to, which says of none what is wrong with it."""
    for key, statement in desired.statements.items():
        if not is_own(key) or observed.statements.get(key) == statement:
            continue
        wrong = next(faults(statement, context.bucket.arn), None)
        if wrong:
            return Failure("PolicyMalformed", f"statement {key}: {wrong} in spec.policy.")
    return None


def refuse_address_range(context: Context) -> Failure | None:
    """Refuse private address ranges: `aws:SourceIp` never holds one, so the limit would shut everybody out."""
    for cidr in context.spec.policy.allowed_cidrs:
        network = ipaddress.ip_network(cidr)
        if any(network.network_address in each and network.prefixlen >= each.prefixlen for each in PRIVATE_RANGES):
            return Failure(
                "PolicyAddressRangePrivate",
                f"spec.policy.allowedCidrs: {cidr} is private, and S3 sees public addresses only; name the VPC in"
                " spec.policy.allowedVpcs or its endpoint in spec.policy.allowedVpcEndpoints, and the range in"
                " spec.policy.allowedVpcSourceCidrs.",
            )
    return None


def refuse_version(desired: PolicyState) -> Failure | None:
    """Refuse statements of ours with policy variables in an old document whose own `${` is plain text."""
    if desired.version in {CURRENT_VERSION, ""} or not uses_variables(desired, own=True):
        return None
    return Failure(
        "PolicyVersionTooOld",
        f"the policy has Version {desired.version}, in which ${{…}} is plain text, and the statements of others in it"
        f" rely on that; set its Version to {CURRENT_VERSION} and check them.",
    )


def uses_variables(state: PolicyState, *, own: bool) -> bool:
    """Tell whether our statements, or those of others, contain `${`."""
    return any("${" in str(statement) for key, statement in state.statements.items() if is_own(key) is own)


def refuse_dead_principal(desired: PolicyState) -> Failure | None:
    """Refuse ids of deleted roles and users: S3 answers `MalformedPolicy` to the whole policy.

    Those in Allows and Denies of others are left out before (`without_dead`); what arrives here cannot be.
    """
    for key, statement in desired.statements.items():
        dead = dead_principals(statement)
        if dead and is_own(key):
            remedy = "write the ARN of a role or user that exists in spec.policy"
            return Failure("DeadPrincipal", f"statement {key} names the deleted principal {dead[0]}; {remedy}.")
        if dead:
            remedy = "without it the statement would mean everybody; remove the statement, or name somebody who exists"
            return Failure("DeadPrincipal", f"NotPrincipal of {key} names the deleted principal {dead[0]}; {remedy}.")
    return None


def refuse_size(desired: PolicyState) -> Failure | None:
    """Refuse more than S3 takes."""
    size = len(policy_text(desired).encode()) if desired.present else 0
    if size <= MAX_BYTES:
        return None
    return Failure(
        "PolicyTooLarge",
        f"the bucket policy would be {size} bytes, and S3 takes {MAX_BYTES}; join grants in spec.policy.allow, use"
        " wildcards or organizations instead of long lists, or remove statements of others.",
    )


def refuse_public(context: Context, desired: PolicyState) -> Failure | None:
    """Refuse a public policy under blockPublicPolicy: S3 answers `AccessDenied` as if rights were missing."""
    public = public_statements(desired.statements)
    if not public or not _blocks_public_policy(context):
        return None
    own = [key for key in public if is_own(key)]
    remedy = (
        "name principals or a condition in spec.policy, or set spec.publicAccessBlock.blockPublicPolicy to false"
        if own
        else "remove it or name principals in it, or set spec.policy.foreign to Remove"
    )
    return Failure(
        "PublicPolicyRefused",
        f"{', '.join(own or public)} lets the public in, and with blockPublicPolicy on S3 refuses any policy that does;"
        f" {remedy}.",
    )


def _blocks_public_policy(context: Context) -> bool:
    """Tell whether the bucket will block public policies; the account may do so besides, which only S3 tells."""
    if "publicAccessBlock" not in context.spec.unmanaged:
        return context.spec.public_access_block.block_public_policy
    observed = context.observed.get("publicAccessBlock")
    return isinstance(observed, PublicAccessBlock) and observed.block_public_policy


def refuse_lockout(context: Context, observed: PolicyState, desired: PolicyState) -> Failure | None:
    """Refuse a Deny that may shut the operator out.

    One that is in force already, word for word, is not a reason: putting it back changes nothing, and the rest of the
    policy must still be corrected.
    """
    new = {key: each for key, each in desired.statements.items() if observed.statements.get(key) != each}
    for found in find_lockouts(new, context.bucket, context.rights):
        more = f" and {len(found.actions) - 1} more actions" if len(found.actions) > 1 else ""
        where = "" if is_own(found.key) else ", or remove it"
        return Failure(
            "PolicyLockout",
            f"statement {found.key} may refuse the operator {found.actions[0]}{more}; exempt it with ArnNotLike"
            f" aws:PrincipalArn {' and '.join(operator_arns(context.bucket))}, or deny fewer actions{where}.",
        )
    return None


def refuse_rewritten_principal(observed: PolicyState, desired: PolicyState) -> Failure | None:
    """Refuse to put a canonical user id again that S3 shows under another name: it would differ for ever.

    S3 turns the id of an account into its ARN, and that of a CloudFront origin access identity into the identity's.
    Which id belongs to which ARN cannot be looked up, so a person has to say that it is the same.
    """
    different = [key for key, each in desired.statements.items() if observed.statements.get(key) != each]
    gone = observed.statements.keys() - desired.statements.keys()
    if gone or (observed.version, observed.id) != (desired.version, desired.id):
        return None
    shown = {key: _shown_instead(observed.statements.get(key, {}), desired.statements[key]) for key in different}
    if not shown or not all(shown.values()):
        return None
    key, arns = next(iter(shown.items()))
    return Failure(
        "PrincipalRewritten",
        f"S3 shows the canonical user of statement {key} as {', '.join(arns)}; if that is who is meant, write it in"
        " spec.policy instead of the id, else find out who changed the policy.",
    )


def _shown_instead(seen: Statement, wanted: Statement) -> list[str]:
    """List the AWS principals that stand where canonical users are wanted; none when anything else differs."""
    before, after = seen.get("Principal", {}), wanted.get("Principal", {})
    neither = {"AWS": None, "CanonicalUser": None}
    if {**seen, "Principal": {**before, **neither}} != {**wanted, "Principal": {**after, **neither}}:
        return []
    ids = set(after.get("CanonicalUser", ())) - set(before.get("CanonicalUser", ()))
    shown = set(before.get("AWS", ())) - set(after.get("AWS", ()))
    missing = set(after.get("AWS", ())) - set(before.get("AWS", ()))
    return sorted(shown) if not missing and len(shown) == len(ids) else []
