"""The door by which text of AWS's answers comes in: no half characters (lone surrogates) get past it.

JSON can write them as escapes, and then no status, report or log that they reach could be written. XML cannot. A bucket
policy is JSON within an answer, and is read apart (`policy.document`), since it is put back as it was.
"""

from typing import Any

from securebucket.model.plain_text import made_whole


def make_plain(parsed: Any, model: Any, **_: Any) -> None:
    """Make the texts of an answer whole, in place (handler of `after-call`)."""
    if "json" in model.service_model.resolved_protocol and isinstance(parsed, dict):
        parsed.update(made_whole(parsed))
