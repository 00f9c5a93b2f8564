// SPDX-License-Identifier: GPL-2.0-only
#include "attack-scene.h"

#include "ns3/data-rate.h"
#include "ns3/double.h"
#include "ns3/drop-tail-queue.h"
#include "ns3/flow-id-tag.h"
#include "ns3/ipv4-interface-address.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-interface-address.h"
#include "ns3/ipv6.h"
#include "ns3/mptcp-connection.h"
#include "ns3/mptcp-option.h"
#include "ns3/point-to-point-channel.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <memory>

namespace ns3
{

namespace
{

constexpr uint32_t ROUTER = 2; // its number in the attacker's network
constexpr size_t PPP_SIZE = 2; // the point-to-point device's own header

/// @param number of a host @param ipv6 family @return its address in the attacker's network
IpAddress
MakeAddress(uint32_t number, bool ipv6)
{
    if (!ipv6)
    {
        return Ipv4Address(10U << 24 | 200U << 16 | (number & 0xffff));
    }
    uint8_t bytes[16] = {0xfd, 0, 0x02, 0};
    bytes[14] = static_cast<uint8_t>(number >> 8);
    bytes[15] = static_cast<uint8_t>(number);
    return Ipv6Address(bytes);
}

/// @param node to give @param device it @param number its address @param ipv6 family
void
GiveAddress(Ptr<Node> node, Ptr<NetDevice> device, uint32_t number, bool ipv6)
{
    const auto address = MakeAddress(number, ipv6);
    if (ipv6)
    {
        auto ip = node->GetObject<Ipv6>();
        const uint32_t interface = ip->AddInterface(device);
        ip->AddAddress(interface,
                       Ipv6InterfaceAddress(std::get<Ipv6Address>(address), Ipv6Prefix(64)));
        ip->SetForwarding(interface, true);
        ip->SetUp(interface);
        return;
    }
    auto ip = node->GetObject<Ipv4>();
    const uint32_t interface = ip->AddInterface(device);
    ip->AddAddress(interface,
                   Ipv4InterfaceAddress(std::get<Ipv4Address>(address), Ipv4Mask("/16")));
    ip->SetUp(interface);
}

} // namespace

AttackScene::AttackScene(const RigOptions& rigOptions)
    : options(rigOptions),
      rig(options),
      transfer(rig, PORT),
      forger(CreateObject<SegmentForger>())
{
    auto attacker = CreateObject<Node>();
    const auto router = rig.Path(0)->GetDevice(1)->GetNode();
    auto channel = CreateObject<PointToPointChannel>();
    channel->SetAttribute("Delay", TimeValue(MilliSeconds(5)));
    for (const auto& node : {attacker, router})
    {
        auto device = CreateObject<PointToPointNetDevice>();
        device->SetAddress(Mac48Address::Allocate());
        device->SetDataRate(DataRate("100Mbps"));
        device->SetQueue(CreateObject<DropTailQueue<Packet>>());
        device->Attach(channel);
        node->AddDevice(device);
        if (node == router)
        {
            GiveAddress(node, device, ROUTER, options.ipv6);
            continue;
        }
        // What is forged is known by its tag wherever it arrives.
        const std::function<void(Ptr<const Packet>)> mark = [](Ptr<const Packet> packet)
        { packet->AddPacketTag(FlowIdTag(1)); };
        device->TraceConnectWithoutContext("MacTx", Callback<void, Ptr<const Packet>>(mark));
    }
    attacker->AddApplication(forger);
    const std::function<void(const TcpFrame&)> received = [this](const TcpFrame& frame)
    {
        resets += frame.Has(TCP_RST) ? 1 : 0;
        synAcks += frame.Has(TCP_SYN) && frame.Has(TCP_ACK) ? 1 : 0;
        syns += frame.Has(TCP_SYN) && !frame.Has(TCP_ACK) ? 1 : 0;
        bytes += frame.payload.size();
    };
    forger->TraceConnectWithoutContext("Received", Callback<void, const TcpFrame&>(received));
    const auto watch = [this](FilterChannel::Direction way, Seen& seen)
    {
        rig.Path(0)->AddTap(way,
                            [this, way, &seen](const WireSegment& segment)
                            {
                                if (segment.rst)
                                {
                                    return;
                                }
                                const uint32_t flags =
                                    (segment.syn ? 1 : 0) + (segment.fin ? 1 : 0);
                                const uint32_t next = segment.seq + segment.PayloadSize() + flags;
                                if (segment.syn || static_cast<int32_t>(next - seen.next) > 0)
                                {
                                    seen.next = next;
                                }
                                seen.ack = segment.ack;
                                seen.port = segment.sourcePort;
                                seen.window = segment.window;
                                if (const auto* stamps = segment.FindOption(8))
                                {
                                    seen.timestamps = {1, 1};
                                    seen.timestamps.insert(seen.timestamps.end(),
                                                           stamps->body.begin(),
                                                           stamps->body.end());
                                }
                                const auto* capable = segment.FindMptcp(wire::MP_CAPABLE);
                                if (capable && capable->body.size() >= 12)
                                {
                                    seen.key = wire::ReadNumber(capable->body.data() + 4, 8);
                                }
                            });
    };
    watch(FilterChannel::UP, client);
    watch(FilterChannel::DOWN, server);
    WatchConnections(rig.GetClient(), ofClient);
    WatchConnections(rig.GetServer(), ofServer);
    for (uint32_t i = 0; i < rig.CountPaths(); i++)
    {
        WatchChallenges(rig.Path(i), ofClient);
    }
    WatchChallenges(rig.ServerLink(0), ofServer);
}

void
AttackScene::WatchConnections(Ptr<Node> node, Fate& fate)
{
    const std::function<void(Ptr<MptcpSubflow>)> established = [&fate](Ptr<MptcpSubflow>)
    { fate.established++; };
    const std::function<void(Ptr<MptcpSubflow>, const SubflowEnd&)> closed =
        [this, &fate](Ptr<MptcpSubflow>, const SubflowEnd& end)
    {
        const bool over = transfer.client.eof && transfer.server.eof;
        fate.lost += end.established && !over ? 1 : 0;
    };
    const std::function<void(const MptcpPathEvent&)> event = [&fate](const MptcpPathEvent& event)
    { fate.priorities += event.kind == MptcpPathEvent::PRIORITY ? 1 : 0; };
    const std::function<void(Ptr<Object>)> begun = [=](Ptr<Object> connection)
    {
        connection->TraceConnectWithoutContext("SubflowEstablished",
                                               Callback<void, Ptr<MptcpSubflow>>(established));
        connection->TraceConnectWithoutContext(
            "SubflowClosed", Callback<void, Ptr<MptcpSubflow>, const SubflowEnd&>(closed));
        connection->TraceConnectWithoutContext("PathEvent",
                                               Callback<void, const MptcpPathEvent&>(event));
    };
    node->GetObject<MptcpL4Protocol>()->TraceConnectWithoutContext(
        "NewConnection", Callback<void, Ptr<Object>>(begun));
}

void
AttackScene::WatchChallenges(Ptr<FilterChannel> channel, Fate& fate)
{
    // An answer leaves the stack in the instant in which the segment arrives; no other one does.
    const auto device = channel->GetDevice(0);
    const auto forgedAt = std::make_shared<Time>(-1);
    const std::function<void(Ptr<const Packet>)> arrives = [forgedAt](Ptr<const Packet> packet)
    {
        FlowIdTag tag;
        *forgedAt = packet->PeekPacketTag(tag) ? Simulator::Now() : Time(-1);
    };
    const std::function<void(Ptr<const Packet>)> leaves =
        [forgedAt, &fate](Ptr<const Packet> packet)
    {
        if (*forgedAt == Simulator::Now())
        {
            std::vector<uint8_t> bytes(packet->GetSize());
            packet->CopyData(bytes.data(), bytes.size());
            bytes.erase(bytes.begin(), bytes.begin() + PPP_SIZE);
            const auto segment = ReadWireSegment(std::move(bytes));
            fate.challenges += segment && IsPureAck(*segment) ? 1 : 0;
        }
    };
    device->TraceConnectWithoutContext("PhyRxEnd", Callback<void, Ptr<const Packet>>(arrives));
    device->TraceConnectWithoutContext("MacTx", Callback<void, Ptr<const Packet>>(leaves));
}

IpAddress
AttackScene::GetAttacker(uint32_t number) const
{
    // No more than a first flood has warmed up: stock IPv4 keeps an identification for each
    // destination that it has ever sent to.
    return MakeAddress(3 + number % 5000, options.ipv6);
}

uint32_t
AttackScene::Random()
{
    return random();
}

std::vector<uint8_t>
AttackScene::RandomBytes(size_t size)
{
    std::vector<uint8_t> bytes(size);
    std::generate(bytes.begin(), bytes.end(), [this] { return static_cast<uint8_t>(random()); });
    return bytes;
}

TcpFrame
AttackScene::MakeSyn(uint64_t number)
{
    TcpFrame frame;
    frame.source = GetAttacker(static_cast<uint32_t>(number));
    frame.destination = TestRig::GetServerIp(0, options.ipv6);
    frame.sourcePort = static_cast<uint16_t>(1024 + number % 59999);
    frame.destinationPort = PORT;
    frame.seq = Random();
    frame.flags = TCP_SYN;
    frame.window = 65535;
    frame.options = {2, 4, 0x05, 0xb4, 4, 2, 1, 3, 3, 7}; // MSS 1460, SACK, window scale 7
    return frame;
}

TcpFrame
AttackScene::MakeSpoofed(bool toServer)
{
    const Seen& from = toServer ? client : server;
    const IpAddress client4 = TestRig::GetClientIp(0, options.ipv6);
    const IpAddress server4 = TestRig::GetServerIp(0, options.ipv6);
    TcpFrame frame;
    frame.source = toServer ? client4 : server4;
    frame.destination = toServer ? server4 : client4;
    frame.sourcePort = toServer ? client.port : PORT;
    frame.destinationPort = toServer ? PORT : client.port;
    frame.seq = from.next;
    frame.ack = from.ack;
    frame.flags = TCP_ACK;
    frame.window = from.window;
    // Without them it would be dropped whatever else it says (RFC 7323 section 3.2).
    frame.options = from.timestamps;
    return frame;
}

size_t
AttackScene::CountEndpoints(Ptr<Node> node)
{
    return node->GetObject<MptcpL4Protocol>()->GetNEndpoints();
}

void
AttackScene::Flood(Time at, double rate, uint64_t count, SegmentForger::Maker maker)
{
    forger->SetAttribute("Rate", DoubleValue(rate));
    forger->SetAttribute("Count", UintegerValue(count));
    forger->SetFlood(std::move(maker));
    forger->SetStartTime(at);
}

void
AttackScene::Run(ScenarioTestCase& test, size_t size)
{
    transfer.client.send = RecordedTransfer::MakeText(size, 1);
    transfer.server.send = RecordedTransfer::MakeText(size, 2);
    transfer.Start();
    rig.Run(Seconds(600));
    test.Expect(transfer.server.received == transfer.client.send, "the server gets the original");
    test.Expect(transfer.client.received == transfer.server.send, "the client gets the original");
    test.Expect(transfer.client.eof && transfer.server.eof, "both ends read the end");
    test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
    test.ExpectEqual(CountEndpoints(rig.GetServer()), 0U, "endpoints left at the server");
    test.ExpectEqual(CountEndpoints(rig.GetClient()), 0U, "endpoints left at the client");
    test.ExpectEqual(rig.GetServer()->GetObject<MptcpL4Protocol>()->GetNTokens(),
                     0U,
                     "tokens left at the server");
}

std::vector<uint8_t>
MakeMptcp(uint8_t subtype, uint8_t low, const std::vector<uint8_t>& rest)
{
    std::vector<uint8_t> option(3 + rest.size());
    option[0] = MPTCP_OPTION_KIND;
    option[1] = static_cast<uint8_t>(option.size());
    option[2] = static_cast<uint8_t>(subtype << 4 | (low & 0xf));
    std::copy(rest.begin(), rest.end(), option.begin() + 3);
    return option;
}

} // namespace ns3
