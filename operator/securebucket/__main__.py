"""`python -m securebucket` is the console script `securebucket`."""

from securebucket.cli import main

main()
