"""Records of objects, differing from the usual one only in what is named."""

from typing import Any

from securebucket.metrics.fleet import Sighting


def sighting(**options: Any) -> Sighting:
    """Give an object in order."""
    return Sighting(
        **{
            "bucket": "acme-invoices",
            "account": "111122223333",
            "region": "eu-central-1",
            "profile": "standard",
            "mode": "Enforce",
            "conditions": {"Ready": 1.0, "InSync": 1.0, "Compliant": 1.0},
            "drifted": (),
            "verdicts": (("tls-required", "medium", "pass"),),
            "verified_at": 1780315200.0,
            **options,
        }
    )
