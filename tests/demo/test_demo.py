"""The demonstration as a person runs it: operator, embedded Kubernetes API and LocalStack, all over HTTP."""

import os
import subprocess
import sys

from securebucket_dev.demo.surroundings import REPOSITORY
from securebucket_dev.demo.tampering import ACTS

SET_BY_PEOPLE = ("AWS_ENDPOINT_URL", "KUBECONFIG", "KUBEBUILDER_ASSETS", "KEEP")


def test_every_act_is_found_corrected_and_counted() -> None:
    """It ends with exit 0 and has told what it promises."""
    plain = {name: value for name, value in os.environ.items() if name not in SET_BY_PEOPLE}
    done = subprocess.run(
        [sys.executable, "-m", "securebucket_dev.demo"],
        cwd=REPOSITORY,
        env=plain | {"PYTHONPATH": "operator:dev"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    told = done.stdout + done.stderr
    for act in ACTS:
        assert act.text in told
        assert act.control in told
    assert "kubectl" in told
    assert "/metrics" in told
    assert f"securebucket_drift_corrected_total       {len(ACTS)}" in told
