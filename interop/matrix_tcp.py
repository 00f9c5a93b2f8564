# SPDX-License-Identifier: GPL-2.0-only
"""The rows about TCP itself, which subflows rest on; the last ones show it under Multipath TCP."""
import checks
import tcp_checks
from case import BOTH, MEGA, Case
from requirements import has_congestion_control

LOSS = ("--loss=0.01",)
SLOW = ("--rate=8Mbps",)
NO_TIMESTAMPS = ("--ns3::MptcpSocket::Timestamp=false",)
ECN = (("net.ipv4.tcp_ecn", 1),)
NO_ECN = (("net.ipv4.tcp_ecn", 0),)
USE_ECN = "--ns3::MptcpSocket::UseEcn=On"
MARKS = (USE_ECN, "--markAfter=3ms")
BBR = "--congestion=ns3::TcpBbr"
# Longer than any time-out of either end, and shorter than the second one.
STALL = ("--stallAt=1.2", "--stallFor=500ms")
# The connection says nothing until then.
QUIET = ("--ns3::ByteStreamApplication::WriteDelay=%gs", "--start=%g")
# 20 full segments of any MTU of 1500 bytes, and a bit.
SHORT = 29000
SMALL_WRITES = ("--ns3::ByteStreamApplication::WriteSize=100",
                "--ns3::ByteStreamApplication::WriteInterval=2ms")
SMALL_WRITES_OF_KERNEL = ("--write-size=100", "--write-interval=0.002")
AT_ONCE = "--ns3::TcpSocket::TcpNoDelay=%s"


def quiet(seconds):
    """Options of both ends that write nothing at first."""
    return {"host": (QUIET[0] % seconds,), "peer": (QUIET[1] % seconds,)}


def tcp(name, host=(), check=checks.fell_back, **how):
    """A row of plain TCP at both ends."""
    return Case("TCP: " + name, host=("--multipath=false", *host), tcp=True, least=1, check=check,
                **how)


def without(feature):
    """Settings of a kernel without a feature of TCP."""
    return (("net.ipv4.tcp_" + feature, 0),)


def use(congestion):
    """Settings of a kernel with a congestion control."""
    return (("net.ipv4.tcp_congestion_control", congestion),)


def needs(congestion):
    """What `needs` of a row is that uses it."""
    return lambda: has_congestion_control(congestion)


BASIC = [
    tcp("both directions", up=BOTH, down=BOTH),
    tcp("kernel without timestamps", sim="server", sysctl=without("timestamps"), up=BOTH,
        down=BOTH),
    tcp("kernel without window scaling", sysctl=without("window_scaling"), up=BOTH, down=BOTH),
    tcp("sim without window scaling", host=("--ns3::MptcpSocket::WindowScaling=false",), up=BOTH,
        down=BOTH),
    tcp("both open at the same time", host=("--delay=400ms", "--startAt=0.8", "--localPort=5002"),
        peer=("--port=5002", "--local-port=5001"), crossing=True, up=200000, down=200000,
        also=(tcp_checks.crossed,)),
]

LOSSES = [
    tcp("loss of 1 %", host=LOSS, up=BOTH, down=BOTH, counters={"TcpExtTCPSackRecovery": 1}),
    tcp("loss of 1 %, sim server", sim="server", host=LOSS, up=BOTH, down=BOTH,
        counters={"TcpExtTCPSackRecovery": 1}),
    tcp("loss of 1 %, kernel without SACK", host=LOSS, sysctl=without("sack"), up=BOTH, down=BOTH,
        counters={"TcpExtTCPRenoRecovery": 1}),
    tcp("loss of 1 %, sim without SACK", host=(*LOSS, "--ns3::MptcpSocket::Sack=false"),
        up=BOTH, down=BOTH, counters={"TcpExtTCPRenoRecovery": 1}),
    tcp("loss of 1 %, no timestamps", host=(*LOSS, *NO_TIMESTAMPS), up=BOTH, down=BOTH,
        counters={"TcpExtTCPSackRecovery": 1}),
    tcp("loss of 8 %", host=("--loss=0.08",), up=MEGA, down=MEGA,
        counters={"TcpExtTCPSackRecovery": 3, "TcpExtTCPFastRetrans": 10}),
    # RACK: lost in the middle of a flight, marked by time, repaired without a time-out.
    tcp("kernel's segments are lost in a flight", host=("--loseDown=14,16-18,40,60-63",), up=0,
        counters={"TcpExtTCPSackRecovery": 1, "TcpExtTCPFastRetrans": 4},
        zero=("TcpExtTCPTimeouts",)),
    tcp("sim's segments are lost in a flight", host=("--loseUp=14,16-18,40,60-63",), down=0,
        counters={"TcpExtTCPOFOQueue": 4}, zero=("TcpExtTCPDSACKOldSent",),
        also=(tcp_checks.repaired_once,)),
    tcp("kernel's tail is lost", host=("--loseDown=21-",), up=0, down=SHORT,
        counters={"TcpExtTCPLossProbes": 1}, zero=("TcpExtTCPTimeouts",), quick=4),
    # The second write comes when all is over: a FIN would tell of the loss before any probe. One
    # segment alone would be probed no earlier than a delayed ACK can come.
    tcp("sim's tail is lost", up=SHORT + 1000, down=0,
        host=("--loseUp=20-21", "--ns3::ByteStreamApplication::WriteSize=%d" % SHORT,
              "--ns3::ByteStreamApplication::WriteInterval=1s"),
        zero=("TcpExtTCPDSACKOldSent",), also=(tcp_checks.probed_tail,), quick=6),
    tcp("path falls silent and returns", host=("--silentAt=0.8", "--silentUntil=1.8"), up=BOTH,
        down=BOTH, counters={"TcpExtTCPTimeouts": 1}),
    # What stalls comes later and is no loss: Eifel by timestamps, F-RTO without.
    tcp("time-outs are spurious", host=STALL, up=BOTH, down=BOTH,
        counters={"TcpExtTCPTimeouts": 1, "TcpExtTCPDSACKOldSent": 1, "TcpExtTCPDSACKRecv": 1},
        also=(tcp_checks.undone(4), tcp_checks.duplicates_told)),
    tcp("time-outs are spurious, no timestamps", host=(*STALL, *NO_TIMESTAMPS), up=BOTH, down=BOTH,
        counters={"TcpExtTCPTimeouts": 1, "TcpExtTCPSpuriousRTOs": 1}, also=(tcp_checks.undone(4),)),
]

WINDOWS = [
    tcp("kernel reads late", up=BOTH, down=0, peer=("--read-after=1.5",),
        counters={"TcpExtTCPToZeroWindowAdv": 1, "TcpExtTCPFromZeroWindowAdv": 1},
        also=(tcp_checks.probed_window,)),
    tcp("sim reads late", up=0, down=BOTH, counters={"TcpExtTCPWinProbe": 1},
        host=("--ns3::TcpSocket::RcvBufSize=65536", "--ns3::ByteStreamApplication::ReadDelay=2s")),
    tcp("Nagle's algorithm", up=60000, down=60000, host=(*SMALL_WRITES, AT_ONCE % "false"),
        peer=SMALL_WRITES_OF_KERNEL, also=(tcp_checks.nagle,), quick=4),
    tcp("no Nagle's algorithm", up=60000, down=60000, host=(*SMALL_WRITES, AT_ONCE % "true"),
        peer=(*SMALL_WRITES_OF_KERNEL, "--no-delay"), also=(tcp_checks.no_nagle,)),
]

MARKED = [
    tcp("ECN, marks both ways", host=MARKS, sysctl=ECN, up=BOTH, down=BOTH, quick=6,
        words=("ecn", "ecnseen"), counters={"TcpExtTCPDeliveredCE": 1},
        also=(tcp_checks.ecn_used,)),
    tcp("ECN, marks both ways, sim server", sim="server", host=MARKS, sysctl=ECN, up=BOTH,
        down=BOTH, words=("ecn", "ecnseen"), counters={"TcpExtTCPDeliveredCE": 1},
        also=(tcp_checks.ecn_used,)),
    tcp("ECN, kernel accepts it only", host=MARKS, up=BOTH, down=BOTH, words=("ecn", "ecnseen"),
        counters={"TcpExtTCPDeliveredCE": 1}, also=(tcp_checks.ecn_used,)),
    tcp("ECN, kernel refuses", host=MARKS, sysctl=NO_ECN, zero=("TcpExtTCPDeliveredCE",),
        also=(tcp_checks.ecn_unused,)),
    tcp("ECN, sim refuses", sim="server", sysctl=ECN, zero=("TcpExtTCPDeliveredCE",),
        also=(tcp_checks.ecn_unused,)),
    tcp("DCTCP", host=("--congestion=ns3::TcpDctcp", "--markAfter=1ms"),
        sysctl=(*ECN, *use("dctcp")), needs=needs("dctcp"), up=BOTH, down=BOTH, words=("dctcp",),
        counters={"TcpExtTCPDeliveredCE": 10}, also=(tcp_checks.ecn_used,)),
]

PATH_MTU = [
    tcp("narrow way to the kernel", narrow=("kernel", 1300), up=BOTH, down=BOTH, quick=4,
        also=(tcp_checks.narrow_to_kernel,)),
    tcp("narrow way to the host", narrow=("host", 1300), up=BOTH, down=BOTH,
        also=(tcp_checks.narrow_to_host,)),
    tcp("forged ICMP errors", **quiet(2.2), router=True, also=(tcp_checks.unshrunk,),
        attacks=((0.8, "too-big", "kernel"), (1.0, "closed", "kernel"),
                 (1.4, "too-big", "host"), (1.6, "closed", "host"))),
]

ATTACKS = [
    tcp("challenge ACKs", **quiet(3.4), router=True, quick=6,
        counters={"TcpExtTCPChallengeACK": 2, "TcpExtTCPSYNChallenge": 1},
        # The kernel answers once in half a second.
        attacks=((0.8, "syn", "kernel"), (1.4, "reset", "kernel"), (2.0, "old-ack", "kernel"),
                 (2.35, "syn", "host"), (2.7, "reset", "host"), (3.05, "old-ack", "host")),
        also=(tcp_checks.challenged,)),
]

PACE = [
    tcp("sim paces", host=("--ns3::MptcpSocket::Pacing=true",
                           "--ns3::TcpSocketState::MaxPacingRate=6Mbps"),
        up=MEGA, down=0, also=(tcp_checks.paced(6),)),
    tcp("sim's BBR", host=(BBR,), up=BOTH, down=0, also=(tcp_checks.queue_short(0.03),)),
    tcp("kernel's BBR", sysctl=use("bbr"), needs=needs("bbr"), up=0, down=BOTH, words=("bbr",)),
]

LIFE = [
    tcp("kernel's keepalive", peer=("--keepalive", "--start=2.8"),
        counters={"TcpExtTCPKeepAlive": 1}, also=(tcp_checks.kept_alive(True),)),
    tcp("sim's keepalive", also=(tcp_checks.kept_alive(False),), peer=("--start=2",),
        host=("--ns3::MptcpSocket::KeepAlive=true", "--ns3::MptcpSocket::KeepAliveIdle=700ms",
              QUIET[0] % 2)),
    tcp("keepalives find a dead peer", check=tcp_checks.gave_up(1.8, 4),
        peer=("--keepalive", "--start=20"), counters={"TcpExtTCPAbortOnTimeout": 1},
        host=("--ns3::MptcpSocket::KeepAlive=true", "--ns3::MptcpSocket::KeepAliveIdle=1s",
              "--ns3::MptcpSocket::KeepAliveInterval=300ms",
              "--ns3::MptcpSocket::KeepAliveCount=3", "--silentAt=1", QUIET[0] % 20)),
    tcp("user time-outs", check=tcp_checks.gave_up(1.7, 3.5), up=BOTH, down=BOTH,
        peer=("--user-timeout=1000",), counters={"TcpExtTCPAbortOnTimeout": 1},
        host=("--ns3::MptcpSocket::UserTimeout=1s", "--silentAt=1")),
    tcp("sim's Linger is 0", check=tcp_checks.reset(False), up=0, down=BOTH * 4,
        counters={"TcpEstabResets": 1},
        host=("--ns3::MptcpSocket::Linger=0s", "--closeAt=1.2", *SLOW)),
    tcp("sim closes with unread data", check=tcp_checks.reset(False), up=0, down=BOTH * 4,
        counters={"TcpEstabResets": 1},
        host=("--ns3::ByteStreamApplication::ReadDelay=100s", "--closeAt=1.5")),
    tcp("kernel's SO_LINGER is 0", check=tcp_checks.reset(True), up=BOTH * 4, down=0, host=SLOW,
        peer=("--reset-after=500000",), counters={"TcpOutRsts": 1}),
    tcp("kernel closes with unread data", check=tcp_checks.reset(True), down=0,
        peer=("--leave-after=1",), counters={"TcpExtTCPAbortOnClose": 1}),
]

SUBFLOWS = [
    Case("ECN, marks both ways", host=MARKS, sysctl=ECN, up=BOTH, down=BOTH,
         words=("ecn", "ecnseen"), counters={"TcpExtTCPDeliveredCE": 1},
         also=(tcp_checks.ecn_used,)),
    Case("narrow way to the kernel", narrow=("kernel", 1300), up=BOTH, down=BOTH,
         also=(tcp_checks.narrow_to_kernel,)),
    Case("narrow way to the host", narrow=("host", 1300), up=BOTH, down=BOTH, quick=6,
         also=(tcp_checks.narrow_to_host,)),
    Case("sim's BBR", host=(BBR,), up=BOTH, down=0, also=(tcp_checks.queue_short(0.03),)),
    Case("kernel's BBR", sysctl=use("bbr"), needs=needs("bbr"), up=0, down=BOTH, words=("bbr",)),
    Case("time-outs are spurious", host=STALL, up=BOTH, down=BOTH,
         counters={"TcpExtTCPTimeouts": 1}),
    Case("loss of 8 %", host=("--loss=0.08",), up=MEGA, down=MEGA,
         counters={"TcpExtTCPSackRecovery": 2, "TcpExtTCPFastRetrans": 5}),
]

TCP = (BASIC + LOSSES + WINDOWS + MARKED + PATH_MTU + ATTACKS + PACE + LIFE + SUBFLOWS)
