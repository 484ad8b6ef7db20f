"""``python -m experiments`` is ``iom``."""

from experiments.command_line import main

main()
