"""Looks at credentials, region, endpoint, clock and, for a named bucket, at every right to read."""

import datetime as dt
import email.utils
from collections.abc import Generator, Iterator

from botocore.exceptions import BotoCoreError

from securebucket.aws.account import Identity
from securebucket.aws.asking import Refused, ask
from securebucket.aws.bucket_client import Missing
from securebucket.aws.edge import Aws
from securebucket.aws.event_queue import EventQueue, open_senders
from securebucket.aws.failures import failure_of
from securebucket.aws.sessions import Binding
from securebucket.compliance.account import ACCOUNT_DOCUMENTS
from securebucket.compliance.account.account_document import AccountPlace
from securebucket.controls import CONTROLS
from securebucket.model.access_points import RIGHTS as ACCESS_POINT_RIGHTS
from securebucket.model.access_points import AccessPoints, AccessPointsQuery
from securebucket.model.bucket import Bucket
from securebucket.model.contents import RIGHTS, observe_contents
from securebucket.model.diagnosis import Diagnosis, Health
from securebucket.model.failure import Failure
from securebucket.model.flow import Reading, drive, recorded
from securebucket.model.observation import Unsupported, is_unread

TOLERATED_SKEW = 300.0
"""Seconds; S3 refuses requests more than 15 minutes away."""


def diagnose(aws: Aws, binding: Binding, bucket: str = "", *, account_checks: bool = True) -> Iterator[Diagnosis]:
    """Look at everything that a pass needs of AWS, one thing after another; what needs a broken one is left out.

    Args:
        aws: the door to AWS.
        binding: where and as whom.
        bucket: also try every right to read on this one; empty for none.
        account_checks: also look at the documents of the account.
    """
    try:
        region = aws.region(binding)
    except BotoCoreError as error:  # AWS_PROFILE names a profile that is not there
        yield Diagnosis("credentials", Health.FAILED, failure_of(error, "GetCallerIdentity").message)
        return
    if not region:
        yield Diagnosis("region", Health.FAILED, "no region is known; set AWS_REGION, or give --region.")
        return
    yield Diagnosis("region", Health.OK, region)
    reached = yield from _endpoint(aws, binding, region)
    if not reached:
        return
    identity = aws.identify(binding)
    if isinstance(identity, Failure):
        yield Diagnosis("credentials", Health.FAILED, f"{identity.reason}: {identity.message}")
        return
    if identity.account_id:
        yield Diagnosis("credentials", Health.OK, f"{identity.arn} in account {identity.account_id}")
    else:
        yield Diagnosis(
            "credentials",
            Health.WARNING,
            "the server has no STS, so the bucket-owner condition cannot be sent; set accountId in the profile if it"
            " has accounts.",
        )
    if account_checks and identity.account_id:
        yield from _account(aws, binding, identity)
    if bucket:
        yield from _rights(aws, binding, identity, bucket, region)


def _endpoint(aws: Aws, binding: Binding, region: str) -> Generator[Diagnosis, None, bool]:
    """Look at the S3 endpoint and the clock; give back whether it makes sense to look further."""
    answer = ask(lambda: aws.sessions.client(binding, "s3", region), "list_buckets", {"MaxBuckets": 1})
    if isinstance(answer, Refused):
        if not answer.status and answer.reason.startswith("Credentials"):
            return True  # nothing was sent; the credentials are looked at next, and say why
        if not answer.status:
            yield Diagnosis("endpoint", Health.FAILED, answer.message)
            return False
    headers = answer.headers if isinstance(answer, Refused) else answer["ResponseMetadata"]["HTTPHeaders"]
    url = aws.sessions.client(binding, "s3", region).meta.endpoint_url
    if url.startswith("http://"):
        yield Diagnosis("endpoint", Health.WARNING, f"{url} answers, but without TLS: use it for tests only.")
    else:
        yield Diagnosis("endpoint", Health.OK, f"{url} answers")
    if "date" not in headers:
        yield Diagnosis("clock", Health.WARNING, "the server tells no time; the clock could not be compared.")
        return True
    try:
        told = email.utils.parsedate_to_datetime(headers["date"])
        skew = abs((dt.datetime.now(dt.UTC) - told).total_seconds())
    except (ValueError, TypeError):  # no time, or one without a zone
        yield Diagnosis("clock", Health.WARNING, "the server's time cannot be read; the clock could not be compared.")
        return True
    health = Health.OK if skew < TOLERATED_SKEW else Health.FAILED
    advice = "" if health is Health.OK else "; correct this machine's clock"
    yield Diagnosis("clock", health, f"{skew:.0f} s from the server's{advice}")
    return True


def _account(aws: Aws, binding: Binding, identity: Identity) -> Iterator[Diagnosis]:
    """Look at the account's documents. One that cannot be read is no fault: buckets are kept safe without it."""
    place = AccountPlace(identity.account_id, identity.partition, (aws.region(binding),))
    answers = aws.survey(binding, identity)
    told: set[str] = set()
    for document in ACCOUNT_DOCUMENTS:
        subject = f"account {document.name}"
        asked = drive(document.observe(place), recorded(answers)).answers
        read = [answer for name, answer in asked.items() if name not in told]  # what it shares was told before
        told.update(asked)
        unread = next(filter(is_unread, read), None)
        lacking = next((each for each in read if isinstance(each, Unsupported)), None)
        if unread:
            advice = f"Needs {', '.join(document.actions)}; or run without account checks (--no-account-checks)."
            yield Diagnosis(subject, Health.WARNING, f"{unread.message} {advice}")
        elif lacking:
            yield Diagnosis(subject, Health.OK, f"{lacking.message}; it is not asked for here")
        else:
            yield Diagnosis(subject, Health.OK, f"{document.title}: {len(read)} answers")


def _rights(aws: Aws, binding: Binding, identity: Identity, name: str, region: str) -> Iterator[Diagnosis]:
    client = aws.bucket(binding, identity, name, region)
    if isinstance(client, Failure):
        yield Diagnosis(f"bucket {name}", Health.FAILED, client.message)
        return
    located = client.locate()
    if isinstance(located, Failure):
        yield Diagnosis(f"bucket {name}", Health.FAILED, located.message)
        return
    if isinstance(located, Missing):
        yield Diagnosis(f"bucket {name}", Health.FAILED, "there is no such bucket; name one that exists.")
        return
    bucket = Bucket(name, located.region, identity.account_id, identity.partition, caller_arn=identity.arn)
    for control in CONTROLS:
        seen = client.read(control, bucket).observation
        subject = f"read {control.name}"
        if isinstance(seen, Unsupported):
            yield Diagnosis(subject, Health.WARNING, seen.message)
        elif isinstance(seen, Failure):
            yield Diagnosis(subject, Health.FAILED, f"{seen.message} Needs {', '.join(control.permissions.read)}.")
        else:
            yield Diagnosis(subject, Health.OK, f"{control.documents()[0]} answers")
    contents = client.observe(observe_contents()).observation
    if is_unread(contents):  # no fault: who only observes needs no such right
        advice = f"Needs {', '.join(RIGHTS)}; without them, risky steps on a new bucket wait for an approval."
        yield Diagnosis("look into the bucket", Health.WARNING, f"{contents.message} {advice}")
    else:
        yield Diagnosis("look into the bucket", Health.OK, "whether it is empty can be seen")
    if identity.account_id:
        yield _doors(aws.look(binding, AccessPointsQuery(name, identity.account_id, located.region)))


def _doors(reading: Reading[AccessPoints]) -> Diagnosis:
    """Look at the access points of the bucket. What cannot be read of them is no fault: only their checks need it."""
    subject = "access points"
    unread = next(filter(is_unread, reading.answers.values()), None)
    if unread:
        advice = f"Needs {', '.join(ACCESS_POINT_RIGHTS)}; without them its checks of access points are unknown."
        return Diagnosis(subject, Health.WARNING, f"{unread.message} {advice}")
    if isinstance(reading.observation, Failure):
        return Diagnosis(subject, Health.OK, f"{reading.observation.message}; they are not asked for here")
    return Diagnosis(subject, Health.OK, f"{len(reading.observation.points)} of them were looked into")


def diagnose_event_queue(queue: EventQueue) -> Iterator[Diagnosis]:
    """Look at a queue of events: that it can be read, who may send to it, and whether it drains.

    Nothing is received: that would hide a message from the operator for a while.
    """
    subject = f"event queue {queue.place.name}"
    seen = queue.attributes()
    if isinstance(seen, Failure):
        yield Diagnosis(subject, Health.FAILED, f"{seen.reason}: {seen.message}")
        return
    waiting = seen.get("ApproximateNumberOfMessages", "0")
    yield Diagnosis(subject, Health.OK, f"{queue.place.url} answers; {waiting} messages wait")
    strangers = open_senders(seen.get("Policy", ""))
    if strangers:
        advice = (
            f"the queue lets others send than EventBridge's rules: {'; '.join(strangers)}. A forged message costs a"
            " pass and can name a wrong actor; take the policy of deploy/events/event-queue.yaml."
        )
        yield Diagnosis(subject, Health.WARNING, advice)
