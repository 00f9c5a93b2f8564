// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-vectors.h"
#include "wire-bytes.h"

#include "ns3/packet.h"
#include "ns3/srv6-header.h"
#include "ns3/srv6-hmac.h"

#include <gtest/gtest.h>
#include <random>
#include <sstream>

using namespace ns3;

namespace
{

/// @param header one @return its bytes
std::vector<uint8_t>
Bytes(const SegmentRoutingHeader& header)
{
    std::vector<uint8_t> bytes(header.GetSize());
    header.Write(bytes.data());
    return bytes;
}

/// @param bytes from a heap buffer of their size @return what they are
ParsedSrv6
Parse(const std::vector<uint8_t>& bytes)
{
    ExactBuffer buffer(bytes.data(), bytes.size());
    return ParseSegmentRoutingHeader(buffer.Get(), bytes.size());
}

/// @param n number of segments @return a path
std::vector<Ipv6Address>
Path(size_t n)
{
    std::vector<Ipv6Address> path;
    for (size_t i = 0; i < n; ++i)
    {
        std::ostringstream text;
        text << "fc00:1::" << std::hex << i + 1;
        path.emplace_back(text.str().c_str());
    }
    return path;
}

/// The SRH that a Linux kernel made with key "topsecret", identifier 17, for source fd00:a::2.
const std::string KERNEL_HMAC_SRH =
    "2909040101080000 fc000004000000000000000000000002 fc000004000000000000000000000001"
    "0526000000000011 e9371393af6d3f510097d567858d7434c9b9fbe797eb758da5ecde7c6e4a2183";

} // namespace

TEST(Srv6Header, ReadsAndWritesEachHeaderOfTheKernel)
{
    const auto vectors = ReadSrv6Vectors(MPTCP_TEST_VECTORS "/linux-srv6.json");
    ASSERT_EQ(vectors.size(), 28U);
    size_t headers = 0;
    for (const auto& vector : vectors)
    {
        auto packets = vector.forwarded;
        packets.push_back(vector.in);
        for (const auto& packet : packets)
        {
            if (packet[6] != 43 || packet[42] != SRV6_ROUTING_TYPE)
            {
                continue;
            }
            const std::vector<uint8_t> rest(packet.begin() + 40, packet.end());
            const auto parsed = Parse(rest);
            if (vector.name == "end_bad_tlv_len")
            {
                EXPECT_EQ(parsed.problem.reason, "TLV longer than the header");
                EXPECT_EQ(parsed.problem.offset, 40U);
                continue;
            }
            if (vector.name == "end_le_gt_max")
            {
                EXPECT_EQ(parsed.problem.reason, "Last Entry beyond the header");
                continue;
            }
            ASSERT_TRUE(parsed.header) << vector.name << ": " << parsed.problem.reason;
            const auto bytes = Bytes(*parsed.header);
            EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), rest.begin())) << vector.name;
            ++headers;
        }
    }
    EXPECT_GE(headers, 25U);
}

TEST(Srv6Header, HoldsOneTo127Segments)
{
    for (size_t n : {1, 2, 15, 16, 126, 127})
    {
        auto header = SegmentRoutingHeader::FromPath(Path(n));
        header.nextHeader = 6;
        EXPECT_TRUE(header.IsValid());
        EXPECT_EQ(header.segmentsLeft, n - 1);
        EXPECT_EQ(header.GetSize(), 8 + 16 * n);
        EXPECT_EQ(header.segments.back(), Path(n).front());
        const auto parsed = Parse(Bytes(header));
        ASSERT_TRUE(parsed.header) << n;
        EXPECT_EQ(*parsed.header, header);
    }
    EXPECT_FALSE(SegmentRoutingHeader::FromPath(Path(128)).IsValid());
    EXPECT_FALSE(SegmentRoutingHeader::FromPath({}).IsValid());
}

TEST(Srv6Header, LeavesTheFirstSegmentOutWhenReduced)
{
    const auto header = SegmentRoutingHeader::FromPath(Path(3), true);
    EXPECT_EQ(header.segments.size(), 2U);
    EXPECT_EQ(header.segmentsLeft, 2);
    EXPECT_EQ(header.segments.back(), Path(3)[1]);
    const auto parsed = Parse(Bytes(header));
    ASSERT_TRUE(parsed.header);
    EXPECT_EQ(*parsed.header, header);
}

TEST(Srv6Header, KeepsTlvsItDoesNotKnow)
{
    auto header = SegmentRoutingHeader::FromPath(Path(2));
    header.tlvs = {{SRV6_TLV_PAD1, {}}, {124, {1, 2, 3}}, {SRV6_TLV_PADN, {0, 0}}, {200, {}}};
    header.flags = 0xff;
    header.tag = 0xbeef;
    EXPECT_EQ(header.GetSize(), 8U + 32 + 16);
    auto bytes = Bytes(header);
    const auto parsed = Parse(bytes);
    ASSERT_TRUE(parsed.header);
    // What was missing to eight bytes has become one more TLV of padding.
    ASSERT_EQ(parsed.header->tlvs.size(), 5U);
    EXPECT_EQ(parsed.header->tlvs[1], header.tlvs[1]);
    EXPECT_EQ(parsed.header->tlvs[3], header.tlvs[3]);
    EXPECT_EQ(parsed.header->tlvs[4].type, SRV6_TLV_PADN);
    EXPECT_EQ(Bytes(*parsed.header), bytes);
}

TEST(Srv6Header, RefusesMalformedHeadersWithTheReason)
{
    const auto good = Bytes(SegmentRoutingHeader::FromPath(Path(2)));
    const auto reason = [&good](size_t at, uint8_t value)
    {
        auto bytes = good;
        bytes[at] = value;
        return Parse(bytes).problem.reason;
    };
    EXPECT_EQ(reason(2, 0), "not of routing type 4");
    EXPECT_EQ(reason(1, 5), "longer than the packet");
    EXPECT_EQ(reason(1, 0), "Last Entry beyond the header");
    EXPECT_EQ(reason(4, 2), "Last Entry beyond the header");
    EXPECT_EQ(reason(4, 255), "Last Entry beyond the header");
    EXPECT_EQ(reason(3, 3), "Segments Left beyond the segment list");
    EXPECT_EQ(reason(3, 2), "");
    EXPECT_EQ(Parse({}).problem.reason, "shorter than a routing header");
    for (size_t size = 0; size < good.size(); ++size)
    {
        EXPECT_FALSE(Parse({good.begin(), good.begin() + size}).header) << size;
    }
}

TEST(Srv6Header, PrintsFlagsAndTlvsByTheirNames)
{
    auto header = SegmentRoutingHeader::FromPath(Path(2));
    header.flags = 0x80 | 0x40 | 0x20 | 0x10 | 0x08;
    header.tlvs = {{1, {0, 0}}, {3, {}}, {SRV6_TLV_HMAC, {}}, {99, {7}}};
    std::ostringstream text;
    text << header;
    EXPECT_EQ(text.str(),
              "SRH next 0 left 1 flags CPOAH tag 0 segments [fc00:1::2, fc00:1::1] "
              "Ingress Node(2) Opaque Container(0) HMAC(0) TLV 99(1)");
}

TEST(Srv6Header, TravelsInPackets)
{
    auto value = SegmentRoutingHeader::FromPath(Path(3));
    value.nextHeader = 17;
    auto packet = Create<Packet>(100);
    packet->AddHeader(Srv6Header(value));
    EXPECT_EQ(packet->GetSize(), 100U + 56);
    Srv6Header read;
    EXPECT_EQ(packet->RemoveHeader(read), 56U);
    EXPECT_EQ(read.Get(), value);
    EXPECT_FALSE(read.GetProblem());
    EXPECT_EQ(packet->PeekHeader(read), 0U);
    EXPECT_EQ(read.GetProblem().reason, "not of routing type 4");
}

TEST(Srv6Header, SurvivesRandomBytes)
{
    std::mt19937 random(1);
    const auto good = FromHex(KERNEL_HMAC_SRH);
    size_t accepted = 0;
    for (int round = 0; round < 20000; ++round)
    {
        std::vector<uint8_t> bytes = good;
        bytes.resize(random() % (bytes.size() + 8));
        for (auto changes = random() % 6; changes > 0 && !bytes.empty(); --changes)
        {
            const auto range = random() % 2 ? 8 : bytes.size();
            bytes[random() % std::min(range, bytes.size())] = static_cast<uint8_t>(random());
        }
        const auto parsed = Parse(bytes);
        ASSERT_NE(parsed.header.has_value(), static_cast<bool>(parsed.problem));
        if (parsed.header)
        {
            const auto again = Bytes(*parsed.header);
            ASSERT_TRUE(std::equal(again.begin(), again.end(), bytes.begin()));
            ++accepted;
        }
    }
    EXPECT_GT(accepted, 100U);
}

TEST(Srv6Hmac, VerifiesWhatTheKernelMade)
{
    const auto parsed = Parse(FromHex(KERNEL_HMAC_SRH));
    ASSERT_TRUE(parsed.header);
    const Ipv6Address source("fd00:a::2");
    const Ipv6Address active("fc00:4::1");
    EXPECT_EQ(GetSrv6HmacKeyId(*parsed.header), 17U);
    EXPECT_TRUE(VerifySrv6Hmac(source, active, *parsed.header, "topsecret", Srv6HmacText::LINUX));
    EXPECT_FALSE(VerifySrv6Hmac(source, active, *parsed.header, "other", Srv6HmacText::LINUX));
    EXPECT_FALSE(
        VerifySrv6Hmac(source, active, *parsed.header, "topsecret", Srv6HmacText::RFC8754));
    EXPECT_FALSE(VerifySrv6Hmac(
        Ipv6Address("fd00:a::3"), active, *parsed.header, "topsecret", Srv6HmacText::LINUX));
    EXPECT_FALSE(VerifySrv6Hmac(
        source, Ipv6Address("fc00:4::2"), *parsed.header, "topsecret", Srv6HmacText::LINUX));
}

TEST(Srv6Hmac, MakesWhatTheKernelMade)
{
    auto header =
        SegmentRoutingHeader::FromPath({Ipv6Address("fc00:4::1"), Ipv6Address("fc00:4::2")});
    header.nextHeader = 41;
    AddSrv6Hmac(Ipv6Address("fd00:a::2"), header, 17, "topsecret", Srv6HmacText::LINUX);
    EXPECT_EQ(Bytes(header), FromHex(KERNEL_HMAC_SRH));
}

TEST(Srv6Hmac, ProtectsAReducedHeader)
{
    const auto path = Path(3);
    auto header = SegmentRoutingHeader::FromPath(path, true);
    const Ipv6Address source("fd00::1");
    AddSrv6Hmac(source, header, 1, "k", Srv6HmacText::RFC8754);
    EXPECT_EQ(header.FindHmac()->value[0], 0x80);
    EXPECT_TRUE(VerifySrv6Hmac(source, path[0], header, "k", Srv6HmacText::RFC8754));
    // Further on the active segment is one of the list.
    --header.segmentsLeft;
    EXPECT_TRUE(VerifySrv6Hmac(source, path[1], header, "k", Srv6HmacText::RFC8754));
    EXPECT_FALSE(VerifySrv6Hmac(source, path[2], header, "k", Srv6HmacText::RFC8754));
}
