// SPDX-License-Identifier: GPL-2.0-only
#include "option-examples.h"
#include "wire-bytes.h"

#include "ns3/packet.h"
#include "ns3/tcp-header.h"
#include "ns3/tcp-option-blob.h"
#include "ns3/tcp-option-ts.h"
#include "ns3/tcp-segment.h"

#include <gtest/gtest.h>
#include <random>

using namespace ns3;

namespace
{

/// @param options hexadecimal bytes, a multiple of 4 @param flags TCP flags @return a header
std::vector<uint8_t>
MakeHeader(std::string_view options, uint8_t flags = TCP_ACK)
{
    auto bytes = FromHex("1b58 e8d4 01020304 05060708 0000 fc00 0000 0000");
    const auto tail = FromHex(options);
    EXPECT_EQ(tail.size() % 4, 0U);
    bytes[12] = static_cast<uint8_t>((20 + tail.size()) / 4 << 4);
    bytes[13] = flags;
    bytes.insert(bytes.end(), tail.begin(), tail.end());
    return bytes;
}

/// @param header a header @param payload bytes behind it @return what it parses to
TcpParseResult
Parse(const std::vector<uint8_t>& header, uint32_t payload = 0)
{
    ExactBuffer buffer(header.data(), header.size());
    return ParseTcpSegment(
        buffer.Get(), header.size(), static_cast<uint32_t>(header.size()) + payload);
}

/// @param space options @return their bytes
std::vector<uint8_t>
Bytes(const TcpOptionSpace& space)
{
    return {space.GetBytes(), space.GetBytes() + space.GetSize()};
}

} // namespace

TEST(TcpSegment, FixedFieldsAreWhereRfc9293Says)
{
    const auto result = Parse(MakeHeader("", TCP_ACK | TCP_PSH | TCP_FIN), 100);
    ASSERT_TRUE(result.segment) << result.error;
    const auto& segment = *result.segment;
    EXPECT_EQ(segment.sourcePort, 7000);
    EXPECT_EQ(segment.destinationPort, 59604);
    EXPECT_EQ(segment.seq, SequenceNumber32(0x01020304));
    EXPECT_EQ(segment.ack, SequenceNumber32(0x05060708));
    EXPECT_EQ(segment.flags, TCP_ACK | TCP_PSH | TCP_FIN);
    EXPECT_EQ(segment.window, 0xfc00);
    EXPECT_EQ(segment.headerSize, 20);
    EXPECT_EQ(segment.payloadSize, 100U);
    EXPECT_EQ(segment.SequenceLength(), 101U);
    EXPECT_TRUE(segment.Has(TCP_FIN));
    EXPECT_FALSE(segment.Has(TCP_SYN | TCP_RST));
    EXPECT_FALSE(segment.mss || segment.windowScale || segment.timestamps || segment.sackPermitted);
    EXPECT_TRUE(segment.sack.empty());
    EXPECT_TRUE(segment.mptcp.empty());
}

TEST(TcpSegment, OptionsOfASynAreDecoded)
{
    const auto result =
        Parse(MakeHeader("0204 05b4 0402 080a 00000001 00000002 01 03030a 1e040101", TCP_SYN));
    ASSERT_TRUE(result.segment) << result.error;
    const auto& segment = *result.segment;
    EXPECT_EQ(segment.mss, 1460);
    EXPECT_TRUE(segment.sackPermitted);
    EXPECT_EQ(segment.timestamps->value, 1U);
    EXPECT_EQ(segment.timestamps->echo, 2U);
    EXPECT_EQ(segment.windowScale, 10);
    ASSERT_TRUE(segment.Find<MpCapable>());
    EXPECT_FALSE(segment.Find<Dss>());
    EXPECT_EQ(segment.headerSize, 44);
}

TEST(TcpSegment, SackBlocksAndSeveralMptcpOptionsAreDecodedInOrder)
{
    const auto result = Parse(MakeHeader(
        "01 01 05 12 00000001 00000002 fffffffe 00000003 1e082001 00000005 1e0351 01 1e044009"));
    ASSERT_TRUE(result.segment) << result.error;
    const auto& segment = *result.segment;
    ASSERT_EQ(segment.sack.size(), 2U);
    EXPECT_EQ(segment.sack[0].begin, SequenceNumber32(1));
    EXPECT_EQ(segment.sack[0].end, SequenceNumber32(2));
    EXPECT_EQ(segment.sack[1].begin, SequenceNumber32(0xfffffffe));
    EXPECT_EQ(segment.sack[1].end, SequenceNumber32(3));
    ASSERT_EQ(segment.mptcp.size(), 3U);
    EXPECT_TRUE(std::holds_alternative<Dss>(segment.mptcp[0]));
    EXPECT_TRUE(std::holds_alternative<MpPrio>(segment.mptcp[1]));
    EXPECT_TRUE(std::holds_alternative<RemoveAddress>(segment.mptcp[2]));
}

TEST(TcpSegment, TimestampsInTheUsualPlaceAndElsewhereAreDecodedAlike)
{
    const auto usual = Parse(MakeHeader("0101 080a 00000001 00000002 1e082001 00000005"));
    const auto elsewhere = Parse(MakeHeader("1e082001 00000005 080a 00000001 00000002 0101"));
    for (const auto* result : {&usual, &elsewhere})
    {
        ASSERT_TRUE(result->segment) << result->error;
        EXPECT_EQ(result->segment->timestamps->value, 1U);
        EXPECT_EQ(result->segment->timestamps->echo, 2U);
        EXPECT_EQ(result->segment->Find<Dss>()->dataAck->value, 5U);
    }
}

TEST(TcpSegment, NothingIsReadBehindTheEndOfTheOptionList)
{
    const auto result = Parse(MakeHeader("00 02 00 ff"));
    ASSERT_TRUE(result.segment) << result.error;
    EXPECT_FALSE(result.segment->mss);
}

TEST(TcpSegment, OptionsOfAWrongLengthAreSkippedAndTheSegmentStands)
{
    const auto result =
        Parse(MakeHeader("0203 05 0304 0000 0403 00 0809 00000000000000 0509 00000000000000 "
                         "01010101"));
    ASSERT_TRUE(result.segment) << result.error;
    EXPECT_FALSE(result.segment->mss || result.segment->windowScale || result.segment->timestamps ||
                 result.segment->sackPermitted);
    EXPECT_TRUE(result.segment->sack.empty());
}

TEST(TcpSegment, UnknownOptionsAreSkipped)
{
    const auto result = Parse(MakeHeader("fd06 01020304 0101 0204 05b4"));
    ASSERT_TRUE(result.segment) << result.error;
    EXPECT_EQ(result.segment->mss, 1460);
}

TEST(TcpSegment, MalformedMptcpOptionsAreSkippedAndCounted)
{
    const auto result = Parse(MakeHeader("1e042001 1e082001 00000005 1e04f000"));
    ASSERT_TRUE(result.segment) << result.error;
    EXPECT_EQ(result.segment->malformedMptcp, 2);
    ASSERT_EQ(result.segment->mptcp.size(), 1U);
    EXPECT_EQ(result.segment->Find<Dss>()->dataAck->value, 5U);
}

TEST(TcpSegment, SixMptcpOptionsOfDifferentSubtypesFillAHeader)
{
    const auto result = Parse(
        MakeHeader("1e082001 00000005 1e083105 0a010002 1e044009 1e0351 1e0c6000 0000000000000001 "
                   "1e048000 01"));
    ASSERT_TRUE(result.segment) << result.error;
    EXPECT_EQ(result.segment->headerSize, 60);
    EXPECT_EQ(result.segment->mptcp.size(), 6U);
    EXPECT_EQ(result.segment->malformedMptcp, 0);
    EXPECT_TRUE(result.segment->Find<Dss>());
    EXPECT_TRUE(result.segment->Find<AddAddress>());
    EXPECT_TRUE(result.segment->Find<RemoveAddress>());
    EXPECT_TRUE(result.segment->Find<MpPrio>());
    EXPECT_TRUE(result.segment->Find<MpFail>());
    EXPECT_TRUE(result.segment->Find<MpTcpRst>());
}

TEST(TcpSegment, MptcpOptionsRepeatedBeyondMeasureAreSkippedAndCounted)
{
    const auto result = Parse(MakeHeader("1e0350 1e0350 1e0350 1e0350 1e0350 1e0351 1e0350 1e0350 "
                                         "1e0350 1e0350 1e0350 1e0350 1e0350 01"));
    ASSERT_TRUE(result.segment) << result.error;
    ASSERT_EQ(result.segment->mptcp.size(), 6U);
    EXPECT_TRUE(std::get<MpPrio>(result.segment->mptcp[5]).backup);
    EXPECT_EQ(result.segment->malformedMptcp, 7);
}

TEST(TcpSegment, MalformedFramingIsRejectedWithTheReason)
{
    const std::vector<std::pair<std::vector<uint8_t>, std::string_view>> cases{
        {{}, "segment is shorter than 20 bytes"},
        {std::vector<uint8_t>(19), "segment is shorter than 20 bytes"},
        {std::vector<uint8_t>(20), "data offset is below 5"},
        {FromHex("1b58e8d4 01020304 05060708 4010fc00 00000000"), "data offset is below 5"},
        {FromHex("1b58e8d4 01020304 05060708 6010fc00 00000000"),
         "data offset points beyond the segment"},
        {MakeHeader("010101 02"), "option has no room for its length"},
        {MakeHeader("1e00 0101"), "option length is below 2"},
        {MakeHeader("1e01 0101"), "option length is below 2"},
        {MakeHeader("0200 0101"), "option length is below 2"},
        {MakeHeader("fd00 0101"), "option length is below 2"},
        {MakeHeader("0101 0204"), "option reaches beyond the header"},
        {MakeHeader("05ff 0000"), "option reaches beyond the header"},
        {MakeHeader("0101 080a 00000000 00000000 0101 1e03"), "option reaches beyond the header"},
    };
    for (const auto& [bytes, reason] : cases)
    {
        SCOPED_TRACE(reason);
        const auto result = Parse(bytes);
        EXPECT_FALSE(result.segment);
        EXPECT_EQ(result.error, reason);
        ExactBuffer buffer(bytes.data(), bytes.size());
        EXPECT_EQ(CheckTcpFraming(buffer.Get(), bytes.size()), reason);
    }
}

TEST(TcpSegment, AHeaderLongerThanItsSegmentIsRejected)
{
    const auto header = MakeHeader("01010101");
    EXPECT_EQ(ParseTcpSegment(header.data(), header.size(), 23).error,
              "data offset points beyond the segment");
}

TEST(TcpSegment, HeadersCutOffAreRejectedAndNeverReadBeyond)
{
    const auto whole =
        MakeHeader("0101 080a 00000001 00000002 0101 050a 00000001 00000002 1e0c2003 "
                   "0000000000000005");
    for (size_t size = 0; size < whole.size(); size++)
    {
        ExactBuffer buffer(whole.data(), size);
        EXPECT_FALSE(ParseTcpSegment(buffer.Get(), size, 1000).segment);
        EXPECT_FALSE(CheckTcpFraming(buffer.Get(), size).empty());
        if (size >= 20 && size % 4 == 0)
        {
            buffer.Get()[12] = static_cast<uint8_t>(size / 4 << 4);
            ParseTcpSegment(buffer.Get(), size, 1000);
            CheckTcpFraming(buffer.Get(), size);
        }
    }
}

TEST(TcpSegment, MutatedHeadersNeverReadBeyondAndAgreeWithTheFramingCheck)
{
    std::mt19937 random(9293);
    const auto& examples = GetOptionExamples();
    size_t accepted = 0;
    size_t rejected = 0;
    for (int i = 0; i < 200'000; i++)
    {
        auto options = FromHex(random() % 2 ? "0101 080a 00000001 00000002" : "0204 05b4");
        const auto mptcp = FromHex(examples[random() % examples.size()].hex);
        options.insert(options.end(), mptcp.begin(), mptcp.end());
        options.resize(std::min<size_t>((options.size() + 3) / 4 * 4, 40), 1);
        auto header = MakeHeader("", static_cast<uint8_t>(random()));
        header[12] = static_cast<uint8_t>((20 + options.size()) / 4 << 4);
        header.insert(header.end(), options.begin(), options.end());
        for (uint32_t flips = random() % 4 + 1; flips > 0; flips--)
        {
            header[12 + random() % (header.size() - 12)] ^= static_cast<uint8_t>(1 << random() % 8);
        }
        ExactBuffer buffer(header.data(), header.size());
        const auto result = ParseTcpSegment(buffer.Get(), header.size(), 1500);
        ASSERT_EQ(CheckTcpFraming(buffer.Get(), header.size()), result.error);
        ASSERT_EQ(result.segment.has_value(), result.error.empty());
        (result.segment ? accepted : rejected)++;
    }
    EXPECT_GT(accepted, 10'000U);
    EXPECT_GT(rejected, 10'000U);
}

TEST(DataSequence, FourBytesStandForTheNearestEightByteNumber)
{
    const DataSequenceNumber near(0x00000001'fffffff0);
    EXPECT_EQ(ExpandDataSequence(0xfffffff0, near).GetValue(), 0x00000001'fffffff0U);
    EXPECT_EQ(ExpandDataSequence(0x00000010, near).GetValue(), 0x00000002'00000010U);
    EXPECT_EQ(ExpandDataSequence(0xffffff00, near).GetValue(), 0x00000001'ffffff00U);
    EXPECT_EQ(ExpandDataSequence(0x7fffffef, near).GetValue(), 0x00000002'7fffffefU);
    EXPECT_EQ(ExpandDataSequence(0x7ffffff1, near).GetValue(), 0x00000001'7ffffff1U);
    // Across the wrap of all 64 bits, both ways.
    EXPECT_EQ(ExpandDataSequence(5, DataSequenceNumber(UINT64_MAX)).GetValue(), 5U);
    EXPECT_EQ(ExpandDataSequence(0xfffffff0, DataSequenceNumber(2)).GetValue(),
              0xffffffff'fffffff0U);
}

TEST(TcpOptionSpace, LaysOutASynAsLinuxDoes)
{
    TcpOptionSpace space;
    EXPECT_TRUE(space.AddMss(1460));
    EXPECT_TRUE(space.AddSackPermitted());
    EXPECT_TRUE(space.AddTimestamps(1, 2));
    EXPECT_TRUE(space.AddWindowScale(10));
    EXPECT_TRUE(space.AddMptcp(MpCapable()));
    EXPECT_EQ(Bytes(space), FromHex("020405b4 0402080a 00000001 00000002 0103030a 1e040101"));
}

TEST(TcpOptionSpace, PadsWhatStandsAlone)
{
    TcpOptionSpace sack;
    EXPECT_TRUE(sack.AddSackPermitted());
    EXPECT_EQ(Bytes(sack), FromHex("01010402"));
    TcpOptionSpace timestamps;
    EXPECT_TRUE(timestamps.AddTimestamps(1, 2));
    EXPECT_EQ(Bytes(timestamps), FromHex("0101080a 00000001 00000002"));
    TcpOptionSpace prio;
    EXPECT_TRUE(prio.AddMptcp(MpPrio{true}));
    EXPECT_EQ(Bytes(prio), FromHex("1e035101"));
    TcpOptionSpace between;
    EXPECT_TRUE(between.AddSackPermitted());
    EXPECT_TRUE(between.AddMss(536));
    EXPECT_TRUE(between.AddTimestamps(1, 2));
    EXPECT_EQ(Bytes(between), FromHex("01010402 02040218 0101080a 00000001 00000002"));
}

TEST(TcpOptionSpace, BytesThatOnlyLookLikeSackPermittedAreLeftAlone)
{
    TcpOptionSpace space;
    EXPECT_TRUE(space.AddMptcp(MpFastclose{0x0000000001010402}));
    EXPECT_TRUE(space.AddTimestamps(1, 2));
    EXPECT_EQ(Bytes(space), FromHex("1e0c7000 00000000 01010402 0101080a 00000001 00000002"));
}

TEST(TcpOptionSpace, RefusesAsAWholeWhatHasNoRoom)
{
    AddAddress large;
    large.address = Ipv6Address("fd00:1::2");
    large.port = 7000;
    large.truncatedHmac = 1;
    TcpOptionSpace space;
    EXPECT_EQ(space.GetRoom(), 40U);
    EXPECT_TRUE(space.AddTimestamps(1, 2));
    EXPECT_EQ(space.GetRoom(), 28U);
    const auto before = Bytes(space);
    EXPECT_FALSE(space.AddMptcp(large));
    EXPECT_EQ(Bytes(space), before);
    large.port.reset();
    EXPECT_TRUE(space.AddMptcp(large));
    EXPECT_EQ(space.GetRoom(), 0U);
    EXPECT_FALSE(space.AddMptcp(MpPrio{true}));
    EXPECT_FALSE(space.AddDss(Dss()));
    EXPECT_FALSE(space.AddMss(1460));
    EXPECT_FALSE(space.AddSackPermitted());
    EXPECT_FALSE(space.AddWindowScale(1));
    EXPECT_FALSE(space.AddTimestamps(1, 2));
    const SackBlock block{SequenceNumber32(1), SequenceNumber32(2)};
    EXPECT_EQ(space.AddSack(&block, 1), 0U);
    EXPECT_EQ(space.GetSize(), 40U);
}

TEST(TcpOptionSpace, TakesAsManySackBlocksAsFit)
{
    const SackBlock blocks[]{{SequenceNumber32(1), SequenceNumber32(2)},
                             {SequenceNumber32(3), SequenceNumber32(4)},
                             {SequenceNumber32(5), SequenceNumber32(6)},
                             {SequenceNumber32(7), SequenceNumber32(8)},
                             {SequenceNumber32(9), SequenceNumber32(10)}};
    TcpOptionSpace alone;
    EXPECT_EQ(alone.AddSack(blocks, 5), 4U);
    TcpOptionSpace space;
    EXPECT_EQ(space.AddSack(blocks, 0), 0U);
    EXPECT_EQ(space.GetSize(), 0U);
    EXPECT_TRUE(space.AddTimestamps(1, 2));
    Dss dss;
    dss.dataAck = SequenceField{5, false};
    EXPECT_TRUE(space.AddDss(dss));
    EXPECT_EQ(space.AddSack(blocks, 5), 2U);
    EXPECT_EQ(Bytes(space),
              FromHex("0101080a 00000001 00000002 1e082001 00000005 "
                      "01010512 00000001 00000002 00000003 00000004"));
}

TEST(TcpOptionSpace, ADataSegmentHasRoomForTheLongestDssBesideTimestamps)
{
    Dss dss;
    dss.dataAck = SequenceField{1, true};
    dss.mapping = Dss::Mapping{{2, true}, 3, 4, 5};
    TcpOptionSpace space;
    EXPECT_TRUE(space.AddTimestamps(1, 2));
    EXPECT_TRUE(space.AddDss(dss));
    EXPECT_EQ(space.GetRoom(), 0U);
}

TEST(TcpOptionBlob, GivesAnNs3HeaderTheBytesOfAllOptions)
{
    TcpOptionSpace space;
    space.AddTimestamps(0x01020304, 0x05060708);
    Dss dss;
    dss.dataAck = SequenceField{9, true};
    space.AddDss(dss);
    Ptr<TcpOptionBlob> spare;
    TcpHeader header;
    header.SetSourcePort(7000);
    header.SetDestinationPort(59604);
    header.SetFlags(TcpHeader::ACK);
    TcpOptionBlob::Append(header, space, spare);
    EXPECT_EQ(header.GetLength(), 11);
    EXPECT_EQ(header.GetOptionLength(), 24);
    EXPECT_EQ(header.GetSerializedSize(), 44U);
    EXPECT_TRUE(spare);

    auto packet = Create<Packet>(100);
    packet->AddHeader(header);
    std::vector<uint8_t> bytes(packet->GetSize());
    packet->CopyData(bytes.data(), static_cast<uint32_t>(bytes.size()));
    ASSERT_EQ(bytes.size(), 144U);
    EXPECT_EQ(std::vector<uint8_t>(bytes.begin() + 20, bytes.begin() + 44), Bytes(space));
    const auto result = ParseTcpSegment(bytes.data(), 60, 144);
    ASSERT_TRUE(result.segment) << result.error;
    EXPECT_EQ(result.segment->payloadSize, 100U);
    EXPECT_EQ(result.segment->timestamps->echo, 0x05060708U);
    EXPECT_EQ(result.segment->Find<Dss>()->dataAck->value, 9U);

    TcpHeader stock;
    EXPECT_EQ(packet->RemoveHeader(stock), 44U);
    ASSERT_TRUE(stock.HasOption(TcpOption::TS));
    EXPECT_EQ(DynamicCast<const TcpOptionTS>(stock.GetOption(TcpOption::TS))->GetTimestamp(),
              0x01020304U);
}

TEST(TcpOptionBlob, FillsAHeaderUpToSixtyBytesAndLeavesOneWithoutOptionsAlone)
{
    Ptr<TcpOptionBlob> spare;
    TcpHeader plain;
    TcpOptionBlob::Append(plain, TcpOptionSpace(), spare);
    EXPECT_EQ(plain.GetLength(), 5);
    EXPECT_FALSE(spare);

    TcpOptionSpace full;
    full.AddTimestamps(1, 2);
    Dss dss;
    dss.dataAck = SequenceField{1, true};
    dss.mapping = Dss::Mapping{{2, true}, 3, 4, 5};
    full.AddDss(dss);
    TcpHeader header;
    TcpOptionBlob::Append(header, full, spare);
    EXPECT_EQ(header.GetLength(), 15);
    EXPECT_EQ(header.GetSerializedSize(), 60U);
}

TEST(TcpOptionBlob, IsUsedAgainOnlyWhenNoHeaderRefersToIt)
{
    TcpOptionSpace first;
    first.AddMss(1);
    TcpOptionSpace second;
    second.AddMss(2);
    Ptr<TcpOptionBlob> spare;
    const TcpOptionBlob* object = nullptr;
    {
        TcpHeader header;
        TcpOptionBlob::Append(header, first, spare);
        object = PeekPointer(spare);
    }
    TcpHeader kept;
    TcpOptionBlob::Append(kept, first, spare);
    EXPECT_EQ(PeekPointer(spare), object);
    TcpHeader other;
    TcpOptionBlob::Append(other, second, spare);
    EXPECT_NE(PeekPointer(spare), object);
    std::ostringstream text;
    kept.GetOption(TcpOption::NOP)->Print(text);
    EXPECT_EQ(text.str(), "02040001");
}
