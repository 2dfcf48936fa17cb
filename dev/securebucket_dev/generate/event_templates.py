"""The CloudFormation templates of `deploy/events`: what sends CloudTrail's events to the operator's queue."""

from securebucket.aws.cloud_trail_event import DETAIL_TYPE, SOURCE
from securebucket.controls.event_names import NAMES

LONGEST_PATTERN = 2048
"""Characters of an event pattern, https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"""


def pattern(indent: int) -> str:
    """Write the pattern of the rules: successful calls that change what a control reads."""
    lines = [
        f"source: [{SOURCE}]",
        f"detail-type: [{DETAIL_TYPE}]",
        "detail:",
        "  eventSource: [s3.amazonaws.com]",
        "  errorCode: [{exists: false}]",
        "  eventName:",
        *(f"    - {name}" for name in NAMES),
    ]
    return "\n".join(f"{' ' * indent}{line}" for line in lines)


NOTICE = "# made by make generate; edit dev/securebucket_dev/generate/event_templates.py instead\n"


def queue_template() -> str:
    """Write the template for the region and the account of the queue."""
    return f"""{NOTICE}AWSTemplateFormatVersion: "2010-09-09"
Description: >-
  SecureBucket: the queue that reports changes to buckets to the operator. Needs a trail of CloudTrail with management
  events. For the buckets of other regions and accounts deploy event-forwarding.yaml there.

Parameters:
  ForwardingAccounts:
    Type: CommaDelimitedList
    Default: ""
    Description: Other accounts that may send to the bus; empty for none.
  ForwardingOrganization:
    Type: String
    Default: ""
    AllowedPattern: ^(o-[a-z0-9]{{10,32}})?$
    Description: Organization whose accounts may send to the bus; empty for none.

Conditions:
  HasAccounts: !Not [!Equals [!Join ["", !Ref ForwardingAccounts], ""]]
  HasOrganization: !Not [!Equals [!Ref ForwardingOrganization, ""]]

Resources:
  # Messages that were received five times and never deleted. Nothing is lost: every bucket is verified at its interval.
  DeadLetterQueue:
    Type: AWS::SQS::Queue
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties:
      SqsManagedSseEnabled: true
      MessageRetentionPeriod: 1209600

  Queue:
    Type: AWS::SQS::Queue
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties:
      SqsManagedSseEnabled: true
      MessageRetentionPeriod: 86400
      VisibilityTimeout: 60
      ReceiveMessageWaitTimeSeconds: 10
      RedrivePolicy:
        deadLetterTargetArn: !GetAtt DeadLetterQueue.Arn
        maxReceiveCount: 5

  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: OnlyTheRulesSend
            Effect: Allow
            Principal: {{Service: events.amazonaws.com}}
            Action: sqs:SendMessage
            Resource: !GetAtt Queue.Arn
            Condition:
              ArnEquals:
                aws:SourceArn: [!GetAtt Rule.Arn, !GetAtt BusRule.Arn]
          - Sid: OnlyWithTls
            Effect: Deny
            Principal: "*"
            Action: sqs:*
            Resource: !GetAtt Queue.Arn
            Condition:
              Bool: {{aws:SecureTransport: "false"}}

  DeadLetterQueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref DeadLetterQueue]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: OnlyWithTls
            Effect: Deny
            Principal: "*"
            Action: sqs:*
            Resource: !GetAtt DeadLetterQueue.Arn
            Condition:
              Bool: {{aws:SecureTransport: "false"}}

  # AWS's own events arrive at the default bus of each region.
  Rule:
    Type: AWS::Events::Rule
    Properties:
      Description: Changes of S3 buckets of this region, to SecureBucket
      State: ENABLED
      EventPattern:
{pattern(8)}
      Targets:
        - Id: Queue
          Arn: !GetAtt Queue.Arn

  # Other regions send here as this account, other accounts as far as they are named.
  Bus:
    Type: AWS::Events::EventBus
    Properties:
      Name: !Ref AWS::StackName

  BusOfAccounts:
    Type: AWS::Events::EventBusPolicy
    Condition: HasAccounts
    Properties:
      EventBusName: !GetAtt Bus.Name
      StatementId: Accounts
      Statement:
        Effect: Allow
        Principal: {{AWS: !Ref ForwardingAccounts}}
        Action: events:PutEvents
        Resource: !GetAtt Bus.Arn

  BusOfOrganization:
    Type: AWS::Events::EventBusPolicy
    Condition: HasOrganization
    Properties:
      EventBusName: !GetAtt Bus.Name
      StatementId: Organization
      Statement:
        Effect: Allow
        Principal: "*"
        Action: events:PutEvents
        Resource: !GetAtt Bus.Arn
        Condition:
          StringEquals: {{aws:PrincipalOrgID: !Ref ForwardingOrganization}}

  BusRule:
    Type: AWS::Events::Rule
    Properties:
      Description: Changes of S3 buckets of other regions and accounts, to SecureBucket
      State: ENABLED
      EventBusName: !GetAtt Bus.Name
      EventPattern:
{pattern(8)}
      Targets:
        - Id: Queue
          Arn: !GetAtt Queue.Arn

Outputs:
  QueueUrl:
    Description: For securebucket run --event-queue, and aws.eventQueueUrl of the chart.
    Value: !Ref Queue
  QueueArn:
    Description: For securebucket iam-policy --event-queue.
    Value: !GetAtt Queue.Arn
  EventBusArn:
    Description: For event-forwarding.yaml.
    Value: !GetAtt Bus.Arn
"""


def forwarding_template() -> str:
    """Write the template for every other region and account that has buckets."""
    return f"""{NOTICE}AWSTemplateFormatVersion: "2010-09-09"
Description: >-
  SecureBucket: sends the changes of buckets of this region and account to the bus of event-queue.yaml. Needs a trail of
  CloudTrail with management events.

Parameters:
  EventBusArn:
    Type: String
    AllowedPattern: ^arn:aws[a-z-]*:events:[a-z0-9-]+:[0-9]{{12}}:event-bus/.+$
    Description: Output EventBusArn of event-queue.yaml.

Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties:
      Description: Changes of S3 buckets, to the bus of SecureBucket
      State: ENABLED
      EventPattern:
{pattern(8)}
      Targets:
        - Id: Bus
          Arn: !Ref EventBusArn
          RoleArn: !GetAtt Role.Arn

  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {{Service: events.amazonaws.com}}
            Action: sts:AssumeRole
            Condition:
              StringEquals: {{aws:SourceAccount: !Ref AWS::AccountId}}
      Policies:
        - PolicyName: send-to-the-bus
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: events:PutEvents
                Resource: !Ref EventBusArn
"""
