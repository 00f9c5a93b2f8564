// SPDX-License-Identifier: GPL-2.0-only
#ifndef PHONE_CONNECTION_MANAGER_H
#define PHONE_CONNECTION_MANAGER_H

#include "ns3/event-id.h"
#include "ns3/mptcp-controller.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace ns3
{

/**
 * @ingroup mptcp
 * What moves a phone's connections between WiFi and cellular: a strategy. It knows what a phone's
 * operating system knows (whether an access can be used, how strong its signal is) and what its own
 * TCP measures, and says for each connection which accesses shall have a subflow and whether as a
 * backup. This class carries that out by the node's MptcpController: opening, closing, MP_PRIO and
 * REMOVE_ADDR, so that a download is steered too, without anything special at the server.
 *
 * A strategy overrides Decide(), which is a rule without side effects on connections. Sockets of
 * the phone must have ns3::MptcpNoPathManager.
 */
class PhoneConnectionManager : public Object
{
  public:
    /// The accesses, as in SmartphoneHelper.
    enum Access
    {
        WIFI,
        CELLULAR
    };

    /// What a subflow shall be.
    enum class Use
    {
        CLOSED, //!< there shall be none
        BACKUP, //!< it carries data only if no other can
        ACTIVE  //!< it carries data
    };

    /// What the phone knows of an access, and of one connection's subflow there.
    struct AccessView
    {
        bool usable{true};            //!< the operating system says so: associated, with address
        std::optional<double> signal; //!< in dBm, if it is known
        Use use{Use::CLOSED};         //!< what was decided last
        bool exists{false};           //!< there is a subflow, which may be opening or closing
        bool established{false};      //!< it can carry data and is not closing
        Time srtt;                    //!< smoothed RTT; zero: not measured
        Time rto;                     //!< retransmission time-out, back-off included
        bool dataWaits{false};        //!< sent and not acknowledged, or a download that stands
        uint32_t timeouts{0};         //!< in a row; of a download that stands, see BusySegments
    };

    /// What a strategy looks at, by Access.
    using View = std::array<AccessView, 2>;
    /// What a strategy wants, by Access.
    using Wish = std::array<Use, 2>;

    /// @return the TypeId
    static TypeId GetTypeId();

    PhoneConnectionManager();
    ~PhoneConnectionManager() override;

    /**
     * Begin to manage the connections of a phone, those that it opens later included.
     * @param phone with an internet stack
     * @param wifi its address there
     * @param cellular its address there
     */
    void Start(Ptr<Node> phone, const IpAddress& wifi, const IpAddress& cellular);

    /**
     * The phone has another address on an access, as in another network. Subflows are opened from
     * there from now on; those that there are stay what they are.
     * @param access which
     * @param address the phone's
     */
    void SetAddress(Access access, const IpAddress& address);

    /// An access has become usable, or is lost. Addresses that the node loses and gets back are
    /// noticed without this. @param access which @param usable whether it can be used now
    void NotifyUsable(Access access, bool usable);

    /// @param access which @param dbm its signal strength, in dBm
    void NotifySignal(Access access, double dbm);

    /**
     * The strategy.
     * @param view what is known of the accesses, and of one connection
     * @return what its subflows shall be
     */
    virtual Wish Decide(const View& view) = 0;

    /// @return time-outs in a row after which the phone's own subflows shall count as stale
    /// (MptcpSocket's attribute StaleTimeouts)
    virtual uint32_t GetStaleTimeouts() const;

    /// TracedCallback signature of Use. @param token of the connection @param access where
    /// @param use what its subflow shall be from now on
    typedef void (*UseTracedCallback)(uint32_t token, Access access, Use use);

  protected:
    void DoDispose() override;

    /// The signal strength or usability of an access has changed. @param access which
    /// @param usable whether it can be used @param signal its strength, if known
    virtual void OnAccess(Access access, bool usable, std::optional<double> signal);

    /// Look at all connections, and do what the strategy wants.
    void Reconsider();

  private:
    /// What is remembered of a subflow of a connection.
    struct Known
    {
        bool backup{false};                             //!< what was asked for last
        bool closing{false};                            //!< it was told to end
        std::deque<std::pair<Time, uint32_t>> arrivals; //!< data segments, for a second
        bool busy{false}; //!< so much came in the last second that more was to be expected
        Time lastArrival; //!< of data
    };

    /// What is remembered of a connection.
    struct Connection
    {
        Wish wish{Use::CLOSED, Use::CLOSED}; //!< what was decided last
        std::array<Time, 2> opened;          //!< when a subflow was opened last
        std::map<uint8_t, Known> subflows;   //!< by identifier
    };

    using Status = MptcpConnection::SubflowStatus;

    /// Look, and again after Interval while there are connections.
    void Poll();
    /// @param info a connection
    void Reconsider(const MptcpController::ConnectionInfo& info);
    /// @param address of a subflow @return its access, if it is one of the two
    std::optional<Access> Find(const IpAddress& address) const;
    /// Count the data that arrives. @param status of a subflow @param known of it
    void Observe(const Status& status, Known& known) const;
    /// @param status of a subflow @param known of it @param view is filled in
    void Look(const Status& status, const Known& known, AccessView& view) const;
    /// Let there be a subflow. @param info a connection @param connection its @param access where
    /// @param backup whether as a backup
    void Open(const MptcpController::ConnectionInfo& info,
              Connection& connection,
              Access access,
              bool backup);
    /// @param token of a connection @param remote its first address
    /// @param ipv6 family of an address of the phone
    /// @return an address of the server of that family, if one is known
    std::optional<IpAddress>
    GetServerAddress(uint32_t token, const IpAddress& remote, bool ipv6) const;

    Time m_interval;         //!< Interval
    uint32_t m_busySegments; //!< BusySegments
    Time m_retry;            //!< Retry

    Ptr<MptcpController> m_controller;                //!< of the phone
    Ptr<MptcpL4Protocol> m_protocol;                  //!< of the phone
    std::array<IpAddress, 2> m_addresses;             //!< of the phone now, by Access
    std::map<IpAddress, Access> m_accesses;           //!< of all addresses that it had
    std::array<bool, 2> m_usable{true, true};         //!< by Access
    std::array<std::optional<double>, 2> m_signal;    //!< by Access, in dBm
    std::map<uint32_t, Connection> m_connections;     //!< by token
    uint32_t m_eventCallback{0};                      //!< of m_controller
    uint32_t m_addressCallback{0};                    //!< of m_protocol
    EventId m_poll;                                   //!< see Poll()
    TracedCallback<uint32_t, Access, Use> m_useTrace; //!< Use
};

} // namespace ns3

#endif // PHONE_CONNECTION_MANAGER_H
