"""The floor of a profile: what no bucket may go below."""

from typing import Any

import pytest
from tests.engine.builders import effective, request

from securebucket.engine.effective import Effective, resolve
from securebucket.model.failure import Failure

BLOCK_OFF = {"publicAccessBlock": {"blockPublicAcls": False}}
KMS = {"encryption": {"sseAlgorithm": "aws:kms"}}


@pytest.mark.parametrize(
    ("floor", "spec", "field"),
    [
        pytest.param({"blockPublicAccess": True}, {}, "", id="the default is above"),
        pytest.param({"blockPublicAccess": True}, BLOCK_OFF, "publicAccessBlock", id="one of four off"),
        pytest.param({}, BLOCK_OFF, "", id="no floor"),
        pytest.param(
            {"bucketOwnerEnforced": True},
            {"ownership": {"objectOwnership": "ObjectWriter"}},
            "ownership.objectOwnership",
            id="ACLs on",
        ),
        pytest.param({"sseAlgorithm": "AES256"}, {}, "", id="undeclared encryption is at least SSE-S3"),
        pytest.param({"sseAlgorithm": "aws:kms"}, {}, "encryption.sseAlgorithm", id="SSE-S3 is weaker than KMS"),
        pytest.param({"sseAlgorithm": "aws:kms"}, KMS, "", id="KMS"),
        pytest.param(
            {"sseAlgorithm": "aws:kms"}, {"encryption": {"sseAlgorithm": "aws:kms:dsse"}}, "", id="two layers are more"
        ),
        pytest.param({"sseAlgorithm": "aws:kms:dsse"}, KMS, "encryption.sseAlgorithm", id="one layer is less than two"),
        pytest.param({"sseAlgorithm": "aws:kms"}, {"role": "LogTarget"}, "", id="a log target cannot have KMS"),
        pytest.param({"blockSseC": True}, {}, "", id="SSE-C blocked"),
        pytest.param(
            {"blockSseC": True},
            {"encryption": {"blockedEncryptionTypes": ["NONE"]}},
            "encryption.blockedEncryptionTypes",
            id="SSE-C open",
        ),
        pytest.param(
            {"versioning": True}, {"versioning": {"status": "Suspended"}}, "versioning.status", id="suspended"
        ),
        pytest.param({"objectLock": True}, {}, "objectLock.enabled", id="no Object Lock"),
        pytest.param({"objectLock": True}, {"objectLock": {"enabled": True}}, "", id="Object Lock"),
        pytest.param({"objectLock": True}, {"role": "LogTarget"}, "", id="a log target cannot have Object Lock"),
        pytest.param({"requireTls": True}, {"policy": {"requireTls": False}}, "policy.requireTls", id="plain HTTP"),
        pytest.param({"minTlsVersion": "1.2"}, {}, "policy.minTlsVersion", id="any TLS version"),
        pytest.param({"minTlsVersion": "1.2"}, {"policy": {"minTlsVersion": "1.3"}}, "", id="a later TLS version"),
        pytest.param(
            {"minTlsVersion": "1.3"},
            {"policy": {"minTlsVersion": "1.2"}},
            "policy.minTlsVersion",
            id="an earlier TLS version",
        ),
        pytest.param({"logging": True}, {}, "logging.targetBucket", id="no logs"),
        pytest.param({"logging": True}, {"logging": {"targetBucket": "acme-logs"}}, "", id="logs"),
        pytest.param({"logging": True}, {"role": "LogTarget"}, "", id="a log target has no logs of its own"),
        pytest.param({"managed": True}, {"unmanaged": ["tags"]}, "unmanaged", id="something is unmanaged"),
        pytest.param({"versioning": True}, {"unmanaged": ["versioning"]}, "unmanaged", id="the floor's own control"),
        pytest.param({"versioning": True}, {"unmanaged": ["tags"]}, "", id="another control is unmanaged"),
    ],
)
def test_floor(floor: dict[str, Any], spec: dict[str, Any], field: str) -> None:
    found = resolve(request(spec, {"floor": floor}))
    if not field:
        assert isinstance(found, Effective)
        return
    assert isinstance(found, Failure)
    assert (found.reason, found.retry) == ("BelowFloor", False)
    assert f"spec.{field}" in found.message
    assert "standard" in found.message


@pytest.mark.parametrize(
    ("spec", "profile", "is_said"),
    [
        pytest.param({}, {}, False, id="nobody says anything"),
        pytest.param({"encryption": {"bucketKeyEnabled": False}}, {}, False, id="another field of the block"),
        pytest.param({"encryption": {"sseAlgorithm": "AES256"}}, {}, True, id="the object"),
        pytest.param({}, {"defaults": {"encryption": {"sseAlgorithm": "AES256"}}}, True, id="the profile"),
    ],
)
def test_where_nobody_said_what_is_below_the_floor_both_places_are_named(
    spec: dict[str, Any], profile: dict[str, Any], is_said: bool
) -> None:
    """A floor above the secure default catches objects that say nothing; there is no fault in them to look for."""
    found = resolve(request(spec, {"floor": {"sseAlgorithm": "aws:kms"}, **profile}))
    assert isinstance(found, Failure)
    assert ("Set it in the object, or in the profile's defaults." in found.message) is not is_said


def test_the_profiles_own_defaults_lift_a_bare_object_over_its_floor() -> None:
    assert effective({}, {"floor": {"sseAlgorithm": "aws:kms"}, "defaults": KMS}).spec.encryption.sse_algorithm
