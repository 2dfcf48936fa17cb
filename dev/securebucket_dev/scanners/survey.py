"""Makes every configuration on one server, and asks the scanners and ourselves about it."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from securebucket_dev.locked_environment import Progress, say
from securebucket_dev.scanners import custodian, prowler
from securebucket_dev.scanners.agreement import Results
from securebucket_dev.scanners.configurations import CONFIGURATIONS
from securebucket_dev.scanners.fleet import make_fleet
from securebucket_dev.scanners.verdicts import judge_fleet


@dataclass(frozen=True, slots=True)
class Survey:
    """What everybody says of every bucket.

    Args:
        theirs: results by scanner, bucket and check.
        ours: results by bucket and check id.
    """

    theirs: Mapping[str, Results]
    ours: Results


def survey(endpoint: str, folder: Path, progress: Progress = say) -> Survey:
    """Make the buckets on an empty server, and ask.

    Args:
        endpoint: of a LocalStack that has none of the buckets.
        folder: for the scanners' output and logs.
        progress: told what takes long.

    Raises:
        ServerError: a scanner could not be installed, failed, or left something out.
    """
    fleet = make_fleet(endpoint, CONFIGURATIONS)
    with ThreadPoolExecutor() as pool:  # each scanner is a process of its own, and mostly computes
        scans = {
            prowler.PROWLER: pool.submit(prowler.scan, fleet, folder, progress),
            custodian.CUSTODIAN: pool.submit(custodian.scan, fleet, folder, progress),
        }
        return Survey({name: scan.result() for name, scan in scans.items()}, judge_fleet(fleet))
