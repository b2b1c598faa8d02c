from __future__ import annotations

import sys

try:
    from tukro.cli.main import main

    code = main(sys.argv[1:])
except KeyboardInterrupt:  # while it is being loaded
    code = 130
sys.exit(code)
