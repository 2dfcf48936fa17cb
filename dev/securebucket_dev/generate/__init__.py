"""Writes everything in the repository that is made from code: CRDs, IAM policies, alerts, dashboard, reference pages."""
