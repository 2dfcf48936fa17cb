"""The Denies around the bucket: networks, organizations, accounts, and for whom AWS services act."""

from collections.abc import Iterator, Mapping

from securebucket.api.policy import Policy
from securebucket.model.bucket import Bucket
from securebucket.policy.denials import Written, deny, everything, exempting


def perimeter_denials(bucket: Bucket, policy: Policy) -> Iterator[Written]:
    """Refuse requests from outside the allowed networks, organizations and accounts.

    An organization and an account are facts of one principal, so each is a Deny of its own: both must hold. So is the
    organization of the bucket: its key is gone, and the Deny catches everybody, once the bucket's account leaves it.
    """
    limits = (
        ("SecureBucketAllowedNetworks", _networks(policy), True),
        ("SecureBucketAllowedVpcSourceAddresses", _addresses_in_vpcs(policy), True),
        ("SecureBucketAllowedOrganizations", _unequal("aws:PrincipalOrgID", policy.allowed_organizations), False),
        ("SecureBucketAllowedAccounts", _unequal("aws:PrincipalAccount", _accounts(bucket, policy)), False),
        ("SecureBucketRequireResourceOrganization", _organization_of_the_bucket(policy), False),
    )
    for sid, condition, calls_of_services in limits:
        if condition:
            exempt = exempting(bucket, condition, *policy.exempt_principals, calls_of_services=calls_of_services)
            yield deny(sid, "s3:*", everything(bucket), exempt)
    yield from _source_denials(bucket, policy)


def _networks(policy: Policy) -> Written:
    """Tell what comes by no allowed way.

    One request comes in by one way only, so the three kinds of networks are one Deny: any of them lets it pass.
    """
    networks: Written = {}
    if policy.allowed_vpc_endpoints or policy.allowed_vpcs:
        networks["StringNotEquals"] = _given(
            {"aws:SourceVpce": policy.allowed_vpc_endpoints, "aws:SourceVpc": policy.allowed_vpcs}
        )
    if policy.allowed_cidrs:
        networks["NotIpAddress"] = {"aws:SourceIp": list(policy.allowed_cidrs)}
    return networks


def _addresses_in_vpcs(policy: Policy) -> Written:
    """Tell what comes through a VPC endpoint from another private address; what comes by another way has none.

    The addresses say nothing by themselves, as every VPC can have them: the Deny of networks says which VPCs may come.
    A Deny of its own, for in that one they would be one more way in.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpcsourceip
    """
    if not policy.allowed_vpc_source_cidrs:
        return {}
    return {
        "NotIpAddress": {"aws:VpcSourceIp": list(policy.allowed_vpc_source_cidrs)},
        "Null": {"aws:SourceVpce": "false"},
    }


def _organization_of_the_bucket(policy: Policy) -> Written:
    """Tell a bucket whose account is in another organization, or in none any more.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceorgid
    """
    wanted = policy.require_resource_organization
    return {} if wanted is None else {"StringNotEquals": {"aws:ResourceOrgID": wanted}}


def _source_denials(bucket: Bucket, policy: Policy) -> Iterator[Written]:
    """Refuse AWS services that act for strangers, whatever Allow lets them in: the confused deputy, once for all.

    As in AWS's examples: one of the two keys is enough, and a service that does not say for which account it acts
    passes. Nobody is exempt, for it catches services only, and the operator is none.
    https://github.com/aws-samples/data-perimeter-policy-examples/blob/main/resource_control_policies/identity_perimeter_rcp.json
    """
    if not policy.allowed_source_organizations and not policy.allowed_source_accounts:
        return
    accounts = tuple(dict.fromkeys((bucket.account_id, *policy.allowed_source_accounts)))
    strangers = {
        "StringNotEqualsIfExists": _given(
            {"aws:SourceOrgID": policy.allowed_source_organizations, "aws:SourceAccount": accounts}
        ),
        "Null": {"aws:SourceAccount": "false"},
        "Bool": {"aws:PrincipalIsAWSService": "true"},
    }
    yield deny("SecureBucketAllowedSources", "s3:*", everything(bucket), strangers)


def _given(tests: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {key: list(values) for key, values in tests.items() if values}


def _unequal(key: str, values: tuple[str, ...]) -> Written:
    return {"StringNotEquals": {key: list(values)}} if values else {}


def _accounts(bucket: Bucket, policy: Policy) -> tuple[str, ...]:
    own = (bucket.account_id,) if policy.allowed_accounts else ()
    return tuple(dict.fromkeys((*own, *policy.allowed_accounts)))
