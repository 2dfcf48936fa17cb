"""A fleet to scrape, in a process of its own: passes are told to the metrics as the operator tells them, then served.

Prints one line of JSON (`Serving`), and serves until its standard input ends.
"""

import datetime as dt
import gc
import json
import sys
from zlib import crc32

import psutil

from securebucket.api.bucket_profile import BucketProfileSpec
from securebucket.api.spec import SecureBucketSpec
from securebucket.api.status import ControlState, SecureBucketStatus
from securebucket.compliance.catalogue import CATALOGUE
from securebucket.controls import CONTROLS
from securebucket.engine.effective import Effective, resolve
from securebucket.engine.outcome import ControlOutcome, Outcome
from securebucket.engine.request import PassRequest, Profile
from securebucket.metrics.exposition import MetricsServer
from securebucket.metrics.instruments import Instruments, QueueCollector
from securebucket.model.bucket import Bucket, ObjectKey, Origin
from securebucket.model.verdict import Judged, Result, Verdict
from securebucket.status.status import build

BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
TEAMS = 150
ACCOUNTS = 12
BARE = frozenset({
    "encrypted-with-kms", "mfa-delete-enabled", "object-lock-enabled", "access-logged", "replicated",
    "replicated-across-regions",
})  # fmt: skip
"""What a bucket with an empty spec fails."""
EXTRA = ("tls-required", "cross-account-access-restricted", "unfinished-uploads-removed")
"""What one bucket in ten fails besides."""
DRIFTED = 20
"""One bucket in so many has drifted."""


def key_of(index: int) -> ObjectKey:
    """Name the object: a namespace of 22 characters, a name of 25, and no order in it that would help gzip."""
    return ObjectKey(f"team-{index % TEAMS:03d}-payments-prod", f"invoices-archive-{crc32(b'%d' % index):08x}")


def bucket_of(index: int) -> Bucket:
    """Name the bucket, with 45 characters, in one of a dozen accounts."""
    account = f"{111122220000 + index % ACCOUNTS:012d}"
    key = key_of(index)
    name = f"acme-prod-{key.name}-eu-west-1"
    caller = f"arn:aws:sts::{account}:assumed-role/securebucket/session"
    return Bucket(name, "eu-west-1", account, "aws", Origin.CREATED, f"cluster/{key}", caller)


def effective() -> Effective:
    """Give what is in force for a bare object under a profile.

    Raises:
        SystemExit: an empty spec cannot stand any more.
    """
    found = resolve(
        PassRequest(
            ObjectKey("n", "n"),
            SecureBucketSpec.model_validate({}),
            SecureBucketStatus(),
            generation=1,
            now=BEGIN,
            cluster="cluster",
            profile=Profile("standard-production", BucketProfileSpec.model_validate({"namespaces": ["*"]})),
        )
    )
    if not isinstance(found, Effective):
        raise SystemExit(found.message)
    return found


def outcome_of(index: int, bucket: Bucket, in_force: Effective) -> Outcome:
    """Give the end of a pass over one of the buckets."""
    failing = BARE | set(EXTRA) if index % 10 == 0 else BARE
    drifted = CONTROLS[index % len(CONTROLS)].name if index % DRIFTED == 0 else ""
    return Outcome(
        at=BEGIN + dt.timedelta(seconds=index * 0.36),
        mode=in_force.mode,
        interval=in_force.interval,
        effective=in_force,
        bucket=bucket,
        controls=tuple(
            ControlOutcome(each.name, ControlState.DRIFTED, None, reason="Differs", drifted=True)
            if each.name == drifted
            else ControlOutcome(each.name, ControlState.IN_SYNC, None)
            for each in CONTROLS
        ),
        verdicts=tuple(
            Judged(entry.check, entry.reads[0], Verdict(Result.FAIL if entry.check.id in failing else Result.PASS, ""))
            for entry in CATALOGUE
        ),
    )


def resident() -> float:
    """Give this process's memory in MiB."""
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 2**20


def main(size: int) -> None:
    """Take in a pass over every bucket and serve the metrics."""
    instruments = Instruments(lambda: True)
    instruments.registry.register(QueueCollector(lambda: {"spec": 0, "sweep": size}, lambda: 16))
    in_force = effective()

    def see(key: ObjectKey, index: int) -> None:
        bucket = bucket_of(index)
        made = outcome_of(index, bucket, in_force)
        status = build(SecureBucketStatus(), made, generation=1, reconcile_at="")
        instruments.observed(key, bucket.name, made, status, 0.02)

    for index in range(200):  # what the first passes load and cache is no part of the fleet
        see(ObjectKey("warm", "up"), index)
    instruments.gone(ObjectKey("warm", "up"))
    server = MetricsServer(instruments, "127.0.0.1", 0)
    before = resident()
    for index in range(size):
        see(key_of(index), index)
    sys.stdout.write(json.dumps({"port": server.port, "before": before, "after": resident()}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.end()


if __name__ == "__main__":
    main(int(sys.argv[1]))
