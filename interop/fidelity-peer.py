#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The phone or the server of interop/fidelity, on an MPTCP socket of the kernel.

The server sends without end. The phone notes when it reads how much: a line "SECONDS BYTES" for
each read, counted from its connect().
"""
import argparse
import socket
import time

IPPROTO_MPTCP = 262
PORT = 5001
# The stream is this block, again and again; 251 is a prime, so that no shift of the stream by whole
# segments leaves it as it is.
BLOCK = bytes(range(251)) * 256


# Of <asm-generic/socket.h>: beyond net.core.wmem_max and rmem_max, too.
SO_SNDBUFFORCE, SO_RCVBUFFORCE = 32, 33


def make_socket(size, congestion):
    """An MPTCP socket whose subflows inherit its buffers of a fixed size and congestion control.

    What a namespace may set for all its sockets is only what anybody may use.
    """
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP)
    # The kernel doubles them for what it keeps beside the bytes. Of the receive buffer there is
    # enough for two subflows' send buffers, so that nothing is ever dropped for want of it.
    made.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, size // 2)
    made.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 2 * size)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, congestion.encode())
    return made


def serve(address, size, congestion):
    listener = make_socket(size, congestion)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, PORT))
    listener.listen()
    print("ready", flush=True)
    connection, _ = listener.accept()
    try:
        while True:
            connection.sendall(BLOCK)
    except OSError:
        # The phone has had enough.
        connection.close()


def load(local, remote, buffer_size, congestion, duration, log):
    phone = make_socket(buffer_size, congestion)
    phone.bind((local, 0))
    expected = BLOCK * 6
    buffer = bytearray(len(BLOCK) * 4)
    view = memoryview(buffer)
    received = 0
    reads = []
    begin = time.monotonic()
    print("begin %.6f" % begin, flush=True)
    phone.connect((remote, PORT))
    while (left := begin + duration - time.monotonic()) > 0:
        phone.settimeout(left)
        try:
            size = phone.recv_into(buffer)
        except socket.timeout:
            break
        if size == 0:
            break
        reads.append((time.monotonic() - begin, size))
        offset = received % len(BLOCK)
        if view[:size] != memoryview(expected)[offset:offset + size]:
            raise SystemExit("byte %d and those after it are not those that were sent" % received)
        received += size
    with open(log, "w", encoding="ascii") as file:
        file.writelines("%.6f %d\n" % read for read in reads)
    print("received %d" % received, flush=True)
    phone.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=["phone", "server"])
    parser.add_argument("--local", required=True, help="address")
    parser.add_argument("--remote", help="address of the server")
    parser.add_argument("--buffer", type=int, required=True, help="bytes that wait for the peer")
    parser.add_argument("--congestion", required=True, help="the kernel's name of it")
    parser.add_argument("--duration", type=float, default=30, help="seconds")
    parser.add_argument("--log", help="file of the phone's reads")
    options = parser.parse_args()
    if options.role == "server":
        serve(options.local, options.buffer, options.congestion)
    else:
        load(options.local, options.remote, options.buffer, options.congestion, options.duration,
             options.log)


if __name__ == "__main__":
    main()
