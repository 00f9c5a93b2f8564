// SPDX-License-Identifier: GPL-2.0-only
// draft-hesmans-mptcp-socket-03, sections 3.1 and 3.4: what there is.
#include "socket-api-net.h"
#include "test-rig.h"

#include <cerrno>

namespace ns3
{

namespace
{

/// Section 3.1.
void
AddSubflowList(ScenarioTestSuite& suite)
{
    suite.Add("3.1: the list has count and status of each subflow, 2 + 2N bytes, at both ends",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  for (const auto& end : {net.client, net.server})
                  {
                      const auto ids = GetIds(end);
                      test.ExpectEqual(ids.size(), 4U, "bytes");
                      test.Expect(ids[0] == 1 && ids[2] == 1 && ids[3] == 0b0110,
                                  "count, id, fully_established and attached");
                  }
                  test.ExpectEqual(
                      net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0)), 2, "id");
                  const auto opening = GetIds(net.client);
                  test.Expect(opening.size() == 6 && opening[2] == 2 && opening[3] == 0b0100,
                              "listed at once, not established");
                  net.Run(MilliSeconds(200));
                  for (const auto& end : {net.client, net.server})
                  {
                      const auto both = GetIds(end);
                      test.Expect(both.size() == 6 && both[0] == 2 && both[2] == 2 &&
                                      both[3] == 0b0110 && both[4] == 1,
                                  "two, the newest first");
                  }
              });
    suite.Add(
        "3.1: low_prio is set on a backup, in bits 0 and 3",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            net.Connect();
            test.ExpectEqual(
                Open(net.client, MakeOpen(net.At(0, true, 0), net.At(0, false, 0), MakeHead(0, 1)))
                    .result,
                0,
                "open with prio 1");
            net.Run(MilliSeconds(200));
            test.ExpectEqual(int(GetIds(net.client).at(3)), 0b1111, "status at the client");
            test.ExpectEqual(int(GetIds(net.server).at(3)), 0b1111, "status at the server");
            test.ExpectEqual(net.client->SetSubflowPriority(2, false), 0, "MP_PRIO");
            net.Run(MilliSeconds(100));
            test.ExpectEqual(int(GetIds(net.client).at(3)), 0b0110, "no backup any more");
            test.ExpectEqual(int(GetIds(net.server).at(3)), 0b0110, "at the server too");
        });
    suite.Add("3.1: the list is empty once the last subflow was terminated",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  test.ExpectEqual(net.client->CloseSubflow(1, MPTCP_SHUT_RST), 0, "reset it");
                  net.Run(MilliSeconds(100));
                  for (const auto& end : {net.client, net.server})
                  {
                      const auto ids = GetIds(end);
                      test.Expect(ids == std::vector<uint8_t>({0, 0}), "empty list");
                  }
                  test.ExpectEqual(net.client->OpenSubflow(net.At(1, true, 0), net.At(1, false, 0)),
                                   2,
                                   "another one can be opened");
                  SocketApiNet::Send(net.client, 5000);
                  net.Run(Seconds(1));
                  test.ExpectEqual(net.received[net.server], 5000U, "data flow again");
              });
    suite.Add("3.1: EINVAL if the buffer is too small, and clients that double it succeed",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  uint8_t bytes[16];
                  unsigned int length = 1;
                  for (; length < 6; length++)
                  {
                      unsigned int given = length;
                      const Call call = GetOption(net.client, MPTCP_GET_SUB_IDS, bytes, &given);
                      test.ExpectEqual(call.error, EINVAL, "errno");
                  }
                  test.ExpectEqual(GetOption(net.client, MPTCP_GET_SUB_IDS, bytes, &length).result,
                                   0,
                                   "6 bytes");
              });
    suite.Add(
        "3: wrong direction ENOPROTOOPT, null EFAULT, unconnected EOPNOTSUPP",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            uint8_t bytes[100] = {};
            unsigned int length = sizeof(bytes);
            for (int name : {MPTCP_GET_SUB_IDS,
                             MPTCP_GET_SUB_TUPLE,
                             MPTCP_KERNEL_GET_SUB_TUPLE,
                             MPTCP_SUB_GETSOCKOPT,
                             0,
                             1000,
                             -1})
            {
                const Call call = SetOption(net.client, name, nullptr, 100);
                test.ExpectEqual(call.error, ENOPROTOOPT, "set " + std::to_string(name));
            }
            const Call wrong = GetOption(net.client, MPTCP_SUB_SETSOCKOPT, bytes, &length);
            test.ExpectEqual(wrong.error, ENOPROTOOPT, "get of SUB_SETSOCKOPT");
            test.ExpectEqual(net.client->GetSockOpt(IPPROTO_IP, MPTCP_GET_SUB_IDS, bytes, &length),
                             -1,
                             "another level");
            test.ExpectEqual(net.client->GetOptErrno(), ENOPROTOOPT, "its errno");
            for (int name : {MPTCP_GET_SUB_IDS,
                             MPTCP_GET_SUB_TUPLE,
                             MPTCP_KERNEL_GET_SUB_TUPLE,
                             MPTCP_OPEN_SUB_TUPLE,
                             MPTCP_KERNEL_OPEN_SUB_TUPLE,
                             MPTCP_CLOSE_SUB_ID})
            {
                const std::string text = "option " + std::to_string(name);
                length = 100;
                test.ExpectEqual(GetOption(net.client, name, nullptr, &length).error, EFAULT, text);
                test.ExpectEqual(GetOption(net.client, name, bytes, nullptr).error, EFAULT, text);
                test.ExpectEqual(
                    GetOption(net.client, name, bytes, &length).error, EOPNOTSUPP, text);
                test.ExpectEqual(
                    GetOption(net.listener, name, bytes, &length).error, EOPNOTSUPP, text);
            }
        });
}

/// Section 3.4.
void
AddTuples(ScenarioTestSuite& suite)
{
    for (bool ipv6 : {false, true})
    {
        suite.Add(std::string("3.4: addresses and ports, local first, in both layouts, ") +
                      (ipv6 ? "IPv6" : "IPv4"),
                  [ipv6](ScenarioTestCase& test)
                  {
                      SocketApiNet net(ipv6);
                      net.Connect();
                      net.client->OpenSubflow(net.At(0, true, 2222), net.At(0, false, 3333));
                      const size_t names = ipv6 ? 56 : 32;
                      for (int name : {MPTCP_GET_SUB_TUPLE, MPTCP_KERNEL_GET_SUB_TUPLE})
                      {
                          const size_t at = name == MPTCP_GET_SUB_TUPLE ? 16 : 1;
                          for (size_t size : {at + names, size_t{100}})
                          {
                              std::vector<uint8_t> bytes(size);
                              bytes[0] = 2;
                              unsigned int length = size;
                              const Call call = GetOption(net.client, name, bytes.data(), &length);
                              test.ExpectEqual(call.result, 0, "get");
                              test.ExpectEqual(length, at + names, "bytes");
                              bytes.resize(length);
                              const auto expected =
                                  MakeOpen(net.At(0, true, 2222), net.At(0, false, 3333), {});
                              test.Expect(
                                  std::equal(expected.begin(), expected.end(), bytes.begin() + at),
                                  "both addresses");
                          }
                          std::vector<uint8_t> bytes(at + names - 1);
                          bytes[0] = 2;
                          unsigned int length = bytes.size();
                          test.ExpectEqual(GetOption(net.client, name, bytes.data(), &length).error,
                                           EINVAL,
                                           "a byte too few");
                          bytes.resize(100);
                          bytes[0] = 9;
                          length = 100;
                          test.ExpectEqual(GetOption(net.client, name, bytes.data(), &length).error,
                                           EINVAL,
                                           "unknown id");
                          length = 0;
                          test.ExpectEqual(GetOption(net.client, name, bytes.data(), &length).error,
                                           EINVAL,
                                           "no id");
                      }
                  });
    }
}

/// The suite.
class MptcpSubflowListTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSubflowListTestSuite()
        : ScenarioTestSuite("mptcp-subflow-list")
    {
        AddSubflowList(*this);
        AddTuples(*this);
    }
} g_mptcpSubflowListTestSuite; //!< registers itself

} // namespace

} // namespace ns3
