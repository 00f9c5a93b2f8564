// SPDX-License-Identifier: GPL-2.0-only
// Connections whose application has closed, or whose peer is silent, do not live for ever.
#include "test-rig.h"

#include "ns3/boolean.h"
#include "ns3/mptcp-connection.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/mptcp-socket.h"
#include "ns3/nstime.h"
#include "ns3/simulator.h"

#include <cerrno>

namespace ns3
{

namespace
{

using Ending = EndpointOptions::Ending;

constexpr uint16_t PORT = 80;

/// @param multipath or plain TCP @return attributes of a socket
TestAttributes
Attributes(bool multipath, TestAttributes more = {})
{
    more.emplace_back("Multipath", multipath ? "true" : "false");
    return more;
}

/// @param node one @return connections that live on it
uint32_t
CountConnections(Ptr<Node> node)
{
    return node->GetObject<MptcpL4Protocol>()->GetNConnections();
}

/// @param multipath or plain TCP @return the name, for sentences
std::string
Name(bool multipath)
{
    return multipath ? "Multipath TCP" : "plain TCP";
}

/// RSTs and MP_FASTCLOSEs that a client has sent.
struct Aborts
{
    uint32_t resets{0};     //!< segments with RST
    uint32_t fastcloses{0}; //!< segments with MP_FASTCLOSE
    Time firstReset;        //!< when the first one left

    /// @param rig whose first path is looked at
    explicit Aborts(TestRig& rig)
    {
        for (uint32_t i = 0; i < rig.CountPaths(); i++)
        {
            rig.Path(i)->AddTap(FilterChannel::UP,
                                [this](const WireSegment& segment)
                                {
                                    if (segment.rst && resets++ == 0)
                                    {
                                        firstReset = Simulator::Now();
                                    }
                                    fastcloses += segment.FindMptcp(wire::MP_FASTCLOSE) ? 1 : 0;
                                });
        }
    }
};

/// @param connection one @return its subflows that are established; others may be tried
uint32_t
CountEstablished(const MptcpConnection& connection)
{
    uint32_t count = 0;
    for (const auto& subflow : connection.GetSubflows())
    {
        count += subflow->GetState() == TcpSocket::ESTABLISHED ? 1 : 0;
    }
    return count;
}

// FIN_WAIT_2

/// The client closes; the server has all and never ends.
void
PeerNeverEnds(ScenarioTestCase& test, bool multipath, bool talks, double timeout)
{
    TestRig rig;
    EndpointOptions server;
    server.expect = 100000;
    server.ending = Ending::NEVER;
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.send = 100000;
    client.ending = Ending::CLOSE_WHEN_SENT;
    client.attributes = Attributes(multipath, {{"FinTimeout", std::to_string(timeout) + "s"}});
    rig.Connect(PORT, client);
    Aborts aborts(rig);
    for (int i = 2; talks && i < timeout + 10; i++)
    {
        // One that goes on sending holds nobody either.
        Simulator::Schedule(Seconds(i), [&rig] { rig.accepted.at(0)->SendMore(1000); });
    }
    rig.Run(Seconds(timeout - 1));
    test.ExpectEqual(CountConnections(rig.GetClient()), 1U, "still there");
    test.ExpectEqual(aborts.resets, 0U, "nothing is reset yet");
    rig.Run(Seconds(timeout + 1));
    test.ExpectEqual(CountConnections(rig.GetClient()), 0U, "gone when the time is over");
    test.ExpectEqual(rig.opened[0]->errorClose, false, "all data has arrived: no error");
    test.ExpectEqual(rig.accepted.at(0)->received, 100000U, "every byte");
    test.ExpectEqual(aborts.fastcloses > 0, multipath, "Multipath TCP tells by MP_FASTCLOSE");
    test.ExpectEqual(aborts.resets > 0, multipath, "plain TCP in silence");
    rig.Run(Seconds(timeout + 10));
    if (multipath)
    {
        test.ExpectEqual(rig.accepted.at(0)->errorClose, true, "the peer learns of it");
        test.ExpectEqual(CountConnections(rig.GetServer()), 0U, "and is gone too");
    }
    test.ExpectEqual(rig.accepted.at(0)->GetWrongByte(), std::string(), "no wrong byte");
}

/// Nobody will read what a peer still sends to an application that has closed.
/// @param pending whether data of the client waits to be sent
void
DataAfterClose(ScenarioTestCase& test, bool pending)
{
    RigOptions net;
    net.paths[0].rate = "1Mbps";
    TestRig rig(net);
    EndpointOptions server;
    server.expect = pending ? 500000 : 10000;
    server.ending = Ending::NEVER;
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.send = server.expect;
    client.ending = Ending::CLOSE_WHEN_SENT;
    client.attributes = Attributes(false);
    rig.Connect(PORT, client);
    Aborts aborts(rig);
    Simulator::Schedule(Seconds(2), [&rig] { rig.accepted.at(0)->SendMore(1000); });
    rig.Run(Seconds(3));
    auto& peer = *rig.accepted.at(0);
    const Time late = aborts.firstReset - Seconds(2);
    test.Expect(aborts.resets > 0, "RST");
    // A queue of 100 packets at 1 Mb/s is in front of it.
    test.Expect(late > Time(0) && late < (pending ? Seconds(1) : MilliSeconds(20)),
                "at once: " + std::to_string(late.GetSeconds()) + " s");
    test.ExpectEqual(CountConnections(rig.GetClient()), 0U, "the client's end is gone");
    rig.Run(Seconds(10));
    test.ExpectEqual(peer.error, ECONNRESET, "the peer learns of the loss");
    test.ExpectEqual(peer.GetWrongByte(), std::string(), "no wrong byte");
    test.ExpectEqual(peer.received < server.expect, pending, "what was not sent yet is lost");
    test.ExpectEqual(CountConnections(rig.GetServer()), 0U, "and the server's");
}

/// Half-closed with an application, there is no limit.
void
HalfClosed(ScenarioTestCase& test, bool multipath)
{
    TestRig rig;
    EndpointOptions server;
    server.expect = 1000;
    server.send = 0;
    server.ending = Ending::NEVER;
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.send = 1000;
    client.expect = 5000;
    client.attributes = Attributes(multipath);
    rig.Connect(PORT, client);
    Simulator::Schedule(Seconds(3000),
                        [&rig]
                        {
                            rig.accepted.at(0)->SendMore(5000);
                            rig.accepted.at(0)->ShutdownSend();
                        });
    rig.Run(Seconds(3010));
    test.ExpectEqual(rig.opened[0]->GetProblem(), std::string(), "an answer after 50 minutes");
}

/// The application has closed, the peer reads nothing.
void
PeerNeverReads(ScenarioTestCase& test, bool multipath)
{
    TestRig rig;
    EndpointOptions server;
    server.expect = 0;
    server.reading = false;
    server.ending = Ending::NEVER;
    server.attributes = {{"RcvBufSize", "20000"}};
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.send = 100000;
    client.ending = Ending::CLOSE_WHEN_SENT;
    client.attributes = Attributes(multipath);
    rig.Connect(PORT, client);
    rig.Run(Seconds(120));
    test.ExpectEqual(CountConnections(rig.GetClient()), 1U, "its window may open");
    rig.Run(Seconds(600));
    test.ExpectEqual(CountConnections(rig.GetClient()), 0U, "but not for ever");
    test.ExpectEqual(rig.opened[0]->error, ETIMEDOUT, "data was not delivered");
}

// The DATA_FIN

/// DATA_FINs of a server that has sent nothing are lost again and again.
void
LostDataFins(ScenarioTestCase& test, uint32_t times, bool random)
{
    TestRig rig;
    EndpointOptions server;
    rig.Listen(PORT, server);
    EndpointOptions client;
    rig.Connect(PORT, client);
    uint32_t left = times;
    rig.Path(0)->AddRule(FilterChannel::DOWN,
                         [&left](WireSegment& segment, WireFate& fate)
                         {
                             const auto* option = segment.FindMptcp(wire::DSS);
                             const auto dss = option ? wire::ReadDss(*option) : std::nullopt;
                             if (dss && dss->dataFin && left > 0)
                             {
                                 left--;
                                 fate.drop = true;
                             }
                         });
    if (random)
    {
        rig.Path(0)->AddRule(FilterChannel::DOWN, DropRandom(IsAfterSyn, 0.4, 5));
        rig.Path(0)->AddRule(FilterChannel::UP, DropRandom(IsAfterSyn, 0.4, 6));
    }
    uint32_t fallBacks = 0;
    Simulator::Schedule(
        MilliSeconds(200),
        [&]
        {
            DynamicCast<MptcpSocket>(rig.accepted.at(0)->GetSocket())
                ->GetConnection()
                ->TraceConnectWithoutContext(
                    "FallBack",
                    Callback<void, std::string>([&fallBacks](std::string) { fallBacks++; }));
        });
    // The server ends first: the client has not sent a DSS by then.
    rig.Run(Seconds(600));
    test.ExpectEqual(left, 0U, "as many were lost");
    test.ExpectEqual(fallBacks, 0U, "loss is no reason to fall back");
    test.ExpectAllDelivered(rig);
}

// Linger

/// @param linger attribute @param closedAt when the application closes, with data on its way
void
Linger(ScenarioTestCase& test, bool multipath, double linger, bool delivered)
{
    RigOptions net;
    net.paths[0].rate = "1Mbps";
    TestRig rig(net);
    EndpointOptions server;
    server.expect = 500000; // four seconds
    server.ending = Ending::CLOSE_AT_EOF;
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.send = 500000;
    client.ending = Ending::CLOSE_WHEN_SENT;
    client.attributes = Attributes(multipath, {{"Linger", std::to_string(linger) + "s"}});
    rig.Connect(PORT, client, Seconds(1));
    Aborts aborts(rig);
    rig.Run(Seconds(60));
    auto& peer = *rig.accepted.at(0);
    test.ExpectEqual(CountConnections(rig.GetClient()), 0U, "gone");
    test.ExpectEqual(peer.GetWrongByte(), std::string(), "no wrong byte");
    if (delivered)
    {
        test.ExpectEqual(peer.GetProblem(), std::string(), "delivered");
        test.ExpectEqual(aborts.resets, 0U, "nothing is reset");
        return;
    }
    test.ExpectEqual(peer.errorClose, true, "the peer is told of the loss");
    test.ExpectEqual(peer.error, ECONNRESET, "by a reset");
    test.Expect(peer.received < 500000, "not all has arrived");
    test.ExpectEqual(aborts.fastcloses > 0, multipath, "MP_FASTCLOSE in Multipath TCP");
    test.Expect(aborts.resets > 0, "RST");
    // The device sends what waits in its queue first.
    const double late = (aborts.firstReset - Seconds(1)).GetSeconds() - linger;
    test.Expect(late >= 0 && late < 1.5, "when the time is over: " + std::to_string(late));
}

/// Unread data: nobody will read it, and the peer must know.
void
CloseUnread(ScenarioTestCase& test, bool multipath)
{
    TestRig rig;
    EndpointOptions server;
    server.send = 10000;
    server.ending = Ending::NEVER;
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.reading = false;
    client.ending = Ending::NEVER;
    client.attributes = Attributes(multipath);
    auto& end = rig.Connect(PORT, client);
    Aborts aborts(rig);
    Simulator::Schedule(Seconds(2), [&end] { end.Close(); });
    rig.Run(Seconds(3));
    test.ExpectEqual(rig.accepted.at(0)->error, ECONNRESET, "the peer learns of the loss");
    test.ExpectEqual(aborts.fastcloses > 0, multipath, "MP_FASTCLOSE in Multipath TCP");
    test.Expect(aborts.resets > 0, "RST");
    test.ExpectEqual(
        CountConnections(rig.GetClient()) + CountConnections(rig.GetServer()), 0U, "both are gone");
}

// Silence

/// @param paths of the client, of which the first dies
void
KeepAlive(ScenarioTestCase& test, bool multipath, uint32_t paths, bool allDie, bool later)
{
    RigOptions net;
    net.paths.resize(paths);
    TestRig rig(net);
    EndpointOptions server;
    server.expect = 1000;
    server.ending = Ending::NEVER;
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.send = 1000;
    client.ending = Ending::NEVER;
    client.attributes = Attributes(multipath,
                                   {{"KeepAlive", later ? "false" : "true"},
                                    {"KeepAliveIdle", "10s"},
                                    {"KeepAliveInterval", "2s"},
                                    {"KeepAliveCount", "3"}});
    auto& end = rig.Connect(PORT, client);
    if (later)
    {
        Simulator::Schedule(Seconds(1),
                            [&end, &test]
                            {
                                BooleanValue value(true);
                                end.GetSocket()->SetAttribute("KeepAlive", value);
                                end.GetSocket()->GetAttribute("KeepAlive", value);
                                test.Expect(value.Get(), "it can be turned on");
                            });
    }
    Simulator::Schedule(Seconds(30),
                        [&rig, paths, allDie]
                        {
                            for (uint32_t i = 0; i < (allDie ? paths : 1); i++)
                            {
                                rig.Path(i)->SetSilent(true);
                            }
                        });
    rig.Run(Seconds(29));
    const auto connection = DynamicCast<MptcpSocket>(end.GetSocket())->GetConnection();
    test.ExpectEqual(CountEstablished(*connection), paths, "all answer");
    rig.Run(Seconds(60));
    if (!allDie)
    {
        test.ExpectEqual(CountEstablished(*connection), paths - 1, "the silent one has ended");
        test.ExpectEqual(connection->IsEnded(), false, "the connection goes on");
        return;
    }
    rig.Run(Seconds(130));
    test.ExpectEqual(connection->IsEnded(), true, "over");
    test.ExpectEqual(connection->GetErrno(), ETIMEDOUT, "timed out");
    test.ExpectEqual(end.errorClose, true, "the application is told");
    test.ExpectEqual(CountConnections(rig.GetClient()), 0U, "gone");
}

/// Data that nobody acknowledges.
void
UserTimeout(ScenarioTestCase& test, bool multipath, uint32_t paths, bool allDie, bool later)
{
    RigOptions net;
    net.paths.resize(paths);
    TestRig rig(net);
    EndpointOptions server;
    server.expect = 10000;
    server.ending = Ending::NEVER;
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.send = 1000;
    client.ending = Ending::NEVER;
    client.attributes = Attributes(multipath, {{"UserTimeout", later ? "0s" : "5s"}});
    auto& end = rig.Connect(PORT, client);
    if (later)
    {
        Simulator::Schedule(Seconds(1),
                            [&end, &test]
                            {
                                TimeValue value(Seconds(5));
                                end.GetSocket()->SetAttribute("UserTimeout", value);
                                end.GetSocket()->GetAttribute("UserTimeout", value);
                                test.Expect(value.Get() == Seconds(5), "it can be set");
                            });
    }
    Simulator::Schedule(Seconds(100),
                        [&rig, &end, paths, allDie]
                        {
                            for (uint32_t i = 0; i < (allDie ? paths : 1); i++)
                            {
                                rig.Path(i)->SetSilent(true);
                            }
                            end.SendMore(9000);
                        });
    rig.Run(Seconds(99));
    const auto connection = DynamicCast<MptcpSocket>(end.GetSocket())->GetConnection();
    test.ExpectEqual(connection->IsEnded(), false, "idleness is no reason");
    rig.Run(Seconds(104.9));
    test.ExpectEqual(connection->IsEnded(), false, "not before its time");
    rig.Run(Seconds(105.1));
    test.ExpectEqual(connection->IsEnded(), allDie, "after it, if no data arrives");
    if (allDie)
    {
        test.ExpectEqual(connection->GetErrno(), ETIMEDOUT, "timed out");
        test.ExpectEqual(end.errorClose, true, "the application is told");
        return;
    }
    test.ExpectEqual(CountEstablished(*connection), paths - 1, "the silent subflow has ended");
    test.ExpectEqual(rig.accepted.at(0)->GetProblem(), std::string(), "every byte by the other");
}

/// RFC 5482, and Linux: data that a closed window holds back counts too.
void
UserTimeoutWindow(ScenarioTestCase& test, bool multipath)
{
    TestRig rig;
    EndpointOptions server;
    server.reading = false;
    server.ending = Ending::NEVER;
    server.attributes = {{"RcvBufSize", "20000"}};
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.send = 100000;
    client.ending = Ending::NEVER;
    client.attributes = Attributes(multipath, {{"UserTimeout", "20s"}});
    auto& end = rig.Connect(PORT, client);
    rig.Run(Seconds(19));
    test.ExpectEqual(end.errorClose, false, "not before its time");
    rig.Run(Seconds(22));
    test.ExpectEqual(end.errorClose, true, "over");
    test.ExpectEqual(end.error, ETIMEDOUT, "timed out");
}

/// The suite.
class MptcpTimeLimitsTestSuite : public ScenarioTestSuite
{
  public:
    MptcpTimeLimitsTestSuite()
        : ScenarioTestSuite("mptcp-time-limits")
    {
        for (const bool multipath : {false, true})
        {
            const std::string name = Name(multipath);
            for (const double timeout : {60.0, 7.0})
            {
                const std::string after = std::to_string(static_cast<int>(timeout)) + " s, ";
                Add("RFC 9293 3.6: FIN_WAIT_2 without an application ends after " + after + name,
                    [multipath, timeout](ScenarioTestCase& test)
                    { PeerNeverEnds(test, multipath, false, timeout); });
            }
            Add("RFC 9293 3.6: a half-closed connection with an application has no limit, " + name,
                [multipath](ScenarioTestCase& test) { HalfClosed(test, multipath); });
            Add("RFC 9293 3.8.6.1: a closed window holds no connection without an application, " +
                    name,
                [multipath](ScenarioTestCase& test) { PeerNeverReads(test, multipath); });
            for (const double linger : {0.0, 1.0, 3.0})
            {
                Add("Linger of " + std::to_string(int(linger)) + " s, then abort, " + name,
                    [multipath, linger](ScenarioTestCase& test)
                    { Linger(test, multipath, linger, false); });
            }
            for (const double linger : {-1.0, 10.0})
            {
                Add("Linger of " + std::to_string(int(linger)) + " s delivers all, " + name,
                    [multipath, linger](ScenarioTestCase& test)
                    { Linger(test, multipath, linger, true); });
            }
            Add("RFC 9293 3.6.1, 8684 3.5: Close with unread data aborts, " + name,
                [multipath](ScenarioTestCase& test) { CloseUnread(test, multipath); });
            Add("RFC 9293 3.8.4: keep-alives find a dead peer, " + name,
                [multipath](ScenarioTestCase& test)
                { KeepAlive(test, multipath, 1, true, false); });
            Add("RFC 9293 3.8.4: keep-alives turned on later, " + name,
                [multipath](ScenarioTestCase& test) { KeepAlive(test, multipath, 1, true, true); });
            for (const bool later : {false, true})
            {
                Add("RFC 5482: data that nobody acknowledges, " + name +
                        (later ? ", set later" : ""),
                    [multipath, later](ScenarioTestCase& test)
                    { UserTimeout(test, multipath, 1, true, later); });
            }
            Add("RFC 5482: data before a closed window, " + name,
                [multipath](ScenarioTestCase& test) { UserTimeoutWindow(test, multipath); });
        }
        Add("Multipath TCP acknowledges what comes after Close for as long, as Linux does",
            [](ScenarioTestCase& test) { PeerNeverEnds(test, true, true, 60); });
        for (const bool pending : {false, true})
        {
            Add(std::string("RFC 9293 3.6.1, 1122 4.2.2.13: data that comes after Close is "
                            "answered by a RST, plain TCP") +
                    (pending ? ", with data to be sent" : ""),
                [pending](ScenarioTestCase& test) { DataAfterClose(test, pending); });
        }
        Add("keep-alives end the one silent subflow of two",
            [](ScenarioTestCase& test) { KeepAlive(test, true, 2, false, false); });
        Add("keep-alives on two dead paths",
            [](ScenarioTestCase& test) { KeepAlive(test, true, 2, true, false); });
        Add("a user time-out ends the one silent subflow of two",
            [](ScenarioTestCase& test) { UserTimeout(test, true, 2, false, false); });
        Add("a user time-out ends a connection with two dead paths",
            [](ScenarioTestCase& test) { UserTimeout(test, true, 2, true, true); });
        for (const uint32_t times : {1U, 3U, 6U})
        {
            Add("RFC 8684 3.3.3, 3.7: a server's first DATA_FIN lost " + std::to_string(times) +
                    " times is no reason to fall back",
                [times](ScenarioTestCase& test) { LostDataFins(test, times, false); });
        }
        Add("RFC 8684 3.3.3, 3.7: nor is loss of four in ten segments",
            [](ScenarioTestCase& test) { LostDataFins(test, 4, true); });
    }
};

MptcpTimeLimitsTestSuite g_mptcpTimeLimitsTestSuite; //!< registers itself

} // namespace

} // namespace ns3
