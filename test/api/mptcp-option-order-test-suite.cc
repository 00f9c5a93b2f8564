// SPDX-License-Identifier: GPL-2.0-only
// Every option of the socket API against everything that can be wrong with a call: what is told
// first is ENOPROTOOPT (name and direction), then EFAULT, EOPNOTSUPP, EINVAL, and EACCES or EPERM
// at last.
#include "socket-api-net.h"
#include "test-rig.h"

#include <cerrno>
#include <cstring>
#include <linux/seg6.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>

namespace ns3
{

namespace
{

using Bytes = std::vector<uint8_t>;

/// An address that no program has.
char* const WILD = reinterpret_cast<char*>(8);

/// What an option wants of the socket.
enum class Needs
{
    NOTHING,    //!< it works on any socket
    EARLY,      //!< it works before connect() too, but not on a listener
    CONNECTION, //!< one with Multipath TCP
};

/// One option in one direction.
struct Row
{
    bool get{false};                //!< getsockopt(), or setsockopt()
    int level{IPPROTO_TCP};         //!< its level
    int name{0};                    //!< its name
    Bytes value;                    //!< what works
    size_t least{0};                //!< bytes that it needs; fewer are EINVAL
    bool id{false};                 //!< the first byte is a subflow's identifier
    Needs needs{Needs::CONNECTION}; //!< of the socket
    bool otherWay{false};           //!< it is there in the other direction, too
    bool cuts{false};               //!< an answer is cut off where there is no room
};

/// @tparam T a plain structure @param value it @return its bytes
template <typename T>
Bytes
ToBytes(const T& value)
{
    Bytes bytes(sizeof(T));
    std::memcpy(bytes.data(), &value, sizeof(T));
    return bytes;
}

int g_number = 12;                      //!< what requests for one subflow point to
unsigned int g_size = sizeof(g_number); //!< its size

/// @param net whose addresses @return all options
std::vector<Row>
GetRows(const SocketApiNet& net)
{
    mptcp_sub_getsockopt get{};
    get.id = 1;
    get.level = IPPROTO_IP;
    get.optname = IP_TOS;
    get.optval = reinterpret_cast<char*>(&g_number);
    get.optlen = &g_size;
    mptcp_sub_setsockopt set{};
    set.id = 1;
    set.level = IPPROTO_IP;
    set.optname = IP_TOS;
    set.optval = reinterpret_cast<char*>(&g_number);
    set.optlen = sizeof(g_number);
    Bytes id(100);
    id[0] = 1;
    mptcp_linux_subflow_data head{};
    head.size_subflow_data = sizeof(head);
    head.size_user = 256;
    Bytes arrays = ToBytes(head);
    arrays.resize(2000);
    const Bytes open = MakeOpen(net.At(0, true, 0), net.At(0, false, 0), MakeHead());
    const Bytes kernel = MakeOpen(net.At(0, true, 0), net.At(0, false, 0), {0});
    const Bytes address(kernel.begin() + 1, kernel.begin() + 17);
    const Bytes close = ToBytes(mptcp_close_sub_id{1, SHUT_RD});
    const auto all = Needs::CONNECTION;
    const auto none = Needs::NOTHING;
    const auto early = Needs::EARLY;
    const int sol = MPTCP_SOL_MPTCP;
    const int tcp = IPPROTO_TCP;
    // Nothing here ends the first subflow, so that the rows may come one after the other.
    return {{true, tcp, MPTCP_GET_SUB_IDS, Bytes(600), 4},
            {true, tcp, MPTCP_KERNEL_GET_SUB_TUPLE, id, 33, true},
            {true, tcp, MPTCP_GET_SUB_TUPLE, id, 48, true},
            {true, tcp, MPTCP_KERNEL_OPEN_SUB_TUPLE, kernel, 33, false, all, true},
            {true, tcp, MPTCP_OPEN_SUB_TUPLE, open, 48, false, all, true},
            {true, tcp, MPTCP_CLOSE_SUB_ID, close, 1, true, all, true},
            {true, tcp, MPTCP_SUB_GETSOCKOPT, ToBytes(get), sizeof(get), true},
            {true, tcp, MPTCP_EVENT_SUBSCRIPTION, {1, 0}, 2, false, none, true},
            {true, tcp, TCP_MULTIPATH_ENABLE, Bytes(4), 4, false, none, true},
            {true, tcp, TCP_MULTIPATH_SUBFLOWS, Bytes(2000), 256},
            {true, tcp, TCP_MULTIPATH_CONNID, Bytes(4), 4},
            {true, tcp, MPTCP_TCP_IS_MPTCP, Bytes(4), 0, false, none, false, true},
            {true, sol, MPTCP_LINUX_INFO, Bytes(96), 0, false, all, false, true},
            {true, sol, MPTCP_LINUX_TCPINFO, arrays, sizeof(head)},
            {true, sol, MPTCP_LINUX_SUBFLOW_ADDRS, arrays, sizeof(head)},
            {true, sol, MPTCP_LINUX_FULL_INFO, Bytes(136), 40},
            {false, tcp, MPTCP_CLOSE_SUB_ID, close, 1, true, all, true},
            {false, tcp, MPTCP_KERNEL_OPEN_SUB_TUPLE, kernel, 33, false, all, true},
            {false, tcp, MPTCP_OPEN_SUB_TUPLE, open, 48, false, all, true},
            {false, tcp, MPTCP_SUB_SETSOCKOPT, ToBytes(set), sizeof(set), true},
            {false, tcp, MPTCP_SET_SUB_PRIO, {1, 0}, 2, true},
            {false, tcp, MPTCP_EVENT_SUBSCRIPTION, {1, 1}, 2, false, none, true},
            {false, tcp, TCP_MULTIPATH_ADD, address, 16, false, early},
            {false, tcp, TCP_MULTIPATH_REMOVE, address, 16, false, early}};
}

/// @param row an option @return its name in messages
std::string
ToText(const Row& row)
{
    return (row.get ? "get " : "set ") + std::to_string(row.name) + ": ";
}

/// @param socket whose @param row an option @param value where @param length bytes there
/// @return errno
int
Do(Ptr<MptcpSocket> socket, const Row& row, void* value, unsigned int length)
{
    const int result = row.get ? socket->GetSockOpt(row.level, row.name, value, &length)
                               : socket->SetSockOpt(row.level, row.name, value, length);
    return result == 0 ? 0 : socket->GetOptErrno();
}

/// @param socket whose @param row an option @param value a copy of it is given @return errno
int
Do(Ptr<MptcpSocket> socket, const Row& row, Bytes value)
{
    return Do(socket, row, value.data(), value.size());
}

/// What is wrong before any connection is looked at. @param test case @param socket in any state
/// @param row an option
void
CheckPointers(ScenarioTestCase& test, Ptr<MptcpSocket> socket, const Row& row)
{
    const auto length = static_cast<unsigned int>(row.value.size());
    Row other = row;
    other.get = !row.get;
    if (!row.otherWay)
    {
        test.ExpectEqual(
            Do(socket, other, WILD, length), ENOPROTOOPT, ToText(row) + "the other direction");
    }
    test.ExpectEqual(Do(socket, row, WILD, length), EFAULT, ToText(row) + "a wild pointer");
    test.ExpectEqual(Do(socket, row, nullptr, length), EFAULT, ToText(row) + "null");
    if (row.get)
    {
        Bytes value = row.value;
        for (char* wild : {WILD, static_cast<char*>(nullptr)})
        {
            test.ExpectEqual(
                socket->GetSockOpt(
                    row.level, row.name, value.data(), reinterpret_cast<unsigned int*>(wild)) == 0
                    ? 0
                    : socket->GetOptErrno(),
                EFAULT,
                ToText(row) + "a wild length");
        }
    }
}

/// Options of the socket.
void
AddOuter(ScenarioTestSuite& suite)
{
    suite.Add("every option, before connect() and on a listener",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  SocketApiNet other;
                  other.Connect();
                  for (const auto& row : GetRows(net))
                  {
                      for (const bool listening : {false, true})
                      {
                          const auto socket = listening ? other.listener : net.client;
                          CheckPointers(test, socket, row);
                          const bool works = row.needs == Needs::NOTHING ||
                                             (row.needs == Needs::EARLY && !listening);
                          const std::string where = listening ? "listening" : "unconnected";
                          test.ExpectEqual(Do(socket, row, row.value),
                                           works ? 0 : EOPNOTSUPP,
                                           ToText(row) + where);
                          if (row.least > 0)
                          {
                              Bytes few = row.value;
                              few.resize(row.least - 1);
                              test.ExpectEqual(Do(socket, row, few),
                                               works ? EINVAL : EOPNOTSUPP,
                                               ToText(row) + where + " and too short");
                          }
                          if (row.id)
                          {
                              Bytes wrong = row.value;
                              wrong[0] = 99;
                              test.ExpectEqual(Do(socket, row, wrong),
                                               EOPNOTSUPP,
                                               ToText(row) + where + " and an unknown id");
                          }
                      }
                  }
              });
    suite.Add("every option, on a connection",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  for (const auto& row : GetRows(net))
                  {
                      CheckPointers(test, net.client, row);
                      if (row.least > 0)
                      {
                          Bytes few = row.value;
                          few.resize(row.least - 1);
                          test.ExpectEqual(
                              Do(net.client, row, few), EINVAL, ToText(row) + "too short");
                      }
                      if (row.cuts)
                      {
                          Bytes few(1);
                          test.ExpectEqual(
                              Do(net.client, row, few), 0, ToText(row) + "the answer is cut off");
                      }
                      if (row.id)
                      {
                          for (const uint8_t unknown : {0, 99, 255})
                          {
                              Bytes wrong = row.value;
                              wrong[0] = unknown;
                              test.ExpectEqual(
                                  Do(net.client, row, wrong), EINVAL, ToText(row) + "unknown id");
                          }
                      }
                      test.ExpectEqual(Do(net.client, row, row.value), 0, ToText(row) + "works");
                      net.Run(MilliSeconds(50));
                  }
              });
    suite.Add("MPTCP_READ_EVENT: EFAULT, EAGAIN, EINVAL, in any state",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  Row row;
                  row.get = true;
                  row.name = MPTCP_READ_EVENT;
                  row.value = Bytes(44);
                  CheckPointers(test, net.client, row);
                  test.ExpectEqual(Do(net.client, row, row.value), EAGAIN, "unconnected");
                  SubscribeAll(net.client);
                  net.Connect();
                  CheckPointers(test, net.client, row);
                  test.ExpectEqual(Do(net.client, row, Bytes(11)), EINVAL, "too short");
                  test.ExpectEqual(Do(net.client, row, row.value), 0, "the first subflow");
                  test.ExpectEqual(Do(net.listener, row, row.value), EAGAIN, "listening");
              });
    suite.Add("a segment routing header and arrays that are not mapped are EFAULT in any state",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  SocketApiNet connected;
                  connected.Connect();
                  Bytes open = MakeOpen(net.At(0, true, 0), net.At(0, false, 0), MakeHead());
                  mptcp_sub_tuple head{};
                  head.ipv6_srh = reinterpret_cast<ipv6_sr_hdr*>(WILD);
                  std::memcpy(open.data(), &head, sizeof(head));
                  mptcp_linux_full_info full{};
                  full.size_arrays_user = 3;
                  full.size_sfinfo_user = sizeof(mptcp_linux_subflow_info);
                  full.size_tcpinfo_user = sizeof(mptcp_tcp_info);
                  full.subflow_info = 8;
                  full.tcp_info = 8;
                  std::vector<mptcp_tcp_info> infos(3);
                  mptcp_linux_full_info half = full;
                  half.size_sfinfo_user = 0;
                  const Bytes wild[] = {ToBytes(full), ToBytes(half)};
                  for (const auto& socket : {net.client, connected.client, connected.listener})
                  {
                      for (const bool get : {false, true})
                      {
                          const Row row{get, IPPROTO_TCP, MPTCP_OPEN_SUB_TUPLE, {}};
                          test.ExpectEqual(Do(socket, row, open), EFAULT, "ipv6_srh");
                      }
                      for (const auto& value : wild)
                      {
                          const Row row{true, MPTCP_SOL_MPTCP, MPTCP_LINUX_FULL_INFO, {}};
                          test.ExpectEqual(Do(socket, row, value), EFAULT, "arrays");
                      }
                  }
                  // Where nothing is to be written no address is needed.
                  half.size_tcpinfo_user = 0;
                  const Row row{true, MPTCP_SOL_MPTCP, MPTCP_LINUX_FULL_INFO, {}};
                  test.ExpectEqual(Do(connected.client, row, ToBytes(half)), 0, "no elements");
              });
}

/// An option of one subflow.
struct Inner
{
    int level{0};      //!< its level
    int name{0};       //!< its name
    bool get{false};   //!< it can be read
    bool set{false};   //!< it can be set
    size_t least{4};   //!< bytes of a value; fewer are EINVAL
    int value{1};      //!< what is valid
    int privileged{0}; //!< a value that wants privilege, if not 0
};

const Inner INNER[] = {{IPPROTO_IP, IP_TOS, true, true, 1, 16},
                       {IPPROTO_IP, IP_TTL, true, true, 1, 60},
                       {IPPROTO_TCP, TCP_INFO, true, false},
                       {IPPROTO_TCP, TCP_NODELAY, true, true},
                       {IPPROTO_TCP, TCP_MAXSEG, true, true, 4, 1000},
                       {IPPROTO_TCP, TCP_CONGESTION, true, true, 1, 0x6f6e6572}, // "reno"
                       {IPPROTO_TCP, TCP_USER_TIMEOUT, true, true, 4, 60000},
                       {SOL_SOCKET, SO_SNDBUF, true, true, 4, 100000},
                       {SOL_SOCKET, SO_RCVBUF, true, true, 4, 100000},
                       {SOL_SOCKET, SO_ERROR, true, false},
                       {SOL_SOCKET, SO_PRIORITY, true, true, 4, 6, 7},
                       {SOL_SOCKET, SO_KEEPALIVE, true, true},
                       {SOL_SOCKET, SO_MARK, false, true, 4, 0, 1},
                       // Nobody has it.
                       {IPPROTO_TCP, 9999, false, false},
                       // Here it is the connection's.
                       {IPPROTO_TCP, TCP_KEEPIDLE, false, false}};

/// Read an option of a subflow. @param socket whose @param id of a subflow @param option it
/// @param value where the answer goes @param length of it @return errno
int
SubGet(Ptr<MptcpSocket> socket, uint8_t id, const Inner& option, char* value, unsigned int* length)
{
    mptcp_sub_getsockopt request{};
    request.id = id;
    request.level = option.level;
    request.optname = option.name;
    request.optval = value;
    request.optlen = length;
    unsigned int size = sizeof(request);
    return GetOption(socket, MPTCP_SUB_GETSOCKOPT, &request, &size).error;
}

/// Set an option of a subflow. @param socket whose @param id of a subflow @param option it
/// @param value it @param length of it @return errno
int
SubSet(Ptr<MptcpSocket> socket, uint8_t id, const Inner& option, const void* value, size_t length)
{
    mptcp_sub_setsockopt request{};
    request.id = id;
    request.level = option.level;
    request.optname = option.name;
    request.optval = static_cast<char*>(const_cast<void*>(value));
    request.optlen = length;
    return SetOption(socket, MPTCP_SUB_SETSOCKOPT, &request, sizeof(request)).error;
}

/// Options of a subflow.
void
AddInner(ScenarioTestSuite& suite)
{
    suite.Add(
        "every option of a subflow: name, direction, pointers, connection, id, length, privilege",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            SocketApiNet connected;
            connected.Connect();
            for (const bool privileged : {false, true})
            {
                for (const Inner& option : INNER)
                {
                    const std::string name = std::to_string(option.level) + "/" +
                                             std::to_string(option.name) +
                                             (privileged ? " privileged: " : ": ");
                    for (const auto& socket : {net.client, connected.listener, connected.client})
                    {
                        socket->SetAttribute("Privileged", BooleanValue(privileged));
                        const bool up = socket == connected.client;
                        char answer[300] = {};
                        unsigned int room = sizeof(answer);
                        auto* wildLength = reinterpret_cast<unsigned int*>(WILD);
                        const int noGet = option.get ? 0 : ENOPROTOOPT;
                        const auto get = [&](uint8_t id, char* value, unsigned int* length)
                        { return SubGet(socket, id, option, value, length); };
                        test.ExpectEqual(get(99, WILD, wildLength),
                                         noGet ? noGet : EFAULT,
                                         name + "get, wild length");
                        test.ExpectEqual(
                            get(99, WILD, &room), noGet ? noGet : EFAULT, name + "get, wild");
                        test.ExpectEqual(
                            get(99, nullptr, &room), noGet ? noGet : EFAULT, name + "get, null");
                        test.ExpectEqual(get(99, answer, &room),
                                         noGet ? noGet
                                         : up  ? EINVAL
                                               : EOPNOTSUPP,
                                         name + "get, unknown id");
                        test.ExpectEqual(get(1, answer, &room),
                                         noGet ? noGet
                                         : up  ? 0
                                               : EOPNOTSUPP,
                                         name + "get");
                        // Nothing can be marked, which shows once one is allowed to.
                        const bool mark = option.level == SOL_SOCKET && option.name == SO_MARK;
                        const int noSet = option.set && !(mark && privileged) ? 0 : ENOPROTOOPT;
                        const auto set = [&](uint8_t id, const void* value, size_t length)
                        { return SubSet(socket, id, option, value, length); };
                        test.ExpectEqual(
                            set(99, WILD, 4), noSet ? noSet : EFAULT, name + "set, wild");
                        test.ExpectEqual(
                            set(99, nullptr, 4), noSet ? noSet : EFAULT, name + "set, null");
                        test.ExpectEqual(set(99, &option.privileged, 4),
                                         noSet ? noSet
                                         : up  ? EINVAL
                                               : EOPNOTSUPP,
                                         name + "set, unknown id");
                        test.ExpectEqual(set(1, &option.privileged, option.least - 1),
                                         noSet ? noSet
                                         : up  ? EINVAL
                                               : EOPNOTSUPP,
                                         name + "set, too short");
                        if (option.privileged)
                        {
                            test.ExpectEqual(set(1, &option.privileged, 4),
                                             noSet ? noSet
                                             : !up ? EOPNOTSUPP
                                                   : (privileged ? 0 : EPERM),
                                             name + "set, with privilege only");
                        }
                        if (!mark)
                        {
                            test.ExpectEqual(set(1, &option.value, 4),
                                             noSet ? noSet
                                             : up  ? 0
                                                   : EOPNOTSUPP,
                                             name + "set");
                        }
                    }
                }
            }
        });
    suite.Add("an answer longer than its room is cut off, as in Linux",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  for (const Inner& option : INNER)
                  {
                      char answer[300];
                      std::memset(answer, 0x55, sizeof(answer));
                      unsigned int room = 2;
                      if (option.get)
                      {
                          test.ExpectEqual(SubGet(net.client, 1, option, answer, &room), 0, "get");
                          test.ExpectEqual(room, 2U, "length");
                          test.ExpectEqual(int(answer[2]), 0x55, "no byte beyond");
                      }
                  }
              });
}

/// The suite.
class MptcpOptionOrderTestSuite : public ScenarioTestSuite
{
  public:
    MptcpOptionOrderTestSuite()
        : ScenarioTestSuite("mptcp-option-order")
    {
        AddOuter(*this);
        AddInner(*this);
    }
} g_mptcpOptionOrderTestSuite; //!< registers itself

} // namespace

} // namespace ns3
