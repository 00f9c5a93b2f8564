#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Make the first inputs and the dictionaries of the fuzz targets, from what the tests know:
options written by hand, packets of a Linux kernel. What fuzzing finds is added beside them."""
import hashlib
import json
import re
import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent
TEST = HERE.parent
SYN, ACK, ONE_OPTION, HEADER = 1, 2, 0 << 2, 1 << 2


def write(target, data):
    """An input is called by its hash, as libFuzzer does."""
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(data).hexdigest()[:16]).write_bytes(data)


def dictionary(target, words):
    lines = ['"%s"' % "".join("\\x%02x" % byte for byte in word) for word in sorted(set(words))]
    (HERE / ("%s.dict" % target)).write_text("\n".join(lines) + "\n")


def options():
    """(bytes, flags) of each option in option-examples.h."""
    text = (TEST / "wire" / "option-examples.h").read_text()
    for hexa, syn, ack in re.findall(r'\{"([0-9a-f ]+)",\s*(true|false),\s*(true|false)', text):
        yield bytes.fromhex(hexa), SYN * (syn == "true") + ACK * (ack == "true")


def segments():
    """TCP headers of the kernel's captures, one of each kind."""
    seen = set()
    for path in sorted((TEST / "vectors").glob("*.pcap")):
        data = path.read_bytes()
        order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
        linktype = struct.unpack(order + "I", data[20:24])[0]
        at = 24
        while at + 16 <= len(data):
            size = struct.unpack(order + "I", data[at + 8:at + 12])[0]
            frame = data[at + 16:at + 16 + size]
            at += 16 + size
            if linktype == 1:
                frame = frame[14:]
            elif linktype == 113:
                frame = frame[16:]
            if frame[0] >> 4 == 4 and frame[9] == 6:
                tcp = frame[(frame[0] & 15) * 4:]
            elif frame[0] >> 4 == 6 and frame[6] == 6:
                tcp = frame[40:]
            else:
                continue
            header = tcp[:(tcp[12] >> 4) * 4]
            layout = [header[13] & 7]
            place = 20
            while place < len(header) and header[place] != 0:
                kind = header[place]
                length = 1 if kind == 1 else header[place + 1]
                layout += [kind, length]
                if kind == 30:
                    layout += header[place + 2:place + 4]
                place += max(length, 1)
            if tuple(layout) not in seen:
                seen.add(tuple(layout))
                yield header


def main():
    words = []
    for data, flags in options():
        write("option", bytes([ONE_OPTION | flags]) + data)
        words.append(data[:4])
    for header in segments():
        write("option", bytes([HEADER]) + header)
    dictionary("option", words)

    words = []
    for packet in json.loads((TEST / "vectors" / "linux-srv6.json").read_text()):
        for text in [packet["in"]] + packet["forwarded"]:
            data = bytes.fromhex(text)
            if data[0] >> 4 == 6 and data[6] == 43:
                header = data[40:40 + (data[41] + 1) * 8]
                write("srh", header)
                words.append(header[:4])
    dictionary("srh", words)

    # Steps of the others are bytes: all calls of a kind, in both roles and families.
    for how in (0x00, 0x01, 0x04, 0x05, 0x0c, 0x0d, 0x82, 0x83, 0xd0, 0x51):
        write("connection", bytes([how]) + bytes.fromhex(
            "0301f4" "09ffff" "080bb8" "0614" "05" "440002" "06c8" "0b" "0c" "1c" "1301f4" "08ffff"
            "05" "15" "0780" "84" "0a" "07ff"))
    for option in range(16):
        for bits in (0x00, 0x10, 0x20, 0x40, 0x80):
            write("connection", bytes([0x04 if bits == 0x20 else 0x00]) + bytes.fromhex("0301f4" "08ffff") + bytes(
                [0x0f, 0x00, 0x80, 0, 0, 0x40, 0, 100, 1, option | bits]) + bytes.fromhex(
                    "0000000000000000" "0601" "09ffff" "05" "07ff"))
    for flags in range(8):
        write("connection", bytes([0x0c]) + bytes([0x0f, 0x00, flags, 0xf0, 0, 1, 0, 0x40, 0]) +
              bytes.fromhex("0301f4" "07ff"))
    extended = 0x08  # of the first byte: ECN, pacing and keep-alives are on
    # ICMP of each kind, about what is in flight and about the first segment.
    for how in (0x00, 0x02, 0x0c, 0x0e, extended, extended | 2):
        for kind in range(8):
            mtu = "0500" if kind >= 5 else ""
            errors = "".join("0e%02x%s00" % (about | 0x78 | kind, mtu) for about in (0x80, 0x00))
            write("connection", bytes([how]) + bytes.fromhex(
                "080bb8" * 3 + errors + "061405081770" "0680" "05" "0720"))
    # Marks of congestion both ways; a connection that is silent and is written to again.
    for how in (0x00, 0x01, 0x02, 0x10, 0x13, 0x81):
        write("connection", bytes([extended | how]) + bytes.fromhex(
            "080bb8" "4d4d4d" "0603" "4d" "0d" "0614" "081770" "0d" "0603" "05" "0f0000" "40" "000000"
            "40" "0000" "07ff" "07ff" "05" "07ff"))
        write("connection", bytes([extended | how]) + bytes.fromhex(
            "0300c8" "0714" "05" "0714" "0714" "05" "07ff" "08ffff" "0605" "050505" "07ff07ff07ff"))
    for name in range(21):
        for how in (0x00, 0x01, 0x04, 0x08, 0x0d, 0x10, 0x14):
            write("sockopt", bytes([how & 3]) + bytes.fromhex("090b1c") + bytes(
                [0x00, how, name, 4, 1, 2, 3, 4, 64, 0]) + bytes(8) + bytes.fromhex("0dff0a09"))
        write("sockopt", bytes([0x82, 0x00, 0x60, name, 1, 0, 0, 0]) + bytes(12))
    # Pointers within a structure: right, null, not mapped, at the end of what is mapped.
    inner = bytes.fromhex("000404010100000000") + bytes(31)
    for option in (4, 5, 7, 15):
        for kind in range(4):
            value = {4: [kind << 4, 0, 11], 5: [kind << 4, 5, 1], 7: [0x10, kind],
                     15: [0, kind * 5, 20, 100, 1]}[option]
            for ipv6 in (0, 2):
                write("sockopt", bytes([ipv6]) + bytes.fromhex("090b1c") + bytes(
                    [0x00, 0x03 if option == 5 else 0x02, option, len(inner)]) + inner +
                      bytes([40] + value) + bytes(6) + bytes.fromhex("0dff0a09"))

    # A program in a node: each call, on a connection and on what is none.
    calls = ["00%02x" % how for how in (0, 4, 0x40, 0x83, 0x90)]
    calls += ["01%02x%02x" % (fd, how) + "00000000" for fd in (3, 5) for how in range(8)]
    calls += ["%02x%02x%02x" % (what, fd, how) + "3010c0c000"
              for what in (2, 0x82) for fd in (1, 3, 4, 5) for how in (0x11, 0x02, 0x0d, 0x84)]
    calls += ["03%02x%02x" % (fd, how) + "80" for fd in (1, 3, 5) for how in range(8)]
    calls += ["04%02x%02x" % (fd, how) + "01" for fd in (3, 5) for how in range(8)]
    calls += ["05%02x80" % how + "00000000" * 2 + "10" for how in range(8)]
    calls += ["%02x%02x05%02x80" % (what, fd, name) + "08400000000b000000"
              for what in (6, 7) for fd in (3, 4) for name in range(14)]
    for first in range(0, len(calls), 5):
        write("posix", bytes([first % 8]) + bytes.fromhex("".join(calls[first:first + 5])))
        write("posix", bytes([(first + 3) % 8]) + bytes.fromhex("".join(
            call + "0504801000" for call in calls[first // 5::len(calls) // 5])))


if __name__ == "__main__":
    main()
