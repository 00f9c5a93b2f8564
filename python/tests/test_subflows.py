# SPDX-License-Identifier: GPL-2.0-only
"""The socket API of draft-hesmans-mptcp-socket-03: subflows, options of them, events."""

import errno
import socket as host
import struct

import numpy
import ns3_mptcp as mptcp
from common import SimulatorTest, add_streams, link_nodes
from ns import ns


class Subflows(SimulatorTest):
    def setUp(self):
        super().setUp()
        self.nodes = link_nodes()
        helper = ns.MptcpHelper()
        helper.SetPathManager("ns3::MptcpNoPathManager")
        helper.Install(self.nodes)
        self.source, self.sink = add_streams(self.nodes.Get(0), self.nodes.Get(1), ("10.1.1.2", 80))

    def tearDown(self):
        self.assertEqual(self.sink.GetWrong(), 0)
        del self.source, self.sink, self.nodes
        super().tearDown()

    def get_ids(self):
        return [status.id for status in mptcp.get_sub_ids(self.source.GetSocket())]

    def open(self, **more):
        return mptcp.open_sub(self.source.GetSocket(), "10.1.2.1", "10.1.2.2", **more)

    def test_open_list_close(self):
        self.run_for(1)
        self.assertEqual(self.get_ids(), [1])
        self.assertEqual(self.open(), 2)
        self.assertEqual(mptcp.get_sub_ids(self.source.GetSocket())[0],
                         mptcp.SubStatus(2, False, False, True, False))
        self.run_for(2)
        self.assertEqual(mptcp.get_sub_ids(self.source.GetSocket()),
                         [mptcp.SubStatus(2, False, True, True, False),
                          mptcp.SubStatus(1, False, True, True, False)])
        found = mptcp.get_sub_tuple(self.source.GetSocket(), 2)
        self.assertEqual((found.local[0], found.remote), ("10.1.2.1", ("10.1.2.2", 80)))
        self.assertGreater(found.local[1], 1023)
        before = self.sink.GetReceived()
        mptcp.close_sub(self.source.GetSocket(), 1)
        self.run_for(3)
        self.assertEqual(self.get_ids(), [2])
        self.assertGreater(self.sink.GetReceived(), before + 500000)

    def test_each_way_to_close(self):
        for how in (mptcp.SHUT_WR, mptcp.SHUT_RDWR, mptcp.MPTCP_SHUT_RST):
            with self.subTest(how):
                at = ns.Simulator.Now().GetSeconds() + 1
                self.run_for(at)
                number = self.open()
                self.run_for(at + 1)
                self.assertIn(number, self.get_ids())
                mptcp.close_sub(self.source.GetSocket(), number, how)
                self.run_for(at + 2)
                self.assertNotIn(number, self.get_ids())

    def test_from_python_functions(self):
        """As scripts do it: all from scheduled functions and events."""
        seen = []

        def on_event(event):
            seen.append((round(ns.Simulator.Now().GetSeconds(), 1), event.kind, event.id))
            if event.kind == "created" and event.id == 2:
                mptcp.close_sub(self.source.GetSocket(), 1)

        ns.Simulator.Schedule(1, lambda: mptcp.on_event(self.source.GetSocket(), on_event, "created",
                                                        "deleted"))
        ns.Simulator.Schedule(2, self.open)
        self.run_for(4)
        self.assertEqual([entry[1:] for entry in seen], [("created", 2), ("deleted", 1)])
        self.assertEqual(seen[0][0], 2)

    def test_backup_and_priority(self):
        self.run_for(1)
        self.open(prio=1)
        self.run_for(2)
        self.assertTrue(mptcp.get_sub_ids(self.source.GetSocket())[0].low_prio)
        self.assertEqual(mptcp.get_sub_tuple(self.source.GetSocket(), 2).prio, 1)
        mptcp.set_sub_prio(self.source.GetSocket(), 2, 0)
        self.run_for(3)
        self.assertFalse(mptcp.get_sub_ids(self.source.GetSocket())[0].low_prio)

    def test_options_of_one_subflow(self):
        self.run_for(1)
        socket = self.source.GetSocket()
        mptcp.sub_setsockopt(socket, 1, host.IPPROTO_IP, host.IP_TTL, 20)
        ttl = mptcp.sub_getsockopt(socket, 1, host.IPPROTO_IP, host.IP_TTL)
        self.assertEqual(struct.unpack("@i", ttl), (20,))
        mptcp.sub_setsockopt(socket, 1, host.IPPROTO_TCP, host.TCP_CONGESTION, b"reno")
        name = mptcp.sub_getsockopt(socket, 1, host.IPPROTO_TCP, host.TCP_CONGESTION)
        self.assertEqual(name.rstrip(b"\0"), b"TcpLinuxReno")
        info = mptcp.tcp_info(socket, 1)
        self.assertGreaterEqual(info.tcpi_rtt, 20000)
        self.assertGreater(info.tcpi_snd_cwnd, 10)
        self.assertEqual(info.tcpi_snd_mss, 1420)
        self.assertGreater(info.tcpi_bytes_acked, 500000)

    def test_events_that_are_read(self):
        self.run_for(1)
        socket = self.source.GetSocket()
        mptcp.subscribe(socket, "created", "deleted")
        self.assertIsNone(mptcp.read_event(socket))
        self.open()
        self.run_for(2)
        mptcp.close_sub(socket, 2, mptcp.MPTCP_SHUT_RST)
        self.run_for(3)
        created, deleted = mptcp.read_event(socket), mptcp.read_event(socket)
        self.assertEqual((created.kind, created.id, created.by_peer), ("created", 2, False))
        self.assertEqual((deleted.kind, deleted.id, deleted.reason), ("deleted", 2, 7))
        self.assertIsNone(mptcp.read_event(socket))

    def test_events_of_addresses(self):
        seen = []
        self.run_for(1)
        mptcp.on_event(self.source.GetSocket(), seen.append)
        ipv4 = self.nodes.Get(0).GetObject[ns.Ipv4]()
        ipv4.SetDown(2)
        self.run_for(2)
        self.assertEqual([(event.kind, event.available, event.address[0]) for event in seen],
                         [("local_address", False, "10.1.2.1")])

    def test_functions_beside_each_other(self):
        created, deleted, everything = [], [], []
        self.run_for(1)
        socket = self.source.GetSocket()
        mptcp.subscribe(socket, "priority")
        with self.assertRaises(TypeError):
            mptcp.on_event(socket, 5, "deleted")
        mptcp.on_event(socket, created.append, "created")
        self.open()
        self.run_for(2)
        mptcp.set_sub_prio(socket, 2, 1)
        mptcp.on_event(socket, deleted.append, "deleted")
        mptcp.on_event(socket, everything.append)
        mptcp.close_sub(socket, numpy.int64(2), mptcp.MPTCP_SHUT_RST)
        self.run_for(3)
        self.assertEqual([(event.kind, event.id) for event in created], [("created", 2)])
        self.assertEqual([(event.kind, event.id) for event in deleted], [("deleted", 2)])
        self.assertIn("deleted", [event.kind for event in everything])

    def test_controller(self):
        seen = []
        controller = ns.MptcpController.Install(self.nodes.Get(0))
        controller.AddEventCallback(lambda event: seen.append((int(event.kind), int(event.token))))
        self.run_for(1)
        connections = controller.GetConnections()
        self.assertEqual(len(connections), 1)
        self.assertEqual(seen[0], (1, connections[0].token))

    def test_errors(self):
        self.run_for(1)
        socket = self.source.GetSocket()
        for number, call in (
                (errno.EINVAL, lambda: mptcp.close_sub(socket, 77)),
                (errno.EINVAL, lambda: mptcp.close_sub(socket, 1, 99)),
                (errno.EINVAL, lambda: mptcp.get_sub_tuple(socket, 9)),
                (errno.EADDRNOTAVAIL, lambda: mptcp.open_sub(socket, "10.9.9.9", "10.1.2.2")),
                (errno.EACCES, lambda: mptcp.open_sub(socket, ("10.1.2.1", 80), "10.1.2.2")),
                (errno.EINVAL, lambda: mptcp.open_sub(socket, "fd00::1", "10.1.2.2")),
                (errno.ENODEV, lambda: self.open(if_idx=99)),
                (errno.ENOPROTOOPT, lambda: mptcp.getsockopt(socket, host.IPPROTO_TCP, 9999, 4)),
                (errno.EINVAL, lambda: mptcp.getsockopt(socket, host.IPPROTO_TCP,
                                                        mptcp.MPTCP_GET_SUB_IDS, 1)),
                (errno.ENOENT, lambda: mptcp.sub_setsockopt(socket, 1, host.IPPROTO_TCP,
                                                            host.TCP_CONGESTION, b"nothing"))):
            with self.subTest(errno.errorcode[number]), self.assertRaises(OSError) as caught:
                call()
            self.assertEqual(caught.exception.errno, number)
        listener = mptcp.create_socket(self.nodes.Get(1))
        mptcp.listen(listener, ("0.0.0.0", 81))
        with self.assertRaises(OSError) as caught:
            mptcp.get_sub_ids(listener)
        self.assertEqual(caught.exception.errno, errno.EOPNOTSUPP)

    def test_wrong_arguments(self):
        self.run_for(1)
        socket = self.source.GetSocket()
        for kind, call in ((ValueError, lambda: mptcp.open_sub(socket, "nowhere", "10.1.2.2")),
                           (ValueError, lambda: mptcp.open_sub(socket, ("10.1.2.1", 99999), "10.1.2.2")),
                           (ValueError, lambda: mptcp.close_sub(socket, 300)),
                           (ValueError, lambda: mptcp.close_sub(socket, "1")),
                           (ValueError, lambda: mptcp.subscribe(socket, "everything")),
                           (TypeError, lambda: mptcp.on_event(socket, 5)),
                           (TypeError, lambda: mptcp.get_sub_ids(None)),
                           (OSError, lambda: mptcp.listen(mptcp.create_socket(self.nodes.Get(0)),
                                                          ("10.9.9.9", 80)))):
            with self.assertRaises(kind):
                call()
        stock = mptcp.create_socket(self.nodes.Get(0), "ns3::TcpSocketFactory")
        with self.assertRaisesRegex(TypeError, "not a socket of"):
            mptcp.get_sub_ids(stock)
