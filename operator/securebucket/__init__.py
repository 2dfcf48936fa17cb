"""SecureBucket: one small YAML makes one S3 bucket safe, and keeps it safe."""

__version__ = "0.2.0"
