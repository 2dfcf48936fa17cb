"""Objects that the API takes for what their policy asks of networks, factors and AWS services."""

from tests.api.bodies import ACCOUNT, Body, secure_bucket

DISTRIBUTION = f"arn:aws:cloudfront::{ACCOUNT}:distribution/EDFDVBD6EXAMPLE"
DETECTOR = f"arn:aws:guardduty:me-south-1:{ACCOUNT}:detector/12abc34d567e8fa901bc2d34"

ACCEPTED_SERVICES: dict[str, Body] = {
    "a policy with the refusals of 0.2.0": secure_bucket(
        {
            "policy": {
                "requireConditionalWrites": "IfNoneMatchOrIfMatch",
                "requireRecentMfa": {"maxAge": "1h30m", "prefix": "taxes/"},
                "requireResourceOrganization": "o-exampleorgid",
                "allowedVpcEndpoints": ["vpce-0a"],
                "allowedVpcSourceCidrs": ["10.0.0.0/8", "fd00::/8"],
                "allowedSourceOrganizations": ["o-exampleorgid"],
                "allowedSourceAccounts": [ACCOUNT],
            }
        }
    ),
    "a policy with no private addresses": secure_bucket({"policy": {"allowedVpcSourceCidrs": []}}),
    "a policy with all services, and all that they can be told": secure_bucket(
        {
            "policy": {
                "allowServices": [
                    {
                        "cloudTrail": {
                            "trails": [f"arn:aws-cn:cloudtrail:cn-north-1:{ACCOUNT}:trail/audit"],
                            "organization": "o-exampleorgid",
                            "prefix": "trails/all",
                        }
                    },
                    {"elasticLoadBalancing": {"accounts": [ACCOUNT], "prefix": "balancers"}},
                    {"vpcFlowLogs": {"accounts": [ACCOUNT], "regions": ["eu-west-1"], "prefix": "flows"}},
                    {"config": {"accounts": [ACCOUNT], "prefix": "config"}},
                    {"cloudFront": {"distributions": [DISTRIBUTION], "prefix": "site"}},
                    {"inventory": {"sources": ["acme-orders"], "accounts": [ACCOUNT], "prefix": "reports"}},
                    {"guardDuty": {"detectors": [DETECTOR], "optInRegions": True, "prefix": "findings"}},
                ]
            },
        }
    ),
    "a log target with services, and what they have to be told": secure_bucket(
        {
            "role": "LogTarget",
            "policy": {
                "allowServices": [
                    {"elasticLoadBalancing": {}},
                    {"vpcFlowLogs": {}},
                    {"config": {"prefix": ""}},
                    {"cloudFront": {"distributions": [DISTRIBUTION]}},
                    {"inventory": {"sources": ["acme-orders"]}},
                    {"guardDuty": {"detectors": [DETECTOR]}},
                ]
            },
        }
    ),
}
