// SPDX-License-Identifier: GPL-2.0-only
#ifndef TRANSLATING_BOX_H
#define TRANSLATING_BOX_H

#include "middlebox.h"

#include "ns3/nstime.h"

#include <optional>
#include <unordered_map>

namespace ns3
{

/**
 * @ingroup mptcp
 * A network address and port translator (RFC 3022, RFC 8684 section 6). Inside is where FORWARD
 * comes from. Each connection from there gets a port of the outside address; what comes from
 * outside and belongs to none is dropped, as are segments of connections that were forgotten.
 * ICMP errors that quote translated segments are not translated.
 */
class TranslatingBox : public Middlebox
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    void Receive(Direction way, TcpFrame frame) override;

  private:
    /// A connection.
    struct Mapping
    {
        TcpTuple inside;  //!< as the host inside sees it
        TcpTuple outside; //!< as it shall look outside
        Time used;        //!< last time
    };

    /// Connections.
    using Table = std::unordered_map<TcpTuple, Mapping, TcpTupleHash>;

    /// @param ipv6 family @return the outside address, nothing if that family is not translated
    std::optional<IpAddress> GetOutside(bool ipv6) const;
    /// @param inside a connection @param outside address @return it with a new port, or nothing if
    /// all are in use
    std::optional<Mapping> Open(const TcpTuple& inside, const IpAddress& outside);
    /// @param outside a connection @return its mapping if there is one that is still remembered
    Mapping* Find(const TcpTuple& outside);
    /// @param way of a segment @param frame it @return its mapping, a new one for a SYN from
    /// inside, or nullptr if it is not to pass
    Mapping* FindMapping(Direction way, const TcpFrame& frame);

    Ipv4Address m_outside4;                                          //!< any: not translated
    Ipv6Address m_outside6;                                          //!< any: not translated
    uint16_t m_firstPort{20000};                                     //!< of those to use
    uint16_t m_nextPort{0};                                          //!< 0: m_firstPort
    Time m_timeout;                                                  //!< 0: never forgets
    std::unordered_map<TcpTuple, TcpTuple, TcpTupleHash> m_outsides; //!< by inside
    Table m_mappings;                                                //!< by outside
};

} // namespace ns3

#endif // TRANSLATING_BOX_H
