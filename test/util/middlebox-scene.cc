// SPDX-License-Identifier: GPL-2.0-only
#include "middlebox-scene.h"

#include "ns3/mptcp-l4-protocol.h"

#include <optional>

namespace ns3
{

namespace middleboxes
{

void
Watch(TestRig& rig, Tally& tally)
{
    for (const auto way : {FilterChannel::UP, FilterChannel::DOWN})
    {
        rig.ServerLink(0)->AddTap(way,
                                  [&tally, way](const WireSegment& segment)
                                  {
                                      if (IsSynAck(segment))
                                      {
                                          tally.agreed +=
                                              segment.FindMptcp(wire::MP_CAPABLE) ? 1 : 0;
                                          tally.joined += segment.FindMptcp(wire::MP_JOIN) ? 1 : 0;
                                      }
                                      const auto* option = segment.FindMptcp(wire::DSS);
                                      const auto dss =
                                          option ? wire::ReadDss(*option) : std::nullopt;
                                      if (dss && dss->hasMapping && dss->length == 0)
                                      {
                                          tally.infinite = true;
                                      }
                                      if (HasPayload(segment))
                                      {
                                          auto& unmapped = tally.unmapped[way == FilterChannel::UP];
                                          unmapped = dss && dss->hasMapping ? 0 : unmapped + 1;
                                      }
                                      tally.resets += segment.rst ? 1 : 0;
                                  });
    }
}

std::vector<Ptr<MiddleboxLink>>
InstallBoxes(TestRig& rig, const Scene& scene)
{
    std::vector<Ptr<MiddleboxLink>> links;
    for (uint32_t i = 0; i < rig.CountPaths(); i++)
    {
        if (scene.path < 0 || scene.path == static_cast<int>(i))
        {
            MiddleboxHelper helper;
            scene.boxes(helper, i);
            links.push_back(helper.Install(rig.Path(i)->GetDevice(0), rig.Path(i)->GetDevice(1)));
            MiddleboxHelper::AssignStreams(links.back(), 7000 + 100 * i);
        }
    }
    return links;
}

void
ExpectActions(ScenarioTestCase& test, const std::vector<Ptr<MiddleboxLink>>& links)
{
    uint64_t actions = 0;
    for (const auto& link : links)
    {
        for (const auto& box : link->GetBoxes())
        {
            actions += box->GetActions();
        }
    }
    test.Expect(actions > 0, "the boxes have done something");
}

void
ExpectChecksums(ScenarioTestCase& test, TestRig& rig)
{
    for (const auto& node : {rig.GetClient(), rig.GetServer()})
    {
        test.ExpectEqual(
            node->GetObject<MptcpL4Protocol>()->GetChecksumDrops(), 0U, "wrong checksums");
    }
}

namespace
{

/// @param test to report to @param scene what there is @param tally what was seen
void
ExpectOutcome(ScenarioTestCase& test, const Scene& scene, const Tally& tally)
{
    switch (scene.outcome)
    {
    case Outcome::MULTIPATH:
        test.Expect(tally.joined > 0, "a subflow joined");
        [[fallthrough]];
    case Outcome::ALONE:
        test.ExpectEqual(tally.agreed, 1U, "MP_CAPABLE agreed to");
        test.Expect(!tally.infinite, "no infinite mapping");
        // Pieces of a split segment may have none.
        test.Expect(tally.unmapped[0] < 10 && tally.unmapped[1] < 10, "data is mapped to the end");
        break;
    case Outcome::FALLBACK:
        test.ExpectEqual(tally.joined, 0U, "joins");
        test.Expect(tally.unmapped[0] > 100 && tally.unmapped[1] > 100,
                    "data is not mapped from early on");
        break;
    }
}

/// @param test to report to @param scene what there is @param ipv6 family
void
RunScene(ScenarioTestCase& test, const Scene& scene, bool ipv6)
{
    RigOptions options;
    options.paths.resize(scene.paths);
    options.ipv6 = ipv6;
    options.checksums = true;
    TestRig rig(options);
    Tally tally;
    Watch(rig, tally);
    const auto links = InstallBoxes(rig, scene);
    if (scene.arrange)
    {
        scene.arrange(rig);
    }
    RecordedTransfer transfer(rig, PORT);
    transfer.client.send = RecordedTransfer::MakeText(SIZE, 1);
    transfer.server.send = RecordedTransfer::MakeText(SIZE, 2);
    transfer.client.attributes = transfer.server.attributes = scene.attributes;
    transfer.Start();
    rig.Run(Seconds(600));
    test.ExpectEqual(transfer.server.received.size(), SIZE, "bytes at the server");
    test.ExpectEqual(transfer.client.received.size(), SIZE, "bytes at the client");
    test.Expect(transfer.server.received == transfer.client.send, "the server gets the original");
    test.Expect(transfer.client.received == transfer.server.send, "the client gets the original");
    test.Expect(transfer.server.eof && transfer.client.eof, "both ends read the end");
    test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
    ExpectActions(test, links);
    ExpectChecksums(test, rig);
    ExpectOutcome(test, scene, tally);
    if (scene.check)
    {
        scene.check(test, rig, transfer);
    }
}

} // namespace

void
AddScenes(ScenarioTestSuite& suite, const std::vector<Scene>& scenes)
{
    for (const auto& scene : scenes)
    {
        for (const bool ipv6 : {false, true})
        {
            suite.Add(scene.name + (ipv6 ? ", IPv6" : ""),
                      [scene, ipv6](ScenarioTestCase& test) { RunScene(test, scene, ipv6); });
        }
    }
}

} // namespace middleboxes

} // namespace ns3
