// SPDX-License-Identifier: GPL-2.0-only
#ifndef PAYLOAD_REWRITING_BOX_H
#define PAYLOAD_REWRITING_BOX_H

#include "middlebox.h"

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * An application-level gateway: replaces a text within segments by another one, as those for FTP
 * do with addresses. If both are of different lengths, all sequence numbers and acknowledgments
 * that follow are made to fit. RFC 8684 section 6: checksums detect it.
 */
class PayloadRewritingBox : public DirectedMiddlebox
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    void Receive(Direction way, TcpFrame frame) override;

  private:
    /// A place where the text was replaced.
    struct Edit
    {
        uint32_t seq{0};      //!< of its first byte, as the sender counts
        uint32_t removed{0};  //!< bytes
        uint32_t inserted{0}; //!< bytes
    };

    /// All of them, by sequence number.
    using Edits = std::vector<Edit>;

    /// @param frame a segment @param edits of its direction; those that are new are added
    /// @return whether there are any within it
    bool FindText(const TcpFrame& frame, Edits& edits) const;
    /// Replace the text. @param frame a segment @param edits of its direction
    void Apply(TcpFrame& frame, const Edits& edits) const;
    /// @param frame a segment @param edits of the other direction: what it acknowledges
    static void RestoreAcks(TcpFrame& frame, const Edits& edits);
    /// @param ack as the receiver counts @param edits of the data @return as the sender counts
    static uint32_t Restore(uint32_t ack, const Edits& edits);

    std::string m_find;                                                       //!< text
    std::string m_replace;                                                    //!< what it becomes
    uint32_t m_mtu{1500};                                                     //!< bytes
    std::unordered_map<TcpTuple, std::array<Edits, 2>, TcpTupleHash> m_flows; //!< by direction
};

} // namespace ns3

#endif // PAYLOAD_REWRITING_BOX_H
