"""Reads a file from three places, so that a trace shows how a program finds its way in it."""

import os
import sys

path = sys.argv[1] if len(sys.argv) > 1 else __file__
file = os.open(path, os.O_RDONLY)
size = os.lseek(file, 0, os.SEEK_END)
for offset, whence in ((0, os.SEEK_SET), (10, os.SEEK_CUR), (-8, os.SEEK_END)):
    position = os.lseek(file, offset, whence)
    print(f"at {position} of {size}: {os.read(file, 8)!r}")
os.close(file)
