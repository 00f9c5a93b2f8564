// SPDX-License-Identifier: GPL-2.0-only
// ICMP errors on a node: RFC 1191, RFC 8201, RFC 5461, RFC 5927.
#include "transfer-plan.h"

#include "ns3/boolean.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv6-header.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/mptcp-connection.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/mptcp-socket.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cerrno>
#include <numeric>

namespace ns3
{

namespace
{

constexpr uint16_t PORT = 80;
constexpr uint8_t UNREACHABLE = 3;      //!< ICMP type
constexpr uint8_t UNREACHABLE6 = 1;     //!< ICMPv6 type
constexpr uint8_t TOO_BIG6 = 2;         //!< ICMPv6 type
constexpr uint8_t FRAG_NEEDED = 4;      //!< ICMP code
constexpr uint8_t PORT_CLOSED = 3;      //!< ICMP code
constexpr uint8_t PORT_CLOSED6 = 4;     //!< ICMPv6 code
constexpr uint8_t HOST_UNREACHABLE = 1; //!< ICMP code
constexpr uint8_t NO_ROUTE6 = 0;        //!< ICMPv6 code

/**
 * @param about the segment that is quoted, as IP saw it
 * @param type of the error
 * @param code of the error
 * @param mtu that it tells
 * @return the packet that a router sends to the segment's sender
 */
std::vector<uint8_t>
MakeIcmp(const WireSegment& about, uint8_t type, uint8_t code, uint32_t mtu)
{
    const size_t quoted = about.tcpAt + 8;
    std::vector<uint8_t> packet;
    if (about.ipv6)
    {
        packet = {0x60, 0, 0, 0, 0, uint8_t(8 + quoted), 58, 64};
        packet.insert(packet.end(), about.destination.begin(), about.destination.end());
        packet.insert(packet.end(), about.source.begin(), about.source.end());
    }
    else
    {
        packet = {0x45, 0, 0, uint8_t(28 + quoted), 0, 0, 0, 0, 64, 1, 0, 0};
        packet.insert(packet.end(), about.destination.begin(), about.destination.begin() + 4);
        packet.insert(packet.end(), about.source.begin(), about.source.begin() + 4);
    }
    packet.insert(packet.end(), {type, code, 0, 0, 0, 0, uint8_t(mtu >> 8), uint8_t(mtu & 0xff)});
    packet.insert(packet.end(), about.frame.begin(), about.frame.begin() + quoted);
    return packet;
}

/// @param rig where @param segment of the client @return the path that it came by
uint32_t
FindPath(const TestRig& rig, const WireSegment& segment)
{
    for (uint32_t i = 0; i < rig.CountPaths(); i++)
    {
        const Address address = rig.GetClientAddress(i, 0);
        std::array<uint8_t, 16> bytes{};
        if (segment.ipv6)
        {
            Inet6SocketAddress::ConvertFrom(address).GetIpv6().Serialize(bytes.data());
        }
        else
        {
            InetSocketAddress::ConvertFrom(address).GetIpv4().Serialize(bytes.data());
        }
        if (bytes == segment.source)
        {
            return i;
        }
    }
    return 0;
}

/// From some time on, the way to the server takes smaller packets. @param rig where
/// @param at when @param ipv6 by the router of ns-3, else by one that does not fragment
/// @param mtu bytes @param tells whether the latter tells its MTU
void
Narrow(TestRig& rig, Time at, bool ipv6, uint32_t mtu, bool tells = true)
{
    if (ipv6)
    {
        Simulator::Schedule(
            at, [&rig, mtu] { rig.ServerLink(0)->GetPointToPointDevice(1)->SetMtu(mtu); });
        return;
    }
    rig.ServerLink(0)->AddRule(
        FilterChannel::DOWN,
        [&rig, at, mtu, tells](WireSegment& segment, WireFate& fate)
        {
            if (Simulator::Now() < at || segment.frame.size() <= mtu)
            {
                return;
            }
            fate.drop = true;
            rig.Path(FindPath(rig, segment))
                ->Inject(FilterChannel::DOWN,
                         MakeIcmp(segment, UNREACHABLE, FRAG_NEEDED, tells ? mtu : 0));
        });
}

/// What a client has sent since a time.
struct Sizes
{
    uint32_t largest{0}; //!< bytes of a packet
    uint32_t over{0};    //!< packets beyond a limit

    /// @param rig where @param since when @param limit bytes @param paths which; all if empty
    Sizes(TestRig& rig, Time since, uint32_t limit, std::vector<uint32_t> paths = {})
    {
        if (paths.empty())
        {
            paths.resize(rig.CountPaths());
            std::iota(paths.begin(), paths.end(), 0);
        }
        for (const uint32_t i : paths)
        {
            rig.Path(i)->AddTap(FilterChannel::UP,
                                [this, since, limit](const WireSegment& segment)
                                {
                                    const auto size = static_cast<uint32_t>(segment.frame.size());
                                    if (Simulator::Now() >= since)
                                    {
                                        largest = std::max(largest, size);
                                        over += size > limit ? 1 : 0;
                                    }
                                });
        }
    }
};

/// A path becomes narrow in the middle of a transfer.
void
BecomesNarrow(ScenarioTestCase& test, bool ipv6, uint32_t paths, TestAttributes attributes)
{
    const uint32_t mtu = ipv6 ? 1280 : 700;
    TransferPlan plan;
    plan.net = Paths(paths);
    plan.net.ipv6 = ipv6;
    plan.up = 3000000;
    plan.down = 100000;
    plan.attributes = std::move(attributes);
    plan.joins = paths - 1;
    plan.limit = Seconds(1300); // ns-3 remembers an MTU for ten minutes
    const auto plain = std::find_if(plan.attributes.begin(),
                                    plan.attributes.end(),
                                    [](const auto& pair) { return pair.first == "Multipath"; });
    if (plain != plan.attributes.end())
    {
        plan.expectation = Expectation::PLAIN;
    }
    std::unique_ptr<Sizes> sizes;
    plan.arrange = [&](TestRig& rig)
    {
        Narrow(rig, MilliSeconds(500), ipv6, mtu);
        sizes = std::make_unique<Sizes>(rig, MilliSeconds(700), mtu);
    };
    plan.check = [&](ScenarioTestCase& check, TestRig& rig, WireChecker&)
    {
        check.ExpectEqual(sizes->over, 0U, "packets that do not fit, 200 ms later");
        check.Expect(sizes->largest > mtu - 40, "packets fill the path");
        // A window is soon twice as many packets, and the queue takes 100.
        check.Expect(rig.accepted.at(0)->longestGap < MilliSeconds(300),
                     "no interruption: " +
                         std::to_string(rig.accepted.at(0)->longestGap.GetSeconds()) + " s");
    };
    RunTransfer(test, plan);
}

/// Of two paths to one address the first becomes narrow. IPv4 keeps MTUs by source and destination,
/// so the other path's packets stay large. ns-3's IPv6 keeps them by destination and would cut into
/// fragments what is larger, so segments of both must fit.
void
OneOfTwoBecomesNarrow(ScenarioTestCase& test, bool ipv6)
{
    constexpr uint8_t FRAGMENT = 44; // next header of RFC 8200 section 4.5
    const uint32_t mtu = ipv6 ? 1280 : 700;
    TransferPlan plan;
    plan.net = Paths(2);
    plan.net.ipv6 = ipv6;
    plan.up = 6000000;
    plan.joins = 1;
    plan.limit = Seconds(1300);
    uint32_t fragments = 0;
    std::vector<std::unique_ptr<Sizes>> sizes;
    std::vector<uint64_t> carried(2);
    plan.arrange = [&](TestRig& rig)
    {
        rig.Path(0)->AddRule(
            FilterChannel::UP,
            [&rig, ipv6, mtu](WireSegment& segment, WireFate& fate)
            {
                if (Simulator::Now() >= MilliSeconds(500) && segment.frame.size() > mtu)
                {
                    fate.drop = true;
                    rig.Path(0)->Inject(
                        FilterChannel::DOWN,
                        MakeIcmp(
                            segment, ipv6 ? TOO_BIG6 : UNREACHABLE, ipv6 ? 0 : FRAG_NEEDED, mtu));
                }
            });
        for (uint32_t i = 0; i < 2; i++)
        {
            sizes.push_back(
                std::make_unique<Sizes>(rig, MilliSeconds(700), mtu, std::vector<uint32_t>{i}));
            rig.Path(i)->AddTap(FilterChannel::UP,
                                [&carried, i](const WireSegment& segment)
                                {
                                    if (Simulator::Now() >= MilliSeconds(700))
                                    {
                                        carried[i] += segment.PayloadSize();
                                    }
                                });
        }
        if (ipv6)
        {
            rig.GetClient()->GetObject<Ipv6L3Protocol>()->TraceConnectWithoutContext(
                "Tx",
                Callback<void, Ptr<const Packet>, Ptr<Ipv6>, uint32_t>(
                    [&fragments](Ptr<const Packet> packet, Ptr<Ipv6>, uint32_t)
                    {
                        Ipv6Header header;
                        packet->PeekHeader(header);
                        fragments += header.GetNextHeader() == FRAGMENT ? 1 : 0;
                    }));
        }
    };
    plan.check = [&](ScenarioTestCase& check, TestRig&, WireChecker&)
    {
        check.ExpectEqual(sizes[0]->over, 0U, "packets that do not fit, 200 ms later");
        check.ExpectEqual(fragments, 0U, "fragments");
        check.Expect(sizes[1]->largest > (ipv6 ? mtu - 40 : 1460),
                     "largest on the other path: " + std::to_string(sizes[1]->largest));
        for (uint32_t i = 0; i < 2; i++)
        {
            check.Expect(carried[i] > 1000000,
                         "path " + std::to_string(i) + " goes on: " + std::to_string(carried[i]));
        }
    };
    RunTransfer(test, plan);
}

/// Every IPv4 segment of either end carries DF; without path MTU discovery none does, and nobody
/// heeds "fragmentation needed".
void
DontFragment(ScenarioTestCase& test, bool discovery)
{
    constexpr size_t FLAGS = 6;  // offset in an IPv4 header (RFC 791 section 3.1)
    constexpr uint8_t DF = 0x40; // in that byte
    constexpr uint32_t MTU = 700;
    TransferPlan plan;
    plan.net = Paths(2);
    plan.up = 1000000;
    plan.down = 1000000;
    plan.joins = 1;
    uint32_t with = 0;
    uint32_t without = 0;
    std::unique_ptr<Sizes> sizes;
    plan.arrange = [&](TestRig& rig)
    {
        for (const auto& node : {rig.GetClient(), rig.GetServer()})
        {
            node->GetObject<MptcpL4Protocol>()->SetAttribute("PathMtuDiscovery",
                                                             BooleanValue(discovery));
        }
        for (uint32_t i = 0; i < rig.CountPaths(); i++)
        {
            for (const auto direction : {FilterChannel::UP, FilterChannel::DOWN})
            {
                rig.Path(i)->AddTap(direction,
                                    [&](const WireSegment& segment)
                                    { ++(segment.frame.at(FLAGS) & DF ? with : without); });
            }
        }
        if (!discovery)
        {
            rig.Path(0)->AddTap(FilterChannel::UP,
                                [&rig](const WireSegment& segment)
                                {
                                    if (segment.frame.size() > MTU)
                                    {
                                        rig.Path(0)->Inject(
                                            FilterChannel::DOWN,
                                            MakeIcmp(segment, UNREACHABLE, FRAG_NEEDED, MTU));
                                    }
                                });
            sizes = std::make_unique<Sizes>(rig, MilliSeconds(300), MTU);
        }
    };
    plan.check = [&](ScenarioTestCase& check, TestRig&, WireChecker&)
    {
        check.Expect(with + without > 2000, "segments: " + std::to_string(with + without));
        check.ExpectEqual(discovery ? without : with, 0U, discovery ? "without DF" : "with DF");
        if (sizes)
        {
            check.Expect(sizes->over > 100, "large ones go on: " + std::to_string(sizes->over));
        }
    };
    RunTransfer(test, plan);
}

/// An old router does not tell its MTU: RFC 1191 section 5.
void
MtuUntold(ScenarioTestCase& test)
{
    TransferPlan plan;
    plan.up = 1000000;
    plan.limit = Seconds(1300);
    plan.arrange = [&](TestRig& rig) { Narrow(rig, MilliSeconds(300), false, 800, false); };
    RunTransfer(test, plan);
}

/// What one connection has learned, the next one knows.
void
NextConnectionKnows(ScenarioTestCase& test, bool ipv6)
{
    RigOptions net;
    net.ipv6 = ipv6;
    TestRig rig(net);
    EndpointOptions server;
    server.expect = 100000;
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.send = 100000;
    rig.Connect(PORT, client);
    rig.Connect(PORT, client, Seconds(5));
    rig.Connect(PORT, client, Seconds(700));
    Narrow(rig, MilliSeconds(1), ipv6, 1300);
    Sizes second(rig, Seconds(5), 1300);
    Sizes third(rig, Seconds(700), 1300);
    rig.Run(Seconds(699));
    test.ExpectEqual(second.over, 0U, "packets of the second connection that do not fit");
    rig.Run(Seconds(2000));
    test.Expect(third.over > 0, "after ten minutes a larger one is tried");
    test.ExpectDone(rig, 3);
}

/// A connection that begins between another one's data and the error that this data draws: the SYN
/// is small enough, and the SYN/ACK comes behind the error.
void
BeginsBeforeError(ScenarioTestCase& test, bool ipv6, bool multipath)
{
    constexpr uint32_t MTU = 1300;
    RigOptions net;
    net.ipv6 = ipv6;
    TestRig rig(net);
    EndpointOptions server;
    server.expect = 100000;
    server.attributes = {{"Multipath", multipath ? "true" : "false"}};
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.send = 100000;
    client.attributes = server.attributes;
    rig.Connect(PORT, client);
    // The first one began at 10 ms, and a round trip takes 20 ms: its data leaves at 30 ms and
    // draws an error that is here at 51 ms.
    auto& second = rig.Connect(PORT, client, MilliSeconds(40));
    Narrow(rig, MilliSeconds(1), ipv6, MTU);
    Sizes sizes(rig, MilliSeconds(55), MTU);
    bool early = false;
    uint32_t known = 0;
    const auto look = [&second]
    {
        const auto socket = DynamicCast<MptcpSocket>(second.GetSocket());
        return socket->GetConnection()->GetSubflows().at(0);
    };
    Simulator::Schedule(MilliSeconds(55),
                        [&] { early = look()->GetState() == TcpSocket::SYN_SENT; });
    Simulator::Schedule(MilliSeconds(70), [&] { known = look()->GetDetails().pathMtu; });
    rig.Run(Seconds(1300));
    test.Expect(early, "the error comes before the SYN/ACK");
    test.ExpectEqual(known, MTU, "the path's MTU");
    test.ExpectEqual(sizes.over, 0U, "packets that do not fit, behind the error");
    test.ExpectDone(rig, 2);
}

/// Errors that an attacker sends who does not see the connection.
void
Forged(ScenarioTestCase& test, bool ipv6, bool multipath)
{
    RigOptions net;
    net.ipv6 = ipv6;
    TestRig rig(net);
    EndpointOptions server;
    server.expect = 2000000;
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.send = 2000000;
    client.attributes = {{"Multipath", multipath ? "true" : "false"}};
    auto& end = rig.Connect(PORT, client);
    uint32_t forged = 0;
    rig.Path(0)->AddTap(
        FilterChannel::UP,
        [&](const WireSegment& segment)
        {
            if (segment.PayloadSize() == 0 || forged >= 300)
            {
                return;
            }
            forged++;
            const auto send = [&](const WireSegment& about)
            {
                const auto channel = rig.Path(0);
                channel->Inject(FilterChannel::DOWN,
                                ipv6 ? MakeIcmp(about, TOO_BIG6, 0, 1280)
                                     : MakeIcmp(about, UNREACHABLE, FRAG_NEEDED, 600));
                channel->Inject(FilterChannel::DOWN,
                                ipv6 ? MakeIcmp(about, UNREACHABLE6, PORT_CLOSED6, 0)
                                     : MakeIcmp(about, UNREACHABLE, PORT_CLOSED, 0));
            };
            // A sequence number far from what is in flight.
            WireSegment wrong = segment;
            wrong.frame[wrong.tcpAt + 4] ^= 0x40;
            send(wrong);
            // Another port.
            wrong = segment;
            wrong.frame[wrong.tcpAt] ^= 0x01;
            send(wrong);
            // The right one, but it tells of a closed port: soft behind the handshake.
            rig.Path(0)->Inject(FilterChannel::DOWN,
                                ipv6 ? MakeIcmp(segment, UNREACHABLE6, PORT_CLOSED6, 0)
                                     : MakeIcmp(segment, UNREACHABLE, PORT_CLOSED, 0));
        });
    uint32_t mtu = 0;
    Simulator::Schedule(MilliSeconds(600),
                        [&]
                        {
                            const auto socket = DynamicCast<MptcpSocket>(end.GetSocket());
                            mtu =
                                socket->GetConnection()->GetSubflows().at(0)->GetDetails().pathMtu;
                        });
    rig.Run(Seconds(1300));
    // ns-3's IPv6 believes "too big" whoever sent it, and fragments: the tap then sees no TCP.
    test.Expect(forged >= (ipv6 ? 10U : 300U), "forged errors: " + std::to_string(forged));
    test.ExpectEqual(mtu, 1500U, "nobody believes them");
    test.ExpectDone(rig);
}

/// Never below RFC 8201's 1280 bytes.
void
TooSmall(ScenarioTestCase& test)
{
    RigOptions net;
    net.ipv6 = true;
    TestRig rig(net);
    EndpointOptions server;
    server.expect = 500000;
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.send = 500000;
    auto& end = rig.Connect(PORT, client);
    rig.Path(0)->AddTap(FilterChannel::UP,
                        [&](const WireSegment& segment)
                        {
                            if (segment.PayloadSize() > 0)
                            {
                                rig.Path(0)->Inject(FilterChannel::DOWN,
                                                    MakeIcmp(segment, TOO_BIG6, 0, 1000));
                            }
                        });
    uint32_t mtu = 0;
    Simulator::Schedule(MilliSeconds(200),
                        [&]
                        {
                            const auto socket = DynamicCast<MptcpSocket>(end.GetSocket());
                            mtu =
                                socket->GetConnection()->GetSubflows().at(0)->GetDetails().pathMtu;
                        });
    rig.Run(Seconds(1300));
    test.ExpectEqual(mtu, 1500U, "an MTU below 1280 bytes is none of IPv6");
    test.ExpectDone(rig);
}

/// A SYN draws an error.
void
Unreachable(
    ScenarioTestCase& test, bool ipv6, bool multipath, uint8_t type, uint8_t code, int error)
{
    RigOptions net;
    net.ipv6 = ipv6;
    TestRig rig(net);
    EndpointOptions client;
    client.attributes = {{"Multipath", multipath ? "true" : "false"}};
    rig.Path(0)->AddRule(FilterChannel::UP,
                         [&](WireSegment& segment, WireFate& fate)
                         {
                             fate.drop = true;
                             rig.Path(0)->Inject(FilterChannel::DOWN,
                                                 MakeIcmp(segment, type, code, 0));
                         });
    auto& end = rig.Connect(PORT, client);
    rig.Run(Seconds(1));
    test.ExpectEqual(end.failed, true, "the application is told at once");
    test.ExpectEqual(end.error, error, "and why");
    test.ExpectEqual(
        rig.GetClient()->GetObject<MptcpL4Protocol>()->GetNConnections(), 0U, "nothing is left");
}

/// A join that draws an error leaves the connection alone.
void
JoinUnreachable(ScenarioTestCase& test)
{
    TransferPlan plan;
    plan.net = Paths(2);
    plan.up = 1000000;
    plan.arrange = [](TestRig& rig)
    {
        rig.Path(1)->AddRule(FilterChannel::UP,
                             [&rig](WireSegment& segment, WireFate& fate)
                             {
                                 fate.drop = true;
                                 rig.Path(1)->Inject(
                                     FilterChannel::DOWN,
                                     MakeIcmp(segment, UNREACHABLE, HOST_UNREACHABLE, 0));
                             });
    };
    RunTransfer(test, plan);
}

/// The suite.
class MptcpIcmpTestSuite : public ScenarioTestSuite
{
  public:
    MptcpIcmpTestSuite()
        : ScenarioTestSuite("mptcp-icmp")
    {
        for (const bool ipv6 : {false, true})
        {
            const std::string family = ipv6 ? ", IPv6" : ", IPv4";
            const std::string rfc = ipv6 ? "RFC 8201 4: " : "RFC 1191 3: ";
            Add(rfc + "a path becomes narrow, plain TCP" + family,
                [ipv6](ScenarioTestCase& test) {
                    BecomesNarrow(test, ipv6, 1, {{"Multipath", "false"}});
                });
            for (const uint32_t paths : {1U, 2U})
            {
                for (const bool checksum : {false, true})
                {
                    Add(rfc + "a path becomes narrow, " + std::to_string(paths) + " subflows" +
                            (checksum ? ", checksums" : "") + family,
                        [ipv6, paths, checksum](ScenarioTestCase& test) {
                            BecomesNarrow(
                                test, ipv6, paths, {{"Checksum", checksum ? "true" : "false"}});
                        });
                }
            }
            Add(rfc + "one of two paths to the same address becomes narrow" + family,
                [ipv6](ScenarioTestCase& test) { OneOfTwoBecomesNarrow(test, ipv6); });
            Add(rfc + "the next connection knows the path" + family,
                [ipv6](ScenarioTestCase& test) { NextConnectionKnows(test, ipv6); });
            for (const bool multipath : {false, true})
            {
                const std::string name = multipath ? ", Multipath TCP" : ", plain TCP";
                Add(rfc + "a connection that begins before the error comes knows it" + name +
                        family,
                    [ipv6, multipath](ScenarioTestCase& test)
                    { BeginsBeforeError(test, ipv6, multipath); });
                Add("RFC 5927 4.1, 5.2, 7.2: forged errors change nothing" + name + family,
                    [ipv6, multipath](ScenarioTestCase& test) { Forged(test, ipv6, multipath); });
                Add("RFC 5461 4: a closed port" + name + family,
                    [ipv6, multipath](ScenarioTestCase& test)
                    {
                        Unreachable(test,
                                    ipv6,
                                    multipath,
                                    ipv6 ? UNREACHABLE6 : UNREACHABLE,
                                    ipv6 ? PORT_CLOSED6 : PORT_CLOSED,
                                    ECONNREFUSED);
                    });
                Add("RFC 5461 4: no way to the host" + name + family,
                    [ipv6, multipath](ScenarioTestCase& test)
                    {
                        Unreachable(test,
                                    ipv6,
                                    multipath,
                                    ipv6 ? UNREACHABLE6 : UNREACHABLE,
                                    ipv6 ? NO_ROUTE6 : HOST_UNREACHABLE,
                                    ipv6 ? ENETUNREACH : EHOSTUNREACH);
                    });
            }
        }
        Add("RFC 1191 3: IPv4 segments carry DF",
            [](ScenarioTestCase& test) { DontFragment(test, true); });
        Add("RFC 1191 3: no DF without path MTU discovery, and ICMP is not heeded",
            [](ScenarioTestCase& test) { DontFragment(test, false); });
        Add("RFC 1191 5: a router that does not tell its MTU", MtuUntold);
        Add("RFC 8201 4: an MTU below 1280 bytes is ignored", TooSmall);
        Add("RFC 5461 4: a join to an unreachable host", JoinUnreachable);
    }
};

MptcpIcmpTestSuite g_mptcpIcmpTestSuite; //!< registers itself

} // namespace

} // namespace ns3
