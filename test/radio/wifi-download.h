// SPDX-License-Identifier: GPL-2.0-only
#ifndef WIFI_DOWNLOAD_H
#define WIFI_DOWNLOAD_H

#include "ns3/byte-stream-application.h"
#include "ns3/inet-socket-address.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-socket-factory.h"
#include "ns3/smartphone-helper.h"
#include "ns3/uinteger.h"

#include <limits>

namespace ns3
{

/// @param network where @return the receiver of a download of 12 Mb/s
inline Ptr<ByteStreamApplication>
DownloadOverWifi(SmartphoneHelper& network)
{
    MptcpHelper mptcp;
    const NodeContainer hosts(network.GetPhone(), network.GetServer());
    mptcp.Install(hosts);
    MptcpHelper::AssignStreams(hosts, 200);
    const InetSocketAddress server(std::get<Ipv4Address>(network.GetServerAddress(false)), 5001);
    const TypeIdValue protocol(MptcpSocketFactory::GetTypeId());
    auto sender = CreateObjectWithAttributes<ByteStreamApplication>(
        "Protocol",
        protocol,
        "Local",
        AddressValue(server),
        "MaxBytes",
        UintegerValue(std::numeric_limits<uint64_t>::max()),
        "WriteSize",
        UintegerValue(15000),
        "WriteInterval",
        TimeValue(MilliSeconds(10)));
    const Ipv4Address phone =
        std::get<Ipv4Address>(network.GetPhoneAddress(SmartphoneHelper::WIFI, false));
    auto receiver =
        CreateObjectWithAttributes<ByteStreamApplication>("Protocol",
                                                          protocol,
                                                          "Local",
                                                          AddressValue(InetSocketAddress(phone, 0)),
                                                          "Remote",
                                                          AddressValue(server));
    network.GetServer()->AddApplication(sender);
    network.GetPhone()->AddApplication(receiver);
    return receiver;
}

} // namespace ns3

#endif // WIFI_DOWNLOAD_H
