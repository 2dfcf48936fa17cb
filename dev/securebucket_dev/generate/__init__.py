"""Writes everything in the repository that is made from code: CRDs, IAM policies, alerts, a dashboard, reference."""
