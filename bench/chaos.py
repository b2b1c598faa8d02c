"""Kill the house's processes while many work: see tests/chaos/run.py, which also runs, shorter, with the tests."""

from __future__ import annotations

import sys

from tests.chaos.run import main

if __name__ == "__main__":
    sys.exit(main())
