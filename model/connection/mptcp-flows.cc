// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-flows.h"

namespace ns3
{

bool
MptcpFlows::Has(const MptcpSubflow& subflow) const
{
    // One that is gone keeps its tag.
    const uint32_t index = subflow.GetUserTag();
    return index < m_flows.size() && m_flows[index]->subflow == &subflow;
}

MptcpFlow*
MptcpFlows::FindId(uint8_t id) const
{
    for (const auto& flow : m_flows)
    {
        if (flow->id == id)
        {
            return flow.get();
        }
    }
    return nullptr;
}

uint8_t
MptcpFlows::GetFreeId() const
{
    for (uint32_t i = 1; i <= UINT8_MAX; i++)
    {
        const auto id = static_cast<uint8_t>((m_lastId + i - 1) % UINT8_MAX + 1);
        if (!FindId(id))
        {
            return id;
        }
    }
    return 0;
}

MptcpFlow&
MptcpFlows::Add(Ptr<MptcpSubflow> subflow, uint8_t id)
{
    subflow->SetUserTag(m_flows.size());
    m_flows.push_back(std::make_unique<MptcpFlow>(subflow));
    m_flows.back()->id = m_lastId = id;
    return *m_flows.back();
}

void
MptcpFlows::Remove(const MptcpSubflow& subflow)
{
    const uint32_t index = subflow.GetUserTag();
    m_flows.erase(m_flows.begin() + index);
    for (uint32_t i = index; i < m_flows.size(); i++)
    {
        m_flows[i]->subflow->SetUserTag(i);
    }
}

std::vector<Ptr<MptcpSubflow>>
MptcpFlows::GetSubflows() const
{
    std::vector<Ptr<MptcpSubflow>> subflows;
    for (const auto& flow : m_flows)
    {
        subflows.push_back(flow->subflow);
    }
    return subflows;
}

MptcpFlow*
MptcpFlows::GetFastest() const
{
    MptcpFlow* fastest = nullptr;
    for (const auto& flow : m_flows)
    {
        if (!flow->IsUsable())
        {
            continue;
        }
        if (!fastest || (fastest->IsBackup() && !flow->IsBackup()) ||
            (fastest->IsBackup() == flow->IsBackup() &&
             flow->subflow->GetSmoothedRtt() < fastest->subflow->GetSmoothedRtt()))
        {
            fastest = flow.get();
        }
    }
    return fastest;
}

MptcpFlow*
MptcpFlows::GetSignalFlow() const
{
    if (MptcpFlow* fastest = GetFastest())
    {
        return fastest;
    }
    for (const auto& flow : m_flows)
    {
        if (flow->phase == MptcpFlow::Phase::ESTABLISHED)
        {
            return flow.get();
        }
    }
    return nullptr;
}

} // namespace ns3
