// SPDX-License-Identifier: GPL-2.0-only
#ifndef LTE_ACCESS_H
#define LTE_ACCESS_H

#include "shielding-loss-model.h"

#include "ns3/lte-helper.h"
#include "ns3/net-device-container.h"
#include "ns3/phone-access.h"
#include "ns3/point-to-point-epc-helper.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * An access over ns3's LTE with its core network (EPC): `lte`. The access router is the packet
 * gateway. Several cells hand phones over to each other by X2 (A3 events). The core binds a phone's
 * addresses, of its own networks 7.0.0.0/8 and 7777:f00d::/64, for good: what returns after a loss
 * is the same address.
 *
 * Phones need positions (PhoneMobility) before Build(); one that has none stands at the origin. The
 * phone's operating system is told of the failure of its radio link and of its return (trace source
 * Usable) and of the power of reference signals, RSRP (Signal): -75 dBm is much here, Weak and Good
 * want other values. Being SILENT is being in a lift.
 *
 * Buffers of the radio link are process-wide defaults of ns-3, which Build() sets.
 */
class LteAccess : public PhoneAccess
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    LteAccess();
    ~LteAccess() override;

    Ptr<Node> MakeRouter() override;
    /// @throw std::invalid_argument if an attribute is wrong
    void Build(const NodeContainer& phones, Ptr<Node> router, bool ipv4, bool ipv6) override;
    Ptr<NetDevice> GetPhoneDevice(uint32_t phone) const override;
    Ptr<NetDevice> GetRouterDevice(uint32_t phone) const override;
    bool Accepts(AccessEvent::What what) const override;
    void Apply(const AccessEvent& event) override;
    int64_t AssignStreams(int64_t stream) override;

    /// @return the nodes with the radios of the cells
    NodeContainer GetCells() const;

  protected:
    void DoDispose() override;

  private:
    /// Make the cells and the channels.
    void BuildCells();
    /// Follow what a phone's radio tells. @param phone index
    void Watch(uint32_t phone);
    /// Tell if a phone has found no cell, some time after the begin. @param phone index
    void CheckStart(uint32_t phone);

    std::string m_cellPositions; //!< attribute Cells
    std::string m_rlc;           //!< attribute RlcMode
    uint32_t m_buffer;           //!< attribute RlcBuffer
    uint32_t m_blocks;           //!< attribute ResourceBlocks
    double m_power;              //!< attribute CellPower
    double m_exponent;           //!< attribute PathLossExponent
    Time m_coreDelay;            //!< attribute CoreDelay

    Ptr<PointToPointEpcHelper> m_epc;     //!< the core network
    Ptr<LteHelper> m_lte;                 //!< the radio network
    Ptr<ShieldingLossModel> m_shields[2]; //!< of phone 0, downwards and upwards
    NodeContainer m_cells;                //!< nodes
    NetDeviceContainer m_cellDevices;     //!< their radios
    NetDeviceContainer m_phones;          //!< radios
};

} // namespace ns3

#endif // LTE_ACCESS_H
