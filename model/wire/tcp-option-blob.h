// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_OPTION_BLOB_H
#define TCP_OPTION_BLOB_H

#include "tcp-segment.h"

#include "ns3/ptr.h"
#include "ns3/tcp-header.h"
#include "ns3/tcp-option.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * All options of one outgoing segment as a single ns-3 TCP option, since an object for each costs
 * more than the rest of the segment. Its kind is NOP, which ns3::TcpHeader knows and which is what
 * the bytes are padded with. For sending only: what arrives is parsed by ParseTcpSegment().
 */
class TcpOptionBlob : public TcpOption
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * Put options into a header that has none yet.
     * @param header the header; keeps its size up to date
     * @param options the options; if there are none the header stays as it is
     * @param spare an object that is used again once no header refers to it; may be nullptr, and
     * is replaced when needed. Keep it between calls: then sending a segment creates no object.
     */
    static void Append(TcpHeader& header, const TcpOptionSpace& options, Ptr<TcpOptionBlob>& spare);

    // TcpOption
    void Print(std::ostream& os) const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;
    uint8_t GetKind() const override;
    uint32_t GetSerializedSize() const override;

  private:
    TcpOptionSpace m_options; //!< the bytes
};

} // namespace ns3

#endif // TCP_OPTION_BLOB_H
