"""The audit report: one document of verdicts and their evidence, and how it is written down. Pure."""
