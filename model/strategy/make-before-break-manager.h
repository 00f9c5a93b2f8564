// SPDX-License-Identifier: GPL-2.0-only
#ifndef MAKE_BEFORE_BREAK_MANAGER_H
#define MAKE_BEFORE_BREAK_MANAGER_H

#include "phone-connection-manager.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Make before break, by WiFi's signal strength: opens cellular when WiFi weakens, closes WiFi when
 * it is weak and cellular is there, and returns when WiFi has been strong for a while. Between two
 * thresholds both carry data. A WiFi that is lost counts as weak.
 */
class MakeBeforeBreakManager : public PhoneConnectionManager
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    Wish Decide(const View& view) override;

  protected:
    void DoDispose() override;
    void OnAccess(Access access, bool usable, std::optional<double> signal) override;

  private:
    /// WiFi has been strong for long enough.
    void Return();

    double m_openBelow;   //!< OpenBelow
    double m_closeBelow;  //!< CloseBelow
    double m_returnAbove; //!< ReturnAbove
    Time m_returnAfter;   //!< ReturnAfter

    bool m_weak{false};    //!< cellular shall be there
    bool m_tooWeak{false}; //!< WiFi shall go
    EventId m_returnTimer; //!< runs while WiFi is strong after it was weak
};

} // namespace ns3

#endif // MAKE_BEFORE_BREAK_MANAGER_H
