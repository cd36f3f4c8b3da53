"""A small HTTP API on loopback, to be watched while it answers: python3 api.py [PORT]

GET /health and GET /notes answer JSON, POST /notes keeps its body. Port 0, the default, takes a free one;
the first line on stdout says which.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

notes = []


class Api(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            self.answer(200, {"status": "ok"})
        elif self.path == "/notes":
            self.answer(200, notes)
        else:
            self.answer(404, {"error": f"no such path: {self.path}"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        notes.append(body.decode("utf-8", "replace"))
        self.answer(201, {"notes": len(notes)})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Silent: the trace is what shows the requests."""


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Api)
print(f"listening on 127.0.0.1:{server.server_address[1]}", flush=True)
try:
    server.serve_forever()
except KeyboardInterrupt:
    pass
