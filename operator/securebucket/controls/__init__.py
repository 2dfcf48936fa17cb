"""The registry: every control, in the order in which changes are applied, each constraint with its reason."""

from typing import Any

from securebucket.controls.encryption import EncryptionControl
from securebucket.controls.public_access_block import PublicAccessBlockControl
from securebucket.model.control import Control

CONTROLS: tuple[Control[Any], ...] = (
    PublicAccessBlockControl(),  # first: nothing public can slip in while the rest is put right
    EncryptionControl(),
)
