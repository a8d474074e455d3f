#include "lib/kube/tls.h"

#include <boost/asio/ssl.hpp>

namespace faisca::kube {
namespace {

namespace ssl = boost::asio::ssl;

std::string name_of(const Material& material) {
  return material.data.empty() ? material.file.string() : std::string("the one in the configuration");
}

tl::unexpected<Error> refuse(std::string_view what, const Material& material,
                             const boost::system::error_code& error) {
  return fail(Code::kInvalidArgument,
              "cannot use the " + std::string(what) + " (" + name_of(material) + "): " + error.message(),
              "it must be PEM, and complete");
}

Status add_authority(ssl::context& context, const Material& authority) {
  boost::system::error_code error;
  if (authority.empty()) {
    context.set_default_verify_paths(error);
    return {};
  }
  FAISCA_TRY(pem, authority.read());
  context.add_certificate_authority(boost::asio::buffer(pem), error);
  if (error) return refuse("CA certificate", authority, error);
  return {};
}

}  // namespace

Status set_up_tls(ssl::context& context, const Config& config) {
  boost::system::error_code error;
  context.set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, error);
  FAISCA_CHECK_OK(add_authority(context, config.authority));
  if (config.certificate.empty()) return {};
  FAISCA_TRY(certificate, config.certificate.read());
  context.use_certificate_chain(boost::asio::buffer(certificate), error);
  if (error) return refuse("client certificate", config.certificate, error);
  FAISCA_TRY(key, config.key.read());
  context.use_private_key(boost::asio::buffer(key), ssl::context::pem, error);
  if (error) return refuse("client key", config.key, error);
  return {};
}

Status check_tls(const Config& config) {
  if (!config.server.starts_with("https://")) return {};
  ssl::context context(ssl::context::tls_client);
  return set_up_tls(context, config);
}

}  // namespace faisca::kube
