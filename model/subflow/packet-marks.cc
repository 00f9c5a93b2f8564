// SPDX-License-Identifier: GPL-2.0-only
#include "packet-marks.h"

#include "ns3/packet.h"
#include "ns3/socket.h"

namespace ns3
{

void
PacketMarks::Apply(Packet& packet, bool ipv6) const
{
    if (priority)
    {
        SocketPriorityTag tag;
        tag.SetPriority(*priority);
        packet.ReplacePacketTag(tag);
    }
    if (ipv6)
    {
        if (trafficClass)
        {
            SocketIpv6TclassTag tag;
            // The ECN field is TCP's.
            tag.SetTclass(packet.PeekPacketTag(tag) ? *trafficClass | (tag.GetTclass() & 3)
                                                    : *trafficClass);
            packet.ReplacePacketTag(tag);
        }
        if (hopLimit)
        {
            SocketIpv6HopLimitTag tag;
            tag.SetHopLimit(*hopLimit);
            packet.ReplacePacketTag(tag);
        }
        return;
    }
    if (tos)
    {
        SocketIpTosTag tag;
        // The ECN field is TCP's.
        tag.SetTos(packet.PeekPacketTag(tag) ? *tos | (tag.GetTos() & 3) : *tos);
        packet.ReplacePacketTag(tag);
    }
    if (ttl)
    {
        SocketIpTtlTag tag;
        tag.SetTtl(*ttl);
        packet.ReplacePacketTag(tag);
    }
}

} // namespace ns3
