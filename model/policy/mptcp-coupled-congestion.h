// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_COUPLED_CONGESTION_H
#define MPTCP_COUPLED_CONGESTION_H

#include "ns3/nstime.h"
#include "ns3/simple-ref-count.h"
#include "ns3/tcp-congestion-ops.h"
#include "ns3/tcp-socket-state.h"

#include <vector>

namespace ns3
{

class MptcpCoupledCongestion;

/**
 * @ingroup mptcp
 * What the coupled congestion controls of one connection's subflows share: they see each other's
 * windows and RTTs through it. A member enters with its subflow's handshake and leaves when its
 * subflow ends or it is destroyed, whichever comes first.
 *
 * The figures change slowly: they are computed again when a member came, went or changed its
 * congestion state, otherwise at most once per round trip of the fastest member.
 */
class MptcpCoupling : public SimpleRefCount<MptcpCoupling>
{
  public:
    /// Of the members that have an RTT, as of the last time that they were computed.
    struct Figures
    {
        double totalWindow{0}; //!< sum of the windows in bytes, cwnd_total of RFC 6356
        double totalRate{0};   //!< sum of window / RTT in bytes per second
        double maxRate{0};     //!< largest window / RTT in bytes per second
        double alpha{1};       //!< RFC 6356 equation (2); 1 if it cannot be told yet
        uint64_t version{0};   //!< another one each time that the figures are computed
    };

    /// @param growing the member whose window is about to grow, so is what limits it and counts
    /// whole, though the ACK has just made it less full; nullptr if none is
    /// @return the figures
    const Figures& GetFigures(const MptcpCoupledCongestion* growing = nullptr);

    /// @return the members
    const std::vector<MptcpCoupledCongestion*>& GetMembers() const
    {
        return m_members;
    }

  private:
    friend class MptcpCoupledCongestion;

    /// A subflow begins to count. @param member it
    void Add(MptcpCoupledCongestion* member);
    /// A subflow is gone. @param member it
    void Remove(MptcpCoupledCongestion* member);

    /// Alpha must be computed again before it is used.
    void Invalidate()
    {
        m_valid = false;
    }

    std::vector<MptcpCoupledCongestion*> m_members; //!< each removes itself before it dies
    bool m_valid{false};                            //!< the figures can be used ...
    Time m_expires;                                 //!< ... until then
    Figures m_figures;                              //!< see GetFigures()
};

/**
 * @ingroup mptcp
 * A congestion control that knows its siblings of the same connection. To write one, derive from
 * it, override CongestionAvoidance(), and read the others through GetCoupling().
 */
class MptcpCoupledCongestion : public TcpNewReno
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    MptcpCoupledCongestion();
    /// @param other another one, whose coupling is not copied
    MptcpCoupledCongestion(const MptcpCoupledCongestion& other);
    ~MptcpCoupledCongestion() override;

    /**
     * Join the other subflows' congestion controls, or leave them. Before Init() nothing counts.
     * @param coupling of the connection; nullptr once the subflow has ended
     */
    void SetCoupling(Ptr<MptcpCoupling> coupling);

    /// @return the congestion window in bytes, ssthresh during fast recovery (RFC 6356 section 3);
    /// 0 before Init()
    uint32_t GetWindow() const;

    /// @return GetWindow(), or what is in flight in bytes if the application or the peer leaves
    /// most of the window unused. Too little while an ACK of the subflow itself is processed: what
    /// it makes room for is sent after that
    uint32_t GetEffectiveWindow() const;

    /// @return smoothed RTT, zero before the first sample
    Time GetRtt() const
    {
        return m_rtt;
    }

    // TcpCongestionOps
    void Init(Ptr<TcpSocketState> tcb) override;
    void PktsAcked(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked, const Time& rtt) override;
    void CongestionStateSet(Ptr<TcpSocketState> tcb,
                            const TcpSocketState::TcpCongState_t newState) override;

  protected:
    void DoDispose() override;

    /// Change the window by bytes, parts of which are kept for later. @param tcb of the subflow
    /// @param bytes to grow by; if negative the window shrinks, but not below a segment
    void Grow(TcpSocketState& tcb, double bytes);

    /// @return what the subflows share, nullptr outside of a connection
    MptcpCoupling* GetCoupling() const
    {
        return PeekPointer(m_coupling);
    }

  private:
    Ptr<MptcpCoupling> m_coupling; //!< what the subflows share
    Ptr<TcpSocketState> m_state;   //!< of this subflow
    Time m_rtt;                    //!< smoothed RTT of this subflow
    double m_fraction{0};          //!< part of a byte by which the window has still to change
};

} // namespace ns3

#endif // MPTCP_COUPLED_CONGESTION_H
