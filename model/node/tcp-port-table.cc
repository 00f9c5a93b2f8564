// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-port-table.h"

#include "ns3/ipv4-end-point.h"
#include "ns3/ipv6-end-point.h"
#include "ns3/net-device.h"

#include <algorithm>

namespace ns3
{

/// A port that is taken in stock TCP as long as this lives (or stock TCP does).
class StockPort
{
  public:
    /**
     * @param stock the node's own TCP
     * @param local the address; any is one as well
     * @param port the port
     * @return the reservation, or nullptr if a stock socket has the port
     */
    static std::unique_ptr<StockPort>
    Reserve(const Ptr<TcpL4Protocol>& stock, const IpAddress& local, uint16_t port)
    {
        auto reservation = std::make_unique<StockPort>();
        reservation->m_stock = stock;
        const auto gone = MakeCallback(&StockPort::OnDestroyed, reservation.get());
        if (const auto* v4 = std::get_if<Ipv4Address>(&local))
        {
            reservation->m_endPoint4 = stock->Allocate(nullptr, *v4, port);
            if (!reservation->m_endPoint4)
            {
                return nullptr;
            }
            reservation->m_endPoint4->SetRxEnabled(false);
            reservation->m_endPoint4->SetDestroyCallback(gone);
        }
        else
        {
            reservation->m_endPoint6 =
                stock->Allocate6(nullptr, std::get<Ipv6Address>(local), port);
            if (!reservation->m_endPoint6)
            {
                return nullptr;
            }
            reservation->m_endPoint6->SetRxEnabled(false);
            reservation->m_endPoint6->SetDestroyCallback(gone);
        }
        return reservation;
    }

    StockPort() = default;
    StockPort(const StockPort&) = delete;
    StockPort& operator=(const StockPort&) = delete;

    ~StockPort()
    {
        if (m_endPoint4)
        {
            m_stock->DeAllocate(m_endPoint4);
        }
        else if (m_endPoint6)
        {
            m_stock->DeAllocate(m_endPoint6);
        }
    }

  private:
    /// The node goes away, and its stock TCP with all endpoints before us.
    void OnDestroyed()
    {
        m_endPoint4 = nullptr;
        m_endPoint6 = nullptr;
    }

    Ptr<TcpL4Protocol> m_stock;         //!< where
    Ipv4EndPoint* m_endPoint4{nullptr}; //!< either this
    Ipv6EndPoint* m_endPoint6{nullptr}; //!< or this
};

TcpPortTable::TcpPortTable() = default;

TcpPortTable::~TcpPortTable() = default;

void
TcpPortTable::SetStock(Ptr<TcpL4Protocol> stock)
{
    m_stock = stock;
}

bool
TcpPortTable::Bind(const std::optional<IpAddress>& local,
                   bool ipv6,
                   uint16_t port,
                   const std::vector<IpAddress>& addresses)
{
    const auto present = m_ports.find(Key(ipv6, port));
    if (present != m_ports.end())
    {
        if (FindBinding(local, ipv6, port))
        {
            return false;
        }
        present->second.bindings.push_back({local, nullptr});
        return true;
    }
    Port entry;
    auto wanted = addresses;
    wanted.push_back(ipv6 ? IpAddress(Ipv6Address::GetAny()) : IpAddress(Ipv4Address::GetAny()));
    for (const auto& address : wanted)
    {
        auto reservation = StockPort::Reserve(m_stock, address, port);
        if (!reservation)
        {
            return false;
        }
        entry.reserved.push_back(std::move(reservation));
    }
    entry.bindings.push_back({local, nullptr});
    m_ports.emplace(Key(ipv6, port), std::move(entry));
    return true;
}

void
TcpPortTable::Unbind(const std::optional<IpAddress>& local, bool ipv6, uint16_t port)
{
    Binding* binding = FindBinding(local, ipv6, port);
    if (!binding)
    {
        return;
    }
    const auto found = m_ports.find(Key(ipv6, port));
    auto& bindings = found->second.bindings;
    bindings.erase(bindings.begin() + (binding - bindings.data()));
    if (bindings.empty())
    {
        m_ports.erase(found);
    }
}

void
TcpPortTable::SetListener(const std::optional<IpAddress>& local,
                          bool ipv6,
                          uint16_t port,
                          TcpListener* listener)
{
    if (Binding* binding = FindBinding(local, ipv6, port))
    {
        binding->listener = listener;
    }
}

TcpListener*
TcpPortTable::FindListener(const IpAddress& local, uint16_t port) const
{
    const auto found = m_ports.find(Key(IsIpv6(local), port));
    if (found == m_ports.end())
    {
        return nullptr;
    }
    TcpListener* onAny = nullptr;
    for (const Binding& binding : found->second.bindings)
    {
        if (!binding.local)
        {
            onAny = binding.listener;
        }
        else if (*binding.local == local && binding.listener)
        {
            return binding.listener;
        }
    }
    return onAny;
}

bool
TcpPortTable::IsBound(bool ipv6, uint16_t port) const
{
    return !m_ports.empty() && m_ports.find(Key(ipv6, port)) != m_ports.end();
}

bool
TcpPortTable::IsFree(const IpAddress& local, uint16_t port) const
{
    const auto found = m_ports.find(Key(IsIpv6(local), port));
    if (found == m_ports.end())
    {
        return IsFreeInStock(local, port);
    }
    // Stock has nobody there: the port is reserved.
    const auto& bindings = found->second.bindings;
    return std::none_of(bindings.begin(),
                        bindings.end(),
                        [&local](const Binding& binding)
                        { return !binding.local || *binding.local == local; });
}

bool
TcpPortTable::IsFreeInStock(const IpAddress& local, uint16_t port) const
{
    const IpAddress any =
        IsIpv6(local) ? IpAddress(Ipv6Address::GetAny()) : IpAddress(Ipv4Address::GetAny());
    return StockPort::Reserve(m_stock, any, port) && StockPort::Reserve(m_stock, local, port);
}

void
TcpPortTable::AddAddress(const IpAddress& address)
{
    const bool ipv6 = IsIpv6(address);
    for (auto& [key, entry] : m_ports)
    {
        const auto port = static_cast<uint16_t>(key);
        if (key != Key(ipv6, port))
        {
            continue;
        }
        // None if it is reserved since the address was here before.
        if (auto reservation = StockPort::Reserve(m_stock, address, port))
        {
            entry.reserved.push_back(std::move(reservation));
        }
    }
}

size_t
TcpPortTable::GetSize() const
{
    size_t size = 0;
    for (const auto& [key, entry] : m_ports)
    {
        size += entry.bindings.size();
    }
    return size;
}

void
TcpPortTable::Clear()
{
    m_ports.clear();
    m_stock = nullptr;
}

TcpPortTable::Binding*
TcpPortTable::FindBinding(const std::optional<IpAddress>& local, bool ipv6, uint16_t port)
{
    const auto found = m_ports.find(Key(ipv6, port));
    if (found == m_ports.end())
    {
        return nullptr;
    }
    for (Binding& binding : found->second.bindings)
    {
        if (binding.local == local)
        {
            return &binding;
        }
    }
    return nullptr;
}

} // namespace ns3
