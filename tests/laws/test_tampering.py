"""The law of drift, on real servers: whatever anybody changes is seen, named and put right in one pass."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from tests.laws import documents
from tests.laws.samples import SPECS
from tests.laws.stage import Stage
from tests.laws.surroundings import REGION, localised
from tests.laws.tamperings import TAMPERINGS, Tampering
from tests.laws.tamperings_of_rules import TAMPERINGS_OF_RULES
from tests.laws.tenant import EVERY_RISK, Tenant

EVERY_TAMPERING = {**TAMPERINGS, **TAMPERINGS_OF_RULES}
CASES = [(control, tampering) for control, each in EVERY_TAMPERING.items() for tampering in each]

Tenants = dict[tuple[str, str, int | None], Tenant]

@pytest.fixture(scope="module")
def tenants() -> Tenants:
    """Converged objects by server and sample: each is put right again by the law itself."""
    return {}


def converged(tenants: Tenants, stage: Stage, control: str, sample: int | None) -> Tenant:
    key = (stage.name, control if sample is not None else "", sample)
    tenant = tenants.pop(key, None)
    if tenant is None:
        spec = localised(stage, {} if sample is None else SPECS[control][sample])
        tenant = Tenant(stage, spec, {"permit": EVERY_RISK})
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


@pytest.mark.parametrize(("control", "tampering"), CASES, ids=[f"{control}: {each.name}" for control, each in CASES])
def test_it_is_found_named_and_put_right_in_one_pass(tenants: Tenants, stage: Stage, control: str, tampering: Tampering) -> None:
    tenant = converged(tenants, stage, control, tampering.sample)
    s3 = stage.plain(region=REGION)
    before = documents.read(s3, tenant.bucket, control)

    tamper(stage, tenant.bucket, control, tampering)
    assert documents.read(s3, tenant.bucket, control) != before, "the server did not take the change"
    found = tenant.run()

    seen = found.control(control)
    assert [each.field for each in seen.differences if each.field not in tampering.drifted] == []
    assert sorted(each.field for each in seen.differences) == sorted(tampering.drifted)
    assert (seen.state, seen.drifted) == ("Corrected", True)
    assert documents.read(s3, tenant.bucket, control) == before
    assert {each.name for each in found.outcome.controls if each.applied} == {control}
    after = tenant.run()
    assert (after.writes, set(after.states.values())) == ((), {"InSync"})
    assert not tenant.run().changed
    key = (stage.name, control if tampering.sample is not None else "", tampering.sample)
    tenants[key] = tenant
