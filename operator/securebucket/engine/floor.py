"""The floor of a profile: what no bucket may go below. Pure."""

from typing import Any

from securebucket.api.bucket_profile import Floor
from securebucket.api.spec import SecureBucketSpec
from securebucket.controls import CONTROLS
from securebucket.model.failure import Failure


def below_floor(spec: SecureBucketSpec, profile: str, floor: Floor) -> Failure | None:
    """Refuse a spec that asks for less than the floor of its profile; the failure names the field."""
    for control in CONTROLS:
        impossible = control.impossible.get(spec.role, ())
        for term in control.floor_terms(spec, floor):
            if term.field in impossible:
                continue
            if not term.met:
                return _below(spec, profile, ".".join((control.name, *filter(None, [term.field]))), term.demand)
            if control.name in spec.unmanaged:
                return Failure(
                    "BelowFloor",
                    f"spec.unmanaged: profile {profile} has a floor for {control.name}; take {control.name} out of the"
                    " list.",
                )
    if floor.managed and spec.unmanaged:
        return _below(spec, profile, "unmanaged", "it must be empty")
    return None


def _below(spec: SecureBucketSpec, profile: str, field: str, demand: str) -> Failure:
    # Else whoever wrote nothing would look for a fault in what they wrote.
    unsaid = "" if _is_written(spec, field) else " Set it in the object, or in the profile's defaults."
    return Failure("BelowFloor", f"spec.{field} is below the floor of profile {profile}: {demand}.{unsaid}")


def _is_written(spec: SecureBucketSpec, path: str) -> bool:
    """Tell whether the object or the profile's defaults say something about a field."""
    written: Any = spec.model_dump(by_alias=True, exclude_unset=True)
    for name in path.split("."):
        if name not in written:
            return False
        written = written[name]
    return True
