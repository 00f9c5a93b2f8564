#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""One end of a byte stream on a socket of the kernel, for interop/run.

Sends the bytes that ns3::ByteStreamApplication expects, checks those that arrive, and prints what
happened as one line of JSON.
"""
import argparse
import errno
import hashlib
import json
import socket
import struct
import threading
import time

IPPROTO_MPTCP = 262
SOL_MPTCP, MPTCP_INFO = 284, 1
MASK = (1 << 64) - 1


def stream(first, groups):
    """The stream's bytes of some groups of eight."""
    out = bytearray()
    for index in range(first, first + groups):
        mixed = (index + 1) * 0x9E3779B97F4A7C15 & MASK
        mixed = (mixed ^ (mixed >> 31)) * 0xD1342543DE82EF95 & MASK
        out += struct.pack("<Q", mixed ^ (mixed >> 29))
    return bytes(out)


class Stream:
    """The stream's bytes from any offset on, made once."""

    def __init__(self):
        self.bytes = bytearray()

    def get(self, offset, size):
        if len(self.bytes) < offset + size:
            self.bytes += stream(len(self.bytes) // 8, max(size // 8 + 1, 8192))
            return self.get(offset, size)
        return self.bytes[offset : offset + size]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=["client", "server"])
    parser.add_argument("--address", required=True)
    parser.add_argument("--port", type=int, default=5001)
    parser.add_argument("--bytes", type=int, default=0)
    parser.add_argument("--tcp", action="store_true", help="plain TCP, no MPTCP socket")
    parser.add_argument("--timeout", type=float, default=30)
    parser.add_argument("--read-after", type=float, default=0,
                        help="wait before reading, with a small receive buffer")
    parser.add_argument("--leave-after", type=float, default=0,
                        help="close so many seconds after the connection's begin, reading nothing")
    parser.add_argument("--keepalive", action="store_true",
                        help="probe after a second of silence, give up after two without answer")
    parser.add_argument("--user-timeout", type=int, default=0, help="milliseconds")
    parser.add_argument("--local-port", type=int, default=0, help="of a client")
    parser.add_argument("--write-size", type=int, default=65536, help="bytes of one write")
    parser.add_argument("--write-interval", type=float, default=0, help="seconds between two")
    parser.add_argument("--no-delay", action="store_true", help="without Nagle's algorithm")
    parser.add_argument("--start", type=float, default=0, help="wait before sending")
    parser.add_argument("--reset-after", type=int, default=0,
                        help="after so many received bytes close with SO_LINGER 0")
    options = parser.parse_args()
    family = socket.AF_INET6 if ":" in options.address else socket.AF_INET
    protocol = 0 if options.tcp else IPPROTO_MPTCP
    result = {"sent": 0, "received": 0, "wrong": 0, "end": False, "error": "", "subflows": 0}
    sock = socket.socket(family, socket.SOCK_STREAM, protocol)
    sock.settimeout(options.timeout)
    if options.read_after:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    if options.role == "server":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((options.address, options.port))
        sock.listen()
        print("ready", flush=True)
        connection, _ = sock.accept()
    else:
        if options.local_port:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("", options.local_port))
        print("ready", flush=True)
        sock.connect((options.address, options.port))
        connection = sock
    connection.settimeout(options.timeout)
    if options.keepalive:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 2)
    if options.user_timeout:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, options.user_timeout)
    if options.no_delay:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sent, received = hashlib.sha256(), hashlib.sha256()

    def fail(error):
        # Only one of reader and sender is told why; the other one's pipe is broken.
        if result["error"] in ("", "EPIPE"):
            result["error"] = errno.errorcode.get(error.errno, str(error))

    def send():
        source = Stream()
        time.sleep(options.start)
        try:
            while result["sent"] < options.bytes:
                size = min(options.write_size, options.bytes - result["sent"])
                data = source.get(result["sent"], size)
                taken = connection.send(data)
                sent.update(data[:taken])
                result["sent"] += taken
                if options.write_interval:
                    time.sleep(options.write_interval)
            if options.bytes:
                connection.shutdown(socket.SHUT_WR)
        except OSError as error:
            fail(error)

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    expected = Stream()
    time.sleep(options.read_after or options.leave_after)
    try:
        while not options.leave_after:
            data = connection.recv(262144)
            try:
                info = connection.getsockopt(SOL_MPTCP, MPTCP_INFO, 64)
                result["subflows"] = max(result["subflows"], info[0])
                result["fallback"] = bool(struct.unpack_from("<I", info, 8)[0] & 1)
                result["csum_enabled"] = info[42]
            except OSError:
                pass
            if not data:
                result["end"] = True
                break
            if data != expected.get(result["received"], len(data)):
                result["wrong"] += 1
            received.update(data)
            result["received"] += len(data)
            if options.reset_after and result["received"] >= options.reset_after:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                break
    except OSError as error:
        fail(error)
    if result["end"]:
        sender.join(options.timeout)
    connection.close()
    result["sha256_sent"], result["sha256_received"] = sent.hexdigest(), received.hexdigest()
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
