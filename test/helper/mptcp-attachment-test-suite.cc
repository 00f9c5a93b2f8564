// SPDX-License-Identifier: GPL-2.0-only
// How a phone is attached to an access: its interface, addresses and routes follow what a radio
// tells, the network where it is, and outages that are scheduled.
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-header.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/ipv6.h"
#include "ns3/link-access.h"
#include "ns3/mptcp-helper.h"
#include "ns3/simulator.h"
#include "ns3/smartphone-helper.h"
#include "ns3/string.h"
#include "ns3/test.h"

#include <sstream>

using namespace ns3;

namespace
{

constexpr auto WIFI = SmartphoneHelper::WIFI;
constexpr auto CELLULAR = SmartphoneHelper::CELLULAR;

/// An access whose radio tells what it knows.
class TalkingAccess : public PointToPointAccess
{
  public:
    using PhoneAccess::SetUsable;
};

/// Interfaces follow what a radio tells.
class UsableTest : public TestCase
{
  public:
    UsableTest()
        : TestCase("An interface is down while its radio has no connection")
    {
    }

  private:
    void DoRun() override
    {
        SmartphoneHelper network(2);
        auto access = CreateObject<TalkingAccess>();
        network.SetFamilies(true, true);
        network.SetAccess(WIFI, access);
        network.Build();
        Simulator::Schedule(Seconds(1), [access]() { access->SetUsable(1, false); });
        Simulator::Schedule(Seconds(3), [access]() { access->SetUsable(1, true); });
        std::string seen;
        for (const double time : {0.5, 2.0, 4.0})
        {
            Simulator::Schedule(Seconds(time),
                                [&]()
                                {
                                    for (uint32_t phone = 0; phone < 2; ++phone)
                                    {
                                        seen += access->IsUsable(phone) ? 'u' : 'n';
                                        seen += IsUp<Ipv4>(network, phone) ? '4' : '-';
                                        seen += IsUp<Ipv6>(network, phone) ? '6' : '-';
                                    }
                                });
        }
        Simulator::Stop(Seconds(5));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(seen, "u46u46u46n--u46u46", "the second phone's is");
        Simulator::Destroy();
    }

    /// @tparam T Ipv4 or Ipv6 @param network where @param phone index @return whether its WiFi is
    /// up
    template <typename T>
    bool IsUp(const SmartphoneHelper& network, uint32_t phone) const
    {
        const auto protocol = network.GetPhone(phone)->GetObject<T>();
        return protocol->IsUp(protocol->GetInterfaceForDevice(network.GetPhoneDevice(WIFI, phone)));
    }
};

/// Links that belong to one network, and then to another.
class TwoNetworksAccess : public PointToPointAccess
{
  public:
    uint32_t GetNetworks() const override
    {
        return 2;
    }

    uint32_t GetNetwork(uint32_t) const override
    {
        return m_network;
    }

    /// Phone 0 leaves, and arrives 1 s later. @param network where
    void Move(uint32_t network)
    {
        SetUsable(0, false);
        Simulator::Schedule(Seconds(1),
                            [this, network]()
                            {
                                m_network = network;
                                SetUsable(0, true);
                            });
    }

  private:
    uint32_t m_network{0}; //!< where the phones are
};

/// @tparam T Ipv4 or Ipv6 @tparam Header of its packets @param network where
/// @param server its address @return the phone's addresses on WiFi, if that is up, and its gateway
template <typename T, typename Header, typename Address>
std::string
DescribeFamily(const SmartphoneHelper& network, const Address& server)
{
    std::ostringstream text;
    const auto protocol = network.GetPhone()->GetObject<T>();
    const int32_t interface = protocol->GetInterfaceForDevice(network.GetPhoneDevice(WIFI));
    if (interface < 0)
    {
        return "";
    }
    for (uint32_t i = 0; protocol->IsUp(interface) && i < protocol->GetNAddresses(interface); ++i)
    {
        const auto address = protocol->GetAddress(interface, i);
        if (address.GetScope() == decltype(address)::GLOBAL)
        {
            text << address.GetAddress() << ' ';
        }
    }
    Header header;
    header.SetDestination(server);
    Socket::SocketErrno error;
    const auto route =
        protocol->GetRoutingProtocol()->RouteOutput(Create<Packet>(), header, nullptr, error);
    text << "by ";
    if (route)
    {
        text << route->GetGateway();
    }
    text << ", ";
    return text.str();
}

/// @param network where @return what DescribeFamily() tells of both
std::string
Describe(const SmartphoneHelper& network)
{
    return DescribeFamily<Ipv4, Ipv4Header>(
               network, std::get<Ipv4Address>(network.GetServerAddress(false))) +
           DescribeFamily<Ipv6, Ipv6Header>(network,
                                            std::get<Ipv6Address>(network.GetServerAddress(true)));
}

/// What Describe() tells of the first network, IPv4 and IPv6.
const char* const FIRST[] = {"10.0.1.2 by 10.0.1.1, ", "fd00:0:0:1::2 by fd00:0:0:1::1, "};
/// What it tells of the second one.
const char* const SECOND[] = {"10.0.11.2 by 10.0.11.1, ", "fd00:0:0:b::2 by fd00:0:0:b::1, "};
/// What it tells where WiFi cannot be used.
const char* const OTHER[] = {"by 10.0.2.1, ", "by fd00:0:0:2::1, "};

/// A phone that changes networks, back and forth.
class TwoNetworksTest : public TestCase
{
  public:
    /// @param mptcp whether the phone has MPTCP, which keeps IPv6 addresses of interfaces that are
    /// down @param ipv4 whether there is IPv4 too
    TwoNetworksTest(bool mptcp, bool ipv4)
        : TestCase(std::string("A phone that changes networks leaves its address, ") +
                   (mptcp ? "with" : "without") + " MPTCP, " + (ipv4 ? "both families" : "IPv6")),
          m_mptcp(mptcp),
          m_ipv4(ipv4)
    {
    }

  private:
    void DoRun() override
    {
        SmartphoneHelper network;
        auto access = CreateObject<TwoNetworksAccess>();
        network.SetFamilies(m_ipv4, true);
        network.SetAccess(WIFI, access);
        network.Build();
        if (m_mptcp)
        {
            MptcpHelper().Install(NodeContainer(network.GetPhone(), network.GetServer()));
        }
        std::string seen;
        const auto note = [&]() { seen += Describe(network); };
        const std::function<void(uint32_t, bool)> onUsable = [&](uint32_t, bool usable)
        {
            if (usable)
            {
                note();
            }
        };
        access->TraceConnectWithoutContext("Usable", Callback<void, uint32_t, bool>(onUsable));
        note();
        Simulator::Schedule(Seconds(1), [&]() { access->Move(1); });
        Simulator::Schedule(Seconds(3), note);
        Simulator::Schedule(Seconds(4), [&]() { access->Move(0); });
        Simulator::Schedule(Seconds(6), note);
        Simulator::Stop(Seconds(7));
        Simulator::Run();
        const std::string first = std::string(m_ipv4 ? FIRST[0] : "") + FIRST[1];
        const std::string second = std::string(m_ipv4 ? SECOND[0] : "") + SECOND[1];
        NS_TEST_EXPECT_MSG_EQ(seen,
                              first + second + second + first + first,
                              "addresses, when the phone arrives and later");
        Simulator::Destroy();
    }

    bool m_mptcp; //!< the phone has it
    bool m_ipv4;  //!< there is IPv4 too
};

/// An outage from 2 to 6 s, of a phone whose radio loses its connection for a second.
class OutageTest : public TestCase
{
  public:
    /// @param address its addresses go; otherwise its interface @param mptcp whether it has MPTCP
    /// @param leave when the connection is lost, in s @param network where the phone is then
    OutageTest(bool address, bool mptcp, double leave, uint32_t network)
        : TestCase(std::string(address ? "Addresses are lost" : "An interface is down") +
                   " from 2 to 6 s, the radio's connection from " +
                   std::to_string(std::lround(1000 * leave)) + " ms on until it is back in the " +
                   (network == 0 ? "first" : "second") + " network, " +
                   (mptcp ? "with" : "without") + " MPTCP"),
          m_address(address),
          m_mptcp(mptcp),
          m_leave(leave),
          m_network(network)
    {
    }

  private:
    void DoRun() override
    {
        SmartphoneHelper network;
        auto access = CreateObject<TwoNetworksAccess>();
        network.SetFamilies(true, true);
        network.SetAccess(WIFI, access);
        network.Build();
        if (m_mptcp)
        {
            MptcpHelper().Install(NodeContainer(network.GetPhone(), network.GetServer()));
        }
        m_address ? network.ScheduleAddressLoss(WIFI, Seconds(2), Seconds(6))
                  : network.ScheduleInterfaceDown(WIFI, Seconds(2), Seconds(6));
        Simulator::Schedule(Seconds(m_leave), [&]() { access->Move(m_network); });
        const std::string first = std::string(FIRST[0]) + FIRST[1];
        const std::string last = m_network == 0 ? first : std::string(SECOND[0]) + SECOND[1];
        const std::string other = std::string(OTHER[0]) + OTHER[1];
        const auto expect = [&](double at, const std::string& what)
        {
            Simulator::Schedule(Seconds(at),
                                [this, &network, what]() {
                                    NS_TEST_EXPECT_MSG_EQ(Describe(network), what, "at " << Now());
                                });
        };
        const double back = m_leave + 1;
        expect(1.4, back < 1.4 ? last : first);
        for (const double during : {2.1, 3.0, 4.0, 5.0, 5.9})
        {
            expect(during, other);
        }
        expect(6.1, back < 6.1 ? last : other);
        expect(8, last);
        Simulator::Stop(Seconds(9));
        Simulator::Run();
        Simulator::Destroy();
    }

    bool m_address;     //!< the addresses go; otherwise the interface
    bool m_mptcp;       //!< the phone has it
    double m_leave;     //!< when the connection is lost, in s
    uint32_t m_network; //!< where the phone is a second later
};

/// The suite.
class AttachmentTestSuite : public TestSuite
{
  public:
    AttachmentTestSuite()
        : TestSuite("mptcp-attachment", Type::UNIT)
    {
        AddTestCase(new UsableTest);
        for (const bool mptcp : {false, true})
        {
            AddTestCase(new TwoNetworksTest(mptcp, false));
            AddTestCase(new TwoNetworksTest(mptcp, true));
            for (const bool address : {false, true})
            {
                AddTestCase(new OutageTest(address, mptcp, 0.2, 1));
                AddTestCase(new OutageTest(address, mptcp, 1.5, 0));
                AddTestCase(new OutageTest(address, mptcp, 3.5, 0));
                AddTestCase(new OutageTest(address, mptcp, 3.5, 1));
                AddTestCase(new OutageTest(address, mptcp, 5.5, 1));
            }
        }
    }
};

AttachmentTestSuite g_attachmentTestSuite; //!< the suite

} // namespace
