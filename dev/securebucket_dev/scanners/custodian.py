"""Cloud Custodian's filters over all accounts of a fleet, one policy a filter."""

import json
from pathlib import Path

from securebucket.model.verdict import Result
from securebucket_dev.locked_environment import REQUIREMENTS, LockedEnvironment, Progress, say
from securebucket_dev.process import ServerError
from securebucket_dev.scanners.configuration import HOME
from securebucket_dev.scanners.fleet import Fleet
from securebucket_dev.scanners.program import run_program, settings

CUSTODIAN = "Cloud Custodian"
ENVIRONMENT = LockedEnvironment(CUSTODIAN, REQUIREMENTS / "custodian.txt", lasts="a few seconds")
POLICIES = Path(__file__).with_name("custodian.yaml")
EVERY_BUCKET = "every-bucket"
"""The policy that matches all."""


def scan(fleet: Fleet, folder: Path, progress: Progress = say) -> dict[str, dict[str, Result]]:
    """Give what Custodian says of every bucket, by policy: what matches is a violation.

    Raises:
        ServerError: it failed, took too long, or has not seen a bucket.
    """
    python = ENVIRONMENT.ensure(progress)
    found: dict[str, dict[str, Result]] = {}
    for account in fleet.accounts:
        output = folder / f"custodian-{account}"
        output.mkdir()
        # The cache, of this run only: else every policy would read every bucket again.
        options = ["-r", HOME, "-s", str(output), "-f", str(output / "cache")]
        run_program(
            CUSTODIAN,
            [str(python.with_name("custodian")), "run", *options, str(POLICIES)],
            settings(fleet.endpoint, account, HOME, folder),
            folder / "custodian.log",
        )
        found |= read_matches(output, {each.bucket for each in fleet.of(account)})
    return found


def read_matches(output: Path, buckets: set[str]) -> dict[str, dict[str, Result]]:
    """Read the resources that each policy matched, from the folder of one account.

    Raises:
        ServerError: Custodian has seen other buckets than these.
    """
    matched = {
        file.parent.name: {resource["Name"] for resource in json.loads(file.read_text(encoding="utf-8"))}
        for file in sorted(output.glob("*/resources.json"))
    }
    seen = matched.pop(EVERY_BUCKET, set())
    if seen != buckets:
        raise ServerError(f"Cloud Custodian has not looked at the buckets that it should: {sorted(seen ^ buckets)}")
    return {
        bucket: {policy: Result.FAIL if bucket in those else Result.PASS for policy, those in matched.items()}
        for bucket in buckets
    }
