// SPDX-License-Identifier: GPL-2.0-only
// Coupled congestion controls compute what their documents say, in figures worked out by hand.
#include "test-rig.h"

#include "ns3/mptcp-balia.h"
#include "ns3/mptcp-lia.h"
#include "ns3/mptcp-olia.h"
#include "ns3/mptcp-wvegas.h"

#include <cmath>

namespace ns3
{

namespace
{

/// A member of a coupling, with a state to set. @tparam Ops its congestion control
template <typename Ops>
struct Member
{
    Ptr<TcpSocketState> state = CreateObject<TcpSocketState>(); //!< as the subflow has it
    Ptr<Ops> ops = CreateObject<Ops>();                         //!< what is tested

    /// @param coupling shared @param cwnd bytes, all in flight @param rtt smoothed
    Member(Ptr<MptcpCoupling> coupling, uint32_t cwnd, Time rtt)
    {
        state->m_segmentSize = 1000;
        state->m_cWnd = cwnd;
        state->m_ssThresh = 1000;
        state->m_bytesInFlight = cwnd;
        ops->SetCoupling(coupling);
        ops->Init(state);
        ops->PktsAcked(state, 1, rtt);
    }
};

/// Windows grow by whole bytes; a fraction below one may be left for later.
/// @param value in bytes @param expected in bytes @return whether that is all they differ by
bool
IsNear(uint32_t value, uint32_t expected)
{
    return value == expected || value + 1 == expected;
}

/// Both drafts give a lone path TCP's increase, of MSS * MSS / cwnd for each segment, whatever the
/// ACK that tells of the segments has left in flight. @tparam Ops the congestion control
/// @param suite to add to @param name of it
template <typename Ops>
void
AddLone(ScenarioTestSuite& suite, const std::string& name)
{
    suite.Add(name + ": a small window whose ACK leaves little in flight grows as TCP's",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<Ops> one(coupling, 3000, MilliSeconds(100));
                  // A delayed ACK of two of the three segments.
                  one.state->m_bytesInFlight = 1000;
                  one.ops->PktsAcked(one.state, 2, MilliSeconds(100));
                  one.ops->IncreaseWindow(one.state, 2);
                  test.Expect(IsNear(one.state->m_cWnd, 3667), "2 * 1000^2 / 3000 more");
              });
    suite.Add(name + ": a window that was idle when the figures were computed grows as TCP's",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<Ops> one(coupling, 10000, MilliSeconds(100));
                  one.state->m_bytesInFlight = 1000;
                  coupling->GetFigures();
                  one.state->m_bytesInFlight = 10000;
                  one.ops->IncreaseWindow(one.state, 1);
                  test.Expect(IsNear(one.state->m_cWnd, 10100), "MSS * MSS / cwnd more");
              });
}

/// RFC 6356.
void
AddLia(ScenarioTestSuite& suite)
{
    suite.Add("LIA: alpha and increase by RFC 6356 equations (1) and (2)",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  // cwnd/rtt^2: 1e6 and 5e5; cwnd/rtt: 1e5 each; total 30000.
                  // alpha = 30000 * 1e6 / (2e5)^2 = 0.75
                  Member<MptcpLia> one(coupling, 10000, MilliSeconds(100));
                  Member<MptcpLia> two(coupling, 20000, MilliSeconds(200));
                  test.Expect(std::abs(coupling->GetFigures().alpha - 0.75) < 1e-9, "alpha");
                  // min(0.75 * 2000 * 1000 / 30000, 2000 * 1000 / 10000) = min(50, 200)
                  one.ops->IncreaseWindow(one.state, 2);
                  test.Expect(IsNear(one.state->m_cWnd, 10050), "window of the first");
              });
    suite.Add("LIA: what an ACK has just taken out of flight counts for the subflow that it is of",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  // Equal paths: alpha = 6000 * 3e5 / (6e4)^2 = 0.5, so 2 * 0.5 * 1000^2 / 6000.
                  Member<MptcpLia> one(coupling, 3000, MilliSeconds(100));
                  Member<MptcpLia> two(coupling, 3000, MilliSeconds(100));
                  one.state->m_bytesInFlight = 1000;
                  one.ops->PktsAcked(one.state, 2, MilliSeconds(100));
                  one.ops->IncreaseWindow(one.state, 2);
                  test.Expect(IsNear(one.state->m_cWnd, 3167), "a quarter of TCP's");
              });
    suite.Add("LIA: a single subflow is TCP",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpLia> one(coupling, 10000, MilliSeconds(100));
                  one.ops->IncreaseWindow(one.state, 1);
                  test.Expect(IsNear(one.state->m_cWnd, 10100), "window: MSS * MSS / cwnd more");
              });
    suite.Add("LIA: no subflow grows faster than TCP would",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  // Coupled: 1e7 / (2e5)^2 = 2.5e-4 per byte and MSS; alone: 1e-5.
                  Member<MptcpLia> fast(coupling, 1000, MilliSeconds(10));
                  Member<MptcpLia> slow(coupling, 100000, Seconds(1));
                  slow.ops->IncreaseWindow(slow.state, 1);
                  test.Expect(IsNear(slow.state->m_cWnd, 100010), "window of the slow one");
              });
    suite.Add("LIA: fractions of a byte are not lost",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  // 1000 * 1000 / 4000000 = 0.25 bytes per segment
                  Member<MptcpLia> one(coupling, 4000000, MilliSeconds(100));
                  for (int i = 0; i < 8; i++)
                  {
                      one.ops->IncreaseWindow(one.state, 1);
                  }
                  test.Expect(IsNear(one.state->m_cWnd, 4000002), "two bytes after eight segments");
              });
    suite.Add("LIA: slow start is each subflow's own",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpLia> one(coupling, 10000, MilliSeconds(100));
                  Member<MptcpLia> two(coupling, 10000, MilliSeconds(100));
                  one.state->m_ssThresh = 1000000;
                  one.ops->IncreaseWindow(one.state, 1);
                  test.Expect(IsNear(one.state->m_cWnd, 11000),
                              "one segment more for one acknowledged");
              });
    suite.Add("LIA: in fast recovery ssthresh counts, not the inflated window",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpLia> one(coupling, 10000, MilliSeconds(100));
                  Member<MptcpLia> two(coupling, 50000, MilliSeconds(100));
                  two.state->m_ssThresh = 20000;
                  two.ops->CongestionStateSet(two.state, TcpSocketState::CA_RECOVERY);
                  two.state->m_congState = TcpSocketState::CA_RECOVERY;
                  test.ExpectEqual(coupling->GetFigures().totalWindow, 30000.0, "cwnd_total");
              });
    suite.Add("LIA: what the application leaves idle does not count",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpLia> one(coupling, 10000, MilliSeconds(100));
                  Member<MptcpLia> idle(coupling, 50000, MilliSeconds(100));
                  idle.state->m_bytesInFlight = 0;
                  test.ExpectEqual(coupling->GetFigures().totalWindow, 10000.0, "cwnd_total");
                  test.Expect(std::abs(coupling->GetFigures().alpha - 1) < 1e-9, "alpha");
              });
    suite.Add("LIA: members leave when they are destroyed or their subflow ends",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpLia> one(coupling, 10000, MilliSeconds(100));
                  {
                      Member<MptcpLia> two(coupling, 20000, MilliSeconds(100));
                      Member<MptcpLia> three(coupling, 30000, MilliSeconds(100));
                      test.ExpectEqual(coupling->GetFigures().totalWindow, 60000.0, "all three");
                      three.ops->SetCoupling(nullptr);
                      test.ExpectEqual(coupling->GetFigures().totalWindow, 30000.0, "two left");
                  }
                  test.ExpectEqual(coupling->GetFigures().totalWindow, 10000.0, "one left");
                  test.ExpectEqual(coupling->GetMembers().size(), 1U, "members");
                  Ptr<TcpCongestionOps> copy = one.ops->Fork();
                  copy = nullptr;
                  test.ExpectEqual(coupling->GetMembers().size(), 1U, "a copy is no member");
              });
}

/// draft-khalili-mptcp-congestion-control-05.
void
AddOlia(ScenarioTestSuite& suite)
{
    suite.Add("OLIA: the best path with the smaller window grows at the cost of the largest window",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  // Both have l = 1,000 bytes; l / rtt^2 is 1e5 and 2.5e4, so the first is best and
                  // the second has the largest window: alpha = 1 / 2 and -1 / 2.
                  // w / rtt^2 / (sum of w / rtt)^2 is 2.5e-5 and 1.25e-5 per byte.
                  Member<MptcpOlia> one(coupling, 10000, MilliSeconds(100));
                  Member<MptcpOlia> two(coupling, 20000, MilliSeconds(200));
                  one.ops->IncreaseWindow(one.state, 1);
                  test.ExpectEqual(one.ops->GetAlpha(), 0.5, "alpha of the first");
                  test.Expect(IsNear(one.state->m_cWnd, 10075), "1000^2 * (2.5e-5 + 0.5 / 1e4)");
                  two.ops->IncreaseWindow(two.state, 1);
                  test.ExpectEqual(two.ops->GetAlpha(), -0.5, "alpha of the second");
                  test.Expect(IsNear(two.state->m_cWnd, 19988), "1000^2 * (1.25e-5 - 0.5 / 2e4)");
              });
    suite.Add("OLIA: where the best path has the largest window, nothing is moved",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpOlia> one(coupling, 20000, MilliSeconds(100));
                  Member<MptcpOlia> two(coupling, 10000, MilliSeconds(100));
                  one.ops->PktsAcked(one.state, 10, MilliSeconds(100));
                  // (2e4 / 0.01) / (3e5)^2 = 2.2222e-5
                  one.ops->IncreaseWindow(one.state, 1);
                  test.ExpectEqual(one.ops->GetAlpha(), 0.0, "alpha of the first");
                  test.Expect(IsNear(one.state->m_cWnd, 20022), "window of the first");
                  two.ops->IncreaseWindow(two.state, 1);
                  test.ExpectEqual(two.ops->GetAlpha(), 0.0, "alpha of the second");
                  test.Expect(IsNear(two.state->m_cWnd, 10011), "window of the second");
              });
    suite.Add("OLIA: the largest window is still the largest while its ACK is processed",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  // The second path is best and has the smaller window.
                  Member<MptcpOlia> one(coupling, 4000, MilliSeconds(200));
                  Member<MptcpOlia> two(coupling, 2000, MilliSeconds(100));
                  one.state->m_bytesInFlight = 1000;
                  one.ops->PktsAcked(one.state, 1, MilliSeconds(200));
                  two.ops->PktsAcked(two.state, 1, MilliSeconds(100));
                  one.ops->IncreaseWindow(one.state, 1);
                  test.ExpectEqual(one.ops->GetAlpha(), -0.5, "alpha of the first");
              });
    suite.Add("OLIA: a single subflow is TCP, and the window never falls below a segment",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpOlia> one(coupling, 10000, MilliSeconds(100));
                  one.ops->IncreaseWindow(one.state, 1);
                  test.Expect(IsNear(one.state->m_cWnd, 10100), "MSS * MSS / cwnd more");
                  Member<MptcpOlia> best(coupling, 1000, MilliSeconds(10));
                  Member<MptcpOlia> large(coupling, 1001, Seconds(10));
                  one.state->m_cWnd = 1000;
                  one.state->m_bytesInFlight = 1000;
                  for (int i = 0; i < 100; i++)
                  {
                      large.ops->IncreaseWindow(large.state, 10);
                  }
                  test.ExpectEqual(large.state->m_cWnd.Get(), 1000U, "one segment");
              });
    suite.Add("OLIA: the loss interval is the longer of the running and the last one",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpOlia> one(coupling, 10000, MilliSeconds(100));
                  one.ops->PktsAcked(one.state, 9, MilliSeconds(100));
                  test.ExpectEqual(one.ops->GetLossInterval(), 10000.0, "no loss yet");
                  one.ops->CongestionStateSet(one.state, TcpSocketState::CA_RECOVERY);
                  one.ops->CongestionStateSet(one.state, TcpSocketState::CA_OPEN);
                  one.ops->PktsAcked(one.state, 4, MilliSeconds(100));
                  test.ExpectEqual(one.ops->GetLossInterval(), 10000.0, "between the losses");
                  one.ops->CongestionStateSet(one.state, TcpSocketState::CA_LOSS);
                  test.ExpectEqual(one.ops->GetLossInterval(), 4000.0, "between the last two");
              });
    suite.Add("OLIA: ssthresh of one segment beside other subflows, two without",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpOlia> one(coupling, 10000, MilliSeconds(100));
                  test.ExpectEqual(one.ops->GetSsThresh(one.state, 1000), 2000U, "alone");
                  Member<MptcpOlia> two(coupling, 10000, MilliSeconds(100));
                  test.ExpectEqual(one.ops->GetSsThresh(one.state, 1000), 1000U, "beside another");
                  test.ExpectEqual(one.ops->GetSsThresh(one.state, 9000), 4500U, "half");
              });
}

/// draft-walid-mptcp-congestion-control-04.
void
AddBalia(ScenarioTestSuite& suite)
{
    suite.Add("BALIA: increase and decrease of a fast and a slow subflow",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  // 1e5 and 5e4 bytes per second: alpha = 1 and 2.
                  Member<MptcpBalia> one(coupling, 10000, MilliSeconds(100));
                  Member<MptcpBalia> two(coupling, 10000, MilliSeconds(200));
                  // 1000^2 * 1e5 / (0.1 * (1.5e5)^2) * 1 * 1 = 44.4
                  one.ops->IncreaseWindow(one.state, 1);
                  test.Expect(IsNear(one.state->m_cWnd, 10044), "window of the first");
                  // 1000^2 * 5e4 / (0.2 * (1.5e5)^2) * 3 / 2 * 6 / 5 = 20
                  two.ops->IncreaseWindow(two.state, 1);
                  test.Expect(IsNear(two.state->m_cWnd, 10020), "window of the second");
                  test.ExpectEqual(one.ops->GetSsThresh(one.state, 10000), 5000U, "half");
                  test.ExpectEqual(two.ops->GetSsThresh(two.state, 10000), 2500U, "3/4 less");
                  test.ExpectEqual(two.ops->GetSsThresh(two.state, 3000), 2000U, "two segments");
              });
    suite.Add("BALIA: a loss in slow start takes half, whatever the threshold was",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpBalia> one(coupling, 10000, MilliSeconds(100));
                  one.state->m_ssThresh = 18000;
                  one.ops->CongestionStateSet(one.state, TcpSocketState::CA_RECOVERY);
                  one.state->m_congState = TcpSocketState::CA_RECOVERY;
                  test.ExpectEqual(one.ops->GetSsThresh(one.state, 10000), 5000U, "half");
              });
    suite.Add("BALIA: a single subflow is TCP",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpBalia> one(coupling, 10000, MilliSeconds(100));
                  one.ops->IncreaseWindow(one.state, 1);
                  test.Expect(IsNear(one.state->m_cWnd, 10100), "MSS * MSS / cwnd more");
                  test.ExpectEqual(one.ops->GetSsThresh(one.state, 10000), 5000U, "half");
              });
}

/// A round trip of Weighted Vegas. @param member of whom @param rtt of its four samples
void
Round(Member<MptcpWvegas>& member, Time rtt)
{
    for (int i = 0; i < 4; i++)
    {
        member.ops->PktsAcked(member.state, 1, rtt);
    }
    member.state->m_lastAckedSeq = member.state->m_nextTxSequence;
    member.ops->IncreaseWindow(member.state, 1);
    member.state->m_nextTxSequence += 1000;
}

/// draft-xu-mptcp-congestion-control-05.
void
AddWvegas(ScenarioTestSuite& suite)
{
    suite.Add("wVegas: a lone subflow keeps ten segments in the queue",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpWvegas> one(coupling, 20000, MilliSeconds(100));
                  Round(one, MilliSeconds(100));
                  test.ExpectEqual(one.state->m_cWnd.Get(), 21000U, "nothing is queued");
                  // 21 * 25 / 125 = 4.2 segments queued
                  Round(one, MilliSeconds(125));
                  test.ExpectEqual(one.ops->GetAlpha(), 10.0, "all of alpha");
                  test.ExpectEqual(one.state->m_cWnd.Get(), 22000U, "fewer than ten are queued");
              });
    suite.Add("wVegas: more than alpha in the queue shrinks the window, by a segment a round trip",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpWvegas> one(coupling, 40000, MilliSeconds(100));
                  Round(one, MilliSeconds(200));
                  Round(one, MilliSeconds(200));
                  test.ExpectEqual(one.state->m_cWnd.Get(), 38000U, "20 and 19.5 were queued");
              });
    suite.Add("wVegas: alpha is shared by rate",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpWvegas> one(coupling, 60000, MilliSeconds(100));
                  Member<MptcpWvegas> two(coupling, 20000, MilliSeconds(100));
                  Round(one, MilliSeconds(200));
                  Round(two, MilliSeconds(200));
                  test.Expect(std::abs(two.ops->GetAlpha() - 2.5) < 1e-9, "a quarter of ten");
                  Round(one, MilliSeconds(200));
                  // 59,000 / 0.2 beside 20,000 / 0.18: the first sample was one of 100 ms
                  test.Expect(std::abs(one.ops->GetAlpha() - 10 * 295 / (295 + 1000 / 9.0)) < 1e-9,
                              "the rest");
              });
    suite.Add("wVegas: a queue twice as long as it was is drained",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpWvegas> one(coupling, 20000, MilliSeconds(100));
                  Round(one, MilliSeconds(125));
                  Round(one, MilliSeconds(150));
                  // (21,000 + 1,000) * 100 / (2 * 150)
                  test.ExpectEqual(one.state->m_cWnd.Get(), 7333U, "cut back");
              });
    suite.Add("wVegas: slow start ends when a segment is queued",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member<MptcpWvegas> one(coupling, 20000, MilliSeconds(100));
                  one.state->m_ssThresh = 1000000;
                  Round(one, MilliSeconds(100));
                  test.ExpectEqual(one.state->m_cWnd.Get(), 21000U, "slow start");
                  Round(one, MilliSeconds(150));
                  test.ExpectEqual(one.state->m_cWnd.Get(), 15000U, "21,000 * 100 / 150 + 1,000");
                  test.Expect(one.state->m_ssThresh.Get() < 15000, "it is over");
              });
}

/// The suite.
class MptcpCoupledTestSuite : public ScenarioTestSuite
{
  public:
    MptcpCoupledTestSuite()
        : ScenarioTestSuite("mptcp-coupled")
    {
        AddLia(*this);
        AddOlia(*this);
        AddLone<MptcpOlia>(*this, "OLIA");
        AddBalia(*this);
        AddLone<MptcpBalia>(*this, "BALIA");
        AddWvegas(*this);
    }
} g_mptcpCoupledTestSuite; //!< registers itself

} // namespace

} // namespace ns3
