"""What a path is about: a kind, a namespace, an object, a part of it."""

from dataclasses import dataclass

from securebucket_dev.kubeapi.failure import refuse_path
from securebucket_dev.kubeapi.kind import Kind
from securebucket_dev.kubeapi.registry import Registry
from securebucket_dev.kubeapi.store import Key

_NAMESPACE_PARTS = frozenset({"status", "finalize"})


@dataclass(frozen=True, slots=True)
class Route:
    """A path under a group's version, taken apart.

    Args:
        namespace: empty for cluster-scoped kinds, and for lists over all namespaces.
        name: empty for the kind as a whole.
        subresource: empty for the object itself.
    """

    kind: Kind
    namespace: str
    name: str
    subresource: str

    @property
    def key(self) -> Key:
        """Where the object is in its table."""
        return Key(self.namespace, self.name)


def split_path(path: str) -> tuple[str, str, list[str]]:
    """The group, the version, and what comes after them.

    Raises:
        ApiError: 404, it is no path of the API.
    """
    parts = [part for part in path.split("/") if part]
    if len(parts) >= 2 and parts[0] == "api":
        return "", parts[1], parts[2:]
    if len(parts) >= 3 and parts[0] == "apis":
        return parts[1], parts[2], parts[3:]
    raise refuse_path()


def find_route(registry: Registry, path: str) -> Route:
    """What a path is about.

    Raises:
        ApiError: 404, nothing that is served.
    """
    group, version, parts = split_path(path)
    namespace = ""
    # /namespaces/x/secrets is in a namespace; /namespaces/x and /namespaces/x/status are the namespace itself.
    if len(parts) > 2 and parts[0] == "namespaces" and (len(parts) > 3 or parts[2] not in _NAMESPACE_PARTS):
        namespace, parts = parts[1], parts[2:]
    kind = registry.find(group, version, parts[0]) if parts else None
    if kind is None or len(parts) > 3 or (namespace and not kind.namespaced):
        raise refuse_path()
    name, subresource = (*parts[1:], "", "")[:2]
    if (subresource and subresource not in kind.subresources) or (name and kind.namespaced and not namespace):
        raise refuse_path()
    return Route(kind, namespace, name, subresource)
