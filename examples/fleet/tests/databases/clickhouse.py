"""ClickHouse, as the library chdb, behind as much of its HTTP interface as a collector uses. On this machine only.

Prints its port, and ends with its standard input. The arguments are files of SQL that make the schema.
"""

import http.server
import os
import sys
import tempfile
import threading
from urllib.parse import parse_qs, urlparse

import chdb.session

session = chdb.session.Session()
lock = threading.Lock()


def statements(path):
    with open(path) as file:
        return [statement for statement in file.read().split(";\n") if statement.strip()]


def insert(query, rows):
    """The library reads no rows from a request, but from a file. RowBinary does not say its types: the table does."""
    target, columns = query[len("INSERT INTO ") : query.index(")")].split("(")
    table = target.strip().removeprefix("fleet.")
    described = session.query(f"SELECT name, type FROM system.columns WHERE database = 'fleet' AND table = '{table}'", "TSV")
    types = dict(line.split("\t") for line in described.bytes().decode().replace("\\'", "'").splitlines())
    names = [name.strip(" `") for name in columns.split(",")]
    structure = ", ".join(f"`{name}` {types[name]}" for name in names).replace("'", "\\'")
    with tempfile.NamedTemporaryFile() as file:
        file.write(rows)
        file.flush()
        session.query(f"INSERT INTO fleet.{table} ({columns}) SELECT * FROM file('{file.name}', 'RowBinary', '{structure}')")
    return b""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body(self):
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def do_POST(self):
        body = self.body()
        query = parse_qs(urlparse(self.path).query).get("query", [""])[0]
        try:
            with lock:
                status, answer = 200, insert(query, body) if query else session.query(body.decode(), "JSONEachRow").bytes()
        except Exception as error:
            status, answer = 500, str(error).encode()
        try:
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
        except ConnectionError:
            # A collector does not wait for ever. It sends the same again.
            self.close_connection = True

    def log_message(self, *_):
        pass


for path in sys.argv[1:]:
    for statement in statements(path):
        session.query(statement)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
# What it has stored is in a folder of its own, which is removed. Without it, the library would wait for its threads.
session.cleanup()
os._exit(0)
