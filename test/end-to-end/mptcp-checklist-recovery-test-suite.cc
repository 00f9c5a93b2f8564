// SPDX-License-Identifier: GPL-2.0-only
// The checklist of Linux's own MPTCP, part 3: links that fail, fast close, changed data, checksums,
// and control by the application. The names are those of the kernel's groups.
#include "checklist.h"
#include "wire-checker.h"

#include <cerrno>

namespace ns3
{

namespace
{

/// @param ipv6 family @return text for names
std::string
Family(bool ipv6)
{
    return ipv6 ? ", IPv6" : "";
}

/// Links fail for good while data flows.
void
AddLinkFailures(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        for (const bool both : {false, true})
        {
            suite.Add(std::string("multiple flows, signal, link failure") +
                          (both ? " on both sides" : "") + Family(ipv6),
                      [=](ScenarioTestCase& test)
                      {
                          // Five subflows: the first, two of the client's, two to an advertised
                          // address of the server; a path of the client and a link of the server
                          // fail.
                          Checklist run(test, Checklist::Net(ipv6), {4, 1, 4, 0});
                          run.AddClient(1, "fm");
                          run.AddClient(2, "f");
                          run.AddServer(1, "s");
                          run.client.send = run.server.expect = 2 * Checklist::SIZE;
                          run.server.send = run.client.expect = both ? Checklist::SIZE : 0;
                          run.ExpectSubflows(MilliSeconds(400), 5 - 1, 5 - 1);
                          Checklist::At(MilliSeconds(500),
                                        [&] { run.rig.Path(1)->SetSilent(true); });
                          if (both)
                          {
                              Checklist::At(MilliSeconds(700),
                                            [&] { run.rig.ServerLink(1)->SetSilent(true); });
                          }
                          run.Run(Seconds(3000));
                          run.ExpectJoins(3, 3, 3);
                          test.Expect(run.rig.accepted.at(0)->longestGap < Seconds(1.5),
                                      "the others go on");
                          test.Expect(run.rig.accepted[0]->eofAt < Seconds(12), "in time");
                      });
        }
        suite.Add("backup subflow unused, link failure" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {3, 1, 3, 0});
                      run.AddClient(1, "f");
                      run.AddClient(2, "fb");
                      uint64_t onBackup = 0;
                      Checklist::At(MilliSeconds(500), [&] { run.rig.Path(1)->SetSilent(true); });
                      // The first subflow is no backup and alive.
                      Checklist::At(MilliSeconds(2500), [&] { onBackup = run.GetBytes(2); });
                      run.client.send = run.server.expect = 2 * Checklist::SIZE;
                      run.Run(Seconds(3000));
                      run.ExpectJoins(2, 2, 2);
                      test.ExpectEqual(onBackup, 0U, "bytes on the backup");
                  });
        suite.Add("backup flow used, multiple links fail" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {3, 1, 3, 0});
                      run.AddClient(1, "f");
                      run.AddClient(2, "fb");
                      uint64_t before = 0;
                      Checklist::At(MilliSeconds(500),
                                    [&]
                                    {
                                        before = run.GetBytes(2);
                                        run.rig.Path(0)->SetSilent(true);
                                        run.rig.Path(1)->SetSilent(true);
                                    });
                      run.Run(Seconds(3000));
                      run.ExpectJoins(2, 2, 2);
                      test.ExpectEqual(before, 0U, "bytes on the backup before");
                      test.Expect(run.GetBytes(2) > Checklist::SIZE / 2, "bytes on the backup");
                      test.Expect(run.rig.accepted.at(0)->longestGap < Seconds(1.5), "soon");
                  });
        suite.Add("backup flow used, link failure on both sides" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {3, 1, 3, 0});
                      run.AddClient(1, "f");
                      run.AddClient(2, "fb");
                      run.server.send = run.client.expect = Checklist::SIZE;
                      for (const uint32_t path : {0U, 1U})
                      {
                          Checklist::At(MilliSeconds(500 + 200 * path),
                                        [&run, path] { run.rig.Path(path)->SetSilent(true); });
                      }
                      run.Run(Seconds(3000));
                      run.ExpectJoins(2, 2, 2);
                      test.Expect(run.GetBytes(2) > Checklist::SIZE / 4, "bytes on the backup");
                  });
        suite.Add("link lost and back" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6));
                      run.AddClient(1, "f");
                      run.client.send = run.server.expect = 3 * Checklist::SIZE;
                      uint64_t before = 0;
                      Checklist::At(MilliSeconds(500), [&] { run.rig.Path(1)->SetSilent(true); });
                      Checklist::At(MilliSeconds(1500),
                                    [&]
                                    {
                                        before = run.GetBytes(1);
                                        run.rig.Path(1)->SetSilent(false);
                                    });
                      run.Run();
                      run.ExpectJoins(1, 1, 1);
                      test.Expect(run.GetBytes(1) > before + Checklist::SIZE / 4,
                                  "the subflow carries data again");
                  });
    }
}

/// Either end aborts.
void
AddFastclose(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        for (const bool byClient : {true, false})
        {
            suite.Add(
                std::string("fast close by the ") + (byClient ? "client" : "server") + Family(ipv6),
                [=](ScenarioTestCase& test)
                {
                    Checklist run(test, Checklist::Net(ipv6));
                    run.AddClient(1, "f");
                    run.client.send = run.server.expect = 10 * Checklist::SIZE;
                    run.ExpectSubflows(MilliSeconds(400), 2, 2);
                    Checklist::At(MilliSeconds(500),
                                  [&]
                                  {
                                      const auto end = byClient ? run.GetClient() : run.GetServer();
                                      end->Abort();
                                  });
                    run.RunOnly();
                    const Tally& mine = byClient ? run.clientTally : run.serverTally;
                    const Tally& other = byClient ? run.serverTally : run.clientTally;
                    const auto& told = byClient ? *run.rig.accepted.at(0) : *run.rig.opened[0];
                    run.ExpectJoins(1, 1, 1);
                    test.ExpectEqual(mine.fastcloses, 2U, "MP_FASTCLOSE, one a subflow");
                    test.ExpectEqual(mine.resets, 2U, "they are RSTs");
                    test.ExpectEqual(other.fastcloses, 0U, "MP_FASTCLOSE of the other end");
                    test.ExpectEqual(told.error, ECONNRESET, "the other end's error");
                    test.ExpectEqual(run.rig.accepted.at(0)->GetWrongByte(), "", "bytes");
                    test.ExpectEqual(run.rig.GetLeftovers(), "", "left over");
                });
        }
    }
}

/// The network changes data; checksums tell.
void
AddFailures(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        suite.Add("infinite map: a changed byte on the only subflow" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6));
                      run.client.attributes.push_back({"Checksum", "true"});
                      run.rig.Path(0)->AddRule(FilterChannel::UP, CorruptEvery(HasPayload, 100));
                      run.RunOnly();
                      run.ExpectJoins(0, 0, 0);
                      test.ExpectEqual(run.serverTally.fails, 1U, "MP_FAIL of the server");
                      test.ExpectEqual(run.clientTally.fails, 1U, "MP_FAIL that answers");
                      test.Expect(run.clientTally.infiniteMappings > 0, "an infinite mapping");
                      test.ExpectEqual(
                          run.clientTally.resets + run.serverTally.resets, 0U, "resets");
                      test.ExpectEqual(
                          run.rig.accepted.at(0)->received, Checklist::SIZE, "bytes that arrive");
                      test.Expect(run.rig.accepted[0]->eof, "the end arrives");
                      test.ExpectEqual(run.rig.GetLeftovers(), "", "left over");
                  });
        suite.Add("MP_FAIL MP_RST: a changed byte on one of two subflows" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6));
                      run.client.attributes.push_back({"Checksum", "true"});
                      run.AddClient(1, "f");
                      run.rig.Path(1)->AddRule(FilterChannel::UP, CorruptEvery(HasPayload, 100));
                      run.ExpectSubflows(MilliSeconds(200), 2, 2);
                      run.Run();
                      run.ExpectJoins(1, 1, 1);
                      test.ExpectEqual(run.serverTally.fails, 1U, "MP_FAIL of the server");
                      test.ExpectEqual(run.serverTally.resets, 1U, "it is on a RST");
                      test.ExpectEqual(run.clientTally.infiniteMappings, 0U, "infinite mappings");
                  });
        for (const bool byClient : {false, true})
        {
            for (const bool byServer : {false, true})
            {
                suite.Add(
                    std::string("checksum test ") + (byClient ? "1 " : "0 ") +
                        (byServer ? "1" : "0") + Family(ipv6),
                    [=](ScenarioTestCase& test)
                    {
                        Checklist run(test, Checklist::Net(ipv6));
                        WireChecker wire(run.rig, Checklist::PORT);
                        run.client.attributes.push_back({"Checksum", byClient ? "true" : "false"});
                        run.server.attributes.push_back({"Checksum", byServer ? "true" : "false"});
                        run.AddClient(1, "f");
                        run.ExpectSubflows(MilliSeconds(400), 2, 2);
                        run.Run();
                        run.ExpectJoins(1, 1, 1);
                        test.ExpectEqual(wire.HasChecksums(), byClient || byServer, "negotiated");
                        test.ExpectEqual(wire.GetProblem(), "", "RFC 8684 on the wire");
                        test.ExpectEqual(
                            run.clientTally.fails + run.serverTally.fails, 0U, "MP_FAIL");
                    });
            }
        }
    }
}

/// The application is the path manager.
void
AddManual(ScenarioTestSuite& suite)
{
    const TestAttributes manual = {{"PathManager", "ns3::MptcpNoPathManager"}};
    for (const bool ipv6 : {false, true})
    {
        suite.Add("manual control prevents joins and ADD_ADDR by itself" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6), {8, 8, 8, 8});
                      run.client.attributes = run.server.attributes = manual;
                      run.AddClient(1, "fs");
                      run.AddServer(1, "s");
                      run.ExpectSubflows(MilliSeconds(400), 1, 1);
                      run.Run();
                      run.ExpectJoins(0, 0, 0);
                      test.ExpectEqual(
                          run.serverTally.addAddrs + run.clientTally.addAddrs, 0U, "ADD_ADDR");
                  });
        suite.Add("manual control: advertise, join, remove" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6));
                      run.client.attributes = run.server.attributes = manual;
                      const IpAddress address = TestRig::GetServerIp(1, ipv6);
                      Checklist::At(MilliSeconds(200),
                                    [&] { run.GetServer()->Advertise(address); });
                      run.ExpectSubflows(MilliSeconds(290), 1, 1);
                      Checklist::At(MilliSeconds(300),
                                    [&]
                                    {
                                        const auto client = run.GetClient();
                                        for (const auto& remote : client->GetRemoteAddresses())
                                        {
                                            if (remote.address == address)
                                            {
                                                client->OpenSubflow(TestRig::GetClientIp(1, ipv6),
                                                                    remote);
                                            }
                                        }
                                    });
                      run.ExpectSubflows(MilliSeconds(400), 2, 2);
                      Checklist::At(MilliSeconds(600), [&] { run.GetServer()->Withdraw(address); });
                      run.ExpectSubflows(MilliSeconds(800), 1, 1);
                      run.Run();
                      run.ExpectJoins(1, 1, 1);
                      test.ExpectEqual(run.serverTally.addAddrs, 1U, "ADD_ADDR");
                      test.ExpectEqual(run.clientTally.echoes, 1U, "echoes");
                      test.ExpectEqual(run.serverTally.removals, 1U, "REMOVE_ADDR");
                  });
        suite.Add("manual control: create and destroy subflows" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6));
                      run.client.attributes = run.server.attributes = manual;
                      uint8_t id = 0;
                      Checklist::At(MilliSeconds(300),
                                    [&]
                                    {
                                        TcpTuple tuple;
                                        tuple.localAddress = TestRig::GetClientIp(1, ipv6);
                                        tuple.remoteAddress = TestRig::GetServerIp(0, ipv6);
                                        test.ExpectEqual(run.GetClient()->OpenSubflow(
                                                             tuple, false, true, nullptr, id),
                                                         0,
                                                         "open");
                                    });
                      run.ExpectSubflows(MilliSeconds(400), 2, 2);
                      Checklist::At(MilliSeconds(500),
                                    [&]
                                    {
                                        test.ExpectEqual(run.GetBytes(1), 0U, "bytes on a backup");
                                        const auto client = run.GetClient();
                                        client->SetBackup(client->FindSubflow(id)->subflow, false);
                                    });
                      Checklist::At(MilliSeconds(900),
                                    [&]
                                    {
                                        test.Expect(run.GetBytes(1) > 0, "bytes on it then");
                                        run.GetClient()->CloseSubflow(
                                            id, MptcpConnection::SubflowEnding::BOTH);
                                    });
                      Checklist::At(
                          MilliSeconds(1400),
                          [&]
                          { test.ExpectEqual(run.GetClient()->GetSubflows().size(), 1U, "left"); });
                      run.Run();
                      run.ExpectJoins(1, 1, 1);
                      test.ExpectEqual(run.clientTally.backupSyns, 1U, "SYNs with B");
                      test.Expect(run.clientTally.prios > 0, "MP_PRIO");
                      test.ExpectEqual(run.clientTally.resets, 0U, "it is closed in order");
                  });
        suite.Add("manual control by the server: it joins, then resets" + Family(ipv6),
                  [=](ScenarioTestCase& test)
                  {
                      Checklist run(test, Checklist::Net(ipv6));
                      run.client.attributes = run.server.attributes = manual;
                      uint8_t id = 0;
                      Checklist::At(MilliSeconds(300),
                                    [&]
                                    {
                                        TcpTuple tuple;
                                        tuple.localAddress = TestRig::GetServerIp(1, ipv6);
                                        tuple.remoteAddress = TestRig::GetClientIp(1, ipv6);
                                        test.ExpectEqual(run.GetServer()->OpenSubflow(
                                                             tuple, false, false, nullptr, id),
                                                         0,
                                                         "open");
                                    });
                      run.ExpectSubflows(MilliSeconds(400), 2, 2);
                      Checklist::At(MilliSeconds(900),
                                    [&] {
                                        run.GetServer()->CloseSubflow(
                                            id, MptcpConnection::SubflowEnding::RESET);
                                    });
                      run.ExpectSubflows(MilliSeconds(1000), 1, 1);
                      run.Run();
                      test.ExpectEqual(run.serverTally.joinSyns, 1U, "joins of the server");
                      test.ExpectEqual(run.clientTally.joinSynAcks, 1U, "agreed to by the client");
                      test.ExpectEqual(run.serverTally.resets, 1U, "RST");
                  });
    }
}

} // namespace

void
AddChecklistRecovery(ScenarioTestSuite& suite)
{
    AddLinkFailures(suite);
    AddFastclose(suite);
    AddFailures(suite);
    AddManual(suite);
}

} // namespace ns3
