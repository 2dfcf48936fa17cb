"""The rules as Prometheus itself judges them: `tests/monitoring/alerts` has what must fire and what must not."""

import subprocess
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]
RULES = REPOSITORY / "charts" / "securebucket" / "files" / "monitoring" / "rules.yaml"
CASES = sorted((REPOSITORY / "tests" / "monitoring" / "alerts").glob("*.yaml"))


def promtool(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["promtool", *arguments], capture_output=True, text=True, timeout=60, check=False)


def test_prometheus_takes_the_rules() -> None:
    checked = promtool("check", "rules", "--lint=all", "--lint-fatal", str(RULES))
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_it_fires_when_it_must_and_only_then(case: Path) -> None:
    tested = promtool("test", "rules", str(case))
    assert tested.returncode == 0, tested.stdout + tested.stderr


@pytest.mark.parametrize(("fleet", "changes", "fires"), [(100, 15, True), (1500, 12, False), (1500, 25, True)])
def test_a_surge_is_measured_by_the_size_of_the_fleet(tmp_path: Path, fleet: int, changes: int, fires: bool) -> None:
    objects = [
        {"series": f'securebucket_info{{namespace="n", name="b{each}"}}', "values": "1x20"} for each in range(fleet)
    ]
    drift = {"series": 'securebucket_drift_detected_total{control="tags"}', "values": f"0x4 {changes}x15"}
    label = 'ALERTS{alertname="SecureBucketDriftSurge", alertstate="firing", severity="warning", control="tags"}'
    expected = {
        "expr": 'ALERTS{alertname="SecureBucketDriftSurge", alertstate="firing"}',
        "eval_time": "20m",
        "exp_samples": [{"labels": label, "value": 1}] if fires else [],
    }
    case = {"interval": "1m", "input_series": [*objects, drift], "promql_expr_test": [expected]}
    file = tmp_path / "case.yaml"
    file.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "evaluation_interval": "5m", "tests": [case]}))
    tested = promtool("test", "rules", str(file))
    assert tested.returncode == 0, tested.stdout + tested.stderr
