// SPDX-License-Identifier: GPL-2.0-only
#include "live-connection.h"

#include "script-icmp.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>

namespace ns3
{

namespace
{

constexpr uint16_t SERVER_PORT = 8080;
constexpr uint16_t CLIENT_PORT = 40000;
constexpr uint32_t FIRST_ISN = 0xfffffff0; // numbers wrap at once
constexpr int PROTOCOL_MPTCP = 262;

/// @param text an address @param port a port @param storage is filled @return its size
socklen_t
Fill(const std::string& text, uint16_t port, sockaddr_storage& storage)
{
    storage = {};
    auto& inet = reinterpret_cast<sockaddr_in&>(storage);
    if (inet_pton(AF_INET, text.c_str(), &inet.sin_addr) == 1)
    {
        inet.sin_family = AF_INET;
        inet.sin_port = htons(port);
        return sizeof(inet);
    }
    auto& inet6 = reinterpret_cast<sockaddr_in6&>(storage);
    inet_pton(AF_INET6, text.c_str(), &inet6.sin6_addr);
    inet6.sin6_family = AF_INET6;
    inet6.sin6_port = htons(port);
    return sizeof(inet6);
}

/// @param name of an option @param fields of it @return the option
ScriptOption
Option(const std::string& name, std::map<std::string, std::string> fields = {})
{
    ScriptOption option;
    option.name = name;
    option.fields = std::move(fields);
    return option;
}

} // namespace

LiveConnection::LiveConnection(const LiveOptions& options)
    : m_options(options),
      m_host(mptcp_host_create(), &mptcp_host_destroy)
{
    mptcp_host* host = m_host.get();
    const std::string local = options.ipv6 ? "fd00::1" : "192.168.0.1";
    const std::string remote = options.ipv6 ? "fd01::1" : "192.0.2.1";
    mptcp_host_add_interface(host, local.c_str(), 1500);
    if (options.twoHomes)
    {
        mptcp_host_add_interface(host, options.ipv6 ? "fd00:1::1" : "192.168.1.1", 1500);
    }
    else
    {
        mptcp_host_set(host, "PathManager", "ns3::MptcpNoPathManager");
    }
    mptcp_host_set(host, "Checksum", options.checksum ? "true" : "false");
    mptcp_host_set(host, "Timestamp", options.timestamps ? "true" : "false");
    mptcp_host_set(host, "Sack", options.sack ? "true" : "false");
    mptcp_host_set(host, "RemoveAddressAtOnce", options.atOnce ? "true" : "false");
    mptcp_host_set(host, "FastcloseByAck", options.atOnce ? "false" : "true");
    mptcp_host_set(host, "UseEcn", options.extras ? "On" : "Off");
    mptcp_host_set(host, "Pacing", options.extras ? "true" : "false");
    mptcp_host_set(host, "KeepAlive", options.extras ? "true" : "false");
    mptcp_host_set(host, "KeepAliveIdle", options.extras ? "1s" : "7200s");

    Live first;
    first.path.peerIsn = FIRST_ISN;
    first.path.flow.local = {local, options.client ? uint16_t(0) : SERVER_PORT};
    first.path.flow.remote = {remote, options.client ? SERVER_PORT : CLIENT_PORT};
    m_paths.push_back(first);
    const int fd = mptcp_host_socket(host, options.multipath ? PROTOCOL_MPTCP : IPPROTO_TCP);
    sockaddr_storage storage;
    const auto* address = reinterpret_cast<const sockaddr*>(&storage);
    ScriptSegment syn;
    syn.syn = true;
    // RFC 3168 section 6.1.1: both flags ask for ECN, one agrees to it.
    syn.ece = options.extras;
    syn.cwr = options.extras && !options.client;
    syn.options = {
        Option("mss", {{"value", "1460"}}), Option("sackOK"), Option("wscale", {{"value", "2"}})};
    if (options.timestamps)
    {
        syn.options.push_back(Option("TS", {{"val", "1"}, {"ecr", "0"}}));
    }
    auto capable = Option("mp_capable");
    if (options.checksum)
    {
        capable.fields["flags"] = "AH";
    }
    if (options.client)
    {
        mptcp_host_connect(host, fd, address, Fill(remote, SERVER_PORT, storage));
        Collect();
        syn.ack = true;
        syn.ackNumber = 1;
        if (options.timestamps)
        {
            syn.options.back().fields["ecr"] = std::to_string(m_paths[0].echo);
        }
        if (options.multipath)
        {
            capable.fields["from"] = "peer";
            syn.options.push_back(capable);
        }
        Handshake(0, syn);
        Collect();
        m_fd = fd;
        return;
    }
    mptcp_host_bind(host, fd, address, Fill(local, SERVER_PORT, storage));
    mptcp_host_listen(host, fd, 10);
    if (options.multipath)
    {
        syn.options.push_back(capable);
    }
    Handshake(0, syn);
    Collect();
    ScriptSegment third = Next(0);
    if (options.multipath)
    {
        capable.fields["from"] = "peer";
        capable.fields["to"] = "host";
        third.options.push_back(capable);
    }
    Handshake(0, third);
    Collect();
    m_fd = mptcp_host_accept(host, fd);
}

void
LiveConnection::Handshake(size_t path, const ScriptSegment& segment)
{
    Send(path, segment);
    Advance(1000000);
}

void
LiveConnection::Advance(int64_t nanoseconds)
{
    mptcp_host_advance(m_host.get(), mptcp_host_now(m_host.get()) + nanoseconds, 0);
}

size_t
LiveConnection::Find(const WireSegment& segment)
{
    char local[INET6_ADDRSTRLEN] = "";
    char remote[INET6_ADDRSTRLEN] = "";
    const int family = segment.ipv6 ? AF_INET6 : AF_INET;
    inet_ntop(family, segment.source.data(), local, sizeof(local));
    inet_ntop(family, segment.destination.data(), remote, sizeof(remote));
    for (size_t i = 0; i < m_paths.size(); i++)
    {
        auto& flow = m_paths[i].path.flow;
        if (flow.local.address == local && flow.remote.address == remote &&
            flow.remote.port == segment.destinationPort &&
            (flow.local.port == segment.sourcePort || flow.local.port == 0))
        {
            flow.local.port = segment.sourcePort;
            return i;
        }
    }
    if (segment.syn && !segment.hasAck && m_paths.size() < PATHS)
    {
        Live live;
        live.path.peerIsn = static_cast<uint32_t>(FIRST_ISN + 1000000 * m_paths.size());
        live.path.flow.local = {local, segment.sourcePort};
        live.path.flow.remote = {remote, segment.destinationPort};
        live.hostSyn = true;
        m_paths.push_back(live);
        return m_paths.size() - 1;
    }
    return m_paths.size();
}

void
LiveConnection::Collect()
{
    std::vector<uint8_t> bytes(65536);
    mptcp_host_packet packet;
    while (mptcp_host_take(m_host.get(), bytes.data(), bytes.size(), &packet))
    {
        FuzzRequire(packet.size <= 1500, "no packet is larger than the MTU");
        auto segment = ReadWireSegment({bytes.begin(), bytes.begin() + packet.size});
        if (!segment)
        {
            continue; // not TCP
        }
        FuzzRequire(segment->problem.empty(), "the host's segments are well-formed");
        const size_t number = Find(*segment);
        if (number == m_paths.size())
        {
            continue;
        }
        Live& live = m_paths[number];
        std::string ignored;
        try
        {
            const auto seen = m_wire.Decode(live.path, *segment, {}, ignored);
            if (!seen.rst)
            {
                const uint32_t end = seen.seq + seen.length + seen.syn + seen.fin;
                if (static_cast<int32_t>(end - live.received) > 0)
                {
                    live.received = end;
                }
            }
            for (const auto& option : seen.options)
            {
                if (option.name == "TS")
                {
                    live.echo = static_cast<uint32_t>(std::stoul(option.fields.at("val")));
                }
                else if (option.name == "dss" && option.fields.count("dsn"))
                {
                    const uint64_t end =
                        std::stoull(option.fields.at("dsn")) + std::stoull(option.fields.at("len"));
                    m_receivedData = std::max(m_receivedData, end);
                }
                else if (option.name == "mp_capable" && option.fields.count("len"))
                {
                    m_receivedData = std::max<uint64_t>(m_receivedData,
                                                        1 + std::stoull(option.fields.at("len")));
                }
            }
        }
        catch (const ScriptError&)
        {
            // About a key or nonce that the input has not let come up.
        }
    }
}

ScriptSegment
LiveConnection::Next(size_t path) const
{
    const Live& live = m_paths[path];
    ScriptSegment segment;
    segment.ack = true;
    segment.ackNumber = live.received;
    segment.seq = live.next;
    segment.window = 16384;
    if (m_options.timestamps)
    {
        const int64_t milliseconds = mptcp_host_now(m_host.get()) / 1000000;
        segment.options.push_back(Option(
            "TS", {{"val", std::to_string(milliseconds + 1)}, {"ecr", std::to_string(live.echo)}}));
    }
    return segment;
}

ScriptOption
LiveConnection::DataAck() const
{
    return Option("dss", {{"ack", std::to_string(m_receivedData)}});
}

void
LiveConnection::Inject(size_t path, const std::vector<uint8_t>& packet)
{
    const bool second = m_paths[path].path.flow.local.address != m_paths[0].path.flow.local.address;
    mptcp_host_inject(m_host.get(), second ? 1 : 0, packet.data(), packet.size());
}

void
LiveConnection::Send(size_t path, const ScriptSegment& segment, bool congested)
{
    try
    {
        auto packet = m_wire.Encode(m_paths[path].path, segment);
        if (congested)
        {
            // The ECN field: the last two bits of the octet that begins 8 or 4 bits into the
            // packet.
            packet[1] |= m_options.ipv6 ? 0x30 : 0x03;
        }
        Inject(path, packet);
    }
    catch (const ScriptError&)
    {
        // The options do not fit, or need what is not known yet.
    }
}

void
LiveConnection::SendIcmp(size_t path, const ScriptIcmp& icmp)
{
    try
    {
        Inject(path, EncodeScriptIcmp(m_paths[path].path, icmp));
    }
    catch (const ScriptError&)
    {
        // An error of the other family.
    }
}

void
LiveConnection::SendData(size_t path, uint16_t size, bool fin, bool congested)
{
    ScriptSegment segment = Next(path);
    segment.length = size;
    if (m_options.multipath)
    {
        auto dss = DataAck();
        dss.fields["dsn"] = std::to_string(m_nextData);
        dss.fields["ssn"] = std::to_string(size == 0 ? 0 : segment.seq);
        dss.fields["len"] = std::to_string(size + fin);
        if (fin)
        {
            dss.fields["fin"] = "1";
        }
        if (m_options.checksum)
        {
            dss.fields["csum"] = "ok";
        }
        segment.options.push_back(dss);
    }
    Send(path, segment, congested);
    m_paths[path].next += size;
    m_nextData += size + fin;
}

void
LiveConnection::Join(bool rightToken)
{
    if (m_paths.size() == PATHS)
    {
        return;
    }
    Live live;
    live.path.peerIsn = static_cast<uint32_t>(FIRST_ISN + 1000000 * m_paths.size());
    live.path.flow = m_paths[0].path.flow;
    live.path.flow.remote.port = static_cast<uint16_t>(50000 + m_paths.size());
    m_paths.push_back(live);
    ScriptSegment syn = Next(m_paths.size() - 1);
    syn.syn = true;
    syn.ack = false;
    syn.seq = 0;
    syn.options.push_back(Option("mss", {{"value", "1460"}}));
    syn.options.push_back(Option("mp_join",
                                 {{"id", std::to_string(m_paths.size())},
                                  {"token", rightToken ? "host" : "wrong"},
                                  {"nonce", "12345"}}));
    Send(m_paths.size() - 1, syn);
}

void
LiveConnection::ContinueJoin(size_t path, bool rightHmac)
{
    const std::string hmac = rightHmac ? "ok" : "bad";
    ScriptSegment segment = Next(path);
    if (m_paths[path].hostSyn)
    {
        segment.syn = true;
        segment.seq = 0;
        segment.options.push_back(Option("mss", {{"value", "1460"}}));
        segment.options.push_back(
            Option("mp_join", {{"id", "0"}, {"hmac", hmac}, {"nonce", "54321"}}));
    }
    else
    {
        segment.options.push_back(Option("mp_join", {{"hmac", hmac}}));
    }
    Send(path, segment);
}

} // namespace ns3
