// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-socket-settings.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/mptcp-compat.h"
#include "ns3/rtt-estimator.h"
#include "ns3/tcp-cubic.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/tcp-socket-base.h"
#include "ns3/tcp-socket.h"
#include "ns3/uinteger.h"

#include <optional>

namespace ns3
{

namespace
{

/**
 * @tparam Value an AttributeValue class
 * @param type a class
 * @param name of one of its attributes
 * @param[out] original its default as ns-3 has it
 * @param[out] current its default now
 * @return false if this release has no such attribute
 */
template <typename Value>
bool
LookupDefaults(TypeId type, const std::string& name, Value& original, Value& current)
{
    TypeId::AttributeInformation information;
    if (!type.LookupAttributeByName(name, &information))
    {
        return false;
    }
    auto originalValue = DynamicCast<const Value>(information.originalInitialValue);
    auto currentValue = DynamicCast<const Value>(information.initialValue);
    if (!originalValue || !currentValue)
    {
        return false;
    }
    original = *originalValue;
    current = *currentValue;
    return true;
}

/**
 * An attribute of TcpSocket, which the constructor sets.
 * @tparam Value its AttributeValue class
 * @param name of the attribute
 * @param setting what the constructor set
 * @param byDefault what takes its place if it was left alone
 */
template <typename Value, typename T>
void
ResolveInherited(const std::string& name, T& setting, const T& byDefault)
{
    Value original;
    Value current;
    if (LookupDefaults(TcpSocket::GetTypeId(), name, original, current) &&
        setting == static_cast<T>(original.Get()))
    {
        setting = byDefault;
    }
}

/**
 * An attribute of MptcpSocket that TcpSocketBase has too.
 * @tparam Value its AttributeValue class
 * @param name of the attribute
 * @param setting what the constructor set
 * @param byDefault what it has if it was left alone
 */
template <typename Value, typename T>
void
ResolveShared(const std::string& name, T& setting, const T& byDefault)
{
    Value original;
    Value current;
    if (setting == byDefault &&
        LookupDefaults(TcpSocketBase::GetTypeId(), name, original, current) &&
        original.Get() != current.Get())
    {
        setting = static_cast<T>(current.Get());
    }
}

/**
 * @param node a node
 * @param name a TypeId attribute of its TcpL4Protocol
 * @return its value if it was changed
 */
std::optional<TypeId>
GetChangedType(Ptr<const Node> node, const std::string& name)
{
    TypeIdValue original;
    TypeIdValue current;
    if (!LookupDefaults(TcpL4Protocol::GetTypeId(), name, original, current))
    {
        return std::nullopt;
    }
    if (Ptr<TcpL4Protocol> stock = node ? node->GetObject<TcpL4Protocol>() : nullptr)
    {
        stock->GetAttribute(name, current);
    }
    if (current.Get() == original.Get())
    {
        return std::nullopt;
    }
    return current.Get();
}

} // namespace

void
ResolveDefaults(MptcpSettings& settings)
{
    static const MptcpSettings defaults;

    ResolveInherited<UintegerValue>("SndBufSize", settings.m_sndBufSize, defaults.m_sndBufSize);
    ResolveInherited<UintegerValue>("RcvBufSize", settings.m_rcvBufSize, defaults.m_rcvBufSize);
    ResolveInherited<UintegerValue>("SegmentSize", settings.m_segmentSize, defaults.m_segmentSize);
    ResolveInherited<UintegerValue>(
        "InitialSlowStartThreshold", settings.m_initialSsThresh, defaults.m_initialSsThresh);
    ResolveInherited<UintegerValue>("InitialCwnd", settings.m_initialCwnd, defaults.m_initialCwnd);
    ResolveInherited<TimeValue>("ConnTimeout", settings.m_connTimeout, defaults.m_connTimeout);
    ResolveInherited<UintegerValue>("ConnCount", settings.m_synRetries, defaults.m_synRetries);
    ResolveInherited<UintegerValue>("DataRetries", settings.m_dataRetries, defaults.m_dataRetries);
    ResolveInherited<TimeValue>(
        "DelAckTimeout", settings.m_delAckTimeout, defaults.m_delAckTimeout);
    ResolveInherited<UintegerValue>("DelAckCount", settings.m_delAckCount, defaults.m_delAckCount);
    ResolveInherited<BooleanValue>("TcpNoDelay", settings.m_noDelay, defaults.m_noDelay);
    ResolveInherited<TimeValue>(
        "PersistTimeout", settings.m_persistTimeout, defaults.m_persistTimeout);

    ResolveShared<TimeValue>("MinRto", settings.m_minRto, defaults.m_minRto);
    ResolveShared<TimeValue>(
        "ClockGranularity", settings.m_clockGranularity, defaults.m_clockGranularity);
    ResolveShared<BooleanValue>("Sack", settings.m_sackEnabled, defaults.m_sackEnabled);
    ResolveShared<BooleanValue>(
        "Timestamp", settings.m_timestampEnabled, defaults.m_timestampEnabled);
    ResolveShared<BooleanValue>(
        "WindowScaling", settings.m_winScalingEnabled, defaults.m_winScalingEnabled);
    ResolveShared<UintegerValue>("ReTxThreshold", settings.m_retxThresh, defaults.m_retxThresh);

    ResolveShared<UseEcnValue>("UseEcn", settings.m_useEcn, defaults.m_useEcn);

    // TIME_WAIT lasts two maximum segment lifetimes (RFC 9293 section 3.6.1).
    DoubleValue original;
    DoubleValue current;
    if (settings.m_timeWait == defaults.m_timeWait &&
        LookupDefaults(TcpSocketBase::GetTypeId(), "MaxSegLifetime", original, current) &&
        original.Get() != current.Get())
    {
        settings.m_timeWait = Seconds(2 * current.Get());
    }
}

TypeId
GetDefaultCongestionControl(Ptr<const Node> node)
{
    return GetChangedType(node, "SocketType").value_or(TcpCubic::GetTypeId());
}

TypeId
GetDefaultRttEstimator(Ptr<const Node> node)
{
    return GetChangedType(node, "RttType").value_or(RttMeanDeviation::GetTypeId());
}

} // namespace ns3
