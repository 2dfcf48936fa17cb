"""`securebucket run` says at once what is wrong with how it was started."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.cluster import write_kubeconfig
from tests.cli.program import Run, spawn

LOOPBACK = ("--metrics-address=127.0.0.1:0", "--health-address=127.0.0.1:0", "--report-address=127.0.0.1:0")


@pytest.fixture
def taken() -> Iterator[str]:
    """An address that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield f"127.0.0.1:{other.getsockname()[1]}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--metrics-address", "8080"), "--metrics-address: '8080' is not host:port; write e.g. :8080"),
        (("--health-address", ":99999"), "--health-address: ':99999' is not host:port; write e.g. :8080"),
        (("--report-address", "localhost"), "--report-address: 'localhost' is not host:port; write e.g. :8080"),
        (("--interval", "5x"), "--interval: '5x' is not a length of time; write e.g. 30m"),
        (("--interval", "1s"), "--interval: '1s' is too short; write 1m or more"),
        (("--account-interval", "1s"), "--account-interval: '1s' is too short; write 1m or more"),
        (
            ("--log-format", "xml"),
            "'--log-format' (env var: 'SECUREBUCKET_LOG_FORMAT'): 'xml' is not one of 'json', 'text'",
        ),
        (
            ("--log-level", "loud"),
            "'--log-level' (env var: 'SECUREBUCKET_LOG_LEVEL'): 'loud' is not one of 'debug', 'info', 'warning',",
        ),
        (("--namespace", "a,b"), "--namespace: 'a,b' is not a namespace. Repeat the option for each one"),
        (("--namespace", ""), "--namespace: '' is not a namespace."),
        (("--event-queue", "events"), "--event-queue: 'events' is not the URL of a queue; write e.g. https://sqs."),
        (("--workers", "0"), "'--workers'"),
        (("--workers", "many"), "'--workers'"),
    ],
)
def test_a_wrong_option_is_named(arguments: tuple[str, ...], message: str, run: Run) -> None:
    ran = run("run", *arguments)
    assert (ran.code, ran.out) == (1, "")
    (line,) = ran.errors
    assert line.startswith(f"error: Invalid value for {message}")
    assert line.endswith("See securebucket run --help.")


def test_a_wrong_variable_is_named_as_well(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECUREBUCKET_WORKERS", "many")
    (line,) = run("run").errors
    assert "SECUREBUCKET_WORKERS" in line


def test_no_cluster_at_all() -> None:
    ran = spawn("run", *LOOPBACK)
    assert ran.code == 1
    (line,) = ran.errors
    assert line.startswith("error: cannot connect to the Kubernetes API: kubeconfig ")
    assert "there is no such file. Set KUBECONFIG" in line


def test_a_kubeconfig_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "broken").write_text("a: [")
    ran = spawn("run", *LOOPBACK, environment={"KUBECONFIG": str(tmp_path / "broken")})
    assert ran.code == 1
    (line,) = ran.errors
    assert "broken: it is not a kubeconfig. Set KUBECONFIG" in line


@pytest.mark.parametrize("option", ["--metrics-address", "--health-address", "--report-address"])
def test_a_port_that_is_taken(option: str, taken: str, tmp_path: Path) -> None:
    kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", "http://127.0.0.1:9")
    ran = spawn("run", *LOOPBACK, f"{option}={taken}", environment={"KUBECONFIG": kubeconfig})
    assert ran.code == 1
    assert (
        ran.errors[-1] == f"error: cannot listen on {taken}: Address already in use. Choose another one with {option}."
    )
    assert "Traceback" not in ran.err
