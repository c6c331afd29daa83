"""A web site on loopback: paths to bodies, with every request written down."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """``pages`` maps a path to a body, or to (status, body)."""

    pages: Mapping[str, str | tuple[int, str]]
    origin: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def web_site(pages: Mapping[str, str | tuple[int, str]]) -> Iterator[Site]:
    """Serve ``pages`` until the block ends; what is not among them is 404."""
    site = Site(pages)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            found = site.pages.get(self.path, (404, "no such page"))
            status, body = found if isinstance(found, tuple) else (200, found)
            data = body.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.origin = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
