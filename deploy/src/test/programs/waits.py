"""Processes that each wait in a way of their own. Prints "NAME PID" for each, then "ready"; all die with it."""

import ctypes
import os
import select
import signal
import socket
import subprocess
import threading
import time

libc = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
CLONE_NEWNET = 0x40000000


def fork(body):
    pid = os.fork()
    if pid == 0:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        try:
            body()
        finally:
            os._exit(0)
    return pid


def start(name, body):
    print(name, fork(body), flush=True)


def pipes_in_a_ring():
    """Two processes, each reading what only the other could write."""
    ours, theirs = os.pipe(), os.pipe()

    def reader(mine, other):
        os.close(mine[1])
        os.close(other[0])
        os.read(mine[0], 1)

    start("ring-a", lambda: reader(ours, theirs))
    start("ring-b", lambda: reader(theirs, ours))
    for end in ours + theirs:
        os.close(end)


def mutexes_crosswise():
    first, second = ctypes.create_string_buffer(64), ctypes.create_string_buffer(64)
    both = threading.Barrier(2)

    def cross(mine, other):
        libc.pthread_mutex_lock(mine)
        both.wait()
        libc.pthread_mutex_lock(other)

    threading.Thread(target=cross, args=(first, second), daemon=True).start()
    cross(second, first)


def wait_for_child():
    os.waitpid(fork(signal.pause), 0)


def idle_server():
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    events = select.epoll()
    events.register(server, select.EPOLLIN)
    events.poll()


def connect_into_a_black_hole():
    """In a network of its own, whose packets to the address come back and are dropped. Tried for hours."""
    libc.unshare(CLONE_NEWNET)
    subprocess.run("ip link set lo up && ip route add 10.9.9.0/24 dev lo", shell=True, check=True)
    connection = socket.socket()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 127)
    connection.connect(("10.9.9.9", 80))


def receive_from_a_silent_peer():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    ours = socket.create_connection(listener.getsockname())
    theirs, _ = listener.accept()
    listener.close()

    def silent():
        ours.close()
        signal.pause()

    fork(silent)
    theirs.close()
    ours.recv(1)


def unix_sockets_in_a_ring():
    ours, theirs = socket.socketpair()

    def other():
        ours.close()
        theirs.recv(1)

    fork(other)
    theirs.close()
    ours.recv(1)


pipes_in_a_ring()
start("mutexes", mutexes_crosswise)
start("child", wait_for_child)
start("server", idle_server)
start("connect", connect_into_a_black_hole)
start("peer", receive_from_a_silent_peer)
start("unix", unix_sockets_in_a_ring)
start("sleep", lambda: time.sleep(1000))
print("ready", flush=True)
signal.pause()
