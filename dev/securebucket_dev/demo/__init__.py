"""The main job on a fresh machine: YAML in, secured bucket out, tampering found and put right, metrics to alert on."""
