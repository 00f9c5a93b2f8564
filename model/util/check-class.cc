// SPDX-License-Identifier: GPL-2.0-only
#include "check-class.h"

#include "ns3/tcp-congestion-ops.h"
#include "ns3/tcp-cubic.h"

namespace ns3
{

std::string
CheckClass(TypeId type, TypeId base)
{
    if (type.GetUid() == 0)
    {
        return "no class is given";
    }
    // TcpCubic's TypeId names TcpSocketBase as its parent.
    const bool isCubic = type == TcpCubic::GetTypeId() && base == TcpCongestionOps::GetTypeId();
    if (!type.IsChildOf(base) && !isCubic)
    {
        return type.GetName() + " is no " + base.GetName();
    }
    if (!type.HasConstructor())
    {
        return "no objects of " + type.GetName() + " can be made: it is abstract";
    }
    return "";
}

} // namespace ns3
