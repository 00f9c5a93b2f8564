// SPDX-License-Identifier: GPL-2.0-only
#include "fiber.h"

#include <boost/context/fiber.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <cerrno>
#include <memory>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define FIBER_TELLS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FIBER_TELLS_SANITIZER 1
#endif
#endif

#ifdef FIBER_TELLS_SANITIZER
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace ns3
{

namespace
{

/// A stack as the address sanitizer wants to know it. Without the sanitizer nothing is done.
struct StackBounds
{
    const void* bottom{nullptr}; //!< lowest address
    size_t size{0};              //!< bytes
};

/// The thread is about to leave its stack. @param fake is filled with what the sanitizer keeps for
/// it; nullptr if the stack is left for ever @param to where it goes
void
BeforeSwitch([[maybe_unused]] void** fake, [[maybe_unused]] const StackBounds& to)
{
#ifdef FIBER_TELLS_SANITIZER
    __sanitizer_start_switch_fiber(fake, to.bottom, to.size);
#endif
}

/// The thread is on this stack (again). @param fake what BeforeSwitch() filled, or nullptr
/// @param from is filled with where it came from, or nullptr
void
AfterSwitch([[maybe_unused]] void* fake, [[maybe_unused]] StackBounds* from)
{
#ifdef FIBER_TELLS_SANITIZER
    __sanitizer_finish_switch_fiber(
        fake, from ? &from->bottom : nullptr, from ? &from->size : nullptr);
#endif
}

/// A stack has been unmapped. The sanitizer would hold what is mapped there next against the frames
/// that were left on it. @param stack where it was
void
AfterUnmapping([[maybe_unused]] const StackBounds& stack)
{
#ifdef FIBER_TELLS_SANITIZER
    ASAN_UNPOISON_MEMORY_REGION(stack.bottom, stack.size);
#endif
}

} // namespace

/// What a fiber consists of.
struct Fiber::State
{
    std::function<void()> body;    //!< the function
    size_t stackSize{0};           //!< bytes
    bool finished{false};          //!< see IsFinished()
    int error{0};                  //!< its errno while it is suspended
    boost::context::fiber inside;  //!< where it goes on
    boost::context::fiber outside; //!< where the caller of Resume() goes on
    StackBounds insideBounds;      //!< of its stack
    StackBounds outsideBounds;     //!< of the caller's stack
    void* insideFake{nullptr};     //!< see BeforeSwitch()
    void* outsideFake{nullptr};    //!< see BeforeSwitch()
};

Fiber::Fiber(size_t stackSize, std::function<void()> body)
    : m_state(std::make_unique<State>())
{
    m_state->body = std::move(body);
    m_state->stackSize = stackSize;
}

Fiber::~Fiber()
{
    if (m_state->inside)
    {
        m_state->inside = boost::context::fiber();
        AfterUnmapping(m_state->insideBounds);
    }
}

void
Fiber::Resume()
{
    State& state = *m_state;
    if (state.finished)
    {
        return;
    }
    if (!state.inside)
    {
        namespace context = boost::context;
        context::protected_fixedsize_stack allocator(state.stackSize);
        const context::stack_context stack = allocator.allocate();
        state.insideBounds = {static_cast<char*>(stack.sp) - stack.size, stack.size};
        state.inside = context::fiber(std::allocator_arg,
                                      context::preallocated(stack.sp, stack.size, stack),
                                      allocator,
                                      [&state](context::fiber&& caller)
                                      {
                                          AfterSwitch(nullptr, &state.outsideBounds);
                                          state.outside = std::move(caller);
                                          state.body();
                                          state.finished = true;
                                          BeforeSwitch(nullptr, state.outsideBounds);
                                          return std::move(state.outside);
                                      });
    }
    const int error = std::exchange(errno, state.error);
    BeforeSwitch(&state.outsideFake, state.insideBounds);
    state.inside = std::move(state.inside).resume();
    AfterSwitch(state.outsideFake, nullptr);
    if (state.finished)
    {
        AfterUnmapping(state.insideBounds);
    }
    state.error = std::exchange(errno, error);
}

void
Fiber::Suspend()
{
    State& state = *m_state;
    BeforeSwitch(&state.insideFake, state.outsideBounds);
    state.outside = std::move(state.outside).resume();
    AfterSwitch(state.insideFake, &state.outsideBounds);
}

bool
Fiber::IsFinished() const
{
    return m_state->finished;
}

} // namespace ns3
