// SPDX-License-Identifier: GPL-2.0-only
#include "script-runner.h"

#include "script-icmp.h"

#include "ns3/mptcp-api.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/tcp.h>
#include <sstream>

namespace ns3
{

namespace
{

constexpr uint16_t SERVER_PORT = 8080;
constexpr uint16_t CLIENT_PORT = 40000;
constexpr uint32_t FIRST_ISN = 0xfffffff0;   //!< of the peer: sequence numbers wrap at once
constexpr int64_t PATIENCE = 200000000000LL; //!< ns that "*" waits for a segment
constexpr size_t LARGEST_PACKET = 65536;

const std::map<std::string, int> ERRORS = {{"EACCES", EACCES},
                                           {"EADDRINUSE", EADDRINUSE},
                                           {"EADDRNOTAVAIL", EADDRNOTAVAIL},
                                           {"EAFNOSUPPORT", EAFNOSUPPORT},
                                           {"EAGAIN", EAGAIN},
                                           {"EALREADY", EALREADY},
                                           {"EBADF", EBADF},
                                           {"ECONNABORTED", ECONNABORTED},
                                           {"ECONNREFUSED", ECONNREFUSED},
                                           {"ECONNRESET", ECONNRESET},
                                           {"EFAULT", EFAULT},
                                           {"EHOSTUNREACH", EHOSTUNREACH},
                                           {"EINPROGRESS", EINPROGRESS},
                                           {"EINVAL", EINVAL},
                                           {"EIO", EIO},
                                           {"EISCONN", EISCONN},
                                           {"ENETUNREACH", ENETUNREACH},
                                           {"ENODEV", ENODEV},
                                           {"ENOPROTOOPT", ENOPROTOOPT},
                                           {"ENOTCONN", ENOTCONN},
                                           {"EOPNOTSUPP", EOPNOTSUPP},
                                           {"EPERM", EPERM},
                                           {"EPIPE", EPIPE},
                                           {"EPROTONOSUPPORT", EPROTONOSUPPORT},
                                           {"ETIMEDOUT", ETIMEDOUT}};

const std::map<std::string, int> CONSTANTS = {
    {"IPPROTO_TCP", IPPROTO_TCP},
    {"IPPROTO_IP", IPPROTO_IP},
    {"IPPROTO_IPV6", IPPROTO_IPV6},
    {"IPPROTO_MPTCP", 262},
    {"SOL_SOCKET", SOL_SOCKET},
    {"SOL_TCP", IPPROTO_TCP},
    {"SOL_MPTCP", MPTCP_SOL_MPTCP},
    {"SO_ERROR", SO_ERROR},
    {"SO_LINGER", SO_LINGER},
    {"SO_RCVBUF", SO_RCVBUF},
    {"SO_SNDBUF", SO_SNDBUF},
    {"SO_KEEPALIVE", SO_KEEPALIVE},
    {"TCP_NODELAY", TCP_NODELAY},
    {"TCP_MAXSEG", TCP_MAXSEG},
    {"TCP_INFO", TCP_INFO},
    {"TCP_USER_TIMEOUT", TCP_USER_TIMEOUT},
    {"TCP_IS_MPTCP", MPTCP_TCP_IS_MPTCP},
    {"MPTCP_INFO", MPTCP_LINUX_INFO},
    {"MPTCP_GET_SUB_IDS", MPTCP_GET_SUB_IDS},
    {"MPTCP_CLOSE_SUB_ID", MPTCP_CLOSE_SUB_ID},
    {"MPTCP_GET_SUB_TUPLE", MPTCP_GET_SUB_TUPLE},
    {"MPTCP_OPEN_SUB_TUPLE", MPTCP_OPEN_SUB_TUPLE},
    {"MPTCP_SET_SUB_PRIO", MPTCP_SET_SUB_PRIO},
    {"SHUT_RD", SHUT_RD},
    {"SHUT_WR", SHUT_WR},
    {"SHUT_RDWR", SHUT_RDWR},
};

/// @param text a number or the name of a constant @return its value
int
Constant(const std::string& text)
{
    const auto found = CONSTANTS.find(text);
    return found != CONSTANTS.end()
               ? found->second
               : static_cast<int>(ParseScriptNumber(text, "constant", INT32_MAX));
}

/// @param error a number of <cerrno> @return its name
std::string
ErrorName(int error)
{
    for (const auto& [name, number] : ERRORS)
    {
        if (number == error)
        {
            return name;
        }
    }
    return "errno " + std::to_string(error);
}

/// @param time in nanoseconds @return seconds, for messages
std::string
Seconds(int64_t time)
{
    std::ostringstream os;
    os.precision(6);
    os << std::fixed << static_cast<double>(time) / 1e9 << " s";
    return os.str();
}

/// @param text "[5]" or "{01 02}" @return bytes of an int, or these bytes
std::vector<uint8_t>
OptionValue(const std::string& text)
{
    if (text.size() < 2 || (text.front() != '[' && text.front() != '{'))
    {
        throw ScriptError("option value '" + text + "': wanted is [NUMBER] or {HEX BYTES}");
    }
    const std::string inner = text.substr(1, text.size() - 2);
    std::vector<uint8_t> bytes;
    if (text.front() == '[')
    {
        const int value = Constant(inner);
        bytes.resize(sizeof(value));
        std::memcpy(bytes.data(), &value, sizeof(value));
        return bytes;
    }
    std::istringstream is(inner);
    for (std::string word; is >> word;)
    {
        bytes.push_back(static_cast<uint8_t>(ParseScriptNumber("0x" + word, "byte", 255)));
    }
    return bytes;
}

/// @param bytes of an option @return them as scripts write them
std::string
OptionText(const std::vector<uint8_t>& bytes)
{
    std::string text = "{";
    for (const uint8_t byte : bytes)
    {
        char hex[4];
        std::snprintf(hex, sizeof(hex), "%s%02x", text.size() > 1 ? " " : "", byte);
        text += hex;
    }
    return text + "}";
}

} // namespace

ScriptRunner::ScriptRunner(const PacketScript& script)
    : m_script(script),
      m_host(mptcp_host_create(), &mptcp_host_destroy)
{
    if (!m_host)
    {
        throw ScriptError("there is another host already");
    }
    for (const auto& address : script.local)
    {
        if (mptcp_host_add_interface(m_host.get(), address.c_str(), script.mtu) < 0)
        {
            throw ScriptError(script.name + ": --local=" + address +
                              ": no address, or no MTU from 68 to 65535");
        }
    }
    for (const auto& [name, value] : script.attributes)
    {
        if (mptcp_host_set(m_host.get(), name.c_str(), value.c_str()) != 0)
        {
            throw ScriptError(script.name + ": --" + name + "=" + value +
                              ": there is no such attribute, or it takes no such value");
        }
    }
    ScriptFlow first;
    first.local = {script.local[0], SERVER_PORT};
    first.remote = {script.remote[0], CLIENT_PORT};
    m_paths.push_back({first, {}, FIRST_ISN, {}, {}});
    for (const auto& flow : script.flows)
    {
        const auto isn = static_cast<uint32_t>(FIRST_ISN + 1000000 * m_paths.size());
        m_paths.push_back({flow, {}, isn, {}, {}});
    }
}

void
ScriptRunner::Run()
{
    for (const auto& event : m_script.events)
    {
        try
        {
            Do(event);
        }
        catch (const ScriptError& error)
        {
            throw ScriptError(m_script.name + ":" + std::to_string(event.line) + ": " +
                              error.what());
        }
    }
    Collect();
    if (!m_arrivals.empty())
    {
        throw ScriptError(m_script.name + ": at the end\nexpected: no more segments\nseen:     " +
                          Describe(m_arrivals.front()));
    }
}

void
ScriptRunner::Do(const ScriptEvent& event)
{
    if (event.kind == ScriptEvent::EXPECT)
    {
        Expect(event);
        return;
    }
    const int64_t at = event.time.from + (event.time.relative ? m_last : 0);
    if (at < mptcp_host_now(m_host.get()))
    {
        throw ScriptError("it is " + Seconds(mptcp_host_now(m_host.get())) +
                          " already, later than the event's time " + Seconds(at));
    }
    mptcp_host_advance(m_host.get(), at, 0);
    m_last = at;
    if (event.kind == ScriptEvent::INJECT)
    {
        Inject(event);
    }
    else
    {
        Call(event.call);
    }
    // What it causes at once.
    mptcp_host_advance(m_host.get(), at, 0);
}

void
ScriptRunner::Inject(const ScriptEvent& event)
{
    ScriptPath& path = PathOf(event.flow);
    const auto& local = path.flow.local.address;
    const auto found = std::find(m_script.local.begin(), m_script.local.end(), local);
    if (found == m_script.local.end())
    {
        throw ScriptError("the host has no address " + local);
    }
    const auto packet =
        event.icmp ? EncodeScriptIcmp(path, *event.icmp) : m_wire.Encode(path, event.segment);
    mptcp_host_inject(m_host.get(),
                      static_cast<int>(found - m_script.local.begin()),
                      packet.data(),
                      packet.size());
}

void
ScriptRunner::Expect(const ScriptEvent& event)
{
    ScriptPath& path = PathOf(event.flow);
    const int64_t base = event.time.relative ? m_last : 0;
    int64_t from = base + event.time.from - m_script.tolerance;
    int64_t to = base + event.time.to + m_script.tolerance;
    if (event.time.anytime)
    {
        from = 0;
        to = m_last + PATIENCE;
    }
    const std::string wanted = event.segment.Print();
    // The next one of this flow; those of others wait for their own lines.
    const auto isOfPath = [this, &path](const Arrival& arrival)
    { return FindPath(arrival.segment) == &path; };
    auto next = m_arrivals.end();
    while (true)
    {
        Collect();
        next = std::find_if(m_arrivals.begin(), m_arrivals.end(), isOfPath);
        if (next != m_arrivals.end() || mptcp_host_now(m_host.get()) >= to)
        {
            break;
        }
        mptcp_host_advance(m_host.get(), to, 1);
    }
    if (next == m_arrivals.end())
    {
        std::string text = "expected: " + wanted + " until " + Seconds(to) + "\nseen:     nothing";
        if (!m_arrivals.empty())
        {
            text += " of this flow, but " + Describe(m_arrivals.front());
        }
        throw ScriptError(text);
    }
    const Arrival arrival = *next;
    m_arrivals.erase(next);
    std::string problem;
    const auto seen = m_wire.Decode(path, arrival.segment, event.segment.data, problem);
    auto differences = m_wire.Compare(event.segment, seen);
    if (!problem.empty())
    {
        differences.push_back(problem);
    }
    if (arrival.time < from || arrival.time > to)
    {
        differences.push_back("time: expected " + Seconds(from) + " to " + Seconds(to) + ", seen " +
                              Seconds(arrival.time));
    }
    if (!differences.empty())
    {
        std::string text =
            "expected: " + wanted + "\nseen:     " + seen.Print() + " at " + Seconds(arrival.time);
        for (const auto& difference : differences)
        {
            text += "\n  " + difference;
        }
        throw ScriptError(text);
    }
    m_last = std::max(m_last, arrival.time);
}

void
ScriptRunner::Call(const ScriptCall& call)
{
    const long result = DoCall(call);
    const std::string seen =
        result < 0 ? "-1 " + ErrorName(static_cast<int>(-result)) : std::to_string(result);
    if (call.result == "*")
    {
        return;
    }
    if (call.result == "-1" && ERRORS.count(call.error) == 0)
    {
        throw ScriptError("unknown errno " + call.error);
    }
    // What makes a descriptor gives it the script's number.
    const bool makes = call.name == "socket" || call.name == "accept";
    const bool right = call.result == "-1" ? result == -ERRORS.at(call.error)
                                           : (makes ? result >= 0 : call.result == seen);
    if (!right)
    {
        throw ScriptError(call.name + "()\nexpected: " + call.result +
                          (call.error.empty() ? "" : " " + call.error) + "\nseen:     " + seen);
    }
    if (makes && result >= 0)
    {
        m_streams[call.result] = Stream{static_cast<int>(result), 0, 0};
    }
}

long
ScriptRunner::DoCall(const ScriptCall& call)
{
    mptcp_host* host = m_host.get();
    sockaddr_storage storage;
    const auto* address = reinterpret_cast<const sockaddr*>(&storage);
    if (call.name == "socket")
    {
        return mptcp_host_socket(host, Constant(Argument(call, 2)));
    }
    if (call.name == "bind")
    {
        const auto size = ToSockAddr(Argument(call, 1), {m_script.local[0], SERVER_PORT}, storage);
        return mptcp_host_bind(host, StreamOf(call).fd, address, size);
    }
    if (call.name == "listen")
    {
        return mptcp_host_listen(host, StreamOf(call).fd, Constant(Argument(call, 1)));
    }
    if (call.name == "accept")
    {
        return mptcp_host_accept(host, StreamOf(call).fd);
    }
    if (call.name == "connect")
    {
        ScriptEnd to{m_script.remote[0], SERVER_PORT};
        const auto size = ToSockAddr(Argument(call, 1), to, storage);
        ScriptPath& path = m_paths.front();
        if (!path.hostIsn)
        {
            path.flow.remote = to;
            path.flow.local.port = 0;
        }
        return mptcp_host_connect(host, StreamOf(call).fd, address, size);
    }
    if (call.name == "read")
    {
        return Read(call);
    }
    if (call.name == "write")
    {
        return Write(call);
    }
    if (call.name == "shutdown")
    {
        return mptcp_host_shutdown(host, StreamOf(call).fd, Constant(Argument(call, 1)));
    }
    if (call.name == "close")
    {
        const long result = mptcp_host_close(host, StreamOf(call).fd);
        m_streams.erase(Argument(call, 0));
        return result;
    }
    if (call.name == "getsockopt" || call.name == "setsockopt")
    {
        return Option(call);
    }
    if (call.name == "remove_address")
    {
        return mptcp_host_remove_address(host, Argument(call, 0).c_str());
    }
    throw ScriptError("unknown call '" + call.name +
                      "'; there are: socket, bind, listen, accept, connect, read, write, "
                      "shutdown, close, getsockopt, setsockopt, remove_address");
}

long
ScriptRunner::Read(const ScriptCall& call)
{
    Stream& stream = StreamOf(call);
    std::vector<uint8_t> bytes(ParseScriptNumber(Argument(call, 2), "size", 1 << 24));
    const long result = mptcp_host_read(m_host.get(), stream.fd, bytes.data(), bytes.size());
    if (result > 0)
    {
        if (const auto wrong = m_wire.GetPeerPayload().FindWrong(
                stream.read, bytes.data(), static_cast<uint32_t>(result)))
        {
            throw ScriptError("read() gave a wrong byte at offset " + std::to_string(*wrong) +
                              " of the stream");
        }
        stream.read += result;
    }
    return result;
}

long
ScriptRunner::Write(const ScriptCall& call)
{
    Stream& stream = StreamOf(call);
    const auto size = static_cast<uint32_t>(ParseScriptNumber(Argument(call, 2), "size", 1 << 24));
    std::vector<uint8_t> bytes(size);
    m_wire.GetHostPayload().Make(stream.written, size)->CopyData(bytes.data(), size);
    const long result = mptcp_host_write(m_host.get(), stream.fd, bytes.data(), bytes.size());
    stream.written += std::max(result, 0L);
    return result;
}

long
ScriptRunner::Option(const ScriptCall& call)
{
    const int fd = StreamOf(call).fd;
    const int level = Constant(Argument(call, 1));
    const int name = Constant(Argument(call, 2));
    const auto value = OptionValue(Argument(call, 3));
    if (call.name == "setsockopt")
    {
        return mptcp_host_setsockopt(
            m_host.get(), fd, level, name, value.data(), static_cast<unsigned>(value.size()));
    }
    // An option may read what it is asked about.
    auto answer = value;
    auto size = static_cast<unsigned>(answer.size());
    const long result = mptcp_host_getsockopt(m_host.get(), fd, level, name, answer.data(), &size);
    if (result == 0 && answer != value)
    {
        throw ScriptError("getsockopt()\nexpected: " + OptionText(value) +
                          "\nseen:     " + OptionText(answer));
    }
    return result;
}

const std::string&
ScriptRunner::Argument(const ScriptCall& call, size_t index)
{
    if (index >= call.arguments.size())
    {
        throw ScriptError(call.name + "() wants " + std::to_string(index + 1) +
                          " arguments at least");
    }
    return call.arguments[index];
}

ScriptRunner::Stream&
ScriptRunner::StreamOf(const ScriptCall& call)
{
    const auto found = m_streams.find(Argument(call, 0));
    if (found == m_streams.end())
    {
        throw ScriptError(call.name + "(): no socket() or accept() gave descriptor " +
                          Argument(call, 0));
    }
    return found->second;
}

socklen_t
ScriptRunner::ToSockAddr(const std::string& text, const ScriptEnd& end, sockaddr_storage& storage)
{
    ScriptEnd to = end;
    if (text != "...")
    {
        const auto colon = text.rfind(':');
        to.address = text.substr(0, colon);
        if (to.address.size() > 2 && to.address.front() == '[')
        {
            to.address = to.address.substr(1, to.address.size() - 2);
        }
        to.port =
            colon == std::string::npos
                ? 0
                : static_cast<uint16_t>(ParseScriptNumber(text.substr(colon + 1), "port", 65535));
    }
    std::memset(&storage, 0, sizeof(storage));
    auto& inet = reinterpret_cast<sockaddr_in&>(storage);
    auto& inet6 = reinterpret_cast<sockaddr_in6&>(storage);
    if (inet_pton(AF_INET, to.address.c_str(), &inet.sin_addr) == 1)
    {
        inet.sin_family = AF_INET;
        inet.sin_port = htons(to.port);
        return sizeof(inet);
    }
    if (inet_pton(AF_INET6, to.address.c_str(), &inet6.sin6_addr) == 1)
    {
        inet6.sin6_family = AF_INET6;
        inet6.sin6_port = htons(to.port);
        return sizeof(inet6);
    }
    throw ScriptError("'" + text + "': wanted is ADDRESS:PORT, [ADDRESS]:PORT or ...");
}

ScriptPath&
ScriptRunner::PathOf(const std::string& flow)
{
    return *std::find_if(m_paths.begin(),
                         m_paths.end(),
                         [&flow](const ScriptPath& path) { return path.flow.name == flow; });
}

ScriptPath*
ScriptRunner::FindPath(const WireSegment& segment)
{
    const auto is = [&segment](const std::string& text, const std::array<uint8_t, 16>& bytes)
    {
        char address[INET6_ADDRSTRLEN] = "";
        inet_ntop(segment.ipv6 ? AF_INET6 : AF_INET, bytes.data(), address, sizeof(address));
        return text == address;
    };
    for (auto& path : m_paths)
    {
        auto& flow = path.flow;
        if (is(flow.local.address, segment.source) &&
            is(flow.remote.address, segment.destination) &&
            flow.remote.port == segment.destinationPort &&
            (flow.local.port == segment.sourcePort || (flow.local.port == 0 && segment.syn)))
        {
            flow.local.port = segment.sourcePort;
            return &path;
        }
    }
    return nullptr;
}

void
ScriptRunner::Collect()
{
    std::vector<uint8_t> bytes(LARGEST_PACKET);
    mptcp_host_packet packet;
    while (mptcp_host_take(m_host.get(), bytes.data(), bytes.size(), &packet))
    {
        auto segment = ReadWireSegment({bytes.begin(), bytes.begin() + packet.size});
        if (!segment)
        {
            continue; // not TCP: the host's neighbour discovery
        }
        m_arrivals.push_back({packet.time, *segment});
        if (!FindPath(*segment))
        {
            throw ScriptError(
                "the host sends on a flow that the script does not name:\nseen:     " +
                Describe(m_arrivals.back()));
        }
    }
}

std::string
ScriptRunner::Describe(const Arrival& arrival)
{
    return arrival.segment.Describe() + " at " + Seconds(arrival.time);
}

} // namespace ns3
