"""The auditor's report: verdicts and their evidence as one document, and every form it is written in. Pure."""
