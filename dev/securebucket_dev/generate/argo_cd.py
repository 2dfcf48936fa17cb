"""The actions of a kind as Argo CD takes them: one text, made of the Lua files in `actions/`.

https://argo-cd.readthedocs.io/en/stable/operator-manual/resource_actions/
"""

from pathlib import Path
from textwrap import indent

HEAD = "# Made by `make generate` from the Lua files in actions/.\n"


def actions_file(folder: Path) -> str:
    """Write the value of `resource.customizations.actions.<group>_<Kind>`.

    Args:
        folder: with discovery.lua, and a folder for each action with its action.lua.
    """
    parts = [HEAD, "discovery.lua: |\n", indent((folder / "discovery.lua").read_text(encoding="utf-8"), "  ")]
    parts.append("definitions:\n")
    for script in sorted(folder.glob("*/action.lua")):
        parts += [f"  - name: {script.parent.name}\n", "    action.lua: |\n"]
        parts.append(indent(script.read_text(encoding="utf-8"), "      "))
    return "".join(parts)
