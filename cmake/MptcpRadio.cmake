# SPDX-License-Identifier: GPL-2.0-only
# Accesses of phones over ns-3's radios: a second library, for an ns-3 that has wifi and lte. Sets
# radio_library to its target, and to nothing without it.

set(radio_library "")
set(radio_modules wifi lte mobility propagation bridge)
foreach(module ${radio_modules})
  if(NOT TARGET ns3::${module} AND NOT TARGET ns3::lib${module})
    message(STATUS "Without ns-3's ${module} mptcp-radio is not built")
    return()
  endif()
endforeach()

mptcp_find_ns3(${radio_modules})
list(APPEND package_modules ${radio_modules})
list(TRANSFORM radio_modules PREPEND "ns3::")
set(radio_include "${CMAKE_CURRENT_BINARY_DIR}/include-radio")
mptcp_forward_headers("${radio_include}/ns3" mptcp-radio ${radio_headers})

set(radio_library mptcp-radio)
add_library(mptcp-radio SHARED ${radio_sources} ${radio_headers})
set_target_properties(
  mptcp-radio
  PROPERTIES OUTPUT_NAME ns3.${MPTCP_NS3_MINOR}-mptcp-radio DEFINE_SYMBOL ""
             PUBLIC_HEADER "${radio_headers};${radio_include}/ns3/mptcp-radio-module.h"
             INSTALL_RPATH_USE_LINK_PATH ON
)
target_include_directories(mptcp-radio PUBLIC "$<BUILD_INTERFACE:${radio_include}>")
target_link_libraries(mptcp-radio PUBLIC mptcp ${radio_modules})
target_compile_definitions(mptcp-radio INTERFACE MPTCP_RADIO)
# Programs find its accesses by their names.
target_link_options(mptcp-radio INTERFACE -Wl,--no-as-needed)
target_precompile_headers(mptcp-radio REUSE_FROM mptcp)
install(
  TARGETS mptcp-radio
  EXPORT ns3-mptcp
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  PUBLIC_HEADER DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/ns3"
  INCLUDES
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
)
