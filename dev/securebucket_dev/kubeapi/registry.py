"""Which kinds there are just now: the built-in ones, and those of the CustomResourceDefinitions."""

from collections.abc import Iterator

from securebucket_dev.kubeapi.builtin import builtin_kinds
from securebucket_dev.kubeapi.kind import Kind
from securebucket_dev.kubeapi.rules import RuleTree, compile_rules


class Registry:
    """The kinds by group, version and plural, with the compiled rules of the custom ones."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, str, str], Kind] = {}
        self._rules: dict[tuple[str, str, str], RuleTree | None] = {}
        for kind in builtin_kinds():
            self.add(kind)

    def add(self, kind: Kind) -> None:
        """Serve a kind, or its new definition."""
        place = (kind.group, kind.version, kind.plural)
        self._kinds[place] = kind
        self._rules[place] = compile_rules(kind.schema)[0] if kind.custom else None

    def drop(self, group: str, plural: str) -> None:
        """Serve no version of a kind any longer."""
        for place in [each for each in self._kinds if (each[0], each[2]) == (group, plural)]:
            del self._kinds[place], self._rules[place]

    def find(self, group: str, version: str, plural: str) -> Kind | None:
        """The kind that is served at a path, if any."""
        return self._kinds.get((group, version, plural))

    def rules(self, kind: Kind) -> RuleTree | None:
        """The CEL rules of a kind, if it has any."""
        return self._rules[kind.group, kind.version, kind.plural]

    def groups(self) -> dict[str, list[str]]:
        """The versions of every group, `""` (the core) first."""
        found: dict[str, list[str]] = {"": []}
        for kind in self._kinds.values():
            versions = found.setdefault(kind.group, [])
            if kind.version not in versions:
                versions.append(kind.version)
        return found

    def serve(self, group: str, version: str) -> list[Kind]:
        """The kinds of one version of a group, in the order of their plurals."""
        return sorted(
            (kind for kind in self._kinds.values() if (kind.group, kind.version) == (group, version)),
            key=lambda kind: kind.plural,
        )

    def by_storage(self) -> dict[str, Kind]:
        """One kind for every table of the store."""
        return {kind.storage: kind for kind in self._kinds.values()}

    def __iter__(self) -> Iterator[Kind]:
        return iter(list(self._kinds.values()))
