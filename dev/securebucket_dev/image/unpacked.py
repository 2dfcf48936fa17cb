"""Carries the Dockerfile's steps out in a folder: `/opt` and `/build` are folders in it, the base is this Python.

What stays unproved without an engine: the base image itself, and layers.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from securebucket_dev.image.dockerfile import Instruction, Stage, commands_of, read_stages
from securebucket_dev.process import ServerError

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 300


@dataclass(frozen=True, slots=True)
class UnpackedImage:
    """What the image would hold.

    Args:
        folder: stands for `/`.
        environment: what ENV of the last stage sets, in terms of that folder.
        command: ENTRYPOINT and CMD; the first word is the program's path.
        user: user and group that it runs as.
    """

    folder: Path
    environment: dict[str, str]
    command: list[str]
    user: tuple[int, int]

    @property
    def program(self) -> str:
        """The path of `securebucket`."""
        return self.command[0]


def build(folder: Path) -> UnpackedImage:
    """Do what the Dockerfile says.

    Raises:
        ServerError: a step failed; the text carries the end of its output.
    """
    first, last = read_stages(ROOT / "Dockerfile")
    for each in first.instructions:
        if each.name == "COPY":
            _copy(each, folder / "build")
        elif each.name == "RUN":
            for command in commands_of(each):
                _run(command, folder)
    shutil.rmtree(folder / "build")
    shutil.rmtree(folder / "opt" / "build")
    return _as_described(last, folder)


def _as_described(last: Stage, folder: Path) -> UnpackedImage:
    variables = last.pairs("ENV")
    variables["PATH"] = inside(variables["PATH"].removesuffix(":$PATH"), folder)
    entry, arguments = last.one("ENTRYPOINT").exec_form(), last.one("CMD").exec_form()
    user, group = last.one("USER").text.split(":")
    program = Path(variables["PATH"]) / entry[0]
    return UnpackedImage(folder, variables, [str(program), *entry[1:], *arguments], (int(user), int(group)))


def inside(word: str, folder: Path) -> str:
    """Give a path of the image as a path in the folder, and any other word as it is."""
    return f"{folder}{word}" if word.startswith("/opt/") else word


def _copy(copy: Instruction, workdir: Path) -> None:
    *sources, target = copy.words()
    ignore = shutil.ignore_patterns("__pycache__")
    for source in sources:
        to = workdir / target
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, to, ignore=ignore)
        else:
            to.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, to)


def _run(command: list[str], folder: Path) -> None:
    program = sys.executable if command[0] == "python" else inside(command[0], folder)
    # pip's own settings (an index, certificates) are the machine's; Python's would lead to our own checkout.
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ended = subprocess.run(
        [program, *(inside(word, folder) for word in command[1:])],
        cwd=folder / "build",
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if ended.returncode:
        raise ServerError(f"the image's step `{' '.join(command)}` failed:\n{ended.stdout[-3000:]}")
