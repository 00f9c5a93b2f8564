// SPDX-License-Identifier: GPL-2.0-only
#ifndef ACCESS_EVENTS_H
#define ACCESS_EVENTS_H

#include "ns3/nstime.h"

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Something that happens to one of a phone's accesses.
 */
struct AccessEvent
{
    /// What can happen.
    enum What
    {
        UP,     //!< the interface is up and nothing is silent any more
        DOWN,   //!< the phone's interface goes down
        SILENT, //!< everything is lost in both directions, and nobody is told
        RATE,   //!< value: bits per second, of each direction
        DELAY,  //!< value: seconds, one way
        LOSS,   //!< value: part of the packets, of each direction, 0 to 1
        SIGNAL, //!< value: dBm, what the phone measures
    };

    Time time;          //!< when, since the beginning of the simulation
    std::string access; //!< name of the access: wifi, cellular
    What what{UP};      //!< which
    double value{0};    //!< see What; 0 where that names none
    uint32_t line{0};   //!< of the file that tells of it, from 1 on
};

/// @param what a kind of event @return its name in files
const char* GetAccessEventName(AccessEvent::What what);

/**
 * Read events, one a line: time in s, access, event, and its value where it has one: a rate in
 * Mb/s, a delay in ms, a loss from 0 to 1, a signal in dBm. Blanks or a comma stand between them.
 * What follows # is a comment, and a first line that begins with the word time names the columns.
 * Times must not go back; what happens at the same time happens in the order of the lines.
 * @param stream where they are
 * @param name of the stream, for errors
 * @return the events, in order
 * @throw std::invalid_argument with name, line and what is wrong there
 */
std::vector<AccessEvent> ReadAccessEvents(std::istream& stream, const std::string& name);

/**
 * Read a file of events.
 * @param file its name
 * @return the events, in order
 * @throw std::invalid_argument as above, and where the file cannot be read
 */
std::vector<AccessEvent> ReadAccessEvents(const std::string& file);

} // namespace ns3

#endif // ACCESS_EVENTS_H
