// SPDX-License-Identifier: GPL-2.0-only
// The checklist of Linux's own MPTCP, part 2: addresses that are advertised, repeated, removed, and
// endpoints that are added and removed while a connection lives. The names are those of the
// kernel's groups.
#include "checklist.h"

#include "ns3/boolean.h"
#include "ns3/config.h"

namespace ns3
{

namespace
{

constexpr uint32_t ADD_ADDR_TRIES = 6; // times that an ADD_ADDR without echo is sent
constexpr uint16_t OTHER_PORT = 10100;

/// @param ipv6 family @return text for names
std::string
Family(bool ipv6)
{
    return ipv6 ? ", IPv6" : "";
}

/// @param segment any @return whether it carries an echo of ADD_ADDR
bool
IsEcho(const WireSegment& segment)
{
    const auto* option = segment.FindMptcp(wire::ADD_ADDR);
    return option && option->body[2] & 1;
}

/// @param segment any @return whether it carries an ADD_ADDR that is no echo
bool
IsAddAddr(const WireSegment& segment)
{
    return segment.FindMptcp(wire::ADD_ADDR) && !IsEcho(segment);
}

/// @param ipv6 family @return a network so slow that a connection lasts for a minute
RigOptions
SlowNet(bool ipv6)
{
    auto net = Checklist::Net(ipv6);
    for (auto& path : net.paths)
    {
        path.rate = "300kbps";
    }
    return net;
}

/// Addresses that are of no use, and both ends at the same time.
void
AddSignals(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        suite.Add("signal invalid addresses" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {3, 3, 3, 0});
                      run.AddUnreachable(1, "s");
                      run.AddServer(1, "s");
                      run.AddUnreachable(2, "s");
                      run.ExpectSubflows(MilliSeconds(400), 2, 2);
                      run.Run();
                      run.ExpectJoins(3, 1, 1);
                      test.ExpectEqual(run.serverTally.addAddrs, 3U, "ADD_ADDR");
                      test.ExpectEqual(run.clientTally.echoes, 3U, "echoes");
                  });
        suite.Add("signal addresses race" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {8, 4, 8, 4});
                      for (const uint32_t i : {1U, 2U})
                      {
                          run.AddClient(i, "s");
                          run.AddServer(i, "s");
                      }
                      run.Run();
                      test.ExpectEqual(run.serverTally.addAddrs, 2U, "ADD_ADDR of the server");
                      test.ExpectEqual(run.clientTally.addAddrs, 2U, "ADD_ADDR of the client");
                      test.ExpectEqual(run.clientTally.echoes, 2U, "echoes of the client");
                      test.ExpectEqual(run.serverTally.echoes, 2U, "echoes of the server");
                      // The client joins from the first address to the server's two, the server
                      // from its first one to the client's two.
                      test.ExpectEqual(run.clientTally.joinSyns, 2U, "joins of the client");
                      test.ExpectEqual(run.serverTally.joinSyns, 2U, "joins of the server");
                  });
        suite.Add("an address that is joined from and advertised makes one subflow" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      // RFC 8684 section 3.4: the address id tells that both are the same.
                      Checklist run(test, Checklist::Net(ipv6), {8, 4, 8, 4});
                      run.AddClient(1, "sf");
                      run.Run();
                      test.ExpectEqual(run.clientTally.joinSyns, 1U, "joins of the client");
                      test.ExpectEqual(run.serverTally.joinSyns, 0U, "joins of the server");
                      test.ExpectEqual(run.clientTally.joinAcks, 1U, "joins that succeed");
                  });
        for (const bool joins : {true, false})
        {
            for (const bool echo : {true, false})
            {
                suite.Add(std::string("an address that is ") +
                              (joins ? "joined from and advertised" : "advertised only") +
                              " makes one subflow, though the first " +
                              (echo ? "echo" : "ADD_ADDR") + " is lost" + Family(ipv6),
                          [=](ScenarioTestCase& test)
                          {
                              // The repetition goes where it is fastest. It has no port, and the
                              // peer's port is another one there.
                              auto net = Checklist::Net(ipv6);
                              net.paths[0].delay = net.paths[1].delay = MilliSeconds(60);
                              Checklist run(test, net, {8, 4, 8, 4});
                              run.AddClient(1, joins ? "sf" : "s");
                              run.AddClient(2, "f");
                              run.client.send = run.server.expect = 4 * Checklist::SIZE;
                              run.rig.Path(0)->AddRule(echo ? FilterChannel::DOWN
                                                            : FilterChannel::UP,
                                                       DropNth(echo ? IsEcho : IsAddAddr, 1));
                              uint32_t repeated = 0;
                              run.rig.Path(2)->AddTap(FilterChannel::UP,
                                                      [&](const WireSegment& segment)
                                                      { repeated += IsAddAddr(segment) ? 1 : 0; });
                              run.Run();
                              test.ExpectEqual(repeated, 1U, "repetitions by the third path");
                              test.ExpectEqual(
                                  run.clientTally.joinSyns, joins ? 2U : 1U, "client's joins");
                              test.ExpectEqual(
                                  run.serverTally.joinSyns, joins ? 0U : 1U, "server's joins");
                          });
            }
        }
    }
}

/// ADD_ADDR is sent again until its echo comes.
void
AddTimeouts(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        suite.Add("signal address, ADD_ADDR timeout" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, SlowNet(ipv6), {2, 1, 2, 0});
                      run.AddServer(1, "s");
                      run.Lose(FilterChannel::DOWN, IsAddAddr, 3);
                      run.ExpectSubflows(MilliSeconds(6500), 1, 1);
                      run.ExpectSubflows(Seconds(12), 2, 2);
                      run.Run();
                      run.ExpectJoins(1, 1, 1);
                      test.ExpectEqual(run.serverTally.addAddrs, 4U, "ADD_ADDR");
                      test.ExpectEqual(run.clientTally.echoes, 1U, "echoes");
                  });
        suite.Add("signal addresses, ADD_ADDR timeout, echoes lost" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, SlowNet(ipv6), {2, 2, 2, 0});
                      run.AddServer(1, "s");
                      run.AddServer(2, "s");
                      run.Lose(FilterChannel::UP, IsEcho, 1000);
                      run.client.send = run.server.expect = 4 * Checklist::SIZE;
                      run.ExpectSubflows(Seconds(2), 3, 3);
                      run.Run();
                      run.ExpectJoins(2, 2, 2);
                      test.ExpectEqual(run.serverTally.addAddrs, 2 * ADD_ADDR_TRIES, "ADD_ADDR");
                      test.ExpectEqual(run.clientTally.echoes, 2 * ADD_ADDR_TRIES, "echoes");
                  });
        suite.Add("invalid address, ADD_ADDR timeout" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, SlowNet(ipv6), {2, 2, 2, 0});
                      run.AddUnreachable(1, "s");
                      run.AddServer(1, "s");
                      run.Lose(FilterChannel::DOWN, IsAddAddr, 2);
                      run.ExpectSubflows(Seconds(12), 2, 2);
                      run.Run();
                      run.ExpectJoins(2, 1, 1);
                      test.ExpectEqual(run.serverTally.addAddrs, 4U, "ADD_ADDR");
                      test.ExpectEqual(run.clientTally.echoes, 2U, "echoes");
                  });
    }
}

/// What is removed, as letters: which endpoints there are at first and are removed then.
struct Removal
{
    const char* name;                 //!< as the kernel's
    std::vector<std::string> client;  //!< flags by path
    std::vector<std::string> server;  //!< flags by link; x: nobody can reach it
    std::vector<uint32_t> fromClient; //!< paths whose endpoints are removed
    std::vector<uint32_t> fromServer; //!< links whose endpoints are removed
    bool flushClient;                 //!< all of the client's
    bool flushServer;                 //!< all of the server's
    uint32_t before;                  //!< subflows
    uint32_t after;                   //!< subflows
    uint32_t clientRemovals;          //!< REMOVE_ADDR of the client
    uint32_t serverRemovals;          //!< REMOVE_ADDR of the server
    uint32_t ids;                     //!< identifiers in all of them
};

/// Endpoints are removed.
void
AddRemovals(ScenarioTestSuite& suite)
{
    const Removal removals[] = {
        {"remove single subflow", {"", "f"}, {}, {1}, {}, false, false, 2, 1, 1, 0, 1},
        {"remove multiple subflows", {"", "f", "f"}, {}, {1, 2}, {}, false, false, 3, 1, 2, 0, 2},
        {"remove single address", {}, {"", "s"}, {}, {1}, false, false, 2, 1, 0, 1, 1},
        {"remove subflow and signal", {"", "f"}, {"", "s"}, {1}, {1}, false, false, 3, 1, 1, 1, 2},
        {"remove subflows and signal",
         {"", "f", "f"},
         {"", "s"},
         {1, 2},
         {1},
         false,
         false,
         4,
         1,
         2,
         1,
         3},
        {"remove addresses", {}, {"", "s", "s"}, {}, {1, 2}, false, false, 3, 1, 0, 2, 2},
        {"remove invalid addresses", {}, {"", "s", "x"}, {}, {1, 2}, false, false, 2, 1, 0, 2, 2},
        {"remove address of the first subflow (id 0)",
         {"", "f"},
         {"s", "s"},
         {},
         {0},
         false,
         false,
         3,
         1,
         0,
         1,
         1},
        {"flush subflows", {"", "f", "f"}, {}, {}, {}, true, false, 3, 1, 1, 0, 2},
        {"flush subflows and signal", {"", "f", "f"}, {"", "s"}, {}, {}, true, true, 4, 1, 1, 1, 3},
        {"flush addresses", {}, {"", "s", "s"}, {}, {}, false, true, 3, 1, 0, 1, 2},
        {"flush invalid addresses", {}, {"", "s", "x"}, {}, {}, false, true, 2, 1, 0, 1, 2},
    };
    for (const auto& removal : removals)
    {
        for (const bool ipv6 : {false, true})
        {
            suite.Add(removal.name + Family(ipv6),
                      [=](ScenarioTestCase& test)
                      {
                          Checklist run(test, Checklist::Net(ipv6), {4, 4, 4, 0});
                          std::map<uint32_t, uint8_t> clientIds;
                          std::map<uint32_t, uint8_t> serverIds;
                          for (uint32_t i = 0; i < removal.client.size(); i++)
                          {
                              if (!removal.client[i].empty())
                              {
                                  clientIds[i] = run.AddClient(i, removal.client[i]);
                              }
                          }
                          for (uint32_t i = 0; i < removal.server.size(); i++)
                          {
                              if (removal.server[i] == "x")
                              {
                                  serverIds[i] = run.AddUnreachable(i, "s");
                              }
                              else if (!removal.server[i].empty())
                              {
                                  serverIds[i] = run.AddServer(i, removal.server[i]);
                              }
                          }
                          run.ExpectSubflows(MilliSeconds(400), removal.before, removal.before);
                          Checklist::At(MilliSeconds(410),
                                        [&]
                                        {
                                            for (const uint32_t i : removal.fromClient)
                                            {
                                                run.clientEndpoints->Remove(clientIds[i]);
                                            }
                                            for (const uint32_t i : removal.fromServer)
                                            {
                                                run.serverEndpoints->Remove(serverIds[i]);
                                            }
                                            if (removal.flushClient)
                                            {
                                                run.clientEndpoints->Flush();
                                            }
                                            if (removal.flushServer)
                                            {
                                                run.serverEndpoints->Flush();
                                            }
                                        });
                          run.ExpectSubflows(MilliSeconds(600), removal.after, removal.after);
                          run.client.send = run.server.expect = 2 * Checklist::SIZE;
                          run.Run();
                          test.ExpectEqual(
                              run.clientTally.removals, removal.clientRemovals, "by the client");
                          test.ExpectEqual(
                              run.serverTally.removals, removal.serverRemovals, "by the server");
                          test.ExpectEqual(run.clientTally.removedIds.size() +
                                               run.serverTally.removedIds.size(),
                                           removal.ids,
                                           "identifiers");
                          test.Expect(run.clientTally.resets + run.serverTally.resets > 0,
                                      "a RST tells middleboxes");
                      });
        }
    }
    for (const bool ipv6 : {false, true})
    {
        suite.Add("remove the first subflow's address (id 0) by the client" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6));
                      const uint8_t first = run.AddClient(0, "f");
                      run.AddClient(1, "f");
                      run.ExpectSubflows(MilliSeconds(400), 2, 2);
                      Checklist::At(MilliSeconds(410), [&] { run.clientEndpoints->Remove(first); });
                      run.ExpectSubflows(MilliSeconds(600), 1, 1);
                      Checklist::At(MilliSeconds(700), [&] { run.AddClient(0, "f"); });
                      run.ExpectSubflows(MilliSeconds(900), 2, 2);
                      run.client.send = run.server.expect = 2 * Checklist::SIZE;
                      run.Run();
                      run.ExpectJoins(2, 2, 2);
                      test.Expect(run.clientTally.removedIds == std::set<uint8_t>{0}, "id 0");
                      test.ExpectEqual(run.clientTally.removals, 1U, "REMOVE_ADDR");
                  });
        suite.Add("remove the first subflow (id 0), the connection goes on" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6));
                      run.AddClient(1, "f");
                      Checklist::At(MilliSeconds(410),
                                    [&]
                                    {
                                        auto connection = run.GetClient();
                                        connection->EndSubflow(connection->GetSubflows()[0]);
                                    });
                      run.ExpectSubflows(MilliSeconds(900), 1, 1);
                      run.Run();
                      run.ExpectJoins(1, 1, 1);
                      test.ExpectEqual(run.clientTally.removals, 0U, "REMOVE_ADDR");
                      test.ExpectEqual(run.clientTally.resets, 0U, "it ends by FINs");
                  });
    }
}

/// Endpoints are added while data flows.
void
AddAdditions(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        suite.Add("add single subflow" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6));
                      run.ExpectSubflows(MilliSeconds(290), 1, 1);
                      Checklist::At(MilliSeconds(300), [&] { run.AddClient(1, "f"); });
                      run.ExpectSubflows(MilliSeconds(600), 2, 2);
                      run.Run();
                      run.ExpectJoins(1, 1, 1);
                  });
        suite.Add("add signal address" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {2, 2, 2, 0});
                      Checklist::At(MilliSeconds(300), [&] { run.AddServer(1, "s"); });
                      run.ExpectSubflows(MilliSeconds(600), 2, 2);
                      run.Run();
                      run.ExpectJoins(1, 1, 1);
                      test.ExpectEqual(run.serverTally.addAddrs, 1U, "ADD_ADDR");
                      test.ExpectEqual(run.clientTally.echoes, 1U, "echoes");
                  });
        suite.Add("add multiple subflows" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6));
                      Checklist::At(MilliSeconds(300),
                                    [&]
                                    {
                                        run.AddClient(1, "f");
                                        run.AddClient(2, "f");
                                    });
                      run.ExpectSubflows(MilliSeconds(600), 3, 3);
                      run.Run();
                      run.ExpectJoins(2, 2, 2);
                  });
        suite.Add("add multiple addresses" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {2, 2, 2, 0});
                      Checklist::At(MilliSeconds(300),
                                    [&]
                                    {
                                        run.AddServer(1, "s");
                                        run.AddServer(2, "s");
                                    });
                      run.ExpectSubflows(MilliSeconds(600), 3, 3);
                      run.Run();
                      run.ExpectJoins(2, 2, 2);
                      test.ExpectEqual(run.serverTally.addAddrs, 2U, "ADD_ADDR");
                  });
        suite.Add("delete and add again, subflow" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6));
                      run.AddClient(1, "f");
                      for (const uint32_t turn : {0U, 1U})
                      {
                          const Time from = MilliSeconds(400 + 600 * turn);
                          run.ExpectSubflows(from, 2, 2);
                          Checklist::At(from, [&] { run.clientEndpoints->Flush(); });
                          run.ExpectSubflows(from + MilliSeconds(200), 1, 1);
                          Checklist::At(from + MilliSeconds(300), [&] { run.AddClient(1, "f"); });
                      }
                      run.client.send = run.server.expect = 2 * Checklist::SIZE;
                      run.Run();
                      run.ExpectJoins(3, 3, 3);
                      test.ExpectEqual(run.clientTally.removals, 2U, "REMOVE_ADDR");
                  });
        suite.Add("delete and add again, signal" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {2, 1, 2, 0});
                      run.AddServer(1, "s");
                      run.ExpectSubflows(MilliSeconds(400), 2, 2);
                      Checklist::At(MilliSeconds(400), [&] { run.serverEndpoints->Flush(); });
                      run.ExpectSubflows(MilliSeconds(600), 1, 1);
                      Checklist::At(MilliSeconds(700), [&] { run.AddServer(1, "s"); });
                      run.ExpectSubflows(MilliSeconds(1100), 2, 2);
                      run.client.send = run.server.expect = 2 * Checklist::SIZE;
                      run.Run();
                      run.ExpectJoins(2, 2, 2);
                      test.ExpectEqual(run.serverTally.addAddrs, 2U, "ADD_ADDR");
                      test.ExpectEqual(run.serverTally.removals, 1U, "REMOVE_ADDR");
                  });
    }
}

/// Addresses that are advertised with a port. Those of IPv6 leave without timestamps.
void
AddPorts(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        for (const bool needsListener : {false, true})
        {
            suite.Add("signal address with port" + Family(ipv6) +
                          (needsListener ? ", joins need a listener" : ""),
                      [=](ScenarioTestCase& test)
                      {
                          Checklist run(test, Checklist::Net(ipv6), {2, 1, 2, 0});
                          run.server.attributes.push_back({"AddAddrDropsTimestamps", "true"});
                          run.server.attributes.push_back(
                              {"JoinNeedsListener", needsListener ? "true" : "false"});
                          run.AddServer(1, "s", OTHER_PORT);
                          run.ExpectSubflows(MilliSeconds(400), 2, 2);
                          run.Run();
                          run.ExpectJoins(1, 1, 1);
                          test.ExpectEqual(run.serverTally.addAddrPorts, 1U, "with a port");
                          test.ExpectEqual(run.clientTally.echoes, 1U, "echoes");
                          test.Expect(run.clientTally.joinPorts == std::set<uint16_t>{OTHER_PORT},
                                      "port of the join");
                      });
        }
        suite.Add("signal the first address with another port" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {2, 1, 2, 0});
                      run.server.attributes.push_back({"AddAddrDropsTimestamps", "true"});
                      run.AddServer(0, "s", OTHER_PORT);
                      run.ExpectSubflows(MilliSeconds(400), 2, 2);
                      run.Run();
                      run.ExpectJoins(1, 1, 1);
                  });
        suite.Add("subflow and signal with port" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {2, 1, 2, 0});
                      run.server.attributes.push_back({"AddAddrDropsTimestamps", "true"});
                      run.AddClient(1, "f");
                      run.AddServer(1, "s", OTHER_PORT);
                      run.ExpectSubflows(MilliSeconds(400), 3, 3);
                      run.Run();
                      run.ExpectJoins(2, 2, 2);
                      test.ExpectEqual(run.serverTally.addAddrPorts, 1U, "with a port");
                      test.Expect(run.clientTally.joinPorts ==
                                      std::set<uint16_t>({OTHER_PORT, Checklist::PORT}),
                                  "ports of the joins");
                  });
        suite.Add("remove single address with port" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {2, 1, 2, 0});
                      run.server.attributes.push_back({"AddAddrDropsTimestamps", "true"});
                      run.AddServer(1, "s", OTHER_PORT);
                      run.ExpectSubflows(MilliSeconds(400), 2, 2);
                      Checklist::At(MilliSeconds(410), [&] { run.serverEndpoints->Flush(); });
                      run.ExpectSubflows(MilliSeconds(600), 1, 1);
                      run.Run();
                      run.ExpectJoins(1, 1, 1);
                      test.ExpectEqual(run.serverTally.removals, 1U, "REMOVE_ADDR");
                  });
        suite.Add("flush subflows and signal with port" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {3, 1, 3, 0});
                      run.server.attributes.push_back({"AddAddrDropsTimestamps", "true"});
                      run.AddClient(1, "f");
                      run.AddClient(2, "f");
                      run.AddServer(1, "s", OTHER_PORT);
                      run.ExpectSubflows(MilliSeconds(400), 4, 4);
                      Checklist::At(MilliSeconds(410),
                                    [&]
                                    {
                                        run.clientEndpoints->Flush();
                                        run.serverEndpoints->Flush();
                                    });
                      run.ExpectSubflows(MilliSeconds(600), 1, 1);
                      run.client.send = run.server.expect = 2 * Checklist::SIZE;
                      run.Run();
                      run.ExpectJoins(3, 3, 3);
                      test.ExpectEqual(run.clientTally.removals, 1U, "by the client");
                      test.ExpectEqual(run.serverTally.removals, 1U, "by the server");
                  });
        for (const bool samePort : {true, false})
        {
            suite.Add(std::string("multiple addresses with ") + (samePort ? "port" : "ports") +
                          Family(ipv6),
                      [=](ScenarioTestCase& test)
                      {
                          Checklist run(test, Checklist::Net(ipv6), {2, 2, 2, 0});
                          run.server.attributes.push_back({"AddAddrDropsTimestamps", "true"});
                          run.AddServer(1, "s", OTHER_PORT);
                          run.AddServer(2, "s", samePort ? OTHER_PORT : OTHER_PORT + 1);
                          run.ExpectSubflows(MilliSeconds(400), 3, 3);
                          run.Run();
                          run.ExpectJoins(2, 2, 2);
                          test.ExpectEqual(run.serverTally.addAddrPorts, 2U, "with a port");
                          test.ExpectEqual(
                              run.clientTally.joinPorts.size(), samePort ? 1U : 2U, "ports");
                      });
        }
    }
}

/// Interfaces and addresses of the node come and go: subflows follow, with both path managers.
void
AddInterfaces(ScenarioTestSuite& suite)
{
    struct Manager
    {
        const char* name;
        const char* type;
        bool endpoints; // the client needs an endpoint
        bool follows;   // subflows end at once
    };

    const Manager managers[] = {
        {"full mesh", "ns3::MptcpFullMesh", false, true},
        {"endpoints", "ns3::MptcpEndpointPathManager", true, false},
        {"endpoints that follow addresses", "ns3::MptcpEndpointPathManager", true, true}};
    for (const auto& manager : managers)
    {
        for (const bool ipv6 : {false, true})
        {
            for (const bool removed : {false, true})
            {
                suite.Add(
                    std::string(removed ? "address goes and comes, " : "interface down, up, ") +
                        manager.name + Family(ipv6),
                    [=](ScenarioTestCase& test)
                    {
                        if (manager.endpoints)
                        {
                            Config::SetDefault("ns3::MptcpEndpointPathManager::FollowAddresses",
                                               BooleanValue(manager.follows));
                        }
                        auto net = Checklist::Net(ipv6);
                        net.serverAddresses = 1;
                        net.paths.resize(2);
                        Checklist run(test, net);
                        run.client.attributes = {{"PathManager", manager.type}};
                        if (manager.endpoints)
                        {
                            run.AddClient(1, "f");
                        }
                        run.client.send = run.server.expect = 2 * Checklist::SIZE;
                        run.ExpectSubflows(MilliSeconds(400), 2, 2);
                        Checklist::At(MilliSeconds(410),
                                      [&]
                                      {
                                          if (removed)
                                          {
                                              run.rig.RemoveAddress(1);
                                          }
                                          else
                                          {
                                              run.rig.SetInterface(1, false);
                                          }
                                      });
                        if (manager.follows)
                        {
                            // The server probes first what REMOVE_ADDR names.
                            run.ExpectSubflows(MilliSeconds(2400), 1, 1);
                        }
                        Checklist::At(MilliSeconds(2500),
                                      [&]
                                      {
                                          if (removed)
                                          {
                                              run.rig.RestoreAddress(1);
                                          }
                                          else
                                          {
                                              run.rig.SetInterface(1, true);
                                          }
                                      });
                        run.ExpectSubflows(MilliSeconds(4000), 2, 2);
                        run.Run();
                        const uint32_t joins = manager.follows ? 2 : 1;
                        run.ExpectJoins(joins, joins, joins);
                        test.ExpectEqual(
                            run.clientTally.removals, manager.follows ? 1U : 0U, "REMOVE_ADDR");
                    });
            }
        }
    }
}

} // namespace

void
AddChecklistAddresses(ScenarioTestSuite& suite)
{
    AddSignals(suite);
    AddTimeouts(suite);
    AddRemovals(suite);
    AddAdditions(suite);
    AddPorts(suite);
    AddInterfaces(suite);
}

} // namespace ns3
