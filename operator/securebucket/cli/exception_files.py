"""BucketException objects from YAML files, for a scan, which has no cluster to ask."""

import datetime as dt
from pathlib import Path

from securebucket.api.base import API_VERSION
from securebucket.api.objects import BucketExceptionObject
from securebucket.cli.object_files import key_of, read_ours
from securebucket.cli.yaml_documents import Wrong, refuse
from securebucket.model.granted_exception import GrantedException

KIND = "BucketException"
OTHER = f"is not a {KIND}; write apiVersion: {API_VERSION}, kind: {KIND}, metadata and spec"
SELECTING = "spec.selector: selects SecureBucket objects, and a scan knows none; write spec.bucketName"


def read_exceptions(files: list[Path], now: dt.datetime) -> tuple[tuple[str, GrantedException], ...]:
    """Read the exceptions, each with the bucket that it names.

    One that was never in a cluster has no time of creation, and counts as granted now: it can only accept something for
    a year from now.

    Args:
        files: YAML files with any number of documents, folders of them, or `-`.
        now: in UTC.

    Raises:
        CommandError: something in the files is wrong. Nothing is observed then.
    """
    found: list[tuple[str, GrantedException]] = []
    wrong: list[Wrong] = []
    for source, each in read_ours(files, wrong, (KIND,), lambda _: OTHER):
        if not isinstance(each, BucketExceptionObject):
            continue
        spec = each.spec
        if spec.bucket_name is None:
            wrong.append(Wrong(source, SELECTING))
            continue
        created = each.metadata.creation_timestamp or min(now, spec.expires_at)
        name = str(key_of(each.metadata))
        granted = GrantedException(name, spec.check, spec.reason, spec.approver, created, spec.expires_at)
        found.append((spec.bucket_name, granted))
    refuse(wrong)
    return tuple(found)
