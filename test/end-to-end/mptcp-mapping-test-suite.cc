// SPDX-License-Identifier: GPL-2.0-only
// Mappings and data ACKs that a peer, or the network, may send though this module does not (RFC
// 8684 sections 3.3.1, 3.3.2 and 3.7): 32-bit numbers, mappings longer than a segment, split,
// overlapping or late ones, and those that are against the rules.
#include "transfer-plan.h"

#include "ns3/mptcp-socket.h"

#include <algorithm>

namespace ns3
{

namespace
{

constexpr uint16_t PORT = 80;
constexpr uint64_t SIZE = 2000000; // bytes

/// @param segment any @return its DSS, if it has one
std::optional<wire::Dss>
FindDss(const WireSegment& segment)
{
    const auto* option = segment.FindMptcp(wire::DSS);
    return option ? wire::ReadDss(*option) : std::nullopt;
}

/// @param segment any @return whether it carries data and the DSS that maps it, without DATA_FIN
bool
IsMapped(const WireSegment& segment)
{
    const auto dss = FindDss(segment);
    return dss && dss->hasMapping && !dss->dataFin && segment.PayloadSize() > 0;
}

/// @param to where to write @param number it @param size bytes, big endian
void
Write(uint8_t* to, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
    {
        to[i] = number >> 8 * (size - 1 - i);
    }
}

/**
 * Put other values into the DSS of a segment. It gets shorter at most; NOPs fill the rest.
 * @param segment with a DSS
 * @param dss the values; without a checksum
 */
void
ReplaceDss(WireSegment& segment, const wire::Dss& dss)
{
    const auto* option = segment.FindMptcp(wire::DSS);
    uint8_t* const begin = &segment.frame[option->at];
    std::fill_n(begin, option->body.size(), 1);
    uint8_t* at = begin + 4;
    const auto put = [&at](uint64_t number, size_t size)
    {
        Write(at, number, size);
        at += size;
    };
    if (dss.hasAck)
    {
        put(dss.ack, dss.ack64 ? 8 : 4);
    }
    if (dss.hasMapping)
    {
        put(dss.sequence, dss.sequence64 ? 8 : 4);
        put(dss.subflowSequence, 4);
        put(dss.length, 2);
    }
    begin[0] = 30;
    begin[1] = at - begin;
    begin[2] = wire::DSS << 4;
    begin[3] = (dss.hasAck ? 1 : 0) | (dss.ack64 ? 2 : 0) | (dss.hasMapping ? 4 : 0) |
               (dss.sequence64 ? 8 : 0) | (dss.dataFin ? 16 : 0);
}

/// @param match which segments @param change what to do with the values of their DSS
/// @return the rule
WireRule
ChangeDss(WireMatch match, std::function<void(wire::Dss&)> change)
{
    return [=](WireSegment& segment, WireFate& fate)
    {
        auto dss = FindDss(segment);
        if (dss && match(segment))
        {
            change(*dss);
            ReplaceDss(segment, *dss);
            fate.modified = true;
        }
    };
}

/// Sections 3.3.1 and 3.3.2: how long numbers are.
void
AddLengths(ScenarioTestSuite& suite)
{
    struct Case
    {
        const char* name;
        bool shortSequence;
        bool shortAck;
    };

    const Case cases[] = {{"data sequence numbers of 4 bytes", true, false},
                          {"data ACKs of 4 bytes", false, true},
                          {"data sequence numbers and data ACKs of 4 bytes", true, true}};
    for (const auto& entry : cases)
    {
        for (const bool wraps : {false, true})
        {
            suite.Add(std::string(entry.name) + (wraps ? ", the lower half wraps" : ""),
                      [=](ScenarioTestCase& test)
                      {
                          TestRig rig(Paths(2));
                          if (wraps)
                          {
                              wire::ForceSequence(0x12345678ffffffff - SIZE / 2);
                          }
                          const auto shorten = [=](wire::Dss& dss)
                          {
                              dss.sequence64 &= !entry.shortSequence;
                              dss.ack64 &= !entry.shortAck;
                          };
                          for (const auto way : {FilterChannel::UP, FilterChannel::DOWN})
                          {
                              rig.OnAllPaths(way,
                                             [=](uint32_t) { return ChangeDss(IsAny, shorten); });
                              rig.OnAllPaths(way,
                                             [=](uint32_t i)
                                             { return DropRandom(HasPayload, 0.01, 5000 + i); });
                          }
                          EndpointOptions both;
                          both.send = both.expect = SIZE;
                          rig.Listen(PORT, both);
                          rig.Connect(PORT, both);
                          rig.Run(Seconds(300));
                          test.ExpectDone(rig);
                      });
        }
    }
    suite.Add("data sequence numbers of 8 bytes get data ACKs of 8 bytes, beside SACK as well",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.up = SIZE;
                  plan.joins = 1;
                  auto shorts = std::make_shared<uint32_t>(0);
                  auto longs = std::make_shared<uint32_t>(0);
                  auto sacks = std::make_shared<uint32_t>(0);
                  plan.arrange = [=](TestRig& rig)
                  {
                      rig.OnAllPaths(FilterChannel::UP,
                                     [](uint32_t) { return DropEvery(HasPayload, 30); });
                      for (uint32_t i = 0; i < 2; i++)
                      {
                          rig.Path(i)->AddTap(FilterChannel::DOWN,
                                              [=](const WireSegment& segment)
                                              {
                                                  const auto dss = FindDss(segment);
                                                  if (dss && dss->hasAck && dss->ack64)
                                                  {
                                                      ++*longs;
                                                      *sacks += segment.FindOption(5) ? 1 : 0;
                                                  }
                                                  else if (dss && dss->hasAck && *longs > 0)
                                                  {
                                                      ++*shorts;
                                                  }
                                              });
                      }
                  };
                  plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker&)
                  {
                      test.ExpectEqual(*shorts, 0U, "data ACKs of 4 bytes");
                      test.Expect(*longs > 100, "data ACKs of 8 bytes");
                      test.Expect(*sacks > 10, "... with SACK blocks");
                  };
                  RunTransfer(test, plan);
              });
}

/// @param path where @param direction which @param keepOption whether the second half has the
/// options, too @return a rule that cuts full segments in two, as networks may
WireRule
Split(Ptr<FilterChannel> channel, FilterChannel::Direction direction, bool keepOption)
{
    FilterChannel* path = PeekPointer(channel); // which will own the rule
    return [=](WireSegment& segment, WireFate& fate)
    {
        if (segment.PayloadSize() < 1000 || segment.fin)
        {
            return;
        }
        const size_t half = segment.PayloadSize() / 2;
        for (const bool second : {false, true})
        {
            WireSegment part = segment;
            if (second)
            {
                if (!keepOption)
                {
                    part.StripMptcp();
                }
                part.frame.erase(part.frame.begin() + part.payloadAt,
                                 part.frame.begin() + part.payloadAt + half);
                Write(&part.frame[part.tcpAt + 4], part.seq + half, 4);
            }
            else
            {
                part.frame.resize(part.payloadAt + half);
            }
            if (part.ipv6)
            {
                Write(&part.frame[4], part.frame.size() - 40, 2);
            }
            else
            {
                Write(&part.frame[2], part.frame.size(), 2);
            }
            path->Inject(direction, part.frame);
        }
        fate.drop = true;
    };
}

/// @return a network whose queue never overflows in these tests
RigOptions
RoomyPath()
{
    auto net = Paths(1);
    net.paths[0].queue = 10000;
    return net;
}

/// Section 3.3.1: how mappings lie over segments.
void
AddShapes(ScenarioTestSuite& suite)
{
    for (const bool keepOption : {true, false})
    {
        for (const bool checksums : {false, true})
        {
            for (const bool ipv6 : {false, true})
            {
                suite.Add(std::string("segments that the network splits, the DSS ") +
                              (keepOption ? "on both halves" : "on the first half") +
                              (checksums ? ", checksums" : "") + (ipv6 ? ", IPv6" : ""),
                          [=](ScenarioTestCase& test)
                          {
                              auto net = Paths(2);
                              net.ipv6 = ipv6;
                              TestRig rig(net);
                              WireChecker wire(rig, PORT);
                              for (uint32_t i = 0; i < 2; i++)
                              {
                                  for (const auto way : {FilterChannel::UP, FilterChannel::DOWN})
                                  {
                                      rig.Path(i)->AddRule(way,
                                                           Split(rig.Path(i), way, keepOption));
                                  }
                              }
                              EndpointOptions both;
                              both.send = both.expect = SIZE;
                              both.attributes = {{"Checksum", checksums ? "true" : "false"}};
                              rig.Listen(PORT, both);
                              rig.Connect(PORT, both);
                              rig.Run(Seconds(300));
                              test.ExpectDone(rig);
                              test.ExpectEqual(wire.GetJoins(), 1U, "joins");
                              test.Expect(!wire.HasInfiniteMapping(), "no fallback");
                          });
            }
        }
    }
    suite.Add(
        "mappings that overlap the one before by 100 bytes",
        [](ScenarioTestCase& test)
        {
            TestRig rig(RoomyPath());
            WireChecker wire(rig, PORT);
            rig.Path(0)->AddRule(
                FilterChannel::UP,
                ChangeDss([](const WireSegment& segment)
                          { return IsMapped(segment) && FindDss(segment)->subflowSequence > 2000; },
                          [](wire::Dss& dss)
                          {
                              dss.sequence -= 100;
                              dss.subflowSequence -= 100;
                              dss.length += 100;
                          }));
            EndpointOptions client;
            client.send = SIZE;
            EndpointOptions server;
            server.expect = SIZE;
            rig.Listen(PORT, server);
            rig.Connect(PORT, client);
            rig.Run(Seconds(300));
            test.ExpectDone(rig);
            test.Expect(!wire.HasInfiniteMapping(), "no fallback");
        });
    suite.Add("a mapping that covers three segments, of which two have none",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(RoomyPath());
                  WireChecker wire(rig, PORT);
                  uint32_t covered = 0;
                  rig.Path(0)->AddRule(
                      FilterChannel::UP,
                      [&, mappedUntil = 0U](WireSegment& segment, WireFate& fate) mutable
                      {
                          // Once the sender need not map each segment any more.
                          if (Simulator::Now() < MilliSeconds(200) || !IsMapped(segment))
                          {
                              return;
                          }
                          auto dss = *FindDss(segment);
                          const uint32_t end = dss.subflowSequence + dss.length;
                          if (end <= mappedUntil)
                          {
                              segment.StripMptcp();
                              covered++;
                          }
                          else
                          {
                              mappedUntil = dss.subflowSequence + 3 * dss.length;
                              dss.length *= 3;
                              ReplaceDss(segment, dss);
                          }
                          fate.modified = true;
                      });
                  EndpointOptions client;
                  client.send = SIZE;
                  EndpointOptions server;
                  server.expect = SIZE;
                  rig.Listen(PORT, server);
                  rig.Connect(PORT, client);
                  rig.Run(Seconds(300));
                  test.ExpectDone(rig);
                  test.Expect(covered > 500, "segments without a DSS");
                  test.Expect(!wire.HasInfiniteMapping(), "no fallback");
              });
    suite.Add("data that arrives before its mapping",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(RoomyPath());
                  WireChecker wire(rig, PORT);
                  uint32_t late = 0;
                  rig.Path(0)->AddRule(
                      FilterChannel::UP,
                      [&, waiting = 0U](WireSegment& segment, WireFate& fate) mutable
                      {
                          if (Simulator::Now() < MilliSeconds(200) || !IsMapped(segment))
                          {
                              return;
                          }
                          auto dss = *FindDss(segment);
                          if (waiting == 0 && segment.PayloadSize() > 1000)
                          {
                              waiting = segment.PayloadSize();
                              segment.StripMptcp();
                              late++;
                          }
                          else
                          {
                              dss.sequence -= waiting;
                              dss.subflowSequence -= waiting;
                              dss.length += waiting;
                              waiting = 0;
                              ReplaceDss(segment, dss);
                          }
                          fate.modified = true;
                      });
                  EndpointOptions client;
                  client.send = SIZE;
                  EndpointOptions server;
                  server.expect = SIZE;
                  rig.Listen(PORT, server);
                  rig.Connect(PORT, client);
                  rig.Run(Seconds(300));
                  test.ExpectDone(rig);
                  test.Expect(late > 300, "segments whose mapping came with the next");
                  test.Expect(!wire.HasInfiniteMapping(), "no fallback");
              });
}

/// Watches for the reason of a RST.
struct ResetReason
{
    /// @param path where @param direction which way it travels
    ResetReason(Ptr<FilterChannel> path, FilterChannel::Direction direction)
    {
        path->AddTap(direction,
                     [this](const WireSegment& segment)
                     {
                         const auto* option = segment.FindMptcp(wire::MP_TCPRST);
                         if (segment.rst && !reason)
                         {
                             reason = option ? option->body.at(3) : 0xff;
                         }
                     });
    }

    std::optional<uint32_t> reason; //!< of the first RST
};

/// What breaks the rules ends the subflow, or is dropped.
void
AddViolations(ScenarioTestSuite& suite)
{
    suite.Add("a checksum that was not negotiated: the subflow is reset",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(Paths(2));
                  ResetReason seen(rig.Path(1), FilterChannel::DOWN);
                  rig.Path(1)->AddRule(FilterChannel::UP,
                                       [](WireSegment& segment, WireFate& fate)
                                       {
                                           const auto* option = segment.FindMptcp(wire::DSS);
                                           const size_t end =
                                               option ? option->at + option->body.size() : 0;
                                           // The padding behind it becomes a checksum.
                                           if (IsMapped(segment) && end + 2 <= segment.payloadAt &&
                                               segment.frame[end] <= 1)
                                           {
                                               segment.frame[option->at + 1] += 2;
                                               fate.modified = true;
                                           }
                                       });
                  EndpointOptions client;
                  client.send = SIZE;
                  EndpointOptions server;
                  server.expect = SIZE;
                  rig.Listen(PORT, server);
                  rig.Connect(PORT, client);
                  rig.Run(Seconds(300));
                  test.ExpectDone(rig);
                  test.Expect(seen.reason == 1U, "reason of the RST: MPTCP-specific error");
              });
    suite.Add("data without a mapping is held for one window, then the subflow is reset",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(Paths(2));
                  ResetReason seen(rig.Path(1), FilterChannel::DOWN);
                  WireChecker wire(rig, PORT);
                  constexpr uint32_t window = 100000;
                  uint64_t unmapped = 0;
                  rig.Path(1)->AddRule(FilterChannel::UP,
                                       [&](WireSegment& segment, WireFate& fate)
                                       {
                                           if (Simulator::Now() > MilliSeconds(300) &&
                                               IsMapped(segment))
                                           {
                                               segment.StripMptcp();
                                               fate.modified = true;
                                               unmapped += seen.reason ? 0 : segment.PayloadSize();
                                           }
                                       });
                  EndpointOptions client;
                  client.send = 2 * SIZE;
                  EndpointOptions server;
                  server.expect = 2 * SIZE;
                  server.attributes = {{"RcvBufSize", std::to_string(window)}};
                  rig.Listen(PORT, server);
                  rig.Connect(PORT, client);
                  rig.Run(Seconds(300));
                  test.ExpectDone(rig);
                  test.Expect(seen.reason == 6U, "reason of the RST: middlebox interference");
                  test.Expect(unmapped > window, "bytes held before");
                  test.Expect(unmapped < 3 * window, "... but not many more");
                  test.ExpectEqual(wire.GetProblem(), "", "no data ACK of what is not mapped");
              });
    for (const int64_t distance : {int64_t(1) << 30, -(int64_t(1) << 30), int64_t(1) << 50})
    {
        suite.Add(
            "data " + std::to_string(distance) +
                " bytes off, outside of the window, is dropped and not data-acked",
            [=](ScenarioTestCase& test)
            {
                TestRig rig(Paths(2));
                WireChecker wire(rig, PORT);
                uint32_t changed = 0;
                rig.Path(0)->AddRule(FilterChannel::UP,
                                     ChangeDss(
                                         [&](const WireSegment& segment)
                                         {
                                             const bool now = Simulator::Now() > MilliSeconds(200);
                                             return now && IsMapped(segment) &&
                                                    ++changed % 100 == 1;
                                         },
                                         [=](wire::Dss& dss) { dss.sequence += distance; }));
                EndpointOptions client;
                client.send = SIZE;
                EndpointOptions server;
                server.expect = SIZE;
                rig.Listen(PORT, server);
                rig.Connect(PORT, client);
                rig.Run(Seconds(300));
                test.ExpectDone(rig);
                test.Expect(changed > 100, "segments changed");
                // It holds each data ACK against what has been sent.
                test.ExpectEqual(wire.GetProblem(), "", "RFC 8684 on the wire");
                test.ExpectEqual(wire.Count(wire::MP_FAIL, WireChecker::SERVER), 0U, "MP_FAIL");
            });
    }
}

/// @param segment the SYN of an MP_CAPABLE handshake @param source address of 4 bytes
/// @param token of MP_JOIN @return a SYN with MP_JOIN
std::vector<uint8_t>
MakeJoin(const WireSegment& segment, const std::array<uint8_t, 16>& source, uint32_t token)
{
    std::vector<uint8_t> frame = segment.frame;
    std::copy_n(source.begin(), 4, &frame[12]);
    uint8_t* tcp = &frame[segment.tcpAt];
    Write(tcp, segment.sourcePort + 1, 2);
    uint8_t* options = tcp + 20;
    std::fill(options, &frame[segment.payloadAt], 1);
    options[0] = 30;
    options[1] = 12;
    options[2] = wire::MP_JOIN << 4;
    options[3] = 1;
    Write(options + 4, token, 4);
    Write(options + 8, 0x01020304, 4);
    return frame;
}

/// Section 3.7: there is no way back.
void
AddNoReturn(ScenarioTestSuite& suite)
{
    for (const bool fallen : {true, false})
    {
        suite.Add(
            fallen ? "after an infinite mapping nothing returns to MPTCP: no join, no "
                     "ADD_ADDR, and a join is refused"
                   : "the same without a fallback: there are joins",
            [=](ScenarioTestCase& test)
            {
                TestRig rig(Paths(2));
                WireChecker wire(rig, PORT);
                rig.SetInterface(1, false);
                if (fallen)
                {
                    rig.Path(0)->AddRule(FilterChannel::UP, CorruptEvery(HasPayload, 50));
                }
                std::optional<WireSegment> syn;
                rig.Path(0)->AddTap(FilterChannel::UP,
                                    [&](const WireSegment& segment)
                                    {
                                        if (IsSyn(segment) && !syn)
                                        {
                                            syn = segment;
                                        }
                                    });
                uint32_t joins = 0;
                uint32_t refusals = 0;
                uint32_t agreements = 0;
                rig.Path(1)->AddTap(FilterChannel::UP,
                                    [&](const WireSegment& segment)
                                    { joins += IsSyn(segment) ? 1 : 0; });
                rig.Path(1)->AddTap(FilterChannel::DOWN,
                                    [&](const WireSegment& segment)
                                    {
                                        refusals += segment.rst ? 1 : 0;
                                        agreements += segment.syn ? 1 : 0;
                                    });
                EndpointOptions client;
                client.send = 2 * SIZE;
                client.attributes = {{"Checksum", "true"}};
                EndpointOptions server;
                server.expect = 2 * SIZE;
                rig.Listen(PORT, server);
                rig.Connect(PORT, client);
                Simulator::Schedule(
                    MilliSeconds(800),
                    [&]
                    {
                        auto connection = DynamicCast<MptcpSocket>(rig.accepted.at(0)->GetSocket())
                                              ->GetConnection();
                        test.ExpectEqual(connection->IsMultipath(), !fallen, "multipath");
                        connection->Advertise(Ipv4Address("192.0.2.1"));
                        rig.SetInterface(1, true);
                    });
                Simulator::Schedule(
                    MilliSeconds(1000),
                    [&]
                    {
                        test.ExpectEqual(joins > 0, !fallen, "joins of the client");
                        test.ExpectEqual(agreements > 0, !fallen, "they are agreed to");
                        std::array<uint8_t, 16> source = syn->source;
                        source[1] = 2; // of the second path
                        const uint32_t token = wire::Token(wire.GetKey(WireChecker::SERVER));
                        rig.Path(1)->Inject(FilterChannel::UP, MakeJoin(*syn, source, token));
                    });
                Simulator::Schedule(
                    MilliSeconds(1100),
                    [&] { test.ExpectEqual(refusals > 0, fallen, "a join by hand is refused"); });
                rig.Run(Seconds(300));
                test.ExpectEqual(rig.accepted.at(0)->received, 2 * SIZE, "bytes that arrive");
                test.ExpectEqual(wire.HasInfiniteMapping(), fallen, "infinite mapping");
                test.ExpectEqual(
                    wire.Count(wire::ADD_ADDR, WireChecker::SERVER) > 0, !fallen, "ADD_ADDR");
            });
    }
}

/// The suite.
class MptcpMappingTestSuite : public ScenarioTestSuite
{
  public:
    MptcpMappingTestSuite()
        : ScenarioTestSuite("mptcp-mapping")
    {
        AddLengths(*this);
        AddShapes(*this);
        AddViolations(*this);
        AddNoReturn(*this);
    }
};

MptcpMappingTestSuite g_mptcpMappingTestSuite; //!< registers itself

} // namespace

} // namespace ns3
