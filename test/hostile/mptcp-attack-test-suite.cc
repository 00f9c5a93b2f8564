// SPDX-License-Identifier: GPL-2.0-only
// What an attacker who is not on the path tries: RFC 8684 section 5, RFC 6181 and RFC 7430. It
// gets nowhere: every byte arrives, nothing is left behind, and others hardly notice.
#include "attack-scene.h"
#include "checklist.h"

#include "ns3/big-endian.h"
#include "ns3/boolean.h"
#include "ns3/mptcp-endpoints.h"
#include "ns3/mptcp-option.h"
#include "ns3/mptcp-socket.h"
#include "ns3/object-vector.h"

#include <algorithm>
#include <malloc.h>
#include <memory>

namespace ns3
{

namespace
{

constexpr size_t SIZE = 1000000; // bytes each way: half a second
const Time BEGIN = MilliSeconds(120);

/// @param ipv6 family @return two paths of 20 Mb/s
RigOptions
Net(bool ipv6)
{
    RigOptions options;
    options.paths.resize(2);
    options.ipv6 = ipv6;
    options.checksums = true;
    return options;
}

/// @param value a number @return its four bytes
std::vector<uint8_t>
Bytes32(uint32_t value)
{
    std::vector<uint8_t> bytes(4);
    WriteBig32(bytes.data(), value);
    return bytes;
}

/// @param to takes up @param more bytes
void
Append(std::vector<uint8_t>& to, const std::vector<uint8_t>& more)
{
    to.insert(to.end(), more.begin(), more.end());
}

/// @param scene whose @param frame a SYN, becomes a join @param token of the server
/// @param nonce of the attacker
void
MakeJoin(TcpFrame& frame, uint32_t token, uint32_t nonce)
{
    auto rest = std::vector<uint8_t>{9}; // address identifier
    Append(rest, Bytes32(token));
    Append(rest, Bytes32(nonce));
    frame.options.resize(6); // MSS and SACK
    Append(frame.options, MakeMptcp(wire::MP_JOIN, 0, rest));
}

/// @param address an address @return its bytes
std::vector<uint8_t>
GetAddressBytes(const IpAddress& address)
{
    std::vector<uint8_t> bytes(IsIpv6(address) ? 16 : 4);
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

/// What an attack is.
struct Attack
{
    std::string name;                                           //!< a sentence
    uint64_t count{1};                                          //!< packets
    double rate{10000};                                         //!< per second
    std::function<TcpFrame(AttackScene&, uint64_t)> make;       //!< makes them
    std::function<void(AttackScene&)> arrange;                  //!< more of it
    std::function<void(ScenarioTestCase&, AttackScene&)> check; //!< what came of it
    uint32_t lost{0}; //!< subflows of the connection that it ends
};

/// @param test to report to @param attack what is done @param ipv6 family
void
RunAttack(ScenarioTestCase& test, const Attack& attack, bool ipv6)
{
    AttackScene scene(Net(ipv6));
    scene.Flood(BEGIN,
                attack.rate,
                attack.count,
                [&](uint64_t number) { return attack.make(scene, number); });
    if (attack.arrange)
    {
        attack.arrange(scene);
    }
    scene.Run(test, SIZE);
    test.Expect(scene.forger->GetSent() > 0, "the attacker has sent");
    for (const bool server : {false, true})
    {
        const auto& fate = server ? scene.ofServer : scene.ofClient;
        const std::string end = server ? " of the server" : " of the client";
        test.ExpectEqual(fate.lost, attack.lost, "subflows lost" + end);
        test.ExpectEqual(fate.established, 2U, "subflows established" + end);
        test.ExpectEqual(fate.priorities, 0U, "changes of priority" + end);
    }
    if (attack.check)
    {
        attack.check(test, scene);
    }
}

/// Joins that are not the peer's: RFC 8684 section 3.2, RFC 6181 section 4.3 (hijacking).
std::vector<Attack>
GetJoins()
{
    Attack token;
    token.name = "joins with wrong tokens are reset";
    token.count = 1000;
    token.make = [](AttackScene& scene, uint64_t number)
    {
        TcpFrame frame = scene.MakeSyn(number);
        MakeJoin(frame, scene.Random(), scene.Random());
        return frame;
    };
    token.check = [](ScenarioTestCase& test, AttackScene& scene)
    {
        test.ExpectEqual(scene.resets, 1000U, "RSTs");
        test.ExpectEqual(scene.synAcks, 0U, "SYN-ACKs");
    };

    // Answers each SYN/ACK of a join with what a function makes of it.
    const auto answer =
        [](AttackScene& scene, std::function<std::vector<uint8_t>(AttackScene&)> makeHmac)
    {
        const std::function<void(const TcpFrame&)> onFrame =
            [&scene, makeHmac](const TcpFrame& frame)
        {
            if (!frame.Has(TCP_SYN))
            {
                return;
            }
            TcpFrame third = scene.MakeSyn(0);
            third.source = frame.destination;
            third.sourcePort = frame.destinationPort;
            third.flags = TCP_ACK;
            third.seq = frame.ack;
            third.ack = frame.seq + 1;
            auto rest = std::vector<uint8_t>{0};
            Append(rest, makeHmac(scene));
            third.options = MakeMptcp(wire::MP_JOIN, 0, rest);
            scene.forger->Send(third);
        };
        scene.forger->TraceConnectWithoutContext("Received",
                                                 Callback<void, const TcpFrame&>(onFrame));
    };
    const auto refused = [](ScenarioTestCase& test, AttackScene& scene)
    {
        test.ExpectEqual(scene.synAcks, 5U, "SYN-ACKs");
        test.ExpectEqual(scene.resets, 5U, "RSTs");
        test.ExpectEqual(scene.bytes, 0U, "bytes that the attacker gets");
    };
    Attack hmac;
    hmac.name = "joins with the right token and a wrong HMAC are reset";
    hmac.count = 5;
    hmac.rate = 30;
    hmac.make = [](AttackScene& scene, uint64_t number)
    {
        TcpFrame frame = scene.MakeSyn(number);
        MakeJoin(frame, wire::Token(scene.server.key), scene.Random());
        return frame;
    };
    hmac.arrange = [answer](AttackScene& scene)
    { answer(scene, [](AttackScene& scene) { return scene.RandomBytes(20); }); };
    hmac.check = refused;

    /// What a join that was overheard has said.
    struct Overheard
    {
        uint32_t nonce{0};
        std::vector<uint8_t> hmac;
        std::vector<TcpFrame> frames;
    };

    const auto listen = [](AttackScene& scene, std::shared_ptr<Overheard> heard)
    {
        scene.rig.Path(1)->AddTap(
            FilterChannel::UP,
            [heard](const WireSegment& segment)
            {
                const auto* join = segment.FindMptcp(wire::MP_JOIN);
                if (!join)
                {
                    return;
                }
                heard->frames.push_back(*ReadTcpFrame(segment.frame.data(), segment.frame.size()));
                if (segment.syn)
                {
                    heard->nonce = ReadBig32(join->body.data() + 8);
                }
                else
                {
                    heard->hmac.assign(join->body.begin() + 4, join->body.end());
                }
            });
    };
    auto heard = std::make_shared<Overheard>();
    Attack replay = hmac;
    replay.name = "joins with the nonce and the HMAC of one that was overheard are reset";
    replay.make = [heard](AttackScene& scene, uint64_t number)
    {
        TcpFrame frame = scene.MakeSyn(number);
        MakeJoin(frame, wire::Token(scene.server.key), heard->nonce);
        return frame;
    };
    replay.arrange = [=](AttackScene& scene)
    {
        *heard = {};
        listen(scene, heard);
        answer(scene, [heard](AttackScene&) { return heard->hmac; });
    };
    replay.check = [=](ScenarioTestCase& test, AttackScene& scene)
    {
        test.ExpectEqual(heard->hmac.size(), 20U, "a join was overheard");
        refused(test, scene);
    };
    Attack again;
    again.name = "the segments of a join that was overheard, sent again as they were, do nothing";
    again.count = 100;
    again.make = [heard](AttackScene&, uint64_t number)
    { return heard->frames.at(number % heard->frames.size()); };
    auto answers = std::make_shared<uint32_t>();
    again.arrange = [=](AttackScene& scene)
    {
        *heard = {};
        listen(scene, heard);
        // They have the client's address, where the answers go.
        *answers = 0;
        scene.rig.Path(1)->AddTap(FilterChannel::DOWN,
                                  [answers](const WireSegment& segment)
                                  { *answers += segment.rst || IsSynAck(segment) ? 1 : 0; });
    };
    again.check = [=](ScenarioTestCase& test, AttackScene& scene)
    {
        test.ExpectEqual(heard->hmac.size(), 20U, "a join was overheard");
        test.ExpectEqual(*answers, 1U, "RSTs and SYN-ACKs: the one of the client's own join");
        test.Expect(scene.ofServer.challenges > 0, "challenge ACKs of the server");
    };
    return {token, hmac, replay, again};
}

/// Segments that pretend to be of the connection, whose addresses and ports are known.
std::vector<Attack>
GetInjections()
{
    std::vector<Attack> attacks;
    const auto add = [&](const std::string& name,
                         std::function<void(AttackScene&, TcpFrame&)> change,
                         std::function<void(ScenarioTestCase&, AttackScene&)> check = nullptr,
                         uint64_t count = 2000)
    {
        Attack attack;
        attack.name = name;
        attack.count = count;
        attack.make = [change](AttackScene& scene, uint64_t number)
        {
            TcpFrame frame = scene.MakeSpoofed(number % 2 == 0);
            change(scene, frame);
            return frame;
        };
        attack.check = check;
        attacks.push_back(attack);
    };
    const auto blind = [](AttackScene& scene, TcpFrame& frame)
    {
        frame.seq = scene.Random();
        frame.ack = scene.Random();
    };
    add("data with a mapping and guessed sequence numbers is not taken",
        [blind](AttackScene& scene, TcpFrame& frame)
        {
            blind(scene, frame);
            auto rest = std::vector<uint8_t>{0x04}; // M, 4 bytes
            Append(rest, scene.RandomBytes(8));     // data and subflow sequence number
            Append(rest, {0, 100});                 // length
            Append(frame.options, MakeMptcp(wire::DSS, 0, rest));
            frame.payload = scene.RandomBytes(100);
        });
    add("data ACKs with guessed sequence numbers are not taken",
        [blind](AttackScene& scene, TcpFrame& frame)
        {
            blind(scene, frame);
            auto rest = std::vector<uint8_t>{0x01}; // A, 4 bytes
            Append(rest, scene.RandomBytes(4));
            Append(frame.options, MakeMptcp(wire::DSS, 0, rest));
        });
    add("RSTs with guessed sequence numbers do nothing (RFC 5961 section 3)",
        [blind](AttackScene& scene, TcpFrame& frame)
        {
            blind(scene, frame);
            frame.flags = TCP_RST;
            Append(frame.options, MakeMptcp(wire::MP_TCPRST, 0, {0}));
        });
    const auto countChallenges = [](bool some)
    {
        return [some](ScenarioTestCase& test, AttackScene& scene)
        {
            test.ExpectEqual(scene.ofServer.challenges > 0, some, "challenge ACKs of the server");
            test.ExpectEqual(scene.ofClient.challenges > 0, some, "challenge ACKs of the client");
        };
    };
    const auto challenged = countChallenges(true);
    add(
        "RSTs behind the window are dropped without an answer (RFC 9293 section 3.10.7.4)",
        [](AttackScene&, TcpFrame& frame)
        {
            frame.seq += 0x80000000;
            frame.flags = TCP_RST;
        },
        countChallenges(false),
        500);
    add(
        "RSTs within the window but not at its left edge are challenged (RFC 5961 section 3)",
        [](AttackScene& scene, TcpFrame& frame)
        {
            // What is under way moves the edge by less than that.
            frame.seq += 500000 + scene.Random() % 500000;
            frame.flags = TCP_RST;
        },
        challenged,
        500);
    add(
        "SYNs within the window are challenged (RFC 5961 section 4)",
        [](AttackScene& scene, TcpFrame& frame)
        {
            frame.seq += scene.Random() % 1000000;
            frame.flags = TCP_SYN;
            frame.options = {2, 4, 0x05, 0xb4};
        },
        challenged,
        500);
    const auto advertise = [](size_t hmac)
    {
        return [hmac](AttackScene& scene, TcpFrame& frame)
        {
            auto rest = std::vector<uint8_t>{9}; // address identifier
            Append(rest, GetAddressBytes(scene.GetAttacker(1)));
            Append(rest, scene.RandomBytes(hmac));
            Append(frame.options, MakeMptcp(wire::ADD_ADDR, 0, rest));
        };
    };
    const auto nobodyCame = [](ScenarioTestCase& test, AttackScene& scene)
    { test.ExpectEqual(scene.syns, 0U, "SYNs to the address that was advertised"); };
    // RFC 7430 section 2: the sequence numbers are known, the keys are not.
    add("ADD_ADDR without an HMAC makes nobody connect", advertise(0), nobodyCame, 100);
    add("ADD_ADDR with a wrong HMAC makes nobody connect", advertise(8), nobodyCame, 100);
    add(
        "an echo of ADD_ADDR for what was not advertised does nothing",
        [](AttackScene& scene, TcpFrame& frame)
        {
            auto rest = std::vector<uint8_t>{9};
            Append(rest, GetAddressBytes(scene.GetAttacker(1)));
            Append(frame.options, MakeMptcp(wire::ADD_ADDR, 1, rest));
        },
        nobodyCame,
        100);
    add(
        "MP_FASTCLOSE with a wrong key does not close the connection",
        [](AttackScene& scene, TcpFrame& frame)
        {
            auto rest = std::vector<uint8_t>{0};
            Append(rest, scene.RandomBytes(8));
            Append(frame.options, MakeMptcp(wire::MP_FASTCLOSE, 0, rest));
        },
        nullptr,
        100);
    add(
        "REMOVE_ADDR, MP_PRIO and MP_FAIL with guessed sequence numbers do nothing",
        [blind](AttackScene& scene, TcpFrame& frame)
        {
            blind(scene, frame);
            Append(frame.options, MakeMptcp(wire::REMOVE_ADDR, 0, {0, 1, 2}));
            auto rest = std::vector<uint8_t>{0};
            Append(rest, scene.RandomBytes(8));
            Append(frame.options, MakeMptcp(wire::MP_FAIL, 0, rest));
            Append(frame.options, MakeMptcp(wire::MP_PRIO, 1, {}));
        },
        [](ScenarioTestCase& test, AttackScene& scene)
        {
            const auto& socket = scene.transfer.client.socket;
            test.Expect(!scene.transfer.client.failed && socket, "no error");
        });
    // Whoever knows the exact number is as good as on the path; one subflow is all that it gets.
    add(
        "a RST with the exact sequence number and MP_FASTCLOSE with a wrong key ends one subflow",
        [](AttackScene& scene, TcpFrame& frame)
        {
            frame.flags = TCP_RST;
            auto rest = std::vector<uint8_t>{0};
            Append(rest, scene.RandomBytes(8));
            Append(frame.options, MakeMptcp(wire::MP_FASTCLOSE, 0, rest));
        },
        nullptr,
        20000);
    attacks.back().lost = 1;
    return attacks;
}

/// @param subtype of MPTCP @param size of the option, kind and length included
/// @return whether it is a size that RFC 8684 or RFC 6824 has
bool
IsKnownSize(uint8_t subtype, uint8_t size)
{
    static const std::vector<std::vector<uint8_t>> known = {{4, 12, 20, 22, 24},
                                                            {12, 16, 24},
                                                            {},
                                                            {8, 10, 16, 18, 20, 22, 26, 28, 30},
                                                            {},
                                                            {3, 4},
                                                            {12},
                                                            {12},
                                                            {4}};
    if (subtype >= known.size() || subtype == wire::DSS)
    {
        return false;
    }
    if (subtype == wire::REMOVE_ADDR)
    {
        return size > 3;
    }
    return std::count(known[subtype].begin(), known[subtype].end(), size) > 0;
}

/// @param scene whose random numbers to use @return options that are malformed, each a case
std::vector<std::vector<uint8_t>>
MakeMalformed(AttackScene& scene)
{
    std::vector<std::vector<uint8_t>> all;
    for (uint8_t kind = 2; kind < 40; kind++)
    {
        // Lengths that no option has, and ones that reach beyond the header.
        all.push_back({kind, 0, 1, 1});
        all.push_back({kind, 1, 1, 1});
        all.push_back({kind, 41, 1, 1});
        all.push_back({kind, 255, 1, 1});
        all.push_back({1, 1, 1, kind});
        // SACK with a length in which no block fits, and within it what is no option.
        all.push_back({5, 8, kind, 0, 1, 1, 1, 1});
    }
    for (uint8_t subtype = 0; subtype < 16; subtype++)
    {
        for (uint8_t size = 2; size <= 40; size++)
        {
            if (IsKnownSize(subtype, size))
            {
                continue;
            }
            std::vector<uint8_t> option = scene.RandomBytes(size);
            option[0] = MPTCP_OPTION_KIND;
            option[1] = size;
            if (size > 2)
            {
                option[2] = static_cast<uint8_t>(subtype << 4 | (option[2] & 0xf));
            }
            if (subtype == wire::DSS && size > 3)
            {
                // All numbers of 8 bytes: 26, or 28 with a checksum.
                option[3] = 0x0f;
                if (size == 26 || size == 28)
                {
                    continue;
                }
            }
            all.push_back(option);
        }
    }
    for (const uint8_t kind : {2, 3, 4, 5, 8})
    {
        for (uint8_t size = 2; size <= 40; size++)
        {
            const bool right = (kind == 2 && size == 4) || (kind == 3 && size == 3) ||
                               (kind == 4 && size == 2) || (kind == 8 && size == 10) ||
                               (kind == 5 && size > 2 && (size - 2) % 8 == 0);
            if (!right)
            {
                std::vector<uint8_t> option = scene.RandomBytes(size);
                option[0] = kind;
                option[1] = size;
                all.push_back(option);
            }
        }
    }
    return all;
}

/// Headers that are none.
void
AddMalformed(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        suite.Add(
            std::string("malformed options to the connection, its listener and a closed port") +
                (ipv6 ? ", IPv6" : ""),
            [=](ScenarioTestCase& test)
            {
                AttackScene scene(Net(ipv6));
                const auto options = MakeMalformed(scene);
                const uint64_t count = 4 * options.size();
                test.Expect(options.size() > 600, "kinds of malformed options");
                scene.Flood(BEGIN,
                            20000,
                            count,
                            [&](uint64_t number)
                            {
                                TcpFrame frame = number % 4 < 2 ? scene.MakeSpoofed(number % 4 == 0)
                                                                : scene.MakeSyn(number);
                                if (number % 4 == 3)
                                {
                                    frame.destinationPort = 81;
                                }
                                const auto& option = options[number / 4];
                                if (frame.Has(TCP_SYN) || frame.options.size() + option.size() > 40)
                                {
                                    frame.options.clear();
                                }
                                Append(frame.options, option);
                                return frame;
                            });
                scene.Run(test, SIZE);
                test.ExpectEqual(scene.forger->GetSent(), count, "segments sent");
                test.Expect(
                    scene.rig.GetServer()->GetObject<MptcpL4Protocol>()->GetMalformedDrops() >
                        2 * 5 * 30,
                    "segments that the server has dropped as malformed");
                test.Expect(scene.synAcks > 0, "a SYN with an option to skip is answered");
            });
    }
    suite.Add("data offsets below 5 and beyond the segment, headers cut short",
              [](ScenarioTestCase& test)
              {
                  AttackScene scene(Net(false));
                  scene.Flood(BEGIN,
                              10000,
                              400,
                              [&](uint64_t number)
                              {
                                  TcpFrame frame =
                                      number % 2 ? scene.MakeSpoofed(true) : scene.MakeSyn(number);
                                  frame.options.clear();
                                  // 5 is right, and 6 to 15 are beyond.
                                  frame.offset = number / 2 % 15;
                                  frame.offset = *frame.offset + (*frame.offset >= 5 ? 1 : 0);
                                  return frame;
                              });
                  for (size_t size = 0; size < 40; size++)
                  {
                      Simulator::Schedule(BEGIN + MilliSeconds(size),
                                          [&scene, size]
                                          {
                                              // IP says how long it is; nothing, for 0 to 19.
                                              auto packet =
                                                  WriteTcpFrame(scene.MakeSpoofed(true), true);
                                              packet.resize(std::max<size_t>(size, 20));
                                              WriteBig16(packet.data() + 2, packet.size());
                                              WriteBig16(packet.data() + 10, 0);
                                              uint32_t sum = 0;
                                              for (size_t i = 0; i < 20; i += 2)
                                              {
                                                  sum += ReadBig16(packet.data() + i);
                                              }
                                              sum = (sum & 0xffff) + (sum >> 16);
                                              WriteBig16(packet.data() + 10, ~(sum + (sum >> 16)));
                                              scene.forger->Send(packet);
                                          });
                  }
                  scene.Run(test, SIZE);
                  test.ExpectEqual(
                      scene.rig.GetServer()->GetObject<MptcpL4Protocol>()->GetMalformedDrops(),
                      440U,
                      "segments dropped as malformed");
              });
}

// Floods

constexpr double FLOOD_RATE = 10000; // packets per second
constexpr uint64_t FLOOD_COUNT = 100000;
const TestAttributes SMALL_BACKLOG{{"Backlog", "200"}};

/// A flood.
struct FloodCase
{
    std::string name;                                           //!< a sentence
    std::function<TcpFrame(AttackScene&, uint64_t)> make;       //!< makes its packets
    std::function<void(ScenarioTestCase&, AttackScene&)> check; //!< while it goes on
};

/// @return all of them
std::vector<FloodCase>
GetFloods()
{
    FloodCase syns;
    syns.name = "a flood of SYNs with MP_CAPABLE";
    syns.make = [](AttackScene& scene, uint64_t number)
    {
        TcpFrame frame = scene.MakeSyn(number);
        Append(frame.options, MakeMptcp(wire::MP_CAPABLE, 1, {0x01}));
        return frame;
    };
    syns.check = [](ScenarioTestCase& test, AttackScene& scene)
    {
        const size_t half = AttackScene::CountEndpoints(scene.rig.GetServer());
        test.Expect(half > 100, "handshakes under way: " + std::to_string(half));
        test.Expect(half <= 200 + 2, "no more of them than Backlog: " + std::to_string(half));
    };
    FloodCase joins;
    joins.name = "a flood of forged joins";
    joins.make = [](AttackScene& scene, uint64_t number)
    {
        TcpFrame frame = scene.MakeSyn(number);
        MakeJoin(frame, scene.Random(), scene.Random());
        return frame;
    };
    joins.check = [](ScenarioTestCase& test, AttackScene& scene)
    {
        test.ExpectEqual(AttackScene::CountEndpoints(scene.rig.GetServer()),
                         2U,
                         "endpoints: those of the connection");
        test.Expect(scene.resets > 100, "RSTs");
    };
    FloodCase known = joins;
    known.name = "a flood of joins with a token that was overheard";
    known.make = [](AttackScene& scene, uint64_t number)
    {
        TcpFrame frame = scene.MakeSyn(number);
        MakeJoin(frame, wire::Token(scene.server.key), scene.Random());
        return frame;
    };
    known.check = [](ScenarioTestCase& test, AttackScene& scene)
    {
        const size_t half = AttackScene::CountEndpoints(scene.rig.GetServer());
        test.Expect(half <= 8, "no more subflows than MaxSubflows: " + std::to_string(half));
        test.Expect(scene.synAcks > 0, "some joins are answered");
    };
    FloodCase strays = joins;
    strays.name = "a flood of ACKs that belong to nobody";
    strays.make = [](AttackScene& scene, uint64_t number)
    {
        TcpFrame frame = scene.MakeSyn(number);
        frame.flags = TCP_ACK;
        frame.ack = scene.Random();
        auto rest = scene.RandomBytes(17); // keys, as of a third packet
        rest[0] = 1;
        frame.options = MakeMptcp(wire::MP_CAPABLE, 1, rest);
        return frame;
    };
    return {syns, joins, known, strays};
}

/// @param test to report to @param flood what there is, or nullptr
/// @return when the last byte has arrived: both directions, ten seconds on two paths of 5 Mb/s
Time
MeasureUnderFlood(ScenarioTestCase& test, const FloodCase* flood)
{
    RigOptions options;
    options.paths.resize(2);
    for (auto& path : options.paths)
    {
        path.rate = "5Mbps";
    }
    AttackScene scene(options);
    scene.transfer.server.attributes = SMALL_BACKLOG;
    scene.transfer.client.send = RecordedTransfer::MakeText(12000000, 1);
    if (flood)
    {
        scene.Flood(MilliSeconds(200),
                    FLOOD_RATE,
                    FLOOD_COUNT,
                    [&](uint64_t number) { return flood->make(scene, number); });
        Simulator::Schedule(Seconds(5), [&] { flood->check(test, scene); });
    }
    scene.transfer.Start();
    scene.rig.Run(Seconds(600));
    test.Expect(scene.transfer.server.received == scene.transfer.client.send,
                "the server gets the original");
    test.ExpectEqual(scene.rig.GetLeftovers(), "", "what is left");
    test.ExpectEqual(
        AttackScene::CountEndpoints(scene.rig.GetServer()), 0U, "endpoints of the server");
    return scene.transfer.server.eofAt;
}

/// @return bytes that are allocated now
size_t
GetHeap()
{
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/// A flood beside an idle connection leaves nothing behind. @param test to report to
/// @param flood what there is
void
RunFloodForMemory(ScenarioTestCase& test, const FloodCase& flood)
{
    RigOptions options;
    options.paths.resize(2);
    AttackScene scene(options);
    EndpointOptions idle;
    idle.ending = EndpointOptions::Ending::NEVER;
    idle.attributes = SMALL_BACKLOG;
    EndpointOptions sender = idle;
    idle.expect = sender.send = 100000;
    scene.rig.Listen(AttackScene::PORT, idle);
    scene.rig.Connect(AttackScene::PORT, sender);
    const auto protocol = scene.rig.GetServer()->GetObject<MptcpL4Protocol>();
    const auto count = [&]
    {
        return protocol->GetNEndpoints() + protocol->GetNTokens() + protocol->GetNConnections() +
               protocol->GetNTimeWait() + protocol->GetNBoundPorts();
    };
    // A first flood of a tenth brings tables and pools to their size.
    scene.Flood(Seconds(1),
                FLOOD_RATE,
                FLOOD_COUNT / 10,
                [&](uint64_t number) { return flood.make(scene, number); });
    scene.rig.Run(Seconds(300));
    const size_t heap = GetHeap();
    const size_t objects = count();
    test.Expect(objects > 0, "an idle connection is there");
    for (uint64_t number = 0; number < FLOOD_COUNT; number++)
    {
        if (number % 1000 == 0)
        {
            // In pieces, so that the events of the flood are not counted as memory of the server.
            scene.rig.Run(Seconds(300 + number / FLOOD_RATE));
        }
        Simulator::Schedule(Seconds(number % 1000 / FLOOD_RATE),
                            [&scene, &flood, number]
                            { scene.forger->Send(flood.make(scene, number)); });
    }
    scene.rig.Run(Seconds(700));
    test.ExpectEqual(scene.forger->GetSent(), FLOOD_COUNT + FLOOD_COUNT / 10, "segments sent");
    test.ExpectEqual(count(), objects, "endpoints, tokens, connections, ports");
    const size_t after = GetHeap();
    test.Expect(after < heap + 20000,
                "heap grew by " + std::to_string(int64_t(after) - int64_t(heap)) + " bytes");
    test.ExpectEqual(scene.rig.opened.at(0)->GetProblem(), "", "client of the idle connection");
}

/// Floods: what others lose, and what stays behind.
void
AddFloods(ScenarioTestSuite& suite)
{
    for (const auto& flood : GetFloods())
    {
        suite.Add(flood.name + " takes less than 5 percent of a connection's goodput",
                  [flood](ScenarioTestCase& test)
                  {
                      const Time quiet = MeasureUnderFlood(test, nullptr);
                      const Time flooded = MeasureUnderFlood(test, &flood);
                      test.Expect(quiet > Seconds(8), "the flood has time");
                      test.Expect(flooded < quiet * 1.05,
                                  std::to_string(flooded.GetSeconds()) + " s instead of " +
                                      std::to_string(quiet.GetSeconds()) + " s");
                  });
        suite.Add(flood.name + " leaves no memory behind",
                  [flood](ScenarioTestCase& test) { RunFloodForMemory(test, flood); });
    }
}

/// RFC 6181 section 3.1: a peer that advertises somebody else's address.
void
AddFlooding(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        suite.Add(std::string("a victim whose address a server advertises gets SYNs, no data") +
                      (ipv6 ? ", IPv6" : ""),
                  [=](ScenarioTestCase& test)
                  {
                      AttackScene scene(Net(ipv6));
                      for (const auto& node : {scene.rig.GetClient(), scene.rig.GetServer()})
                      {
                          InstallEndpoints(node, 2, 2);
                      }
                      MptcpEndpoint victim;
                      victim.address = scene.GetAttacker(7);
                      victim.signal = true;
                      scene.rig.GetServer()->GetObject<MptcpEndpoints>()->Add(victim);
                      scene.transfer.client.attributes = scene.transfer.server.attributes = {
                          {"PathManager", "ns3::MptcpEndpointPathManager"}};
                      scene.forger->SetStartTime(Seconds(0)); // listens
                      scene.Run(test, SIZE);
                      test.Expect(scene.syns > 0, "the client has tried");
                      // Two local addresses; RFC 6298 repeats each six times.
                      test.Expect(scene.syns <= 2 * 7, "few SYNs: " + std::to_string(scene.syns));
                      test.ExpectEqual(scene.bytes, 0U, "bytes that the victim gets");
                  });
    }
}

/// The suite.
class MptcpAttackTestSuite : public ScenarioTestSuite
{
  public:
    MptcpAttackTestSuite()
        : ScenarioTestSuite("mptcp-attack")
    {
        for (const auto& attacks : {GetJoins(), GetInjections()})
        {
            for (const auto& attack : attacks)
            {
                for (const bool ipv6 : {false, true})
                {
                    Add(attack.name + (ipv6 ? ", IPv6" : ""),
                        [attack, ipv6](ScenarioTestCase& test) { RunAttack(test, attack, ipv6); });
                }
            }
        }
        AddMalformed(*this);
        AddFlooding(*this);
        AddFloods(*this);
    }
};

MptcpAttackTestSuite g_mptcpAttackTestSuite; //!< registers itself

} // namespace

} // namespace ns3
