"""Documents and blocks of the spec that nobody thought of, made from those that the subjects have.

The samples of a subject name every field of its block, and its tamperings change every member of its document. So what
they are made of is a grammar of both, and chance puts the parts together anew.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from hypothesis import strategies as st

MOST_EDITS = 6
MOST_ENTRIES = 3
NUMBERS = st.integers(min_value=0, max_value=400)


@dataclass
class Grammar:
    """What may stand in one place.

    Args:
        members: of a structure there, by name.
        item: what a list there holds; absent where there is none.
        values: what else was seen there.
    """

    members: dict[str, "Grammar"] = field(default_factory=dict)
    item: "Grammar | None" = None
    values: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, samples: Iterable[Any]) -> Self:
        """Learn from samples."""
        learned = cls()
        for sample in samples:
            learned.learn(sample)
        return learned

    def learn(self, sample: Any) -> None:
        """Take a sample in."""
        if isinstance(sample, Mapping) and sample:
            for name, value in sample.items():
                self.members.setdefault(name, Grammar()).learn(value)
        elif isinstance(sample, list | tuple) and sample:
            self.item = self.item or Grammar()
            for each in sample:
                self.item.learn(each)
        elif sample not in self.values:
            self.values.append(sample)

    def at(self, path: str) -> "Grammar":
        """Give the place at a dotted path, in which lists are transparent; made where nothing was seen yet."""
        here = self
        for name in path.split("."):
            here = (here.item or here).members.setdefault(name, Grammar())
        return here

    def places(self, path: str = "") -> Iterator[tuple[str, "Grammar"]]:
        """Give every place with its dotted path."""
        yield path, self
        if self.item is not None:
            yield from self.item.places(path)
        for name, each in self.members.items():
            yield from each.places(f"{path}.{name}".removeprefix("."))


@st.composite
def variations(draw: st.DrawFn, samples: list[Any], grammar: Grammar, holds: Callable[[Any], bool]) -> Any:
    """Give a sample after some edits by chance; an edit after which it does not hold is not made."""
    value = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(0, MOST_EDITS))):
        edited = _edited(draw, value, grammar)
        if holds(edited):
            value = edited
    return value


def _edited(draw: st.DrawFn, value: Any, grammar: Grammar) -> Any:
    if isinstance(value, Mapping) and grammar.members:
        name = draw(st.sampled_from(sorted(grammar.members)))
        rest = {key: each for key, each in value.items() if key != name}
        if name not in value:
            return {**rest, name: _made(draw, grammar.members[name])}
        if draw(st.integers(0, 3)) == 0:
            return rest
        return {**rest, name: _edited(draw, value[name], grammar.members[name])}
    if isinstance(value, list) and grammar.item is not None:
        place = draw(st.integers(0, len(value)))
        if place == len(value):
            return [*value, _made(draw, grammar.item)] if len(value) < MOST_ENTRIES else value[1:]
        if draw(st.integers(0, 3)) == 0:
            return value[:place] + value[place + 1 :]
        return [*value[:place], _edited(draw, value[place], grammar.item), *value[place + 1 :]]
    return _made(draw, grammar)


def _made(draw: st.DrawFn, grammar: Grammar) -> Any:
    if grammar.members:
        names = draw(st.lists(st.sampled_from(sorted(grammar.members)), unique=True, min_size=1))
        return {name: _made(draw, grammar.members[name]) for name in names}
    if grammar.item is not None:
        return [_made(draw, grammar.item) for _ in range(draw(st.integers(1, MOST_ENTRIES)))]
    seen = st.sampled_from(grammar.values)
    if any(isinstance(each, bool) for each in grammar.values):
        return draw(st.booleans())
    return draw(seen | NUMBERS) if any(isinstance(each, int) for each in grammar.values) else draw(seen)
