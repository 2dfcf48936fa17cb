"""The operator as a process of its own: `python operator_process.py KUBECONFIG`, with an engine that has no AWS."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2] / each) for each in ("operator", "")]

from tests.process.engines import FakeEngine, FakeObserver  # noqa: E402
from tests.process.running import SHORT_LEASE, settings_for  # noqa: E402

from securebucket.process.run import run  # noqa: E402 - the path is set above
from securebucket.process.vitals import Parts, Vitals  # noqa: E402


def _assemble(_vitals: Vitals) -> Parts:
    return Parts(FakeEngine(), FakeObserver(), lambda _verb, _code: None, lambda: None)


if __name__ == "__main__":
    sys.exit(run(settings_for(sys.argv[1], lease=SHORT_LEASE), _assemble))
