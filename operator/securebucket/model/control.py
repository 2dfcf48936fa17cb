"""The one abstraction: a control is one AWS configuration document of a bucket (one GET, one PUT).

A control is pure. It says how its document is read, what it means, what it should be and which calls would make it
so; it never calls. Difference is plain equality of two states, field by field.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from securebucket.api.bucket_profile import Floor
from securebucket.api.spec import Role, SecureBucketSpec
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.demand import Demand
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, drive, never_configured
from securebucket.model.observation import Observation
from securebucket.model.risk import Risk
from securebucket.model.surroundings import Facts, Query
from securebucket.model.verdict import Check

S = TypeVar("S")

ANY_BUCKET = Bucket("", "", "", "aws")
"""Stands for a bucket where none is read: how documents are called is the same for all."""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a control may look at to decide.

    Args:
        bucket: the bucket.
        spec: the effective spec: the object's, over the profile's defaults, over the secure defaults.
        observed: what was read of every control, by its name.
        facts: answers to the questions that the controls asked.
        rights: IAM actions on the bucket that the controls need: what a policy must not take from the operator.
        demands: what other buckets ask of this one, as far as the profile admits them.
        promised: buckets of which other passes see to it that they take what comes from this one.
    """

    bucket: Bucket
    spec: SecureBucketSpec
    observed: Mapping[str, Observation]
    facts: Facts
    rights: tuple[str, ...]
    demands: tuple[Demand, ...] = ()
    promised: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FloorTerm:
    """One setting that a profile's floor asks for.

    Args:
        field: dotted path within the control's block, in API names; empty for the whole block.
        met: whether the spec has it.
        demand: what it must be, as the end of a sentence.
    """

    field: str
    met: bool
    demand: str


class Control(ABC, Generic[S]):
    """One configuration document of a bucket: how it is read, what it should be, what to call, how it is judged."""

    name: ClassVar[str]
    """Spec field = status name = metric label."""
    permissions: ClassVar[Permissions]
    written_by: ClassVar[tuple[str, ...]]
    """What CloudTrail calls the operations by which anybody changes the document; its names are not always the API's.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
    """
    requires: ClassVar[tuple[str, ...]] = ()
    """Controls whose change, if one is due, must have succeeded before this one's is tried."""
    impossible: ClassVar[Mapping[Role, tuple[str, ...]]] = {}
    """Fields of its block that a bucket with some role cannot have, in API names.

    In the object itself they are refused (a rule of the API); a profile's defaults and its floor do not reach them.
    """
    checks: ClassVar[tuple[Check[Any], ...]] = ()
    read_in_turn: ClassVar[bool] = False
    """Whether the document is read in its turn only: it lets no data out, and can neither lose nor expose any.

    See `engine.turns`; everything else is read in every pass.
    """
    keeps_found: ClassVar[bool] = False
    """Whether an object that a release without this control has verified keeps what is found at its first sight.

    So of every control that is added after a release, by its `declaration`; see `engine.first_sight`.
    """
    new_fields: ClassVar[tuple[str, ...]] = ()
    """Fields of its block, in API names, that came when a release had the control already.

    What they are about, an object that such a release has verified keeps as it is found, by `found_block`, unless the
    spec says one of them.
    """

    @abstractmethod
    def observe(self, bucket: Bucket) -> Flow[S]:
        """Read the document, and whatever it takes to understand it, into its canonical state.

        Answers that mean the same give equal states, and never configured has a state of its own.
        """

    def documents(self) -> tuple[str, ...]:
        """Name the reads of a bucket of which nothing is configured, the document itself first."""
        return tuple(drive(self.observe(ANY_BUCKET), never_configured).answers)

    def facts(self, context: Context, observed: S) -> tuple[Query[Any], ...]:
        """Ask about things outside the bucket. Asked in every pass where a query is returned: return what is needed."""
        return ()

    @abstractmethod
    def desired(self, context: Context, observed: S) -> S:
        """Give the observed state with our part put right, so that what others wrote survives where it may."""

    def refuse(self, context: Context, observed: S, desired: S) -> Failure | None:
        """Say why the change must not be sent (a lock-out, a disabled key); None lets it pass."""
        return None

    @abstractmethod
    def calls(self, context: Context, observed: S, desired: S) -> tuple[Call, ...]:
        """Name the writes that turn `observed` into `desired`, in order; asked only when they differ."""

    def sent(self, observed: S, desired: S) -> S:
        """Give the part of the desired state that the calls carry: all of it, as S3 takes most documents."""
        return desired

    def risk(self, context: Context, observed: S, desired: S) -> Risk:
        """Tell the worst that the change can do."""
        return Risk.NONE

    def warning(self, context: Context, observed: S, desired: S) -> str:
        """Say what a person should know and do before the change is made; empty for nothing."""
        return ""

    def floor_terms(self, spec: SecureBucketSpec, floor: Floor) -> tuple[FloorTerm, ...]:
        """Say what a profile's floor asks of this control; nothing where it asks nothing."""
        return ()

    def declaration(self, state: S) -> dict[str, Any] | None:
        """Give the block of the spec that keeps a state as it was found; None where no block can.

        Only where silence means something else: rules, targets, tags and statements of others stay on an adopted
        bucket anyway. Whether the block keeps it is for the plan to say: a profile may have defaults that no block can
        take back.
        """
        return None

    def found_block(self, state: S) -> dict[str, Any] | None:
        """Give the block that keeps what an older release could not see; with `new_fields`, of those fields alone."""
        return self.declaration(state)

    def kept(self, context: Context, state: S) -> tuple[str, ...]:
        """Name the entries that others wrote and that stay."""
        return ()


def rights_on_bucket(controls: Iterable[Control[Any]]) -> tuple[str, ...]:
    """Name the IAM actions that controls need on the bucket itself, each once."""
    needed = (action for control in controls for action in (*control.permissions.read, *control.permissions.write))
    return tuple(dict.fromkeys(needed))
