"""Argo CD's scripts, run in the sandbox that Argo CD makes for them: by Debian's Lua, and by Argo CD's interpreter."""

import json
import subprocess
from pathlib import Path
from typing import Any

from securebucket_dev.debian import command_for, missing_programs
from securebucket_dev.kube.go_program import PROGRAMS, find_go_program

SANDBOX = Path(__file__).with_name("sandbox.lua")


def literal(value: Any) -> str:
    """Write a value of JSON as Lua source."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"[{literal(key)}] = {literal(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "{" + ", ".join(map(literal, value)) + "}"
    if isinstance(value, str):
        return '"' + "".join(f"\\{byte:03d}" for byte in value.encode()) + '"'
    return "nil" if value is None else json.dumps(value)


def run_by_debian(script: Path, body: dict[str, Any], folder: Path) -> Any:
    """Give what a script answers for an object, by Lua 5.3.

    Args:
        script: the Lua file.
        body: the object.
        folder: for a scratch file.
    """
    assert not missing_programs("lua"), f"Lua is missing. Run `{command_for('lua')}`."
    written = folder / "object.lua"
    written.write_text(f"return {literal(body)}\n")
    return _answer(["lua5.3", str(SANDBOX), str(script), str(written)])


def run_by_gopher(script: Path, body: dict[str, Any], folder: Path) -> Any:
    """Give what a script answers for an object, by gopher-lua; the arguments are those of `run_by_debian`."""
    given = json.dumps({"script": script.read_text(), "obj": body})
    return _answer([str(find_go_program(PROGRAMS["gopher-lua"]))], given)


INTERPRETERS = {"lua5.3": run_by_debian, "gopher-lua": run_by_gopher}


def _answer(command: list[str], given: str = "") -> Any:
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
