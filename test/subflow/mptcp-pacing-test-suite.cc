// SPDX-License-Identifier: GPL-2.0-only
// Pacing, rate samples, and the congestion control that lives by them.
#include "tcp-subflow-rig.h"

#include "ns3/tcp-bbr.h"

using namespace ns3;
using namespace ns3::tcprig;

namespace
{

constexpr uint32_t SEGMENT = 1448;

/// @param end who sent @param from number of the first data segment to look at
/// @return the shortest time between two data segments
Time
ShortestGap(const End& end, uint32_t from)
{
    Time shortest = Time::Max();
    Time before;
    uint32_t number = 0;
    for (const auto& sent : end.log)
    {
        if (sent.segment.payloadSize == SEGMENT)
        {
            if (number > from)
            {
                shortest = std::min(shortest, sent.at - before);
            }
            before = sent.at;
            ++number;
        }
    }
    return shortest;
}

void
Spaced(Case& test, Rig& rig, bool pacing)
{
    rig.client.settings->m_pacing = pacing;
    rig.client.settings->m_initialCwnd = 40;
    rig.client.settings->m_initialSsThresh = 40 * SEGMENT;
    rig.client.toSend = 1000000;
    rig.Connect();
    rig.Run(Seconds(5));
    test.Expect(rig.AllRight(), "every byte");
    // 40 segments and one more each round trip of 40 ms, for less than 20 of them; a fifth faster.
    const Time gap = ShortestGap(rig.client, 41);
    const Time least = MicroSeconds(40000 * 10 / 12 / 60);
    test.Equal(
        gap >= least, pacing, "shortest gap in us: " + std::to_string(gap.GetMicroSeconds()));
    const Time took = rig.client.log.back().at - rig.client.log.front().at;
    test.Expect(took < MilliSeconds(40 * 22), "as fast as the window allows");
}

void
AcksInBatches(Case& test, Rig& rig, bool pacing)
{
    // ACKs come together, as over a link that gathers packets, a quarter of the window at a time:
    // what they free leaves later, yet the window has been used up.
    rig.client.settings->m_pacing = pacing;
    rig.client.settings->m_initialSsThresh = 20 * SEGMENT;
    rig.server.settings->m_delAckCount = 1;
    rig.client.toSend = 3000000;
    rig.server.filter = [](const TcpSegment& segment, uint32_t)
    {
        End::Fate fate;
        const int64_t past = Simulator::Now().GetMicroSeconds() % 10000;
        fate.extraDelay = segment.Has(TCP_SYN) ? Time(0) : MicroSeconds(10000 - past);
        return fate;
    };
    rig.Connect();
    rig.Run(Seconds(1));
    test.Equal(rig.client.subflow->GetDetails().retransmissions, 0u, "no loss");
    const uint32_t window = rig.client.subflow->GetCongestionWindow() / SEGMENT;
    // One segment each round trip of 45 ms, from the time on when it is 20.
    test.Expect(window >= 36 && window <= 44, "window after 1 s: " + std::to_string(window));
}

void
UsedUpOnce(Case& test, Rig& rig)
{
    // RFC 7661: a window that was used up once does not grow later, in congestion avoidance.
    rig.client.settings->m_pacing = true;
    rig.client.settings->m_initialSsThresh = 10 * SEGMENT;
    rig.client.toSend = 10 * SEGMENT;
    rig.Connect();
    for (int i = 0; i < 50; ++i)
    {
        rig.Run(MilliSeconds(100));
        rig.client.toSend += 3 * SEGMENT;
        rig.client.Push();
    }
    rig.Run(MilliSeconds(100));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(rig.client.subflow->GetCongestionWindow() / SEGMENT, 11u, "one more, for one time");
}

void
SlowStart(Case& test, Rig& rig)
{
    rig.client.settings->m_pacing = true;
    rig.client.toSend = 300000;
    rig.Connect();
    rig.Run(Seconds(5));
    test.Expect(rig.AllRight(), "every byte");
    // 207 segments are six round trips of 40 ms with the handshake, and 21 without growth.
    const Time took = rig.client.log.back().at;
    test.Expect(took < MilliSeconds(480), "took ms: " + std::to_string(took.GetMilliSeconds()));
    test.Expect(ShortestGap(rig.client, 11) > MicroSeconds(50), "spaced");
}

void
PacedLosses(Case& test, Rig& rig)
{
    rig.Both(
        [](End& end)
        {
            end.settings->m_pacing = true;
            end.toSend = 1000000;
            end.closeWhenSent = true;
            end.rate = 20000000;
        });
    Disturb(rig, 0.02, 0.05, 0.02, 21);
    rig.Connect();
    rig.Run(Seconds(300));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(rig.client.ends.size() + rig.server.ends.size(), 2u, "closed");
}

void
PacedInitialWindow(Case& test, Rig& rig)
{
    rig.client.settings->m_pacing = true;
    rig.client.toSend = 30000;
    rig.Connect();
    rig.client.subflow->GetSocketState()->m_paceInitialWindow = true;
    rig.Run(Seconds(2));
    test.Expect(rig.AllRight(), "every byte");
    test.Expect(ShortestGap(rig.client, 1) > MicroSeconds(500), "spaced from the start");
}

void
MaxRate(Case& test, Rig& rig)
{
    rig.client.settings->m_pacing = true;
    rig.client.toSend = 1000000;
    rig.Connect();
    rig.client.subflow->GetSocketState()->m_maxPacingRate = DataRate("4Mbps");
    rig.Run(Seconds(10));
    test.Expect(rig.AllRight(), "every byte");
    const Time took = rig.client.log.back().at;
    test.Expect(took > MilliSeconds(1900) && took < MilliSeconds(2300), "1 MB at 4 Mb/s");
}

void
Bbr(Case& test, Rig& rig, uint32_t queue, double loss)
{
    rig.client.congestion = TcpBbr::GetTypeId();
    rig.client.rate = 20000000;
    rig.client.queueLimit = queue;
    rig.client.toSend = 20000000;
    Disturb(rig, loss, 0, 0, 22);
    rig.Connect();
    rig.Run(Seconds(60));
    test.Expect(rig.AllRight(), "every byte");
    const double rate = 20e6 * 8 / rig.server.log.back().at.GetSeconds() / 1e6;
    test.Expect(rate > 17, "the path is filled: " + std::to_string(rate) + " of 20 Mb/s");
}

void
BbrLater(Case& test, Rig& rig)
{
    rig.client.rate = 20000000;
    rig.client.queueLimit = 50;
    rig.client.toSend = 10000000;
    rig.Connect();
    rig.Run(Seconds(1));
    rig.client.subflow->SetCongestionOps(CreateObject<TcpBbr>());
    rig.Run(Seconds(2));
    rig.client.subflow->SetCongestionOps(CreateObject<TcpLinuxReno>());
    rig.Run(Seconds(60));
    test.Expect(rig.AllRight(), "every byte, across two changes");
}

class MptcpPacingTestSuite : public TestSuite
{
  public:
    MptcpPacingTestSuite()
        : TestSuite("mptcp-pacing", Type::UNIT)
    {
        Add("Segments are spaced over the round trip",
            [](Case& test, Rig& rig) { Spaced(test, rig, true); });
        Add("Without pacing they are not", [](Case& test, Rig& rig) { Spaced(test, rig, false); });
        for (const bool pacing : {false, true})
        {
            Add(std::string("ACKs in batches make the window grow, ") +
                    (pacing ? "with" : "without") + " pacing",
                [pacing](Case& test, Rig& rig) { AcksInBatches(test, rig, pacing); });
        }
        Add("A window that was used up once grows once, with pacing", UsedUpOnce);
        Add("Slow start still doubles", SlowStart);
        Add("Losses, reordering and duplicates while pacing", PacedLosses);
        Add("PaceInitialWindow", PacedInitialWindow);
        Add("MaxPacingRate", MaxRate);
        Add("BBR fills a path with a small queue",
            [](Case& test, Rig& rig) { Bbr(test, rig, 20, 0); });
        Add("BBR fills a path with a large queue",
            [](Case& test, Rig& rig) { Bbr(test, rig, 200, 0); });
        Add("BBR takes 1 % of losses for none",
            [](Case& test, Rig& rig) { Bbr(test, rig, 50, 0.01); });
        Add("BBR in the middle of a transfer", BbrLater);
    }

  private:
    /// @param name of the case @param body of the case
    void Add(const std::string& name, Case::Body body)
    {
        AddTestCase(new Case(name, std::move(body)));
    }
};

MptcpPacingTestSuite g_mptcpPacingTestSuite;

} // namespace
