"""The subjects of the laws: each control of the registry has one, in `subjects`, in a file called like its own."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.laws.subject import Foreign, Subject

from securebucket.controls import CONTROLS
from securebucket.model.control import Control

FOLDER = Path(__file__).parent / "subjects"


def file_of(control: Control[Any]) -> str:
    """Name the file of a control, without its folder."""
    return type(control).__module__.rpartition(".")[2] + ".py"


def _subjects() -> Iterator[tuple[str, Subject]]:
    for control in CONTROLS:
        if (FOLDER / file_of(control)).is_file():
            yield control.name, import_module(f"tests.laws.subjects.{file_of(control)[:-3]}").SUBJECT


SUBJECTS: Mapping[str, Subject] = dict(_subjects())
"""By the control's name, in the registry's order."""

TRIED: tuple[Control[Any], ...] = tuple(control for control in CONTROLS if control.name in SUBJECTS)
"""The controls that have a subject. A law holds that these are all, so that one without a subject is one failure."""

UNTRIED: tuple[Control[Any], ...] = tuple(control for control in CONTROLS if control.name not in SUBJECTS)
"""The others, which that law names."""

FOREIGN: Mapping[str, Foreign] = {name: subject.foreign for name, subject in SUBJECTS.items() if subject.foreign}
"""The entries of others in the list-like documents."""

UNKNOWN: Mapping[str, frozenset[str]] = {
    server: frozenset(name for name, subject in SUBJECTS.items() if server in subject.unknown_to)
    for server in {server for subject in SUBJECTS.values() for server in subject.unknown_to}
}
"""The controls whose documents a server does not know."""

RIGHTS: Mapping[str, str] = {
    operation: action for subject in SUBJECTS.values() for operation, action in subject.rights.items()
}
"""The IAM action of each operation on a bucket's documents, by boto3's name.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""
