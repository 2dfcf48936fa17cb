"""The main job on a fresh machine: YAML in, secured bucket out, tampering found and corrected, metrics to alert on."""
