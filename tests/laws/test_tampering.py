"""The law of drift, on real servers: whatever anybody changes is seen, named and put right in one pass."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from tests.laws import documents
from tests.laws.aws_model import settable
from tests.laws.register import SUBJECTS
from tests.laws.stage import Stage
from tests.laws.subject import Tampering
from tests.laws.surroundings import localised
from tests.laws.tenant import EVERY_RISK, Tenant
from tests.laws.test_calls import EVERY_REQUEST
from tests.laws.test_on_servers import SERVERS
from tests.laws.things import REGION

from securebucket.model.call import Call
from securebucket_dev.generate.mechanisms import CHAPTER


def holds(server: str, control: str, tampering: Tampering) -> bool:
    subject = SUBJECTS[control]
    return (
        server not in subject.unknown_to
        and tampering.name not in subject.unseen.get(server, ())
        and tampering.sample not in subject.limits.get(server, ())
    )


CASES = [
    pytest.param(server, control, tampering, id=f"{server}: {control}: {tampering.name}")
    for server in SERVERS
    for control, subject in SUBJECTS.items()
    for tampering in subject.tamperings
    if holds(server, control, tampering)
]

POLICY = {"Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition", "Sid"}
"""A statement's elements. `Version` and `Id` belong to all who write statements: they are not ours to put back."""

Tenants = dict[str, Tenant]


@pytest.fixture(scope="module")
def tenants() -> Tenants:
    """Converged objects by server and sample: each is put right again by the law itself."""
    return {}


def declared(stage: Stage, control: str, tampering: Tampering) -> Mapping[str, Any]:
    """Give the spec, with what makes the server keep all of it: else the bucket never is in sync there."""
    spec = tampering.spec if tampering.sample is None else SUBJECTS[control].specs[tampering.sample]
    needed = {name: subject.kept_whole_with.get(stage.name) for name, subject in SUBJECTS.items()}
    return {name: block for name, block in needed.items() if block} | dict(spec)


def converged(stage: Stage, spec: Mapping[str, Any]) -> Tenant:
    """Give an object with a bucket as declared, which may correct anything without an approval."""
    tenant = Tenant(stage, localised(stage, spec), {"permit": EVERY_RISK})
    tenant.settle()
    return tenant


def shown(s3: Any, bucket: str, control: str, tampering: Tampering) -> dict[str, Any]:
    """Read the document, and the ACL where that is tampered with."""
    document = documents.read(s3, bucket, control)
    return {**document, "Grants": s3.get_bucket_acl(Bucket=bucket)["Grants"]} if tampering.acl else document


def tamper(stage: Stage, bucket: str, control: str, tampering: Tampering) -> None:
    s3 = stage.plain(region=REGION)
    if tampering.deletes:
        documents.delete(s3, bucket, control)
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
    before = shown(s3, tenant.bucket, control, tampering)

    tamper(stage, tenant.bucket, control, tampering)
    assert shown(s3, tenant.bucket, control, tampering) != before, "the server did not take the change"
    found = tenant.run()

    seen = found.control(control)
    assert sorted(each.field for each in seen.differences) == sorted(tampering.drifted)
    assert (seen.state, seen.drifted) == ("Corrected", True)
    assert {each.name for each in found.outcome.controls if each.applied} == {control}
    after = shown(s3, tenant.bucket, control, tampering)
    assert documents.canonical(after) == documents.canonical(tampering.leaves or before)
    again = tenant.run()
    assert (again.writes, set(again.states.values())) == ((), {"InSync"})
    tenants[key] = tenant


@pytest.mark.parametrize("control", [each for each in SUBJECTS if each != "policy"])
def test_every_member_that_s3_has_is_tampered_with(control: str) -> None:
    subject = SUBJECTS[control]
    put = Call(subject.document.put).api
    left_out = {*CHAPTER.left_out.members.get(put, ()), *subject.untampered, *EVERY_REQUEST}
    known = settable(put)
    leaves = {
        path
        for path in known
        if not any(other.startswith(f"{path}.") for other in known)
        and not any(path == each or path.startswith(f"{each}.") for each in left_out)
    }
    changed = {
        member
        for tampering in subject.tamperings
        for path, value in tampering.edits.items()
        for member in documents.members(path, value)
    }
    assert leaves - changed == set()


def test_every_element_of_a_statement_is_tampered_with() -> None:
    paths = {path.rpartition(".")[2] for each in SUBJECTS["policy"].tamperings for path in each.edits}
    assert paths >= POLICY


def test_every_document_that_can_be_deleted_is_deleted() -> None:
    deleted = {name for name, subject in SUBJECTS.items() if any(each.deletes for each in subject.tamperings)}
    assert deleted == {name for name, subject in SUBJECTS.items() if subject.document.delete}


def test_every_control_is_tampered_with() -> None:
    for name, subject in SUBJECTS.items():
        assert subject.tamperings, name
        assert {each for some in subject.unseen.values() for each in some} <= {each.name for each in subject.tamperings}
        assert {*subject.unseen, *subject.unknown_to} <= set(SERVERS), name
