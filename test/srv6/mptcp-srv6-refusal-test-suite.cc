// SPDX-License-Identifier: GPL-2.0-only
// What a SID, or an address of a node, must refuse, and whom it tells.
#include "srv6-packets.h"
#include "srv6-router.h"
#include "test-rig.h"

#include "ns3/srv6-hmac.h"

#include <functional>

namespace ns3
{

namespace
{

using namespace srv6packets;

constexpr const char* ROUTER = "fd00:a::2"; //!< address of interface 1
constexpr const char* SID = "fc00:3::e";    //!< of most cases
constexpr const char* SENDER = "fd00:a::7"; //!< of outer packets
constexpr uint8_t TCP = 6;                  //!< next header
constexpr uint8_t OPTIONS = 60;             //!< next header of Destination Options
constexpr uint8_t HOP_BY_HOP = 0;           //!< next header
constexpr uint8_t TIME_EXCEEDED = 3;        //!< type of ICMPv6
constexpr uint8_t PARAMETER_PROBLEM = 4;    //!< type of ICMPv6
constexpr uint8_t ECHO_REPLY = 129;         //!< type of ICMPv6
constexpr uint32_t TABLE = 7;               //!< not the main one

/// @param parts of a packet @return all of them
Bytes
Join(const std::vector<Bytes>& parts)
{
    Bytes all;
    for (const auto& part : parts)
    {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

/// @param next header behind it @param size in bytes @return a routing header of type 4 without
/// segments left
Bytes
RoutingHeader(uint8_t next, size_t size)
{
    Bytes bytes(size);
    bytes[0] = next;
    bytes[1] = static_cast<uint8_t>(size / 8 - 1);
    bytes[2] = SRV6_ROUTING_TYPE;
    return bytes;
}

/// @param next header behind it @param size in bytes @return options that are padding
Bytes
Padding(uint8_t next, size_t size)
{
    Bytes bytes(size);
    bytes[0] = next;
    bytes[1] = static_cast<uint8_t>(size / 8 - 1);
    bytes[2] = 1; // PadN
    bytes[3] = static_cast<uint8_t>(size - 4);
    return bytes;
}

/// @param to destination @param next header of what @param headers and the payload
/// @param payload of ICMPv6 or TCP, whose checksum ns-3 does not look at
/// @return a packet
Bytes
Behind(const char* to, uint8_t next, const std::vector<Bytes>& headers, const Bytes& payload)
{
    return Ipv6Packet(NEAR_HOST, to, next, Join({Join(headers), payload}));
}

/// @return a ping
Bytes
Ping()
{
    return {128, 0, 0, 0, 0, 1, 0, 1, 'p', 'i', 'n', 'g'};
}

/// @param packet ICMPv6 @return its pointer
uint32_t
PointerOf(const Bytes& packet)
{
    return static_cast<uint32_t>(packet[IPV6_SIZE + 6] << 8 | packet[IPV6_SIZE + 7]);
}

/// Expect that a packet is refused. @param test @param router @param reason of the drop
/// @param code of Parameter Problem @param pointer of it @param what happened
void
ExpectRefused(ScenarioTestCase& test,
              const Srv6Router& router,
              Srv6DropReason reason,
              uint8_t code,
              uint32_t pointer,
              const std::string& what)
{
    test.ExpectEqual(router.forwarded.size(), 0U, what + ", forwarded");
    const auto error = Only(router.returned, test);
    test.ExpectEqual(+error[IPV6_SIZE], +PARAMETER_PROBLEM, what + ", type");
    test.ExpectEqual(+error[IPV6_SIZE + 1], +code, what + ", code");
    test.ExpectEqual(PointerOf(error), pointer, what + ", pointer");
    test.ExpectEqual(router.srv6->GetDrops(reason), 1U, what + ", drops");
}

/// Headers that IPv6 of ns-3 cannot count.
void
AddLongHeaders(ScenarioTestSuite& suite)
{
    suite.Add(
        "A chain of headers that leads nowhere ends",
        [](ScenarioTestCase& test)
        {
            Srv6Router router;
            router.Inject(Behind(
                ROUTER, ROUTING, {RoutingHeader(ROUTING, 248), RoutingHeader(ROUTING, 8)}, {}));
            // What the second one says comes next is not there.
            ExpectRefused(
                test, router, Srv6DropReason::MALFORMED_SRH, 0, IPV6_SIZE + 257, "the third");
        });
    suite.Add(
        "What comes behind 256 bytes of headers is delivered, and not the headers",
        [](ScenarioTestCase& test)
        {
            for (const char* to : {ROUTER, SID})
            {
                for (const bool options : {false, true})
                {
                    Srv6Router router;
                    router.AddSid(SID, {Srv6Behavior::END});
                    router.Inject(
                        options ? Behind(to,
                                         OPTIONS,
                                         {Padding(ROUTING, 8),
                                          RoutingHeader(OPTIONS, 240),
                                          Padding(ICMP6, 8)},
                                         Ping())
                                : Behind(to,
                                         ROUTING,
                                         {RoutingHeader(ROUTING, 248), RoutingHeader(ICMP6, 8)},
                                         Ping()));
                    const auto reply = Only(router.returned, test);
                    test.ExpectEqual(+reply[IPV6_SIZE], +ECHO_REPLY, "answer");
                    test.Expect(Bytes(reply.end() - 4, reply.end()) == Bytes({'p', 'i', 'n', 'g'}),
                                "what was asked");
                }
            }
            Srv6Router router;
            Bytes segment(20);
            segment[1] = 99;
            segment[3] = 77;
            segment[12] = 0x50;
            segment[13] = 2; // SYN
            router.Inject(Behind(
                ROUTER, ROUTING, {RoutingHeader(ROUTING, 248), RoutingHeader(TCP, 24)}, segment));
            const auto reset = Only(router.returned, test);
            test.ExpectEqual(+reset[NEXT_HEADER], +TCP, "TCP answers");
            test.ExpectEqual(+reset[IPV6_SIZE + 1], 77, "from the port");
            test.ExpectEqual(+reset[IPV6_SIZE + 3], 99, "to the port");
        });
    suite.Add("A routing header behind 248 bytes of options is refused, but for a datagram",
              [](ScenarioTestCase& test)
              {
                  Srv6Router open;
                  open.Inject(Behind(
                      ROUTER, OPTIONS, {Padding(ROUTING, 248), RoutingHeader(UDP, 8)}, Datagram()));
                  // UDP has got it: a closed port answers.
                  test.ExpectEqual(+Only(open.returned, test)[IPV6_SIZE + 1], 4, "code");
                  Srv6Router router;
                  router.Inject(Behind(
                      ROUTER, OPTIONS, {Padding(ROUTING, 248), RoutingHeader(ICMP6, 8)}, Ping()));
                  ExpectRefused(
                      test, router, Srv6DropReason::MALFORMED_SRH, 0, IPV6_SIZE + 249, "length");
              });
}

/// A behavior that takes IPv4 out, by the table 7 or a neighbour.
struct Outlet
{
    Srv6Behavior behavior; //!< it
    uint8_t flavors;       //!< of it
    bool cross;            //!< to the neighbour
};

const Outlet OUTLETS[] = {{Srv6Behavior::END_DX4, 0, true},
                          {Srv6Behavior::END_X, SRV6_USD, true},
                          {Srv6Behavior::END_DT4, 0, false},
                          {Srv6Behavior::END_DT46, 0, false},
                          {Srv6Behavior::END_T, SRV6_USD, false}}; //!< all of them

/// @param outlet one @param nextHop neighbour @param table of END_T and others @return a SID
Srv6Sid
MakeSid(const Outlet& outlet, const char* nextHop = "10.0.2.9", uint32_t table = TABLE)
{
    Srv6Sid sid(outlet.behavior, outlet.flavors, {Ipv6Address(FAR_HOST)});
    if (outlet.cross)
    {
        sid.nextHop4 = Ipv4Address(nextHop);
    }
    sid.table = table;
    return sid;
}

/// Give a router the table 7, which knows 192.0.2.0/24. @param router it
void
AddTable4(const Srv6Router& router)
{
    auto table = CreateObject<Ipv4StaticRouting>();
    table->SetIpv4(router.node->GetObject<Ipv4>());
    table->AddNetworkRouteTo(
        Ipv4Address("192.0.2.0"), Ipv4Mask("255.255.255.0"), Ipv4Address("10.0.2.9"), 2);
    router.srv6->SetTable4(TABLE, table);
}

/// Expect that the source of an IPv4 packet inside is told. @param test @param router @param type
/// of ICMP @param inner packet @param what happened
void
ExpectTold4(ScenarioTestCase& test,
            const Srv6Router& router,
            uint8_t type,
            const Bytes& inner,
            const std::string& what)
{
    test.ExpectEqual(router.forwarded.size(), 0U, what + ", forwarded");
    const auto error = Only(router.returned, test);
    test.ExpectEqual(+error[0], 0x45, what + ", IPv4");
    test.ExpectEqual(Ipv4Address::Deserialize(error.data() + 16),
                     Ipv4Address("10.0.1.1"),
                     what + ", to the inner source");
    test.ExpectEqual(+error[IPV4_SIZE], +type, what + ", type");
    test.ExpectEqual(+error[IPV4_SIZE + 1], 0, what + ", code");
    test.Expect(Bytes(error.begin() + IPV4_SIZE + 8, error.end()) ==
                    Bytes(inner.begin(), inner.begin() + IPV4_SIZE + 8),
                what + ", quoted");
}

/// IPv4 inside (RFC 1812).
void
AddIpv4(ScenarioTestSuite& suite)
{
    constexpr uint8_t EXCEEDED = 11;
    constexpr uint8_t UNREACHABLE = 3;
    for (const auto& outlet : OUTLETS)
    {
        const auto name = std::string(GetName(outlet.behavior));
        suite.Add("1812 5.3.1: " + name + " tells the source of IPv4 inside whose TTL is used up",
                  [=](ScenarioTestCase& test)
                  {
                      for (const uint8_t ttl : {2, 1, 0})
                      {
                          Srv6Router router;
                          AddTable4(router);
                          router.AddSid(SID, MakeSid(outlet));
                          auto inner = Ipv4Packet("192.0.2.1");
                          inner[TTL] = ttl;
                          router.Inject(Ipv6Packet(SENDER, SID, IPV4_IN_IPV6, inner));
                          if (ttl == 2)
                          {
                              test.ExpectEqual(+Only(router.forwarded, test)[TTL], 1, "TTL");
                              continue;
                          }
                          ExpectTold4(test, router, EXCEEDED, inner, std::to_string(ttl));
                          test.ExpectEqual(
                              router.srv6->GetDrops(Srv6DropReason::HOP_LIMIT), 1U, "drops");
                          test.ExpectEqual(router.srv6->FindSid(Ipv6Address(SID))->counters.drops,
                                           1U,
                                           "drops of the SID");
                      }
                  });
        suite.Add("1812 4.3.3.1: " + name + " tells the source of IPv4 inside that has no route",
                  [=](ScenarioTestCase& test)
                  {
                      Srv6Router router;
                      AddTable4(router);
                      router.AddSid(SID, MakeSid(outlet, "172.16.0.1"));
                      const auto inner = Ipv4Packet("198.51.100.1");
                      router.Inject(Ipv6Packet(SENDER, SID, IPV4_IN_IPV6, inner));
                      ExpectTold4(test, router, UNREACHABLE, inner, "no route");
                      test.ExpectEqual(
                          router.srv6->GetDrops(Srv6DropReason::NO_ROUTE), 1U, "drops");
                  });
        suite.Add("1812 5.2.2: " + name + " refuses IPv4 inside that lies about its length",
                  [=](ScenarioTestCase& test)
                  {
                      for (const uint32_t table : {TABLE, SRV6_MAIN_TABLE})
                      {
                          for (const uint8_t total : {0, 10, 19, 33})
                          {
                              Srv6Router router;
                              AddTable4(router);
                              router.AddSid(SID, MakeSid(outlet, "10.0.2.9", table));
                              auto inner = Ipv4Packet("10.0.2.77");
                              inner[3] = total;
                              router.Inject(Ipv6Packet(SENDER, SID, IPV4_IN_IPV6, inner));
                              ExpectRefused(test,
                                            router,
                                            Srv6DropReason::UPPER_LAYER,
                                            4,
                                            IPV6_SIZE,
                                            std::to_string(total) + " bytes");
                          }
                      }
                  });
    }
    suite.Add("Behind the main table, too, IPv4 inside with TTL 0 goes nowhere but to the node",
              [](ScenarioTestCase& test)
              {
                  for (const auto behavior : {Srv6Behavior::END, Srv6Behavior::END_DT4})
                  {
                      for (const char* to : {"10.0.2.77", "10.0.1.2"})
                      {
                          Srv6Router router;
                          const bool end = behavior == Srv6Behavior::END;
                          router.AddSid(SID, {behavior, end ? SRV6_USD : uint8_t(0)});
                          auto inner = Ipv4Packet(to);
                          inner[TTL] = 0;
                          router.Inject(Ipv6Packet(SENDER, SID, IPV4_IN_IPV6, inner));
                          const bool own = to == std::string("10.0.1.2");
                          // Nobody listens at the router.
                          test.ExpectEqual(+Only(router.returned, test)[IPV4_SIZE],
                                           own ? +UNREACHABLE : +EXCEEDED,
                                           to);
                          test.ExpectEqual(router.forwarded.size(), 0U, "forwarded");
                      }
                  }
              });
    suite.Add("1122 3.2.2: no error about an ICMP error inside, or about what is for a group",
              [](ScenarioTestCase& test)
              {
                  for (const bool group : {false, true})
                  {
                      Srv6Router router;
                      router.AddSid(SID, MakeSid(OUTLETS[0]));
                      auto inner = Ipv4Packet(group ? "224.0.1.9" : "192.0.2.1");
                      inner[TTL] = 1;
                      if (!group)
                      {
                          inner[9] = 1;
                          inner[IPV4_SIZE] = UNREACHABLE;
                      }
                      router.Inject(Ipv6Packet(SENDER, SID, IPV4_IN_IPV6, inner));
                      test.ExpectEqual(router.returned.size(), 0U, "told");
                      test.ExpectEqual(
                          router.srv6->GetDrops(Srv6DropReason::HOP_LIMIT), 1U, "drops");
                  }
              });
    suite.Add("4.16.3: USD on End.X sends IPv4 inside to its adjacency of IPv4, or refuses it",
              [](ScenarioTestCase& test)
              {
                  for (const bool adjacent : {true, false})
                  {
                      Srv6Router router;
                      Srv6Sid sid(Srv6Behavior::END_X, SRV6_USD, {Ipv6Address(FAR_HOST)});
                      if (adjacent)
                      {
                          sid.nextHop4 = Ipv4Address("10.0.2.9");
                      }
                      router.AddSid(SID, sid);
                      // The main table leads this one back, by the other interface.
                      const auto inner = Ipv4Packet("10.0.1.77");
                      router.Inject(Ipv6Packet(SENDER, SID, IPV4_IN_IPV6, inner));
                      if (!adjacent)
                      {
                          ExpectRefused(
                              test, router, Srv6DropReason::UPPER_LAYER, 4, IPV6_SIZE, "IPv6's");
                          continue;
                      }
                      auto expected = inner;
                      expected[TTL] = 63;
                      test.Expect(Only(router.forwarded, test) == expected, "inner packet");
                      test.ExpectEqual(router.returned.size(), 0U, "by the table");
                  }
              });
}

/// IPv6 inside.
void
AddIpv6(ScenarioTestSuite& suite)
{
    for (const auto& [behavior, flavors] : {std::pair(Srv6Behavior::END_DX6, uint8_t(0)),
                                            std::pair(Srv6Behavior::END_DT6, uint8_t(0)),
                                            std::pair(Srv6Behavior::END_DT46, uint8_t(0)),
                                            std::pair(Srv6Behavior::END, SRV6_USD),
                                            std::pair(Srv6Behavior::END_X, SRV6_USD),
                                            std::pair(Srv6Behavior::END_T, SRV6_USD)})
    {
        suite.Add("8200 3: " + std::string(GetName(behavior)) +
                      " forwards no IPv6 inside whose hop limit is 0",
                  [behavior = behavior, flavors = flavors](ScenarioTestCase& test)
                  {
                      Srv6Router router;
                      router.AddSid(SID, {behavior, flavors, {Ipv6Address(FAR_HOST)}});
                      auto inner = Ipv6Packet(NEAR_HOST, FAR_HOST, UDP, Datagram());
                      inner[HOP_LIMIT] = 0;
                      router.Inject(Ipv6Packet(SENDER, SID, IN_IPV6, inner));
                      test.ExpectEqual(router.forwarded.size(), 0U, "forwarded");
                      const auto error = Only(router.returned, test);
                      test.ExpectEqual(+error[IPV6_SIZE], +TIME_EXCEEDED, "type");
                      test.ExpectEqual(AddressAt(error, DESTINATION), Ipv6Address(NEAR_HOST), "to");
                      test.ExpectEqual(
                          router.srv6->GetDrops(Srv6DropReason::HOP_LIMIT), 1U, "drops");
                  });
    }
    suite.Add("8200 3: what is for the node itself is delivered with hop limit 0",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  router.AddSid(SID, {Srv6Behavior::END_DT6});
                  auto inner = Ipv6Packet(NEAR_HOST, ROUTER, ICMP6, Ping());
                  inner[HOP_LIMIT] = 0;
                  router.Inject(Ipv6Packet(SENDER, SID, IN_IPV6, inner));
                  test.ExpectEqual(+Only(router.returned, test)[IPV6_SIZE], +ECHO_REPLY, "answer");
              });
}

/// HMAC TLVs (RFC 8754 section 2.1).
void
AddHmac(ScenarioTestSuite& suite)
{
    const Srv6Key key{9, "secret", Srv6HmacText::RFC8754};
    /// @param left segments @param change of the header @return bytes of one with an HMAC
    const auto make = [=](uint8_t left, const std::function<void(SegmentRoutingHeader&)>& change)
    {
        auto header = SegmentRoutingHeader::FromPath({Ipv6Address(SID), Ipv6Address(FAR_HOST)});
        if (left == 0)
        {
            header = SegmentRoutingHeader::FromPath({Ipv6Address(SID)});
        }
        header.nextHeader = left == 0 ? IN_IPV6 : UDP;
        header.segmentsLeft = left;
        AddSrv6Hmac(Ipv6Address(NEAR_HOST), header, key.id, key.secret, key.text);
        change(header);
        Bytes bytes(header.GetSize());
        header.Write(bytes.data());
        return bytes;
    };
    suite.Add(
        "2.1.2.1: an HMAC is verified where no segments are left, too",
        [=](ScenarioTestCase& test)
        {
            const auto inner = Ipv6Packet(NEAR_HOST, FAR_HOST, UDP, Datagram());
            for (const char* attribute : {"VerifyHmac", "RequireHmac"})
            {
                for (const auto& [behavior, flavors] :
                     {std::pair(Srv6Behavior::END_DT6, uint8_t(0)),
                      std::pair(Srv6Behavior::END_DX6, uint8_t(0)),
                      std::pair(Srv6Behavior::END, SRV6_USD)})
                {
                    for (const int kind : {0, 1, 2})
                    {
                        Srv6Router router;
                        router.srv6->AddKey(key);
                        router.srv6->SetAttribute(attribute, BooleanValue(true));
                        router.AddSid(SID, {behavior, flavors, {Ipv6Address(FAR_HOST)}});
                        const auto bytes = make(0,
                                                [&](SegmentRoutingHeader& header)
                                                {
                                                    if (kind == 1)
                                                    {
                                                        header.tlvs[0].value.back() ^= 1;
                                                    }
                                                    if (kind == 2)
                                                    {
                                                        header.tlvs.clear();
                                                    }
                                                });
                        router.Inject(Ipv6Packet(NEAR_HOST, SID, ROUTING, Join({bytes, inner})));
                        if (kind == 1)
                        {
                            ExpectRefused(test,
                                          router,
                                          Srv6DropReason::HMAC,
                                          0,
                                          IPV6_SIZE + 8 + 16,
                                          "a wrong one");
                            continue;
                        }
                        test.ExpectEqual(router.forwarded.size(), 1U, kind ? "none" : "right");
                    }
                }
            }
        });
    suite.Add(
        "2.1.2.1: what is told of a wrong HMAC points to its TLV, behind padding, too",
        [=](ScenarioTestCase& test)
        {
            Srv6Router router;
            router.srv6->AddKey(key);
            router.srv6->SetAttribute("VerifyHmac", BooleanValue(true));
            router.AddSid(SID, {Srv6Behavior::END});
            const auto bytes =
                make(1,
                     [](SegmentRoutingHeader& header)
                     {
                         header.tlvs[0].value.back() ^= 1;
                         header.tlvs.insert(header.tlvs.begin(),
                                            {{SRV6_TLV_PAD1, {}}, {SRV6_TLV_PADN, {0}}});
                     });
            router.Inject(Ipv6Packet(NEAR_HOST, SID, ROUTING, Join({bytes, Datagram()})));
            ExpectRefused(
                test, router, Srv6DropReason::HMAC, 0, IPV6_SIZE + 8 + 2 * 16 + 1 + 3, "wrong");
        });
    suite.Add("2.1: what is told of a TLV beyond the header points to Hdr Ext Len",
              [=](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  router.srv6->AddKey(key);
                  router.srv6->SetAttribute("VerifyHmac", BooleanValue(true));
                  router.AddSid(SID, {Srv6Behavior::END});
                  auto bytes = make(1, [](SegmentRoutingHeader&) {});
                  bytes[8 + 2 * 16 + 1] = 200;
                  router.Inject(Ipv6Packet(NEAR_HOST, SID, ROUTING, Join({bytes, Datagram()})));
                  ExpectRefused(
                      test, router, Srv6DropReason::MALFORMED_TLV, 0, IPV6_SIZE + 1, "too long");
              });
}

/// Options (RFC 8200 sections 4 and 4.2).
void
AddOptions(ScenarioTestSuite& suite)
{
    /// @param bytes of a header of options, of 16 bytes
    /// @return a packet with it in front of an SRH with a segment left
    const auto make = [](Bytes bytes)
    {
        bytes.resize(16);
        return Behind(SID, OPTIONS, {bytes, Routed({SID, FAR_HOST}, 1, UDP, Datagram())}, {});
    };
    // Behind Pad1 and a PadN of three bytes.
    const auto option = [](uint8_t type) { return Bytes{ROUTING, 1, 0, 1, 1, 0, type, 2, 0, 0}; };
    suite.Add("8200 4.2: a SID skips an unknown option, or refuses it, as its type says",
              [=](ScenarioTestCase& test)
              {
                  for (const uint8_t type : {0x1e, 0x5e, 0x9e, 0xde})
                  {
                      Srv6Router router;
                      router.AddSid(SID, {Srv6Behavior::END});
                      router.Inject(make(option(type)));
                      if (type >= 0x80)
                      {
                          ExpectRefused(
                              test, router, Srv6DropReason::EXTENSION, 2, IPV6_SIZE + 6, "told");
                          continue;
                      }
                      test.ExpectEqual(router.returned.size(), 0U, "told");
                      test.ExpectEqual(router.forwarded.size(), type < 0x40 ? 1U : 0U, "forwarded");
                      test.ExpectEqual(router.srv6->GetDrops(Srv6DropReason::EXTENSION),
                                       type < 0x40 ? 0U : 1U,
                                       "drops");
                  }
              });
    suite.Add("8200 4.2: a SID refuses an option beyond its header",
              [=](ScenarioTestCase& test)
              {
                  auto bytes = option(0x1e);
                  bytes[7] = 9; // one too many
                  Srv6Router router;
                  router.AddSid(SID, {Srv6Behavior::END});
                  router.Inject(make(bytes));
                  ExpectRefused(
                      test, router, Srv6DropReason::MALFORMED_SRH, 0, IPV6_SIZE + 1, "length");
              });
    suite.Add("8200 4: a SID refuses Hop-by-Hop Options behind another header",
              [=](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  router.AddSid(SID, {Srv6Behavior::END});
                  router.Inject(Behind(SID,
                                       OPTIONS,
                                       {Padding(HOP_BY_HOP, 8),
                                        Padding(ROUTING, 8),
                                        Routed({SID, FAR_HOST}, 1, UDP, Datagram())},
                                       {}));
                  ExpectRefused(
                      test, router, Srv6DropReason::EXTENSION, 1, IPV6_SIZE, "next header");
              });
    suite.Add("With LinuxCompatible a SID passes over options",
              [=](ScenarioTestCase& test)
              {
                  Srv6Router router(true);
                  router.AddSid(SID, {Srv6Behavior::END});
                  router.Inject(make(option(0xde)));
                  test.ExpectEqual(router.forwarded.size(), 1U, "forwarded");
              });
}

/// What is refused.
class MptcpSrv6RefusalTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSrv6RefusalTestSuite()
        : ScenarioTestSuite("mptcp-srv6-refusal")
    {
        AddLongHeaders(*this);
        AddIpv4(*this);
        AddIpv6(*this);
        AddHmac(*this);
        AddOptions(*this);
    }
};

MptcpSrv6RefusalTestSuite g_mptcpSrv6RefusalTestSuite; //!< registers itself

} // namespace

} // namespace ns3
