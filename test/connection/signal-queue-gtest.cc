// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 section 3: options that need ACKs of their own leave on no more than two in a row.
#include "../policy/fake-subflow.h"

#include "ns3/signal-queue.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>
#include <memory>

using namespace ns3;

namespace
{

/// Bytes of options that an ACK with timestamps has left.
constexpr size_t BESIDE_TIMESTAMPS = 28;

/// A subflow whose ACKs take what waits, as those of a connection do.
class SignallingSubflow : public FakeSubflow
{
  public:
    SignallingSubflow()
        : FakeSubflow({Ip("10.0.0.1"), Ip("10.0.0.2"), 1, 2}, MilliSeconds(100))
    {
    }

    void SendAck() override
    {
        m_acks++;
        TcpOptionSpace space;
        if (m_oneEach)
        {
            m_queue->MoveFirst(space);
        }
        else
        {
            m_queue->MoveAll(space);
        }
    }

    std::unique_ptr<SignalQueue> m_queue; //!< its
    uint32_t m_acks{0};                   //!< sent so far
    bool m_oneEach{false};                //!< an ACK has room for one option
};

/// A queue and its subflow.
class SignalQueueTest : public testing::Test
{
  protected:
    SignalQueueTest()
    {
        m_subflow->m_queue = std::make_unique<SignalQueue>(*m_subflow);
    }

    ~SignalQueueTest() override
    {
        m_subflow->m_queue.reset();
        Simulator::Destroy();
    }

    /// @return the queue
    SignalQueue& Queue()
    {
        return *m_subflow->m_queue;
    }

    /// @param time simulated from now on @return ACKs sent until then, from the beginning
    uint32_t AcksAfter(Time time)
    {
        Simulator::Stop(time);
        Simulator::Run();
        return m_subflow->m_acks;
    }

    Ptr<SignallingSubflow> m_subflow{CreateObject<SignallingSubflow>()}; //!< the subflow
};

/// @param id of the address @param port to advertise @return an ADD_ADDR of an IPv6 address
AddAddress
MakeAdvertisement(uint8_t id, std::optional<uint16_t> port = std::nullopt)
{
    AddAddress option;
    option.addressId = id;
    option.address = Ip("2001:db8::1");
    option.port = port;
    option.truncatedHmac = 1;
    return option;
}

TEST_F(SignalQueueTest, SendsTwoAcksInARowAndTwoMoreEachRoundTrip)
{
    m_subflow->m_oneEach = true;
    for (int i = 0; i < 5; i++)
    {
        Queue().Add(MpPrio{i % 2 == 0});
    }
    EXPECT_EQ(m_subflow->m_acks, 0U);
    Queue().Send();
    EXPECT_EQ(m_subflow->m_acks, 2U);
    Queue().Send(MpPrio{true});
    EXPECT_EQ(m_subflow->m_acks, 2U);
    EXPECT_EQ(AcksAfter(MilliSeconds(99)), 2U);
    EXPECT_EQ(AcksAfter(MilliSeconds(2)), 4U);
    EXPECT_EQ(AcksAfter(MilliSeconds(100)), 6U);
    EXPECT_TRUE(Queue().Empty());
}

TEST_F(SignalQueueTest, MovesAsManyAsFitIntoOneAck)
{
    for (int i = 0; i < 11; i++)
    {
        Queue().Add(MpPrio{true});
    }
    Queue().Send();
    // Ten of them take the 40 bytes that there are.
    EXPECT_EQ(m_subflow->m_acks, 2U);
    EXPECT_TRUE(Queue().Empty());
    TcpOptionSpace space;
    EXPECT_FALSE(Queue().MoveAll(space));
    EXPECT_EQ(space.GetSize(), 0U);
}

TEST_F(SignalQueueTest, AnAckThatIsDueBringsSignalsOrGoesAlone)
{
    Queue().SendDueAck();
    EXPECT_EQ(m_subflow->m_acks, 1U);
    Queue().Add(MpPrio{true});
    Queue().SendDueAck();
    EXPECT_EQ(m_subflow->m_acks, 2U);
    EXPECT_TRUE(Queue().Empty());
    // Though two in a row have left for signals' sake, data is acknowledged.
    Queue().Send(MpPrio{true});
    Queue().Send(MpPrio{true});
    EXPECT_EQ(m_subflow->m_acks, 3U);
    Queue().SendDueAck();
    EXPECT_EQ(m_subflow->m_acks, 4U);
    EXPECT_TRUE(Queue().Empty());
}

TEST_F(SignalQueueTest, WhatIsHeldSendsNoAcksOfItsOwn)
{
    Queue().Hold();
    Queue().Send(MpPrio{true});
    EXPECT_EQ(AcksAfter(Seconds(10)), 0U);
    EXPECT_FALSE(Queue().IsDue());
    Queue().Release();
    EXPECT_TRUE(Queue().IsDue());
    Queue().SendDueAck();
    EXPECT_EQ(m_subflow->m_acks, 1U);
    EXPECT_TRUE(Queue().Empty());
    Queue().Hold();
    Queue().Add(MpPrio{true});
    Queue().SendDueAck();
    EXPECT_EQ(m_subflow->m_acks, 2U) << "one that is due in any case leaves";
}

TEST_F(SignalQueueTest, RemovalsFitBesideTimestamps)
{
    std::vector<uint8_t> ids;
    for (uint8_t id = 0; id < 60; id++)
    {
        ids.push_back(id);
    }
    Queue().AddRemoval(ids);
    std::vector<uint8_t> removed;
    for (const auto& option : Queue().TakeAll())
    {
        EXPECT_LE(GetMptcpOptionSize(option), BESIDE_TIMESTAMPS);
        const auto& removal = std::get<RemoveAddress>(option);
        removed.insert(removed.end(), removal.addressIds.begin(), removal.addressIds.end());
    }
    EXPECT_EQ(removed, ids);
    EXPECT_TRUE(Queue().Empty());
    Queue().AddRemoval({});
    EXPECT_TRUE(Queue().Empty());
}

TEST_F(SignalQueueTest, WhatNeverHasRoomStaysUntilItIsTaken)
{
    TcpOptionSpace space;
    space.AddTimestamps(1, 2);
    Queue().Add(MakeAdvertisement(3, 80));
    Queue().Add(MpPrio{true});
    EXPECT_FALSE(Queue().MoveAll(space));
    EXPECT_TRUE(Queue().HasAdvertisement(3));
    EXPECT_EQ(std::get<AddAddress>(Queue().TakeFirst()).addressId, 3);
    EXPECT_TRUE(Queue().MoveAll(space));
    EXPECT_TRUE(Queue().Empty());
}

TEST_F(SignalQueueTest, AnEchoIsNoAdvertisement)
{
    AddAddress echo = MakeAdvertisement(3);
    echo.echo = true;
    Queue().Add(echo);
    EXPECT_FALSE(Queue().HasAdvertisement(3));
    Queue().Add(MakeAdvertisement(4));
    EXPECT_TRUE(Queue().HasAdvertisement(4));
    EXPECT_FALSE(Queue().HasAdvertisement(3));
    Queue().DropAdvertisement(3);
    Queue().DropAdvertisement(4);
    EXPECT_FALSE(Queue().HasAdvertisement(4));
    EXPECT_TRUE(std::get<AddAddress>(Queue().Front()).echo);
    Queue().Add(MakeAdvertisement(4));
    Queue().Clear();
    EXPECT_FALSE(Queue().HasAdvertisement(4));
}

TEST_F(SignalQueueTest, NothingIsSentOnceItIsGone)
{
    m_subflow->m_oneEach = true;
    for (int i = 0; i < 3; i++)
    {
        Queue().Add(MpPrio{true});
    }
    Queue().Send();
    m_subflow->m_queue.reset();
    EXPECT_EQ(AcksAfter(Seconds(1)), 2U);
}

} // namespace
