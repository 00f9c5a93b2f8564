// SPDX-License-Identifier: GPL-2.0-only
#ifndef FAKE_SUBFLOW_H
#define FAKE_SUBFLOW_H

#include "ns3/mptcp-subflow.h"

#include <string>

namespace ns3
{

/// A subflow that is only looked at.
class FakeSubflow : public MptcpSubflow
{
  public:
    /// @param tuple its addresses @param rtt smoothed @param maxPayload of a segment
    explicit FakeSubflow(const TcpTuple& tuple, Time rtt = Time(0), uint32_t maxPayload = 1000)
        : m_minRtt(rtt),
          m_tuple(tuple),
          m_rtt(rtt),
          m_maxPayload(maxPayload)
    {
    }

    void Connect() override
    {
    }

    void Accept(const TcpSegment&) override
    {
    }

    uint32_t GetSendRoom() const override
    {
        return 0;
    }

    void SendData(Ptr<Packet>, DataSequenceNumber, bool) override
    {
    }

    void SendAck() override
    {
    }

    void SendProbe() override
    {
    }

    void Close() override
    {
    }

    void Reset(std::optional<MpTcpRst>, Socket::SocketErrno) override
    {
    }

    void Abandon() override
    {
    }

    void SetStale(bool) override
    {
    }

    void
    VisitHeldData(const std::function<void(DataSequenceNumber, Ptr<const Packet>)>&) const override
    {
    }

    TcpSocket::TcpStates_t GetState() const override
    {
        return m_state;
    }

    const TcpTuple& GetTuple() const override
    {
        return m_tuple;
    }

    uint32_t GetMaxPayload() const override
    {
        return m_maxPayload;
    }

    Time GetSmoothedRtt() const override
    {
        return m_rtt;
    }

    Time GetMinRtt() const override
    {
        return m_minRtt;
    }

    Time GetRttVariation() const override
    {
        return m_rttVariation;
    }

    Time GetRto() const override
    {
        return Seconds(1);
    }

    uint32_t GetCongestionWindow() const override
    {
        return m_congestionWindow;
    }

    uint32_t GetBytesInFlight() const override
    {
        return m_heldBytes;
    }

    uint32_t GetHeldBytes() const override
    {
        return m_heldBytes;
    }

    uint32_t GetTimeouts() const override
    {
        return 0;
    }

    uint64_t GetBytesSent() const override
    {
        return 0;
    }

    uint32_t GetPeerOffset(SequenceNumber32) const override
    {
        return 0;
    }

    uint8_t GetReceiveWindowShift() const override
    {
        return 0;
    }

    uint8_t GetSendWindowShift() const override
    {
        return 0;
    }

    Ptr<TcpCongestionOps> GetCongestionOps() const override
    {
        return nullptr;
    }

    Ptr<TcpSocketState> GetSocketState() const override
    {
        return nullptr;
    }

    SubflowDetails GetDetails() const override
    {
        return {};
    }

    const SubflowControls& GetControls() const override
    {
        return m_controls;
    }

    void SetControls(const SubflowControls& controls) override
    {
        m_controls = controls;
    }

    void SetCongestionOps(Ptr<TcpCongestionOps>) override
    {
    }

    TcpSocket::TcpStates_t m_state{TcpSocket::ESTABLISHED}; //!< of TCP
    Time m_minRtt;                                          //!< shortest RTT
    Time m_rttVariation;                                    //!< RTTVAR
    uint32_t m_heldBytes{0};                                //!< sent and not acknowledged
    uint32_t m_congestionWindow{10'000};                    //!< in bytes

  private:
    SubflowControls m_controls; //!< what was set
    TcpTuple m_tuple;           //!< addresses and ports
    Time m_rtt;                 //!< smoothed RTT
    uint32_t m_maxPayload;      //!< of a segment
};

/// @param text an address of either family @return it
inline IpAddress
Ip(const std::string& text)
{
    if (text.find(':') != std::string::npos)
    {
        return Ipv6Address(text.c_str());
    }
    return Ipv4Address(text.c_str());
}

} // namespace ns3

#endif // FAKE_SUBFLOW_H
