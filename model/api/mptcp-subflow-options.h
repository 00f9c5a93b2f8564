// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_SUBFLOW_OPTIONS_H
#define MPTCP_SUBFLOW_OPTIONS_H

#include "mptcp-api-socket.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * What MPTCP_SUB_GETSOCKOPT and MPTCP_SUB_SETSOCKOPT reach: the ordinary socket options, applied
 * to one subflow (section 3.5 of draft-hesmans-mptcp-socket-03). Values are as in Linux.
 */
class MptcpSubflowOptions
{
  public:
    using Bytes = std::vector<uint8_t>; //!< of a value

    /// @param level of an option @param name of an option @return bytes of a value that are looked
    /// at
    static size_t GetMaxSize(int level, int name);
    /// @param level of an option @param name of an option @return whether it can be read
    static bool CanGet(int level, int name);
    /// @param level of an option @param name of an option @param privileged whether who asks may do
    /// what only a privileged user may @return whether it can be set, as far as its name goes
    static bool CanSet(int level, int name, bool privileged);
    /// @param subflow any @param node its @return index of the device it leaves by, plus 1
    static int GetDeviceIndex(const MptcpSubflow& subflow, Ptr<Node> node);
    /// @param device any @return the name that ns3::Names has for it, or its index plus 1 as text
    static std::string GetDeviceName(Ptr<NetDevice> device);
    /// @param node any @param ipv6 family @return TTL or hop limit of packets that ask for none
    static uint8_t GetDefaultHops(Ptr<Node> node, bool ipv6);

    /// @param socket the application's @param connection its @param status of the subflow
    MptcpSubflowOptions(const MptcpApiSocket& socket,
                        MptcpConnection& connection,
                        const MptcpConnection::SubflowStatus& status);

    /// @param level of an option @param name one that CanGet() @param value is filled
    /// @return 0 or an errno
    int Get(int level, int name, Bytes& value) const;
    /// @param level of an option @param name one that CanSet() @param value to set
    /// @return 0 or an errno
    int Set(int level, int name, const Bytes& value);
    /// @return Linux's struct tcp_info
    Bytes GetInfo() const;

  private:
    /// @param value a name of congestion control, as Linux or ns-3 calls it @return an errno
    int SetCongestion(const Bytes& value);
    /// @param value a name that was given to the device by ns3::Names, or its index plus 1
    /// @return an errno
    int BindToDevice(const Bytes& value);

    const MptcpApiSocket& m_socket; //!< the application's
    MptcpConnection& m_connection;  //!< its
    uint8_t m_id;                   //!< of the subflow
    Ptr<MptcpSubflow> m_subflow;    //!< it
    bool m_ipv6;                    //!< its family
};

} // namespace ns3

#endif // MPTCP_SUBFLOW_OPTIONS_H
