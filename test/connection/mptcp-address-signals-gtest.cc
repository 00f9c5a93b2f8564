// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 section 3.4: how long an end tells of its addresses.
#include "../policy/fake-subflow.h"

#include "ns3/mptcp-address-signals.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>
#include <vector>

using namespace ns3;

namespace
{

/// What ends say of their addresses, and when.
struct Signal
{
    Time at;            //!< when
    MptcpOption option; //!< what
};

/// A subflow whose ACKs take one option each; its RTO is a second.
class RecordingSubflow : public FakeSubflow
{
  public:
    /// @param flows of the connection
    explicit RecordingSubflow(MptcpFlows& flows)
        : FakeSubflow({Ip("10.0.0.1"), Ip("10.0.0.2"), 1, 2}, MilliSeconds(100)),
          m_flows(flows)
    {
    }

    void SendAck() override
    {
        SignalQueue& queue = m_flows.Find(*this).signals;
        if (!queue.Empty())
        {
            m_sent.push_back({Simulator::Now(), queue.TakeFirst()});
        }
    }

    std::vector<Signal> m_sent; //!< what has left

  private:
    MptcpFlows& m_flows; //!< of the connection
};

/// A connection's subflows and addresses, without the connection.
class MptcpAddressSignalsTest : public testing::Test
{
  protected:
    MptcpAddressSignalsTest()
    {
        m_book.Begin(Ip("10.0.0.1"), {0, Ip("10.0.0.2"), 2});
        m_id = Assign();
    }

    ~MptcpAddressSignalsTest() override
    {
        m_signals.Stop();
        while (!m_flows.Empty())
        {
            m_flows.Remove(*m_flows.Front().subflow);
        }
        Simulator::Destroy();
    }

    /// @return identifier of our second address
    uint8_t Assign()
    {
        return *m_book.Assign(SECOND, 0, [](uint8_t) { return false; });
    }

    /// @return a new, established subflow
    Ptr<RecordingSubflow> Open()
    {
        auto subflow = CreateObject<RecordingSubflow>(m_flows);
        m_flows.Add(subflow, m_flows.GetFreeId()).phase = MptcpFlow::Phase::ESTABLISHED;
        return subflow;
    }

    /// @return an ADD_ADDR of our second address
    AddAddress MakeAdvertisement() const
    {
        AddAddress option;
        option.addressId = m_id;
        option.address = SECOND;
        return option;
    }

    /// @param sent what has left @return when, in seconds
    static std::vector<double> GetTimes(const std::vector<Signal>& sent)
    {
        std::vector<double> times;
        for (const auto& signal : sent)
        {
            times.push_back(signal.at.GetSeconds());
        }
        return times;
    }

    /// @param time simulated from now on
    static void Run(Time time)
    {
        Simulator::Stop(time);
        Simulator::Run();
    }

    const IpAddress SECOND{Ip("10.0.1.1")};         //!< our second address
    MptcpFlows m_flows;                             //!< the subflows
    MptcpAddressBook m_book;                        //!< the identifiers
    MptcpAddressSignals m_signals{m_flows, m_book}; //!< what is tested
    uint8_t m_id{0};                                //!< of our second address
};

TEST_F(MptcpAddressSignalsTest, AdvertisesSixTimesEverLater)
{
    const auto subflow = Open();
    m_signals.Advertise(MakeAdvertisement());
    EXPECT_TRUE(m_signals.IsAdvertised(m_id));
    Run(Seconds(1000));
    EXPECT_EQ(GetTimes(subflow->m_sent), (std::vector<double>{0, 1, 3, 7, 15, 31}));
    EXPECT_FALSE(m_signals.IsAdvertised(m_id));
}

TEST_F(MptcpAddressSignalsTest, AnEchoOfTheSameAddressIsTheEnd)
{
    const auto subflow = Open();
    m_signals.Advertise(MakeAdvertisement());
    AddAddress echo = MakeAdvertisement();
    echo.address = Ip("10.0.9.9");
    m_signals.OnEcho(echo);
    Run(Seconds(2));
    EXPECT_EQ(subflow->m_sent.size(), 2U);
    m_signals.OnEcho(MakeAdvertisement());
    EXPECT_FALSE(m_signals.IsAdvertised(m_id));
    Run(Seconds(1000));
    EXPECT_EQ(subflow->m_sent.size(), 2U);
}

TEST_F(MptcpAddressSignalsTest, AdvertisesOnceThereIsASubflow)
{
    m_signals.Advertise(MakeAdvertisement());
    Run(MilliSeconds(500));
    const auto subflow = Open();
    Run(Seconds(1));
    EXPECT_EQ(GetTimes(subflow->m_sent), (std::vector<double>{1}));
}

TEST_F(MptcpAddressSignalsTest, AdvertisesOfVersion0OnceOnEachSubflow)
{
    const auto first = Open();
    const auto second = Open();
    AddAddress option = MakeAdvertisement();
    option.version0 = true;
    m_signals.Advertise(option);
    Run(Seconds(1000));
    EXPECT_EQ(first->m_sent.size(), 1U);
    EXPECT_EQ(second->m_sent.size(), 1U);
    EXPECT_FALSE(m_signals.IsAdvertised(m_id));
}

TEST_F(MptcpAddressSignalsTest, WhatIsWithdrawnIsAdvertisedNoMore)
{
    const auto subflow = Open();
    m_signals.Advertise(MakeAdvertisement());
    const auto ids = m_signals.Withdraw({SECOND});
    EXPECT_EQ(ids, std::vector<uint8_t>{m_id});
    EXPECT_TRUE(m_signals.Withdraw({SECOND}).empty());
    m_signals.Remove(&m_flows.Front(), ids, 0);
    Run(Seconds(1000));
    ASSERT_EQ(subflow->m_sent.size(), 2U);
    EXPECT_EQ(std::get<RemoveAddress>(subflow->m_sent[1].option).addressIds[0], m_id);
}

TEST_F(MptcpAddressSignalsTest, WhatIsWithdrawnWhileItWaitsIsNeverAdvertised)
{
    const auto subflow = Open();
    // Two ACKs in a row, and the third a round trip later.
    m_flows.Front().signals.Send(MpPrio{true});
    m_flows.Front().signals.Send(MpPrio{true});
    m_signals.Advertise(MakeAdvertisement());
    EXPECT_EQ(subflow->m_sent.size(), 2U);
    m_signals.Remove(&m_flows.Front(), m_signals.Withdraw({SECOND}), 0);
    Run(Seconds(1000));
    ASSERT_EQ(subflow->m_sent.size(), 3U);
    EXPECT_TRUE(std::holds_alternative<RemoveAddress>(subflow->m_sent[2].option));
}

TEST_F(MptcpAddressSignalsTest, RepeatsARemovalUnlessTheAddressIsBack)
{
    const auto subflow = Open();
    m_signals.Remove(&m_flows.Front(), m_signals.Withdraw({SECOND}), 5);
    Run(Seconds(4));
    EXPECT_EQ(GetTimes(subflow->m_sent), (std::vector<double>{0, 1, 3}));
    EXPECT_EQ(Assign(), m_id);
    Run(Seconds(1000));
    EXPECT_EQ(subflow->m_sent.size(), 3U);
}

TEST_F(MptcpAddressSignalsTest, ARemovalWithoutASubflowIsKept)
{
    m_signals.Remove(nullptr, m_signals.Withdraw({SECOND}), 0);
    EXPECT_EQ(m_book.TakeRemovals(), std::vector<uint8_t>{m_id});
}

TEST_F(MptcpAddressSignalsTest, OthersSendTheRemovalsOfASubflowThatIsGone)
{
    const auto first = Open();
    m_signals.Withdraw({SECOND});
    m_flows.Front().signals.Add(MpPrio{true});
    m_flows.Front().signals.AddRemoval({m_id});
    const auto waiting = m_flows.Front().signals.TakeAll();
    m_flows.Remove(*first);
    const auto second = Open();
    m_signals.TakeOverRemovals(waiting);
    ASSERT_EQ(second->m_sent.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<RemoveAddress>(second->m_sent[0].option));
    EXPECT_EQ(Assign(), m_id);
    m_signals.TakeOverRemovals(waiting);
    EXPECT_EQ(second->m_sent.size(), 1U) << "the address is back";
}

TEST_F(MptcpAddressSignalsTest, RepeatsNothingOnceItIsStopped)
{
    const auto subflow = Open();
    m_signals.Advertise(MakeAdvertisement());
    m_signals.Remove(&m_flows.Front(), {m_id}, 5);
    m_signals.Stop();
    Run(Seconds(1000));
    EXPECT_EQ(subflow->m_sent.size(), 2U);
}

} // namespace
