# SPDX-License-Identifier: GPL-2.0-only
"""The rows: what is set up on either side, what happens, and what must be seen afterwards."""
import checks
import path_checks
from case import BOTH, Case
from matrix_tcp import TCP

SLOW = ("--rate=8Mbps",)
ENDPOINTS = ("--pathManager=ns3::MptcpEndpointPathManager",)
NO_TIMESTAMPS = ("--ns3::MptcpSocket::Timestamp=false",)
CHECKSUM = (("net.mptcp.checksum_enabled", 1),)
NO_JOIN = (("net.mptcp.allow_join_initial_addr_port", 0),)
LOSS = ("--loss=0.01",)

DIRECTIONS = [
    Case("sim client, both directions", quick=4),
    Case("sim client, upload", up=BOTH, down=0),
    Case("sim client, download", up=0, down=BOTH),
    Case("sim server, both directions", sim="server", setup=("endpoint subflow",), quick=6),
    Case("sim server, upload", sim="server", up=BOTH, down=0, setup=("endpoint subflow",)),
    Case("sim server, download", sim="server", up=0, down=BOTH, setup=("endpoint subflow",)),
    Case("sim client, loss of 1 %", host=LOSS, up=BOTH, down=BOTH,
         counters={"TcpExtTCPSackRecovery": 1}),
    Case("sim server, loss of 1 %", sim="server", host=LOSS, up=BOTH, down=BOTH,
         setup=("endpoint subflow",), counters={"TcpExtTCPSackRecovery": 1}),
    Case("kernel reads late", up=BOTH, down=0, peer=("--read-after=1.5",),
         counters={"TcpExtTCPToZeroWindowAdv": 1}),
]

SUBFLOWS = [
    Case("kernel's subflow endpoint", sim="server", setup=("endpoint subflow",), up=BOTH, down=BOTH,
         counters={"MPJoinSynTx": 1, "MPJoinSynAckRx": 1}, sockets={"subflows": 1}, flags=("jJ",)),
    Case("kernel's full mesh endpoint", sim="server", setup=("endpoint subflow fullmesh",),
         up=BOTH, down=BOTH, least=3, counters={"MPJoinSynTx": 2}, sockets={"subflows": 2},
         events={"SF_ESTABLISHED": 2, "ANNOUNCED": 1}),
    Case("kernel signals a second address", setup=("endpoint signal",), quick=4,
         up=BOTH, down=BOTH, least=3, counters={"MPJoinAckRx": 2, "AddAddrTx": 1, "EchoAdd": 1},
         sockets={"add_addr_signal": 1, "subflows": 2}),
    Case("kernel signals an address with a port", setup=("endpoint signal port 5002",),
         families=(4,), up=BOTH, down=BOTH, least=3,
         counters={"MPJoinPortSynRx": 1, "MPJoinPortAckRx": 1, "EchoAdd": 1}),
    Case("kernel signals an address with a port, no timestamps", host=NO_TIMESTAMPS, up=BOTH,
         down=BOTH, setup=("endpoint signal port 5002",), least=3,
         counters={"MPJoinPortSynRx": 1, "MPJoinPortAckRx": 1, "EchoAdd": 1}),
    Case("kernel signals an address of the other family", setup=("other-endpoint signal",),
         # The kernel's socket must listen in both.
         peer=("--address=::",), up=BOTH, down=BOTH, least=3, counters={"MPJoinAckRx": 2, "EchoAdd": 1}),
    Case("kernel accepts no subflow", setup=("limits subflow 0 add_addr_accepted 0",), least=1,
         spares=("MPJoinRejected",), counters={"MPJoinSynRx": 1}, up=BOTH, down=BOTH),
    Case("kernel accepts no address", sim="server", least=1, up=BOTH, down=BOTH,
         setup=("limits subflow 0 add_addr_accepted 0",), counters={"AddAddr": 1},
         events={"ANNOUNCED": 1}, spares=("EchoAddTxDrop",)),
    Case("kernel denies joins to its first address", sysctl=NO_JOIN, setup=("endpoint signal",),
         up=BOTH, down=BOTH, counters={"MPJoinAckRx": 1}),
    Case("sim's signal endpoint", sim="server", host=(*ENDPOINTS, "--endpoint=signal"), up=BOTH,
         down=BOTH, counters={"AddAddr": 1, "EchoAddTx": 1, "MPJoinSynTx": 1},
         events={"ANNOUNCED": 1}, sockets={"add_addr_accepted": 1}),
    Case("sim's signal endpoint with a port", sim="server", families=(4,), up=BOTH, down=BOTH,
         host=(*ENDPOINTS, "--endpoint=signal", "--endpointPort=5002"),
         counters={"AddAddr": 1, "PortAdd": 1, "MPJoinSynTx": 1}, events={"ANNOUNCED": 1}),
    Case("sim's signal endpoint with a port, no timestamps", sim="server", up=BOTH, down=BOTH,
         host=(*ENDPOINTS, *NO_TIMESTAMPS, "--endpoint=signal", "--endpointPort=5002"),
         counters={"AddAddr": 1, "PortAdd": 1, "MPJoinSynTx": 1}, events={"ANNOUNCED": 1}),
    Case("sim's signal endpoint with a port, ADD_ADDR without timestamps", sim="server",
         families=(6,), up=BOTH, down=BOTH,
         host=(*ENDPOINTS, "--ns3::MptcpSocket::AddAddrDropsTimestamps=true", "--endpoint=signal",
               "--endpointPort=5002"),
         counters={"AddAddr": 1, "PortAdd": 1, "MPJoinSynTx": 1}, events={"ANNOUNCED": 1}),
    Case("sim's subflow endpoint", host=(*ENDPOINTS, "--endpoint=subflow"), up=BOTH, down=BOTH,
         counters={"MPJoinAckRx": 1}),
    Case("sim denies joins to its first address", sim="server", up=BOTH, down=BOTH,
         setup=("endpoint subflow",),
         host=(*ENDPOINTS, "--endpoint=signal", "--ns3::MptcpSocket::DenyJoinInitialAddress=true"),
         counters={"AddAddr": 1, "MPJoinSynTx": 1}, events={"ANNOUNCED": 1}),
    Case("full mesh of sim's endpoint and the kernel's signal", setup=("endpoint signal",),
         host=(*ENDPOINTS, "--endpoint=subflow,fullmesh"), up=BOTH, down=BOTH, least=3,
         counters={"MPJoinAckRx": 2, "EchoAdd": 1}),
]

CHANGES = [
    Case("kernel's subflow endpoint is removed", sim="server", setup=("endpoint subflow",),
         up=BOTH, down=BOTH, host=SLOW, during=((1.2, "remove 1"),),
         counters={"RmAddrTx": 1, "RmSubflow": 1}, events={"SF_CLOSED": 1}),
    Case("kernel's endpoints are flushed", sim="server", setup=("endpoint subflow",),
         up=BOTH, down=BOTH, host=SLOW, during=((1.2, "flush"),),
         counters={"RmSubflow": 1}, events={"SF_CLOSED": 1}),
    # Without an upload, whose queue of 100 packets would lose the one that answers.
    Case("kernel's subflow endpoint is added", sim="server", up=0, down=BOTH, host=SLOW,
         during=((0.8, "endpoint subflow"),), counters={"MPJoinSynTx": 1}),
    Case("kernel's signal endpoint is removed", up=BOTH, down=BOTH, host=SLOW, least=3,
         setup=("endpoint signal",), during=((1.2, "flush"),),
         counters={"RmAddrTx": 1, "RmSubflow": 1}, events={"SF_CLOSED": 1}),
    Case("kernel's signal endpoint is added", up=0, down=BOTH, host=SLOW, least=3,
         during=((0.8, "endpoint signal"),), counters={"EchoAdd": 1}),
    Case("kernel removes its first address", up=BOTH, down=BOTH, host=SLOW, least=3,
         setup=("endpoint signal",), during=((1.2, "remove-initial"),),
         counters={"RmAddrTx": 1, "RmSubflow": 2}, events={"SF_CLOSED": 2}, also=(checks.fell,)),
    Case("sim's signal endpoint is removed", sim="server", up=BOTH, down=BOTH,
         host=(*ENDPOINTS, *SLOW, "--endpoint=signal", "--endpointRemoveAt=1.5"),
         counters={"AddAddr": 1, "RmAddr": 1},
         events={"ANNOUNCED": 1, "REMOVED": 1, "SF_CLOSED": 1}),
    Case("sim's subflow endpoint is added and removed", up=BOTH, down=BOTH,
         host=(*ENDPOINTS, *SLOW, "--endpoint=subflow", "--endpointAt=0.8", "--endpointRemoveAt=2"),
         counters={"MPJoinAckRx": 1, "RmAddr": 1}, events={"REMOVED": 1, "SF_CLOSED": 1}),
    Case("sim's interface goes down", host=(*SLOW, "--downAt=1"), up=BOTH, down=BOTH,
         counters={"RmAddr": 1}, events={"REMOVED": 1, "SF_CLOSED": 1}, also=(checks.fell,)),
    Case("sim's interface goes down and up", host=(*SLOW, "--downAt=1", "--upAt=2"),
         up=BOTH, down=BOTH, least=3, counters={"RmAddr": 1, "MPJoinAckRx": 2},
         events={"REMOVED": 1, "SF_CLOSED": 1, "SF_ESTABLISHED": 2}, also=(checks.returned,)),
    Case("kernel's interface goes down and up", sim="server", host=SLOW, up=2 * BOTH,
         down=2 * BOTH, setup=("endpoint subflow",), during=((1, "down 1"), (2, "up 1")),
         also=(path_checks.interrupted,)),
    # Long enough for the time-outs of a loaded machine: stale after the fourth one.
    Case("first path falls silent and returns", up=3 * BOTH, down=3 * BOTH,
         host=("--silentAt=1", "--silentUntil=5", *SLOW),
         counters={"SubflowStale": 1, "SubflowRecover": 1}),
    Case("first path falls silent for good", up=BOTH, down=BOTH, host=("--silentAt=1", *SLOW),
         counters={"SubflowStale": 1}),
]

PRIORITIES = [
    Case("kernel's backup endpoint", sim="server", setup=("endpoint subflow backup",), up=BOTH,
         down=BOTH, check=checks.backup_rests, flags=("b",)),
    # Slow, so that the tools that look every tenth of a second see it on a loaded machine too.
    Case("kernel's signal endpoint is a backup", host=SLOW, setup=("endpoint signal backup",), up=BOTH,
         down=BOTH, least=3, flags=("b",)),
    Case("sim's backup subflow", host=("--backup=true",), up=BOTH, down=BOTH,
         check=checks.backup_rests, counters={"MPJoinSynBackupRx": 1}, flags=("B",)),
    Case("sim's backup endpoint", host=(*ENDPOINTS, "--endpoint=subflow,backup"), up=BOTH,
         down=BOTH, check=checks.backup_rests, counters={"MPJoinSynBackupRx": 1}, flags=("B",)),
    Case("sim's backup endpoint takes over", up=BOTH, down=BOTH,
         host=(*ENDPOINTS, "--endpoint=subflow,backup", "--silentAt=1", *SLOW),
         counters={"MPJoinSynBackupRx": 1, "SubflowStale": 1}, flags=("B",)),
    Case("kernel's backup endpoint takes over", sim="server", setup=("endpoint subflow backup",),
         up=BOTH, down=BOTH, host=("--silentAt=1", *SLOW), counters={"SubflowStale": 1},
         flags=("b",)),
    # Without a download, in whose queue an MP_PRIO may be lost: nobody acknowledges it.
    Case("kernel switches priority", sim="server", setup=("endpoint subflow",), up=2 * BOTH, down=0,
         host=SLOW, during=((1, "change 1 backup"), (2.2, "change 1 nobackup")),
         counters={"MPPrioTx": 2}, flags=("b",), also=(path_checks.rested,)),
    Case("sim's endpoint switches priority", up=BOTH, down=BOTH,
         host=(*ENDPOINTS, *SLOW, "--endpoint=subflow", "--endpointBackupAt=1",
               "--endpointBackupUntil=2"),
         counters={"MPPrioRx": 2}, events={"SF_PRIO": 2}, flags=("B",)),
]

CHECKSUMS = [
    Case("kernel requires checksums, sim client", sysctl=CHECKSUM, up=BOTH, down=BOTH,
         sockets={"csum_enabled": 1}),
    Case("kernel requires checksums, sim server", sim="server", sysctl=CHECKSUM,
         setup=("endpoint subflow",), up=BOTH, down=BOTH, sockets={"csum_enabled": 1}),
    Case("sim requires checksums, sim client", host=("--checksum=true",), up=BOTH, down=BOTH,
         sockets={"csum_enabled": 1}),
    Case("sim requires checksums, sim server", sim="server", host=("--checksum=true",),
         setup=("endpoint subflow",), up=BOTH, down=BOTH, sockets={"csum_enabled": 1}),
    Case("both require checksums, sim client", sysctl=CHECKSUM, host=("--checksum=true",), quick=6,
         up=BOTH, down=BOTH, sockets={"csum_enabled": 1}),
    Case("both require checksums, sim server", sim="server", sysctl=CHECKSUM,
         host=("--checksum=true",), setup=("endpoint subflow",), up=BOTH, down=BOTH,
         sockets={"csum_enabled": 1}),
    Case("sim refuses checksums", sysctl=CHECKSUM, host=("--refuseChecksum=true",), least=1,
         check=checks.fell_back, agreed=True, spares=("MPCapableFallbackACK",)),
]

FALLBACKS = [
    Case("kernel's MPTCP is off, sim client", sysctl=(("net.mptcp.enabled", 0),), tcp=True,
         least=1, check=checks.fell_back, quick=6),
    Case("kernel's socket is plain TCP, sim client", tcp=True, least=1, check=checks.fell_back),
    Case("kernel's socket is plain TCP, sim server", sim="server", tcp=True, least=1,
         check=checks.fell_back, quick=4),
    Case("sim without MPTCP, client", host=("--multipath=false",), least=1,
         check=checks.fell_back),
    Case("sim without MPTCP, server", sim="server", host=("--multipath=false",), least=1,
         check=checks.fell_back, sockets={"fallback": 1}, spares=("MPCapableFallbackSYNACK",),
         counters={"MPCapableSYNTX": 1}),
    # RFC 6824, which Linux does not speak.
    Case("sim client of version 0", host=("--ns3::MptcpSocket::Version=0",), least=1, up=BOTH,
         down=BOTH, check=checks.fell_back),
    Case("sim server of version 0", sim="server", host=("--ns3::MptcpSocket::Version=0",), least=1,
         check=checks.fell_back, sockets={"fallback": 1}, spares=("MPCapableFallbackSYNACK",),
         counters={"MPCapableSYNTX": 1}),
]

ENDS = [
    # A RST behind a loss is answered by a challenge, and the answer to that has no MP_FASTCLOSE
    # (RFC 5961; Linux's RSTs fare no better): only the form that is an ACK can follow an upload.
    Case("sim client aborts", host=("--abortAt=1.5", *SLOW), up=0, down=BOTH * 4,
         check=checks.reset_by_host, counters={"MPFastcloseRx": 1}),
    Case("sim server aborts", sim="server", host=("--abortAt=1.5", *SLOW), up=0, down=BOTH * 4,
         setup=("endpoint subflow",), check=checks.reset_by_host, counters={"MPFastcloseRx": 1}),
    Case("sim aborts by an ACK", host=("--abortAt=1.5", *SLOW, "--fastcloseByAck=true"),
         up=BOTH * 4, down=BOTH * 4, check=checks.reset_by_host, counters={"MPFastcloseRx": 1}),
    Case("kernel server aborts", quick=4, peer=("--reset-after=1000000",), up=BOTH * 4, down=0,
         check=checks.reset_by_kernel, counters={"MPFastcloseTx": 1, "MPRstTx": 1},
         events={"CLOSED": 1}),
    Case("kernel client aborts", sim="server", peer=("--reset-after=1000000",), up=BOTH * 4,
         down=0, setup=("endpoint subflow",), check=checks.reset_by_kernel,
         counters={"MPFastcloseTx": 1, "MPRstTx": 1}, events={"CLOSED": 1}),
]

CASES = (DIRECTIONS + SUBFLOWS + CHANGES + PRIORITIES + CHECKSUMS + FALLBACKS + ENDS + TCP)
