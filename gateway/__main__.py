"""`python -m gateway` is the `dragoman` command."""

from __future__ import annotations

import sys

from gateway.cli import main

sys.exit(main())
