// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-weighted-round-robin.h"

#include "ns3/boolean.h"
#include "ns3/ip-address-text.h"
#include "ns3/string.h"

#include <arpa/inet.h>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <sstream>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpWeightedRoundRobin);

namespace
{

/// @param text a number @return it, if it is a positive one
std::optional<double>
ParseWeight(const std::string& text)
{
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    const bool isNumber = !text.empty() && *end == '\0';
    return isNumber && std::isfinite(value) && value > 0 ? std::optional(value) : std::nullopt;
}

} // namespace

TypeId
MptcpWeightedRoundRobin::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpWeightedRoundRobin")
            .SetParent<MptcpScheduler>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpWeightedRoundRobin>()
            .AddAttribute("Weights",
                          "Address=weight pairs, separated by commas: the weight of the subflows "
                          "that have this address at either end; 1 for all others.",
                          StringValue(""),
                          MakeStringAccessor(&MptcpWeightedRoundRobin::SetWeights,
                                             &MptcpWeightedRoundRobin::GetWeights),
                          MakeStringChecker())
            .AddAttribute("Strict",
                          "Wait for the subflow whose turn it is rather than pass it over: the "
                          "shares are exact, and the subflow that is slow for its weight limits "
                          "all.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&MptcpWeightedRoundRobin::m_strict),
                          MakeBooleanChecker());
    return tid;
}

bool
MptcpWeightedRoundRobin::SetWeights(std::string text)
{
    std::vector<std::pair<IpAddress, double>> weights;
    std::istringstream pairs(text);
    for (std::string pair; std::getline(pairs, pair, ',');)
    {
        pair.erase(std::remove(pair.begin(), pair.end(), ' '), pair.end());
        const size_t sign = pair.find('=');
        const auto address = ParseIpAddress(pair.substr(0, sign));
        const auto weight =
            sign == std::string::npos ? std::nullopt : ParseWeight(pair.substr(sign + 1));
        if (!address || !weight)
        {
            std::cerr << "MptcpWeightedRoundRobin::Weights: \"" << pair
                      << "\" is not ADDRESS=WEIGHT with an IPv4 or IPv6 address and a positive "
                         "number\n";
            return false;
        }
        weights.emplace_back(*address, *weight);
    }
    m_text = std::move(text);
    m_weights = std::move(weights);
    m_shares.clear();
    return true;
}

double
MptcpWeightedRoundRobin::GetWeight(const TcpTuple& tuple) const
{
    for (const auto& [address, weight] : m_weights)
    {
        if (tuple.localAddress == address || tuple.remoteAddress == address)
        {
            return weight;
        }
    }
    return 1;
}

MptcpWeightedRoundRobin::Share&
MptcpWeightedRoundRobin::Find(const Candidate& candidate)
{
    for (auto& share : m_shares)
    {
        if (share.subflow == candidate.subflow)
        {
            return share;
        }
    }
    m_shares.push_back(
        {candidate.subflow, GetWeight(candidate.subflow->GetTuple()), m_virtualTime});
    return m_shares.back();
}

MptcpSubflow*
MptcpWeightedRoundRobin::Select(const std::vector<Candidate>& candidates, const Demand& demand)
{
    if (m_shares.size() > candidates.size())
    {
        const auto gone = [&candidates](const Share& share)
        {
            return std::none_of(candidates.begin(),
                                candidates.end(),
                                [&share](const Candidate& candidate)
                                { return share.subflow == candidate.subflow; });
        };
        m_shares.erase(std::remove_if(m_shares.begin(), m_shares.end(), gone), m_shares.end());
    }
    const Candidate* next = nullptr;
    double start = 0;
    for (const auto& candidate : candidates)
    {
        // One that holds nothing and has no room is not limited by what an ACK would change.
        const bool canWait = m_strict && candidate.subflow->GetHeldBytes() > 0;
        if (!HasRoom(candidate, demand) && !canWait)
        {
            continue;
        }
        const double tag = std::max(Find(candidate).finish, m_virtualTime);
        if (!next || tag < start)
        {
            next = &candidate;
            start = tag;
        }
    }
    if (!next || !HasRoom(*next, demand))
    {
        return nullptr;
    }
    Share& share = Find(*next);
    m_virtualTime = start;
    share.finish = start + std::min(demand.size, next->subflow->GetMaxPayload()) / share.weight;
    return next->subflow;
}

} // namespace ns3
