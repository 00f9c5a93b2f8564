# SPDX-License-Identifier: GPL-2.0-only
# What `cmake --install` puts beside libraries and headers so that find_package(ns3-mptcp) finds
# them, and the Debian package that `cpack` makes of it all.

include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/ns3-mptcp")
set(package_config "${CMAKE_CURRENT_BINARY_DIR}/generated/ns3-mptcp-config.cmake")
configure_package_config_file(
  cmake/ns3-mptcp-config.cmake.in "${package_config}" INSTALL_DESTINATION "${package_dir}"
)
write_basic_package_version_file(
  generated/ns3-mptcp-config-version.cmake COMPATIBILITY SameMinorVersion
)
install(FILES "${package_config}"
              "${CMAKE_CURRENT_BINARY_DIR}/generated/ns3-mptcp-config-version.cmake"
              cmake/MptcpDependencies.cmake DESTINATION "${package_dir}"
)
# The same for ./mptcp new, out of the build folder.
set(package_here "${CMAKE_CURRENT_BINARY_DIR}/package")
file(COPY "${package_config}" cmake/MptcpDependencies.cmake DESTINATION "${package_here}")
export(EXPORT ns3-mptcp NAMESPACE ns3:: FILE "${package_here}/ns3-mptcp-targets.cmake")
install(EXPORT ns3-mptcp NAMESPACE ns3:: FILE ns3-mptcp-targets.cmake DESTINATION "${package_dir}")

# Classes of ns-3 change their layout from release to release: the package fits one of them only.
math(EXPR next_minor "${MPTCP_NS3_MINOR} + 1")
set(CPACK_GENERATOR DEB)
# Not where one happens to stand.
set(CPACK_PACKAGE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
set(CPACK_PACKAGE_NAME libns3-mptcp-dev)
set(CPACK_PACKAGE_CONTACT "The authors of ns3-mptcp")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Multipath TCP for ns-3.${MPTCP_NS3_MINOR}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "libns3-dev (>= 3.${MPTCP_NS3_MINOR}), libns3-dev (<< 3.${next_minor}~), ns3"
)
find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
find_program(FILE_EXECUTABLE file)
mark_as_advanced(DPKG_SHLIBDEPS FILE_EXECUTABLE)
if(DPKG_SHLIBDEPS AND FILE_EXECUTABLE)
  # Adds libns3.<release> and the other libraries.
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
else()
  message(STATUS "No dpkg-shlibdeps or file: a .deb would not name the libraries that it needs")
endif()
include(CPack)
