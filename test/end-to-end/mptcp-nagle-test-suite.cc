// SPDX-License-Identifier: GPL-2.0-only
// Small writes: Nagle's algorithm, RFC 9293 section 3.7.4.
#include "test-rig.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

namespace
{

constexpr uint16_t PORT = 80;
constexpr uint32_t WRITE = 100;  // bytes
constexpr uint32_t WRITES = 400; // one each millisecond

/// Data segments of the client.
struct Segments
{
    uint32_t count{0};   //!< all
    uint32_t small{0};   //!< not full, with data that is not acknowledged before them
    uint32_t largest{0}; //!< payload bytes
    uint32_t acked{0};   //!< acknowledgment that has arrived
    bool anyAck{false};  //!< acked is known
    Time firstSmall;     //!< when the first of small left

    /// @param rig where @param full payload bytes of a full segment
    Segments(TestRig& rig, uint32_t full)
    {
        rig.Path(0)->AddArrivalTap(FilterChannel::DOWN,
                                   [this](const WireSegment& segment)
                                   {
                                       if (segment.hasAck)
                                       {
                                           acked = segment.ack;
                                           anyAck = true;
                                       }
                                   });
        rig.Path(0)->AddTap(FilterChannel::UP,
                            [this, full](const WireSegment& segment)
                            {
                                const auto size = static_cast<uint32_t>(segment.PayloadSize());
                                if (size == 0)
                                {
                                    return;
                                }
                                count++;
                                largest = std::max(largest, size);
                                if (size < full && anyAck && segment.seq != acked)
                                {
                                    small++;
                                    firstSmall = small == 1 ? Simulator::Now() : firstSmall;
                                }
                            });
    }
};

/// @param test to report to @param multipath or plain TCP @param noDelay attribute
void
SmallWrites(ScenarioTestCase& test, bool multipath, bool noDelay)
{
    TestRig rig;
    EndpointOptions server;
    server.expect = WRITE * WRITES;
    server.ending = EndpointOptions::Ending::NEVER;
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.ending = EndpointOptions::Ending::NEVER;
    client.attributes = {{"Multipath", multipath ? "true" : "false"},
                         {"TcpNoDelay", noDelay ? "true" : "false"}};
    auto& end = rig.Connect(PORT, client);
    Segments segments(rig, multipath ? 1420 : 1448);
    for (uint32_t i = 0; i < WRITES; i++)
    {
        Simulator::Schedule(MilliSeconds(100 + i), [&end] { end.SendMore(WRITE); });
    }
    rig.Run(Seconds(2));
    test.ExpectEqual(rig.accepted.at(0)->GetProblem(), std::string(), "every byte, none waits");
    if (noDelay)
    {
        test.ExpectEqual(segments.count, WRITES, "a segment for each write");
        return;
    }
    test.ExpectEqual(segments.small,
                     0U,
                     "small segments while data is unacknowledged, the first at " +
                         std::to_string(segments.firstSmall.GetSeconds()));
    // 20 ms of round trip: the first write of each alone, the others with the next ACK.
    test.Expect(segments.count < WRITES / 8, std::to_string(segments.count) + " segments");
    test.Expect(segments.largest >= 1420, "full ones among them");
}

/// The last small segment does not wait for the end of anything else once the application closes.
void
ClosingFlushes(ScenarioTestCase& test, bool multipath)
{
    TestRig rig;
    EndpointOptions server;
    server.expect = 2 * WRITE;
    rig.Listen(PORT, server);
    EndpointOptions client;
    client.ending = EndpointOptions::Ending::NEVER;
    client.attributes = {{"Multipath", multipath ? "true" : "false"}, {"TcpNoDelay", "false"}};
    auto& end = rig.Connect(PORT, client);
    Simulator::Schedule(MilliSeconds(100),
                        [&end]
                        {
                            end.SendMore(WRITE);
                            end.SendMore(WRITE);
                            end.ShutdownSend();
                        });
    rig.Run(MilliSeconds(115));
    test.ExpectEqual(rig.accepted.at(0)->received, 2 * WRITE, "bytes after one way");
}

/// The suite.
class MptcpNagleTestSuite : public ScenarioTestSuite
{
  public:
    MptcpNagleTestSuite()
        : ScenarioTestSuite("mptcp-nagle")
    {
        for (const bool multipath : {false, true})
        {
            const std::string name = multipath ? "Multipath TCP" : "plain TCP";
            Add("RFC 9293 3.7.4: small writes wait for the ACK, " + name,
                [multipath](ScenarioTestCase& test) { SmallWrites(test, multipath, false); });
            Add("RFC 9293 3.7.4: TcpNoDelay sends them at once, " + name,
                [multipath](ScenarioTestCase& test) { SmallWrites(test, multipath, true); });
            Add("RFC 9293 3.7.4: the end of the data lets nothing wait, " + name,
                [multipath](ScenarioTestCase& test) { ClosingFlushes(test, multipath); });
        }
    }
};

MptcpNagleTestSuite g_mptcpNagleTestSuite; //!< registers itself

} // namespace

} // namespace ns3
