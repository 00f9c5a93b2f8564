# SPDX-License-Identifier: GPL-2.0-only
"""What must hold after a row that changes a path, by the packets on it; see tcp_checks.py."""
from segments import read

# A path carries some 1 MB/s in these rows.
MUCH = 50000


def carried(packets, kernel, since, until):
    """Bytes of payload that an end sent on a path between two times."""
    return sum(packet.length for packet in packets
               if packet.tcp and packet.kernel == kernel and since <= packet.time < until)


def end_of(packets):
    """When the last data was sent on a path."""
    return max(packet.time for packet in packets if packet.tcp and packet.length)


def rested(_, seen):
    """Between the kernel's MP_PRIO the host sent next to nothing on their subflow."""
    packets = [packet for file in seen["captures"] for packet in read(file)]
    # Linux tells of one subflow, though two have the endpoint's address.
    ports = {packet.port for packet in packets if packet.prio and packet.kernel}
    packets = [packet for packet in packets if packet.port in ports]
    told = [[packet.time for packet in packets if packet.prio in flags]
            for flags in (("1", "True"), ("0", "False"))]
    if len(ports) != 1 or not told[0] or not told[1] or max(told[0]) > min(told[1]):
        return ["MP_PRIO of the kernel's ports %s, as backup and not: %s" % (ports, told)]
    begin, end = max(told[0]), min(told[1])
    before = carried(packets, False, begin - 0.3, begin)
    # What waits in the queue has left by then.
    during = carried(packets, False, begin + 0.3, end)
    after = carried(packets, False, end, end_of(packets) + 1)
    if before < MUCH or during > before / 20 or after < MUCH:
        return ["the subflow carried %d bytes, as backup %d, then %d" % (before, during, after)]
    return []


def interrupted(_, seen):
    """The second path was silent for a while and carried data both ways after it; the first was not."""
    wrong = []
    silences = []
    for file in seen["captures"]:
        packets = [packet for packet in read(file) if packet.tcp and packet.kernel]
        last = end_of(packets)
        times = [packet.time for packet in packets if packet.time <= last]
        silences.append(max((later - earlier, later)
                            for earlier, later in zip(times, times[1:])))
    if silences[0][0] > 0.7 or silences[1][0] < 0.7:
        wrong.append("the kernel was silent for %.1f s on the first path, %.1f s on the second"
                     % (silences[0][0], silences[1][0]))
    packets = read(seen["captures"][1])
    for kernel in (False, True):
        after = carried(packets, kernel, silences[1][1], end_of(packets) + 1)
        if after < MUCH:
            wrong.append("after its silence the second path carried of the %s %d bytes"
                         % ("kernel" if kernel else "host", after))
    return wrong
