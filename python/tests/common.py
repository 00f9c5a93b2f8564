# SPDX-License-Identifier: GPL-2.0-only
"""What tests share."""

import pathlib
import subprocess
import sys
import unittest

import ns3_mptcp as mptcp
from ns import ns

FACTORY = "ns3::MptcpSocketFactory"


class SimulatorTest(unittest.TestCase):
    """Begins with an empty simulation, and leaves none."""

    def setUp(self):
        ns.RngSeedManager.SetSeed(1)
        ns.RngSeedManager.SetRun(1)

    def tearDown(self):
        ns.Simulator.Destroy()
        ns.Config.Reset()
        ns.Names.Clear()

    def run_for(self, seconds):
        """Run the simulation until then."""
        ns.Simulator.Stop(ns.Seconds(seconds) - ns.Simulator.Now())
        ns.Simulator.Run()


def link_nodes(links=2, helper=None):
    """Two nodes with Multipath TCP: node 0 is 10.1.N.1 and node 1 is 10.1.N.2, 10 Mb/s, 10 ms."""
    nodes = ns.NodeContainer(2)
    ns.InternetStackHelper().Install(nodes)
    (helper or ns.MptcpHelper()).Install(nodes)
    link = ns.PointToPointHelper()
    link.SetDeviceAttribute("DataRate", ns.StringValue("10Mbps"))
    link.SetChannelAttribute("Delay", ns.StringValue("10ms"))
    for number in range(1, links + 1):
        addresses = ns.Ipv4AddressHelper(ns.Ipv4Address("10.1.%d.0" % number),
                                         ns.Ipv4Mask("255.255.255.0"))
        addresses.Assign(link.Install(nodes))
    return nodes


def add_streams(sender, receiver, remote, size=2**40, local=("0.0.0.0", 80), start=0, **attributes):
    """Let sender write size bytes to receiver, which listens. Returns both applications."""
    sink = mptcp.create(ns.ByteStreamApplication, Protocol=FACTORY, Local=local, MaxBytes=0)
    receiver.AddApplication(sink)
    source = mptcp.create(ns.ByteStreamApplication, Protocol=FACTORY, Remote=remote, MaxBytes=size,
                          **attributes)
    source.SetStartTime(ns.Seconds(start))
    sender.AddApplication(source)
    return source, sink


def run_script(text):
    """Run a script whose end may be that of its interpreter: what it prints. It begins with the
    imports of this file, and link_nodes()."""
    head = ("import sys\nsys.path.insert(0, %r)\nfrom common import *\n"
            % str(pathlib.Path(__file__).parent))
    done = subprocess.run([sys.executable, "-c", head + text], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise AssertionError("%d\n%s%s" % (done.returncode, done.stdout, done.stderr[-2000:]))
    return done.stdout
