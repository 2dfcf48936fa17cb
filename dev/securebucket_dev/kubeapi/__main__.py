"""Runs the server as a process: `python -m securebucket_dev.kubeapi --port 0 --kubeconfig PATH`."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from securebucket_dev.kubeapi import KubeApi


def main() -> int:
    """Serve until SIGTERM or SIGINT; the first line printed is the URL."""
    parser = argparse.ArgumentParser(prog="securebucket_dev.kubeapi", description="A Kubernetes API for development.")
    parser.add_argument("--port", type=int, default=0, help="where to listen on 127.0.0.1; 0 takes a free port")
    parser.add_argument("--kubeconfig", type=Path, required=True, help="the kubeconfig to write")
    parser.add_argument("--request-log", type=Path, help="a file that gets a JSON line for each request")
    parser.add_argument("--crds", type=Path, action="append", default=[], help="a folder of CRDs to begin with")
    arguments = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with KubeApi(arguments.port, arguments.request_log, arguments.crds) as api:
        api.kubeconfig(arguments.kubeconfig)
        print(api.url, flush=True)
        ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
