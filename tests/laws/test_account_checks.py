"""Laws of account documents and their checks: names, words, rights, and an answer to every answer."""

import re
from typing import Any

import botocore.session
import pytest
from tests.account.answers import ACCOUNT, DENIED, GOOD, REGIONS, access_point, good, reads, verdicts
from tests.laws.aws_model import problems_of_answer, problems_of_question

from securebucket.api.check_id import ACCOUNT_CHECK_IDS, CHECK_IDS
from securebucket.compliance.account import ACCOUNT_DOCUMENTS
from securebucket.compliance.account.account_document import AccountCheck, AccountDocument, AccountPlace
from securebucket.compliance.account.bucket_list import BucketListDocument
from securebucket.model.flow import Read
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Remedy, Result

CHECKS = [(document, check) for document in ACCOUNT_DOCUMENTS for check in document.checks]
PLACE = AccountPlace(ACCOUNT, "aws", REGIONS)
READS: dict[str, Read] = {read.name: read for each in ACCOUNT_DOCUMENTS for read in reads(each, PLACE, good())}
every_check = pytest.mark.parametrize(("document", "check"), CHECKS, ids=[check.id for _, check in CHECKS])
every_document = pytest.mark.parametrize("document", ACCOUNT_DOCUMENTS, ids=lambda each: each.name)
ACTIONS = {"s3control": "s3", "macie2": "macie2", "accessanalyzer": "access-analyzer"}
RENAMED = {
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
    "s3:ListDirectoryBuckets": "s3express:ListAllMyDirectoryBuckets",
    "s3:GetBucketLifecycleConfiguration": "s3express:GetLifecycleConfiguration",
}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html

https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-security-iam-identity-policies.html
"""

RESTS_ON = {
    "trail-bucket-logged": "DescribeTrails",
    "data-discovered-automatically": "GetMacieSession",
    "directory-buckets-have-lifecycle": "ListDirectoryBuckets",
}
"""Checks that apply only where something is set up, with what tells so."""


def reads_of(document: AccountDocument[Any]) -> set[str]:
    """Name the answers that the document's own reads give."""
    return {read.name for read in reads(document, PLACE, good())}


def test_ids_and_names_are_told_apart() -> None:
    ids = [check.id for _, check in CHECKS]
    assert sorted(ids) == sorted(ACCOUNT_CHECK_IDS)
    assert set(ids) & set(CHECK_IDS) == set()
    names = [document.name for document in ACCOUNT_DOCUMENTS]
    assert len(names) == len(set(names))


@every_check
def test_a_check_has_words_for_a_person(document: AccountDocument[Any], check: AccountCheck[Any]) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", check.id)
    assert check.title
    assert not check.title.endswith(".")
    assert check.rationale.endswith(".")
    assert check.remediation.endswith(".")
    assert check.references
    assert all(each.startswith("https://docs.aws.amazon.com/") for each in check.references)
    assert check.remedy is Remedy.OUTSIDE


@every_check
def test_a_check_can_pass(document: AccountDocument[Any], check: AccountCheck[Any]) -> None:
    assert verdicts(good())[check.id].result is Result.PASS


@every_check
def test_a_check_can_fail_unless_only_a_person_could_tell(
    document: AccountDocument[Any], check: AccountCheck[Any]
) -> None:
    """In an account in which nothing was ever set up, and whose doors are open."""
    empty = {
        name: {} if ":Get" in name else {member: [] for member in _lists(name)}
        for name in GOOD
        if name != "s3:ListBuckets"
    }
    points = {"AccessPointList": [access_point(NetworkOrigin="Internet")]}
    open_doors: dict[str, Any] = {name: points for name in GOOD if "ListAccessPoints" in name}
    if check.id in RESTS_ON:
        open_doors |= {name: GOOD[name] for name in GOOD if RESTS_ON[check.id] in name}
    doors = [
        {**each, "PublicAccessBlock": {}} for each in GOOD["s3control:ListMultiRegionAccessPoints"]["AccessPoints"]
    ]
    answers = {**empty, **open_doors, "s3control:ListMultiRegionAccessPoints": {"AccessPoints": doors}}
    expected = Result.UNKNOWN if check.id == "data-classified" else Result.FAIL
    assert verdicts(good(answers))[check.id].result is expected


@every_check
def test_a_denied_read_makes_it_unknown(document: AccountDocument[Any], check: AccountCheck[Any]) -> None:
    found = verdicts(dict.fromkeys(GOOD, DENIED))[check.id]
    assert (found.result, found.because) == (Result.UNKNOWN, DENIED.message)


@every_check
def test_each_single_denied_read_of_its_own_keeps_it_from_failing(
    document: AccountDocument[Any], check: AccountCheck[Any]
) -> None:
    for name in reads_of(document):
        assert verdicts(good({name: DENIED}))[check.id].result in {Result.UNKNOWN, Result.PASS}


@every_check
def test_it_does_not_apply_where_there_is_no_such_service(
    document: AccountDocument[Any], check: AccountCheck[Any]
) -> None:
    lacking = Unsupported("this server has no such service")
    found = verdicts({name: lacking for name in GOOD if name != "s3:ListBuckets"} | {"s3:ListBuckets": {"Buckets": []}})
    assert (found[check.id].result, found[check.id].because) == (Result.NOT_APPLICABLE, lacking.message)


@every_check
def test_it_is_unknown_where_nothing_was_asked(document: AccountDocument[Any], check: AccountCheck[Any]) -> None:
    assert verdicts({})[check.id].result is Result.UNKNOWN


@every_document
def test_no_single_answer_is_missing_without_a_verdict(document: AccountDocument[Any]) -> None:
    for name in GOOD:
        found = verdicts(good(without=(name,)))
        assert all(found[check.id].because for check in document.checks)


@every_document
def test_its_reads_are_calls_that_aws_has(document: AccountDocument[Any]) -> None:
    for read in reads(document, PLACE, good()):
        assert problems_of_question(read.service, read.api, read.parameters) == []


@every_document
def test_it_names_the_rights_that_its_reads_need(document: AccountDocument[Any]) -> None:
    needed = {f"{ACTIONS.get(read.service, read.service)}:{read.api}" for read in reads(document, PLACE, good())}
    shared = set(BucketListDocument.actions) if document.name != BucketListDocument.name else set()
    assert {RENAMED.get(each, each) for each in needed} <= {*document.actions, *shared}


@pytest.mark.parametrize("name", GOOD)
def test_the_samples_are_answers_that_aws_gives(name: str) -> None:
    read = READS[name]
    assert problems_of_answer(read.service, read.api, GOOD[name]) == []
    assert {read.required, read.pages} - {""} <= GOOD[name].keys()


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_what_comes_in_pages_is_asked_in_pages(read: Read) -> None:
    """A list of which only the first page is read would hide the rest."""
    model = botocore.session.get_session().get_service_model(read.service).operation_model(read.api)
    tokens = {"NextToken", "nextToken", "ContinuationToken"} & set(model.output_shape.members)
    assert bool(read.pages) == bool(tokens)


def test_nothing_is_asked_of_regions_before_the_buckets_are_known() -> None:
    """And no document keeps the calls of a round from the others: each begins with one read."""
    first = {next(document.observe(PLACE)).name for document in ACCOUNT_DOCUMENTS}
    assert first == {
        "s3:ListBuckets",
        "s3control:GetPublicAccessBlock",
        "s3control:ListMultiRegionAccessPoints",
    }


def test_other_partitions_have_no_multi_region_access_points() -> None:
    china = AccountPlace(ACCOUNT, "aws-cn", ("cn-north-1",))
    (read,) = [each for d in ACCOUNT_DOCUMENTS for each in reads(d, china, {}) if "MultiRegion" in each.name]
    assert read.impossible == "partition aws-cn has no Multi-Region Access Points"


def _lists(name: str) -> list[str]:
    return [member for member in (READS[name].required, READS[name].pages) if member]
