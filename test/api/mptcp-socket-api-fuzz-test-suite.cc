// SPDX-License-Identifier: GPL-2.0-only
// Calls that no program should make.
#include "socket-api-net.h"
#include "test-rig.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <random>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace ns3
{

namespace
{

/// What no program should do.
void
AddFuzz(ScenarioTestSuite& suite)
{
    suite.Add(
        "random options, lengths, bytes, pointers and orders: an errno each time",
        [](ScenarioTestCase& test)
        {
            std::mt19937 random(7);
            const auto pick = [&](uint32_t most) { return random() % (most + 1); };
            void* unmapped = mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            constexpr uint32_t ROUNDS = 20;
            constexpr uint32_t CALLS = 5000;
            for (uint32_t round = 0; round < ROUNDS; round++)
            {
                SocketApiNet net(round % 2 == 1, {{"MaxSubflows", "20"}});
                if (round % 5 != 4)
                {
                    net.Connect();
                }
                for (uint32_t call = 0; call < CALLS; call++)
                {
                    const auto socket = pick(9) == 0 && net.server ? net.server
                                        : pick(50) == 0            ? net.listener
                                                                   : net.client;
                    const int level = pick(30) == 0   ? int(random())
                                      : pick(20) == 0 ? MPTCP_SOL_MPTCP
                                                      : int(IPPROTO_TCP);
                    const int names[] = {43,  66,  67,  68,  69,  70,           71,
                                         72,  168, 169, 170, 171, 172,          173,
                                         180, 181, 182, 183, 184, int(random())};
                    const int name = level == MPTCP_SOL_MPTCP ? int(pick(5)) : names[pick(19)];
                    std::vector<uint8_t> bytes(pick(3) == 0 ? pick(200) : 200);
                    std::vector<uint8_t> inner(64);
                    unsigned int innerLength = pick(80);
                    for (auto& byte : bytes)
                    {
                        byte = pick(2) == 0 ? random() : pick(3);
                    }
                    unsigned int length = bytes.size();
                    const auto pointer = [&]() -> void*
                    {
                        switch (pick(6))
                        {
                        case 0:
                            return nullptr;
                        case 1:
                            return unmapped;
                        default:
                            return inner.data();
                        }
                    };
                    if ((name == 71 || name == 72) && length >= 32)
                    {
                        const int levels[] = {
                            IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP, SOL_SOCKET, int(random())};
                        mptcp_sub_getsockopt request{};
                        request.id = bytes[0];
                        request.level = levels[pick(4)];
                        request.optname = static_cast<int>(pick(80));
                        request.optval = static_cast<char*>(pointer());
                        innerLength = std::min<unsigned int>(innerLength, inner.size());
                        request.optlen =
                            static_cast<unsigned int*>(pick(5) == 0 ? pointer() : &innerLength);
                        std::memcpy(bytes.data(), &request, sizeof(request));
                        if (name == 72)
                        {
                            std::memcpy(&bytes[24], &innerLength, sizeof(innerLength));
                        }
                    }
                    else if (level == MPTCP_SOL_MPTCP && name == MPTCP_LINUX_FULL_INFO &&
                             length >= sizeof(mptcp_linux_full_info))
                    {
                        const auto array = [&]
                        { return static_cast<uint64_t>(reinterpret_cast<uintptr_t>(pointer())); };
                        mptcp_linux_full_info request{};
                        request.subflow_info = array();
                        request.tcp_info = array();
                        request.size_sfinfo_user = pick(inner.size());
                        request.size_tcpinfo_user = pick(inner.size());
                        // As many as there is room for.
                        request.size_arrays_user =
                            inner.size() /
                            std::max({1U, request.size_sfinfo_user, request.size_tcpinfo_user});
                        std::memcpy(bytes.data(), &request, sizeof(request));
                    }
                    else if ((name == 69 || name == 169) && pick(3) > 0)
                    {
                        const bool v6 = pick(3) == 0 ? pick(1) : round % 2;
                        const auto local = v6 ? Address(Inet6SocketAddress("fd00:a::1", 0))
                                              : Address(InetSocketAddress("10.0.0.1", 0));
                        const auto remote = v6 ? Address(Inet6SocketAddress("fd00:a::2", 0))
                                               : Address(InetSocketAddress("10.1.0.1", 0));
                        bytes = MakeOpen(WithPort(local, pick(3) == 0 ? pick(65535) : 0),
                                         WithPort(remote, pick(3) == 0 ? pick(65535) : 0),
                                         name == 169 ? MakeHead(pick(3), pick(1))
                                                     : std::vector<uint8_t>(1 + pick(1)));
                        length = bytes.size();
                        if (name == 169 && pick(2) == 0)
                        {
                            // A routing header with one segment, or none, or what is not mapped.
                            const void* header = pointer();
                            inner[1] = pick(8);
                            inner[2] = pick(4);
                            inner[3] = inner[4] = pick(1);
                            std::memcpy(&bytes[offsetof(mptcp_sub_tuple, ipv6_srh)],
                                        &header,
                                        sizeof(header));
                        }
                    }
                    void* value = pick(20) == 0 ? pointer() : bytes.data();
                    if (value == inner.data())
                    {
                        length = std::min<unsigned int>(length, inner.size());
                    }
                    int result = 0;
                    if (pick(1) == 0)
                    {
                        result = socket->SetSockOpt(level, name, value, length);
                    }
                    else
                    {
                        result = socket->GetSockOpt(
                            level,
                            name,
                            value,
                            pick(20) == 0
                                ? static_cast<unsigned int*>(pick(1) == 0 ? nullptr : unmapped)
                                : &length);
                    }
                    if (result != 0)
                    {
                        const int error = socket->GetOptErrno();
                        test.Expect(result == -1 && error > 0 && error < 140, "errno");
                    }
                    if (pick(20) == 0)
                    {
                        net.Run(MilliSeconds(pick(40)));
                    }
                    if (pick(200) == 0)
                    {
                        SocketApiNet::Send(net.client, 1 + pick(20000));
                    }
                }
                net.Run(Seconds(10));
            }
            munmap(unmapped, 4096);
        });
}

/// @param random numbers @param buffer a piece of memory @param unmapped what is none
/// @return one of them, or nullptr
void*
PickMemory(std::mt19937& random, std::vector<uint8_t>& buffer, void* unmapped)
{
    switch (random() % 6)
    {
    case 0:
        return nullptr;
    case 1:
        return unmapped;
    default:
        return buffer.data();
    }
}

/// sendmsg() and recvmsg() with any memory.
void
AddMessages(ScenarioTestSuite& suite)
{
    suite.Add(
        "random memory, control data, lengths and flags of sendmsg() and recvmsg(): no byte is "
        "lost",
        [](ScenarioTestCase& test)
        {
            constexpr uint32_t ROUNDS = 4;
            constexpr uint32_t CALLS = 5000;
            std::mt19937 random(11);
            const auto pick = [&](uint32_t most) { return random() % (most + 1); };
            void* unmapped = mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            for (uint32_t round = 0; round < ROUNDS; round++)
            {
                SocketApiNet net(round % 2 == 1, {{"EventQueueLimit", "8"}});
                net.Connect();
                // What arrives waits for recvmsg().
                for (const auto& socket : {net.client, net.server})
                {
                    socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
                }
                SubscribeAll(net.client);
                uint64_t sent = 0;
                uint64_t received = 0;
                uint32_t events = 0;
                for (uint32_t call = 0; call < CALLS; call++)
                {
                    constexpr uint8_t GUARD = 0xa5;
                    std::vector<std::vector<uint8_t>> buffers(pick(3));
                    std::vector<iovec> pieces;
                    std::vector<size_t> lengths;
                    for (auto& buffer : buffers)
                    {
                        const size_t size = pick(3000);
                        buffer.assign(size + 16, GUARD);
                        void* memory =
                            pick(5) == 0 ? PickMemory(random, buffer, unmapped) : buffer.data();
                        pieces.push_back({memory, size});
                        lengths.push_back(size);
                    }
                    const size_t room = pick(3) * 40 + pick(7);
                    std::vector<uint8_t> control(room + 16, GUARD);
                    msghdr head{};
                    head.msg_iov = pieces.data();
                    head.msg_iovlen = pieces.size();
                    head.msg_control = PickMemory(random, control, unmapped);
                    head.msg_controllen = pick(1) * room;
                    if (pick(20) == 0)
                    {
                        head.msg_iov = static_cast<iovec*>(pick(1) ? unmapped : nullptr);
                        head.msg_iovlen = random();
                    }
                    auto* message = pick(30) == 0 ? static_cast<msghdr*>(unmapped) : &head;
                    const bool receive = pick(1);
                    const int flags = pick(30) == 0 ? int(random()) : pick(4) == 0 ? MSG_PEEK : 0;
                    const auto before = net.client->GetRxAvailable();
                    const int64_t result = receive ? net.client->RecvMsg(message, flags)
                                                   : net.server->SendMsg(message, flags);
                    const int error = (receive ? net.client : net.server)->GetOptErrno();
                    test.Expect(result >= 0 || (result == -1 && error > 0 && error < 140), "errno");
                    if (receive)
                    {
                        const bool took = result > 0 && (flags & MSG_PEEK) == 0;
                        test.ExpectEqual(before - net.client->GetRxAvailable(),
                                         took ? static_cast<uint32_t>(result) : 0U,
                                         "bytes that are taken are those that are given");
                        received += took ? result : 0;
                        events += result < 0 && error == ENOMSG && flags == 0;
                    }
                    else
                    {
                        sent += result > 0 ? result : 0;
                    }
                    for (size_t i = 0; i < buffers.size(); i++)
                    {
                        test.Expect(std::all_of(buffers[i].begin() + lengths[i],
                                                buffers[i].end(),
                                                [](uint8_t byte) { return byte == GUARD; }),
                                    "nothing is written behind a piece");
                    }
                    test.Expect(std::all_of(control.begin() + room,
                                            control.end(),
                                            [](uint8_t byte) { return byte == GUARD; }),
                                "nothing is written behind the control data");
                    if (pick(10) == 0)
                    {
                        net.Run(MilliSeconds(pick(20)));
                    }
                    if (pick(20) == 0)
                    {
                        net.client->SetSubflowPriority(1, pick(1));
                    }
                }
                net.Run(Seconds(10));
                received += net.client->GetRxAvailable();
                test.Expect(sent > 100000 && events > 10, "bytes and events have come");
                test.ExpectEqual(received, sent, "all bytes come");
            }
            munmap(unmapped, 4096);
        });
}

/// The suite.
class MptcpSocketApiFuzzTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSocketApiFuzzTestSuite()
        : ScenarioTestSuite("mptcp-socket-api-fuzz")
    {
        AddFuzz(*this);
        AddMessages(*this);
    }
} g_mptcpSocketApiFuzzTestSuite; //!< registers itself

} // namespace

} // namespace ns3
