"""The golden corpus: bucket configurations in AWS's own answers, each with the result of every check.

A case is a base, what differs from it, and the results that differ with it; `corpus/README.md` has the notation.
"""

import copy
import datetime as dt
import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from tests.laws.register import SUBJECTS
from tests.laws.subject import Document

from securebucket.compliance.stored_observation import StoredObservation
from securebucket.model.call import Call
from securebucket.model.verdict import Result

CORPUS = Path(__file__).parent / "corpus"
READ_AT = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)

CHANGES = {
    *("bucket", "role", "trustedAccounts", "answers", "statements"),
    *("absent", "denied", "unsupported", "missing", "unasked", "accountBlock", "destinations", "expect"),
}
"""What may differ from a base."""


@dataclass(frozen=True)
class Case:
    """One bucket.

    Args:
        id: unique in the corpus.
        topic: the file that it is in.
        sentence: what it is about.
        observation: what was read of it.
        expected: the result of every check.
        named: the results that the case itself names.
        says: words that must be in the reason of a verdict, by check.
    """

    id: str
    topic: str
    sentence: str
    observation: StoredObservation
    expected: Mapping[str, str]
    named: Mapping[str, str]
    says: Mapping[str, str]


@functools.cache
def cases() -> tuple[Case, ...]:
    """Give every case of every topic, the bases first."""
    return tuple(_read())


def _read() -> Iterator[Case]:
    common = _document(CORPUS / "bases.yaml")
    for name in common["bases"]:
        yield _case("bases", {"id": name, **common["bases"][name]}, _draft(common, name))
    for path in sorted(CORPUS.glob("*.yaml")):
        if path.stem == "bases":
            continue
        topic = _document(path)
        pieces = {**common["pieces"], **topic.get("pieces", {})}
        for written in topic["cases"]:
            draft = _draft(common, written.get("base", topic["base"]))
            for name in written.get("with", ()):
                _change(draft, pieces[name])
            _change(draft, {key: value for key, value in written.items() if key in CHANGES})
            yield _case(path.stem, written, draft)


def _document(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return document


def _draft(common: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Build a base, and before it the one that it differs from."""
    written = common["bases"][name]
    draft = _draft(common, written["base"]) if "base" in written else _untouched()
    _change(draft, {key: value for key, value in written.items() if key in CHANGES})
    return draft


def _untouched() -> dict[str, Any]:
    """Write a bucket none of whose documents was ever configured."""
    documents = [subject.document for subject in SUBJECTS.values()]
    answers = {Call(each.get).api: _nothing(each) for each in documents}
    answers["s3control:ListAccessPoints"] = {"response": {}}
    return {"bucket": {}, "answers": answers, "expect": {}}


def _nothing(document: Document) -> dict[str, Any]:
    """Write the answer of S3 to who reads what was never configured."""
    if document.absent:
        return {"absent": True}
    return {"response": {"IsTruncated": False} if document.listed else dict(document.always)}


def _change(draft: dict[str, Any], change: Mapping[str, Any]) -> None:
    unknown = set(change) - CHANGES
    assert not unknown, f"no such change: {unknown}"
    answers = draft["answers"]
    draft["bucket"] |= change.get("bucket", {})
    draft |= {key: change[key] for key in ("role", "trustedAccounts") if key in change}
    for api, response in change.get("answers", {}).items():
        answers[api] = {"response": _as_written(response)}
    if "statements" in change:
        answers["GetBucketPolicy"] = {"response": _with_statements(answers["GetBucketPolicy"], change["statements"])}
    for api in change.get("absent", ()):
        answers[api] = {"absent": True}
    for api in change.get("denied", ()):
        answers[api] = {"unknown": {"reason": "AccessDenied", "message": f"{api} was denied."}}
    for api in change.get("unsupported", ()):
        answers[api] = {"unsupported": f"the server does not support {api}."}
    for api in change.get("missing", ()):
        answers[api] = {"unknown": {"reason": "KmsKeyNotFound", "message": "there is no such KMS key."}}
    for api in change.get("unasked", ()):
        del answers[api]
    if "accountBlock" in change:
        answers["s3control:GetPublicAccessBlock"] = _account_block(change["accountBlock"])
    for told in change.get("destinations", ()):
        answers[f"s3:HeadBucket/{told['bucket']}"] = _head(told)
    draft["expect"] |= _results(change.get("expect", {}))


def _as_written(response: Mapping[str, Any]) -> dict[str, Any]:
    """Give an answer as AWS writes it: a policy is a text."""
    policy = response.get("Policy")
    return {**response, "Policy": json.dumps(policy)} if isinstance(policy, Mapping) else dict(response)


def _with_statements(answer: Mapping[str, Any], statements: list[Any]) -> dict[str, Any]:
    text = answer.get("response", {}).get("Policy", '{"Version":"2012-10-17","Statement":[]}')
    document = copy.deepcopy(json.loads(text))
    document["Statement"] += statements
    return {"Policy": json.dumps(document)}


def _account_block(block: Mapping[str, bool] | str) -> dict[str, Any]:
    if isinstance(block, str):
        return {"unknown": {"reason": block, "message": f"GetPublicAccessBlock of the account: {block}."}}
    return {"response": {"PublicAccessBlockConfiguration": dict(block)}}


def _head(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"unknown": told["unknown"]} if "unknown" in told else {"response": {"BucketRegion": told["region"]}}


def _results(expect: Mapping[str, list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for result, checks in expect.items():
        assert result in set(Result), f"no such result: {result}"
        for check in checks:
            assert check not in found, f"{check} has two results"
            found[check] = result
    return found


def _case(topic: str, written: Mapping[str, Any], draft: Mapping[str, Any]) -> Case:
    strange = set(written) - CHANGES - {"id", "is", "base", "with", "says"}
    assert not strange, f"{written['id']}: no such member: {strange}"
    document = {key: draft[key] for key in ("bucket", "role", "trustedAccounts", "answers") if key in draft}
    return Case(
        id=written["id"],
        topic=topic,
        sentence=written["is"],
        observation=StoredObservation.model_validate({**document, "readAt": READ_AT}),
        expected=draft["expect"],
        named=_results(written.get("expect", {})),
        says=written.get("says", {}),
    )
