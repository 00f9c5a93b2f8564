// SPDX-License-Identifier: GPL-2.0-only
#include "wire-checker.h"

#include <algorithm>

namespace ns3
{

using wire::ReadNumber;

namespace
{

/// @param segment with payload @param at its first byte, relative to the ISN
/// @return whether its own options map that byte (sections 3.1 and 3.3.1)
bool
CarriesMapping(const WireSegment& segment, uint32_t at)
{
    const auto* capable = segment.FindMptcp(wire::MP_CAPABLE);
    if (capable && capable->body.size() >= 22)
    {
        return at - 1 < ReadNumber(&capable->body[20], 2);
    }
    const auto* option = segment.FindMptcp(wire::DSS);
    const auto dss = option ? wire::ReadDss(*option) : std::nullopt;
    return dss && dss->hasMapping && at - dss->subflowSequence < dss->length;
}

/// @param first data sequence number of byte 0 @param sequence another @return its offset
uint64_t
Offset(uint64_t first, uint64_t sequence)
{
    return sequence - first;
}

} // namespace

WireChecker::WireChecker(TestRig& rig, uint16_t port)
    : m_port(port)
{
    for (uint32_t i = 0; i < rig.CountPaths(); i++)
    {
        rig.Path(i)->AddTap(FilterChannel::UP,
                            [this, i](const WireSegment& segment)
                            { OnSegment(CLIENT, i, segment); });
        rig.Path(i)->AddTap(FilterChannel::DOWN,
                            [this, i](const WireSegment& segment)
                            { OnSegment(SERVER, i, segment); });
    }
}

void
WireChecker::OnSegment(End from, uint32_t path, const WireSegment& segment)
{
    m_segments++;
    const auto hash = [this](uint8_t byte) { m_hash = (m_hash ^ byte) * 1099511628211U; };
    for (uint64_t now = Simulator::Now().GetTimeStep(); now > 0; now >>= 8)
    {
        hash(now);
    }
    std::for_each(segment.frame.begin(), segment.frame.end(), hash);
    if (!segment.problem.empty())
    {
        Complain("malformed " + segment.problem, segment);
        return;
    }
    if (segment.HasMptcp())
    {
        m_mptcpSegments++;
    }
    for (uint8_t subtype = 0; subtype <= wire::MP_TCPRST; subtype++)
    {
        m_counts[from][subtype] += segment.FindMptcp(subtype) ? 1 : 0;
    }
    const Key key =
        from == CLIENT
            ? Key(segment.source, segment.sourcePort, segment.destination, segment.destinationPort)
            : Key(segment.destination, segment.destinationPort, segment.source, segment.sourcePort);
    auto found = m_subflows.find(key);
    if (found == m_subflows.end())
    {
        const bool capable =
            from == CLIENT && std::get<3>(key) == m_port && segment.FindMptcp(wire::MP_CAPABLE);
        const bool first = m_subflows.empty() && capable;
        const bool join = m_keys[SERVER] && segment.FindMptcp(wire::MP_JOIN);
        if (!IsSyn(segment) || !(first || join))
        {
            return;
        }
        found = m_subflows.emplace(key, Subflow()).first;
        found->second.joined = join;
        if (first)
        {
            m_payload[CLIENT].emplace(2 * segment.sourcePort);
            m_payload[SERVER].emplace(2 * segment.sourcePort + 1);
            m_ports[CLIENT].insert(segment.sourcePort);
            m_ports[SERVER].insert(segment.destinationPort);
        }
        else if (!m_ports[1 - from].count(segment.destinationPort))
        {
            Complain("a join to a port that is not the first subflow's, nor advertised", segment);
        }
    }
    Subflow& subflow = found->second;
    CheckVersion(segment);
    NotePort(from, segment);
    if (segment.rst)
    {
        subflow.halves[from].over = true;
        return;
    }
    if (segment.syn && subflow.halves[from].over)
    {
        // Another attempt between the same ports.
        subflow.halves[from] = Half();
        subflow.halves[1 - from] = IsSyn(segment) ? Half() : subflow.halves[1 - from];
    }
    OnHandshake(from, subflow, segment);
    if (segment.syn || !m_keys[SERVER] || !m_keys[CLIENT] || !subflow.halves[from].isn)
    {
        return;
    }
    Half& half = subflow.halves[from];
    half.fin |= segment.fin;
    // In TIME_WAIT there is nothing left to say on the data level.
    const bool over = half.fin && subflow.halves[1 - from].fin && IsPureAck(segment);
    if (!segment.HasMptcp() && !over && !half.plain && !subflow.halves[1 - from].plain)
    {
        Complain("a segment without any MPTCP option", segment);
    }
    OnDss(from, subflow, segment);
    if (segment.PayloadSize() > 0)
    {
        OnPayload(from, path, subflow, segment);
    }
}

void
WireChecker::OnHandshake(End from, Subflow& subflow, const WireSegment& segment)
{
    Half& half = subflow.halves[from];
    const End peer = End(1 - from);
    if (segment.syn)
    {
        if (half.isn && *half.isn != segment.seq)
        {
            Complain("a SYN repeated with another sequence number", segment);
        }
        half.isn = segment.seq;
        if (const auto* scale = segment.FindOption(3))
        {
            half.scale = scale->body.at(2);
        }
        if (!subflow.joined)
        {
            m_initialSequence[from] = segment.seq;
        }
    }
    if (!subflow.joined && !half.edge)
    {
        // The window counts from the first byte until there is a data ACK; never scaled on SYN.
        const uint8_t shift =
            !segment.syn && subflow.halves[peer].scale ? half.scale.value_or(0) : 0;
        m_edge[peer] = std::max(m_edge[peer], uint64_t(segment.window) << shift);
    }
    if (const auto* option = segment.FindMptcp(wire::MP_CAPABLE))
    {
        const auto& body = option->body;
        size_t length = 20;
        if (IsSyn(segment))
        {
            m_version = body.size() > 2 && (body[2] & 0xf) == 0 ? 0 : 1;
            length = m_version == 0 ? 12 : 4; // section 3.1, figure 4
        }
        else if (IsSynAck(segment))
        {
            length = 12;
        }
        else if (segment.PayloadSize() > 0 && m_version != 0)
        {
            length = body.size() > 3 && body[3] & 0x80 ? 24 : 22;
        }
        if (body.size() != length)
        {
            Complain("MP_CAPABLE of " + std::to_string(body.size()) + " bytes", segment);
            return;
        }
        // Flag C is one of the algorithms in version 0.
        if ((body[2] & 0xf) != m_version || (body[3] & (m_version == 0 ? 0x7f : 0x5f)) != 1)
        {
            Complain("version or flags of MP_CAPABLE", segment);
        }
        if (subflow.joined)
        {
            Complain("MP_CAPABLE on a joined subflow", segment);
        }
        if (length == 12)
        {
            const uint64_t key = ReadNumber(&body[4], 8);
            if (m_keys[from] && *m_keys[from] != key)
            {
                Complain("another key than before", segment);
            }
            m_keys[from] = key;
            m_first[from] = wire::InitialDataSequence(key, m_version) + 1;
        }
        if (length >= 20)
        {
            m_checksums = body[3] & 0x80;
            m_keys[from] = ReadNumber(&body[4], 8);
            m_first[from] = wire::InitialDataSequence(*m_keys[from], m_version) + 1;
            if (!m_keys[peer] || ReadNumber(&body[12], 8) != *m_keys[peer])
            {
                Complain("the receiver's key in MP_CAPABLE", segment);
            }
        }
        if (length == 24 && m_keys[CLIENT] && m_keys[SERVER])
        {
            CheckSum(m_first[from], 1, ReadNumber(&body[20], 2), ReadNumber(&body[22], 2), segment);
        }
        if (length >= 22)
        {
            // The mapping is implied: it begins at the first byte of both sequences.
            Mapping mapping;
            mapping.subflow = 1;
            mapping.data = m_first[from];
            mapping.length = ReadNumber(&body[20], 2);
            half.mappings[mapping.length] = mapping;
            m_end[from] = std::max<uint64_t>(m_end[from], mapping.length);
        }
    }
    if (const auto* option = segment.FindMptcp(wire::MP_JOIN))
    {
        const auto& body = option->body;
        if (!m_keys[CLIENT] || !m_keys[SERVER])
        {
            Complain("MP_JOIN before the keys", segment);
            return;
        }
        if (IsSyn(segment))
        {
            if (body.size() != 12 ||
                ReadNumber(&body[4], 4) != wire::Token(*m_keys[peer], m_version))
            {
                Complain("length or token of MP_JOIN", segment);
                return;
            }
            half.nonce = ReadNumber(&body[8], 4);
        }
        else if (IsSynAck(segment))
        {
            half.nonce = ReadNumber(&body[std::min<size_t>(12, body.size() - 4)], 4);
            const auto hmac = wire::JoinHmac(
                *m_keys[from], *m_keys[peer], half.nonce, subflow.halves[peer].nonce, m_version);
            if (body.size() != 16 || !std::equal(&body[4], &body[12], hmac.begin()))
            {
                Complain("length or HMAC of MP_JOIN", segment);
            }
        }
        else
        {
            const auto hmac = wire::JoinHmac(
                *m_keys[from], *m_keys[peer], half.nonce, subflow.halves[peer].nonce, m_version);
            if (body.size() != 24 || !std::equal(body.begin() + 4, body.end(), hmac.begin()))
            {
                Complain("length or HMAC of MP_JOIN", segment);
            }
            subflow.confirmed = true;
        }
    }
}

void
WireChecker::OnDss(End from, Subflow& subflow, const WireSegment& segment)
{
    Half& half = subflow.halves[from];
    const End peer = End(1 - from);
    const auto* option = segment.FindMptcp(wire::DSS);
    if (!option)
    {
        return;
    }
    const auto dss = wire::ReadDss(*option);
    if (!dss)
    {
        Complain("length of DSS", segment);
        return;
    }
    if (dss->hasAck)
    {
        const uint64_t near = half.ack.value_or(m_first[peer] + m_acked[peer]);
        const uint64_t ack = dss->ack64 ? dss->ack : wire::Expand(dss->ack, near);
        const uint64_t offset = Offset(m_first[peer], ack);
        if (int64_t(ack - half.ack.value_or(ack)) < 0)
        {
            Complain("a data ACK that goes back", segment);
        }
        const uint64_t most = std::max(m_end[peer], m_dataFin[peer] ? *m_dataFin[peer] + 1 : 0);
        if (offset > most)
        {
            Complain("a data ACK of " + std::to_string(offset) + " where " + std::to_string(most) +
                         " is the most",
                     segment);
            return;
        }
        half.ack = ack;
        auto& acked = subflow.halves[peer];
        acked.dataAcked |= acked.isn && segment.ack - *acked.isn > 1;
        m_acked[peer] = std::max(m_acked[peer], offset);
        const uint8_t shift = subflow.halves[peer].scale ? half.scale.value_or(0) : 0;
        const uint64_t edge = ack + (uint64_t(segment.window) << shift);
        // The window field counts in units of the scale.
        if (half.edge && int64_t(edge + (1U << shift) - *half.edge) <= 0)
        {
            Complain("the window's right edge goes back by " + std::to_string(*half.edge - edge),
                     segment);
        }
        half.edge = edge;
        m_edge[peer] = std::max(m_edge[peer], Offset(m_first[peer], edge));
    }
    if (!dss->hasMapping)
    {
        if (dss->dataFin)
        {
            Complain("DATA_FIN without a mapping", segment);
        }
        return;
    }
    const uint64_t data =
        dss->sequence64 ? dss->sequence : wire::Expand(dss->sequence, m_first[from] + m_end[from]);
    if (dss->length == 0)
    {
        m_infinite = true;
        half.plain = true;
        return;
    }
    const uint32_t length = dss->length - (dss->dataFin ? 1 : 0);
    const uint64_t begin = Offset(m_first[from], data);
    if (dss->checksum.has_value() != m_checksums)
    {
        Complain("a checksum that was not negotiated, or none", segment);
    }
    else if (m_checksums && length == segment.PayloadSize())
    {
        CheckSum(data, dss->subflowSequence, dss->length, *dss->checksum, segment);
    }
    if (dss->dataFin)
    {
        const uint64_t at = begin + length;
        if (m_dataFin[from] && *m_dataFin[from] != at)
        {
            Complain("DATA_FIN in two places", segment);
        }
        m_dataFin[from] = at;
        if (length == 0 && dss->subflowSequence != 0)
        {
            Complain("a lone DATA_FIN with a subflow sequence number", segment);
        }
    }
    if (length > 0)
    {
        Mapping mapping;
        mapping.subflow = dss->subflowSequence;
        mapping.data = data;
        mapping.length = length;
        const uint32_t last = mapping.subflow + length - 1;
        const auto old = half.mappings.find(last);
        if (old != half.mappings.end() && old->second.data + old->second.length != data + length)
        {
            Complain("one byte of a subflow mapped to two of the data", segment);
        }
        half.mappings[last] = mapping;
        m_end[from] = std::max(m_end[from], begin + length);
    }
}

void
WireChecker::CheckSum(
    uint64_t data, uint32_t subflow, uint16_t length, uint16_t checksum, const WireSegment& segment)
{
    // Section 3.3.1, figure 10: the sum of all 16-bit words and the checksum is all ones.
    uint64_t sum = checksum + length + (subflow >> 16) + (subflow & 0xffff);
    for (uint32_t shift = 0; shift < 64; shift += 16)
    {
        sum += data >> shift & 0xffff;
    }
    for (size_t i = 0; i < segment.PayloadSize(); i++)
    {
        sum += uint64_t(segment.Payload()[i]) << (i % 2 ? 0 : 8);
    }
    while (sum >> 16)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    if (sum != 0xffff)
    {
        Complain("a wrong DSS checksum", segment);
    }
}

void
WireChecker::CheckVersion(const WireSegment& segment)
{
    if (m_version != 0)
    {
        return;
    }
    if (segment.FindMptcp(wire::MP_TCPRST))
    {
        Complain("MP_TCPRST in version 0", segment);
    }
    if (const auto* option = segment.FindMptcp(wire::ADD_ADDR))
    {
        // RFC 6824 section 3.4.1, figure 12
        const size_t size = option->body.size();
        const uint8_t ipVer = option->body.at(2) & 0xf;
        const size_t address = ipVer == 6 ? 16 : 4;
        if ((ipVer != 4 && ipVer != 6) || (size != 4 + address && size != 4 + address + 2))
        {
            Complain("ADD_ADDR in version 0", segment);
        }
    }
}

void
WireChecker::NotePort(End from, const WireSegment& segment)
{
    const auto* option = segment.FindMptcp(wire::ADD_ADDR);
    if (!option)
    {
        return;
    }
    // Section 3.4.1, figure 12: an address, a port or none, an HMAC unless it is an echo.
    const auto& body = option->body;
    const bool hmac = m_version != 0 && !(body.at(2) & 1);
    const size_t end = body.size() - (hmac ? 8 : 0);
    if (end == 4 + 4 + 2 || end == 4 + 16 + 2)
    {
        m_ports[from].insert(ReadNumber(&body[end - 2], 2));
    }
}

void
WireChecker::OnPayload(End from, uint32_t path, Subflow& subflow, const WireSegment& segment)
{
    Half& half = subflow.halves[from];
    m_bytes[from][path] += segment.PayloadSize();
    if (half.plain)
    {
        return;
    }
    if (subflow.joined && !subflow.confirmed)
    {
        Complain("data on a subflow before its third ACK", segment);
    }
    uint32_t at = segment.seq - *half.isn;
    if (!half.dataAcked && !subflow.halves[1 - from].plain && !CarriesMapping(segment, at))
    {
        Complain("no mapping in a segment, though none was data-acked", segment);
    }
    const uint8_t* bytes = segment.Payload();
    uint32_t left = segment.PayloadSize();
    while (left > 0)
    {
        const auto found = half.mappings.lower_bound(at);
        if (found == half.mappings.end() || found->second.subflow > at)
        {
            Complain("data without a mapping", segment);
            return;
        }
        const Mapping& mapping = found->second;
        const uint32_t size = std::min(left, mapping.subflow + mapping.length - at);
        const uint64_t offset = Offset(m_first[from], mapping.data + (at - mapping.subflow));
        if (const auto wrong = m_payload[from]->FindWrong(offset, bytes, size))
        {
            Complain("the byte mapped to offset " + std::to_string(*wrong) + " is another",
                     segment);
            return;
        }
        // A probe of a closed window may be one byte ahead.
        if (offset + size > m_edge[from] + 1)
        {
            Complain("data " + std::to_string(offset + size - m_edge[from]) +
                         " bytes beyond the window",
                     segment);
        }
        Cover(from, offset, offset + size);
        at += size;
        bytes += size;
        left -= size;
    }
}

void
WireChecker::Cover(End from, uint64_t begin, uint64_t end)
{
    auto& covered = m_covered[from];
    auto next = covered.upper_bound(begin);
    if (next != covered.begin() && std::prev(next)->second >= begin)
    {
        next = std::prev(next);
    }
    while (next != covered.end() && next->first <= end)
    {
        begin = std::min(begin, next->first);
        end = std::max(end, next->second);
        next = covered.erase(next);
    }
    covered[begin] = end;
}

void
WireChecker::Complain(const std::string& what, const WireSegment& segment)
{
    if (m_problem.empty())
    {
        m_problem = what + " at " + std::to_string(Simulator::Now().GetSeconds()) +
                    " s: " + segment.Describe();
    }
}

uint64_t
WireChecker::GetContiguous(End from) const
{
    const auto& covered = m_covered[from];
    return covered.empty() || covered.begin()->first > 0 ? 0 : covered.begin()->second;
}

bool
WireChecker::HasDataFin(End from) const
{
    return m_dataFin[from].has_value();
}

bool
WireChecker::IsAllAcked(End from) const
{
    return m_dataFin[from] && m_acked[from] == *m_dataFin[from] + 1;
}

uint64_t
WireChecker::GetBytes(End from, uint32_t path) const
{
    const auto found = m_bytes[from].find(path);
    return found == m_bytes[from].end() ? 0 : found->second;
}

uint32_t
WireChecker::GetJoins() const
{
    return std::count_if(m_subflows.begin(),
                         m_subflows.end(),
                         [](const auto& entry) { return entry.second.confirmed; });
}

bool
WireChecker::IsMultipath() const
{
    return m_keys[CLIENT] && m_keys[SERVER];
}

bool
WireChecker::HasInfiniteMapping() const
{
    return m_infinite;
}

uint64_t
WireChecker::GetMptcpSegments() const
{
    return m_mptcpSegments;
}

uint64_t
WireChecker::GetSegments() const
{
    return m_segments;
}

uint64_t
WireChecker::Count(uint8_t subtype, End from) const
{
    const auto found = m_counts[from].find(subtype);
    return found == m_counts[from].end() ? 0 : found->second;
}

uint64_t
WireChecker::GetHash() const
{
    return m_hash;
}

uint64_t
WireChecker::GetKey(End from) const
{
    return m_keys[from].value_or(0);
}

uint32_t
WireChecker::GetInitialSequence(End from) const
{
    return m_initialSequence[from].value_or(0);
}

} // namespace ns3
