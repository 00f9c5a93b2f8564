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
