"""`securebucket crd`: the CustomResourceDefinitions of this version."""

import typer

from securebucket.crd.definitions import definitions
from securebucket.crd.text import render


def crd() -> None:
    """Print the CustomResourceDefinitions, ready for kubectl apply -f -."""
    typer.echo("---\n".join(render(each) for each in definitions()), nl=False)
