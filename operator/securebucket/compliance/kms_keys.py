"""Whether the KMS keys that a bucket's documents name as they stand can be used, and rotate.

S3 takes a key when a document is written, and never looks again: one that dies later fails every upload, with the
document as declared. Why they are surroundings: `docs/design/2026-12-01-kms-keys.md`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from securebucket.controls.configuration_list import ListState
from securebucket.controls.encryption import MANAGED_KEY, STRENGTH, EncryptionState
from securebucket.controls.key_use import KeyUse, of_default, of_inventory, of_rule
from securebucket.controls.replication import ReplicationState
from securebucket.controls.replication_rules import destinations
from securebucket.model.failure import Failure
from securebucket.model.kms_keys import KeyInUse, is_rotatable
from securebucket.model.observation import Observation, Unsupported, is_unread
from securebucket.model.surroundings import BucketRegion, BucketRegionQuery, Query
from securebucket.model.verdict import (
    Check,
    Remedy,
    Severity,
    Subject,
    Verdict,
    failed,
    not_applicable,
    passed,
    some_of,
    unknown,
)

READS = ("encryption", "replication", "inventory")
BY_AWS = "the key is the one that AWS manages, and rotates, itself"


def ask_keys(subject: Subject) -> tuple[Query[Any], ...]:
    """Ask about each key where it is, and where copies go that are encrypted with one."""
    if not subject.bucket.account_id:
        return ()
    queries = (query for use in key_uses(subject) if (query := use.query(subject.bucket)))
    return tuple(dict.fromkeys((*queries, *_regions_asked(subject).values())))


def key_uses(subject: Subject) -> Iterator[KeyUse]:
    """Give the uses of keys; that of the key which AWS manages for S3 is none: nobody can spoil it."""
    bucket, encryption = subject.bucket, subject.observed["encryption"]
    replication, inventory = subject.observed["replication"], subject.observed["inventory"]
    rules = replication.rules if isinstance(replication, ReplicationState) else {}
    role = replication.role if isinstance(replication, ReplicationState) else ""
    if isinstance(encryption, EncryptionState) and encryption.kms_master_key_id not in {"", MANAGED_KEY}:
        yield of_default(bucket, encryption.kms_master_key_id, role, rules)
    asked = _regions_asked(subject)
    for name, rule in sorted(rules.items()):
        lies = subject.facts.get(asked[name]) if name in asked else None
        use = of_rule(name, rule, role, lies.region if isinstance(lies, BucketRegion) else "")
        yield from (use,) if use else ()
    for name, entry in sorted(inventory.configurations.items()) if isinstance(inventory, ListState) else ():
        use = of_inventory(bucket, name, entry)
        yield from (use,) if use else ()


def judge_healthy(subject: Subject, observed: Mapping[str, Observation]) -> Verdict:
    """Pass when nothing speaks against any use of a key; a policy that could not be read speaks against none."""
    uses = tuple(key_uses(subject))
    bad: list[str] = []
    unread = _unread(observed)
    for use in uses:
        seen = _seen(subject, use)
        if isinstance(seen, KeyInUse):
            bad += [f"{use.what} uses {seen.key.arn}: {wrong}"] if (wrong := use.wrong(seen)) else []
        elif _is_missing(subject, use, seen):
            bad.append(f"{use.what} uses {use.key}: there is no such key; name another one")
        else:
            unread.append(f"{use.what} uses {use.key}: {seen.message}")
    if bad:
        return failed(some_of(bad))
    if _lacks_kms(subject, uses):
        return not_applicable("the server has no AWS KMS")
    if unread:
        return unknown(some_of(unread))
    if uses:
        return passed(f"can be used: {some_of([f'{each.key} ({each.what})' for each in uses])}")
    return passed(BY_AWS) if _by_aws(observed) else not_applicable("no document of the bucket names a KMS key")


def judge_rotated(subject: Subject, observed: Mapping[str, Observation]) -> Verdict:
    """Pass when KMS rotates every key that its owner can have rotated; a key that is dying is not asked."""
    uses = {use.key: use for use in key_uses(subject)}
    still: list[str] = []
    rotating: list[str] = []
    unread = _unread(observed)
    for name, use in uses.items():
        seen = _seen(subject, use)
        if isinstance(seen, Failure):
            unread.append(f"{name}: {seen.message}")
        elif seen.key.managed_by == "AWS":
            rotating.append(name)
        elif not is_rotatable(seen.key) or seen.rotates is None:
            continue
        elif isinstance(seen.rotates, Failure):
            unread.append(f"{name}: {seen.rotates.message}")
        else:
            (rotating if seen.rotates else still).append(name)
    if still:
        return failed(f"does not rotate: {some_of(still)}")
    if _lacks_kms(subject, tuple(uses.values())):
        return not_applicable("the server has no AWS KMS")
    if unread:
        return unknown(some_of(unread))
    if rotating:
        return passed(f"rotates: {some_of(rotating)}")
    if uses:
        return not_applicable(f"KMS rotates no such key: {some_of(list(uses))}")
    return passed(BY_AWS) if _by_aws(observed) else not_applicable("no document of the bucket names a KMS key")


def _seen(subject: Subject, use: KeyUse) -> KeyInUse | Failure:
    query = use.query(subject.bucket)
    if query is None:
        return Failure("NotAsked", "it is not named by its ARN, so that its region is not known.")
    fact = subject.facts.get(query)
    return fact if isinstance(fact, KeyInUse | Failure) else Failure("NotAsked", "it was not asked for.")


def _is_missing(subject: Subject, use: KeyUse, why: Failure) -> bool:
    """Tell whether a key is gone for certain: another account's may only be hidden."""
    account = use.key.split(":")[4] if use.key.startswith("arn:") else subject.bucket.account_id
    return why.reason == "KmsKeyNotFound" and account == subject.bucket.account_id


def _lacks_kms(subject: Subject, uses: tuple[KeyUse, ...]) -> bool:
    """Tell whether the server has keys of its own kind only."""
    return bool(uses) and (
        not subject.bucket.account_id or all(isinstance(_seen(subject, each), Unsupported) for each in uses)
    )


def _unread(observed: Mapping[str, Observation]) -> list[str]:
    """Say what documents may name a key and could not be read; every bucket on AWS has default encryption."""
    encryption, found = observed["encryption"], list[str]()
    if isinstance(encryption, Failure):
        found.append(encryption.message)
    elif encryption.sse_algorithm not in STRENGTH:
        found.append(f"default encryption is {encryption.sse_algorithm}, which this release does not know")
    return found + [each.message for name in READS[1:] if is_unread(each := observed[name])]


def _by_aws(observed: Mapping[str, Observation]) -> bool:
    return getattr(observed["encryption"], "kms_master_key_id", "") == MANAGED_KEY


def _regions_asked(subject: Subject) -> dict[str, BucketRegionQuery]:
    """Ask where the destination of a rule lies that encrypts copies with a key, where it is ours, by the rule's id."""
    state, own = subject.observed["replication"], subject.bucket.account_id
    if not isinstance(state, ReplicationState) or not own:
        return {}
    keyed = {name: rule for name, rule in state.rules.items() if of_rule(name, rule, state.role)}
    placed = zip(keyed, destinations(keyed), strict=True)
    return {name: BucketRegionQuery(bucket, own) for name, (bucket, account) in placed if account in {"", own}}


HEALTHY = Check(
    id="kms-keys-healthy",
    title="The KMS keys that the bucket's documents name can be used",
    severity=Severity.HIGH,
    rationale="With a key that is disabled or gone every upload fails, and what it encrypted is lost with it.",
    remediation="Enable the key or cancel its deletion, or name another one, e.g. in spec.encryption.kmsMasterKeyId.",
    remedy=Remedy.OUTSIDE,
    references=(
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html#kms-3",
    ),
    judge=judge_healthy,
    whole=True,
    asks=ask_keys,
    further_right=True,
)
ROTATED = Check(
    id="kms-keys-rotated",
    title="KMS rotates the keys that the bucket's documents name",
    severity=Severity.MEDIUM,
    rationale="Whoever gets hold of one version of the key's material reads all that was ever written with the key.",
    remediation="Turn on automatic rotation of the key (EnableKeyRotation).",
    remedy=Remedy.OUTSIDE,
    references=(
        "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html#kms-4",
    ),
    judge=judge_rotated,
    whole=True,
    asks=ask_keys,
    further_right=True,
)
