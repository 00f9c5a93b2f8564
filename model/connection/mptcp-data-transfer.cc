// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 section 3.3: DSS options both ways, and the receiving side. The sending side is in
// mptcp-data-sender.cc.
#include "mptcp-checksum.h"
#include "mptcp-connection.h"

#include "ns3/mptcp-option-v0.h"
#include "ns3/simulator.h"
#include "ns3/telling.h"

#include <algorithm>
#include <cerrno>

namespace ns3
{

namespace
{

/// Bytes that a DSS takes at most on a data segment: 8-byte numbers, padded. With timestamps it
/// fills the 40 bytes of options exactly.
constexpr uint32_t FULL_DSS = 28;
/// The infinite mapping: no data ACK.
constexpr uint32_t INFINITE_DSS = 20;

/// @param mapped data @return its mapping, without a checksum
Dss::Mapping
MakeMapping(const OutgoingSegment::Mapped& mapped)
{
    Dss::Mapping mapping;
    mapping.dataSequence.value = mapped.dataSequence.GetValue();
    mapping.subflowSequence = mapped.subflowOffset;
    mapping.length = mapped.size;
    return mapping;
}

/// Section 3.4.1: an option other than DSS explains why an ACK comes twice, though it be skipped.
/// @param segment any @return SIGNAL if it has such an option
SegmentVerdict
JudgeOptions(const TcpSegment& segment)
{
    const bool signal =
        segment.malformedMptcp > 0 ||
        std::any_of(segment.mptcp.begin(),
                    segment.mptcp.end(),
                    [](const auto& option) { return !std::holds_alternative<Dss>(option); });
    return signal ? SegmentVerdict::SIGNAL : SegmentVerdict::PROCESS;
}

} // namespace

uint32_t
MptcpConnection::GetOptionReserve(const MptcpSubflow& subflow)
{
    if (m_mode != Mode::PLAIN)
    {
        return FULL_DSS;
    }
    return m_flows.Find(subflow).infinite ? INFINITE_DSS : 0;
}

uint32_t
MptcpConnection::GetReceiveWindow(const MptcpSubflow& subflow)
{
    const bool scaled = m_flows.Find(subflow).tcpEstablished;
    return m_receiveBuffer->Advertise(scaled ? subflow.GetReceiveWindowShift() : 0,
                                      subflow.GetMaxPayload());
}

Dss
MptcpConnection::MakeAckDss() const
{
    // Who has ever sent a 64-bit data sequence number gets 64-bit data ACKs (section 3.3.2), though
    // they leave room for one SACK block only beside timestamps: one ACK may answer both sizes.
    Dss dss;
    dss.dataAck = SequenceField{m_receiveBuffer->GetNext().GetValue(), m_peerSends64};
    return dss;
}

void
MptcpConnection::AddOptions(MptcpSubflow& subflow,
                            const OutgoingSegment& segment,
                            TcpOptionSpace& space)
{
    if (m_mode == Mode::PLAIN)
    {
        AddPlainOptions(m_flows.Find(subflow), segment, space);
        return;
    }
    if (segment.flags & TCP_RST)
    {
        if (m_aborting)
        {
            space.AddMptcp(MpFastclose{m_remoteKey});
        }
        else if (m_flows.Find(subflow).failing)
        {
            space.AddMptcp(MpFail{m_flows.Find(subflow).failedAt});
        }
        return;
    }
    Flow& flow = m_flows.Find(subflow);
    if (flow.phase != Phase::ESTABLISHED)
    {
        AddHandshakeOptions(flow, segment, space);
        return;
    }
    // Until a DSS shows that the peer has our key (section 3.1).
    const bool keyUnknown = m_client && !m_confirmed && !flow.joined;
    if (segment.payloadSize > 0)
    {
        if (keyUnknown && segment.subflowOffset == 1 && m_version != 0)
        {
            MpCapable capable = MakeCapableAck();
            capable.dataLength = segment.mapped.size;
            if (m_checksums)
            {
                Dss::Mapping mapping = MakeMapping(segment.mapped);
                AddChecksum(segment, mapping);
                capable.checksum = mapping.checksum;
            }
            flow.capableBytes = segment.mapped.size;
            space.AddMptcp(capable);
            return;
        }
        Dss dss = MakeAckDss();
        auto& mapping = *(dss.mapping = MakeMapping(segment.mapped));
        if (m_dataFinSent &&
            segment.mapped.dataSequence + segment.mapped.size == m_sendBuffer->GetEnd())
        {
            dss.dataFin = true;
            mapping.length++;
        }
        if (m_checksums)
        {
            AddChecksum(segment, mapping);
        }
        space.AddDss(dss);
        return;
    }
    if (keyUnknown && !m_dataFinSent)
    {
        space.AddMptcp(MakeCapableAck());
        return;
    }
    if (!flow.signals.Empty() && AddSignals(flow, space))
    {
        // With the data ACK if that fits as well.
        space.AddDss(MakeAckDss());
        return;
    }
    if ((segment.flags & TCP_FIN) && flow.readClosed && !m_dataFinSent)
    {
        // The ACK that told the peer may be lost: it comes again with each repetition of the FIN.
        space.AddMptcp(MpPrio{true});
    }
    Dss dss = MakeAckDss();
    if (m_dataFinSent && !m_dataFinAcked)
    {
        dss.dataFin = true;
        auto& mapping = *(dss.mapping = Dss::Mapping{});
        mapping.dataSequence.value = m_sendBuffer->GetEnd().GetValue();
        mapping.length = 1;
        if (m_checksums)
        {
            AddChecksum(segment, mapping);
        }
    }
    space.AddDss(dss);
}

SegmentVerdict
MptcpConnection::OnSegment(MptcpSubflow& subflow, const TcpSegment& segment)
{
    m_silentProbes = 0;
    if (m_mode == Mode::PLAIN)
    {
        if (m_failAnswers > 0 && segment.Find<MpFail>())
        {
            OnFailAgain(m_flows.Find(subflow));
        }
        else if (const auto* dss = segment.Find<Dss>())
        {
            OnLateDss(m_flows.Find(subflow), *dss);
        }
        return JudgeOptions(segment);
    }
    Flow& flow = m_flows.Find(subflow);
    if (segment.Has(TCP_RST))
    {
        flow.failed |= segment.Find<MpFail>() != nullptr;
        const auto* fastclose = segment.Find<MpFastclose>();
        m_peerFastclosed |= fastclose && fastclose->receiverKey == m_localKey;
        return SegmentVerdict::PROCESS;
    }
    if (flow.doubted)
    {
        OnDoubtedSegment(flow);
    }
    flow.dataAckInSegment = false;
    flow.otherOptionInSegment = false;
    if (flow.phase != Phase::ESTABLISHED)
    {
        const SegmentVerdict verdict =
            flow.joined ? OnJoinHandshake(flow, segment) : OnCapableHandshake(flow, segment);
        if (verdict == SegmentVerdict::DROP || m_mode == Mode::PLAIN)
        {
            return verdict;
        }
    }
    if (segment.Has(TCP_SYN))
    {
        return SegmentVerdict::PROCESS;
    }
    if (segment.mptcp.empty())
    {
        if (!m_confirmed && !m_everJoined && !flow.joined && flow.phase == Phase::ESTABLISHED &&
            !flow.mappings.Find(flow.receivedOffset))
        {
            // Until a DSS has come, the peer puts an option on each segment: it has fallen back,
            // or its options are lost on the way. But the network may have split the first data.
            FallBack(flow, "no MPTCP option behind the handshake");
        }
        return JudgeOptions(segment);
    }
    const SegmentVerdict verdict = OnOptions(flow, segment);
    // A segment to drop may have ended the connection, which may be gone then.
    if (verdict != SegmentVerdict::DROP && m_dataFinProbed)
    {
        m_dataFinProbed = false;
        m_dataFinAnswers += m_confirmed ? 0 : 1;
    }
    return verdict;
}

SegmentVerdict
MptcpConnection::OnOptions(Flow& flow, const TcpSegment& segment)
{
    const SegmentVerdict verdict = JudgeOptions(segment);
    for (const auto& option : segment.mptcp)
    {
        if (const auto* dss = std::get_if<Dss>(&option))
        {
            if (!OnDss(flow, *dss, segment))
            {
                return SegmentVerdict::DROP;
            }
            if (m_mode == Mode::PLAIN)
            {
                return verdict;
            }
            continue;
        }
        if (!IsOfVersion(option, m_version))
        {
            continue;
        }
        flow.otherOptionInSegment = true;
        if (const auto* capable = std::get_if<MpCapable>(&option))
        {
            // The third ACK again, or with the first data.
            if (!m_client && capable->dataLength)
            {
                if (!OnCapableData(flow, *capable) || !MapHeldData(flow))
                {
                    return SegmentVerdict::DROP;
                }
            }
            else if (!m_client && flow.tcpEstablished)
            {
                flow.ackDue = true;
                m_acksDue = true;
            }
        }
        else if (std::get_if<MpJoinAck>(&option))
        {
            // The fourth packet was lost.
            flow.ackDue = true;
            m_acksDue = true;
        }
        else if (const auto* add = std::get_if<AddAddress>(&option))
        {
            OnAddAddress(flow, *add);
        }
        else if (const auto* remove = std::get_if<RemoveAddress>(&option))
        {
            if (!OnRemoveAddress(flow, *remove))
            {
                return SegmentVerdict::DROP;
            }
        }
        else if (const auto* prio = std::get_if<MpPrio>(&option))
        {
            OnPriority(flow, *prio);
        }
        else if (const auto* fail = std::get_if<MpFail>(&option))
        {
            if (!OnFail(flow, *fail))
            {
                return SegmentVerdict::DROP;
            }
            if (m_mode == Mode::PLAIN)
            {
                return verdict;
            }
        }
        else if (const auto* fastclose = std::get_if<MpFastclose>(&option))
        {
            if (!OnFastclose(flow, *fastclose))
            {
                return SegmentVerdict::DROP;
            }
        }
    }
    return verdict;
}

bool
MptcpConnection::OnDss(Flow& flow, const Dss& dss, const TcpSegment& segment)
{
    if (dss.mapping && dss.mapping->length > 0 &&
        dss.mapping->checksum.has_value() != m_checksums && (m_checksums || m_version != 0))
    {
        // Section 3.3: not as negotiated. The infinite mapping has nothing to protect. In version
        // 0 a checksum that was not asked for is ignored (RFC 6824 section 3.3).
        flow.subflow->Reset(MpTcpRst{0, MPTCP_RST_MPTCP_ERROR}, Socket::ERROR_NOTCONN);
        return false;
    }
    if (!m_confirmed)
    {
        OnConfirmed();
    }
    if (dss.dataAck)
    {
        flow.dataAckInSegment = true;
        const DataSequenceNumber ack =
            dss.dataAck->is64 ? DataSequenceNumber(dss.dataAck->value)
                              : ExpandDataSequence(dss.dataAck->value, m_sendBuffer->GetBegin());
        OnDataAck(ack, uint32_t{segment.window} << flow.subflow->GetSendWindowShift());
    }
    if (!dss.mapping)
    {
        return true;
    }
    const Dss::Mapping& mapping = *dss.mapping;
    const DataSequenceNumber begin =
        mapping.dataSequence.is64
            ? DataSequenceNumber(mapping.dataSequence.value)
            : ExpandDataSequence(mapping.dataSequence.value, m_receiveBuffer->GetNext());
    m_peerSends64 |= mapping.dataSequence.is64;
    // The 64-bit offset that is nearest to what is expected on the subflow.
    const auto distance =
        static_cast<int32_t>(mapping.subflowSequence - static_cast<uint32_t>(flow.receivedOffset));
    const uint64_t offset = flow.receivedOffset + distance;
    if (mapping.length == 0)
    {
        if (flow.joined || !IsContiguous())
        {
            flow.subflow->Reset(MpTcpRst{0, MPTCP_RST_MPTCP_ERROR}, Socket::ERROR_NOTCONN);
            return false;
        }
        FallBack(flow, "the peer declares an infinite mapping");
        return true;
    }
    const uint32_t length = mapping.length - (dss.dataFin ? 1 : 0);
    // Neither of data that has been taken from the subflow already, nor of such as is all behind
    // the segment (section 3.3.1: a mapping applies to the segment that carries it).
    const uint32_t segmentEnd = flow.subflow->GetPeerOffset(segment.seq) + segment.payloadSize;
    if (length > 0 && static_cast<int32_t>(segmentEnd - mapping.subflowSequence) > 0 &&
        offset + length > flow.receivedOffset - flow.unmappedBytes)
    {
        flow.mappings.Add(offset, begin, length, mapping.length, mapping.checksum.value_or(0));
        if (!flow.unmapped.empty() && !MapHeldData(flow))
        {
            return false;
        }
    }
    if (m_checksums && length == 0 &&
        !MptcpChecksum::IsSame(MptcpChecksum().Finish(begin, mapping.subflowSequence, 1),
                               *mapping.checksum))
    {
        return OnWrongChecksum(flow, begin);
    }
    if (dss.dataFin)
    {
        if (m_receiveBuffer->HasEnded())
        {
            // Our data ACK of it was lost.
            flow.ackDue = true;
            m_acksDue = true;
        }
        else if (length == 0 || !m_checksums)
        {
            // Otherwise it waits for the checksum of the data: MapCheckedData().
            m_receiveBuffer->SetFin(begin + length);
            TakeDataFin();
        }
    }
    return true;
}

void
MptcpConnection::OnDataAck(DataSequenceNumber ack, uint32_t window)
{
    const DataSequenceNumber end = m_sendBuffer->GetEnd();
    if (ack > m_sendNext + (m_dataFinSent ? 1 : 0))
    {
        return;
    }
    if (ack + window > m_sendEdge)
    {
        m_sendEdge = ack + window;
    }
    m_largestWindow = std::max(m_largestWindow, window);
    if (ack > m_sendBuffer->GetBegin())
    {
        FreeUpTo(std::min(ack, end));
        if (m_dataTimer)
        {
            RestartDataTimer();
        }
    }
    if (ack == end + 1 && m_dataFinSent && !m_dataFinAcked)
    {
        m_dataFinAcked = true;
        m_dataFinTimer.Remove();
        m_progressTimer.Remove();
    }
}

void
MptcpConnection::FreeUpTo(DataSequenceNumber ack)
{
    const DataSequenceNumber begin = m_sendBuffer->GetBegin();
    if (ack > begin)
    {
        m_tellAcked += ack - begin;
        m_headTries = 0;
        m_sendBuffer->Free(ack);
        if (m_userTimeout.IsStrictlyPositive())
        {
            m_progressAt = Simulator::Now();
            if (!IsWaiting())
            {
                // What is written next has its full time.
                m_progressTimer.Remove();
            }
        }
        if (!m_reinjections.Empty())
        {
            m_reinjections.Free(ack);
        }
    }
}

void
MptcpConnection::OnData(MptcpSubflow& subflow, uint64_t subflowOffset, Ptr<Packet> data)
{
    if (m_fastcloseKey != 0)
    {
        // Section 3.5: no data is accepted any more.
        return;
    }
    if (m_closed && m_mode == Mode::PLAIN)
    {
        // RFC 9293 section 3.6.1: nobody will read it, which the peer should learn.
        End(ECONNRESET);
        return;
    }
    Flow& flow = m_flows.Find(subflow);
    const uint32_t size = data->GetSize();
    flow.receivedOffset = subflowOffset + size;
    uint32_t used = 0;
    if (flow.unmapped.empty() && !IsChecked())
    {
        used = MapData(flow, subflowOffset, data);
        if (used == size)
        {
            return;
        }
    }
    flow.unmapped.emplace_back(subflowOffset + used,
                               used == 0 ? data : data->CreateFragment(used, size - used));
    flow.unmappedBytes += size - used;
    if (IsChecked() && (!MapCheckedData(flow) || flow.unmapped.empty() || flow.failing ||
                        flow.mappings.Find(flow.unmapped.front().first)))
    {
        return;
    }
    const bool first = flow.unmapped.front().first == 1; // byte of the subflow
    if (first || !flow.mappings.EverAdded() || (!flow.joined && !m_confirmed))
    {
        // Section 3.7: each segment has a mapping until one was acknowledged; that of MP_CAPABLE
        // covers the first one only. A box that merges segments may let a later one pass.
        OnOptionsLost(flow, "data without a mapping");
    }
    else if (flow.unmappedBytes > m_settings->m_rcvBufSize ||
             flow.mappings.Find(subflowOffset + size - 1))
    {
        // Section 6: a mapping behind space without one shows that this one is lost for good.
        subflow.Reset(MpTcpRst{0, MPTCP_RST_MIDDLEBOX_INTERFERENCE}, Socket::ERROR_NOTCONN);
    }
}

uint32_t
MptcpConnection::MapData(Flow& flow, uint64_t offset, Ptr<Packet> data)
{
    const uint32_t size = data->GetSize();
    if (m_mode == Mode::PLAIN)
    {
        const auto distance = static_cast<int64_t>(offset - flow.plainOffset);
        OnMappedData(flow, flow.plainData + distance, data);
        return size;
    }
    uint32_t used = 0;
    while (used < size)
    {
        const auto stretch = flow.mappings.Find(offset + used);
        if (!stretch)
        {
            break;
        }
        const auto length = static_cast<uint32_t>(std::min<uint64_t>(stretch->length, size - used));
        OnMappedData(flow,
                     stretch->dataSequence,
                     length == size ? data : data->CreateFragment(used, length));
        used += length;
    }
    flow.mappings.Release(offset + used);
    return used;
}

bool
MptcpConnection::MapHeldData(Flow& flow)
{
    if (IsChecked())
    {
        return MapCheckedData(flow);
    }
    size_t done = 0;
    for (; done < flow.unmapped.size(); done++)
    {
        auto& [offset, data] = flow.unmapped[done];
        const uint32_t size = data->GetSize();
        const uint32_t used = MapData(flow, offset, data);
        flow.unmappedBytes -= used;
        if (used < size)
        {
            offset += used;
            data = used == 0 ? data : data->CreateFragment(used, size - used);
            break;
        }
    }
    flow.unmapped.erase(flow.unmapped.begin(), flow.unmapped.begin() + done);
    return true;
}

void
MptcpConnection::OnMappedData(Flow& flow, DataSequenceNumber dataSequence, Ptr<Packet> data)
{
    const uint32_t size = data->GetSize();
    const uint32_t readable = m_receiveBuffer->GetReadable();
    const uint32_t added =
        m_receiveBuffer->Add(dataSequence, std::move(data), m_mode == Mode::MULTIPATH);
    m_tellReadable |= m_receiveBuffer->GetReadable() != readable;
    if (!m_receivedTrace.IsEmpty())
    {
        const Telling telling;
        m_receivedTrace(flow.subflow, dataSequence - (m_remoteIdsn + 1), size, added == 0);
    }
    TakeDataFin();
}

void
MptcpConnection::TakeDataFin()
{
    if (m_receiveBuffer->TakeFin())
    {
        m_tellReadable = true;
        m_ackEverywhere = true;
        m_acksDue = true;
    }
}

void
MptcpConnection::OnSendRoom(MptcpSubflow&)
{
    Ptr<MptcpConnection> self;
    if (m_tellConnected || m_tellReadable || m_tellAcked > 0)
    {
        self = this;
        Tell();
    }
    if (m_closed)
    {
        LimitFinWait();
    }
    if (m_mode == Mode::MULTIPATH)
    {
        if (IsDone() && !m_ended)
        {
            // The FINs carry the data ACK.
            CloseSubflowsIfDone();
            return;
        }
        if (m_acksDue)
        {
            SendDueAcks();
        }
        if (m_ended)
        {
            for (const auto& flow : m_flows)
            {
                flow->Drain();
            }
            CloseLateJoins();
            return;
        }
        if (m_finWaits)
        {
            AnswerFins();
        }
        if (m_subflowsWait && (m_confirmed || m_addressHeard))
        {
            ConnectWaiting();
        }
        if (!m_pathManagerStarted && !m_ended && (m_confirmed || m_addressHeard || !m_client))
        {
            StartPathManager();
        }
    }
    else if (!m_flows.Empty() && !m_flows.Front().signals.Empty())
    {
        // The ACK of the segment's data has brought it, if there was one.
        m_flows.Front().signals.Send();
    }
    Push();
}

void
MptcpConnection::CloseLateJoins()
{
    for (const auto& subflow : m_flows.GetSubflows())
    {
        Flow& flow = m_flows.Find(*subflow);
        if (flow.phase == Phase::ESTABLISHED && !flow.closing)
        {
            // The FIN brings the data ACK of everything.
            flow.closing = true;
            flow.Close();
        }
    }
}

void
MptcpConnection::SendDueAcks()
{
    const bool all = m_ackEverywhere;
    m_acksDue = false;
    m_ackEverywhere = false;
    for (const auto& flow : m_flows)
    {
        const bool due = flow->ackDue || (all && flow->phase == Phase::ESTABLISHED);
        flow->ackDue = false;
        if (due)
        {
            flow->signals.SendDueAck();
        }
    }
}

void
MptcpConnection::AckEverywhere()
{
    for (const auto& flow : m_flows)
    {
        if (flow->phase == Phase::ESTABLISHED)
        {
            flow->subflow->SendAck();
        }
    }
}

uint32_t
MptcpConnection::GetTypicalPayload() const
{
    return m_flows.Empty() ? 0 : m_flows.Front().subflow->GetMaxPayload();
}

void
MptcpConnection::UpdateWindow()
{
    if (!m_receiveBuffer->HasEnded() && m_receiveBuffer->IsUpdateDue(GetTypicalPayload()))
    {
        AckEverywhere();
    }
}

uint32_t
MptcpConnection::GetReadable() const
{
    return m_receiveBuffer ? m_receiveBuffer->GetReadable() : 0;
}

bool
MptcpConnection::HasPeerEnded() const
{
    return m_receiveBuffer && m_receiveBuffer->HasEnded();
}

bool
MptcpConnection::AtEnd() const
{
    return m_receiveBuffer && m_receiveBuffer->HasEnded() && m_receiveBuffer->GetReadable() == 0;
}

Ptr<Packet>
MptcpConnection::Receive(uint32_t maxBytes, bool peek)
{
    Ptr<Packet> data = m_receiveBuffer->Read(maxBytes, peek);
    if (data && !peek && !m_ended)
    {
        UpdateWindow();
    }
    return data;
}

} // namespace ns3
