// SPDX-License-Identifier: GPL-2.0-only
#ifndef RFC9259_NET_H
#define RFC9259_NET_H

#include "ns3/boolean.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/srv6-helper.h"
#include "ns3/string.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{

/**
 * What the examples of RFC 9259 appendix A need of its figure 1:
 *
 *       link1      link3, link4      link5      link9, link10
 *   N1 ------- N2 ============== N3 ------- N4 =============== N5
 *
 * N1, N2 and N4 have segment routing; N3 and N5 have not. Link n is fd00:n::/64, with ::1 on its
 * left, and takes a millisecond. To the right, routing takes the links 4 and 9; to the left 3 and
 * 10, so that answers come from the addresses of these. fc00:2::31 and fc00:4::52 are X31 and X52
 * of the RFC, End.X by link 3 and by link 10, and fc00:4:: is End of N4.
 */
class Rfc9259Net
{
  public:
    static constexpr const char* X31 = "fc00:2::31"; //!< End.X of N2 by link 3
    static constexpr const char* X52 = "fc00:4::52"; //!< End.X with PSP of N4 by link 10
    static constexpr const char* END4 = "fc00:4::";  //!< End of N4
    static constexpr const char* N5 = "fd00:10::2";  //!< an address of N5
    static constexpr const char* N1 = "fd00:1::1";   //!< the address of N1

    Rfc9259Net()
    {
        m_nodes.Create(5);
        InternetStackHelper stack;
        stack.Install(m_nodes);
        stack.AssignStreams(m_nodes, 1000);
        for (uint32_t number = 1; number <= 5; ++number)
        {
            const auto ipv6 = Get(number)->GetObject<Ipv6>();
            Get(number)->GetObject<Icmpv6L4Protocol>()->SetAttribute("DAD", BooleanValue(false));
            ipv6->SetAttribute("IpForward", BooleanValue(number > 1));
        }
        for (const uint32_t number : {1, 2, 4})
        {
            Srv6Helper().Install(Get(number));
        }
        Link(1, 2, 1);
        Link(2, 3, 3);
        Link(2, 3, 4);
        Link(3, 4, 5);
        Link(4, 5, 9);
        Link(4, 5, 10);
        Route(1, "::", 0, "fd00:1::2", 1);
        Route(2, "fc00:4::", 32, "fd00:4::2", 4);
        Route(2, "fd00::", 16, "fd00:4::2", 4);
        Route(3, "fd00:1::", 64, "fd00:3::1", 3);
        Route(3, "fc00:4::", 32, "fd00:5::2", 5);
        Route(3, "fd00:10::", 64, "fd00:5::2", 5);
        Route(4, "fd00:1::", 64, "fd00:5::1", 5);
        Route(5, "::", 0, "fd00:10::1", 10);
        Srv6Helper::AddSid(Get(2), Ipv6Address(X31), {Srv6Behavior::END_X, 0, {"fd00:3::2"}});
        Srv6Helper::AddSid(
            Get(4), Ipv6Address(X52), {Srv6Behavior::END_X, SRV6_PSP, {"fd00:10::2"}});
        Srv6Helper::AddSid(Get(4), Ipv6Address(END4), {Srv6Behavior::END});
    }

    ~Rfc9259Net()
    {
        Simulator::Destroy();
    }

    Rfc9259Net(const Rfc9259Net&) = delete;
    Rfc9259Net& operator=(const Rfc9259Net&) = delete;

    /// @param number of a node, as in the RFC @return it
    Ptr<Node> Get(uint32_t number) const
    {
        return m_nodes.Get(number - 1);
    }

    /// @return number of packets that have come from N2 to N3 by a link @param link 3 or 4
    uint32_t GetPassed(uint32_t link) const
    {
        return m_passed[link];
    }

    /// Run for a while. @param time how long
    void Run(Time time = Seconds(20))
    {
        Simulator::Stop(time);
        Simulator::Run();
    }

    /// @param names of addresses @return them
    static std::vector<Ipv6Address> ToSegments(const std::vector<const char*>& names)
    {
        return {names.begin(), names.end()};
    }

  private:
    /// Link two nodes. @param left @param right numbers of them @param number of the link
    void Link(uint32_t left, uint32_t right, uint32_t number)
    {
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
        link.SetChannelAttribute("Delay", StringValue("1ms"));
        const auto devices = link.Install(Get(left), Get(right));
        for (uint32_t end = 0; end < 2; ++end)
        {
            const auto node = devices.Get(end)->GetNode();
            const auto ipv6 = node->GetObject<Ipv6>();
            const uint32_t interface = ipv6->AddInterface(devices.Get(end));
            const std::string address =
                "fd00:" + std::to_string(number) + "::" + std::to_string(end + 1);
            ipv6->AddAddress(interface,
                             Ipv6InterfaceAddress(Ipv6Address(address.c_str()), Ipv6Prefix(64)));
            ipv6->SetUp(interface);
            m_interfaces[{end == 0 ? left : right, number}] = interface;
        }
        devices.Get(1)->TraceConnectWithoutContext(
            "MacRx",
            Callback<void, Ptr<const Packet>>([this, number](Ptr<const Packet>)
                                              { ++m_passed[number]; }));
    }

    /// @param node number of one @param prefix where to @param length of it @param gateway by whom
    /// @param link number of the link there
    void
    Route(uint32_t node, const char* prefix, uint8_t length, const char* gateway, uint32_t link)
    {
        Ipv6StaticRoutingHelper helper;
        helper.GetStaticRouting(Get(node)->GetObject<Ipv6>())
            ->AddNetworkRouteTo(Ipv6Address(prefix),
                                Ipv6Prefix(length),
                                Ipv6Address(gateway),
                                m_interfaces.at({node, link}));
    }

    NodeContainer m_nodes;                                          //!< N1 to N5
    std::map<std::pair<uint32_t, uint32_t>, uint32_t> m_interfaces; //!< by node and link
    mutable std::map<uint32_t, uint32_t> m_passed;                  //!< by link
};

} // namespace ns3

#endif // RFC9259_NET_H
