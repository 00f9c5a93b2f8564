// SPDX-License-Identifier: GPL-2.0-only
#ifndef SEQUENCE_REWRITING_BOX_H
#define SEQUENCE_REWRITING_BOX_H

#include "middlebox.h"

#include "ns3/random-variable-stream.h"

#include <array>
#include <unordered_map>

namespace ns3
{

/**
 * @ingroup mptcp
 * A firewall that makes initial sequence numbers random, and all later ones fit (RFC 8684
 * section 6). Each direction of each connection is shifted by a number of its own. Some such boxes
 * have forgotten SACK blocks, which an attribute says.
 */
class SequenceRewritingBox : public Middlebox
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    SequenceRewritingBox();

    void Receive(Direction way, TcpFrame frame) override;
    int64_t AssignStreams(int64_t stream) override;

  private:
    /// What is added to the sequence numbers of each direction.
    using Shifts = std::array<uint32_t, 2>;

    /// @param fixed as attributes have it @return what to add in a new connection
    uint32_t MakeShift(uint32_t fixed) const;

    Ptr<UniformRandomVariable> m_random;                        //!< of shifts
    uint32_t m_forward{0};                                      //!< 0: random
    uint32_t m_backward{0};                                     //!< 0: random
    bool m_rewriteSack{true};                                   //!< SACK blocks as well
    std::unordered_map<TcpTuple, Shifts, TcpTupleHash> m_flows; //!< by connection
};

} // namespace ns3

#endif // SEQUENCE_REWRITING_BOX_H
