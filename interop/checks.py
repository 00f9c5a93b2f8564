# SPDX-License-Identifier: GPL-2.0-only
"""What must hold after a row of the matrix, by what both ends and the kernel's tools say.

Each check is a function of (case, seen) that returns a list of complaints. `seen` has
  host       what mptcp-interop-host said
  kernel     what kernel-peer.py said
  events     of `ip mptcp monitor`
  connection, subflows   of `ss -Mi` and `ss -ti`
  counts     of established subflows, with the times when they changed
  counters   of nstat
  captures   files of the packets at the host's interfaces, one a path
  attacks    what inject.py said, if the row has attacks
"""
# Counters that stand for something that neither end may do to the other, unless a case says so.
NEVER = ("MPJoinNoTokenFound", "MPJoinSynAckHMacFailure", "MPJoinAckHMacFailure", "DSSNotMatching",
         "DSSCorruptionFallback", "DSSCorruptionReset", "InfiniteMapRx", "InfiniteMapTx",
         "DSSNoMatchTCP", "DataCsumErr", "MPFailRx", "MPFailTx", "MPFastcloseRx", "MPFastcloseTx",
         "MismatchPortSynRx", "MismatchPortAckRx", "MPCapableFallbackACK",
         "MPCapableFallbackSYNACK", "MPCapableDataFallback", "DssFallback", "FallbackFailed",
         "MPJoinRejected", "AddAddrTxDrop", "EchoAddTxDrop", "RmAddrTxDrop")


def count(seen, event):
    """How often the monitor told of it."""
    return sum(name == event for name, _ in seen["events"])


def counter(seen, name):
    """A counter of nstat; those of MPTCP go without their prefix."""
    return seen["counters"].get(name, seen["counters"].get("MPTcpExt" + name, 0))


def stream(case, seen):
    """Every byte arrived, in order, and both ends saw the end of the stream."""
    wrong = []
    ours, kernel = seen["host"], seen["kernel"]
    if ours["wrong"] or kernel["wrong"]:
        wrong.append("bytes differ")
    if ours["received"] != case.down or kernel["received"] != case.up:
        wrong.append("kernel received %d of %d, host %d of %d"
                     % (kernel["received"], case.up, ours["received"], case.down))
    for here, there in (("sent", "received"), ("received", "sent")):
        if ours["sha256_" + here] != kernel["sha256_" + there]:
            wrong.append("the digests of what the kernel %s differ" % there)
    if not ours["end"] or not kernel["end"]:
        wrong.append("no end of stream")
    if kernel["error"]:
        wrong.append("kernel: " + kernel["error"])
    if ours["subflows"] < case.least:
        wrong.append("%d subflows instead of %d" % (ours["subflows"], case.least))
    return wrong


def asked(case, seen):
    """What the case names has happened in the kernel, and nothing that must not."""
    wrong = []
    for name, least in case.counters.items():
        if counter(seen, name) < least:
            wrong.append("nstat: %s is %d, less than %d" % (name, counter(seen, name), least))
    for name in case.zero:
        if counter(seen, name):
            wrong.append("nstat: %s is %d instead of 0" % (name, counter(seen, name)))
    for name in NEVER:
        if name not in case.counters and name not in case.spares and counter(seen, name):
            wrong.append("nstat: %s is %d" % (name, counter(seen, name)))
    for name, least in case.events.items():
        if count(seen, name) < least:
            wrong.append("monitor: %d of %d %s" % (count(seen, name), least, name))
    for name, least in case.sockets.items():
        if seen["connection"].get(name, 0) < least:
            wrong.append("ss: %s is %d, less than %d"
                         % (name, seen["connection"].get(name, 0), least))
    for letters in case.flags:
        if not any(set(letters) <= set(subflow.get("flags", ""))
                   for subflow in seen["subflows"].values()):
            wrong.append("ss: no subflow had the flags " + letters)
    for word in case.words:
        if not any(word in subflow for subflow in seen["subflows"].values()):
            wrong.append("ss: no subflow had " + word)
    return wrong


def life(case, seen):
    """The kernel saw a connection begin, its subflows come, and its end."""
    wrong = []
    for name in ("CREATED", "ESTABLISHED", "CLOSED"):
        if count(seen, name) != 1:
            wrong.append("monitor: %d %s" % (count(seen, name), name))
    client = case.sim == "server"
    for name in ("MPCapableSYNTX", "MPCapableSYNACKRX") if client else ("MPCapableSYNRX",
                                                                        "MPCapableACKRX"):
        if counter(seen, name) != 1:
            wrong.append("nstat: %s is %d" % (name, counter(seen, name)))
    # The first subflow has an event of the connection only.
    joined = count(seen, "SF_ESTABLISHED")
    if joined != seen["host"]["subflows"] - 1:
        wrong.append("monitor: %d SF_ESTABLISHED where the host established %d"
                     % (joined, seen["host"]["subflows"] - 1))
    finished = counter(seen, "MPJoinSynAckRx") + counter(seen, "MPJoinAckRx")
    if finished < joined:
        wrong.append("nstat: %d joins were finished, the monitor tells of %d" % (finished, joined))
    if not seen["connection"].get("remote_key"):
        wrong.append("ss: no connection with the peer's key")
    if seen["connection"].get("fallback"):
        wrong.append("ss: fallback")
    if not any(("m" if client else "M") in subflow.get("flags", "")
               for subflow in seen["subflows"].values()):
        wrong.append("ss: no subflow from MP_CAPABLE")
    if joined and not any("J" in subflow.get("flags", "") for subflow in seen["subflows"].values()):
        wrong.append("ss: no subflow from MP_JOIN")
    return wrong


def whole(case, seen):
    """An MPTCP connection from its begin to its orderly end."""
    return stream(case, seen) + asked(case, seen) + life(case, seen)


def fell(case, seen):
    """Subflows ended in mid-transfer: the kernel has fewer for a while, but one at least."""
    del case
    most = 0
    for (since, count), (until, _) in zip(seen["counts"], seen["counts"][1:]):
        if 0 < count < most and until - since > 0.5:
            return []
        most = max(most, count)
    return ["ss: the number of subflows did not fall: %s" % [count for _, count in seen["counts"]]]


def returned(case, seen):
    """As fell(), and there are more again."""
    counts = [count for _, count in seen["counts"]]
    if not any(after > count > 0 and before > count for before, count, after
               in zip(counts, counts[1:], counts[2:])):
        return ["ss: no subflow came back: %s" % counts]
    return fell(case, seen)


def fell_back(case, seen):
    """The stream is whole, but went as plain TCP, and the kernel knows that."""
    wrong = stream(case, seen) + asked(case, seen)
    if seen["host"]["subflows"] != 1:
        wrong.append("%d subflows after a fallback" % seen["host"]["subflows"])
    if seen["host"]["most"] > 1:
        wrong.append("no fallback")
    for name in ("ESTABLISHED", "SF_ESTABLISHED"):
        if not case.agreed and count(seen, name):
            wrong.append("monitor: %s of a connection that is plain TCP" % name)
    if any("J" in subflow.get("flags", "") for subflow in seen["subflows"].values()):
        wrong.append("ss: a join after a fallback")
    return wrong


def backup_rests(case, seen):
    """As whole(); and a subflow that is a backup all the time has carried next to nothing."""
    wrong = whole(case, seen)
    backups = {name: subflow for name, subflow in seen["subflows"].items()
               if set("Bb") & set(subflow.get("flags", ""))}
    if not backups:
        wrong.append("ss: no backup subflow")
    for name, subflow in backups.items():
        carried = subflow.get("bytes_received", 0) + subflow.get("bytes_sent", 0)
        if carried > (case.up + case.down) / 50:
            wrong.append("the backup %s carried %d bytes" % (name, carried))
    return wrong


def reset_by_kernel(case, seen):
    """The host's connection was reset, and what had arrived was right."""
    wrong = asked(case, seen)
    if seen["host"]["wrong"]:
        wrong.append("bytes differ")
    if not seen["host"]["ended"] or seen["host"]["errno"] != 104:
        wrong.append("errno %d instead of ECONNRESET" % seen["host"]["errno"])
    return wrong


def reset_by_host(case, seen):
    """The kernel's connection was reset, and what had arrived was right."""
    wrong = asked(case, seen)
    if seen["kernel"]["wrong"]:
        wrong.append("bytes differ")
    if seen["kernel"]["error"] not in ("ECONNRESET", "EPIPE"):
        wrong.append("kernel: %s instead of ECONNRESET" % (seen["kernel"]["error"] or "no error"))
    return wrong
