# SPDX-License-Identifier: GPL-2.0-only
"""What Wireshark's dissectors, which are not ours, think of the packets of a row."""
import subprocess

# A packet that no sender may send. Linux writes a checksum of 0 as 0xffff, which means the same;
# the dissector calls it bad. What an ICMP error quotes may have been without a checksum yet.
WRONG = ('_ws.malformed || ip.checksum.status == "Bad" || icmp.checksum.status == "Bad" || '
         'icmpv6.checksum.status == "Bad" || (!icmp && !icmpv6 && tcp.checksum != 0xffff && '
         '(tcp.checksum.status == "Bad" || _ws.expert.severity == "Error"))')
# Payload is payload, whatever the ports make it look like.
PAYLOAD = "tcp.port==1-65535,data"


def look(file):
    """Returns (packets, complaints) of a capture file."""
    command = ["tshark", "-r", str(file), "-o", "tcp.check_checksum:TRUE", "-o",
               "ip.check_checksum:TRUE", "-d", PAYLOAD, "-T", "fields", "-e", "frame.number", "-e",
               "_ws.col.Info"]
    done = subprocess.run([*command, "-Y", WRONG], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return 0, ["tshark: " + done.stderr.strip().splitlines()[-1]]
    complaints = []
    wrong = done.stdout.splitlines()
    if wrong:
        complaints.append("%s: %d malformed packets or bad checksums, the first is %s"
                          % (file.name, len(wrong), " ".join(wrong[0].split())))
    # Each record of a pcap file has a header of 16 bytes whose third word is its length.
    packets = 0
    with open(file, "rb") as pcap:
        pcap.seek(24)
        while len(header := pcap.read(16)) == 16:
            pcap.seek(int.from_bytes(header[8:12], "little"), 1)
            packets += 1
    if packets == 0:
        complaints.append(file.name + ": no packets")
    return packets, complaints
