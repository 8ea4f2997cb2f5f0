// Digests by Node's OpenSSL: only EVP calls, whose binary interface is stable in OpenSSL 3.
#include <openssl/evp.h>

#include "digest/digest.h"

namespace mig {

namespace {

constexpr std::array<const char*, kDigestAlgorithms> kNames = {
    "MD5", "SHA1", "SHA2-224", "SHA2-256", "SHA2-384", "SHA2-512", "SHA3-224", "SHA3-256", "SHA3-384", "SHA3-512"};

class EvpDigest final : public Digest {
 public:
  EvpDigest(EVP_MD* algorithm, EVP_MD_CTX* context) : algorithm_(algorithm), context_(context) {}
  ~EvpDigest() override {
    EVP_MD_CTX_free(context_);
    EVP_MD_free(algorithm_);
  }
  EvpDigest(const EvpDigest&) = delete;
  EvpDigest& operator=(const EvpDigest&) = delete;

  bool start() override { return EVP_DigestInit_ex(context_, algorithm_, nullptr) == 1; }
  bool update(const uint8_t* data, size_t sizeBytes) override { return EVP_DigestUpdate(context_, data, sizeBytes) == 1; }
  std::string finish() override {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned sizeBytes = 0;
    if (EVP_DigestFinal_ex(context_, bytes, &sizeBytes) != 1) return "";
    return std::string(reinterpret_cast<const char*>(bytes), sizeBytes);
  }

 private:
  EVP_MD* algorithm_;
  EVP_MD_CTX* context_;
};

}  // namespace

std::unique_ptr<Digest> Digest::create(DigestAlgorithm algorithm) {
  EVP_MD* method = EVP_MD_fetch(nullptr, kNames[static_cast<size_t>(algorithm)], nullptr);
  if (method == nullptr) return nullptr;
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  if (context == nullptr) {
    EVP_MD_free(method);
    return nullptr;
  }
  return std::make_unique<EvpDigest>(method, context);
}

}  // namespace mig
