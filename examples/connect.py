"""A client whose server is not there: nobody listens on port 1 of this machine."""

import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
    try:
        client.connect(("127.0.0.1", 1))
    except ConnectionRefusedError as refused:
        sys.exit(f"connect: {refused.strerror}")
