// SPDX-License-Identifier: GPL-2.0-only
#ifndef TWO_HOMED_NET_H
#define TWO_HOMED_NET_H

#include "wire-segment.h"

#include "ns3/boolean.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4-static-routing.h"
#include "ns3/ipv6-interface.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/ipv6-static-routing.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3
{

/**
 * A phone with two links to a router, and a server behind it; both IP versions. Networks are
 * 10.0.1.0/24 and 2001:1::/64, 2 and 9 for phone, phone and server; the near end has number 1.
 */
class TwoHomedNet
{
  public:
    /// A TCP segment that a node's IP sent.
    struct Sent
    {
        uint32_t interface;  //!< index on the node
        Time at;             //!< when
        WireSegment segment; //!< what
    };

    /// @param module whether the phone has the module @param defaults interfaces of the phone with
    /// a default route, in the order in which they are added
    explicit TwoHomedNet(bool module = true, const std::vector<uint32_t>& defaults = {1, 2})
        : phone(CreateObject<Node>()),
          router(CreateObject<Node>()),
          server(CreateObject<Node>())
    {
        InternetStackHelper stack;
        NodeContainer nodes(phone, router);
        nodes.Add(server);
        stack.Install(nodes);
        stack.AssignStreams(nodes, 1000);
        phone->GetObject<Icmpv6L4Protocol>()->SetAttribute("DAD", BooleanValue(false));
        server->GetObject<Icmpv6L4Protocol>()->SetAttribute("DAD", BooleanValue(false));
        router->GetObject<Icmpv6L4Protocol>()->SetAttribute("DAD", BooleanValue(false));
        if (module)
        {
            protocol = MptcpL4Protocol::Install(phone);
        }
        Link(phone, router, "1");
        Link(phone, router, "2");
        Link(server, router, "9");
        for (const uint32_t i : defaults)
        {
            const std::string net = std::to_string(i);
            Routes4()->SetDefaultRoute(Ipv4Address(("10.0." + net + ".2").c_str()), i);
            Routes6()->SetDefaultRoute(Ipv6Address(("2001:" + net + "::2").c_str()), i);
        }
        Ipv4StaticRoutingHelper helper4;
        helper4.GetStaticRouting(server->GetObject<Ipv4>())
            ->SetDefaultRoute(Ipv4Address("10.0.9.2"), 1);
        Ipv6StaticRoutingHelper helper6;
        helper6.GetStaticRouting(server->GetObject<Ipv6>())
            ->SetDefaultRoute(Ipv6Address("2001:9::2"), 1);
        phone->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "Tx", MakeCallback(&TwoHomedNet::OnTx4, this));
        phone->GetObject<Ipv6L3Protocol>()->TraceConnectWithoutContext(
            "Tx", MakeCallback(&TwoHomedNet::OnTx6, this));
    }

    ~TwoHomedNet()
    {
        Simulator::Destroy();
    }

    TwoHomedNet(const TwoHomedNet&) = delete;
    TwoHomedNet& operator=(const TwoHomedNet&) = delete;

    /// @return the phone's static routing, found as scripts do
    Ptr<Ipv4StaticRouting> Routes4() const
    {
        return Ipv4StaticRoutingHelper().GetStaticRouting(phone->GetObject<Ipv4>());
    }

    /// @return the phone's static routing, found as scripts do
    Ptr<Ipv6StaticRouting> Routes6() const
    {
        return Ipv6StaticRoutingHelper().GetStaticRouting(phone->GetObject<Ipv6>());
    }

    /// @param ipv6 family @param net number of a network @param host 1 or 2 @return the address
    static IpAddress MakeAddress(bool ipv6, uint32_t net, uint32_t host)
    {
        const std::string n = std::to_string(net);
        const std::string h = std::to_string(host);
        if (ipv6)
        {
            return Ipv6Address(("2001:" + n + "::" + h).c_str());
        }
        return Ipv4Address(("10.0." + n + "." + h).c_str());
    }

    /// @param ipv6 family @param net which of the phone's networks @param port the phone's
    /// @return a tuple to the server
    static TcpTuple Tuple(bool ipv6, uint32_t net, uint16_t port = 1000)
    {
        return {MakeAddress(ipv6, net, 1), MakeAddress(ipv6, 9, 1), port, 80};
    }

    /// Let the phone's protocol send a SYN. @param tuple whose
    void SendSyn(const TcpTuple& tuple) const
    {
        TcpHeader header;
        header.SetFlags(TcpHeader::SYN);
        header.SetSourcePort(tuple.localPort);
        header.SetDestinationPort(tuple.remotePort);
        protocol->SendSegment(Create<Packet>(), header, tuple);
    }

    /**
     * Let a segment arrive at the phone's protocol number 6.
     * @param tuple as the phone sees it
     * @param flags TcpFlag bits
     * @param seq its sequence number
     * @param ack its acknowledgment number
     * @param options bytes, a multiple of 4
     * @param payload bytes of payload
     */
    void Arrive(const TcpTuple& tuple,
                uint8_t flags,
                uint32_t seq = 0,
                uint32_t ack = 0,
                const std::vector<uint8_t>& options = {},
                uint32_t payload = 0) const
    {
        const auto words = static_cast<uint8_t>(5 + options.size() / 4);
        std::vector<uint8_t> bytes(20, 0);
        const auto put = [&bytes](size_t at, uint32_t value, size_t count)
        {
            for (size_t i = 0; i < count; ++i)
            {
                bytes[at + i] = static_cast<uint8_t>(value >> 8 * (count - 1 - i));
            }
        };
        put(0, tuple.remotePort, 2);
        put(2, tuple.localPort, 2);
        put(4, seq, 4);
        put(8, ack, 4);
        bytes[12] = static_cast<uint8_t>(words << 4);
        bytes[13] = flags;
        put(14, 1000, 2);
        bytes.insert(bytes.end(), options.begin(), options.end());
        bytes.resize(bytes.size() + payload, 0);
        ArriveBytes(tuple, bytes);
    }

    /// As Arrive(), of any bytes. @param tuple for the addresses @param bytes the segment
    void ArriveBytes(const TcpTuple& tuple, const std::vector<uint8_t>& bytes) const
    {
        auto packet = Create<Packet>(bytes.data(), bytes.size());
        if (IsIpv6(tuple.localAddress))
        {
            const auto ipv6 = phone->GetObject<Ipv6L3Protocol>();
            Ipv6Header header;
            header.SetSource(std::get<Ipv6Address>(tuple.remoteAddress));
            header.SetDestination(std::get<Ipv6Address>(tuple.localAddress));
            ipv6->GetProtocol(6)->Receive(packet, header, ipv6->GetInterface(1));
            return;
        }
        const auto ipv4 = phone->GetObject<Ipv4L3Protocol>();
        Ipv4Header header;
        header.SetSource(std::get<Ipv4Address>(tuple.remoteAddress));
        header.SetDestination(std::get<Ipv4Address>(tuple.localAddress));
        ipv4->GetProtocol(6)->Receive(packet, header, ipv4->GetInterface(1));
    }

    /// Do something, and only then look at the time. @param action what
    static void At(Time when, std::function<void()> action)
    {
        Simulator::Schedule(when, [action] { action(); });
    }

    /// Run all events of a time. @param until it
    static void Run(Time until = Seconds(1))
    {
        Simulator::Stop(until - Simulator::Now());
        Simulator::Run();
    }

    Ptr<Node> phone;               //!< two links
    Ptr<Node> router;              //!< between
    Ptr<Node> server;              //!< one link
    Ptr<MptcpL4Protocol> protocol; //!< the phone's
    std::vector<Sent> sent;        //!< by the phone

  private:
    /// @param near an end @param far the other end @param net number of the network
    static void Link(Ptr<Node> near, Ptr<Node> far, const std::string& net)
    {
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
        link.SetChannelAttribute("Delay", StringValue("1ms"));
        const NetDeviceContainer devices = link.Install(near, far);
        for (uint32_t i = 0; i < 2; ++i)
        {
            const std::string host = std::to_string(i + 1);
            const auto ipv4 = devices.Get(i)->GetNode()->GetObject<Ipv4>();
            const uint32_t interface = ipv4->AddInterface(devices.Get(i));
            ipv4->AddAddress(interface,
                             Ipv4InterfaceAddress(Ipv4Address(("10.0." + net + "." + host).c_str()),
                                                  Ipv4Mask("255.255.255.0")));
            ipv4->SetUp(interface);
            const auto ipv6 = devices.Get(i)->GetNode()->GetObject<Ipv6>();
            const uint32_t interface6 = ipv6->AddInterface(devices.Get(i));
            ipv6->SetUp(interface6);
            ipv6->AddAddress(
                interface6,
                Ipv6InterfaceAddress(Ipv6Address(("2001:" + net + "::" + host).c_str()),
                                     Ipv6Prefix(64)));
            ipv6->SetForwarding(interface6, true);
        }
    }

    /// Trace sink. @param packet with IP header @param interface index
    void OnTx4(Ptr<const Packet> packet, Ptr<Ipv4> /* ipv4 */, uint32_t interface)
    {
        Record(packet, interface);
    }

    /// Trace sink. @param packet with IP header @param interface index
    void OnTx6(Ptr<const Packet> packet, Ptr<Ipv6> /* ipv6 */, uint32_t interface)
    {
        Record(packet, interface);
    }

    /// @param packet with IP header @param interface index
    void Record(const Ptr<const Packet>& packet, uint32_t interface)
    {
        std::vector<uint8_t> bytes(packet->GetSize());
        packet->CopyData(bytes.data(), bytes.size());
        if (auto segment = ReadWireSegment(std::move(bytes)))
        {
            sent.push_back({interface, Simulator::Now(), std::move(*segment)});
        }
    }
};

} // namespace ns3

#endif // TWO_HOMED_NET_H
