// SPDX-License-Identifier: GPL-2.0-only
#include "phone-mobility.h"

#include "ns3/constant-position-mobility-model.h"
#include "ns3/ns2-mobility-helper.h"
#include "ns3/waypoint-mobility-model.h"

#include <cmath>
#include <fstream>
#include <stdexcept>

namespace ns3
{

void
PhoneMobility::Stand(Ptr<Node> node, const Vector& position)
{
    auto mobility = CreateObject<ConstantPositionMobilityModel>();
    mobility->SetPosition(position);
    node->AggregateObject(mobility);
}

std::vector<std::string>
PhoneMobility::GetNames()
{
    return {"stand", "walk-out", "walk-through", "commute"};
}

void
PhoneMobility::Install(Ptr<Node> node, const std::string& name) const
{
    if (name == "stand")
    {
        Stand(node, Vector(near, aside, 0));
        return;
    }
    const bool out = name == "walk-out";
    if (!out && name != "walk-through" && name != "commute")
    {
        std::string accepted;
        for (const std::string& each : GetNames())
        {
            accepted += (accepted.empty() ? "" : ", ") + each;
        }
        throw std::invalid_argument(name + ": no such movement; accepted: " + accepted);
    }
    auto mobility = CreateObject<WaypointMobilityModel>();
    node->AggregateObject(mobility);
    const Vector begin(out ? near : -far, aside, 0);
    const Vector end(far, aside, 0);
    const Time length = Seconds(std::abs(end.x - begin.x) / speed);
    mobility->AddWaypoint(Waypoint(Seconds(0), begin));
    Time last;
    const auto add = [&](Time when, const Vector& position)
    {
        // What takes no time is left out: each must be later than the one before.
        if (when > last)
        {
            mobility->AddWaypoint(Waypoint(when, position));
            last = when;
        }
    };
    add(start, begin);
    add(start + length, end);
    if (out)
    {
        add(start + length + pause, end);
        add(start + length + pause + length, begin);
    }
}

Time
PhoneMobility::GetEnd(const std::string& name) const
{
    if (name == "stand")
    {
        return Seconds(0);
    }
    if (name == "walk-out")
    {
        return start + pause + Seconds(2 * std::abs(far - near) / speed);
    }
    return start + Seconds(2 * far / speed);
}

void
PhoneMobility::FollowTrace(Ptr<Node> node, const std::string& file)
{
    std::ifstream stream(file);
    if (!stream)
    {
        throw std::invalid_argument(file + ": cannot be read");
    }
    bool found = false;
    for (std::string line; std::getline(stream, line);)
    {
        found = found || line.find("$node_(0)") != std::string::npos;
    }
    if (!found)
    {
        throw std::invalid_argument(file + ": tells nothing of $node_(0)");
    }
    // It asks for nodes by their numbers in the trace.
    const std::vector<Ptr<Node>> nodes{node};
    Ns2MobilityHelper(file).Install(nodes.begin(), nodes.end());
}

} // namespace ns3
