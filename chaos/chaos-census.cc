// SPDX-License-Identifier: GPL-2.0-only
#include "chaos-census.h"

#include "ns3/mptcp-l4-protocol.h"

namespace ns3
{

/// Lives as long as the object that it is aggregated to.
class ChaosCensus::Witness : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::ChaosWitness").SetParent<Object>().SetGroupName("Mptcp");
        return tid;
    }

    /// @param living counts it
    explicit Witness(uint32_t& living)
        : m_living(living)
    {
        m_living++;
    }

    ~Witness() override
    {
        m_living--;
    }

  private:
    uint32_t& m_living; //!< counts it
};

void
ChaosCensus::Count(Ptr<Object> object, const std::string& kind)
{
    if (!object->GetObject<Witness>())
    {
        object->AggregateObject(CreateObject<Witness>(m_living[kind]));
    }
}

void
ChaosCensus::Watch(Ptr<Node> node)
{
    if (const auto protocol = node->GetObject<MptcpL4Protocol>())
    {
        protocol->TraceConnectWithoutContext("NewConnection",
                                             MakeCallback(&ChaosCensus::OnConnection, this));
    }
}

void
ChaosCensus::OnConnection(Ptr<Object> object)
{
    const auto connection = DynamicCast<MptcpConnection>(object);
    Count(connection, "connections");
    connection->TraceConnectWithoutContext("SubflowEstablished",
                                           MakeCallback(&ChaosCensus::OnEstablished, this));
    connection->TraceConnectWithoutContext("SubflowClosed",
                                           MakeCallback(&ChaosCensus::OnClosed, this));
    for (const auto& subflow : connection->GetSubflows())
    {
        Count(subflow, "subflows");
    }
}

void
ChaosCensus::OnEstablished(Ptr<MptcpSubflow> subflow)
{
    m_subflows++;
    Count(subflow, "subflows");
}

void
ChaosCensus::OnClosed(Ptr<MptcpSubflow> subflow, const SubflowEnd& /* end */)
{
    Count(subflow, "subflows");
}

std::string
ChaosCensus::GetLiving() const
{
    std::string text;
    for (const auto& [kind, number] : m_living)
    {
        if (number > 0)
        {
            text += std::to_string(number) + " " + kind + " live on; ";
        }
    }
    return text;
}

std::string
ChaosCensus::GetKept(Ptr<Node> node)
{
    const auto protocol = node->GetObject<MptcpL4Protocol>();
    if (!protocol)
    {
        return "";
    }
    std::string text;
    const std::pair<size_t, const char*> counters[]{
        {protocol->GetNConnections(), "connections"},
        {protocol->GetNEndpoints(), "subflows"},
        {protocol->GetNTimeWait(), "TCPs in TIME_WAIT"},
        {protocol->GetNTokens(), "tokens"},
        {protocol->GetNBoundPorts(), "ports"},
    };
    for (const auto& [number, what] : counters)
    {
        if (number > 0)
        {
            text += std::to_string(number) + " " + what + " are left; ";
        }
    }
    return text;
}

} // namespace ns3
