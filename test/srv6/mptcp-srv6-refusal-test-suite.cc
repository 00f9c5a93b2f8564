// SPDX-License-Identifier: GPL-2.0-only
// What a SID, or an address of a node, must refuse, and whom it tells.
#include "srv6-packets.h"
#include "srv6-router.h"
#include "test-rig.h"

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
constexpr uint8_t TIME_EXCEEDED = 3;        //!< type of ICMPv6
constexpr uint8_t PARAMETER_PROBLEM = 4;    //!< type of ICMPv6
constexpr uint8_t ECHO_REPLY = 129;         //!< type of ICMPv6
constexpr uint32_t TABLE = 7;               //!< not the main one

/// @param packets what left @param test gets a failure @return the only one
Bytes
Only(const std::vector<Bytes>& packets, ScenarioTestCase& test)
{
    test.ExpectEqual(packets.size(), 1U, "packets");
    return packets.size() == 1 ? packets[0] : Bytes(400);
}

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

/// What is refused.
class MptcpSrv6RefusalTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSrv6RefusalTestSuite()
        : ScenarioTestSuite("mptcp-srv6-refusal")
    {
        AddLongHeaders(*this);
    }
};

MptcpSrv6RefusalTestSuite g_mptcpSrv6RefusalTestSuite; //!< registers itself

} // namespace

} // namespace ns3
