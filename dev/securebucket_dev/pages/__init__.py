"""Pages of the documentation as a list of steps that can be run; pure."""
