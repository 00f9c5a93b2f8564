// SPDX-License-Identifier: GPL-2.0-only
// Paths of single subflows through the network, by segment routing.
#include "mptcp-socket.h"

#include "ns3/mptcp-sockaddr.h"
#include "ns3/mptcp-socket-options.h"

#include <algorithm>
#include <cerrno>

namespace ns3
{

int
MptcpSocket::SetSegmentList(const std::vector<Ipv6Address>& segments)
{
    if (m_listening || IsAlive())
    {
        return Answer(EISCONN);
    }
    const bool unicast =
        std::all_of(segments.begin(),
                    segments.end(),
                    [](const Ipv6Address& segment) {
                        return !segment.IsMulticast() && !segment.IsAny() && !segment.IsLocalhost();
                    });
    const auto header = unicast ? MakeSegmentRoutingBytes(segments) : RoutingHeaderBytes();
    if (header.empty() && !segments.empty())
    {
        return Answer(EINVAL);
    }
    m_routingHeader = header;
    return Answer(0);
}

int
MptcpSocket::OpenSubflow(const Address& local,
                         const Address& remote,
                         const std::vector<Ipv6Address>& segments,
                         bool backup,
                         int ifIndex)
{
    const auto from = MptcpSplitAddress(local);
    const auto to = MptcpSplitAddress(remote);
    const auto header = MakeSegmentRoutingBytes(segments);
    if (!from || !to || (header.empty() && !segments.empty()))
    {
        return Answer(EINVAL);
    }
    const TcpTuple tuple{from->first, to->first, from->second, to->second};
    uint8_t id = 0;
    const int error = Options().Open(tuple, MptcpIsAny(from->first), backup, ifIndex, id, header);
    return error == 0 ? id : Answer(error);
}

int
MptcpSocket::SetSubflowSegments(uint8_t id, const std::vector<Ipv6Address>& segments)
{
    if (!m_connection || !m_connection->IsMultipath() || m_connection->IsEnded())
    {
        return Answer(EOPNOTSUPP);
    }
    const auto header = MakeSegmentRoutingBytes(segments);
    if (header.empty() && !segments.empty())
    {
        return Answer(EINVAL);
    }
    return Answer(m_connection->SetRoutingHeader(id, header));
}

std::vector<Ipv6Address>
MptcpSocket::GetSubflowSegments(uint8_t id) const
{
    return m_connection ? GetSegments(m_connection->GetRoutingHeader(id))
                        : std::vector<Ipv6Address>();
}

} // namespace ns3
