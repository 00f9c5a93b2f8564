// SPDX-License-Identifier: GPL-2.0-only
#ifndef MESSAGE_DELAYS_H
#define MESSAGE_DELAYS_H

#include "ns3/node.h"
#include "ns3/packet-sink.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <ostream>
#include <vector>

namespace ns3
{

/**
 * An application that writes a message now and then, and how long each takes until its last byte
 * has been read: the delay that a scheduler causes or avoids.
 */
class MessageDelays
{
  public:
    /**
     * @param node that sends
     * @param sink that receives nothing else
     * @param size of a message, in bytes
     * @param interval from message to message
     * @param from when on delays count
     */
    MessageDelays(Ptr<Node> node, Ptr<PacketSink> sink, uint32_t size, Time interval, Time from)
        : m_node(node),
          m_size(size),
          m_interval(interval),
          m_from(from)
    {
        sink->TraceConnectWithoutContext("Rx", MakeCallback(&MessageDelays::OnRead, this));
    }

    /// @param to whom @param at when
    void Start(const Address& to, Time at)
    {
        Simulator::Schedule(at, &MessageDelays::Begin, this, to);
    }

    /// @param os gets how many messages there were, mean and 95th percentile in milliseconds
    void Print(std::ostream& os)
    {
        std::sort(m_delays.begin(), m_delays.end());
        const size_t count = m_delays.size();
        const double sum = std::accumulate(m_delays.begin(), m_delays.end(), 0.0);
        os << "messages " << count << "\ndelay_mean_ms " << (count == 0 ? 0 : sum / count)
           << "\ndelay_p95_ms " << (count == 0 ? 0 : m_delays[(count * 95 + 99) / 100 - 1]) << "\n";
    }

  private:
    /// Connect, and write the first message. @param to whom
    void Begin(Address to)
    {
        m_socket = Socket::CreateSocket(m_node, TypeId::LookupByName("ns3::MptcpSocketFactory"));
        m_socket->SetSendCallback(MakeCallback(&MessageDelays::OnRoom, this));
        m_socket->Connect(to);
        WriteMessage();
    }

    /// The next message is there.
    void WriteMessage()
    {
        m_written.push_back(Simulator::Now());
        m_waiting += m_size;
        Write();
        Simulator::Schedule(m_interval, &MessageDelays::WriteMessage, this);
    }

    /// Give the socket what it takes.
    void Write()
    {
        while (m_waiting > 0)
        {
            const uint64_t room = std::min<uint64_t>(m_waiting, m_socket->GetTxAvailable());
            const int sent =
                room == 0 ? 0 : m_socket->Send(Create<Packet>(static_cast<uint32_t>(room)));
            if (sent <= 0)
            {
                return;
            }
            m_waiting -= static_cast<uint64_t>(sent);
        }
    }

    /// The socket takes more. @param socket ours @param room bytes
    void OnRoom(Ptr<Socket> socket, uint32_t room)
    {
        (void)socket;
        (void)room;
        Write();
    }

    /// @param packet what was read @param from whom
    void OnRead(Ptr<const Packet> packet, const Address& from)
    {
        (void)from;
        m_read += packet->GetSize();
        for (; m_read >= m_size && !m_written.empty(); m_read -= m_size)
        {
            const Time written = m_written.front();
            m_written.pop_front();
            if (written >= m_from)
            {
                m_delays.push_back((Simulator::Now() - written).GetSeconds() * 1e3);
            }
        }
    }

    Ptr<Node> m_node;             //!< that sends
    Ptr<Socket> m_socket;         //!< its socket
    uint32_t m_size;              //!< of a message
    Time m_interval;              //!< from message to message
    Time m_from;                  //!< when delays begin to count
    std::deque<Time> m_written;   //!< of messages not read yet
    uint64_t m_waiting{0};        //!< bytes that the socket has not taken
    uint64_t m_read{0};           //!< bytes of the message that is being read
    std::vector<double> m_delays; //!< in milliseconds
};

} // namespace ns3

#endif // MESSAGE_DELAYS_H
