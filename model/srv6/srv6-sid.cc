// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-sid.h"

#include <algorithm>
#include <sstream>

namespace ns3
{

namespace
{

/// @param sid one @return why its neighbours are none; empty if they are
std::string
CheckNeighbours(const Srv6Sid& sid)
{
    std::ostringstream text;
    const auto bad =
        std::find_if(sid.nextHops.begin(),
                     sid.nextHops.end(),
                     [](const Ipv6Address& address)
                     { return address.IsAny() || address.IsMulticast() || address.IsLinkLocal(); });
    if (sid.nextHops.empty())
    {
        text << GetName(sid.behavior) << " has no neighbour; accepted: one or more, by their "
             << "global addresses";
    }
    else if (bad != sid.nextHops.end())
    {
        text << GetName(sid.behavior) << " has the neighbour " << *bad
             << "; accepted: global unicast addresses";
    }
    return text.str();
}

/// @param sid one @param steering what its policy must do @return why it does not; empty if it does
std::string
CheckPolicy(const Srv6Sid& sid, Srv6Steering steering)
{
    if (sid.policy && sid.policy->GetSteering() == steering)
    {
        return "";
    }
    std::ostringstream text;
    text << GetName(sid.behavior) << " has "
         << (sid.policy ? "a policy of another kind" : "no policy") << "; accepted: one that is "
         << (steering == Srv6Steering::ENCAPS ? "ENCAPS" : "ENCAPS_REDUCED");
    return text.str();
}

} // namespace

std::string
Srv6Sid::GetProblem() const
{
    constexpr uint8_t ALL_FLAVORS = SRV6_PSP | SRV6_USP | SRV6_USD;
    const bool mayHaveFlavors = behavior == Srv6Behavior::END || behavior == Srv6Behavior::END_X ||
                                behavior == Srv6Behavior::END_T;
    if (flavors & ~(mayHaveFlavors ? ALL_FLAVORS : 0))
    {
        std::ostringstream text;
        text << GetName(behavior) << " has flavors " << +flavors << "; accepted: "
             << (mayHaveFlavors ? "SRV6_PSP, SRV6_USP and SRV6_USD"
                                : "0, as only End, End.X and "
                                  "End.T have flavors");
        return text.str();
    }
    switch (behavior)
    {
    case Srv6Behavior::END:
    case Srv6Behavior::END_T:
    case Srv6Behavior::END_DT6:
    case Srv6Behavior::END_DT4:
    case Srv6Behavior::END_DT46:
        return "";
    case Srv6Behavior::END_X:
    case Srv6Behavior::END_DX6:
        return CheckNeighbours(*this);
    case Srv6Behavior::END_DX4:
        return nextHop4.IsAny() || nextHop4.IsMulticast() || nextHop4.IsBroadcast()
                   ? "End.DX4 has no neighbour; accepted: nextHop4, a unicast address"
                   : "";
    case Srv6Behavior::END_B6_ENCAPS:
        return CheckPolicy(*this, Srv6Steering::ENCAPS);
    case Srv6Behavior::END_B6_ENCAPS_REDUCED:
        return CheckPolicy(*this, Srv6Steering::ENCAPS_REDUCED);
    }
    return "behavior " + std::to_string(static_cast<int>(behavior)) +
           " is unknown; accepted: those of Srv6Behavior";
}

} // namespace ns3
