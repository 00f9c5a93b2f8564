// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/tcp-tuple.h"

#include <gtest/gtest.h>
#include <set>
#include <sstream>

using namespace ns3;

namespace
{

/// @param tuple a tuple @return its text
std::string
Print(const TcpTuple& tuple)
{
    std::ostringstream text;
    text << tuple;
    return text.str();
}

} // namespace

TEST(TcpTuple, PrintsBothSides)
{
    EXPECT_EQ(Print({Ipv4Address("10.0.0.1"), Ipv4Address("10.0.0.2"), 80, 1234}),
              "10.0.0.1:80->10.0.0.2:1234");
    EXPECT_EQ(Print({Ipv6Address("fd00::1"), Ipv6Address("fd00::2"), 80, 1234}),
              "[fd00::1]:80->[fd00::2]:1234");
}

TEST(TcpTuple, GivesSocketAddressesOfItsFamily)
{
    const TcpTuple v4{Ipv4Address("10.0.0.1"), Ipv4Address("10.0.0.2"), 80, 1234};
    EXPECT_EQ(v4.GetLocal(), Address(InetSocketAddress(Ipv4Address("10.0.0.1"), 80)));
    EXPECT_EQ(v4.GetRemote(), Address(InetSocketAddress(Ipv4Address("10.0.0.2"), 1234)));
    const TcpTuple v6{Ipv6Address("fd00::1"), Ipv6Address("fd00::2"), 80, 1234};
    EXPECT_EQ(v6.GetLocal(), Address(Inet6SocketAddress(Ipv6Address("fd00::1"), 80)));
    EXPECT_EQ(v6.GetRemote(), Address(Inet6SocketAddress(Ipv6Address("fd00::2"), 1234)));
}

TEST(TcpTuple, IsEqualOnlyIfAllFourPartsAre)
{
    const TcpTuple tuple{Ipv4Address("10.0.0.1"), Ipv4Address("10.0.0.2"), 80, 1234};
    EXPECT_TRUE(tuple == tuple);
    TcpTuple other = tuple;
    other.localAddress = Ipv4Address("10.0.0.3");
    EXPECT_FALSE(tuple == other);
    other = tuple;
    other.remoteAddress = Ipv6Address("fd00::2");
    EXPECT_FALSE(tuple == other);
    other = tuple;
    other.localPort = 81;
    EXPECT_FALSE(tuple == other);
    other = tuple;
    other.remotePort = 1235;
    EXPECT_FALSE(tuple == other);
}

TEST(TcpTuple, HashesDifferInTheirLowBitsForNeighbours)
{
    // A table of connections takes the low bits: 4,096 tuples must fill most of 4,096 places as
    // chance would (1 - 1/e of them).
    for (const bool ipv6 : {false, true})
    {
        std::set<size_t> places;
        for (uint16_t port = 0; port < 64; port++)
        {
            for (uint32_t host = 0; host < 64; host++)
            {
                TcpTuple tuple{Ipv4Address(0x0a000001), Ipv4Address(0x0a010000 + host), 80, port};
                if (ipv6)
                {
                    tuple.localAddress = Ipv6Address("fd00::1");
                    uint8_t bytes[16] = {0xfd};
                    bytes[15] = static_cast<uint8_t>(host);
                    tuple.remoteAddress = Ipv6Address(bytes);
                }
                places.insert(TcpTupleHash()(tuple) % 4096);
            }
        }
        EXPECT_GT(places.size(), 2400U);
    }
}
