"""A table of CEL expressions: what the embedded server's own interpreter has to agree on with the real one."""

from dataclasses import dataclass
from typing import Any

_TEXT = {"type": "string", "maxLength": 64}
_FIELDS = {
    "type": "object",
    "properties": {
        "s": _TEXT,
        "n": {"type": "integer"},
        "d": {"type": "number"},
        "b": {"type": "boolean"},
        "l": {"type": "array", "maxItems": 8, "items": _TEXT},
        "i": {"type": "array", "maxItems": 8, "items": {"type": "integer"}},
        "m": {"type": "object", "maxProperties": 8, "additionalProperties": _TEXT},
        "o": {"type": "object", "properties": {"s": _TEXT, "n": {"type": "integer"}}},
        "t": {"type": "string", "format": "date-time"},
        "p": {"x-kubernetes-int-or-string": True},
        "namespace": _TEXT,
        "a-b": _TEXT,
        "w": {
            "type": "array",
            "maxItems": 4,
            "items": {"type": "object", "properties": {"k": _TEXT, "v": {"type": "integer"}}},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Case:
    """A rule, a value, and whether the rule holds for it."""

    rule: str
    value: dict[str, Any]
    holds: bool = True


CASES = [
    Case("self.s == 'a'", {"s": "a"}),
    Case("self.s == 'a'", {"s": "b"}, holds=False),
    Case("self.s == 'a'", {}, holds=False),
    Case("!has(self.s) || self.s == 'a'", {}),
    Case("has(self.o.n)", {"o": {"s": "x"}}, holds=False),
    Case("has(self.o) && has(self.o.n)", {}, holds=False),
    Case("self.s == 'x' || self.n == 1", {"n": 1}),
    Case("self.n == 1 && self.s == 'x'", {"n": 2}, holds=False),
    Case("self.n + 2 * 3 == 7", {"n": 1}),
    Case("(self.n + 2) * 3 == 9", {"n": 1}),
    Case("self.n / 2 == 3 && self.n % 2 == 1", {"n": 7}),
    Case("self.n / 2 == -3 && self.n % 2 == -1", {"n": -7}),
    Case("-self.n == 7 && self.n < 0", {"n": -7}),
    Case("self.n >= 1 && self.n <= 3 && self.n != 2", {"n": 3}),
    Case("self.d > 1.5", {"d": 2}),
    Case("double(self.n) == 2.0 && int('2') == self.n && string(self.n) == '2'", {"n": 2}),
    Case("self.n > 1.5", {"n": 2}),
    Case("self.b", {"b": True}),
    Case("!self.b", {"b": True}, holds=False),
    Case("self.b ? self.n == 1 : self.n == 2", {"b": False, "n": 2}),
    Case("self.s.startsWith('a') && self.s.endsWith('c') && self.s.contains('b')", {"s": "abc"}),
    Case("self.s.matches('^[a-z]{2}-[0-9]+$')", {"s": "eu-12"}),
    Case("self.s.matches('b')", {"s": "abc"}),
    Case("self.s.matches('^b')", {"s": "abc"}, holds=False),
    Case("size(self.s) == 2 && self.s.size() == 2", {"s": "äö"}),
    Case("self.s + 'b' == 'ab'", {"s": "a"}),
    Case("self.s < 'b'", {"s": "a"}),
    Case("self.s in ['a', 'b']", {"s": "b"}),
    Case("!(self.s in ['a', 'b'])", {"s": "c"}),
    Case(r"""self.s == 'it\'s' || self.s == r'a\b' || self.s == "q" """, {"s": r"a\b"}),
    Case("self.s.lowerAscii() == 'ab' && self.s.upperAscii() == 'AB'", {"s": "aB"}),
    Case("self.s.split(',').size() == 2 && self.s.split(',')[1] == 'b'", {"s": "a,b"}),
    Case(
        "self.s.replace('a', 'x') == 'xbx' && self.s.substring(1) == 'ba' && self.s.substring(0, 2) == 'ab'",
        {"s": "aba"},
    ),
    Case("self.s.indexOf('b') == 1 && self.s.lastIndexOf('a') == 2 && self.s.charAt(1) == 'b'", {"s": "aba"}),
    Case("self.s.trim() == 'a' && self.s.trim().size() == 1", {"s": " a "}),
    Case("self.s.find('[0-9]+') == '12' && self.s.findAll('[0-9]+').size() == 2", {"s": "a12b3"}),
    Case("self.l.size() == 2 && self.l[0] == 'a'", {"l": ["a", "b"]}),
    Case("self.l[2] == 'a'", {"l": ["a", "b"]}, holds=False),
    Case("self.l.all(x, x.size() == 1)", {"l": ["a", "b"]}),
    Case("self.l.all(x, x.size() == 1)", {"l": ["a", "bb"]}, holds=False),
    Case("self.l.all(x, x == 'never')", {"l": []}),
    Case("self.l.exists(x, x == 'b') && self.l.exists_one(x, x == 'a')", {"l": ["a", "b"]}),
    Case("self.l.exists_one(x, x == 'a')", {"l": ["a", "a"]}, holds=False),
    Case("self.l.filter(x, x != 'a') == ['b']", {"l": ["a", "b"]}),
    Case("self.l.map(x, x + '!') == ['a!', 'b!']", {"l": ["a", "b"]}),
    Case("self.l.map(x, x != 'a', x + '!') == ['b!']", {"l": ["a", "b"]}),
    Case("self.l.join('-') == 'a-b'", {"l": ["a", "b"]}),
    Case("self.l + ['c'] == ['a', 'b', 'c']", {"l": ["a", "b"]}),
    Case("'b' in self.l", {"l": ["a", "b"]}),
    Case("self.i.sum() == 6 && self.i.max() == 3 && self.i.min() == 1 && self.i.isSorted()", {"i": [1, 2, 3]}),
    Case("self.i.isSorted()", {"i": [2, 1]}, holds=False),
    Case("self.i.indexOf(2) == 1 && self.i.lastIndexOf(1) == 0", {"i": [1, 2]}),
    Case("self.l.all(x, self.l.exists_one(y, x == y))", {"l": ["a", "b", "a"]}, holds=False),
    Case("sets.contains(self.l, ['a']) && sets.equivalent(self.l, ['b', 'a'])", {"l": ["a", "b"]}),
    Case("sets.intersects(self.l, ['z'])", {"l": ["a", "b"]}, holds=False),
    Case("'k' in self.m && self.m['k'] == 'v' && self.m.k == 'v' && has(self.m.k)", {"m": {"k": "v"}}),
    Case("self.m.all(k, k.startsWith('x') && self.m[k] != '')", {"m": {"xa": "1", "xb": "2"}}),
    Case("self.m.exists(k, self.m[k] == '2')", {"m": {"a": "1"}}, holds=False),
    Case("size(self.m) == 1", {"m": {"a": "1"}}),
    Case("self.m['none'] == 'x'", {"m": {"a": "1"}}, holds=False),
    Case("self.w.all(x, has(x.v)) || self.w.exists(x, x.k == 'b')", {"w": [{"k": "a"}, {"k": "b"}]}),
    Case("self.w.exists(x, x.v > 1)", {"w": [{"k": "a"}, {"v": 2}]}),
    Case("self.w.all(x, x.v > 1)", {"w": [{"k": "a"}, {"v": 2}]}, holds=False),
    Case("self.t < timestamp('2030-01-01T00:00:00Z')", {"t": "2026-01-01T00:00:00Z"}),
    Case("self.t - timestamp('2026-01-01T00:00:00Z') == duration('1h30m')", {"t": "2026-01-01T01:30:00Z"}),
    Case("duration(self.s) > duration('1m')", {"s": "90s"}),
    Case("duration(self.s) > duration('1m')", {"s": "soon"}, holds=False),
    Case("type(self.p) == int ? self.p < 100 : self.p.matches('%$')", {"p": "50%"}),
    Case("type(self.p) == int ? self.p < 100 : self.p.matches('%$')", {"p": 200}, holds=False),
    Case("self.__namespace__ == 'x' && self.a__dash__b == 'y'", {"namespace": "x", "a-b": "y"}),
    Case("isIP(self.s) && ip(self.s).family() == 4", {"s": "10.0.0.1"}),
    Case(
        "isCIDR(self.s) && cidr(self.s).prefixLength() == 8 && cidr(self.s).containsIP('10.1.1.1')", {"s": "10.0.0.0/8"}
    ),
    Case("isCIDR(self.s)", {"s": "10.0.0.1"}, holds=False),
    Case("isURL(self.s)", {"s": "https://example.com/x"}),
    Case("isURL(self.s)", {"s": "example"}, holds=False),
    Case("self.?s.orValue('none') == 'none'", {}),
    Case("self.?o.?s.hasValue() && self.o.?s.value() == 'x'", {"o": {"s": "x"}}),
    Case("self.m[?'k'].orValue('d') == 'd'", {"m": {}}),
    Case("[1, 2].exists(x, x == self.n) && {'a': 1}['a'] == self.n", {"n": 1}),
    Case("self.n in [1, 2, 3] && !(self.n in {2: 'x'})", {"n": 1}),
    Case("dyn(self.n) == 1 // a remark", {"n": 1}),
    Case("0x10 == self.n && self.n == 16", {"n": 16}),
]


def definition() -> dict[str, Any]:
    """A kind that has every case's rule on a field of its own."""
    fields = {
        f"e{number}": {
            **_FIELDS,
            "x-kubernetes-validations": [{"rule": case.rule, "message": "this does not hold"}],
        }
        for number, case in enumerate(CASES)
    }
    spec = {"type": "object", "properties": fields}
    schema = {"type": "object", "properties": {"spec": spec}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "expressions.expressions.example.io"},
        "spec": {
            "group": "expressions.example.io",
            "scope": "Namespaced",
            "names": {"plural": "expressions", "kind": "Expression"},
            "versions": [version],
        },
    }
