// SPDX-License-Identifier: GPL-2.0-only
// Version 0 (RFC 6824) where it differs. Expected hashes were computed with Python's hashlib and
// hmac.
#include "wire-bytes.h"

#include "ns3/mptcp-crypto.h"
#include "ns3/mptcp-option-v0.h"

#include <gtest/gtest.h>

using namespace ns3;

namespace
{

constexpr uint64_t KEY_A = 0x0102030405060708;
constexpr uint64_t KEY_B = 0x1112131415161718;
constexpr uint32_t NONCE_A = 0x21222324;
constexpr uint32_t NONCE_B = 0x31323334;

/// @param hex bytes of an option @param syn flag @param ack flag @return what they are
MptcpParseResult
Parse(std::string_view hex, bool syn, bool ack)
{
    const auto bytes = FromHex(hex);
    ExactBuffer buffer(bytes.data(), bytes.size());
    return ParseMptcpOption(buffer.Get(), bytes.size(), syn, ack);
}

} // namespace

TEST(MptcpVersion0, TokenAndInitialDataSequenceAreOfSha1)
{
    EXPECT_EQ(MptcpToken(KEY_A, 0), 0xdd5783bcU);
    EXPECT_EQ(MptcpInitialDataSequence(KEY_A, 0), 0x3a95ed6e4ebb4ad5U);
    EXPECT_EQ(MptcpToken(0, 0), 0x05fe4057U);
    EXPECT_EQ(MptcpInitialDataSequence(0, 0), 0xac558654f107c7e9U);
}

TEST(MptcpVersion0, JoinHmacIsOfSha1AndWholeOnTheThirdAck)
{
    const auto fromA = MptcpJoinHmac(KEY_A, KEY_B, NONCE_A, NONCE_B, 0);
    EXPECT_EQ(
        TruncateHmac160(fromA),
        (std::array<uint8_t, 20>{0xea, 0xdd, 0xd7, 0xd4, 0x4f, 0xb1, 0xbe, 0x97, 0xa6, 0x80,
                                 0xf0, 0xe4, 0xc2, 0xfe, 0x89, 0x6b, 0x33, 0x2c, 0x1a, 0x95}));
    const auto fromB = MptcpJoinHmac(KEY_B, KEY_A, NONCE_B, NONCE_A, 0);
    EXPECT_EQ(TruncateHmac64(fromB), 0x254ce9cee1c7cdd7U);
}

TEST(MptcpVersion0, CapableHasAKeyOnTheSynAndNoFlagC)
{
    const auto syn = Parse("1e 0c 00 a1 0102030405060708", true, false);
    ASSERT_TRUE(syn.option);
    const auto& capable = std::get<MpCapable>(*syn.option);
    EXPECT_EQ(capable.senderKey, KEY_A);
    EXPECT_TRUE(capable.checksumRequired);
    EXPECT_FALSE(capable.denyJoinInitialAddress);
    EXPECT_EQ(capable.cryptoFlags, 0x21);
}

TEST(MptcpVersion0, CapableOfOtherLengthsIsMalformed)
{
    const std::string_view on = "MP_CAPABLE of version 0 with SYN is not 12 bytes long";
    const std::string_view behind = "MP_CAPABLE of version 0 without SYN is not 20 bytes long";
    EXPECT_EQ(Parse("1e 03 00", true, false).error, on);
    EXPECT_EQ(Parse("1e 04 00 01", true, false).error, on);
    EXPECT_EQ(Parse("1e 14 00 01 0102030405060708 1112131415161718", true, true).error, on);
    EXPECT_EQ(Parse("1e 0c 00 01 0102030405060708", false, true).error, behind);
    EXPECT_EQ(Parse("1e 16 00 01 0102030405060708 1112131415161718 02bc", false, true).error,
              behind);
    EXPECT_EQ(Parse("1e 18 00 81 0102030405060708 1112131415161718 02bc beef", false, true).error,
              behind);
}

TEST(MptcpVersion0, AddAddressWhoseIpVerAndLengthDisagreeIsNotOfVersion0)
{
    for (const std::string_view hex : {"1e 08 36 05 0a010002",
                                       "1e 0a 36 05 0a010002 1b58",
                                       "1e 14 34 05 fd000001000000000000000000000002",
                                       "1e 10 34 05 0a010002 0102030405060708",
                                       "1e 08 35 05 0a010002",
                                       "1e 09 34 05 0a010002 1b"})
    {
        SCOPED_TRACE(hex);
        const auto result = Parse(hex, false, true);
        EXPECT_TRUE(!result.option || !IsOfVersion(*result.option, 0));
    }
}

TEST(MptcpVersion0, EachVersionKnowsItsOwnFormsOnly)
{
    const std::string_view zero[] = {"1e 08 34 05 0a010002", "1e 04 51 03"};
    const std::string_view one[] = {
        "1e 10 30 05 0a010002 0102030405060708", "1e 08 31 05 0a010002", "1e 04 80 01"};
    const std::string_view both[] = {"1e 03 51",
                                     "1e 04 40 05",
                                     "1e 0c 60 00 0000000100000000",
                                     "1e 0c 70 00 0102030405060708",
                                     "1e 08 20 01 00000005"};
    const auto check = [](std::string_view hex, bool inZero, bool inOne)
    {
        SCOPED_TRACE(hex);
        const auto result = Parse(hex, false, true);
        ASSERT_TRUE(result.option);
        EXPECT_EQ(IsOfVersion(*result.option, 0), inZero);
        EXPECT_EQ(IsOfVersion(*result.option, 1), inOne);
    };
    for (const auto hex : zero)
    {
        check(hex, true, false);
    }
    for (const auto hex : one)
    {
        check(hex, false, true);
    }
    for (const auto hex : both)
    {
        check(hex, true, true);
    }
}
