"""The verbs: what each request on a kind or an object does."""

from aiohttp import web

from securebucket_dev.kubeapi.applying import prepare_apply
from securebucket_dev.kubeapi.cluster import Cluster
from securebucket_dev.kubeapi.decoding import decode_body, decode_object
from securebucket_dev.kubeapi.deleting import DeleteOptions, delete_object, read_delete_options
from securebucket_dev.kubeapi.failure import refuse_media_type, refuse_method, refuse_request, report_missing
from securebucket_dev.kubeapi.intake import present, take_in, take_patched
from securebucket_dev.kubeapi.kind import Body, Kind
from securebucket_dev.kubeapi.managed_fields import Managers
from securebucket_dev.kubeapi.options import WriteOptions, read_options, require_manager
from securebucket_dev.kubeapi.patch import (
    APPLY_PATCH,
    JSON_PATCH,
    MERGE_PATCH,
    STRATEGIC_PATCH,
    patch_json,
    patch_merge,
    patch_strategically,
)
from securebucket_dev.kubeapi.reading import list_page, select
from securebucket_dev.kubeapi.routes import Route
from securebucket_dev.kubeapi.structure import with_header
from securebucket_dev.kubeapi.views import View, choose_view, encode_entry, encode_list, encode_object
from securebucket_dev.kubeapi.writing import (
    Written,
    apply_object,
    check_name,
    check_replacement,
    create_object,
    update_object,
)


async def handle(cluster: Cluster, route: Route, request: web.Request) -> web.Response:
    """Answer one request that is no watch.

    Raises:
        ApiError: the answer is a failure.
    """
    match request.method, bool(route.name):
        case ("GET", True):
            return _get(cluster, route, request)
        case ("GET", False):
            return _list(cluster, route, request)
        case ("POST", False):
            return _answer(await _create(cluster, route, request), route, request)
        case (("PUT" | "PATCH"), False) if route.kind.custom:
            raise refuse_request("name must be provided")
        case ("PUT", True):
            return _answer(await _replace(cluster, route, request), route, request)
        case ("PATCH", True):
            return _answer(await _patch(cluster, route, request), route, request)
        case ("DELETE", True) if not route.subresource:
            return await _delete(cluster, route, request)
        case ("DELETE", False):
            return await _delete_several(cluster, route, request)
    raise refuse_method()


def _get(cluster: Cluster, route: Route, request: web.Request) -> web.Response:
    entry = cluster.require(route.kind, route.key)
    view = choose_view(request.headers.get("Accept", ""))
    if view is View.OBJECT:
        return _json(encode_entry(entry, route.kind))
    return _json(encode_object(entry.body, route.kind, view, request.query))


def _list(cluster: Cluster, route: Route, request: web.Request) -> web.Response:
    selection = select(route.kind, route.namespace, request.query)
    page = list_page(cluster, selection, request.query)
    view = choose_view(request.headers.get("Accept", ""))
    return _json(encode_list(page.entries, route.kind, view, request.query, page.metadata))


async def _create(cluster: Cluster, route: Route, request: web.Request) -> tuple[Written, WriteOptions]:
    options = _options(request)
    sent, duplicates = decode_object(await request.read(), request.content_type)
    body = take_in(sent, route.kind, options, duplicates)
    return create_object(cluster, route.kind, route.namespace, body, options), options


async def _replace(cluster: Cluster, route: Route, request: web.Request) -> tuple[Written, WriteOptions]:
    options, kind, key = _options(request), route.kind, route.key
    sent, duplicates = decode_object(await request.read(), request.content_type)
    body = take_in(sent, kind, options, duplicates)
    check_name(body["metadata"], key)
    if kind.create_on_update and not route.subresource and cluster.find(kind, key) is None:
        if body["metadata"].get("uid") or body["metadata"].get("resourceVersion"):
            raise report_missing(kind.group, kind.plural, key.name)
        return create_object(cluster, kind, route.namespace, body, options), options

    def replace(before: Body) -> tuple[Body, Managers | None]:
        check_replacement(kind, body, before)
        return body, None

    return update_object(cluster, kind, key, replace, options, route.subresource), options


async def _patch(cluster: Cluster, route: Route, request: web.Request) -> tuple[Written, WriteOptions]:
    options, kind = _options(request), route.kind
    supported = [JSON_PATCH, MERGE_PATCH, *(() if kind.custom else (STRATEGIC_PATCH,)), APPLY_PATCH]
    if request.content_type not in supported:
        raise refuse_media_type(supported)
    patch, duplicates = decode_body(await request.read(), request.content_type)
    if request.content_type == APPLY_PATCH:
        require_manager(request.query)
        update = prepare_apply(patch, duplicates, route.kind, route.key, route.subresource, options)
        return apply_object(cluster, kind, route.key, update, options, route.subresource), options

    def change(before: Body) -> tuple[Body, Managers | None]:
        shown = present(before, kind)
        if request.content_type == JSON_PATCH:
            patched = patch_json(shown, patch)
        elif request.content_type == MERGE_PATCH:
            patched = patch_merge(shown, patch)
        else:
            patched = patch_strategically(shown, patch, with_header(kind.schema))
        return take_patched(patched, kind, options, duplicates), None

    return update_object(cluster, kind, route.key, change, options, route.subresource), options


async def _delete(cluster: Cluster, route: Route, request: web.Request) -> web.Response:
    sent, _ = decode_object(await request.read(), request.content_type)
    options = read_delete_options(sent, request.query)
    body, gone = delete_object(cluster, route.kind, route.key, options)
    if not gone:
        return _json(encode_object(body, route.kind, View.OBJECT, request.query))
    details = {"name": route.name, "group": route.kind.group, "kind": route.kind.plural, "uid": body["metadata"]["uid"]}
    status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}
    return web.json_response({**status, "details": {name: value for name, value in details.items() if value}})


async def _delete_several(cluster: Cluster, route: Route, request: web.Request) -> web.Response:
    sent, _ = decode_object(await request.read(), request.content_type)
    options = read_delete_options(sent, request.query)
    selection = select(route.kind, route.namespace, request.query)
    page = list_page(cluster, selection, request.query)
    for entry in page.entries:
        _delete_quietly(cluster, route.kind, entry.body["metadata"], options)
    return _json(encode_list(page.entries, route.kind, View.OBJECT, request.query, page.metadata))


def _delete_quietly(cluster: Cluster, kind: Kind, metadata: Body, options: DeleteOptions) -> None:
    key = Route(kind, metadata.get("namespace", ""), metadata["name"], "").key
    if cluster.find(kind, key):  # one deletion may take others along
        delete_object(cluster, kind, key, options)


def _answer(outcome: tuple[Written, WriteOptions], route: Route, request: web.Request) -> web.Response:
    written, options = outcome
    view = choose_view(request.headers.get("Accept", ""))
    response = _json(encode_object(written.body, route.kind, view, request.query), 201 if written.created else 200)
    for warning in options.warnings:
        escaped = warning.replace("\\", "\\\\").replace('"', '\\"')
        response.headers.add("Warning", f'299 - "{escaped}"')
    return response


def _options(request: web.Request) -> WriteOptions:
    return read_options(request.query, request.headers.get("User-Agent", ""))


def _json(body: bytes, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, content_type="application/json")
