"""Field selectors: `metadata.name=x,involvedObject.kind!=Pod`, over the paths that a kind offers.

https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/
"""

import re
from collections.abc import Callable

from securebucket_dev.kubeapi.failure import refuse_request
from securebucket_dev.kubeapi.json_path import find_values
from securebucket_dev.kubeapi.kind import Body, Kind

FieldTest = Callable[[Body], bool]

_REQUIREMENT = re.compile(r"([^=!]+)(==|=|!=)(.*)")


def parse_field_selector(text: str, kind: Kind) -> FieldTest:
    """A test of an object's fields; an absent field equals the empty text.

    Raises:
        ApiError: 400, it is no selector, or names a path that this kind does not offer.
    """
    if not text:
        return lambda _: True
    tests = [_parse_requirement(part, kind) for part in text.split(",")]
    return lambda body: all(test(body) for test in tests)


def _parse_requirement(text: str, kind: Kind) -> FieldTest:
    found = _REQUIREMENT.fullmatch(text)
    if found is None:
        raise refuse_request(f"invalid selector: {text!r}; can't understand {text!r}")
    path, wanted, literal = found[1].strip(), found[2] != "!=", found[3].strip()
    offered = ("metadata.name", *(("metadata.namespace",) if kind.namespaced else ()), *kind.selectable)
    if path not in offered:
        raise refuse_request(
            f'Unable to find "{kind.api_version}, Resource={kind.plural}" that match field selector "{text}": '
            f"field label not supported: {path}"
        )
    return lambda body: (_read(path, body) == literal) == wanted


def _read(path: str, body: Body) -> str:
    found = find_values(f".{path}", body)
    if not found or found[0] is None:
        return ""
    return str(found[0]).lower() if isinstance(found[0], bool) else str(found[0])
