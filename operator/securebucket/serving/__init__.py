"""The HTTP servers' common ground: health, metrics and the report stand on it."""
