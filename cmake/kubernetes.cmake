# Tests on a real Kubernetes. Two ctest fixtures, each started once for a whole run and ended after it (docs/guide/cluster.md):
#   kube_control  etcd, API server, controller manager, scheduler on free loopback ports, the custom resources installed
#   kube_node     a cluster of two nodes with the chart, images of this build (tests/cluster/fixture.py); one test at a time.
#                 Where the machine does not allow it, these tests skip and say why.
#
# A test finds kube_control by FAISCA_TEST_KUBECONFIG, the administrator's kubeconfig. Beside that file lie pki/, tester.kubeconfig (a token
# without rights), bin/ (kubectl and the rest) and control, the command that stops and starts single programs or starts
# another control plane. Tests share it: each makes a namespace of its own, and who breaks something starts its own.
set(faisca_kube_control_dir ${CMAKE_BINARY_DIR}/kube_control)

# Test properties for KUBE tests, as a list for set_tests_properties or gtest_discover_tests.
set(faisca_kube_control_properties FIXTURES_REQUIRED kube_control
    ENVIRONMENT_MODIFICATION "FAISCA_TEST_KUBECONFIG=set:${faisca_kube_control_dir}/admin.kubeconfig")

# The same for kube_node. A test is one of tests/cluster/: its helpers find the cluster, or skip.
set(faisca_kube_node_dir ${CMAKE_BINARY_DIR}/kube_node)
set(faisca_kube_node_environment "FAISCA_CLUSTER=faisca-test;FAISCA_IMAGES=${CMAKE_BINARY_DIR}/images;FAISCA_TEST_CLUSTER=${faisca_kube_node_dir}")
set(faisca_kube_node_properties LABELS cluster FIXTURES_REQUIRED kube_node RESOURCE_LOCK kube_node SKIP_REGULAR_EXPRESSION "skipped=")

# Registers the fixtures; once, in the top folder.
function(faisca_kube_fixtures)
  set(control ${PROJECT_SOURCE_DIR}/tools/cluster/control)
  file(GLOB definitions CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/api/crd/*.yaml)
  if(definitions)
    set(apply --apply ${PROJECT_SOURCE_DIR}/api/crd)
  endif()
  add_test(NAME kube_control.up COMMAND ${control} up --dir ${faisca_kube_control_dir} --fresh --with-parent ${apply})
  # The first time on a machine it builds Kubernetes.
  set_tests_properties(kube_control.up PROPERTIES FIXTURES_SETUP kube_control TIMEOUT 2400 LABELS kube)
  add_test(NAME kube_control.down COMMAND ${control} down --dir ${faisca_kube_control_dir})
  set_tests_properties(kube_control.down PROPERTIES FIXTURES_CLEANUP kube_control TIMEOUT 120 LABELS kube)
endfunction()
