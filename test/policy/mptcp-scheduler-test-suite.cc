// SPDX-License-Identifier: GPL-2.0-only
// Schedulers decide as the papers say that they come from; the figures are worked out by hand.
#include "fake-subflow.h"
#include "test-rig.h"

#include "ns3/boolean.h"
#include "ns3/mptcp-blest.h"
#include "ns3/mptcp-ecf.h"
#include "ns3/mptcp-linux-default.h"
#include "ns3/mptcp-weighted-round-robin.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <cmath>
#include <memory>

namespace ns3
{

namespace
{

/// @param size bytes that wait to be sent @return what a scheduler is asked
MptcpScheduler::Demand
Wanted(uint32_t size)
{
    return {size, size, 65'535, 0};
}

/**
 * A subflow ends and another one begins, in the place that it has had in memory if that is free.
 * @param gone the one that ends
 * @param tuple of the other one
 * @param rtt its RTT
 * @return the other one
 */
Ptr<FakeSubflow>
Supersede(Ptr<FakeSubflow>& gone, const TcpTuple& tuple, Time rtt)
{
    gone = nullptr;
    return CreateObject<FakeSubflow>(tuple, rtt);
}

/// Lowest RTT and round robin.
void
AddSimple(ScenarioTestSuite& suite)
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
                  test.Expect(scheduler->Select(both, Wanted(1000)) == busy,
                              "both queues are full");
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
    suite.Add("round robin: a new subflow is not taken for one that has ended",
              [](ScenarioTestCase& test)
              {
                  const TcpTuple tuple{Ip("10.0.0.1"), Ip("10.1.0.1"), 1, 2};
                  auto old = CreateObject<FakeSubflow>(tuple, MilliSeconds(1));
                  auto scheduler = CreateObject<MptcpRoundRobin>();
                  scheduler->Select({{PeekPointer(old), 5000}}, Wanted(1000));
                  const auto a = Supersede(old, tuple, MilliSeconds(1));
                  const auto b = CreateObject<FakeSubflow>(tuple, MilliSeconds(2));
                  test.Expect(scheduler->Select({{PeekPointer(a), 5000}, {PeekPointer(b), 5000}},
                                                Wanted(1000)) == PeekPointer(a),
                              "the first one begins");
              });
}

/// BLEST and ECF: a fast subflow without room beside a slow one that has some.
struct HeterogeneousPair
{
    Ptr<FakeSubflow> fast; //!< 20 ms, window 10,000 bytes, all in flight
    Ptr<FakeSubflow> slow; //!< 200 ms, window 10,000 bytes, 4,000 in flight
    std::vector<MptcpScheduler::Candidate> candidates; //!< both

    HeterogeneousPair()
    {
        const TcpTuple tuple{Ip("10.0.0.1"), Ip("10.1.0.1"), 1, 2};
        fast = CreateObject<FakeSubflow>(tuple, MilliSeconds(20));
        slow = CreateObject<FakeSubflow>(tuple, MilliSeconds(200));
        fast->m_heldBytes = 10'000;
        slow->m_heldBytes = 4'000;
        candidates = {{PeekPointer(slow), 6'000}, {PeekPointer(fast), 0}};
    }
};

/// @param window in bytes @param stalls of the window so far @return what BLEST is asked
MptcpScheduler::Demand
Window(uint64_t window, uint32_t stalls = 0)
{
    return {1'000, 100'000, window, stalls};
}

/// @param pending bytes @return what ECF is asked
MptcpScheduler::Demand
Pending(uint64_t pending)
{
    return {1'000, pending, 1'000'000, 0};
}

/// S. Ferlin et al., section IV.
void
AddBlest(ScenarioTestSuite& suite)
{
    // In the slow one's 200 ms the fast one has 10 round trips: (10,000 + 1,000 * 9 / 2) * 10 =
    // 145,000 bytes, beside 4,000 + 1,000 of the slow one.
    suite.Add("BLEST: the slow subflow is used if the window holds what the fast one will send",
              [](ScenarioTestCase& test)
              {
                  HeterogeneousPair pair;
                  auto blest = CreateObject<MptcpBlest>();
                  test.Expect(blest->Select(pair.candidates, Window(150'000)) == pair.slow,
                              "it just fits");
                  test.Expect(!blest->Select(pair.candidates, Window(149'999)),
                              "it would block the window");
                  test.Expect(!blest->Select(pair.candidates, Window(1'000)), "a tiny window");
              });
    suite.Add(
        "BLEST: the fast subflow is never waited for in vain",
        [](ScenarioTestCase& test)
        {
            HeterogeneousPair pair;
            auto blest = CreateObject<MptcpBlest>();
            pair.fast->m_heldBytes = 0;
            test.Expect(blest->Select(pair.candidates, Window(1'000)) == pair.slow,
                        "no ACK will make room on the fast one");
            pair.candidates[1].room = 1'000;
            test.Expect(blest->Select(pair.candidates, Window(1'000)) == pair.fast, "it has room");
            pair.candidates[0].room = pair.candidates[1].room = 0;
            test.Expect(!blest->Select(pair.candidates, Window(1'000'000)), "nobody has room");
        });
    suite.Add("BLEST: the scaling follows whether the window held data back, once a round trip",
              [](ScenarioTestCase& test)
              {
                  auto pair = std::make_shared<HeterogeneousPair>();
                  auto blest = CreateObject<MptcpBlest>();
                  auto ask = [&test, pair, blest](uint64_t window, uint32_t stalls, bool sends)
                  {
                      test.Expect((blest->Select(pair->candidates, Window(window, stalls)) ==
                                   pair->slow) == sends,
                                  "at " + std::to_string(Simulator::Now().GetMilliSeconds()) +
                                      " ms with a window of " + std::to_string(window));
                  };
                  // 1.04 * 145,000 + 5,000 = 155,800 after one round trip with stalls
                  Simulator::Schedule(MilliSeconds(210),
                                      [ask]
                                      {
                                          ask(155'799, 7, false);
                                          ask(155'800, 9, true);
                                      });
                  // 1.03: 154,350; the stalls told at 210 ms are counted once
                  Simulator::Schedule(MilliSeconds(420), [ask] { ask(154'349, 7, false); });
                  Simulator::Schedule(MilliSeconds(430), [ask] { ask(154'350, 7, true); });
                  for (uint32_t i = 3; i < 20; i++)
                  {
                      Simulator::Schedule(MilliSeconds(210 * i),
                                          [ask, i] { ask(1'000'000, 10 * i, true); });
                  }
                  Simulator::Run();
                  test.Expect(std::abs(blest->GetLambda() - 1.3) < 1e-9, "MaxLambda is the bound");
              });
}

/// Linux, mptcp_subflow_get_send(): bytes that a subflow has taken over its pacing rate, which is
/// 1.2 times window over RTT; bursts of 65,428 bytes.
void
AddLinuxDefault(ScenarioTestSuite& suite)
{
    struct Pair
    {
        Ptr<FakeSubflow> fast; //!< 20 ms, window 10,000 bytes: 600,000 bytes/s
        Ptr<FakeSubflow> slow; //!< 200 ms, the same window: 60,000 bytes/s
        std::vector<MptcpScheduler::Candidate> candidates; //!< both
    };

    const auto make = []
    {
        const TcpTuple tuple{Ip("10.0.0.1"), Ip("10.1.0.1"), 1, 2};
        Pair pair;
        pair.fast = CreateObject<FakeSubflow>(tuple, MilliSeconds(20));
        pair.slow = CreateObject<FakeSubflow>(tuple, MilliSeconds(200));
        pair.candidates = {{PeekPointer(pair.slow), 200'000}, {PeekPointer(pair.fast), 200'000}};
        return pair;
    };
    suite.Add("Linux's default: the subflow that would flush first what it has taken",
              [make](ScenarioTestCase& test)
              {
                  Pair pair = make();
                  auto scheduler = CreateObject<MptcpLinuxDefault>();
                  test.Expect(MptcpLinuxDefault::GetPacingRate(*pair.fast) == 600'000, "its rate");
                  // 10 ms and 9 ms: what waits in the queue counts like what is in flight.
                  pair.fast->m_heldBytes = 1'000;
                  pair.candidates[1].queued = 5'000;
                  pair.slow->m_heldBytes = 540;
                  test.Expect(scheduler->Select(pair.candidates, Wanted(500)) == pair.slow, "9 ms");
                  pair.slow->m_heldBytes = 660;
                  test.Expect(scheduler->Select(pair.candidates, Wanted(500)) == pair.fast,
                              "10 ms against 11 ms");
              });
    suite.Add("Linux's default: nobody sends while the one that would flush first is full",
              [make](ScenarioTestCase& test)
              {
                  Pair pair = make();
                  auto scheduler = CreateObject<MptcpLinuxDefault>();
                  pair.slow->m_heldBytes = 10'000;
                  pair.fast->m_heldBytes = 10'000;
                  pair.candidates[1].room = 999;
                  test.Expect(!scheduler->Select(pair.candidates, Wanted(1'000)),
                              "the slow one has room, but is not asked");
                  test.Expect(!scheduler->Select({}, Wanted(1'000)), "nobody is there");
              });
    suite.Add(
        "Linux's default: a burst goes to one subflow, and ends with the event",
        [make](ScenarioTestCase& test)
        {
            Pair pair = make();
            auto scheduler = CreateObject<MptcpLinuxDefault>();
            pair.slow->m_heldBytes = 1;
            uint32_t given = 0;
            while (scheduler->Select(pair.candidates, Wanted(100'000)) == pair.fast && given < 100)
            {
                given++;
                // The slow one would be next now, but for the burst.
                pair.candidates[1].queued += 1'000;
            }
            test.ExpectEqual(given, 66U, "segments of 1,000 bytes in 65,428 bytes");
            pair.candidates[0].queued = 200'000;
            test.Expect(scheduler->Select(pair.candidates, Wanted(100'000)) == pair.slow,
                        "the slow one's burst goes on, though it has got much");
            Simulator::Schedule(
                MilliSeconds(1),
                [&]
                {
                    test.Expect(scheduler->Select(pair.candidates, Wanted(100'000)) == pair.fast,
                                "a new choice at the next event");
                });
            Simulator::Run();
        });
}

/// Linux's default scheduler and subflows that end.
void
AddLinuxDefaultEnds(ScenarioTestSuite& suite)
{
    suite.Add("Linux's default: a new subflow does not inherit the rate of one that has ended",
              [](ScenarioTestCase& test)
              {
                  const TcpTuple tuple{Ip("10.0.0.1"), Ip("10.1.0.1"), 1, 2};
                  auto old = CreateObject<FakeSubflow>(tuple, MilliSeconds(20));
                  auto scheduler = CreateObject<MptcpLinuxDefault>();
                  scheduler->Select({{PeekPointer(old), 200'000}}, Wanted(1'000));
                  // 1,000 bytes at 60,000 and at 120,000 bytes/s; the old one had 600,000.
                  const auto slow = Supersede(old, tuple, MilliSeconds(200));
                  const auto fast = CreateObject<FakeSubflow>(tuple, MilliSeconds(100));
                  slow->m_heldBytes = fast->m_heldBytes = 1'000;
                  test.Expect(scheduler->Select(
                                  {{PeekPointer(slow), 200'000}, {PeekPointer(fast), 200'000}},
                                  Wanted(1'000)) == PeekPointer(fast),
                              "the faster one");
              });
    suite.Add("Linux's default: lets go of subflows that have ended",
              [](ScenarioTestCase& test)
              {
                  const TcpTuple tuple{Ip("10.0.0.1"), Ip("10.1.0.1"), 1, 2};
                  const auto stale = CreateObject<FakeSubflow>(tuple, MilliSeconds(20));
                  const auto ended = CreateObject<FakeSubflow>(tuple, MilliSeconds(20));
                  const auto other = CreateObject<FakeSubflow>(tuple, MilliSeconds(20));
                  auto scheduler = CreateObject<MptcpLinuxDefault>();
                  scheduler->Select({{PeekPointer(ended), 200'000},
                                     {PeekPointer(stale), 200'000},
                                     {PeekPointer(other), 200'000}},
                                    Wanted(1'000));
                  ended->m_state = TcpSocket::CLOSED;
                  other->m_heldBytes = 1'000;
                  scheduler->Select({{PeekPointer(other), 200'000}}, Wanted(1'000));
                  test.ExpectEqual(ended->GetReferenceCount(), 1U, "holders of the one that ended");
                  test.ExpectEqual(stale->GetReferenceCount(), 2U, "holders of the stale one");
              });
}

/// Y. Lim et al., algorithm 1.
void
AddEcf(ScenarioTestSuite& suite)
{
    suite.Add("ECF: wait if the fast subflow is through earlier",
              [](ScenarioTestCase& test)
              {
                  HeterogeneousPair pair;
                  auto ecf = CreateObject<MptcpEcf>();
                  // (1 + 50,000 / 10,000) * 20 = 120 ms < 200 ms; by the slow one 1,000 ms
                  test.Expect(!ecf->Select(pair.candidates, Pending(50'000)), "120 ms");
                  pair.fast->m_heldBytes = 0;
                  test.Expect(ecf->Select(pair.candidates, Pending(50'000)) == pair.slow,
                              "no ACK will make room on the fast one");
                  pair.candidates[1].room = 1'000;
                  test.Expect(ecf->Select(pair.candidates, Pending(50'000)) == pair.fast,
                              "it has room");
              });
    suite.Add(
        "ECF: the slow subflow is used if much waits, with hysteresis",
        [](ScenarioTestCase& test)
        {
            HeterogeneousPair pair;
            auto ecf = CreateObject<MptcpEcf>();
            // (1 + 90,000 / 10,000) * 20 = 200 ms
            test.Expect(ecf->Select(pair.candidates, Pending(90'000)) == pair.slow, "200 ms");
            test.Expect(ecf->Select(pair.candidates, Pending(110'000)) == pair.slow, "240 ms");
            test.Expect(!ecf->Select(pair.candidates, Pending(80'000)), "180 ms: waits");
            // 240 < 1.25 * 200 ms = 250 < 260 ms
            test.Expect(!ecf->Select(pair.candidates, Pending(110'000)), "240 ms: still waits");
            test.Expect(ecf->Select(pair.candidates, Pending(120'000)) == pair.slow,
                        "260 ms: waits no more");
            test.Expect(ecf->Select(pair.candidates, Pending(110'000)) == pair.slow,
                        "240 ms, without hysteresis now");
        });
    suite.Add("ECF: the variation of the RTTs counts, and the last bytes go by the slow subflow",
              [](ScenarioTestCase& test)
              {
                  HeterogeneousPair pair;
                  auto ecf = CreateObject<MptcpEcf>();
                  pair.fast->m_rttVariation = MilliSeconds(30);
                  test.Expect(!ecf->Select(pair.candidates, Pending(90'000)), "200 < 200 + 30 ms");
                  pair.fast->m_rttVariation = Time(0);
                  // By the slow one 1,000 / 10,000 * 200 = 20 ms < 2 * 20 ms.
                  test.Expect(ecf->Select(pair.candidates, Pending(1'000)) == pair.slow,
                              "not worth to wait");
              });
}

/// Shares by weights.
void
AddWeighted(ScenarioTestSuite& suite)
{
    /// Three subflows from as many addresses.
    struct Three
    {
        std::vector<Ptr<FakeSubflow>> subflows;            //!< 10.0.0.1, 10.0.1.1, 10.0.2.1
        std::vector<MptcpScheduler::Candidate> candidates; //!< with room

        Three()
        {
            for (const auto* local : {"10.0.0.1", "10.0.1.1", "10.0.2.1"})
            {
                const TcpTuple tuple{Ip(local), Ip("10.1.0.1"), 1, 2};
                subflows.push_back(CreateObject<FakeSubflow>(tuple, MilliSeconds(10)));
                subflows.back()->m_heldBytes = 1'000;
                candidates.push_back({PeekPointer(subflows.back()), 5'000});
            }
        }

        /// @param scheduler to ask @param segments how often @return how often each was chosen
        std::vector<uint32_t> Ask(MptcpScheduler& scheduler, uint32_t segments)
        {
            std::vector<uint32_t> counts(candidates.size());
            for (uint32_t i = 0; i < segments; i++)
            {
                const MptcpSubflow* chosen = scheduler.Select(candidates, Wanted(1'000));
                for (size_t k = 0; k < candidates.size(); k++)
                {
                    counts[k] += candidates[k].subflow == chosen;
                }
            }
            return counts;
        }
    };

    using Counts = std::vector<uint32_t>;
    suite.Add("weighted: bytes are split by the weights",
              [](ScenarioTestCase& test)
              {
                  Three three;
                  auto scheduler = CreateObject<MptcpWeightedRoundRobin>();
                  test.Expect(three.Ask(*scheduler, 300) == Counts({100, 100, 100}), "by default");
                  scheduler = CreateObject<MptcpWeightedRoundRobin>();
                  scheduler->SetAttribute("Weights", StringValue("10.0.1.1=3, 10.0.2.1=0.5"));
                  test.Expect(three.Ask(*scheduler, 450) == Counts({100, 300, 50}), "1 : 3 : 0.5");
              });
    suite.Add("weighted: who had no room is passed over and does not catch up",
              [](ScenarioTestCase& test)
              {
                  Three three;
                  auto scheduler = CreateObject<MptcpWeightedRoundRobin>();
                  three.candidates[0].room = 999;
                  test.Expect(three.Ask(*scheduler, 200) == Counts({0, 100, 100}), "no room");
                  three.candidates[0].room = 5'000;
                  const Counts after = three.Ask(*scheduler, 300);
                  test.Expect(after[0] == 100 || after[0] == 101, "its share from then on");
              });
    suite.Add(
        "weighted: strict waits for the one whose turn it is",
        [](ScenarioTestCase& test)
        {
            Three three;
            auto scheduler = CreateObject<MptcpWeightedRoundRobin>();
            scheduler->SetAttribute("Strict", BooleanValue(true));
            three.candidates[1].room = 0;
            test.Expect(three.Ask(*scheduler, 10) == Counts({1, 0, 0}), "the second is waited for");
            three.subflows[1]->m_heldBytes = 0;
            test.Expect(three.Ask(*scheduler, 10) == Counts({5, 0, 5}),
                        "no ACK will make room on the second");
        });
    suite.Add("weighted: a new subflow does not inherit the weight of one that has ended",
              [](ScenarioTestCase& test)
              {
                  Three three;
                  auto scheduler = CreateObject<MptcpWeightedRoundRobin>();
                  scheduler->SetAttribute("Weights", StringValue("10.0.0.1=3"));
                  // Break before make: 10.0.1.1, then again 10.0.0.1.
                  auto old = three.subflows[0];
                  const TcpTuple second = three.subflows[1]->GetTuple();
                  const TcpTuple first = old->GetTuple();
                  three.subflows.clear();
                  three.candidates = {{PeekPointer(old), 5'000}};
                  three.Ask(*scheduler, 10);
                  three.subflows.push_back(Supersede(old, second, MilliSeconds(10)));
                  three.candidates = {{PeekPointer(three.subflows[0]), 5'000}};
                  three.Ask(*scheduler, 10);
                  three.subflows.push_back(CreateObject<FakeSubflow>(first, MilliSeconds(10)));
                  three.candidates.push_back({PeekPointer(three.subflows[1]), 5'000});
                  const Counts counts = three.Ask(*scheduler, 400);
                  test.Expect(counts[0] >= 99 && counts[0] <= 101,
                              "a quarter: " + std::to_string(counts[0]));
              });
    suite.Add("weighted: lets go of subflows that have ended, and the others keep their turns",
              [](ScenarioTestCase& test)
              {
                  Three three;
                  auto scheduler = CreateObject<MptcpWeightedRoundRobin>();
                  scheduler->SetAttribute("Weights", StringValue("10.0.1.1=3"));
                  three.Ask(*scheduler, 1);
                  three.candidates.pop_back();
                  three.Ask(*scheduler, 1);
                  test.ExpectEqual(three.subflows[2]->GetReferenceCount(), 1U, "holders");
                  const Counts counts = three.Ask(*scheduler, 398);
                  test.Expect(counts[0] >= 98 && counts[0] <= 101, "a quarter");
              });
    suite.Add("weighted: what is no weight is refused and changes nothing",
              [](ScenarioTestCase& test)
              {
                  auto scheduler = CreateObject<MptcpWeightedRoundRobin>();
                  test.Expect(scheduler->SetWeights("10.0.0.1=2,2001:db8::1=3"), "two families");
                  for (const auto* text : {"10.0.0.1",
                                           "10.0.0.1=",
                                           "10.0.0.1=-1",
                                           "10.0.0.1=0",
                                           "10.0.0.1=nan",
                                           "10.0.0.1=inf",
                                           "10.0.0.1=1x",
                                           "host=1",
                                           "=1",
                                           "10.0.0.1=1,,10.0.1.1=1"})
                  {
                      test.Expect(!scheduler->SetWeights(text), text);
                  }
                  test.ExpectEqual(
                      scheduler->GetWeights(), "10.0.0.1=2,2001:db8::1=3", "as before");
                  test.Expect(scheduler->SetWeights(""), "none");
              });
}

/// The suite.
class MptcpSchedulerTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSchedulerTestSuite()
        : ScenarioTestSuite("mptcp-scheduler")
    {
        AddSimple(*this);
        AddBlest(*this);
        AddLinuxDefault(*this);
        AddLinuxDefaultEnds(*this);
        AddEcf(*this);
        AddWeighted(*this);
    }
} g_mptcpSchedulerTestSuite; //!< registers itself

} // namespace

} // namespace ns3
