// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-address-book.h"

#include <algorithm>

namespace ns3
{

namespace
{

/// @param values some @param value one @return whether it is among them
template <typename T>
bool
Contains(const std::vector<T>& values, const T& value)
{
    return std::find(values.begin(), values.end(), value) != values.end();
}

/// @param values some @param value to take out
template <typename T>
void
Erase(std::vector<T>& values, const T& value)
{
    values.erase(std::remove(values.begin(), values.end(), value), values.end());
}

/// @param entry of an address @return its identifier
template <typename Entry>
uint8_t
GetId(const Entry& entry)
{
    return entry.id;
}

/// @param entry of an address @return its identifier
uint8_t
GetId(const std::pair<uint8_t, IpAddress>& entry)
{
    return entry.first;
}

/// @param entries by identifier @param id one @return the first entry that has it or a larger one
template <typename Entries>
auto
LowerBound(Entries& entries, uint8_t id)
{
    return std::lower_bound(entries.begin(),
                            entries.end(),
                            id,
                            [](const auto& entry, uint8_t value) { return GetId(entry) < value; });
}

/// @param entries by identifier @param entry takes the place of the one that has its identifier
template <typename Entry>
void
Put(std::vector<Entry>& entries, const Entry& entry)
{
    const auto at = LowerBound(entries, GetId(entry));
    if (at != entries.end() && GetId(*at) == GetId(entry))
    {
        *at = entry;
        return;
    }
    entries.insert(at, entry);
}

/// @param entries by identifier @param id whose entry to take out
template <typename Entry>
void
Remove(std::vector<Entry>& entries, uint8_t id)
{
    const auto at = LowerBound(entries, id);
    if (at != entries.end() && GetId(*at) == id)
    {
        entries.erase(at);
    }
}

} // namespace

void
MptcpAddressBook::Begin(const IpAddress& local, const RemoteAddress& remote)
{
    Put(m_local, Local{0, local, 0});
    SetRemote(remote);
}

std::optional<uint8_t>
MptcpAddressBook::Assign(const IpAddress& address,
                         uint16_t port,
                         const std::function<bool(uint8_t)>& used)
{
    uint32_t unused = 0;
    for (const auto& local : m_local)
    {
        if (local.address == address && local.port == port)
        {
            Erase(m_withdrawn, local.id);
            // A removal that has found no subflow so far would hit what uses the address now.
            Erase(m_removals, local.id);
            return local.id;
        }
        unused = local.id == unused ? unused + 1 : unused;
    }
    if (unused > UINT8_MAX)
    {
        // The peer has heard of the removal of these, the oldest first.
        const auto free =
            std::find_if(m_withdrawn.begin(),
                         m_withdrawn.end(),
                         [&](uint8_t id) { return !used(id) && !Contains(m_removals, id); });
        if (free == m_withdrawn.end())
        {
            return std::nullopt;
        }
        unused = *free;
        m_withdrawn.erase(free);
    }
    const auto id = static_cast<uint8_t>(unused);
    Put(m_local, Local{id, address, port});
    return id;
}

std::optional<uint8_t>
MptcpAddressBook::FindLocal(const IpAddress& address) const
{
    const auto found = std::find_if(m_local.rbegin(),
                                    m_local.rend(),
                                    [&](const Local& local) { return local.address == address; });
    return found == m_local.rend() ? std::nullopt : std::optional(found->id);
}

bool
MptcpAddressBook::HasPort(const IpAddress& address, uint16_t port) const
{
    return std::any_of(m_local.begin(),
                       m_local.end(),
                       [&](const Local& local)
                       { return port != 0 && local.port == port && local.address == address; });
}

std::vector<uint8_t>
MptcpAddressBook::Withdraw(const IpAddress& address)
{
    std::vector<uint8_t> ids;
    for (const auto& local : m_local)
    {
        if (local.address == address && !IsWithdrawn(local.id))
        {
            ids.push_back(local.id);
        }
    }
    m_withdrawn.insert(m_withdrawn.end(), ids.begin(), ids.end());
    return ids;
}

bool
MptcpAddressBook::IsWithdrawn(uint8_t id) const
{
    return Contains(m_withdrawn, id);
}

void
MptcpAddressBook::KeepRemoval(const std::vector<uint8_t>& ids)
{
    m_removals.insert(m_removals.end(), ids.begin(), ids.end());
}

std::vector<uint8_t>
MptcpAddressBook::TakeRemovals()
{
    return std::exchange(m_removals, {});
}

const std::vector<RemoteAddress>&
MptcpAddressBook::GetRemotes() const
{
    return m_remote;
}

const RemoteAddress*
MptcpAddressBook::FindRemote(uint8_t id) const
{
    const auto at = LowerBound(m_remote, id);
    return at != m_remote.end() && at->id == id ? &*at : nullptr;
}

void
MptcpAddressBook::SetRemote(const RemoteAddress& remote)
{
    Put(m_remote, remote);
    ForgetUnknownFailures();
}

void
MptcpAddressBook::SetJoined(uint8_t id, const IpAddress& address)
{
    Put(m_joined, {id, address});
}

void
MptcpAddressBook::RemoveRemote(uint8_t id)
{
    Remove(m_remote, id);
    Remove(m_joined, id);
    ForgetUnknownFailures();
}

std::optional<uint8_t>
MptcpAddressBook::FindRemoteId(const IpAddress& address) const
{
    for (const auto& remote : m_remote)
    {
        if (remote.address == address)
        {
            return remote.id;
        }
    }
    for (const auto& [id, joined] : m_joined)
    {
        if (joined == address)
        {
            return id;
        }
    }
    return std::nullopt;
}

void
MptcpAddressBook::NoteFailure(const IpAddress& address, uint16_t port)
{
    if (HasRemote(address, port) && !HasFailed(address, port))
    {
        m_failed.emplace_back(address, port);
    }
}

bool
MptcpAddressBook::HasRemote(const IpAddress& address, uint16_t port) const
{
    return std::any_of(m_remote.begin(),
                       m_remote.end(),
                       [&](const RemoteAddress& remote)
                       { return remote.address == address && remote.port == port; });
}

void
MptcpAddressBook::ForgetUnknownFailures()
{
    m_failed.erase(std::remove_if(m_failed.begin(),
                                  m_failed.end(),
                                  [this](const auto& failed)
                                  { return !HasRemote(failed.first, failed.second); }),
                   m_failed.end());
}

void
MptcpAddressBook::ForgetFailure(const IpAddress& address, uint16_t port)
{
    Erase(m_failed, {address, port});
}

bool
MptcpAddressBook::HasFailed(const IpAddress& address, uint16_t port) const
{
    return Contains(m_failed, {address, port});
}

} // namespace ns3
