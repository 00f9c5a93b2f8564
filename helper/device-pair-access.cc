// SPDX-License-Identifier: GPL-2.0-only
#include "device-pair-access.h"

#include "ns3/abort.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DevicePairAccess);

TypeId
DevicePairAccess::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DevicePairAccess")
                            .SetParent<PhoneAccess>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<DevicePairAccess>();
    return tid;
}

DevicePairAccess::DevicePairAccess() = default;

DevicePairAccess::DevicePairAccess(Ptr<NetDevice> phone, Ptr<NetDevice> router)
    : m_phone(phone),
      m_router(router)
{
}

void
DevicePairAccess::SetDevices(Ptr<NetDevice> phone, Ptr<NetDevice> router)
{
    m_phone = phone;
    m_router = router;
}

Ptr<Node>
DevicePairAccess::MakeRouter()
{
    NS_ABORT_MSG_UNLESS(m_phone && m_router, "DevicePairAccess: SetDevices() was not called");
    return m_router->GetNode();
}

void
DevicePairAccess::Build(const NodeContainer& phones,
                        Ptr<Node> /* router */,
                        bool /* ipv4 */,
                        bool /* ipv6 */)
{
    NS_ABORT_MSG_UNLESS(phones.GetN() == 1 && m_phone->GetNode() == phones.Get(0),
                        "DevicePairAccess: for one phone, which has the device");
}

Ptr<NetDevice>
DevicePairAccess::GetPhoneDevice(uint32_t /* phone */) const
{
    return m_phone;
}

Ptr<NetDevice>
DevicePairAccess::GetRouterDevice(uint32_t /* phone */) const
{
    return m_router;
}

} // namespace ns3
