# SPDX-License-Identifier: GPL-2.0-only
"""Rows of segment routing: a simulated host's subflow through a kernel's SID, and a kernel's
traffic through simulated routers. They use mptcp-interop-srv6."""
import json
import os
import re
import select
import subprocess
import sys
from pathlib import Path

from kernel_side import remove, run
from requirements import has_segment_routing

HERE = Path(__file__).resolve().parent
BYTES = 2000000
LEFT, MIDDLE, RIGHT = "mptcp-interop-left", "mptcp-interop-middle", "mptcp-interop-right"


class Net:
    """Network namespaces, and what was started in them; all ends with it."""

    def __init__(self, *names):
        self.names = names
        self.processes = []

    def __enter__(self):
        try:
            self.build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def build(self):
        """Make the namespaces."""
        remove(*self.names)
        for name in self.names:
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
            for key in ("forwarding=1", "seg6_enabled=1", "accept_dad=0"):
                for scope in ("all", "default"):
                    self.sysctl(name, "net.ipv6.conf.%s.%s" % (scope, key))
            self.sysctl(name, "net.ipv4.tcp_congestion_control=reno")

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.communicate()
        remove(*self.names)

    @staticmethod
    def sysctl(name, setting):
        """Set something in a namespace."""
        run("ip", "netns", "exec", name, "sysctl", "-q", "-w", setting)

    def tap(self, name, address):
        """Give a namespace the device tap0."""
        run("ip", "-n", name, "tuntap", "add", "dev", "tap0", "mode", "tap")
        self.up(name, "tap0", address)

    def up(self, name, device, address):
        """Give a device an address."""
        run("ip", "-n", name, "address", "add", address, "dev", device, "nodad")
        run("ip", "-n", name, "link", "set", device, "up")
        self.sysctl(name, "net.ipv6.conf.%s.seg6_enabled=1" % device)

    def start(self, *command):
        """Start a program and wait until it says that it is ready."""
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.processes.append(process)
        ready, _, _ = select.select([process.stdout], [], [], 10)
        line = process.stdout.readline().strip() if ready else ""
        if line != "ready":
            if process.poll() is None:
                process.kill()
            raise RuntimeError("%s did not start: %s" % (command[0],
                                                         process.communicate()[1].strip() or line))
        return process

    def peer(self, name, role, address, *options):
        """Start an end of a byte stream in a kernel."""
        return self.start("ip", "netns", "exec", name, sys.executable,
                          str(HERE / "kernel-peer.py"), role, "--address=" + address,
                          "--bytes=%d" % BYTES, *options)

    def simulation(self, *options):
        """Start the simulated side."""
        return self.start(os.path.join(os.environ["MPTCP_BUILD"], "interop",
                                       "mptcp-interop-srv6"), *options)


def finish(process):
    """Close a program's standard input, and return what it says at its end."""
    out, err = process.communicate(timeout=60)
    lines = [line for line in out.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError("no result: " + (err.strip() or "no output"))
    return json.loads(lines[-1])


def stream(*ends):
    """Complaints about the ends of a byte stream."""
    wrong = []
    for end in ends:
        if end["wrong"] or end["received"] != BYTES or end["sent"] != BYTES or not end["end"]:
            wrong.append("an end says " + json.dumps({key: end[key] for key in
                                                      ("sent", "received", "wrong", "end")}))
    return wrong


def count(name, sid):
    """Packets that a SID of a kernel has processed."""
    told = run("ip", "-n", name, "-6", "-s", "route", "show", sid)
    match = re.search(r"packets (\d+)", told)
    return int(match[1]) if match else -1


def through_kernel(folder, flavors):
    """A simulated host's second subflow goes through a kernel's End to another kernel."""
    with Net(MIDDLE, RIGHT) as net:
        net.tap(MIDDLE, "fd09::2/64")
        run("ip", "-n", MIDDLE, "link", "add", "veth0", "type", "veth", "peer", "name", "veth0",
            "netns", RIGHT)
        net.up(MIDDLE, "veth0", "fd0a::1/64")
        net.up(RIGHT, "veth0", "fd0a::2/64")
        run("ip", "-n", MIDDLE, "-6", "route", "add", "fd01::/64", "via", "fd09::1")
        run("ip", "-n", RIGHT, "-6", "route", "add", "default", "via", "fd0a::1")
        run("ip", "-n", MIDDLE, "-6", "route", "add", "fc00:9::e", "encap", "seg6local", "action",
            "End", *flavors, "count", "dev", "veth0")
        run("ip", "-n", RIGHT, "mptcp", "limits", "set", "subflow", "8", "add_addr_accepted", "8")
        kernel = net.peer(RIGHT, "server", "::")
        host = net.simulation("--role=host", "--netns=" + MIDDLE, "--bytes=%d" % BYTES,
                              "--pcap=%s/capture" % folder)
        seen = {"kernel": finish(kernel), "packets of the SID": count(MIDDLE, "fc00:9::e")}
        seen["host"] = finish(host)
    wrong = stream(seen["kernel"], seen["host"])
    if seen["packets of the SID"] < 100:
        wrong.append("the kernel's SID has processed %d packets" % seen["packets of the SID"])
    if seen["host"]["routed"] < 100000:
        wrong.append("the subflow with segments has carried %d bytes" % seen["host"]["routed"])
    if seen["kernel"]["subflows"] < 1:
        wrong.append("the kernel has one subflow only")
    return seen, wrong


def through_routers(folder, mode, segments):
    """A kernel's traffic to another one goes through simulated SIDs."""
    with Net(LEFT, RIGHT) as net:
        net.tap(LEFT, "fd11::2/64")
        net.tap(RIGHT, "fd12::2/64")
        routers = net.simulation("--role=routers", "--netns=" + LEFT, "--other=" + RIGHT,
                                 "--pcap=%s/capture" % folder)
        run("ip", "-n", LEFT, "-6", "route", "add", "fc00::/16", "via", "fd11::1")
        run("ip", "-n", LEFT, "-6", "route", "add", "fd12::/64", "encap", "seg6", "mode", mode,
            "segs", ",".join(segments), "via", "fd11::1", "dev", "tap0")
        run("ip", "-n", RIGHT, "-6", "route", "add", "fd11::/64", "via", "fd12::1")
        server = net.peer(RIGHT, "server", "::", "--tcp")
        client = net.peer(LEFT, "client", "fd12::2", "--tcp")
        seen = {"client": finish(client), "server": finish(server), "sids": finish(routers)}
    wrong = stream(seen["client"], seen["server"])
    for sid, (packets, drops) in seen["sids"].items():
        if drops:
            wrong.append("%s has dropped %d packets" % (sid, drops))
        if (packets > 100) != (sid in segments):
            wrong.append("%s has processed %d packets" % (sid, packets))
    return seen, wrong


class Srv6Case:
    """A row. Its function gets a folder for captures and returns facts and complaints."""

    families = (6,)

    def __init__(self, name, function, *arguments, quick=False):
        self.name = "SRv6: " + name
        self.function = function
        self.arguments = arguments
        self.quick = quick
        self.needs = has_segment_routing

    def is_quick(self, family):
        """Whether the short run has it; all are IPv6."""
        return self.quick and family == 6

    def perform(self, folder):
        """Run the row. Returns (facts, complaints)."""
        return self.function(folder, *self.arguments)


CASES = [
    Srv6Case("a host's subflow through a kernel's End", through_kernel, (), quick=True),
    Srv6Case("a host's subflow through a kernel's End with PSP", through_kernel,
             ("flavors", "psp")),
    Srv6Case("a kernel's inserted header through simulated End", through_routers, "inline",
             ("fc00:1::e", "fc00:2::e"), quick=True),
    Srv6Case("a kernel's outer header through simulated End and End.DT6", through_routers,
             "encap", ("fc00:1::e", "fc00:2::d6")),
    Srv6Case("a kernel's outer header through simulated End.X and End.DT6", through_routers,
             "encap", ("fc00:1::a", "fc00:2::d6")),
]
