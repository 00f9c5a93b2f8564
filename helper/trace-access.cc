// SPDX-License-Identifier: GPL-2.0-only
#include "trace-access.h"

#include "ns3/delivery-trace-queue-disc.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/queue-size.h"
#include "ns3/string.h"
#include "ns3/traffic-control-layer.h"

#include <stdexcept>
#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(TraceAccess);

namespace
{
const bool g_registered = PhoneAccess::Register("trace", TraceAccess::GetTypeId());
} // namespace

TypeId
TraceAccess::GetTypeId()
{
    static TypeId tid = TypeId("ns3::TraceAccess")
                            .SetParent<LinkAccess>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<TraceAccess>()
                            .AddAttribute("Uplink",
                                          "File with the trace from the phone to the router.",
                                          StringValue(),
                                          MakeStringAccessor(&TraceAccess::m_uplink),
                                          MakeStringChecker())
                            .AddAttribute("Downlink",
                                          "File with the trace from the router to the phone.",
                                          StringValue(),
                                          MakeStringAccessor(&TraceAccess::m_downlink),
                                          MakeStringChecker());
    return tid;
}

void
TraceAccess::Build(const NodeContainer& phones, Ptr<Node> router, bool ipv4, bool ipv6)
{
    for (const auto& [name, file] : {std::pair("Uplink", m_uplink), {"Downlink", m_downlink}})
    {
        if (file.empty())
        {
            throw std::invalid_argument(std::string("ns3::TraceAccess::") + name +
                                        " is not set: the file of a trace");
        }
    }
    LinkAccess::Build(phones, router, ipv4, ipv6);
    const DeliveryTrace uplink = DeliveryTrace::Read(m_uplink);
    const DeliveryTrace downlink = DeliveryTrace::Read(m_downlink);
    const auto install = [this](Ptr<NetDevice> device, const DeliveryTrace& trace)
    {
        auto disc = CreateObject<DeliveryTraceQueueDisc>();
        disc->SetTrace(trace);
        disc->SetMaxSize(QueueSize(QueueSizeUnit::PACKETS, m_packets));
        device->GetNode()->GetObject<TrafficControlLayer>()->SetRootQueueDiscOnDevice(device, disc);
    };
    for (uint32_t i = 0; i < phones.GetN(); ++i)
    {
        install(GetPhoneDevice(i), uplink);
        install(GetRouterDevice(i), downlink);
    }
}

NetDeviceContainer
TraceAccess::MakeLink(Ptr<Node> phone, Ptr<Node> router) const
{
    // The queue discs make packets wait. Behind them there is time and room for what one
    // opportunity releases, 1504 bytes in packets of 20 at least.
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("100Gb/s"));
    link.SetChannelAttribute("Delay", TimeValue(m_delay));
    link.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("1000p"));
    return link.Install(phone, router);
}

} // namespace ns3
