// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-socket-factory.h"

#include "ns3/abort.h"
#include "ns3/check-class.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpSocketFactory);

namespace
{

/// End the run if a factory makes no objects of a class. @param factory it @param base the class
void
RequireClass(const ObjectFactory& factory, TypeId base)
{
    std::string problem = CheckClass(factory.GetTypeId(), base);
    NS_ABORT_MSG_UNLESS(problem.empty(), "MptcpSocketFactory: " << problem);
}

} // namespace

TypeId
MptcpSocketFactory::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpSocketFactory")
                            .SetParent<SocketFactory>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpSocketFactory>();
    return tid;
}

MptcpSocketFactory::MptcpSocketFactory() = default;

MptcpSocketFactory::~MptcpSocketFactory() = default;

void
MptcpSocketFactory::DoDispose()
{
    m_listeners.clear();
    SocketFactory::DoDispose();
}

void
MptcpSocketFactory::SetSocketAttribute(const std::string& name, const AttributeValue& value)
{
    TypeId::AttributeInformation information;
    NS_ABORT_MSG_UNLESS(MptcpSocket::GetTypeId().LookupAttributeByName(name, &information),
                        "MptcpSocketFactory: ns3::MptcpSocket has no attribute " << name);
    Ptr<const AttributeValue> valid = information.checker->CreateValidValue(value);
    NS_ABORT_MSG_UNLESS(valid,
                        "MptcpSocketFactory: "
                            << value.SerializeToString(information.checker)
                            << " is no value for attribute " << name << " of ns3::MptcpSocket, a "
                            << information.checker->GetUnderlyingTypeInformation());
    m_attributes[name] = valid;
}

void
MptcpSocketFactory::SetPathManager(const ObjectFactory& factory)
{
    RequireClass(factory, MptcpPathManager::GetTypeId());
    m_pathManager = factory;
}

void
MptcpSocketFactory::SetScheduler(const ObjectFactory& factory)
{
    RequireClass(factory, MptcpScheduler::GetTypeId());
    m_scheduler = factory;
}

void
MptcpSocketFactory::SetCongestionControl(const ObjectFactory& factory)
{
    RequireClass(factory, TcpCongestionOps::GetTypeId());
    m_congestionControl = factory;
}

void
MptcpSocketFactory::SetBackupAddresses(const std::vector<IpAddress>& addresses)
{
    m_backupAddresses = addresses;
}

Ptr<Socket>
MptcpSocketFactory::CreateSocket()
{
    auto socket = CreateObject<MptcpSocket>();
    Ptr<Node> node = GetObject<Node>();
    NS_ABORT_MSG_UNLESS(node, "MptcpSocketFactory: not on a node; use MptcpHelper::Install");
    socket->SetNode(node);
    // After construction: so the socket can tell a value that happens to be a default from none.
    for (const auto& [name, value] : m_attributes)
    {
        socket->SetAttribute(name, *value);
    }
    if (m_pathManager.IsTypeIdSet())
    {
        socket->SetPathManager(m_pathManager);
    }
    if (m_scheduler.IsTypeIdSet())
    {
        socket->SetScheduler(m_scheduler);
    }
    if (m_congestionControl.IsTypeIdSet())
    {
        socket->SetCongestionControl(m_congestionControl);
    }
    socket->SetBackupAddresses(m_backupAddresses);
    return socket;
}

void
MptcpSocketFactory::Keep(Ptr<MptcpSocket> socket)
{
    m_listeners.insert(socket);
}

void
MptcpSocketFactory::Release(Ptr<MptcpSocket> socket)
{
    m_listeners.erase(socket);
}

} // namespace ns3
