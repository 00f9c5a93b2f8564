// SPDX-License-Identifier: GPL-2.0-only
#include "map.h"

#ifdef MPTCP_RADIO
#include "ns3/lte-access.h"
#include "ns3/mobility-model.h"
#include "ns3/wifi-access.h"
#endif
#ifdef MPTCP_NETANIM
#include "ns3/netanim-module.h"
#endif

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

using namespace ns3;

namespace handover
{

namespace
{

/// A node that stands somewhere.
struct Place
{
    std::string name; //!< what it is
    Ptr<Node> node;   //!< it
};

/// @param network that is built @return the radios of both accesses and the phones but the first
std::vector<Place>
GetPlaces([[maybe_unused]] const SmartphoneHelper& network)
{
    std::vector<Place> places;
#ifdef MPTCP_RADIO
    const auto add = [&places](const std::string& name, const NodeContainer& nodes)
    {
        for (auto node = nodes.Begin(); node != nodes.End(); ++node)
        {
            places.push_back({name, *node});
        }
    };
    for (const auto access : {SmartphoneHelper::WIFI, SmartphoneHelper::CELLULAR})
    {
        const Ptr<PhoneAccess> which = network.GetAccess(access);
        if (const auto wifi = DynamicCast<WifiAccess>(which))
        {
            add("access-point", wifi->GetAccessPoints());
        }
        if (const auto lte = DynamicCast<LteAccess>(which))
        {
            add("cell", lte->GetCells());
        }
    }
    for (uint32_t i = 1; !places.empty() && i < network.GetPhones(); i++)
    {
        add("other-phone", network.GetPhone(i));
    }
#endif
    return places;
}

#ifdef MPTCP_RADIO
/// @param node one with a position @return it
Vector
GetPosition(Ptr<Node> node)
{
    return node->GetObject<MobilityModel>()->GetPosition();
}
#endif

} // namespace

void
WriteMap(const SmartphoneHelper& network,
         [[maybe_unused]] const std::filesystem::path& folder,
         [[maybe_unused]] Time end)
{
    const std::vector<Place> places = GetPlaces(network);
    if (places.empty())
    {
        return;
    }
#ifdef MPTCP_RADIO
    std::ofstream file(folder / "places.dat");
    file << "# kind x_m y_m\n";
    for (const Place& place : places)
    {
        const Vector at = GetPosition(place.node);
        file << place.name << ' ' << at.x << ' ' << at.y << '\n';
    }
    auto path = std::make_shared<std::ofstream>(folder / "path.dat");
    *path << "# time_s x_m y_m\n";
    const Ptr<Node> phone = network.GetPhone();
    const Time step = MilliSeconds(100);
    for (Time at; at < end; at += step)
    {
        Simulator::Schedule(at,
                            [path, phone]()
                            {
                                const Vector here = GetPosition(phone);
                                *path << Simulator::Now().GetSeconds() << ' ' << here.x << ' '
                                      << here.y << '\n';
                            });
    }
#endif
}

#ifdef MPTCP_NETANIM

/// Holds ns-3's writer.
struct Animation::Writer
{
    /// @param file its name
    explicit Writer(const std::string& file)
        : interface(file)
    {
    }

    AnimationInterface interface; //!< ns-3's
};

bool
Animation::IsPossible()
{
    return true;
}

Animation::Animation(const SmartphoneHelper& network,
                     const Experiment& experiment,
                     const std::filesystem::path& file)
{
    // Nodes that have no place of their own stand in a row above the others.
    double x = 0;
    const double step = std::max(20.0, experiment.far / 5);
    for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    {
        if (!(*node)->GetObject<MobilityModel>())
        {
            AnimationInterface::SetConstantPosition(*node, x, -2 * step);
            x += step;
        }
    }
    m_writer = std::make_unique<Writer>(file.string());
    AnimationInterface& writer = m_writer->interface;
    writer.SetMobilityPollInterval(MilliSeconds(250));
    // 100,000 otherwise.
    writer.SetMaxPktsPerTraceFile(std::numeric_limits<uint64_t>::max());
    const auto describe = [&writer](Ptr<Node> node, const std::string& text)
    { writer.UpdateNodeDescription(node, text); };
    for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    {
        describe(*node, "core");
    }
    const NodeContainer routers = network.GetRouters();
    describe(routers.Get(0), "WiFi router");
    describe(routers.Get(1), "cellular router");
    describe(routers.Get(2), "backbone router");
    describe(network.GetServer(), "server");
    for (const Place& place : GetPlaces(network))
    {
        describe(place.node, place.name);
    }
    describe(network.GetPhone(), "phone");
    writer.UpdateNodeColor(network.GetPhone(), 0, 114, 178);
}

#else

struct Animation::Writer
{
};

bool
Animation::IsPossible()
{
    return false;
}

Animation::Animation(const SmartphoneHelper&, const Experiment&, const std::filesystem::path&)
{
}

#endif

Animation::~Animation() = default;

} // namespace handover
