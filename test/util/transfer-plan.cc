// SPDX-License-Identifier: GPL-2.0-only
#include "transfer-plan.h"

namespace ns3
{

namespace
{

constexpr uint16_t PORT = 80;

/// @param options of an end @param plan of it @param send bytes @param expect bytes @return both
EndpointOptions
Complete(EndpointOptions options, const TransferPlan& plan, uint64_t send, uint64_t expect)
{
    options.send = send;
    options.expect = expect;
    options.attributes.insert(
        options.attributes.end(), plan.attributes.begin(), plan.attributes.end());
    return options;
}

} // namespace

RigOptions
Paths(uint32_t count)
{
    RigOptions options;
    options.paths.resize(count);
    return options;
}

void
RunTransfer(ScenarioTestCase& test, const TransferPlan& plan)
{
    TestRig rig(plan.net);
    WireChecker wire(rig, PORT);
    rig.Listen(PORT, Complete(plan.server, plan, plan.down, plan.up), plan.stockServer);
    rig.Connect(
        PORT, Complete(plan.client, plan, plan.up, plan.down), MilliSeconds(10), plan.stockClient);
    if (plan.arrange)
    {
        plan.arrange(rig);
    }
    rig.Run(plan.limit);
    test.ExpectDone(rig);
    test.Expect(wire.GetSegments() > 0, "segments on the wire");
    auto expectation = plan.expectation;
    if (expectation == Expectation::LIKELY)
    {
        expectation = wire.IsMultipath() ? Expectation::MULTIPATH : Expectation::DELIVERED;
    }
    switch (expectation)
    {
    case Expectation::LIKELY:
    case Expectation::MULTIPATH:
        test.Expect(wire.IsMultipath(), "MP_CAPABLE was negotiated");
        test.Expect(!wire.HasInfiniteMapping(), "no fallback");
        test.ExpectEqual(wire.GetProblem(), "", "RFC 8684 on the wire");
        test.ExpectEqual(wire.GetContiguous(WireChecker::CLIENT), plan.up, "client's data by DSN");
        test.ExpectEqual(
            wire.GetContiguous(WireChecker::SERVER), plan.down, "server's data by DSN");
        test.Expect(wire.GetJoins() >= plan.joins,
                    std::to_string(plan.joins) + " joins, not " + std::to_string(wire.GetJoins()));
        for (const auto end : {WireChecker::CLIENT, WireChecker::SERVER})
        {
            test.Expect(wire.HasDataFin(end), "a DATA_FIN of both ends");
            test.Expect(wire.IsAllAcked(end), "all data and DATA_FIN data-acked");
        }
        break;
    case Expectation::FALLBACK:
        test.ExpectEqual(wire.GetJoins(), 0U, "joins of a connection that fell back");
        break;
    case Expectation::DELIVERED:
        break;
    case Expectation::PLAIN:
        test.ExpectEqual(wire.GetMptcpSegments(), 0U, "segments with MPTCP options");
        break;
    }
    if (plan.check)
    {
        plan.check(test, rig, wire);
    }
}

} // namespace ns3
