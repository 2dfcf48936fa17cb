"""Prowler and Cloud Custodian judge the same buckets on the same server as we do, and a bucket of ours as safe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.manifests import Folder, bucket
from tests.cli.program import spawn

from securebucket.model.verdict import Result
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.scanners import custodian, prowler
from securebucket_dev.scanners.agreement import Answer, compare, outdated, unexplained
from securebucket_dev.scanners.bare_bucket import BARE, NEEDS_MORE
from securebucket_dev.scanners.configurations import CONFIGURATIONS
from securebucket_dev.scanners.disagreements import DISAGREEMENTS
from securebucket_dev.scanners.fleet import Fleet
from securebucket_dev.scanners.questions import QUESTIONS, UNASKED
from securebucket_dev.scanners.survey import Survey, survey


@pytest.fixture(scope="module")
def server() -> Iterator[LocalStack]:
    """A server of its own: scanners look at every bucket of an account."""
    with LocalStack() as started:
        yield started


@pytest.fixture(scope="module")
def surveyed(server: LocalStack, tmp_path_factory: pytest.TempPathFactory) -> Survey:
    return survey(server.endpoint, tmp_path_factory.mktemp("scanners"))


@pytest.fixture(scope="module")
def answers(surveyed: Survey) -> tuple[Answer, ...]:
    return compare(QUESTIONS, CONFIGURATIONS, surveyed.theirs, surveyed.ours)


def test_every_disagreement_is_explained(answers: tuple[Answer, ...]) -> None:
    told = [f"{' '.join(each.case)}: {each.theirs}, ours {each.ours}" for each in unexplained(answers, DISAGREEMENTS)]
    assert told == []


def test_every_explained_disagreement_occurs(answers: tuple[Answer, ...]) -> None:
    assert outdated(answers, DISAGREEMENTS) == []


def test_every_question_has_both_answers_somewhere(answers: tuple[Answer, ...]) -> None:
    """A check that passes or fails everything would agree without having looked."""
    given: dict[tuple[str, str], set[Result]] = {}
    for each in answers:
        given.setdefault((each.question.scanner, each.question.check), set()).add(each.theirs)
    one_sided = {check for (_, check), results in given.items() if not {Result.PASS, Result.FAIL} <= results}
    assert one_sided == {"s3_bucket_no_mfa_delete"}  # the server forgets MFA delete


def test_every_answer_of_a_scanner_is_compared_or_says_why_not(surveyed: Survey) -> None:
    answered = {
        (scanner, check)
        for scanner, results in surveyed.theirs.items()
        for checks in results.values()
        for check in checks
    }
    assert answered == {(each.scanner, each.check) for each in QUESTIONS} | UNASKED.keys()


@pytest.fixture(scope="module")
def bare(server: LocalStack, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """What `{bucketName}` alone makes, in an account of its own."""
    file = Folder(tmp_path_factory.mktemp("bare")).write(bucket(BARE.bucket, bucketName=BARE.bucket))
    ran = spawn(
        "apply", "-f", file, environment={"AWS_ENDPOINT_URL": server.endpoint, "AWS_ACCESS_KEY_ID": BARE.account}
    )
    assert ran.code == 0, ran.err
    return Fleet(server.endpoint, (BARE,))


def failing(results: dict[str, Result]) -> set[str]:
    return {check for check, result in results.items() if result is not Result.PASS}


def test_a_bare_bucket_passes_prowler_but_for_what_needs_more(bare: Fleet, tmp_path: Path) -> None:
    assert failing(prowler.scan(bare, tmp_path)[BARE.bucket]) == NEEDS_MORE[prowler.PROWLER].keys()


def test_a_bare_bucket_passes_custodian_but_for_what_needs_more(bare: Fleet, tmp_path: Path) -> None:
    assert failing(custodian.scan(bare, tmp_path)[BARE.bucket]) == NEEDS_MORE[custodian.CUSTODIAN].keys()
