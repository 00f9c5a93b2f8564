// SPDX-License-Identifier: GPL-2.0-only
#include "link-access.h"

#include "ns3/channel.h"
#include "ns3/double.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/pointer.h"
#include "ns3/queue-size.h"
#include "ns3/uinteger.h"

#include <cmath>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(LinkAccess);
NS_OBJECT_ENSURE_REGISTERED(PointToPointAccess);

namespace
{
const bool g_registered = PhoneAccess::Register("emulated", PointToPointAccess::GetTypeId());
} // namespace

TypeId
LinkAccess::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::LinkAccess")
            .SetParent<PhoneAccess>()
            .SetGroupName("Mptcp")
            .AddAttribute("Delay",
                          "Propagation delay, one way.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&LinkAccess::m_delay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute(
                "QueuePackets",
                "Packets that wait at each end at most, beyond which the last is dropped.",
                UintegerValue(100),
                MakeUintegerAccessor(&LinkAccess::m_packets),
                MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("LossRate",
                          "Part of the packets that is lost at random in each direction, 0 to 1.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&LinkAccess::m_loss),
                          MakeDoubleChecker<double>(0, 1));
    return tid;
}

void
LinkAccess::Build(const NodeContainer& phones, Ptr<Node> router, bool /* ipv4 */, bool /* ipv6 */)
{
    for (auto phone = phones.Begin(); phone != phones.End(); ++phone)
    {
        const NetDeviceContainer link = MakeLink(*phone, router);
        m_phones.Add(link.Get(0));
        m_routers.Add(link.Get(1));
        for (const uint32_t end : {0, 1})
        {
            auto model = CreateObject<RateErrorModel>();
            model->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
            model->SetRate(m_loss);
            link.Get(end)->SetAttribute("ReceiveErrorModel", PointerValue(model));
            m_losses.push_back(model);
        }
    }
}

Ptr<NetDevice>
LinkAccess::GetPhoneDevice(uint32_t phone) const
{
    return m_phones.Get(phone);
}

Ptr<NetDevice>
LinkAccess::GetRouterDevice(uint32_t phone) const
{
    return m_routers.Get(phone);
}

bool
LinkAccess::Accepts(AccessEvent::What what) const
{
    return what == AccessEvent::SILENT || what == AccessEvent::DELAY || what == AccessEvent::LOSS ||
           PhoneAccess::Accepts(what);
}

void
LinkAccess::Apply(const AccessEvent& event)
{
    switch (event.what)
    {
    case AccessEvent::SILENT:
    case AccessEvent::UP:
        m_silent = event.what == AccessEvent::SILENT;
        SetRates();
        PhoneAccess::Apply(event);
        break;
    case AccessEvent::LOSS:
        m_loss = event.value;
        SetRates();
        break;
    case AccessEvent::DELAY:
        // Packets that are under way keep theirs.
        m_phones.Get(0)->GetChannel()->SetAttribute("Delay", TimeValue(Seconds(event.value)));
        break;
    default:
        PhoneAccess::Apply(event);
        break;
    }
}

void
LinkAccess::SetRates()
{
    // A point-to-point device never tells that its link is down; what is lost is all there is.
    m_losses[0]->SetRate(m_silent ? 1 : m_loss);
    m_losses[1]->SetRate(m_silent ? 1 : m_loss);
}

void
LinkAccess::EnablePcap(Ptr<NetDevice> device, const std::string& file)
{
    PointToPointHelper().EnablePcap(file, device, false, true);
}

int64_t
LinkAccess::AssignStreams(int64_t stream)
{
    for (size_t i = 0; i < m_losses.size(); ++i)
    {
        m_losses[i]->AssignStreams(stream + static_cast<int64_t>(i));
    }
    return static_cast<int64_t>(m_losses.size());
}

TypeId
PointToPointAccess::GetTypeId()
{
    static TypeId tid = TypeId("ns3::PointToPointAccess")
                            .SetParent<LinkAccess>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<PointToPointAccess>()
                            .AddAttribute("DataRate",
                                          "Rate in each direction.",
                                          DataRateValue(DataRate("20Mb/s")),
                                          MakeDataRateAccessor(&PointToPointAccess::m_rate),
                                          MakeDataRateChecker());
    return tid;
}

NetDeviceContainer
PointToPointAccess::MakeLink(Ptr<Node> phone, Ptr<Node> router) const
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", DataRateValue(m_rate));
    link.SetChannelAttribute("Delay", TimeValue(m_delay));
    link.SetQueue("ns3::DropTailQueue",
                  "MaxSize",
                  QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS, m_packets)));
    return link.Install(phone, router);
}

bool
PointToPointAccess::Accepts(AccessEvent::What what) const
{
    return what == AccessEvent::RATE || LinkAccess::Accepts(what);
}

void
PointToPointAccess::Apply(const AccessEvent& event)
{
    if (event.what != AccessEvent::RATE)
    {
        LinkAccess::Apply(event);
        return;
    }
    // What is being sent goes on at the rate at which it began.
    const DataRateValue rate(DataRate(static_cast<uint64_t>(std::llround(event.value))));
    GetPhoneDevice(0)->SetAttribute("DataRate", rate);
    GetRouterDevice(0)->SetAttribute("DataRate", rate);
}

} // namespace ns3
