"""AWS services that write into buckets by their ACL, and what becomes of them without it.

They come as canonical users like any account, with the same id for everybody; no bucket policy that names one does any
good, since the services look at the ACL, or are let in by another name.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from securebucket.model.acl import AclGrant
from securebucket.model.bucket import Bucket

KEEP = "keep its ACL with spec.ownership.objectOwnership: BucketOwnerPreferred"


@dataclass(frozen=True, slots=True)
class AclService:
    """A service.

    Args:
        name: as people know it, with what it writes.
        end: what happens when the grant goes, and what to do first; `{region}` is the bucket's.
    """

    name: str
    end: str


CLOUDFRONT = AclService(
    "CloudFront (standard logging (legacy); EC2 Spot data feeds too)",
    f"its deliveries stop, and no bucket policy takes their place; move to standard logging (v2) first, or {KEEP}",
)
ELASTICACHE = AclService(
    "ElastiCache (exported backups)",
    "exports fail then; first let the service {region}.elasticache-snapshot.amazonaws.com in by spec.policy.statements"
    " (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-migrating-acls-prerequisites.html),"
    f" or {KEEP}",
)
VM_EXPORT = AclService(
    "VM Import/Export (exported machines)",
    f"it exports to no bucket whose ACLs are off, and no bucket policy takes the grant's place; {KEEP}",
)

_OF_CLOUDFRONT = (
    "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0",
    "a52cb28745c0c06e84ec548334e44bfa7fc2a85c54af20cd59e4969344b7af56",  # China
)
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html,
https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html"""
_OF_ELASTICACHE = (
    "540804c33a284a299d2547575ce1010f2312ef3da9b3a053c8bc45bf233e4353",
    "40fa568277ad703bd160f66ae4f83fc9dfdfd06c2f1b5060ca22442ac3ef8be6",  # GovCloud
    "b14d6a125bdf69854ed8ef2e71d8a20b7c490f252229b806e514966e490b8d83",  # China
)
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-exporting.html,
https://docs.amazonaws.cn/en_us/aws/latest/userguide/elasticache.html"""
_OF_VM_EXPORT = (
    "c4d8eabf8db69dbe46bfe0e517100c554f01200b104d59cd408e777ba442a322",
    "3f7744aeebaf91dd60ab135eb1cf908700c8d2bc9133e61261e6c582be6e33ee",  # Cape Town
    "97ee7ab57cc9b5034f31e107741a968e595c0d7a19ec23330eae8d045a46edfb",  # Hong Kong
    "77ab5ec9eac9ade710b7defed37fe0640f93c5eb76ea65a64da49930965f18ca",  # Hyderabad
    "de34aaa6b2875fa3d5086459cb4e03147cf1a9f7d03d82f02bedb991ff3d1df5",  # Jakarta
    "ed006f67543afcfe0779e356e52d5ed53fa45f95bcd7d277147dfc027aaca0e7",  # Malaysia
    "8b8ea36ab97c280aa8558c57a380353ac7712f01f82c21598afbb17e188b9ad5",  # Melbourne
    "2dc8fa4ca1c59da5c6a4c5b0e397eea130ec62e49f18cff179034665fd20e8a2",  # New Zealand
    "40f22ffd22d6db3b71544ed6cd00c8952d8b0a63a87d58d5b074ec60397db8c9",  # Osaka
    "a9fa0eb7c8483f9558cd14b24d16e9c4d1555261a320b586a3a06908ff0047ce",  # Taipei
    "d011fe83abcc227a7ac0f914ce411d3630c4ef735e92e88ce0aa796dcfecfbdd",  # Thailand
    "78e12f8d798f89502177975c4ccdac686c583765cea2bf06e9b34224e2953c83",  # Calgary
    "04636d9a349e458b0c1cbf1421858b9788b4ec28b066148d4907bb15c52b5b9c",  # Milan
    "6e81c4c52a37a7f59e103625162ed97bcd0e646593adb107d21310d093151518",  # Spain
    "5d9fcea77b2fb3df05fc15c893f212ae1d02adb4b24c13e18586db728a48da67",  # Zurich
    "328a78de7561501444823ebeb59152eca7cb58fee2fe2e4223c2cdd9f93ae931",  # Tel Aviv
    "edaff67fe25d544b855bd0ba9a74a99a2584ab89ceda0a9661bdbeca530d0fca",  # Mexico
    "aa763f2cf70006650562c62a09433f04353db3cba6ba6aeb3550fdc8065d3d9f",  # Bahrain
    "7d3018832562b7b6c126f5832211fae90bd3eee3ed3afde192d990690267e475",  # UAE
    "af913ca13efe7a94b88392711f6cfc8aa07c9d1454d4f190a624b126733a5602",  # GovCloud
    "834bafd86b15b6ca71074df0fd1f93d234b9d5e848a2cb31f880c149003ce36f",  # Beijing
)
"""https://docs.aws.amazon.com/vm-import/latest/userguide/vmexport-prerequisites.html"""

SERVICES = {
    **dict.fromkeys(_OF_CLOUDFRONT, CLOUDFRONT),
    **dict.fromkeys(_OF_ELASTICACHE, ELASTICACHE),
    **dict.fromkeys(_OF_VM_EXPORT, VM_EXPORT),
}
"""By canonical user id."""


def ends_of_services(bucket: Bucket, grants: Iterable[AclGrant]) -> str:
    """Say which services lose their way into a bucket with these grants, and what to do first; empty for none."""
    found = {SERVICES[each.grantee] for each in grants if each.grantee in SERVICES}
    return "; ".join(
        f"{each.name} writes by the ACL: {each.end.format(region=bucket.region)}"
        for each in sorted(found, key=lambda each: each.name)
    )
