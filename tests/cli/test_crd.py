"""`securebucket crd` prints what is in crds/."""

from pathlib import Path

import yaml
from tests.cli.program import Run

CRDS = Path(__file__).parents[2] / "crds"


def test_the_definitions_are_those_of_the_repository(run: Run) -> None:
    ran = run("crd")
    assert (ran.code, ran.err) == (0, "")
    printed = {each["metadata"]["name"]: each for each in yaml.safe_load_all(ran.out)}
    stored = [yaml.safe_load(file.read_text()) for file in sorted(CRDS.glob("securebucket.io_*.yaml"))]
    assert printed == {each["metadata"]["name"]: each for each in stored}
    kinds = ("securebuckets", "bucketprofiles", "bucketexceptions")
    assert set(printed) == {f"{kind}.securebucket.io" for kind in kinds}
