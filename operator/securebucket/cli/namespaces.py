"""The namespaces that an operator watches, as `run` and `doctor` are told."""

import re
from collections.abc import Sequence

import typer

NAMESPACES_VARIABLE = "SECUREBUCKET_NAMESPACES"
NAMESPACE = re.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names"""


def namespaces_of(given: Sequence[str] | None) -> tuple[str, ...]:
    """Return the namespaces without repetitions; none at all means the whole cluster.

    Raises:
        typer.BadParameter: one cannot be a namespace's name, so that nothing would ever be seen there.
    """
    for each in given or ():
        if not NAMESPACE.fullmatch(each):
            raise typer.BadParameter(
                f"{each!r} is not a namespace. Repeat the option for each one, or put spaces between them in"
                f" {NAMESPACES_VARIABLE}.",
                param_hint="--namespace",
            )
    return tuple(dict.fromkeys(given or ()))
