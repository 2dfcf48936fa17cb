"""Values as people write them without quotes, and what the API server gets of them by kubectl.

One table for our own reader (`test_yaml_scalars.py`) and for kubectl and a real API server (`tests/e2e/test_yaml.py`):
neither may say something else than the other. The rules are go-yaml v2's, as sigs.k8s.io/yaml makes JSON with it:
https://github.com/yaml/go-yaml/blob/v2.4.0/resolve.go
"""

from typing import Any

ROWS: dict[str, Any] = {
    # numbers: octals by a leading zero, unless a digit is none of octal's
    "12": 12,
    "+12": 12,
    "-0": 0,
    "012345670123": 1402433619,
    "-012": -10,
    "0o17": 15,
    "0O17": 15,
    "0123456789": 123456789,
    "08": 8,
    "08.5": 8.5,
    "0x1F": 31,
    "0X1F": 31,
    "-0x1F": -31,
    "0b101": 5,
    "+0b11": 3,
    "0b2": "0b2",
    "0x": "0x",
    "0x1p4": "0x1p4",
    "1_000": 1000,
    "1__0_": 10,
    "0o_7": 7,
    "_1": "_1",
    # fractions and exponents; a whole one is a whole number in JSON
    "1.11122223333e+11": 111122223333,
    "1e3": 1000,
    "5.e3": 5000,
    "1e": "1e",
    ".5": 0.5,
    "+.5": 0.5,
    ".5_0": 0.5,
    "._5": "._5",
    "5.": 5,
    "-0.0": 0,
    "1_000.5": 1000.5,
    "1e-7": 1e-07,
    "1e21": 1e21,
    "1e400": "1e400",
    "-.": "-.",
    ".Infinity": ".Infinity",
    # beyond 64 bits
    "9223372036854775807": 9223372036854775807,
    "9223372036854775808": 9223372036854776000,
    "-9223372036854775809": -9223372036854776000,
    "18446744073709551615": 18446744073709552000,
    "0xFFFFFFFFFFFFFFFF": 18446744073709552000,
    "0x1FFFFFFFFFFFFFFFF": "0x1FFFFFFFFFFFFFFFF",
    "111122223333444455556666": 1.1112222333344445e23,
    # words
    **dict.fromkeys(("true", "True", "yes", "YES", "on", "On", "y", "Y"), True),
    **dict.fromkeys(("false", "FALSE", "no", "No", "off", "OFF", "n", "N"), False),
    **dict.fromkeys(("null", "Null", "~", ""), None),
    "tRue": "tRue",
    "oN": "oN",
    "<<": "<<",
    "=": "=",
    # no moments, and nothing to the base of sixty
    "2031-01-01": "2031-01-01",
    "2031-01-01T00:00:00Z": "2031-01-01T00:00:00Z",
    "2001-12-14 21:59:43.10 -5": "2001-12-14 21:59:43.10 -5",
    "2030-99-99": "2030-99-99",
    "1:30": "1:30",
    "1:30.5": "1:30.5",
    "190:20:30": "190:20:30",
    # texts
    "111122223333:root": "111122223333:root",
    "2012-10-17": "2012-10-17",
    "o-exampleorgid": "o-exampleorgid",
    "٣": "٣",
    '"012"': "012",
    "'yes'": "yes",
    "!!str 012": "012",
}

MAPPINGS: dict[str, Any] = {
    "{yes: a, no: b}": {"true": "a", "false": "b"},
    "{012: a, 1_1: b, 2031-01-01: c}": {"10": "a", "11": "b", "2031-01-01": "c"},
    "{base: &a {x: 1, z: 2}, merged: {<<: *a, z: 3}}": {"base": {"x": 1, "z": 2}, "merged": {"x": 1, "z": 3}},
    "{base: &b {x: 1, z: 2}, late: {z: 3, <<: *b}}": {"base": {"x": 1, "z": 2}, "late": {"x": 1, "z": 2}},
    "{base: &c {x: 1}, two: {<<: [*c, {x: 5, q: 1}]}}": {"base": {"x": 1}, "two": {"x": 1, "q": 1}},
    '{"<<": {x: 1}}': {"<<": {"x": 1}},
}
