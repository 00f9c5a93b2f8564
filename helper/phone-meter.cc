// SPDX-License-Identifier: GPL-2.0-only
#include "phone-meter.h"

#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

PhoneMeter::PhoneMeter(Ptr<Node> phone,
                       std::vector<std::pair<Ptr<NetDevice>, Ptr<RadioEnergy>>> accesses)
    : m_accesses(std::move(accesses)),
      m_accounts(m_accesses.size())
{
    for (const bool up : {false, true})
    {
        const char* source = up ? "Tx" : "Rx";
        if (auto ipv4 = phone->GetObject<Ipv4L3Protocol>())
        {
            ipv4->TraceConnectWithoutContext(
                source,
                Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
                    [this, up](Ptr<const Packet> packet, Ptr<Ipv4> ip, uint32_t interface)
                    { Count(ip->GetNetDevice(interface), packet->GetSize(), up); }));
        }
        if (auto ipv6 = phone->GetObject<Ipv6L3Protocol>())
        {
            ipv6->TraceConnectWithoutContext(
                source,
                Callback<void, Ptr<const Packet>, Ptr<Ipv6>, uint32_t>(
                    [this, up](Ptr<const Packet> packet, Ptr<Ipv6> ip, uint32_t interface)
                    { Count(ip->GetNetDevice(interface), packet->GetSize(), up); }));
        }
    }
    if (auto protocol = phone->GetObject<MptcpL4Protocol>())
    {
        protocol->TraceConnectWithoutContext(
            "NewConnection",
            Callback<void, Ptr<Object>>([this](Ptr<Object> object) { OnConnection(object); }));
    }
}

PhoneMeter::~PhoneMeter() = default;

void
PhoneMeter::Count(Ptr<NetDevice> device, uint32_t bytes, bool up)
{
    for (size_t i = 0; i < m_accesses.size(); i++)
    {
        if (m_accesses[i].first == device)
        {
            (up ? m_accounts[i].up : m_accounts[i].down) += bytes;
            m_accesses[i].second->Count(Simulator::Now(), bytes, up);
        }
    }
}

void
PhoneMeter::OnConnection(Ptr<Object> object)
{
    if (auto connection = DynamicCast<MptcpConnection>(object))
    {
        connection->TraceConnectWithoutContext(
            "SubflowEstablished",
            Callback<void, Ptr<MptcpSubflow>>([this](Ptr<MptcpSubflow> subflow)
                                              { m_subflows.push_back(subflow); }));
    }
}

std::vector<PhoneMeter::Account>
PhoneMeter::GetAccounts(Time end) const
{
    std::vector<Account> accounts = m_accounts;
    for (size_t i = 0; i < accounts.size(); i++)
    {
        accounts[i].joule = m_accesses[i].second->GetJoule(end);
    }
    return accounts;
}

uint32_t
PhoneMeter::GetSubflows() const
{
    return m_subflows.size();
}

uint32_t
PhoneMeter::GetIdleSubflows() const
{
    return std::count_if(
        m_subflows.begin(),
        m_subflows.end(),
        [](const Ptr<MptcpSubflow>& subflow)
        { return subflow->GetBytesSent() + subflow->GetDetails().bytesReceived == 0; });
}

} // namespace ns3
