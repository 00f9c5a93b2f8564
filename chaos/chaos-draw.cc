// SPDX-License-Identifier: GPL-2.0-only
// What a seed stands for. Numbers that another version draws otherwise make other runs of a seed.
#include "chaos-lot.h"
#include "chaos-plan.h"

#include "ns3/data-rate.h"

#include <algorithm>
#include <numeric>

namespace ns3
{

namespace
{

/// Draws a plan, part by part.
class Drawing
{
  public:
    /// @param seed any
    explicit Drawing(uint64_t seed)
        : m_lot(seed)
    {
        m_plan.seed = seed;
    }

    /// @return the plan
    ChaosPlan Draw();

  private:
    /// Topology and families.
    void DrawNetwork();
    /// What is in the way of segments, and queue discs.
    void DrawObstacles();
    /// Middleboxes of a path. @param path its number
    void DrawMiddleboxes(uint32_t path);
    /// Paths and addresses that go and come.
    void DrawOutages();
    /// What both ends of a connection do.
    void DrawConnection();
    /// Attributes of an end's socket. @param end number
    void DrawAttributes(uint32_t end);
    /// What an end does at odd times. @param end number
    void DrawMoods(uint32_t end);
    /// What came to the draws later: send buffers of subflows, as Linux has them, more attributes,
    /// and subflows closed for reading only. From a lot of its own, so that a seed's other events
    /// are what they were before.
    void DrawAdditions();

    /// @return an event that is not in the plan yet @param action what @param place where
    ChaosEvent Make(ChaosAction action, uint32_t place) const;
    /// @return a time in the first seconds, from its beginning with preference
    Time DrawTime();
    /// Add an attribute. @param end number @param name of it @param value of it
    void AddAttribute(uint32_t end, const std::string& name, const std::string& value);

    ChaosLot m_lot;         //!< draws
    ChaosPlan m_plan;       //!< so far
    bool m_stock{false};    //!< one end of all connections is ns-3's own TCP
    bool m_version0{false}; //!< the connection may be of version 0
    bool m_flips{false};    //!< headers may be corrupted
};

ChaosEvent
Drawing::Make(ChaosAction action, uint32_t place) const
{
    ChaosEvent event;
    event.action = action;
    event.place = place;
    return event;
}

Time
Drawing::DrawTime()
{
    return MilliSeconds(m_lot.Magnitude(10, 20'000));
}

void
Drawing::DrawNetwork()
{
    RigOptions& net = m_plan.net;
    net.run = m_plan.seed;
    net.ipv6 = m_lot.Chance(40);
    net.bothFamilies = m_lot.Chance(15);
    net.serverAddresses = m_lot.Chance(20) ? 2 : 1;
    net.paths.resize(m_lot.Between(1, 4));
    for (auto& path : net.paths)
    {
        path.rate = m_lot.Of<std::string>(
            {"64kbps", "256kbps", "1Mbps", "5Mbps", "20Mbps", "20Mbps", "100Mbps", "1Gbps"});
        path.delay = MicroSeconds(m_lot.Magnitude(100, 400'000));
        // A queue that takes a minute to drain is an outage of its own.
        const double packetsPerSecond = DataRate(path.rate).GetBitRate() / 12'000.0;
        path.queue = std::clamp(m_lot.Magnitude(2, 1'000), 2.0, 2 + 3 * packetsPerSecond);
        path.mtu = m_lot.Of<uint16_t>({1500, 1500, 1500, 1400, 1280});
    }
    m_stock = m_lot.Chance(12);
    m_flips = m_lot.Chance(30);
    net.checksums = m_flips || m_lot.Chance(30);
    if (m_stock)
    {
        // ns-3's own TCP does not follow the path's MTU.
        for (auto& path : net.paths)
        {
            path.mtu = 1500;
        }
    }
}

void
Drawing::DrawObstacles()
{
    for (uint32_t path = 0; path < m_plan.net.paths.size(); path++)
    {
        for (const auto direction : {FilterChannel::UP, FilterChannel::DOWN})
        {
            const auto add = [&](ChaosAction action, uint32_t percent, double low, double high)
            {
                if (m_lot.Chance(percent))
                {
                    auto event = Make(action, path);
                    event.direction = direction;
                    event.probability = m_lot.Magnitude(low, high);
                    event.span = MilliSeconds(m_lot.Magnitude(1, 500));
                    m_plan.events.push_back(event);
                }
            };
            add(ChaosAction::LOSS, 35, 0.001, 0.1);
            add(ChaosAction::BURSTS, 20, 0.005, 0.1);
            add(ChaosAction::REORDER, 30, 0.005, 0.5);
            add(ChaosAction::DUPLICATE, 25, 0.005, 0.3);
            if (m_flips)
            {
                add(ChaosAction::FLIP_HEADER, 50, 0.002, 0.1);
                add(ChaosAction::FLIP_PAYLOAD, 50, 0.002, 0.1);
            }
        }
        if (m_lot.Chance(30))
        {
            auto event = Make(ChaosAction::QUEUE_DISC, path);
            std::vector<std::string> classes{"ns3::PfifoFastQueueDisc", "ns3::CoDelQueueDisc"};
            if (!m_flips)
            {
                // They hash flows, and the parser of ns-3 reads an option of length 0 for ever.
                classes.insert(classes.end(), {"ns3::FqCoDelQueueDisc", "ns3::FqPieQueueDisc"});
            }
            event.value = m_lot.Of(classes);
            m_plan.events.push_back(event);
        }
        DrawMiddleboxes(path);
    }
}

void
Drawing::DrawMiddleboxes(uint32_t path)
{
    const auto flag = [this] { return m_lot.Chance(50) ? "true" : "false"; };
    const auto number = [this](double low, double high)
    { return std::to_string(uint32_t(m_lot.Magnitude(low, high))); };
    for (uint32_t n = m_lot.Chance(30) ? m_lot.Between(1, 2) : 0; n > 0; n--)
    {
        auto event = Make(ChaosAction::MIDDLEBOX, path);
        // ns-3's own TCP crashes on windows that others close.
        event.value =
            m_lot.Of<std::string>(m_stock ? std::vector<std::string>{"ns3::OptionRemovingBox",
                                                                     "ns3::SequenceRewritingBox",
                                                                     "ns3::SplittingBox",
                                                                     "ns3::TranslatingBox"}
                                          : std::vector<std::string>{"ns3::OptionRemovingBox",
                                                                     "ns3::OptionRemovingBox",
                                                                     "ns3::SequenceRewritingBox",
                                                                     "ns3::SplittingBox",
                                                                     "ns3::TranslatingBox",
                                                                     "ns3::MergingBox",
                                                                     "ns3::PayloadRewritingBox",
                                                                     "ns3::WindowShrinkingBox",
                                                                     "ns3::AcknowledgingBox",
                                                                     "ns3::HoleRefusingBox"});
        if (event.value == "ns3::OptionRemovingBox")
        {
            event.attributes = {{"Syn", flag()}, {"SynAck", flag()}, {"Others", flag()}};
            if (m_lot.Chance(20))
            {
                event.attributes.push_back({"Unknown", "true"});
            }
            else if (m_lot.Chance(30))
            {
                // Some subtypes of MPTCP only.
                event.attributes.push_back({"Subtypes", std::to_string(m_lot.Between(1, 511))});
            }
        }
        else if (event.value == "ns3::SequenceRewritingBox")
        {
            event.attributes = {{"Sack", m_lot.Chance(80) ? "true" : "false"}};
        }
        else if (event.value == "ns3::SplittingBox")
        {
            event.attributes = {{"Size", number(100, 1'400)},
                                {"FirstKeepsOptions", m_lot.Chance(80) ? "true" : "false"},
                                {"OthersKeepOptions", flag()}};
        }
        else if (event.value == "ns3::TranslatingBox")
        {
            const auto [four, six] = ChaosPlan::GetOutside(path);
            event.attributes = {{"Outside4", four}, {"Outside6", six}};
        }
        else if (event.value == "ns3::MergingBox")
        {
            // What it makes must fit the path.
            event.attributes = {{"Size", number(200, 1'150)},
                                {"Timeout", number(1, 20) + "ms"},
                                {"LastKeepsOptions", flag()}};
        }
        else if (event.value == "ns3::PayloadRewritingBox")
        {
            event.attributes = {{"Find", "ab"}, {"Replace", "xy"}};
        }
        else if (event.value == "ns3::WindowShrinkingBox")
        {
            event.attributes = {{"Maximum", number(20, 65'535)}};
        }
        m_plan.events.push_back(event);
    }
}

void
Drawing::DrawOutages()
{
    // All of them together are shorter than the time after which a connection may give up.
    Time left = Seconds(40);
    for (uint32_t n = m_lot.Chance(50) ? m_lot.Between(1, 6) : 0; n > 0; n--)
    {
        auto event = Make(m_lot.Of<ChaosAction>({ChaosAction::SILENCE,
                                                 ChaosAction::SILENCE,
                                                 ChaosAction::DOWN,
                                                 ChaosAction::READDRESS}),
                          m_lot.Between(0, m_plan.net.paths.size() - 1));
        event.at = DrawTime();
        event.span = std::min(left, MilliSeconds(m_lot.Magnitude(10, 20'000)));
        left -= event.span;
        if (event.action == ChaosAction::READDRESS && m_lot.Chance(30))
        {
            event.span = Time(0);
        }
        // ns-3's own TCP does not survive the loss of its address.
        if (!m_stock || event.action == ChaosAction::SILENCE)
        {
            m_plan.events.push_back(event);
        }
    }
}

void
Drawing::AddAttribute(uint32_t end, const std::string& name, const std::string& value)
{
    auto event = Make(ChaosAction::ATTRIBUTE, end);
    event.name = name;
    event.value = value;
    m_plan.events.push_back(event);
}

void
Drawing::DrawAttributes(uint32_t end)
{
    const bool client = end % 2 == 0;
    if (m_lot.Chance(60))
    {
        // From one segment on; ns-3's own TCP crashes when a window is full.
        const double least = m_stock ? 500'000 : 1'400;
        AddAttribute(end, "RcvBufSize", std::to_string(uint32_t(m_lot.Magnitude(least, 16e6))));
    }
    if (m_lot.Chance(50))
    {
        AddAttribute(end, "SndBufSize", std::to_string(uint32_t(m_lot.Magnitude(1'400, 16e6))));
    }
    for (const char* name : {"Timestamp",
                             "Sack",
                             "WindowScaling",
                             "Rack",
                             "TailLossProbe",
                             "RateReduction",
                             "Eifel",
                             "Frto",
                             "TcpNoDelay"})
    {
        // ns-3's own TCP crashes when a window is full, as those without scaling soon are.
        if (m_lot.Chance(8) && !(m_stock && std::string(name) == "WindowScaling"))
        {
            AddAttribute(end, name, "false");
        }
    }
    for (const char* name : {"Pacing",
                             "Checksum",
                             "OpportunisticRetransmission",
                             "KeepAlive",
                             "FastcloseByAck",
                             "RemoveAddressAtOnce",
                             "JoinNeedsListener"})
    {
        if (m_lot.Chance(12))
        {
            AddAttribute(end, name, "true");
        }
    }
    if (m_lot.Chance(70))
    {
        AddAttribute(end,
                     "Scheduler",
                     m_lot.Of<std::string>({"ns3::MptcpLowestRtt",
                                            "ns3::MptcpRoundRobin",
                                            "ns3::MptcpWeightedRoundRobin",
                                            "ns3::MptcpRedundant",
                                            "ns3::MptcpBlest",
                                            "ns3::MptcpEcf"}));
    }
    if (m_lot.Chance(70))
    {
        AddAttribute(end,
                     "CongestionControl",
                     m_lot.Of<std::string>({"ns3::MptcpLia",
                                            "ns3::MptcpOlia",
                                            "ns3::MptcpBalia",
                                            "ns3::MptcpWvegas",
                                            "ns3::TcpCubic",
                                            "ns3::TcpLinuxReno",
                                            "ns3::TcpVegas",
                                            "ns3::TcpBbr"}));
    }
    if (client && m_plan.endpoints)
    {
        AddAttribute(end, "PathManager", "ns3::MptcpEndpointPathManager");
    }
    else if (m_lot.Chance(30))
    {
        AddAttribute(end,
                     "PathManager",
                     m_lot.Of<std::string>({"ns3::MptcpNdiffports", "ns3::MptcpNoPathManager"}));
    }
    if (m_lot.Chance(6))
    {
        AddAttribute(end, "Multipath", "false");
    }
    // RFC 6824's; both ends or one that meets RFC 8684.
    if (m_version0 && m_lot.Chance(85))
    {
        AddAttribute(end, "Version", "0");
        AddAttribute(end, "Version0Checksum", m_lot.Chance(50) ? "true" : "false");
    }
    // A listening TCP of ns-3's takes a RST of any sequence number, as that which answers an old
    // SYN/ACK of the first attempt.
    if (m_lot.Chance(15) && !m_stock)
    {
        AddAttribute(end, "RetryVersion0", "true");
    }
    if (m_lot.Chance(15))
    {
        AddAttribute(end, "UseEcn", m_lot.Of<std::string>({"On", "AcceptOnly"}));
    }
    if (m_lot.Chance(10))
    {
        AddAttribute(end, "StaleLossCount", std::to_string(m_lot.Between(1, 6)));
    }
}

void
Drawing::DrawMoods(uint32_t end)
{
    const bool stock = m_plan.ends[end].stock;
    for (uint32_t n = m_lot.Chance(40) ? m_lot.Between(1, 3) : 0; n > 0; n--)
    {
        // A reader that stops shuts its window, on which ns-3's own TCP crashes.
        auto event =
            Make(!m_stock && m_lot.Chance(60) ? ChaosAction::STOP_READER : ChaosAction::STOP_WRITER,
                 end);
        event.at = DrawTime();
        event.span = MilliSeconds(m_lot.Magnitude(1, 60'000));
        m_plan.events.push_back(event);
    }
    for (uint32_t n = m_lot.Chance(12) && !stock ? m_lot.Between(1, 3) : 0; n > 0; n--)
    {
        const bool ends = m_lot.Chance(40);
        auto event = Make(ends ? ChaosAction::CLOSE_SUBFLOW : ChaosAction::SET_PRIORITY, end);
        event.at = DrawTime();
        event.pick = m_lot.Between(0, 7);
        event.value = ends ? m_lot.Of<std::string>({"RST", "FIN", "FIN and MP_PRIO"})
                           : m_lot.Of<std::string>({"backup", "backup", "regular"});
        m_plan.events.push_back(event);
    }
    if (m_lot.Chance(14) && !stock)
    {
        auto event = Make(
            m_lot.Of<ChaosAction>({ChaosAction::SHUTDOWN, ChaosAction::CLOSE, ChaosAction::RESET}),
            end);
        event.at = DrawTime();
        m_plan.events.push_back(event);
    }
}

void
Drawing::DrawConnection()
{
    const uint32_t first = m_plan.ends.size();
    const bool stockClient = m_stock && m_lot.Chance(50);
    m_version0 = m_lot.Chance(12);
    for (uint32_t end = first; end < first + 2; end++)
    {
        ChaosEndPlan plan;
        plan.bytes = m_lot.Chance(15) ? 0 : uint64_t(m_lot.Magnitude(1, 700'000));
        if (m_lot.Chance(4))
        {
            plan.bytes = m_lot.Magnitude(700'000, 8e6);
        }
        plan.writeSize = m_lot.Magnitude(50, 200'000);
        plan.readSize = m_lot.Magnitude(50, 200'000);
        plan.stock = m_stock && stockClient == (end % 2 == 0);
        m_plan.ends.push_back(plan);
    }
    using Ending = ChaosEndPlan::Ending;
    if (m_stock)
    {
        // ns-3's own TCP forgets what it has sent when both end at the same time.
        m_plan.ends[first + (stockClient ? 0 : 1)].ending = Ending::CLOSE_AT_END;
    }
    else
    {
        if (m_lot.Chance(25))
        {
            m_plan.ends[first + m_lot.Between(0, 1)].ending = Ending::CLOSE_AT_END;
        }
        if (m_lot.Chance(15))
        {
            // One that leaves first can end what the other still wants to say.
            m_plan.ends[first + m_lot.Between(0, 1)].ending = Ending::CLOSE_FIRST;
        }
    }
    for (uint32_t end = first; end < first + 2; end++)
    {
        if (!m_plan.ends[end].stock)
        {
            DrawAttributes(end);
        }
        DrawMoods(end);
    }
}

void
Drawing::DrawAdditions()
{
    ChaosLot lot(~m_plan.seed);
    for (uint32_t end = 0; end < m_plan.ends.size(); end++)
    {
        if (!m_plan.ends[end].stock && lot.Chance(20))
        {
            AddAttribute(
                end, "SubflowSendBuffer", std::to_string(uint32_t(lot.Magnitude(1'400, 4e6))));
            if (lot.Chance(70))
            {
                AddAttribute(end, "Scheduler", "ns3::MptcpLinuxDefault");
            }
        }
    }
    for (uint32_t end = 0; end < m_plan.ends.size(); end++)
    {
        if (m_plan.ends[end].stock)
        {
            continue;
        }
        const auto add = [&](const std::string& name, const std::string& value)
        {
            if (lot.Chance(12))
            {
                AddAttribute(end, name, value);
            }
        };
        add("Penalisation", "true");
        add("AddAddrDropsTimestamps", "true");
        add("RemoveAddressRepeats", std::to_string(lot.Between(0, 3)));
        add("DataMinRto", lot.Of<std::string>({"1ms", "200ms", "10s"}));
        if (lot.Chance(6))
        {
            auto event = Make(ChaosAction::CLOSE_SUBFLOW, end);
            event.at = MilliSeconds(lot.Magnitude(10, 20'000));
            event.pick = lot.Between(0, 7);
            event.value = "MP_PRIO";
            m_plan.events.push_back(event);
        }
    }
}

ChaosPlan
Drawing::Draw()
{
    DrawNetwork();
    DrawObstacles();
    DrawOutages();
    m_plan.endpoints = !m_stock && m_lot.Chance(20);
    for (uint32_t n = m_lot.Chance(80) ? 1 : m_lot.Between(2, 3); n > 0; n--)
    {
        DrawConnection();
    }
    DrawAdditions();
    m_plan.numbers.resize(m_plan.events.size());
    std::iota(m_plan.numbers.begin(), m_plan.numbers.end(), 1);
    return m_plan;
}

} // namespace

ChaosPlan
DrawChaosPlan(uint64_t seed)
{
    return Drawing(seed).Draw();
}

} // namespace ns3
