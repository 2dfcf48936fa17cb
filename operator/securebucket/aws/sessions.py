"""Sessions and clients: one botocore Session an identity, one client a region and service, all loaders shared.

A further Session costs 12 MiB and 96 ms of CPU with a loader of its own, and half a MiB with a shared one.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, InvalidEndpointConfigurationError, NoCredentialsError
from botocore.loaders import create_loader

from securebucket import __version__
from securebucket.aws.plain_answers import make_plain

USER_AGENT = f"securebucket-operator/{__version__} boto3/{boto3.__version__}"
"""Given whole: botocore would otherwise write its own anew for every request, a fifth of a request's CPU."""


@dataclass(frozen=True, slots=True)
class Binding:
    """Where and as whom: all that tells one set of clients from another.

    Args:
        region: region for new buckets and for STS; empty means the ambient one (AWS_REGION, profile file).
        role_arn: role to assume; empty means the ambient identity.
        external_id: external id for it; empty means none.
        endpoint: URL of an S3 server; empty means AWS or the ambient AWS_ENDPOINT_URL.
        path_style: put the bucket in the path.
        account_id: the account that it must be; empty means whatever it is.
    """

    region: str = ""
    role_arn: str = ""
    external_id: str = ""
    endpoint: str = ""
    path_style: bool = True
    account_id: str = ""


Instrument = Callable[[Any], None]
"""Registers event handlers on a botocore event emitter, e.g. to count requests."""


@dataclass(slots=True)
class Sessions:
    """Hands out boto3 clients, made once each and shared by all threads (clients are thread-safe, Sessions are not).

    Args:
        instrument: called once with each Session's event emitter.
        threads: how many threads may call at once; the size of a client's connection pool.
    """

    instrument: Instrument
    threads: int = 16
    _loader: Any = field(default_factory=create_loader)
    _ambient: Any = field(init=False)
    _sessions: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    _clients: dict[tuple[Binding, str, str], Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._ambient = self._bare_session()

    def ambient_region(self) -> str:
        """Give the region of the environment or the profile file; empty when there is none.

        botocore itself reads AWS_DEFAULT_REGION only; every other SDK, and people, say AWS_REGION.
        """
        return os.environ.get("AWS_REGION") or str(self._ambient.get_config_variable("region") or "")

    def client(self, binding: Binding, service: str, region: str = "") -> Any:
        """Give the client of a service in a region (default: the binding's), as the binding's identity.

        Raises:
            BotoCoreError: no client can be made: the AWS profile is missing, or the endpoint is not a URL.
        """
        place = region or binding.region or self.ambient_region()
        key = (binding, service, place)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._make(binding, service, place)
            return self._clients[key]

    def _make(self, binding: Binding, service: str, region: str) -> Any:
        session = self._session(binding)
        try:
            client = session.client(
                service,
                region_name=region or None,
                endpoint_url=binding.endpoint or None,
                config=self._config(binding),
            )
        except BotoCoreError:
            raise
        except ValueError as error:  # that is how botocore says that a URL is none
            raise InvalidEndpointConfigurationError(msg=str(error)) from error
        if service == "s3control" and "amazonaws" not in client.meta.endpoint_url:
            client.meta.events.register("before-sign.s3-control", keep_host(client.meta.endpoint_url))
        return client

    def _config(self, binding: Binding) -> Config:
        elsewhere = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        style: Literal["auto", "path", "virtual"] = "path" if elsewhere else "auto"
        if binding.endpoint:  # where "auto" would be the path too
            style = "path" if binding.path_style else "virtual"
        return Config(
            connect_timeout=5,
            read_timeout=15,
            retries={"mode": "standard", "total_max_attempts": 3},
            max_pool_connections=self.threads,
            tcp_keepalive=True,
            user_agent=USER_AGENT,
            s3={"addressing_style": style},
            # Some services would put a name of their own in front of the host name, and only AWS has such names.
            inject_host_prefix=not (elsewhere or binding.endpoint),
        )

    def _bare_session(self) -> Any:
        session = botocore.session.get_session()
        session.register_component("data_loader", self._loader)
        session.get_component("event_emitter").register("after-call", make_plain)
        return session

    def _session(self, binding: Binding) -> Any:
        key = (binding.role_arn, binding.external_id, binding.endpoint)
        if key not in self._sessions:
            session = self._bare_session()
            self.instrument(session.get_component("event_emitter"))
            if binding.role_arn:
                session._credentials = self._assumed(binding)  # botocore has no public setter
            self._sessions[key] = boto3.session.Session(botocore_session=session)
        return self._sessions[key]

    def _assumed(self, binding: Binding) -> DeferredRefreshableCredentials:
        """Assume the role when first needed, and again before the session ends."""
        source = self._bare_session()
        self.instrument(source.get_component("event_emitter"))
        extra = {"RoleSessionName": "securebucket-operator"}
        if binding.external_id:
            extra["ExternalId"] = binding.external_id
        config = self._config(binding)

        place = {
            "region_name": binding.region or self.ambient_region() or None,
            "endpoint_url": binding.endpoint or None,
        }

        def create_client(*args: Any, **options: Any) -> Any:
            return source.create_client(*args, **{**options, **place, "config": config})

        def assume() -> Any:
            credentials = source.get_credentials()
            if credentials is None:  # the fetcher would fail with an AttributeError
                raise NoCredentialsError
            fetcher = AssumeRoleCredentialFetcher(
                client_creator=create_client,
                source_credentials=credentials,
                role_arn=binding.role_arn,
                extra_args=extra,
            )
            return fetcher.fetch_credentials()

        return DeferredRefreshableCredentials(method="assume-role", refresh_using=assume)


def keep_host(endpoint: str) -> Callable[..., None]:
    """Make the function that sends S3 Control's requests to the endpoint that was given.

    botocore's endpoint rules put the account's id in front of its host name, whatever the configuration says, and only
    AWS has such names.
    """
    place = urlsplit(endpoint).netloc

    def put_back(request: Any, **_: Any) -> None:
        request.url = urlsplit(request.url)._replace(netloc=place).geturl()

    return put_back
