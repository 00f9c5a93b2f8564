// SPDX-License-Identifier: GPL-2.0-only
// A subflow leaves by the interface of its source address, and an interface takes its packets,
// routes and addresses down with it and brings them back.
#include "test-rig.h"
#include "two-homed-net.h"

#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv6-list-routing.h"

#include <algorithm>
#include <sstream>

namespace ns3
{

namespace
{

/// @param ipv6 family @return its name
std::string
Family(bool ipv6)
{
    return ipv6 ? "IPv6" : "IPv4";
}

/// @param net a network @return the routes and addresses of the phone's interface 1, sorted
std::vector<std::string>
DescribeInterface(const TwoHomedNet& net)
{
    std::vector<std::string> lines;
    const auto add = [&lines](auto... what)
    {
        std::ostringstream line;
        (line << ... << what);
        lines.push_back(line.str());
    };
    const auto routes4 = net.Routes4();
    for (uint32_t i = 0; i < routes4->GetNRoutes(); ++i)
    {
        if (routes4->GetRoute(i).GetInterface() == 1)
        {
            add(routes4->GetRoute(i), " metric ", routes4->GetMetric(i));
        }
    }
    const auto routes6 = net.Routes6();
    for (uint32_t i = 0; i < routes6->GetNRoutes(); ++i)
    {
        if (routes6->GetRoute(i).GetInterface() == 1)
        {
            add(routes6->GetRoute(i), " metric ", routes6->GetMetric(i));
        }
    }
    const auto ipv4 = net.phone->GetObject<Ipv4>();
    for (uint32_t i = 0; i < ipv4->GetNAddresses(1); ++i)
    {
        add(ipv4->GetAddress(1, i).GetLocal());
    }
    const auto ipv6 = net.phone->GetObject<Ipv6>();
    for (uint32_t i = 0; i < ipv6->GetNAddresses(1); ++i)
    {
        add(ipv6->GetAddress(1, i).GetAddress(), "/", ipv6->GetAddress(1, i).GetPrefix());
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

/// @param lines any @return them as one text
std::string
Join(const std::vector<std::string>& lines)
{
    std::string text;
    for (const auto& line : lines)
    {
        text += line + "\n";
    }
    return text;
}

/// @param net a network @param up whether the phone's interface 1 shall be up, for both families
void
SetInterface(const TwoHomedNet& net, bool up)
{
    const auto ipv4 = net.phone->GetObject<Ipv4>();
    const auto ipv6 = net.phone->GetObject<Ipv6>();
    if (up)
    {
        ipv4->SetUp(1);
        ipv6->SetUp(1);
    }
    else
    {
        ipv4->SetDown(1);
        ipv6->SetDown(1);
    }
}

/// Which interface is taken.
void
AddWayOut(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        for (const std::vector<uint32_t>& defaults :
             {std::vector<uint32_t>{1, 2}, {2, 1}, {1}, {2}})
        {
            suite.Add(Family(ipv6) + ": each source address leaves by its interface, default " +
                          "routes " + std::to_string(defaults.front()) +
                          (defaults.size() == 2 ? " first" : " only"),
                      [=](ScenarioTestCase& test)
                      {
                          TwoHomedNet net(true, defaults);
                          TwoHomedNet::At(MilliSeconds(10),
                                          [&]
                                          {
                                              for (const uint32_t i : defaults)
                                              {
                                                  net.SendSyn(TwoHomedNet::Tuple(ipv6, i));
                                              }
                                          });
                          TwoHomedNet::Run();
                          test.ExpectEqual(net.sent.size(), defaults.size(), "segments sent");
                          for (size_t i = 0; i < net.sent.size(); ++i)
                          {
                              test.ExpectEqual(net.sent[i].interface, defaults[i], "way out");
                          }
                      });
        }
        suite.Add(Family(ipv6) + ": a neighbour is reached without any default route",
                  [=](ScenarioTestCase& test)
                  {
                      TwoHomedNet net(true, {});
                      TwoHomedNet::At(MilliSeconds(10),
                                      [&]
                                      {
                                          for (const uint32_t i : {2, 1})
                                          {
                                              TcpTuple tuple = TwoHomedNet::Tuple(ipv6, i);
                                              tuple.remoteAddress =
                                                  TwoHomedNet::MakeAddress(ipv6, i, 2);
                                              net.SendSyn(tuple);
                                          }
                                          net.SendSyn(TwoHomedNet::Tuple(ipv6, 1));
                                      });
                      TwoHomedNet::Run();
                      test.ExpectEqual(net.sent.size(), 2, "segments sent");
                      test.ExpectEqual(net.sent.at(0).interface, 2, "way out of the first");
                      test.ExpectEqual(net.sent.at(1).interface, 1, "way out of the second");
                      test.ExpectEqual(net.protocol->GetNoRouteDrops(), 1, "segments dropped");
                  });
        suite.Add(Family(ipv6) + ": without a source the node's own routing decides",
                  [=](ScenarioTestCase& test)
                  {
                      TwoHomedNet with(true, {1, 2});
                      const auto source =
                          with.protocol->SelectSource(TwoHomedNet::MakeAddress(ipv6, 9, 1));
                      test.Expect(source == TwoHomedNet::MakeAddress(ipv6, 2, 1),
                                  "the last of equal routes wins, as ever");
                  });
    }
}

/// What stands behind.
void
AddHelpers(ScenarioTestSuite& suite)
{
    suite.Add("the node's routing is found behind ours, and protocols can be added",
              [](ScenarioTestCase& test)
              {
                  TwoHomedNet net;
                  const auto ipv4 = net.phone->GetObject<Ipv4>();
                  const auto ipv6 = net.phone->GetObject<Ipv6>();
                  test.Expect(bool(net.Routes4()), "static routing of IPv4 is found");
                  test.Expect(bool(net.Routes6()), "static routing of IPv6 is found");
                  const auto list4 = DynamicCast<Ipv4ListRouting>(ipv4->GetRoutingProtocol());
                  const auto list6 = DynamicCast<Ipv6ListRouting>(ipv6->GetRoutingProtocol());
                  test.Expect(list4 && list6, "both look like lists");
                  const auto added4 = CreateObject<Ipv4StaticRouting>();
                  const auto added6 = CreateObject<Ipv6StaticRouting>();
                  list4->AddRoutingProtocol(added4, 50);
                  list6->AddRoutingProtocol(added6, 50);
                  int16_t priority = 0;
                  test.Expect(list4->GetRoutingProtocol(0, priority) == added4 && priority == 50,
                              "the added one of IPv4 comes first");
                  test.Expect(list6->GetRoutingProtocol(0, priority) == added6 && priority == 50,
                              "the added one of IPv6 comes first");
                  added4->SetDefaultRoute(Ipv4Address("10.0.2.2"), 2);
                  test.Expect(net.protocol->SelectSource(Ipv4Address("10.9.9.9")) ==
                                  IpAddress(Ipv4Address("10.0.2.1")),
                              "the added one is asked first");
              });
    suite.Add("installing twice changes nothing",
              [](ScenarioTestCase& test)
              {
                  TwoHomedNet net;
                  const auto routing = net.phone->GetObject<Ipv4>()->GetRoutingProtocol();
                  test.Expect(MptcpL4Protocol::Install(net.phone) == net.protocol,
                              "the same protocol");
                  test.Expect(net.phone->GetObject<Ipv4>()->GetRoutingProtocol() == routing,
                              "the same routing");
              });
}

/// Down and up.
void
AddInterfaces(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        suite.Add(Family(ipv6) + ": an interface that is down takes its packets with it",
                  [=](ScenarioTestCase& test)
                  {
                      TwoHomedNet net(true, {1, 2});
                      TwoHomedNet::At(MilliSeconds(10), [&] { SetInterface(net, false); });
                      TwoHomedNet::At(MilliSeconds(20),
                                      [&]
                                      {
                                          net.SendSyn(TwoHomedNet::Tuple(ipv6, 1, 1001));
                                          net.SendSyn(TwoHomedNet::Tuple(ipv6, 2, 1002));
                                      });
                      TwoHomedNet::At(MilliSeconds(30), [&] { SetInterface(net, true); });
                      TwoHomedNet::At(MilliSeconds(40),
                                      [&] { net.SendSyn(TwoHomedNet::Tuple(ipv6, 1, 1003)); });
                      TwoHomedNet::Run();
                      test.ExpectEqual(net.sent.size(), 2, "segments sent");
                      test.ExpectEqual(net.sent.at(0).interface, 2, "the other one works on");
                      test.ExpectEqual(net.sent.at(1).interface, 1, "and the first one again");
                      test.ExpectEqual(net.sent.at(1).segment.sourcePort, 1003, "its segment");
                  });
        suite.Add(Family(ipv6) + ": so do stock packets from its address",
                  [=](ScenarioTestCase& test)
                  {
                      TwoHomedNet net(true, {1, 2});
                      const auto stock = net.phone->GetObject<TcpL4Protocol>();
                      TwoHomedNet::At(MilliSeconds(10), [&] { SetInterface(net, false); });
                      TwoHomedNet::At(MilliSeconds(20),
                                      [&]
                                      {
                                          TcpHeader header;
                                          const TcpTuple tuple = TwoHomedNet::Tuple(ipv6, 1);
                                          const auto plain = [](const IpAddress& address) {
                                              return std::visit([](auto a) { return Address(a); },
                                                                address);
                                          };
                                          stock->SendPacket(Create<Packet>(),
                                                            header,
                                                            plain(tuple.localAddress),
                                                            plain(tuple.remoteAddress));
                                      });
                      TwoHomedNet::Run();
                      test.ExpectEqual(net.sent.size(), 0, "segments sent");
                  });
    }
    suite.Add(
        "routes and addresses are there again after down and up, also after twice",
        [](ScenarioTestCase& test)
        {
            TwoHomedNet net;
            net.Routes4()->AddNetworkRouteTo(
                Ipv4Address("10.7.0.0"), Ipv4Mask("255.255.0.0"), Ipv4Address("10.0.1.2"), 1, 5);
            net.Routes6()->AddNetworkRouteTo(
                Ipv6Address("2001:7::"), Ipv6Prefix(64), Ipv6Address("2001:1::2"), 1, 5);
            std::vector<std::string> before;
            std::vector<std::string> down;
            TwoHomedNet::At(MilliSeconds(10),
                            [&]
                            {
                                before = DescribeInterface(net);
                                SetInterface(net, false);
                                SetInterface(net, false);
                                down = DescribeInterface(net);
                                SetInterface(net, true);
                                SetInterface(net, true);
                                SetInterface(net, false);
                            });
            TwoHomedNet::At(MilliSeconds(20), [&] { SetInterface(net, true); });
            TwoHomedNet::Run();
            test.Expect(before.size() > down.size(), "something is gone while it is down");
            test.ExpectEqual(Join(DescribeInterface(net)), Join(before), "what is back");
        });
    suite.Add("who wants to know hears of each change once, of IPv6 when it is usable",
              [](ScenarioTestCase& test)
              {
                  TwoHomedNet net;
                  std::ostringstream heard;
                  net.protocol->AddAddressCallback(
                      [&](const LocalAddress& address, bool up)
                      {
                          heard << Simulator::Now().GetMilliSeconds() << (up ? " + " : " - ")
                                << address.address << " " << address.interface << "\n";
                          const auto now = net.protocol->GetLocalAddresses();
                          const bool listed =
                              std::find(now.begin(), now.end(), address) != now.end();
                          test.ExpectEqual(listed, up, "GetLocalAddresses() says the same");
                      });
                  TwoHomedNet::At(MilliSeconds(10), [&] { SetInterface(net, false); });
                  TwoHomedNet::At(MilliSeconds(20), [&] { SetInterface(net, true); });
                  TwoHomedNet::At(
                      MilliSeconds(30),
                      [&]
                      {
                          net.phone->GetObject<Ipv4>()->RemoveAddress(2, Ipv4Address("10.0.2.1"));
                          net.phone->GetObject<Ipv6>()->RemoveAddress(2, Ipv6Address("2001:2::1"));
                      });
                  TwoHomedNet::Run();
                  // The first four lines tell of the addresses given at the start.
                  const std::string expected = "10 - 10.0.1.1 1\n10 - 2001:1::1 1\n"
                                               "20 + 10.0.1.1 1\n20 + 2001:1::1 1\n"
                                               "30 - 10.0.2.1 2\n30 - 2001:2::1 2\n";
                  const std::string all = heard.str();
                  test.ExpectEqual(all.substr(all.find("10 - ")), expected, "what was heard");
              });
}

/// Removed addresses.
void
AddAddresses(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        for (const bool down : {false, true})
        {
            suite.Add(
                Family(ipv6) + ": the last address goes" +
                    (down ? " while the interface is down," : ",") +
                    " look-ups go on, and it comes back with its routes",
                [=](ScenarioTestCase& test)
                {
                    TwoHomedNet net(true, {2, 1});
                    std::vector<std::string> before;
                    const auto ipv4 = net.phone->GetObject<Ipv4>();
                    const auto ipv6Stack = net.phone->GetObject<Ipv6>();
                    TwoHomedNet::At(MilliSeconds(10),
                                    [&]
                                    {
                                        before = DescribeInterface(net);
                                        if (down && !ipv6)
                                        {
                                            SetInterface(net, false);
                                        }
                                        if (ipv6)
                                        {
                                            ipv6Stack->RemoveAddress(1, Ipv6Address("2001:1::1"));
                                        }
                                        else
                                        {
                                            ipv4->RemoveAddress(1, Ipv4Address("10.0.1.1"));
                                        }
                                        if (down)
                                        {
                                            SetInterface(net, !ipv6);
                                        }
                                    });
                    TwoHomedNet::At(MilliSeconds(20),
                                    [&]
                                    {
                                        net.SendSyn(TwoHomedNet::Tuple(ipv6, 1));
                                        net.SendSyn(TwoHomedNet::Tuple(ipv6, 2));
                                        test.Expect(net.protocol->SelectSource(
                                                        TwoHomedNet::MakeAddress(ipv6, 9, 1)) ==
                                                        TwoHomedNet::MakeAddress(ipv6, 2, 1),
                                                    "the other interface's address is chosen");
                                    });
                    TwoHomedNet::At(
                        MilliSeconds(30),
                        [&]
                        {
                            if (down && ipv6)
                            {
                                SetInterface(net, true);
                            }
                            if (ipv6)
                            {
                                ipv6Stack->AddAddress(
                                    1,
                                    Ipv6InterfaceAddress(Ipv6Address("2001:1::1"), Ipv6Prefix(64)));
                            }
                            else
                            {
                                ipv4->AddAddress(1,
                                                 Ipv4InterfaceAddress(Ipv4Address("10.0.1.1"),
                                                                      Ipv4Mask("255.255.255.0")));
                            }
                        });
                    TwoHomedNet::At(MilliSeconds(40),
                                    [&] { net.SendSyn(TwoHomedNet::Tuple(ipv6, 1)); });
                    TwoHomedNet::Run();
                    test.ExpectEqual(net.protocol->GetNoRouteDrops(), 1, "segments dropped");
                    test.ExpectEqual(net.sent.size(), 2, "segments sent");
                    test.ExpectEqual(net.sent.at(0).interface, 2, "way out of the other address");
                    test.ExpectEqual(net.sent.at(1).interface, 1, "way out of the returned one");
                    test.ExpectEqual(Join(DescribeInterface(net)), Join(before), "what is back");
                });
        }
    }
}

/// The suite.
class MptcpSourceRoutingTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSourceRoutingTestSuite()
        : ScenarioTestSuite("mptcp-source-routing")
    {
        AddWayOut(*this);
        AddHelpers(*this);
        AddInterfaces(*this);
        AddAddresses(*this);
    }
};

MptcpSourceRoutingTestSuite g_mptcpSourceRoutingTestSuite; //!< registers itself

} // namespace

} // namespace ns3
