"""A real S3 server with a recorder in front of it: where the engine is tried."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from securebucket.aws.edge import Aws
from securebucket_dev.s3.bare import client
from securebucket_dev.s3.exchange import Exchange
from securebucket_dev.s3.recorder import Recorder

_NUMBERS = itertools.count(1)


@dataclass
class Stage:
    """One server, used by many tests one after the other: every test takes bucket names of its own.

    Args:
        name: `localstack` or `moto`.
        server: the server's own endpoint; what a test does there is not recorded.
        account: whose buckets they are.
        recorder: between the engine and the server.
        aws: the engine's door, with the recorder behind it.
    """

    name: str
    server: str
    account: str
    recorder: Recorder
    aws: Aws
    _clients: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def plain(self, service: str = "s3", region: str = "us-east-1", account: str = "") -> Any:
        """Give a client as anybody has it, straight to the server: the tamperer's, and the auditor's."""
        key = (service, region, account or self.account)
        if key not in self._clients:
            self._clients[key] = client(self.server, service, region, account=key[2])
        return self._clients[key]

    @staticmethod
    def fresh_name(kind: str = "data") -> str:
        """Give a name that no test has had."""
        return f"acme-{kind}-{next(_NUMBERS)}"


def blind_deletes(calls: tuple[Exchange, ...]) -> Iterator[Exchange]:
    """Give every DELETE of a configuration that a GET had not just found there.

    A server that does not know the sub-resource takes such a DELETE for DeleteBucket. Of a list, a GET shows those
    whose ids are in its answer.
    """
    there: dict[tuple[str, frozenset[str]], frozenset[str]] = {}
    for call in calls:
        name = call.query.get("id", "")
        document = (call.bucket, frozenset(call.query) - {"x-id", "id", "continuation-token"})
        if call.method == "GET":
            shown = call.ids or {""} if call.status == 200 else ()
            there[document] = frozenset(shown) | (
                there[document] if "continuation-token" in call.query else frozenset()
            )
        elif call.may_delete_bucket and call.operation != "DeleteBucket":
            if name not in there.get(document, ()):
                yield call
            there[document] = there.get(document, frozenset()) - {name}
