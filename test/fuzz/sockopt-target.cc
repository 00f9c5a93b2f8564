// SPDX-License-Identifier: GPL-2.0-only
// Socket options of a live connection: names, lengths, bytes, pointers, also those within a
// structure, and the order of calls.
#include "fuzz-targets.h"
#include "live-connection.h"

#include "ns3/mptcp-api.h"

#include <cstring>
#include <netinet/in.h>
#include <sys/mman.h>
#include <unistd.h>

namespace ns3
{

namespace
{

constexpr int MOST_STEPS = 100;
constexpr size_t GUARD = 64;       // bytes that nobody may write
constexpr uint8_t PATTERN = 0xa5;  // what they are
constexpr size_t LARGEST = 1024;   // bytes of a buffer
constexpr int LARGEST_ERRNO = 133; // of Linux

const int LEVELS[] = {
    IPPROTO_TCP, IPPROTO_TCP, IPPROTO_TCP, MPTCP_SOL_MPTCP, SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6};

/// An option that there is.
struct Option
{
    int level; //!< its
    int name;  //!< its
};

const Option OPTIONS[] = {{IPPROTO_TCP, MPTCP_GET_SUB_IDS},
                          {IPPROTO_TCP, MPTCP_CLOSE_SUB_ID},
                          {IPPROTO_TCP, MPTCP_KERNEL_GET_SUB_TUPLE},
                          {IPPROTO_TCP, MPTCP_KERNEL_OPEN_SUB_TUPLE},
                          {IPPROTO_TCP, MPTCP_SUB_GETSOCKOPT},
                          {IPPROTO_TCP, MPTCP_SUB_SETSOCKOPT},
                          {IPPROTO_TCP, MPTCP_GET_SUB_TUPLE},
                          {IPPROTO_TCP, MPTCP_OPEN_SUB_TUPLE},
                          {IPPROTO_TCP, MPTCP_EVENT_SUBSCRIPTION},
                          {IPPROTO_TCP, MPTCP_READ_EVENT},
                          {IPPROTO_TCP, MPTCP_SET_SUB_PRIO},
                          {IPPROTO_TCP, MPTCP_TCP_IS_MPTCP},
                          {MPTCP_SOL_MPTCP, MPTCP_LINUX_INFO},
                          {MPTCP_SOL_MPTCP, MPTCP_LINUX_TCPINFO},
                          {MPTCP_SOL_MPTCP, MPTCP_LINUX_SUBFLOW_ADDRS},
                          {MPTCP_SOL_MPTCP, MPTCP_LINUX_FULL_INFO},
                          {IPPROTO_TCP, TCP_MULTIPATH_ENABLE},
                          {IPPROTO_TCP, TCP_MULTIPATH_ADD},
                          {IPPROTO_TCP, TCP_MULTIPATH_REMOVE},
                          {IPPROTO_TCP, TCP_MULTIPATH_SUBFLOWS},
                          {IPPROTO_TCP, TCP_MULTIPATH_CONNID}};

/// One page that can be read and written, with one behind it that cannot.
class Pages
{
  public:
    Pages()
    {
        m_size = static_cast<size_t>(sysconf(_SC_PAGESIZE));
        void* pages =
            mmap(nullptr, 2 * m_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        FuzzRequire(pages != MAP_FAILED, "there is memory");
        m_pages = static_cast<uint8_t*>(pages);
        mprotect(m_pages + m_size, m_size, PROT_NONE);
    }

    /// @param size bytes @return so many bytes right before the end of what is mapped
    uint8_t* Last(size_t size) const
    {
        return m_pages + m_size - size;
    }

    /// @return what is not mapped
    uint8_t* Unmapped() const
    {
        return m_pages + m_size;
    }

  private:
    uint8_t* m_pages; //!< first of the two
    size_t m_size;    //!< of one
};

/// @return the same ones for all runs
const Pages&
GetPages()
{
    static const Pages pages;
    return pages;
}

/// A buffer between guards.
class Guarded
{
  public:
    /// @param bytes of it
    explicit Guarded(const std::vector<uint8_t>& bytes)
        : m_bytes(bytes.size() + 2 * GUARD, PATTERN),
          m_size(bytes.size())
    {
        std::copy(bytes.begin(), bytes.end(), m_bytes.begin() + GUARD);
    }

    /// @return the buffer
    uint8_t* Get()
    {
        return m_bytes.data() + GUARD;
    }

    /// @return bytes of the buffer
    size_t GetSize() const
    {
        return m_size;
    }

    /// End the run if a guard was written to.
    void Check() const
    {
        for (size_t i = 0; i < GUARD; i++)
        {
            FuzzRequire(m_bytes[i] == PATTERN && m_bytes[GUARD + m_size + i] == PATTERN,
                        "nothing is written outside of the buffer");
        }
    }

  private:
    std::vector<uint8_t> m_bytes; //!< guard, buffer, guard
    size_t m_size;                //!< of the buffer
};

/// What pointers in a structure point to.
struct Inner
{
    Guarded* first;   //!< bytes
    Guarded* second;  //!< others
    unsigned* length; //!< of the first, or less
};

/// @param kind which @param buffer that there is @return it, nothing, what is not mapped, or the
/// last bytes of what is
uint8_t*
PickPointer(uint8_t kind, Guarded& buffer)
{
    switch (kind & 3)
    {
    case 1:
        return nullptr;
    case 2:
        return GetPages().Unmapped();
    case 3:
    {
        uint8_t* last = GetPages().Last(buffer.GetSize());
        std::copy(buffer.Get(), buffer.Get() + buffer.GetSize(), last);
        return last;
    }
    default:
        return buffer.Get();
    }
}

/// @param pointer any @return as structures of Linux have it
uint64_t
ToNumber(const uint8_t* pointer)
{
    return reinterpret_cast<uintptr_t>(pointer);
}

/// @param input what to do @param ipv6 family @param bytes gets two addresses from there on
void
AddAddresses(FuzzInput& input, bool ipv6, std::vector<uint8_t>& bytes)
{
    for (int end = 0; end < 2; end++)
    {
        const uint8_t how = input.Byte();
        const auto port = htons(how & 1 ? input.Word() : end == 0 ? 0 : 8080);
        if (ipv6 != static_cast<bool>(how & 0x40))
        {
            sockaddr_in6 address{};
            address.sin6_family = how & 0x80 ? input.Byte() : AF_INET6;
            address.sin6_port = port;
            address.sin6_addr.s6_addr[0] = how & 2 ? 0 : 0xfd;
            address.sin6_addr.s6_addr[1] = how & 2 ? 0 : end;
            address.sin6_addr.s6_addr[15] = how & 2 ? 0 : how & 4 ? input.Byte() : 1;
            const auto* from = reinterpret_cast<const uint8_t*>(&address);
            bytes.insert(bytes.end(), from, from + sizeof(address));
        }
        else
        {
            sockaddr_in address{};
            address.sin_family = how & 0x80 ? input.Byte() : AF_INET;
            address.sin_port = port;
            address.sin_addr.s_addr = htonl(how & 2    ? 0
                                            : end == 0 ? 0xc0a80001
                                                       : 0xc0000201 + (how & 4 ? input.Byte() : 0));
            const auto* from = reinterpret_cast<const uint8_t*>(&address);
            bytes.insert(bytes.end(), from, from + sizeof(address));
        }
    }
}

/// @param option which @return whether pointers in its structure are written to
bool
WritesElsewhere(const Option& option)
{
    return (option.level == IPPROTO_TCP && option.name == MPTCP_SUB_GETSOCKOPT) ||
           (option.level == MPTCP_SOL_MPTCP && option.name == MPTCP_LINUX_FULL_INFO);
}

/// @param input what to do @param how bits of it @param inner what its arrays are
/// @return a request of MPTCP_FULL_INFO
mptcp_linux_full_info
MakeFullInfo(FuzzInput& input, uint8_t how, const Inner& inner)
{
    const uint8_t pointers = input.Byte();
    mptcp_linux_full_info value{};
    value.subflow_info = ToNumber(PickPointer(pointers, *inner.first));
    value.tcp_info = ToNumber(PickPointer(pointers >> 2, *inner.second));
    value.size_sfinfo_user = how & 1 ? sizeof(mptcp_linux_subflow_info) : input.Byte();
    value.size_tcpinfo_user = how & 2 ? sizeof(mptcp_tcp_info) : input.Byte();
    value.size_arrays_user = how & 4 ? UINT32_MAX : input.Byte() & 3;
    // No more than there is room for, where there is some.
    const auto fit = [&value](uint8_t kind, const Guarded& buffer, uint32_t size)
    {
        const bool mapped = (kind & 3) == 0 || (kind & 3) == 3;
        if (mapped && size > 0)
        {
            value.size_arrays_user =
                std::min<uint32_t>(value.size_arrays_user, buffer.GetSize() / size);
        }
    };
    fit(pointers, *inner.first, value.size_sfinfo_user);
    fit(pointers >> 2, *inner.second, value.size_tcpinfo_user);
    value.num_subflows = pointers >> 7;
    return value;
}

/// @param input what to do @param option which @param ipv6 family of the connection
/// @param inner what embedded pointers may point to
/// @return bytes of a structure, right or nearly so
std::vector<uint8_t>
MakeValue(FuzzInput& input, const Option& option, bool ipv6, const Inner& inner)
{
    const uint8_t how = input.Byte();
    // Not where it would choose an address to write to.
    if ((how & 0x80) && !WritesElsewhere(option))
    {
        return input.Bytes(input.Word() % LARGEST);
    }
    std::vector<uint8_t> bytes;
    const auto add = [&bytes](const auto& value)
    {
        const auto* from = reinterpret_cast<const uint8_t*>(&value);
        bytes.insert(bytes.end(), from, from + sizeof(value));
    };
    const uint8_t id = how & 0x40 ? input.Byte() : 1 + (how & 3);
    const auto pointer = [how, &inner]
    { return reinterpret_cast<char*>(PickPointer(how >> 4, *inner.first)); };
    if (option.level == MPTCP_SOL_MPTCP && option.name == MPTCP_LINUX_FULL_INFO)
    {
        add(MakeFullInfo(input, how, inner));
        bytes.resize(how & 8 ? std::min<size_t>(bytes.size(), input.Byte()) : bytes.size());
        return bytes;
    }
    if (option.level == MPTCP_SOL_MPTCP && option.name > MPTCP_LINUX_INFO)
    {
        mptcp_linux_subflow_data value{};
        value.size_subflow_data = how & 1 ? input.Byte() : sizeof(value);
        value.size_user = input.Byte() * (how & 2 ? 2 : 1);
        value.num_subflows = how >> 2 & 1;
        add(value);
        bytes.resize(how & 8 ? input.Word() % LARGEST : LARGEST);
        return bytes;
    }
    switch (option.level == IPPROTO_TCP ? option.name : -1)
    {
    case MPTCP_CLOSE_SUB_ID:
    {
        mptcp_close_sub_id value{};
        value.id = id;
        value.how = how & 0x20 ? input.Word() : how >> 2 & 3;
        add(value);
        break;
    }
    case MPTCP_OPEN_SUB_TUPLE:
    case MPTCP_GET_SUB_TUPLE:
    {
        mptcp_sub_tuple value{};
        value.id = id;
        value.prio = how & 4;
        value.if_idx = how & 8 ? input.Byte() : 0;
        // None, right, not mapped, or at the end of what is mapped.
        const uint8_t kind = how & 0x10 ? (how & 0x20 ? 0 : input.Byte()) : 1;
        value.ipv6_srh = reinterpret_cast<ipv6_sr_hdr*>(PickPointer(kind, *inner.first));
        add(value);
        AddAddresses(input, ipv6, bytes);
        break;
    }
    case TCP_MULTIPATH_ADD:
    case TCP_MULTIPATH_REMOVE:
        for (int list = 0; list <= (how & 3); list++)
        {
            AddAddresses(input, ipv6, bytes);
        }
        break;
    case MPTCP_KERNEL_OPEN_SUB_TUPLE:
    case MPTCP_KERNEL_GET_SUB_TUPLE:
        bytes.push_back(id);
        if (how & 8)
        {
            bytes.push_back(how & 4);
        }
        AddAddresses(input, ipv6, bytes);
        break;
    case MPTCP_SUB_GETSOCKOPT:
    {
        mptcp_sub_getsockopt value{};
        value.id = id;
        value.level = LEVELS[input.Byte() % std::size(LEVELS)];
        value.optname = input.Byte();
        value.optval = pointer();
        value.optlen = how & 4   ? nullptr
                       : how & 8 ? reinterpret_cast<unsigned*>(GetPages().Unmapped())
                                 : inner.length;
        add(value);
        break;
    }
    case MPTCP_SUB_SETSOCKOPT:
    {
        mptcp_sub_setsockopt value{};
        value.id = id;
        value.level = LEVELS[input.Byte() % std::size(LEVELS)];
        value.optname = input.Byte();
        value.optval = pointer();
        value.optlen = how & 4 ? input.Byte() : sizeof(int);
        add(value);
        break;
    }
    case MPTCP_EVENT_SUBSCRIPTION:
        bytes = {static_cast<uint8_t>(how & 7), static_cast<uint8_t>(how >> 3 & 3)};
        break;
    case MPTCP_SET_SUB_PRIO:
        bytes = {id, static_cast<uint8_t>(how & 4)};
        break;
    default:
        bytes.resize(how & 0x40 ? input.Word() % LARGEST : 128);
        break;
    }
    if (how & 8)
    {
        bytes.resize(std::min<size_t>(bytes.size(), input.Byte()));
    }
    return bytes;
}

/// One socket option. @param live connection @param input what to do @param ipv6 its family
void
CallOption(LiveConnection& live, FuzzInput& input, bool ipv6)
{
    const uint8_t how = input.Byte();
    Option option{IPPROTO_TCP, 0};
    if (how & 0x40)
    {
        option.level = LEVELS[input.Byte() % std::size(LEVELS)];
    }
    if (how & 0x20)
    {
        option.name = input.Byte();
    }
    else
    {
        const Option& known = OPTIONS[input.Byte() % std::size(OPTIONS)];
        option = {how & 0x40 ? option.level : known.level, known.name};
    }
    Guarded given(input.Bytes(input.Byte() % 200));
    // The inner length is right, or too small.
    const uint8_t byte = input.Byte();
    unsigned innerLength = byte < 200 ? byte : 0;
    Guarded answer(std::vector<uint8_t>(how & 0x02 ? 600 : innerLength, 0));
    innerLength = std::min<unsigned>(innerLength, how & 0x02 ? given.GetSize() : innerLength);
    const Inner inner{how & 0x02 ? &given : &answer, how & 0x02 ? &answer : &given, &innerLength};
    const auto value = MakeValue(input, option, ipv6, inner);
    // A pointer of the wrong kind takes the place of the right one.
    Guarded buffer(value);
    uint8_t* pointer = buffer.Get();
    if ((how & 0x1c) == 0x04)
    {
        pointer = nullptr;
    }
    else if ((how & 0x1c) == 0x08)
    {
        pointer = GetPages().Unmapped();
    }
    else if ((how & 0x1c) == 0x0c)
    {
        pointer = GetPages().Last(value.size());
        std::copy(value.begin(), value.end(), pointer);
    }
    auto length = static_cast<unsigned>(value.size());
    int result = 0;
    if (how & 0x01)
    {
        result = mptcp_host_setsockopt(
            live.GetHost(), live.GetFd(), option.level, option.name, pointer, length);
    }
    else
    {
        unsigned* room = &length;
        if ((how & 0x1c) == 0x10)
        {
            room = nullptr;
        }
        else if ((how & 0x1c) == 0x14)
        {
            room = reinterpret_cast<unsigned*>(GetPages().Unmapped());
        }
        result = mptcp_host_getsockopt(
            live.GetHost(), live.GetFd(), option.level, option.name, pointer, room);
        FuzzRequire(result != 0 || length <= value.size(),
                    "no more is given than there is room for");
    }
    FuzzRequire(result <= 0 && result >= -LARGEST_ERRNO, "0 or an errno");
    buffer.Check();
    given.Check();
    answer.Check();
}

} // namespace

int
FuzzSockopt(const uint8_t* data, size_t size)
{
    FuzzInput input(data, size);
    const uint8_t how = input.Byte();
    LiveOptions options;
    options.client = how & 0x01;
    options.ipv6 = how & 0x02;
    options.multipath = (how & 0x0c) != 0x0c;
    options.twoHomes = how & 0x80;
    LiveConnection live(options);
    FuzzRequire(live.IsUp(), "the handshake goes through");
    for (int step = 0; step < MOST_STEPS && input.GetLeft() > 0; step++)
    {
        const uint8_t what = input.Byte();
        const size_t path = (what >> 4) % live.CountPaths();
        switch (what & 15)
        {
        case 9:
            live.SendData(path, 100, what & 0x80);
            break;
        case 10:
        {
            auto ack = live.Next(path);
            ack.options.push_back(live.DataAck());
            live.Send(path, ack);
            break;
        }
        case 11:
            live.Join(true);
            break;
        case 12:
            live.ContinueJoin(path, true);
            break;
        case 13:
            live.Advance(int64_t(input.Byte()) * 10000000);
            break;
        case 14:
            mptcp_host_write(live.GetHost(), live.GetFd(), &what, 1);
            break;
        case 15:
            if (what == 0xff)
            {
                mptcp_host_shutdown(live.GetHost(), live.GetFd(), SHUT_WR);
            }
            break;
        default:
            CallOption(live, input, options.ipv6);
            break;
        }
        live.Collect();
    }
    return 0;
}

} // namespace ns3
