"""`python -m plainchant.cli`."""

from . import main

main()
