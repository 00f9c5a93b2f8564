// SPDX-License-Identifier: GPL-2.0-only
// The sample code of draft-hesmans-mptcp-socket-03, compiled as C.
#include "draft-figures.h"
#include "socket-api-net.h"
#include "test-rig.h"

#include <cerrno>
#include <cstddef>
#include <netinet/tcp.h>
#include <set>

namespace ns3
{

namespace
{

MptcpSocket* g_figureSocket = nullptr; //!< descriptor 3 of the figures
int g_figureErrno = 0;                 //!< of their last call

/// getsockopt() of the figures
int
FigureGet(int fd, int level, int name, void* value, socklen_t* length)
{
    const int result = fd == 3 ? g_figureSocket->GetSockOpt(level, name, value, length) : -1;
    g_figureErrno = result == 0 ? 0 : g_figureSocket->GetOptErrno();
    return result;
}

/// setsockopt() of the figures
int
FigureSet(int fd, int level, int name, const void* value, socklen_t length)
{
    const int result = fd == 3 ? g_figureSocket->SetSockOpt(level, name, value, length) : -1;
    g_figureErrno = result == 0 ? 0 : g_figureSocket->GetOptErrno();
    return result;
}

/// Let the figures' calls reach a socket. @param socket it
void
UseFigures(Ptr<MptcpSocket> socket)
{
    g_figureSocket = PeekPointer(socket);
    draft_getsockopt = FigureGet;
    draft_setsockopt = FigureSet;
    draft_take_output();
}

/// The figures, compiled as C.
void
AddFigures(ScenarioTestSuite& suite)
{
    suite.Add("Figures 2, 4, 7 and 9 work as they are printed",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  UseFigures(net.client);
                  std::string joins;
                  net.links[0]->AddTap(FilterChannel::UP,
                                       [&](const WireSegment& segment)
                                       {
                                           if (IsSyn(segment))
                                           {
                                               joins += std::to_string(segment.sourcePort) + ">" +
                                                        std::to_string(segment.destinationPort) +
                                                        " ";
                                           }
                                       });
                  test.ExpectEqual(draft_figure2(3), 0, "figure 2");
                  test.ExpectEqual(
                      std::string(draft_take_output()), "Subflow id : 1\n", "what figure 2 prints");
                  test.ExpectEqual(draft_figure4(3), 0, "figure 4");
                  test.ExpectEqual(draft_figure4_id, 2, "the id that figure 4 gets");
                  net.Run(MilliSeconds(200));
                  test.ExpectEqual(joins, "12345>1234 ", "SYNs of figure 4");
                  test.ExpectEqual(draft_figure2(3), 0, "figure 2 again");
                  test.ExpectEqual(std::string(draft_take_output()),
                                   "Subflow id : 2\nSubflow id : 1\n",
                                   "the newest comes first");
                  test.ExpectEqual(draft_figure7(3, 2), 0, "figure 7");
                  test.ExpectEqual(std::string(draft_take_output()),
                                   "\tip src : 10.0.0.1 src port : 12345\n"
                                   "\tip dst : 10.1.0.1 dst port : 1234\n",
                                   "what figure 7 prints");
                  std::map<uint32_t, std::set<int>> seen;
                  for (uint32_t link = 0; link < 2; link++)
                  {
                      net.links[link]->AddTap(FilterChannel::UP,
                                              [&seen, link](const WireSegment& segment)
                                              { seen[link].insert(segment.frame[1]); });
                  }
                  test.ExpectEqual(draft_figure9(3, 2), 0, "figure 9");
                  SocketApiNet::Send(net.client, 1000000);
                  net.Run(Seconds(2));
                  test.Expect(seen[0] == std::set<int>{12}, "TOS 12 on that subflow");
                  test.Expect(seen[1] == std::set<int>{0}, "TOS 0 on the other");
                  test.ExpectEqual(net.received[net.server], 1000000U, "bytes at the server");
              });
    suite.Add("figures fail with EOPNOTSUPP without Multipath TCP",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net(false, {{"Multipath", "false"}});
                  net.Connect();
                  UseFigures(net.client);
                  for (int figure : {2, 4, 7, 9})
                  {
                      const int result = figure == 2   ? draft_figure2(3)
                                         : figure == 4 ? draft_figure4(3)
                                         : figure == 7 ? draft_figure7(3, 1)
                                                       : draft_figure9(3, 1);
                      test.ExpectEqual(result, -1, "figure " + std::to_string(figure));
                      test.ExpectEqual(g_figureErrno, EOPNOTSUPP, "its errno");
                  }
              });
    suite.Add("the layouts of mptcp-api.h are the documented ones",
              [](ScenarioTestCase& test)
              {
                  test.ExpectEqual(sizeof(mptcp_sub_status), 2U, "mptcp_sub_status");
                  test.ExpectEqual(sizeof(mptcp_sub_ids), 2U, "mptcp_sub_ids");
                  test.ExpectEqual(sizeof(mptcp_sub_tuple), 16U, "mptcp_sub_tuple");
                  test.ExpectEqual(offsetof(mptcp_sub_tuple, addrs), 16U, "addrs");
                  test.ExpectEqual(sizeof(mptcp_close_sub_id), 8U, "mptcp_close_sub_id");
                  test.ExpectEqual(sizeof(mptcp_sub_setsockopt), 32U, "mptcp_sub_setsockopt");
                  test.ExpectEqual(sizeof(mptcp_sub_getsockopt), 32U, "mptcp_sub_getsockopt");
                  test.ExpectEqual(sizeof(mptcp_subflow_event), 16U, "mptcp_subflow_event");
                  test.ExpectEqual(sizeof(mptcp_address_event), 44U, "mptcp_address_event");
                  test.ExpectEqual(sizeof(mptcp_prio_event), 12U, "mptcp_prio_event");
                  test.ExpectEqual(sizeof(mptcp_tcp_info), 248U, "mptcp_tcp_info");
                  test.ExpectEqual(offsetof(mptcp_tcp_info, tcpi_rtt),
                                   offsetof(tcp_info, tcpi_rtt),
                                   "tcpi_rtt as in the C library's");
                  test.ExpectEqual(offsetof(mptcp_tcp_info, tcpi_total_retrans),
                                   offsetof(tcp_info, tcpi_total_retrans),
                                   "tcpi_total_retrans as in the C library's");
                  test.Expect(MPTCP_CLOSE_SUBFLOW == MPTCP_CLOSE_SUB_ID, "one option, two names");
              });
}

/// The suite.
class MptcpDraftFiguresTestSuite : public ScenarioTestSuite
{
  public:
    MptcpDraftFiguresTestSuite()
        : ScenarioTestSuite("mptcp-draft-figures")
    {
        AddFigures(*this);
    }
} g_mptcpDraftFiguresTestSuite; //!< registers itself

} // namespace

} // namespace ns3
