"""What the running operator reports of the fleet: registers of the passes, and who serves and writes reports."""
