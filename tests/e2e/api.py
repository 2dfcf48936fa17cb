"""The API server over plain HTTP: for looking often, which kubectl is too slow for."""

import json
from dataclasses import dataclass
from http.client import TOO_MANY_REQUESTS
from typing import Any

import urllib3
from tests.e2e.polling import until

from securebucket_dev.kube.controlplane import ControlPlane

Body = dict[str, Any]

GROUP = "/apis/securebucket.io/v1alpha1"
MERGE = "application/merge-patch+json"
APPLY = "application/apply-patch+yaml"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API server answered."""

    status: int
    body: Body


class Api:
    """Asks as one user. Answers are values: what is an error, the test says."""

    def __init__(self, control_plane: ControlPlane, user: str = "admin") -> None:
        self._url = control_plane.url
        self._token = control_plane.user(user).token
        self._http = urllib3.PoolManager(ca_certs=str(control_plane.authority), timeout=30, retries=False)

    def ask(self, method: str, path: str, body: Body | None = None, content_type: str = "application/json") -> Answer:
        """Send one request; a server that is busy is asked again, as kubectl does."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": content_type}
        payload = None if body is None else json.dumps(body)

        def attempt() -> urllib3.BaseHTTPResponse | None:
            answer = self._http.request(method, self._url + path, body=payload, headers=headers)
            return None if answer.status == TOO_MANY_REQUESTS else answer

        answer = until(attempt)
        return Answer(answer.status, json.loads(answer.data))

    def do(self, method: str, path: str, body: Body | None = None, content_type: str = "application/json") -> Body:
        """Send one request that must succeed."""
        answer = self.ask(method, path, body, content_type)
        assert answer.status < 300, f"{method} {path}: {answer.body.get('message', answer.body)}"
        return answer.body

    def close(self) -> None:
        """Close the connections."""
        self._http.clear()
