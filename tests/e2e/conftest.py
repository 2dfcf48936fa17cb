"""What the end-to-end tests share: one real control plane, one S3 server and one recorder before it, a session.

They run with `pytest tests/e2e`, and need the programs that `make envtest` builds. Nobody ends the deletion of a
namespace here, so every test gets one of its own and leaves it there.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from tests.e2e.api import GROUP, Api
from tests.e2e.audit import Audit
from tests.e2e.kubectl import Kubectl
from tests.e2e.polling import until
from tests.e2e.team import Team

from securebucket_dev.demo.operator_process import OperatorProcess, operator_process
from securebucket_dev.kube.assets import find_assets
from securebucket_dev.kube.controlplane import ControlPlane
from securebucket_dev.kube.identity import User
from securebucket_dev.s3.bare import ROOT
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.recorder import Recorder

REPOSITORY = Path(__file__).parents[2]
CRDS = REPOSITORY / "crds"
DEPLOY = REPOSITORY / "deploy"
PLURALS = ("securebuckets", "bucketprofiles", "bucketexceptions")
MASTERS = ("system:masters",)
OPERATOR = "system:serviceaccount:securebucket-system:securebucket-operator"
USERS = (
    User("unprivileged"),
    User("operator", MASTERS),
    User("rival", MASTERS),
    User(OPERATOR, ("system:serviceaccounts", "system:serviceaccounts:securebucket-system")),
)

RunOperator = Callable[..., AbstractContextManager[OperatorProcess]]
StartOperator = Callable[..., OperatorProcess]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "speaks_of(fits): the test is only about parameters of `run` that fit")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out a test for what it does not speak of; subsets of the parameters would start each way anew."""
    out = [each for each in items if not _speaks_of_its_parameter(each)]
    config.hook.pytest_deselected(items=out)
    items[:] = [each for each in items if each not in out]


def _speaks_of_its_parameter(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("speaks_of")
    return mark is None or (isinstance(item, pytest.Function) and mark.args[0](item.callspec.params["run"]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what was measured: the properties that tests record."""
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    measured = [(name, value) for each in reports if each.when == "call" for name, value in each.user_properties]
    if measured:
        terminalreporter.section("measured")
    for name, value in measured:
        terminalreporter.write_line(f"{name}: {value}")


@pytest.fixture(scope="session", autouse=True)
def own_aws_settings() -> Iterator[None]:
    """Let no AWS setting of the user's reach an operator."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [each for each in os.environ if each.startswith("AWS_")]:
            patch.delenv(name)
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            patch.setenv(name, os.devnull)
        patch.setenv("AWS_ACCESS_KEY_ID", ROOT)
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_REGION", "us-east-1")
        yield


@pytest.fixture(scope="session")
def planes() -> list[ControlPlane]:
    """The control plane that the files share, as soon as it has our CRDs."""
    return []


@pytest.fixture(scope="module", autouse=True)
def nothing_left(planes: list[ControlPlane]) -> Iterator[None]:
    """No file leaves an object of ours behind: the older object has the bucket, and another file's would be Stalled."""
    yield
    for plane in planes:
        api = Api(plane)
        found = [api.ask("GET", f"{GROUP}/{plural}").body.get("items", []) for plural in PLURALS]
        api.close()
        assert [each["metadata"]["name"] for items in found for each in items] == []


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    folder = tmp_path_factory.mktemp("control-plane")
    with ControlPlane(find_assets(), users=USERS, audit_log=folder / "audit.log", logs=folder) as running:
        yield running


@pytest.fixture(scope="session")
def kubectl(control_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Kubectl:
    return Kubectl(control_plane, tmp_path_factory.mktemp("kubectl"))


@pytest.fixture(scope="session")
def api(control_plane: ControlPlane) -> Iterator[Api]:
    opened = Api(control_plane)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def audit(control_plane: ControlPlane) -> Audit:
    return Audit(control_plane.logs / "audit.log")


@pytest.fixture(scope="session")
def definitions(control_plane: ControlPlane, kubectl: Kubectl, planes: list[ControlPlane]) -> None:
    """Our CRDs, as a user installs them."""
    applied = kubectl("apply", "--server-side", "-k", str(CRDS))
    assert applied.returncode == 0, applied.stderr
    names = [f"crd/{plural}.securebucket.io" for plural in PLURALS]
    # As long as a new CRD has no condition at all, `kubectl wait` fails at once.
    until(lambda: kubectl("wait", "--for=condition=Established", "--timeout=30s", *names).returncode == 0)
    planes.append(control_plane)


@pytest.fixture(scope="session")
def localstack() -> Iterator[LocalStack]:
    with LocalStack() as server:
        yield server


@pytest.fixture(scope="session")
def lasting_recorder(localstack: LocalStack) -> Iterator[Recorder]:
    with Recorder(localstack.endpoint) as proxy:
        yield proxy


@pytest.fixture
def recorder(lasting_recorder: Recorder) -> Iterator[Recorder]:
    """What the operators ask of S3, healed of all faults after the test."""
    yield lasting_recorder
    lasting_recorder.heal()


@pytest.fixture
def team(definitions: None, api: Api, kubectl: Kubectl, localstack: LocalStack) -> Iterator[Team]:
    one = Team(api, kubectl, localstack.endpoint)
    yield one
    one.leave()


@pytest.fixture(scope="session")
def run_operator(
    definitions: None,
    control_plane: ControlPlane,
    lasting_recorder: Recorder,
    tmp_path_factory: pytest.TempPathFactory,
) -> RunOperator:
    """Run an operator as long as a `with` block lasts."""
    logs = tmp_path_factory.mktemp("operators")

    def run(
        *arguments: str,
        user: str = "operator",
        kubeconfig: Path | None = None,
        endpoint: str = "",
        environment: dict[str, str] | None = None,
    ) -> AbstractContextManager[OperatorProcess]:
        return operator_process(
            kubeconfig or control_plane.kubeconfig(user),
            endpoint or lasting_recorder.endpoint,
            logs / f"{len(list(logs.iterdir()))}.log",
            arguments=arguments,
            environment=environment,
        )

    return run


@pytest.fixture
def start_operator(run_operator: RunOperator) -> Iterator[StartOperator]:
    """Start operators that end with the test; the arguments are those of `run_operator`."""
    with ExitStack() as stack:
        yield lambda *arguments, **options: stack.enter_context(run_operator(*arguments, **options))


@pytest.fixture(scope="module")
def operator(run_operator: RunOperator) -> Iterator[OperatorProcess]:
    """One operator for the whole cluster and a whole file of tests."""
    with run_operator() as running:
        yield running
