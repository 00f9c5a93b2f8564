// SPDX-License-Identifier: GPL-2.0-only
#ifndef RADIO_ENERGY_H
#define RADIO_ENERGY_H

#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cstdint>
#include <optional>

namespace ns3
{

/**
 * @ingroup mptcp
 * An estimate of the energy that a phone's radio takes, by the model of J. Huang et al., "A Close
 * Examination of Performance and Power Characteristics of 4G LTE Networks", MobiSys 2012: while
 * there is traffic, power grows with throughput, up and down; the first packet after a pause wakes
 * the radio up (promotion); after the last one it stays awake for a while (tail). An idle radio
 * counts as nothing, so do screen and processor.
 *
 * Throughput is that of bins of fixed length; a bin with any traffic counts as busy in whole.
 */
class RadioEnergy : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    RadioEnergy();
    ~RadioEnergy() override;

    /**
     * A packet. Times do not go back.
     * @param at when
     * @param bytes of it
     * @param up whether the phone sends it
     */
    void Count(Time at, uint32_t bytes, bool up);

    /// @param end of the time that is looked at, after all packets @return energy until then, in J
    double GetJoule(Time end) const;

  protected:
    /// The parameters of a radio, as in the paper's tables 3 and 4.
    struct Parameters
    {
        double uplink;         //!< mW for each Mb/s sent
        double downlink;       //!< mW for each Mb/s received
        double base;           //!< mW while there is traffic
        double promotionPower; //!< mW
        Time promotionTime;    //!< how long waking up takes
        double tailPower;      //!< mW
        Time tailTime;         //!< how long it stays awake
    };

    /// @param type of a derived class @param parameters defaults of its attributes
    /// @return the same type with attributes
    static TypeId AddAttributes(TypeId type, const Parameters& parameters);

  private:
    /// @return energy of the bin that is being filled, in mJ
    double GetBinEnergy() const;

    double m_uplinkPower{0};    //!< UplinkPower
    double m_downlinkPower{0};  //!< DownlinkPower
    double m_basePower{0};      //!< BasePower
    double m_promotionPower{0}; //!< PromotionPower
    Time m_promotionTime;       //!< PromotionTime
    double m_tailPower{0};      //!< TailPower
    Time m_tailTime;            //!< TailTime
    Time m_bin;                 //!< Bin

    double m_energy{0};          //!< up to the bin that is being filled, in mJ
    std::optional<Time> m_begin; //!< of that bin
    uint64_t m_up{0};            //!< bytes sent in it
    uint64_t m_down{0};          //!< bytes received in it
};

/// An 802.11 radio, with the parameters of that paper.
class WifiRadioEnergy : public RadioEnergy
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
};

/// An LTE radio, with the parameters of that paper.
class LteRadioEnergy : public RadioEnergy
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
};

} // namespace ns3

#endif // RADIO_ENERGY_H
