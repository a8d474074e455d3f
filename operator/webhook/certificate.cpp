#include "operator/webhook/certificate.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <optional>

#include "operator/webhook/openssl.h"

namespace faisca::webhook {
namespace {

constexpr char kAuthorityName[] = "faisca webhook authority";
constexpr std::size_t kLongestCommonName = 64;  // X.520
constexpr std::size_t kSerialBytes = 16;

struct Pair {
  CertificatePtr certificate;
  KeyPtr key;
};

template <class Write>
Result<std::string> to_pem(const char* what, const Write& write) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio || write(bio.get()) != 1) return fail(openssl_error(std::string("writing ") + what));
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}
Result<std::string> pem_of(X509* certificate) {
  return to_pem("a certificate", [&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}
Result<std::string> pem_of(EVP_PKEY* key) {
  return to_pem("a key", [&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

bool is_address(const std::string& name) {
  std::array<unsigned char, sizeof(in6_addr)> bytes;
  return ::inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ",") + std::string(is_address(name) ? "IP:" : "DNS:") + name;
  return text;
}

// RFC 5280 §4.2. `issuer` may be the certificate itself.
Status add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (!extension) return fail(openssl_error("making the extension " + value));
  const int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  if (!added) return fail(openssl_error("adding the extension " + value));
  return {};
}

bool set_serial(X509* certificate) {
  std::array<unsigned char, kSerialBytes> bytes;
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return false;
  bytes[0] &= 0x7f;  // positive
  BIGNUM* number = BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr);
  const bool set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
  return set;
}

// Neither extensions nor a signature yet.
Result<Pair> begin(const std::string& name, WallTime now, std::chrono::hours life) {
  Pair pair{CertificatePtr(X509_new()), KeyPtr(EVP_EC_gen("P-256"))};
  X509* certificate = pair.certificate.get();
  if (!certificate || !pair.key) return fail(openssl_error("making a key"));
  const std::time_t from = std::chrono::system_clock::to_time_t(now - kBackdated);
  const std::time_t until = std::chrono::system_clock::to_time_t(now + life);
  const std::string common = name.substr(0, kLongestCommonName);
  const bool made =
      X509_set_version(certificate, X509_VERSION_3) && set_serial(certificate) &&
      ASN1_TIME_set(X509_getm_notBefore(certificate), from) &&
      ASN1_TIME_set(X509_getm_notAfter(certificate), until) &&
      X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1, 0) &&
      X509_set_pubkey(certificate, pair.key.get());
  if (!made) return fail(openssl_error("making a certificate"));
  return pair;
}

Status sign(const Pair& pair, X509* issuer, EVP_PKEY* issuer_key) {
  if (!X509_set_issuer_name(pair.certificate.get(), X509_get_subject_name(issuer)) ||
      !X509_sign(pair.certificate.get(), issuer_key, EVP_sha256()))
    return fail(openssl_error("signing a certificate"));
  return {};
}

Result<Pair> make_authority(WallTime now) {
  FAISCA_TRY(pair, begin(kAuthorityName, now, kAuthorityLife));
  X509* certificate = pair.certificate.get();
  FAISCA_CHECK_OK(
      add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0"));
  FAISCA_CHECK_OK(add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign"));
  FAISCA_CHECK_OK(add_extension(certificate, certificate, NID_subject_key_identifier, "hash"));
  FAISCA_CHECK_OK(sign(pair, certificate, pair.key.get()));
  return pair;
}

Result<Pair> make_leaf(const Pair& authority, const std::vector<std::string>& names, WallTime now) {
  if (names.empty()) return fail(Code::kInvalidArgument, "a certificate needs a name");
  FAISCA_TRY(pair, begin(names[0], now, kLeafLife));
  X509* certificate = pair.certificate.get();
  X509* issuer = authority.certificate.get();
  FAISCA_CHECK_OK(add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE"));
  FAISCA_CHECK_OK(add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature"));
  FAISCA_CHECK_OK(add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth"));
  FAISCA_CHECK_OK(add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always"));
  FAISCA_CHECK_OK(add_extension(certificate, issuer, NID_subject_alt_name, alternative_names(names)));
  FAISCA_CHECK_OK(sign(pair, issuer, authority.key.get()));
  return pair;
}

Result<Certificates> with_leaf(const Pair& authority, std::string authorities,
                               const std::vector<std::string>& names, WallTime now) {
  FAISCA_TRY(leaf, make_leaf(authority, names, now));
  Certificates made;
  made.authority = std::move(authorities);
  FAISCA_TRY(authority_key, pem_of(authority.key.get()));
  FAISCA_TRY(certificate, pem_of(leaf.certificate.get()));
  FAISCA_TRY(key, pem_of(leaf.key.get()));
  made.authority_key = std::move(authority_key);
  made.leaf = std::move(certificate);
  made.leaf_key = std::move(key);
  return made;
}

Result<Pair> read_pair(const std::string& certificate, const std::string& key) {
  FAISCA_TRY(read, read_certificate(certificate));
  FAISCA_TRY(read_key_, read_key(key));
  if (X509_check_private_key(read.get(), read_key_.get()) != 1) {
    (void)openssl_error("");
    return fail(Code::kInvalidArgument, "key and certificate do not belong together");
  }
  return Pair{std::move(read), std::move(read_key_)};
}

// Empty when it cannot be told.
std::optional<WallTime> end_of(const X509* certificate) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1) return std::nullopt;
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

// At least so long; and not from the future, made while our clock was wrong: then it is not valid yet.
bool lasts(const X509* certificate, WallTime now, std::chrono::hours least, std::chrono::hours life) {
  const auto end = end_of(certificate);
  return end && *end - now >= least && *end - now <= life + kBackdated;
}

bool is_for(X509* certificate, const std::string& name) {
  return is_address(name) ? X509_check_ip_asc(certificate, name.c_str(), 0) == 1
                          : X509_check_host(certificate, name.c_str(), name.size(), 0, nullptr) == 1;
}

}  // namespace

Result<Certificates> make_certificates(const std::vector<std::string>& names, WallTime now) {
  FAISCA_TRY(authority, make_authority(now));
  FAISCA_TRY(pem, pem_of(authority.certificate.get()));
  return with_leaf(authority, std::move(pem), names, now);
}

Result<Certificates> renew_leaf(const Certificates& present, const std::vector<std::string>& names,
                                WallTime now) {
  FAISCA_TRY(authority, read_pair(present.authority, present.authority_key));
  return with_leaf(authority, present.authority, names, now);
}

Renewal renewal_of(const Certificates& present, const std::vector<std::string>& names, WallTime now) {
  const auto authority = read_pair(present.authority, present.authority_key);
  if (!authority || !lasts(authority->certificate.get(), now, kAuthorityLife / 10, kAuthorityLife))
    return Renewal::kAll;
  const auto leaf = read_pair(present.leaf, present.leaf_key);
  if (!leaf || !lasts(leaf->certificate.get(), now, kLeafLife / 3, kLeafLife)) return Renewal::kLeaf;
  X509* certificate = leaf->certificate.get();
  if (X509_verify(certificate, authority->key.get()) != 1) {
    (void)openssl_error("");
    return Renewal::kLeaf;
  }
  const bool all = std::all_of(names.begin(), names.end(),
                               [&](const std::string& name) { return is_for(certificate, name); });
  return all ? Renewal::kNone : Renewal::kLeaf;
}

Result<Certificates> renewed(const Certificates& present, const std::vector<std::string>& names,
                             WallTime now) {
  const Renewal renewal = renewal_of(present, names, now);
  if (renewal == Renewal::kNone) return present;
  if (renewal == Renewal::kLeaf) return renew_leaf(present, names, now);
  FAISCA_TRY(made, make_certificates(names, now));
  const auto former = read_certificate(present.authority);
  if (former && lasts(former->get(), now, std::chrono::hours(0), kAuthorityLife)) {
    FAISCA_TRY(pem, pem_of(former->get()));
    made.authority += pem;
  }
  return made;
}

}  // namespace faisca::webhook
