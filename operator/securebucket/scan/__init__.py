"""Whole accounts without a cluster: every bucket read and judged, compared with before, and written as objects."""
