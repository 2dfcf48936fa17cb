"""What the lists have in common of which S3 keeps each configuration under an id, such as inventories.

S3 keeps up to 1,000 of a kind, answers them in pages of 100, and takes or deletes one at a time, so that what others
keep there is never written again.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketInventoryConfigurations.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from securebucket.api import configuration_list as api
from securebucket.api.base import aws_document
from securebucket.controls.entries import foreign_stay, refuse_number, taken
from securebucket.controls.object_filter import declared_filter, read_filter, write_filter
from securebucket.model.bucket import Bucket, Origin
from securebucket.model.call import Call
from securebucket.model.control import Context, Control
from securebucket.model.document import jsonable
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.risk import Risk
from securebucket.model.understanding import NOT_UNDERSTOOD, aside, laid_over

Entry = Mapping[str, Any]

EMPTY: tuple[Any, ...] = (None, "", [])
MOST_PAGES = 100
"""Ten times as many as S3 gives. A hostile server has a next page for ever."""
SPEC_NAMES = {"IsEnabled": "enabled", "SSES3": "sseS3", "SSEKMS": "sseKms", "BucketAccountId": "accountId"}
"""Members that the spec calls otherwise than AWS does, but for a capital."""


@dataclass(frozen=True, slots=True)
class ListState:
    """The configurations.

    Args:
        configurations: in one form (see `canonical`), by their id.
    """

    configurations: Mapping[str, Entry] = field(default_factory=dict)


class ConfigurationList(Control[ListState]):
    """Keeps the declared configurations of a list, and says what becomes of the others."""

    kind: ClassVar[str]
    """Which list, as boto3 and the spec's model write it, e.g. `intelligent_tiering`."""
    block: ClassVar[type[api.ConfigurationList]]
    """The model of its block in the spec."""
    keeps_found = True

    @property
    def member(self) -> str:
        """What AWS calls one configuration, e.g. `IntelligentTieringConfiguration`."""
        return "".join(part.capitalize() for part in self.kind.split("_")) + "Configuration"

    def canonical(self, entry: Entry) -> dict[str, Any]:
        """Give a configuration as S3 answers it in one form; members not known here are carried along.

        Without `Id`, which is the key; `Filter` is flat (see `object_filter`), and what is empty is left out.
        """
        said = {name: _said(jsonable(value)) for name, value in entry.items() if name not in {"Id", "Filter"}}
        predicates = read_filter(entry)
        return {name: value for name, value in said.items() if value not in EMPTY} | (
            {"Filter": predicates} if predicates else {}
        )

    def declared(self, configuration: Any, bucket: Bucket) -> dict[str, Any]:
        """Give a configuration of the spec as S3 would answer it."""
        document: dict[str, Any] = aws_document(configuration)
        return document | {"Filter": write_filter(declared_filter(configuration.filter))}

    def observe(self, bucket: Bucket) -> Flow[Any]:
        """Read all pages. An empty list has no member; whether there is a next page is said in every answer."""
        member, found, token = f"{self.member}List", dict[str, Entry](), ""
        for page in range(1, MOST_PAGES + 1):
            answer = yield Read(
                f"list_bucket_{self.kind}_configurations",
                item=str(page) if page > 1 else "",
                parameters={"ContinuationToken": token} if token else {},
                required="IsTruncated",
                entries=(member,),
            )
            entries = (answer or {}).get(member) or ()
            if not all(entry.get("Id") for entry in entries):
                return self._unreadable("a configuration without Id")  # nobody could delete it
            ids = [entry["Id"] for entry in entries]
            if len({*ids, *found}) < len(ids) + len(found):
                return self._unreadable("two configurations of one Id")  # one of them would hide the other
            found |= {entry["Id"]: aside(self.canonical, entry) for entry in entries}
            if not (answer or {}).get("IsTruncated"):
                return ListState(found)
            token = answer.get("NextContinuationToken") or ""
            if not token:
                return self._unreadable("a next page without NextContinuationToken")
        return self._unreadable(f"more than {MOST_PAGES} pages")

    def _unreadable(self, what: str) -> Failure:
        api_name = f"ListBucket{self.member}s"
        return Failure(
            "AnswerUnreadable",
            f"{api_name} answered with {what}, which AWS does not; check the endpoint and the proxy.",
            retry=True,
            operation=api_name,
        )

    def desired(self, context: Context, observed: ListState) -> ListState:
        """Lay the declared configurations over those that stay."""
        kept = {name: observed.configurations[name] for name in self.kept(context, observed)}
        return ListState(kept | laid_over(observed.configurations, self._wanted(context)))

    def sent(self, observed: ListState, desired: ListState) -> ListState:
        """Give the configurations that are put: the others are left alone, understood or not."""
        before = observed.configurations
        return ListState({name: each for name, each in desired.configurations.items() if before.get(name) != each})

    def refuse(self, context: Context, observed: ListState, desired: ListState) -> Failure | None:
        """Refuse more configurations than S3 takes, those of others included."""
        there, wanted = observed.configurations, desired.configurations
        return refuse_number(self.name, there, wanted, self.kept(context, observed), api.MOST)

    def calls(self, context: Context, observed: ListState, desired: ListState) -> tuple[Call, ...]:
        """Delete what is not to be there, which the read has just shown, and put what is new or differs."""
        gone = sorted(observed.configurations.keys() - desired.configurations.keys())
        put = sorted(self.sent(observed, desired).configurations.items())
        return (
            *(Call(f"delete_bucket_{self.kind}_configuration", {"Id": name}) for name in gone),
            *(
                Call(f"put_bucket_{self.kind}_configuration", {"Id": name, self.member: written(name, entry)})
                for name, entry in put
            ),
        )

    def risk(self, context: Context, observed: ListState, desired: ListState) -> Risk:
        """Tell of a lock-out when something goes from an adopted bucket: people may live by its reports."""
        goes = observed.configurations.keys() - desired.configurations.keys()
        return Risk.LOCKOUT if goes and context.bucket.origin is Origin.ADOPTED else Risk.NONE

    def declaration(self, state: ListState) -> dict[str, Any] | None:
        """Declare the configurations as they are, where the API takes them."""
        entries = state.configurations
        if any(NOT_UNDERSTOOD in entry for entry in entries.values()):
            return None
        block = {"configurations": [{"id": name, **_in_spec(entries[name])} for name in sorted(entries)]}
        return taken(block, self.block)

    def kept(self, context: Context, state: ListState) -> tuple[str, ...]:
        """Name the configurations that are not declared and stay."""
        if not foreign_stay(self._declared_block(context).foreign, context.bucket):
            return ()
        return tuple(sorted(state.configurations.keys() - self._wanted(context).keys()))

    def _wanted(self, context: Context) -> dict[str, Entry]:
        return {
            each.id: self.canonical(self.declared(each, context.bucket))
            for each in self._declared_block(context).configurations
        }

    def _declared_block(self, context: Context) -> api.ConfigurationList:
        block: api.ConfigurationList = getattr(context.spec, self.kind)
        return block


def written(name: str, entry: Entry) -> dict[str, Any]:
    """Write a canonical configuration as its PUT takes it; S3 takes no filter that is empty."""
    return {"Id": name, **entry} | ({"Filter": write_filter(entry["Filter"])} if "Filter" in entry else {})


def _said(value: Any) -> Any:
    """Leave out members that say nothing; an empty structure says something: `SSES3` has no members."""
    if isinstance(value, Mapping):
        return {name: _said(item) for name, item in value.items() if item not in EMPTY}
    if isinstance(value, list):
        return [_said(item) for item in value]
    return value


def _in_spec(value: Any) -> Any:
    """Write a canonical configuration in the names of the spec, which has no `S3BucketDestination`."""
    if isinstance(value, list):
        return [_in_spec(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    members = {**value, **value.get("S3BucketDestination", {})}
    return {
        SPEC_NAMES.get(name) or name[0].lower() + name[1:]: item if name == "Tags" else _in_spec(item)
        for name, item in members.items()
        if name != "S3BucketDestination"
    }
