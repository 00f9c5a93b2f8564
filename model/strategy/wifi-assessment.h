// SPDX-License-Identifier: GPL-2.0-only
#ifndef WIFI_ASSESSMENT_H
#define WIFI_ASSESSMENT_H

#include "phone-connection-manager.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * A strategy that is told that WiFi is bad: when its signal is weak, with hysteresis, or it cannot
 * be used at all.
 */
class WifiAssessment : public PhoneConnectionManager
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    uint32_t GetStaleTimeouts() const override;

  protected:
    void OnAccess(Access access, bool usable, std::optional<double> signal) override;

    /// @return whether WiFi is bad
    bool IsWifiBad() const;
    /// @return attribute FailThreshold
    uint32_t GetFailThreshold() const;

  private:
    double m_badBelow;        //!< BadBelow
    double m_goodAbove;       //!< GoodAbove
    uint32_t m_failThreshold; //!< FailThreshold
    bool m_bad{false};        //!< see IsWifiBad()
};

} // namespace ns3

#endif // WIFI_ASSESSMENT_H
