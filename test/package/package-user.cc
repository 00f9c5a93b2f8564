// SPDX-License-Identifier: GPL-2.0-only
// Includes all that is installed, and knows the module's socket factory by its name only.
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"

#include <iostream>

using namespace ns3;

int
main()
{
    NodeContainer nodes(1);
    InternetStackHelper().Install(nodes);
    MptcpHelper().Install(nodes);
    auto socket =
        Socket::CreateSocket(nodes.Get(0), TypeId::LookupByName("ns3::MptcpSocketFactory"));
    std::cout << socket->GetInstanceTypeId().GetName() << " of ns3-mptcp " << MPTCP_VERSION
              << std::endl;
    Simulator::Destroy();
}
