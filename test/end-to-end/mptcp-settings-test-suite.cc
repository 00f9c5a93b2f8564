// SPDX-License-Identifier: GPL-2.0-only
// Attributes that act deep in a connection: each value must be seen on the wire or in the traces.
#include "transfer-plan.h"

#include "ns3/mptcp-socket.h"
#include "ns3/rtt-estimator.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

namespace
{

using Ending = EndpointOptions::Ending;

constexpr uint16_t PORT = 80;
constexpr uint64_t SIZE = 4000000; // bytes, more than half a second on two paths

/// @param end one end @return its connection
Ptr<MptcpConnection>
GetConnection(const TestEndpoint& end)
{
    return DynamicCast<MptcpSocket>(end.GetSocket())->GetConnection();
}

/// An estimator that knows the RTT, whatever is measured.
class StubbornEstimator : public RttEstimator
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::StubbornEstimator")
                                .SetParent<RttEstimator>()
                                .SetGroupName("Mptcp")
                                .AddConstructor<StubbornEstimator>();
        return tid;
    }

    void Measurement(Time) override
    {
        m_estimatedRtt = Seconds(3);
        m_nSamples++;
    }

    Ptr<RttEstimator> Copy() const override
    {
        return CopyObject<StubbornEstimator>(this);
    }
};

NS_OBJECT_ENSURE_REGISTERED(StubbornEstimator);

/// Reinjections of a connection.
struct Reinjections
{
    std::vector<Time> times; //!< when

    /// @param connection whose @param see told of each one, too
    void Watch(Ptr<MptcpConnection> connection, std::function<void()> see = nullptr)
    {
        const std::function<void(Ptr<MptcpSubflow>, uint64_t, uint32_t)> sink =
            [this, see](Ptr<MptcpSubflow>, uint64_t, uint32_t)
        {
            times.push_back(Simulator::Now());
            if (see)
            {
                see();
            }
        };
        connection->TraceConnectWithoutContext(
            "Reinjection", Callback<void, Ptr<MptcpSubflow>, uint64_t, uint32_t>(sink));
    }
};

/// Path 0 dies; what it held is sent on path 1 after so many time-outs.
void
StaleTimeouts(ScenarioTestCase& test, uint32_t timeouts)
{
    TestRig rig(Paths(2));
    EndpointOptions client;
    client.send = SIZE;
    client.attributes = {{"StaleTimeouts", std::to_string(timeouts)}};
    EndpointOptions server;
    server.expect = SIZE;
    rig.Listen(PORT, server);
    rig.Connect(PORT, client);
    Reinjections seen;
    uint32_t count = 0;
    Simulator::Schedule(MilliSeconds(400),
                        [&]
                        {
                            const auto connection = GetConnection(*rig.opened[0]);
                            const auto first = connection->GetSubflows().front();
                            seen.Watch(connection,
                                       [&, first]
                                       {
                                           if (seen.times.size() == 1)
                                           {
                                               count = first->GetTimeouts();
                                           }
                                       });
                            rig.Path(0)->SetSilent(true);
                        });
    rig.Run(Seconds(1000));
    test.ExpectAllDelivered(rig);
    test.Expect(!seen.times.empty(), "data is moved");
    test.ExpectEqual(count, timeouts, "time-outs of the silent subflow by then");
}

/// The window closes for good: when is it probed?
void
PersistTimeout(ScenarioTestCase& test, bool multipath, Time timeout)
{
    TestRig rig;
    EndpointOptions server;
    server.reading = false;
    server.ending = Ending::NEVER;
    server.attributes = {{"RcvBufSize", "20000"}};
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.send = 100000;
    client.ending = Ending::NEVER;
    client.attributes = {{"Multipath", multipath ? "true" : "false"},
                         {"PersistTimeout", std::to_string(timeout.GetMilliSeconds()) + "ms"}};
    rig.Connect(PORT, client);
    Time full;                // when the last data left
    std::vector<Time> probes; // when
    uint32_t highest = 0;     // sequence number behind the data
    rig.Path(0)->AddTap(FilterChannel::UP,
                        [&](const WireSegment& segment)
                        {
                            const uint32_t end = segment.seq + segment.PayloadSize();
                            if (segment.PayloadSize() > 0 &&
                                static_cast<int32_t>(end - highest) > 0)
                            {
                                highest = end;
                                full = Simulator::Now();
                            }
                            else if (segment.seq == highest - 1)
                            {
                                probes.push_back(Simulator::Now());
                            }
                            highest = segment.syn ? segment.seq + 1 : highest;
                        });
    rig.Run(timeout * 8 + Seconds(1));
    test.ExpectEqual(probes.size(), 3U, "probes: after 1, 3 and 7 times the time-out");
    for (size_t i = 0; i < std::min<size_t>(probes.size(), 3); i++)
    {
        // The acknowledgment that closes the window comes an RTT and a delay behind the data.
        const Time after = probes[i] - (i == 0 ? full : probes[i - 1]);
        const Time late = after - timeout * (1 << i);
        test.Expect(late >= Time(0) && late < MilliSeconds(100),
                    "probe " + std::to_string(i + 1) + " after " +
                        std::to_string(after.GetMilliSeconds()) + " ms");
    }
}

/// One segment is overtaken by five. @param threshold ReTxThreshold
void
RetransmitThreshold(ScenarioTestCase& test, bool sack, uint32_t threshold)
{
    TestRig rig;
    EndpointOptions client;
    client.send = 200000;
    client.attributes = {{"ReTxThreshold", std::to_string(threshold)},
                         {"Rack", "false"},
                         {"Sack", sack ? "true" : "false"},
                         {"InitialCwnd", "30"}};
    EndpointOptions server;
    server.expect = 200000;
    // Until a DATA_FIN is acknowledged ACKs repeat it and have no room for SACK.
    server.ending = Ending::CLOSE_AT_EOF;
    rig.Listen(PORT, server);
    rig.Connect(PORT, client);
    uint32_t number = 0;
    uint32_t late = 0;  // its sequence number
    uint32_t times = 0; // that it left
    rig.Path(0)->AddRule(
        FilterChannel::UP,
        [&](WireSegment& segment, WireFate& fate)
        {
            if (segment.PayloadSize() > 0 && ++number == 10)
            {
                late = segment.seq;
                // A segment takes 0.6 ms at 20 Mb/s: five of them overtake it.
                fate.delay = MicroSeconds(3300);
            }
            times += number >= 10 && segment.PayloadSize() > 0 && segment.seq == late ? 1 : 0;
        });
    rig.Run(Seconds(100));
    test.ExpectDone(rig);
    test.ExpectEqual(times, threshold <= 5 ? 2U : 1U, "times that the late segment left");
}

/// The RTT is what the estimator says.
void
Estimator(ScenarioTestCase& test, bool multipath)
{
    TestRig rig;
    EndpointOptions client;
    client.send = SIZE;
    client.attributes = {{"RttEstimator", "ns3::StubbornEstimator"},
                         {"Multipath", multipath ? "true" : "false"}};
    EndpointOptions server;
    server.expect = SIZE;
    rig.Listen(PORT, server);
    rig.Connect(PORT, client);
    Time rtt;
    Time rto;
    Simulator::Schedule(MilliSeconds(500),
                        [&]
                        {
                            const auto subflow =
                                GetConnection(*rig.opened[0])->GetSubflows().front();
                            rtt = subflow->GetSmoothedRtt();
                            rto = subflow->GetRto();
                        });
    rig.Run(Seconds(100));
    test.ExpectDone(rig);
    test.ExpectEqual(rtt.GetMilliSeconds(), 3000, "smoothed RTT in ms");
    test.Expect(rto >= Seconds(3), "a time-out that is longer");
}

/**
 * Somebody turns data ACKs back, so that data which its subflow has delivered seems to be missing.
 * @param least DataMinRto
 */
void
DataTimeout(ScenarioTestCase& test, Time least)
{
    TestRig rig;
    EndpointOptions client;
    client.send = 300000;
    client.ending = Ending::NEVER;
    client.attributes = {{"DataMinRto", std::to_string(least.GetMilliSeconds()) + "ms"}};
    EndpointOptions server;
    server.expect = 300000;
    server.ending = Ending::NEVER;
    rig.Listen(PORT, server);
    rig.Connect(PORT, client);
    Time acked; // when the last data was acknowledged by its subflow
    bool lying = true;
    uint64_t old = 0; // the data ACK that all say
    rig.Path(0)->AddRule(
        FilterChannel::DOWN,
        [&](WireSegment& segment, WireFate& fate)
        {
            const auto* option = segment.FindMptcp(wire::DSS);
            const auto dss = option ? wire::ReadDss(*option) : std::nullopt;
            if (!dss || !dss->hasAck || !lying || Simulator::Now() < MilliSeconds(100))
            {
                return;
            }
            old = old == 0 ? dss->ack : old;
            const size_t size = dss->ack64 ? 8 : 4;
            for (size_t i = 0; i < size; i++)
            {
                segment.frame[option->at + 4 + i] = old >> 8 * (size - 1 - i) & 0xff;
            }
            fate.modified = true;
        });
    Reinjections seen;
    Simulator::Schedule(MilliSeconds(100),
                        [&]
                        {
                            const auto connection = GetConnection(*rig.opened[0]);
                            seen.Watch(connection,
                                       [&]
                                       {
                                           // Thrice, then it is over.
                                           lying = seen.times.size() < 400;
                                       });
                        });
    rig.Path(0)->AddTap(FilterChannel::UP,
                        [&](const WireSegment& segment)
                        {
                            if (segment.PayloadSize() > 0 && seen.times.empty())
                            {
                                acked = Simulator::Now();
                            }
                        });
    rig.Run(least * 40 + Seconds(10));
    test.ExpectEqual(rig.accepted.at(0)->received, client.send, "every byte");
    test.ExpectEqual(rig.accepted.at(0)->GetWrongByte(), std::string(), "no wrong byte");
    test.ExpectEqual(rig.opened[0]->acked, client.send, "data-acked in the end");
    // A time-out repeats many segments, one behind the other.
    std::vector<Time> begins;
    for (const Time& at : seen.times)
    {
        if (begins.empty() || at > begins.back() + least * 0.9)
        {
            begins.push_back(at);
        }
    }
    test.Expect(begins.size() >= 2, "sent again " + std::to_string(begins.size()) + " times");
    for (size_t i = 0; i < begins.size(); i++)
    {
        const Time after = begins[i] - (i == 0 ? acked : begins[i - 1]);
        const Time late = after - least * (1 << i);
        test.Expect(late >= Time(0) && late < MilliSeconds(250),
                    "time-out " + std::to_string(i + 1) + " after " +
                        std::to_string(after.GetMilliSeconds()) + " ms");
    }
}

/// The suite.
class MptcpSettingsTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSettingsTestSuite()
        : ScenarioTestSuite("mptcp-settings")
    {
        for (const uint32_t timeouts : {1U, 2U, 3U})
        {
            Add("StaleTimeouts: data moves after " + std::to_string(timeouts) + " time-outs",
                [timeouts](ScenarioTestCase& test) { StaleTimeouts(test, timeouts); });
        }
        for (const bool multipath : {false, true})
        {
            const std::string name = multipath ? ", Multipath TCP" : ", plain TCP";
            for (const int seconds : {1, 3})
            {
                Add("PersistTimeout: a closed window is probed from " + std::to_string(seconds) +
                        " s on" + name,
                    [=](ScenarioTestCase& test)
                    { PersistTimeout(test, multipath, Seconds(seconds)); });
            }
            Add("RttEstimator: its estimate counts" + name,
                [multipath](ScenarioTestCase& test) { Estimator(test, multipath); });
        }
        for (const bool sack : {false, true})
        {
            for (const uint32_t threshold : {1U, 3U, 5U, 7U})
            {
                Add("ReTxThreshold: " + std::to_string(threshold) +
                        " for a segment that five overtake" + (sack ? ", SACK" : ""),
                    [=](ScenarioTestCase& test) { RetransmitThreshold(test, sack, threshold); });
            }
        }
        for (const int milliseconds : {300, 1000, 2500})
        {
            Add("DataMinRto: data that its subflow delivered is sent again after " +
                    std::to_string(milliseconds) + " ms, then after twice the time",
                [=](ScenarioTestCase& test) { DataTimeout(test, MilliSeconds(milliseconds)); });
        }
    }
};

MptcpSettingsTestSuite g_mptcpSettingsTestSuite; //!< registers itself

} // namespace

} // namespace ns3
