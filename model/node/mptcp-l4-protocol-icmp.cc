// SPDX-License-Identifier: GPL-2.0-only
// MptcpL4Protocol: ICMP errors about segments of its subflows, and the MTUs of paths that they
// tell (RFC 1191, RFC 8201). What is about others' segments goes to stock TCP.
#include "mptcp-l4-protocol.h"

#include "ns3/icmpv4.h"
#include "ns3/icmpv6-header.h"
#include "ns3/ipv4-header.h"
#include "ns3/simulator.h"
#include "ns3/telling.h"

#include <algorithm>
#include <array>
#include <cerrno>

namespace ns3
{

namespace
{

/// 40 bytes of headers and the least segment of TcpSubflow; RFC 1191 section 3 would allow 68.
constexpr uint32_t LEAST_MTU_IPV4 = 128;
constexpr uint32_t LEAST_MTU_IPV6 = 1280; //!< RFC 8201 section 4
constexpr uint8_t PARAMETER_PROBLEM = 12; //!< ICMP's type that ns-3 has no name for
constexpr size_t QUOTED = 8;              //!< bytes of a TCP header that an error has

/// How long a path's MTU is believed (RFC 1191 section 6.3, RFC 8201 section 4).
constexpr int64_t PATH_MTU_SECONDS = 600;

/// MTUs that are common, for routers that do not tell theirs (RFC 1191 section 7).
constexpr std::array<uint32_t, 10> PLATEAUS{
    65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296};

/// @param mtu one that was too large @return the next smaller one that is common
uint32_t
GetPlateauBelow(uint32_t mtu)
{
    for (const uint32_t plateau : PLATEAUS)
    {
        if (plateau < mtu)
        {
            return plateau;
        }
    }
    return LEAST_MTU_IPV4;
}

/// @param type of an ICMP error @param code of it @param info what it tells beside
/// @return what it means for TCP; nothing if it is none
std::optional<TcpIcmpError>
Interpret4(uint8_t type, uint8_t code, uint32_t info)
{
    // Reasons by code (RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1), with the
    // numbers that Linux gives them.
    static constexpr std::array<int, 16> REASONS{ENETUNREACH,
                                                 EHOSTUNREACH,
                                                 ENOPROTOOPT,
                                                 ECONNREFUSED,
                                                 EMSGSIZE,
                                                 EOPNOTSUPP,
                                                 ENETUNREACH,
                                                 EHOSTDOWN,
                                                 ENONET,
                                                 ENETUNREACH,
                                                 EHOSTUNREACH,
                                                 ENETUNREACH,
                                                 EHOSTUNREACH,
                                                 EHOSTUNREACH,
                                                 EHOSTUNREACH,
                                                 EHOSTUNREACH};
    TcpIcmpError error;
    switch (type)
    {
    case Icmpv4Header::ICMPV4_DEST_UNREACH:
        if (code == Icmpv4DestinationUnreachable::ICMPV4_FRAG_NEEDED)
        {
            error.largestMtu = info;
            return error;
        }
        if (code >= REASONS.size())
        {
            return std::nullopt;
        }
        error.number = REASONS[code];
        return error;
    case Icmpv4Header::ICMPV4_TIME_EXCEEDED:
        error.number = EHOSTUNREACH;
        return error;
    case PARAMETER_PROBLEM:
        error.number = EPROTO;
        return error;
    default:
        return std::nullopt;
    }
}

/// @copydoc Interpret4
std::optional<TcpIcmpError>
Interpret6(uint8_t type, uint8_t code, uint32_t info)
{
    // RFC 4443 section 3.1.
    static constexpr std::array<int, 7> REASONS{
        ENETUNREACH, EACCES, EHOSTUNREACH, EHOSTUNREACH, ECONNREFUSED, EACCES, EACCES};
    TcpIcmpError error;
    switch (type)
    {
    case Icmpv6Header::ICMPV6_ERROR_DESTINATION_UNREACHABLE:
        if (code >= REASONS.size())
        {
            return std::nullopt;
        }
        error.number = REASONS[code];
        return error;
    case Icmpv6Header::ICMPV6_ERROR_PACKET_TOO_BIG:
        error.largestMtu = info;
        return error;
    case Icmpv6Header::ICMPV6_ERROR_TIME_EXCEEDED:
        error.number = EHOSTUNREACH;
        return error;
    case Icmpv6Header::ICMPV6_ERROR_PARAMETER_ERROR:
        error.number = EPROTO;
        return error;
    default:
        return std::nullopt;
    }
}

} // namespace

void
MptcpL4Protocol::ReceiveIcmp(Ipv4Address icmpSource,
                             uint8_t icmpTtl,
                             uint8_t icmpType,
                             uint8_t icmpCode,
                             uint32_t icmpInfo,
                             Ipv4Address payloadSource,
                             Ipv4Address payloadDestination,
                             const uint8_t payload[8])
{
    if (!TakeIcmp(
            payloadSource, payloadDestination, payload, Interpret4(icmpType, icmpCode, icmpInfo)))
    {
        m_stock4->ReceiveIcmp(icmpSource,
                              icmpTtl,
                              icmpType,
                              icmpCode,
                              icmpInfo,
                              payloadSource,
                              payloadDestination,
                              payload);
    }
}

void
MptcpL4Protocol::ReceiveIcmp(Ipv6Address icmpSource,
                             uint8_t icmpTtl,
                             uint8_t icmpType,
                             uint8_t icmpCode,
                             uint32_t icmpInfo,
                             Ipv6Address payloadSource,
                             Ipv6Address payloadDestination,
                             const uint8_t payload[8])
{
    if (!TakeIcmp(
            payloadSource, payloadDestination, payload, Interpret6(icmpType, icmpCode, icmpInfo)))
    {
        m_stock6->ReceiveIcmp(icmpSource,
                              icmpTtl,
                              icmpType,
                              icmpCode,
                              icmpInfo,
                              payloadSource,
                              payloadDestination,
                              payload);
    }
}

bool
MptcpL4Protocol::TakeIcmp(const IpAddress& source,
                          const IpAddress& destination,
                          const uint8_t payload[8],
                          std::optional<TcpIcmpError> error)
{
    const auto read16 = [payload](int at)
    { return static_cast<uint16_t>(payload[at] << 8 | payload[at + 1]); };
    const TcpTuple tuple{source, destination, read16(0), read16(2)};
    const auto found = m_endpoints.find(tuple);
    if (found == m_endpoints.end())
    {
        return false;
    }
    if (error && error->largestMtu && !m_pathMtuDiscovery && !IsIpv6(source))
    {
        // Packets without DF are cut on their way.
        return true;
    }
    if (Telling::IsOn())
    {
        std::array<uint8_t, QUOTED> quoted;
        std::copy_n(payload, QUOTED, quoted.begin());
        ReceiveLater([this, source, destination, quoted, error]
                     { TakeIcmp(source, destination, quoted.data(), error); });
        return true;
    }
    if (error)
    {
        error->seq = SequenceNumber32(uint32_t{read16(4)} << 16 | read16(6));
        const Ptr<TcpSubflow> subflow = found->second;
        if (subflow->OnIcmpError(*error) && error->largestMtu)
        {
            LearnPathMtu(tuple, *error->largestMtu);
            if (const uint32_t mtu = GetPathMtu(tuple))
            {
                subflow->OnPathMtu(mtu, error->seq);
            }
        }
    }
    return true;
}

void
MptcpL4Protocol::LearnPathMtu(const TcpTuple& tuple, uint32_t mtu)
{
    const uint32_t known = GetPathMtu(tuple);
    const uint32_t before = known > 0 ? known : GetMtu(tuple);
    if (IsIpv6(tuple.localAddress))
    {
        // It was told less the bytes of the routing header.
        if (mtu + GetRoutingHeader(tuple).size() < LEAST_MTU_IPV6)
        {
            return;
        }
    }
    else
    {
        // RFC 1191 section 5: an old router does not say.
        mtu = mtu == 0 ? GetPlateauBelow(before) : std::max(mtu, LEAST_MTU_IPV4);
    }
    if (mtu >= before)
    {
        return;
    }
    const Path path = GetPath(tuple);
    m_pathMtus[path] = {mtu, Simulator::Now() + Seconds(PATH_MTU_SECONDS)};
    std::vector<Ptr<TcpSubflow>> affected;
    for (const auto& [other, subflow] : m_endpoints)
    {
        if (other.remoteAddress == tuple.remoteAddress && GetPath(other) == path)
        {
            affected.push_back(subflow);
        }
    }
    // The table has no order of its own that would be the same in each run.
    std::sort(affected.begin(),
              affected.end(),
              [](const auto& a, const auto& b)
              {
                  const TcpTuple& first = a->GetTuple();
                  const TcpTuple& second = b->GetTuple();
                  return std::make_pair(first.localPort, first.remotePort) <
                         std::make_pair(second.localPort, second.remotePort);
              });
    for (const auto& subflow : affected)
    {
        subflow->OnPathMtu(mtu);
    }
}

void
MptcpL4Protocol::ForbidFragments(const Ipv4Header& header,
                                 Ptr<const Packet> /* packet */,
                                 uint32_t /* interface */)
{
    if (m_sendsDf && header.GetProtocol() == PROT_NUMBER)
    {
        m_sendsDf = false;
        const_cast<Ipv4Header&>(header).SetDontFragment();
    }
}

MptcpL4Protocol::Path
MptcpL4Protocol::GetPath(const TcpTuple& tuple) const
{
    // RFC 8201 section 5.2: a routing header makes it another path to the same destination.
    const auto routingHeader = GetRoutingHeader(tuple);
    if (IsIpv6(tuple.localAddress) && routingHeader.empty())
    {
        // ns-3 keeps one MTU per destination and cuts all that goes there, whatever its source.
        return {Ipv6Address::GetAny(), tuple.remoteAddress, routingHeader};
    }
    return {tuple.localAddress, tuple.remoteAddress, routingHeader};
}

uint32_t
MptcpL4Protocol::GetPathMtu(const TcpTuple& tuple) const
{
    if (m_pathMtus.empty())
    {
        return 0;
    }
    const auto found = m_pathMtus.find(GetPath(tuple));
    return found == m_pathMtus.end() || found->second.expires <= Simulator::Now()
               ? 0
               : found->second.mtu;
}

} // namespace ns3
