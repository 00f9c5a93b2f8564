# SPDX-License-Identifier: GPL-2.0-only
"""Python functions where ns-3 wants functions: events, trace sources, callbacks of sockets.

Whoever is given a function holds it as long as it may be called. An exception in one ends
Simulator.Run(), which raises it as it was; so does Simulator.Destroy(), once it has called all.
"""

import functools
import re

import cppyy
import cppyy.types
from ns import ns

from ._glue import glue
from ._values import as_time

_STRING = "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >"
# What functions of signatures return, but for nothing.
_ANSWERS = {"bool": bool, "ns3::TcpFrame": ns.TcpFrame}
_under_way = None  # "Run" or "Destroy"
_failure = None


@functools.lru_cache(maxsize=None)
def _functions(signature):
    """What glue.h has for functions of a signature, which is written as in C++, of a pointer."""
    name = "Functions%d" % _functions.cache_info().misses
    # Read as C++: cppyy would misunderstand some types in brackets.
    code = "using %s = Function<%s>;" % (name, signature)
    if "std::string" in signature or signature.count("ns3::Ptr<") > 1:
        # A trace source's: what cppyy cannot hand over becomes something else, see ToPython().
        given = re.sub("(const )?std::string( const)?&?", "const char*", signature)
        given = re.sub("ns3::Ptr<(?:const )?([A-Za-z0-9_:]+)(?: const)?>", r"\1*", given)
        code = """struct %s
        {
            static bool Connect(ns3::ObjectBase* object, const std::string& source,
                                std::function<%s> made, PyObject* function)
            {
                return Function<%s>::Connect(object, source,
                    [made](auto&&... values) { made(ToPython(values)...); }, function);
            }
        };""" % (name, given.replace("(*)", ""), signature)
    cppyy.cppdef("namespace ns3_mptcp { %s }" % code)
    return getattr(glue, name)


def _own(value):
    """An argument that may be kept: cppyy shows C++'s, which ends with the call."""
    if not isinstance(value, cppyy.types.Instance):
        return value
    kind = type(value)
    try:
        return ns.Ptr[kind](value) if isinstance(value, ns.Object) else kind(value)
    except TypeError:
        return value  # cannot be copied


def guard(function, *args, answer=None):
    """What may be called by C++ in place of a function, with args in front: no exception gets
    out of it during Run() and Destroy(). The first one ends Run(), in which no function is called
    any more. answer: the class of what is to be returned; one of it is what a failure leaves."""
    if not callable(function):
        raise TypeError("not a function: %r" % (function,))

    def checked(*more):
        returned = function(*args, *map(_own, more))
        if answer is bool:
            return bool(returned)
        if answer is not None and not isinstance(returned, answer):
            raise TypeError("%r was returned where a %s is wanted" % (returned, answer.__name__))
        return returned

    def call(*more):
        global _failure
        if _under_way is None:
            return checked(*more)
        if _failure is None or _under_way == "Destroy":
            try:
                return checked(*more)
            except BaseException as failure:  # pylint: disable=broad-exception-caught
                _failure = _failure or failure
                if _under_way == "Run":
                    ns.Simulator.Stop()
        return answer() if answer else None

    return call


def _whole(name, original):
    def whole():
        global _failure, _under_way
        if _under_way is not None:
            raise RuntimeError("Simulator.%s() is under way" % _under_way)
        _failure = None
        _under_way = name
        try:
            original()
        finally:
            _under_way = None
        failure, _failure = _failure, None
        if failure is not None:
            raise failure

    whole.__doc__ = "Simulator::%s(). Raises what a function has raised first." % name
    return whole


def make(signature, function, *args):
    """A std::function. signature: as in C++, of a pointer to a function."""
    call = guard(function, *args, answer=_ANSWERS.get(signature.partition("(")[0]))
    return _functions(signature).Keep(call, call)


def make_callback(signature, function, *args):
    """An ns3::Callback; None makes one that calls nothing."""
    kind = _functions(signature)
    if function is None:
        return kind.MakeNull()
    call = guard(function, *args, answer=_ANSWERS.get(signature.partition("(")[0]))
    return kind.MakeCallback(call, call)


def _scheduler(name, has_delay):
    original = getattr(ns.Simulator, name)

    @functools.wraps(original, assigned=("__name__", "__doc__"))
    def schedule(*args):
        position = 1 if has_delay else 0
        if len(args) <= position or not callable(args[position]):
            return original(*args)
        event = glue.MakeEvent(guard(args[position], *args[position + 1:]))
        if not has_delay:
            return original(event)
        delay = as_time(args[0])
        if delay.IsStrictlyNegative():
            raise ValueError("Simulator.%s: %s s is in the past" % (name, delay.GetSeconds()))
        return original(delay, event)

    return schedule


def _split(text):
    """The arguments of a template, of the text behind its <."""
    depth, begin, found = 0, 0, []
    for i, letter in enumerate(text):
        if letter in ",>" and depth == 0:
            found.append(text[begin:i].strip())
            begin = i + 1
            if letter == ">":
                break
        depth += (letter in "<(") - (letter in ">)")
    return found


def signature_of(information):
    """What functions of a trace source are given, as a pointer to such a function."""
    name = str(glue.GetAccessorType(information.accessor))
    made = name.partition("DoMakeTraceSourceAccessor<")[2]
    if not made:
        # An accessor of its own kind.
        return str(information.callback)
    kind, _, rest = _split(made.replace(_STRING, "std::string"))[1].partition("<")
    arguments = _split(rest)
    if kind == "ns3::TracedValue":
        arguments *= 2
    return "void(*)(%s)" % ", ".join(arguments)


def connect(target, source, function):
    """ObjectBase::TraceConnectWithoutContext() for Python functions."""
    information = ns.TypeId.TraceSourceInformation()
    kind = target.GetInstanceTypeId()
    if not kind.LookupTraceSourceByName(source, information):
        raise ValueError("%s has no trace source %s; there are: %s"
                         % (kind.GetName(), source, ", ".join(trace_sources(target))))
    call = guard(function)
    return _functions(signature_of(information)).Connect(target, source, call, call)


def trace_sources(target):
    """Names of an object's trace sources."""
    names = []
    kind = target.GetInstanceTypeId()
    while True:
        names += [str(kind.GetTraceSource(i).name) for i in range(kind.GetTraceSourceN())]
        if not kind.HasParent() or kind.GetParent() == kind:
            return sorted(names)
        kind = kind.GetParent()


def _trace_connect(original):
    def trace_connect(self, source, sink):
        if isinstance(sink, ns.CallbackBase):
            return original(self, source, sink)
        return connect(self, source, sink)

    return trace_connect


def _config_connect(original):
    def config_connect(path, sink):
        if isinstance(sink, ns.CallbackBase):
            original(path, sink)
            return
        where, _, source = str(path).rpartition("/")
        found = ns.Config.LookupMatches(where)
        if found.GetN() == 0:
            raise ValueError("%s: nothing is there" % path)
        for i in range(found.GetN()):
            found.Get(i).TraceConnectWithoutContext(source, sink)

    return config_connect


_SOCKET = "ns3::Ptr<ns3::Socket>"
_ADDRESS = _SOCKET + ", const ns3::Address&"
# Functions that take callbacks, with the signatures of these.
_SOCKET_CALLBACKS = {
    "SetConnectCallback": ("void(*)(%s)" % _SOCKET,) * 2,
    "SetCloseCallbacks": ("void(*)(%s)" % _SOCKET,) * 2,
    "SetAcceptCallback": ("bool(*)(%s)" % _ADDRESS, "void(*)(%s)" % _ADDRESS),
    "SetDataSentCallback": ("void(*)(%s, uint32_t)" % _SOCKET,),
    "SetSendCallback": ("void(*)(%s, uint32_t)" % _SOCKET,),
    "SetRecvCallback": ("void(*)(%s)" % _SOCKET,),
}
# Functions that take a std::function, by class: which argument, and its signature.
_FUNCTIONS = {
    "MptcpSocket": {
        "SetEventCallback": (0, "void(*)(const ns3::MptcpPathEvent&)"),
        "AddEventCallback": (0, "void(*)(const ns3::MptcpPathEvent&)")},
    "MptcpController": {"AddEventCallback": (0, "void(*)(const ns3::MptcpControlEvent&)")},
    "MptcpEndpoints": {
        "AddCallback":
            (0, "void(*)(const std::vector<ns3::MptcpEndpoint>&, ns3::MptcpEndpoints::Change)")},
    "MptcpControlPort": {"SetReadyCallback": (0, "void(*)()")},
    "MptcpL4Protocol": {
        "AddAddressCallback": (0, "void(*)(const ns3::MptcpL4Protocol::LocalAddress&, bool)")},
    "RangeClient": {"Get": (2, "void(*)()"), "Put": (1, "void(*)()")},
    "Ipv4SourceRouting": {"SetAddressCallback": (0, "void(*)(ns3::Ipv4Address, uint32_t, bool)")},
    "Ipv6SourceRouting": {"SetAddressCallback": (0, "void(*)(ns3::Ipv6Address, uint32_t, bool)")},
    "SegmentForger": {"SetFlood": (0, "ns3::TcpFrame(*)(uint64_t)")},
}


def _with_callbacks(original, signatures):
    def set_callbacks(self, *functions):
        if len(functions) > len(signatures):
            raise TypeError("%d functions at most" % len(signatures))
        made = [function if isinstance(function, ns.CallbackBase)
                else make_callback(signature, function)
                for signature, function in zip(signatures, functions)]
        # Those that are left out call nothing.
        made += [make_callback(signature, None) for signature in signatures[len(made):]]
        return original(self, *made)

    return set_callbacks


def _with_function(original, position, signature):
    def set_function(self, *args):
        if len(args) > position and callable(args[position]):
            args = list(args)
            args[position] = make(signature, args[position])
        return original(self, *args)

    return set_function


def install():
    """Let ns-3's own functions take Python's."""
    for name, has_delay in (("Schedule", True), ("ScheduleNow", False), ("ScheduleDestroy", False)):
        setattr(ns.Simulator, name, staticmethod(_scheduler(name, has_delay)))
    ns.Simulator.Run = staticmethod(_whole("Run", ns.Simulator.Run))
    ns.Simulator.Destroy = staticmethod(_whole("Destroy", ns.Simulator.Destroy))
    ns.ObjectBase.TraceConnectWithoutContext = _trace_connect(
        ns.ObjectBase.TraceConnectWithoutContext)
    ns.Config.ConnectWithoutContext = _config_connect(ns.Config.ConnectWithoutContext)
    for name, signatures in _SOCKET_CALLBACKS.items():
        setattr(ns.Socket, name, _with_callbacks(getattr(ns.Socket, name), signatures))
    for kind, functions in _FUNCTIONS.items():
        cls = getattr(ns, kind)
        for name, (position, signature) in functions.items():
            setattr(cls, name, _with_function(getattr(cls, name), position, signature))
