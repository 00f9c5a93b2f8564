// SPDX-License-Identifier: GPL-2.0-only
// Policies decide as their documents say: path managers and schedulers on fakes, LIA by RFC 6356.
#include "test-rig.h"

#include "ns3/mptcp-coupled-congestion.h"
#include "ns3/mptcp-path-manager.h"
#include "ns3/mptcp-scheduler.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <sstream>

namespace ns3
{

namespace
{

/// A subflow that is only looked at.
class FakeSubflow : public MptcpSubflow
{
  public:
    /// @param tuple its addresses @param rtt smoothed @param maxPayload of a segment
    explicit FakeSubflow(const TcpTuple& tuple, Time rtt = Time(0), uint32_t maxPayload = 1000)
        : m_minRtt(rtt),
          m_tuple(tuple),
          m_rtt(rtt),
          m_maxPayload(maxPayload)
    {
    }

    void Connect() override
    {
    }

    void Accept(const TcpSegment&) override
    {
    }

    uint32_t GetSendRoom() const override
    {
        return 0;
    }

    void SendData(Ptr<Packet>, DataSequenceNumber, bool) override
    {
    }

    void SendAck() override
    {
    }

    void SendProbe() override
    {
    }

    void Close() override
    {
    }

    void Reset(std::optional<MpTcpRst>, Socket::SocketErrno) override
    {
    }

    void Abandon() override
    {
    }

    void SetStale(bool) override
    {
    }

    void
    VisitHeldData(const std::function<void(DataSequenceNumber, Ptr<const Packet>)>&) const override
    {
    }

    TcpSocket::TcpStates_t GetState() const override
    {
        return TcpSocket::ESTABLISHED;
    }

    const TcpTuple& GetTuple() const override
    {
        return m_tuple;
    }

    uint32_t GetMaxPayload() const override
    {
        return m_maxPayload;
    }

    Time GetSmoothedRtt() const override
    {
        return m_rtt;
    }

    Time GetMinRtt() const override
    {
        return m_minRtt;
    }

    Time GetRto() const override
    {
        return Seconds(1);
    }

    uint32_t GetCongestionWindow() const override
    {
        return 0;
    }

    uint32_t GetBytesInFlight() const override
    {
        return 0;
    }

    uint32_t GetHeldBytes() const override
    {
        return m_heldBytes;
    }

    uint32_t GetTimeouts() const override
    {
        return 0;
    }

    uint64_t GetBytesSent() const override
    {
        return 0;
    }

    uint8_t GetReceiveWindowShift() const override
    {
        return 0;
    }

    uint8_t GetSendWindowShift() const override
    {
        return 0;
    }

    Ptr<TcpCongestionOps> GetCongestionOps() const override
    {
        return nullptr;
    }

    Ptr<TcpSocketState> GetSocketState() const override
    {
        return nullptr;
    }

    SubflowDetails GetDetails() const override
    {
        return SubflowDetails();
    }

    const SubflowControls& GetControls() const override
    {
        return m_controls;
    }

    void SetControls(const SubflowControls& controls) override
    {
        m_controls = controls;
    }

    void SetCongestionOps(Ptr<TcpCongestionOps>) override
    {
    }

    Time m_minRtt;           //!< shortest RTT
    uint32_t m_heldBytes{0}; //!< sent and not acknowledged

  private:
    SubflowControls m_controls; //!< what was set
    TcpTuple m_tuple;           //!< addresses and ports
    Time m_rtt;                 //!< smoothed RTT
    uint32_t m_maxPayload;      //!< of a segment
};

/// @param text an address of either family @return it
IpAddress
Ip(const std::string& text)
{
    if (text.find(':') != std::string::npos)
    {
        return Ipv6Address(text.c_str());
    }
    return Ipv4Address(text.c_str());
}

/// @param size bytes that wait to be sent @return what a scheduler is asked
MptcpScheduler::Demand
Wanted(uint32_t size)
{
    return {size, size, 65'535};
}

/// A connection that writes down what it is asked for.
class FakeControl : public MptcpPathControl
{
  public:
    bool client{true};                       //!< which end
    std::vector<IpAddress> locals;           //!< own addresses
    std::vector<RemoteAddress> remotes;      //!< the peer's
    std::vector<Ptr<MptcpSubflow>> subflows; //!< living
    std::vector<std::string> calls;          //!< what was asked for

    /// @param local @param remote of a subflow that is there
    void AddSubflow(const std::string& local, const std::string& remote)
    {
        subflows.push_back(CreateObject<FakeSubflow>(TcpTuple{Ip(local), Ip(remote), 1, 2}));
    }

    /// @return what was asked for since the last time, in one line
    std::string Take()
    {
        std::string all;
        for (const auto& call : calls)
        {
            all += (all.empty() ? "" : "; ") + call;
        }
        calls.clear();
        return all;
    }

    bool IsClient() const override
    {
        return client;
    }

    std::vector<IpAddress> GetLocalAddresses() const override
    {
        return locals;
    }

    std::vector<RemoteAddress> GetRemoteAddresses() const override
    {
        return remotes;
    }

    std::vector<Ptr<MptcpSubflow>> GetSubflows() const override
    {
        return subflows;
    }

    Ptr<MptcpSubflow> OpenSubflow(const IpAddress& local, const RemoteAddress& remote) override
    {
        std::ostringstream text;
        text << "open " << local << " " << remote.address;
        calls.push_back(text.str());
        subflows.push_back(
            CreateObject<FakeSubflow>(TcpTuple{local, remote.address, 1, remote.port}));
        return subflows.back();
    }

    void Advertise(const IpAddress& address, uint16_t) override
    {
        std::ostringstream text;
        text << "advertise " << address;
        calls.push_back(text.str());
    }

    void Withdraw(const IpAddress& address) override
    {
        std::ostringstream text;
        text << "withdraw " << address;
        calls.push_back(text.str());
    }
};

/// Path managers.
void
AddPathManagers(ScenarioTestSuite& suite)
{
    suite.Add("full mesh: the connecting end opens each pair that is missing, by family",
              [](ScenarioTestCase& test)
              {
                  FakeControl control;
                  control.locals = {Ip("10.0.0.1"), Ip("10.0.1.1"), Ip("2001:db8::1")};
                  control.remotes = {{0, Ip("10.1.0.1"), 80}, {1, Ip("10.1.1.1"), 80}};
                  control.AddSubflow("10.0.0.1", "10.1.0.1");
                  auto manager = CreateObject<MptcpFullMesh>();
                  manager->OnConnected(control);
                  test.ExpectEqual(control.Take(),
                                   "open 10.0.0.1 10.1.1.1; open 10.0.1.1 10.1.0.1; "
                                   "open 10.0.1.1 10.1.1.1",
                                   "what it opens");
                  manager->OnConnected(control);
                  test.ExpectEqual(control.Take(), "", "nothing twice");
              });
    suite.Add("full mesh: the accepting end advertises the addresses not in use and opens nothing",
              [](ScenarioTestCase& test)
              {
                  FakeControl control;
                  control.client = false;
                  control.locals = {Ip("10.1.0.1"), Ip("10.1.1.1")};
                  control.remotes = {{0, Ip("10.0.0.1"), 4000}};
                  control.AddSubflow("10.1.0.1", "10.0.0.1");
                  auto manager = CreateObject<MptcpFullMesh>();
                  manager->OnConnected(control);
                  test.ExpectEqual(control.Take(), "advertise 10.1.1.1", "what it says");
              });
    suite.Add("full mesh: an address that comes is used, one that goes is withdrawn",
              [](ScenarioTestCase& test)
              {
                  FakeControl control;
                  control.locals = {Ip("10.0.0.1")};
                  control.remotes = {{0, Ip("10.1.0.1"), 80}};
                  control.AddSubflow("10.0.0.1", "10.1.0.1");
                  auto manager = CreateObject<MptcpFullMesh>();
                  control.locals.push_back(Ip("10.0.1.1"));
                  manager->OnLocalAddress(control, Ip("10.0.1.1"), true);
                  test.ExpectEqual(control.Take(), "open 10.0.1.1 10.1.0.1", "up");
                  control.locals.pop_back();
                  control.subflows.pop_back();
                  manager->OnLocalAddress(control, Ip("10.0.1.1"), false);
                  test.ExpectEqual(control.Take(), "withdraw 10.0.1.1", "down");
                  RemoteAddress remote{3, Ip("10.1.3.1"), 80};
                  control.remotes.push_back(remote);
                  manager->OnRemoteAddress(control, remote);
                  test.ExpectEqual(control.Take(), "open 10.0.0.1 10.1.3.1", "ADD_ADDR");
              });
    suite.Add("ndiffports: as many subflows as asked for between the first one's addresses",
              [](ScenarioTestCase& test)
              {
                  FakeControl control;
                  control.locals = {Ip("10.0.0.1"), Ip("10.0.1.1")};
                  control.remotes = {{0, Ip("10.1.0.1"), 80}};
                  control.AddSubflow("10.0.0.1", "10.1.0.1");
                  auto manager =
                      CreateObjectWithAttributes<MptcpNdiffports>("Subflows", UintegerValue(3));
                  manager->OnConnected(control);
                  test.ExpectEqual(
                      control.Take(), "open 10.0.0.1 10.1.0.1; open 10.0.0.1 10.1.0.1", "two more");
                  control.client = false;
                  control.subflows.resize(1);
                  manager->OnConnected(control);
                  test.ExpectEqual(control.Take(), "", "the accepting end opens nothing");
              });
    suite.Add("no path manager: nothing happens by itself",
              [](ScenarioTestCase& test)
              {
                  FakeControl control;
                  control.locals = {Ip("10.0.0.1"), Ip("10.0.1.1")};
                  control.remotes = {{0, Ip("10.1.0.1"), 80}};
                  control.AddSubflow("10.0.0.1", "10.1.0.1");
                  auto manager = CreateObject<MptcpNoPathManager>();
                  manager->OnConnected(control);
                  manager->OnLocalAddress(control, Ip("10.0.1.1"), false);
                  manager->OnRemoteAddress(control, control.remotes.front());
                  test.ExpectEqual(control.Take(), "", "calls");
              });
}

/// Schedulers.
void
AddSchedulers(ScenarioTestSuite& suite)
{
    suite.Add("lowest RTT: the fastest subflow with room for a segment",
              [](ScenarioTestCase& test)
              {
                  const TcpTuple tuple{Ip("10.0.0.1"), Ip("10.1.0.1"), 1, 2};
                  auto slow = CreateObject<FakeSubflow>(tuple, MilliSeconds(50));
                  auto fast = CreateObject<FakeSubflow>(tuple, MilliSeconds(20));
                  auto scheduler = CreateObject<MptcpLowestRtt>();
                  std::vector<MptcpScheduler::Candidate> both{{PeekPointer(slow), 5000},
                                                              {PeekPointer(fast), 5000}};
                  test.Expect(scheduler->Select(both, Wanted(1000)) == fast, "both have room");
                  both[1].room = 999;
                  test.Expect(scheduler->Select(both, Wanted(1000)) == slow,
                              "the fast one has less than a segment");
                  test.Expect(scheduler->Select(both, Wanted(500)) == fast,
                              "which is enough for the last bytes");
                  both[0].room = 0;
                  test.Expect(!scheduler->Select(both, Wanted(1000)), "nobody has room");
                  test.Expect(!scheduler->Select({}, Wanted(1000)), "nobody is there");
              });
    suite.Add("lowest RTT: an idle subflow counts as fast as its path was at best",
              [](ScenarioTestCase& test)
              {
                  const TcpTuple tuple{Ip("10.0.0.1"), Ip("10.1.0.1"), 1, 2};
                  auto busy = CreateObject<FakeSubflow>(tuple, MilliSeconds(200));
                  auto other = CreateObject<FakeSubflow>(tuple, MilliSeconds(400));
                  busy->m_heldBytes = 1000;
                  other->m_heldBytes = 1000;
                  other->m_minRtt = MilliSeconds(20);
                  auto scheduler = CreateObject<MptcpLowestRtt>();
                  const std::vector<MptcpScheduler::Candidate> both{{PeekPointer(busy), 5000},
                                                                    {PeekPointer(other), 5000}};
                  test.Expect(scheduler->Select(both, Wanted(1000)) == busy, "both queues are full");
                  other->m_heldBytes = 0;
                  test.Expect(scheduler->Select(both, Wanted(1000)) == other, "one has drained");
              });
    suite.Add("round robin: each in turn, those without room are passed over",
              [](ScenarioTestCase& test)
              {
                  const TcpTuple tuple{Ip("10.0.0.1"), Ip("10.1.0.1"), 1, 2};
                  auto a = CreateObject<FakeSubflow>(tuple, MilliSeconds(1));
                  auto b = CreateObject<FakeSubflow>(tuple, MilliSeconds(2));
                  auto c = CreateObject<FakeSubflow>(tuple, MilliSeconds(3));
                  auto scheduler = CreateObject<MptcpRoundRobin>();
                  std::vector<MptcpScheduler::Candidate> all{
                      {PeekPointer(a), 5000}, {PeekPointer(b), 5000}, {PeekPointer(c), 5000}};
                  test.Expect(scheduler->Select(all, Wanted(1000)) == a, "first");
                  test.Expect(scheduler->Select(all, Wanted(1000)) == b, "second");
                  test.Expect(scheduler->Select(all, Wanted(1000)) == c, "third");
                  all[0].room = 0;
                  test.Expect(scheduler->Select(all, Wanted(1000)) == b, "the first has no room");
                  all.pop_back();
                  all[0].room = 5000;
                  test.Expect(scheduler->Select(all, Wanted(1000)) == a, "the third is gone");
              });
}

/// A member of a coupling, with a state to set.
struct Member
{
    Ptr<TcpSocketState> state = CreateObject<TcpSocketState>(); //!< as the subflow has it
    Ptr<MptcpLia> lia = CreateObject<MptcpLia>();               //!< what is tested

    /// @param coupling shared @param cwnd bytes, all in flight @param rtt smoothed
    Member(Ptr<MptcpCoupling> coupling, uint32_t cwnd, Time rtt)
    {
        state->m_segmentSize = 1000;
        state->m_cWnd = cwnd;
        state->m_ssThresh = 1000;
        state->m_bytesInFlight = cwnd;
        lia->SetCoupling(coupling);
        lia->Init(state);
        lia->PktsAcked(state, 1, rtt);
    }
};

/// Windows grow by whole bytes; a fraction below one may be left for later.
/// @param value in bytes @param expected in bytes @return whether that is all they differ by
bool
IsNear(uint32_t value, uint32_t expected)
{
    return value == expected || value + 1 == expected;
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
                  Member one(coupling, 10000, MilliSeconds(100));
                  Member two(coupling, 20000, MilliSeconds(200));
                  test.Expect(std::abs(coupling->GetAlpha() - 0.75) < 1e-9, "alpha");
                  // min(0.75 * 2000 * 1000 / 30000, 2000 * 1000 / 10000) = min(50, 200)
                  one.lia->IncreaseWindow(one.state, 2);
                  test.Expect(IsNear(one.state->m_cWnd, 10050), "window of the first");
              });
    suite.Add("LIA: a single subflow is TCP",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member one(coupling, 10000, MilliSeconds(100));
                  one.lia->IncreaseWindow(one.state, 1);
                  test.Expect(IsNear(one.state->m_cWnd, 10100), "window: MSS * MSS / cwnd more");
              });
    suite.Add("LIA: no subflow grows faster than TCP would",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  // Coupled: 1e7 / (2e5)^2 = 2.5e-4 per byte and MSS; alone: 1e-5.
                  Member fast(coupling, 1000, MilliSeconds(10));
                  Member slow(coupling, 100000, Seconds(1));
                  slow.lia->IncreaseWindow(slow.state, 1);
                  test.Expect(IsNear(slow.state->m_cWnd, 100010), "window of the slow one");
              });
    suite.Add("LIA: fractions of a byte are not lost",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  // 1000 * 1000 / 4000000 = 0.25 bytes per segment
                  Member one(coupling, 4000000, MilliSeconds(100));
                  for (int i = 0; i < 8; i++)
                  {
                      one.lia->IncreaseWindow(one.state, 1);
                  }
                  test.Expect(IsNear(one.state->m_cWnd, 4000002), "two bytes after eight segments");
              });
    suite.Add("LIA: slow start is each subflow's own",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member one(coupling, 10000, MilliSeconds(100));
                  Member two(coupling, 10000, MilliSeconds(100));
                  one.state->m_ssThresh = 1000000;
                  one.lia->IncreaseWindow(one.state, 1);
                  test.Expect(IsNear(one.state->m_cWnd, 11000),
                              "one segment more for one acknowledged");
              });
    suite.Add("LIA: in fast recovery ssthresh counts, not the inflated window",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member one(coupling, 10000, MilliSeconds(100));
                  Member two(coupling, 50000, MilliSeconds(100));
                  two.state->m_ssThresh = 20000;
                  two.lia->CongestionStateSet(two.state, TcpSocketState::CA_RECOVERY);
                  two.state->m_congState = TcpSocketState::CA_RECOVERY;
                  test.ExpectEqual(coupling->GetTotalWindow(), 30000.0, "cwnd_total");
              });
    suite.Add("LIA: what the application leaves idle does not count",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member one(coupling, 10000, MilliSeconds(100));
                  Member idle(coupling, 50000, MilliSeconds(100));
                  idle.state->m_bytesInFlight = 0;
                  test.ExpectEqual(coupling->GetTotalWindow(), 10000.0, "cwnd_total");
                  test.Expect(std::abs(coupling->GetAlpha() - 1) < 1e-9, "alpha");
              });
    suite.Add("LIA: members leave when they are destroyed or their subflow ends",
              [](ScenarioTestCase& test)
              {
                  auto coupling = Create<MptcpCoupling>();
                  Member one(coupling, 10000, MilliSeconds(100));
                  {
                      Member two(coupling, 20000, MilliSeconds(100));
                      Member three(coupling, 30000, MilliSeconds(100));
                      test.ExpectEqual(coupling->GetTotalWindow(), 60000.0, "all three");
                      three.lia->SetCoupling(nullptr);
                      test.ExpectEqual(coupling->GetTotalWindow(), 30000.0, "two left");
                  }
                  test.ExpectEqual(coupling->GetTotalWindow(), 10000.0, "one left");
                  test.ExpectEqual(coupling->GetN(), 1U, "members");
                  Ptr<TcpCongestionOps> copy = one.lia->Fork();
                  copy = nullptr;
                  test.ExpectEqual(coupling->GetN(), 1U, "a copy is no member");
              });
}

/// The suite.
class MptcpPolicyTestSuite : public ScenarioTestSuite
{
  public:
    MptcpPolicyTestSuite()
        : ScenarioTestSuite("mptcp-policy")
    {
        AddPathManagers(*this);
        AddSchedulers(*this);
        AddLia(*this);
    }
} g_mptcpPolicyTestSuite; //!< registers itself

} // namespace

} // namespace ns3
