// SPDX-License-Identifier: GPL-2.0-only
// Many connections, many subflows, numbers that wrap.
#include "transfer-plan.h"

namespace ns3
{

namespace
{

constexpr uint16_t PORT = 80;

/// What a connection of some run begins with.
struct Beginning
{
    uint32_t initialSequence{0}; //!< of the client's first subflow
    uint64_t dataSequence{0};    //!< of the client's first byte
};

/// @param run of the random numbers @param ipv6 which family @return how the connection begins
Beginning
GetBeginning(uint64_t run)
{
    RigOptions net;
    net.run = run;
    TestRig rig(net);
    WireChecker wire(rig, PORT);
    EndpointOptions end;
    end.ending = EndpointOptions::Ending::NEVER;
    rig.Listen(PORT, end);
    rig.Connect(PORT, end);
    rig.Run(MilliSeconds(60));
    Beginning beginning;
    beginning.initialSequence = wire.GetInitialSequence(WireChecker::CLIENT);
    beginning.dataSequence = wire::InitialDataSequence(wire.GetKey(WireChecker::CLIENT)) + 1;
    return beginning;
}

/// @param wraps whether the number of a beginning will do @return a run whose beginning does
std::optional<uint64_t>
FindRun(std::function<bool(const Beginning&)> wraps)
{
    for (uint64_t run = 1; run < 3000; run++)
    {
        if (wraps(GetBeginning(run)))
        {
            return run;
        }
    }
    return std::nullopt;
}

constexpr uint32_t WRAP_SIZE = 16000000; // bytes of a transfer whose numbers wrap

/// @param number first one @return whether 32 bits wrap in the middle of the transfer
bool
Wraps(uint32_t number)
{
    const uint32_t left = -number;
    return left > 100000 && left < WRAP_SIZE - 1000000;
}

/// A transfer upwards with the random numbers of a run. @param test to report to @param run it
void
RunWrapping(ScenarioTestCase& test, std::optional<uint64_t> run)
{
    test.Expect(run.has_value(), "a run with such numbers exists");
    if (!run)
    {
        return;
    }
    TransferPlan plan;
    plan.net.run = *run;
    plan.net.paths[0].rate = "200Mbps";
    plan.up = WRAP_SIZE;
    plan.arrange = [](TestRig& rig)
    {
        rig.Path(0)->AddRule(FilterChannel::UP, DropRandom(IsAny, 0.001, 5000));
        rig.Path(0)->AddRule(FilterChannel::UP, DelayRandom(IsAny, 0.01, MilliSeconds(2), 5001));
    };
    RunTransfer(test, plan);
}

/// The suite.
class MptcpScaleTestSuite : public ScenarioTestSuite
{
  public:
    MptcpScaleTestSuite()
        : ScenarioTestSuite("mptcp-scale")
    {
        for (const bool multipath : {true, false})
        {
            Add(std::string("1,000 connections at once") + (multipath ? "" : ", plain TCP"),
                [=](ScenarioTestCase& test)
                {
                    auto net = Paths(2);
                    for (auto& path : net.paths)
                    {
                        path.rate = "100Mbps";
                        path.queue = 1000;
                    }
                    TestRig rig(net);
                    EndpointOptions client;
                    client.send = 3000;
                    client.expect = 5000;
                    client.attributes = {{"Multipath", multipath ? "true" : "false"}};
                    EndpointOptions server;
                    server.send = 5000;
                    server.expect = 3000;
                    server.attributes = client.attributes;
                    rig.Listen(PORT, server);
                    for (uint32_t i = 0; i < 1000; i++)
                    {
                        rig.Connect(PORT, client, MicroSeconds(10000 + 100 * i));
                    }
                    rig.Run(Seconds(600));
                    test.ExpectDone(rig, 1000);
                });
        }
        Add("a thousand connections one after the other",
            [](ScenarioTestCase& test)
            {
                TestRig rig(Paths(1));
                EndpointOptions client;
                client.send = 100;
                EndpointOptions server;
                server.expect = 100;
                rig.Listen(PORT, server);
                for (uint32_t i = 0; i < 1000; i++)
                {
                    rig.Connect(PORT, client, MilliSeconds(10 + 200 * i));
                }
                rig.Run(Seconds(600));
                test.ExpectDone(rig, 1000);
            });
        Add("eight paths",
            [](ScenarioTestCase& test)
            {
                TransferPlan plan;
                plan.net = Paths(8);
                plan.up = 8000000;
                plan.down = 2000000;
                plan.joins = 7;
                RunTransfer(test, plan);
            });
        Add("more paths than MaxSubflows",
            [](ScenarioTestCase& test)
            {
                TransferPlan plan;
                plan.net = Paths(4);
                plan.up = 3000000;
                plan.attributes = {{"MaxSubflows", "2"}};
                plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                { test.ExpectEqual(wire.GetJoins(), 1U, "joins"); };
                RunTransfer(test, plan);
            });
        Add("sequence numbers of a subflow wrap",
            [](ScenarioTestCase& test)
            {
                RunWrapping(test,
                            FindRun([](const Beginning& beginning)
                                    { return Wraps(beginning.initialSequence); }));
            });
        Add("the lower 32 bits of data sequence numbers wrap",
            [](ScenarioTestCase& test)
            {
                RunWrapping(test,
                            FindRun([](const Beginning& beginning)
                                    { return Wraps(beginning.dataSequence); }));
            });
        for (const uint64_t left : {1ULL, 5000ULL, 1000000ULL, (1ULL << 32) - 500000, 1ULL << 31})
        {
            for (const bool loss : {false, true})
            {
                Add("64-bit data sequence numbers begin " + std::to_string(left) +
                        " bytes below 2^64" + (loss ? ", loss and reordering" : ""),
                    [=](ScenarioTestCase& test)
                    {
                        TransferPlan plan;
                        plan.net = Paths(2);
                        plan.up = 1500000;
                        plan.down = 1500000;
                        plan.joins = 1;
                        plan.arrange = [=](TestRig& rig)
                        {
                            wire::ForceSequence(-left);
                            for (const auto direction : {FilterChannel::UP, FilterChannel::DOWN})
                            {
                                rig.OnAllPaths(
                                    direction,
                                    [=](uint32_t i)
                                    { return DropRandom(IsAny, loss ? 0.01 : 0, 5000 + i); });
                                rig.OnAllPaths(direction,
                                               [=](uint32_t i) {
                                                   return DelayRandom(IsAny,
                                                                      loss ? 0.05 : 0,
                                                                      MilliSeconds(10),
                                                                      5010 + i);
                                               });
                            }
                        };
                        RunTransfer(test, plan);
                    });
            }
        }
        AddSlow("4.5 GB over two paths",
                [](ScenarioTestCase& test)
                {
                    TestRig rig(
                        []
                        {
                            auto net = Paths(2);
                            for (auto& path : net.paths)
                            {
                                path.rate = "1Gbps";
                                path.delay = MilliSeconds(1);
                                path.queue = 1000;
                            }
                            return net;
                        }());
                    EndpointOptions client;
                    client.send = 4500000000;
                    client.writeSize = 65536;
                    EndpointOptions server;
                    server.expect = client.send;
                    rig.Listen(PORT, server);
                    rig.Connect(PORT, client);
                    rig.Run(Seconds(600));
                    test.ExpectDone(rig);
                });
    }
};

MptcpScaleTestSuite g_mptcpScaleTestSuite; //!< registers itself

} // namespace

} // namespace ns3
