// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-extension.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Srv6Extension);

TypeId
Srv6Extension::GetTypeId()
{
    static TypeId tid = TypeId("ns3::Srv6Extension")
                            .SetParent<Ipv6ExtensionRouting>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<Srv6Extension>();
    return tid;
}

Srv6Extension::Srv6Extension() = default;

Srv6Extension::~Srv6Extension() = default;

void
Srv6Extension::SetProtocol(Srv6Protocol* srv6)
{
    m_srv6 = srv6;
}

void
Srv6Extension::DoDispose()
{
    m_srv6 = nullptr;
    Ipv6ExtensionRouting::DoDispose();
}

uint8_t
Srv6Extension::GetTypeRouting() const
{
    return SRV6_ROUTING_TYPE;
}

uint8_t
Srv6Extension::Process(Ptr<Packet>& packet,
                       uint8_t offset,
                       const Ipv6Header& header,
                       Ipv6Address /* destination */,
                       uint8_t* nextHeader,
                       bool& stopProcessing,
                       bool& isDropped,
                       Ipv6L3Protocol::DropReason& dropReason)
{
    uint8_t following = 0;
    bool dropped = true;
    const auto size =
        m_srv6 ? m_srv6->TakeLocal(packet, offset, header, &following, dropped) : std::nullopt;
    if (!size)
    {
        stopProcessing = true;
        isDropped = dropped;
        dropReason = Ipv6L3Protocol::DROP_MALFORMED_HEADER;
        return 0;
    }
    if (nextHeader)
    {
        *nextHeader = following;
    }
    return *size;
}

} // namespace ns3
