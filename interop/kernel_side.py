# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's side: a network namespace with a tap device for each path, and what is seen there."""
import contextlib
import os
import re
import signal
import subprocess
import threading
import time

PATHS = 2
# Seconds between two looks at the sockets.
SAMPLE = 0.1


def run(*command):
    """Run a command. Returns its standard output; raises RuntimeError if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError("%s: %s" % (" ".join(command), done.stderr.strip()))
    return done.stdout


def remove(*names):
    """Remove namespaces and end what still runs in them."""
    for name in names:
        listed = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True,
                                check=False)
        for pid in listed.stdout.split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        subprocess.run(["ip", "netns", "delete", name], check=False, stderr=subprocess.DEVNULL)


class Router:
    """
    A second kernel between the taps and the first: tap<i> is here, kernel<i> leads on. It has no
    address on the way, but answers for those on the other side (proxy ARP, proxy ND).
    """

    # Of each tap.
    MAC = "02:00:00:00:00:01"

    def __init__(self, name, kernel, narrow):
        """@param narrow None, or ("kernel" or "host", the MTU of path 0 in that direction)"""
        self.name = name
        self.kernel = kernel
        self.narrow = narrow

    def build(self):
        """Make the namespace, and the kernel's interfaces."""
        remove(self.name)
        run("ip", "netns", "add", self.name)
        settings = ["net.ipv4.ip_forward=1", "net.ipv4.icmp_ratelimit=0",
                    "net.ipv6.icmp.ratelimit=0"]
        for scope in ("all", "default"):
            settings += ["net.ipv6.conf.%s.%s" % (scope, key)
                         for key in ("forwarding=1", "accept_dad=0", "proxy_ndp=1")]
            settings += ["net.ipv4.conf.%s.%s" % (scope, key)
                         for key in ("proxy_arp=1", "send_redirects=0", "rp_filter=0")]
        self.sysctl(*settings)
        self.ip("link", "set", "lo", "up")
        for path in range(PATHS):
            tap, kernel = "tap%d" % path, "kernel%d" % path
            self.ip("tuntap", "add", "dev", tap, "mode", "tap")
            self.ip("link", "set", tap, "address", self.MAC)
            self.ip("link", "add", kernel, "type", "veth", "peer", "name", tap, "netns",
                    self.kernel)
            # It sends its errors from these.
            self.ip("address", "add", "10.8.%d.1/32" % path, "dev", "lo")
            self.ip("address", "add", "fd08:%d::1/128" % path, "dev", "lo")
            for device in (tap, kernel):
                self.ip("link", "set", device, "up")
                self.sysctl(*("net.%s.neigh.%s.proxy_delay=0" % (family, device)
                              for family in ("ipv4", "ipv6")))
            for family, near, far, hosts in (
                    ("-4", "10.9.%d.2/32", "10.9.%d.1", "10.1.%d.0/24"),
                    ("-6", "fd09:%d::2/128", "fd09:%d::1", "fd01:%d::/64")):
                self.ip(family, "route", "add", near % path, "dev", kernel,
                        *self.mtu("kernel", path))
                self.ip(family, "route", "add", far % path, "dev", tap)
                self.ip(family, "route", "add", hosts % path, "via", far % path, "dev", tap,
                        "onlink", *self.mtu("host", path))
            self.ip("-6", "neighbor", "add", "proxy", "fd09:%d::1" % path, "dev", kernel)

    def mtu(self, towards, path):
        """How a route says what it takes."""
        if path == 0 and self.narrow and self.narrow[0] == towards:
            return "mtu", "lock", str(self.narrow[1])
        return ()

    def ip(self, *args):
        return run("ip", "-n", self.name, *args)

    def sysctl(self, *settings):
        run("ip", "netns", "exec", self.name, "sysctl", "-q", "-w", *settings)


class Namespace:
    """A namespace. On path i the kernel has 10.9.i.2 and fd09:i::2, and tap<i> leads there."""

    def __init__(self, name, ipv6, router=None):
        """@param router None, or the Router in between"""
        self.name = name
        self.ipv6 = ipv6
        self.router = router

    def build(self):
        """Make it; close() undoes it, whatever came of this."""
        remove(self.name)
        run("ip", "netns", "add", self.name)
        self.ip("link", "set", "lo", "up")
        if self.router:
            self.router.build()
        # An interface that was down comes back with its addresses.
        self.sysctl("net.ipv6.conf.default.keep_addr_on_down", 1)
        for path in range(PATHS):
            tap = "tap%d" % path
            if not self.router:
                self.ip("tuntap", "add", "dev", tap, "mode", "tap")
            self.ip("address", "add", "10.9.%d.2/24" % path, "dev", tap)
            self.ip("address", "add", "fd09:%d::2/64" % path, "dev", tap, "nodad")
            for family, source in (("-4", "10.9.%d.2"), ("-6", "fd09:%d::2")):
                self.ip(family, "rule", "add", "from", source % path, "table", str(path + 1))
            self.link_up(path)
        self.sysctl("net.ipv4.tcp_congestion_control", "reno")
        self.mptcp("limits", "set", "subflow", "8", "add_addr_accepted", "8")

    @property
    def taps(self):
        """The namespace that has the taps."""
        return self.router.name if self.router else self.name

    def link_up(self, path):
        """Bring an interface up, with the routes that it loses when it goes down."""
        tap = "tap%d" % path
        self.ip("link", "set", tap, "up")
        self.ip("route", "replace", "10.1.%d.0/24" % path, "via", "10.9.%d.1" % path)
        self.ip("-6", "route", "replace", "fd01:%d::/64" % path, "via", "fd09:%d::1" % path)
        # A subflow's source decides where it leaves.
        for family, via in (("-4", "10.9.%d.1"), ("-6", "fd09:%d::1")):
            self.ip(family, "route", "replace", "default", "via", via % path, "dev", tap, "table",
                    str(path + 1))

    def ip(self, *args):
        return run("ip", "-n", self.name, *args)

    def exec(self, *args):
        return run("ip", "netns", "exec", self.name, *args)

    def mptcp(self, *args):
        return self.exec("ip", "mptcp", *args)

    def sysctl(self, key, value):
        self.exec("sysctl", "-q", "-w", "%s=%s" % (key, value))

    def act(self, command):
        """
        Do what a row of the matrix says:
          endpoint FLAGS...         add the address of path 1 as an endpoint
          other-endpoint FLAGS...   the same of the family that the connection does not begin with
          remove-initial            remove address id 0, that of the connection's first subflow
          down PATH, up PATH        an interface
          limits ARGUMENTS...       as of `ip mptcp limits set`
          change ID FLAG            as of `ip mptcp endpoint change`
          remove ID                 an endpoint
          flush                     remove all endpoints
        """
        verb, *words = command.split()
        addresses = ("10.9.%d.2", "fd09:%d::2")
        if verb in ("endpoint", "other-endpoint"):
            address = addresses[self.ipv6 == (verb == "endpoint")] % 1
            self.mptcp("endpoint", "add", address, "dev", "tap1", *words)
        elif verb == "remove-initial":
            self.mptcp("endpoint", "delete", "id", "0", addresses[self.ipv6] % 0)
        elif verb == "down":
            self.ip("link", "set", "tap" + words[0], "down")
        elif verb == "up":
            self.link_up(int(words[0]))
        elif verb == "limits":
            self.mptcp("limits", "set", *words)
        elif verb == "change":
            self.mptcp("endpoint", "change", "id", *words)
        elif verb == "remove":
            self.mptcp("endpoint", "delete", "id", *words)
        elif verb == "flush":
            self.mptcp("endpoint", "flush")
        else:
            raise RuntimeError("the matrix says '%s', which is unknown" % command)

    def counters(self):
        """All counters of nstat that have moved, by name: MPTcpExtMPJoinSynRx, TcpOutRsts ..."""
        rows = (line.split() for line in self.exec("nstat", "-a", "-s").splitlines())
        return {row[0]: int(float(row[1])) for row in rows if row[0] != "#kernel"}

    def close(self):
        remove(self.name, *([self.router.name] if self.router else []))


class Monitor:
    """`ip mptcp monitor` of a namespace."""

    LINE = re.compile(r"\[ *([A-Z_ 0-9]+)\](.*)")

    def __init__(self, netns):
        self.process = subprocess.Popen(["ip", "netns", "exec", netns, "ip", "mptcp", "monitor"],
                                        stdout=subprocess.PIPE, text=True)

    def close(self):
        """Returns the events: a list of (name, dictionary of what is told about it)."""
        # What the kernel has told already is in the pipe, or on its way there.
        time.sleep(0.1)
        self.process.terminate()
        out, _ = self.process.communicate()
        events = []
        for line in out.splitlines():
            match = self.LINE.match(line)
            # Versions of ip that are older than the kernel know no names for listeners' events.
            if match and not match[1].startswith("UNKNOWN"):
                events.append((match[1], dict(word.split("=", 1) for word in match[2].split()
                                              if "=" in word)))
        return events


class SocketWatch:
    """`ss -Mi` and `ss -ti` of a namespace, again and again."""

    def __init__(self, netns):
        self.netns = netns
        # What has been seen of all connections: the most of each number, and words that are flags.
        self.connection = {}
        # (local, remote): the same of each subflow; "flags" collects all letters there ever were.
        self.subflows = {}
        # (seconds, number) whenever the number of established subflows was another one.
        self.counts = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.loop, daemon=True)
        self.thread.start()

    def loop(self):
        while not self.stop.is_set():
            with contextlib.suppress(RuntimeError):
                for line in run("ss", "-N", self.netns, "-MinHO").splitlines():
                    self.note(self.connection, line.split()[5:])
                count = 0
                for line in run("ss", "-N", self.netns, "-tinoHO").splitlines():
                    state, _, _, local, remote, *words = line.split()
                    count += state == "ESTAB"
                    if state != "LISTEN":
                        self.note(self.subflows.setdefault("%s %s" % (local, remote), {}), words)
                if not self.counts or self.counts[-1][1] != count:
                    self.counts.append((time.monotonic(), count))
            self.stop.wait(SAMPLE)

    @staticmethod
    def note(seen, words):
        for word in words:
            key, colon, value = word.partition(":")
            if key == "flags":
                seen[key] = "".join(sorted(set(seen.get(key, "") + value)))
            elif not colon:
                seen[key] = 1
            elif value.isdigit() and key != "token":
                seen[key] = max(int(value), seen.get(key, 0))
                if key == "pmtu":
                    seen["least_pmtu"] = min(int(value), seen.get("least_pmtu", int(value)))

    def close(self):
        """Returns (connection, subflows)."""
        self.stop.set()
        self.thread.join()
        return self.connection, self.subflows
