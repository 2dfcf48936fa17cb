"""What auditors ask of an account and not of one bucket: its documents, and the checks on them.

Pure, like the rest: a document says what to ask AWS, and the verdicts are made from the answers alone.
"""

from typing import Any

from securebucket.compliance.account.access_points import AccessPointsDocument
from securebucket.compliance.account.account_document import AccountDocument
from securebucket.compliance.account.bucket_list import BucketListDocument
from securebucket.compliance.account.directory_buckets import DirectoryBucketsDocument
from securebucket.compliance.account.multi_region_access_points import MultiRegionAccessPointsDocument
from securebucket.compliance.account.policy_alarms import PolicyAlarmsDocument
from securebucket.compliance.account.public_access_block import AccountBlockDocument
from securebucket.compliance.account.regional_services import (
    AccessAnalysisDocument,
    AutomatedDiscoveryDocument,
    DataDiscoveryDocument,
    ThreatDetectionDocument,
)
from securebucket.compliance.account.trail_buckets import TrailBucketsDocument
from securebucket.compliance.account.trails import TrailsDocument

ACCOUNT_DOCUMENTS: tuple[AccountDocument[Any], ...] = (
    BucketListDocument(),  # first: it says in which regions the others are looked at
    AccountBlockDocument(),
    TrailsDocument(),
    TrailBucketsDocument(),
    PolicyAlarmsDocument(),
    ThreatDetectionDocument(),
    AccessAnalysisDocument(),
    DataDiscoveryDocument(),
    AutomatedDiscoveryDocument(),
    MultiRegionAccessPointsDocument(),
    DirectoryBucketsDocument(),
    AccessPointsDocument(),  # last: there may be thousands, and a round has an end
)
