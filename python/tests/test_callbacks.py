# SPDX-License-Identifier: GPL-2.0-only
"""Python functions that C++ calls: they live as long as that may be, and what they raise arrives."""

import ctypes
import gc
import struct
import traceback
import weakref

import ns3_mptcp as mptcp
from common import SimulatorTest, add_streams, link_nodes
from ns import ns


class Recorder:
    """Has a bound method."""

    def __init__(self):
        self.calls = []

    def note(self, *args):
        """Note when, and what."""
        self.calls.append((ns.Simulator.Now().GetSeconds(), *args))


class Odd(Exception):
    """Of nobody else."""


class Scheduling(SimulatorTest):
    def test_lambda(self):
        calls = []
        ns.Simulator.Schedule(ns.Seconds(1), lambda: calls.append(ns.Simulator.Now().GetSeconds()))
        gc.collect()
        ns.Simulator.Run()
        self.assertEqual(calls, [1])

    def test_bound_method(self):
        recorder = Recorder()
        calls = recorder.calls
        ns.Simulator.Schedule(ns.MilliSeconds(1500), recorder.note, "a", 5)
        del recorder
        gc.collect()
        ns.Simulator.Run()
        self.assertEqual(calls, [(1.5, "a", 5)])

    def test_other_times(self):
        recorder = Recorder()
        ns.Simulator.Schedule("20ms", recorder.note)
        ns.Simulator.Schedule(0.5, recorder.note)
        ns.Simulator.ScheduleNow(recorder.note)
        ns.Simulator.ScheduleDestroy(recorder.note, "end")
        ns.Simulator.Run()
        self.assertEqual(recorder.calls, [(0,), (0.02,), (0.5,)])
        ns.Simulator.Destroy()
        self.assertEqual(recorder.calls[3:], [(0.5, "end")])

    def test_cancelled(self):
        calls = []
        event = ns.Simulator.Schedule(1, calls.append, 1)
        ns.Simulator.Schedule(0.5, lambda: ns.Simulator.Cancel(event))
        ns.Simulator.Run()
        self.assertEqual(calls, [])

    def test_function_is_let_go(self):
        recorder = Recorder()
        alive = weakref.ref(recorder)
        ns.Simulator.Schedule(1, recorder.note)
        del recorder
        gc.collect()
        self.assertIsNotNone(alive())
        ns.Simulator.Run()
        gc.collect()
        self.assertIsNone(alive())

    def test_many(self):
        recorder = Recorder()
        for i in range(3000):
            ns.Simulator.Schedule(i * 0.001, recorder.note, i)
        ns.Simulator.Run()
        self.assertEqual([call[1] for call in recorder.calls], list(range(3000)))

    def test_wrong(self):
        with self.assertRaisesRegex(ValueError, "past"):
            ns.Simulator.Schedule(-1, print)
        with self.assertRaisesRegex(ValueError, "no time"):
            ns.Simulator.Schedule("soon", print)
        with self.assertRaises(TypeError):
            ns.Simulator.Schedule(1, "print")


class Exceptions(SimulatorTest):
    def test_out_of_an_event(self):
        reason = Odd("reason", 42)
        later = []

        def fail():
            raise reason

        ns.Simulator.Schedule(1, fail)
        ns.Simulator.Schedule(1, later.append, "same time")
        ns.Simulator.Schedule(2, later.append, "later")
        # assertRaises() would drop the traceback.
        try:
            ns.Simulator.Run()
            self.fail("Run() returned")
        except Odd as caught:
            self.assertIs(caught, reason)
            self.assertEqual(caught.args, ("reason", 42))
            names = [frame.name for frame in traceback.extract_tb(caught.__traceback__)]
            self.assertEqual((names[0], names[-1]), ("test_out_of_an_event", "fail"))
        self.assertEqual(ns.Simulator.Now().GetSeconds(), 1)
        self.assertEqual(later, [])
        # The simulation can go on.
        ns.Simulator.Run()
        self.assertEqual(later, ["same time", "later"])

    def test_out_of_a_trace_source_and_a_callback(self):
        for where in ("trace", "callback"):
            with self.subTest(where):
                nodes = link_nodes()
                source, _ = add_streams(nodes.Get(0), nodes.Get(1), ("10.1.1.2", 80))

                def fail(*args):
                    raise Odd(where)

                if where == "trace":
                    source.TraceConnectWithoutContext("Tx", fail)
                else:
                    ns.Simulator.Schedule(1, lambda: mptcp.on_event(source.GetSocket(), fail))
                    ns.Simulator.Schedule(2, lambda: mptcp.close_sub(source.GetSocket(), 1))
                with self.assertRaisesRegex(Odd, where):
                    self.run_for(5)
                self.tearDown()

    def test_interrupt(self):
        def interrupt():
            raise KeyboardInterrupt

        ns.Simulator.Schedule(1, interrupt)
        with self.assertRaises(KeyboardInterrupt):
            ns.Simulator.Run()

    def test_run_within_run(self):
        for function in (ns.Simulator.Run, ns.Simulator.Destroy):
            ns.Simulator.Schedule(1, function)
            with self.assertRaisesRegex(RuntimeError, "Run.. is under way"):
                ns.Simulator.Run()

    def test_out_of_the_destruction(self):
        """All functions are called, and the first failure is told."""
        reason = Odd("first")
        called = []

        def fail(failure):
            called.append(failure)
            raise failure

        ns.Simulator.ScheduleDestroy(fail, reason)
        ns.Simulator.ScheduleDestroy(fail, KeyError("second"))
        ns.Simulator.ScheduleDestroy(called.append, "third")
        with self.assertRaises(Odd) as caught:
            ns.Simulator.Destroy()
        self.assertIs(caught.exception, reason)
        self.assertEqual([called[0], type(called[1]), called[2:]], [reason, KeyError, ["third"]])
        # And the next simulation knows nothing of it.
        ns.Simulator.Schedule(1, called.append, "fourth")
        ns.Simulator.Run()
        ns.Simulator.Destroy()
        self.assertEqual(called[3:], ["fourth"])


class TraceSources(SimulatorTest):
    def test_lambda_and_bound_method(self):
        nodes = link_nodes()
        source, sink = add_streams(nodes.Get(0), nodes.Get(1), ("10.1.1.2", 80), 100000)
        recorder = Recorder()
        calls = recorder.calls
        total = [0]
        source.TraceConnectWithoutContext("Tx", recorder.note)
        sink.TraceConnectWithoutContext("Rx", lambda offset, size: total.__setitem__(0, total[0] + size))
        del recorder
        gc.collect()
        self.run_for(5)
        self.assertEqual(sum(call[2] for call in calls), 100000)
        self.assertEqual(total, [100000])
        self.assertEqual(sink.GetWrong(), 0)

    def test_by_path(self):
        nodes = link_nodes()
        add_streams(nodes.Get(0), nodes.Get(1), ("10.1.1.2", 80))
        windows = []
        ns.Simulator.Schedule(1, lambda: ns.Config.ConnectWithoutContext(
            "/NodeList/0/$ns3::MptcpL4Protocol/ConnectionList/*/SubflowList/*/CongestionWindow",
            lambda old, new: windows.append(new)))
        self.run_for(2)
        self.assertGreater(len(windows), 10)
        self.assertGreater(min(windows), 1000)

    def test_arguments_can_be_kept(self):
        nodes = link_nodes()
        add_streams(nodes.Get(0), nodes.Get(1), ("10.1.1.2", 80), 100000)
        connections, packets, headers, subflows = [], [], [], []

        def on_subflow(subflow):
            subflow.TraceConnectWithoutContext("Tx", on_segment)

        def on_segment(packet, header, subflow):
            packets.append(packet)
            headers.append(header)
            subflows.append(subflow)

        def on_connection(connection):
            connections.append(connection)
            connection.TraceConnectWithoutContext("SubflowEstablished", on_subflow)

        nodes.Get(0).GetObject[ns.MptcpL4Protocol]().TraceConnectWithoutContext(
            "NewConnection", on_connection)
        self.run_for(5)
        gc.collect()
        self.assertEqual(len(connections), 1)
        found = ns.DynamicCast[ns.MptcpConnection](connections[0])
        self.assertEqual(str(found.GetInstanceTypeId().GetName()), "ns3::MptcpConnection")
        self.assertGreaterEqual(sum(packet.GetSize() for packet in packets), 90000)
        self.assertEqual({header.GetDestinationPort() for header in headers}, {80})
        self.assertEqual({str(subflow.GetInstanceTypeId().GetName()) for subflow in subflows},
                         {"ns3::TcpSubflow"})

    def test_texts(self):
        nodes = link_nodes()
        stock = mptcp.create_socket(nodes.Get(1), "ns3::TcpSocketFactory")
        mptcp.listen(stock, ("0.0.0.0", 80))
        told = []
        nodes.Get(0).GetObject[ns.MptcpL4Protocol]().TraceConnectWithoutContext(
            "NewConnection",
            lambda connection: connection.TraceConnectWithoutContext("FallBack", told.append))
        client = mptcp.create_socket(nodes.Get(0))
        ns.Simulator.Schedule(1, mptcp.connect, client, ("10.1.1.2", 80))
        self.run_for(2)
        self.assertEqual(len(told), 1)
        self.assertIsInstance(told[0], str)
        self.assertGreater(len(told[0]), 5)

    def test_each_of_the_module(self):
        """Wrong types of arguments would end the interpreter."""
        connected = 0
        for i in range(ns.TypeId.GetRegisteredN()):
            kind = ns.TypeId.GetRegistered(i)
            if (str(kind.GetGroupName()) != "Mptcp" or not kind.HasConstructor()
                    or not kind.IsChildOf(ns.Object.GetTypeId())):
                continue
            factory = ns.ObjectFactory()
            factory.SetTypeId(kind)
            made = factory.Create()
            for source in mptcp.trace_sources(made):
                with self.subTest("%s::%s" % (kind.GetName(), source)):
                    made.TraceConnectWithoutContext(source, lambda *args: None)
                    connected += 1
        self.assertGreater(connected, 30)

    def test_wrong(self):
        node = link_nodes().Get(0)
        with self.assertRaisesRegex(ValueError, "no trace source Nothing; there are: .*NewConn"):
            node.GetObject[ns.MptcpL4Protocol]().TraceConnectWithoutContext("Nothing", print)
        with self.assertRaisesRegex(TypeError, "not a function"):
            node.GetObject[ns.MptcpL4Protocol]().TraceConnectWithoutContext("NewConnection", 5)
        with self.assertRaisesRegex(ValueError, "nothing is there"):
            ns.Config.ConnectWithoutContext("/NodeList/77/Nothing", print)


class SocketCallbacks(SimulatorTest):
    def test_all(self):
        nodes = link_nodes()
        told = []
        server = mptcp.create_socket(nodes.Get(1))
        mptcp.listen(server, ("0.0.0.0", 80))
        received = []

        def read(socket):
            packet = socket.Recv(100000, 0)
            while packet and packet.GetSize() > 0:
                received.append(packet.GetSize())
                packet = socket.Recv(100000, 0)

        def created(socket, peer):
            told.append("created")
            socket.SetRecvCallback(read)
            socket.SetCloseCallbacks(lambda s: told.append("end"), lambda s: told.append("error"))

        def request(socket, peer):
            told.append("request")
            return True

        server.SetAcceptCallback(request, created)
        client = mptcp.create_socket(nodes.Get(0))

        def connected(socket):
            told.append("connected")
            client.Send(ns.Packet(3000), 0)
            client.Close()

        sent = []
        client.SetDataSentCallback(lambda socket, size: sent.append(size))
        client.SetSendCallback(lambda socket, room: None)
        client.SetConnectCallback(connected, None)
        ns.Simulator.Schedule(1, mptcp.connect, client, ("10.1.1.2", 80))
        self.run_for(10)
        self.assertEqual(told, ["request", "connected", "created", "end"])
        self.assertEqual(sum(received), 3000)
        self.assertEqual(sum(sent), 3000)

    def test_refused(self):
        nodes = link_nodes()
        told = []
        client = mptcp.create_socket(nodes.Get(0))
        client.SetConnectCallback(lambda s: told.append("connected"), lambda s: told.append("failed"))
        ns.Simulator.Schedule(1, mptcp.connect, client, ("10.1.1.2", 81))
        self.run_for(3)
        self.assertEqual(told, ["failed"])

    def test_request_denied(self):
        nodes = link_nodes()
        server = mptcp.create_socket(nodes.Get(1))
        mptcp.listen(server, ("0.0.0.0", 80))
        created = []
        # A function that returns nothing says no.
        server.SetAcceptCallback(lambda socket, peer: None, lambda *args: created.append(args))
        told = []
        client = mptcp.create_socket(nodes.Get(0))
        client.SetConnectCallback(lambda s: told.append("connected"), lambda s: told.append("failed"))
        ns.Simulator.Schedule(1, mptcp.connect, client, ("10.1.1.2", 80))
        self.run_for(3)
        self.assertEqual((told, created), ([], []))

    def test_wrong(self):
        node = link_nodes().Get(0)
        with self.assertRaisesRegex(TypeError, "not a function"):
            mptcp.create_socket(node).SetRecvCallback(5)
        with self.assertRaisesRegex(TypeError, "at most"):
            mptcp.create_socket(node).SetRecvCallback(print, print)


class Functions(SimulatorTest):
    """Those that are given to the module's own classes."""

    def add_forger(self, maker, count):
        forger = mptcp.create(ns.SegmentForger, Rate=100, Count=count)
        forger.SetFlood(maker)
        link_nodes().Get(0).AddApplication(forger)
        gc.collect()
        return forger

    def test_flood(self):
        numbers = []

        def make_maker():
            def make(number):
                numbers.append(number)
                frame = ns.TcpFrame()
                frame.source = ns.IpAddress(ns.Ipv4Address("10.1.1.7"))
                frame.destination = ns.IpAddress(ns.Ipv4Address("10.1.1.2"))
                frame.sourcePort = 1000 + number
                frame.destinationPort = 80
                return frame
            return lambda number: make(number)

        forger = self.add_forger(make_maker(), 20)
        self.run_for(2)
        self.assertEqual((forger.GetSent(), numbers), (20, list(range(20))))

    def test_flood_that_fails(self):
        reason = Odd("third")

        def fail(number):
            if number == 3:
                raise reason
            return ns.TcpFrame()

        forger = self.add_forger(fail, 20)
        with self.assertRaises(Odd) as caught:
            self.run_for(2)
        self.assertIs(caught.exception, reason)
        self.assertLessEqual(forger.GetSent(), 4)

    def test_flood_of_nothing(self):
        self.add_forger(lambda number: None, 20)
        with self.assertRaisesRegex(TypeError, "None was returned where a .*TcpFrame"):
            self.run_for(2)

    def test_control_port(self):
        port = ns.MptcpControlPort(ns.MptcpController.Install(link_nodes().Get(0)))
        told = []
        port.SetReadyCallback(lambda: told.append("ready"))
        gc.collect()
        # MPTCP_CONTROL_SUBSCRIBE, which has an answer.
        request = struct.pack("@HHIIIB3x", 1, 0, 20, 1, 0, 1)
        buffer = ctypes.create_string_buffer(request, len(request))
        self.assertEqual(port.Send(ctypes.cast(buffer, ctypes.c_void_p), len(request)), 20)
        self.run_for(1)
        self.assertEqual(told, ["ready"])

    def test_addresses_of_source_routing(self):
        nodes = link_nodes()
        told = []
        ipv4 = nodes.Get(0).GetObject[ns.Ipv4]()
        ns.Ipv4SourceRouting.Install(ipv4).SetAddressCallback(
            lambda address, interface, usable: told.append((str(address), interface, usable)))
        ipv6 = nodes.Get(0).GetObject[ns.Ipv6]()
        interface = ipv6.AddInterface(nodes.Get(0).GetDevice(1))
        ipv6.SetUp(interface)
        ns.Ipv6SourceRouting.Install(ipv6).SetAddressCallback(
            lambda address, interface, usable: told.append((str(address), interface, usable)))
        gc.collect()
        ipv4.SetDown(1)
        ipv6.AddAddress(interface, ns.Ipv6InterfaceAddress(ns.Ipv6Address("fd00::1"), ns.Ipv6Prefix(64)))
        self.run_for(3)
        self.assertIn(("10.1.1.1", 1, False), told)
        self.assertIn(("fd00::1", interface, True), told)
