"""The process that is `aws`: as it is, but that S3 Control's calls reach a server on the loopback.

Runs inside its own environment, never inside ours.
"""

# Its imports exist in that environment only, where nothing is type-checked:
# mypy: disable-error-code="import-not-found"

import os
import sys
from typing import Any
from urllib.parse import urlsplit

from awscli.clidriver import create_clidriver


def main() -> int:
    """Do what the arguments say; the exit code of `aws`."""
    driver = create_clidriver()
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")

    def put_back(request: Any, **_: Any) -> None:
        # botocore's endpoint rules put the account before the host, even before 127.0.0.1.
        request.url = urlsplit(request.url)._replace(netloc=urlsplit(endpoint).netloc).geturl()

    if endpoint:
        driver.session.register("before-sign.s3-control", put_back)
    return int(driver.main())


if __name__ == "__main__":
    sys.exit(main())
