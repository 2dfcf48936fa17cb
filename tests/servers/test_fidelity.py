"""What LocalStack and moto get wrong: every other test must know.

When an upgrade mends something, the test of that name fails: then take the pin away, and whatever works around it.
"""

import pytest

from securebucket_dev.s3.fidelity import behaviour, documents
from securebucket_dev.s3.fidelity.probe import PROBES, RIGHT, difference
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.moto import MotoServer

MODULES = (documents, behaviour)
"""They register their probes when they are imported."""

LOCALSTACK_GETS_WRONG = {
    "encryption_dsse_with_key": "InvalidArgument",
    "encryption_after_its_delete": "no rules",
    "lifecycle_rule_without_id": "MalformedXML",
    "logging_target_without_grant": "accepted",
    "suspending_versioning_under_replication": "accepted",
    "mfa_delete_without_mfa": "accepted",
    "expected_bucket_owner": "accepted",
    "public_policy_under_block_public_policy": "accepted",
    "policy_without_meaning": "accepted",
    "policy_status_without_policy": "InternalFailure",
    "another_account_reads_no_bucket": "accepted",
    "assuming_a_role_that_is_not_there": "accepted",
}

MOTO_GETS_WRONG = {
    "encryption_with_every_member": "loses BlockedEncryptionTypes",
    "encryption_of_a_new_bucket": "ServerSideEncryptionConfigurationNotFoundError",
    "encryption_after_its_delete": "ServerSideEncryptionConfigurationNotFoundError",
    "public_access_block_of_a_new_bucket": "NoSuchPublicAccessBlockConfiguration",
    "ownership_of_a_new_bucket": "OwnershipControlsNotFoundError",
    "replication_with_every_member": (
        "loses Rules[0].ExistingObjectReplication, Rules[0].Filter.And, Rules[0].SourceSelectionCriteria"
    ),
    "replication_of_delete_markers": "loses Rules[0].DeleteMarkerReplication.Status",
    "lifecycle_with_every_member": (
        "loses Rules[0].Filter.And.ObjectSizeGreaterThan, Rules[0].Filter.And.ObjectSizeLessThan, "
        "Rules[0].NoncurrentVersionExpiration.NewerNoncurrentVersions, TransitionDefaultMinimumObjectSize"
    ),
    "lifecycle_rule_without_id": "gets no ID",
    "logging_with_every_member": "loses TargetObjectKeyFormat",
    "notification_to_eventbridge": "loses EventBridgeConfiguration",
    "create_bucket_with_tags": "NoSuchTagSet",
    "object_lock_with_retention": "adds Years",
    "object_lock_without_versioning": "400",
    "suspending_versioning_under_object_lock": "accepted",
    "suspending_versioning_under_replication": "accepted",
    "mfa_delete_without_mfa": "accepted",
    "expected_bucket_owner": "accepted",
    "public_policy_under_block_public_policy": "accepted",
    "policy_without_meaning": "accepted",
    "tag_with_an_empty_value": "loses [0].Value",
    "inventory_with_every_member": "loses Destination.S3BucketDestination.Encryption.SSES3",
    "metrics_with_every_member": "loses Filter, Id",
    "delete_of_an_absent_metrics_configuration": "deletes the bucket",
    "request_payment_of_a_new_bucket": "loses Payer",
    "pages_of_list_buckets": "drops what comes after the first page",
    "another_account_sees_no_bucket": "sees them",
    "another_account_reads_no_bucket": "accepted",
    "assuming_a_role_that_is_not_there": "accepted",
}


@pytest.mark.parametrize("name", PROBES)
def test_localstack_is_as_far_from_aws_as_is_known(name: str, localstack: LocalStack) -> None:
    assert difference(name, localstack.endpoint) == LOCALSTACK_GETS_WRONG.get(name, RIGHT)


@pytest.mark.parametrize("name", PROBES)
def test_moto_is_as_far_from_aws_as_is_known(name: str, moto_server: MotoServer) -> None:
    assert difference(name, moto_server.endpoint) == MOTO_GETS_WRONG.get(name, RIGHT)


def test_every_pin_has_its_probe() -> None:
    assert LOCALSTACK_GETS_WRONG.keys() | MOTO_GETS_WRONG.keys() <= PROBES.keys()
