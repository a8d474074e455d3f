# How the project's own targets are made: warnings, sanitizers, and the four shapes a folder may hold.
add_library(faisca_options INTERFACE)
target_compile_options(faisca_options INTERFACE -Wall -Wextra -Werror -Wno-missing-designated-field-initializers -fno-omit-frame-pointer)
target_include_directories(faisca_options INTERFACE ${PROJECT_SOURCE_DIR})
target_link_options(faisca_options INTERFACE -fuse-ld=lld)
# cpprestsdk's macro U breaks other headers.
target_compile_definitions(faisca_options INTERFACE _TURN_OFF_PLATFORM_STRING)
if(FAISCA_SANITIZE)
  # vptr reports false positives inside cpprestsdk's stream headers.
  target_compile_options(faisca_options INTERFACE -fsanitize=${FAISCA_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all)
  target_link_options(faisca_options INTERFACE -fsanitize=${FAISCA_SANITIZE})
endif()

if(FAISCA_FUZZ)
  target_compile_options(faisca_options INTERFACE -fsanitize=fuzzer-no-link)  # coverage of what the targets call
endif()

# faisca_library(NAME [SOURCES ...] [DEPS ...]): static library faisca_NAME with alias faisca::NAME.
function(faisca_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  add_library(faisca_${name} STATIC ${arg_SOURCES})
  add_library(faisca::${name} ALIAS faisca_${name})
  target_link_libraries(faisca_${name} PUBLIC faisca_options ${arg_DEPS})
endfunction()

# faisca_binary(NAME SOURCES ... DEPS ...): executable build/PRESET/bin/NAME.
function(faisca_binary name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE faisca_options ${arg_DEPS})
endfunction()

# faisca_test(NAME SOURCES ... [DEPS ...] [LABELS ...] [TIMEOUT s]): one GoogleTest binary, one ctest entry a test case.
function(faisca_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE faisca_options ${arg_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  include(GoogleTest)
  set(properties TIMEOUT ${arg_TIMEOUT})
  if(FAISCA_SANITIZE MATCHES "thread")
    list(APPEND properties ENVIRONMENT "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/tsan.supp")
  endif()
  if(FAISCA_SANITIZE MATCHES "address")
    list(APPEND properties ENVIRONMENT "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/lsan.supp:print_suppressions=0")
  endif()
  if(arg_LABELS)
    list(APPEND properties LABELS "${arg_LABELS}")
  endif()
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 PROPERTIES ${properties})
endfunction()

# faisca_fuzz(NAME SOURCE f [DEPS ...]): libFuzzer target; replays tests/fuzz/corpus/NAME in ctest. Without
# FAISCA_FUZZ the same source is linked with a driver that replays the corpus, so that it always compiles and runs.
function(faisca_fuzz name)
  cmake_parse_arguments(arg "" "SOURCE" "DEPS" ${ARGN})
  if(FAISCA_FUZZ)
    add_executable(${name} ${arg_SOURCE})
    target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${name} ${arg_SOURCE} ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cpp)
  endif()
  target_link_libraries(${name} PRIVATE faisca_options ${arg_DEPS})
  file(GLOB corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name}/*)
  if(NOT corpus)
    message(FATAL_ERROR "${name}: no corpus in tests/fuzz/corpus/${name}")
  endif()
  add_test(NAME fuzz.${name} COMMAND ${name} ${corpus})
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 120)
endfunction()
