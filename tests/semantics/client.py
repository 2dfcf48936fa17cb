"""The smallest client of a Kubernetes API: paths and JSON, nothing that could hide what the server says."""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

Body = dict[str, Any]

WIDGETS = "/apis/semantics.example.io/v1alpha1"
PATIENCE = 20.0  # seconds for any answer, and for any next event

MERGE = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that the suite asks: where it is, and how one is let in."""

    url: str
    token: str
    verify: str | bool
    kubeconfig: Path
    kubectl: Path


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    code: int
    body: Body
    headers: Mapping[str, str]

    @property
    def metadata(self) -> Body:
        found = self.body["metadata"]
        assert isinstance(found, dict)
        return found

    @property
    def revision(self) -> str:
        return str(self.metadata["resourceVersion"])

    @property
    def message(self) -> str:
        return str(self.body.get("message", ""))

    @property
    def reason(self) -> str:
        return str(self.body.get("reason", ""))

    def causes(self) -> list[tuple[str, str]]:
        """The fields that are wrong, and why."""
        causes = self.body.get("details", {}).get("causes", [])
        return [(each.get("field", ""), each.get("reason", "")) for each in causes]


@dataclass(slots=True)
class Client:
    """Requests to one server; `namespace` is where the paths of `widgets` and `core` lead."""

    server: Server
    namespace: str
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.headers["Authorization"] = f"Bearer {self.server.token}"
        self.session.headers["User-Agent"] = "semantics/1.0"
        self.session.verify = self.server.verify
        # The environment's own certificates would take the place of the server's, its proxies get in the way.
        self.session.trust_env = False

    @property
    def widgets(self) -> str:
        return f"{WIDGETS}/namespaces/{self.namespace}/widgets"

    def core(self, plural: str) -> str:
        return f"/api/v1/namespaces/{self.namespace}/{plural}"

    def get(self, path: str, accept: str = "application/json", **query: str) -> Answer:
        return self._ask("GET", path, None, query, {"Accept": accept})

    def post(self, path: str, body: Body, accept: str = "application/json", **query: str) -> Answer:
        return self._ask("POST", path, body, query, {"Accept": accept, "Content-Type": "application/json"})

    def put(self, path: str, body: Body, **query: str) -> Answer:
        return self._ask("PUT", path, body, query, {"Content-Type": "application/json"})

    def patch(self, path: str, patch: object, media_type: str = MERGE, **query: str) -> Answer:
        return self._ask("PATCH", path, patch, query, {"Content-Type": media_type})

    def apply(self, path: str, body: Body, manager: str, **query: str) -> Answer:
        return self.patch(path, body, APPLY, fieldManager=manager, **query)

    def delete(self, path: str, body: Body | None = None, **query: str) -> Answer:
        return self._ask("DELETE", path, body, query, {"Content-Type": "application/json"})

    @contextlib.contextmanager
    def watch(self, path: str, accept: str = "application/json", **query: str) -> Iterator[Iterator[Body]]:
        """The events of a watch, as they come; it ends with the block."""
        with self.session.get(
            self.server.url + path,
            params={"watch": "true", **query},
            headers={"Accept": accept},
            stream=True,
            timeout=PATIENCE,
        ) as response:
            assert response.status_code == 200, response.text
            yield (json.loads(line) for line in response.iter_lines(chunk_size=None) if line)

    def raw(self, method: str, path: str, body: bytes, media_type: str, **query: str) -> Answer:
        """A request with a body that is sent as it is."""
        return self._send(method, path, body, query, {"Content-Type": media_type})

    def _ask(
        self, method: str, path: str, body: object, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        return self._send(method, path, None if body is None else json.dumps(body).encode(), query, headers)

    def _send(
        self, method: str, path: str, body: bytes | None, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        url = self.server.url + path
        response = self.session.request(method, url, params=query, data=body, headers=dict(headers), timeout=PATIENCE)
        content = response.json() if response.content[:1] == b"{" else {}
        return Answer(response.status_code, content, response.headers)


def widget(name: str, spec: Body | None = None, **metadata: object) -> Body:
    """A Widget that is valid, with its spec or parts of its metadata set."""
    return {
        "apiVersion": "semantics.example.io/v1alpha1",
        "kind": "Widget",
        "metadata": {"name": name, **metadata},
        "spec": spec if spec is not None else {"region": "eu-1"},
    }


def until(events: Iterator[Body], wanted: Callable[[Body], bool]) -> list[Body]:
    """The events up to the first wanted one."""
    seen = []
    for event in events:
        seen.append(event)
        if wanted(event):
            return seen
    raise AssertionError(f"the stream ended without it: {seen}")


def names(answer: Answer) -> list[str]:
    """The names of a list's objects."""
    return [each["metadata"]["name"] for each in answer.body["items"]]
