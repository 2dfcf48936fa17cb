"""Changes that AWS reports: from messages of a queue to objects that are due."""
