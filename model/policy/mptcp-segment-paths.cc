// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-segment-paths.h"

#include "ns3/ip-address-text.h"
#include "ns3/routing-header.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>
#include <sstream>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpSegmentPaths);

TypeId
MptcpSegmentPaths::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpSegmentPaths")
            .SetParent<MptcpPathManager>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpSegmentPaths>()
            .AddAttribute(
                "SegmentLists",
                "The paths, with semicolons between them: IPv6 segments with commas "
                "between them, in the order in which packets visit them, without the "
                "peer. An empty path is the shortest one. Example: "
                "\";fc00:2::,fc00:3::\". The node needs Srv6Helper::Install().",
                StringValue(""),
                MakeStringAccessor(&MptcpSegmentPaths::SetPaths, &MptcpSegmentPaths::GetPaths),
                MakeStringChecker());
    return tid;
}

MptcpSegmentPaths::~MptcpSegmentPaths()
{
    m_retry.Remove();
}

std::optional<std::vector<MptcpSegmentPaths::Path>>
MptcpSegmentPaths::Parse(const std::string& text)
{
    std::vector<Path> paths;
    if (text.empty())
    {
        return paths;
    }
    std::istringstream lists(text + ";");
    for (std::string list; std::getline(lists, list, ';');)
    {
        Path path;
        std::istringstream words(list);
        for (std::string word; std::getline(words, word, ',');)
        {
            const auto segment = ParseIpAddress(word);
            if (!segment || !IsIpv6(*segment))
            {
                return std::nullopt;
            }
            path.push_back(std::get<Ipv6Address>(*segment));
        }
        if (!path.empty() && MakeSegmentRoutingBytes(path).empty())
        {
            return std::nullopt;
        }
        paths.push_back(std::move(path));
    }
    return paths;
}

bool
MptcpSegmentPaths::SetPaths(std::string text)
{
    auto paths = Parse(text);
    if (paths)
    {
        m_paths = std::move(*paths);
    }
    return paths.has_value();
}

std::string
MptcpSegmentPaths::GetPaths() const
{
    std::ostringstream text;
    for (size_t i = 0; i < m_paths.size(); ++i)
    {
        text << (i > 0 ? ";" : "");
        for (size_t j = 0; j < m_paths[i].size(); ++j)
        {
            text << (j > 0 ? "," : "") << m_paths[i][j];
        }
    }
    return text.str();
}

void
MptcpSegmentPaths::OnConnected(MptcpPathControl& control)
{
    const auto subflows = control.GetSubflows();
    if (control.IsClient() && !subflows.empty())
    {
        m_local = subflows.front()->GetTuple().localAddress;
        Complete(&control);
    }
}

void
MptcpSegmentPaths::OnLocalAddress(MptcpPathControl& control, const IpAddress& address, bool up)
{
    if (!up)
    {
        control.Withdraw(address);
    }
    else if (control.IsClient() && m_local == address)
    {
        Complete(&control);
    }
}

void
MptcpSegmentPaths::OnSubflowEnded(MptcpPathControl& control,
                                  const MptcpSubflow& subflow,
                                  const SubflowEnd& end)
{
    const auto opened = std::find_if(m_opened.begin(),
                                     m_opened.end(),
                                     [&subflow](const auto& entry)
                                     { return PeekPointer(entry.first) == &subflow; });
    if (opened != m_opened.end())
    {
        if (IsRefusal(end))
        {
            m_refused.push_back(opened->second);
        }
        m_opened.erase(opened);
    }
    if (!control.IsClient() || IsRefusal(end) || end.error == Socket::ERROR_NOTERROR)
    {
        return;
    }
    if (end.established)
    {
        m_attempts = 0;
    }
    constexpr uint32_t MOST = 6;
    if (m_attempts < MOST && m_retry.IsExpired())
    {
        m_retry = Simulator::Schedule(
            Seconds(1 << m_attempts++), &MptcpSegmentPaths::Complete, this, &control);
    }
}

void
MptcpSegmentPaths::Complete(MptcpPathControl* control)
{
    const auto remotes = control->GetRemoteAddresses();
    if (!m_local || remotes.empty())
    {
        return;
    }
    std::vector<Path> open = m_refused;
    for (const auto& subflow : control->GetSubflows())
    {
        open.push_back(control->GetSegmentsOf(*subflow));
    }
    for (const auto& path : m_paths)
    {
        if (std::find(open.begin(), open.end(), path) != open.end())
        {
            continue;
        }
        const Ptr<MptcpSubflow> subflow =
            path.empty() ? control->OpenSubflow(*m_local, remotes.front())
                         : control->OpenSubflowBy(*m_local, remotes.front(), path);
        if (subflow)
        {
            m_opened.emplace_back(subflow, path);
        }
    }
}

} // namespace ns3
