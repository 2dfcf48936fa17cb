"""What Prometheus sees: counters where things happen, and one snapshot of the fleet for everything about objects."""
