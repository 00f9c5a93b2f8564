// SPDX-License-Identifier: GPL-2.0-only
#include "experiment.h"

using namespace ns3;

namespace handover
{

namespace
{

constexpr auto WIFI = SmartphoneHelper::WIFI;
constexpr auto CELLULAR = SmartphoneHelper::CELLULAR;

} // namespace

const std::vector<Scheme> SCHEMES = {
    {"tcp-wifi", Transport::PLAIN, WIFI},
    {"tcp-cellular", Transport::PLAIN, CELLULAR},
    {"tcp-reconnect", Transport::PLAIN, WIFI, Actor::RECONNECT},
    {"mptcp", Transport::MPTCP, WIFI},
    {"mptcp-backup", Transport::MPTCP, WIFI, Actor::NONE, "", true},
    {"ns3-tcp-wifi", Transport::STOCK, WIFI},
    {"ns3-tcp-cellular", Transport::STOCK, CELLULAR},
    {"application", Transport::MPTCP, WIFI, Actor::PROGRAM},
    {"single-path", Transport::MPTCP, WIFI, Actor::MANAGER, "ns3::SinglePathManager"},
    {"make-before-break", Transport::MPTCP, WIFI, Actor::MANAGER, "ns3::MakeBeforeBreakManager"},
    {"redundant", Transport::MPTCP, WIFI, Actor::NONE, "", false, "ns3::MptcpRedundant"},
    {"handover", Transport::MPTCP, WIFI, Actor::MANAGER, "ns3::HandoverManager"},
    {"interactive", Transport::MPTCP, WIFI, Actor::MANAGER, "ns3::InteractiveManager"},
    {"aggregate", Transport::MPTCP, WIFI, Actor::NONE, "", false, "ns3::MptcpLowestRtt"},
};

const std::vector<std::string> TRAFFIC_NAMES = {"bulk", "requests", "pages", "frames"};

std::filesystem::path
GetFolder(const Scheme& scheme, Traffic traffic)
{
    const std::filesystem::path folder = scheme.name;
    return traffic == Traffic::BULK ? folder : folder / TRAFFIC_NAMES[static_cast<size_t>(traffic)];
}

} // namespace handover
