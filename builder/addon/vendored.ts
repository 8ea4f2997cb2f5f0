/** The libraries in the addon. Their sources come with npm packages. */
import { xzSources, xzVersion } from './xz-sources.ts';

export interface VendoredLibrary {
  /** The package is locked by version and integrity: its manifest stands for its content. */
  readonly package: string;
  /** The name that vulnerabilities are reported for; absent when the package does not say it. */
  readonly upstream?: { readonly name: string; readonly version: string };
  /** The paths below begin here; relative to the repository. */
  readonly folder: string;
  /** For the library's own sources, relative to `folder`. The first one is also for ours. */
  readonly includes: readonly string[];
  readonly defines: readonly string[];
  /** The sources by lot, see lots.ts. */
  readonly lots: readonly (readonly string[])[];
}

/** C has few headers: compiling its sources together would not be faster. */
function eachAlone(sources: readonly string[]): string[][] {
  return sources.map((source) => [source]);
}

const re2: VendoredLibrary = {
  package: 're2',
  folder: 'node_modules/re2/vendor',
  includes: ['.'],
  defines: [],
  // At most one of a lot has a name of its own for debugging, which is the same in all.
  lots: [
    ['re2/dfa', 're2/compile', 're2/bitstate', 're2/bitmap256', 're2/mimics_pcre'],
    ['re2/nfa', 're2/re2', 're2/set', 're2/filtered_re2', 're2/stringpiece'],
    ['re2/onepass', 're2/regexp', 're2/simplify', 're2/tostring', 're2/perl_groups'],
    ['re2/prefilter', 're2/parse', 're2/unicode_casefold', 're2/unicode_groups', 'util/rune', 'util/strutil'],
    ['re2/prefilter_tree', 're2/prog'],
  ].map((lot) => lot.map((name) => `${name}.cc`)),
};

/** Decompression only, of the current format; the assembler variant is for one processor only. */
const zstd: VendoredLibrary = {
  package: 'zstd-napi',
  upstream: { name: 'zstd', version: '1.5.7' },
  folder: 'node_modules/zstd-napi/deps/zstd/lib',
  includes: ['.'],
  defines: ['XXH_NAMESPACE=ZSTD_', 'ZSTD_DISABLE_ASM', 'ZSTD_NO_TRACE', 'ZSTDLIB_VISIBLE=', 'ZSTDERRORLIB_VISIBLE='],
  lots: eachAlone([
    'common/debug.c',
    'common/entropy_common.c',
    'common/error_private.c',
    'common/fse_decompress.c',
    'common/xxhash.c',
    'common/zstd_common.c',
    'decompress/huf_decompress.c',
    'decompress/zstd_ddict.c',
    'decompress/zstd_decompress.c',
    'decompress/zstd_decompress_block.c',
  ]),
};

/** The linker leaves out what only compresses. */
const bzip2: VendoredLibrary = {
  package: 'node-bzip2',
  upstream: { name: 'bzip2', version: '1.1.0' },
  folder: 'node_modules/node-bzip2/lib/bzip2',
  // The second has the header that its own build writes.
  includes: ['.', '../../../../builder/addon/bzip2'],
  defines: ['BZ_NO_STDIO'],
  lots: eachAlone(['blocksort.c', 'bzlib.c', 'compress.c', 'crctable.c', 'decompress.c', 'huffman.c', 'randtable.c']),
};

const lzmaFilters = ['X86', 'POWERPC', 'IA64', 'ARM', 'ARMTHUMB', 'SPARC', 'DELTA', 'LZMA2'];

/** The findings of its configure script are the same on all our targets. */
const xz: VendoredLibrary = {
  package: 'lzma-native',
  upstream: { name: 'xz', version: xzVersion },
  folder: xzSources,
  includes: [
    'liblzma/api',
    'common',
    ...['common', 'check', 'delta', 'lz', 'lzma', 'rangecoder', 'simple'].map((name) => `liblzma/${name}`),
  ],
  defines: [
    ...['STDINT', 'INTTYPES', 'STDBOOL', 'STRING', 'LIMITS'].map((name) => `HAVE_${name}_H`),
    ...['CRC32', 'CRC64', 'SHA256'].map((name) => `HAVE_CHECK_${name}`),
    ...lzmaFilters.map((name) => `HAVE_DECODER_${name}`),
    'LZMA_API_STATIC',
    'TUKLIB_SYMBOL_PREFIX=mig_lzma_',
  ],
  lots: eachAlone(
    [
      ...['check', 'crc32_fast', 'crc32_table', 'crc64_fast', 'crc64_table', 'sha256'].map((name) => `check/${name}.c`),
      ...[
        'block_decoder',
        'block_header_decoder',
        'block_util',
        'common',
        'filter_common',
        'filter_decoder',
        'filter_flags_decoder',
        'index_hash',
        'stream_decoder',
        'stream_flags_common',
        'stream_flags_decoder',
        'vli_decoder',
        'vli_size',
      ].map((name) => `common/${name}.c`),
      'delta/delta_common.c',
      'delta/delta_decoder.c',
      'lz/lz_decoder.c',
      'lzma/lzma2_decoder.c',
      'lzma/lzma_decoder.c',
      ...['arm', 'armthumb', 'ia64', 'powerpc', 'simple_coder', 'simple_decoder', 'sparc', 'x86'].map(
        (name) => `simple/${name}.c`,
      ),
    ].map((path) => `liblzma/${path}`),
  ),
};

export const vendoredLibraries: readonly VendoredLibrary[] = [re2, zstd, bzip2, xz];
