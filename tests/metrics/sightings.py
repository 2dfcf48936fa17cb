"""Records of objects, differing from the usual one only in what is named, and the metrics of who has seen them."""

from collections.abc import Mapping
from typing import Any

from securebucket.metrics.fleet import Sighting
from securebucket.metrics.instruments import Instruments, QueueCollector
from securebucket.model.bucket import ObjectKey
from securebucket.model.event_message import QueuePlace

KEY = ObjectKey("payments", "invoices")
NASTY = 'a "quoted" name, with \\, \\n,\na new line, {braces} = and ü'


def sighting(**options: Any) -> Sighting:
    """Give an object in order."""
    return Sighting(
        **{
            "bucket": "acme-invoices",
            "account": "111122223333",
            "region": "eu-central-1",
            "profile": "standard",
            "mode": "Enforce",
            "conditions": {"Ready": 1.0, "InSync": 1.0, "Compliant": 1.0},
            "drifted": (),
            "verdicts": (("tls-required", "medium", "pass"),),
            "verified_at": 1780315200.0,
            "oldest_reading": 1780311600.0,
            **options,
        }
    )


def instruments_of(sightings: Mapping[ObjectKey, Sighting], *, leading: bool = True) -> Instruments:
    """Give the metrics of a process that has seen these objects, and has done something of everything else."""
    made = Instruments(lambda: leading)
    made.registry.register(QueueCollector(lambda: {"sweep": 3}, lambda: 2))
    made.aws_request("s3", "GetBucketPolicy", "200", 0.1)
    made.kube_request("patch", "200")
    made.polled(QueuePlace("https://sqs.eu-west-1.amazonaws.com/111122223333/events", "eu-west-1", "111122223333", "e"))
    for key, each in sightings.items():
        made.fleet.see(key, each)
    return made


FLEET = {
    KEY: sighting(drifted=("policy", "tags"), verdicts=(("a", "high", "fail"), ("b", "low", "excepted"))),
    ObjectKey("payments", "orders"): sighting(conditions={"Ready": 0.0}, profile="", account="", region=""),
    ObjectKey(NASTY, NASTY): sighting(
        bucket=NASTY, profile=NASTY, drifted=(NASTY,), verdicts=((NASTY, NASTY, "fail"),), verified_at=0.0
    ),
}
