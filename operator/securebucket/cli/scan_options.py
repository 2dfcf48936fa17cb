"""What `securebucket scan` and `adopt` are told: shared options, and what cannot be meant, refused with words."""

import difflib
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated

import typer

from securebucket.aws.sessions import Binding
from securebucket.cli.scan_result import FailOn
from securebucket.compliance.framework import frameworks
from securebucket.model.verdict import Severity
from securebucket.report.assembly import reported_checks
from securebucket.report.selection import CheckFilter
from securebucket.scan.scan import Scope

BucketNames = Annotated[
    list[str] | None, typer.Argument(help="Names of buckets. Default: all of the account.", show_default=False)
]
Patterns = Annotated[
    list[str] | None,
    typer.Option(help="Only the account's buckets that match this shell pattern, e.g. 'acme-*'; may be repeated."),
]
BeginRegion = Annotated[
    str, typer.Option(help="Region to start in; each bucket is read in its own. Default: AWS_REGION.")
]
RoleArn = Annotated[str, typer.Option(help="ARN of a role to assume first.")]
ExternalId = Annotated[str, typer.Option(help="External id that the role's trust policy requires.")]
Endpoint = Annotated[str, typer.Option(help="S3 endpoint. Default: AWS, or AWS_ENDPOINT_URL.")]
Workers = Annotated[int, typer.Option(min=1, max=99, help="Buckets to work on at once.")]

BUCKET_NAME = re.compile(r"[A-Za-z0-9._-]{3,255}")
"""Old buckets of us-east-1 may have capitals, underscores and up to 255 characters."""
ACCOUNT_ID = re.compile("[0-9]{12}")


def scope_of(names: Sequence[str], patterns: Sequence[str], regions: Sequence[str] = ()) -> Scope:
    """Say which buckets are meant.

    Raises:
        typer.BadParameter: no bucket can have the name, or there are names and something else.
    """
    if names and patterns:
        raise typer.BadParameter("name buckets or use patterns, not both", param_hint="--match")
    if names and regions:
        raise typer.BadParameter("name buckets or choose regions, not both", param_hint="--only-region")
    for name in names:
        if not BUCKET_NAME.fullmatch(name):
            raise typer.BadParameter(f"{name!r} is not a bucket name{_advice(name)}", param_hint="BUCKET")
    return Scope(tuple(dict.fromkeys(names)), tuple(patterns), tuple(regions))


def _advice(name: str) -> str:
    inner = re.fullmatch(r"(?:s3://|arn:[a-z-]*:s3:::)([A-Za-z0-9._-]{3,255})(?:/.*)?", name)
    if inner:
        return f"; write {inner[1]}"
    return "; for patterns there is --match" if set(name) & set("*?[") else ""


def binding_of(region: str, role_arn: str, external_id: str, endpoint: str, *, stored: Path | None = None) -> Binding:
    """Say where and as whom.

    Raises:
        typer.BadParameter: the role is not an ARN, there is an external id and no role, or there is any of them and a
            stored scan, for which nothing is asked.
    """
    if role_arn and not role_arn.startswith("arn:"):
        hint = f"{role_arn!r} is not an ARN; write e.g. arn:aws:iam::111122223333:role/securebucket"
        raise typer.BadParameter(hint, param_hint="--role-arn")
    if external_id and not role_arn:
        raise typer.BadParameter("is only sent to assume a role; add --role-arn", param_hint="--external-id")
    if stored is not None and (region or role_arn or endpoint):
        advice = "works offline; remove --region, --role-arn, --external-id and --endpoint"
        raise typer.BadParameter(advice, param_hint="--from")
    return Binding(region=region, role_arn=role_arn, external_id=external_id, endpoint=endpoint)


def check_filter_of(framework: Sequence[str], check: Sequence[str], severity: Severity | None) -> CheckFilter:
    """Say which checks count.

    Raises:
        typer.BadParameter: there is no such framework or check.
    """
    _all_known(framework, frameworks(), "framework", "--framework")
    _all_known(check, [each.id for each in reported_checks()], "check", "--check")
    return CheckFilter(frozenset(framework), frozenset(check), severity or Severity.LOW)


def fail_on_of(given: FailOn | None, check: Sequence[str], severity: Severity | None) -> FailOn:
    """Say what is bad enough: what somebody asks for by name or severity counts, unless they say otherwise."""
    if given is not None:
        return given
    if severity is not None:
        return FailOn(severity.value)
    return FailOn.LOW if check else FailOn.HIGH


def trusted_accounts_of(given: Sequence[str]) -> frozenset[str]:
    """Return the trusted accounts.

    Raises:
        typer.BadParameter: one is not an account id.
    """
    for each in given:
        if not ACCOUNT_ID.fullmatch(each):
            message = f"{each!r} is not an account id: write twelve digits, e.g. 111122223333"
            raise typer.BadParameter(message, param_hint="--trusted-account")
    return frozenset(given)


def _all_known(given: Sequence[str], known: Collection[str], word: str, option: str) -> None:
    for each in given:
        if each not in known:
            near = [name for name in known if each in name] or difflib.get_close_matches(each, known, n=1, cutoff=0.5)
            guess = f"did you mean {' or '.join(near)}? Known are" if near else "known are"
            raise typer.BadParameter(f"{each!r} is not a known {word}; {guess}: {', '.join(known)}", param_hint=option)
