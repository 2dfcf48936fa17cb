"""The operator process: it puts the parts together, elects a leader, makes passes of objects, and ends in order."""
