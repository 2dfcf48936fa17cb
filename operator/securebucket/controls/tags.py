"""Tags of the bucket, among them the two that say whose it is.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from securebucket.api.base import Foreign
from securebucket.controls.abac import AbacState
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.observation import is_unread
from securebucket.model.ownership_tags import ownership_tags
from securebucket.model.understanding import NOT_UNDERSTOOD, WHOLE, aside
from securebucket.model.verdict import Check, Remedy, Severity, Subject, Verdict, failed, passed

SYSTEM = "aws:"
LIMIT = 50
"""Tags that users may set on a bucket; AWS does not count its own."""
UNDER_ABAC = (
    "The bucket has ABAC on, with which S3 takes tags by TagResource and UntagResource only; they need"
    " s3:TagResource and s3:UntagResource, and no policy that denies them by the tags themselves."
)
ABAC_UNKNOWN = (
    "Whether the bucket has ABAC on could not be read, and with it S3 refuses PutBucketTagging: give the operator"
    " s3:GetBucketAbac."
)


@dataclass(frozen=True, slots=True)
class TagsState:
    """All tags of the bucket.

    Args:
        tags: values by key.
        further: what a tag has besides, where this release does not know it, by key; what the document has, by an empty
            one. Neither keeps the tags from telling whose the bucket is.
    """

    tags: Mapping[str, str]
    further: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def judge_tagged(_: Subject, state: TagsState) -> Verdict:
    """Pass with any tag that is not AWS's own, as the Config rule does."""
    keys = sorted(key for key in state.tags if not key.startswith(SYSTEM))
    return passed(f"tags are {', '.join(keys)}") if keys else failed("the bucket has no tags")


class TagsControl(Control[TagsState]):
    """Keeps the ownership tags and the declared ones."""

    name = "tags"
    permissions = Permissions(
        read=("s3:GetBucketTagging",),
        write=("s3:PutBucketTagging", "s3:TagResource", "s3:UntagResource"),
    )
    written_by = ("PutBucketTagging", "DeleteBucketTagging", "TagResource", "UntagResource")
    checks = (
        Check(
            id="tagged",
            title="The bucket has tags, so that an inventory can tell what it is",
            severity=Severity.LOW,
            rationale="An inventory cannot tell whose bucket it is, and attribute-based access does not apply.",
            remediation="Declare tags in spec.tags.tagSet.",
            remedy=Remedy.BUCKET,
            references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html",),
            judge=judge_tagged,
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[TagsState]:
        """Read the tags; moto leaves out the `Value` of an empty one."""
        answer = yield Read(
            "get_bucket_tagging",
            absent=frozenset({"NoSuchTagSet", "NoSuchTagSetError"}),
            required="TagSet",
            entries=(WHOLE,),
        )
        document = answer or {}
        tags = [tag for tag in document.get("TagSet", ()) if "Key" in tag]
        others = [tag for tag in document.get("TagSet", ()) if "Key" not in tag]  # no tag at all
        beside = [*document.get(NOT_UNDERSTOOD, ()), *(name for tag in others for name in tag.get(NOT_UNDERSTOOD, ()))]
        further = {tag["Key"]: aside(lambda _: {}, tag) for tag in tags if NOT_UNDERSTOOD in tag}
        return TagsState(
            tags={tag["Key"]: tag.get("Value") or "" for tag in tags},
            further=further | ({"": {NOT_UNDERSTOOD: beside}} if beside else {}),
        )

    def desired(self, context: Context, observed: TagsState) -> TagsState:
        """Lay the declared tags and the ownership tags over those that stay."""
        staying = {key: observed.tags[key] for key in self.kept(context, observed)}
        tags = staying | self._ours(context)
        return TagsState(tags, {key: each for key, each in observed.further.items() if key in tags or not key})

    def refuse(self, context: Context, observed: TagsState, desired: TagsState) -> Failure | None:
        """Refuse more tags than a bucket can have."""
        count = sum(not key.startswith(SYSTEM) for key in desired.tags)
        if count <= LIMIT:
            return None
        return Failure(
            "TooManyTags",
            f"the bucket would have {count} tags, and S3 takes {LIMIT}; declare fewer in spec.tags.tagSet, set"
            " spec.tags.foreign to Remove, or remove tags that nobody needs.",
        )

    def calls(self, context: Context, observed: TagsState, desired: TagsState) -> tuple[Call, ...]:
        """Put all tags: S3 replaces the set. With ABAC on it refuses that, and takes them one by one.

        AWS's own (`aws:cloudformation:stack-name`) are carried along: S3 takes them as long as they do not change, and
        refuses a set without them (InvalidTag, "System Tags cannot be removed by requester").
        """
        abac = context.observed.get("abac")
        if isinstance(abac, AbacState) and abac.enabled:
            return _one_by_one(context.bucket.arn, observed.tags, desired.tags)
        why = ABAC_UNKNOWN if is_unread(abac) else ""
        return (Call("put_bucket_tagging", {"Tagging": {"TagSet": _tag_set(desired.tags)}}, why=why),)

    def kept(self, context: Context, state: TagsState) -> tuple[str, ...]:
        """Name the tags that are not ours and stay; AWS's own always do."""
        others = sorted(state.tags.keys() - self._ours(context).keys())
        if context.spec.tags.foreign is Foreign.KEEP:
            return tuple(others)
        return tuple(key for key in others if key.startswith(SYSTEM))

    @staticmethod
    def _ours(context: Context) -> dict[str, str]:
        return {**context.spec.tags.tag_set, **ownership_tags(context.bucket)}


def _one_by_one(arn: str, before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Call, ...]:
    """Set what is new or has another value, then take away what goes; the other way round where both have no room."""
    changed = {key: value for key, value in after.items() if key not in before or before[key] != value}
    gone = sorted(before.keys() - after.keys())
    setting = {"ResourceArn": arn, "Tags": _tag_set(changed)}
    taking = {"ResourceArn": arn, "TagKeys": gone}
    calls = [
        *([Call("tag_resource", setting, service="s3control", why=UNDER_ABAC)] if changed else []),
        *([Call("untag_resource", taking, service="s3control", why=UNDER_ABAC)] if gone else []),
    ]
    return tuple(calls if len(before.keys() | after.keys()) <= LIMIT else reversed(calls))


def _tag_set(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
