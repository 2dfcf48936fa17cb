"""The section about scanners in the page about verdicts, made from the reviewed disagreements."""

from collections import Counter
from collections.abc import Iterator

from securebucket_dev.generate.markdown import code, table
from securebucket_dev.scanners.configurations import CONFIGURATIONS
from securebucket_dev.scanners.custodian import CUSTODIAN
from securebucket_dev.scanners.disagreements import DISAGREEMENTS, Disagreement
from securebucket_dev.scanners.prowler import PROWLER
from securebucket_dev.scanners.questions import QUESTIONS, UNASKED

START = "<!-- scanners: made by make generate; edit the code instead -->\n"
END = "<!-- scanners: end -->\n"
SCANNERS = (PROWLER, CUSTODIAN)

INTRODUCTION = """\
## Where scanners disagree

[Prowler](https://github.com/prowler-cloud/prowler) and [Cloud Custodian](https://cloudcustodian.io) judge the same
{buckets} buckets on the same server; plain boto3 makes them, each in another configuration
(`dev/securebucket_dev/scanners/configurations`). `tests/e2e/test_scanner_agreement.py` compares every answer with
ours. It fails on a disagreement that is not in the tables below, and on an entry in them that no longer occurs. A
scanner that knows no "not applicable" agrees with it by passing.

Whose a disagreement is: *the scanner's judgement*, which we do not follow, for the reason that is given; *another
question*, which the scanner asks under the same heading; or *the server*, which answers what S3 never does. None is
ours: a defect of ours is fixed.

Custodian has filters, not verdicts: its checks are the policies in `dev/securebucket_dev/scanners/custodian.yaml`,
one a filter, and what a policy matches fails.

"""


def scanner_section() -> str:
    """Write the section, with its markers."""
    chapters = "".join(_chapter(scanner) for scanner in SCANNERS)
    return f"{START}{INTRODUCTION.format(buckets=len(CONFIGURATIONS))}{chapters}{END}"


def with_section(page: str) -> str:
    """Put the section into the page, in place of the one that is there."""
    before, _, rest = page.partition(START)
    after = rest.partition(END)[2]
    return f"{before}{scanner_section()}{after}"


def _chapter(scanner: str) -> str:
    differing = Counter(check for each in _of(scanner) for _, check, _ in each.cases)
    asked = [each for each in QUESTIONS if each.scanner == scanner]
    buckets = len(CONFIGURATIONS)
    alike = buckets * len(asked) - differing.total()
    agreement = [
        (code(each.check), ", ".join(map(code, each.ours)), f"{buckets - differing[each.check]} of {buckets}")
        for each in asked
    ]
    reasons = [
        (
            ", ".join(map(code, each.checks)),
            ", ".join(map(code, each.configurations)),
            each.whose,
            each.reason,
        )
        for each in _of(scanner)
    ]
    return (
        f"### {scanner}\n\n{alike} of {buckets * len(asked)} answers are the same.\n\n"
        + table(("Its check", "Ours", "Judged alike"), agreement)
        + "\n"
        + table(("Its check", "Buckets", "Whose", "Why"), reasons)
        + "\n"
        + "".join(f"Not compared: {each}.\n\n" for each in _unasked(scanner))
    )


def _of(scanner: str) -> list[Disagreement]:
    return [each for each in DISAGREEMENTS if each.scanner == scanner]


def _unasked(scanner: str) -> Iterator[str]:
    for (name, check), reason in UNASKED.items():
        if name == scanner:
            yield f"{code(check)} {reason}"
