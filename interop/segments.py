# SPDX-License-Identifier: GPL-2.0-only
"""The packets of a capture, one by one, as Wireshark's dissectors read them."""
import subprocess

from captures import PAYLOAD

FIN, SYN, RST, PSH, ACK, ECE, CWR = 0x01, 0x02, 0x04, 0x08, 0x10, 0x40, 0x80
FIELDS = ("frame.time_epoch", "ip.src", "ipv6.src", "tcp.srcport", "tcp.dstport", "ip.len", "ipv6.plen", "ip.flags.df",
          "ip.dsfield.ecn", "ipv6.tclass.ecn", "tcp.flags", "tcp.seq_raw", "tcp.ack_raw", "tcp.len",
          "icmp.type", "icmp.code", "icmpv6.type", "tcp.options.sack.count",
          "tcp.options.sack.dsack_le", "tcp.window_size_value", "tcp.analysis.keep_alive",
          "tcp.analysis.retransmission",
          "tcp.options.mptcp.backup.flag",
          "tcp.analysis.fast_retransmission", "tcp.analysis.spurious_retransmission")
KERNEL = ("10.9.", "fd09:")


class Packet:
    """One packet; its numbers are those of the wire."""

    def __init__(self, values):
        def number(name, base=10):
            return int(values[name], base) if values[name] else 0

        source = values["ip.src"] or values["ipv6.src"]
        self.time = float(values["frame.time_epoch"])
        self.kernel = source.startswith(KERNEL)  # who sent it
        # Of the kernel: where it is the client, each subflow has its own.
        self.port = number("tcp.srcport" if self.kernel else "tcp.dstport")
        self.size = number("ip.len") or number("ipv6.plen") + 40
        self.df = values["ip.flags.df"] in ("1", "True")
        self.ecn = number("ip.dsfield.ecn") or number("ipv6.tclass.ecn")
        self.icmp = bool(values["icmp.type"] or values["icmpv6.type"])
        self.too_big = (values["icmpv6.type"] == "2"
                        or (values["icmp.type"], values["icmp.code"]) == ("3", "4"))
        self.tcp = bool(values["tcp.flags"]) and not self.icmp
        self.flags = number("tcp.flags", 16)
        self.seq = number("tcp.seq_raw")
        self.ack = number("tcp.ack_raw")
        self.length = number("tcp.len")
        self.window = number("tcp.window_size_value")
        # Of MP_PRIO; the others that have it are on SYNs.
        self.prio = values["tcp.options.mptcp.backup.flag"] if not self.flags & SYN else ""
        self.dsack = bool(values["tcp.options.sack.dsack_le"])
        self.keep_alive = bool(values["tcp.analysis.keep_alive"])
        self.again = any(values["tcp.analysis." + name + "retransmission"]
                         for name in ("", "fast_", "spurious_"))

    @property
    def end(self):
        """The sequence number behind it."""
        return (self.seq + self.length + bool(self.flags & SYN) + bool(self.flags & FIN)) % (1 << 32)


def before(first, second):
    """Whether a sequence number comes before another."""
    return (first - second) % (1 << 32) >= 1 << 31


def read(file):
    """All packets of a file."""
    command = ["tshark", "-r", str(file), "-d", PAYLOAD, "-T", "fields", "-E", "occurrence=f"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError("tshark: " + done.stderr.strip().splitlines()[-1])
    packets = []
    for line in done.stdout.splitlines():
        values = dict(zip(FIELDS, line.split("\t")))
        if values["ip.src"] or values["ipv6.src"]:
            packets.append(Packet(values))
    return packets
