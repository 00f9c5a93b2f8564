// SPDX-License-Identifier: GPL-2.0-only
// Linux's own options for Multipath TCP.
#include "socket-api-net.h"
#include "test-rig.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace ns3
{

namespace
{

/// What Linux has.
void
AddLinux(ScenarioTestSuite& suite)
{
    suite.Add(
        "Linux's own options: TCP_IS_MPTCP, MPTCP_INFO, MPTCP_TCPINFO, MPTCP_SUBFLOW_ADDRS",
        [](ScenarioTestCase& test)
        {
            test.ExpectEqual(sizeof(mptcp_linux_info), 96U, "mptcp_info");
            test.ExpectEqual(sizeof(mptcp_linux_subflow_data), 16U, "mptcp_subflow_data");
            test.ExpectEqual(sizeof(mptcp_linux_subflow_addrs), 256U, "mptcp_subflow_addrs");
            SocketApiNet net;
            const auto get = [&](int level, int name, void* value, unsigned int* length)
            {
                const int result = net.client->GetSockOpt(level, name, value, length);
                return result == 0 ? 0 : net.client->GetOptErrno();
            };
            int is = 7;
            unsigned int length = sizeof(is);
            test.ExpectEqual(get(IPPROTO_TCP, MPTCP_TCP_IS_MPTCP, &is, &length), 0, "get");
            test.ExpectEqual(is, 0, "not yet");
            mptcp_linux_info info{};
            length = sizeof(info);
            test.ExpectEqual(
                get(MPTCP_SOL_MPTCP, MPTCP_LINUX_INFO, &info, &length), EOPNOTSUPP, "unconnected");
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 2222), net.At(0, false, 3333));
            net.Run(MilliSeconds(200));
            SocketApiNet::Send(net.client, 50000);
            net.Run(Seconds(1));
            length = sizeof(is);
            get(IPPROTO_TCP, MPTCP_TCP_IS_MPTCP, &is, &length);
            test.ExpectEqual(is, 1, "now");
            length = sizeof(info);
            test.ExpectEqual(get(MPTCP_SOL_MPTCP, MPTCP_LINUX_INFO, &info, &length), 0, "info");
            test.Expect(info.mptcpi_subflows == 1 && info.mptcpi_subflows_total == 2, "subflows");
            test.Expect(info.mptcpi_bytes_sent == 50000 && info.mptcpi_bytes_acked == 50000 &&
                            info.mptcpi_write_seq == info.mptcpi_snd_una,
                        "bytes");
            test.ExpectEqual(
                info.mptcpi_token, net.client->GetConnection()->GetLocalToken(), "token");
            struct Addresses
            {
                mptcp_linux_subflow_data head;
                mptcp_linux_subflow_addrs all[4];
            } addresses{};
            addresses.head.size_subflow_data = sizeof(addresses.head);
            addresses.head.size_user = sizeof(addresses.all[0]);
            length = sizeof(addresses);
            test.ExpectEqual(get(MPTCP_SOL_MPTCP, MPTCP_LINUX_SUBFLOW_ADDRS, &addresses, &length),
                             0,
                             "addresses");
            test.ExpectEqual(addresses.head.num_subflows, 2U, "how many");
            test.ExpectEqual(length, 16U + 512U, "bytes");
            const auto expected = MakeOpen(net.At(0, true, 2222), net.At(0, false, 3333), {});
            test.Expect(std::memcmp(&addresses.all[1].local, expected.data(), 16) == 0 &&
                            std::memcmp(&addresses.all[1].remote, &expected[16], 16) == 0,
                        "both of the second subflow");
            struct Infos
            {
                mptcp_linux_subflow_data head;
                mptcp_tcp_info all[2];
            } infos{};
            infos.head.size_subflow_data = sizeof(infos.head);
            infos.head.size_user = sizeof(infos.all[0]);
            length = sizeof(infos);
            test.ExpectEqual(
                get(MPTCP_SOL_MPTCP, MPTCP_LINUX_TCPINFO, &infos, &length), 0, "TCP_INFO");
            test.ExpectEqual(infos.all[0].tcpi_bytes_acked + infos.all[1].tcpi_bytes_acked,
                             50000U,
                             "bytes of both");
            test.ExpectEqual(get(MPTCP_SOL_MPTCP, MPTCP_LINUX_TCPINFO, &infos, &length),
                             EINVAL,
                             "outputs that are not 0 at first");
            for (const int name : {9, 0, -1, MPTCP_TCP_IS_MPTCP})
            {
                test.ExpectEqual(get(MPTCP_SOL_MPTCP, name, &infos, &length),
                                 ENOPROTOOPT,
                                 "unknown: " + std::to_string(name));
            }
        });
    suite.Add(
        "MPTCP_TCPINFO and MPTCP_SUBFLOW_ADDRS: how many there are, and heads and elements of any "
        "size",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 2222), net.At(0, false, 3333));
            net.Run(MilliSeconds(200));
            for (const int name : {MPTCP_LINUX_TCPINFO, MPTCP_LINUX_SUBFLOW_ADDRS})
            {
                const bool addresses = name == MPTCP_LINUX_SUBFLOW_ADDRS;
                const uint32_t whole =
                    addresses ? sizeof(mptcp_linux_subflow_addrs) : sizeof(mptcp_tcp_info);
                const auto first = addresses ? uint8_t{AF_INET} : uint8_t{1};
                // Sizes of the head and of an element, bytes at hand; elements that come back.
                struct Case
                {
                    uint32_t head;
                    uint32_t element;
                    uint32_t room;
                    uint32_t elements;
                };

                for (const Case& c : {Case{16, 0, 16, 0},
                                      Case{16, whole, 16, 0},
                                      Case{16, whole, 16 + whole - 1, 0},
                                      Case{16, whole, 16 + whole, 1},
                                      Case{16, whole, 16 + 2 * whole, 2},
                                      Case{16, INT32_MAX, 16 + 2 * whole, 2},
                                      Case{16, 1, 17, 1},
                                      Case{17, 1, 17, 0},
                                      Case{17, 1, 19, 2},
                                      Case{40, 8, 60, 2}})
                {
                    const std::string text = std::to_string(name) + ": " + std::to_string(c.head) +
                                             ", " + std::to_string(c.element) + ", " +
                                             std::to_string(c.room);
                    std::vector<uint8_t> bytes(1000, 0xee);
                    const mptcp_linux_subflow_data in{c.head, 0, 0, c.element};
                    std::memcpy(bytes.data(), &in, sizeof(in));
                    unsigned int length = c.room;
                    test.ExpectEqual(
                        net.client->GetSockOpt(MPTCP_SOL_MPTCP, name, bytes.data(), &length),
                        0,
                        text);
                    mptcp_linux_subflow_data out{};
                    std::memcpy(&out, bytes.data(), sizeof(out));
                    const uint32_t element = std::min(c.element, whole);
                    test.ExpectEqual(out.num_subflows, 2U, text + ": subflows");
                    test.ExpectEqual(out.size_kernel, whole, text + ": size");
                    test.ExpectEqual(out.size_user, element, text + ": size of what is there");
                    test.ExpectEqual(length,
                                     c.elements ? c.head + c.elements * element : 16U,
                                     text + ": length");
                    for (uint32_t i = 0; i < c.elements; ++i)
                    {
                        test.ExpectEqual(int(bytes[c.head + i * element]),
                                         int(first),
                                         text + ": begin of an element");
                    }
                    test.ExpectEqual(int(bytes[c.head + c.elements * element]),
                                     0xee,
                                     text + ": nothing behind them");
                }
                // No head of its own, one beyond the room, sizes with a sign, and too little room.
                for (const Case& c : {Case{15, whole, 600, 0},
                                      Case{0, whole, 600, 0},
                                      Case{601, whole, 600, 0},
                                      Case{0x80000010, whole, 600, 0},
                                      Case{16, 0x80000000, 600, 0},
                                      Case{16, whole, 15, 0}})
                {
                    std::vector<uint8_t> bytes(1000);
                    const mptcp_linux_subflow_data in{c.head, 0, 0, c.element};
                    std::memcpy(bytes.data(), &in, sizeof(in));
                    unsigned int length = c.room;
                    test.ExpectEqual(
                        net.client->GetSockOpt(MPTCP_SOL_MPTCP, name, bytes.data(), &length),
                        -1,
                        "wrong sizes");
                    test.ExpectEqual(net.client->GetOptErrno(), EINVAL, "wrong sizes");
                }
            }
        });
    suite.Add(
        "MPTCP_INFO: subflows without the first one, checksums, and what is written",
        [](ScenarioTestCase& test)
        {
            for (const bool checksum : {false, true})
            {
                SocketApiNet net(false, {{"Checksum", checksum ? "true" : "false"}});
                const auto get = [&]
                {
                    mptcp_linux_info info{};
                    unsigned int length = sizeof(info);
                    test.ExpectEqual(
                        net.client->GetSockOpt(MPTCP_SOL_MPTCP, MPTCP_LINUX_INFO, &info, &length),
                        0,
                        "get");
                    return info;
                };
                net.Connect();
                auto info = get();
                test.ExpectEqual(int(info.mptcpi_csum_enabled), int(checksum), "checksums");
                test.Expect(info.mptcpi_subflows == 0 && info.mptcpi_subflows_total == 1,
                            "the first one");
                net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                net.Run(MilliSeconds(200));
                info = get();
                test.Expect(info.mptcpi_subflows == 1 && info.mptcpi_subflows_total == 2, "two");
                net.client->CloseSubflow(1, MPTCP_SHUT_RST);
                net.Run(MilliSeconds(200));
                info = get();
                test.Expect(info.mptcpi_subflows == 1 && info.mptcpi_subflows_total == 1,
                            "the second one alone");
                // More than can leave at once.
                const uint64_t before = info.mptcpi_write_seq;
                SocketApiNet::Send(net.client, 100000);
                info = get();
                test.Expect(info.mptcpi_bytes_sent < 100000, "some of it waits");
                test.ExpectEqual(info.mptcpi_write_seq, before + 100000, "all is written");
                test.ExpectEqual(info.mptcpi_snd_una, before, "nothing is acknowledged");
            }
        });
    suite.Add(
        "MPTCP_FULL_INFO: figures of the connection, and what there is room for of each subflow",
        [](ScenarioTestCase& test)
        {
            test.ExpectEqual(sizeof(mptcp_linux_subflow_info), 264U, "mptcp_subflow_info");
            test.ExpectEqual(offsetof(mptcp_linux_subflow_info, addrs), 8U, "its addresses");
            test.ExpectEqual(sizeof(mptcp_linux_full_info), 136U, "mptcp_full_info");
            test.ExpectEqual(offsetof(mptcp_linux_full_info, mptcp_info), 40U, "its last member");
            SocketApiNet net;
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 2222), net.At(0, false, 3333));
            net.Run(MilliSeconds(200));
            SocketApiNet::Send(net.client, 50000);
            net.Run(Seconds(1));
            mptcp_linux_subflow_info infos[3]{};
            mptcp_tcp_info tcpInfos[3]{};
            const auto get = [&](mptcp_linux_full_info& full, unsigned int length)
            {
                unsigned int given = length;
                const int result =
                    net.client->GetSockOpt(MPTCP_SOL_MPTCP, MPTCP_LINUX_FULL_INFO, &full, &given);
                test.Expect(result != 0 || given == std::min(length, 136U), "length");
                return result == 0 ? 0 : net.client->GetOptErrno();
            };
            const auto make = [&]
            {
                mptcp_linux_full_info full{};
                full.size_sfinfo_user = sizeof(infos[0]);
                full.size_tcpinfo_user = sizeof(tcpInfos[0]);
                full.size_arrays_user = 3;
                full.subflow_info = reinterpret_cast<uintptr_t>(infos);
                full.tcp_info = reinterpret_cast<uintptr_t>(tcpInfos);
                return full;
            };
            auto full = make();
            test.ExpectEqual(get(full, sizeof(full)), 0, "get");
            test.Expect(full.num_subflows == 2 && full.size_sfinfo_kernel == 264 &&
                            full.size_tcpinfo_kernel == sizeof(mptcp_tcp_info),
                        "counts and sizes");
            const auto expected = MakeOpen(net.At(0, true, 2222), net.At(0, false, 3333), {});
            test.Expect(infos[0].id == 1 && infos[1].id == 2 && infos[2].id == 0, "identifiers");
            test.Expect(std::memcmp(&infos[1].addrs.local, expected.data(), 16) == 0 &&
                            std::memcmp(&infos[1].addrs.remote, &expected[16], 16) == 0,
                        "addresses");
            test.ExpectEqual(tcpInfos[0].tcpi_bytes_acked + tcpInfos[1].tcpi_bytes_acked,
                             50000U,
                             "bytes of both");
            test.ExpectEqual(full.mptcp_info.mptcpi_bytes_acked, 50000U, "of the connection");
            // Room for one, and for the beginning of each structure.
            full = make();
            full.size_arrays_user = 1;
            full.size_sfinfo_user = 4;
            full.size_tcpinfo_user = 8;
            std::memset(infos, 0xee, sizeof(infos));
            std::memset(tcpInfos, 0xee, sizeof(tcpInfos));
            test.ExpectEqual(get(full, 40), 0, "without mptcp_info");
            test.ExpectEqual(full.num_subflows, 2U, "how many there are");
            const auto* bytes = reinterpret_cast<const uint8_t*>(infos);
            const auto* tcpBytes = reinterpret_cast<const uint8_t*>(tcpInfos);
            test.Expect(infos[0].id == 1 && bytes[4] == 0xee && tcpBytes[0] == 1 &&
                            tcpBytes[8] == 0xee,
                        "no byte beyond the room");
            // What is wrong.
            full = make();
            test.ExpectEqual(get(full, 39), EINVAL, "too short");
            full.num_subflows = 1;
            test.ExpectEqual(get(full, 136), EINVAL, "an output that is not 0");
            full = make();
            full.tcp_info = 0;
            test.ExpectEqual(get(full, 136), EFAULT, "no array");
        });
}

/// The suite.
class MptcpLinuxOptionsTestSuite : public ScenarioTestSuite
{
  public:
    MptcpLinuxOptionsTestSuite()
        : ScenarioTestSuite("mptcp-linux-options")
    {
        AddLinux(*this);
    }
} g_mptcpLinuxOptionsTestSuite; //!< registers itself

} // namespace

} // namespace ns3
