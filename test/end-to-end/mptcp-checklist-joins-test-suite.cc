// SPDX-License-Identifier: GPL-2.0-only
// The checklist of Linux's own MPTCP, part 1: who opens subflows (joins, limits, backups, full
// mesh, both families in one connection). The names are those of the kernel's groups.
#include "checklist.h"

namespace ns3
{

namespace
{

/// A case that needs no events: endpoints, limits and what follows.
struct Row
{
    const char* name;                //!< as the kernel's
    Limits limits;                   //!< of both ends
    std::vector<std::string> client; //!< flags by path
    std::vector<std::string> server; //!< flags by link
    uint32_t asked;                  //!< joins that the client asks for
    uint32_t agreed;                 //!< joins that the server agrees to
    uint32_t addAddrs;               //!< ADD_ADDR of the server, each echoed
    bool clientDenies{false};        //!< client sets flag C
    bool serverDenies{false};        //!< server sets flag C
};

/// Joins by endpoints and limits.
void
AddRows(ScenarioTestSuite& suite)
{
    const Row rows[] = {
        {"no join", {}, {}, {}, 0, 0, 0},
        {"single subflow, limited by client", {0, 0, 2, 0}, {"", "f"}, {}, 0, 0, 0},
        {"single subflow, limited by server", {2, 0, 0, 0}, {"", "f"}, {}, 1, 0, 0},
        {"single subflow", {}, {"", "f"}, {}, 1, 1, 0},
        {"multiple subflows", {}, {"", "f", "f"}, {}, 2, 2, 0},
        {"multiple subflows, limited by client", {1, 0, 2, 0}, {"", "f", "f"}, {}, 1, 1, 0},
        {"multiple subflows, limited by server", {2, 0, 1, 0}, {"", "f", "f"}, {}, 2, 1, 0},
        {"subflow from the address of the first one", {}, {"f"}, {}, 0, 0, 0},
        {"unused signal address", {2, 0, 2, 0}, {}, {"", "s"}, 0, 0, 1},
        {"signal address", {2, 1, 2, 0}, {}, {"", "s"}, 1, 1, 1},
        {"signal address that is in use", {2, 1, 2, 0}, {}, {"s"}, 0, 0, 0},
        {"subflow and signal", {2, 1, 2, 0}, {"", "f"}, {"", "s"}, 2, 2, 1},
        {"multiple subflows and signal", {3, 1, 3, 0}, {"", "f", "f"}, {"", "s"}, 3, 3, 1},
        {"signal addresses", {3, 2, 3, 0}, {}, {"", "s", "s"}, 2, 2, 2},
        {"signal addresses, one accepted", {3, 1, 3, 0}, {}, {"", "s", "s"}, 1, 1, 2},
        {"signal addresses, limited by server", {3, 2, 1, 0}, {}, {"", "s", "s"}, 2, 1, 2},
        {"full mesh 1x1", {4, 4, 4, 0}, {"", "fm"}, {"", "s"}, 2, 2, 1},
        {"full mesh 2x1", {4, 4, 4, 0}, {"", "fm", "fm"}, {"", "s"}, 4, 4, 1},
        {"full mesh 1x2", {4, 4, 4, 0}, {"", "fm"}, {"", "s", "s"}, 3, 3, 2},
        {"full mesh 1x2, limited", {2, 4, 4, 0}, {"", "fm"}, {"", "s", "s"}, 2, 2, 2},
        {"deny join, subflow", {}, {"", "f"}, {}, 0, 0, 0, false, true},
        {"deny join, signal address", {2, 1, 2, 0}, {}, {"", "s"}, 1, 1, 1, false, true},
        {"deny join, subflow and signal", {2, 1, 2, 0}, {"", "f"}, {"", "s"}, 1, 1, 1, false, true},
        {"deny join by the client, subflow", {}, {"", "f"}, {}, 1, 1, 0, true, false},
        {"deny join by both, signal address", {2, 1, 2, 0}, {}, {"", "s"}, 1, 1, 1, true, true},
    };
    for (const auto& row : rows)
    {
        for (const bool ipv6 : {false, true})
        {
            suite.Add(
                std::string(row.name) + (ipv6 ? ", IPv6" : ""),
                [=](ScenarioTestCase& test)
                {
                    Checklist run(test, Checklist::Net(ipv6), row.limits);
                    for (uint32_t i = 0; i < row.client.size(); i++)
                    {
                        if (!row.client[i].empty())
                        {
                            run.AddClient(i, row.client[i]);
                        }
                    }
                    for (uint32_t i = 0; i < row.server.size(); i++)
                    {
                        if (!row.server[i].empty())
                        {
                            run.AddServer(i, row.server[i]);
                        }
                    }
                    const auto deny = [](TestAttributes& attributes, bool on) {
                        attributes.push_back({"DenyJoinInitialAddress", on ? "true" : "false"});
                    };
                    deny(run.client.attributes, row.clientDenies);
                    deny(run.server.attributes, row.serverDenies);
                    run.ExpectSubflows(MilliSeconds(400), 1 + row.agreed, 1 + row.agreed);
                    run.Run();
                    run.ExpectJoins(row.asked, row.agreed, row.agreed);
                    test.ExpectEqual(run.serverTally.addAddrs, row.addAddrs, "ADD_ADDR");
                    test.ExpectEqual(run.clientTally.echoes, row.addAddrs, "echoes");
                    test.ExpectEqual(run.serverTally.resets, row.asked - row.agreed, "refusals");
                    test.ExpectEqual(run.clientTally.resets, 0U, "resets");
                    const bool refused = row.asked > row.agreed;
                    test.Expect(run.serverTally.reasons ==
                                    (refused ? std::set<uint8_t>{3} : std::set<uint8_t>{}),
                                "reason: administratively prohibited");
                });
        }
    }
}

/// One of several subflows comes to nothing.
void
AddFailing(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        const std::string family = ipv6 ? ", IPv6" : "";
        suite.Add("multiple subflows, with failing subflow" + family,
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6));
                      run.AddClient(1, "f");
                      run.AddClient(2, "f");
                      run.rig.Path(1)->AddRule(FilterChannel::UP, DropNth(IsSyn, 1, 1000));
                      run.ExpectSubflows(MilliSeconds(400), 2, 2);
                      run.Run();
                      run.ExpectJoins(2, 1, 1);
                      test.ExpectEqual(run.GetBytes(1), 0U, "bytes on the failing one");
                      test.Expect(run.GetBytes(2) > Checklist::SIZE / 4, "bytes on the other one");
                  });
        suite.Add("multiple subflows, with subflow timeout" + family,
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6));
                      run.client.attributes.push_back({"DataRetries", "2"});
                      run.AddClient(1, "f");
                      run.AddClient(2, "f");
                      Checklist::At(MilliSeconds(400), [&] { run.rig.Path(1)->SetSilent(true); });
                      run.client.send = run.server.expect = 3 * Checklist::SIZE;
                      run.ExpectSubflows(MilliSeconds(390), 3, 3);
                      Checklist::At(Seconds(4),
                                    [&] {
                                        test.ExpectEqual(run.GetClient()->GetSubflows().size(),
                                                         2U,
                                                         "subflows after the time-out");
                                    });
                      run.Run(Seconds(3000));
                      run.ExpectJoins(2, 2, 2);
                  });
        suite.Add("multiple subflows, one with a wrong key" + family,
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6));
                      run.AddClient(1, "f");
                      run.AddClient(2, "f");
                      run.rig.Path(1)->AddRule(FilterChannel::UP,
                                               [](WireSegment& segment, WireFate& fate)
                                               {
                                                   const auto* join =
                                                       segment.FindMptcp(wire::MP_JOIN);
                                                   if (join && !segment.syn)
                                                   {
                                                       segment.frame[join->at + 9] ^= 1;
                                                       fate.modified = true;
                                                   }
                                               });
                      run.ExpectSubflows(MilliSeconds(400), 2, 2);
                      run.Run();
                      run.ExpectJoins(2, 2, 2);
                      test.ExpectEqual(run.serverTally.resets, 1U, "RST of the server");
                      test.Expect(run.serverTally.reasons == std::set<uint8_t>{1}, "its reason");
                      test.ExpectEqual(run.GetBytes(1), 0U, "bytes there");
                  });
    }
}

/// Backups: by flag B of either end's handshake, by MP_PRIO, from the start or later.
void
AddBackups(ScenarioTestSuite& suite)
{
    struct Case
    {
        const char* name;
        std::vector<std::string> client;
        std::vector<std::string> server;
        uint16_t port;
        uint32_t backup;        // path that carries nothing
        uint32_t backupSyns;    // with flag B
        uint32_t backupSynAcks; // with flag B
        uint32_t clientPrios;
        uint32_t serverPrios;
        uint32_t joins;
    };

    const Case cases[] = {
        {"single subflow, backup by the SYN", {"", "fb"}, {}, 0, 1, 1, 0, 0, 0, 1},
        {"single subflow, backup by the SYN-ACK", {"", "f"}, {"b"}, 0, 1, 0, 1, 0, 1, 1},
        {"first subflow backup (MP_PRIO)", {"b", "f"}, {}, 0, 0, 0, 0, 1, 0, 1},
        {"first subflow backup by both ends", {"b", "f"}, {"b"}, 0, 0, 0, 1, 1, 1, 1},
    };
    for (const auto& entry : cases)
    {
        for (const bool ipv6 : {false, true})
        {
            suite.Add(
                std::string(entry.name) + (ipv6 ? ", IPv6" : ""),
                [=](ScenarioTestCase& test)
                {
                    Checklist run(test, Checklist::Net(ipv6));
                    for (uint32_t i = 0; i < entry.client.size(); i++)
                    {
                        if (!entry.client[i].empty())
                        {
                            run.AddClient(i, entry.client[i]);
                        }
                    }
                    if (!entry.server.empty())
                    {
                        run.AddServer(0, entry.server[0], entry.port);
                    }
                    run.ExpectSubflows(MilliSeconds(400), 2, 2);
                    uint64_t early = 0;
                    Checklist::At(MilliSeconds(400), [&] { early = run.GetBytes(entry.backup); });
                    uint64_t late = 0;
                    Checklist::At(MilliSeconds(1400), [&] { late = run.GetBytes(entry.backup); });
                    run.Run();
                    run.ExpectJoins(entry.joins, entry.joins, entry.joins);
                    const bool both = entry.backupSynAcks > 0 && entry.server.size() > 0;
                    if (!both)
                    {
                        test.ExpectEqual(late, early, "bytes on the backup");
                    }
                    test.ExpectEqual(run.clientTally.backupSyns, entry.backupSyns, "SYNs with B");
                    test.ExpectEqual(
                        run.serverTally.backupSynAcks, entry.backupSynAcks, "SYN-ACKs with B");
                    test.ExpectEqual(
                        run.clientTally.prios, entry.clientPrios, "MP_PRIO of the client");
                    test.ExpectEqual(
                        run.serverTally.prios, entry.serverPrios, "MP_PRIO of the server");
                });
        }
    }
    for (const bool ipv6 : {false, true})
    {
        const std::string family = ipv6 ? ", IPv6" : "";
        suite.Add("single address, backup by the SYN-ACK of an advertised address" + family,
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {2, 1, 2, 0});
                      run.AddServer(1, "sb");
                      uint64_t onBackup = 0;
                      run.rig.ServerLink(1)->AddTap(FilterChannel::DOWN,
                                                    [&](const WireSegment& segment)
                                                    { onBackup += segment.PayloadSize(); });
                      run.ExpectSubflows(MilliSeconds(400), 2, 2);
                      run.Run();
                      run.ExpectJoins(1, 1, 1);
                      test.ExpectEqual(run.serverTally.backupSynAcks, 1U, "SYN-ACKs with B");
                      test.ExpectEqual(onBackup, 0U, "bytes on the backup");
                  });
        suite.Add("single address with port, backup" + family,
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {2, 1, 2, 0});
                      run.server.attributes.push_back({"AddAddrDropsTimestamps", "true"});
                      run.AddServer(1, "sb", 10100);
                      run.ExpectSubflows(MilliSeconds(400), 2, 2);
                      run.Run();
                      run.ExpectJoins(1, 1, 1);
                      test.ExpectEqual(run.serverTally.addAddrPorts, 1U, "ADD_ADDR with a port");
                      test.ExpectEqual(run.serverTally.backupSynAcks, 1U, "SYN-ACKs with B");
                      test.Expect(run.clientTally.joinPorts == std::set<uint16_t>{10100}, "port");
                  });
        for (const bool both : {false, true})
        {
            suite.Add(std::string("switch to backup during the connection") +
                          (both ? ", by both ends" : "") + family,
                      [=](ScenarioTestCase& test)
                      {
                          Checklist run(test, Checklist::Net(ipv6));
                          const uint8_t first = run.AddClient(0, "");
                          run.AddClient(1, "f");
                          Checklist::At(MilliSeconds(400),
                                        [&] { run.clientEndpoints->SetBackup(first, true); });
                          if (both)
                          {
                              Checklist::At(MilliSeconds(405),
                                            [&]
                                            {
                                                auto server = run.GetServer();
                                                server->SetBackup(server->GetSubflows()[0], true);
                                            });
                          }
                          uint64_t then = 0;
                          uint64_t later = 0;
                          Checklist::At(MilliSeconds(600), [&] { then = run.GetBytes(0); });
                          Checklist::At(MilliSeconds(1400), [&] { later = run.GetBytes(0); });
                          run.Run();
                          run.ExpectJoins(1, 1, 1);
                          test.Expect(then > 0, "it was used before");
                          test.ExpectEqual(later, then, "bytes on the new backup");
                          test.ExpectEqual(run.clientTally.prios, 1U, "MP_PRIO of the client");
                          test.ExpectEqual(
                              run.serverTally.prios, both ? 1U : 0U, "MP_PRIO of the server");
                      });
        }
    }
}

/// Flags of an endpoint that change while a connection lives.
void
AddFlags(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        const std::string family = ipv6 ? ", IPv6" : "";
        suite.Add("set fullmesh flag" + family,
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {4, 4, 4, 0});
                      const uint8_t id = run.AddClient(1, "f");
                      run.AddServer(1, "s");
                      run.ExpectSubflows(MilliSeconds(400), 3, 3);
                      Checklist::At(MilliSeconds(410),
                                    [&] { run.clientEndpoints->SetFullmesh(id, true); });
                      run.ExpectSubflows(MilliSeconds(600), 4, 4);
                      run.Run();
                      run.ExpectJoins(3, 3, 3);
                  });
        suite.Add("set nofullmesh flag" + family,
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {4, 4, 4, 0});
                      const uint8_t id = run.AddClient(1, "fm");
                      run.AddServer(1, "s");
                      run.ExpectSubflows(MilliSeconds(400), 3, 3);
                      Checklist::At(MilliSeconds(410),
                                    [&] { run.clientEndpoints->SetFullmesh(id, false); });
                      Checklist::At(MilliSeconds(900),
                                    [&] {
                                        test.ExpectEqual(run.GetClient()->GetSubflows().size(),
                                                         2U,
                                                         "subflows that are left");
                                    });
                      run.Run();
                      run.ExpectJoins(2, 2, 2);
                      test.ExpectEqual(run.clientTally.resets, 0U, "it is closed in order");
                  });
        suite.Add("set backup,fullmesh flag" + family,
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {4, 4, 4, 0});
                      const uint8_t id = run.AddClient(1, "f");
                      run.AddServer(1, "s");
                      Checklist::At(MilliSeconds(400),
                                    [&]
                                    {
                                        run.clientEndpoints->SetBackup(id, true);
                                        run.clientEndpoints->SetFullmesh(id, true);
                                    });
                      run.ExpectSubflows(MilliSeconds(600), 4, 4);
                      uint64_t then = 0;
                      Checklist::At(MilliSeconds(700), [&] { then = run.GetBytes(1); });
                      Checklist::At(MilliSeconds(1200),
                                    [&]
                                    { test.ExpectEqual(run.GetBytes(1), then, "on the backups"); });
                      run.Run();
                      run.ExpectJoins(3, 3, 3);
                      test.ExpectEqual(run.clientTally.prios, 1U, "MP_PRIO");
                      test.ExpectEqual(run.clientTally.backupSyns, 1U, "SYNs with B");
                  });
        suite.Add("set nobackup,nofullmesh flag" + family,
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {4, 4, 4, 0});
                      const uint8_t id = run.AddClient(1, "fmb");
                      run.AddServer(1, "s");
                      uint64_t then = 0;
                      Checklist::At(MilliSeconds(400),
                                    [&]
                                    {
                                        then = run.GetBytes(1);
                                        run.clientEndpoints->SetBackup(id, false);
                                        run.clientEndpoints->SetFullmesh(id, false);
                                    });
                      run.Run();
                      run.ExpectJoins(2, 2, 2);
                      test.ExpectEqual(then, 0U, "bytes on the backups");
                      test.Expect(run.GetBytes(1) > Checklist::SIZE / 8, "bytes afterwards");
                      test.ExpectEqual(run.clientTally.backupSyns, 2U, "SYNs with B");
                      test.ExpectEqual(run.clientTally.prios, 2U, "MP_PRIO, one a subflow");
                  });
    }
}

/// IPv4 and IPv6 in one connection.
void
AddMixed(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        const std::string first = ipv6 ? "IPv6" : "IPv4";
        const std::string second = ipv6 ? "IPv4" : "IPv6";
        auto net = Checklist::Net(ipv6);
        net.bothFamilies = true;
        suite.Add("no join between families: " + second + " endpoint, " + first + " connection",
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, net, {4, 4, 4, 0});
                      run.AddClientOther(1, "f");
                      run.ExpectSubflows(MilliSeconds(400), 1, 1);
                      run.Run();
                      run.ExpectJoins(0, 0, 0);
                  });
        suite.Add("simultaneous " + first + " and " + second + " subflows",
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, net, {4, 4, 4, 0});
                      run.AddClient(1, "f");
                      run.AddServerOther(0, "s");
                      run.ExpectSubflows(MilliSeconds(400), 3, 3);
                      bool others = false;
                      Checklist::At(MilliSeconds(400),
                                    [&]
                                    {
                                        for (const auto& subflow : run.GetClient()->GetSubflows())
                                        {
                                            others |=
                                                IsIpv6(subflow->GetTuple().localAddress) != ipv6;
                                        }
                                    });
                      run.Run();
                      run.ExpectJoins(2, 2, 2);
                      test.Expect(others, "a subflow of the other family");
                      test.ExpectEqual(run.clientTally.echoes, 1U, "echoes");
                  });
        suite.Add("simultaneous " + first + " and " + second + " subflows, full mesh 1x1",
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, net, {4, 4, 4, 0});
                      run.AddClient(1, "fm");
                      run.AddClientOther(1, "fm");
                      run.AddServerOther(0, "s");
                      run.ExpectSubflows(MilliSeconds(400), 3, 3);
                      run.Run();
                      run.ExpectJoins(2, 2, 2);
                  });
        suite.Add("simultaneous " + first + " and " + second + " subflows, full mesh 2x2",
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, net, {8, 8, 8, 0});
                      for (const uint32_t path : {0U, 1U})
                      {
                          run.AddClient(path, "fm");
                          run.AddClientOther(path, "fm");
                      }
                      run.AddServer(1, "s");
                      run.AddServerOther(0, "s");
                      run.AddServerOther(1, "s");
                      run.client.attributes.push_back({"MaxSubflows", "16"});
                      run.server.attributes.push_back({"MaxSubflows", "16"});
                      // 2x2 of each family
                      run.ExpectSubflows(MilliSeconds(600), 8, 8);
                      run.Run();
                      run.ExpectJoins(7, 7, 7);
                      test.ExpectEqual(run.serverTally.addAddrs, 3U, "ADD_ADDR");
                  });
    }
}

/// The suite.
class MptcpChecklistTestSuite : public ScenarioTestSuite
{
  public:
    MptcpChecklistTestSuite()
        : ScenarioTestSuite("mptcp-checklist")
    {
        AddChecklistJoins(*this);
        AddChecklistAddresses(*this);
        AddChecklistRecovery(*this);
    }
};

MptcpChecklistTestSuite g_mptcpChecklistTestSuite; //!< registers itself

} // namespace

void
AddChecklistJoins(ScenarioTestSuite& suite)
{
    AddRows(suite);
    AddFailing(suite);
    AddBackups(suite);
    AddFlags(suite);
    AddMixed(suite);
}

} // namespace ns3
