// SPDX-License-Identifier: GPL-2.0-only
#include "transfer-statistics.h"

#include "ns3/mptcp-socket.h"
#include "ns3/posix-application.h"
#include "ns3/range-client.h"
#include "ns3/range-server.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace ns3
{

namespace
{

/// @param bytes in a time @param time it @return Mb/s
double
ToMbps(uint64_t bytes, Time time)
{
    return bytes * 8 / time.GetSeconds() / 1e6;
}

/// @param path of the phone @param address of an end @return whether it is one of the path's
bool
IsOf(const TransferStatistics::Path& path, const IpAddress& address)
{
    return std::find(path.addresses.begin(), path.addresses.end(), address) != path.addresses.end();
}

/// Attach a function to a trace source. @param object whose @param name its @param sink function
template <typename... Args, typename Sink>
void
Connect(Ptr<Object> object, const char* name, Sink sink)
{
    object->TraceConnectWithoutContext(name, Callback<void, Args...>(sink));
}

} // namespace

TransferStatistics::TransferStatistics(const Settings& settings)
    : m_settings(settings),
      m_pathBytes(settings.paths.size()),
      m_binBytes(settings.paths.size())
{
    std::string columns = "time_s";
    for (const Path& path : settings.paths)
    {
        columns += " " + path.name + "_mbps";
    }
    m_goodputFile = Open("goodput.dat", columns + " delivered_mbps");
    m_sequenceFile = Open("data-sequence.dat",
                          "time_s flow path data_sequence_bytes length_bytes "
                          "kind(0=first_1=again_2=reinjected)");
    m_windowFile = Open("window.dat",
                        "time_s flow path congestion_window_bytes slow_start_threshold_bytes "
                        "in_flight_bytes smoothed_rtt_ms rto_ms");
    columns = "time_s";
    for (const Path& path : settings.paths)
    {
        columns += " " + path.name + "_queue_packets";
    }
    m_queueFile = Open("queue.dat", columns + " waiting_for_a_hole_bytes");
    m_blockFile = Open("block-delay.dat", "block first_sent_s delivered_s delay_ms");
}

TransferStatistics::~TransferStatistics() = default;

std::ofstream
TransferStatistics::Open(const std::string& name, const std::string& columns) const
{
    std::ofstream file;
    if (m_settings.folder.empty())
    {
        // Takes everything and keeps nothing.
        file.setstate(std::ios::failbit);
        return file;
    }
    file.open(m_settings.folder + "/" + name);
    file.precision(10);
    file << "# " << columns << "\n";
    return file;
}

void
TransferStatistics::Watch(Ptr<Application> sender, Ptr<Application> receiver)
{
    m_receiver = receiver;
    if (DynamicCast<RangeClient>(sender) || DynamicCast<RangeServer>(sender))
    {
        Connect<Ptr<Socket>, uint64_t>(sender,
                                       "Sending",
                                       [this](Ptr<Socket> socket, uint64_t offset)
                                       {
                                           if (auto own = DynamicCast<MptcpSocket>(socket))
                                           {
                                               WatchSender(own->GetConnection(),
                                                           static_cast<int64_t>(offset));
                                           }
                                       });
    }
    else
    {
        Connect<Ptr<Socket>>(
            sender, "Connected", [this](Ptr<Socket> socket) { OnConnected(socket, true); });
    }
    Connect<Ptr<Socket>>(
        receiver, "Connected", [this](Ptr<Socket> socket) { OnConnected(socket, false); });
    if (DynamicCast<PosixApplication>(receiver))
    {
        Connect<Ptr<Socket>, const std::vector<uint8_t>&>(
            receiver,
            "Rx",
            [this](Ptr<Socket>, const std::vector<uint8_t>& bytes) { OnRead(bytes); });
    }
    else
    {
        Connect<uint64_t, uint32_t>(
            receiver, "Rx", [this](uint64_t offset, uint32_t size) { OnDelivered(offset, size); });
    }
    for (const Time& at : {Seconds(2), Seconds(5), m_settings.outageStart.value_or(m_settings.end)})
    {
        Simulator::Schedule(at, [this, at]() { m_marks[at] = m_delivered; });
    }
    Simulator::Schedule(m_settings.bin, &TransferStatistics::WriteGoodput, this);
    Simulator::Schedule(m_settings.sample, &TransferStatistics::Sample, this);
}

void
TransferStatistics::OnConnected(Ptr<Socket> socket, bool sender)
{
    if (auto own = DynamicCast<MptcpSocket>(socket))
    {
        Ptr<MptcpConnection> connection = own->GetConnection();
        if (sender)
        {
            WatchSender(connection, 0);
            return;
        }
        m_copies = m_copies.value_or(0);
        Connect<Ptr<MptcpSubflow>, uint64_t, uint32_t, bool>(
            connection,
            "DataReceived",
            [this](Ptr<MptcpSubflow> subflow, uint64_t, uint32_t size, bool again)
            { OnArrived(GetPath(*subflow), size, again); });
    }
    else if (auto stock = DynamicCast<TcpSocketBase>(socket))
    {
        if (sender)
        {
            WatchStockSender(stock);
            return;
        }
        // How much of it is new, OnDelivered() tells.
        const uint32_t path = GetPath(socket);
        Connect<Ptr<const Packet>, const TcpHeader&, Ptr<const TcpSocketBase>>(
            stock,
            "Rx",
            [this, path](Ptr<const Packet> payload, const TcpHeader&, Ptr<const TcpSocketBase>)
            {
                if (payload->GetSize() > 0)
                {
                    OnArrived(path, payload->GetSize(), true);
                }
            });
        Connect<uint64_t, uint32_t>(m_receiver,
                                    "Rx",
                                    [this, path](uint64_t, uint32_t size)
                                    { OnArrived(path, size, false); });
    }
}

void
TransferStatistics::WatchSender(Ptr<MptcpConnection> connection, int64_t base)
{
    Connect<Ptr<MptcpSubflow>, uint64_t, uint32_t, bool>(
        connection,
        "DataSequence",
        [this, base](Ptr<MptcpSubflow> subflow, uint64_t offset, uint32_t size, bool again)
        {
            OnSent(GetFlow(subflow),
                   base + static_cast<int64_t>(offset),
                   size,
                   again ? Kind::AGAIN : Kind::FIRST);
        });
    Connect<Ptr<MptcpSubflow>, uint64_t, uint32_t>(
        connection,
        "Reinjection",
        [this, base](Ptr<MptcpSubflow> subflow, uint64_t offset, uint32_t size)
        {
            m_reinjected += size;
            OnSent(GetFlow(subflow), base + static_cast<int64_t>(offset), size, Kind::REINJECTION);
        });
}

void
TransferStatistics::WatchStockSender(Ptr<TcpSocketBase> socket)
{
    const auto index = static_cast<uint32_t>(m_flows.size());
    m_flows.emplace_back();
    m_flows[index].path = GetPath(Ptr<Socket>(socket));
    Connect<uint32_t, uint32_t>(socket,
                                "CongestionWindow",
                                [this, index](uint32_t, uint32_t now)
                                { m_flows[index].window = now; });
    Connect<uint32_t, uint32_t>(socket,
                                "SlowStartThreshold",
                                [this, index](uint32_t, uint32_t now)
                                { m_flows[index].threshold = now; });
    Connect<uint32_t, uint32_t>(socket,
                                "BytesInFlight",
                                [this, index](uint32_t, uint32_t now)
                                { m_flows[index].inFlight = now; });
    Connect<Time, Time>(socket, "RTT", [this, index](Time, Time now) { m_flows[index].rtt = now; });
    Connect<Time, Time>(socket, "RTO", [this, index](Time, Time now) { m_flows[index].rto = now; });
    Connect<Ptr<const Packet>, const TcpHeader&, Ptr<const TcpSocketBase>>(
        socket,
        "Tx",
        [this, index](Ptr<const Packet> payload, const TcpHeader& header, Ptr<const TcpSocketBase>)
        {
            const uint32_t size = payload->GetSize();
            if (size == 0)
            {
                return;
            }
            // The initial sequence number of stock TCP is 0; 32 bits wrap.
            const uint32_t low = header.GetSequenceNumber().GetValue() - 1;
            const uint64_t offset =
                m_stockSent + static_cast<int32_t>(low - static_cast<uint32_t>(m_stockSent));
            OnSent(index,
                   static_cast<int64_t>(offset),
                   size,
                   offset < m_stockSent ? Kind::AGAIN : Kind::FIRST);
            m_stockSent = std::max(m_stockSent, offset + size);
        });
}

uint32_t
TransferStatistics::GetPath(const MptcpSubflow& subflow) const
{
    const TcpTuple& tuple = subflow.GetTuple();
    for (uint32_t i = 0; i < m_settings.paths.size(); ++i)
    {
        if (IsOf(m_settings.paths[i], tuple.localAddress) ||
            IsOf(m_settings.paths[i], tuple.remoteAddress))
        {
            return i;
        }
    }
    return 0;
}

uint32_t
TransferStatistics::GetPath(Ptr<Socket> socket) const
{
    Address local;
    Address remote;
    socket->GetSockName(local);
    socket->GetPeerName(remote);
    for (uint32_t i = 0; i < m_settings.paths.size(); ++i)
    {
        for (const Address& end : {local, remote})
        {
            if (InetSocketAddress::IsMatchingType(end)
                    ? IsOf(m_settings.paths[i], InetSocketAddress::ConvertFrom(end).GetIpv4())
                    : Inet6SocketAddress::IsMatchingType(end) &&
                          IsOf(m_settings.paths[i], Inet6SocketAddress::ConvertFrom(end).GetIpv6()))
            {
                return i;
            }
        }
    }
    return 0;
}

uint32_t
TransferStatistics::GetFlow(Ptr<MptcpSubflow> subflow)
{
    const auto [found, isNew] = m_flowIndex.emplace(PeekPointer(subflow), m_flows.size());
    if (isNew)
    {
        m_flows.emplace_back();
        m_flows.back().path = GetPath(*subflow);
        m_flows.back().subflow = subflow;
    }
    return found->second;
}

void
TransferStatistics::OnSent(uint32_t flow, int64_t offset, uint32_t size, Kind kind)
{
    if (offset < 0)
    {
        // Before the stream a RangeClient asks: that may share a segment with the first bytes.
        const auto before = static_cast<uint64_t>(-offset);
        if (size <= before)
        {
            return;
        }
        size -= static_cast<uint32_t>(before);
        offset = 0;
    }
    m_sequenceFile << Simulator::Now().GetSeconds() << ' ' << flow << ' ' << m_flows[flow].path
                   << ' ' << offset << ' ' << size << ' ' << static_cast<int>(kind) << '\n';
    while (m_blockSent.size() * m_settings.blockSize < static_cast<uint64_t>(offset) + size)
    {
        m_blockSent.push_back(Simulator::Now());
    }
}

void
TransferStatistics::OnArrived(uint32_t path, uint32_t size, bool again)
{
    if (!again)
    {
        m_pathBytes[path] += size;
        m_binBytes[path] += size;
    }
    else if (m_copies)
    {
        *m_copies += size;
    }
    if (path == 0 && !m_back && m_settings.outageStart && Simulator::Now() >= m_settings.outageEnd)
    {
        m_back = Simulator::Now() - m_settings.outageEnd;
    }
}

void
TransferStatistics::OnRead(const std::vector<uint8_t>& bytes)
{
    std::vector<uint8_t> expected(bytes.size());
    const auto size = static_cast<uint32_t>(bytes.size());
    ByteStreamApplication::Fill(m_delivered, expected.data(), size);
    for (uint32_t i = 0; i < size; ++i)
    {
        m_wrong += bytes[i] != expected[i];
    }
    OnDelivered(m_delivered, size);
}

void
TransferStatistics::OnDelivered(uint64_t offset, uint32_t size)
{
    const Time now = Simulator::Now();
    m_longestGap = std::max(m_longestGap, now - m_lastDelivery.value_or(now));
    m_lastDelivery = now;
    m_delivered = offset + size;
    m_binDelivered += size;
    while (m_blockDelay.size() < m_blockSent.size() &&
           (m_blockDelay.size() + 1) * m_settings.blockSize <= m_delivered)
    {
        const Time sent = m_blockSent[m_blockDelay.size()];
        m_blockFile << m_blockDelay.size() << ' ' << sent.GetSeconds() << ' ' << now.GetSeconds()
                    << ' ' << (now - sent).GetSeconds() * 1000 << '\n';
        m_blockDelay.push_back(now - sent);
    }
}

void
TransferStatistics::Sample()
{
    for (size_t i = 0; i < m_flows.size(); ++i)
    {
        Flow& flow = m_flows[i];
        if (flow.subflow)
        {
            if (flow.subflow->GetState() == TcpSocket::CLOSED)
            {
                continue;
            }
            flow.window = flow.subflow->GetCongestionWindow();
            flow.threshold = flow.subflow->GetSocketState()->m_ssThresh;
            flow.inFlight = flow.subflow->GetBytesInFlight();
            flow.rtt = flow.subflow->GetSmoothedRtt();
            flow.rto = flow.subflow->GetRto();
        }
        // Zero: stock TCP has not told it yet.
        const auto known = [](double value)
        { return value > 0 ? value : std::numeric_limits<double>::quiet_NaN(); };
        m_windowFile << Simulator::Now().GetSeconds() << ' ' << i << ' ' << flow.path << ' '
                     << known(flow.window) << ' ' << known(flow.threshold) << ' ' << flow.inFlight
                     << ' ' << known(flow.rtt.GetSeconds() * 1000) << ' '
                     << known(flow.rto.GetSeconds() * 1000) << '\n';
    }
    m_queueFile << Simulator::Now().GetSeconds();
    uint64_t arrived = 0;
    for (size_t i = 0; i < m_pathBytes.size(); ++i)
    {
        arrived += m_pathBytes[i];
        const auto& queue = m_settings.paths[i].queue;
        m_queueFile << ' ' << (queue ? std::to_string(queue->GetNPackets()) : "nan");
    }
    // Applications read what is there at once; a subflow's own holes are not counted.
    m_queueFile << ' ' << arrived - std::min(arrived, m_delivered) << '\n';
    Simulator::Schedule(m_settings.sample, &TransferStatistics::Sample, this);
}

void
TransferStatistics::WriteGoodput()
{
    // Each bin is written with the time of its middle.
    m_goodputFile << (Simulator::Now() - m_settings.bin / 2).GetSeconds();
    for (uint64_t& bytes : m_binBytes)
    {
        m_goodputFile << ' ' << ToMbps(std::exchange(bytes, 0), m_settings.bin);
    }
    m_goodputFile << ' ' << ToMbps(std::exchange(m_binDelivered, 0), m_settings.bin) << '\n';
    Simulator::Schedule(m_settings.bin, &TransferStatistics::WriteGoodput, this);
}

std::optional<double>
TransferStatistics::GetMean(Time from, Time to) const
{
    // An outage may be due behind the end.
    to = std::min(to, m_settings.end);
    const auto begin = m_marks.find(from);
    if (begin == m_marks.end() || from >= to)
    {
        return std::nullopt;
    }
    const auto end = m_marks.find(to);
    return ToMbps((end == m_marks.end() ? m_delivered : end->second) - begin->second, to - from);
}

TransferStatistics::Result
TransferStatistics::Finish()
{
    Result result;
    result.delivered = m_delivered;
    result.wrong = m_wrong;
    if (const auto stream = DynamicCast<ByteStreamApplication>(m_receiver))
    {
        result.wrong = stream->GetWrong();
    }
    else if (const auto client = DynamicCast<RangeClient>(m_receiver))
    {
        result.wrong = client->GetWrong();
    }
    else if (const auto server = DynamicCast<RangeServer>(m_receiver))
    {
        result.wrong = server->GetWrong();
    }
    result.pathBytes = m_pathBytes;
    result.goodput = ToMbps(m_delivered, m_settings.end);
    const Time calm = m_settings.outageStart.value_or(m_settings.end);
    result.early = GetMean(Seconds(2), calm);
    result.before = GetMean(Seconds(5), calm);
    if (m_lastDelivery)
    {
        result.interruption = std::max(m_longestGap, m_settings.end - *m_lastDelivery);
    }
    result.back = m_back;
    result.reinjected = m_reinjected;
    result.copies = m_copies;

    std::vector<Time> delays = m_blockDelay;
    std::sort(delays.begin(), delays.end());
    std::ofstream distribution =
        Open("block-delay-cdf.dat", "delay_ms part_of_the_blocks_that_took_no_longer");
    for (size_t i = 0; i < delays.size(); ++i)
    {
        distribution << delays[i].GetSeconds() * 1000 << ' '
                     << static_cast<double>(i + 1) / delays.size() << '\n';
    }
    if (!delays.empty())
    {
        result.medianDelay = delays[delays.size() / 2];
    }
    for (std::ofstream* file :
         {&m_goodputFile, &m_sequenceFile, &m_windowFile, &m_queueFile, &m_blockFile})
    {
        file->flush();
    }
    return result;
}

} // namespace ns3
