"""Bucket policies as values: how they are compared, built, judged and refused.

Nothing here does I/O. Functions that judge take statements in canonical form (`canonical.py`).
"""
