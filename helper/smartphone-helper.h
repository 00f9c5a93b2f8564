// SPDX-License-Identifier: GPL-2.0-only
#ifndef SMARTPHONE_HELPER_H
#define SMARTPHONE_HELPER_H

#include "access-events.h"
#include "phone-access.h"

#include "ns3/background-source.h"
#include "ns3/data-rate.h"
#include "ns3/ipv4-interface-address.h"
#include "ns3/ipv4-static-routing.h"
#include "ns3/ipv4-translation.h"
#include "ns3/ipv6-interface-address.h"
#include "ns3/ipv6-static-routing.h"
#include "ns3/node-container.h"
#include "ns3/tcp-tuple.h"

#include <array>
#include <memory>
#include <optional>
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
 * All routes are static, phone and server do not forward, and there are no queue discs but those
 * that an access brings: packets wait in the devices' queues. Then it takes accesses away and gives
 * them back. Where an access tells that its radio has lost the connection, the phone's interface
 * goes down until it is back, as a phone's operating system does it; what manages paths sees that.
 * It comes up with other addresses if the phone is in another network of that access then.
 *
 * There may be more phones, which share the accesses and have the same addresses but for a number.
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

    /**
     * Two point-to-point accesses: 20 Mb/s, 20 ms, 100 packets; 10 Mb/s, 50 ms, 120 packets.
     * @param phones number of phones, 1 to 200
     */
    explicit SmartphoneHelper(uint32_t phones = 1);

    /// @param which access @param access what it is, not built yet
    void SetAccess(Access which, Ptr<PhoneAccess> access);
    /// @param which access @return what it is
    Ptr<PhoneAccess> GetAccess(Access which) const;

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
    /**
     * Choose the families of one access; the server has those that any access has.
     * @param access which
     * @param ipv4 whether there is IPv4
     * @param ipv6 whether there is IPv6
     */
    void SetFamilies(Access access, bool ipv4, bool ipv6);

    /**
     * Let an access router translate IPv4 addresses and ports, as those of phones do: the server
     * sees its address, and cannot reach phones by themselves.
     * @param access which
     * @param translated whether to
     */
    void SetTranslation(Access access, bool translated);

    /// @param links of the server, each with an address of each family: 1 or 2; 1 unless set
    void SetServerLinks(uint32_t links);

    /// @param access where packets go that are bound to no source address; WIFI unless set
    void SetDefaultAccess(Access access);

    /// Create nodes, links, stacks, addresses and routes. They stay until Simulator::Destroy().
    void Build();

    /**
     * Fix the random numbers of the accesses.
     * @param stream first stream number
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    /// @return number of phones
    uint32_t GetPhones() const;
    /// @param phone index @return the phone; there before Build()
    Ptr<Node> GetPhone(uint32_t phone = 0) const;
    /// @return the server
    Ptr<Node> GetServer() const;
    /// @return WiFi, cellular and backbone router
    NodeContainer GetRouters() const;
    /// @param access one @return its translation, nullptr without one
    Ptr<Ipv4Translation> GetTranslation(Access access) const;
    /// @param access one @param phone index @return the phone's device there
    Ptr<NetDevice> GetPhoneDevice(Access access, uint32_t phone = 0) const;
    /// @param access one @param ipv6 which family @param phone index @return its address there, in
    /// the network where it is
    IpAddress GetPhoneAddress(Access access, bool ipv6, uint32_t phone = 0) const;
    /// @param access one @param phone index @return all addresses by which its connections there
    /// can be known at either end: of both families and all networks, and of the one who translates
    std::vector<IpAddress> GetAddresses(Access access, uint32_t phone = 0) const;
    /// @param ipv6 which family @param link of the server @return the server's address there
    IpAddress GetServerAddress(bool ipv6, uint32_t link = 0) const;

    /**
     * Let others use an access too (BackgroundSource), from the start on; after Build(). On a link,
     * which is its phone's alone, that is phone 0's own other traffic; on a radio it can be that of
     * another phone. An access that translates has no traffic down.
     * @param access which
     * @param phone index of the one that receives and sends it
     * @param down to the phone; 0: none
     * @param up from the phone; 0: none
     */
    void AddBackground(Access access, uint32_t phone, DataRate down, DataRate up);

    /**
     * Everything on an access is lost for a while; nobody is told.
     * @param access which
     * @param from begin
     * @param to end
     */
    void ScheduleSilence(Access access, Time from, Time to);

    /**
     * The interface of phone 0 goes down and comes up again with its addresses and routes, those of
     * the network where it is then. It stays down in between whatever its radio tells, and longer
     * if that has no connection at the end.
     * @param access which
     * @param from when it goes down
     * @param to when it may come up
     */
    void ScheduleInterfaceDown(Access access, Time from, Time to);

    /**
     * Phone 0 loses its addresses on an access, with the routes that need them, and gets the same
     * ones again, or those of the network where it is then. Its interface may go down and come up
     * in between; it has no addresses all the while.
     * @param access which
     * @param from when they go
     * @param to when they return
     */
    void ScheduleAddressLoss(Access access, Time from, Time to);

    /**
     * Replay what happened to the accesses of phone 0, called `wifi` and `cellular`; after Build().
     * @param events as read from a file
     * @param file its name, for errors
     * @throw std::invalid_argument where an event names no access, or one to which it cannot happen
     */
    void ScheduleEvents(const std::vector<AccessEvent>& events, const std::string& file);

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
        Ipv4InterfaceAddress ipv4;       //!< its IPv4 address
        Ipv6InterfaceAddress ipv6;       //!< its global IPv6 address
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

    /// A phone on an access.
    struct Attachment
    {
        std::vector<Uplink> networks; //!< in each of the access's networks
        uint32_t current{0};          //!< the one where it is, or was last
        bool usable{true};            //!< what the access has told last
        bool down{false};             //!< see ScheduleInterfaceDown()
        bool bare{false};             //!< see ScheduleAddressLoss()

        /// @return it there
        const Uplink& Get() const
        {
            return networks[current];
        }
    };

    /// What IP an access has.
    struct Families
    {
        bool ipv4{true};  //!< whether there is IPv4
        bool ipv6{false}; //!< whether there is IPv6
    };

    /// Where in the numbering an end of a link stands: 10.phone.network.host and
    /// fd00:0:0:phone+network::host, phone in the upper half of the word.
    struct Place
    {
        uint8_t phone{0};   //!< whose link it is, 0 if it is nobody's alone
        uint8_t network{0}; //!< number of the link
        uint8_t host{0};    //!< number of the end
    };

    /// Give an end of a link its addresses, unless it has some.
    /// @param device the end @param place its @param families what to have @return the end
    static End Number(Ptr<NetDevice> device, const Place& place, const Families& families);
    /// @param end of a link @param place another one, in another network @return the same device
    /// with addresses there, which it has not got yet
    static End Renumber(const End& end, const Place& place);
    /// @param place of an end @return its IPv4 address
    static Ipv4InterfaceAddress MakeIpv4Address(const Place& place);
    /// @param place of an end @return its IPv6 address
    static Ipv6InterfaceAddress MakeIpv6Address(const Place& place);
    /// @param end of a link @param ipv6 which family @return its address
    static IpAddress GetAddress(const End& end, bool ipv6);
    /// @return the families that any access has
    Families GetFamilies() const;
    /// Let datagrams end somewhere. @param node where @param local address and port
    static void AddSink(Ptr<Node> node, const Address& local);
    /// Build an access. @param access which
    void BuildAccess(Access access);
    /// Put its addresses on a device. @param end the device
    static void AddAddresses(const End& end);
    /// Add default routes. @param uplink where they lead
    static void AddDefaultRoutes(const Uplink& uplink);
    /// Add routes to the network of a host. @param to the host @param by the device
    /// @param gateway next hop
    static void AddRoutes(const End& to, const End& by, const End& gateway);
    /// Give a phone's interface the state, addresses and routes that it shall have now.
    /// @param attachment what tells them
    static void Settle(const Attachment& attachment);
    /// Take something from phone 0 for a while. @param access which @param from begin @param to end
    /// @param state what tells that it is taken
    void ScheduleOutage(Access access, Time from, Time to, bool Attachment::*state);
    /// Join two routers, or a router and the server. @param a one @param b other
    /// @param delay one way @param network number of the link @param families what to have
    /// @return the ends
    std::pair<End, End>
    Link(Ptr<Node> a, Ptr<Node> b, Time delay, uint8_t network, const Families& families);

    std::array<Ptr<PhoneAccess>, 2> m_access; //!< by Access
    std::array<Families, 2> m_families;       //!< by Access
    std::array<bool, 2> m_translated{};       //!< see SetTranslation()
    uint32_t m_serverLinks{1};                //!< see SetServerLinks()
    Access m_defaultAccess{WIFI};             //!< see SetDefaultAccess()
    DataRate m_serverRate;                    //!< of the links behind the accesses
    Time m_serverDelay;                       //!< of the server's link
    uint32_t m_serverQueue;                   //!< packets

    NodeContainer m_phones;  //!< the phones
    Ptr<Node> m_server;      //!< the server
    NodeContainer m_routers; //!< WiFi, cellular, backbone
    std::array<std::shared_ptr<std::vector<Attachment>>, 2> m_attachments; //!< by Access and phone
    std::array<std::optional<IpAddress>, 2> m_outside;              //!< of translations, by Access
    std::vector<Ptr<BackgroundSource>> m_background;                //!< see AddBackground()
    std::vector<End> m_serverEnds;                                  //!< the server's
    std::vector<std::pair<Ptr<NetDevice>, std::string>> m_backbone; //!< of the links behind the
                                                                    //!< access routers, with names
};

} // namespace ns3

#endif // SMARTPHONE_HELPER_H
