"""What is declared already, from YAML files: buckets that `securebucket adopt` passes over, and the profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from securebucket.api.objects import BucketProfileObject, SecureBucketObject
from securebucket.cli.object_files import key_of, read_ours
from securebucket.cli.yaml_documents import Wrong, refuse
from securebucket.engine.request import Profile
from securebucket.model.bucket import ObjectKey


@dataclass(frozen=True, slots=True)
class Declared:
    """What the files hold.

    Args:
        buckets: the object that declares each bucket, by the bucket's name.
        profiles: by name.
    """

    buckets: Mapping[str, ObjectKey]
    profiles: Mapping[str, Profile]


def read_declared(files: list[Path]) -> Declared:
    """Read the SecureBuckets and BucketProfiles of files; objects of other kinds are passed over.

    Args:
        files: YAML files with any number of documents, folders of them, or `-`.

    Raises:
        CommandError: something in the files is not understood.
    """
    buckets: dict[str, ObjectKey] = {}
    profiles: dict[str, Profile] = {}
    wrong: list[Wrong] = []
    for _, each in read_ours(files, wrong, ("SecureBucket", "BucketProfile")):
        if isinstance(each, SecureBucketObject):
            buckets.setdefault(each.bucket_name, key_of(each.metadata))
        elif isinstance(each, BucketProfileObject):
            profiles[each.metadata.name] = Profile(each.metadata.name, each.spec)
    refuse(wrong)
    return Declared(buckets, profiles)
