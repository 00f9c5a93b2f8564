// SPDX-License-Identifier: GPL-2.0-only
// What Python and ns-3 need between them, read by cppyy. C++ owns a reference to each function that
// it is given, so that lambdas and bound methods live as long as something may call them.
#ifndef NS3_MPTCP_GLUE_H
#define NS3_MPTCP_GLUE_H

#include "ns3/core-module.h"

#include <cstdlib>
#include <cxxabi.h>
#include <functional>
#include <string>
#include <type_traits>
#include <typeinfo>

// Of Python's own header, which need not be installed.
struct _object;
typedef struct _object PyObject;
extern "C"
{
    int Py_IsInitialized();
    void Py_IncRef(PyObject*);
    void Py_DecRef(PyObject*);
    PyObject* PyObject_CallNoArgs(PyObject*);
}

namespace ns3_mptcp
{

/// A reference to a Python object.
class Reference
{
  public:
    explicit Reference(PyObject* object)
        : m_object(object)
    {
        Py_IncRef(m_object);
    }

    Reference(const Reference& other)
        : Reference(other.m_object)
    {
    }

    Reference& operator=(const Reference&) = delete;

    ~Reference()
    {
        // Static objects of ns-3 may outlive Python.
        if (Py_IsInitialized())
        {
            Py_DecRef(m_object);
        }
    }

    PyObject* Get() const
    {
        return m_object;
    }

  private:
    PyObject* m_object;
};

/// A Python function as an event.
class Event : public ns3::EventImpl
{
  public:
    explicit Event(PyObject* function)
        : m_function(function)
    {
    }

  private:
    void Notify() override
    {
        // It lets no exception out.
        if (PyObject* result = PyObject_CallNoArgs(m_function.Get()))
        {
            Py_DecRef(result);
        }
    }

    Reference m_function;
};

inline ns3::Ptr<ns3::EventImpl>
MakeEvent(PyObject* function)
{
    return ns3::Ptr<ns3::EventImpl>(new Event(function), false);
}

/// The class behind the accessor of a trace source, which says what its functions are given. What
/// TypeIds say of that is not always true, and ns-3 ends the program if it is not.
inline std::string
GetAccessorType(ns3::Ptr<const ns3::TraceSourceAccessor> accessor)
{
    int status = 0;
    char* text =
        abi::__cxa_demangle(typeid(*ns3::PeekPointer(accessor)).name(), nullptr, nullptr, &status);
    const std::string name = text ? text : "";
    std::free(text);
    return name;
}

// cppyy itself would compile what it calls for the class of the one checker or accessor, which not
// all headers allow.

inline bool
HasSetter(const ns3::TypeId::AttributeInformation& attribute)
{
    return attribute.accessor->HasSetter();
}

inline std::string
GetValueKind(const ns3::TypeId::AttributeInformation& attribute)
{
    return attribute.checker->GetValueTypeName();
}

/// What ns-3 tells of the values that an attribute accepts.
inline std::string
GetAccepted(const ns3::TypeId::AttributeInformation& attribute)
{
    return attribute.checker->HasUnderlyingTypeInformation()
               ? attribute.checker->GetUnderlyingTypeInformation()
               : "";
}

/// Functions of one signature, which is written as a pointer to such a function.
template <typename Signature>
struct Function;

template <typename R, typename... A>
struct Function<R (*)(A...)>
{
    /// @param made what cppyy has made of a Python function, which it does not keep alive
    static std::function<R(A...)> Keep(std::function<R(A...)> made, PyObject* function)
    {
        return [made, reference = Reference(function)](A... a) -> R
        { return made(std::forward<A>(a)...); };
    }

    static ns3::Callback<R, A...> MakeCallback(std::function<R(A...)> made, PyObject* function)
    {
        return ns3::Callback<R, A...>(Keep(made, function));
    }

    static ns3::Callback<R, A...> MakeNull()
    {
        return ns3::Callback<R, A...>();
    }

    static bool Connect(ns3::ObjectBase* object,
                        const std::string& source,
                        std::function<R(A...)> made,
                        PyObject* function)
    {
        return object->TraceConnectWithoutContext(source, MakeCallback(made, function));
    }
};

/// What Python is given for an argument where cppyy cannot hand over what there is: a std::string,
/// and more than one Ptr.
template <typename T>
const T&
ToPython(const T& value)
{
    return value;
}

inline const char*
ToPython(const std::string& value)
{
    return value.c_str();
}

template <typename T>
std::remove_const_t<T>*
ToPython(const ns3::Ptr<T>& value)
{
    return const_cast<std::remove_const_t<T>*>(ns3::PeekPointer(value));
}

} // namespace ns3_mptcp

#endif // NS3_MPTCP_GLUE_H
