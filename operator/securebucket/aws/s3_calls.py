"""Calls of S3 over one client. Documents are asked for without what botocore does anew for each call.

That is half of a pass's CPU. Credentials, endpoint rules, HTTP with its proxies and TLS, what looks at answers, and the
parser are botocore's own. An answer that is neither a document nor a code that means "never configured" becomes the
first answer of botocore's own call, which knows what to try again, where a redirect leads, and what an error is.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSPreparedRequest
from botocore.endpoint import convert_to_response_dict
from botocore.exceptions import BotoCoreError, ClientError

from securebucket.aws.asking import call
from securebucket.aws.call_limits import Limits
from securebucket.aws.document_requests import (
    KNOWN,
    Document,
    Place,
    document_of,
    is_plain,
    place_of,
    signed_headers,
    signing_key,
)
from securebucket.aws.lately_used import LatelyUsed
from securebucket.aws.metering import STARTED, Sink

MOST_PLACES = 256
"""Buckets whose endpoint is remembered: the reads of one bucket come one after another."""
SIGNED = frozenset({"s3v4", "v4"})


class FirstAnswer:
    """Stands in the place of a client's HTTP session: it gives an answer that is here already, before it sends."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._kept = threading.local()

    @contextmanager
    def kept(self, answer: Any, context: Mapping[str, Any]) -> Iterator[None]:
        """Keep an answer, or the exception in its place, for the first request that this thread sends meanwhile.

        Args:
            answer: of HTTP.
            context: of the request that it answers.
        """
        self._kept.answer = answer, context
        try:
            yield
        finally:
            self._kept.answer = None

    def send(self, request: Any) -> Any:
        """Send a request, unless its answer is kept."""
        kept = getattr(self._kept, "answer", None)
        if kept is None:
            return self._session.send(request)
        self._kept.answer = None
        answer, context = kept
        request.context.update(context)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        """Close the session."""
        self._session.close()


@dataclass(slots=True)
class S3Calls:
    """Makes the calls of one client. Safe for many threads.

    Args:
        client: a boto3 client of S3.
        sink: gets every request that botocore does not see.
        limits: of every request.
    """

    client: Any
    sink: Sink = lambda *_: None
    limits: Limits = field(default_factory=Limits)
    _http: FirstAnswer = field(init=False)
    _documents: dict[str, Document | None] = field(default_factory=dict)
    _places: LatelyUsed[str, Place | None] = field(default_factory=lambda: LatelyUsed(MOST_PLACES))
    _key: tuple[Any, bytes] = (None, b"")

    def __post_init__(self) -> None:
        found = self.client._endpoint.http_session  # botocore has no public way to it
        self._http = found if isinstance(found, FirstAnswer) else FirstAnswer(found)
        self.client._endpoint.http_session = self._http

    def call(
        self, operation: str, parameters: Mapping[str, Any], absent: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        """Call an operation of S3.

        Args:
            operation: boto3's method name, e.g. `get_bucket_policy`.
            parameters: its arguments.
            absent: error codes that mean "never configured".

        Raises:
            ClientError, BotoCoreError: as the client's method does.
        """
        request = self._request(operation, parameters)
        if request is None:
            return call(self.client, operation, parameters)
        model, prepared = request
        answer = self._sent(prepared)
        parsed: Any = None
        if not isinstance(answer, Exception):
            parsed = self._parsed(model, answer, prepared.context, absent)
        if parsed is None:
            with self._http.kept(answer, prepared.context):
                return call(self.client, operation, parameters)
        code = str(parsed.get("Error", {}).get("Code", ""))
        self.sink("s3", model.name, code or "200", time.perf_counter() - prepared.context[STARTED])
        if code:
            raise ClientError(parsed, model.name)
        answered: dict[str, Any] = parsed
        return answered

    def _request(self, operation: str, parameters: Mapping[str, Any]) -> tuple[Any, Any] | None:
        """Make a signed request; None where the call needs more than that."""
        bucket = parameters.get("Bucket", "")
        if parameters.keys() != KNOWN or not is_plain(bucket):  # without its owner, botocore's guard has its say
            return None
        if operation not in self._documents:
            self._documents[operation] = document_of(self.client, operation)
        document = self._documents[operation]
        if document is None or self.client.meta.config.signature_version not in SIGNED:
            return None
        place = self._place(document, bucket)
        holder = self.client._request_signer._credentials
        if place is None or holder is None:
            return None
        timestamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        credentials = holder.get_frozen_credentials()
        key = self._signing_key(credentials, timestamp[:8], place.region)
        owner = parameters.get("ExpectedBucketOwner", "")
        signed = signed_headers(place, document, owner, credentials, timestamp, key)
        signed["User-Agent"] = self.client._user_agent_creator.to_string()
        headers: Any = {name: value.encode() for name, value in signed.items()}  # as botocore writes them
        url = f"{place.url}?{document.query}"
        return document.model, AWSPreparedRequest("GET", url, headers, None, stream_output=False, context={})

    def _place(self, document: Document, bucket: str) -> Place | None:
        found = self._places.get(bucket)
        if found is None:
            found = place_of(self.client, document, bucket)
            if found is not None:
                self._places.put(bucket, found)
        return found

    def _signing_key(self, credentials: Any, day: str, region: str) -> bytes:
        made_of = (credentials, day, region)
        kept, key = self._key
        if kept != made_of:
            key = signing_key(credentials, day, region)
            self._key = made_of, key  # one assignment: other threads see both or none
        return key

    def _sent(self, request: Any) -> Any:
        """Give HTTP's answer, or what botocore raises where there is none."""
        self.limits.begin(request)
        request.context[STARTED] = time.perf_counter()
        try:
            return self._http.send(request)
        except BotoCoreError as error:
            return error

    def _parsed(self, model: Any, answer: Any, context: Mapping[str, Any], absent: frozenset[str]) -> Any:
        """Parse an answer as botocore does; None for all that is neither a document nor the word that there is none."""
        if answer.status_code not in {200, 404}:
            return None
        events, name = self.client.meta.events, f"s3.{model.name}"
        told = convert_to_response_dict(answer, model)
        customized: dict[str, Any] = {}
        events.emit(
            f"before-parse.{name}", operation_model=model, response_dict=told, customized_response_dict=customized
        )
        if told["status_code"] != answer.status_code:  # an error with status 200
            return None
        parsed = self.client._response_parser.parse(told, model.output_shape)
        if answer.status_code != 200:
            return parsed if parsed.get("Error", {}).get("Code") in absent else None
        parsed.update(customized)
        events.emit(f"after-call.{name}", http_response=answer, parsed=parsed, model=model, context=context)
        return parsed
