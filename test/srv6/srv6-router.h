// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_ROUTER_H
#define SRV6_ROUTER_H

#include "ns3/boolean.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/mac48-address.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/node.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/srv6-protocol.h"
#include "ns3/string.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * A router with segment routing between two links whose other ends only write down what arrives:
 * fd00:a::2/64 and 10.0.1.2/24 on interface 1, fd00:b::4/64 and 10.0.2.2/24 on interface 2, and a
 * route to fc00:4::/48 by fd00:b::5. It is the router of test/vectors/linux-srv6.json.
 */
class Srv6Router
{
  public:
    using Bytes = std::vector<uint8_t>; //!< a packet

    /// Whether the router has MPTCP, and when it got it.
    enum class Mptcp
    {
        NEVER,
        BEFORE, //!< segment routing
        AFTER,  //!< segment routing
    };

    /// @param linuxCompatible value of LinuxCompatible @param mptcp whether the router has MPTCP
    explicit Srv6Router(bool linuxCompatible = false, Mptcp mptcp = Mptcp::NEVER)
        : node(CreateObject<Node>()),
          near(CreateObject<Node>()),
          far(CreateObject<Node>())
    {
        InternetStackHelper stack;
        stack.Install(node);
        stack.AssignStreams(NodeContainer(node), 1000);
        const auto icmp = node->GetObject<Icmpv6L4Protocol>();
        icmp->SetAttribute("DAD", BooleanValue(false));
        node->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(true));
        if (mptcp == Mptcp::BEFORE)
        {
            MptcpL4Protocol::Install(node);
        }
        srv6 = Srv6Protocol::Install(node);
        if (mptcp == Mptcp::AFTER)
        {
            MptcpL4Protocol::Install(node);
        }
        srv6->SetAttribute("LinuxCompatible", BooleanValue(linuxCompatible));
        srv6->SetAttribute("InterfaceAddressSids", BooleanValue(true));
        m_near = Link(near, "fd00:a::2", "10.0.1.2", &returned);
        Link(far, "fd00:b::4", "10.0.2.2", &forwarded);
        Ipv6StaticRoutingHelper helper;
        routes = helper.GetStaticRouting(node->GetObject<Ipv6>());
        routes->AddNetworkRouteTo(
            Ipv6Address("fc00:4::"), Ipv6Prefix(48), Ipv6Address("fd00:b::5"), 2);
    }

    ~Srv6Router()
    {
        Simulator::Destroy();
    }

    Srv6Router(const Srv6Router&) = delete;
    Srv6Router& operator=(const Srv6Router&) = delete;

    /// Let a packet arrive at interface 1, and run. @param bytes it @param protocol EtherType
    void Inject(const Bytes& bytes, uint16_t protocol = Ipv6L3Protocol::PROT_NUMBER)
    {
        InjectNow(bytes, protocol);
        Run();
    }

    /// Let a packet arrive at interface 1, as Run() runs. @param bytes it @param protocol EtherType
    void InjectNow(const Bytes& bytes, uint16_t protocol = Ipv6L3Protocol::PROT_NUMBER)
    {
        auto packet = Create<Packet>(bytes.data(), bytes.size());
        // One after the other, or a queue would drop some.
        m_at += MilliSeconds(1);
        Simulator::ScheduleWithContext(near->GetId(),
                                       MilliSeconds(10) + m_at,
                                       [this, packet, protocol]
                                       { m_near->Send(packet, m_near->GetBroadcast(), protocol); });
    }

    /// Run until nothing is on its way.
    void Run()
    {
        Simulator::Stop(Seconds(1) + m_at);
        Simulator::Run();
        m_at = Time();
    }

    /// @param address one @return a SID of 128 bits @param sid what it does
    bool AddSid(const char* address, const Srv6Sid& sid) const
    {
        return srv6->AddSid(Ipv6Address(address), 128, sid);
    }

    /// Let the router's links carry larger packets. @param mtu of both
    void SetMtu(uint16_t mtu) const
    {
        const auto ipv6 = node->GetObject<Ipv6>();
        ipv6->GetNetDevice(1)->SetMtu(mtu);
        ipv6->GetNetDevice(2)->SetMtu(mtu);
    }

    /// @param steering how @param path segments @return a policy
    static Ptr<Srv6Policy> MakePolicy(Srv6Steering steering, const std::vector<const char*>& path)
    {
        auto policy = Create<Srv6Policy>(steering);
        std::vector<Ipv6Address> segments;
        for (const char* segment : path)
        {
            segments.emplace_back(segment);
        }
        policy->AddSegmentList(segments);
        return policy;
    }

    Ptr<Node> node;                //!< the router
    Ptr<Node> near;                //!< sends, on interface 1
    Ptr<Node> far;                 //!< on interface 2
    Ptr<Srv6Protocol> srv6;        //!< of the router
    Ptr<Ipv6StaticRouting> routes; //!< of the router
    std::vector<Bytes> returned;   //!< what left by interface 1
    std::vector<Bytes> forwarded;  //!< what left by interface 2

  private:
    /// @param end other node @param address6 @param address4 of the router there
    /// @param arrived where to write what arrives @return the end's device
    Ptr<NetDevice>
    Link(Ptr<Node> end, const char* address6, const char* address4, std::vector<Bytes>* arrived)
    {
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
        const auto devices = link.Install(node, end);
        const auto ipv6 = node->GetObject<Ipv6>();
        const auto ipv4 = node->GetObject<Ipv4>();
        const uint32_t interface = ipv6->AddInterface(devices.Get(0));
        ipv6->AddAddress(interface, Ipv6InterfaceAddress(Ipv6Address(address6), Ipv6Prefix(64)));
        ipv6->SetUp(interface);
        ipv4->AddInterface(devices.Get(0));
        ipv4->AddAddress(interface, Ipv4InterfaceAddress(address4, "255.255.255.0"));
        ipv4->SetUp(interface);
        end->RegisterProtocolHandler(Node::ProtocolHandler(
                                         [arrived](Ptr<NetDevice>,
                                                   Ptr<const Packet> packet,
                                                   uint16_t,
                                                   const Address&,
                                                   const Address&,
                                                   NetDevice::PacketType)
                                         {
                                             Bytes bytes(packet->GetSize());
                                             packet->CopyData(bytes.data(), bytes.size());
                                             // Not what the router has to say to all nodes of a
                                             // link.
                                             constexpr size_t DESTINATION = 24;
                                             if (bytes[0] >> 4 != 6 || bytes[DESTINATION] != 0xff)
                                             {
                                                 arrived->push_back(bytes);
                                             }
                                         }),
                                     0,
                                     devices.Get(1));
        return devices.Get(1);
    }

    Ptr<NetDevice> m_near; //!< of the sender
    Time m_at;             //!< when the last packet is sent, after the next Run()
};

} // namespace ns3

#endif // SRV6_ROUTER_H
