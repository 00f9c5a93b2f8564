# SPDX-License-Identifier: GPL-2.0-only
"""Functions of ns-3 and of the module that take names and values, with Python's values."""

from ns import ns

from . import _callbacks, _values


def _config_set_default(name, value):
    _values.set_default(name, value)


def _set_socket_attribute(original):
    def set_attribute(self, name, value):
        original(self, name, _values.attribute_value(ns.MptcpSocket.GetTypeId(), name, value))

    return set_attribute


def _with_factory(original, parent):
    """MptcpHelper::SetScheduler() and its kin: a class, and its attributes as named arguments or
    name, value, name, value ..."""
    def set_class(self, kind, *pairs, **attributes):
        if isinstance(kind, ns.ObjectFactory):
            return original(self, kind)
        if len(pairs) % 2 != 0:
            raise TypeError("attribute %r has no value" % (pairs[-1],))
        attributes.update(zip(pairs[::2], pairs[1::2]))
        return original(self, _values.factory(kind, parent.GetTypeId(), **attributes))

    return set_class


def install():
    """Change them."""
    _callbacks.install()
    ns.ObjectBase.SetAttribute = _values.set_attribute
    ns.Config.SetDefault = _config_set_default
    helper = ns.MptcpHelper
    helper.SetSocketAttribute = _set_socket_attribute(helper.SetSocketAttribute)
    for cls, name, parent in ((helper, "SetPathManager", ns.MptcpPathManager),
                              (helper, "SetScheduler", ns.MptcpScheduler),
                              (helper, "SetCongestionControl", ns.TcpCongestionOps),
                              (ns.MiddleboxHelper, "Add", ns.Middlebox)):
        setattr(cls, name, _with_factory(getattr(cls, name), parent))
