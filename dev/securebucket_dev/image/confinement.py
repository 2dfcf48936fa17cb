"""Runs a program as a restricted pod would: no root, no capability, nothing to write to but one folder, no shell.

Only root can set that up, in a mount namespace of its own; nothing of it outlives the program.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SHELLS = ("/bin/sh", "/bin/bash", "/bin/dash", "/bin/busybox")


def can_confine() -> bool:
    """Say whether this process may make mount namespaces."""
    if os.geteuid() or not (shutil.which("unshare") and shutil.which("setpriv")):
        return False
    return subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode == 0


def confined(command: Sequence[str], user: tuple[int, int], folder: Path, scratch: Path) -> list[str]:
    """Give the command that runs another one confined.

    Args:
        command: what is run.
        user: user and group.
        folder: what the program is in; read-only like all the rest.
        scratch: a folder in `folder`, where an empty tmpfs is put: the pod's `/tmp`.
    """
    hidden = _closed_ancestor(Path(sys.base_prefix))
    plan = {
        "user": user, "folder": str(folder), "scratch": str(scratch), "hold": str(folder / "hold"),
        "hidden": str(hidden or ""), "python": sys.base_prefix, "command": list(command),
    }  # fmt: skip
    return ["unshare", "--mount", sys.executable, "-I", __file__, json.dumps(plan)]


def _closed_ancestor(path: Path) -> Path | None:
    """Find the outermost folder above a Python that other users may not enter, e.g. root's home."""
    closed = [each for each in path.parents if not each.stat().st_mode & 0o001]
    return closed[-1] if closed else None


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _main() -> None:
    plan = json.loads(sys.argv[1])
    folder, scratch, hold = plan["folder"], plan["scratch"], plan["hold"]
    for shell in {os.path.realpath(each) for each in SHELLS if Path(each).exists()}:
        _mount("--bind", os.devnull, shell)
    _mount("--bind", folder, folder)
    Path(scratch).mkdir(exist_ok=True)
    _mount("-t", "tmpfs", "-o", "mode=1777,size=64m", "tmpfs", scratch)
    if plan["hidden"]:
        # Our interpreter is in a folder that is closed to others: an empty one in its place, with it alone.
        Path(hold).mkdir(exist_ok=True)
        _mount("--bind", plan["python"], hold)
        _mount("-t", "tmpfs", "-o", "mode=755,size=1m", "tmpfs", plan["hidden"])
        Path(plan["python"]).mkdir(parents=True)
        _mount("--bind", hold, plan["python"])
        for each in (plan["python"], plan["hidden"]):
            _mount("-o", "remount,bind,ro", each)
    for each in (folder, "/"):
        _mount("-o", "remount,bind,ro", each)
    user, group = plan["user"]
    drop = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"]
    command = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", *drop, *plan["command"]]
    os.execvp(command[0], command)  # noqa: S606 - that is what this is for


if __name__ == "__main__":
    _main()
