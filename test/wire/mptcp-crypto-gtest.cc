// SPDX-License-Identifier: GPL-2.0-only
// Expected values were computed with Python's hashlib and hmac; the kernel's own are in
// kernel-captures-gtest.cc.
#include "ns3/mptcp-crypto.h"

#include <gtest/gtest.h>

using namespace ns3;

namespace
{

constexpr uint64_t KEY_A = 0x0102030405060708;
constexpr uint64_t KEY_B = 0x1112131415161718;
constexpr uint32_t NONCE_A = 0x21222324;
constexpr uint32_t NONCE_B = 0x31323334;

} // namespace

TEST(MptcpCrypto, TokenIsTheBeginAndInitialDataSequenceTheEndOfTheKeysHash)
{
    EXPECT_EQ(MptcpToken(KEY_A), 0x66840ddaU);
    EXPECT_EQ(MptcpInitialDataSequence(KEY_A), 0xf5a101d3d29d6f72U);
    EXPECT_EQ(MptcpToken(0), 0xaf5570f5U);
    EXPECT_EQ(MptcpInitialDataSequence(0), 0xe5b2328de0e83dfcU);
}

TEST(MptcpCrypto, JoinHmacBeginsWithTheSendersKeyAndNonce)
{
    const auto fromA = MptcpJoinHmac(KEY_A, KEY_B, NONCE_A, NONCE_B);
    EXPECT_EQ(fromA, (std::array<uint8_t, 32>{0xe1, 0x9a, 0xd4, 0xac, 0x22, 0xd5, 0x1c, 0x2f,
                                              0x06, 0x4d, 0x49, 0x66, 0x24, 0x31, 0xbc, 0x8f,
                                              0x9d, 0x6b, 0x3a, 0x29, 0x6b, 0x01, 0xdb, 0x7d,
                                              0x00, 0xbf, 0x81, 0xae, 0xe3, 0x36, 0x2e, 0x2e}));
    const auto fromB = MptcpJoinHmac(KEY_B, KEY_A, NONCE_B, NONCE_A);
    EXPECT_EQ(TruncateHmac64(fromB), 0x0fce2597e55e87efU);
}

TEST(MptcpCrypto, JoinHmacIsCutOffOnTheRight)
{
    const auto hmac = MptcpJoinHmac(KEY_A, KEY_B, NONCE_A, NONCE_B);
    EXPECT_EQ(TruncateHmac64(hmac), 0xe19ad4ac22d51c2fU);
    EXPECT_EQ(
        TruncateHmac160(hmac),
        (std::array<uint8_t, 20>{0xe1, 0x9a, 0xd4, 0xac, 0x22, 0xd5, 0x1c, 0x2f, 0x06, 0x4d,
                                 0x49, 0x66, 0x24, 0x31, 0xbc, 0x8f, 0x9d, 0x6b, 0x3a, 0x29}));
}

TEST(MptcpCrypto, AddAddressHmacCoversIdAddressAndPortAndIsCutOffOnTheLeft)
{
    AddAddress option;
    option.addressId = 5;
    option.address = Ipv4Address("10.1.0.2");
    EXPECT_EQ(MptcpAddAddressHmac(KEY_A, KEY_B, option), 0xc03f148d36d7032cU);
    option.port = 7000;
    EXPECT_EQ(MptcpAddAddressHmac(KEY_A, KEY_B, option), 0x8faadab995dcb53aU);
    option.address = Ipv6Address("fd00:1::2");
    EXPECT_EQ(MptcpAddAddressHmac(KEY_A, KEY_B, option), 0x5e2102cdf44487fcU);
    option.port.reset();
    EXPECT_EQ(MptcpAddAddressHmac(KEY_A, KEY_B, option), 0xc5c02885686db259U);
}

TEST(MptcpCrypto, AddAddressHmacDoesNotCoverFlags)
{
    AddAddress option;
    option.addressId = 5;
    option.address = Ipv4Address("10.1.0.2");
    option.echo = true;
    option.reserved = 0xe00;
    EXPECT_EQ(MptcpAddAddressHmac(KEY_A, KEY_B, option), 0xc03f148d36d7032cU);
}
