// SPDX-License-Identifier: GPL-2.0-only
// RFC 6191: a tuple in TIME_WAIT may be used again at once, any number of times.
#include "ns3/simulator.h"
#include "ns3/tcp-time-wait-table.h"

#include <gtest/gtest.h>

using namespace ns3;

namespace
{

constexpr size_t LENGTH = 60; //!< seconds of TIME_WAIT

/// @return a TCP that enters TIME_WAIT now, always of the same tuple
TcpOutput::TimeWait
MakeEntry()
{
    TcpOutput::TimeWait entry;
    entry.tuple = {Ipv4Address("10.0.0.1"), Ipv4Address("10.0.0.2"), 1, 2};
    entry.expires = Simulator::Now() + Seconds(LENGTH);
    entry.expected = SequenceNumber32(5000);
    return entry;
}

/// @param flags of the segment @param seq its sequence number @return a segment
TcpSegment
MakeSegment(uint8_t flags, uint32_t seq)
{
    TcpSegment segment;
    segment.flags = flags;
    segment.seq = SequenceNumber32(seq);
    return segment;
}

TEST(TcpTimeWaitTable, DoesNotGrowWithTheReusesOfATuple)
{
    TcpTimeWaitTable table;
    for (uint32_t i = 0; i < 1000; i++)
    {
        Simulator::Schedule(Seconds(i),
                            [&table]
                            {
                                const auto entry = MakeEntry();
                                EXPECT_EQ(table.Check(entry.tuple, MakeSegment(TCP_SYN, 5001)),
                                          TcpTimeWaitTable::Verdict::FREE);
                                table.Add(entry);
                                EXPECT_EQ(table.GetSize(), 1U);
                                EXPECT_LE(table.GetPending(), LENGTH + 1);
                            });
    }
    Simulator::Schedule(Seconds(999 + LENGTH),
                        [&table]
                        {
                            EXPECT_EQ(table.GetSize(), 0U);
                            EXPECT_EQ(table.GetPending(), 0U);
                        });
    Simulator::Run();
    Simulator::Destroy();
}

TEST(TcpTimeWaitTable, LooksOnceAtAnEntryThatBeginsAnew)
{
    TcpTimeWaitTable table;
    const TcpTuple tuple = MakeEntry().tuple;
    table.Add(MakeEntry());
    for (const uint32_t second : {30U, 80U, 130U})
    {
        Simulator::Schedule(Seconds(second),
                            [&table, tuple]
                            {
                                table.Check(tuple, MakeSegment(TCP_FIN | TCP_ACK, 4999));
                                EXPECT_TRUE(table.Find(tuple));
                                EXPECT_EQ(table.GetPending(), 1U);
                            });
    }
    Simulator::Schedule(Seconds(189), [&] { EXPECT_TRUE(table.Find(tuple)); });
    Simulator::Schedule(Seconds(191), [&] { EXPECT_FALSE(table.Find(tuple)); });
    Simulator::Run();
    Simulator::Destroy();
}

} // namespace
