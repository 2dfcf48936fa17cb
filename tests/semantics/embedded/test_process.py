"""The server as a process of its own: `python -m securebucket_dev.kubeapi`."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import requests
from tests.semantics.client import PATIENCE

DEFINITIONS = Path(__file__).parents[1]
DEV = Path(__file__).parents[3] / "dev"


def test_process_serves_until_it_is_asked_to_end(tmp_path: Path) -> None:
    kubeconfig, log = tmp_path / "kubeconfig", tmp_path / "requests.jsonl"
    command = [sys.executable, "-m", "securebucket_dev.kubeapi", "--port", "0", "--kubeconfig", str(kubeconfig)]
    with subprocess.Popen(
        [*command, "--request-log", str(log), "--crds", str(DEFINITIONS)],
        env={**os.environ, "PYTHONPATH": str(DEV)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url in kubeconfig.read_text()
            found = requests.get(f"{url}/apis/semantics.example.io/v1alpha1/widgets", timeout=PATIENCE)
            assert found.status_code == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
    assert json.loads(log.read_text())["path"] == "/apis/semantics.example.io/v1alpha1/widgets"
