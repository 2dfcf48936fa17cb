"""How far an S3 server is from AWS: probes whose docstrings say what AWS does, and what a server makes of it.

`python -m securebucket_dev.s3.fidelity` prints LocalStack and moto side by side.
"""
