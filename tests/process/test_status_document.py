import pytest
from hypothesis import given
from hypothesis import strategies as st

from securebucket.api.status import SecureBucketStatus
from securebucket.process.status_document import read_status, status_patch, write_status

VALUES = st.sampled_from([1, 2, "x", [], [1, 2], [{"a": 1}]])
LEAVES = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)
BRANCHES = st.dictionaries(st.sampled_from("abc"), VALUES | LEAVES, max_size=3)
DOCUMENTS = st.dictionaries(st.sampled_from("abc"), VALUES | BRANCHES, max_size=3)


def merged(document, patch):
    """Apply a merge patch as RFC 7386 says."""
    if not isinstance(patch, dict):
        return patch
    result = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


@given(DOCUMENTS, DOCUMENTS)
def test_the_patch_leads_from_one_to_the_other(before, after):
    assert merged(before, status_patch(before, after)) == after


def test_what_a_newer_release_wrote_goes_since_nobody_would_keep_it_true():
    """An older operator sees it where only the definitions are newer; by its own, the API server does not show it."""
    stored = {"observedGeneration": 1, "forecast": {"weather": "fine"}}
    patch = status_patch(stored, write_status(read_status(stored)))
    assert {name for name, value in patch.items() if value is None} == {"forecast"}


@given(DOCUMENTS)
def test_equal_documents_need_no_patch(document):
    assert status_patch(document, document) == {}


@pytest.mark.parametrize(
    ("before", "after", "patch"),
    [
        ({}, {"a": 1}, {"a": 1}),
        ({"a": 1}, {}, {"a": None}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, {"a": {"c": 3}}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"c": 2}}, {"a": {"b": None}}),
        ({"a": [1, 2]}, {"a": [1]}, {"a": [1]}),
        ({"lastVerifiedAt": "1"}, {"lastVerifiedAt": "2"}, {}),
        ({"lastVerifiedAt": "1"}, {"lastVerifiedAt": "2", "a": 1}, {"lastVerifiedAt": "2", "a": 1}),
        ({}, {"lastVerifiedAt": "1"}, {}),
        ({"oldestReadingAt": "1"}, {"oldestReadingAt": "2", "lastVerifiedAt": "3"}, {}),
    ],
)
def test_only_what_differs_is_written(before, after, patch):
    assert status_patch(before, after) == patch


def test_the_memory_of_a_bucket_is_never_removed():
    """Without it, a bucket that somebody deleted would be made again, empty."""
    assert status_patch({"bucket": {"name": "b"}, "a": 1}, {}) == {"a": None}


def test_a_status_survives_being_written_and_read():
    written = {
        "observedGeneration": 3,
        "conditions": [
            {
                "type": "Ready",
                "status": "True",
                "observedGeneration": 3,
                "lastTransitionTime": "2026-01-01T00:00:00Z",
                "reason": "Verified",
                "message": "",
            }
        ],
        "controls": [{"name": "encryption", "state": "InSync", "message": ""}],
    }
    assert write_status(read_status(written)) == written


def test_fields_of_another_version_do_not_hide_the_rest():
    status = read_status({"observedGeneration": 3, "phase": "Done", "compliance": "odd"})
    assert status == SecureBucketStatus(observed_generation=3)
