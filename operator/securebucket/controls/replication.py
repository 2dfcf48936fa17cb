"""Replication: which objects are copied to which other buckets, and as which role.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from securebucket.api.replication import ReplicationRule
from securebucket.api.spec import Role
from securebucket.controls.entries import foreign_stay, is_active, keyed, refuse_number
from securebucket.controls.key_use import KeyUse, asked_about, of_rule, refuse_key
from securebucket.controls.replication_destinations import queries, refusal
from securebucket.controls.replication_role import problem_of, query_of
from securebucket.controls.replication_rules import (
    Rule,
    canonical_rule,
    declared_rule,
    in_one_version,
    is_current,
    write_rule,
)
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control
from securebucket.model.copying_role import CopyingRole, CopyingRoleQuery
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.kms_keys import KeyInUseQuery
from securebucket.model.surroundings import Query
from securebucket.model.understanding import aside, laid_over
from securebucket.model.verdict import Check, Remedy, Severity, Subject, Verdict, failed, not_applicable, passed


@dataclass(frozen=True, slots=True)
class ReplicationState:
    """The rules, and the role that S3 copies as.

    Args:
        role: an IAM role's ARN; empty without a configuration.
        rules: canonical rules (see `replication_rules`) by ID; none means that there is no configuration.
    """

    role: str = ""
    rules: Mapping[str, Rule] = field(default_factory=dict)


def ask_role(subject: Subject) -> tuple[Query[Any], ...]:
    """Ask about the role, whoever declared it."""
    state = subject.observed["replication"]
    if not isinstance(state, ReplicationState) or subject.role == Role.REPLICA_TARGET:
        return ()
    query = query_of(subject.bucket, state.role, state.rules)
    return (query,) if query else ()


def judge_replicated(subject: Subject, state: ReplicationState) -> Verdict:
    """Pass with an enabled rule and a role that can copy; where its destination lies is not in the document."""
    if subject.role == Role.REPLICA_TARGET:
        return not_applicable("the bucket holds the copies of another one")
    active = sorted(name for name, rule in state.rules.items() if is_active(rule))
    query = query_of(subject.bucket, state.role, state.rules)
    role = subject.facts.get(query) if query else None
    problem = problem_of(subject.bucket, state.role, role, state.rules) if isinstance(role, CopyingRole) else None
    if problem:
        return failed(problem.message)
    if active:
        return passed(f"replication rules are enabled: {', '.join(active)}")
    return failed("no replication rule is enabled" if state.rules else "there is no replication")


class ReplicationControl(Control[ReplicationState]):
    """Keeps the declared rules, and says what becomes of the others."""

    name = "replication"
    requires = ("versioning",)
    permissions = Permissions(
        read=("s3:GetReplicationConfiguration",),
        write=("s3:PutReplicationConfiguration",),
        other=(
            ("iam:PassRole", "arn:*:iam::*:role/*", "to give S3 the role that it copies as"),
            ("iam:GetRole", "arn:*:iam::*:role/*", "to see that S3 may copy as the role"),
            ("iam:SimulatePrincipalPolicy", "arn:*:iam::*:role/*", "to see that the role may copy"),
            ("s3:ListBucket", "arn:*:s3:::*", "to see that a destination exists before copies are sent there"),
            ("s3:GetBucketVersioning", "arn:*:s3:::*", "to see that a destination keeps versions"),
            (
                "s3:GetBucketObjectLockConfiguration",
                "arn:*:s3:::*",
                "to see that a destination can keep locked objects",
            ),
            ("kms:DescribeKey", "arn:*:kms:*:*:key/*", "to check the key of copies before it is set"),
        ),
    )
    written_by = ("PutBucketReplication", "DeleteBucketReplication")
    impossible: ClassVar[Mapping[Role, tuple[str, ...]]] = {Role.REPLICA_TARGET: ("role", "rules")}
    checks = (
        Check(
            id="replicated",
            title="An enabled rule copies the bucket's objects to another bucket",
            severity=Severity.LOW,
            rationale="A bucket that is lost or emptied has no other copy.",
            remediation="Declare spec.replication.role and rules, with a destination in another region for S3.7.",
            remedy=Remedy.INPUTS,
            references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html",),
            judge=judge_replicated,
            asks=ask_role,
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[ReplicationState]:
        """Read the rules by ID, whatever version they are of."""
        answer = yield Read(
            "get_bucket_replication",
            absent=frozenset({"ReplicationConfigurationNotFoundError"}),
            required="ReplicationConfiguration.Rules",
            entries=("ReplicationConfiguration.Rules",),
        )
        configuration = (answer or {}).get("ReplicationConfiguration") or {}
        rules = keyed((rule.get("ID") or "", aside(canonical_rule, rule)) for rule in configuration.get("Rules", ()))
        return ReplicationState(role=(configuration.get("Role") or "") if rules else "", rules=rules)

    def facts(self, context: Context, observed: ReplicationState) -> tuple[Query[Any], ...]:
        """Ask about destinations and keys, only when a change is due: a bucket costs five calls."""
        if self.desired(context, observed) == observed:
            return ()
        asked: list[Query[Any]] = [query for rule in self._declared(context) for query in queries(context, rule)]
        asked += [query for _, query in self._new_keys(context, observed)]
        role = self._role_query(context, self.desired(context, observed))
        return tuple(dict.fromkeys([*asked, *([role] if role else [])]))

    @staticmethod
    def _role_query(context: Context, desired: ReplicationState) -> CopyingRoleQuery | None:
        return query_of(context.bucket, desired.role, desired.rules) if context.spec.replication.role else None

    def desired(self, context: Context, observed: ReplicationState) -> ReplicationState:
        """Lay the declared rules over those that stay."""
        rules: dict[str, Rule] = {name: observed.rules[name] for name in self.kept(context, observed)}
        rules |= laid_over(observed.rules, {rule.id: declared_rule(rule) for rule in self._declared(context)})
        if not rules:
            return ReplicationState()
        return ReplicationState(context.spec.replication.role or observed.role, in_one_version(rules))

    def refuse(self, context: Context, observed: ReplicationState, desired: ReplicationState) -> Failure | None:
        """Refuse colliding priorities and too many rules, kept ones included, and destinations that take no copies."""
        refusals = (refusal(context, rule) for rule in self._declared(context))
        keys = (refuse_key(use, context.facts.get(query)) for use, query in self._new_keys(context, observed))
        return (
            refuse_number(self.name, observed.rules, desired.rules, self.kept(context, observed))
            or _refuse_priorities(desired)
            or next((failure for failure in (*refusals, *keys) if failure), None)
            or self._refuse_role(context, observed, desired)
        )

    def _refuse_role(self, context: Context, observed: ReplicationState, desired: ReplicationState) -> Failure | None:
        """Refuse rules that would copy nothing; but what copies already is corrected, whatever the role can do.

        Else whoever takes a right from the role could keep a way out open.
        """
        query = self._role_query(context, desired)
        role = context.facts.get(query) if query else None
        if not isinstance(role, CopyingRole) or any(map(is_active, observed.rules.values())):
            return None
        return problem_of(context.bucket, desired.role, role, desired.rules)

    def calls(self, context: Context, observed: ReplicationState, desired: ReplicationState) -> tuple[Call, ...]:
        """Put all rules at once, or delete a configuration of which nothing is left: S3 takes none without rules."""
        if not desired.rules:
            return (Call("delete_bucket_replication"),)
        rules = [write_rule(name, rule) for name, rule in sorted(desired.rules.items())]
        return (Call("put_bucket_replication", {"ReplicationConfiguration": {"Role": desired.role, "Rules": rules}}),)

    def kept(self, context: Context, state: ReplicationState) -> tuple[str, ...]:
        """Name the rules that are not declared and stay."""
        if not foreign_stay(context.spec.replication.foreign, context.bucket):
            return ()
        return tuple(sorted(state.rules.keys() - {rule.id for rule in self._declared(context)}))

    def _new_keys(self, context: Context, observed: ReplicationState) -> tuple[tuple[KeyUse, KeyInUseQuery], ...]:
        """Give the keys of declared rules that are not there yet, and the question about each."""
        role = context.spec.replication.role or observed.role
        rules = {rule.id: declared_rule(rule) for rule in self._declared(context)}
        new = ((name, rule) for name, rule in rules.items() if observed.rules.get(name) != rule)
        return asked_about(context.bucket, (of_rule(name, rule, role) for name, rule in new))

    @staticmethod
    def _declared(context: Context) -> tuple[ReplicationRule, ...]:
        """Give the declared rules; a replica target has none of its own."""
        return () if context.spec.role is Role.REPLICA_TARGET else context.spec.replication.rules


def _refuse_priorities(desired: ReplicationState) -> Failure | None:
    owners: dict[int, str] = {}
    for name, rule in sorted(desired.rules.items()):
        if not is_current(rule):
            continue
        owner = owners.setdefault(rule["Priority"], name)
        if owner != name:
            return Failure(
                "ReplicationPriorityTaken",
                f"replication rules {owner} and {name} both have priority {rule['Priority']}, which S3 refuses; give"
                " each rule of spec.replication.rules a priority of its own.",
            )
    return None
