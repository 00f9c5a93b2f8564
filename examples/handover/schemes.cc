// SPDX-License-Identifier: GPL-2.0-only
#include "experiment.h"

using namespace ns3;

namespace handover
{

const std::vector<Scheme> SCHEMES = {
    {"tcp-wifi", true, false, SmartphoneHelper::WIFI, false, false},
    {"tcp-cellular", true, false, SmartphoneHelper::CELLULAR, false, false},
    {"mptcp", true, true, SmartphoneHelper::WIFI, false, false},
    {"mptcp-backup", true, true, SmartphoneHelper::WIFI, true, false},
    {"ns3-tcp-wifi", false, false, SmartphoneHelper::WIFI, false, false},
    {"ns3-tcp-cellular", false, false, SmartphoneHelper::CELLULAR, false, false},
    {"application", true, true, SmartphoneHelper::WIFI, false, true},
};

} // namespace handover
