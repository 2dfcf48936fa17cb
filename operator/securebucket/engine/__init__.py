"""One pass for one bucket: observe, plan, permit, apply, read back. The same engine serves the operator and the CLI."""
