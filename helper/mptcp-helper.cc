// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-helper.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/names.h"
#include "ns3/node-list.h"
#include "ns3/tcp-l4-protocol.h"

namespace ns3
{

ObjectFactory
MptcpHelper::MakeFactory(const std::string& type)
{
    TypeId found;
    NS_ABORT_MSG_UNLESS(TypeId::LookupByNameFailSafe(type, &found),
                        "MptcpHelper: ns-3 knows no class " << type);
    ObjectFactory factory;
    factory.SetTypeId(found);
    return factory;
}

void
MptcpHelper::SetSocketAttribute(const std::string& name, const AttributeValue& value)
{
    m_attributes[name] = value.Copy();
}

void
MptcpHelper::SetPathManager(const ObjectFactory& factory)
{
    m_pathManager = factory;
}

void
MptcpHelper::SetScheduler(const ObjectFactory& factory)
{
    m_scheduler = factory;
}

void
MptcpHelper::SetCongestionControl(const ObjectFactory& factory)
{
    m_congestionControl = factory;
}

void
MptcpHelper::Install(Ptr<Node> node) const
{
    NS_ABORT_MSG_UNLESS(MptcpL4Protocol::Install(node),
                        "MptcpHelper: node " << node->GetId()
                                             << " has no TCP; install InternetStackHelper first");
    if (auto icmpv6 = node->GetObject<Icmpv6L4Protocol>())
    {
        icmpv6->SetAttribute("DAD", BooleanValue(false));
    }
    auto factory = node->GetObject<MptcpSocketFactory>();
    if (!factory)
    {
        factory = CreateObject<MptcpSocketFactory>();
        node->AggregateObject(factory);
    }
    for (const auto& [name, value] : m_attributes)
    {
        factory->SetSocketAttribute(name, *value);
    }
    if (m_pathManager.IsTypeIdSet())
    {
        factory->SetPathManager(m_pathManager);
    }
    if (m_scheduler.IsTypeIdSet())
    {
        factory->SetScheduler(m_scheduler);
    }
    if (m_congestionControl.IsTypeIdSet())
    {
        factory->SetCongestionControl(m_congestionControl);
    }
}

void
MptcpHelper::Install(const NodeContainer& nodes) const
{
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        Install(*node);
    }
}

void
MptcpHelper::Install(const std::string& name) const
{
    auto node = Names::Find<Node>(name);
    NS_ABORT_MSG_UNLESS(node, "MptcpHelper: no node is called " << name);
    Install(node);
}

void
MptcpHelper::InstallAll() const
{
    for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    {
        if ((*node)->GetObject<TcpL4Protocol>())
        {
            Install(*node);
        }
    }
}

void
MptcpHelper::SetBackupAddresses(Ptr<Node> node, const std::vector<IpAddress>& addresses)
{
    auto factory = node->GetObject<MptcpSocketFactory>();
    NS_ABORT_MSG_UNLESS(factory,
                        "MptcpHelper: node " << node->GetId() << " has no MPTCP; install it first");
    factory->SetBackupAddresses(addresses);
}

int64_t
MptcpHelper::AssignStreams(const NodeContainer& nodes, int64_t stream)
{
    int64_t next = stream;
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        if (auto protocol = (*node)->GetObject<MptcpL4Protocol>())
        {
            next += protocol->AssignStreams(next);
        }
    }
    return next - stream;
}

} // namespace ns3
