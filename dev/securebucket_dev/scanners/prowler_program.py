"""The process that is Prowler: its S3 checks over one account, as Prowler defines them.

Runs inside Prowler's own environment (`python -I prowler_program.py ENDPOINT FILE REGION…`), never inside ours.
Prowler's command line cannot run there: it imports the libraries of every cloud before it reads its arguments, and then
reads every check and compliance framework of AWS, which takes ten seconds. What it does after that is done here: make
the provider, import the checks of S3, execute each.
"""

# Its imports exist in Prowler's environment only, where nothing is type-checked:
# mypy: disable-error-code="import-not-found"

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from prowler.lib.check.utils import recover_checks_from_service
from prowler.providers.aws.aws_provider import AwsProvider
from prowler.providers.common.models import Audit_Metadata

OFF = frozenset({"s3_bucket_object_public"})
"""Asks for objects, and is off in Prowler too unless its configuration turns it on."""


def main() -> None:
    """Scan, and write as JSON which checks were executed and what they found."""
    endpoint, file, *regions = sys.argv[1:]
    provider = AwsProvider(
        regions=set(regions),
        # Else it would look for the user's own configuration and for his list of findings to mute.
        config_content={},
        mutelist_content={"Accounts": {"*": {"Checks": {}}}},
    )

    def put_back(request: Any, **_: Any) -> None:
        # botocore's endpoint rules put the account before the host, even before 127.0.0.1.
        request.url = urlsplit(request.url)._replace(netloc=urlsplit(endpoint).netloc).geturl()

    provider.session.current_session.events.register("before-sign.s3-control", put_back)
    checks = sorted(recover_checks_from_service(["s3"], "aws") - OFF)
    provider.audit_metadata = Audit_Metadata(
        services_scanned=0, expected_checks=checks, completed_checks=0, audit_progress=0
    )
    findings = [
        {"check": check, "resource": finding.resource_id, "status": finding.status, "reason": finding.status_extended}
        for check in checks
        for finding in _checker(check).execute()
    ]
    Path(file).write_text(json.dumps({"checks": checks, "findings": findings}), encoding="utf-8")


def _checker(check: str) -> Any:
    return getattr(import_module(f"prowler.providers.aws.services.s3.{check}.{check}"), check)()


if __name__ == "__main__":
    main()
