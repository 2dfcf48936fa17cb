"""The HTTP edge: paths to answers, failures to Status objects, every request to the log."""

import json
from typing import Any

from aiohttp import web

from securebucket_dev.kubeapi import discovery, openapi
from securebucket_dev.kubeapi.cluster import Cluster
from securebucket_dev.kubeapi.decoding import decode_object
from securebucket_dev.kubeapi.failure import ApiError, refuse_method, refuse_path
from securebucket_dev.kubeapi.handlers import handle
from securebucket_dev.kubeapi.reading import select
from securebucket_dev.kubeapi.request_log import Request, RequestLog
from securebucket_dev.kubeapi.reviews import REVIEWS, answer_review
from securebucket_dev.kubeapi.routes import find_route, split_path
from securebucket_dev.kubeapi.views import choose_view
from securebucket_dev.kubeapi.watching import Watches, read_watch

BODY_LIMIT = 3 * 1024 * 1024  # bytes; the API server's own limit
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

_HEALTH = frozenset({"/healthz", "/livez", "/readyz"})
_TRUE = frozenset({"1", "true", "True"})


class Api:
    """Answers HTTP requests from a cluster's state."""

    def __init__(self, cluster: Cluster, log: RequestLog) -> None:
        self.cluster = cluster
        self.log = log
        self.watches = Watches()

    def application(self) -> web.Application:
        """The web application; every path goes through one handler, as the API defines its own paths."""
        application = web.Application(client_max_size=BODY_LIMIT)
        application.router.add_route("*", "/{path:.*}", self._serve)
        return application

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        try:
            response = await self._dispatch(request)
        except ApiError as error:
            response = _json(error.status(), error.code)
            if "retryAfterSeconds" in error.details:
                response.headers["Retry-After"] = str(error.details["retryAfterSeconds"])
        if not _is_watch(request) or response.status >= 400:
            self._record(request, response.status)
        return response

    async def _dispatch(self, request: web.Request) -> web.StreamResponse:
        path = request.path.rstrip("/")
        if path in _HEALTH:
            return web.Response(text="ok")
        if path == "/version":
            return _json(discovery.VERSION)
        if path.startswith("/openapi"):
            return self._describe(path, request)
        group, version = "", ""
        rest: list[str] = []
        if path not in ("", "/api", "/apis") and path.count("/") > (2 if path.startswith("/apis") else 1):
            group, version, rest = split_path(path)
        if not rest:
            return self._discover(path, group, version, request)
        reviewed = REVIEWS.get((group, version), {}).get(rest[-1])
        if reviewed:
            return await _review(reviewed, request)
        route = find_route(self.cluster.registry, path)
        if not _is_watch(request):
            return await handle(self.cluster, route, request)
        view = choose_view(request.headers.get("Accept", ""))
        asked = read_watch(select(route.kind, route.namespace, request.query, route.name), view, request.query)
        self._record(request, 200)
        return await self.watches.serve(self.cluster, asked, request)

    def _discover(self, path: str, group: str, version: str, request: web.Request) -> web.Response:
        registry = self.cluster.registry
        if request.method != "GET":
            raise refuse_method()
        if path in ("/api", "/apis"):
            if "as=APIGroupDiscoveryList" in request.headers.get("Accept", ""):
                return _json(discovery.describe_everything(registry, core=path == "/api"), media_type=AGGREGATED)
            return _json(discovery.describe_core() if path == "/api" else discovery.describe_groups(registry))
        if not path:
            return _json({"paths": ["/api", "/apis", "/healthz", "/openapi/v2", "/openapi/v3", "/version"]})
        if path.startswith("/apis/") and not version:
            found = discovery.describe_groups(registry)["groups"]
            described: dict[str, Any] | None = next((each for each in found if each["name"] == path[6:]), None)
        else:
            described = discovery.describe_resources(registry, group, version)
        if not described or described.get("resources") == []:
            raise refuse_path()
        return _json(described)

    def _describe(self, path: str, request: web.Request) -> web.Response:
        registry = self.cluster.registry
        accept = request.headers.get("Accept", "")
        if "protobuf" in accept and "json" not in accept.replace("proto-openapi", ""):
            raise ApiError(406, "NotAcceptable", "this server has its OpenAPI documents as JSON only")
        if path == "/openapi/v2":
            return _json(openapi.describe_all(registry))
        if path == "/openapi/v3":
            return _json(openapi.describe_index(registry))
        group, version, _ = split_path(path.removeprefix("/openapi/v3"))
        if not registry.serve(group, version):
            raise refuse_path()
        return _json(openapi.describe_version(registry, group, version))

    def _record(self, request: web.Request, status: int) -> None:
        record = Request(
            method=request.method,
            path=request.path,
            query=request.query_string,
            user_agent=request.headers.get("User-Agent", ""),
            content_type=request.headers.get("Content-Type", ""),
            status=status,
        )
        self.log.record(record)


async def _review(kind: str, request: web.Request) -> web.Response:
    if request.method != "POST":
        raise refuse_method()
    sent, _ = decode_object(await request.read(), request.content_type)
    return _json(answer_review(kind, sent), 201)


def _is_watch(request: web.Request) -> bool:
    return request.method == "GET" and request.query.get("watch") in _TRUE


def _json(body: dict[str, Any], status: int = 200, media_type: str = "application/json") -> web.Response:
    encoded = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    return web.Response(body=encoded, status=status, headers={"Content-Type": media_type})
