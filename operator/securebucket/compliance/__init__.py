"""What auditors ask of a bucket: the catalogue of checks, the frameworks they stand in, exceptions, and the verdicts.

All of it is pure: the same observation gives the same verdicts, today and in a year.
"""
