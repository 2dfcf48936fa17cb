"""The law of convergence for what nobody thought of: any block of the spec over any document that S3 can hold."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.controls.builders import ACCOUNT, seen
from tests.laws.aws_model import operation_model, problems_of
from tests.laws.documents import put_as, read_as
from tests.laws.pretend_s3 import PretendS3
from tests.laws.random_documents import Grammar, variations
from tests.laws.register import SUBJECTS, TRIED
from tests.laws.subject import Gone
from tests.laws.worlds import AnyControl, every_control, in_place, informed

from securebucket.api.spec import SecureBucketSpec
from securebucket.aws.bucket_client import BucketClient
from securebucket.aws.s3_calls import S3Calls
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.control import Context
from securebucket.model.observation import readable

PAIRS = 100
BUCKET = "acme-invoices"
ENTRY = re.compile(r"\[[^\]]*\]")
IDS = ("ID", "Id", "Sid", "Key")


@pytest.fixture(scope="module")
def server() -> PretendS3:
    return PretendS3()


def passes(control: AnyControl, situation: Context, client: BucketClient) -> Iterator[tuple[Call, ...]]:
    """Make one pass after the other over one document; gives the writes of each."""
    while True:
        observed = seen(client, control)
        if not readable(observed):
            yield ()
            continue
        placed = informed(control, situation, observed)
        desired = control.desired(placed, observed)
        differs = desired != observed and control.refuse(placed, observed, desired) is None
        calls = control.calls(placed, observed, desired) if differs else ()
        for call in calls:
            assert client.make(call) is None
        yield calls


@cache
def blocks(name: str) -> st.SearchStrategy[Any]:
    """Give blocks of the spec for a control."""
    samples = [spec[name] for spec in SUBJECTS[name].specs if name in spec]
    grammar = Grammar.of(samples)
    return variations([{}, *samples], grammar, lambda block: _is_spec({name: block}))


@cache
def found_documents(name: str) -> st.SearchStrategy[Any]:
    """Give documents, in the form of their PUT, None for one that was never configured."""
    samples = list(_samples(name))
    grammar = Grammar.of(samples)
    for tampering in SUBJECTS[name].tamperings:
        for path, value in tampering.edits.items():
            if not callable(value) and not isinstance(value, Gone):
                _learn(grammar, path, value)
    return st.none() | variations(samples, grammar, lambda document: _can_be_held(name, document))


def _samples(name: str) -> Iterator[Any]:
    """Give the documents that the sample specs lead to, and those that others have put there."""
    control = next(each for each in TRIED if each.name == name)
    document, server = SUBJECTS[name].document, PretendS3()
    client = BucketClient(S3Calls(server.client()), BUCKET, ACCOUNT, other=server.client)
    for spec in SUBJECTS[name].specs:
        server.clear()
        next(passes(control, in_place(spec, Origin.CREATED), client))
        made = read_as(document, server.client(), BUCKET)
        if made:
            yield made
    for answer, _ in SUBJECTS[name].readings:
        if document.listed:
            yield {document.member: list(answer.get(document.listed, []))}
        else:
            yield document.after_read({document.member: dict(answer)} if document.member else dict(answer))


def _learn(grammar: Grammar, path: str, value: Any) -> None:
    place = grammar.at(ENTRY.sub("", path))
    if path.endswith("]"):
        place.learn([value])
    else:
        place.learn(value)


def _is_spec(spec: Mapping[str, Any]) -> bool:
    try:
        SecureBucketSpec.model_validate(dict(spec))
    except ValidationError:
        return False
    return True


def _can_be_held(name: str, parameters: Mapping[str, Any]) -> bool:
    """Tell whether a document fits S3's model, and no two entries of a list have one id."""
    document = SUBJECTS[name].document
    needed = {*operation_model(Call(document.put).api).input_shape.required_members} - {"Bucket", "Id"}
    if not needed <= parameters.keys() or not _has_single_ids(parameters):
        return False
    if document.listed:
        entries = parameters.get(document.member) or [{}]
        puts = [Call(document.put, {"Id": each.get("Id", ""), document.member: each}) for each in entries]
    else:
        puts = [Call(document.put, document.before_put(dict(parameters)))]
    return not any(problems_of(each) for each in puts)


def _has_single_ids(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_has_single_ids, value.values()))
    if not isinstance(value, list):
        return True
    ids = [each[key] for each in value if isinstance(each, Mapping) for key in IDS if key in each]
    return len(set(map(str, ids))) == len(ids) and all(map(_has_single_ids, value))


@every_control
@given(data=st.data(), origin=st.sampled_from(Origin))
@settings(
    max_examples=PAIRS,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
def test_any_block_over_any_document_is_done_in_two_passes(
    control: AnyControl, data: st.DataObject, origin: Origin, server: PretendS3
) -> None:
    block, found = data.draw(blocks(control.name)), data.draw(found_documents(control.name))
    server.clear()
    if found is not None:
        try:
            put_as(SUBJECTS[control.name].document, server.client(), BUCKET, found)
        except ClientError:  # beyond its model, S3 does not take it
            reject()
    client = BucketClient(S3Calls(server.client()), BUCKET, ACCOUNT, other=server.client)
    third = list(islice(passes(control, in_place({control.name: block}, origin), client), 3))[-1]
    assert third == ()
