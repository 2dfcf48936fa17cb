"""Argo CD's scripts, run by Debian's Lua in the sandbox that Argo CD makes for them."""

import json
import subprocess
from pathlib import Path
from typing import Any

from securebucket_dev.debian import command_for, missing_programs

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


def run_script(script: Path, body: dict[str, Any], folder: Path) -> Any:
    """Give what a script answers for an object.

    Args:
        script: the Lua file.
        body: the object.
        folder: for a scratch file.
    """
    assert not missing_programs("lua"), f"Lua is missing. Run `{command_for('lua')}`."
    written = folder / "object.lua"
    written.write_text(f"return {literal(body)}\n")
    command = ["lua5.3", str(SANDBOX), str(script), str(written)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
