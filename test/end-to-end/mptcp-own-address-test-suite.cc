// SPDX-License-Identifier: GPL-2.0-only
// A node that connects to itself: IP hands a packet for an address of the interface that it leaves
// by to the transport within the call that sends it.
#include "test-rig.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/mptcp-socket.h"
#include "ns3/string.h"
#include "ns3/tcp-socket-factory.h"

#include <cerrno>

namespace ns3
{

namespace
{

using Ending = EndpointOptions::Ending;

constexpr uint16_t PORT = 80;      //!< of the listener
constexpr uint16_t NOBODY = 9;     //!< nobody listens there
constexpr uint64_t BYTES = 300000; //!< each way

/// Which address of itself a node connects to, and from which.
enum class Way
{
    SAME,     //!< from an address to itself
    OTHER,    //!< from the address of one interface to that of another
    LOOPBACK, //!< to 127.0.0.1 or ::1
};

/// A way and an IP version.
struct Where
{
    Way way;   //!< which addresses
    bool ipv6; //!< family
};

/// All of them.
constexpr Where PLACES[] = {{Way::SAME, false},
                            {Way::SAME, true},
                            {Way::OTHER, false},
                            {Way::OTHER, true},
                            {Way::LOOPBACK, false},
                            {Way::LOOPBACK, true}};

/// @param where a place @return its name
std::string
Name(const Where& where)
{
    const std::string family = where.ipv6 ? "IPv6" : "IPv4";
    switch (where.way)
    {
    case Way::SAME:
        return family + ", an address to itself";
    case Way::OTHER:
        return family + ", one address to another";
    case Way::LOOPBACK:
        break;
    }
    return family + ", loopback";
}

/// @param where a place @param checksums whether they are in use
/// @return the network, in which the server has two links
RigOptions
Net(const Where& where, bool checksums = false)
{
    RigOptions options;
    options.ipv6 = where.ipv6;
    options.serverAddresses = 2;
    options.checksums = checksums;
    return options;
}

/// @param rig the network @param where a place @param port a port @return whom to connect to
Address
Target(const TestRig& rig, const Where& where, uint16_t port)
{
    if (where.way != Way::LOOPBACK)
    {
        return rig.GetServerAddress(where.way == Way::SAME ? 0 : 1, port);
    }
    if (where.ipv6)
    {
        return Inet6SocketAddress(Ipv6Address::GetLoopback(), port);
    }
    return InetSocketAddress(Ipv4Address::GetLoopback(), port);
}

/**
 * Let the server connect to itself.
 * @param rig the network @param where from which of its addresses to which
 * @param port to connect to @param options of the connecting end @param at when
 * @param local port of the connecting end, 0: any
 * @param stock by ns-3's own TCP
 * @return the connecting end
 */
TestEndpoint&
Connect(TestRig& rig,
        const Where& where,
        uint16_t port,
        const EndpointOptions& options,
        Time at = MilliSeconds(10),
        uint16_t local = 0,
        bool stock = false)
{
    const auto socket = Socket::CreateSocket(
        rig.GetServer(),
        stock ? TcpSocketFactory::GetTypeId() : TypeId::LookupByName("ns3::MptcpSocketFactory"));
    for (const auto& [name, value] : options.attributes)
    {
        socket->SetAttribute(name, StringValue(value));
    }
    rig.opened.push_back(std::make_unique<TestEndpoint>(socket, options, true));
    TestEndpoint* end = rig.opened.back().get();
    Simulator::ScheduleWithContext(rig.GetServer()->GetId(),
                                   at,
                                   [&rig, where, port, socket, end, local]
                                   {
                                       if (where.way != Way::LOOPBACK)
                                       {
                                           socket->Bind(rig.GetServerAddress(0, local));
                                       }
                                       else if (where.ipv6)
                                       {
                                           socket->Bind6();
                                       }
                                       else
                                       {
                                           socket->Bind();
                                       }
                                       end->Connect(Target(rig, where, port));
                                   });
    return *end;
}

/// @param send bytes @param ending when it closes @return one end of a symmetric transfer
EndpointOptions
End(uint64_t send = BYTES, Ending ending = Ending::AFTER_BOTH)
{
    EndpointOptions options;
    options.send = send;
    options.expect = send;
    options.ending = ending;
    return options;
}

/// @param rig the network @return endpoints of the server, after TIME_WAIT too
size_t
CountEndpoints(const TestRig& rig)
{
    const auto protocol = rig.GetServer()->GetObject<MptcpL4Protocol>();
    return protocol->GetNEndpoints() + protocol->GetNTokens();
}

/// Nobody listens.
void
AddRefusals(ScenarioTestSuite& suite)
{
    for (const auto& where : PLACES)
    {
        for (const bool multipath : {true, false})
        {
            suite.Add(Name(where) + ": refused, twice and twice at once" +
                          (multipath ? "" : ", plain TCP"),
                      [=](ScenarioTestCase& test)
                      {
                          TestRig rig(Net(where));
                          auto options = End();
                          options.attributes = {{"Multipath", multipath ? "true" : "false"}};
                          for (const int64_t at : {10, 20, 30, 30})
                          {
                              Connect(rig, where, NOBODY, options, MilliSeconds(at));
                          }
                          rig.Run(Seconds(200));
                          for (const auto& end : rig.opened)
                          {
                              test.Expect(end->failed && !end->connected, "it fails");
                              test.ExpectEqual(end->error, ECONNREFUSED, "errno");
                              test.Expect(end->endedAt < MilliSeconds(31), "at once");
                          }
                          test.ExpectEqual(CountEndpoints(rig), 0, "endpoints and tokens");
                          test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                      });
        }
    }
}

/// Bytes both ways, and each way to close.
void
AddTransfers(ScenarioTestSuite& suite)
{
    struct Style
    {
        const char* name;
        Ending client;
        Ending server;
    };

    const Style styles[] = {
        {"both shut down, then close", Ending::AFTER_BOTH, Ending::AFTER_BOTH},
        {"the connecting end closes behind its data", Ending::CLOSE_WHEN_SENT, Ending::AFTER_BOTH},
        {"the accepting end closes behind its data", Ending::AFTER_BOTH, Ending::CLOSE_WHEN_SENT},
        {"the accepting end closes at the end of data", Ending::AFTER_BOTH, Ending::CLOSE_AT_EOF},
    };
    for (const auto& where : PLACES)
    {
        for (const char* manager : {"ns3::MptcpNoPathManager", "ns3::MptcpFullMesh", ""})
        {
            for (const auto& style : styles)
            {
                const std::string path = *manager ? std::string(manager + 5) : "plain TCP";
                suite.Add(Name(where) + ", " + path + ": " + style.name,
                          [=](ScenarioTestCase& test)
                          {
                              TestRig rig(Net(where));
                              auto client = End(BYTES, style.client);
                              auto server = End(BYTES, style.server);
                              // An end that closes reads no more.
                              if (style.client == Ending::CLOSE_WHEN_SENT)
                              {
                                  server.send = client.expect = 0;
                              }
                              if (style.server == Ending::CLOSE_WHEN_SENT)
                              {
                                  client.send = server.expect = 0;
                              }
                              client.attributes = server.attributes = {
                                  *manager
                                      ? std::pair<std::string, std::string>("PathManager", manager)
                                      : std::pair<std::string, std::string>("Multipath", "false")};
                              rig.Listen(PORT, server);
                              Connect(rig, where, PORT, client);
                              Connect(rig, where, PORT, client, MilliSeconds(20));
                              rig.Run(Seconds(400));
                              test.ExpectDone(rig, 2);
                              test.ExpectEqual(CountEndpoints(rig), 0, "endpoints and tokens");
                          });
            }
        }
    }
}

/// What is rarer.
void
AddOthers(ScenarioTestSuite& suite)
{
    for (const auto& where : PLACES)
    {
        for (const bool both : {false, true})
        {
            suite.Add(
                Name(where) + ": abort in the middle" + (both ? ", by both ends" : ""),
                [=](ScenarioTestCase& test)
                {
                    TestRig rig(Net(where));
                    auto options = End(BYTES, Ending::NEVER);
                    options.reading = false;
                    options.attributes = {{"PathManager", "ns3::MptcpFullMesh"}, {"Linger", "0s"}};
                    rig.Listen(PORT, options);
                    Connect(rig, where, PORT, options);
                    Simulator::Schedule(MilliSeconds(100),
                                        [&]
                                        {
                                            rig.opened.at(0)->Close();
                                            if (both)
                                            {
                                                rig.accepted.at(0)->Close();
                                            }
                                        });
                    rig.Run(Seconds(400));
                    test.ExpectEqual(rig.accepted.size(), 1, "accepted");
                    test.Expect(both || rig.accepted.at(0)->errorClose,
                                "the other end is told of an error");
                    test.ExpectEqual(CountEndpoints(rig), 0, "endpoints and tokens");
                    test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                });
        }
        suite.Add(Name(where) + ": checksums",
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Net(where, true));
                      rig.Listen(PORT, End());
                      Connect(rig, where, PORT, End());
                      rig.Run(Seconds(400));
                      test.ExpectDone(rig, 1);
                  });
        if (where.way == Way::OTHER)
        {
            continue;
        }
        for (const bool stockClient : {true, false})
        {
            suite.Add(Name(where) + (stockClient
                                         ? ": ns-3's own TCP connects to a module's socket"
                                         : ": a module's socket connects to ns-3's own TCP"),
                      [=](ScenarioTestCase& test)
                      {
                          TestRig rig(Net(where));
                          auto client = End(stockClient ? BYTES : 0);
                          client.expect = stockClient ? 0 : BYTES;
                          auto server = End(stockClient ? 0 : BYTES);
                          server.expect = stockClient ? BYTES : 0;
                          (stockClient ? server : client).ending = Ending::CLOSE_AT_EOF;
                          rig.Listen(PORT, server, !stockClient);
                          Connect(rig, where, PORT, client, MilliSeconds(10), 0, stockClient);
                          rig.Run(Seconds(400));
                          test.ExpectAllDelivered(rig, 1);
                      });
        }
    }
    for (const bool ipv6 : {false, true})
    {
        const Where where{Way::SAME, ipv6};
        // RFC 9293 section 3.5: both ends of a simultaneous open may be one.
        suite.Add(Name(where) + ": a socket that connects to its own port talks to itself",
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Net(where));
                      auto options = End(1000, Ending::NEVER);
                      options.attributes = {{"Multipath", "false"}};
                      auto& end = Connect(rig, where, PORT, options, MilliSeconds(10), PORT);
                      end.SetReading(false);
                      rig.Run(Seconds(1));
                      test.Expect(end.connected, "connected");
                      uint32_t read = 0;
                      while (const auto packet = end.GetSocket()->Recv())
                      {
                          read += packet->GetSize();
                      }
                      test.ExpectEqual(read, 1000, "bytes come back");
                      end.Close();
                      rig.Run(Seconds(400));
                      test.ExpectEqual(CountEndpoints(rig), 0, "endpoints and tokens");
                      test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                  });
        suite.Add(Name(where) + ": connecting to one's own port with MP_CAPABLE ends in order",
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Net(where));
                      auto& end = Connect(
                          rig, where, PORT, End(1000, Ending::NEVER), MilliSeconds(10), PORT);
                      end.SetReading(false);
                      rig.Run(Seconds(1));
                      end.Close();
                      rig.Run(Seconds(400));
                      test.ExpectEqual(CountEndpoints(rig), 0, "endpoints and tokens");
                      test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                  });
        suite.Add(Name(where) + ": the full mesh has each pair of the node's two addresses",
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Net(where));
                      auto options = End(BYTES, Ending::NEVER);
                      options.attributes = {{"PathManager", "ns3::MptcpFullMesh"},
                                            {"Scheduler", "ns3::MptcpRoundRobin"}};
                      rig.Listen(PORT, options);
                      auto& end = Connect(rig, where, PORT, options);
                      rig.Run(Seconds(1));
                      const auto connection =
                          DynamicCast<MptcpSocket>(end.GetSocket())->GetConnection();
                      test.ExpectEqual(connection->GetSubflows().size(), 4, "subflows");
                      for (const auto& subflow : connection->GetSubflows())
                      {
                          test.Expect(subflow->GetBytesSent() > 0, "it is used");
                      }
                      end.Close();
                      rig.accepted.at(0)->Close();
                      rig.Run(Seconds(400));
                      test.ExpectAllDelivered(rig, 1);
                      test.ExpectEqual(CountEndpoints(rig), 0, "endpoints and tokens");
                      test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                  });
    }
}

/// The suite.
class MptcpOwnAddressTestSuite : public ScenarioTestSuite
{
  public:
    MptcpOwnAddressTestSuite()
        : ScenarioTestSuite("mptcp-own-address")
    {
        AddRefusals(*this);
        AddTransfers(*this);
        AddOthers(*this);
    }
};

MptcpOwnAddressTestSuite g_mptcpOwnAddressTestSuite; //!< registers itself

} // namespace

} // namespace ns3
