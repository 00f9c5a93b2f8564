// SPDX-License-Identifier: GPL-2.0-only
// Through each middlebox of RFC 8684 section 6 every byte arrives, as Multipath TCP or by fallback.
#include "middlebox-scene.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/error-model.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv6-address.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

namespace
{

using namespace middleboxes;

/// Lose data of all paths, before the boxes. @param rig the network
void
LoseData(TestRig& rig)
{
    for (const auto way : {FilterChannel::UP, FilterChannel::DOWN})
    {
        rig.OnAllPaths(
            way, [way](uint32_t i) { return DropRandom(HasPayload, 0.02, 8000 + 2 * i + way); });
    }
}

/// @param flags attributes of OptionRemovingBox, name and value @return adds such a box
std::function<void(MiddleboxHelper&, uint32_t)>
Remove(const std::vector<std::pair<std::string, bool>>& flags)
{
    return [=](MiddleboxHelper& helper, uint32_t)
    {
        ObjectFactory factory("ns3::OptionRemovingBox");
        for (const auto& [name, value] : flags)
        {
            factory.Set(name, BooleanValue(value));
        }
        helper.Add(factory);
    };
}

/// Options that are taken away, or that segments are dropped for.
std::vector<Scene>
GetOptionScenes()
{
    std::vector<Scene> scenes;
    const auto add = [&](const std::string& name,
                         const std::vector<std::pair<std::string, bool>>& flags,
                         Outcome outcome,
                         int path = -1)
    {
        Scene scene;
        scene.name = name;
        scene.boxes = Remove(flags);
        scene.outcome = outcome;
        scene.path = path;
        scenes.push_back(scene);
    };
    add("MPTCP options are removed from SYNs",
        {{"SynAck", false}, {"Others", false}},
        Outcome::FALLBACK);
    add("MPTCP options are removed from SYN-ACKs",
        {{"Syn", false}, {"Others", false}},
        Outcome::FALLBACK);
    add("MPTCP options are removed from all segments but SYNs",
        {{"Syn", false}, {"SynAck", false}},
        Outcome::FALLBACK);
    add("MPTCP options are removed from all that the client sends behind its SYN",
        {{"Syn", false}, {"Backward", false}},
        Outcome::FALLBACK);
    add("MPTCP options are removed from all that the server sends behind its SYN-ACK",
        {{"SynAck", false}, {"Forward", false}},
        Outcome::FALLBACK);
    add("MPTCP options are removed from everything", {}, Outcome::FALLBACK);
    add("all unknown options are removed", {{"Unknown", true}}, Outcome::FALLBACK);
    add("segments with MPTCP options are dropped", {{"DropSegment", true}}, Outcome::FALLBACK);
    add("segments with unknown options are dropped",
        {{"DropSegment", true}, {"Unknown", true}},
        Outcome::FALLBACK);
    add("segments with MPTCP options are dropped on the second path",
        {{"DropSegment", true}},
        Outcome::ALONE,
        1);
    add("MPTCP options are removed from SYNs of the second path",
        {{"SynAck", false}, {"Others", false}},
        Outcome::ALONE,
        1);
    add("MPTCP options are removed from SYN-ACKs of the second path",
        {{"Syn", false}, {"Others", false}},
        Outcome::ALONE,
        1);
    add("MPTCP options are removed from data of the second path",
        {{"Syn", false}, {"SynAck", false}},
        Outcome::ALONE,
        1);
    return scenes;
}

/// Segments that are changed but keep their bytes.
std::vector<Scene>
GetSegmentScenes()
{
    std::vector<Scene> scenes;
    const auto add = [&](const std::string& name,
                         Outcome outcome,
                         std::function<void(MiddleboxHelper&, uint32_t)> boxes)
    {
        Scene scene;
        scene.name = name;
        scene.outcome = outcome;
        scene.boxes = std::move(boxes);
        scenes.push_back(scene);
        return &scenes.back();
    };
    add("sequence numbers are made random",
        Outcome::MULTIPATH,
        [](auto& helper, uint32_t) { helper.Add("ns3::SequenceRewritingBox"); });
    add("sequence numbers are made random, with losses",
        Outcome::MULTIPATH,
        [](auto& helper, uint32_t) { helper.Add("ns3::SequenceRewritingBox"); })
        ->arrange = LoseData;
    add("sequence numbers are made random but SACK blocks forgotten, with losses",
        Outcome::MULTIPATH,
        [](auto& helper, uint32_t)
        { helper.Add("ns3::SequenceRewritingBox", "Sack", BooleanValue(false)); })
        ->arrange = LoseData;
    add("sequence numbers wrap around in mid-transfer",
        Outcome::MULTIPATH,
        [](auto& helper, uint32_t)
        {
            helper.Add("ns3::SequenceRewritingBox",
                       "ForwardShift",
                       UintegerValue(0xffff0000),
                       "BackwardShift",
                       UintegerValue(0x7fff0000));
        });
    const auto split = [](bool first, bool others)
    {
        return [=](MiddleboxHelper& helper, uint32_t)
        {
            helper.Add("ns3::SplittingBox",
                       "Size",
                       UintegerValue(500),
                       "FirstKeepsOptions",
                       BooleanValue(first),
                       "OthersKeepOptions",
                       BooleanValue(others));
        };
    };
    add("segments are split, options copied", Outcome::MULTIPATH, split(true, true));
    add("segments are split, options copied, with losses", Outcome::MULTIPATH, split(true, true))
        ->arrange = LoseData;
    add("segments are split, options kept on the first piece",
        Outcome::MULTIPATH,
        split(true, false));
    add("segments are split, options kept on the first piece, checksums in use",
        Outcome::MULTIPATH,
        split(true, false))
        ->attributes = {{"Checksum", "true"}};
    // Data without an option right behind the handshake means fallback (section 3.7).
    add("segments are split, options kept behind the first piece",
        Outcome::FALLBACK,
        split(false, true));
    add("segments are split, options lost", Outcome::FALLBACK, split(false, false));
    add("segments of the second path are split, options lost", Outcome::ALONE, split(false, false))
        ->path = 1;
    for (const bool last : {false, true})
    {
        auto* scene = add(std::string("segments are merged with the options of the ") +
                              (last ? "last" : "first") + " one",
                          Outcome::FALLBACK,
                          [last](auto& helper, uint32_t) {
                              helper.Add("ns3::MergingBox", "LastKeepsOptions", BooleanValue(last));
                          });
        scene->attributes = {{"SegmentSize", "600"}};
        Scene second = *scene;
        second.name = "on the second path " + second.name;
        second.path = 1;
        second.outcome = Outcome::ALONE;
        scenes.push_back(second);
    }
    add("windows are shrunk",
        Outcome::MULTIPATH,
        [](auto& helper, uint32_t)
        { helper.Add("ns3::WindowShrinkingBox", "Maximum", UintegerValue(20)); });
    add("windows are shrunk to less than a segment",
        Outcome::MULTIPATH,
        [](auto& helper, uint32_t)
        { helper.Add("ns3::WindowShrinkingBox", "Maximum", UintegerValue(1000)); })
        ->attributes = {{"RcvBufSize", "60000"}}; // no scaling
    add("data behind a hole is refused, with losses",
        Outcome::MULTIPATH,
        [](auto& helper, uint32_t) { helper.Add("ns3::HoleRefusingBox"); })
        ->arrange = LoseData;
    add("segments are split, numbers made random, windows shrunk, holes refused, with losses",
        Outcome::MULTIPATH,
        [](auto& helper, uint32_t)
        {
            helper.Add("ns3::SplittingBox", "Size", UintegerValue(700));
            helper.Add("ns3::SequenceRewritingBox");
            helper.Add("ns3::WindowShrinkingBox", "Maximum", UintegerValue(500));
            helper.Add("ns3::HoleRefusingBox");
        })
        ->arrange = LoseData;
    return scenes;
}

constexpr uint16_t OUTSIDE_PORT = 30000; // of a translator's first connection

/// @param path whose translator is meant @param ipv6 family @return its outside address
std::string
GetOutside(uint32_t path, bool ipv6)
{
    const std::string net = std::to_string(path + 1);
    return ipv6 ? "fd00:" + net + "::200" : "10." + net + ".0.200";
}

/// Adds a translator. @param helper of boxes @param path whose @param timeout when it forgets
void
Translate(MiddleboxHelper& helper, uint32_t path, Time timeout)
{
    helper.Add("ns3::TranslatingBox",
               "Outside4",
               Ipv4AddressValue(GetOutside(path, false).c_str()),
               "Outside6",
               Ipv6AddressValue(GetOutside(path, true).c_str()),
               "FirstPort",
               UintegerValue(OUTSIDE_PORT),
               "Timeout",
               TimeValue(timeout));
}

/// Translators of addresses and ports.
std::vector<Scene>
GetTranslationScenes()
{
    Scene all;
    all.name = "addresses and ports are translated";
    all.boxes = [](MiddleboxHelper& helper, uint32_t path) { Translate(helper, path, Time(0)); };
    all.check = [](ScenarioTestCase& test, TestRig&, RecordedTransfer& transfer)
    {
        Address peer;
        transfer.server.socket->GetPeerName(peer);
        const bool ipv6 = Inet6SocketAddress::IsMatchingType(peer);
        test.ExpectEqual(ToText(peer), GetOutside(0, ipv6), "client's address at the server");
        test.ExpectEqual(ipv6 ? Inet6SocketAddress::ConvertFrom(peer).GetPort()
                              : InetSocketAddress::ConvertFrom(peer).GetPort(),
                         OUTSIDE_PORT,
                         "client's port at the server");
    };
    Scene forgets = all;
    forgets.name = "a translator forgets the second path while it is silent";
    forgets.boxes = [](MiddleboxHelper& helper, uint32_t path)
    { Translate(helper, path, MilliSeconds(path == 1 ? 300 : 0)); };
    forgets.arrange = [](TestRig& rig)
    {
        const auto silence = [&rig](bool silent)
        { return [path = rig.Path(1), silent] { path->SetSilent(silent); }; };
        Simulator::Schedule(MilliSeconds(100), silence(true));
        Simulator::Schedule(MilliSeconds(900), silence(false));
    };
    forgets.check = nullptr;
    return {all, forgets};
}

// What boxes cost, and boxes of one's own

/// The box of doc/hostile-networks.md.
class DuplicatingBox : public DirectedMiddlebox
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::DuplicatingBox")
                                .SetParent<DirectedMiddlebox>()
                                .AddConstructor<DuplicatingBox>()
                                .AddAttribute("Every",
                                              "Each so many segments with data one is sent twice.",
                                              UintegerValue(3),
                                              MakeUintegerAccessor(&DuplicatingBox::m_every),
                                              MakeUintegerChecker<uint32_t>(1));
        return tid;
    }

    void Receive(Direction way, TcpFrame frame) override
    {
        if (Works(way) && !frame.payload.empty() && ++m_seen % m_every == 0)
        {
            Act(way, frame);
            Send(way, frame);
        }
        Send(way, std::move(frame));
    }

  private:
    uint32_t m_every{3};
    uint32_t m_seen{0};
};

NS_OBJECT_ENSURE_REGISTERED(DuplicatingBox);

/// @return scenes of boxes made here
std::vector<Scene>
GetOwnScenes()
{
    Scene scene;
    scene.name = "a box of one's own sends segments twice";
    scene.boxes = [](MiddleboxHelper& helper, uint32_t)
    { helper.Add("ns3::DuplicatingBox", "Every", UintegerValue(2)); };
    return {scene};
}

/// What holds for boxes whatever they do.
void
AddGeneral(ScenarioTestSuite& suite)
{
    for (const uint32_t paths : {1U, 2U})
    {
        suite.Add(paths == 1 ? "mappings that disappear from the only subflow later on end it"
                             : "mappings that disappear from one of two subflows later on end it",
                  [paths](ScenarioTestCase& test)
                  {
                      RigOptions options;
                      options.paths.resize(paths);
                      TestRig rig(options);
                      Tally tally;
                      Watch(rig, tally);
                      // Every tenth segment comes without its mapping.
                      Simulator::Schedule(
                          MilliSeconds(150),
                          [&]
                          {
                              rig.Path(paths - 1)->AddRule(
                                  FilterChannel::UP,
                                  [n = 0U](WireSegment& segment, WireFate& fate) mutable
                                  {
                                      if (HasPayload(segment) && ++n % 10 == 0)
                                      {
                                          segment.StripMptcp();
                                          fate.modified = true;
                                      }
                                  });
                          });
                      RecordedTransfer transfer(rig, PORT);
                      transfer.client.send = RecordedTransfer::MakeText(4 * SIZE, 4);
                      transfer.Start();
                      rig.Run(Seconds(600));
                      const auto& received = transfer.server.received;
                      test.Expect(transfer.client.send.compare(0, received.size(), received) == 0,
                                  "what arrives is the original");
                      test.Expect(tally.resets > 0, "a RST");
                      test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                      if (paths == 1)
                      {
                          test.Expect(transfer.client.failed && transfer.server.failed,
                                      "both ends are told");
                          return;
                      }
                      test.ExpectEqual(received.size(), 4 * SIZE, "bytes that arrive");
                      test.Expect(transfer.server.eof, "the end arrives");
                      test.Expect(transfer.server.eofAt < Seconds(4), "without waiting");
                  });
    }
    suite.Add("a box keeps an error model that was there, and wrong checksums wrong",
              [](ScenarioTestCase& test)
              {
                  RigOptions options;
                  options.checksums = true;
                  TestRig rig(options);
                  // What this rule turns has a checksum that does not fit when the box changes it.
                  rig.Path(0)->AddRule(FilterChannel::UP, CorruptEvery(HasPayload, 30));
                  auto model = CreateObject<RateErrorModel>();
                  model->SetAttribute("ErrorRate", DoubleValue(0.02));
                  model->SetAttribute("ErrorUnit", StringValue("ERROR_UNIT_PACKET"));
                  model->AssignStreams(7700);
                  uint32_t lost = 0;
                  auto device = DynamicCast<PointToPointNetDevice>(rig.Path(0)->GetDevice(1));
                  device->SetReceiveErrorModel(model);
                  const std::function<void(Ptr<const Packet>)> drop = [&](Ptr<const Packet>)
                  { lost++; };
                  device->TraceConnectWithoutContext("PhyRxDrop",
                                                     Callback<void, Ptr<const Packet>>(drop));
                  Scene scene;
                  scene.boxes = [](MiddleboxHelper& helper, uint32_t)
                  { helper.Add("ns3::SequenceRewritingBox"); };
                  InstallBoxes(rig, scene);
                  RecordedTransfer transfer(rig, PORT);
                  transfer.client.send = RecordedTransfer::MakeText(SIZE, 3);
                  transfer.Start();
                  rig.Run(Seconds(600));
                  test.Expect(transfer.server.received == transfer.client.send, "the original");
                  test.Expect(lost > 0, "the error model loses packets");
                  test.Expect(rig.GetServer()->GetObject<MptcpL4Protocol>()->GetChecksumDrops() > 0,
                              "segments that were corrupted are seen to be so");
                  test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
              });
}

/// The suite.
class MptcpMiddleboxTestSuite : public ScenarioTestSuite
{
  public:
    MptcpMiddleboxTestSuite()
        : ScenarioTestSuite("mptcp-middlebox")
    {
        AddScenes(*this, GetOptionScenes());
        AddScenes(*this, GetSegmentScenes());
        AddScenes(*this, GetTranslationScenes());
        AddScenes(*this, GetOwnScenes());
        AddGeneral(*this);
    }
};

MptcpMiddleboxTestSuite g_mptcpMiddleboxTestSuite; //!< registers itself

} // namespace

} // namespace ns3
