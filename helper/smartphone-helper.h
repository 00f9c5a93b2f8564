// SPDX-License-Identifier: GPL-2.0-only
#ifndef SMARTPHONE_HELPER_H
#define SMARTPHONE_HELPER_H

#include "phone-access.h"

#include "ns3/ipv4-static-routing.h"
#include "ns3/ipv6-static-routing.h"
#include "ns3/node-container.h"
#include "ns3/tcp-tuple.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Builds a smartphone with a WiFi and a cellular access, and the network behind them:
 *
 * @verbatim
            WiFi ------- WiFi router --------+
   phone                                     backbone router -- server
            cellular --- cellular router ----+
   @endverbatim
 *
 * All routes are static, phone and server do not forward, and there is no queue disc: packets wait
 * in the devices' queues only. Then it takes accesses away and gives them back.
 */
class SmartphoneHelper
{
  public:
    /// The accesses.
    enum Access
    {
        WIFI,
        CELLULAR
    };

    /// Two point-to-point accesses: 20 Mb/s, 20 ms, 100 packets; 10 Mb/s, 50 ms, 120 packets.
    SmartphoneHelper();

    /// @param which access @param access what it is, not built yet
    void SetAccess(Access which, Ptr<PhoneAccess> access);

    /**
     * @param rate of the server's link and of those between routers
     * @param delay of the server's link, one way
     * @param packets that the devices of these links queue
     */
    void SetServerLink(DataRate rate, Time delay, uint32_t packets);

    /**
     * Choose families; hosts that have both let MPTCP's full mesh use both on each access.
     * @param ipv4 whether there is IPv4, as there is unless told otherwise
     * @param ipv6 whether there is IPv6
     */
    void SetFamilies(bool ipv4, bool ipv6);

    /// @param access where packets go that are bound to no source address; WIFI unless set
    void SetDefaultAccess(Access access);

    /// Create nodes, links, stacks, addresses and routes.
    void Build();

    /**
     * Fix the random numbers of the accesses.
     * @param stream first stream number
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    /// @return the phone
    Ptr<Node> GetPhone() const;
    /// @return the server
    Ptr<Node> GetServer() const;
    /// @return WiFi, cellular and backbone router
    NodeContainer GetRouters() const;
    /// @param access one @return the phone's device there
    Ptr<NetDevice> GetPhoneDevice(Access access) const;
    /// @param access one @param ipv6 which family @return the phone's address there
    IpAddress GetPhoneAddress(Access access, bool ipv6) const;
    /// @param ipv6 which family @return the server's address
    IpAddress GetServerAddress(bool ipv6) const;

    /**
     * Everything on an access is lost for a while; nobody is told.
     * @param access which
     * @param from begin
     * @param to end
     */
    void ScheduleSilence(Access access, Time from, Time to);

    /**
     * The phone's interface goes down and comes up again with its addresses and routes.
     * @param access which
     * @param from when it goes down
     * @param to when it comes up
     */
    void ScheduleInterfaceDown(Access access, Time from, Time to);

    /**
     * The phone loses its addresses on an access, with the routes that need them, and gets the
     * same ones again.
     * @param access which
     * @param from when they go
     * @param to when they return
     */
    void ScheduleAddressLoss(Access access, Time from, Time to);

    /**
     * Capture each interface of phone and server.
     * @param folder where the files go
     * @param routers capture those of the routers too
     */
    void EnablePcap(const std::string& folder, bool routers);

  private:
    /// An end of a link: a device with its addresses.
    struct End
    {
        Ptr<NetDevice> device;           //!< the device
        Ipv4Address ipv4;                //!< its IPv4 address, in a network of 24 bits
        Ipv6Address ipv6;                //!< its global IPv6 address, in a network of 64 bits
        Ptr<Ipv4StaticRouting> routing4; //!< of the node; nullptr: it has no IPv4
        Ptr<Ipv6StaticRouting> routing6; //!< of the node; nullptr: it has no IPv6
    };

    /// A device that sends packets to elsewhere by a router.
    struct Uplink
    {
        End end;            //!< the device
        End gateway;        //!< the router's
        uint32_t metric{0}; //!< of the default routes
    };

    /// Give an end of a link its addresses.
    /// @param device the end @param network number of the link @param host 1 or 2 @return the end
    End Number(Ptr<NetDevice> device, uint8_t network, uint8_t host) const;
    /// Put its addresses on a device. @param end the device
    static void AddAddresses(const End& end);
    /// Take its addresses, and the routes that need them, off a device. @param end the device
    static void RemoveAddresses(const End& end);
    /// Add default routes. @param uplink where they lead
    static void AddDefaultRoutes(const Uplink& uplink);
    /// Add routes to the network of a host. @param to the host @param by the device
    /// @param gateway next hop
    static void AddRoutes(const End& to, const End& by, const End& gateway);
    /// Take an interface up or down. @param uplink the interface @param up which
    static void SetInterface(const Uplink& uplink, bool up);
    /// Join two routers, or a router and the server. @param a one @param b other
    /// @param delay one way @param network number of the link @return the ends
    std::pair<End, End> Link(Ptr<Node> a, Ptr<Node> b, Time delay, uint8_t network);

    std::array<Ptr<PhoneAccess>, 2> m_access; //!< by Access
    bool m_ipv4{true};                        //!< see SetFamilies()
    bool m_ipv6{false};                       //!< see SetFamilies()
    Access m_defaultAccess{WIFI};             //!< see SetDefaultAccess()
    DataRate m_serverRate;                    //!< of the links behind the accesses
    Time m_serverDelay;                       //!< of the server's link
    uint32_t m_serverQueue;                   //!< packets

    Ptr<Node> m_phone;                      //!< the phone
    Ptr<Node> m_server;                     //!< the server
    NodeContainer m_routers;                //!< WiFi, cellular, backbone
    std::array<Uplink, 2> m_uplinks;        //!< the phone's, by Access
    End m_serverEnd;                        //!< the server's
    std::vector<Ptr<NetDevice>> m_backbone; //!< devices of the links behind the access routers
};

} // namespace ns3

#endif // SMARTPHONE_HELPER_H
