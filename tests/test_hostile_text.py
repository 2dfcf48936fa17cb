"""No text from outside makes a function run for ever: modules with regular expressions, each with its worst text.

What is done within a C function cannot be counted. So everything runs in a process of its own that the system ends
after some seconds of CPU; a backtracking expression needs hours for these texts, and what is here hundredths.
"""

import resource
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from securebucket.api.duration import is_interval
from securebucket.api.errors import write_path
from securebucket.api.names import is_bucket_name
from securebucket.api.notifications import Notifications
from securebucket.aws.account import ACCOUNT_ID, ARN
from securebucket.aws.answer_form import ROOT as ROOT_ELEMENT
from securebucket.aws.cloud_trail_event import BUCKET_ARN, PRINCIPAL, read_event
from securebucket.aws.event_queue import REGION, USUAL, open_senders
from securebucket.cli.iam_policy import QUEUE_ARN
from securebucket.cli.operator_options import NAMESPACE
from securebucket.cli.scan_options import BUCKET_NAME, scope_of
from securebucket.compliance.account.event_selectors import EVERY_BUCKET
from securebucket.compliance.account.metric_pattern import takes_in_policy_changes
from securebucket.kube.json_text import DEEPEST, shallow
from securebucket.policy.canonical import canonical_statement
from securebucket.policy.document import read_policy
from securebucket.policy.principals import is_dead, principal_element
from securebucket.policy.wildcards import matches, widened
from securebucket.process.logs import redact
from securebucket.scan.scan import Scope

ROOT = Path(__file__).parents[1]
LONG = 200_000
DEEP = 2 * DEEPEST
SECONDS = 15

PIECES = ("a", "-a", "a-", "1", ".", ":", "*a", "?", " ", "=", "\t", "${", "$.", "$.a", "arn:", "arn:aws:s3:::a")
WORDS = ("Bearer ", "AKIA", "signature ", "sqs.", ".amazonaws.com", ":saml-provider", "sqs.aa-a", "'", "[", "{")
TEXTS = [each * (LONG // len(each)) for each in PIECES + WORDS]
ENDS = ("", "!")


def whole_texts(*heads: str) -> Iterable[str]:
    """Give long texts that begin as what is looked for does, and end as it does not."""
    return (head + text + end for head in ("", *heads) for text in TEXTS for end in ENDS)


def try_all(call: Callable[[str], object], *heads: str) -> None:
    for text in whole_texts(*heads):
        try:
            call(text)
        except (ValueError, SystemExit):
            continue
        except Exception as error:
            if type(error).__name__ != "BadParameter":
                raise


def principal_of(text: str) -> object:
    return canonical_statement({"Principal": {"AWS": text}, "Resource": text, "Action": text})


CALLS: dict[str, Callable[[], None]] = {
    "api/duration": lambda: try_all(is_interval, "1h"),
    "api/errors": lambda: try_all(lambda text: write_path((text,))),
    "api/rule": lambda: (
        try_all(is_bucket_name),
        try_all(lambda text: Notifications.model_validate({"queues": [{"id": "a", "arn": text, "events": ["s3:a"]}]})),
    ),
    "aws/account": lambda: (try_all(ARN.fullmatch, "arn:aws", "arn:aws:"), try_all(ACCOUNT_ID.fullmatch, "1")),
    "aws/answer_form": lambda: try_all(lambda text: ROOT_ELEMENT.match(text.encode()), "<?xml", "<a", " <"),
    "aws/cloud_trail_event": lambda: (
        try_all(PRINCIPAL.fullmatch),
        try_all(BUCKET_ARN.fullmatch, "arn:aws", "arn:aws:s3:::a"),
        try_all(read_event, '{"source": "'),
    ),
    "aws/event_queue": lambda: (try_all(REGION.search, "sqs.aa"), try_all(USUAL.match, "sqs.")),
    "cli/iam_policy": lambda: try_all(QUEUE_ARN.fullmatch, "arn:aws", "arn:aws:sqs:"),
    "cli/operator_options": lambda: try_all(NAMESPACE.fullmatch),
    "cli/scan_options": lambda: (
        try_all(BUCKET_NAME.fullmatch),
        try_all(lambda text: scope_of([text], []), "s3://", "arn:"),
    ),
    "compliance/account/event_selectors": lambda: try_all(EVERY_BUCKET.fullmatch, "arn:aws"),
    "compliance/account/metric_pattern": lambda: try_all(
        takes_in_policy_changes, "$.a", "$.eventName = ", "{ ($.eventSource = s3*) && ($.eventName = "
    ),
    "scan/adoption": lambda: None,  # one class of characters, once; its text is a tag's value of 256 characters
    "scan/scan": lambda: try_all(lambda text: Scope(patterns=("*a*a*a*a*a*a*a*a*b", "*?*?*?*?*b")).admits(text)),
    "kube/json_text": lambda: try_all(lambda text: shallow(text.encode()), '"', '"' + '\\"' * LONG, "[" * DEEP),
    "process/logs": lambda: try_all(redact, "Bearer", "signature", "AKIA"),
    "policy/canonical": lambda: try_all(principal_of, "arn:", "arn:aws:iam::"),
    "policy/principals": lambda: (
        try_all(is_dead, "AIDA", "AROA"),
        try_all(lambda text: principal_element((text,), "aws"), "a.", "0"),
    ),
    "no expression: policy/wildcards": lambda: (
        try_all(widened),
        try_all(lambda text: matches("*a" * 5000 + "*b", text)),
        try_all(lambda text: matches(text, "arn:aws:s3:::" + "a" * 63)),
        try_all(lambda text: matches(f"*{text[: LONG // 2]}b*", text)),
    ),
    "no expression: policies": lambda: (try_all(read_policy, '{"Id": "'), try_all(open_senders)),
}
"""By module. Ruff refuses an expression anywhere else (TID251 in pyproject.toml)."""


def test_each_module_with_expressions_has_its_worst_text_here() -> None:
    package = ROOT / "operator" / "securebucket"
    excused = {
        str(path.relative_to(package).with_suffix(""))
        for path in package.rglob("*.py")
        if any(
            line.startswith(("import re\n", "from fnmatch", "from re ")) for line in path.read_text().splitlines(True)
        )
    }
    assert {each for each in CALLS if not each.startswith("no ")} == excused


def test_none_of_them_takes_long() -> None:
    ended = subprocess.run([sys.executable, "-c", CHILD], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, ""), f"ended in: {ended.stdout.splitlines()[-1:]}"


CHILD = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "operator")!r}, {str(ROOT / "dev")!r}]
from tests.test_hostile_text import run
run()
"""


def run() -> None:
    """Run everything; the last line that is printed is what took too long."""
    for name, call in CALLS.items():
        used = resource.getrusage(resource.RUSAGE_SELF)
        so_far = int(used.ru_utime + used.ru_stime) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (so_far + SECONDS, resource.RLIM_INFINITY))
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()
        call()
