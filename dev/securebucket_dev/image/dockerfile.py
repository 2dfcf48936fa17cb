"""Reads our Dockerfile: just the instructions that it uses, so that what is proved here is what an engine builds."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KNOWN = frozenset(
    {"FROM", "ARG", "LABEL", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "ENTRYPOINT", "CMD"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction with its whole text, e.g. `USER` and `65532:65532`."""

    name: str
    text: str

    def words(self) -> list[str]:
        """Give the words as a shell would split them."""
        return shlex.split(self.text)

    def exec_form(self) -> list[str]:
        """Give the words of an ENTRYPOINT or CMD.

        Raises:
            ValueError: it is in shell form, which would need a shell in the image.
        """
        if not self.text.startswith("["):
            raise ValueError(f"{self.name} {self.text}: write it in exec form, the image has no use for a shell")
        return [str(each) for each in json.loads(self.text)]


@dataclass(frozen=True, slots=True)
class Stage:
    """What follows one FROM.

    Args:
        base: the image that it begins with.
        instructions: the others, in their order.
    """

    base: str
    instructions: tuple[Instruction, ...]

    def all(self, name: str) -> list[Instruction]:
        """Give all instructions of that name."""
        return [each for each in self.instructions if each.name == name]

    def one(self, name: str) -> Instruction:
        """Give the only instruction of that name.

        Raises:
            ValueError: there is none, or more than one.
        """
        (found,) = self.all(name)
        return found

    def pairs(self, name: str) -> dict[str, str]:
        """Give everything that ENV or LABEL sets."""
        words = [word for each in self.all(name) for word in each.words()]
        return dict(word.split("=", 1) for word in words)


def read_stages(file: Path) -> list[Stage]:
    """Read the stages of a Dockerfile.

    Raises:
        ValueError: it has an instruction that is not carried out here.
    """
    stages: list[Stage] = []
    for each in _instructions(file.read_text(encoding="utf-8")):
        if each.name not in KNOWN:
            raise ValueError(f"{file}: {each.name} is not carried out by {__name__}; teach it first")
        if each.name == "FROM":
            stages.append(Stage(each.words()[0], ()))
        else:
            last = stages.pop()
            stages.append(Stage(last.base, (*last.instructions, each)))
    return stages


def commands_of(run: Instruction) -> list[list[str]]:
    """Split a RUN at each `&&`.

    Raises:
        ValueError: it uses the shell for more than that.
    """
    if re.search(r"[|;<>*?`$()]", run.text):
        raise ValueError(f"RUN {run.text}: it needs more of a shell than `&&`")
    return [shlex.split(each) for each in run.text.split("&&")]


def _instructions(text: str) -> Iterator[Instruction]:
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for line in lines.replace("\\\n", " ").splitlines():
        if line.strip():
            name, rest = line.split(maxsplit=1)
            yield Instruction(name, " ".join(rest.split()) if name != "RUN" else rest.strip())
