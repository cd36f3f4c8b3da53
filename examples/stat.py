"""Asks for the metadata of files, some of which may not be there: python3 stat.py PATH..."""

import os
import sys

for path in sys.argv[1:] or ["/etc/hostname", "/no/such/file"]:
    try:
        print(f"{path}: {os.stat(path).st_size} bytes")
    except FileNotFoundError as missing:
        print(f"{path}: {missing.strerror}")
