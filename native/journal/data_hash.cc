#include "journal/data_hash.h"

namespace mig::journal {

namespace {

uint64_t rotated64(uint64_t value, unsigned bits) { return value << bits | value >> (64 - bits); }
uint32_t rotated32(uint32_t value, unsigned bits) { return value << bits | value >> (32 - bits); }
const uint8_t* bytesOf(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

struct SipState {
  uint64_t a;
  uint64_t b;
  uint64_t c;
  uint64_t d;

  void round() {
    a += b;
    b = rotated64(b, 13) ^ a;
    a = rotated64(a, 32);
    c += d;
    d = rotated64(d, 16) ^ c;
    a += d;
    d = rotated64(d, 21) ^ a;
    c += b;
    b = rotated64(b, 17) ^ c;
    c = rotated64(c, 32);
  }
  void take(uint64_t word) {
    d ^= word;
    round();
    round();
    a ^= word;
  }
};

struct JenkinsState {
  uint32_t a;
  uint32_t b;
  uint32_t c;

  void mix() {
    a -= c, a ^= rotated32(c, 4), c += b;
    b -= a, b ^= rotated32(a, 6), a += c;
    c -= b, c ^= rotated32(b, 8), b += a;
    a -= c, a ^= rotated32(c, 16), c += b;
    b -= a, b ^= rotated32(a, 19), a += c;
    c -= b, c ^= rotated32(b, 4), b += a;
  }
  void finish() {
    c ^= b, c -= rotated32(b, 14);
    a ^= c, a -= rotated32(c, 11);
    b ^= a, b -= rotated32(a, 25);
    c ^= b, c -= rotated32(b, 16);
    a ^= c, a -= rotated32(c, 4);
    b ^= a, b -= rotated32(a, 14);
    c ^= b, c -= rotated32(b, 24);
  }
};

}  // namespace

uint64_t sipHash(std::string_view text, const Id& key) {
  const uint64_t low = number64(key.data());
  const uint64_t high = number64(key.data() + 8);
  SipState state{low ^ 0x736f6d6570736575u, high ^ 0x646f72616e646f6du, low ^ 0x6c7967656e657261u, high ^ 0x7465646279746573u};
  const uint8_t* at = bytesOf(text);
  size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) state.take(number64(at));
  uint64_t last = uint64_t{text.size()} << 56;
  for (size_t index = 0; index < left; index += 1) last |= uint64_t{at[index]} << (8 * index);
  state.take(last);
  state.c ^= 0xff;
  for (int round = 0; round < 4; round += 1) state.round();
  return state.a ^ state.b ^ state.c ^ state.d;
}

uint64_t jenkinsHash(std::string_view text) {
  const uint32_t start = 0xdeadbeef + static_cast<uint32_t>(text.size());
  JenkinsState state{start, start, start};
  const uint8_t* at = bytesOf(text);
  size_t left = text.size();
  for (; left > 12; left -= 12, at += 12) {
    state.a += number32(at);
    state.b += number32(at + 4);
    state.c += number32(at + 8);
    state.mix();
  }
  if (left > 0) {
    uint8_t rest[12] = {};
    memcpy(rest, at, left);
    state.a += number32(rest);
    state.b += number32(rest + 4);
    state.c += number32(rest + 8);
    state.finish();
  }
  return uint64_t{state.c} << 32 | state.b;
}

}  // namespace mig::journal
