// SPDX-License-Identifier: GPL-2.0-only
#ifndef FIBER_H
#define FIBER_H

#include <cstddef>
#include <functional>
#include <memory>

namespace ns3
{

/**
 * @ingroup mptcp
 * A function on a stack of its own, which can stop in the middle and go on later. Below the stack
 * lies a page that nobody may touch, so that an overflow ends the run instead of changing other
 * memory. errno is the fiber's own.
 */
class Fiber
{
  public:
    /// @param stackSize bytes of the stack @param body the function, from which no exception comes
    Fiber(size_t stackSize, std::function<void()> body);
    /// It must have finished, or never been resumed: its stack is not unwound here.
    ~Fiber();
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    /// Run it until it suspends itself or ends. To be called from outside.
    void Resume();
    /// Go back to where Resume() was called. To be called from inside.
    void Suspend();
    /// @return whether the function is over
    bool IsFinished() const;

  private:
    struct State;

    std::unique_ptr<State> m_state; //!< with the types of Boost.Context
};

} // namespace ns3

#endif // FIBER_H
