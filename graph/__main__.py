"""`python -m graph` is the command `threefold`."""

from graph.cli import main

main()
