import pytest
from tests.fleet.bodies import record

from securebucket.fleet.index import Index, ProfileRecord
from securebucket.fleet.record import News
from securebucket.model.bucket import ObjectKey

OLD, NEW = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
SHARED = {"bucketName": "shared"}


@pytest.fixture
def index():
    return Index()


def keys(records):
    return [each.key.name for each in records]


def test_an_object_is_new_once(index):
    assert index.observe(record(version=1)) is News.NEW
    assert index.observe(record(version=2)) is News.NONE


def test_an_older_version_is_ignored(index):
    """A list that began before a change may end after the watch has told of it."""
    index.observe(record(version=5, generation=2))
    assert index.observe(record(version=4, generation=1)) is News.NONE
    assert index.get(ObjectKey("payments", "invoices")).generation == 2


def test_a_new_object_of_the_same_name_is_new(index):
    index.observe(record(version=5, uid="first"))
    assert index.observe(record(version=4, uid="second")) is News.NEW


def test_the_older_claim_comes_first(index):
    young = record("young", created=NEW, spec=SHARED)
    old = record("old", "other", created=OLD, spec=SHARED)
    index.observe(young)
    index.observe(old)
    assert [keys(side) for side in index.rivals(young)] == [["old"], []]
    assert [keys(side) for side in index.rivals(old)] == [[], ["young"]]


def test_of_two_claims_of_one_second_the_smaller_uid_is_older(index):
    first, second = record("b", uid="1", spec=SHARED), record("a", uid="2", spec=SHARED)
    index.observe(first)
    index.observe(second)
    assert keys(index.rivals(second)[0]) == ["b"]
    assert keys(index.rivals(first)[0]) == []


REGIONAL = {**SHARED, "bucketNamespace": "AccountRegional"}
WHOLE = "shared-111122223333-eu-west-1-an"
FOUND = {"bucket": {"name": WHOLE}}


@pytest.mark.parametrize("spec", [SHARED, REGIONAL])
def test_a_name_that_is_not_whole_yet_is_no_claim(index, spec):
    """The account and the region, which tell the buckets apart, are not known here."""
    old, young = record("old", created=OLD, spec=spec), record("young", created=NEW, spec=REGIONAL)
    index.observe(old)
    index.observe(young)
    assert index.rivals(young) == index.rivals(old) == ((), ())


@pytest.mark.parametrize("spec", [{"bucketName": WHOLE}, REGIONAL])
def test_a_whole_name_is_a_claim(index, spec):
    old = record("old", created=OLD, spec=REGIONAL, status=FOUND)
    young = record("young", created=NEW, spec=spec, status=FOUND)
    index.observe(old)
    index.observe(young)
    assert keys(index.rivals(young)[0]) == ["old"]
    assert index.claimants(WHOLE) == (old.key, young.key)


def test_a_bucket_named_by_default_is_claimed_too(index):
    named = record("shared", created=OLD)
    index.observe(named)
    assert keys(index.rivals(record("young", created=NEW, spec=SHARED))[0]) == ["shared"]


def test_a_changed_bucket_name_gives_up_the_claim(index):
    index.observe(record("old", created=OLD, spec=SHARED, version=1))
    index.observe(record("old", created=OLD, spec={"bucketName": "other"}, version=2))
    assert index.rivals(record("young", created=NEW, spec=SHARED)) == ((), ())


def test_the_same_name_on_another_server_is_another_bucket(index):
    index.observe_profile(ProfileRecord("ceph", "u", 1, "https://s3.example.com"))
    there = record("there", created=OLD, spec={**SHARED, "profile": "ceph"})
    here = record("here", created=NEW, spec=SHARED)
    index.observe(there)
    index.observe(here)
    assert index.rivals(here) == ((), ())


def test_two_profiles_of_one_server_are_one_place(index):
    for name in ("a", "b"):
        index.observe_profile(ProfileRecord(name, "u", 1, ""))
    old = record("old", created=OLD, spec={**SHARED, "profile": "a"})
    index.observe(old)
    assert keys(index.rivals(record("young", created=NEW, spec={**SHARED, "profile": "b"}))[0]) == ["old"]


def test_forgetting_names_those_who_wait_for_the_bucket(index):
    index.observe(record("old", created=OLD, spec=SHARED))
    index.observe(record("young", created=NEW, spec=SHARED))
    assert index.forget(ObjectKey("payments", "old")) == (ObjectKey("payments", "young"),)
    assert index.forget(ObjectKey("payments", "old")) == ()


def test_forgetting_an_earlier_object_keeps_the_new_one_of_its_name(index):
    index.observe(record(uid="second"))
    index.forget(ObjectKey("payments", "invoices"), uid="first")
    assert index.get(ObjectKey("payments", "invoices")) is not None


def test_siblings_are_all_objects_now(index):
    index.observe(record("a"))
    assert index.siblings() == {"payments/a"}
    index.observe(record("b", "other"))
    assert index.siblings() == {"payments/a", "other/b"}
    index.forget(ObjectKey("payments", "a"))
    assert index.siblings() == {"other/b"}


def test_a_profile_knows_its_users():
    index = Index(default_profile="standard")
    index.observe(record("a", spec={"profile": "special"}))
    index.observe(record("b"))
    assert index.users_of("special") == (ObjectKey("payments", "a"),)
    assert index.users_of("standard") == (ObjectKey("payments", "b"),)
    assert set(index.profiles_in_use()) == {"special", "standard"}


def test_a_changed_profile_is_told_from_a_known_one(index):
    assert index.observe_profile(ProfileRecord("p", "u", 1, ""))
    assert not index.observe_profile(ProfileRecord("p", "u", 1, ""))
    assert index.observe_profile(ProfileRecord("p", "u", 2, ""))
    assert index.observe_profile(ProfileRecord("p", "v", 2, ""))
    assert index.forget_profile("p")
    assert not index.forget_profile("p")


def test_profiles_that_a_complete_list_lacks_are_dropped(index):
    for name in ("a", "b"):
        index.observe_profile(ProfileRecord(name, "u", 1, ""))
    assert index.keep_profiles(["b", "c"]) == ("a",)


def test_it_is_complete_only_once_somebody_says_so(index):
    assert not index.complete
    index.mark_complete()
    assert index.complete


# What buckets ask of each other


def asking(name="orders", namespace="shop", target="acme-logs", reason="Ready", mode="Enforce", **body):
    status = {
        "bucket": {"name": f"acme-{name}", "accountId": "111122223333"},
        "effective": {"mode": mode, "logging": {"targetBucket": target, "targetPrefix": f"{name}/"}},
        "conditions": [{"type": "Ready", "status": "True", "reason": reason}],
    }
    return record(name, namespace, status=status, **body)


LOGS = {"spec": {"bucketName": "acme-logs"}}


def sources(index, target):
    return [each.demand.source for each in index.demands_on(target)]


def test_a_bucket_is_told_who_asks_something_of_it(index):
    logs = record("logs", "platform", **LOGS)
    for each in (logs, asking(), asking("invoices"), asking("others", target="elsewhere")):
        index.observe(each)
    assert sources(index, logs) == ["acme-invoices", "acme-orders"]
    assert {each.namespace for each in index.demands_on(logs)} == {"shop"}


def test_a_bucket_asks_nothing_of_itself(index):
    own = asking("logs", "platform", target="acme-logs", spec={"bucketName": "acme-logs"})
    index.observe(own)
    assert sources(index, own) == []


@pytest.mark.parametrize(
    "other",
    [
        asking(reason="Conflict"),
        asking(reason="AdoptionRequired"),
        asking(reason="ProfileForbidden"),
        record("orders", "shop", spec={"logging": {"targetBucket": "acme-logs"}}),
    ],
    ids=["another has the bucket", "it is nobody's", "its profile is refused", "no pass yet"],
)
def test_only_who_has_its_bucket_asks(index, other):
    logs = record("logs", "platform", **LOGS)
    index.observe(logs)
    index.observe(other)
    assert sources(index, logs) == []


def test_who_asks_no_more_is_forgotten(index):
    logs = record("logs", "platform", **LOGS)
    index.observe(logs)
    index.observe(asking(version=1))
    index.observe(asking(version=2, target="elsewhere"))
    assert sources(index, logs) == []
    index.observe(asking(version=3))
    index.forget(asking().key)
    assert sources(index, logs) == []


def test_a_bucket_of_the_same_name_on_another_server_asks_nothing(index):
    logs = record("logs", "platform", **LOGS)
    index.observe_profile(ProfileRecord("other", "u", 1, "https://s3.example.com"))
    index.observe(logs)
    index.observe(asking(spec={"profile": "other"}))
    assert sources(index, logs) == []
    index.forget_profile("other")  # nobody knows any more on which server the bucket is
    assert sources(index, logs) == []


def test_the_bucket_of_an_object_is_known_once_it_has_its_name(index):
    index.observe(record("logs", "platform", **LOGS))
    index.observe(record("regional", "platform", spec={"bucketNamespace": "AccountRegional"}))
    assert index.bucket_of("platform/logs") == "acme-logs"
    assert index.bucket_of("platform/regional") == ""
    assert index.bucket_of("platform/none") == ""
