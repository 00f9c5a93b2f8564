# SPDX-License-Identifier: GPL-2.0-only
"""What talking to the kernel of this machine needs."""
import os
import shutil
import socket
import subprocess

IPPROTO_MPTCP = 262


def missing(program):
    """Why this machine cannot do it, or an empty text. The program is one of interop/."""
    if os.geteuid() != 0:
        return "root is needed"
    try:
        with open("/proc/sys/net/mptcp/enabled", encoding="ascii") as enabled:
            enabled.read()
        socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP).close()
    except OSError:
        return "the kernel has no Multipath TCP"
    if not os.path.exists("/dev/net/tun"):
        return "/dev/net/tun is missing"
    for tool in ("ip", "ss", "nstat", "tshark"):
        if not shutil.which(tool):
            return tool + " is missing"
    probe = subprocess.run(["ip", "netns", "add", "mptcp-interop-probe"], capture_output=True,
                           text=True, check=False)
    if probe.returncode != 0:
        return "network namespaces cannot be made: " + probe.stderr.strip()
    subprocess.run(["ip", "netns", "delete", "mptcp-interop-probe"], check=False)
    if not os.path.exists(os.path.join(os.environ["MPTCP_BUILD"], "interop", program)):
        return "this ns-3 has no fd-net-device"
    return ""


def has_congestion_control(name):
    """Why the kernel cannot use it, or an empty text."""
    if shutil.which("modprobe"):
        subprocess.run(["modprobe", "-q", "tcp_" + name], check=False)
    with open("/proc/sys/net/ipv4/tcp_available_congestion_control", encoding="ascii") as known:
        return "" if name in known.read().split() else "the kernel has no " + name


def has_segment_routing():
    """Why the kernel has no segments of IPv6, or an empty text."""
    name = "mptcp-interop-probe"
    try:
        subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
        subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], capture_output=True,
                       check=False)
        # The kernel must take both: what processes a SID, and what inserts segments.
        for what in (("fc00::e", "encap", "seg6local", "action", "End"),
                     ("fc00::f", "encap", "seg6", "mode", "encap", "segs", "fc00::e")):
            added = subprocess.run(["ip", "-n", name, "-6", "route", "add", *what, "dev", "lo"],
                                   capture_output=True, text=True, check=False)
            if added.returncode != 0:
                return "the kernel or ip has no %s: %s" % (what[2], added.stderr.strip())
        return ""
    finally:
        subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)
