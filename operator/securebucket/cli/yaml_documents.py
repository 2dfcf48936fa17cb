"""YAML files as documents, with words for whoever wrote them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
import yaml

from securebucket.cli.output import CommandError
from securebucket.cli.yaml_scalars import LARGEST, Scalar, json_number, read_plain
from securebucket.model.plain_text import is_whole, whole

STANDARD_INPUT = Path("-")
SUFFIXES = frozenset({".yaml", ".yml", ".json"})
LISTS = frozenset({"kustomization.yaml", "kustomization.yml"})
"""What `kubectl kustomize` reads: it lists a folder's files, and is not an object itself."""
MOST = 1_000_000
"""Values of one file, what an alias stands for counted each time: twelve lines can stand for more than any memory."""
YAML_TAG = "tag:yaml.org,2002:"
PLAIN = f"{YAML_TAG}plain"
"""Our tag of what stands without quotes, which only its text tells what it is."""
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


class UnusableYamlError(yaml.MarkedYAMLError):
    """YAML that kubectl refuses, or reads as something else than what its author sees."""


class StrictLoader(yaml.SafeLoader):
    """Reads as kubectl does, and refuses what would be applied otherwise than it was written.

    That is a key that is there twice, half characters, tags, and keys that are fractions or no JSON at all.
    """

    def compose_scalar_node(self, anchor: dict[Any, yaml.Node]) -> yaml.ScalarNode:
        """Mark what stands without quotes and without a tag: only that is more than a text."""
        event = self.peek_event()  # type: ignore[no-untyped-call] # PyYAML has no types there
        node: yaml.ScalarNode = super().compose_scalar_node(anchor)
        if event.tag is None and event.implicit[0]:
            node.tag = PLAIN
        return node

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        """Make a text. Two halves, as JSON's escapes write what lies beyond U+FFFF, become their character.

        Raises:
            UnusableYamlError: a half stands alone.
        """
        value = super().construct_scalar(node)
        if not isinstance(value, str) or is_whole(value):
            return value
        joined = whole(value)
        if joined.count(REPLACEMENT) > value.count(REPLACEMENT):
            raise UnusableYamlError(None, None, "holds half a character; write a whole one", node.start_mark)
        return joined

    def construct_plain(self, node: yaml.ScalarNode) -> Scalar:
        """Make what stands without quotes.

        Raises:
            UnusableYamlError: it is a number that JSON does not have.
        """
        value = read_plain(node.value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        if not math.isfinite(value):
            raise UnusableYamlError(None, None, f"{node.value} is no number in JSON; write another", node.start_mark)
        return json_number(value)

    def construct_tagged(self, node: yaml.Node) -> None:
        """Refuse a tag: few of them mean here what they mean to kubectl.

        Raises:
            UnusableYamlError: always.
        """
        tag = node.tag.replace(YAML_TAG, "!!")
        raise UnusableYamlError(None, None, f"the tag {tag} is not read; write the value without it", node.start_mark)

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Name the keys as in JSON, and merge what `<<` names where it stands: what comes later wins.

        Raises:
            UnusableYamlError: a key is there twice, or is no name.
        """
        pairs: dict[Any, tuple[yaml.Node, yaml.Node]] = {}
        own: set[Any] = set()
        for key, value in node.value:
            if key.tag == PLAIN and key.value == "<<":
                pairs |= {each[0].value: each for each in self._merged(value)}
                continue
            if isinstance(key, yaml.ScalarNode):
                key.value, key.tag = self._name(key), f"{YAML_TAG}str"
            name = key.value if isinstance(key, yaml.ScalarNode) else id(key)  # that is no name; it is refused later
            if name in own:
                raise UnusableYamlError(None, None, f"{name} is there twice; remove one", key.start_mark)
            own.add(name)
            pairs[name] = key, value
        node.value = list(pairs.values())

    def _merged(self, node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
        found: list[tuple[yaml.Node, yaml.Node]] = []
        for each in reversed(node.value) if isinstance(node, yaml.SequenceNode) else (node,):
            if not isinstance(each, yaml.MappingNode):
                raise UnusableYamlError(None, None, "<< merges mappings, and this is none", each.start_mark)
            self.flatten_mapping(each)
            found += each.value
        return found

    def _name(self, key: yaml.ScalarNode) -> str:
        value = read_plain(key.value) if key.tag == PLAIN else str(self.construct_scalar(key))
        if value is None or isinstance(value, float) or (isinstance(value, int) and value > LARGEST):
            raise UnusableYamlError(
                None, None, f"{key.value or 'nothing'} is no name; put it in quotes", key.start_mark
            )
        return str(value).lower() if isinstance(value, bool) else str(value)

    yaml_constructors = {  # noqa: RUF012 - the attribute is PyYAML's
        PLAIN: construct_plain,
        f"{YAML_TAG}str": yaml.SafeLoader.construct_yaml_str,
        f"{YAML_TAG}seq": yaml.SafeLoader.construct_yaml_seq,
        f"{YAML_TAG}map": yaml.SafeLoader.construct_yaml_map,
        None: construct_tagged,
    }


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
        fault = "" if isinstance(error, UnusableYamlError) else "is not YAML: "
        return [Wrong(place, f"{fault}{error.problem or error}")]
    except yaml.YAMLError as error:
        return [Wrong(name, f"is not YAML: {' '.join(str(error).split())}")]
    except (ValueError, OverflowError) as error:  # an escape of no character, such as \UFFFFFFFF
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
