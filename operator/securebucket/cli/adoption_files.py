"""What is declared already, from YAML files: buckets that `securebucket adopt` passes over, and the profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from securebucket.api.errors import InvalidObject
from securebucket.api.objects import parse_bucket_profile, parse_secure_bucket
from securebucket.cli.yaml_documents import Wrong, read_objects
from securebucket.engine.request import Profile
from securebucket.model.bucket import ObjectKey


@dataclass(frozen=True, slots=True)
class Declared:
    """What the files hold.

    Args:
        buckets: the object that declares each bucket, by the bucket's name.
        profiles: by name.
        wrong: what is not understood.
    """

    buckets: Mapping[str, ObjectKey]
    profiles: Mapping[str, Profile]
    wrong: tuple[Wrong, ...]


def read_declared(files: list[Path]) -> Declared:
    """Read the SecureBuckets and BucketProfiles of files; objects of other kinds are passed over.

    Args:
        files: YAML files with any number of documents, folders of them, or `-`.
    """
    buckets: dict[str, ObjectKey] = {}
    profiles: dict[str, Profile] = {}
    wrong: list[Wrong] = []
    for document in read_objects(files):
        if isinstance(document, Wrong):
            wrong.append(document)
            continue
        content: Any = document.content
        kind = content.get("kind") if isinstance(content, dict) else None
        try:
            if kind == "SecureBucket":
                bucket = parse_secure_bucket(content)
                key = ObjectKey(bucket.metadata.namespace or "default", bucket.metadata.name)
                buckets.setdefault(bucket.bucket_name, key)
            elif kind == "BucketProfile":
                profile = parse_bucket_profile(content)
                profiles[profile.metadata.name] = Profile(profile.metadata.name, profile.spec)
        except InvalidObject as error:
            wrong.extend(Wrong(document.source, str(each)) for each in error.errors)
    return Declared(buckets, profiles, tuple(wrong))
