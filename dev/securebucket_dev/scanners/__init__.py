"""Independent scanners on the same buckets: what Prowler and Cloud Custodian say, beside what we say."""
