"""What the API server was asked, from its audit log."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WRITING = frozenset({"create", "update", "patch", "delete", "deletecollection"})


@dataclass(frozen=True, slots=True)
class Request:
    """One answered request.

    Args:
        user: who asked.
        verb: as RBAC names it, e.g. `patch`.
        resource: plural, with `/status` where a subresource is meant; the path where no resource is.
        group: API group; empty for the core.
        namespace: empty where there is none.
        name: empty for lists and watches.
        status: HTTP code of the answer.
        query: from the first `?` on; empty without one.
    """

    user: str
    verb: str
    resource: str
    group: str
    namespace: str
    name: str
    status: int
    query: str

    @property
    def is_write(self) -> bool:
        """Whether it asks for a change of something that is stored."""
        return self.verb in WRITING and not self.resource.startswith("selfsubject")

    @property
    def is_election(self) -> bool:
        """Whether it is about a Lease."""
        return self.resource == "leases"


class Audit:
    """Reads the log of a control plane; `since` begins where the last `mark` was."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def mark(self) -> int:
        """Give the present end of the log."""
        return self._log.stat().st_size

    def since(self, mark: int, wanted: Callable[[Request], bool] = lambda _: True) -> list[Request]:
        """Give the requests after a mark; a line that is just being written is left out."""
        with self._log.open("rb") as log:
            log.seek(mark)
            text = log.read()
        lines = text[: text.rfind(b"\n") + 1].splitlines()
        return [request for line in lines if wanted(request := _read(json.loads(line)))]


def _read(event: dict[str, Any]) -> Request:
    about = event.get("objectRef", {})
    path, _, query = event["requestURI"].partition("?")
    resource = about.get("resource", path)
    if "subresource" in about:
        resource = f"{resource}/{about['subresource']}"
    return Request(
        user=event["user"]["username"],
        verb=event["verb"],
        resource=resource,
        group=about.get("apiGroup", ""),
        namespace=about.get("namespace", ""),
        name=about.get("name", ""),
        status=event.get("responseStatus", {}).get("code", 0),
        query=query,
    )
