# SPDX-License-Identifier: GPL-2.0-only
# The module beside an installed ns-3: a shared library, its tests, examples and benchmarks.

option(MPTCP_WERROR "Treat warnings as errors" OFF)
option(MPTCP_SANITIZE "Build with the address and undefined-behaviour sanitizers" OFF)
option(MPTCP_FUZZ "Build the fuzz targets by libFuzzer, with sanitizers and coverage (clang)" OFF)

set(modules core network internet point-to-point applications stats csma traffic-control
            flow-monitor)
mptcp_find_ns3(${modules})
# What a program that uses the installed package has to find; a library that is built beside this
# one adds its own.
set(package_modules ${modules})
list(TRANSFORM modules PREPEND "ns3::")

# Not what the compiler could do, but what this ns-3's headers need.
if(MPTCP_NS3_MINOR GREATER_EQUAL 48)
  set(CMAKE_CXX_STANDARD 23)
elseif(MPTCP_NS3_MINOR GREATER_EQUAL 43)
  set(CMAKE_CXX_STANDARD 20)
else()
  set(CMAKE_CXX_STANDARD 17)
endif()
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

# As ns-3 builds itself; without -DNDEBUG, assert() stays alive in tests.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
add_compile_options(-Wall -Wextra)
if(MPTCP_WERROR)
  add_compile_options(-Werror)
endif()
if(MPTCP_SANITIZE)
  add_compile_options(
    -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g1
  )
  add_link_options(-fsanitize=address,undefined)
endif()

if(MPTCP_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "MPTCP_FUZZ needs clang: -DCMAKE_CXX_COMPILER=clang++")
  endif()
  add_compile_options(
    -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
    -fno-omit-frame-pointer -gline-tables-only -fprofile-instr-generate -fcoverage-mapping
  )
  # Not programs in nodes: what counts lines would bring calls of the host with it.
  set(is_program $<STREQUAL:$<TARGET_PROPERTY:TYPE>,MODULE_LIBRARY>)
  add_link_options(-fsanitize=address,undefined $<$<NOT:${is_program}>:-fprofile-instr-generate>)
endif()

find_program(CCACHE ccache)
mark_as_advanced(CCACHE)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # With a precompiled header ccache wants to be told that its macros may be trusted.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
                                  CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    add_compile_options(-fpch-preprocess)
  endif()
endif()

# Alike for the library and the programs, or they could not share one precompiled header.
add_compile_options(-fPIC)

include(GNUInstallDirs)
include(cmake/MptcpHeaders.cmake)
set(include_dir "${CMAKE_CURRENT_BINARY_DIR}/include")
set(config "${CMAKE_CURRENT_BINARY_DIR}/generated/mptcp-config.h")
configure_file(cmake/mptcp-config.h.in "${config}" @ONLY)
mptcp_forward_headers("${include_dir}/ns3" mptcp ${headers} "${config}")
if(NOT sources)
  file(CONFIGURE OUTPUT generated/empty.cc CONTENT "" @ONLY)
  set(sources "${CMAKE_CURRENT_BINARY_DIR}/generated/empty.cc")
endif()

# The library. ns-3 names its own by release, and so its Python bindings look for ours.
add_library(mptcp SHARED ${sources} ${headers})
set_target_properties(
  mptcp PROPERTIES OUTPUT_NAME ns3.${MPTCP_NS3_MINOR}-mptcp DEFINE_SYMBOL ""
                   PUBLIC_HEADER "${headers};${config};${include_dir}/ns3/mptcp-module.h"
                   INSTALL_RPATH_USE_LINK_PATH ON
)
target_compile_features(mptcp PUBLIC cxx_std_${CMAKE_CXX_STANDARD})
# Tests use nettle too; no header of the module does.
target_include_directories(
  mptcp PUBLIC "$<BUILD_INTERFACE:${include_dir}>" "$<BUILD_INTERFACE:${NETTLE_INCLUDE_DIR}>"
)
target_link_libraries(
  mptcp PUBLIC ${modules} "$<BUILD_INTERFACE:${NETTLE_LIBRARY}>" PRIVATE "${BOOST_CONTEXT_LIBRARY}"
                                                                         ${CMAKE_DL_LIBS}
)
# Programs that only look up TypeIds need the library all the same.
target_link_options(mptcp INTERFACE -Wl,--no-as-needed)
if(MPTCP_NS3_MINOR LESS 38)
  # Debian's 3.37 is built with logging, which changes the layout of some classes, but does not
  # say so to those who use it.
  target_compile_definitions(mptcp PUBLIC NS3_LOG_ENABLE)
endif()
target_precompile_headers(
  mptcp
  PRIVATE
  <functional>
  <map>
  <memory>
  <optional>
  <string>
  <vector>
  <ns3/core-module.h>
  <ns3/internet-module.h>
  <ns3/network-module.h>
)
install(
  TARGETS mptcp
  EXPORT ns3-mptcp
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  PUBLIC_HEADER DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/ns3"
  INCLUDES
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
)

include(cmake/MptcpRadio.cmake)
if(radio_library)
  list(APPEND suites ${radio_suites})
endif()

# A program of the project; more sources and libraries after its name.
function(mptcp_program name folder)
  cmake_parse_arguments(program "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${program_SOURCES})
  target_link_libraries(${name} PRIVATE mptcp ${program_LIBRARIES})
  target_precompile_headers(${name} REUSE_FROM mptcp)
  set_target_properties(
    ${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/${folder}"
  )
endfunction()

mptcp_posix_programs(${posix_programs})

foreach(source ${mptcp_examples})
  get_filename_component(name "${source}" NAME_WE)
  mptcp_program(${name} examples SOURCES "${source}" LIBRARIES ${radio_library})
  target_compile_definitions(
    ${name} PRIVATE MPTCP_POSIX_PROGRAMS="${CMAKE_CURRENT_BINARY_DIR}/posix"
  )
  add_dependencies(${name} mptcp-posix-programs)
endforeach()

# Whether a program can run in a node, for ./mptcp cc.
mptcp_program(mptcp-posix-check posix SOURCES posix/mptcp-posix-check.cc)

# The manual's tables, for ./mptcp docs.
mptcp_program(mptcp-types docs SOURCES scripts/docs/mptcp-types.cc LIBRARIES ${radio_library})

file(GLOB benches CONFIGURE_DEPENDS "${here}/bench/*.cc")
foreach(source ${benches})
  get_filename_component(name "${source}" NAME_WE)
  mptcp_program(${name} bench SOURCES "${source}")
endforeach()

mptcp_program(mptcp-compare compare SOURCES compare/mptcp-compare.cc)

# Talking to a Linux kernel needs a module that not every ns-3 has.
file(GLOB interop CONFIGURE_DEPENDS "${here}/interop/*.cc")
add_custom_target(mptcp-interop)
if(TARGET ns3::libfd-net-device OR TARGET ns3::fd-net-device)
  mptcp_find_ns3(fd-net-device)
  foreach(source ${interop})
    get_filename_component(name "${source}" NAME_WE)
    mptcp_program(${name} interop SOURCES "${source}" LIBRARIES ns3::fd-net-device)
    add_dependencies(mptcp-interop ${name})
  endforeach()
endif()

# ns-3's test macros add up short strings, which GCC takes for overruns from C++20 on.
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_STANDARD GREATER_EQUAL 20)
  add_compile_options(-Wno-array-bounds -Wno-stringop-overflow)
endif()

# What tests share.
set(test_support "")
if(test_util)
  add_library(mptcp-test-util STATIC ${test_util})
  target_link_libraries(mptcp-test-util PUBLIC mptcp)
  target_include_directories(mptcp-test-util PUBLIC ${test_include})
  target_precompile_headers(mptcp-test-util REUSE_FROM mptcp)
  set_source_files_properties(
    test/fuzz/posix-target.cc PROPERTIES COMPILE_DEFINITIONS "${test_definition}"
  )
  set(test_support mptcp-test-util)
endif()

# ns-3's own kind of tests.
mptcp_program(
  mptcp-test-runner test SOURCES test/test-runner.cc ${suites} ${test_c} LIBRARIES ${test_support}
                                                                                   ${radio_library}
)
target_include_directories(mptcp-test-runner PRIVATE ${test_include})
target_compile_definitions(mptcp-test-runner PRIVATE ${test_definition})
add_dependencies(mptcp-test-runner mptcp-posix-programs)

# GoogleTest for what needs no simulator.
file(GLOB_RECURSE gtests CONFIGURE_DEPENDS "${here}/test/*-gtest.cc")
file(GLOB gtest_support CONFIGURE_DEPENDS "${here}/test/wire/*.cc")
list(FILTER gtest_support EXCLUDE REGEX "-(gtest|test-suite)\\.cc$")
find_package(GTest QUIET)
if(gtests AND GTest_FOUND)
  mptcp_program(
    mptcp-gtest test SOURCES ${gtests} ${gtest_support}
    LIBRARIES ${test_support} GTest::gtest GTest::gtest_main
  )
  target_include_directories(mptcp-gtest PRIVATE "${here}/test/util" "${here}/test/wire")
  target_compile_definitions(mptcp-gtest PRIVATE ${test_definition})
elseif(gtests)
  message(STATUS "Without GoogleTest (Debian: libgtest-dev) mptcp-gtest is not built")
endif()

# Packet scripts by hand.
mptcp_program(mptcp-script test SOURCES test/script/script-main.cc LIBRARIES ${test_support})

# Runs drawn by lot, on what tests share.
if(test_support)
  file(GLOB chaos CONFIGURE_DEPENDS "${here}/chaos/*.cc")
  mptcp_program(mptcp-chaos chaos SOURCES ${chaos} LIBRARIES ${test_support})
endif()

# Fuzz targets. Without libFuzzer each is a program that runs the files that it is given.
foreach(target Option Srh Connection Sockopt Posix)
  string(TOLOWER mptcp-fuzz-${target} name)
  mptcp_program(${name} fuzz SOURCES test/fuzz/fuzz-main.cc LIBRARIES ${test_support})
  target_compile_definitions(${name} PRIVATE FUZZ_TARGET=Fuzz${target})
  add_dependencies(${name} mptcp-posix-programs)
  if(MPTCP_FUZZ)
    target_compile_definitions(${name} PRIVATE MPTCP_LIBFUZZER)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  endif()
endforeach()

include(cmake/MptcpPackage.cmake)
