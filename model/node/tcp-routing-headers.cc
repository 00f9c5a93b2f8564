// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-routing-headers.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(TcpRoutingHeaders);

TypeId
TcpRoutingHeaders::GetTypeId()
{
    static TypeId tid = TypeId("ns3::TcpRoutingHeaders").SetParent<Object>().SetGroupName("Mptcp");
    return tid;
}

} // namespace ns3
