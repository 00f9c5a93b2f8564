// SPDX-License-Identifier: GPL-2.0-only
// Path managers with limits, and endpoints that change while a connection lives: the groups of
// Linux's own join tests.
#include "checklist.h"
#include "socket-api-net.h"
#include "transfer-plan.h"

#include "ns3/config.h"
#include "ns3/uinteger.h"

namespace ns3
{

namespace
{

constexpr uint64_t SIZE = 4000000; // bytes, more than half a second on two paths

/// @param address where @param flags letters of s(ignal), f(rom: subflow), b(ackup), m(esh)
/// @return the endpoint
MptcpEndpoint
Make(const Address& address, const std::string& flags)
{
    MptcpEndpoint endpoint;
    endpoint.address = WithoutPort(address);
    endpoint.signal = flags.find('s') != std::string::npos;
    endpoint.subflow = flags.find('f') != std::string::npos;
    endpoint.backup = flags.find('b') != std::string::npos;
    endpoint.fullmesh = flags.find('m') != std::string::npos;
    return endpoint;
}

/// Limits and endpoints of both ends, and the joins that follow.
struct Row
{
    const char* name;                //!< a sentence
    uint32_t clientSubflows;         //!< limit
    uint32_t clientAccepted;         //!< limit
    uint32_t serverSubflows;         //!< limit
    std::vector<std::string> client; //!< flags by path
    std::vector<std::string> server; //!< flags by link
    uint32_t joins;                  //!< how many there are in the end
};

/// @return the plan of a connection whose ends have endpoints
TransferPlan
MakePlan()
{
    TransferPlan plan;
    plan.net = Paths(3);
    plan.net.serverAddresses = 3;
    plan.up = plan.down = SIZE / 2;
    plan.attributes = {{"PathManager", "ns3::MptcpEndpointPathManager"}};
    return plan;
}

/// Who joins whom.
void
AddRows(ScenarioTestSuite& suite)
{
    const Row rows[] = {
        {"no endpoints, no joins", 2, 2, 2, {}, {}, 0},
        {"one subflow endpoint", 2, 0, 2, {"", "f"}, {}, 1},
        {"several subflow endpoints", 2, 0, 2, {"", "f", "f"}, {}, 2},
        {"several subflow endpoints, limited by the client", 1, 0, 2, {"", "f", "f"}, {}, 1},
        {"several subflow endpoints, limited by the server", 2, 0, 1, {"", "f", "f"}, {}, 1},
        {"a subflow endpoint, no limit left", 0, 0, 2, {"", "f"}, {}, 0},
        {"a signal that nobody accepts", 2, 0, 2, {}, {"", "s"}, 0},
        {"a signal", 2, 1, 2, {}, {"", "s"}, 1},
        {"several signals", 2, 2, 2, {}, {"", "s", "s"}, 2},
        {"several signals, one accepted", 2, 1, 2, {}, {"", "s", "s"}, 1},
        {"a subflow endpoint and a signal", 2, 1, 2, {"", "f"}, {"", "s"}, 2},
        {"full mesh 1x1", 8, 8, 8, {"", "fm"}, {"", "s"}, 2},
        {"full mesh 2x1", 8, 8, 8, {"", "fm", "fm"}, {"", "s"}, 4},
        {"full mesh 1x2", 8, 8, 8, {"", "fm"}, {"", "s", "s"}, 3},
        {"full mesh, limited", 3, 8, 8, {"", "fm", "fm"}, {"", "s", "s"}, 3},
    };
    for (const auto& row : rows)
    {
        for (const bool ipv6 : {false, true})
        {
            suite.Add(std::string(row.name) + (ipv6 ? ", IPv6" : ""),
                      [=](ScenarioTestCase& test)
                      {
                          auto plan = MakePlan();
                          plan.net.ipv6 = ipv6;
                          plan.arrange = [=](TestRig& rig)
                          {
                              auto client = InstallEndpoints(
                                  rig.GetClient(), row.clientSubflows, row.clientAccepted);
                              auto server =
                                  InstallEndpoints(rig.GetServer(), row.serverSubflows, 0);
                              for (size_t i = 0; i < row.client.size(); i++)
                              {
                                  if (!row.client[i].empty())
                                  {
                                      client->Add(Make(rig.GetClientAddress(i, 0), row.client[i]));
                                  }
                              }
                              for (size_t i = 0; i < row.server.size(); i++)
                              {
                                  if (!row.server[i].empty())
                                  {
                                      server->Add(Make(rig.GetServerAddress(i, 0), row.server[i]));
                                  }
                              }
                          };
                          plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                          { test.ExpectEqual(wire.GetJoins(), row.joins, "joins"); };
                          RunTransfer(test, plan);
                      });
        }
    }
}

/// Endpoints change while data flows.
void
AddChanges(ScenarioTestSuite& suite)
{
    suite.Add("a subflow endpoint is added, removed, and added again during the connection",
              [](ScenarioTestCase& test)
              {
                  auto plan = MakePlan();
                  plan.up = 2 * SIZE;
                  plan.down = 0;
                  plan.arrange = [](TestRig& rig)
                  {
                      auto endpoints = InstallEndpoints(rig.GetClient(), 2, 0);
                      InstallEndpoints(rig.GetServer(), 2, 0);
                      const auto add = [&rig, endpoints]
                      { endpoints->Add(Make(rig.GetClientAddress(1, 0), "f")); };
                      Simulator::Schedule(MilliSeconds(300), add);
                      Simulator::Schedule(MilliSeconds(700), [endpoints] { endpoints->Flush(); });
                      Simulator::Schedule(MilliSeconds(1100), add);
                  };
                  plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                  {
                      test.ExpectEqual(wire.GetJoins(), 2U, "joins");
                      test.ExpectEqual(
                          wire.Count(wire::REMOVE_ADDR, WireChecker::CLIENT), 1U, "REMOVE_ADDR");
                  };
                  RunTransfer(test, plan);
              });
    suite.Add("a signal endpoint is added and removed during the connection",
              [](ScenarioTestCase& test)
              {
                  auto plan = MakePlan();
                  plan.up = SIZE;
                  plan.down = 0;
                  plan.arrange = [](TestRig& rig)
                  {
                      InstallEndpoints(rig.GetClient(), 2, 2);
                      auto endpoints = InstallEndpoints(rig.GetServer(), 2, 0);
                      Simulator::Schedule(MilliSeconds(300),
                                          [&rig, endpoints] {
                                              endpoints->Add(Make(rig.GetServerAddress(1, 0), "s"));
                                          });
                      Simulator::Schedule(MilliSeconds(800), [endpoints] { endpoints->Remove(1); });
                  };
                  plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                  {
                      test.ExpectEqual(wire.GetJoins(), 1U, "joins");
                      test.ExpectEqual(
                          wire.Count(wire::REMOVE_ADDR, WireChecker::SERVER), 1U, "REMOVE_ADDR");
                  };
                  RunTransfer(test, plan);
              });
    suite.Add("a backup endpoint carries data once it is none any more",
              [](ScenarioTestCase& test)
              {
                  auto plan = MakePlan();
                  plan.up = 2 * SIZE;
                  plan.down = 0;
                  auto before = std::make_shared<uint64_t>(0);
                  auto sent = std::make_shared<uint64_t>(0);
                  plan.arrange = [=](TestRig& rig)
                  {
                      auto endpoints = InstallEndpoints(rig.GetClient(), 2, 0);
                      InstallEndpoints(rig.GetServer(), 2, 0);
                      endpoints->Add(Make(rig.GetClientAddress(1, 0), "fb"));
                      rig.Path(1)->AddTap(FilterChannel::UP,
                                          [=](const WireSegment& segment)
                                          { *sent += segment.PayloadSize(); });
                      Simulator::Schedule(MilliSeconds(800),
                                          [=]
                                          {
                                              *before = *sent;
                                              endpoints->SetBackup(1, false);
                                          });
                  };
                  plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                  {
                      test.ExpectEqual(wire.GetJoins(), 1U, "joins");
                      test.ExpectEqual(*before, 0U, "bytes on the backup");
                      test.Expect(*sent > SIZE / 4, "bytes after the change");
                      test.Expect(wire.Count(wire::MP_PRIO, WireChecker::CLIENT) > 0, "MP_PRIO");
                  };
                  RunTransfer(test, plan);
              });
    suite.Add("one id never means two addresses, and the same address has one endpoint",
              [](ScenarioTestCase& test)
              {
                  auto endpoints = CreateObject<MptcpEndpoints>();
                  MptcpEndpoint first;
                  first.address = Ipv4Address("192.0.2.1");
                  MptcpEndpoint second;
                  second.address = Ipv4Address("192.0.2.2");
                  MptcpEndpoint port = first;
                  port.port = 8080;
                  test.ExpectEqual(uint32_t(endpoints->Add(first)), 1U, "first");
                  test.ExpectEqual(uint32_t(endpoints->Add(first)), 0U, "first again");
                  test.ExpectEqual(uint32_t(endpoints->Add(second)), 2U, "second");
                  test.ExpectEqual(uint32_t(endpoints->Add(port)), 3U, "first with a port");
                  test.Expect(endpoints->Remove(2) && !endpoints->Remove(2), "removed once");
                  test.ExpectEqual(uint32_t(endpoints->Add(second)), 2U, "the free number");
              });
}

/// Limits of the full mesh.
void
AddMeshLimits(ScenarioTestSuite& suite)
{
    suite.Add("what an accepted connection may have does not limit the one that connects",
              [](ScenarioTestCase& test)
              {
                  Config::SetDefault("ns3::MptcpFullMesh::MaxAccepted", UintegerValue(1));
                  Config::SetDefault("ns3::MptcpFullMesh::MaxOpened", UintegerValue(1));
                  SocketApiNet net(false, {{"PathManager", "ns3::MptcpFullMesh"}});
                  net.Connect();
                  net.server->OpenSubflow(net.At(0, false, 0), net.At(0, true, 0));
                  net.Run(MilliSeconds(300));
                  test.ExpectEqual(
                      net.client->GetConnection()->GetSubflows().size(), 2U, "subflows");
              });

    struct Limit
    {
        const char* name;
        const char* attribute;
        uint32_t value;
        uint32_t joins;
    };

    const Limit limits[] = {{"what the client opens", "MaxOpened", 3, 2},
                            {"what the server accepts", "MaxAccepted", 2, 1},
                            {"what an address has", "MaxPerAddress", 1, 2}};
    for (const auto& limit : limits)
    {
        suite.Add(std::string("full mesh of 3x3 with a limit on ") + limit.name,
                  [=](ScenarioTestCase& test)
                  {
                      Config::SetDefault(std::string("ns3::MptcpFullMesh::") + limit.attribute,
                                         UintegerValue(limit.value));
                      TransferPlan plan;
                      plan.net = Paths(3);
                      plan.net.serverAddresses = 3;
                      plan.up = plan.down = SIZE / 2;
                      plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                      { test.ExpectEqual(wire.GetJoins(), limit.joins, "joins"); };
                      RunTransfer(test, plan);
                  });
    }
}

/// The suite.
class MptcpEndpointTestSuite : public ScenarioTestSuite
{
  public:
    MptcpEndpointTestSuite()
        : ScenarioTestSuite("mptcp-endpoint")
    {
        AddRows(*this);
        AddChanges(*this);
        AddMeshLimits(*this);
    }
};

MptcpEndpointTestSuite g_mptcpEndpointTestSuite; //!< registers itself

} // namespace

} // namespace ns3
