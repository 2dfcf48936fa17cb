"""What a pass costs: S3 calls, CPU, memory, beside a bare boto3 loop that makes the same GETs in the same run."""
