"""The bucket policy: our statements put right among those of others.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
"""

from collections.abc import Mapping
from typing import Any

from securebucket.api.base import Foreign
from securebucket.api.bucket_profile import Floor
from securebucket.api.spec import SecureBucketSpec
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control, FloorTerm
from securebucket.model.demand import Demand
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.risk import Risk
from securebucket.model.verdict import Check, Remedy, Severity, Subject, Verdict, failed, passed
from securebucket.policy.acl_grants import migrated_statements
from securebucket.policy.canonical import Statement, canonical_statement
from securebucket.policy.conditions import NEGATED, NEGATED_OTHERS
from securebucket.policy.deliveries import unmet
from securebucket.policy.denials import DELETES, DELETES_OF_0_1_0, MIN_TLS_VERSION, REQUIRE_TLS
from securebucket.policy.document import (
    ABSENT,
    CURRENT_VERSION,
    PolicyState,
    is_own,
    keyed,
    make_state,
    policy_text,
    read_policy,
)
from securebucket.policy.exposure import (
    admin_statements,
    foreign_statements,
    public_statements,
    refuses_plain_http,
    unconfined_services,
    unrestricted_statements,
)
from securebucket.policy.principals import without_dead
from securebucket.policy.refusals import refuse_policy, uses_variables
from securebucket.policy.statements import own_statements

SUPPORTED_TLS = {"NumericLessThan": {"s3:tlsversion": ["1.2"]}}
"""What refuses nobody who has access: S3 itself takes nothing below TLS 1.2."""


def judge_not_public(_: Subject, state: PolicyState) -> Verdict:
    """Pass when S3 would not count the policy as public."""
    public = public_statements(state.statements)
    return failed(f"the policy lets the public in: {', '.join(public)}") if public else passed("no statement is public")


def judge_tls_required(subject: Subject, state: PolicyState) -> Verdict:
    """Pass when everybody is refused everything without TLS."""
    if refuses_plain_http(state.statements, subject.bucket.arn):
        return passed("the policy refuses plain HTTP")
    return failed("the policy does not refuse plain HTTP" if state.present else "there is no bucket policy")


def judge_administration(subject: Subject, state: PolicyState) -> Verdict:
    """Pass when no other account may take the bucket over."""
    found = admin_statements(state.statements, subject.bucket.account_id)
    if found:
        return failed(f"other accounts may change the bucket's protection: {', '.join(found)}")
    return passed("no other account may change the bucket's protection")


def judge_unrestricted(_: Subject, state: PolicyState) -> Verdict:
    """Pass when no Allow is for everybody without a condition."""
    found = unrestricted_statements(state.statements)
    return failed(f"allow everybody: {', '.join(found)}") if found else passed("no statement allows everybody")


def judge_services(_: Subject, state: PolicyState) -> Verdict:
    """Pass when AWS services are let in only on a known account's behalf."""
    found = unconfined_services(state.statements)
    if found:
        return failed(f"let a service in on anybody's behalf: {', '.join(found)}")
    return passed("no service is let in on anybody's behalf")


def judge_cross_account(subject: Subject, state: PolicyState) -> Verdict:
    """Pass when no Allow lets another account in that is not trusted, unless a condition pins who may come."""
    found = foreign_statements(state.statements, {subject.bucket.account_id} | subject.trusted_accounts)
    if found:
        return failed(f"let other accounts in: {', '.join(found)}")
    trusted = (
        f" but {', '.join(sorted(subject.trusted_accounts))}, which are trusted" if subject.trusted_accounts else ""
    )
    return passed(f"no statement lets another account in{trusted}")


class BucketPolicyControl(Control[PolicyState]):
    """Keeps our statements as declared; those of others stay unless `foreign` is Remove."""

    name = "policy"
    permissions = Permissions(read=("s3:GetBucketPolicy",), write=("s3:PutBucketPolicy", "s3:DeleteBucketPolicy"))
    written_by = ("PutBucketPolicy", "DeleteBucketPolicy")
    checks = (
        Check(
            id="policy-not-public",
            title="The bucket policy does not let the public in",
            severity=Severity.HIGH,
            rationale="Only Block Public Access then stands between the data and everybody.",
            remediation="Name principals in spec.policy, and remove public statements of others.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status",
            ),
            judge=judge_not_public,
        ),
        Check(
            id="tls-required",
            title="The bucket policy refuses plain HTTP",
            severity=Severity.MEDIUM,
            rationale="Data and signatures sent over plain HTTP can be read and replayed on the way.",
            remediation="Leave spec.policy.requireTls out, or set it to true.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-5",
            ),
            judge=judge_tls_required,
        ),
        Check(
            id="administration-not-shared",
            title="No other account may change the bucket's protection",
            severity=Severity.HIGH,
            rationale="Another account could open the bucket, or undo its encryption, on its own.",
            remediation="Allow other accounts no actions on policy, ACLs and encryption, in spec.policy or elsewhere.",
            remedy=Remedy.BUCKET,
            references=("https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-6",),
            judge=judge_administration,
        ),
        Check(
            id="policy-principals-restricted",
            title="No statement allows everybody without a condition",
            severity=Severity.HIGH,
            rationale="An Allow for everybody without a condition gives the data to the whole internet.",
            remediation='Replace the principal "*" in spec.policy, and in statements of others, or add a condition.',
            remedy=Remedy.BUCKET,
            references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",),
            judge=judge_unrestricted,
        ),
        Check(
            id="policy-services-confined",
            title="AWS services are let in on known accounts' behalf only",
            severity=Severity.MEDIUM,
            rationale="Anybody can make an AWS service act on this bucket in their name: the confused deputy.",
            remediation="Add aws:SourceAccount or aws:SourceArn to conditions in spec.policy and in others' grants.",
            remedy=Remedy.BUCKET,
            references=("https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",),
            judge=judge_services,
        ),
        Check(
            id="cross-account-access-restricted",
            title="No account is let in that is not trusted",
            severity=Severity.MEDIUM,
            rationale="Whoever controls the other account, now or later, gets the data.",
            remediation="Take the account out of spec.policy, or have it put into the profile's trustedAccounts.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
                "https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy-grantee-check.html",
            ),
            judge=judge_cross_account,
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[PolicyState]:
        """Read the policy's text."""
        answer = yield Read("get_bucket_policy", absent=frozenset({"NoSuchBucketPolicy"}), required="Policy")
        return ABSENT if answer is None else read_policy(str(answer["Policy"]))

    def desired(self, context: Context, observed: PolicyState) -> PolicyState:
        """Put our statements first and right, and leave others' as they are.

        Where the policy has to be put anyway, the dead principals of others are left out: S3 would refuse to take
        them back, and our statements would never arrive. Where nothing else differs, they are left alone.
        """
        others = self._others(context, observed)
        own = keyed(own_statements(context.bucket, context.spec, self._unmet(context, others)))
        desired = self._state(observed, {key: _as_before(key, each, observed) for key, each in own.items()}, others)
        if desired == observed:
            return desired
        living = {key: without_dead(statement) for key, statement in others.items()}
        return self._state(observed, own, {key: each for key, each in living.items() if each is not None})

    @staticmethod
    def _unmet(context: Context, others: Mapping[str, Mapping[str, Any]]) -> tuple[Demand, ...]:
        """Give the demands that nothing else in the policy meets: what somebody has written for them is enough."""
        if not context.demands:
            return ()
        written = {**keyed(own_statements(context.bucket, context.spec)), **others}
        return unmet(context.bucket, context.demands, {key: canonical_statement(each) for key, each in written.items()})

    @staticmethod
    def _others(context: Context, observed: PolicyState) -> dict[str, Mapping[str, Any]]:
        """Give what others wrote, and what takes the place of the ACL; a Sid that is there was migrated before."""
        if context.spec.policy.foreign is Foreign.REMOVE:
            return {}
        kept = {key: statement for key, statement in observed.written.items() if not is_own(key)}
        return keyed(migrated_statements(context)) | kept

    @staticmethod
    def _state(
        observed: PolicyState, own: Mapping[str, Mapping[str, Any]], others: Mapping[str, Mapping[str, Any]]
    ) -> PolicyState:
        """Join the statements under the observed version, which says what `${…}` means in those of others.

        The version is raised only where ours need policy variables and no other statement would change its meaning.
        """
        version = observed.version or CURRENT_VERSION
        state = make_state(version, observed.id, {**own, **others})
        if state.present and uses_variables(state, own=True) and not uses_variables(state, own=False):
            return make_state(CURRENT_VERSION, observed.id, state.written)
        return state

    def refuse(self, context: Context, observed: PolicyState, desired: PolicyState) -> Failure | None:
        """Refuse what S3 would not take, and what would shut the operator out."""
        return refuse_policy(context, observed, desired)

    def calls(self, context: Context, observed: PolicyState, desired: PolicyState) -> tuple[Call, ...]:
        """Put the whole document; delete it only where one was read and nothing is left of it.

        `ConfirmRemoveSelfBucketAccess` is never sent: without it S3 itself refuses to lock the caller out.
        """
        if desired.present:
            return (Call("put_bucket_policy", {"Policy": policy_text(desired)}),)
        return (Call("delete_bucket_policy"),) if observed.present else ()

    def risk(self, context: Context, observed: PolicyState, desired: PolicyState) -> Risk:
        """Tell of a lock-out where one of our Denies is new or refuses more than before.

        Refusing plain HTTP is the secure default, and S3 refuses TLS below 1.2 by itself: neither waits for anybody.
        """
        for key, statement in desired.statements.items():
            before = observed.statements.get(key)
            if is_own(key) and statement.get("Effect") == "Deny" and _refuses_more(key, before, statement):
                return Risk.LOCKOUT
        return Risk.NONE

    def kept(self, context: Context, state: PolicyState) -> tuple[str, ...]:
        """Name the statements of others; dead ones too, as long as they are there."""
        if context.spec.policy.foreign is Foreign.REMOVE:
            return ()
        return tuple(key for key in state.statements if not is_own(key))

    def floor_terms(self, spec: SecureBucketSpec, floor: Floor) -> tuple[FloorTerm, ...]:
        """Ask for plain HTTP to be refused, and TLS below a version."""
        terms = []
        if floor.require_tls:
            terms.append(FloorTerm("requireTls", spec.policy.require_tls, "it must be true"))
        if floor.min_tls_version:
            met = (spec.policy.min_tls_version or "") >= floor.min_tls_version
            terms.append(FloorTerm("minTlsVersion", met, f"it must be at least {floor.min_tls_version}"))
        return tuple(terms)

    def declaration(self, state: PolicyState) -> dict[str, Any] | None:
        """Declare that there is no statement of ours; those that were found stay."""
        return {"requireTls": False}


def _as_before(key: str, written: Mapping[str, Any], observed: PolicyState) -> Mapping[str, Any]:
    """Give the statement that is there, where it is as 0.1.0 wrote it: an upgrade alone writes nothing."""
    there = observed.statements.get(key)
    kept = there is not None and there == _as_of_0_1_0(canonical_statement(written))
    return observed.written[key] if kept else written


def _as_of_0_1_0(statement: Statement) -> Statement:
    """Give a refusal of deletes as it was before there were annotations."""
    deletes = statement.get("Action") == sorted(map(str.lower, DELETES))
    return {**statement, "Action": DELETES_OF_0_1_0} if deletes else statement


def _refuses_more(key: str, before: Statement | None, after: Statement) -> bool:
    """Tell whether a Deny of ours catches requests that it did not catch before.

    Annotations are younger than the switches that refuse deletes: somebody said yes to those, and a policy that waited
    for a second yes after an upgrade would not be corrected meanwhile.
    """
    if before == after or key == REQUIRE_TLS:
        return False
    if before == _as_of_0_1_0(after):
        return False
    if key == MIN_TLS_VERSION and after.get("Condition") == SUPPORTED_TLS:
        return False
    if before is None or {**before, "Condition": None} != {**after, "Condition": None}:
        return True
    was, now = before.get("Condition", {}), after.get("Condition", {})
    if {name: tests.keys() for name, tests in was.items()} != {name: tests.keys() for name, tests in now.items()}:
        return True
    return not all(
        set(values) == set(now[name][key]) or (_is_negated(name) and set(values) <= set(now[name][key]))
        for name, tests in was.items()
        for key, values in tests.items()
    )


def _is_negated(operator: str) -> bool:
    return operator.removesuffix("IfExists") in NEGATED.keys() | NEGATED_OTHERS
