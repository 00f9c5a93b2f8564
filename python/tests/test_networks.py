# SPDX-License-Identifier: GPL-2.0-only
"""The phone's network with each kind of access, segment routing, middleboxes; what they tell."""

import gc
import os
import tempfile

import numpy
import ns3_mptcp as mptcp
from common import FACTORY, SimulatorTest, add_streams, link_nodes
from ns import ns

WIFI, CELLULAR = ns.SmartphoneHelper.WIFI, ns.SmartphoneHelper.CELLULAR


def build_phone(network, mobility=False):
    """Build a phone's network with Multipath TCP; a download from its server begins."""
    if mobility:
        ns.PhoneMobility().Install(network.GetPhone(), "stand")
    network.Build()
    network.AssignStreams(1000)
    phone, server = network.GetPhone(), network.GetServer()
    ns.MptcpHelper().Install(mptcp.nodes(phone, server))
    at_server = (str(network.GetServerAddress(False)), 5001)
    sink = mptcp.create(ns.ByteStreamApplication, Protocol=FACTORY, Remote=at_server, MaxBytes=0)
    phone.AddApplication(sink)
    source = mptcp.create(ns.ByteStreamApplication, Protocol=FACTORY, Local=at_server,
                          MaxBytes=2**40)
    server.AddApplication(source)
    return source, sink


class Phones(SimulatorTest):
    def test_results_as_arrays(self):
        network = ns.SmartphoneHelper()
        source, sink = build_phone(network)
        network.ScheduleSilence(WIFI, ns.Seconds(3), ns.Seconds(5))
        with tempfile.TemporaryDirectory() as folder:
            statistics = mptcp.watch(network, source, sink, 8, (3, 5), folder)
            samples = mptcp.Samples(0.5, sink.GetReceived)
            self.run_for(8)
            result = statistics.Finish()
            series = mptcp.read_series(os.path.join(folder, "goodput.dat"))
        self.assertEqual(list(samples.times), list(numpy.arange(0, 8, 0.5)))
        self.assertEqual(samples.values.dtype.kind, "i")
        self.assertEqual(samples.rates().shape, (15,))
        # The series of the same run, in Mb/s.
        self.assertEqual(sorted(series), ["cellular_mbps", "delivered_mbps", "time_s", "wifi_mbps"])
        self.assertIn(len(series["time_s"]), (79, 80))
        self.assertAlmostEqual(series["delivered_mbps"].mean(), result.goodput, delta=0.3)
        silent = (series["time_s"] > 3.2) & (series["time_s"] < 5)
        self.assertEqual(series["wifi_mbps"][silent].sum(), 0)
        self.assertGreater(series["cellular_mbps"][silent].mean(), 5)
        self.assertEqual(list(result.pathBytes), [int(x) for x in result.pathBytes])
        self.assertEqual(result.wrong, 0)
        self.assertGreater(mptcp.seconds(result.interruption), 0.1)
        self.assertLess(mptcp.seconds(result.interruption), 2)

    def test_nobody_keeps_what_watches(self):
        network = ns.SmartphoneHelper()
        source, sink = build_phone(network)
        with tempfile.TemporaryDirectory() as folder:
            mptcp.watch(network, source, sink, 2, folder=folder)
            gc.collect()
            self.run_for(2)
            ns.Simulator.Destroy()
            gc.collect()
            series = mptcp.read_series(os.path.join(folder, "goodput.dat"))
        self.assertIn(len(series["time_s"]), (19, 20))
        self.assertGreater(series["delivered_mbps"].mean(), 5)

    def test_samples_go_on_after_a_failure(self):
        calls = []

        def count():
            calls.append(None)
            if len(calls) == 3:
                raise KeyError("third")
            return len(calls)

        samples = mptcp.Samples(1, count)
        ns.Simulator.Stop(ns.Seconds(5.5))
        with self.assertRaisesRegex(KeyError, "third"):
            ns.Simulator.Run()
        self.assertEqual((list(samples.times), list(samples.values)), ([0, 1], [1, 2]))
        self.run_for(5.5)
        self.assertEqual((list(samples.times), list(samples.values)),
                         ([0, 1, 3, 4, 5], [1, 2, 4, 5, 6]))
        self.assertEqual(len(samples.rates()), 4)

    def test_no_outage(self):
        network = ns.SmartphoneHelper()
        source, sink = build_phone(network)
        statistics = mptcp.watch(network, source, sink, 2)
        self.run_for(2)
        result = statistics.Finish()
        self.assertIsNone(mptcp.seconds(result.back))
        self.assertGreater(result.goodput, 10)

    def test_wifi_and_lte(self):
        network = ns.SmartphoneHelper()
        network.SetAccess(WIFI, ns.PhoneAccess.Create("wifi"))
        network.SetAccess(CELLULAR, ns.PhoneAccess.Create("lte"))
        source, sink = build_phone(network, mobility=True)
        told = []
        network.GetAccess(WIFI).TraceConnectWithoutContext(
            "Usable", lambda phone, usable: told.append((phone, usable)))
        network.ScheduleSilence(WIFI, ns.Seconds(2), ns.Seconds(4))
        signals = []
        network.GetAccess(WIFI).TraceConnectWithoutContext(
            "Signal", lambda phone, dbm: signals.append(dbm))
        statistics = mptcp.watch(network, source, sink, 6)
        self.run_for(6)
        result = statistics.Finish()
        self.assertEqual(result.wrong, 0)
        self.assertGreater(min(result.pathBytes), 200000)
        self.assertEqual(told, [(0, False), (0, True)])
        self.assertGreater(len(signals), 20)
        self.assertTrue(-100 < numpy.mean(signals) < -20)

    def test_wrong(self):
        with self.assertRaisesRegex(Exception, "no such access; accepted: emulated, lte, trace, wifi"):
            ns.PhoneAccess.Create("pigeon")
        with self.assertRaisesRegex(Exception, "1 to 200 phones"):
            ns.SmartphoneHelper(500)
        network = ns.SmartphoneHelper()
        wifi = ns.PhoneAccess.Create("wifi")
        wifi.SetAttribute("AccessPoints", "nowhere")
        network.SetAccess(WIFI, wifi)
        with self.assertRaisesRegex(Exception, "AccessPoints"):
            network.Build()
        with self.assertRaisesRegex(Exception, ":1: now: not a time"):
            with tempfile.NamedTemporaryFile("w") as file:
                file.write("now wifi down\n")
                file.flush()
                ns.ReadAccessEvents(file.name)
        with self.assertRaisesRegex(ValueError, "interval"):
            mptcp.Samples(0, print)


class SegmentRouting(SimulatorTest):
    def build(self):
        """host - router - server; the router has a locator."""
        self.nodes = ns.NodeContainer(3)
        ns.InternetStackHelper().Install(self.nodes)
        host, router, server = (self.nodes.Get(i) for i in range(3))
        router.GetObject[ns.Ipv6]().SetAttribute("IpForward", True)
        link = ns.PointToPointHelper()
        link.SetDeviceAttribute("DataRate", ns.StringValue("10Mbps"))
        for number, (left, right) in enumerate(((host, router), (router, server)), 1):
            addresses = ns.Ipv6AddressHelper(ns.Ipv6Address("fdb8:%d::" % number), ns.Ipv6Prefix(64))
            addresses.Assign(link.Install(left, right))
        for node, gateway in ((host, "fdb8:1::200:ff:fe00:2"), (server, "fdb8:2::200:ff:fe00:3")):
            ipv6 = node.GetObject[ns.Ipv6]()
            ns.Ipv6StaticRoutingHelper().GetStaticRouting(ipv6).SetDefaultRoute(
                ns.Ipv6Address(gateway), 1)
        srv6 = ns.Srv6Helper()
        srv6.Install(self.nodes)
        srv6.AddLocator(router, ns.Ipv6Address("fcb8:1::"))
        srv6.PopulateRoutes(self.nodes)
        return host, router, server

    def address_of(self, node, interface=1):
        return str(node.GetObject[ns.Ipv6]().GetAddress(interface, 1).GetAddress())

    def test_subflow_with_segments(self):
        host, _, server = self.build()
        flows = ns.Srv6Helper.WatchFlows(self.nodes)
        helper = ns.MptcpHelper()
        helper.SetPathManager("ns3::MptcpNoPathManager")
        helper.Install(mptcp.nodes(host, server))
        to = self.address_of(server)
        source, sink = add_streams(host, server, (to, 80), local=("::", 80))
        self.run_for(1)
        socket = source.GetSocket()
        number = mptcp.open_sub(socket, self.address_of(host), to, segments=["fcb8:1::"])
        self.assertEqual([str(s) for s in mptcp.as_mptcp(socket).GetSubflowSegments(number)],
                         ["fcb8:1::"])
        mptcp.close_sub(socket, 1)
        self.run_for(4)
        self.assertEqual([status.id for status in mptcp.get_sub_ids(socket)], [number])
        self.assertGreater(sink.GetReceived(), 2000000)
        self.assertEqual(sink.GetWrong(), 0)
        stream = ns.cppyy.gbl.std.ostringstream()
        flows.Print(stream)
        self.assertIn("fcb8:1::", str(stream.str()))

    def test_ping(self):
        host, _, server = self.build()
        ping = ns.Srv6Helper.AddPing(host, ns.Ipv6Address(self.address_of(server)),
                                     [ns.Ipv6Address("fcb8:1::")])
        ping.SetStartTime(ns.Seconds(2))
        self.run_for(10)
        self.assertEqual((ping.GetSent(), ping.GetReceived()), (5, 5))
        self.assertGreater(ping.GetMeanRtt().GetSeconds(), 0)

    def test_wrong(self):
        host, router, _ = self.build()
        with self.assertRaisesRegex(Exception, "Srv6Helper"):
            ns.Srv6Helper().AddLocator(router, ns.Ipv6Address("ff02::1"))
        with self.assertRaisesRegex(Exception, "Srv6Helper.*(SID|END_X|neighbour)"):
            ns.Srv6Helper.AddSid(router, ns.Ipv6Address("fcb8:1::31"), ns.Srv6Sid(ns.Srv6Behavior.END_X))
        with self.assertRaisesRegex(Exception, "Srv6Helper"):
            ns.Srv6Helper.CreatePolicy(ns.Srv6Steering.ENCAPS, [])
        with self.assertRaisesRegex(Exception, "Srv6Helper"):
            ns.Srv6Helper().Set("Nothing", ns.StringValue("1"))


class Middleboxes(SimulatorTest):
    def test_box(self):
        nodes = link_nodes(1)
        boxes = ns.MiddleboxHelper()
        boxes.Add("ns3::SplittingBox", Size=500)
        boxes.Install(nodes.Get(0).GetDevice(1), nodes.Get(1).GetDevice(1))
        sizes = []
        nodes.Get(1).GetObject[ns.Ipv4L3Protocol]().TraceConnectWithoutContext(
            "Rx", lambda packet, ipv4, interface: sizes.append(packet.GetSize()))
        _, sink = add_streams(nodes.Get(0), nodes.Get(1), ("10.1.1.2", 80), 100000)
        self.run_for(5)
        self.assertEqual((sink.GetReceived(), sink.GetWrong()), (100000, 0))
        self.assertLess(max(sizes), 700)

    def test_wrong(self):
        with self.assertRaisesRegex(ValueError, "is no ns3::Middlebox"):
            ns.MiddleboxHelper().Add("ns3::TcpCubic")
        with self.assertRaisesRegex(Exception, "link"):
            ns.MiddleboxHelper().Install(ns.NetDeviceContainer())
