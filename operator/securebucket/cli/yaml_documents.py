"""YAML files as documents, with words for whoever wrote them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
import yaml

from securebucket.cli.output import CommandError
from securebucket.model.plain_text import is_whole, whole

STANDARD_INPUT = Path("-")
SUFFIXES = frozenset({".yaml", ".yml", ".json"})
LISTS = frozenset({"kustomization.yaml", "kustomization.yml"})
"""What `kubectl kustomize` reads: it lists a folder's files, and is not an object itself."""
MOST = 1_000_000
"""Values of one file, what an alias stands for counted each time: twelve lines can stand for more than any memory."""
REPLACEMENT = "\ufffd"
"""What stands in a text where half a character was."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that cannot be used, and why.

    Args:
        source: where it is, e.g. `buckets.yaml, document 2`.
    """

    source: str
    message: str

    def __str__(self) -> str:
        return f"{self.source}: {self.message}"


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document that is not empty."""

    source: str
    content: Any


class RepeatedKeyError(yaml.MarkedYAMLError):
    """A key of a mapping is there twice."""


class HalfCharacterError(yaml.MarkedYAMLError):
    """A text holds half a character (a lone surrogate)."""


class StrictLoader(yaml.SafeLoader):
    """Refuses a key that is there twice, and half characters: what would be applied is not what was written."""

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        """Make a text. Two halves, as JSON's escapes write what lies beyond U+FFFF, become their character.

        Raises:
            HalfCharacterError: a half stands alone.
        """
        value = super().construct_scalar(node)
        if not isinstance(value, str) or is_whole(value):
            return value
        joined = whole(value)
        if joined.count(REPLACEMENT) > value.count(REPLACEMENT):
            raise HalfCharacterError(None, None, "holds half a character; write a whole one", node.start_mark)
        return joined

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Make a mapping.

        Raises:
            RepeatedKeyError: a key is there twice.
        """
        seen: set[Any] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    raise RepeatedKeyError(None, None, f"{key.value} is there twice; remove one", key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def refuse(wrong: Sequence[Wrong]) -> None:
    """Do nothing with files in which something is wrong.

    Raises:
        CommandError: something is.
    """
    if wrong:
        raise CommandError(*map(str, wrong))


def read_objects(paths: list[Path]) -> Iterator[Document | Wrong]:
    """Read the Kubernetes objects of files, of the files of folders, and of standard input (`-`).

    What `kubectl get -o yaml` writes is taken apart.
    """
    for each in (found for path in paths for file in _files_of(path) for found in _read(file)):
        content = each.content if isinstance(each, Document) and isinstance(each.content, Mapping) else {}
        items = content.get("items") if str(content.get("kind", "")).endswith("List") else None
        if isinstance(items, list):
            yield from (Document(f"{each.source}, item {number}", item) for number, item in enumerate(items, start=1))
        else:
            yield each


def _files_of(path: Path) -> Sequence[Path | Wrong]:
    if path == STANDARD_INPUT or not path.is_dir():
        return [path]
    found = sorted(each for each in path.iterdir() if each.suffix in SUFFIXES and each.name not in LISTS)
    return found or [Wrong(str(path), "the folder has no .yaml, .yml or .json file")]


def _read(file: Path | Wrong) -> list[Document | Wrong]:
    if isinstance(file, Wrong):
        return [file]
    name = "standard input" if file == STANDARD_INPUT else str(file)
    try:
        text = typer.get_binary_stream("stdin").read() if file == STANDARD_INPUT else file.read_bytes()
        documents = list(yaml.load_all(text.decode("utf-8-sig"), StrictLoader))
    except FileNotFoundError:
        return [Wrong(name, "there is no such file")]
    except OSError as error:
        return [Wrong(name, f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError:
        return [Wrong(name, "is not UTF-8 text; use a YAML file")]
    except RecursionError:
        return [Wrong(name, "is nested too deep; use a YAML file of Kubernetes objects")]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{name}, line {mark.line + 1}, column {mark.column + 1}" if mark else name
        fault = "" if isinstance(error, RepeatedKeyError | HalfCharacterError) else "is not YAML: "
        return [Wrong(place, f"{fault}{error.problem or error}")]
    except yaml.YAMLError as error:
        return [Wrong(name, f"is not YAML: {' '.join(str(error).split())}")]
    except ValueError as error:  # a date such as 2030-99-99, or a number of thousands of digits
        return [Wrong(name, f"holds a value that cannot be read: {error}")]
    if _is_endless(documents):
        return [Wrong(name, f"expands to more than {MOST:,} values; use fewer aliases (*)")]
    numbered = [(number, each) for number, each in enumerate(documents, start=1) if each is not None]
    return [Document(name if len(numbered) == 1 else f"{name}, document {number}", each) for number, each in numbered]


def _is_endless(documents: list[Any]) -> bool:
    """Tell whether aliases make a few lines too much to walk through; one may even hold itself."""
    left, seen = list(documents), 0
    while left and seen <= MOST:
        each = left.pop()
        seen += 1
        left.extend(each.values() if isinstance(each, Mapping) else each if isinstance(each, list) else ())
    return seen > MOST
