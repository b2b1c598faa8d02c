"""Kill the house's processes while many work: tests/chaos/run.py, which runs, shorter, with the tests too."""

from __future__ import annotations

import sys

from tests.chaos.run import main

if __name__ == "__main__":
    sys.exit(main())
