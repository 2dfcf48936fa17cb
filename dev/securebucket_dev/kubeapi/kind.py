"""What the server knows of one kind of object in one version."""

from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]
"""A JSON object; one that the store has is shared by readers and never changed in place."""

Schema = dict[str, Any]
"""A structural schema, written as in a CustomResourceDefinition."""

ALL_VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")


@dataclass(frozen=True, slots=True)
class Column:
    """A printer column of a CustomResourceDefinition."""

    name: str
    path: str
    type: str
    format: str = ""
    description: str = ""
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind in one version of its group, with the rules by which its objects are kept.

    Args:
        name: the kind, such as `Lease`; with `plural` the last part of its paths, such as `leases`.
        storage: names the table of the store; versions of one kind, and the two groups of Event, share it.
        subresources: `status`, and for a namespace also `finalize`.
        custom: defined by a CustomResourceDefinition, with its strictness.
        unconditional_update: a PUT without a resourceVersion overwrites.
        create_on_update: a PUT of an object that does not exist creates it.
        generation: `metadata.generation` counts the changes of everything but metadata and status.
        selectable: the paths, besides name and namespace, that a field selector may name.
    """

    group: str
    version: str
    name: str
    plural: str
    namespaced: bool
    storage: str
    schema: Schema = field(default_factory=dict, repr=False)
    singular: str = ""
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subresources: frozenset[str] = frozenset()
    columns: tuple[Column, ...] = ()
    selectable: tuple[str, ...] = ()
    custom: bool = False
    unconditional_update: bool = True
    create_on_update: bool = False
    generation: bool = False

    @property
    def api_version(self) -> str:
        """The `apiVersion` of its objects."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def list_name(self) -> str:
        """The kind of a list of them."""
        return f"{self.name}List"

    @property
    def root(self) -> str:
        """The path that its group's version is served under."""
        return f"/apis/{self.api_version}" if self.group else f"/api/{self.version}"
