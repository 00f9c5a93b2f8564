# SPDX-License-Identifier: GPL-2.0-only
# Finds what the module stands on, and repairs the targets that an installed ns-3 exports.

# Sets MPTCP_NS3_MINOR (37 for 3.37), and ns3::<module> for each module asked for.
macro(mptcp_find_ns3)
  # No version argument: ns-3's version file accepts nothing but an exact match.
  find_package(ns3 CONFIG REQUIRED)
  mptcp_ns3_minor("${ns3_VERSION}")
  foreach(module ${ARGN})
    # Targets were called ns3::libcore before they were called ns3::core.
    if(NOT TARGET ns3::${module} AND TARGET ns3::lib${module})
      add_library(ns3::${module} INTERFACE IMPORTED)
      target_link_libraries(ns3::${module} INTERFACE ns3::lib${module})
    endif()
    if(NOT TARGET ns3::${module})
      message(FATAL_ERROR "This ns-3 has no module ${module}")
    endif()
  endforeach()
  get_property(imported DIRECTORY PROPERTY IMPORTED_TARGETS)
  foreach(target ${imported})
    if(target MATCHES "^ns3::")
      mptcp_repair_target(${target})
    endif()
  endforeach()
endmacro()

# Sets MPTCP_NS3_MINOR, and says so where the module does not fit this ns-3; for an ns-3 that is
# installed and for a source tree.
macro(mptcp_ns3_minor version)
  mptcp_parse_ns3_minor("${version}")
  if(MPTCP_NS3_MINOR LESS 37)
    message(FATAL_ERROR "ns-3 ${version} is too old: 3.37 or later is needed")
  elseif(MPTCP_NS3_MINOR GREATER 48)
    message(WARNING "ns-3 ${version} is newer than 3.48, the newest that is known to work")
  endif()
endmacro()

# "3.37" -> 37. A development tree ("3-dev") counts as newer than every release.
macro(mptcp_parse_ns3_minor version)
  if("${version}" MATCHES "^3\\.([0-9]+)")
    set(MPTCP_NS3_MINOR ${CMAKE_MATCH_1})
  else()
    set(MPTCP_NS3_MINOR 99)
  endif()
endmacro()

# Exported targets name folders and libraries of the machine that packaged ns-3. CMake refuses
# folders that do not exist, and the linker libraries: nothing here needs either.
function(mptcp_repair_target target)
  foreach(property INTERFACE_INCLUDE_DIRECTORIES INTERFACE_LINK_LIBRARIES)
    get_target_property(entries ${target} ${property})
    if(entries)
      set(kept "")
      foreach(entry ${entries})
        string(REGEX REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1" path "${entry}")
        if(NOT IS_ABSOLUTE "${path}" OR EXISTS "${path}")
          list(APPEND kept "${entry}")
        endif()
      endforeach()
      set_target_properties(${target} PROPERTIES ${property} "${kept}")
    endif()
  endforeach()
endfunction()

# Boost.Context gives the stacks of programs that run in nodes.
macro(mptcp_find_boost_context)
  find_path(BOOST_CONTEXT_INCLUDE_DIR boost/context/fiber.hpp)
  find_library(BOOST_CONTEXT_LIBRARY boost_context)
  mark_as_advanced(BOOST_CONTEXT_INCLUDE_DIR BOOST_CONTEXT_LIBRARY)
  if(NOT BOOST_CONTEXT_INCLUDE_DIR OR NOT BOOST_CONTEXT_LIBRARY)
    message(FATAL_ERROR "Boost.Context is missing (Debian: libboost-context-dev)")
  endif()
endmacro()

# Nettle gives the module its hash functions; both lives of the module link it.
macro(mptcp_find_nettle)
  find_path(NETTLE_INCLUDE_DIR nettle/sha2.h)
  find_library(NETTLE_LIBRARY nettle)
  mark_as_advanced(NETTLE_INCLUDE_DIR NETTLE_LIBRARY)
  if(NOT NETTLE_INCLUDE_DIR OR NOT NETTLE_LIBRARY)
    message(FATAL_ERROR "nettle is missing (Debian: nettle-dev)")
  endif()
endmacro()
