"""The data of the frameworks: everything that they ask about S3 is there, and every id of a check exists.

The lists below are written off the publishers' texts of 2025-11 and 2026-08, not off the data files.
"""

import re
from collections.abc import Mapping

import pytest

from securebucket.api.check_id import CHECK_IDS
from securebucket.compliance.catalogue import BY_ID
from securebucket.compliance.framework import Framework, Item, Kind, frameworks, standards, worst
from securebucket.model.verdict import Result
from securebucket_dev.generate.items import items_of

ACCOUNT_CHECKS = {
    "access-analyzed",
    "access-points-blocked",
    "access-points-in-vpc",
    "account-public-access-blocked",
    "data-classified",
    "data-discovered-automatically",
    "directory-buckets-have-lifecycle",
    "multi-region-access-points-blocked",
    "policy-changes-alarmed",
    "read-events-logged",
    "threats-detected",
    "trail-bucket-logged",
    "write-events-logged",
}
"""Ids of the checks that are asked of an account."""

OURS = {
    "access-point-policies-not-public": "The catalogues ask what access points block, and not what their policies say.",
    "access-point-policies-to-trusted-accounts": "The same, of other accounts.",
    "bucket-access-points-blocked": "S3.19 asks it of all access points of an account; here of those of one bucket.",
    "cors-writes-restricted": "What pages of others may send is asked by no catalogue of S3 settings.",
    "log-target-owner-pays": "It keeps logs coming; what the catalogues ask is whether logging is on at all.",
    "analytics-to-trusted-accounts": "S3 delivers them past the policy, and no catalogue asks where to.",
    "inventories-to-trusted-accounts": "S3 delivers them past the policy, and no catalogue asks where to.",
    "policy-services-confined": "AWS advises it against the confused deputy, and no catalogue asks for it of a bucket.",
    "tagging-not-shared": "S3 has ABAC for buckets since 2025-11, later than every catalogue.",
    "sse-c-blocked": "S3 has it since 2025-11, later than every catalogue.",
}
"""Checks that stand in no framework, with the reason for having them."""

SECURITY_HUB: Mapping[str, tuple[str, str]] = {
    "S3.1": ("account-public-access-blocked", "medium"),
    "S3.2": ("public-read-prevented", "critical"),
    "S3.3": ("public-write-prevented", "critical"),
    "S3.5": ("tls-required", "medium"),
    "S3.6": ("administration-not-shared", "high"),
    "S3.7": ("replicated-across-regions", "low"),
    "S3.8": ("public-access-blocked", "high"),
    "S3.9": ("access-logged", "medium"),
    "S3.10": ("versions-have-lifecycle", "medium"),
    "S3.11": ("events-notified", "medium"),
    "S3.12": ("acls-disabled", "medium"),
    "S3.13": ("lifecycle-active", "low"),
    "S3.14": ("versioning-enabled", "low"),
    "S3.15": ("object-lock-enabled", "medium"),
    "S3.17": ("encrypted-with-kms", "medium"),
    "S3.19": ("access-points-blocked", "critical"),
    "S3.20": ("mfa-delete-enabled", "low"),
    "S3.22": ("write-events-logged", "medium"),
    "S3.23": ("read-events-logged", "medium"),
    "S3.24": ("multi-region-access-points-blocked", "high"),
    "S3.25": ("directory-buckets-have-lifecycle", "low"),
    "KMS.4": ("kms-keys-rotated", "medium"),
}
"""Every control of Security Hub about S3, and the one about keys, with our check and its severity there."""

FOUNDATIONAL = ["S3.1", "S3.2", "S3.3", "S3.5", "S3.6", "S3.8", "S3.9", "S3.12", "S3.13", "S3.19", "S3.24", "S3.25"]

BLOCKED = ("S3.1", "S3.2", "S3.3", "S3.8", "S3.19")
NIST_800_53 = {
    BLOCKED: "AC-21 AC-3 AC-3(7) AC-4 AC-4(21) AC-6 SC-7 SC-7(3) SC-7(4) SC-7(9) SC-7(11) SC-7(16) SC-7(20) SC-7(21)",
    ("S3.5",): "AC-17(2) AC-4 IA-5(1) SC-12(3) SC-13 SC-23 SC-23(3) SC-7(4) SC-8 SC-8(1) SC-8(2) SI-7(6)",
    ("S3.6",): "CA-9(1) CM-2",
    ("S3.7",): "AU-9(2) CP-6 CP-6(1) CP-6(2) CP-9 CP-10 SC-36(2) SC-5(2) SI-13(5)",
    ("S3.9",): ("AC-2(4) AC-4(26) AC-6(9) AU-2 AU-3 AU-6(3) AU-6(4) AU-10 AU-12 CA-7 SC-7(9) SI-3(8) SI-4(20) SI-7(8)"),
    ("S3.10", "S3.13"): "CP-6(2) CP-9 CP-10 SC-5(2) SI-13(5)",
    ("S3.11",): "CA-7 SI-3(8) SI-4 SI-4(4)",
    ("S3.12",): "AC-2(1) AC-3 AC-3(15) AC-3(7) AC-6",
    ("S3.14",): "AU-9(2) CP-6 CP-6(1) CP-6(2) CP-9 CP-10 SC-5(2) SI-12 SI-13(5)",
    ("S3.15",): "CP-6(2)",
    ("S3.17",): "SC-12(2) CM-3(6) SC-13 SC-28 SC-28(1) SC-7(10) CA-9(1) SI-7(6) AU-9",
    ("S3.20",): "CA-9(1) CM-2 CM-2(2) CM-3 SC-5(2)",
}
NIST_800_171 = {
    ("S3.5",): "3.13.8 3.13.15",
    ("S3.6",): "3.13.4",
    ("S3.9", "S3.11", "S3.14"): "3.3.8",
    ("S3.17",): "3.8.9 3.13.11 3.13.16",
}
PCI_DSS = {
    ("S3.1", "S3.8", "S3.19", "S3.24"): "1.4.4",
    ("S3.5",): "4.2.1",
    ("S3.17",): "3.5.1",
    ("S3.9", "S3.22", "S3.23"): "10.2.1",
    ("S3.15",): "10.5.1",
}
"""The requirements to which Security Hub relates its controls."""

CIS_5 = {
    "2.1.1": {"tls-required"},
    "2.1.2": {"mfa-delete-enabled"},
    "2.1.3": {"data-classified"},
    "2.1.4": {"public-access-blocked", "account-public-access-blocked"},
    "3.4": {"trail-bucket-logged"},
    "3.8": {"write-events-logged"},
    "3.9": {"read-events-logged"},
    "4.8": {"policy-changes-alarmed"},
}
CIS_7 = {
    "2.21": {"policy-principals-restricted"},
    "3.1.1": {"tls-required"},
    "3.1.2": {"mfa-delete-enabled"},
    "3.1.3": {"data-classified"},
    "3.1.4": {"public-access-blocked", "account-public-access-blocked"},
    "4.4": {"trail-bucket-logged"},
    "4.8": {"write-events-logged"},
    "4.9": {"read-events-logged"},
    "5.8": {"policy-changes-alarmed"},
}

SCANNERS = {
    "aws-config": """
        s3-account-level-public-access-blocks s3-account-level-public-access-blocks-periodic
        s3-bucket-level-public-access-prohibited s3-bucket-public-read-prohibited s3-bucket-public-write-prohibited
        s3-bucket-ssl-requests-only s3-bucket-server-side-encryption-enabled s3-default-encryption-kms
        s3-bucket-versioning-enabled s3-bucket-mfa-delete-enabled s3-bucket-logging-enabled s3-bucket-acl-prohibited
        s3-bucket-default-lock-enabled s3-bucket-replication-enabled s3-bucket-cross-region-replication-enabled
        s3-lifecycle-policy-check s3-version-lifecycle-policy-check s3-event-notifications-enabled
        s3-bucket-blacklisted-actions-prohibited s3-bucket-policy-grantee-check s3-bucket-policy-not-more-permissive
        s3-access-point-public-access-blocks s3-resources-protected-by-backup-plan s3-last-backup-recovery-point-created
        s3-meets-restore-time-target s3-resources-in-logically-air-gapped-vault cloudtrail-s3-dataevents-enabled
        cloudtrail-all-write-s3-data-event-check cloudtrail-all-read-s3-data-event-check
        s3express-dir-bucket-lifecycle-rules-check s3-bucket-tagged required-tags s3-access-point-in-vpc-only
        cloudtrail-s3-bucket-access-logging cloudtrail-s3-bucket-public-access-prohibited
        cmk-backing-key-rotation-enabled kms-cmk-not-scheduled-for-deletion
        s3-directory-bucket-lifecycle-policy-rule-check guardduty-s3-protection-enabled
        macie-auto-sensitive-data-discovery-check
        """,
    "prowler": """
        s3_account_level_public_access_blocks s3_bucket_level_public_access_block s3_bucket_public_access
        s3_bucket_public_list_acl s3_bucket_public_write_acl s3_bucket_policy_public_write_access
        s3_bucket_cross_account_access s3_bucket_secure_transport_policy s3_bucket_acl_prohibited
        s3_bucket_kms_encryption s3_bucket_default_encryption s3_bucket_object_versioning s3_bucket_no_mfa_delete
        s3_bucket_object_lock s3_bucket_lifecycle_enabled s3_bucket_event_notifications_enabled
        s3_bucket_server_access_logging_enabled s3_bucket_cross_region_replication
        s3_bucket_shadow_resource_vulnerability s3_bucket_object_public s3_access_point_public_access_block
        s3_multi_region_access_point_public_access_block cloudtrail_s3_dataevents_read_enabled
        cloudtrail_s3_dataevents_write_enabled cloudtrail_logs_s3_bucket_access_logging_enabled
        cloudtrail_logs_s3_bucket_is_not_publicly_accessible cloudtrail_bucket_requires_mfa_delete
        cloudwatch_log_metric_filter_for_s3_bucket_policy_changes macie_is_enabled guardduty_s3_protection_enabled
        accessanalyzer_enabled kms_cmk_rotation_enabled kms_cmk_not_deleted_unintentionally
        macie_automated_sensitive_data_discovery_enabled
        """,
    "checkov": """
        CKV_AWS_53 CKV_AWS_54 CKV_AWS_55 CKV_AWS_56 CKV2_AWS_6 CKV_AWS_18 CKV_AWS_19 CKV_AWS_145 CKV_AWS_20 CKV_AWS_57
        CKV_AWS_375 CKV2_AWS_43 CKV2_AWS_65 CKV_AWS_21 CKV_AWS_70 CKV_AWS_93 CKV_AWS_143 CKV_AWS_144 CKV2_AWS_61
        CKV_AWS_300 CKV2_AWS_62 CKV_AWS_379 CKV_AWS_392 CKV_AWS_181 CKV_AWS_186 CKV_AWS_7
        """,
    "cloud-custodian": """
        cross-account global-grants has-statement missing-policy-statement no-encryption-statement check-public-block
        bucket-encryption bucket-logging bucket-notification bucket-replication lock-configuration ownership
        is-log-target inventory intelligent-tiering data-events metrics
        """,
    "steampipe": """
        s3_access_point_restrict_public_access s3_bucket_acls_should_prohibit_user_access
        s3_bucket_cross_region_replication_enabled s3_bucket_default_encryption_enabled
        s3_bucket_default_encryption_enabled_kms s3_bucket_enforces_ssl s3_bucket_event_notifications_enabled
        s3_bucket_lifecycle_policy_enabled s3_bucket_logging_enabled s3_bucket_mfa_delete_enabled
        s3_bucket_not_accessible_to_all_authenticated_user s3_bucket_object_lock_enabled
        s3_bucket_object_logging_enabled s3_bucket_policy_restrict_public_access
        s3_bucket_policy_restricts_cross_account_permission_changes s3_bucket_protected_by_macie
        s3_bucket_restrict_public_read_access s3_bucket_restrict_public_write_access
        s3_bucket_static_website_hosting_disabled s3_bucket_versioning_and_lifecycle_policy_enabled
        s3_bucket_versioning_enabled s3_public_access_block_account s3_public_access_block_bucket
        s3_public_access_block_bucket_account
        """,
}

ITEMS = [(framework, item) for framework in frameworks().values() for item in framework.items]
every_item = pytest.mark.parametrize(
    ("framework", "item"), ITEMS, ids=[f"{framework.id}/{item.id}" for framework, item in ITEMS]
)


def answering(framework: str) -> dict[str, set[str]]:
    """Give all checks of each item of a framework, of the bucket and of the account."""
    return {item.id: {*item.checks, *item.account_checks} for item in frameworks()[framework].items}


def related(controls: Mapping[tuple[str, ...], str]) -> dict[str, set[str]]:
    """Turn requirements by controls of Security Hub into our checks by requirement."""
    found: dict[str, set[str]] = {}
    for names, requirements in controls.items():
        for requirement in requirements.split():
            found.setdefault(requirement, set()).update(SECURITY_HUB[name][0] for name in names)
    return found


@every_item
def test_an_item_names_checks_that_exist_or_says_why_it_has_none(framework: Framework, item: Item) -> None:
    assert set(item.checks) <= set(CHECK_IDS)
    assert set(item.account_checks) <= ACCOUNT_CHECKS
    assert item.checks or item.account_checks or item.note
    assert item.title
    assert len(set(item.checks)) == len(item.checks)
    assert not item.note or item.note.endswith(".")


@pytest.mark.parametrize("framework", frameworks().values(), ids=lambda each: each.id)
def test_a_framework_names_each_item_once(framework: Framework) -> None:
    ids = [item.id for item in framework.items]
    assert sorted(set(ids)) == sorted(ids)
    assert re.fullmatch(r"[a-z0-9.-]+", framework.id)
    assert framework.url.startswith("https://")


def test_every_control_of_security_hub_is_there_with_its_check() -> None:
    expected = {name: {check} for name, (check, _) in SECURITY_HUB.items()}
    assert answering("aws-security-hub") == expected
    assert answering("aws-fsbp-1.0.0") == {name: expected[name] for name in FOUNDATIONAL}


def test_a_check_is_as_severe_as_in_security_hub() -> None:
    ours = {
        name: BY_ID[check].check.severity.value for name, (check, _) in SECURITY_HUB.items() if check in set(CHECK_IDS)
    }
    assert ours == {name: severity for name, (_, severity) in SECURITY_HUB.items() if name in ours}


@pytest.mark.parametrize("framework", ["cis-aws-3.0.0", "cis-aws-5.0.0"])
def test_every_recommendation_of_cis_is_there(framework: str) -> None:
    assert answering(framework) == CIS_5


def test_every_recommendation_of_cis_7_is_there() -> None:
    assert answering("cis-aws-7.0.0") == CIS_7


@pytest.mark.parametrize(
    ("framework", "controls"),
    [("nist-800-53-r5", NIST_800_53), ("nist-800-171-r2", NIST_800_171), ("pci-dss-4.0.1", PCI_DSS)],
    ids=["nist-800-53-r5", "nist-800-171-r2", "pci-dss-4.0.1"],
)
def test_requirements_have_the_checks_of_the_controls_that_are_related_to_them(
    framework: str, controls: Mapping[tuple[str, ...], str]
) -> None:
    assert answering(framework) == related(controls)


@pytest.mark.parametrize("framework", SCANNERS)
def test_every_check_of_a_scanner_is_there(framework: str) -> None:
    found = {item.id for item in frameworks()[framework].items if not item.id.startswith("value: ")}
    assert found == set(SCANNERS[framework].split())


def test_standards_are_what_one_complies_with() -> None:
    assert [each.id for each in standards()] == [
        "aws-fsbp-1.0.0",
        "cis-aws-3.0.0",
        "cis-aws-5.0.0",
        "cis-aws-7.0.0",
        "nist-800-171-r2",
        "nist-800-53-r5",
        "pci-dss-4.0.1",
    ]
    assert {each.id for each in frameworks().values() if each.kind is Kind.SCANNER} == {
        "aws-config",
        "aws-security-hub",
        "checkov",
        "cloud-custodian",
        "prowler",
        "steampipe",
    }


def test_every_check_stands_in_a_framework_or_is_ours_for_a_reason() -> None:
    assert {check for check in CHECK_IDS if not items_of(check)} == set(OURS)


def test_every_check_of_the_account_stands_in_a_framework() -> None:
    assert {check for check in ACCOUNT_CHECKS if items_of(check)} == ACCOUNT_CHECKS


def test_a_check_is_found_in_all_its_items() -> None:
    found = {(framework.id, item.id) for framework, item in items_of("mfa-delete-enabled")}
    assert {("aws-security-hub", "S3.20"), ("cis-aws-5.0.0", "2.1.2"), ("cis-aws-7.0.0", "3.1.2")} <= found
    assert items_of("no-such-check") == ()


F, U, E, P, N = Result.FAIL, Result.UNKNOWN, Result.EXCEPTED, Result.PASS, Result.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([], U),
        ([P], P),
        ([N], N),
        ([P, N], P),
        ([N, E], E),
        ([P, E], E),
        ([P, U], U),
        ([E, U], U),
        ([U, F], F),
        ([P, N, E, U, F], F),
    ],
)
def test_an_item_is_as_bad_as_its_worst_check(results: list[Result], expected: Result) -> None:
    assert worst(results) is expected
    assert worst(reversed(results)) is expected
