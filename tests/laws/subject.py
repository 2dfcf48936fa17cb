"""What the laws need to know of one control. It is written down here as AWS has it, never taken from the product."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.laws.stage import Stage

Spec = Mapping[str, Any]
Answer = Mapping[str, Any]


class Gone:
    """Stands for the value of a member that is taken out."""


GONE = Gone()


def _as_it_is(parameters: dict[str, Any]) -> dict[str, Any]:
    return parameters


@dataclass(frozen=True, kw_only=True)
class Document:
    """How anybody reads, writes and deletes the document with plain boto3.

    Args:
        get: boto3's name of the read.
        put: boto3's name of the write.
        member: of the PUT, into which the whole answer of the read goes; empty where the two have the same members.
        delete: boto3's name of the call that deletes it; empty where there is none.
        absent: the code with which S3 says that it was never configured; empty where it answers 200 with nothing.
        always: what S3 answers where it was never put and says something all the same.
        after_read: makes what was read into parameters of the PUT, where that takes more than `member`.
        before_put: makes such parameters into what boto3 takes.
        put_makes: the write makes a document where there is none, and changes none that is there.
        listed: member of the read's answer with the entries of a list of which each is put and deleted by its `Id`;
            `member` is then the list of them. Empty for one document.
    """

    get: str
    put: str
    member: str = ""
    delete: str = ""
    absent: str = ""
    always: Mapping[str, str] = field(default_factory=dict)
    after_read: Callable[[dict[str, Any]], dict[str, Any]] = _as_it_is
    before_put: Callable[[dict[str, Any]], dict[str, Any]] = _as_it_is
    put_makes: bool = False
    listed: str = ""


@dataclass(frozen=True)
class Tampering:
    """One change by somebody else.

    Args:
        name: what is done, for the test's name.
        drifted: the fields of the control's state that must be named.
        edits: members and their new values (see `documents.edit`); a function makes the value on the stage.
        sample: index of the sample spec that is declared; None for `spec`.
        spec: what is declared otherwise.
        deletes: the whole document is deleted instead.
        acl: the ACL that is put besides, as `put_bucket_acl` takes it.
        leaves: the document after the repair; None where it is as it was.
    """

    name: str
    drifted: tuple[str, ...]
    edits: Mapping[str, Any] = field(default_factory=dict)
    sample: int | None = None
    deletes: bool = False
    acl: Mapping[str, str] = field(default_factory=dict)
    spec: Spec = field(default_factory=dict)
    leaves: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """An entry that somebody else writes into a list-like document, which is one whose block has a field `foreign`.

    Args:
        path: of the list in the parameters of the PUT.
        entry: makes the entry, on a stage, for a bucket of that name.
        name: what messages call the entry.
        told: what they call its removal by; empty for the entry's name.
        frame: the document without any entry, for buckets that have none yet.
        ours: makes a block on a stage whose declaration changes the document, so that theirs has to go along.
        needs: what the block must declare for such entries to count at all.
        document: in which the entries are, where that is not the subject's own.
        stays: whether it stays on a bucket of ours too, when nothing is declared, because it cannot take data out.
        unshown: servers that cannot show it, and why.
    """

    path: str
    entry: Callable[[Stage, str], Mapping[str, Any]]
    name: str
    frame: Mapping[str, Any]
    ours: Callable[[Stage], Spec]
    told: str = ""
    needs: Spec = field(default_factory=dict)
    document: Document | None = None
    stays: bool = False
    unshown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Limit:
    """What a server does not do as AWS does: why, the state in which the control ends, what is tried in every pass."""

    why: str
    state: str = "Unsupported"
    tried: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One control as the laws try it.

    Args:
        specs: as people write them; together they name every field of the control's block.
        readings: answers as S3 and other servers give them, odd ones, and with entries of others; each with the answer
            to the second read, which is None where none is made.
        document: its operations.
        rights: the IAM action of each operation by which the operator reads or writes the document, by boto3's name
            (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html).
        tamperings: what others do to the document, and where the difference must be seen; together they change every
            member that AWS's document has.
        untampered: members that nobody can change behind our back, and why.
        foreign: an entry of others; None where the document has no entries that others may own.
        beside: what else may have been read of the bucket, by control and its answer: the calls depend on it.
        listed: the document is a list of entries all the same: one that is not understood spoils no other.
        told_as: what CloudTrail calls operations on the document otherwise than the API does
            (https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html).
        written_at_first: the write that a new bucket on LocalStack needs when nothing is declared; empty for none.
        limits: the samples that a server cannot hold, by server and index of the sample.
        unseen: the tamperings that a server cannot show besides, by server and name of the tampering, and why.
        resolved: fields of the block that no control sees: another one of it has taken their place before.
        unknown_to: servers that do not know the document, and what they do instead; there it is Unsupported.
        kept_whole_with: servers that keep a part of the document only, and what a block has to declare for that to do.
    """

    specs: tuple[Spec, ...]
    readings: tuple[tuple[Answer, Answer | None], ...]
    document: Document
    rights: Mapping[str, str]
    tamperings: tuple[Tampering, ...]
    untampered: Mapping[str, str] = field(default_factory=dict)
    foreign: Foreign | None = None
    beside: Mapping[str, Answer] = field(default_factory=dict)
    listed: bool = False
    told_as: Mapping[str, str] = field(default_factory=dict)
    written_at_first: str = ""
    limits: Mapping[str, Mapping[int, Limit]] = field(default_factory=dict)
    unseen: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    resolved: tuple[str, ...] = ()
    unknown_to: Mapping[str, str] = field(default_factory=dict)
    kept_whole_with: Mapping[str, Spec] = field(default_factory=dict)
