"""`python -m bot` is the `hotline` command."""

import sys

from bot.cli import main

sys.exit(main())
