// SPDX-License-Identifier: GPL-2.0-only
#include "ipv6-extension-bytes.h"

#include "srv6-header.h"

#include <algorithm>
#include <ostream>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Ipv6ExtensionBytes);

TypeId
Ipv6ExtensionBytes::GetTypeId()
{
    static TypeId tid = TypeId("ns3::Ipv6ExtensionBytes")
                            .SetParent<Header>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<Ipv6ExtensionBytes>();
    return tid;
}

Ipv6ExtensionBytes::Ipv6ExtensionBytes(const uint8_t* bytes)
    : m_bytes(bytes)
{
}

TypeId
Ipv6ExtensionBytes::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
Ipv6ExtensionBytes::GetSerializedSize() const
{
    return m_bytes ? (m_bytes[1] + 1U) * 8 : 0;
}

void
Ipv6ExtensionBytes::Serialize(Buffer::Iterator start) const
{
    if (m_bytes)
    {
        start.Write(m_bytes, GetSerializedSize());
    }
}

uint32_t
Ipv6ExtensionBytes::Deserialize(Buffer::Iterator start)
{
    constexpr uint32_t SMALLEST = 8;
    if (start.GetRemainingSize() < SMALLEST)
    {
        return 0;
    }
    m_read.resize(SMALLEST);
    Buffer::Iterator length = start;
    length.Read(m_read.data(), SMALLEST);
    m_read.resize(std::min<uint32_t>((m_read[1] + 1U) * 8, start.GetRemainingSize()));
    start.Read(m_read.data(), m_read.size());
    m_bytes = m_read.data();
    return m_read.size();
}

void
Ipv6ExtensionBytes::Print(std::ostream& os) const
{
    if (!m_bytes)
    {
        return;
    }
    const auto parsed = ParseSegmentRoutingHeader(m_bytes, GetSerializedSize());
    if (parsed.header)
    {
        os << *parsed.header;
    }
    else
    {
        os << "next " << +m_bytes[0] << " size " << GetSerializedSize();
    }
}

} // namespace ns3
