// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 section 3.4.2: REMOVE_ADDR, sent and received.
#include "mptcp-connection.h"

#include "ns3/simulator.h"
#include "ns3/telling.h"

#include <algorithm>

namespace ns3
{

namespace
{

/// Probes, one retransmission time-out apart, before a subflow of a removed address is given up.
constexpr uint32_t DOUBT_PROBES = 3;

} // namespace

void
MptcpConnection::Withdraw(const IpAddress& address)
{
    WithdrawAll({address});
}

void
MptcpConnection::WithdrawAll(const std::vector<IpAddress>& addresses)
{
    if (m_mode != Mode::MULTIPATH || m_ended)
    {
        return;
    }
    if (Telling::IsOn())
    {
        Defer([this, addresses] { WithdrawAll(addresses); });
        return;
    }
    const auto isGone = [&addresses](const IpAddress& address)
    { return std::find(addresses.begin(), addresses.end(), address) != addresses.end(); };
    const std::vector<uint8_t> ids = m_addressSignals.Withdraw(addresses);
    if (ids.empty())
    {
        return;
    }
    // The peer hears of it first on another path, if there is one: then it can send again at once.
    std::vector<Ptr<MptcpSubflow>> ending;
    Flow* other = nullptr;
    for (const auto& flow : m_flows)
    {
        if (isGone(flow->subflow->GetTuple().localAddress))
        {
            flow->closing = true;
            flow->why = MptcpPathEvent::ADDRESS_REMOVED;
            ending.push_back(flow->subflow);
        }
        else if (flow->phase == Phase::ESTABLISHED && (!other || (other->stale && !flow->stale)))
        {
            other = flow;
        }
    }
    m_addressSignals.Remove(other, ids, m_settings->m_removalRepeats);
    for (const auto& subflow : ending)
    {
        subflow->Reset(MpTcpRst{0, MPTCP_RST_UNSPECIFIED}, Socket::ERROR_NOTCONN);
    }
}

bool
MptcpConnection::OnRemoveAddress(Flow& flow, const RemoveAddress& option)
{
    std::vector<Ptr<MptcpSubflow>> ending;
    Ptr<MptcpSubflow> own;
    for (const uint8_t id : option.addressIds)
    {
        const RemoteAddress* known = m_addresses.FindRemote(id);
        const auto gone = known ? std::optional(*known) : std::nullopt;
        m_addresses.RemoveRemote(id);
        if (gone)
        {
            TellRemoteAddress(*gone, false);
        }
        for (const auto& other : m_flows)
        {
            if (other->remoteAddressId != id)
            {
                continue;
            }
            if (m_settings->m_removeAtOnce || other->phase != Phase::ESTABLISHED)
            {
                other->why = MptcpPathEvent::ADDRESS_REMOVED;
                if (other == &flow)
                {
                    own = other->subflow;
                }
                else
                {
                    ending.push_back(other->subflow);
                }
            }
            else if (other != &flow)
            {
                // The one that brought the option is alive: who withdrew its address will end it.
                Doubt(*other);
            }
        }
    }
    // What follows from their end waits for the end of the segment that is being processed.
    m_deferring = true;
    for (const auto& subflow : ending)
    {
        subflow->Reset(MpTcpRst{0, MPTCP_RST_UNSPECIFIED}, Socket::ERROR_NOTCONN);
    }
    m_deferring = false;
    if (own)
    {
        own->Reset(MpTcpRst{0, MPTCP_RST_UNSPECIFIED}, Socket::ERROR_NOTCONN);
    }
    return !own;
}

void
MptcpConnection::Doubt(Flow& flow)
{
    if (flow.doubted)
    {
        return;
    }
    // Until it has answered, others carry what it holds.
    flow.doubted = true;
    flow.doubts = 0;
    Reinject(flow);
    ProbeDoubted(flow.subflow);
}

void
MptcpConnection::ProbeDoubted(Ptr<MptcpSubflow> subflow)
{
    Flow& flow = m_flows.Find(*subflow);
    if (flow.doubts == DOUBT_PROBES)
    {
        flow.why = MptcpPathEvent::ADDRESS_REMOVED;
        subflow->Reset(MpTcpRst{0, MPTCP_RST_UNSPECIFIED}, Socket::ERROR_NOTCONN);
        return;
    }
    flow.doubts++;
    flow.doubtedAt = Simulator::Now();
    flow.doubtTimer =
        Simulator::Schedule(subflow->GetRto(), &MptcpConnection::ProbeDoubted, this, subflow);
    subflow->SendProbe();
}

void
MptcpConnection::OnDoubtedSegment(Flow& flow)
{
    // What was on its way when the probe left proves nothing.
    if (Simulator::Now() < flow.doubtedAt + flow.subflow->GetSmoothedRtt() * 0.5)
    {
        return;
    }
    flow.doubted = false;
    flow.doubtTimer.Remove();
    m_reinjections.Cancel(PeekPointer(flow.subflow));
}

} // namespace ns3
