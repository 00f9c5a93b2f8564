// SPDX-License-Identifier: GPL-2.0-only
// Through each middlebox of RFC 8684 section 6 every byte arrives, as Multipath TCP or by fallback.
#include "recorded-transfer.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/error-model.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv6-address.h"
#include "ns3/middlebox-helper.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

namespace ns3
{

namespace
{

constexpr uint16_t PORT = 80;
constexpr size_t SIZE = 400000; // bytes each way

/// What a connection is when it ends.
enum class Outcome
{
    MULTIPATH, //!< Multipath TCP on more than one subflow
    ALONE,     //!< Multipath TCP, of which one subflow has worked
    FALLBACK,  //!< plain TCP
    EITHER,    //!< whatever
};

/// A box and what is to be expected.
struct Scene
{
    std::string name;                                      //!< a sentence
    std::function<void(MiddleboxHelper&, uint32_t)> boxes; //!< adds those of a path
    Outcome outcome{Outcome::MULTIPATH};                   //!< see Outcome
    int path{-1};                                          //!< which one has the boxes; -1: all
    uint32_t paths{2};                                     //!< how many there are
    TestAttributes attributes;                             //!< of both ends
    std::function<void(TestRig&)> arrange;                 //!< more obstacles
    /// looks at more
    std::function<void(ScenarioTestCase&, TestRig&, RecordedTransfer&)> check;
};

/// What the server's link has carried.
struct Tally
{
    uint32_t agreed{0};     //!< SYN/ACKs with MP_CAPABLE
    uint32_t joined{0};     //!< SYN/ACKs with MP_JOIN
    bool infinite{false};   //!< an infinite mapping
    uint32_t unmapped[2]{}; //!< segments at the end without mapping, of client and server
    uint32_t resets{0};     //!< RSTs
};

/// @param rig whose server's link to watch @param tally fills it in
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

/// @param rig the network @param scene whose boxes to put on its paths
/// @return the links that have some
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

/// @param test to report to @param links whose boxes have all done something
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

/// @param test to report to @param rig the network: no segment had a wrong checksum
void
ExpectChecksums(ScenarioTestCase& test, TestRig& rig)
{
    for (const auto& node : {rig.GetClient(), rig.GetServer()})
    {
        test.ExpectEqual(
            node->GetObject<MptcpL4Protocol>()->GetChecksumDrops(), 0U, "wrong checksums");
    }
}

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
    case Outcome::EITHER:
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
    add("segments are split, options lost", Outcome::EITHER, split(false, false));
    add("segments of the second path are split, options lost", Outcome::ALONE, split(false, false))
        ->path = 1;
    for (const bool last : {false, true})
    {
        auto* scene = add(std::string("segments are merged with the options of the ") +
                              (last ? "last" : "first") + " one",
                          Outcome::EITHER,
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

/// @param address an address @return as WireSegment has it
std::array<uint8_t, 16>
GetBytes(const IpAddress& address)
{
    std::array<uint8_t, 16> bytes{};
    if (const auto* v4 = std::get_if<Ipv4Address>(&address))
    {
        v4->Serialize(bytes.data());
    }
    else
    {
        std::get<Ipv6Address>(address).Serialize(bytes.data());
    }
    return bytes;
}

/// Proxies that acknowledge by themselves.
std::vector<Scene>
GetProxyScenes()
{
    Scene all;
    all.name = "a proxy acknowledges the data of all paths";
    all.boxes = [](auto& helper, uint32_t) { helper.Add("ns3::AcknowledgingBox"); };
    all.outcome = Outcome::EITHER;
    Scene second = all;
    second.name = "a proxy acknowledges the data of the second path";
    second.path = 1;
    second.outcome = Outcome::MULTIPATH;
    Scene losing = second;
    losing.name = "a proxy acknowledges data of the second path that is lost behind it";
    losing.arrange = [](TestRig& rig)
    {
        rig.ServerLink(0)->AddRule(
            FilterChannel::DOWN,
            DropEvery(
                [](const WireSegment& segment)
                {
                    return HasPayload(segment) &&
                           (segment.source == GetBytes(TestRig::GetClientIp(1, false)) ||
                            segment.source == GetBytes(TestRig::GetClientIp(1, true)));
                },
                20));
    };
    return {all, second, losing};
}

/// @param rig whose path gets a proxy that acknowledges by itself @return the links that have one
std::vector<Ptr<MiddleboxLink>>
InstallProxy(TestRig& rig)
{
    Scene scene;
    scene.boxes = [](MiddleboxHelper& helper, uint32_t) { helper.Add("ns3::AcknowledgingBox"); };
    return InstallBoxes(rig, scene);
}

/// Through a proxy that acknowledges by itself, on the only path, the server falls back. If it has
/// no more data then to carry the infinite mapping, the client's DATA_FIN still needs an answer.
void
AddProxiesBeforeSilence(ScenarioTestSuite& suite)
{
    const std::tuple<const char*, size_t, size_t> sizes[] = {{"the server's only byte", 0, 1},
                                                             {"the client's only byte", 1, 0},
                                                             {"a byte each way", 1, 1}};
    for (const auto& [name, up, down] : sizes)
    {
        suite.Add(std::string("a proxy acknowledges ") + name + ", and the client closes later",
                  [up = up, down = down](ScenarioTestCase& test)
                  {
                      TestRig rig;
                      const auto links = InstallProxy(rig);
                      EndpointOptions server;
                      server.send = down;
                      server.expect = up;
                      server.ending = EndpointOptions::Ending::CLOSE_AT_EOF;
                      EndpointOptions client;
                      client.send = up;
                      client.expect = down;
                      client.ending = EndpointOptions::Ending::NEVER;
                      rig.Listen(PORT, server);
                      auto& end = rig.Connect(PORT, client);
                      Simulator::Schedule(Seconds(1), [&end] { end.ShutdownSend(); });
                      Simulator::Schedule(Seconds(3), [&end] { end.Close(); });
                      rig.Run(Seconds(1200));
                      test.ExpectEqual(end.GetProblem(), "", "the client");
                      test.ExpectEqual(rig.accepted.at(0)->GetProblem(), "", "the server");
                      test.Expect(end.eof && end.eofAt < Seconds(3), "answered at once");
                      test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                      ExpectActions(test, links);
                  });
    }
}

/// A proxy that keeps nothing must not acknowledge what the receiver has no room for.
void
AddSlowReader(ScenarioTestSuite& suite)
{
    suite.Add("a proxy acknowledges data for an end that does not read for a while",
              [](ScenarioTestCase& test)
              {
                  TestRig rig;
                  const auto links = InstallProxy(rig);
                  EndpointOptions server;
                  server.send = 10;
                  server.expect = SIZE / 10;
                  server.attributes = {{"RcvBufSize", "3151"}};
                  EndpointOptions client;
                  client.send = server.expect;
                  client.expect = server.send;
                  client.attributes = {{"Multipath", "false"}};
                  rig.Listen(PORT, server);
                  const auto& end = rig.Connect(PORT, client);
                  const auto read = [&rig](bool reading)
                  { return [&rig, reading] { rig.accepted.at(0)->SetReading(reading); }; };
                  Simulator::Schedule(MilliSeconds(150), read(false));
                  Simulator::Schedule(Seconds(5), read(true));
                  rig.Run(Seconds(600));
                  test.ExpectEqual(end.GetProblem(), "", "the client");
                  test.ExpectEqual(rig.accepted.at(0)->GetProblem(), "", "the server");
                  test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                  ExpectActions(test, links);
              });
}

/// Adds a translator. @param helper of boxes @param path whose @param timeout when it forgets
void
Translate(MiddleboxHelper& helper, uint32_t path, Time timeout)
{
    const std::string net = std::to_string(path + 1);
    helper.Add("ns3::TranslatingBox",
               "Outside4",
               Ipv4AddressValue(("10." + net + ".0.200").c_str()),
               "Outside6",
               Ipv6AddressValue(("fd00:" + net + "::200").c_str()),
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
    all.check = [](ScenarioTestCase& test, TestRig& rig, RecordedTransfer& transfer)
    {
        Address peer;
        transfer.server.socket->GetPeerName(peer);
        test.Expect(peer != rig.GetClientAddress(0, 0), "the server sees another address");
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

// Payload

constexpr const char* ADDRESS = "10,1,0,1"; //!< what an FTP gateway looks for

/// @param quiet bytes at the beginning without an address
/// @return lines as of an FTP control connection, with an address now and then
std::string
MakeDialogue(size_t quiet)
{
    std::string text;
    for (uint32_t line = 0; text.size() < SIZE; line++)
    {
        text += line % 300 == 150 && text.size() >= quiet
                    ? std::string("PORT ") + ADDRESS + ",78,32\r\n"
                    : "200 line " + std::to_string(line) + " of a dialogue\r\n";
    }
    return text;
}

/// @param original what was sent @param received what arrived @param address what the gateway
/// writes instead of ADDRESS
/// @return how often it stands there if all else is as it was, or nothing
std::optional<uint32_t>
CountChanges(const std::string& original, const std::string& received, const std::string& address)
{
    const std::string find = ADDRESS;
    uint32_t changes = 0;
    size_t at = 0;
    for (size_t i = 0; i < original.size();)
    {
        const bool here = original.compare(i, find.size(), find) == 0;
        if (here && received.compare(at, find.size(), find) != 0)
        {
            if (received.compare(at, address.size(), address) != 0)
            {
                return std::nullopt;
            }
            changes++;
            i += find.size();
            at += address.size();
            continue;
        }
        if (at >= received.size() || received[at] != original[i])
        {
            return std::nullopt;
        }
        i++;
        at++;
    }
    return at == received.size() ? std::optional(changes) : std::nullopt;
}

/// What a gateway writes, and where.
struct Gateway
{
    std::string address;  //!< instead of ADDRESS
    bool upload{true};    //!< direction of the data
    int path{-1};         //!< which has the box; -1: all
    uint32_t paths{1};    //!< how many there are
    bool ipv6{false};     //!< family
    bool checksums{true}; //!< of MPTCP
};

/// @param test to report to @param gateway what there is
void
RunGateway(ScenarioTestCase& test, const Gateway& gateway)
{
    RigOptions options;
    options.paths.resize(gateway.paths);
    options.ipv6 = gateway.ipv6;
    options.checksums = true;
    TestRig rig(options);
    Tally tally;
    Watch(rig, tally);
    Scene scene;
    scene.path = gateway.path;
    scene.boxes = [&](MiddleboxHelper& helper, uint32_t)
    {
        helper.Add("ns3::PayloadRewritingBox",
                   "Find",
                   StringValue(ADDRESS),
                   "Replace",
                   StringValue(gateway.address));
    };
    const auto links = InstallBoxes(rig, scene);
    RecordedTransfer transfer(rig, PORT);
    transfer.client.attributes = {{"Checksum", gateway.checksums ? "true" : "false"}};
    (gateway.upload ? transfer.client : transfer.server).send =
        MakeDialogue(gateway.paths > 1 ? SIZE / 3 : 0); // when the second subflow has joined
    transfer.Start();
    rig.Run(Seconds(600));
    const auto& source = gateway.upload ? transfer.client : transfer.server;
    const auto& sink = gateway.upload ? transfer.server : transfer.client;
    const auto changes = CountChanges(source.send, sink.received, gateway.address);
    test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
    ExpectActions(test, links);
    ExpectChecksums(test, rig);
    if (gateway.path < 0 && gateway.paths > 1)
    {
        // As in Linux nothing falls back once there were two subflows: the second one that is
        // reset takes the connection with it.
        test.Expect(transfer.client.failed && transfer.server.failed, "both ends are told");
        test.Expect(sink.received.size() >= SIZE / 4, "much has arrived");
        test.Expect(source.send.compare(0, sink.received.size(), sink.received) == 0,
                    "what has arrived is the beginning of the original");
        return;
    }
    test.Expect(transfer.client.eof && transfer.server.eof, "both ends read the end");
    if (!changes)
    {
        test.Expect(false,
                    std::to_string(sink.received.size()) + " bytes of " +
                        std::to_string(source.send.size()) + " arrive, other than the gateway's");
        return;
    }
    test.ExpectEqual(tally.agreed, 1U, "MP_CAPABLE agreed to");
    if (gateway.path >= 0)
    {
        test.ExpectEqual(*changes, 0U, "changes that arrive although a clean subflow is there");
        test.Expect(!tally.infinite, "no infinite mapping");
    }
    else
    {
        test.Expect(*changes > 0, "the changed text arrives");
        test.ExpectEqual(tally.infinite, gateway.checksums, "an infinite mapping");
    }
}

/// Gateways that change the payload, with and without another length.
void
AddGateways(ScenarioTestSuite& suite)
{
    const std::pair<const char*, const char*> texts[] = {
        {"same", "99,9,9,9"}, {"greater", "192,168,100,200"}, {"smaller", "9,9,9,9"}};
    const std::tuple<const char*, int, uint32_t> places[] = {
        {"the only subflow: the changed stream arrives by MP_FAIL", -1, 1},
        {"the second of two subflows: the original arrives", 1, 2},
        {"the first of two subflows: the original arrives", 0, 2},
        {"both of two subflows: both ends are told of an error", -1, 2}};
    for (const auto& [length, text] : texts)
    {
        for (const auto& [place, path, paths] : places)
        {
            for (const bool upload : {true, false})
            {
                const Gateway gateway{text, upload, path, paths, !upload, true};
                suite.Add(std::string("payload is changed to the ") + length + " length on " +
                              place + (upload ? ", upload" : ", download, IPv6"),
                          [gateway](ScenarioTestCase& test) { RunGateway(test, gateway); });
            }
        }
    }
    const Gateway unnoticed{"99,9,9,9", true, -1, 1, false, false};
    suite.Add("payload is changed to the same length without checksums: nobody notices",
              [unnoticed](ScenarioTestCase& test) { RunGateway(test, unnoticed); });
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
        for (const auto& scenes : {GetOptionScenes(),
                                   GetSegmentScenes(),
                                   GetProxyScenes(),
                                   GetTranslationScenes(),
                                   GetOwnScenes()})
        {
            for (const auto& scene : scenes)
            {
                for (const bool ipv6 : {false, true})
                {
                    Add(scene.name + (ipv6 ? ", IPv6" : ""),
                        [scene, ipv6](ScenarioTestCase& test) { RunScene(test, scene, ipv6); });
                }
            }
        }
        AddProxiesBeforeSilence(*this);
        AddSlowReader(*this);
        AddGateways(*this);
        AddGeneral(*this);
    }
};

MptcpMiddleboxTestSuite g_mptcpMiddleboxTestSuite; //!< registers itself

} // namespace

} // namespace ns3
