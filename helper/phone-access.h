// SPDX-License-Identifier: GPL-2.0-only
#ifndef PHONE_ACCESS_H
#define PHONE_ACCESS_H

#include "access-events.h"

#include "ns3/net-device.h"
#include "ns3/node-container.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * How phones reach their access router. SmartphoneHelper builds networks out of these and knows
 * nothing of what is behind them: a link, a measured trace, 802.11, LTE. Each kind has a name, by
 * which programs choose it; libraries add kinds of their own.
 *
 * Phone 0 is the one that is looked at; events happen to it alone. Others share its access where
 * that is shared in reality.
 */
class PhoneAccess : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * Give a kind of access a name.
     * @param name as users write it
     * @param type a PhoneAccess with a constructor
     * @return true, for those that initialise something by this call
     */
    static bool Register(const std::string& name, TypeId type);
    /// @return the names of all kinds, sorted
    static std::vector<std::string> GetNames();
    /**
     * @param name of a kind
     * @return a new one
     * @throw std::invalid_argument with the names that there are, if this is none
     */
    static Ptr<PhoneAccess> Create(const std::string& name);

    /// @return the node where packets of the phones come out: a new one, or one that belongs to the
    /// access. Called once, before Build()
    virtual Ptr<Node> MakeRouter();

    /**
     * Join phones and router, which have their internet stacks. A device that already has an
     * interface with addresses after this keeps them; all others are numbered by the caller.
     * @param phones the phones
     * @param router what MakeRouter() returned
     * @param ipv4 whether the access has IPv4
     * @param ipv6 whether the access has IPv6
     */
    virtual void Build(const NodeContainer& phones, Ptr<Node> router, bool ipv4, bool ipv6) = 0;

    /// @param phone index @return its device
    virtual Ptr<NetDevice> GetPhoneDevice(uint32_t phone) const = 0;
    /// @param phone index @return the router's device, whose address is the phone's first hop. The
    /// same one for several phones: they are in one network
    virtual Ptr<NetDevice> GetRouterDevice(uint32_t phone) const = 0;

    /// @return networks that phones can be in, each with addresses of its own; all are the router's
    virtual uint32_t GetNetworks() const;
    /// @param phone index @return the network that it is in, or was in last. What changes it tells
    /// so by Usable: a phone has no connection between two networks
    virtual uint32_t GetNetwork(uint32_t phone) const;

    /// @param what a kind of event @return whether it can happen to this access
    virtual bool Accepts(AccessEvent::What what) const;
    /**
     * Let something happen to phone 0 now. DOWN is being switched off by the user, which UP ends,
     * as it ends SILENT.
     * @param event of an accepted kind
     */
    virtual void Apply(const AccessEvent& event);

    /**
     * Capture what a device sends and receives: IP packets, unless a kind of access knows more.
     * @param device a phone's or the router's
     * @param file name of the file
     */
    virtual void EnablePcap(Ptr<NetDevice> device, const std::string& file);

    /**
     * Fix the random numbers.
     * @param stream first stream number
     * @return number of streams used
     */
    virtual int64_t AssignStreams(int64_t stream);

    /// @param phone index @return whether it is switched on and its radio has a connection, as far
    /// as the phone knows; true for accesses that cannot know
    bool IsUsable(uint32_t phone) const;
    /// @param phone index @return the last signal in dBm, if there was one
    std::optional<double> GetSignal(uint32_t phone) const;
    /// @param phone index @return whether the signal is weak, see attributes Weak and Good
    bool IsWeak(uint32_t phone) const;

    /// TracedCallback signature of Usable and WeakSignal. @param phone index @param is the new
    /// state
    typedef void (*StateTracedCallback)(uint32_t phone, bool is);
    /// TracedCallback signature of Signal. @param phone index @param dbm what it measured
    typedef void (*SignalTracedCallback)(uint32_t phone, double dbm);

  protected:
    /// The radio has got or lost its connection. @param phone index @param usable which
    void SetUsable(uint32_t phone, bool usable);
    /// A signal was measured. @param phone index @param dbm it
    void SetSignal(uint32_t phone, double dbm);

  private:
    /// What a phone's operating system knows of its access.
    struct Knowledge
    {
        bool connected{true};         //!< the radio has a connection
        bool on{true};                //!< the user has not switched it off
        bool weak{false};             //!< see IsWeak()
        std::optional<double> signal; //!< see GetSignal()
    };

    /// @param phone index @return what is known of it
    Knowledge& GetKnowledge(uint32_t phone);
    /// Change one half of IsUsable(). @param phone index @param half which @param is its new value
    void SetHalf(uint32_t phone, bool Knowledge::*half, bool is);

    double m_weak;                      //!< attribute Weak
    double m_good;                      //!< attribute Good
    std::vector<Knowledge> m_knowledge; //!< by phone; missing ones are as a new one

    TracedCallback<uint32_t, bool> m_usableTrace;   //!< Usable
    TracedCallback<uint32_t, bool> m_weakTrace;     //!< WeakSignal
    TracedCallback<uint32_t, double> m_signalTrace; //!< Signal
};

} // namespace ns3

#endif // PHONE_ACCESS_H
