"""Block Public Access of the account.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html
"""

from securebucket.compliance.account.account_document import AccountCheck, AccountDocument, AccountPlace
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.public_access_block import PublicAccessBlock
from securebucket.model.verdict import Severity, Verdict, failed, passed


def judge_blocked(state: PublicAccessBlock) -> Verdict:
    """Pass when all four flags are on."""
    if state.off:
        return failed(f"the account's {', '.join(state.off)} off")
    return passed("all four public access blocks of the account are on")


class AccountBlockDocument(AccountDocument[PublicAccessBlock]):
    """The four flags that hold for every bucket of the account."""

    name = "accountPublicAccessBlock"
    title = "Block Public Access of the account"
    actions = ("s3:GetAccountPublicAccessBlock",)
    checks = (
        AccountCheck(
            id="account-public-access-blocked",
            title="Block Public Access is on for the account",
            severity=Severity.MEDIUM,
            rationale="A bucket or an access point that somebody makes later can be public.",
            remediation="Turn all four settings on in the S3 console, or with aws s3control put-public-access-block.",
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-1",
            ),
            judge=judge_blocked,
        ),
    )

    def observe(self, place: AccountPlace) -> Flow[PublicAccessBlock | Failure]:
        """Read the flags."""
        answer = yield Read(
            "get_public_access_block",
            service="s3control",
            region=place.home,
            parameters={"AccountId": place.account_id},
            absent=frozenset({"NoSuchPublicAccessBlockConfiguration"}),
            required="PublicAccessBlockConfiguration",
        )
        return PublicAccessBlock.of((answer or {}).get("PublicAccessBlockConfiguration"))
