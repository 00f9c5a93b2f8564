// SPDX-License-Identifier: GPL-2.0-only
#include "phone-access.h"

#include "ns3/double.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/pointer.h"
#include "ns3/queue-size.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(PhoneAccess);
NS_OBJECT_ENSURE_REGISTERED(PointToPointAccess);

TypeId
PhoneAccess::GetTypeId()
{
    static TypeId tid = TypeId("ns3::PhoneAccess").SetParent<Object>().SetGroupName("Mptcp");
    return tid;
}

TypeId
PointToPointAccess::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::PointToPointAccess")
            .SetParent<PhoneAccess>()
            .SetGroupName("Mptcp")
            .AddConstructor<PointToPointAccess>()
            .AddAttribute("DataRate",
                          "Rate in each direction.",
                          DataRateValue(DataRate("20Mb/s")),
                          MakeDataRateAccessor(&PointToPointAccess::m_rate),
                          MakeDataRateChecker())
            .AddAttribute("Delay",
                          "Propagation delay, one way.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&PointToPointAccess::m_delay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("QueuePackets",
                          "Packets that the drop-tail queue of each device holds.",
                          UintegerValue(100),
                          MakeUintegerAccessor(&PointToPointAccess::m_queue),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("LossRate",
                          "Part of the packets that is lost at random in each direction, 0 to 1.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&PointToPointAccess::m_loss),
                          MakeDoubleChecker<double>(0, 1));
    return tid;
}

void
PointToPointAccess::Build(Ptr<Node> phone, Ptr<Node> router)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", DataRateValue(m_rate));
    link.SetChannelAttribute("Delay", TimeValue(m_delay));
    link.SetQueue("ns3::DropTailQueue",
                  "MaxSize",
                  QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS, m_queue)));
    NetDeviceContainer devices = link.Install(phone, router);
    m_phoneDevice = devices.Get(0);
    m_routerDevice = devices.Get(1);
    const auto lose = [this](Ptr<NetDevice> device)
    {
        Ptr<RateErrorModel> model = CreateObject<RateErrorModel>();
        model->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
        model->SetRate(m_loss);
        device->SetAttribute("ReceiveErrorModel", PointerValue(model));
        return model;
    };
    m_downlink = lose(m_phoneDevice);
    m_uplink = lose(m_routerDevice);
}

Ptr<NetDevice>
PointToPointAccess::GetPhoneDevice() const
{
    return m_phoneDevice;
}

Ptr<NetDevice>
PointToPointAccess::GetRouterDevice() const
{
    return m_routerDevice;
}

void
PointToPointAccess::SetSilent(bool silent)
{
    // A point-to-point device never tells that its link is down; what is lost is all there is.
    m_downlink->SetRate(silent ? 1 : m_loss);
    m_uplink->SetRate(silent ? 1 : m_loss);
}

void
PointToPointAccess::EnablePcap(Ptr<NetDevice> device, const std::string& file)
{
    PointToPointHelper().EnablePcap(file, device, false, true);
}

int64_t
PointToPointAccess::AssignStreams(int64_t stream)
{
    m_downlink->AssignStreams(stream);
    m_uplink->AssignStreams(stream + 1);
    return 2;
}

} // namespace ns3
