// SPDX-License-Identifier: GPL-2.0-only
// Calls that no program should make.
#include "socket-api-net.h"
#include "test-rig.h"

#include <cerrno>
#include <cstring>
#include <random>
#include <sys/mman.h>

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

/// The suite.
class MptcpSocketApiFuzzTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSocketApiFuzzTestSuite()
        : ScenarioTestSuite("mptcp-socket-api-fuzz")
    {
        AddFuzz(*this);
    }
} g_mptcpSocketApiFuzzTestSuite; //!< registers itself

} // namespace

} // namespace ns3
