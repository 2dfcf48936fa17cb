"""The law of drift, on real servers: whatever anybody changes is seen, named and put right in one pass."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from tests.laws import documents
from tests.laws.aws_model import settable
from tests.laws.samples import SPECS
from tests.laws.stage import Stage
from tests.laws.surroundings import REGION, localised
from tests.laws.tamperings import LOCK, RETENTION, TAMPERINGS, Tampering
from tests.laws.tamperings_of_rules import REPLICATION, TAMPERINGS_OF_RULES
from tests.laws.tenant import EVERY_RISK, Tenant
from tests.laws.test_calls import EVERY_REQUEST, NEVER_SENT
from tests.laws.test_on_servers import CANNOT

from securebucket.controls import CONTROLS

EVERY_TAMPERING = {**TAMPERINGS, **TAMPERINGS_OF_RULES}

CANNOT_BE_SEEN = {
    "localstack": {("encryption", "deleted"): "it answers without a rule then, which AWS never does: Unsupported"},
    "moto": {
        ("encryption", "SSE-C let in"): "it loses BlockedEncryptionTypes",
        ("encryption", "SSE-C blocked where it is wanted"): "it loses BlockedEncryptionTypes",
        ("logging", "partitions"): "it loses TargetObjectKeyFormat",
        ("notifications", "EventBridge on"): "it loses EventBridgeConfiguration",
    },
}
"""Tamperings that a server cannot show, besides those of samples that it cannot hold."""


def holds(server: str, control: str, tampering: Tampering) -> bool:
    if (control, tampering.name) in CANNOT_BE_SEEN[server]:
        return False
    return tampering.sample is None or (control, tampering.sample) not in CANNOT[server]


CASES = [
    pytest.param(server, control, tampering, id=f"{server}: {control}: {tampering.name}")
    for server in ("localstack", "moto")
    for control, each in EVERY_TAMPERING.items()
    for tampering in each
    if holds(server, control, tampering)
]

NOT_TAMPERED = {
    "versioning": {
        "VersioningConfiguration.MFADelete": "only the root user can change it, and nobody puts it back",
    },
    "objectLock": {
        f"{LOCK}.ObjectLockEnabled": "it cannot be turned off",
        f"{RETENTION}.DefaultEventHold.Days": "neither server keeps it",
        f"{RETENTION}.DefaultEventHold.Years": "neither server keeps it",
    },
    "replication": {
        f"{REPLICATION}.Destination.AccessControlTranslation.Owner": "it has one value, so that it can only go",
    },
}
"""Members of AWS's documents that cannot be changed behind our back, and why."""

POLICY = {"Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition", "Sid"}
"""A statement's elements. `Version` and `Id` belong to all who write statements: they are not ours to put back."""

Tenants = dict[str, Tenant]


@pytest.fixture(scope="module")
def tenants() -> Tenants:
    """Converged objects by server and sample: each is put right again by the law itself."""
    return {}


def declared(stage: Stage, control: str, tampering: Tampering) -> Mapping[str, Any]:
    spec = tampering.spec if tampering.sample is None else SPECS[control][tampering.sample]
    # moto does not keep what blocks SSE-C, so that a bucket with it never is in sync there.
    return {"encryption": {"blockedEncryptionTypes": ["NONE"]}, **spec} if stage.name == "moto" else spec


def converged(stage: Stage, spec: Mapping[str, Any]) -> Tenant:
    """Give an object with a bucket as declared, which may correct anything without an approval."""
    tenant = Tenant(stage, localised(stage, spec), {"permit": EVERY_RISK})
    tenant.settle()
    return tenant


def tamper(stage: Stage, bucket: str, control: str, tampering: Tampering) -> None:
    s3 = stage.plain(region=REGION)
    if tampering.deletes:
        getattr(s3, documents.DOCUMENTS[control].delete)(Bucket=bucket)
        return
    document = copy.deepcopy(documents.read(s3, bucket, control))
    for path, value in tampering.edits.items():
        documents.edit(document, path, value(stage) if callable(value) else value)
    documents.put(s3, bucket, control, document)
    if tampering.acl:
        s3.put_bucket_acl(Bucket=bucket, **tampering.acl)


@pytest.mark.parametrize(("stage", "control", "tampering"), CASES, indirect=["stage"])
def test_it_is_found_named_and_put_right_in_one_pass(
    tenants: Tenants, stage: Stage, control: str, tampering: Tampering
) -> None:
    spec = declared(stage, control, tampering)
    key = f"{stage.name} {spec}"
    tenant = tenants.pop(key, None) or converged(stage, spec)
    s3 = stage.plain(region=REGION)
    before = documents.read(s3, tenant.bucket, control)

    tamper(stage, tenant.bucket, control, tampering)
    assert documents.read(s3, tenant.bucket, control) != before, "the server did not take the change"
    found = tenant.run()

    seen = found.control(control)
    assert sorted(each.field for each in seen.differences) == sorted(tampering.drifted)
    assert (seen.state, seen.drifted) == ("Corrected", True)
    assert {each.name for each in found.outcome.controls if each.applied} == {control}
    after = documents.read(s3, tenant.bucket, control)
    assert documents.canonical(after) == documents.canonical(tampering.leaves or before)
    again = tenant.run()
    assert (again.writes, set(again.states.values())) == ((), {"InSync"})
    tenants[key] = tenant


@pytest.mark.parametrize("control", [each for each in EVERY_TAMPERING if each != "policy"])
def test_every_member_that_s3_has_is_tampered_with(control: str) -> None:
    put = "".join(part.capitalize() for part in documents.DOCUMENTS[control].put.split("_"))
    left_out = {*NEVER_SENT.get(put, ()), *NOT_TAMPERED.get(control, ()), *EVERY_REQUEST, "SkipDestinationValidation"}
    known = settable(put)
    leaves = {
        path
        for path in known
        if not any(other.startswith(f"{path}.") for other in known)
        and not any(path == each or path.startswith(f"{each}.") for each in left_out)
    }
    changed = {
        member
        for tampering in EVERY_TAMPERING[control]
        for path, value in tampering.edits.items()
        for member in documents.members(path, value)
    }
    assert leaves - changed == set()


def test_every_element_of_a_statement_is_tampered_with() -> None:
    paths = {path.rpartition(".")[2] for each in EVERY_TAMPERING["policy"] for path in each.edits}
    assert paths >= POLICY


def test_every_document_that_can_be_deleted_is_deleted() -> None:
    deletable = {control for control, document in documents.DOCUMENTS.items() if document.delete}
    assert {control for control, each in EVERY_TAMPERING.items() if any(one.deletes for one in each)} == deletable


def test_every_control_is_tampered_with() -> None:
    assert set(EVERY_TAMPERING) == set(documents.DOCUMENTS) == {control.name for control in CONTROLS}
    named = {(control, each.name) for control, some in EVERY_TAMPERING.items() for each in some}
    assert {case for cases in CANNOT_BE_SEEN.values() for case in cases} <= named
