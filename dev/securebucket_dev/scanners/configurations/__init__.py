"""Every configuration that we and the scanners are asked about."""

from securebucket_dev.scanners.configuration import Configuration
from securebucket_dev.scanners.configurations.acls import ACLS
from securebucket_dev.scanners.configurations.blocks import ACCOUNT_BLOCKS, BLOCKS
from securebucket_dev.scanners.configurations.data_protection import ENCRYPTION, OBJECT_LOCK, VERSIONING
from securebucket_dev.scanners.configurations.grants import GRANTS
from securebucket_dev.scanners.configurations.operations import LIFECYCLE, LOGGING, NOTIFICATIONS, REPLICATION, TAGS
from securebucket_dev.scanners.configurations.public_policies import PUBLIC_POLICIES
from securebucket_dev.scanners.configurations.tls import TLS

CONFIGURATIONS: tuple[Configuration, ...] = (
    *BLOCKS,
    *ACCOUNT_BLOCKS,
    *TLS,
    *PUBLIC_POLICIES,
    *GRANTS,
    *ACLS,
    *ENCRYPTION,
    *VERSIONING,
    *OBJECT_LOCK,
    *LIFECYCLE,
    *REPLICATION,
    *LOGGING,
    *NOTIFICATIONS,
    *TAGS,
)
