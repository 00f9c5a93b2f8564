// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 section 3.7: checksums that are wrong, MP_FAIL, and the fallback to plain TCP.
#include "mptcp-checksum.h"
#include "mptcp-connection.h"

#include "ns3/simulator.h"
#include "ns3/telling.h"

#include <algorithm>

namespace ns3
{

namespace
{

/// How often MP_FAIL is sent, and answered, at most.
constexpr uint32_t FAIL_TRIES = 6;

} // namespace

void
MptcpConnection::FallBack(Flow& flow, const char* why)
{
    m_mode = Mode::PLAIN;
    StopMultipath();
    flow.thirdAckTimer.Remove();
    // On the only subflow, both data sequences run along with the subflow's sequence numbers.
    flow.plainOffset = flow.unmapped.empty() ? flow.receivedOffset : flow.unmapped.front().first;
    flow.plainData = m_receiveBuffer->GetNext();
    flow.infinite = true;
    flow.infiniteBegin = m_sendBuffer->GetBegin() - (m_localIdsn + 1);
    flow.infiniteUntil = m_sendNext - (m_localIdsn + 1);
    flow.failing = false;
    flow.failTimer.Remove();
    flow.signals.Clear();
    flow.signals.Release();
    if (flow.stale)
    {
        flow.stale = false;
        flow.subflow->SetStale(false);
    }
    m_reinjections.Free(m_sendNext);
    // A FIN takes the place of a DATA_FIN that was not acknowledged.
    m_dataFinSent = false;
    m_receiveBuffer->ForgetFin();
    // From now on the subflow's own acknowledgments free data.
    const uint64_t sent = flow.subflow->GetBytesSent();
    FreeUpTo(m_localIdsn + 1 + (sent - std::min<uint64_t>(sent, flow.subflow->GetHeldBytes())));
    {
        const Telling telling;
        m_fallBackTrace(why);
    }
    MapHeldData(flow);
    if (flow.finReceived)
    {
        // It was the subflow's; now it is the end of the data.
        m_receiveBuffer->End();
        m_tellReadable = true;
    }
    // Joins whose handshakes are under way.
    for (const auto& subflow : m_flows.GetSubflows())
    {
        if (subflow != flow.subflow)
        {
            subflow->Reset(MpTcpRst{0, MPTCP_RST_MPTCP_ERROR}, Socket::ERROR_NOTCONN);
        }
    }
}

bool
MptcpConnection::OnOptionsLost(Flow& flow, const char* why)
{
    if (!flow.joined && IsContiguous())
    {
        FallBack(flow, why);
        return true;
    }
    flow.subflow->Reset(MpTcpRst{0, MPTCP_RST_MIDDLEBOX_INTERFERENCE}, Socket::ERROR_NOTCONN);
    return false;
}

void
MptcpConnection::AddPlainOptions(Flow& flow, const OutgoingSegment& segment, TcpOptionSpace& space)
{
    if (flow.infinite && (segment.payloadSize > 0 || segment.flags & TCP_FIN))
    {
        space.AddDss(MakeInfiniteDss(flow));
    }
    else if (segment.payloadSize == 0)
    {
        flow.signals.MoveFirst(space);
    }
}

Dss
MptcpConnection::MakeInfiniteDss(const Flow& flow) const
{
    // It acts from the last byte on that is known to have arrived intact.
    Dss dss;
    dss.mapping = Dss::Mapping{};
    dss.mapping->dataSequence.value = (m_localIdsn + 1 + flow.infiniteBegin).GetValue();
    dss.mapping->subflowSequence = static_cast<uint32_t>(1 + flow.infiniteBegin);
    if (m_checksums)
    {
        dss.mapping->checksum = 0;
    }
    return dss;
}

void
MptcpConnection::OnLateDss(Flow& flow, const Dss& dss)
{
    const bool multipath = dss.dataAck || (dss.mapping && dss.mapping->length > 0);
    // MP_FAIL has an answer of its own.
    if (multipath && flow.infinite && m_failAnswers == 0 && flow.signals.Empty())
    {
        flow.signals.Add(MakeInfiniteDss(flow));
    }
}

void
MptcpConnection::AddChecksum(const OutgoingSegment& segment, Dss::Mapping& mapping) const
{
    MptcpChecksum sum;
    if (segment.mapped.data)
    {
        sum.Add(*segment.mapped.data, segment.mapped.size);
    }
    mapping.checksum = sum.Finish(
        DataSequenceNumber(mapping.dataSequence.value), mapping.subflowSequence, mapping.length);
}

bool
MptcpConnection::MapCheckedData(Flow& flow)
{
    size_t done = 0;
    while (done < flow.unmapped.size() && !flow.failing)
    {
        const uint64_t offset = flow.unmapped[done].first;
        const auto mapping = flow.mappings.Find(offset);
        if (!mapping || (mapping->whole && flow.unmappedBytes < mapping->length))
        {
            break;
        }
        // A remainder of a mapping, whose beginning another one has brought, cannot be checked.
        bool right = mapping->whole;
        if (right)
        {
            MptcpChecksum sum;
            auto left = static_cast<uint32_t>(mapping->length);
            for (size_t i = done; left > 0; i++)
            {
                const Packet& data = *flow.unmapped[i].second;
                const uint32_t size = std::min(left, data.GetSize());
                sum.Add(data, size);
                left -= size;
            }
            right = MptcpChecksum::IsSame(sum.Finish(mapping->dataSequence,
                                                     static_cast<uint32_t>(offset),
                                                     mapping->declaredLength),
                                          mapping->checksum);
        }
        if (!right)
        {
            flow.unmapped.erase(flow.unmapped.begin(), flow.unmapped.begin() + done);
            return OnWrongChecksum(flow, mapping->dataSequence);
        }
        if (mapping->declaredLength > mapping->length)
        {
            m_receiveBuffer->SetFin(mapping->dataSequence + mapping->length);
        }
        flow.unmappedBytes -= mapping->length;
        flow.mappings.Release(offset + mapping->length);
        DataSequenceNumber dataSequence = mapping->dataSequence;
        for (auto left = static_cast<uint32_t>(mapping->length); left > 0;)
        {
            auto& [at, data] = flow.unmapped[done];
            const uint32_t size = data->GetSize();
            const uint32_t used = std::min(left, size);
            OnMappedData(flow, dataSequence, used == size ? data : data->CreateFragment(0, used));
            dataSequence += used;
            left -= used;
            if (used < size)
            {
                at += used;
                data = data->CreateFragment(used, size - used);
            }
            else
            {
                done++;
            }
        }
    }
    flow.unmapped.erase(flow.unmapped.begin(), flow.unmapped.begin() + done);
    return true;
}

bool
MptcpConnection::IsFailing() const
{
    return std::any_of(
        m_flows.begin(), m_flows.end(), [](const auto& flow) { return flow->failing; });
}

bool
MptcpConnection::OnWrongChecksum(Flow& flow, DataSequenceNumber begin)
{
    if (flow.failing)
    {
        return true;
    }
    flow.failing = true;
    flow.failedAt = begin.GetValue();
    if (flow.joined || !IsContiguous())
    {
        flow.subflow->Reset(MpTcpRst{0, MPTCP_RST_MIDDLEBOX_INTERFERENCE}, Socket::ERROR_NOTCONN);
        return false;
    }
    // What is held from here on is delivered once both ends have fallen back.
    RepeatFail(flow.subflow);
    return true;
}

void
MptcpConnection::RepeatFail(Ptr<MptcpSubflow> subflow)
{
    Flow& flow = m_flows.Find(*subflow);
    if (flow.fails == FAIL_TRIES)
    {
        subflow->Reset(MpTcpRst{0, MPTCP_RST_MIDDLEBOX_INTERFERENCE}, Socket::ERROR_NOTCONN);
        return;
    }
    const Time delay = std::max(subflow->GetRto(), m_settings->m_minRto) * (1 << flow.fails++);
    flow.failTimer = Simulator::Schedule(delay, &MptcpConnection::RepeatFail, this, subflow);
    flow.signals.Send(MpFail{flow.failedAt});
}

bool
MptcpConnection::OnFail(Flow& flow, const MpFail& option)
{
    if (DataSequenceNumber(option.dataSequence) > m_sendNext)
    {
        // Nothing that we sent can have failed there.
        return true;
    }
    if (flow.joined || !IsContiguous())
    {
        // The peer cannot put the data in order; it is sent again on other subflows.
        flow.failing = true;
        flow.failed = true;
        flow.failedAt = m_receiveBuffer->GetNext().GetValue();
        flow.subflow->Reset(MpTcpRst{0, MPTCP_RST_MIDDLEBOX_INTERFERENCE}, Socket::ERROR_NOTCONN);
        return false;
    }
    const bool isAnswer = flow.failing;
    const uint64_t next = m_receiveBuffer->GetNext().GetValue();
    FallBack(flow, "a checksum was wrong");
    m_failAnswers = 1;
    if (!isAnswer)
    {
        flow.signals.Send(MpFail{next});
    }
    return true;
}

void
MptcpConnection::OnFailAgain(Flow& flow)
{
    if (m_failAnswers < FAIL_TRIES)
    {
        m_failAnswers++;
        flow.signals.Send(MpFail{m_receiveBuffer->GetNext().GetValue()});
    }
}

void
MptcpConnection::ReinjectOrphans()
{
    // Ranges that somebody still carries, in order.
    std::vector<std::pair<DataSequenceNumber, DataSequenceNumber>> held;
    for (const auto& flow : m_flows)
    {
        flow->VisitTaken([&held](DataSequenceNumber at, Ptr<const Packet> data)
                         { held.emplace_back(at, at + data->GetSize()); });
    }
    std::sort(held.begin(), held.end());
    DataSequenceNumber next = m_sendBuffer->GetBegin();
    for (const auto& [begin, end] : held)
    {
        if (next < begin)
        {
            m_reinjections.Add({next, begin, nullptr});
        }
        next = std::max(next, end);
    }
    if (next < m_sendNext)
    {
        m_reinjections.Add({next, m_sendNext, nullptr});
    }
}

} // namespace ns3
