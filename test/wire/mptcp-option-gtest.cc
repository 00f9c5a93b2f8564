// SPDX-License-Identifier: GPL-2.0-only
#include "option-examples.h"
#include "wire-bytes.h"

#include "ns3/mptcp-option.h"

#include <gtest/gtest.h>
#include <random>
#include <set>
#include <sstream>

using namespace ns3;

namespace
{

/// @param option an option @return its bytes
std::vector<uint8_t>
Write(const MptcpOption& option)
{
    std::vector<uint8_t> bytes(GetMptcpOptionSize(option));
    EXPECT_EQ(WriteMptcpOption(option, bytes.data()), bytes.size());
    return bytes;
}

/// @param option an option @return its text
std::string
Print(const MptcpOption& option)
{
    std::ostringstream text;
    text << option;
    return text.str();
}

/// @param hex an option @param syn SYN is set @param ack ACK is set @return what it parses to
MptcpParseResult
Parse(std::string_view hex, bool syn, bool ack)
{
    const auto bytes = FromHex(hex);
    ExactBuffer buffer(bytes.data(), bytes.size());
    return ParseMptcpOption(buffer.Get(), bytes.size(), syn, ack);
}

/// @tparam T an option's type @param hex its bytes @param syn SYN is set @param ack ACK is set
/// @return its value
template <typename T>
T
Get(std::string_view hex, bool syn, bool ack)
{
    return std::get<T>(Parse(hex, syn, ack).option.value());
}

} // namespace

TEST(MptcpOption, EveryOptionOfTheRfcInEachLengthIsReadAndWrittenUnchanged)
{
    std::set<std::pair<size_t, size_t>> seen;
    for (const auto& example : GetOptionExamples())
    {
        SCOPED_TRACE(example.hex);
        const auto result = Parse(example.hex, example.syn, example.ack);
        ASSERT_TRUE(result.option) << result.error;
        EXPECT_TRUE(result.error.empty());
        EXPECT_EQ(Write(*result.option), FromHex(example.hex));
        EXPECT_EQ(Print(*result.option), example.text);
        seen.emplace(result.option->index(), FromHex(example.hex).size());
    }
    // MP_CAPABLE 5 lengths, MP_JOIN 3 layouts, DSS 11 lengths, ADD_ADDR 8, REMOVE_ADDR 3 tried,
    // MP_PRIO 2, the other three have one.
    EXPECT_EQ(seen.size(), 5U + 3U + 11U + 8U + 3U + 5U);
}

TEST(MptcpOption, FieldsAreWhereTheFiguresSay)
{
    const auto capable =
        Get<MpCapable>("1e 18 01 a1 0102030405060708 1112131415161718 02bc beef", false, true);
    EXPECT_EQ(capable.version, 1);
    EXPECT_TRUE(capable.checksumRequired);
    EXPECT_FALSE(capable.extensibility);
    EXPECT_TRUE(capable.denyJoinInitialAddress);
    EXPECT_EQ(capable.cryptoFlags, 1);
    EXPECT_EQ(capable.senderKey, 0x0102030405060708U);
    EXPECT_EQ(capable.receiverKey, 0x1112131415161718U);
    EXPECT_EQ(capable.dataLength, 700);
    EXPECT_EQ(capable.checksum, 0xbeef);

    const auto syn = Get<MpJoinSyn>("1e 0c 11 07 01020304 05060708", true, false);
    EXPECT_TRUE(syn.backup);
    EXPECT_EQ(syn.addressId, 7);
    EXPECT_EQ(syn.token, 0x01020304U);
    EXPECT_EQ(syn.nonce, 0x05060708U);

    const auto synAck = Get<MpJoinSynAck>("1e 10 10 07 0102030405060708 090a0b0c", true, true);
    EXPECT_FALSE(synAck.backup);
    EXPECT_EQ(synAck.addressId, 7);
    EXPECT_EQ(synAck.truncatedHmac, 0x0102030405060708U);
    EXPECT_EQ(synAck.nonce, 0x090a0b0cU);

    const auto dss =
        Get<Dss>("1e 1c 20 1f 0102030405060708 1112131415161718 21222324 3132 4142", false, true);
    EXPECT_TRUE(dss.dataFin);
    EXPECT_TRUE(dss.dataAck->is64);
    EXPECT_EQ(dss.dataAck->value, 0x0102030405060708U);
    EXPECT_TRUE(dss.mapping->dataSequence.is64);
    EXPECT_EQ(dss.mapping->dataSequence.value, 0x1112131415161718U);
    EXPECT_EQ(dss.mapping->subflowSequence, 0x21222324U);
    EXPECT_EQ(dss.mapping->length, 0x3132);
    EXPECT_EQ(dss.mapping->checksum, 0x4142);

    const auto add = Get<AddAddress>("1e 12 30 05 0a010002 1b58 0102030405060708", false, true);
    EXPECT_FALSE(add.echo);
    EXPECT_EQ(add.addressId, 5);
    EXPECT_EQ(IpAddress(add.address), IpAddress(Ipv4Address("10.1.0.2")));
    EXPECT_EQ(add.port, 7000);
    EXPECT_EQ(add.truncatedHmac, 0x0102030405060708U);

    const auto echo = Get<AddAddress>("1e 14 31 05 fd000001000000000000000000000002", false, true);
    EXPECT_TRUE(echo.echo);
    EXPECT_EQ(IpAddress(echo.address), IpAddress(Ipv6Address("fd00:1::2")));
    EXPECT_FALSE(echo.port);
    EXPECT_FALSE(echo.truncatedHmac);

    const auto remove = Get<RemoveAddress>("1e 05 40 05 09", false, true);
    ASSERT_EQ(remove.addressIds.size(), 2U);
    EXPECT_EQ(remove.addressIds[0], 5);
    EXPECT_EQ(remove.addressIds[1], 9);

    EXPECT_TRUE(Get<MpPrio>("1e 03 51", false, true).backup);
    EXPECT_EQ(Get<MpFail>("1e 0c 60 00 0102030405060708", false, true).dataSequence,
              0x0102030405060708U);
    EXPECT_EQ(Get<MpFastclose>("1e 0c 70 00 0102030405060708", false, true).receiverKey,
              0x0102030405060708U);
    const auto reset = Get<MpTcpRst>("1e 04 81 06", false, false);
    EXPECT_EQ(reset.flags, 1);
    EXPECT_EQ(reset.reason, 6);
}

TEST(MptcpOption, ValuesAreTriviallyCopyable)
{
    EXPECT_TRUE(std::is_trivially_copyable_v<MptcpOption>);
    EXPECT_TRUE(std::is_trivially_destructible_v<MptcpOption>);
}

TEST(MptcpOption, DssIsWrittenAlikeWithAndWithoutTheVariant)
{
    for (const auto& example : GetOptionExamples())
    {
        const auto result = Parse(example.hex, example.syn, example.ack);
        if (const auto* dss = std::get_if<Dss>(&result.option.value()))
        {
            std::vector<uint8_t> bytes(MAX_DSS_SIZE);
            bytes.resize(WriteDss(*dss, bytes.data()));
            EXPECT_EQ(bytes, FromHex(example.hex));
            EXPECT_EQ(GetDssSize(*dss), bytes.size());
        }
    }
}

TEST(MptcpOption, MalformedBytesAreRejectedWithTheReason)
{
    struct Case
    {
        std::string_view hex;
        bool syn;
        bool ack;
        std::string_view reason;
    };

    const std::vector<Case> cases{
        {"", false, true, "MPTCP option is shorter than 3 bytes"},
        {"1e", false, true, "MPTCP option is shorter than 3 bytes"},
        {"1e 02", false, true, "MPTCP option is shorter than 3 bytes"},
        {"1f 03 50", false, true, "option kind is not 30"},
        {"1e 04 50", false, true, "MPTCP option has another length than its length byte says"},
        {"1e 00 50", false, true, "MPTCP option has another length than its length byte says"},
        {"1e 03 50 00", false, true, "MPTCP option has another length than its length byte says"},
        {"1e 04 90 00", false, true, "MPTCP option of an unknown subtype"},
        {"1e 04 f0 00", false, true, "MPTCP option of an unknown subtype"},
        {"1e 03 01", true, false, "MP_CAPABLE on a SYN is not 4 bytes long"},
        {"1e 0c 01 01 0102030405060708", true, false, "MP_CAPABLE on a SYN is not 4 bytes long"},
        {"1e 04 01 01", true, true, "MP_CAPABLE on a SYN/ACK is not 12 bytes long"},
        {"1e 04 01 01", false, true, "MP_CAPABLE without SYN is not 20, 22 or 24 bytes long"},
        {"1e 15 01 01 0102030405060708 1112131415161718 00",
         false,
         true,
         "MP_CAPABLE without SYN is not 20, 22 or 24 bytes long"},
        {"1e 05 02 01 00", true, false, "MP_CAPABLE of another version has no known length"},
        {"1e 03 02", true, false, "MP_CAPABLE of another version has no known length"},
        {"1e 0b 10 03 01020304 050607", true, false, "MP_JOIN on a SYN is not 12 bytes long"},
        {"1e 10 10 04 0102030405060708 090a0b0c",
         true,
         false,
         "MP_JOIN on a SYN is not 12 bytes long"},
        {"1e 0c 10 03 01020304 05060708", true, true, "MP_JOIN on a SYN/ACK is not 16 bytes long"},
        {"1e 0c 10 03 01020304 05060708", false, true, "MP_JOIN on an ACK is not 24 bytes long"},
        {"1e 0c 10 03 01020304 05060708",
         false,
         false,
         "MP_JOIN on a segment with neither SYN nor ACK"},
        {"1e 03 20", false, true, "DSS is shorter than 4 bytes"},
        {"1e 04 20 01", false, true, "DSS has not the length that its flags say"},
        {"1e 0a 20 01 00000005 1234", false, true, "DSS has not the length that its flags say"},
        {"1e 08 20 03 00000005", false, true, "DSS has not the length that its flags say"},
        {"1e 0d 20 04 00000007 00000001 05",
         false,
         true,
         "DSS has not the length that its flags say"},
        {"1e 12 20 04 00000007 00000001 05dc 1234 0000",
         false,
         true,
         "DSS has not the length that its flags say"},
        {"1e 07 30 05 0a0100", false, true, "ADD_ADDR is shorter than 8 bytes"},
        {"1e 08 30 05 0a010002",
         false,
         true,
         "ADD_ADDR with an HMAC is not 16, 18, 28 or 30 bytes long"},
        {"1e 14 30 05 fd000001000000000000000000000002",
         false,
         true,
         "ADD_ADDR with an HMAC is not 16, 18, 28 or 30 bytes long"},
        {"1e 10 31 05 0a010002 0102030405060708",
         false,
         true,
         "ADD_ADDR that echoes is not 8, 10, 20 or 22 bytes long"},
        {"1e 03 40", false, true, "REMOVE_ADDR names no address"},
        {"1e 29 40 0000000000000000000000000000000000000000000000000000"
         "000000000000000000000000",
         false,
         true,
         "REMOVE_ADDR is longer than TCP's options can be"},
        {"1e 05 51 05 00",
         false,
         true,
         "MP_PRIO is not 3 bytes long, or with an address (version 0) 4"},
        {"1e 04 60 00", false, true, "MP_FAIL is not 12 bytes long"},
        {"1e 0b 70 00 01020304050607", false, true, "MP_FASTCLOSE is not 12 bytes long"},
        {"1e 03 80", false, true, "MP_TCPRST is not 4 bytes long"},
    };
    for (const auto& malformed : cases)
    {
        SCOPED_TRACE(malformed.hex);
        const auto result = Parse(malformed.hex, malformed.syn, malformed.ack);
        EXPECT_FALSE(result.option);
        EXPECT_EQ(result.error, malformed.reason);
    }
}

TEST(MptcpOption, OptionsCutOffAreRejectedOrAreAnotherOptionAndNeverReadBeyond)
{
    for (const auto& example : GetOptionExamples())
    {
        const auto whole = FromHex(example.hex);
        for (size_t size = 0; size < whole.size(); size++)
        {
            SCOPED_TRACE(std::string(example.hex) + " cut to " + std::to_string(size));
            ExactBuffer buffer(whole.data(), size);
            const auto cut = ParseMptcpOption(buffer.Get(), size, example.syn, example.ack);
            EXPECT_FALSE(cut.option);
            EXPECT_FALSE(cut.error.empty());
            if (size < 2)
            {
                continue;
            }
            buffer.Get()[1] = static_cast<uint8_t>(size);
            const auto shorter = ParseMptcpOption(buffer.Get(), size, example.syn, example.ack);
            EXPECT_NE(shorter.option.has_value(), !shorter.error.empty());
            if (shorter.option)
            {
                EXPECT_EQ(Write(*shorter.option),
                          std::vector<uint8_t>(buffer.Get(), buffer.Get() + size));
            }
        }
    }
}

TEST(MptcpOption, MutatedOptionsAreRejectedOrReadAndWrittenUnchanged)
{
    std::mt19937 random(8684);
    const auto& examples = GetOptionExamples();
    size_t accepted = 0;
    size_t rejected = 0;
    for (int i = 0; i < 200'000; i++)
    {
        auto bytes = FromHex(examples[random() % examples.size()].hex);
        for (uint32_t flips = random() % 4 + 1; flips > 0; flips--)
        {
            bytes[random() % bytes.size()] ^= static_cast<uint8_t>(1 << random() % 8);
        }
        if (random() % 4 == 0)
        {
            bytes.resize(random() % 64, static_cast<uint8_t>(random()));
            if (bytes.size() > 1)
            {
                bytes[1] = static_cast<uint8_t>(bytes.size());
            }
        }
        ExactBuffer buffer(bytes.data(), bytes.size());
        const auto result =
            ParseMptcpOption(buffer.Get(), bytes.size(), random() % 2 == 0, random() % 2 == 0);
        if (!result.option)
        {
            ASSERT_FALSE(result.error.empty());
            ++rejected;
            continue;
        }
        ++accepted;
        ASSERT_EQ(Write(*result.option), bytes) << Print(*result.option);
    }
    EXPECT_GT(accepted, 10'000U);
    EXPECT_GT(rejected, 10'000U);
}
