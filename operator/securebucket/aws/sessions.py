"""Sessions and clients: one botocore Session an identity, one client a region and service, all loaders shared.

A further Session costs 12 MiB and 96 ms of CPU with a loader of its own, and half a MiB with a shared one.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, InvalidEndpointConfigurationError, NoCredentialsError
from botocore.loaders import create_loader

from securebucket import __version__
from securebucket.aws.answer_form import hold, make_plain
from securebucket.aws.bounded_http import bound
from securebucket.aws.call_limits import Limits
from securebucket.aws.lately_used import LatelyUsed
from securebucket.aws.regions import UnknownRegionError, known_regions
from securebucket.aws.role_credentials import usable
from securebucket.aws.unknown_elements import watch

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


MOST_CLIENTS = 128
"""Half a MiB each. Whoever has more accounts and regions pays 20 ms where one is made anew."""

Instrument = Callable[[Any], None]
"""Registers event handlers on a botocore event emitter, e.g. to count requests."""


class _Session(botocore.session.Session):
    """Bounds the answers to every client, also to those that botocore makes for itself to get credentials."""

    def create_client(self, *args: Any, **options: Any) -> Any:
        return bound(super().create_client(*args, **options))


@cache
def _shared_loader() -> Any:
    """Give what reads botocore's models and remembers them: they are the same for everybody, and S3's take 0.2 s."""
    return create_loader()


@dataclass(slots=True)
class Sessions:
    """Hands out boto3 clients, made once each and shared by all threads (clients are thread-safe, Sessions are not).

    Args:
        instrument: called once with each Session's event emitter.
        threads: how many threads may call at once; the size of a client's connection pool.
        limits: every request is held to them.
    """

    instrument: Instrument
    threads: int = 16
    limits: Limits = field(default_factory=Limits)
    _loader: Any = field(default_factory=_shared_loader)
    _ambient: Any = field(init=False)
    _sessions: LatelyUsed[tuple[str, str, str], Any] = field(default_factory=lambda: LatelyUsed(MOST_CLIENTS))
    _clients: LatelyUsed[tuple[Binding, str, str], Any] = field(default_factory=lambda: LatelyUsed(MOST_CLIENTS))

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
            BotoCoreError: no client can be made: the AWS profile is missing, the endpoint is not a URL, or there is no
                such region.
        """
        place = region or binding.region or self.ambient_region()
        return self._clients.make((binding, service, place), lambda: self._make(binding, service, place))

    def _make(self, binding: Binding, service: str, region: str) -> Any:
        session = self._sessions.make(
            (binding.role_arn, binding.external_id, binding.endpoint), lambda: self._session(binding)
        )
        if region and region not in known_regions() and not self._elsewhere(binding):
            raise UnknownRegionError(region=region)
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

    def _elsewhere(self, binding: Binding) -> bool:
        """Tell whether another server than AWS is asked, whose regions have any names."""
        told = any(name.startswith("AWS_ENDPOINT_URL") and value for name, value in os.environ.items())
        return bool(binding.endpoint or told or {"endpoint_url", "services"} & self._ambient.get_scoped_config().keys())

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
        session = _Session()
        session.register_component("data_loader", self._loader)
        session.get_component("event_emitter").register("after-call", make_plain)
        return session

    def _watched_session(self) -> Any:
        session = self._bare_session()
        emitter = session.get_component("event_emitter")
        for register in (self.instrument, self.limits.register, hold, watch):
            register(emitter)
        return session

    def _session(self, binding: Binding) -> Any:
        session = self._watched_session()
        if binding.role_arn:
            session._credentials = self._assumed(binding)  # botocore has no public setter
        return boto3.session.Session(botocore_session=session)

    def _assumed(self, binding: Binding) -> DeferredRefreshableCredentials:
        """Assume the role when first needed, and again before the session ends."""
        source = self._watched_session()
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
            return usable(fetcher.fetch_credentials())

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
