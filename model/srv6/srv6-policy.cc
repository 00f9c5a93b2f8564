// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-policy.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace ns3
{

namespace
{

constexpr size_t HMAC_SIZE = 40; //!< bytes of an HMAC TLV (RFC 8754 section 2.1.2)
/// What Hdr Ext Len can tell beside it.
constexpr size_t MAX_SEGMENTS_WITH_HMAC =
    (SRV6_MAX_SIZE - SRV6_FIXED_SIZE - HMAC_SIZE) / SRV6_SEGMENT_SIZE;

} // namespace

Srv6Policy::Srv6Policy(Srv6Steering steering)
    : m_steering(steering)
{
}

std::string
Srv6Policy::GetProblem(Srv6Steering steering,
                       const std::vector<Ipv6Address>& path,
                       uint32_t weight,
                       bool key)
{
    // An inserted header ends with the packet's destination.
    const size_t most = (key ? MAX_SEGMENTS_WITH_HMAC : SRV6_MAX_SEGMENTS) -
                        (steering == Srv6Steering::INSERT ? 1 : 0);
    const auto bad = std::find_if(path.begin(),
                                  path.end(),
                                  [](const Ipv6Address& segment)
                                  { return segment.IsMulticast() || segment.IsAny(); });
    std::ostringstream text;
    if (path.empty() || path.size() > most)
    {
        text << "a segment list of " << path.size() << " segments; accepted: 1 to " << most
             << (key ? " beside an HMAC" : "");
    }
    else if (bad != path.end())
    {
        text << "segment " << bad - path.begin() + 1 << " of the list is " << *bad
             << "; accepted: unicast addresses";
    }
    else if (weight == 0)
    {
        text << "a segment list of weight 0; accepted: 1 or more";
    }
    return text.str();
}

bool
Srv6Policy::AddSegmentList(const std::vector<Ipv6Address>& path, uint32_t weight)
{
    // Choose() multiplies the sum of the weights by a hash of 32 bits.
    if (!GetProblem(m_steering, path, weight, m_key.has_value()).empty() ||
        m_weights + weight > UINT32_MAX)
    {
        return false;
    }
    auto full = path;
    if (m_steering == Srv6Steering::INSERT)
    {
        // The packet's destination, once there is a packet.
        full.push_back(Ipv6Address::GetAny());
    }
    List list{path,
              weight,
              SegmentRoutingHeader::FromPath(full, m_steering == Srv6Steering::ENCAPS_REDUCED),
              0};
    UpdateHeader(list);
    m_lists.push_back(std::move(list));
    m_weights += weight;
    return true;
}

void
Srv6Policy::UpdateHeader(List& list) const
{
    // RFC 8986 section 5.2: one segment needs no SRH, unless there is a TLV to put into it.
    if (m_key && list.header.segments.empty())
    {
        list.header = SegmentRoutingHeader::FromPath(list.path);
    }
    list.size = list.header.segments.empty()
                    ? 0
                    : static_cast<uint32_t>(list.header.GetSize() + (m_key ? HMAC_SIZE : 0));
}

void
Srv6Policy::SetSource(const Ipv6Address& source)
{
    m_source = source;
}

const std::optional<Ipv6Address>&
Srv6Policy::GetSource() const
{
    return m_source;
}

bool
Srv6Policy::SetKey(const Srv6Key& key)
{
    const bool fits =
        std::all_of(m_lists.begin(),
                    m_lists.end(),
                    [this](const List& list)
                    { return GetProblem(m_steering, list.path, list.weight, true).empty(); });
    if (!fits)
    {
        return false;
    }
    m_key = key;
    for (auto& list : m_lists)
    {
        UpdateHeader(list);
    }
    return true;
}

Srv6Steering
Srv6Policy::GetSteering() const
{
    return m_steering;
}

bool
Srv6Policy::IsEmpty() const
{
    return m_lists.empty();
}

bool
Srv6Policy::HasChoice() const
{
    return m_lists.size() > 1;
}

size_t
Srv6Policy::Choose(uint32_t hash) const
{
    // The hash as a fraction of the weights' sum.
    uint64_t point = hash * m_weights >> 32;
    size_t i = 0;
    while (i + 1 < m_lists.size() && point >= m_lists[i].weight)
    {
        point -= m_lists[i++].weight;
    }
    return i;
}

const Ipv6Address&
Srv6Policy::GetFirst(size_t list) const
{
    return m_lists[list].path.front();
}

const std::vector<Ipv6Address>&
Srv6Policy::GetPath(size_t list) const
{
    return m_lists[list].path;
}

uint32_t
Srv6Policy::GetWeight(size_t list) const
{
    return m_lists[list].weight;
}

size_t
Srv6Policy::GetNSegmentLists() const
{
    return m_lists.size();
}

uint32_t
Srv6Policy::GetHeaderSize(size_t list) const
{
    return m_lists[list].size;
}

void
Srv6Policy::Write(size_t list,
                  uint8_t* to,
                  uint8_t nextHeader,
                  const Ipv6Address& source,
                  const Ipv6Address& destination) const
{
    if (m_key)
    {
        SegmentRoutingHeader header = m_lists[list].header;
        if (m_steering == Srv6Steering::INSERT)
        {
            header.segments.front() = destination;
        }
        AddSrv6Hmac(source, header, m_key->id, m_key->secret, m_key->text);
        header.nextHeader = nextHeader;
        header.Write(to);
        return;
    }
    m_lists[list].header.Write(to);
    to[0] = nextHeader;
    if (m_steering == Srv6Steering::INSERT)
    {
        destination.GetBytes(to + SRV6_FIXED_SIZE);
    }
}

} // namespace ns3
