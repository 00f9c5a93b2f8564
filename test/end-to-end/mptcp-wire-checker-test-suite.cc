// SPDX-License-Identifier: GPL-2.0-only
// What the checker of other suites complains of: rules between the server and the client's links
// change what a sender that follows RFC 8684 has sent into what it must not send.
#include "transfer-plan.h"

#include "ns3/mptcp-socket.h"

#include <algorithm>

namespace ns3
{

namespace
{

constexpr uint16_t PORT = 80;
constexpr uint64_t SIZE = 100000;

/// Let one mapping cover two segments. @param first ordinal of the first one's, from 1
/// @return a rule for a way without losses
WireRule
Merge(uint32_t first)
{
    return [first, count = 0U](WireSegment& segment, WireFate& fate) mutable
    {
        if (segment.PayloadSize() == 0 || ++count < first || count > first + 1)
        {
            return;
        }
        const auto* option = segment.FindMptcp(wire::DSS);
        const auto dss = wire::ReadDss(*option);
        uint8_t* bytes = &segment.frame[option->at];
        if (count == first)
        {
            // The length is last, for there is no checksum.
            const uint16_t sum = 2 * dss->length;
            bytes[bytes[1] - 2] = sum >> 8;
            bytes[bytes[1] - 1] = sum & 0xff;
        }
        else
        {
            const uint8_t length = bytes[1];
            bytes[1] = 4 + (dss->ack64 ? 8 : 4);
            bytes[3] &= 0x03;
            std::fill(bytes + bytes[1], bytes + length, 1); // NOP
        }
        segment.FixChecksum();
        fate.modified = true;
    };
}

/// The suite.
class MptcpWireCheckerTestSuite : public ScenarioTestSuite
{
  public:
    MptcpWireCheckerTestSuite()
        : ScenarioTestSuite("mptcp-wire-checker")
    {
        for (const uint32_t first : {1U, 60U})
        {
            Add(std::string("3.7: a mapping for two segments ") +
                    (first == 1 ? "while no data was data-acked is complained of"
                                : "later is none of its concern"),
                [=](ScenarioTestCase& test)
                {
                    TestRig rig(Paths(1));
                    WireChecker wire(rig, PORT);
                    rig.ServerLink(0)->AddRule(FilterChannel::UP, Merge(first));
                    EndpointOptions server;
                    server.send = SIZE;
                    EndpointOptions client;
                    client.expect = SIZE;
                    rig.Listen(PORT, server);
                    rig.Connect(PORT, client);
                    rig.Run(Seconds(60));
                    // Whoever receives it takes it.
                    test.ExpectDone(rig);
                    test.ExpectEqual(wire.GetContiguous(WireChecker::SERVER), SIZE, "bytes");
                    test.ExpectEqual(wire.GetProblem().substr(0, 23),
                                     first == 1 ? "no mapping in a segment" : "",
                                     "complaint");
                });
        }
        for (const bool advertised : {false, true})
        {
            Add(advertised ? "3.9.1: ... unless the port was advertised"
                           : "3.9.1: a join to another port than the first subflow's is "
                             "complained of",
                [=](ScenarioTestCase& test)
                {
                    TestRig rig(Paths(2));
                    WireChecker wire(rig, PORT);
                    EndpointOptions both;
                    both.send = both.expect = SIZE;
                    both.attributes = {{"PathManager", "ns3::MptcpNoPathManager"}};
                    rig.Listen(PORT, both);
                    rig.Connect(PORT, both);
                    const auto getSocket = [](const std::unique_ptr<TestEndpoint>& end)
                    { return DynamicCast<MptcpSocket>(end->GetSocket()); };
                    if (advertised)
                    {
                        Simulator::Schedule(MilliSeconds(70),
                                            [&] {
                                                getSocket(rig.accepted.at(0))
                                                    ->GetConnection()
                                                    ->Advertise(rig.GetServerIp(0, false), 8080);
                                            });
                    }
                    Simulator::Schedule(MilliSeconds(100),
                                        [&]
                                        {
                                            getSocket(rig.opened[0])
                                                ->OpenSubflow(rig.GetClientAddress(1, 0),
                                                              rig.GetServerAddress(0, 8080));
                                        });
                    rig.Run(Seconds(60));
                    test.ExpectDone(rig);
                    test.ExpectEqual(wire.GetJoins(), 1U, "joins");
                    test.ExpectEqual(wire.GetProblem().substr(0, 16),
                                     advertised ? "" : "a join to a port",
                                     "complaint");
                });
        }
    }
};

MptcpWireCheckerTestSuite g_mptcpWireCheckerTestSuite; //!< registers itself

} // namespace

} // namespace ns3
