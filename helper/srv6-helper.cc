// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-helper.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/channel.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/ipv6-static-routing.h"
#include "ns3/ipv6.h"
#include "ns3/net-device.h"

#include <deque>
#include <optional>
#include <set>

namespace ns3
{

namespace
{

constexpr uint8_t WHOLE = 128; //!< bits of an address

/// Of a node, towards another one on a link of both.
struct Hop
{
    Ptr<Node> from;      //!< the other one
    uint32_t interface;  //!< of the other one
    Ipv6Address gateway; //!< of the node, on the link
};

/// @param ipv6 a node's @param interface one @return an address of it that others can send to
std::optional<Ipv6Address>
GetGateway(const Ptr<Ipv6>& ipv6, uint32_t interface)
{
    std::optional<Ipv6Address> gateway;
    for (uint32_t i = 0; i < ipv6->GetNAddresses(interface); ++i)
    {
        const auto address = ipv6->GetAddress(interface, i);
        if (address.GetScope() == Ipv6InterfaceAddress::GLOBAL)
        {
            return address.GetAddress();
        }
        gateway = address.GetAddress();
    }
    return gateway;
}

/// @param node one @return its neighbours on all links
std::vector<Hop>
GetHops(const Ptr<Node>& node)
{
    std::vector<Hop> hops;
    const auto ipv6 = node->GetObject<Ipv6>();
    for (uint32_t i = 1; ipv6 && i < ipv6->GetNInterfaces(); ++i)
    {
        const auto device = ipv6->GetNetDevice(i);
        const auto channel = device->GetChannel();
        const auto gateway = GetGateway(ipv6, i);
        for (std::size_t j = 0; channel && gateway && j < channel->GetNDevices(); ++j)
        {
            const auto other = channel->GetDevice(j);
            const auto theirs = other->GetNode()->GetObject<Ipv6>();
            const int32_t interface =
                other == device || !theirs ? -1 : theirs->GetInterfaceForDevice(other);
            if (interface >= 0)
            {
                hops.push_back({other->GetNode(), static_cast<uint32_t>(interface), *gateway});
            }
        }
    }
    return hops;
}

/// @param node one @return how errors call it
std::string
GetName(const Ptr<Node>& node)
{
    return node ? "node " + std::to_string(node->GetId()) : "no node (a null pointer)";
}

/// @param node one @return its segment routing; ends the program if there is none
Ptr<Srv6Protocol>
GetProtocol(const Ptr<Node>& node)
{
    const auto srv6 = node ? node->GetObject<Srv6Protocol>() : nullptr;
    NS_ABORT_MSG_UNLESS(
        srv6, "Srv6Helper: " << GetName(node) << " has no segment routing; Install() comes first");
    return srv6;
}

/// End the program unless something is a prefix. @param what it is for @param prefix its address
/// @param length bits of it @param least bits that it must have
void
CheckPrefix(const char* what, const Ipv6Address& prefix, uint8_t length, uint8_t least)
{
    NS_ABORT_MSG_IF(length < least || length > WHOLE,
                    "Srv6Helper: " << what << " of " << +length << " bits; accepted: " << +least
                                   << " to " << +WHOLE);
    NS_ABORT_MSG_IF((least > 0 && prefix.IsAny()) || prefix.IsMulticast(),
                    "Srv6Helper: " << what << ' ' << prefix << "; accepted: unicast addresses");
}

/// @return the names of Srv6Protocol's attributes
std::string
GetAttributeNames()
{
    const TypeId type = Srv6Protocol::GetTypeId();
    std::string names;
    for (std::size_t i = 0; i < type.GetAttributeN(); ++i)
    {
        names += (i == 0 ? "" : ", ") + type.GetAttribute(i).name;
    }
    return names;
}

/// @tparam T a kind of probe @param node who sends @param destination where to
/// @param segments before it @return the application, on the node
template <typename T>
Ptr<T>
AddProbe(const Ptr<Node>& node,
         const Ipv6Address& destination,
         const std::vector<Ipv6Address>& segments)
{
    NS_ABORT_MSG_UNLESS(node, "Srv6Helper: " << GetName(node) << " to send from");
    auto probe = CreateObject<T>();
    probe->SetAttribute("Remote", Ipv6AddressValue(destination));
    probe->SetSegments(segments);
    node->AddApplication(probe);
    return probe;
}

} // namespace

void
Srv6Helper::Set(const std::string& name, const AttributeValue& value)
{
    TypeId::AttributeInformation attribute;
    NS_ABORT_MSG_UNLESS(Srv6Protocol::GetTypeId().LookupAttributeByName(name, &attribute),
                        "Srv6Helper: no attribute is called "
                            << name << "; accepted: " << GetAttributeNames());
    const auto valid = attribute.checker->CreateValidValue(value);
    NS_ABORT_MSG_UNLESS(valid,
                        "Srv6Helper: attribute "
                            << name << " does not take this value; accepted: "
                            << attribute.checker->GetUnderlyingTypeInformation());
    m_attributes.emplace_back(name, valid);
}

void
Srv6Helper::Install(Ptr<Node> node) const
{
    const auto srv6 = node ? Srv6Protocol::Install(node) : nullptr;
    NS_ABORT_MSG_UNLESS(
        srv6, "Srv6Helper: " << GetName(node) << " has no IPv6; InternetStackHelper comes first");
    for (const auto& [name, value] : m_attributes)
    {
        srv6->SetAttribute(name, *value);
    }
}

void
Srv6Helper::Install(const NodeContainer& nodes) const
{
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        Install(*node);
    }
}

void
Srv6Helper::AddLocator(Ptr<Node> node, const Ipv6Address& prefix, uint8_t length)
{
    const auto srv6 = GetProtocol(node);
    CheckPrefix("a locator", prefix, length, 1);
    m_locators.push_back({node, prefix, length});
    node->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(true));
    srv6->AddSid(prefix, WHOLE, Srv6Sid(Srv6Behavior::END, SRV6_PSP));
}

void
Srv6Helper::PopulateRoutes(const NodeContainer& nodes) const
{
    std::set<Ptr<Node>> wanted;
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        wanted.insert(*node);
    }
    Ipv6StaticRoutingHelper helper;
    for (const auto& locator : m_locators)
    {
        // From the locator's node outwards, link by link.
        std::set<Ptr<Node>> seen{locator.node};
        std::deque<Ptr<Node>> front{locator.node};
        while (!front.empty())
        {
            const Ptr<Node> node = front.front();
            front.pop_front();
            for (const auto& hop : GetHops(node))
            {
                if (wanted.count(hop.from) == 0 || !seen.insert(hop.from).second)
                {
                    continue;
                }
                const auto ipv6 = hop.from->GetObject<Ipv6>();
                if (const auto routing = helper.GetStaticRouting(ipv6))
                {
                    routing->AddNetworkRouteTo(
                        locator.prefix, Ipv6Prefix(locator.length), hop.gateway, hop.interface);
                }
                BooleanValue forwards;
                ipv6->GetAttribute("IpForward", forwards);
                if (forwards.Get())
                {
                    front.push_back(hop.from);
                }
            }
        }
    }
}

void
Srv6Helper::AddSid(Ptr<Node> node, const Ipv6Address& address, const Srv6Sid& sid)
{
    const auto srv6 = GetProtocol(node);
    CheckPrefix("a SID", address, WHOLE, WHOLE);
    const bool isSid = srv6->AddSid(address, WHOLE, sid);
    NS_ABORT_MSG_UNLESS(isSid, "Srv6Helper: SID " << address << ": " << sid.GetProblem());
}

Ptr<Srv6Policy>
Srv6Helper::CreatePolicy(Srv6Steering steering, const std::vector<Ipv6Address>& path)
{
    auto policy = Create<Srv6Policy>(steering);
    const bool isList = policy->AddSegmentList(path);
    NS_ABORT_MSG_UNLESS(isList, "Srv6Helper: " << Srv6Policy::GetProblem(steering, path));
    return policy;
}

void
Srv6Helper::Steer(Ptr<Node> node,
                  const Ipv6Address& prefix,
                  uint8_t length,
                  Ptr<const Srv6Policy> policy)
{
    const auto srv6 = GetProtocol(node);
    CheckPrefix("a prefix to steer", prefix, length, 0);
    NS_ABORT_MSG_UNLESS(srv6->Steer(prefix, length, policy),
                        "Srv6Helper: " << prefix << '/' << +length
                                       << " is steered into no policy (a null pointer); accepted: "
                                          "what CreatePolicy() gives");
}

void
Srv6Helper::Steer(Ptr<Node> node,
                  const Ipv4Address& network,
                  const Ipv4Mask& mask,
                  Ptr<const Srv6Policy> policy)
{
    const bool isSteered = GetProtocol(node)->Steer(network, mask, policy);
    NS_ABORT_MSG_UNLESS(isSteered,
                        "Srv6Helper: IPv4 to "
                            << network << " is not steered: "
                            << (policy && policy->GetSteering() != Srv6Steering::INSERT
                                    ? GetName(node) +
                                          " has no IPv4; InternetStackHelper comes first"
                                    : std::string(policy ? "the policy inserts" : "no policy") +
                                          "; accepted: ENCAPS or ENCAPS_REDUCED"));
}

Ptr<Srv6Ping>
Srv6Helper::AddPing(Ptr<Node> node,
                    const Ipv6Address& destination,
                    const std::vector<Ipv6Address>& segments)
{
    return AddProbe<Srv6Ping>(node, destination, segments);
}

Ptr<Srv6Traceroute>
Srv6Helper::AddTraceroute(Ptr<Node> node,
                          const Ipv6Address& destination,
                          const std::vector<Ipv6Address>& segments)
{
    return AddProbe<Srv6Traceroute>(node, destination, segments);
}

Ptr<Srv6FlowStatistics>
Srv6Helper::WatchFlows(const NodeContainer& nodes)
{
    auto statistics = CreateObject<Srv6FlowStatistics>();
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        NS_ABORT_MSG_UNLESS(statistics->Watch(*node),
                            "Srv6Helper: " << GetName(*node)
                                           << " has no IPv6; InternetStackHelper comes first");
    }
    return statistics;
}

void
Srv6Helper::PrintTable(Ptr<Node> node, Ptr<OutputStreamWrapper> stream)
{
    const auto srv6 = GetProtocol(node);
    *stream->GetStream() << "Node: " << node->GetId() << ", SRv6 table\n";
    srv6->Print(*stream->GetStream());
}

} // namespace ns3
