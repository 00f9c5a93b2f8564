// SPDX-License-Identifier: GPL-2.0-only
// Segment routing on a router: what a Linux kernel put on the wire, and RFC 8986.
#include "srv6-router.h"
#include "srv6-vectors.h"
#include "test-rig.h"

#include "ns3/ipv6-header.h"
#include "ns3/mptcp-helper.h"
#include "ns3/srv6-header.h"
#include "ns3/srv6-routing.h"

#include <cstdio>
#include <map>
#include <sstream>

namespace ns3
{

namespace
{

using Bytes = Srv6Router::Bytes;

constexpr size_t IPV6_SIZE = 40;     //!< bytes of an IPv6 header
constexpr size_t HOP_LIMIT = 7;      //!< where it stands
constexpr size_t SOURCE = 8;         //!< where it stands
constexpr size_t ICMP_CHECKSUM = 42; //!< where it stands without extension headers
constexpr uint8_t ICMPV6 = 58;       //!< next header

/// @param bytes any @return them as hexadecimal digits
std::string
Hex(const Bytes& bytes)
{
    std::string text;
    for (const uint8_t byte : bytes)
    {
        char digits[3];
        std::snprintf(digits, sizeof(digits), "%02x", byte);
        text += digits;
    }
    return text;
}

/// @param packets any @return them as lines of hexadecimal digits
std::string
Hex(const std::vector<Bytes>& packets)
{
    std::string text;
    for (const auto& packet : packets)
    {
        text += Hex(packet) + "\n";
    }
    return text;
}

/// Configure a router as the kernel of the vectors was. @param router it
void
ConfigureAsKernel(Srv6Router& router)
{
    const Ipv6Address neighbour("fd00:b::5");
    router.AddSid("fc00:3::e", {Srv6Behavior::END});
    router.AddSid("fc00:3::a", {Srv6Behavior::END_X, 0, {neighbour}});
    router.AddSid("fc00:3::7", {Srv6Behavior::END_T});
    router.AddSid("fc00:3::9", {Srv6Behavior::END, SRV6_PSP});
    router.AddSid("fc00:3::d6", {Srv6Behavior::END_DT6});
    router.AddSid("fc00:3::d5", {Srv6Behavior::END_DX6, 0, {neighbour}});
    Srv6Sid binding;
    binding.behavior = Srv6Behavior::END_B6_ENCAPS;
    binding.policy = Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1", "fc00:4::2"});
    router.AddSid("fc00:3::b6", binding);
    const auto steer =
        [&](const char* prefix, Srv6Steering steering, const std::vector<const char*>& path)
    { router.srv6->Steer(Ipv6Address(prefix), 48, Srv6Router::MakePolicy(steering, path)); };
    steer("fc00:5::", Srv6Steering::ENCAPS, {"fc00:4::1", "fc00:4::2"});
    steer("fc00:6::", Srv6Steering::INSERT, {"fc00:4::1"});
    steer("fc00:7::", Srv6Steering::ENCAPS_REDUCED, {"fc00:4::1", "fc00:4::2"});
    steer("fc00:8::", Srv6Steering::ENCAPS, {"fc00:4::1"});
    steer("fc00:9::", Srv6Steering::ENCAPS_REDUCED, {"fc00:4::1"});
}

/// What the RFCs say where the kernel does something else.
struct Difference
{
    std::string reason;           //!< why
    std::vector<Bytes> forwarded; //!< what leaves instead
    /// Type, code and the four bytes behind the checksum of the ICMPv6 message that goes back
    /// instead, and how many bytes of the packet it quotes are changed: none.
    std::string returned;
    bool label{false}; //!< whether there is a flow label, which is computed
};

/// @param vector one @return what the RFCs have instead of the kernel's answer, if they do
std::optional<Difference>
GetDifference(const Srv6Vector& vector)
{
    const auto change = [&vector](std::vector<std::pair<size_t, uint8_t>> changes)
    {
        std::vector<Bytes> packets = vector.forwarded;
        for (const auto& [at, value] : changes)
        {
            packets.at(0).at(at) = value;
        }
        return packets;
    };
    constexpr size_t INNER = 80; // behind an SRH of two segments
    if (vector.name == "end_bad_tlv_len")
    {
        Bytes packet = vector.in;
        packet[HOP_LIMIT] -= 1;
        packet[43] = 0;
        std::copy_n(packet.begin() + 48, 16, packet.begin() + 24);
        return Difference{
            "RFC 8754 section 4.3.1.1 looks at TLVs only where configured", {packet}, ""};
    }
    if (vector.name == "end_le_gt_max")
    {
        return Difference{
            "RFC 8986 section 4.1 S10: code 0, pointer to Segments Left", {}, "04000000002b"};
    }
    if (vector.name == "end_hlim1")
    {
        return Difference{"RFC 8986 section 4.1 S05 comes before S13: the packet as it arrived",
                          {},
                          "030000000000"};
    }
    if (vector.name == "end_sl0_udp")
    {
        return Difference{
            "RFC 8986 section 4.1.1 S04: code 4, pointer to the upper layer", {}, "040400000040"};
    }
    if (vector.name == "end_nosrh_udp" || vector.name == "dt6_udp")
    {
        return Difference{
            "RFC 8986 section 4.1.1 S04: code 4, pointer to the upper layer", {}, "040400000028"};
    }
    if (vector.name == "end_ping" || vector.name == "end_ping_sl0")
    {
        return Difference{
            "RFC 8986 section 4.1.1: pings are allowed by local configuration", {}, "810000070001"};
    }
    if (vector.name == "b6encaps_sl1")
    {
        return Difference{"RFC 8986 section 4.13 S12 decrements the inner hop limit, S18 sets the "
                          "outer one as RFC 2473 does",
                          change({{HOP_LIMIT, 64}, {IPV6_SIZE + 40 + HOP_LIMIT, 0x3f}}),
                          "",
                          true};
    }
    if (vector.name == "hencaps2" || vector.name == "hencaps_red1")
    {
        const size_t inner = vector.name == "hencaps2" ? INNER : IPV6_SIZE;
        return Difference{"RFC 8986 section 5.1 S05 decrements the inner hop limit, S03 sets the "
                          "outer one as RFC 2473 does",
                          change({{HOP_LIMIT, 64}, {inner + HOP_LIMIT, 0x31}}),
                          "",
                          true};
    }
    return std::nullopt;
}

/// @param packet an ICMPv6 message from an interface of the router @return it without hop limit
/// and flow label, in which Linux and ns-3 have tastes of their own
Bytes
Normalize(Bytes packet)
{
    packet[1] &= 0xf0;
    packet[2] = 0;
    packet[3] = 0;
    packet[HOP_LIMIT] = 0;
    return packet;
}

/// @param packet an ICMPv6 message @return type, code and the bytes behind the checksum
std::string
Summarize(const Bytes& packet)
{
    return Hex(Bytes(packet.begin() + IPV6_SIZE, packet.begin() + ICMP_CHECKSUM)) +
           Hex(Bytes(packet.begin() + ICMP_CHECKSUM + 2, packet.begin() + ICMP_CHECKSUM + 6));
}

/// The kernel's vectors.
void
AddVectors(ScenarioTestSuite& suite)
{
    for (const auto& vector : ReadSrv6Vectors(MPTCP_TEST_VECTORS "/linux-srv6.json"))
    {
        for (const bool linuxCompatible : {true, false})
        {
            suite.Add(
                vector.name + (linuxCompatible ? " as the kernel" : " as the RFCs"),
                [=](ScenarioTestCase& test)
                {
                    Srv6Router router(linuxCompatible);
                    ConfigureAsKernel(router);
                    router.Inject(vector.in);
                    std::vector<Bytes> returned;
                    for (const auto& packet : vector.returned)
                    {
                        // The host behind the router answered some packets.
                        if (packet[SOURCE + 3] == 0x0a)
                        {
                            returned.push_back(Normalize(packet));
                        }
                    }
                    std::vector<Bytes> seen;
                    for (const auto& packet : router.returned)
                    {
                        test.ExpectEqual(packet[6], ICMPV6, "next header");
                        seen.push_back(Normalize(packet));
                    }
                    const auto difference =
                        linuxCompatible ? std::optional<Difference>{} : GetDifference(vector);
                    if (!difference)
                    {
                        test.ExpectEqual(Hex(router.forwarded), Hex(vector.forwarded), "forwarded");
                        test.ExpectEqual(Hex(seen), Hex(returned), "returned");
                        return;
                    }
                    if (difference->label)
                    {
                        // RFC 8754 section 5.5, whose value is the node's own affair.
                        auto& outer = router.forwarded.at(0);
                        test.Expect((outer[1] & 0x0f) + outer[2] + outer[3] > 0, "flow label");
                        outer[1] &= 0xf0;
                        outer[2] = outer[3] = 0;
                    }
                    test.ExpectEqual(Hex(router.forwarded),
                                     Hex(difference->forwarded),
                                     "forwarded: " + difference->reason);
                    std::string summary;
                    for (const auto& packet : seen)
                    {
                        summary += Summarize(packet);
                    }
                    test.ExpectEqual(
                        summary, difference->returned, "returned: " + difference->reason);
                    if (!seen.empty() && seen[0][IPV6_SIZE] < 128)
                    {
                        // What is quoted is the packet as it arrived.
                        test.ExpectEqual(Hex(Bytes(seen[0].begin() + IPV6_SIZE + 8, seen[0].end())),
                                         Hex(vector.in),
                                         "quoted");
                    }
                });
        }
    }
}

/// Segment routing.
class MptcpSrv6TestSuite : public ScenarioTestSuite
{
  public:
    MptcpSrv6TestSuite()
        : ScenarioTestSuite("mptcp-srv6")
    {
        AddVectors(*this);
    }
};

MptcpSrv6TestSuite g_mptcpSrv6TestSuite; //!< registers itself

} // namespace

} // namespace ns3
