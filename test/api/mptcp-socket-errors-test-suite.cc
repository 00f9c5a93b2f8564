// SPDX-License-Identifier: GPL-2.0-only
// Which error comes first, and EOPNOTSUPP of each option once a connection has fallen back
// (draft-hesmans-mptcp-socket-03, section 3).
#include "socket-api-net.h"
#include "test-rig.h"

#include <cerrno>
#include <cstring>
#include <netinet/ip.h>

namespace ns3
{

namespace
{

/// An option and a valid value for it.
struct Option
{
    int level{IPPROTO_TCP};     //!< its level
    int name{0};                //!< its name
    std::vector<uint8_t> value; //!< bytes
};

/// @tparam T a plain structure @param value it @return its bytes
template <typename T>
std::vector<uint8_t>
ToBytes(const T& value)
{
    std::vector<uint8_t> bytes(sizeof(T));
    std::memcpy(bytes.data(), &value, sizeof(T));
    return bytes;
}

int g_number = 12;                      //!< of requests for one subflow
unsigned int g_size = sizeof(g_number); //!< of it

/// @param net whose addresses @return what can be read, with values that are valid
std::vector<Option>
GetReadable(const SocketApiNet& net)
{
    mptcp_sub_getsockopt inner{};
    inner.id = 1;
    inner.level = IPPROTO_IP;
    inner.optname = IP_TOS;
    inner.optval = reinterpret_cast<char*>(&g_number);
    inner.optlen = &g_size;
    std::vector<uint8_t> id(100);
    id[0] = 1;
    mptcp_linux_subflow_data head{};
    head.size_subflow_data = sizeof(head);
    head.size_user = 256;
    auto arrays = ToBytes(head);
    arrays.resize(2000);
    return {{IPPROTO_TCP, MPTCP_GET_SUB_IDS, std::vector<uint8_t>(600)},
            {IPPROTO_TCP, MPTCP_CLOSE_SUB_ID, {1}},
            {IPPROTO_TCP, MPTCP_KERNEL_GET_SUB_TUPLE, id},
            {IPPROTO_TCP, MPTCP_GET_SUB_TUPLE, id},
            {IPPROTO_TCP,
             MPTCP_KERNEL_OPEN_SUB_TUPLE,
             MakeOpen(net.At(0, true, 0), net.At(0, false, 0), {0})},
            {IPPROTO_TCP,
             MPTCP_OPEN_SUB_TUPLE,
             MakeOpen(net.At(0, true, 0), net.At(0, false, 0), MakeHead())},
            {IPPROTO_TCP, MPTCP_SUB_GETSOCKOPT, ToBytes(inner)},
            {IPPROTO_TCP, TCP_MULTIPATH_SUBFLOWS, std::vector<uint8_t>(2000)},
            {IPPROTO_TCP, TCP_MULTIPATH_CONNID, std::vector<uint8_t>(4)},
            {MPTCP_SOL_MPTCP, MPTCP_LINUX_INFO, std::vector<uint8_t>(96)},
            {MPTCP_SOL_MPTCP, MPTCP_LINUX_TCPINFO, arrays},
            {MPTCP_SOL_MPTCP, MPTCP_LINUX_SUBFLOW_ADDRS, arrays},
            {MPTCP_SOL_MPTCP, MPTCP_LINUX_FULL_INFO, std::vector<uint8_t>(136)}};
}

/// @param net whose addresses @return what can be set, with values that are valid
std::vector<Option>
GetSettable(const SocketApiNet& net)
{
    mptcp_sub_setsockopt inner{};
    inner.id = 1;
    inner.level = IPPROTO_IP;
    inner.optname = IP_TOS;
    inner.optval = reinterpret_cast<char*>(&g_number);
    inner.optlen = sizeof(g_number);
    const auto name = MakeOpen(net.At(0, true, 0), net.At(0, false, 0), {});
    const std::vector<uint8_t> address(name.begin(), name.begin() + 16);
    return {{IPPROTO_TCP, MPTCP_CLOSE_SUB_ID, ToBytes(mptcp_close_sub_id{1, SHUT_WR})},
            {IPPROTO_TCP,
             MPTCP_KERNEL_OPEN_SUB_TUPLE,
             MakeOpen(net.At(0, true, 0), net.At(0, false, 0), {0, 0})},
            {IPPROTO_TCP,
             MPTCP_OPEN_SUB_TUPLE,
             MakeOpen(net.At(0, true, 0), net.At(0, false, 0), MakeHead())},
            {IPPROTO_TCP, MPTCP_SUB_SETSOCKOPT, ToBytes(inner)},
            {IPPROTO_TCP, MPTCP_SET_SUB_PRIO, ToBytes(mptcp_sub_prio{1, 0})},
            {IPPROTO_TCP, TCP_MULTIPATH_ADD, address},
            {IPPROTO_TCP, TCP_MULTIPATH_REMOVE, address}};
}

/// @param socket whose @param option to read @return errno
int
Read(Ptr<MptcpSocket> socket, Option option)
{
    unsigned int length = option.value.size();
    return socket->GetSockOpt(option.level, option.name, option.value.data(), &length) == 0
               ? 0
               : socket->GetOptErrno();
}

/// @param socket whose @param option to set @return errno
int
Set(Ptr<MptcpSocket> socket, const Option& option)
{
    return socket->SetSockOpt(
               option.level, option.name, option.value.data(), option.value.size()) == 0
               ? 0
               : socket->GetOptErrno();
}

/// Fallbacks.
void
AddFallback(ScenarioTestSuite& suite)
{
    suite.Add("3: each option is EOPNOTSUPP after a fallback in mid-connection, at both ends",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  for (const auto& option : GetReadable(net))
                  {
                      if (option.name != MPTCP_CLOSE_SUB_ID)
                      {
                          test.ExpectEqual(Read(net.client, option),
                                           0,
                                           "get " + std::to_string(option.name) + " before");
                      }
                  }
                  for (const int id : net.client->GetSubflowIds())
                  {
                      if (id > 1)
                      {
                          net.client->CloseSubflow(id, MPTCP_SHUT_RST);
                      }
                  }
                  net.Run(MilliSeconds(200));

                  // A middlebox begins to strip options before any subflow has joined.
                  SocketApiNet fallen;
                  fallen.Connect();
                  for (const auto direction : {FilterChannel::UP, FilterChannel::DOWN})
                  {
                      fallen.links[1]->AddRule(direction,
                                               [](WireSegment& segment, WireFate& fate)
                                               {
                                                   segment.StripMptcp();
                                                   fate.modified = true;
                                               });
                  }
                  SocketApiNet::Send(fallen.client, 30000);
                  fallen.Run(Seconds(5));
                  SocketApiNet::Send(fallen.server, 30000);
                  fallen.Run(Seconds(5));
                  test.ExpectEqual(fallen.received[fallen.server], 30000U, "upload");
                  test.ExpectEqual(fallen.received[fallen.client], 30000U, "download");
                  for (const auto& end : {fallen.client, fallen.server})
                  {
                      test.Expect(!end->GetConnection()->IsMultipath(), "it has fallen back");
                      for (const auto& option : GetReadable(fallen))
                      {
                          test.ExpectEqual(
                              Read(end, option), EOPNOTSUPP, "get " + std::to_string(option.name));
                      }
                      for (const auto& option : GetSettable(fallen))
                      {
                          test.ExpectEqual(
                              Set(end, option), EOPNOTSUPP, "set " + std::to_string(option.name));
                      }
                      test.ExpectEqual(
                          end->OpenSubflow(fallen.At(0, true, 0), fallen.At(0, false, 0)),
                          -1,
                          "the C++ call");
                      test.ExpectEqual(end->GetOptErrno(), EOPNOTSUPP, "its errno");
                      int on = 7;
                      unsigned int length = sizeof(on);
                      test.ExpectEqual(GetOption(end, TCP_MULTIPATH_ENABLE, &on, &length).result,
                                       0,
                                       "what it is can be asked");
                      test.ExpectEqual(on, 0, "plain TCP");
                  }
              });
    suite.Add("3: each option is EOPNOTSUPP before connect(), on a listener, and after the end",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  const auto expectNone = [&](Ptr<MptcpSocket> socket, bool early)
                  {
                      for (const auto& option : GetReadable(net))
                      {
                          test.ExpectEqual(Read(socket, option),
                                           EOPNOTSUPP,
                                           "get " + std::to_string(option.name));
                      }
                      for (const auto& option : GetSettable(net))
                      {
                          // What RFC 6897 lets be set before.
                          if (!early || (option.name != TCP_MULTIPATH_ADD &&
                                         option.name != TCP_MULTIPATH_REMOVE))
                          {
                              test.ExpectEqual(Set(socket, option),
                                               EOPNOTSUPP,
                                               "set " + std::to_string(option.name));
                          }
                      }
                  };
                  expectNone(net.client, true);
                  net.Connect();
                  expectNone(net.listener, false);
                  net.client->Close();
                  net.server->Close();
                  net.Run(Seconds(2));
                  expectNone(net.client, false);
              });
}

/// The order of checks.
void
AddOrder(ScenarioTestSuite& suite)
{
    suite.Add(
        "3: ENOPROTOOPT, EFAULT, EOPNOTSUPP, EINVAL, then EACCES and EPERM: the first that applies",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            // Unconnected, null, and an option that there is not.
            test.ExpectEqual(
                SetOption(net.client, 1000, nullptr, 10).error, ENOPROTOOPT, "name before null");
            test.ExpectEqual(SetOption(net.client, MPTCP_OPEN_SUB_TUPLE, nullptr, 10).error,
                             EFAULT,
                             "null before unconnected");
            const uint8_t junk[3] = {9, 9, 9};
            test.ExpectEqual(SetOption(net.client, MPTCP_OPEN_SUB_TUPLE, junk, 3).error,
                             EOPNOTSUPP,
                             "unconnected before length");
            mptcp_sub_setsockopt inner{};
            inner.id = 99;
            inner.level = IPPROTO_IP;
            inner.optname = 9999;
            test.ExpectEqual(
                SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &inner, sizeof(inner)).error,
                ENOPROTOOPT,
                "name inside before null inside");
            inner.level = SOL_SOCKET;
            inner.optname = SO_MARK;
            inner.optlen = sizeof(int);
            test.ExpectEqual(
                SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &inner, sizeof(inner)).error,
                EFAULT,
                "null inside before unconnected");
            inner.optval = reinterpret_cast<char*>(&g_number);
            test.ExpectEqual(
                SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &inner, sizeof(inner)).error,
                EOPNOTSUPP,
                "unconnected before unknown id");
            net.Connect();
            test.ExpectEqual(
                SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &inner, sizeof(inner)).error,
                EINVAL,
                "unknown id before privilege");
            inner.id = 1;
            test.ExpectEqual(
                SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &inner, sizeof(inner)).error,
                EPERM,
                "privilege at last");
            const Address v6 = Inet6SocketAddress("fd00:a::2", SocketApiNet::PORT);
            test.ExpectEqual(
                Open(net.client, MakeOpen(net.At(0, true, 10), v6, MakeHead(77))).error,
                EINVAL,
                "two families before a privileged port");
            test.ExpectEqual(
                Open(net.client, MakeOpen(net.At(0, true, 10), net.At(0, false, 0), MakeHead(77)))
                    .error,
                EACCES,
                "a privileged port before an unknown device");
            test.ExpectEqual(
                Open(net.client,
                     MakeOpen(InetSocketAddress("10.9.9.9", 0), net.At(0, false, 0), MakeHead(77)))
                    .error,
                ENODEV,
                "an unknown device before an address of others");
        });
}

/// The suite.
class MptcpSocketErrorsTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSocketErrorsTestSuite()
        : ScenarioTestSuite("mptcp-socket-errors")
    {
        AddFallback(*this);
        AddOrder(*this);
    }
} g_mptcpSocketErrorsTestSuite; //!< registers itself

} // namespace

} // namespace ns3
