// SPDX-License-Identifier: GPL-2.0-only
#ifndef HANDOVER_MAP_H
#define HANDOVER_MAP_H

#include "experiment.h"

#include <filesystem>
#include <memory>

namespace handover
{

/**
 * Write where radios stand and where the phone goes, for the map: places.dat and path.dat. Nothing
 * is written where no access is a radio, since there are no places then.
 * @param network that is built
 * @param folder where the files go
 * @param end of the simulation
 */
void
WriteMap(const ns3::SmartphoneHelper& network, const std::filesystem::path& folder, ns3::Time end);

/// What writes a file for NetAnim; to be kept until the simulation has ended.
class Animation
{
  public:
    /**
     * @param network that is built
     * @param experiment what it is for
     * @param file its name
     */
    Animation(const ns3::SmartphoneHelper& network,
              const Experiment& experiment,
              const std::filesystem::path& file);
    ~Animation();
    Animation(const Animation&) = delete;
    Animation& operator=(const Animation&) = delete;

    /// @return whether this ns-3 has NetAnim; nothing can be written without it
    static bool IsPossible();

  private:
    struct Writer;
    std::unique_ptr<Writer> m_writer; //!< ns-3's
};

} // namespace handover

#endif // HANDOVER_MAP_H
