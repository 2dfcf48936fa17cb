"""Names of regions as servers and files tell them."""


def region_of(told: object) -> str:
    """Give the region that a server tells; empty where it tells none, or what can be no region's name.

    The name becomes a part of a host name, so it has letters, digits and hyphens only: `evil.example/#` has not.
    """
    name = str(told or "")
    fits = len(name) <= 63 and name.isascii() and name.replace("-", "").isalnum() and name.strip("-") == name
    return name if fits else ""
