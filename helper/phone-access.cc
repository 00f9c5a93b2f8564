// SPDX-License-Identifier: GPL-2.0-only
#include "phone-access.h"

#include "ns3/check-class.h"
#include "ns3/double.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/object-factory.h"
#include "ns3/simulator.h"
#include "ns3/trace-helper.h"

#include <functional>
#include <map>
#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(PhoneAccess);

namespace
{

/// @return the kinds of access, by name
std::map<std::string, TypeId>&
GetKinds()
{
    static std::map<std::string, TypeId> kinds;
    return kinds;
}

/// A packet is sent or received. @param file where it is written @param captured the interface
/// @param packet with its IP header @param interface its
template <typename Protocol>
void
Capture(Ptr<PcapFileWrapper> file,
        uint32_t captured,
        Ptr<const Packet> packet,
        Ptr<Protocol> /* protocol */,
        uint32_t interface)
{
    if (interface == captured)
    {
        file->Write(Simulator::Now(), packet);
    }
}

/// Capture an interface. @param l3 what the traces belong to @param protocol the same, as their
/// parameter @param device of the interface @param file where packets are written
template <typename L3, typename Protocol>
void
CaptureOn(Ptr<L3> l3, Ptr<Protocol> protocol, Ptr<NetDevice> device, Ptr<PcapFileWrapper> file)
{
    const int32_t interface = protocol ? protocol->GetInterfaceForDevice(device) : -1;
    if (interface >= 0)
    {
        for (const char* source : {"Tx", "Rx"})
        {
            l3->TraceConnectWithoutContext(
                source,
                MakeBoundCallback(&Capture<Protocol>, file, static_cast<uint32_t>(interface)));
        }
    }
}

} // namespace

TypeId
PhoneAccess::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::PhoneAccess")
            .SetParent<Object>()
            .SetGroupName("Mptcp")
            .AddAttribute("Weak",
                          "A signal below this many dBm is weak, until it is above Good again.",
                          DoubleValue(-75),
                          MakeDoubleAccessor(&PhoneAccess::m_weak),
                          MakeDoubleChecker<double>())
            .AddAttribute("Good",
                          "A weak signal is weak no longer above this many dBm; at least Weak.",
                          DoubleValue(-70),
                          MakeDoubleAccessor(&PhoneAccess::m_good),
                          MakeDoubleChecker<double>())
            .AddTraceSource(
                "Usable",
                "A phone has got or lost this access: its radio's connection, or by its user.",
                MakeTraceSourceAccessor(&PhoneAccess::m_usableTrace),
                "ns3::PhoneAccess::StateTracedCallback")
            .AddTraceSource("WeakSignal",
                            "A phone's signal has become weak, or is weak no longer.",
                            MakeTraceSourceAccessor(&PhoneAccess::m_weakTrace),
                            "ns3::PhoneAccess::StateTracedCallback")
            .AddTraceSource("Signal",
                            "A phone has measured its signal, in dBm.",
                            MakeTraceSourceAccessor(&PhoneAccess::m_signalTrace),
                            "ns3::PhoneAccess::SignalTracedCallback");
    return tid;
}

bool
PhoneAccess::Register(const std::string& name, TypeId type)
{
    GetKinds()[name] = type;
    return true;
}

std::vector<std::string>
PhoneAccess::GetNames()
{
    std::vector<std::string> names;
    for (const auto& [name, type] : GetKinds())
    {
        names.push_back(name);
    }
    return names;
}

Ptr<PhoneAccess>
PhoneAccess::Create(const std::string& name)
{
    const auto kind = GetKinds().find(name);
    if (kind == GetKinds().end())
    {
        std::string accepted;
        for (const std::string& each : GetNames())
        {
            accepted += (accepted.empty() ? "" : ", ") + each;
        }
        throw std::invalid_argument(name + ": no such access; accepted: " + accepted);
    }
    ObjectFactory factory;
    factory.SetTypeId(kind->second);
    return factory.Create<PhoneAccess>();
}

Ptr<Node>
PhoneAccess::MakeRouter()
{
    return CreateObject<Node>();
}

uint32_t
PhoneAccess::GetNetworks() const
{
    return 1;
}

uint32_t
PhoneAccess::GetNetwork(uint32_t /* phone */) const
{
    return 0;
}

bool
PhoneAccess::Accepts(AccessEvent::What what) const
{
    return what == AccessEvent::UP || what == AccessEvent::DOWN || what == AccessEvent::SIGNAL;
}

void
PhoneAccess::Apply(const AccessEvent& event)
{
    if (event.what == AccessEvent::SIGNAL)
    {
        SetSignal(0, event.value);
    }
    else if (event.what == AccessEvent::UP || event.what == AccessEvent::DOWN)
    {
        SetHalf(0, &Knowledge::on, event.what == AccessEvent::UP);
    }
}

void
PhoneAccess::EnablePcap(Ptr<NetDevice> device, const std::string& file)
{
    Ptr<PcapFileWrapper> wrapper =
        PcapHelper().CreateFile(file, std::ios::out, PcapHelper::DLT_RAW);
    Ptr<Node> node = device->GetNode();
    CaptureOn(node->GetObject<Ipv4L3Protocol>(), node->GetObject<Ipv4>(), device, wrapper);
    CaptureOn(node->GetObject<Ipv6L3Protocol>(), node->GetObject<Ipv6>(), device, wrapper);
}

int64_t
PhoneAccess::AssignStreams(int64_t /* stream */)
{
    return 0;
}

PhoneAccess::Knowledge&
PhoneAccess::GetKnowledge(uint32_t phone)
{
    if (phone >= m_knowledge.size())
    {
        m_knowledge.resize(phone + 1);
    }
    return m_knowledge[phone];
}

bool
PhoneAccess::IsUsable(uint32_t phone) const
{
    return phone >= m_knowledge.size() || (m_knowledge[phone].connected && m_knowledge[phone].on);
}

std::optional<double>
PhoneAccess::GetSignal(uint32_t phone) const
{
    return phone < m_knowledge.size() ? m_knowledge[phone].signal : std::nullopt;
}

bool
PhoneAccess::IsWeak(uint32_t phone) const
{
    return phone < m_knowledge.size() && m_knowledge[phone].weak;
}

void
PhoneAccess::SetUsable(uint32_t phone, bool usable)
{
    SetHalf(phone, &Knowledge::connected, usable);
}

void
PhoneAccess::SetHalf(uint32_t phone, bool Knowledge::*half, bool is)
{
    const bool before = IsUsable(phone);
    GetKnowledge(phone).*half = is;
    const bool now = IsUsable(phone);
    if (now != before)
    {
        m_usableTrace(phone, now);
    }
}

void
PhoneAccess::SetSignal(uint32_t phone, double dbm)
{
    Knowledge& known = GetKnowledge(phone);
    known.signal = dbm;
    const bool weak = known.weak ? dbm <= m_good : dbm < m_weak;
    const bool changed = weak != known.weak;
    known.weak = weak;
    m_signalTrace(phone, dbm);
    if (changed)
    {
        m_weakTrace(phone, weak);
    }
}

} // namespace ns3
