"""Ontvangt berichten van een webhook: GEHEIM=whsec_… python3 receive_webhook.py 9000

Wat klopt, komt één keer op de uitvoer, als één regel JSON. Wat niet van het knelpuntenstelsel komt, krijgt 400. Zet in
productie een server met https ervoor, en bewaar welke berichten u al had.
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from client import is_ours

LARGEST = 64 * 1024
seen: set[str] = set()


class Receiver(BaseHTTPRequestHandler):
    """Answers with 204 to each message that is right; the same message may come again."""

    def do_POST(self) -> None:
        """Check the signature over the bytes as they came, and only then look at what they say."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, LARGEST))
        if not is_ours(os.environ["GEHEIM"], dict(self.headers), body):
            self.send_error(400)
            return
        if self.headers["webhook-id"] not in seen:
            seen.add(self.headers["webhook-id"])
            print(body.decode(), flush=True)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: the output is for the messages."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
