"""Where a page under test fetches axe-core from: a server that has nothing else."""

from __future__ import annotations

import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"


@cache
def axe_address() -> str:
    """Served from the first call to the end of the process."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Axe)
    threading.Thread(target=server.serve_forever, daemon=True, name="axe").start()
    return f"http://127.0.0.1:{server.server_port}/axe.js"


class _Axe(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.send_header("Content-Length", str(AXE.stat().st_size))
        self.send_header("Cache-Control", "max-age=3600")
        self.send_header("Cross-Origin-Resource-Policy", "cross-origin")
        self.end_headers()
        self.wfile.write(AXE.read_bytes())

    def log_message(self, *_: object) -> None:
        """Tests have their own words."""
