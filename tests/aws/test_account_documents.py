"""Reading an account with everything that can fail."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pytest
from botocore.exceptions import EndpointConnectionError
from tests.account.answers import verdicts
from tests.aws.wire import ACCOUNT, Answer, Wire

from securebucket.aws import account_documents
from securebucket.aws.account import Identity
from securebucket.aws.account_documents import AccountDocuments
from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.compliance.account.account_document import AccountPlace
from securebucket.model.failure import Failure
from securebucket.model.flow import NeverConfigured
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Result

PLACE = AccountPlace(ACCOUNT, "aws", ("eu-central-1",))
FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


# A scripted AWS


def xml(root: str, *inner: str) -> Answer:
    return Answer(200, f"<{root}>{''.join(inner)}</{root}>")


def told(**body: Any) -> Answer:
    return Answer(200, json.dumps(body), {"content-type": "application/json"})


def refused(code: str, message: str, status: int = 400) -> Answer:
    body = json.dumps({"__type": code, "code": code, "message": message})
    return Answer(status, body, {"content-type": "application/json", "x-amzn-errortype": code})


@dataclass
class ScriptedAws:
    """AWS without a network: clients of every service, whose requests are answered by name."""

    answers: Callable[[str, str, Any], Answer | Exception]
    asked: list[tuple[str, str]] = field(default_factory=list)
    foreign: str = ""

    def client(self, _binding: Binding, service: str, region: str = "") -> Any:
        def answer(request: Any) -> Answer | Exception:
            name = _name_of(service, request)
            self.asked.append((name, region))
            return self.answers(name, region, request)

        made = Wire(answer).client(service)
        if self.foreign:
            made.meta._endpoint_url = self.foreign
        return made


NAMES = {
    r"/v20180820/configuration/publicAccessBlock": "s3control:GetPublicAccessBlock",
    r"/v20180820/mrap/instances": "s3control:ListMultiRegionAccessPoints",
    r"/v20180820/accesspoint": "s3control:ListAccessPoints",
    r"/v20180820/accesspoint/.+": "s3control:GetAccessPoint",
    r"/detector": "guardduty:ListDetectors",
    r"/detector/.+": "guardduty:GetDetector",
    r"/analyzer": "accessanalyzer:ListAnalyzers",
    r"/macie": "macie2:GetMacieSession",
    r"/automated-discovery/configuration": "macie2:GetAutomatedDiscoveryConfiguration",
}


def _name_of(service: str, request: Any) -> str:
    path = unquote(request.url.partition("://")[2].partition("/")[2].partition("?")[0])
    if "s3express-control" in request.url:
        return "s3express"
    if service == "s3":
        return "s3:GetBucketLogging" if "logging" in request.url else "s3:ListBuckets"
    target = request.headers.get("X-Amz-Target")
    if target:
        text = target.decode() if isinstance(target, bytes) else target
        return f"{service}:{text.rpartition('.')[2]}"
    return next((name for pattern, name in NAMES.items() if re.fullmatch(pattern, f"/{path}")), f"{service}:{path}")


QUIET: Mapping[str, Answer] = {
    "s3:ListBuckets": xml("ListAllMyBucketsResult", "<Buckets/>"),
    "s3control:GetPublicAccessBlock": xml("PublicAccessBlockConfiguration", *(f"<{f}>true</{f}>" for f in FLAGS)),
    "s3control:ListMultiRegionAccessPoints": xml("ListMultiRegionAccessPointsResult", "<AccessPoints/>"),
    "s3control:ListAccessPoints": xml("ListAccessPointsResult", "<AccessPointList/>"),
    "guardduty:ListDetectors": told(detectorIds=[]),
    "accessanalyzer:ListAnalyzers": told(analyzers=[]),
    "macie2:GetMacieSession": told(status="ENABLED"),
    "macie2:GetAutomatedDiscoveryConfiguration": told(status="ENABLED"),
    "cloudtrail:DescribeTrails": told(trailList=[]),
}
"""An account with nothing in it."""


def scripted(changed: Mapping[str, Any] | None = None) -> ScriptedAws:
    """Give an AWS that answers so; what is callable is called with region and request."""
    table = {**QUIET, **(changed or {})}

    def answer(name: str, region: str, request: Any) -> Answer | Exception:
        found = table[name]
        return found(region, request) if callable(found) else found

    return ScriptedAws(answer)


def survey(aws: ScriptedAws, place: AccountPlace = PLACE, **options: Any) -> Mapping[str, Any]:
    return AccountDocuments(aws, **options).read(Binding(), place)  # type: ignore[arg-type]  # it has what is used


def test_an_empty_account_costs_nine_calls() -> None:
    aws = scripted()
    answers = survey(aws)
    assert len(aws.asked) == len(answers) == 9
    assert not [each for each in answers.values() if isinstance(each, Failure)]


def test_multi_region_access_points_are_asked_for_in_their_one_region() -> None:
    aws = scripted()
    survey(aws)
    assert [region for name, region in aws.asked if "MultiRegion" in name] == ["us-west-2"]


def test_a_denied_read_is_unknown_and_hides_no_other() -> None:
    """The reason names the service and the region, and what to do."""
    answers = survey(scripted({"guardduty:ListDetectors": refused("AccessDeniedException", "not authorized", 403)}))
    denied = answers["guardduty:ListDetectors/eu-central-1"]
    assert isinstance(denied, Failure)
    assert denied.reason == "AccessDenied"
    assert "ListDetectors in eu-central-1 was denied" in denied.message
    assert "securebucket iam-policy" in denied.message
    assert verdicts(answers)["account-public-access-blocked"].result is Result.PASS


US = AccountPlace(ACCOUNT, "aws", ("us-east-1",))


def directory_buckets(request: Any) -> Answer:
    """Answer for the control plane of directory buckets, which has a host of its own."""
    if "lifecycle" in request.url:
        return xml("LifecycleConfiguration", "<Rule><Status>Enabled</Status></Rule>")
    return xml("ListAllMyDirectoryBucketsResult", "<Buckets><Bucket><Name>a--use1-az4--x-s3</Name></Bucket></Buckets>")


def test_directory_buckets_are_asked_about_at_their_own_host() -> None:
    aws = scripted({"s3express": lambda _region, request: directory_buckets(request)})
    assert verdicts(survey(aws, US))["directory-buckets-have-lifecycle"].result is Result.PASS


def test_a_host_of_directory_buckets_that_does_not_answer_leaves_s3_its_reads() -> None:
    silent = EndpointConnectionError(endpoint_url="https://s3express-control.us-east-1.amazonaws.com")
    trails = told(trailList=[{"TrailARN": "arn:aws:cloudtrail:us-east-1:1:trail/t", "S3BucketName": "acme-trail"}])
    buckets = xml("ListAllMyBucketsResult", "<Buckets><Bucket><Name>acme-trail</Name></Bucket></Buckets>")
    logging = xml("BucketLoggingStatus", "<LoggingEnabled><TargetBucket>b</TargetBucket></LoggingEnabled>")
    changed = {"s3:ListBuckets": buckets, "cloudtrail:DescribeTrails": trails, "s3:GetBucketLogging": logging}
    found = verdicts(survey(scripted({**changed, "s3express": silent}), US))
    assert found["directory-buckets-have-lifecycle"].result is Result.UNKNOWN
    assert found["trail-bucket-logged"].result is Result.PASS


def test_another_server_is_not_asked_for_directory_buckets() -> None:
    aws = scripted()
    aws.foreign = "http://127.0.0.1:9"
    found = verdicts(survey(aws, US))["directory-buckets-have-lifecycle"]
    assert (found.result, found.because) == (Result.NOT_APPLICABLE, "this server does not know ListDirectoryBuckets")


def test_macie_that_is_off_is_not_a_missing_right() -> None:
    aws = scripted({"macie2:GetMacieSession": refused("AccessDeniedException", "Macie is not enabled", 403)})
    off = survey(aws)
    assert off["macie2:GetMacieSession/eu-central-1"] == NeverConfigured()
    assert "macie2:GetAutomatedDiscoveryConfiguration" not in dict(aws.asked)
    denied = survey(scripted({"macie2:GetMacieSession": refused("AccessDeniedException", "not authorized", 403)}))
    assert isinstance(denied["macie2:GetMacieSession/eu-central-1"], Failure)


def test_a_service_that_refuses_is_called_by_its_name() -> None:
    answers = survey(scripted({"cloudtrail:DescribeTrails": refused("InvalidTrailNameException", "no")}))
    assert "CloudTrail refuses DescribeTrails" in answers["cloudtrail:DescribeTrails/eu-central-1"].message


def test_all_pages_are_read() -> None:
    def page(_region: str, request: Any) -> Answer:
        number = 2 if "nextToken=second" in request.url else 1
        row = f"<AccessPoint><Name>point{number}</Name><AccessPointArn>arn:point{number}</AccessPointArn></AccessPoint>"
        more = "" if number == 2 else "<NextToken>second</NextToken>"
        return xml("ListAccessPointsResult", f"<AccessPointList>{row}</AccessPointList>", more)

    flags = "".join(f"<{flag}>true</{flag}>" for flag in FLAGS)
    point = xml("GetAccessPointResult", f"<PublicAccessBlockConfiguration>{flags}</PublicAccessBlockConfiguration>")
    answers = survey(scripted({"s3control:ListAccessPoints": page, "s3control:GetAccessPoint": point}))
    listed = answers["s3control:ListAccessPoints/eu-central-1"]["AccessPointList"]
    assert [each["Name"] for each in listed] == ["point1", "point2"]
    assert verdicts(answers)["access-points-blocked"].because == "all 2 access points block public access"


def points(alias: str = "a-s3alias", *names: str) -> Answer:
    rows = "".join(
        f"<AccessPoint><Name>{name}</Name><AccessPointArn>arn:{name}</AccessPointArn><Alias>{alias}</Alias></AccessPoint>"
        for name in names or ("reports",)
    )
    return xml("ListAccessPointsResult", f"<AccessPointList>{rows}</AccessPointList>")


POINT = xml(
    "GetAccessPointResult",
    "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>",
    "</PublicAccessBlockConfiguration>",
)


def test_what_an_access_point_blocks_is_asked_once() -> None:
    """It can never be changed; one of the same name that was made anew has another alias."""
    state = {"alias": "a-s3alias"}
    aws = scripted({"s3control:ListAccessPoints": lambda *_: points(state["alias"]), "s3control:GetAccessPoint": POINT})
    documents = AccountDocuments(aws)  # type: ignore[arg-type]
    counts = []
    for alias in ("a-s3alias", "a-s3alias", "b-s3alias"):
        state["alias"] = alias
        documents.read(Binding(), PLACE)
        counts.append(sum(name == "s3control:GetAccessPoint" for name, _ in aws.asked))
    assert counts == [1, 1, 2]
    assert len(documents._known) == 1  # what is gone is forgotten


def test_a_failed_answer_is_asked_again() -> None:
    aws = scripted(
        {
            "s3control:ListAccessPoints": points(),
            "s3control:GetAccessPoint": Answer(403, "<Error><Code>AccessDenied</Code></Error>"),
        }
    )
    documents = AccountDocuments(aws)  # type: ignore[arg-type]
    for _ in range(2):
        documents.read(Binding(), PLACE)
    assert sum(name == "s3control:GetAccessPoint" for name, _ in aws.asked) == 2


def test_a_round_has_an_end_and_the_next_goes_on() -> None:
    """With more access points than calls, every round comes further."""
    names = tuple(f"point{number}" for number in range(4))
    aws = scripted({"s3control:ListAccessPoints": points("x-s3alias", *names), "s3control:GetAccessPoint": POINT})
    documents = AccountDocuments(aws, most_calls=11)  # type: ignore[arg-type]
    left = []
    for _ in range(3):
        answers = documents.read(Binding(), PLACE)
        left.append(sum(isinstance(each, Failure) and each.reason == "NotAsked" for each in answers.values()))
    assert left == [2, 0, 0]


def test_a_document_with_many_items_leaves_the_others_their_share() -> None:
    """A hundred trails come before the list of access points, and more calls than a round has."""
    trails = [
        {"TrailARN": f"arn:aws:cloudtrail:eu-central-1:{ACCOUNT}:trail/{number}", "IsMultiRegionTrail": True}
        for number in range(100)
    ]
    on, all_events = told(IsLogging=True), told(EventSelectors=[])
    answers = survey(
        scripted(
            {
                "cloudtrail:DescribeTrails": told(trailList=trails),
                "cloudtrail:GetTrailStatus": on,
                "cloudtrail:GetEventSelectors": all_events,
                "s3control:ListAccessPoints": points("x-s3alias", *(f"point{number}" for number in range(9))),
                "s3control:GetAccessPoint": POINT,
                "guardduty:ListDetectors": told(detectorIds=["d1", "d2"]),
                "guardduty:GetDetector": told(status="ENABLED"),
            }
        ),
        most_calls=40,
    )
    left = {name.partition("/")[0] for name, each in answers.items() if isinstance(each, Failure)}
    assert left == {"cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"}


def test_nothing_is_asked_after_the_time_is_up() -> None:
    ticks = iter(range(0, 10_000, 100))
    aws = scripted()
    answers = survey(aws, clock=lambda: next(ticks))
    assert len(aws.asked) == 2
    assert {each.reason for each in answers.values() if isinstance(each, Failure)} == {"NotAsked"}


def endless() -> tuple[ScriptedAws, list[int]]:
    """Give an AWS whose list of detectors has a next page for ever, with nothing on it, and how many were asked for."""
    pages: list[int] = []

    def page(_region: str, _request: Any) -> Answer:
        pages.append(len(pages))
        return told(detectorIds=[], nextToken=f"page-{len(pages)}")

    return scripted({"guardduty:ListDetectors": page}), pages


LISTED = "guardduty:ListDetectors/eu-central-1"


def test_a_list_without_end_is_no_answer() -> None:
    aws, pages = endless()
    answers = survey(aws)
    assert (answers[LISTED].reason, answers[LISTED].retry) == ("AnswerUnreadable", True)
    assert len(pages) == account_documents.PAGES


def test_a_list_without_end_outlasts_neither_the_time_nor_the_process() -> None:
    aws, pages = endless()
    answers = survey(aws, clock=lambda: 1000.0 * (len(pages) > 5))
    assert answers[LISTED].reason == "EndpointUnreachable"
    aws, others = endless()
    answers = AccountDocuments(aws).read(Binding(), PLACE, lambda: len(others) < 6)  # type: ignore[arg-type]
    assert isinstance(answers[LISTED], Failure)
    assert answers[LISTED].reason == "Stopping"
    assert len(pages) == len(others) == 6


def test_nothing_is_asked_once_the_process_is_to_end() -> None:
    aws = scripted()
    AccountDocuments(aws).read(Binding(), PLACE, lambda: False)  # type: ignore[arg-type]
    assert aws.asked == []


def test_a_service_that_does_not_answer_costs_one_timeout_a_region() -> None:
    """A private network may reach S3 alone."""
    silent = EndpointConnectionError(endpoint_url="https://guardduty.eu-central-1.amazonaws.com/detector")
    trails = [
        {"TrailARN": f"arn:aws:cloudtrail:eu-central-1:{ACCOUNT}:trail/{name}", "IsMultiRegionTrail": True}
        for name in "ab"
    ]
    aws = scripted(
        {
            "cloudtrail:DescribeTrails": told(trailList=trails),
            "cloudtrail:GetTrailStatus": silent,
            "cloudtrail:GetEventSelectors": silent,
        }
    )
    answers = survey(aws)
    assert sum(name.startswith("cloudtrail:Get") for name, _ in aws.asked) == 1
    unread = [each for name, each in answers.items() if name.startswith("cloudtrail:Get")]
    assert {each.reason for each in unread if isinstance(each, Failure)} == {"EndpointUnreachable"}
    assert len(unread) == 4


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, "<Error><Code>NoSuchBucket</Code></Error>"),
        Answer(405, "<Error><Code>MethodNotAllowed</Code></Error>"),
        Answer(501, "<Error><Code>NotImplemented</Code></Error>"),
        Answer(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>"),
        Answer(400, "<Error><Code>InvalidRequest</Code></Error>"),
        Answer(200, "<ListBucketResult><Name>detector</Name></ListBucketResult>"),
    ],
    ids=lambda each: f"{each.status}",
)
def test_another_server_that_has_no_such_service(answer: Answer) -> None:
    aws = scripted({name: answer for name in QUIET if name != "s3:ListBuckets"})
    aws.foreign = "http://ceph.example:8080"
    answers = survey(aws)
    others = {name: each for name, each in answers.items() if name != "s3:ListBuckets"}
    assert {type(each) for each in others.values()} == {Unsupported}, others
    assert {each.result for each in verdicts(answers).values()} == {Result.NOT_APPLICABLE}


def test_a_page_of_html_is_no_answer_of_a_service() -> None:
    """Moto answers so for what it does not know."""
    aws = scripted({"accessanalyzer:ListAnalyzers": Answer(500, "<!doctype html><title>500</title>")})
    aws.foreign = "http://moto.example:8080"
    assert survey(aws)["accessanalyzer:ListAnalyzers/eu-central-1"] == Unsupported(
        "this server has no IAM Access Analyzer"
    )


def test_an_answer_of_aws_without_its_member_is_unknown() -> None:
    answers = survey(scripted({"s3control:GetPublicAccessBlock": xml("Other")}))
    assert answers["s3control:GetPublicAccessBlock"].reason == "AnswerUnreadable"


def test_a_denial_stays_unknown_on_another_server_too() -> None:
    aws = scripted({"s3control:GetPublicAccessBlock": Answer(403, "<Error><Code>AccessDenied</Code></Error>")})
    aws.foreign = "http://ceph.example:8080"
    assert isinstance(survey(aws)["s3control:GetPublicAccessBlock"], Failure)


def test_a_server_without_accounts_is_not_surveyed() -> None:
    aws = Aws(lambda *_: None)
    assert aws.survey(Binding(region="eu-central-1"), Identity("", "", "aws")) == {}
