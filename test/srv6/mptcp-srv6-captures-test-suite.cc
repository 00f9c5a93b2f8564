// SPDX-License-Identifier: GPL-2.0-only
// Packets of each behavior as files, in the folder that the test runner is told by --tempdir:
// test/checks/srv6.sh shows them to a dissector that knows nothing of this module.
#include "rfc9259-net.h"
#include "srv6-capture.h"
#include "srv6-packets.h"
#include "srv6-router.h"

#include "ns3/global-value.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <functional>
#include <string>

namespace ns3
{

namespace
{

using namespace srv6packets;

/// Writes a file of what a scenario does.
class CaptureTestCase : public TestCase
{
  public:
    /// What a case does. @param test gets failures @param file name of the file to write
    using Body = std::function<void(CaptureTestCase& test, const std::string& file)>;

    /// @param name of the case and of its file @param body what to do
    CaptureTestCase(const std::string& name, Body body)
        : TestCase(name),
          m_body(std::move(body))
    {
    }

    /// @param ok what must be @param what it is about
    void Expect(bool ok, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(ok, true, what);
    }

  private:
    void DoRun() override
    {
        auto file = GetName();
        std::replace_if(
            file.begin(), file.end(), [](char c) { return !std::isalnum(c); }, '-');
        // A dissector checks them.
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
        m_body(*this, CreateTempDirFilename(file + ".pcap"));
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
    }

    Body m_body; //!< what to do
};

/// A suite of such cases.
class CaptureTestSuite : public TestSuite
{
  public:
    /// @param name of the suite
    explicit CaptureTestSuite(const std::string& name)
        : TestSuite(name, TestSuite::Type::SYSTEM)
    {
    }

    /// @param name of a case and of its file @param body what it does
    void Add(const std::string& name, CaptureTestCase::Body body)
    {
        AddTestCase(new CaptureTestCase(name, std::move(body)));
    }
};

/// @param destination of it @param size of UDP's payload @return an IPv4 packet with its checksum
Bytes
Checked4(const char* destination, size_t size = 4)
{
    auto packet = Ipv4Packet(destination, Datagram(size));
    WriteChecksum(packet.data(), IPV4_SIZE, 10);
    return packet;
}

/// @param packet of IPv6 @param limit hop limit @return it with that
Bytes
WithHopLimit(Bytes packet, uint8_t limit)
{
    packet[HOP_LIMIT] = limit;
    return packet;
}

/// Behaviors of a router.
class Behaviors
{
  public:
    /// @param suite gets a case for each @param linuxCompatible of the router
    static void Add(CaptureTestSuite& suite, bool linuxCompatible)
    {
        const std::string kind = linuxCompatible ? "Linux " : "";
        for (const auto behavior : {Srv6Behavior::END,
                                    Srv6Behavior::END_X,
                                    Srv6Behavior::END_T,
                                    Srv6Behavior::END_B6_ENCAPS,
                                    Srv6Behavior::END_B6_ENCAPS_REDUCED,
                                    Srv6Behavior::END_DX6,
                                    Srv6Behavior::END_DX4,
                                    Srv6Behavior::END_DT6,
                                    Srv6Behavior::END_DT4,
                                    Srv6Behavior::END_DT46})
        {
            suite.Add(kind + std::string(GetName(behavior)),
                      [=](CaptureTestCase& test, const std::string& file)
                      { Run(test, file, behavior, linuxCompatible); });
        }
    }

  private:
    /// Let a SID with each flavor get all that it may. @param test gets failures @param file to
    /// write @param behavior of the SID @param linuxCompatible of the router
    static void
    Run(CaptureTestCase& test, const std::string& file, Srv6Behavior behavior, bool linuxCompatible)
    {
        Srv6Capture capture(file);
        Srv6Router router(linuxCompatible);
        capture.Watch(router.node);
        size_t sids = 0;
        for (const int flavors : {0, +SRV6_PSP, +SRV6_USP, +SRV6_USD, SRV6_PSP | SRV6_USD})
        {
            if (flavors != 0 && behavior > Srv6Behavior::END_T)
            {
                continue;
            }
            const std::string address = "fc00:3::" + std::to_string(++sids);
            Srv6Sid sid(behavior, static_cast<uint8_t>(flavors), {Ipv6Address(FAR_HOST)});
            sid.nextHop4 = Ipv4Address("10.0.2.9");
            sid.policy = Srv6Router::MakePolicy(behavior == Srv6Behavior::END_B6_ENCAPS_REDUCED
                                                    ? Srv6Steering::ENCAPS_REDUCED
                                                    : Srv6Steering::ENCAPS,
                                                {"fc00:4::1", "fc00:4::2"});
            test.Expect(router.AddSid(address.c_str(), sid), "a SID");
            Send(router, address.c_str());
        }
        test.Expect(router.forwarded.size() >= 2 * sids, "some go on");
        test.Expect(linuxCompatible || router.returned.size() >= 2 * sids, "some are refused");
    }

    /// @param router it @param sid an address of it
    static void Send(Srv6Router& router, const char* sid)
    {
        const auto inner = Ipv6Packet(NEAR_HOST, FAR_HOST, UDP, Datagram());
        const auto echo = Bytes{128, 0, 0, 0, 0, 1, 0, 1};
        const std::vector<Bytes> packets{
            // On the way, the last but one and the last, and on the last hop.
            Ipv6Packet(
                NEAR_HOST, sid, ROUTING, Routed({sid, "fc00:4::1", FAR_HOST}, 2, UDP, Datagram())),
            Ipv6Packet(NEAR_HOST, sid, ROUTING, Routed({sid, FAR_HOST}, 1, UDP, Datagram())),
            WithHopLimit(
                Ipv6Packet(NEAR_HOST, sid, ROUTING, Routed({sid, FAR_HOST}, 1, UDP, Datagram())),
                1),
            // With packets inside, with a header and without.
            Ipv6Packet(NEAR_HOST, sid, ROUTING, Routed({sid}, 0, IN_IPV6, inner)),
            Ipv6Packet(NEAR_HOST, sid, IN_IPV6, inner),
            Ipv6Packet(NEAR_HOST, sid, ROUTING, Routed({sid}, 0, 4, Checked4("10.0.2.77"))),
            Ipv6Packet(NEAR_HOST, sid, 4, Checked4("10.0.2.77")),
            Ipv6Packet(NEAR_HOST, sid, IN_IPV6, WithHopLimit(inner, 1)),
            // For the upper layer.
            Ipv6Packet(NEAR_HOST, sid, ROUTING, Routed({sid}, 0, ICMP6, echo)),
            Ipv6Packet(NEAR_HOST, sid, ICMP6, echo),
            Ipv6Packet(NEAR_HOST, sid, UDP, Datagram(4, 1111, SRV6_TRACEROUTE_PORT)),
            Ipv6Packet(NEAR_HOST, sid, UDP, Datagram()),
            // Too big for what is added, or for the link.
            Ipv6Packet(NEAR_HOST, sid, ROUTING, Routed({sid, FAR_HOST}, 1, UDP, Datagram(1400))),
        };
        for (const auto& packet : packets)
        {
            router.Inject(packet);
        }
    }
};

/// Where headers come from.
void
AddSources(CaptureTestSuite& suite)
{
    for (const auto steering : {Srv6Steering::ENCAPS, Srv6Steering::ENCAPS_REDUCED})
    {
        suite.Add(
            steering == Srv6Steering::ENCAPS ? "H.Encaps" : "H.Encaps.Red",
            [=](CaptureTestCase& test, const std::string& file)
            {
                Srv6Capture capture(file);
                Srv6Router router;
                capture.Watch(router.node);
                const auto policy = Srv6Router::MakePolicy(steering, {"fc00:4::1", "fc00:4::2"});
                router.srv6->Steer(Ipv6Address("fc00:5::"), 48, policy);
                router.srv6->Steer(Ipv4Address("192.0.2.0"), Ipv4Mask("255.255.255.0"), policy);
                for (const size_t size : {4, 1400, 1450})
                {
                    router.Inject(Ipv6Packet(NEAR_HOST, "fc00:5::1", UDP, Datagram(size)));
                    router.Inject(Checked4("192.0.2.1", size), Ipv4L3Protocol::PROT_NUMBER);
                }
                auto whole = Checked4("192.0.2.1", 1450);
                whole[6] = 0x40;
                WriteChecksum(whole.data(), IPV4_SIZE, 10);
                router.Inject(whole, Ipv4L3Protocol::PROT_NUMBER);
                test.Expect(router.forwarded.size() >= 4, "some go on");
                test.Expect(router.returned.size() >= 2, "some are too big");
            });
    }
    for (const auto text : {Srv6HmacText::RFC8754, Srv6HmacText::LINUX})
    {
        suite.Add(
            text == Srv6HmacText::LINUX ? "HMAC as Linux" : "HMAC as RFC 8754",
            [=](CaptureTestCase& test, const std::string& file)
            {
                Srv6Capture capture(file);
                Srv6Router router;
                capture.Watch(router.node);
                for (const auto steering : {Srv6Steering::ENCAPS, Srv6Steering::ENCAPS_REDUCED})
                {
                    auto policy = Create<Srv6Policy>(steering);
                    policy->AddSegmentList({Ipv6Address("fc00:4::1"), Ipv6Address("fc00:4::2")});
                    policy->SetKey({7, "secret", text});
                    router.srv6->Steer(Ipv6Address("fc00:5::"), 48, policy);
                    router.Inject(Ipv6Packet(NEAR_HOST, "fc00:5::1", UDP, Datagram()));
                }
                test.Expect(router.forwarded.size() == 2, "forwarded");
            });
    }
    suite.Add("ping and traceroute",
              [](CaptureTestCase& test, const std::string& file)
              {
                  Srv6Capture capture(file);
                  Rfc9259Net net;
                  for (uint32_t node = 1; node <= 5; ++node)
                  {
                      capture.Watch(net.Get(node));
                  }
                  Srv6Helper().Install(net.Get(5));
                  const auto path = Rfc9259Net::ToSegments({Rfc9259Net::X31, Rfc9259Net::END4});
                  for (const uint32_t size : {56, 4000})
                  {
                      const auto ping =
                          Srv6Helper::AddPing(net.Get(1), Ipv6Address(Rfc9259Net::N5), path);
                      ping->SetAttribute("Size", UintegerValue(size));
                      const auto traceroute =
                          Srv6Helper::AddTraceroute(net.Get(1), Ipv6Address(Rfc9259Net::N5), path);
                      traceroute->SetAttribute("Size", UintegerValue(size));
                  }
                  net.Run();
                  const auto sid =
                      net.Get(4)->GetObject<Srv6Protocol>()->FindSid(Ipv6Address(Rfc9259Net::END4));
                  test.Expect(sid->counters.packets > 20, "packets at a SID");
              });
    suite.Add("insertion with 127 segments",
              [](CaptureTestCase& test, const std::string& file)
              {
                  Srv6Capture capture(file);
                  Srv6Router router;
                  router.SetMtu(9000);
                  capture.Watch(router.node);
                  router.srv6->Steer(
                      Ipv6Address("fc00:4::"),
                      48,
                      Srv6Router::MakePolicy(Srv6Steering::INSERT,
                                             std::vector<const char*>(126, "fc00:4::7")));
                  auto socket = Socket::CreateSocket(router.node, UdpSocketFactory::GetTypeId());
                  for (const uint32_t size : {10, 6000, 12000})
                  {
                      Simulator::Schedule(MilliSeconds(10 + size),
                                          [=] {
                                              socket->SendTo(
                                                  Create<Packet>(size),
                                                  0,
                                                  Inet6SocketAddress(Ipv6Address("fc00:4::9"), 7));
                                          });
                  }
                  Simulator::Stop(Seconds(15));
                  Simulator::Run();
                  test.Expect(router.forwarded.size() == 4, "two whole, two fragments");
              });
}

/// Files for a dissector.
class MptcpSrv6CapturesTestSuite : public CaptureTestSuite
{
  public:
    MptcpSrv6CapturesTestSuite()
        : CaptureTestSuite("mptcp-srv6-captures")
    {
        Behaviors::Add(*this, false);
        Behaviors::Add(*this, true);
        AddSources(*this);
    }
};

MptcpSrv6CapturesTestSuite g_mptcpSrv6CapturesTestSuite; //!< registers itself

} // namespace

} // namespace ns3
