# SPDX-License-Identifier: GPL-2.0-only
"""What must hold after a row about a feature of TCP, by the packets at the host's first interface.

Each check is a function of (case, seen) that returns a list of complaints, as in checks.py;
seen["captures"] has the capture files, one a path.
"""
import errno
import statistics

from checks import asked, counter
from segments import ACK, CWR, ECE, FIN, RST, SYN, before, read

ECT0, CE = 2, 3
SMALL = 1000  # bytes of payload; a full segment has more


def packets(seen):
    """The packets of the first path."""
    return read(seen["captures"][0])


def name(kernel):
    """Of an end."""
    return "kernel" if kernel else "host"


def expect(wrong, complaint, good):
    """Note a complaint unless all is well."""
    if not good:
        wrong.append(complaint)


# ECN


def ecn_used(case, seen):
    """Both ends negotiated it, and each answered marks by ECE and CWR (RFC 3168)."""
    wrong = []
    all_packets = [packet for packet in packets(seen) if packet.tcp]
    for kernel in (False, True):
        mine = [packet for packet in all_packets if packet.kernel == kernel]
        later = [packet for packet in mine if not packet.flags & SYN]
        opening = [packet.flags & (ECE | CWR) for packet in mine if packet.flags & SYN]
        client = kernel == (case.sim == "server")
        expect(wrong, "the %s's SYN has not the flags of ECN" % name(kernel),
               opening and opening[0] == (ECE | CWR if client else ECE))
        for what, found in (
                ("marks", [packet for packet in later if packet.ecn == CE]),
                ("data that can be marked", [packet for packet in later if packet.ecn == ECT0]),
                ("ECE", [packet for packet in later if packet.flags & ECE]),
                ("CWR", [packet for packet in later if packet.flags & CWR])):
            expect(wrong, "the %s's packets have no %s" % (name(kernel), what), found)
        expect(wrong, "the %s's SYN or pure ACK can be marked" % name(kernel),
               not [packet for packet in mine if packet.ecn and not packet.length
                    and not packet.flags & FIN])
    family = "Ip6InCEPkts" if seen["ipv6"] else "IpExtInCEPkts"
    expect(wrong, "nstat: %s is 0" % family, counter(seen, family))
    expect(wrong, "the host does not use ECN", seen["host"]["ecn"])
    return wrong


def ecn_unused(_, seen):
    """One end did not want it: no packet can be marked, nobody answers."""
    wrong = []
    later = [packet for packet in packets(seen) if packet.tcp and not packet.flags & SYN]
    expect(wrong, "packets that can be marked", not [packet for packet in later if packet.ecn])
    expect(wrong, "ECE or CWR", not [packet for packet in later if packet.flags & (ECE | CWR)])
    expect(wrong, "the host uses ECN", not seen["host"]["ecn"])
    return wrong


# Path MTU


def narrow_to_kernel(case, seen):
    """The host was told by ICMP, and what it sent since fits."""
    wrong = []
    limit = case.narrow[1]
    all_packets = packets(seen)
    told = [packet.time for packet in all_packets if packet.kernel and packet.too_big]
    told += [packet.time for packet in all_packets if packet.too_big]
    sizes = [(packet.time, packet.size) for packet in all_packets
             if packet.tcp and not packet.kernel]
    expect(wrong, "no ICMP error came", told)
    expect(wrong, "no segment was too large at first", any(size > limit for _, size in sizes))
    if told:
        # The round trip of the link is over then.
        late = [size for time, size in sizes if time > min(told) + 0.1]
        expect(wrong, "%d packets are too large" % len([size for size in late if size > limit]),
               late and max(late) <= limit)
        expect(wrong, "packets do not fill the path", late and max(late) > limit - 20)
    expect(wrong, "the host's path MTU is %d" % seen["host"]["pathMtu"],
           seen["host"]["pathMtu"] == limit)
    for fragments in ("IpReasmReqds", "Ip6ReasmReqds"):
        expect(wrong, "nstat: %s is %d" % (fragments, counter(seen, fragments)),
               not counter(seen, fragments))
    if not seen["ipv6"]:
        expect(wrong, "segments of the host without DF",
               all(packet.df for packet in all_packets if packet.tcp and not packet.kernel))
    return wrong


def narrow_to_host(case, seen):
    """The kernel was told by ICMP, and its segments fit and still fill the path."""
    wrong = []
    limit = case.narrow[1]
    told = "Icmp6InPktTooBigs" if seen["ipv6"] else "IcmpInDestUnreachs"
    expect(wrong, "nstat: %s is 0" % told, counter(seen, told))
    sizes = [packet.size for packet in packets(seen) if packet.tcp and packet.kernel]
    expect(wrong, "the kernel's largest packet has %d bytes" % max(sizes),
           limit - 20 < max(sizes) <= limit)
    pmtus = [subflow.get("least_pmtu", 0) for subflow in seen["subflows"].values()]
    expect(wrong, "ss: path MTUs %s" % pmtus, limit in pmtus)
    return wrong


def unshrunk(_, seen):
    """Forged ICMP errors changed nothing: full segments of both ends, and the kernel noticed."""
    wrong = []
    expect(wrong, "nstat: TcpExtOutOfWindowIcmps is 0", counter(seen, "TcpExtOutOfWindowIcmps"))
    expect(wrong, "the host's path MTU is %d" % seen["host"]["pathMtu"],
           seen["host"]["pathMtu"] == 1500)
    for kernel in (False, True):
        # IPv6 of ns-3 believes any error, and cuts what TCP gives it: there, only ours can tell.
        sizes = [packet.size for packet in packets(seen)
                 if packet.tcp and packet.kernel == kernel]
        expect(wrong, "the %s's largest packet has %d bytes" % (name(kernel), max(sizes)),
               max(sizes) > 1480 or (seen["ipv6"] and not kernel))
    for attack in seen["attacks"]:
        expect(wrong, "the %s answers %s" % (attack["whom"], attack["what"]),
               not attack["answers"])
    return wrong


# Attacks


def challenged(_, seen):
    """Each attack drew one ACK that tells what is expected, and nothing else (RFC 5961)."""
    wrong = []
    for attack in seen["attacks"]:
        answers = [answer for answer in attack["answers"]
                   if answer["flags"] & ~(ECE | CWR) == ACK and answer["length"] == 0
                   and answer["ack"] == attack["expected"] and answer["seq"] == attack["next"]]
        expect(wrong, "the %s's answers to %s are %s" % (attack["whom"], attack["what"],
                                                         attack["answers"]),
               len(answers) == 1 and len(attack["answers"]) == 1)
    return wrong


# Pace


def gaps(all_packets, kernel):
    """Seconds between data segments of an end."""
    times = [packet.time for packet in all_packets
             if packet.tcp and packet.kernel == kernel and packet.length > SMALL]
    return [later - earlier for earlier, later in zip(times, times[1:])]


def paced(megabits):
    """The host's segments leave one by one, at a rate."""
    def check(_, seen):
        wrong = []
        apart = gaps(packets(seen), False)
        wanted = 1460 * 8 / (megabits * 1e6)
        # The clock of a real-time simulation is not exact; two that leave together are 0.
        bursts = sum(gap < wanted / 2 for gap in apart)
        expect(wrong, "%d of %d segments left in a burst" % (bursts, len(apart)),
               len(apart) > 300 and bursts < len(apart) / 20)
        middle = statistics.median(apart)
        expect(wrong, "segments are %.2f ms apart instead of %.2f" % (middle * 1000, wanted * 1000),
               0.8 * wanted < middle < 1.25 * wanted)
        return wrong
    return check


def round_trips(all_packets, kernel):
    """Seconds from a data segment to the first acknowledgment of it, at the host's interface."""
    times = {}
    trips = []
    for packet in all_packets:
        if not packet.tcp:
            continue
        if packet.kernel == kernel and packet.length:
            if packet.again:
                times.clear()
            times[packet.end] = packet.time
        elif packet.kernel != kernel and packet.ack in times:
            trips.append(packet.time - times.pop(packet.ack))
    return trips


def queue_short(most):
    """The host's round trips stay near that of the empty path, in seconds, where Reno fills it."""
    def check(_, seen):
        trips = round_trips(packets(seen), False)
        if len(trips) < 100:
            return ["%d round trips" % len(trips)]
        middle = statistics.median(trips[len(trips) // 4:])
        return [] if middle < most else ["the middle round trip is %.1f ms" % (middle * 1000)]
    return check


# Idle and dead peers


def kept_alive(kernel):
    """An end probed, as Wireshark sees it, and the other one answered."""
    def check(_, seen):
        wrong = []
        all_packets = packets(seen)
        expect(wrong, "the %s sent no keep-alive" % name(kernel),
               [packet for packet in all_packets if packet.keep_alive and packet.kernel == kernel])
        answers = [after for packet, after in zip(all_packets, all_packets[1:])
                   if packet.keep_alive and packet.kernel == kernel and after.kernel != kernel
                   and after.flags == ACK and not after.length
                   and after.ack == (packet.seq + 1) % (1 << 32)]
        expect(wrong, "the %s answered no keep-alive" % name(not kernel), answers)
        return wrong
    return check


def gave_up(earliest, latest):
    """Both ends gave up after the path fell silent; the host between two times, in seconds."""
    def check(case, seen):
        wrong = asked(case, seen)
        ours, kernel = seen["host"], seen["kernel"]
        expect(wrong, "bytes differ", not ours["wrong"] and not kernel["wrong"])
        expect(wrong, "kernel: %s instead of ETIMEDOUT" % (kernel["error"] or "no error"),
               kernel["error"] == "ETIMEDOUT")
        expect(wrong, "host: errno %d instead of ETIMEDOUT" % ours["errno"],
               ours["errno"] == errno.ETIMEDOUT)
        expect(wrong, "the host ended after %.1f s" % ours["endedAt"],
               earliest < ours["endedAt"] < latest)
        return wrong
    return check


# Ends


def reset(kernel):
    """One end closed the connection by a RST, and the other one was told."""
    def check(case, seen):
        wrong = asked(case, seen)
        ours, theirs = seen["host"], seen["kernel"]
        expect(wrong, "bytes differ", not ours["wrong"] and not theirs["wrong"])
        resets = [packet for packet in packets(seen) if packet.tcp and packet.flags & RST]
        expect(wrong, "no RST of the %s" % name(kernel),
               [packet for packet in resets if packet.kernel == kernel])
        expect(wrong, "a FIN of the %s" % name(kernel),
               not [packet for packet in packets(seen)
                    if packet.tcp and packet.kernel == kernel and packet.flags & FIN])
        if kernel:
            expect(wrong, "host: errno %d instead of ECONNRESET" % ours["errno"],
                   ours["ended"] and ours["errno"] == errno.ECONNRESET)
        else:
            expect(wrong, "kernel: %s instead of ECONNRESET" % (theirs["error"] or "no error"),
                   theirs["error"] in ("ECONNRESET", "EPIPE"))
        return wrong
    return check


def crossed(_, seen):
    """Both ends sent a SYN, and answered the other's by a SYN/ACK (RFC 9293 section 3.5)."""
    wrong = []
    for kernel in (False, True):
        opening = [bool(packet.flags & ACK) for packet in packets(seen)
                   if packet.tcp and packet.kernel == kernel and packet.flags & SYN]
        expect(wrong, "the %s sent SYNs and SYN/ACKs: %s" % (name(kernel), opening),
               opening[:1] == [False] and True in opening)
    return wrong


# Small segments


def small_in_flight(all_packets, kernel):
    """Data segments that are small and left while an earlier small one was not acknowledged."""
    found = 0
    unacked = None  # end of the newest small one
    # The last one need not wait: the FIN behind it cannot either.
    last = [packet.seq for packet in all_packets
            if packet.tcp and packet.kernel == kernel and packet.flags & FIN]
    for packet in all_packets:
        if not packet.tcp or packet.flags & SYN:
            continue
        if packet.kernel != kernel:
            if unacked is not None and not before(packet.ack, unacked):
                unacked = None
        elif (0 < packet.length < SMALL and not packet.flags & FIN and not packet.again
              and packet.end not in last):
            found += unacked is not None
            unacked = packet.end
    return found


def nagle(_, seen):
    """Neither end had two small segments in flight (RFC 9293 section 3.7.4), and both joined writes."""
    wrong = []
    all_packets = packets(seen)
    for kernel in (False, True):
        small = small_in_flight(all_packets, kernel)
        expect(wrong, "%d times the %s had two small segments in flight" % (small, name(kernel)),
               small == 0)
        joined = [packet for packet in all_packets
                  if packet.tcp and packet.kernel == kernel and packet.length > 100]
        expect(wrong, "the %s joined writes only %d times" % (name(kernel), len(joined)),
               len(joined) > 20)
    return wrong


def no_nagle(_, seen):
    """Both ends had small segments in flight: nothing waited."""
    wrong = []
    for kernel in (False, True):
        small = small_in_flight(packets(seen), kernel)
        expect(wrong, "%d times the %s had two small segments in flight" % (small, name(kernel)),
               small > 10)
    return wrong


# Windows and losses


def probed_window(_, seen):
    """The host probed the kernel's closed window."""
    probes = answers = 0
    closed = False
    expected = None
    for packet in packets(seen):
        if packet.kernel:
            answers += probes > answers
            closed = packet.window == 0
            expected = packet.ack
        elif closed and packet.length == 0 and before(packet.seq, expected):
            # A byte that is known already, so that the answer tells the window (as Linux does it).
            probes += 1
    return [] if answers else ["%d window probes of the host were answered" % answers]


def repeated(all_packets, kernel):
    """{sequence number: times} of what an end sent more than once."""
    times = {}
    for packet in all_packets:
        if packet.tcp and packet.kernel == kernel and packet.length:
            times.setdefault(packet.seq, []).append(packet.time)
    return {seq: when for seq, when in times.items() if len(when) > 1}


def probed_tail(_, seen):
    """The host sent its last segment again before a time-out could (RFC 8985 section 7)."""
    wrong = []
    again = repeated(packets(seen), False)
    expect(wrong, "%d segments were sent again" % len(again), len(again) == 2)
    if again:
        first, second, *_ = list(again.values())[-1]
        # Linux's least time-out and ours is 200 ms; twice a round trip of 10 ms has passed.
        expect(wrong, "the last one was sent again after %.0f ms" % ((second - first) * 1000),
               0.015 < second - first < 0.19)
    return wrong


def repaired_once(_, seen):
    """What was lost on the host's side was sent again within a few round trips, and once."""
    wrong = []
    again = repeated(packets(seen), False)
    expect(wrong, "nothing was sent again", again)
    for when in again.values():
        expect(wrong, "sent %d times, after %.0f ms" % (len(when), (when[1] - when[0]) * 1000),
               len(when) == 2 and when[1] - when[0] < 0.19)
    return wrong


def undone(most):
    """The host's time-out was spurious and it saw that: no more than so many segments again."""
    def check(_, seen):
        again = repeated(packets(seen), False)
        if not 1 <= len(again) <= most:
            return ["the host sent %d segments again" % len(again)]
        return []
    return check


def duplicates_told(_, seen):
    """Both ends reported data that came twice (RFC 2883)."""
    wrong = []
    for kernel in (False, True):
        told = [packet for packet in packets(seen) if packet.dsack and packet.kernel == kernel]
        expect(wrong, "no D-SACK of the %s" % name(kernel), told)
    return wrong
