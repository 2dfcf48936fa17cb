"""Laws of reads and rights: each operation has its IAM action, which is often not the operation's name."""

from collections.abc import Mapping

from tests.laws.worlds import AnyControl, calls_of, every_control, states

from securebucket.model.call import Read

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
IAM_ACTIONS: Mapping[str, str] = {
    "get_public_access_block": "s3:GetBucketPublicAccessBlock",
    "put_public_access_block": "s3:PutBucketPublicAccessBlock",
    "get_bucket_ownership_controls": "s3:GetBucketOwnershipControls",
    "put_bucket_ownership_controls": "s3:PutBucketOwnershipControls",
    "get_bucket_acl": "s3:GetBucketAcl",
    "put_bucket_acl": "s3:PutBucketAcl",
    "get_bucket_encryption": "s3:GetEncryptionConfiguration",
    "put_bucket_encryption": "s3:PutEncryptionConfiguration",
    "get_bucket_versioning": "s3:GetBucketVersioning",
    "put_bucket_versioning": "s3:PutBucketVersioning",
    "get_object_lock_configuration": "s3:GetBucketObjectLockConfiguration",
    "put_object_lock_configuration": "s3:PutBucketObjectLockConfiguration",
    "get_bucket_policy": "s3:GetBucketPolicy",
    "put_bucket_policy": "s3:PutBucketPolicy",
    "delete_bucket_policy": "s3:DeleteBucketPolicy",
    "get_bucket_policy_status": "s3:GetBucketPolicyStatus",
    "get_bucket_logging": "s3:GetBucketLogging",
    "put_bucket_logging": "s3:PutBucketLogging",
    "get_bucket_lifecycle_configuration": "s3:GetLifecycleConfiguration",
    "put_bucket_lifecycle_configuration": "s3:PutLifecycleConfiguration",
    "delete_bucket_lifecycle": "s3:PutLifecycleConfiguration",
    "get_bucket_replication": "s3:GetReplicationConfiguration",
    "put_bucket_replication": "s3:PutReplicationConfiguration",
    "delete_bucket_replication": "s3:PutReplicationConfiguration",
    "get_bucket_notification_configuration": "s3:GetBucketNotification",
    "put_bucket_notification_configuration": "s3:PutBucketNotification",
    "get_bucket_tagging": "s3:GetBucketTagging",
    "put_bucket_tagging": "s3:PutBucketTagging",
}

ANSWERED_EMPTY = {"get_bucket_versioning", "get_bucket_logging", "get_bucket_notification_configuration"}
"""Reads that S3 answers with 200 and nothing while the document was never configured."""


def _reads(control: AnyControl) -> set[Read]:
    follow_ups = {control.follow_up(state) for state in states(control)}
    return {control.read} | {read for read in follow_ups if read is not None}


@every_control
def test_the_reads_need_just_the_rights_that_are_named(control: AnyControl) -> None:
    assert {IAM_ACTIONS[read.operation] for read in _reads(control)} == set(control.permissions.read)


@every_control
def test_the_writes_need_just_the_rights_that_are_named(control: AnyControl) -> None:
    assert {IAM_ACTIONS[call.operation] for call in calls_of(control)} == set(control.permissions.write)


@every_control
def test_rights_on_other_things_say_what_they_are_for(control: AnyControl) -> None:
    for action, resource, why in control.permissions.other:
        assert action.count(":") == 1
        assert resource.startswith("arn:*:")
        assert why


@every_control
def test_absent_is_told_by_a_code_or_by_an_empty_answer_and_never_by_both(control: AnyControl) -> None:
    """A document with a code for "absent" is always there in a 200, so that a server without it is found out."""
    empty = control.read.operation in ANSWERED_EMPTY
    assert bool(control.read.absent) is not empty
    assert bool(control.read.required) is not empty
