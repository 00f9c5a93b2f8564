// SPDX-License-Identifier: GPL-2.0-only
#ifndef PHONE_METER_H
#define PHONE_METER_H

#include "ns3/mptcp-connection.h"
#include "ns3/node.h"
#include "ns3/radio-energy.h"
#include "ns3/tcp-tuple.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * What a run costs a phone: bytes and energy of each access, subflows that were opened for
 * nothing. It counts IP packets at the phone, whatever application and device they belong to, and
 * must live as long as the simulation runs.
 */
class PhoneMeter
{
  public:
    /// What an access had to do.
    struct Account
    {
        uint64_t up{0};   //!< bytes of IP packets sent
        uint64_t down{0}; //!< bytes of IP packets received
        double joule{0};  //!< estimated energy
    };

    /**
     * @param phone with an internet stack
     * @param accesses the phone's devices, each with what estimates its energy
     */
    PhoneMeter(Ptr<Node> phone, std::vector<std::pair<Ptr<NetDevice>, Ptr<RadioEnergy>>> accesses);
    ~PhoneMeter();
    PhoneMeter(const PhoneMeter&) = delete;
    PhoneMeter& operator=(const PhoneMeter&) = delete;

    /// @param end of the run @return the accounts, by access
    std::vector<Account> GetAccounts(Time end) const;

    /// @return subflows of this module's connections that were established
    uint32_t GetSubflows() const;
    /// @return of them, those that have carried no data in either direction
    uint32_t GetIdleSubflows() const;

  private:
    /// A packet. @param device where @param bytes of it @param up whether the phone sends it
    void Count(Ptr<NetDevice> device, uint32_t bytes, bool up);
    /// Watch a connection. @param object it
    void OnConnection(Ptr<Object> object);

    std::vector<std::pair<Ptr<NetDevice>, Ptr<RadioEnergy>>> m_accesses; //!< what is counted
    std::vector<Account> m_accounts;                                     //!< of them
    std::vector<Ptr<MptcpSubflow>> m_subflows;                           //!< established ones
};

} // namespace ns3

#endif // PHONE_METER_H
