# SPDX-License-Identifier: GPL-2.0-only
# In a tree where wifi and lte are enabled, accesses over radios are part of the module. This stands
# apart from CMakeLists.txt, where the tree's scripts would take them for what it always needs.
# Extends sources, headers and suites; sets radio_libraries and radio_definition.

set(radio_libraries "")
set(radio_definition "")
foreach(module wifi lte mobility propagation bridge)
  if(NOT module IN_LIST ns3-all-enabled-modules)
    set(radio_libraries "")
    return()
  endif()
  list(APPEND radio_libraries ${lib${module}})
endforeach()
set(radio_definition MPTCP_RADIO)
list(APPEND sources ${radio_sources})
list(APPEND headers ${radio_headers})
list(APPEND suites ${radio_suites})
# Programs that are written for an installed ns-3 include it.
file(CONFIGURE OUTPUT "${CMAKE_HEADER_OUTPUT_DIRECTORY}/mptcp-radio-module.h"
     CONTENT "#include \"ns3/mptcp-module.h\"\n"
)
