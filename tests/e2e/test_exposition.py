"""The metrics as Prometheus' own tool reads them."""

import subprocess

from prometheus_client import generate_latest
from tests.metrics.sightings import FLEET, instruments_of

from securebucket.metrics.exposition import write


def test_prometheus_finds_no_fault_with_names_types_and_texts() -> None:
    text = b"".join(write(instruments_of(FLEET).registry, generate_latest))
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, timeout=60, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")
