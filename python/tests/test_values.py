# SPDX-License-Identifier: GPL-2.0-only
"""Attributes and classes by Python's values; what is wrong is an exception, not the end."""

import numpy
import ns3_mptcp as mptcp
from common import SimulatorTest, add_streams, link_nodes, run_script
from ns import ns


class Attributes(SimulatorTest):
    def test_each_kind(self):
        node = link_nodes().Get(0)
        socket = mptcp.create_socket(node)
        for name, value, text in (("SndBufSize", 100000, "100000"),
                                  ("MinRto", "300ms", "+3e+08ns"),
                                  ("MinRto", ns.MilliSeconds(400), "+4e+08ns"),
                                  ("MinRto", 0.5, "+5e+08ns"),
                                  ("Multipath", False, "false"),
                                  ("Scheduler", "ns3::MptcpRoundRobin", "ns3::MptcpRoundRobin"),
                                  ("Scheduler", ns.MptcpBlest.GetTypeId(), "ns3::MptcpBlest"),
                                  ("CongestionControl", "TcpCubic", "ns3::TcpCubic"),
                                  ("SndBufSize", ns.UintegerValue(7000), "7000"),
                                  ("SndBufSize", ns.StringValue("8000"), "8000")):
            with self.subTest("%s=%s" % (name, value)):
                socket.SetAttribute(name, value)
                found = ns.StringValue()
                socket.GetAttribute(name, found)
                self.assertEqual(str(found.Get()), text)

    def test_wrong_attributes(self):
        node = link_nodes().Get(0)
        socket = mptcp.create_socket(node)
        for name, value in (("Nothing", 1), ("SndBufSize", -1), ("SndBufSize", "many"),
                            ("SndBufSize", 1.5), ("SndBufSize", 2**40), ("MinRto", "soon"),
                            ("Multipath", "perhaps"), ("Scheduler", "ns3::Nothing"),
                            ("Scheduler", "ns3::TcpCubic"), ("SndBufSize", None)):
            with self.subTest("%s=%s" % (name, value)), self.assertRaisesRegex(ValueError, name):
                socket.SetAttribute(name, value)

    def test_texts_that_ns3_ends_the_program_for(self):
        """Or for which it would take something else."""
        told = run_script("""
node = link_nodes().Get(0)
socket = mptcp.create_socket(node)
queue = ns.CreateObject[ns.DeliveryTraceQueueDisc]()
mobility = ns.CreateObject[ns.ConstantPositionMobilityModel]()
on_off = ns.CreateObject[ns.OnOffApplication]()
device = ns.CreateObject[ns.PointToPointNetDevice]()
for target, name, value in (
        (socket, "ConnTimeout", "1e12s"), (socket, "ConnTimeout", "1e300s"),
        (socket, "ConnTimeout", "20 ms"), (socket, "ConnTimeout", ""),
        (socket, "ConnTimeout", float("nan")), (socket, "ConnTimeout", float("inf")),
        (socket, "ConnTimeout", 10**400), (socket, "ConnTimeout", "9223372037s"),
        (socket, "SndBufSize", "7000 8000"), (socket, "SndBufSize", "\u0663"),
        (queue, "MaxSize", "100 p"), (queue, "MaxSize", "100"), (queue, "MaxSize", "p"),
        (mobility, "Position", "here"), (mobility, "Position", "1:2"),
        (mobility, "Position", "1:2:3:4"),
        (on_off, "DataRate", "5 Mbps"), (on_off, "DataRate", "fast"),
        (on_off, "OnTime", "ns3::Nothing[Constant=1]"), (on_off, "OnTime", "ns3::TcpHeader"),
        (on_off, "OnTime", "ns3::ConstantRandomVariable[Nothing=1]"),
        (on_off, "OnTime", "ns3::ConstantRandomVariable[Constant=x]"),
        (on_off, "OnTime", "ns3::ConstantRandomVariable[Constant]"),
        (on_off, "OnTime", "ns3::ConstantRandomVariable[Constant=1"),
        (on_off, "OnTime", "ns3::RandomVariableStream"), (on_off, "OnTime", "ns3::TcpCubic"),
        (device, "Address", "00:00:00:00:00"),
        (node, "DeviceList", "x"), (node, "DeviceList", ns.StringValue("x"))):
    try:
        target.SetAttribute(name, value)
        print("taken:", name, repr(value))
    except ValueError as error:
        if name not in str(error):
            print("not named:", name, repr(value), error)
for name, value in (("ns3::WifiPhy::ChannelSettings", "{36, x}"),
                    ("ns3::UdpL4Protocol::SocketList", "x"),
                    ("ns3::RandomWalk2dMobilityModel::Bounds", "1|2|3"),
                    ("ns3::WifiMac::Ssid", "two words")):
    try:
        ns.Config.SetDefault(name, value)
        print("taken:", name, repr(value))
    except ValueError:
        pass
for value in (float("nan"), "1e30s", float("inf"), -float("inf"), 2**70):
    try:
        ns.Simulator.Schedule(value, print)
        print("scheduled:", repr(value))
    except ValueError:
        pass
print("end")
""")
        self.assertEqual(told, "end\n")

    def test_texts(self):
        node = link_nodes().Get(0)
        socket = mptcp.create_socket(node)
        queue = ns.CreateObject[ns.DeliveryTraceQueueDisc]()
        mobility = ns.CreateObject[ns.ConstantPositionMobilityModel]()
        on_off = ns.CreateObject[ns.OnOffApplication]()
        device = ns.CreateObject[ns.PointToPointNetDevice]()
        for target, name, value, text in (
                (socket, "ConnTimeout", "20ms ", "+2e+07ns"),
                (socket, "ConnTimeout", " 1.5e3us", "+1.5e+06ns"),
                (socket, "ConnTimeout", "300ms", "+3e+08ns"),
                (socket, "SndBufSize", " 7000 ", "7000"),
                (queue, "MaxSize", "100p", "100p"), (queue, "MaxSize", "2kB ", "2000B"),
                (queue, "MaxSize", ns.QueueSize("7p"), "7p"),
                (mobility, "Position", "1:-2.5:3e1", "1:-2.5:30"),
                (mobility, "Position", ns.Vector(1, 2, 3), "1:2:3"),
                (on_off, "DataRate", "1.5Mbps", "1500000bps"),
                (device, "Address", "00:00:00:00:00:07", "00:00:00:00:00:07")):
            with self.subTest("%s=%r" % (name, value)):
                target.SetAttribute(name, value)
                found = ns.StringValue()
                target.GetAttribute(name, found)
                self.assertEqual(str(found.Get()), text)

    def test_objects(self):
        """As text, which ns-3's own scripts give them as."""
        on_off = ns.CreateObject[ns.OnOffApplication]()
        for value, mean in (("ns3::ConstantRandomVariable[Constant=7]", 7),
                            (ns.StringValue("ns3::UniformRandomVariable[Min=3|Max=3]"), 3),
                            (mptcp.create(ns.ConstantRandomVariable, Constant=5), 5)):
            with self.subTest(value):
                on_off.SetAttribute("OnTime", value)
                found = ns.PointerValue()
                on_off.GetAttribute("OnTime", found)
                self.assertEqual(found.Get[ns.RandomVariableStream]().GetValue(), mean)

    def test_handed_on(self):
        """What the package cannot check."""
        ns.Config.SetDefault("ns3::WifiPhy::ChannelSettings",
                             ns.StringValue("{36, 20, BAND_5GHZ, 0}"))
        with self.assertRaisesRegex(ValueError, "ChannelSettings: .*ns.StringValue"):
            ns.Config.SetDefault("ns3::WifiPhy::ChannelSettings", "{36, 20, BAND_5GHZ, 0}")

    def test_numbers(self):
        """Those of numpy are as good as Python's."""
        socket = mptcp.create_socket(link_nodes().Get(0))
        for name, value, text in (("SndBufSize", numpy.int64(100000), "100000"),
                                  ("MinRto", numpy.float64(0.5), "+5e+08ns"),
                                  ("MinRto", numpy.float32(0.25), "+2.5e+08ns"),
                                  ("Multipath", numpy.bool_(False), "false"),
                                  ("Multipath", numpy.bool_(True), "true")):
            with self.subTest("%s=%r" % (name, value)):
                socket.SetAttribute(name, value)
                found = ns.StringValue()
                socket.GetAttribute(name, found)
                self.assertEqual(str(found.Get()), text)
        self.assertEqual(str(mptcp.address("10.1.1.1", numpy.int64(80))),
                         str(mptcp.address("10.1.1.1", 80)))
        told = []
        for value in (numpy.int64(1), numpy.float32(0.5), numpy.float64(0.25)):
            ns.Simulator.Schedule(value, lambda: told.append(ns.Simulator.Now().GetSeconds()))
        self.run_for(2)
        self.assertEqual(told, [0.25, 0.5, 1])

    def test_defaults(self):
        ns.Config.SetDefault("ns3::MptcpSocket::Scheduler", "ns3::MptcpRoundRobin")
        ns.Config.SetDefault("ns3::MptcpSocket::MinRto", "1s")
        socket = mptcp.create_socket(link_nodes().Get(0))
        for name, text in (("Scheduler", "ns3::MptcpRoundRobin"), ("MinRto", "+1e+09ns")):
            found = ns.StringValue()
            socket.GetAttribute(name, found)
            self.assertEqual(str(found.Get()), text)
        for name, value in (("ns3::MptcpSocket::Scheduler", "ns3::Nothing"),
                            ("ns3::MptcpSocket::Nothing", 1), ("ns3::Nothing::Scheduler", 1),
                            ("Scheduler", 1), ("ns3::TcpSocket::SegmentSize", "x")):
            with self.subTest("%s=%s" % (name, value)), self.assertRaises(ValueError):
                ns.Config.SetDefault(name, value)

    def test_addresses(self):
        self.assertEqual(str(mptcp.address("10.1.1.1", 80)),
                         str(ns.InetSocketAddress(ns.Ipv4Address("10.1.1.1"), 80).ConvertTo()))
        self.assertEqual(str(mptcp.address(ns.Ipv6Address("fd00::1"), 80)),
                         str(ns.Inet6SocketAddress(ns.Ipv6Address("fd00::1"), 80).ConvertTo()))
        for value in (ns.InetSocketAddress(ns.Ipv4Address("10.1.1.2"), 80),
                      ns.Inet6SocketAddress(ns.Ipv6Address("fd00::2"), 80),
                      ns.InetSocketAddress(ns.Ipv4Address("10.1.1.2"), 80).ConvertTo()):
            self.assertEqual(str(mptcp.address(value)), str(getattr(value, "ConvertTo", lambda: value)()))
            made = mptcp.create(ns.ByteStreamApplication, Remote=value)
            found = ns.AddressValue()
            made.GetAttribute("Remote", found)
            self.assertEqual(str(found.Get()), str(mptcp.address(value)))
        for wrong in (("10.1.1", 80), ("nowhere", 80), ("10.1.1.1", -1), ("10.1.1.1", 65536),
                      ("10.1.1.1", 80.5), ("10.1.1.1", numpy.bool_(True))):
            with self.subTest(wrong), self.assertRaises(ValueError):
                mptcp.address(*wrong)

    def test_create(self):
        with self.assertRaisesRegex(ValueError, "Nothing"):
            mptcp.create(ns.ByteStreamApplication, Nothing=1)
        with self.assertRaisesRegex(ValueError, "Remote"):
            mptcp.create(ns.ByteStreamApplication, Remote=("nowhere", 80))
        with self.assertRaisesRegex(ValueError, "Protocol"):
            mptcp.create(ns.ByteStreamApplication, Protocol="ns3::Nothing")


class Helper(SimulatorTest):
    def test_classes(self):
        """What the helper is told shows in the transfer."""
        for scheduler, equal in (("ns3::MptcpRoundRobin", True), ("ns3::MptcpLowestRtt", False)):
            with self.subTest(scheduler):
                helper = ns.MptcpHelper()
                helper.SetScheduler(scheduler)
                helper.SetSocketAttribute("SegmentSize", 1000)
                helper.SetCongestionControl("ns3::TcpCubic", Beta=0.5)
                nodes = link_nodes(helper=helper)
                socket = mptcp.create_socket(nodes.Get(0))
                found = ns.StringValue()
                socket.GetAttribute("Scheduler", found)
                self.assertEqual(str(found.Get()), scheduler)
                _, sink = add_streams(nodes.Get(0), nodes.Get(1), ("10.1.1.2", 80), 400000)
                self.run_for(5)
                self.assertEqual((sink.GetReceived(), sink.GetWrong()), (400000, 0))
                self.tearDown()

    def test_wrong(self):
        helper = ns.MptcpHelper()
        with self.assertRaisesRegex(ValueError, "knows no class 'ns3::Nothing'"):
            helper.SetScheduler("ns3::Nothing")
        with self.assertRaisesRegex(ValueError, "ns3::MptcpFullMesh is no ns3::MptcpScheduler"):
            helper.SetScheduler("ns3::MptcpFullMesh")
        with self.assertRaisesRegex(ValueError, "no attribute Nothing"):
            helper.SetPathManager("ns3::MptcpFullMesh", Nothing=1)
        with self.assertRaisesRegex(ValueError, "Beta"):
            helper.SetCongestionControl("ns3::TcpCubic", "Beta", "x")
        with self.assertRaisesRegex(TypeError, "'Beta' has no value"):
            helper.SetCongestionControl("ns3::TcpCubic", "Beta")
        with self.assertRaisesRegex(ValueError, "ns3::MptcpScheduler is abstract"):
            helper.SetScheduler("ns3::MptcpScheduler")
        with self.assertRaisesRegex(ValueError, "no attribute Nothing"):
            helper.SetSocketAttribute("Nothing", 1)
        with self.assertRaisesRegex(Exception, "install InternetStackHelper first"):
            helper.Install(ns.CreateObject[ns.Node]())
        with self.assertRaises(Exception):
            helper.Install("nobody")
        with self.assertRaises(TypeError):
            helper.Install(5.5)
        # And all of it goes on.
        helper.Install(link_nodes())

    def test_one_node_without_the_module(self):
        nodes = ns.NodeContainer(1)
        ns.InternetStackHelper().Install(nodes)
        with self.assertRaisesRegex(ValueError, "has no ns3::MptcpSocketFactory"):
            mptcp.create_socket(nodes.Get(0))


class Sockets(SimulatorTest):
    def test_wrong_protocol(self):
        node = link_nodes().Get(0)
        for protocol, text in (("ns3::TcpCubic", "ns3::TcpCubic is no ns3::SocketFactory"),
                               ("ns3::SctpSocketFactory", "knows no class")):
            with self.subTest(protocol), self.assertRaisesRegex(ValueError, text):
                mptcp.create_socket(node, protocol)
        with self.assertRaisesRegex(ValueError, "has no ns3::TcpSocketFactory"):
            mptcp.create_socket(ns.CreateObject[ns.Node](), "ns3::TcpSocketFactory")
        for protocol in ("ns3::TcpSocketFactory", "UdpSocketFactory", ns.UdpSocketFactory.GetTypeId()):
            self.assertTrue(mptcp.create_socket(node, protocol))
