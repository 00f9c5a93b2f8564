// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_WEIGHTED_ROUND_ROBIN_H
#define MPTCP_WEIGHTED_ROUND_ROBIN_H

#include "mptcp-scheduler.h"

#include <string>
#include <utility>

namespace ns3
{

/**
 * @ingroup mptcp
 * Splits the bytes by weights, in the order of start tags as in P. Goyal, H. Vin and H. Cheng,
 * "Start-Time Fair Queueing", SIGCOMM 1996. A subflow without room loses its turn, or is waited for
 * if Strict; without Strict the shares thus hold as far as the windows allow.
 */
class MptcpWeightedRoundRobin : public MptcpScheduler
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    MptcpSubflow* Select(const std::vector<Candidate>& candidates, const Demand& demand) override;

    /**
     * @param text addresses of either end with the weight of the subflows that have them, e.g.
     * "10.1.1.2=3, 10.2.1.2=1" or "2001:db8::2=0.5"; any other subflow has the weight 1
     * @return whether it could be read; if not, nothing changes and the reason is written to
     * standard error
     */
    bool SetWeights(std::string text);

    /// @return the weights as they were set
    std::string GetWeights() const
    {
        return m_text;
    }

  private:
    /// A subflow and what it has had.
    struct Share
    {
        Ptr<const MptcpSubflow> subflow; //!< compared only; held, so that no other gets its place
        double weight{1};                //!< by its addresses
        double finish{0};                //!< bytes given to it over weight: its next start tag
    };

    /// @param candidate a subflow @return its share, new if need be
    Share& Find(const Candidate& candidate);
    /// @param tuple a subflow's @return its weight
    double GetWeight(const TcpTuple& tuple) const;

    std::string m_text;                                  //!< see SetWeights()
    std::vector<std::pair<IpAddress, double>> m_weights; //!< the same
    bool m_strict{false};                                //!< attribute
    std::vector<Share> m_shares;                         //!< of the candidates
    double m_virtualTime{0};                             //!< start tag of the last segment
};

} // namespace ns3

#endif // MPTCP_WEIGHTED_ROUND_ROBIN_H
