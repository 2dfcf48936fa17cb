"""The templates of `deploy/events`, deployed by a server's CloudFormation, and events put onto its bus."""

import json
from pathlib import Path
from typing import Any

from tests.aws.trail_events import Body

from securebucket_dev.s3.bare import client

FOLDER = Path(__file__).parents[2] / "deploy" / "events"
REGION = "eu-west-1"


def deploy(
    endpoint: str, template: str, region: str = REGION, stack: str = "securebucket-events", **parameters: str
) -> Body:
    """Deploy a template, and give its outputs."""
    formation = client(endpoint, "cloudformation", region)
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
    formation.create_stack(
        StackName=stack,
        TemplateBody=(FOLDER / template).read_text(),
        Parameters=given,
        Capabilities=["CAPABILITY_IAM"],
    )
    formation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    (found,) = formation.describe_stacks(StackName=stack)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", ())}


def tell(endpoint: str, *details: Body, region: str = REGION, source: str = "aws.s3") -> None:
    """Put events onto the default bus as CloudTrail would; AWS itself lets nobody else use the source."""
    entries: list[Any] = [
        {"Source": source, "DetailType": "AWS API Call via CloudTrail", "Detail": json.dumps(each)} for each in details
    ]
    assert client(endpoint, "events", region).put_events(Entries=entries)["FailedEntryCount"] == 0
