// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_CAPTURE_H
#define SRV6_CAPTURE_H

#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/node.h"
#include "ns3/pcap-file.h"
#include "ns3/simulator.h"

#include <ios>
#include <string>

namespace ns3
{

/**
 * Writes what the IP layers of nodes send and get into a file: IP packets without headers of links.
 */
class Srv6Capture
{
  public:
    /// @param name of the file
    explicit Srv6Capture(const std::string& name)
    {
        constexpr uint32_t RAW_IP = 101; // LINKTYPE_RAW
        m_file.Open(name, std::ios::out);
        m_file.Init(RAW_IP);
    }

    /// @param node whose packets to write from now on
    void Watch(const Ptr<Node>& node)
    {
        for (const char* trace : {"Rx", "Tx"})
        {
            node->GetObject<Ipv6L3Protocol>()->TraceConnectWithoutContext(
                trace,
                Callback<void, Ptr<const Packet>, Ptr<Ipv6>, uint32_t>(
                    [this](Ptr<const Packet> packet, Ptr<Ipv6>, uint32_t) { Write(packet); }));
            node->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
                trace,
                Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
                    [this](Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t) { Write(packet); }));
        }
    }

  private:
    /// @param packet to write
    void Write(const Ptr<const Packet>& packet)
    {
        constexpr int64_t MICROSECONDS = 1000000;
        const int64_t now = Simulator::Now().GetMicroSeconds();
        m_file.Write(static_cast<uint32_t>(now / MICROSECONDS),
                     static_cast<uint32_t>(now % MICROSECONDS),
                     packet);
    }

    PcapFile m_file; //!< the file
};

} // namespace ns3

#endif // SRV6_CAPTURE_H
