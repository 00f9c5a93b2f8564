# SPDX-License-Identifier: GPL-2.0-only

# Let headers from several folders be included as "ns3/<name>", as they are once installed. Each
# becomes a file of one line that includes the real one, as in an ns-3 tree: relative includes
# mean the same in both lives, and compilers' messages name the file that one edits. The header
# LIBRARY-module.h includes them all.
function(mptcp_forward_headers folder library)
  set(names "")
  string(TOUPPER "NS3_MODULE_${library}" guard)
  string(MAKE_C_IDENTIFIER "${guard}" guard)
  set(module "#ifndef ${guard}\n#define ${guard}\n")
  foreach(header ${ARGN})
    get_filename_component(name "${header}" NAME)
    get_filename_component(path "${header}" ABSOLUTE)
    if(name IN_LIST names)
      message(FATAL_ERROR "Two headers are called ${name}")
    endif()
    list(APPEND names "${name}")
    file(CONFIGURE OUTPUT "${folder}/${name}" CONTENT "#include \"${path}\"\n" @ONLY)
    string(APPEND module "#include \"ns3/${name}\"\n")
  endforeach()
  file(CONFIGURE OUTPUT "${folder}/${library}-module.h" CONTENT "${module}#endif\n" @ONLY)
  # A header that was renamed or removed must not be found any more.
  file(GLOB present RELATIVE "${folder}" "${folder}/*.h")
  list(REMOVE_ITEM present ${names} ${library}-module.h)
  foreach(name ${present})
    file(REMOVE "${folder}/${name}")
  endforeach()
endfunction()
