"""Archives of Intelligent-Tiering: when objects go where they can be read only hours after somebody asks for them.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketIntelligentTieringConfiguration.html
"""

from typing import Any

from securebucket.api.intelligent_tiering import IntelligentTiering
from securebucket.controls.configuration_list import ConfigurationList, Entry
from securebucket.model.call import Permissions


class IntelligentTieringControl(ConfigurationList):
    """Keeps the declared archives, and says what becomes of the others."""

    name = "intelligentTiering"
    kind = "intelligent_tiering"
    block = IntelligentTiering
    read_in_turn = True
    permissions = Permissions(
        read=("s3:GetIntelligentTieringConfiguration",), write=("s3:PutIntelligentTieringConfiguration",)
    )
    written_by = ("PutBucketIntelligentTieringConfiguration", "DeleteBucketIntelligentTieringConfiguration")

    def canonical(self, entry: Entry) -> dict[str, Any]:
        """Give a configuration in one form: the order of its archives means nothing."""
        canonical = super().canonical(entry)
        tierings = sorted(canonical.get("Tierings", ()), key=lambda each: str(each.get("AccessTier")))
        return canonical | {"Tierings": tierings}
