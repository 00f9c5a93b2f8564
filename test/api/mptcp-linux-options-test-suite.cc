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
