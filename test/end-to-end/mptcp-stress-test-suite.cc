// SPDX-License-Identifier: GPL-2.0-only
// Everything at once, drawn by lot: what no single sentence of the specification thinks of.
#include "transfer-plan.h"

#include <random>

namespace ns3
{

namespace
{

/// Draws numbers; the same ones for the same seed, on each machine.
class Lot
{
  public:
    /// @param seed any
    explicit Lot(uint32_t seed)
        : m_engine(seed)
    {
    }

    /// @param low bound @param high bound, included @return a number between them
    uint32_t Between(uint32_t low, uint32_t high)
    {
        return low + m_engine() % (high - low + 1);
    }

    /// @param percent probability @return whether it happens
    bool Chance(uint32_t percent)
    {
        return Between(1, 100) <= percent;
    }

    /// @param values to choose from @return one
    template <typename T>
    T Of(const std::vector<T>& values)
    {
        return values[Between(0, values.size() - 1)];
    }

  private:
    std::mt19937 m_engine; //!< the standard says what it draws
};

/// Obstacles that a transfer survives. @param rig where @param lot draws them
/// @param interfaces whether addresses come and go as well
void
Obstruct(TestRig& rig, Lot& lot, bool interfaces)
{
    int64_t stream = 5000;
    for (const auto direction : {FilterChannel::UP, FilterChannel::DOWN})
    {
        for (uint32_t i = 0; i < rig.CountPaths(); i++)
        {
            if (lot.Chance(50))
            {
                rig.Path(i)->AddRule(direction,
                                     DropRandom(IsAny, lot.Between(1, 80) / 1000.0, stream++));
            }
            if (lot.Chance(40))
            {
                rig.Path(i)->AddRule(direction,
                                     DelayRandom(IsAny,
                                                 lot.Between(1, 30) / 100.0,
                                                 MilliSeconds(lot.Between(1, 60)),
                                                 stream++));
            }
            if (lot.Chance(30))
            {
                rig.Path(i)->AddRule(direction,
                                     DuplicateRandom(IsAny, lot.Between(1, 20) / 100.0, stream++));
            }
        }
    }
    for (uint32_t n = lot.Between(0, 4); n > 0; n--)
    {
        const uint32_t path = lot.Between(0, rig.CountPaths() - 1);
        const Time from = MilliSeconds(lot.Between(30, 2500));
        const Time to = from + MilliSeconds(lot.Between(20, 3000));
        const bool silence = !interfaces || lot.Chance(50);
        for (const bool begin : {true, false})
        {
            Simulator::Schedule(begin ? from : to,
                                [&rig, path, silence, begin]
                                {
                                    if (silence)
                                    {
                                        rig.Path(path)->SetSilent(begin);
                                    }
                                    else
                                    {
                                        rig.SetInterface(path, !begin);
                                    }
                                });
        }
    }
    for (auto* ends : {&rig.opened, &rig.accepted})
    {
        for (uint32_t n = lot.Between(0, 2); n > 0; n--)
        {
            const Time from = MilliSeconds(lot.Between(30, 1500));
            const Time to = from + MilliSeconds(lot.Between(1, 4000));
            for (const bool begin : {true, false})
            {
                Simulator::Schedule(begin ? from : to,
                                    [ends, begin]
                                    {
                                        if (!ends->empty())
                                        {
                                            (*ends)[0]->SetReading(!begin);
                                        }
                                    });
            }
        }
    }
}

/// One run. @param test to report to @param seed of the lot
void
RunStress(ScenarioTestCase& test, uint32_t seed)
{
    using Ending = EndpointOptions::Ending;
    Lot lot(seed);
    TransferPlan plan;
    plan.net.run = seed;
    plan.net.ipv6 = lot.Chance(40);
    plan.net.paths.resize(lot.Between(1, 3));
    for (auto& path : plan.net.paths)
    {
        path.rate = lot.Of<std::string>({"1Mbps", "5Mbps", "20Mbps", "100Mbps"});
        path.delay = MilliSeconds(lot.Of<uint32_t>({1, 5, 20, 50, 150}));
        path.queue = lot.Of<uint32_t>({5, 20, 100, 1000});
        path.mtu = lot.Of<uint32_t>({1500, 1500, 1500, 1400, 1280});
    }
    plan.net.serverAddresses = lot.Chance(20) ? 2 : 1;
    plan.up = lot.Of<uint64_t>({0, 1, 1420, 20000, 150000, 500000});
    plan.down = lot.Of<uint64_t>({0, 1, 1421, 20000, 150000, 500000});
    plan.limit = Seconds(6000);
    const bool multipath = lot.Chance(85);
    plan.expectation = Expectation::LIKELY;
    if (!multipath)
    {
        plan.attributes.push_back({"Multipath", "false"});
        plan.expectation = Expectation::PLAIN;
    }
    for (auto* end : {&plan.client, &plan.server})
    {
        end->writeSize = lot.Of<uint32_t>({100, 1000, 4000, 16384, 65536});
        end->readSize = lot.Of<uint32_t>({100, 1000, 16384, 65536});
        if (lot.Chance(40))
        {
            end->attributes.push_back(
                {"RcvBufSize", lot.Of<std::string>({"1500", "5000", "20000", "100000"})});
        }
        if (lot.Chance(30))
        {
            end->attributes.push_back(
                {"SndBufSize", lot.Of<std::string>({"1500", "5000", "20000", "100000"})});
        }
        for (const char* option : {"Timestamp", "Sack", "WindowScaling"})
        {
            if (lot.Chance(10))
            {
                end->attributes.push_back({option, "false"});
            }
        }
    }
    if (lot.Chance(20))
    {
        plan.client.ending = Ending::CLOSE_WHEN_SENT;
        plan.down = 0;
        plan.server.ending = Ending::CLOSE_AT_EOF;
    }
    plan.attributes.push_back(
        {"Scheduler", lot.Of<std::string>({"ns3::MptcpLowestRtt", "ns3::MptcpRoundRobin"})});
    plan.attributes.push_back(
        {"PathManager",
         lot.Of<std::string>(
             {"ns3::MptcpFullMesh", "ns3::MptcpFullMesh", "ns3::MptcpNdiffports"})});
    plan.attributes.push_back({"CongestionControl",
                               lot.Of<std::string>({"ns3::TcpCubic",
                                                    "ns3::TcpLinuxReno",
                                                    "ns3::TcpNewReno",
                                                    "ns3::TcpVegas",
                                                    "ns3::MptcpLia"})});
    // Plain TCP does not survive the loss of its address.
    const bool interfaces = multipath && lot.Chance(50);
    plan.arrange = [&](TestRig& rig) { Obstruct(rig, lot, interfaces); };
    RunTransfer(test, plan);
}

/// Whatever arrives: nothing crashes and nobody sends for ever.
/// @param test to report to
/// @param seed of the lot
/// @param obstacle makes the rule for a path's direction
/// @param bytesMatter no wrong byte gets through, and what the application closes comes to an end
void
RunHostile(ScenarioTestCase& test,
           uint32_t seed,
           std::function<WireRule(Lot& lot, int64_t stream)> obstacle,
           bool bytesMatter)
{
    Lot lot(seed);
    RigOptions net;
    net.run = seed;
    net.paths.resize(2);
    net.ipv6 = lot.Chance(30);
    TestRig rig(net);
    EndpointOptions client;
    EndpointOptions server;
    client.send = server.expect = lot.Of<uint64_t>({0, 1000, 200000});
    server.send = client.expect = lot.Of<uint64_t>({0, 1000, 200000});
    client.attributes = server.attributes = {{"CloseTimeout", "5s"}};
    int64_t stream = 5000;
    for (const auto direction : {FilterChannel::UP, FilterChannel::DOWN})
    {
        rig.OnAllPaths(direction, [&](uint32_t) { return obstacle(lot, stream++); });
    }
    rig.Listen(80, server);
    rig.Connect(80, client);
    Simulator::Schedule(Seconds(300),
                        [&]
                        {
                            for (auto* ends : {&rig.opened, &rig.accepted})
                            {
                                for (auto& end : *ends)
                                {
                                    if (!end->closed)
                                    {
                                        end->Close();
                                    }
                                }
                            }
                        });
    rig.Run(Seconds(6000));
    test.Expect(Simulator::IsFinished(), "nobody sends for ever");
    if (bytesMatter)
    {
        test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
    }
    for (const auto* ends : {&rig.opened, &rig.accepted})
    {
        for (const auto& end : *ends)
        {
            test.Expect(!bytesMatter || end->GetWrongByte().empty(), end->GetWrongByte());
        }
    }
}

/// @param lot draws the rate @param stream random stream
/// @return a rule that takes MPTCP options from random segments
WireRule
StripRandom(Lot& lot, int64_t stream)
{
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(stream);
    const double probability = lot.Between(1, 30) / 100.0;
    return StripMptcp([=](const WireSegment&) { return random->GetValue() < probability; });
}

/// @param lot draws the rate @param stream random stream
/// @return a rule that turns bytes of the options of random segments
WireRule
TurnOptions(Lot& lot, int64_t stream)
{
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(stream);
    const double probability = lot.Between(1, 20) / 100.0;
    return [=](WireSegment& segment, WireFate& fate)
    {
        const size_t begin = segment.tcpAt + 20;
        if (segment.payloadAt > begin && random->GetValue() < probability)
        {
            segment.frame[random->GetInteger(begin, segment.payloadAt - 1)] =
                random->GetInteger(0, 255);
            fate.modified = true;
        }
    };
}

/// @param lot draws the rate @param stream random stream
/// @return a rule that turns bytes of the TCP header of random segments, ports and options too
WireRule
TurnHeader(Lot& lot, int64_t stream)
{
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(stream);
    const double probability = lot.Between(1, 20) / 100.0;
    return [=](WireSegment& segment, WireFate& fate)
    {
        if (random->GetValue() < probability)
        {
            const size_t at = random->GetInteger(segment.tcpAt, segment.payloadAt - 1);
            segment.frame[at] = random->GetInteger(0, 255);
            fate.modified = true;
        }
    };
}

/// The suite.
class MptcpStressTestSuite : public ScenarioTestSuite
{
  public:
    MptcpStressTestSuite()
        : ScenarioTestSuite("mptcp-stress")
    {
        // The peer has ended and its last data ACK is lost together with the path.
        for (const uint32_t seed : {631, 982, 1571, 6162, 6937, 7156})
        {
            Add("all arrives, whatever happens, number " + std::to_string(seed),
                [seed](ScenarioTestCase& test) { RunStress(test, seed); });
        }
        for (uint32_t seed = FIRST; seed < FIRST + COUNT; seed++)
        {
            Add("all arrives, whatever happens, number " + std::to_string(seed),
                [seed](ScenarioTestCase& test) { RunStress(test, seed); });
        }
        for (uint32_t seed = FIRST; seed < FIRST + COUNT; seed++)
        {
            Add("random segments lose their MPTCP options, number " + std::to_string(seed),
                [seed](ScenarioTestCase& test) { RunHostile(test, seed, StripRandom, true); });
            Add("random options are changed, number " + std::to_string(seed),
                [seed](ScenarioTestCase& test) { RunHostile(test, seed, TurnOptions, false); });
            Add("random headers are changed, number " + std::to_string(seed),
                [seed](ScenarioTestCase& test) { RunHostile(test, seed, TurnHeader, false); });
        }
    }

  private:
    static constexpr uint32_t FIRST = 1;  //!< seed
    static constexpr uint32_t COUNT = 60; //!< seeds
};

MptcpStressTestSuite g_mptcpStressTestSuite; //!< registers itself

} // namespace

} // namespace ns3
