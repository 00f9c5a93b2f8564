// SPDX-License-Identifier: GPL-2.0-only
#ifndef BACKGROUND_SOURCE_H
#define BACKGROUND_SOURCE_H

#include "ns3/address.h"
#include "ns3/application.h"
#include "ns3/data-rate.h"
#include "ns3/event-id.h"
#include "ns3/net-device.h"
#include "ns3/random-variable-stream.h"
#include "ns3/socket.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Traffic of others: UDP datagrams of one size with gaps of random length, exponentially
 * distributed, to somebody who does not answer.
 */
class BackgroundSource : public Application
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    BackgroundSource();
    ~BackgroundSource() override;

    /// @param device by which everything leaves; nullptr: as routed
    void SetDevice(Ptr<NetDevice> device);
    /// Fix the random numbers. @param stream the first to use @return how many are used
    int64_t AssignStreams(int64_t stream);
    /// @return bytes that were sent, with the headers of UDP and IP
    uint64_t GetSent() const;

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;

    /// Send one later. @param now send one now too
    void Send(bool now);

    DataRate m_rate;      //!< attribute Rate
    uint32_t m_size;      //!< attribute PacketSize
    Address m_remote;     //!< attribute Remote
    uint32_t m_headers{}; //!< bytes of UDP and IP

    Ptr<NetDevice> m_device;               //!< see SetDevice()
    Ptr<Socket> m_socket;                  //!< while it runs
    Ptr<ExponentialRandomVariable> m_gaps; //!< of mean 1
    EventId m_event;                       //!< Send()
    uint64_t m_sent{0};                    //!< see GetSent()
};

} // namespace ns3

#endif // BACKGROUND_SOURCE_H
