"""Lists of configurations by id: how their pages are read, what is written of them, and what stays."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.controls.builders import context, first_read, reading_of, state_of

from securebucket.api.spec import SecureBucketSpec
from securebucket.controls.analytics import AnalyticsControl
from securebucket.controls.configuration_list import MOST_PAGES, ConfigurationList, ListState
from securebucket.controls.intelligent_tiering import IntelligentTieringControl
from securebucket.controls.inventory import InventoryControl
from securebucket.controls.request_metrics import MetricsControl
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.document import fields_of
from securebucket.model.failure import Failure
from securebucket.model.observation import Observation
from securebucket.model.risk import Risk
from securebucket.model.understanding import NOT_UNDERSTOOD, refusal

METRICS = MetricsControl()
ABSENT = ListState()
WHOLE = {"Id": "whole"}
PART = {"Id": "part", "Filter": {"Prefix": "a/"}}
TARGET = {"Bucket": "arn:aws:s3:::acme-reports", "Format": "CSV"}
INVENTORY: dict[str, Any] = {
    "Id": "daily",
    "IsEnabled": True,
    "Destination": {"S3BucketDestination": TARGET},
    "IncludedObjectVersions": "All",
    "Schedule": {"Frequency": "Daily"},
}
TIERING = {"Id": "old", "Status": "Enabled", "Tierings": [{"AccessTier": "ARCHIVE_ACCESS", "Days": 90}]}
EXPORT = {"OutputSchemaVersion": "V_1", "Destination": {"S3BucketDestination": TARGET}}
ANALYSIS: dict[str, Any] = {"Id": "use", "StorageClassAnalysis": {"DataExport": EXPORT}}

Entry = Mapping[str, Any]


def page(control: ConfigurationList, *entries: Entry, token: str = "") -> dict[str, Any]:
    more = {"NextContinuationToken": token} if token else {}
    return {f"{control.member}List": list(entries), "IsTruncated": bool(token), **more}


def state(*entries: Entry, control: ConfigurationList = METRICS) -> ListState:
    found = state_of(control, page(control, *entries))
    assert isinstance(found, ListState)
    return found


def desired(block: Any, observed: ListState = ABSENT, origin: Origin = Origin.CREATED) -> ListState:
    return METRICS.desired(context({"metrics": block}, origin=origin), observed)


def failure(observation: Observation) -> Failure:
    assert isinstance(observation, Failure)
    return observation


# reading


def test_an_empty_list_has_no_configurations() -> None:
    assert state_of(METRICS, {"IsTruncated": False}) == state_of(METRICS) == ABSENT


def test_an_answer_that_does_not_say_whether_there_is_more_comes_from_another_server() -> None:
    """Nothing is deleted there: it could take the DELETE for the bucket's."""
    assert first_read(METRICS).required == "IsTruncated"


def test_all_pages_are_read() -> None:
    found = reading_of(METRICS, page(METRICS, WHOLE, token="a"), page(METRICS, PART, token="b"), page(METRICS))
    assert list(found.observation.configurations) == ["whole", "part"]
    names = [f"ListBucketMetricsConfigurations{each}" for each in ("", "/2", "/3")]
    assert list(found.answers) == names


def test_each_page_is_asked_for_with_what_the_one_before_gave() -> None:
    flow = METRICS.observe(context().bucket)
    reads = [next(flow), flow.send(page(METRICS, token="a")), flow.send(page(METRICS, token="b"))]
    assert [dict(each.parameters) for each in reads] == [{}, {"ContinuationToken": "a"}, {"ContinuationToken": "b"}]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"IsTruncated": True}, "without NextContinuationToken"),
        ({"MetricsConfigurationList": [{"Filter": {"Prefix": "a/"}}], "IsTruncated": False}, "without Id"),
        (
            {"MetricsConfigurationList": [{"Id": "a", "Filter": {"Prefix": "a/"}}, {"Id": "a"}], "IsTruncated": False},
            "one Id",
        ),
    ],
)
def test_a_list_of_which_a_part_cannot_be_told_is_not_read(answer: Any, says: str) -> None:
    found = failure(state_of(METRICS, answer))
    assert (found.reason, found.retry) == ("AnswerUnreadable", True)
    assert says in found.message


def test_a_list_without_end_is_not_read() -> None:
    pages = [page(METRICS, {"Id": str(number)}, token="again") for number in range(MOST_PAGES + 1)]
    found = reading_of(METRICS, *pages)
    assert f"more than {MOST_PAGES} pages" in failure(found.observation).message
    assert len(found.answers) == MOST_PAGES


def test_a_page_that_cannot_be_read_hides_the_whole_list() -> None:
    denied = Failure("AccessDenied", "it was denied.")
    assert reading_of(METRICS, page(METRICS, WHOLE, token="a"), denied).observation == denied


@pytest.mark.parametrize(
    ("control", "one", "other"),
    [
        (METRICS, WHOLE, WHOLE | {"Filter": {"Prefix": ""}}),
        (METRICS, WHOLE, WHOLE | {"Filter": {}}),
        (METRICS, PART, PART | {"Filter": {"And": {"Prefix": "a/", "Tags": []}}}),
        (AnalyticsControl(), {"Id": "a"}, {"Id": "a", "StorageClassAnalysis": {}}),
        (InventoryControl(), INVENTORY, INVENTORY | {"OptionalFields": [], "Filter": {"Prefix": ""}}),
        (
            InventoryControl(),
            INVENTORY | {"OptionalFields": ["Size", "ETag"]},
            INVENTORY | {"OptionalFields": ["ETag", "Size", "ETag"]},
        ),
        (
            InventoryControl(),
            INVENTORY,
            INVENTORY | {"Destination": {"S3BucketDestination": {**TARGET, "Prefix": "", "Encryption": {}}}},
        ),
        (
            IntelligentTieringControl(),
            TIERING | {"Tierings": [{"AccessTier": each, "Days": 180} for each in ("A", "B")]},
            TIERING | {"Tierings": [{"AccessTier": each, "Days": 180} for each in ("B", "A")]},
        ),
    ],
)
def test_configurations_that_mean_the_same_are_the_same(control: ConfigurationList, one: Any, other: Any) -> None:
    assert state(one, control=control) == state(other, control=control)


def test_a_key_of_s3_is_something_else_than_no_encryption() -> None:
    encrypted = INVENTORY | {"Destination": {"S3BucketDestination": {**TARGET, "Encryption": {"SSES3": {}}}}}
    assert state(INVENTORY, control=InventoryControl()) != state(encrypted, control=InventoryControl())


def test_a_difference_names_the_configuration() -> None:
    assert list(fields_of(state(WHOLE, PART))) == ["configurations[whole]", "configurations[part]"]


# writing


def test_only_what_differs_is_written_and_what_is_not_to_be_there_is_deleted() -> None:
    block = {"configurations": [{"id": "whole"}, {"id": "part", "filter": {"prefix": "b/"}}, {"id": "new"}]}
    observed = state(WHOLE, PART, {"Id": "theirs"})
    assert METRICS.calls(context(), observed, desired(block, observed)) == (
        Call("delete_bucket_metrics_configuration", {"Id": "theirs"}),
        Call("put_bucket_metrics_configuration", {"Id": "new", "MetricsConfiguration": {"Id": "new"}}),
        Call(
            "put_bucket_metrics_configuration",
            {"Id": "part", "MetricsConfiguration": {"Id": "part", "Filter": {"Prefix": "b/"}}},
        ),
    )


@pytest.mark.parametrize(
    ("control", "entry"),
    [
        (METRICS, PART),
        (METRICS, {"Id": "a", "Filter": {"And": {"Prefix": "a/", "Tags": [{"Key": "k", "Value": "v"}]}}}),
        (AnalyticsControl(), ANALYSIS),
        (AnalyticsControl(), {"Id": "a", "StorageClassAnalysis": {}}),
        (InventoryControl(), INVENTORY | {"OptionalFields": ["ETag", "Size"], "Filter": {"Prefix": "a/"}}),
        (
            InventoryControl(),
            INVENTORY | {"Destination": {"S3BucketDestination": {**TARGET, "Encryption": {"SSES3": {}}}}},
        ),
        (IntelligentTieringControl(), TIERING),
    ],
)
def test_what_is_there_can_be_declared_and_is_put_as_it_was(control: ConfigurationList, entry: Any) -> None:
    found = state(entry, control=control)
    spec = {control.name: control.declaration(found)}
    assert SecureBucketSpec.model_validate(spec)
    wanted = control.desired(context(spec), found)
    assert wanted == found
    (call,) = control.calls(context(), ABSENT, wanted)
    assert call.parameters == {"Id": entry["Id"], control.member: entry}


def test_that_nothing_is_there_can_be_declared() -> None:
    assert METRICS.declaration(ABSENT) == {"configurations": []}


@pytest.mark.parametrize(
    ("control", "entry"),
    [
        (METRICS, WHOLE | {"Invented": "x"}),
        (METRICS, WHOLE | {NOT_UNDERSTOOD: ["Invented"]}),
        (METRICS, {"Id": "what an id!"}),
        (IntelligentTieringControl(), TIERING | {"Tierings": [{"AccessTier": "ARCHIVE_ACCESS", "Days": 1}]}),
        (InventoryControl(), INVENTORY | {"OptionalFields": ["Invented"]}),
    ],
)
def test_what_the_api_does_not_take_cannot_be_declared(control: ConfigurationList, entry: Any) -> None:
    assert control.declaration(state(entry, control=control)) is None


def test_a_configuration_that_is_not_understood_is_not_written_back_and_may_go() -> None:
    odd = state(PART | {NOT_UNDERSTOOD: ["Invented"]})
    wanted = desired({"configurations": [{"id": "part"}]}, odd)
    assert refusal("metrics", METRICS.sent(odd, wanted)) is not None
    assert refusal("metrics", METRICS.sent(odd, desired({}, odd))) is None


# of others


@pytest.mark.parametrize(
    ("origin", "block", "kept"),
    [
        (Origin.CREATED, {}, ()),
        (Origin.CREATED, {"foreign": "Keep"}, ("part", "whole")),
        (Origin.ADOPTED, {}, ("part", "whole")),
        (Origin.ADOPTED, {"configurations": [{"id": "part"}]}, ("whole",)),
        (Origin.ADOPTED, {"foreign": "Remove"}, ()),
    ],
)
def test_what_was_there_at_adoption_stays_and_what_comes_later_goes(
    origin: Origin, block: Any, kept: tuple[str, ...]
) -> None:
    situation = context({"metrics": block}, origin=origin)
    assert METRICS.kept(situation, state(WHOLE, PART)) == kept


@pytest.mark.parametrize(
    ("origin", "block", "risk"),
    [
        (Origin.ADOPTED, {"foreign": "Remove"}, Risk.LOCKOUT),
        (Origin.ADOPTED, {"foreign": "Remove", "configurations": [{"id": "whole"}, {"id": "part"}]}, Risk.NONE),
        (Origin.ADOPTED, {"configurations": [{"id": "new"}]}, Risk.NONE),
        (Origin.CREATED, {}, Risk.NONE),
    ],
)
def test_only_what_goes_from_an_adopted_bucket_needs_a_yes(origin: Origin, block: Any, risk: Risk) -> None:
    observed = state(WHOLE, PART)
    situation = context({"metrics": block}, origin=origin)
    assert METRICS.risk(situation, observed, METRICS.desired(situation, observed)) is risk


def test_a_configuration_of_others_that_is_not_understood_stays_and_hinders_nothing() -> None:
    odd = state(PART | {NOT_UNDERSTOOD: ["Invented"]})
    wanted = desired({"configurations": [{"id": "whole"}], "foreign": "Keep"}, odd)
    assert list(wanted.configurations) == ["part", "whole"]
    assert refusal("metrics", METRICS.sent(odd, wanted)) is None
    assert [call.parameters["Id"] for call in METRICS.calls(context(), odd, wanted)] == ["whole"]
