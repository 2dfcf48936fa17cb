"""The role that S3 copies as: whether S3 may assume it, and what it may not do.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.surroundings import MINUTES, Query

Need = tuple[str, str]
"""An action, and the resource that it is needed on."""
MOST_RESULTS = 1000


@dataclass(frozen=True, slots=True)
class CopyingRole:
    """A role as IAM tells it.

    Args:
        exists: whether it is there.
        trust: its trust policy; empty where there is none.
        lacks: what is needed and IAM says that its policies do not give; empty where IAM could not be asked.
        unasked: why IAM could not be asked for its rights; None where it was.
    """

    exists: bool
    trust: Mapping[str, Any]
    lacks: tuple[Need, ...]
    unasked: Failure | None = None


@dataclass(frozen=True, slots=True)
class CopyingRoleQuery(Query[CopyingRole]):
    """Can S3 copy as this role? IAM itself evaluates its policies, boundaries and organization policies.

    Args:
        arn: the role's.
        needs: what it takes.
    """

    arn: str
    needs: tuple[Need, ...]

    def observe(self) -> Flow[CopyingRole]:
        """Read the role, and have IAM simulate what S3 will do as it."""
        role = yield Read(
            "get_role",
            service="iam",
            item=self.arn,
            parameters={"RoleName": self.arn.rsplit("/", 1)[-1]},
            absent=frozenset({"NoSuchEntity", "NoSuchEntityException"}),
            required="Role.Arn",
            remembered=MINUTES,
            refusal_remembered=MINUTES,
        )
        if role is None:
            return CopyingRole(exists=False, trust={}, lacks=())
        simulated = yield Read(
            "simulate_principal_policy",
            service="iam",
            item=self.arn,
            parameters={
                "PolicySourceArn": role["Role"]["Arn"],
                "ActionNames": sorted({action for action, _ in self.needs}),
                "ResourceArns": sorted({resource for _, resource in self.needs}),
                "MaxItems": MOST_RESULTS,
            },
            optional=True,
            remembered=MINUTES,
            refusal_remembered=MINUTES,
        )
        trust = role["Role"].get("AssumeRolePolicyDocument") or {}
        if isinstance(simulated, Failure):
            return CopyingRole(exists=True, trust=trust, lacks=(), unasked=simulated)
        refused = {
            (str(each.get("EvalActionName")), str(each.get("EvalResourceName")))
            for each in (simulated or {}).get("EvaluationResults") or ()
            if _is_denied(each)
        }
        return CopyingRole(exists=True, trust=trust, lacks=tuple(each for each in self.needs if each in refused))


def _is_denied(result: Mapping[str, Any]) -> bool:
    """Tell whether a result is a certain no: a Deny names its statement, where the server knows policies at all."""
    if result.get("MissingContextValues"):
        return False
    decision = result.get("EvalDecision")
    return decision == "implicitDeny" or (decision == "explicitDeny" and bool(result.get("MatchedStatements")))
