// SPDX-License-Identifier: GPL-2.0-only
// Attributes of the socket, and whose value wins.
#include "socket-net.h"
#include "test-rig.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/mptcp-lia.h"
#include "ns3/rtt-estimator.h"
#include "ns3/string.h"
#include "ns3/tcp-cubic.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/tcp-linux-reno.h"
#include "ns3/uinteger.h"

namespace ns3
{

namespace
{

/// @param object any @param name of an attribute @return its value as text
std::string
Get(Ptr<Object> object, const std::string& name)
{
    TypeId::AttributeInformation information;
    object->GetInstanceTypeId().LookupAttributeByName(name, &information);
    Ptr<AttributeValue> value = information.checker->Create();
    object->GetAttribute(name, *value);
    return value->SerializeToString(information.checker);
}

/// The rules of precedence.
void
AddAttributes(ScenarioTestSuite& suite)
{
    suite.Add("what the user left alone acts as Linux",
              [](ScenarioTestCase& test)
              {
                  SocketNet net;
                  auto socket = net.ClientSocket();
                  const MptcpSettings& settings = socket->GetSettings();
                  test.ExpectEqual(settings.m_minRto, MilliSeconds(200), "MinRto");
                  test.ExpectEqual(settings.m_segmentSize, 0U, "SegmentSize: from the MTU");
                  test.ExpectEqual(settings.m_initialCwnd, 10U, "InitialCwnd");
                  test.ExpectEqual(settings.m_sndBufSize, 4194304U, "SndBufSize");
                  test.ExpectEqual(settings.m_connTimeout, Seconds(1), "ConnTimeout");
                  test.ExpectEqual(settings.m_delAckTimeout, MilliSeconds(40), "DelAckTimeout");
                  test.ExpectEqual(settings.m_timeWait, Seconds(60), "TimeWait");
                  test.ExpectEqual(
                      settings.m_congestionTypeId, TcpCubic::GetTypeId(), "CongestionControl");
                  test.ExpectEqual(
                      settings.m_pathManagerTypeId, MptcpFullMesh::GetTypeId(), "PathManager");
                  test.ExpectEqual(
                      settings.m_schedulerTypeId, MptcpLowestRtt::GetTypeId(), "Scheduler");
              });
    suite.Add("a changed default of TcpSocket or TcpSocketBase wins over Linux's",
              [](ScenarioTestCase& test)
              {
                  SocketNet net;
                  Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(300000));
                  Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1000));
                  Config::SetDefault("ns3::TcpSocketBase::MinRto", TimeValue(MilliSeconds(700)));
                  Config::SetDefault("ns3::TcpSocketBase::Sack", BooleanValue(false));
                  Config::SetDefault("ns3::TcpSocketBase::MaxSegLifetime", DoubleValue(5));
                  auto socket = net.ClientSocket();
                  test.ExpectEqual(Get(socket, "SndBufSize"), "300000", "SndBufSize");
                  test.ExpectEqual(Get(socket, "SegmentSize"), "1000", "SegmentSize");
                  test.ExpectEqual(socket->GetSettings().m_minRto, MilliSeconds(700), "MinRto");
                  test.ExpectEqual(socket->GetSettings().m_sackEnabled, false, "Sack");
                  test.ExpectEqual(socket->GetSettings().m_timeWait, Seconds(10), "TimeWait");
                  test.ExpectEqual(Get(socket, "RcvBufSize"), "4194304", "left alone");
              });
    suite.Add("a changed default of MptcpSocket wins over TcpSocketBase's",
              [](ScenarioTestCase& test)
              {
                  SocketNet net;
                  Config::SetDefault("ns3::TcpSocketBase::MinRto", TimeValue(MilliSeconds(700)));
                  Config::SetDefault("ns3::MptcpSocket::MinRto", TimeValue(MilliSeconds(300)));
                  auto socket = net.ClientSocket();
                  test.ExpectEqual(socket->GetSettings().m_minRto, MilliSeconds(300), "MinRto");
              });
    suite.Add("a value set on the socket wins, also if it is a default",
              [](ScenarioTestCase& test)
              {
                  SocketNet net;
                  Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(300000));
                  Config::SetDefault("ns3::TcpSocketBase::MinRto", TimeValue(MilliSeconds(700)));
                  auto socket = net.ClientSocket();
                  socket->SetAttribute("SndBufSize", UintegerValue(131072));
                  socket->SetAttribute("SegmentSize", UintegerValue(536));
                  socket->SetAttribute("MinRto", TimeValue(MilliSeconds(200)));
                  test.ExpectEqual(Get(socket, "SndBufSize"), "131072", "SndBufSize");
                  test.ExpectEqual(Get(socket, "SegmentSize"), "536", "SegmentSize");
                  test.ExpectEqual(socket->GetSettings().m_minRto, MilliSeconds(200), "MinRto");
              });
    suite.Add("congestion control: the socket's, else TcpL4Protocol's if changed, else Cubic",
              [](ScenarioTestCase& test)
              {
                  SocketNet net;
                  Ptr<Object> stock = net.rig.GetClient()->GetObject<TcpL4Protocol>();
                  stock->SetAttribute("SocketType", TypeIdValue(TcpLinuxReno::GetTypeId()));
                  auto socket = net.ClientSocket();
                  test.ExpectEqual(socket->GetSettings().m_congestionTypeId,
                                   TcpLinuxReno::GetTypeId(),
                                   "the node's");
                  socket->SetAttribute("CongestionControl", TypeIdValue(TcpCubic::GetTypeId()));
                  socket->Bind();
                  test.ExpectEqual(socket->Connect(net.Server()), 0, "Connect");
                  test.ExpectEqual(socket->GetConnection()->GetSettings().m_congestionTypeId,
                                   TcpCubic::GetTypeId(),
                                   "the socket's");
              });
    suite.Add("the helper's settings reach sockets, policies and their attributes",
              [](ScenarioTestCase& test)
              {
                  MptcpHelper helper;
                  helper.SetSocketAttribute("SndBufSize", UintegerValue(131072));
                  helper.SetSocketAttribute("MaxSubflows", StringValue("3"));
                  helper.SetPathManager("ns3::MptcpNdiffports", "Subflows", UintegerValue(4));
                  helper.SetScheduler("ns3::MptcpRoundRobin");
                  helper.SetCongestionControl("ns3::MptcpLia");
                  SocketNet net(false, 1, helper);
                  auto socket = net.ClientSocket();
                  const MptcpSettings& settings = socket->GetSettings();
                  test.ExpectEqual(settings.m_sndBufSize, 131072U, "SndBufSize, a stock default");
                  test.ExpectEqual(settings.m_maxSubflows, 3U, "MaxSubflows, as text");
                  test.ExpectEqual(settings.m_congestionTypeId, MptcpLia::GetTypeId(), "LIA");
                  test.ExpectEqual(
                      settings.m_schedulerTypeId, MptcpRoundRobin::GetTypeId(), "Scheduler");
                  auto manager = settings.m_pathManagerFactory.Create<MptcpPathManager>();
                  test.ExpectEqual(Get(manager, "Subflows"), "4", "Subflows of ndiffports");
              });
    suite.Add(
        "wrong values are refused",
        [](ScenarioTestCase& test)
        {
            SocketNet net;
            auto socket = net.ClientSocket();
            test.Expect(
                !socket->SetAttributeFailSafe("Scheduler", TypeIdValue(TcpCubic::GetTypeId())),
                "no scheduler");
            test.Expect(!socket->SetAttributeFailSafe("PathManager",
                                                      TypeIdValue(MptcpPathManager::GetTypeId())),
                        "an abstract class");
            test.Expect(!socket->SetAttributeFailSafe("Scheduler", StringValue("ns3::Nothing")),
                        "no class");
            test.Expect(!socket->SetAttributeFailSafe("MaxSubflows", UintegerValue(0)), "too few");
            test.Expect(!socket->SetAttributeFailSafe("MinRto", TimeValue(Seconds(-1))),
                        "negative");
            socket->Bind();
            socket->Connect(net.Server());
            test.Expect(!socket->SetAttributeFailSafe("MinRto", TimeValue(Seconds(1))), "too late");
        });
}

/// The suite.
class MptcpSocketAttributesTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSocketAttributesTestSuite()
        : ScenarioTestSuite("mptcp-socket-attributes")
    {
        AddAttributes(*this);
    }
} g_mptcpSocketAttributesTestSuite; //!< registers itself

} // namespace

} // namespace ns3
