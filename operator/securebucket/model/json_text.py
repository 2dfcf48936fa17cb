"""JSON from outside, read so that it cannot do harm: whatever is wrong with it is a ValueError."""

import json
from typing import Any

from securebucket.model.plain_text import made_whole


def read_json(text: str | bytes) -> Any:
    """Read a JSON text; its texts have no half characters.

    Raises:
        ValueError: it is no JSON, no text in UTF-8, nested without end, or holds a number of thousands of digits.
    """
    try:
        return made_whole(json.loads(text))
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
