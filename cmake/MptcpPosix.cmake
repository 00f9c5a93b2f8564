# SPDX-License-Identifier: GPL-2.0-only
# Programs in C that run in nodes (PosixApplication): shared objects that hold, beside the program,
# the sources in posix/, which stand between it and the C library of the host.

get_filename_component(MPTCP_POSIX_SOURCE_DIR "${CMAKE_CURRENT_LIST_DIR}" DIRECTORY)

# How a target's C is compiled and found: as in ./mptcp cc. A compiler that knows malloc() takes its
# bytes for undefined: here they are 0. Programs cast between the kinds of struct sockaddr. exit() and
# the end of a program that still runs unwind its stack.
function(mptcp_posix_options target)
  set_target_properties(${target} PROPERTIES C_VISIBILITY_PRESET hidden POSITION_INDEPENDENT_CODE ON)
  target_include_directories(
    ${target} PRIVATE "${MPTCP_POSIX_SOURCE_DIR}/model/api" "${MPTCP_POSIX_SOURCE_DIR}/model/posix"
  )
  target_compile_options(
    ${target} PRIVATE -fno-builtin -fno-strict-aliasing -fexceptions -U_FORTIFY_SOURCE -fno-sanitize=all
                      -Wno-pedantic
  )
  if(MPTCP_FUZZ)
    target_compile_options(${target} PRIVATE -fno-profile-instr-generate -fno-coverage-mapping)
  endif()
endfunction()

# mptcp_posix_program(NAME SOURCE...): makes posix/NAME.so in the build folder.
function(mptcp_posix_program name)
  if(NOT TARGET mptcp-posix-shim)
    file(GLOB shim CONFIGURE_DEPENDS "${MPTCP_POSIX_SOURCE_DIR}/posix/*.c")
    add_library(mptcp-posix-shim OBJECT ${shim})
    mptcp_posix_options(mptcp-posix-shim)
  endif()
  # An example may have the name of its program.
  set(target mptcp-posix-${name})
  add_library(${target} MODULE ${ARGN} $<TARGET_OBJECTS:mptcp-posix-shim>)
  set_target_properties(
    ${target} PROPERTIES PREFIX "" OUTPUT_NAME ${name} SUFFIX ".so"
                         LIBRARY_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/posix"
  )
  mptcp_posix_options(${target})
  target_link_options(${target} PRIVATE -Wl,-z,defs -fno-sanitize=all)
endfunction()

# mptcp_posix_programs(SOURCE...): each file is a program; the target mptcp-posix-programs makes all.
function(mptcp_posix_programs)
  add_custom_target(mptcp-posix-programs)
  foreach(source ${ARGN})
    get_filename_component(name "${source}" NAME_WE)
    mptcp_posix_program(${name} "${source}")
    add_dependencies(mptcp-posix-programs mptcp-posix-${name})
  endforeach()
endfunction()
