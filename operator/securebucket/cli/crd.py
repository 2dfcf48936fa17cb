"""`securebucket crd`: the CustomResourceDefinitions of this version."""

import typer

from securebucket.crd.definitions import definitions
from securebucket.crd.text import render


def crd() -> None:
    """Print the CustomResourceDefinitions of this version.

    Install them with: securebucket crd | kubectl apply --server-side -f -
    """
    typer.echo("---\n".join(render(each) for each in definitions()), nl=False)
