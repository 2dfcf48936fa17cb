"""The law of convergence for every YAML of examples/, on real servers."""

from pathlib import Path

import pytest
from tests.api.test_examples import FILES, documents
from tests.laws.stage import Stage
from tests.laws.tenant import Tenant

MOTO_CANNOT = {
    "access-logs": "it fails (500) at the policy of a log target",
    "replication": "it reads its own filter back",
}
EACH = [("localstack", path) for path in FILES] + [("moto", path) for path in FILES if path.stem not in MOTO_CANNOT]


def tenants_of(stage: Stage, path: Path) -> list[Tenant]:
    """Give the objects of a file, each with the profile that it names."""
    found = documents(path)
    profiles = {each["metadata"]["name"]: each["spec"] for each in found if each["kind"] == "BucketProfile"}
    return [
        Tenant(
            stage,
            each["spec"],
            profiles.get(each["spec"].get("profile"), {}),
            name=each["metadata"]["name"],
            namespace=each["metadata"]["namespace"],
        )
        for each in found
        if each["kind"] == "SecureBucket"
    ]


@pytest.mark.parametrize(("stage", "path"), EACH, indirect=["stage"], ids=lambda value: getattr(value, "stem", value))
def test_an_example_converges_and_then_costs_reads_only(stage: Stage, path: Path) -> None:
    tenants = tenants_of(stage, path)
    observed = [tenant for tenant in tenants if tenant.spec.get("mode") == "Observe"]
    for tenant in observed:
        stage.plain().create_bucket(Bucket=tenant.bucket)
    for _ in range(6):
        made = [tenant.run() for tenant in tenants]
        if not any(each.writes or each.changed for each in made):
            break
        for tenant in tenants:
            tenant.approve()
    assert [(each.writes, each.changed) for each in made] == [((), False)] * len(tenants)
    wanted = "False DeclaredButUnsupported" if (stage.name, path.stem) == ("moto", "profile") else "True Verified"
    assert {tenant.condition("Ready") for tenant in tenants} == {wanted}
    written = {call.bucket for call in stage.recorder.writes}
    assert written == {tenant.bucket for tenant in tenants if tenant not in observed}


def test_moto_is_left_out_for_examples_that_there_are() -> None:
    assert set(MOTO_CANNOT) <= {path.stem for path in FILES}
