#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""An attacker on the way: forges segments and ICMP errors about the one connection that it sees.

Runs in the namespace of the router. Prints one line of JSON: for each attack what the attacked end
sent within 0.3 s. An attack is SECONDS:WHAT:WHOM, WHOM is kernel or host, WHAT one of
  syn       a SYN within the window (RFC 5961 section 4)
  reset     a RST within the window, but not at its left edge (section 3)
  ack       data that acknowledges what was never sent (section 5)
  old-ack   data that acknowledges what is long out of any window (section 5)
  too-big   "fragmentation needed", "packet too big": quotes what is not in flight (RFC 5927)
  closed    "port unreachable" that quotes the same
"""
import argparse
import json
import socket
import struct
import time

ETH_P_ALL = 3
KERNEL = "kernel0"  # the device that leads to the kernel
PORT = 5001         # what the server listens on
TCP = socket.IPPROTO_TCP
FIN, SYN, RST, ACK = 1, 2, 4, 16
WINDOW = 0.3        # seconds in which an answer belongs to an attack
MTU = 1280          # that is claimed


class Segment:
    """A segment that passed."""

    def __init__(self, frame):
        packet = frame[14:]
        self.ipv6 = packet[0] >> 4 == 6
        if self.ipv6:
            self.source, self.destination = packet[8:24], packet[24:40]
            tcp = packet[40:40 + struct.unpack_from("!H", packet, 4)[0]]
        else:
            self.source, self.destination = packet[12:16], packet[16:20]
            tcp = packet[(packet[0] & 15) * 4:struct.unpack_from("!H", packet, 2)[0]]
        (self.sport, self.dport, self.seq, self.ack, offset, self.flags,
         self.window) = struct.unpack_from("!HHIIBBH", tcp)
        self.length = len(tcp) - (offset >> 4) * 4
        self.timestamp = self.find_timestamp(tcp[20:(offset >> 4) * 4])
        self.end = self.seq + self.length + bool(self.flags & SYN) + bool(self.flags & FIN)

    @staticmethod
    def find_timestamp(options):
        """The value of the option of RFC 7323, or nothing."""
        at = 0
        while at < len(options) and options[at]:
            if options[at] == 1:
                at += 1
                continue
            if options[at] == 8:
                return struct.unpack_from("!I", options, at + 2)[0]
            at += options[at + 1]
        return None

    @staticmethod
    def is_ours(frame):
        """Whether a frame is a segment of the connection."""
        if len(frame) < 54:
            return False
        if frame[12:14] == b"\x86\xdd":
            at, protocol = 54, frame[20]
        elif frame[12:14] == b"\x08\x00":
            at, protocol = 14 + (frame[14] & 15) * 4, frame[23]
        else:
            return False
        return (protocol == TCP and len(frame) >= at + 20
                and PORT in struct.unpack_from("!HH", frame, at))


def checksum(data):
    """The Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ip_header(source, destination, protocol, size):
    """An IPv4 or IPv6 header, by the length of the addresses."""
    if len(source) == 16:
        return struct.pack("!IHBB", 6 << 28, size, protocol, 64) + source + destination
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + size, 0, 0, 64, protocol, 0)
    header += source + destination
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:]


def pseudo_header(source, destination, protocol, size):
    """What a checksum covers beside the data."""
    if len(source) == 16:
        return source + destination + struct.pack("!II", size, protocol)
    return source + destination + struct.pack("!BBH", 0, protocol, size)


def forge(what, mine, peers):
    """A packet to the end whose newest segment is `mine`; `peers` is the newest of the other."""
    expected = mine.ack  # the next byte that the attacked end waits for
    if what in ("syn", "reset", "ack", "old-ack"):
        seq, ack, flags, data = {
            "syn": (expected, 0, SYN, b""),
            "reset": (expected + 100, 0, RST, b""),
            "ack": (expected, mine.end + 100000, ACK, b"forged"),
            "old-ack": (expected, mine.end - (1 << 30), ACK, b"forged"),
        }[what]
        options = b""
        if peers.timestamp is not None:
            # Without them RFC 7323 section 3.2 lets the segment be dropped in silence.
            options = struct.pack("!BBBBII", 1, 1, 8, 10, peers.timestamp, mine.timestamp or 0)
        tcp = struct.pack("!HHIIBBHHH", mine.dport, mine.sport, seq % (1 << 32), ack % (1 << 32),
                          (5 + len(options) // 4) << 4, flags, 1000, 0, 0) + options + data
        covered = pseudo_header(peers.source, peers.destination, TCP, len(tcp)) + tcp
        tcp = tcp[:16] + struct.pack("!H", checksum(covered)) + tcp[18:]
        return ip_header(peers.source, peers.destination, TCP, len(tcp)) + tcp
    # What is quoted was acknowledged long ago.
    tcp = struct.pack("!HHI", mine.sport, mine.dport, (mine.end - 100000) % (1 << 32))
    tcp += struct.pack("!IBBHHH", mine.ack, 5 << 4, ACK, 1000, 0, 0)
    quoted = ip_header(mine.source, mine.destination, TCP, 1440) + tcp
    if mine.ipv6:
        protocol = socket.IPPROTO_ICMPV6
        kind, code, value = (2, 0, MTU) if what == "too-big" else (1, 4, 0)
    else:
        protocol = socket.IPPROTO_ICMP
        kind, code, value = (3, 4, MTU) if what == "too-big" else (3, 3, 0)
    icmp = struct.pack("!BBHI", kind, code, 0, value) + quoted
    covered = icmp
    if mine.ipv6:
        covered = pseudo_header(peers.source, mine.source, protocol, len(icmp)) + icmp
    icmp = icmp[:2] + struct.pack("!H", checksum(covered)) + icmp[4:]
    return ip_header(peers.source, mine.source, protocol, len(icmp)) + icmp


def send(packet):
    """Send a packet as it is, to where it says."""
    if packet[0] >> 4 == 6:
        with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
            raw.sendto(packet, (socket.inet_ntop(socket.AF_INET6, packet[24:40]), 0))
    else:
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
            raw.sendto(packet, (socket.inet_ntop(socket.AF_INET, packet[16:20]), 0))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("attack", nargs="+", help="SECONDS:WHAT:WHOM")
    options = parser.parse_args()
    attacks = []
    for text in options.attack:
        at, what, whom = text.split(":")
        attacks.append((float(at), what, whom))
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    wire.bind((KERNEL, 0))
    wire.settimeout(0.02)
    print("ready", flush=True)
    begin = time.monotonic()
    newest = {}  # by whom: the newest segment
    reports = []
    while attacks or time.monotonic() < reports[-1]["at"] + begin + WINDOW:
        now = time.monotonic() - begin
        if attacks and now >= attacks[0][0]:
            _, what, whom = attacks.pop(0)
            other = "host" if whom == "kernel" else "kernel"
            if whom not in newest or other not in newest:
                raise SystemExit("inject.py: no connection to attack after %.1f s" % now)
            report = {"at": now, "what": what, "whom": whom, "expected": newest[whom].ack,
                      "next": newest[whom].end, "answers": []}
            reports.append(report)
            send(forge(what, newest[whom], newest[other]))
        try:
            frame, address = wire.recvfrom(65536)
        except socket.timeout:
            continue
        if not Segment.is_ours(frame):
            continue
        segment = Segment(frame)
        # What this end of the device sends goes to the kernel.
        whose = "host" if address[2] == socket.PACKET_OUTGOING else "kernel"
        if reports and whose == reports[-1]["whom"]:
            if time.monotonic() - begin < reports[-1]["at"] + WINDOW:
                reports[-1]["answers"].append({"flags": segment.flags, "seq": segment.seq,
                                               "ack": segment.ack, "length": segment.length})
        forged = reports and whose != reports[-1]["whom"] and now - reports[-1]["at"] < WINDOW
        if not segment.flags & RST and not forged:
            newest[whose] = segment
    print(json.dumps({"attacks": reports}), flush=True)


if __name__ == "__main__":
    main()
