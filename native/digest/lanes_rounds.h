// The rounds of MD5 (RFC 1321), SHA-1 and SHA-256 (FIPS 180-4), written once for every width. Each lanes_*.cc defines
// these names in its own unnamed namespace before it includes this file:
//
//   MIG_LANES_TARGET     the function attribute that allows the instructions
//   MIG_LANES_INLINE     the same for a function that is always inlined
//   Word                 32 bits of every lane, with + & | ^ ~ << >> on each
//   kLanes               how many lanes that is
//   loadWords<byteOrder> the 16 words of one block of every lane
//   keepOrder            a compiler barrier: the sum so far does not depend on the step before, but clang would move it
//                        behind that step
//
// There is no include guard: each instruction set is a translation unit with its own copy.

#include <cstring>
#include <utility>

#include "digest/lanes_constants.h"

namespace mig {

namespace {

template <unsigned bits>
MIG_LANES_INLINE Word rotateLeft(Word x) {
  return (x << bits) | (x >> (32 - bits));
}

MIG_LANES_INLINE Word choose(Word x, Word y, Word z) { return (x & y) | (~x & z); }
MIG_LANES_INLINE Word majority(Word x, Word y, Word z) { return (x & y) | (z & (x | y)); }
MIG_LANES_INLINE Word parity(Word x, Word y, Word z) { return x ^ y ^ z; }

template <size_t count>
MIG_LANES_INLINE void loadState(const uint32_t* from, Word (&state)[count]) {
#pragma GCC unroll 8
  for (size_t index = 0; index < count; index += 1) memcpy(&state[index], from + index * kLanes, sizeof(Word));
}

template <size_t count>
MIG_LANES_INLINE void storeState(const Word (&state)[count], uint32_t* to) {
#pragma GCC unroll 8
  for (size_t index = 0; index < count; index += 1) memcpy(to + index * kLanes, &state[index], sizeof(Word));
}

template <size_t step>
MIG_LANES_INLINE void md5Step(Word (&s)[4], const Word (&words)[16]) {
  constexpr size_t round = step / 16;
  constexpr size_t place = (step * kMd5Strides[round] + kMd5Offsets[round]) % 16;
  Word& a = s[(64 - step) % 4];
  const Word b = s[(65 - step) % 4];
  const Word c = s[(66 - step) % 4];
  const Word d = s[(67 - step) % 4];
  // Each step waits for the b of the step before. These forms do as little as possible after that b.
  a += words[place] + kMd5Constants[step];
  keepOrder(a);
  if constexpr (round == 0) a += d ^ (b & (c ^ d));
  if constexpr (round == 1) a = (a + (~d & c)) + (d & b);
  if constexpr (round == 2) a += b ^ (c ^ d);
  if constexpr (round == 3) a += c ^ (b | ~d);
  a = rotateLeft<kMd5Rotations[round][step % 4]>(a) + b;
}

template <size_t... step>
MIG_LANES_INLINE void md5Steps(Word (&s)[4], const Word (&words)[16], std::index_sequence<step...>) {
  (md5Step<step>(s, words), ...);
}

// The schedule word of a step; from the 16th on it replaces the word that is no longer needed.
template <size_t step>
MIG_LANES_INLINE Word sha1Word(Word (&words)[16]) {
  Word& word = words[step % 16];
  if constexpr (step >= 16) {
    word = rotateLeft<1>(words[(step + 13) % 16] ^ words[(step + 8) % 16] ^ words[(step + 2) % 16] ^ word);
  }
  return word;
}

template <size_t step>
MIG_LANES_INLINE void sha1Step(Word (&s)[5], Word (&words)[16]) {
  constexpr size_t round = step / 20;
  const Word a = s[(80 - step) % 5];
  Word& b = s[(81 - step) % 5];
  const Word c = s[(82 - step) % 5];
  const Word d = s[(83 - step) % 5];
  Word& e = s[(84 - step) % 5];
  e += sha1Word<step>(words) + kSha1Constants[round];
  keepOrder(e);
  if constexpr (round == 0) e += choose(b, c, d);
  if constexpr (round == 2) e += majority(b, c, d);
  if constexpr (round == 1 || round == 3) e += parity(b, c, d);
  e += rotateLeft<5>(a);
  b = rotateLeft<30>(b);
}

template <size_t... step>
MIG_LANES_INLINE void sha1Steps(Word (&s)[5], Word (&words)[16], std::index_sequence<step...>) {
  (sha1Step<step>(s, words), ...);
}

template <size_t step>
MIG_LANES_INLINE Word sha256Word(Word (&words)[16]) {
  Word& word = words[step % 16];
  if constexpr (step >= 16) {
    const Word early = words[(step + 1) % 16];
    const Word late = words[(step + 14) % 16];
    word += words[(step + 9) % 16];
    word += rotateLeft<25>(early) ^ rotateLeft<14>(early) ^ (early >> 3);
    word += rotateLeft<15>(late) ^ rotateLeft<13>(late) ^ (late >> 10);
  }
  return word;
}

template <size_t step>
MIG_LANES_INLINE void sha256Step(Word (&s)[8], Word (&words)[16]) {
  const Word a = s[(64 - step) % 8];
  const Word b = s[(65 - step) % 8];
  const Word c = s[(66 - step) % 8];
  Word& d = s[(67 - step) % 8];
  const Word e = s[(68 - step) % 8];
  const Word f = s[(69 - step) % 8];
  const Word g = s[(70 - step) % 8];
  Word& h = s[(71 - step) % 8];
  h += sha256Word<step>(words) + kSha256Constants[step];
  keepOrder(h);
  h += (rotateLeft<26>(e) ^ rotateLeft<21>(e) ^ rotateLeft<7>(e)) + choose(e, f, g);
  d += h;
  h += (rotateLeft<30>(a) ^ rotateLeft<19>(a) ^ rotateLeft<10>(a)) + majority(a, b, c);
}

template <size_t... step>
MIG_LANES_INLINE void sha256Steps(Word (&s)[8], Word (&words)[16], std::index_sequence<step...>) {
  (sha256Step<step>(s, words), ...);
}

MIG_LANES_TARGET void hashMd5(uint32_t* state, const uint8_t* const* data, size_t blocks) {
  Word sum[4];
  loadState(state, sum);
  for (size_t block = 0; block < blocks; block += 1) {
    Word words[16];
    loadWords<ByteOrder::little>(data, block * kBlockBytes, words);
    Word s[4] = {sum[0], sum[1], sum[2], sum[3]};
    md5Steps(s, words, std::make_index_sequence<64>());
#pragma GCC unroll 8
    for (size_t index = 0; index < 4; index += 1) sum[index] += s[index];
  }
  storeState(sum, state);
}

MIG_LANES_TARGET void hashSha1(uint32_t* state, const uint8_t* const* data, size_t blocks) {
  Word sum[5];
  loadState(state, sum);
  for (size_t block = 0; block < blocks; block += 1) {
    Word words[16];
    loadWords<ByteOrder::big>(data, block * kBlockBytes, words);
    Word s[5] = {sum[0], sum[1], sum[2], sum[3], sum[4]};
    sha1Steps(s, words, std::make_index_sequence<80>());
#pragma GCC unroll 8
    for (size_t index = 0; index < 5; index += 1) sum[index] += s[index];
  }
  storeState(sum, state);
}

MIG_LANES_TARGET void hashSha256(uint32_t* state, const uint8_t* const* data, size_t blocks) {
  Word sum[8];
  loadState(state, sum);
  for (size_t block = 0; block < blocks; block += 1) {
    Word words[16];
    loadWords<ByteOrder::big>(data, block * kBlockBytes, words);
    Word s[8] = {sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7]};
    sha256Steps(s, words, std::make_index_sequence<64>());
#pragma GCC unroll 8
    for (size_t index = 0; index < 8; index += 1) sum[index] += s[index];
  }
  storeState(sum, state);
}

}  // namespace

}  // namespace mig
