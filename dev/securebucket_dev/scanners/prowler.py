"""Prowler's S3 checks over all accounts of a fleet."""

import json
from collections.abc import Mapping
from pathlib import Path

from securebucket.model.verdict import Result
from securebucket_dev.locked_environment import REQUIREMENTS, LockedEnvironment, Progress, say
from securebucket_dev.process import ServerError
from securebucket_dev.scanners.configuration import AWAY, HOME
from securebucket_dev.scanners.fleet import Fleet
from securebucket_dev.scanners.program import run_program, settings

PROWLER = "Prowler"
ENVIRONMENT = LockedEnvironment(PROWLER, REQUIREMENTS / "prowler.txt")
PROGRAM = Path(__file__).with_name("prowler_program.py")

# What Prowler cannot tell and asks a person to look at is MANUAL.
RESULTS = {"PASS": Result.PASS, "FAIL": Result.FAIL, "MANUAL": Result.UNKNOWN}


SILENT = frozenset(
    {
        "s3_access_point_public_access_block",
        "s3_bucket_shadow_resource_vulnerability",
        "s3_multi_region_access_point_public_access_block",
    }
)
"""Checks of what is not here: access points, and buckets with names that services of AWS take."""


def scan(fleet: Fleet, folder: Path, progress: Progress = say) -> dict[str, dict[str, Result]]:
    """Give what Prowler says of every bucket, by check.

    Where the account's block decides, Prowler gives one answer for the account: it counts for each of its buckets.

    Raises:
        ServerError: it failed, took too long, or said nothing about a bucket.
    """
    python = ENVIRONMENT.ensure(progress)
    found: dict[str, dict[str, Result]] = {}
    for account in fleet.accounts:
        file = folder / f"prowler-{account}.json"
        run_program(
            PROWLER,
            [str(python), "-I", str(PROGRAM), fleet.endpoint, str(file), HOME, AWAY],
            settings(fleet.endpoint, account, HOME, folder),
            folder / "prowler.log",
        )
        buckets = [each.bucket for each in fleet.of(account)]
        found |= read_findings(file.read_text(encoding="utf-8"), account, buckets)
    return found


def read_findings(text: str, account: str, buckets: list[str]) -> dict[str, dict[str, Result]]:
    """Read one account's findings, as the program writes them.

    Raises:
        ServerError: a check says nothing about one of the buckets.
    """
    found: dict[str, dict[str, Result]] = {bucket: {} for bucket in buckets}
    document = json.loads(text)
    for finding in document["findings"]:
        for bucket in buckets if finding["resource"] == account else [finding["resource"]]:
            found[bucket][finding["check"]] = RESULTS[finding["status"]]
    _require_all(found, set(document["checks"]) - SILENT)
    return found


def _require_all(found: Mapping[str, Mapping[str, Result]], checks: set[str]) -> None:
    for bucket, results in found.items():
        if silent := sorted(checks - results.keys()):
            raise ServerError(
                f"Prowler says nothing about {bucket} in {', '.join(silent)}: it could not read what it needed."
                " Its log, prowler.log, says why."
            )
