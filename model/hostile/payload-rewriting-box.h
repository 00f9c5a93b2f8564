// SPDX-License-Identifier: GPL-2.0-only
#ifndef PAYLOAD_REWRITING_BOX_H
#define PAYLOAD_REWRITING_BOX_H

#include "middlebox.h"

#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * An application-level gateway: replaces a text within segments by another one, as those for FTP
 * do with addresses. If both are of different lengths, all sequence numbers and acknowledgments
 * that follow are made to fit. Data behind a hole is dropped: what the hole holds decides by how
 * much that is to be shifted. RFC 8684 section 6: checksums detect it.
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

    /// One direction of a connection.
    struct Stream
    {
        Edits edits;        //!< where the text was, from what is not acknowledged on
        uint32_t growth{0}; //!< bytes by which earlier edits have shifted all that follows
        uint32_t begin{0};  //!< sequence number of the SYN
        std::optional<uint32_t> next; //!< behind what has passed, as the sender counts
    };

    /// Look for the text in what has not passed before. @param frame a segment
    /// @param stream its direction; what is found is added @return whether there is any
    bool FindText(const TcpFrame& frame, Stream& stream) const;
    /// Replace the text. @param frame a segment @param stream its direction
    void Apply(TcpFrame& frame, const Stream& stream) const;
    /// Let acknowledgments count as the sender of the data does, and forget the edits that are
    /// acknowledged. @param frame a segment @param stream the other direction
    static void RestoreAcks(TcpFrame& frame, Stream& stream);
    /// @param ack as the receiver counts @param stream the data @return as the sender counts
    static uint32_t Restore(uint32_t ack, const Stream& stream);

    std::string m_find;                                                        //!< text
    std::string m_replace;                                                     //!< what it becomes
    uint32_t m_mtu{1500};                                                      //!< bytes
    std::unordered_map<TcpTuple, std::array<Stream, 2>, TcpTupleHash> m_flows; //!< by direction
};

} // namespace ns3

#endif // PAYLOAD_REWRITING_BOX_H
